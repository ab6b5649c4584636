//! Quotas of a process's subscriptions: their number, the number per person, and the ids of records they
//! keep. Does not know what they follow.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use uuid::Uuid;

use super::settings::LiveSettings;
use crate::{base::Result, graphql::records::faults};

/// A person may use at most this fraction of all ids, so that nobody can block the others.
const SHARE: usize = 4;

/// The used part of the quotas.
pub(super) struct Places {
    settings: LiveSettings,
    taken: Mutex<HashMap<Uuid, Taken>>,
}

/// The part used by one person.
#[derive(Default, Clone, Copy)]
struct Taken {
    subscriptions: usize,
    ids: usize,
}

/// The part used by one subscription, until it is dropped.
pub(in crate::graphql) struct QuotaShare {
    places: Arc<Places>,
    person: Uuid,
    ids: usize,
}

impl Places {
    pub(super) fn new(settings: LiveSettings) -> Self {
        Self { settings, taken: Mutex::default() }
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<Uuid, Taken>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place for a person's subscription. Fails if there is none left.
    pub(super) fn take(self: &Arc<Self>, person: Uuid) -> Result<QuotaShare> {
        let mut taken = self.taken();
        let all: usize = taken.values().map(|taken| taken.subscriptions).sum();
        if all >= self.settings.subscriptions {
            return Err(faults::many_subscriptions());
        }
        let own = taken.entry(person).or_default();
        if own.subscriptions >= self.settings.each {
            return Err(faults::many_own_subscriptions(self.settings.each));
        }
        own.subscriptions += 1;
        Ok(QuotaShare { places: Arc::clone(self), person, ids: 0 })
    }
}

impl QuotaShare {
    /// Reserves room for the initial ids of a subscription. Fails if there is too little left.
    pub(super) fn begin(&mut self, ids: usize) -> Result<()> {
        let most = self.places.settings.ids;
        let (all, own) = {
            let taken = self.places.taken();
            let all: usize = taken.values().map(|taken| taken.ids).sum();
            (all, taken.get(&self.person).map_or(0, |own| own.ids))
        };
        if all + ids > most || own + ids > most / SHARE {
            return Err(faults::many_followed_in_all());
        }
        self.holds(ids);
        Ok(())
    }

    /// Updates the number of ids. A running subscription is not ended when it grows: its size is bounded, and
    /// new ones are refused instead.
    pub(super) fn holds(&mut self, ids: usize) {
        if let Some(own) = self.places.taken().get_mut(&self.person) {
            own.ids = (own.ids + ids).saturating_sub(self.ids);
        }
        self.ids = ids;
    }
}

impl Drop for QuotaShare {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        if let Some(own) = taken.get_mut(&self.person) {
            own.ids = own.ids.saturating_sub(self.ids);
            own.subscriptions = own.subscriptions.saturating_sub(1);
            if own.subscriptions == 0 {
                taken.remove(&self.person);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Code;

    fn places() -> Arc<Places> {
        let settings = LiveSettings { subscriptions: 3, each: 2, ids: 100, ..Default::default() };
        Arc::new(Places::new(settings))
    }

    fn code<T>(result: Result<T>) -> Option<(Code, bool)> {
        let error = result.err()?;
        Some((error.code, error.message.en.starts_with("you have")))
    }

    #[test]
    fn a_person_has_so_many_and_all_together_so_many() {
        let places = places();
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        let first = places.take(a).unwrap();
        let _second = places.take(a).unwrap();
        assert_eq!(code(places.take(a)), Some((Code::LimitSubscriptions, true)));
        let _third = places.take(b).unwrap();
        assert_eq!(code(places.take(c)), Some((Code::LimitSubscriptions, false)));
        drop(first);
        let _fourth = places.take(c).unwrap();
        assert_eq!(code(places.take(a)), Some((Code::LimitSubscriptions, false)));
    }

    #[test]
    fn ids_are_shared() {
        let places = places();
        let [a, b] = [1, 2].map(Uuid::from_u128);
        let (mut first, mut second) = (places.take(a).unwrap(), places.take(a).unwrap());
        first.begin(20).unwrap();
        assert!(second.begin(6).is_err());
        second.begin(5).unwrap();
        let mut third = places.take(b).unwrap();
        third.begin(25).unwrap();
        // A subscription that has grown blocks others until it ends.
        third.holds(90);
        let mut fourth = places.take(b);
        assert!(fourth.as_mut().is_err());
        drop(second);
        let mut fourth = places.take(a).unwrap();
        assert!(fourth.begin(1).is_err());
        drop(third);
        fourth.begin(5).unwrap();
        drop((first, fourth));
        assert!(places.taken().is_empty());
    }
}
