//! Limits the concurrent operations of one person, so that nobody occupies all database connections. Further
//! operations wait.
//!
//! INVARIANT: an operation takes at most one turn, so that nobody waits for themselves.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use uuid::Uuid;

use super::{faults, limits::Limits};
use crate::base::{Error, Result};

/// Most waiting operations of one person, because each keeps its body in memory.
const WAITING: usize = 300;
/// Above this many persons, those without operations are removed.
const REMEMBERED: usize = 1_000;

/// The turns of all persons.
pub struct Turns {
    each: usize,
    patience: Duration,
    persons: Mutex<HashMap<Uuid, Arc<Person>>>,
}

struct Person {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// A turn. It ends when dropped.
pub(super) struct Turn {
    _place: OwnedSemaphorePermit,
    // Keeps the person in the map.
    _person: Arc<Person>,
}

/// A waiting operation, counted until dropped.
struct Waiting<'p>(&'p AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Turns {
    /// Uses the number of turns per person from the limits.
    pub fn new(limits: Limits) -> Self {
        Self { each: limits.at_once, patience: limits.patience, persons: Mutex::default() }
    }

    fn person(&self, id: Uuid) -> Arc<Person> {
        let mut persons = self.persons.lock().unwrap_or_else(PoisonError::into_inner);
        if persons.len() > REMEMBERED {
            persons.retain(|_, person| Arc::strong_count(person) > 1);
        }
        let person = persons.entry(id).or_insert_with(|| {
            let places = Arc::new(Semaphore::new(self.each));
            Arc::new(Person { places, waiting: AtomicUsize::new(0) })
        });
        Arc::clone(person)
    }

    /// Waits for a turn without a limit.
    pub(super) async fn queue(&self, person: Uuid) -> Result<Turn> {
        let person = self.person(person);
        let place = Arc::clone(&person.places).acquire_owned().await.map_err(Error::internal)?;
        Ok(Turn { _place: place, _person: person })
    }

    /// Waits for a turn. Fails if too many operations wait or the wait takes too long.
    pub(super) async fn take(&self, person: Uuid) -> Result<Turn> {
        let person = self.person(person);
        let places = Arc::clone(&person.places);
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            return Ok(Turn { _place: place, _person: person });
        }
        let waiting = person.waiting.fetch_add(1, Ordering::Relaxed);
        let counted = Waiting(&person.waiting);
        if waiting >= WAITING {
            return Err(faults::many_requests());
        }
        let place = timeout(self.patience, places.acquire_owned()).await;
        let place = place.map_err(|_elapsed| faults::many_requests())?.map_err(Error::internal)?;
        drop(counted);
        Ok(Turn { _place: place, _person: person })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Code;

    fn turns(patience: Duration) -> Turns {
        Turns::new(Limits { at_once: 2, patience, ..Limits::default() })
    }

    #[tokio::test]
    async fn a_person_waits_for_themselves_and_nobody_else_does() {
        let turns = turns(Duration::from_millis(20));
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let held = (turns.take(one).await.unwrap(), turns.take(one).await.unwrap());
        assert_eq!(turns.take(one).await.err().unwrap().code, Code::LimitBusy);
        assert!(turns.take(other).await.is_ok());
        drop(held.0);
        assert!(turns.take(one).await.is_ok());
        assert_eq!(turns.person(one).waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn what_is_given_up_waits_no_more() {
        let turns = turns(Duration::from_mins(1));
        let one = Uuid::from_u128(1);
        let _held = (turns.take(one).await.unwrap(), turns.take(one).await.unwrap());
        let given_up = timeout(Duration::from_millis(5), turns.take(one)).await;
        assert!(given_up.is_err());
        assert_eq!(turns.person(one).waiting.load(Ordering::Relaxed), 0);
    }
}
