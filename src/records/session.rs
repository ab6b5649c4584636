//! One operation's pinned view: catalog, access, database, time.

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

/// What every find and save runs in. One request has one session and so sees one catalog version.
#[derive(Clone)]
pub struct Session {
    /// The catalog as it was when the request began.
    pub catalog: Arc<Catalog>,
    /// What the caller may do.
    pub access: Arc<Access>,
    /// The company's database.
    pub database: Database,
    /// Time and ids.
    pub env: Env,
    /// Seals cursors.
    pub seal: Arc<Seal>,
    /// What records are read for: `Read`, `Print` or `Export`.
    pub purpose: Action,
    /// Where the guarded records of answers are told; none when nobody counts them.
    pub reads: Option<Arc<Reads>>,
    /// Where it is told which lists of answers go on.
    pub beyond: Arc<Beyond>,
    /// Counts what tells of records and fields that the caller may not see; none when nobody counts.
    pub guesses: Option<Arc<Guessing>>,
    /// What is written is taken back in the end, whatever comes of it.
    pub trial: bool,
    /// All keys are looked at before anything is written: one of them was refused.
    pub careful: bool,
}

impl Session {
    /// Today in the business time zone.
    pub fn today(&self) -> NaiveDate {
        self.env.clock.now().with_timezone(&self.env.zone).date_naive()
    }

    /// The same, where a key was refused.
    pub(super) fn carefully(&self) -> Self {
        Self { careful: true, ..self.clone() }
    }

    /// Counts a guess about an object; an error where there were too many.
    pub(super) fn guess(&self, object: &Object, weight: u32) -> Result<()> {
        match &self.guesses {
            Some(guesses) => guesses.count(&object.name, weight, self.env.clock.now()),
            None => Ok(()),
        }
    }

    /// The same of a key, once in a request: it may be tried again there.
    pub(super) fn guess_key(&self, object: &Object, key: usize, value: &str) -> Result<()> {
        match &self.guesses {
            Some(guesses) if guesses.first(&object.name, key, value) => {
                self.guess(object, guesses::KEY)
            }
            _ => Ok(()),
        }
    }

    /// An error where the caller has guessed too often to try anything more for now.
    pub(super) fn may_guess(&self) -> Result<()> {
        match &self.guesses {
            Some(guesses) => guesses.left(self.env.clock.now()),
            None => Ok(()),
        }
    }
}
