//! The feed: events of records for followers, in the order in which their transactions became final.
//!
//! One reader per process serves all followers. Commits of this process wake it; for those of others it
//! polls. A follower that falls behind the events in memory reads the outbox itself, so a slow one costs no
//! memory. Knows no rights: events name records, and each follower decides who may receive them.

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

/// Most events in memory, for followers that are up to date.
const KEPT: usize = 10_000;
/// Most events per read of the outbox.
const READ: u32 = 1_000;
/// Most events per batch for a follower.
const GIVEN: usize = 500;
/// Longest time until another process's commit is noticed.
const LOOK: Duration = Duration::from_millis(200);
/// Commits within this time are read together.
const GATHER: Duration = Duration::from_millis(5);
/// How long events stay in the outbox, which is how long a follower may be away.
pub const RETENTION: Duration = Duration::from_hours(24);

/// Follows the outbox of a company. Cheap to clone.
#[derive(Clone)]
pub struct Feed {
    database: Database,
    env: Env,
    reading: Arc<Mutex<Weak<Reading>>>,
}

/// The events that the reader has read. The reader stops when nobody follows.
struct Reading {
    recent: RwLock<Recent>,
    head: watch::Sender<Position>,
}

struct Recent {
    /// All events behind this position are in memory.
    floor: Position,
    events: VecDeque<Arc<Event>>,
}

/// A position in the feed that advances as events are read.
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

    /// Starts to follow: events that become final from now on, or those behind a position. A position that is
    /// not reached yet, as after restoring a backup, is ignored.
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

    /// Deletes events older than [`RETENTION`] from the outbox. Returns how many.
    pub async fn purge(&self) -> Result<u64> {
        let before = self.env.clock.now() - RETENTION;
        outbox::purge(&self.database, before.timestamp_micros()).await
    }
}

impl Follower {
    /// The position of the last event returned so far.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Waits for events and returns a bounded batch. Cancel-safe.
    pub async fn next(&mut self) -> Result<Vec<Arc<Event>>> {
        loop {
            self.head.borrow_and_update();
            let events = match self.reading.behind(self.position) {
                Some(events) => events,
                None => self.outbox_behind().await?,
            };
            let Some(last) = events.last() else {
                // This follower keeps the reader alive, so the channel is open.
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

    /// Returns the next batch without waiting. Empty if there are no events.
    pub async fn ready(&mut self) -> Result<Vec<Arc<Event>>> {
        let events = self.outbox_behind().await?;
        self.position = events.last().map_or(self.position, |last| last.position);
        Ok(self.unheard(events))
    }

    /// Returns the records of an object with events behind the position, including events that are not final
    /// yet.
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
    /// Returns the first events behind a position. None if some of them are no longer in memory.
    fn behind(&self, position: Position) -> Option<Vec<Arc<Event>>> {
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
        if position < recent.floor {
            return None;
        }
        let from = recent.events.partition_point(|event| event.position <= position);
        Some(recent.events.range(from..).take(GIVEN).cloned().collect())
    }

    /// Reads all new events.
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
