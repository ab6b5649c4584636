//! The live catalog of a company: which version requests see, and what rooms above derive of it.
//!
//! Knows no source text and no table: `customize` makes catalogs, `definitions` makes them live here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use tokio::sync::OwnedMutexGuard;

use crate::{
    base::{Error, Result},
    catalog::Catalog,
};

/// What makes a prepared version the live one; it cannot fail.
type GoLive = Box<dyn FnOnce() + Send>;

/// A cache that a room above keeps for the live version.
trait Follower: Send + Sync {
    /// Derives what the room needs of a catalog that is not live yet.
    fn prepare(&self, catalog: &Arc<Catalog>) -> Result<GoLive>;
}

/// The cell of the live catalog. One version is published at a time.
pub struct LiveCatalog {
    catalog: ArcSwap<Catalog>,
    followers: Mutex<Vec<Arc<dyn Follower>>>,
    publishing: Arc<tokio::sync::Mutex<()>>,
}

impl LiveCatalog {
    /// Starts with a version.
    pub fn new(catalog: Arc<Catalog>) -> Self {
        Self {
            catalog: ArcSwap::new(catalog),
            followers: Mutex::default(),
            publishing: Arc::default(),
        }
    }

    /// The version that a request sees from start to end.
    pub fn pin(&self) -> Arc<Catalog> {
        self.catalog.load_full()
    }

    /// Waits until nobody else of this process publishes. Other processes are kept apart by a lock of the
    /// database and the version's key.
    pub async fn turn(self: &Arc<Self>) -> PublishingTurn {
        PublishingTurn {
            _turn: Arc::clone(&self.publishing).lock_owned().await,
            live: Arc::clone(self),
        }
    }

    fn followers(&self) -> MutexGuard<'_, Vec<Arc<dyn Follower>>> {
        self.followers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to publish the next version.
pub struct PublishingTurn {
    live: Arc<LiveCatalog>,
    _turn: OwnedMutexGuard<()>,
}

impl PublishingTurn {
    /// The version that is live during this turn.
    pub fn live(&self) -> Arc<Catalog> {
        self.live.pin()
    }

    /// Derives all that requests need of a catalog, on a thread of its own. Nothing is live yet, so that a failure
    /// changes nothing.
    pub async fn prepare(&self, catalog: Arc<Catalog>) -> Result<Next> {
        let live = Arc::clone(&self.live);
        let preparing = tokio::task::spawn_blocking(move || {
            let followers = live.followers().clone();
            let ready = followers.iter().map(|follower| follower.prepare(&catalog));
            let ready = ready.collect::<Result<Vec<_>>>()?;
            Ok(Next { live, catalog, ready })
        });
        preparing.await.map_err(Error::internal)?
    }
}

/// A version with all that was derived of it.
pub struct Next {
    live: Arc<LiveCatalog>,
    catalog: Arc<Catalog>,
    ready: Vec<GoLive>,
}

impl Next {
    /// Makes it live, unless a later version is. Running requests finish on theirs.
    pub fn publish(self) {
        if self.catalog.version <= self.live.pin().version {
            return;
        }
        self.ready.into_iter().for_each(|go_live| go_live());
        self.live.catalog.store(self.catalog);
    }
}

/// What a room derives of each version, ready before the version is live.
pub struct Derived<T> {
    current: Arc<ArcSwap<T>>,
}

impl<T> Clone for Derived<T> {
    /// The same cell: it is derived once.
    fn clone(&self) -> Self {
        Self { current: Arc::clone(&self.current) }
    }
}

struct Making<T> {
    current: Arc<ArcSwap<T>>,
    make: fn(Arc<Catalog>) -> Result<T>,
}

impl<T: Send + Sync + 'static> Follower for Making<T> {
    fn prepare(&self, catalog: &Arc<Catalog>) -> Result<GoLive> {
        let next = Arc::new((self.make)(Arc::clone(catalog))?);
        let current = Arc::clone(&self.current);
        Ok(Box::new(move || current.store(next)))
    }
}

/// What companies of this process derive of a catalog that they share, when they are opened.
pub struct SharedDerived<T>(Mutex<Vec<(Arc<Catalog>, Arc<T>)>>);

/// For how many catalogs it is kept for companies to come.
const KEPT: usize = 4;

impl<T> Default for SharedDerived<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> SharedDerived<T> {
    fn of(&self, catalog: Arc<Catalog>, make: fn(Arc<Catalog>) -> Result<T>) -> Result<Arc<T>> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept().iter().find(|(known, _)| Arc::ptr_eq(known, &catalog)) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(make(Arc::clone(&catalog))?);
        let mut kept = kept();
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push((catalog, Arc::clone(&made)));
        Ok(made)
    }
}

impl<T: Send + Sync + 'static> Derived<T> {
    /// Derives it of the live version, and of each that follows.
    pub async fn of(
        live: &Arc<LiveCatalog>,
        make: fn(Arc<Catalog>) -> Result<T>,
        shared: &SharedDerived<T>,
    ) -> Result<Self> {
        let turn = live.turn().await;
        let current = Arc::new(ArcSwap::new(shared.of(turn.live(), make)?));
        live.followers().push(Arc::new(Making { current: Arc::clone(&current), make }));
        Ok(Self { current })
    }

    /// What was derived of the live version, for a request to keep from start to end.
    pub fn pin(&self) -> Arc<T> {
        self.current.load_full()
    }
}
