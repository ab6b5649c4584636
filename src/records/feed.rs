//! The feed: what happens to records, in the order in which it became final, for whoever follows it.
//!
//! One reader of the outbox for all followers of a process, woken by this process's commits and looking by
//! itself for those of others. A follower that falls behind what is kept here reads the outbox on its own,
//! at its own pace, so that a slow one costs no memory. Knows no rights: events name records, and who may
//! hear of one is decided by who follows.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, PoisonError, RwLock, Weak},
    time::Duration,
};

use tokio::{
    sync::{Mutex, watch},
    time::sleep,
};
use uuid::Uuid;

use crate::{
    base::{Env, Result},
    storage::{
        Database,
        outbox::{self, End, Event, Position},
    },
};

/// Events kept in memory for followers that are up to date.
const KEPT: usize = 10_000;
/// Events read from the outbox at a time.
const READ: u32 = 1_000;
/// Events given to a follower at a time.
const GIVEN: usize = 500;
/// Longest time until what another process has committed is noticed.
const LOOK: Duration = Duration::from_millis(200);
/// What is committed within this time is read together.
const GATHER: Duration = Duration::from_millis(5);
/// How long events stay in the outbox: as long as a follower may have been away.
pub const RETENTION: Duration = Duration::from_hours(24);

/// Follows the outbox of a company. Cheap to clone.
#[derive(Clone)]
pub struct Feed {
    database: Database,
    env: Env,
    reading: Arc<Mutex<Weak<Reading>>>,
}

/// What the one reader has read; it stops when nobody follows.
struct Reading {
    recent: RwLock<Recent>,
    head: watch::Sender<Position>,
}

struct Recent {
    /// All events behind it are here.
    floor: Position,
    events: VecDeque<Arc<Event>>,
}

/// A place in the feed that moves on as events are taken.
pub struct Follower {
    database: Database,
    reading: Arc<Reading>,
    head: watch::Receiver<Position>,
    position: Position,
    began: End,
}

impl Feed {
    /// The feed of a database.
    pub fn new(database: Database, env: Env) -> Self {
        Self { database, env, reading: Arc::default() }
    }

    /// Begins to follow: what becomes final from now on, or what stands behind a position. One that is not reached yet,
    /// as after a backup was put back, is none.
    pub async fn follow(&self, from: Option<Position>) -> Result<Follower> {
        let end = outbox::end(&self.database).await?;
        let mut kept = self.reading.lock().await;
        let reading = match kept.upgrade() {
            Some(reading) => reading,
            None => {
                let recent = Recent { floor: end.position, events: VecDeque::new() };
                let head = watch::Sender::new(end.position);
                let reading = Arc::new(Reading { recent: RwLock::new(recent), head });
                *kept = Arc::downgrade(&reading);
                tokio::spawn(read(self.database.clone(), Weak::clone(&kept)));
                reading
            }
        };
        let head = reading.head.subscribe();
        let from = from.filter(|from| *from <= end.position);
        let position = from.unwrap_or(end.position);
        let began = if from.is_some() { End::default() } else { end };
        Ok(Follower { database: self.database.clone(), reading, head, position, began })
    }

    /// Removes from the outbox what is older than [`RETENTION`].
    pub async fn purge(&self) -> Result<u64> {
        let before = self.env.clock.now() - RETENTION;
        outbox::purge(&self.database, before.timestamp_micros()).await
    }
}

impl Follower {
    /// Behind what was given so far.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Waits for events and gives those there are, a bounded number at a time. May be dropped and called again.
    pub async fn next(&mut self) -> Result<Vec<Arc<Event>>> {
        loop {
            self.head.borrow_and_update();
            let events = match self.reading.behind(self.position) {
                Some(events) => events,
                None => self.outbox_behind().await?,
            };
            let Some(last) = events.last() else {
                // The reader is held by this follower, so that it cannot have gone.
                let _held = self.head.changed().await;
                continue;
            };
            self.position = last.position;
            let events = self.unheard(events);
            if !events.is_empty() {
                return Ok(events);
            }
        }
    }

    /// The next events without waiting; none when there are no more by now.
    pub async fn ready(&mut self) -> Result<Vec<Arc<Event>>> {
        let events = self.outbox_behind().await?;
        self.position = events.last().map_or(self.position, |last| last.position);
        Ok(self.unheard(events))
    }

    /// The records of an object that something has happened to since, whether it is told already or not.
    pub async fn touched(&self, object: &str) -> Result<HashSet<Uuid>> {
        outbox::touched(&self.database, self.position, object).await
    }

    fn unheard(&self, events: Vec<Arc<Event>>) -> Vec<Arc<Event>> {
        events.into_iter().filter(|event| !self.began.had(event)).collect()
    }

    async fn outbox_behind(&self) -> Result<Vec<Arc<Event>>> {
        let most = u32::try_from(GIVEN).unwrap_or(READ);
        let events = outbox::behind(&self.database, self.position, most).await?;
        Ok(events.into_iter().map(Arc::new).collect())
    }
}

impl Reading {
    /// The first events behind a position; none when they are not all here.
    fn behind(&self, position: Position) -> Option<Vec<Arc<Event>>> {
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
        if position < recent.floor {
            return None;
        }
        let from = recent.events.partition_point(|event| event.position <= position);
        Some(recent.events.range(from..).take(GIVEN).cloned().collect())
    }

    /// Takes in all that is new.
    async fn catch_up(&self, database: &Database) -> Result<()> {
        loop {
            let head = *self.head.borrow();
            let events = outbox::behind(database, head, READ).await?;
            let Some(last) = events.last().map(|event| event.position) else { return Ok(()) };
            let full = events.len() == READ as usize;
            {
                let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
                recent.events.extend(events.into_iter().map(Arc::new));
                while recent.events.len() > KEPT {
                    if let Some(oldest) = recent.events.pop_front() {
                        recent.floor = oldest.position;
                    }
                }
            }
            self.head.send_replace(last);
            if !full {
                return Ok(());
            }
        }
    }
}

async fn read(database: Database, reading: Weak<Reading>) {
    let mut commits = database.commits();
    loop {
        {
            let Some(reading) = reading.upgrade() else { return };
            commits.borrow_and_update();
            if let Err(error) = reading.catch_up(&database).await {
                tracing::warn!(%error, "cannot read the outbox");
            }
        }
        sleep(GATHER).await;
        tokio::select! {
            _commit = commits.changed() => {}
            () = sleep(LOOK) => {}
        }
    }
}
