//! What a company's subscriptions share: the feed, their places, and what is kept of those that were disconnected.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;
use uuid::Uuid;

use super::{
    known_records::Known,
    quota::{Places, QuotaShare},
    settings::LiveSettings,
};
use crate::{base::Result, records::Feed};

/// Most ids of all parked subscriptions together.
const PARKED: u64 = 2_000_000;
/// How long a disconnected subscription is parked.
const PARKED_FOR: Duration = Duration::from_mins(2);

/// The shared state of a company's subscriptions.
pub struct Live {
    pub(super) feed: Feed,
    pub(super) settings: LiveSettings,
    pub(super) places: Arc<Places>,
    pub(super) parked: Cache<Uuid, Arc<Parked>>,
}

impl Live {
    /// Creates the shared state over a feed.
    pub fn new(feed: Feed, settings: LiveSettings) -> Self {
        let parked = Cache::builder()
            .weigher(|_, parked: &Arc<Parked>| parked.weight())
            .max_capacity(PARKED)
            .time_to_live(PARKED_FOR)
            .build();
        let places = Arc::new(Places::new(settings));
        Self { feed, settings, places, parked }
    }
}

impl Live {
    /// Takes a place for a person's subscription. Fails if there is none left.
    pub(in crate::graphql) fn place(&self, person: Uuid) -> Result<QuotaShare> {
        self.places.take(person)
    }

    /// Limits and times.
    pub(in crate::graphql) fn settings(&self) -> LiveSettings {
        self.settings
    }
}

/// The state of a disconnected subscription.
pub(super) struct Parked {
    pub(super) operator: Uuid,
    pub(super) followed: crate::records::Followed,
    pub(super) known: Known,
}

impl Parked {
    fn weight(&self) -> u32 {
        u32::try_from(self.known.len()).unwrap_or(u32::MAX).saturating_add(100)
    }
}
