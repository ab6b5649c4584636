//! The pinned view of one operation: catalog, access, database, time.

use std::sync::Arc;

use chrono::NaiveDate;

use super::guesses::{self, Guessing};
use crate::{
    access::{Access, Action},
    base::{Env, Result},
    catalog::{Catalog, Object},
    query::{Beyond, cursor::Seal, render::Reads},
    storage::Database,
};

/// The context of every find and save. A request has one session, so it sees one catalog version.
#[derive(Clone)]
pub struct Session {
    /// The catalog at the start of the request.
    pub catalog: Arc<Catalog>,
    /// The caller's access.
    pub access: Arc<Access>,
    /// The company's database.
    pub database: Database,
    /// Time and ids.
    pub env: Env,
    /// Seals cursors.
    pub seal: Arc<Seal>,
    /// The purpose of reading: `Read`, `Print` or `Export`.
    pub purpose: Action,
    /// Collects the guarded records of responses. None if nobody counts them.
    pub reads: Option<Arc<Reads>>,
    /// Collects which lists of responses have more pages.
    pub beyond: Arc<Beyond>,
    /// Counts refusals that reveal hidden records or fields. None if nobody counts them.
    pub guesses: Option<Arc<Guessing>>,
    /// A dry run: all writes are rolled back.
    pub trial: bool,
    /// Check all keys before writing, because one was refused.
    pub careful: bool,
}

impl Session {
    /// Today's date in the business time zone.
    pub fn today(&self) -> NaiveDate {
        self.env.clock.now().with_timezone(&self.env.zone).date_naive()
    }

    /// The same session with `careful` set.
    pub(super) fn carefully(&self) -> Self {
        Self { careful: true, ..self.clone() }
    }

    /// Counts a guess about an object. Fails if there were too many.
    pub(super) fn guess(&self, object: &Object, weight: u32) -> Result<()> {
        match &self.guesses {
            Some(guesses) => guesses.count(&object.name, weight, self.env.clock.now()),
            None => Ok(()),
        }
    }

    /// Counts a guess of a key, but only once per request: the request may try the key again.
    pub(super) fn guess_key(&self, object: &Object, key: usize, value: &str) -> Result<()> {
        match &self.guesses {
            Some(guesses) if guesses.first(&object.name, key, value) => {
                self.guess(object, guesses::KEY)
            }
            _ => Ok(()),
        }
    }

    /// Fails if the caller has used up their guesses.
    pub(super) fn may_guess(&self) -> Result<()> {
        match &self.guesses {
            Some(guesses) => guesses.left(self.env.clock.now()),
            None => Ok(()),
        }
    }
}
