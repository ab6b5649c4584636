//! One operation's pinned view: catalog, access, database, time.
//!
//! A [`SessionSource`] makes sessions. Who may ask for one, and with which rights, is decided by `company`; `rights` alone
//! makes its own, to read the facts that an access is made of.

use std::sync::{Arc, OnceLock, Weak};

use arc_swap::ArcSwap;
use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    approvals::StaffLookup,
    guesses::{self, Guessing},
};
use crate::{
    access::{Access, Action},
    base::{Env, Error, Result},
    catalog::{Catalog, Object},
    query::{Beyond, cursor::Seal, render::Reads},
    rules::DuplicateBook,
    storage::Database,
};

/// What all sessions of a company share.
#[derive(Clone)]
pub struct SessionSource {
    /// The company's database.
    pub database: Database,
    /// Time and ids.
    pub env: Env,
    /// Seals cursors.
    pub seal: Arc<Seal>,
    /// The duplicate rules that are live.
    pub duplicates: Arc<ArcSwap<DuplicateBook>>,
    /// Who people are and what they may do; set once the company is open.
    pub staff: Arc<OnceLock<Weak<dyn StaffLookup>>>,
}

impl SessionSource {
    /// A session that reads, under some rights, and counts nothing.
    pub fn session(&self, catalog: Arc<Catalog>, access: Arc<Access>) -> Session {
        Session {
            catalog,
            access,
            database: self.database.clone(),
            env: self.env.clone(),
            seal: Arc::clone(&self.seal),
            duplicates: self.duplicates.load_full(),
            purpose: Action::Read,
            reads: None,
            beyond: Arc::default(),
            guesses: None,
            trial: false,
            careful: false,
            via: None,
            staff: Arc::clone(&self.staff),
        }
    }

    /// A session of the server itself, for a reason that a reader of the code can check.
    pub fn system(&self, catalog: Arc<Catalog>, reason: &'static str) -> Session {
        self.session(catalog, Arc::new(Access::system(reason)))
    }
}

/// What every find and save runs in. One request has one session and so sees one catalog version.
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
    /// The duplicate rules at the start of the request.
    pub duplicates: Arc<DuplicateBook>,
    /// The purpose of reading: `Read`, `Print` or `Export`.
    pub purpose: Action,
    /// Collects the guarded records of responses. None if nobody counts them.
    pub reads: Option<Arc<Reads>>,
    /// Collects which lists of responses have more pages.
    pub beyond: Arc<Beyond>,
    /// Counts refusals that reveal hidden records or fields. None if nobody counts them.
    pub guesses: Option<Arc<Guessing>>,
    /// What is written is taken back in the end, whatever comes of it.
    pub(super) trial: bool,
    /// All keys are looked at before anything is written: one of them was refused.
    pub(super) careful: bool,
    /// The move or action that is carried out, by the name of its root field: `auditSalesOrder`. History names it.
    pub(super) via: Option<Arc<str>>,
    staff: Arc<OnceLock<Weak<dyn StaffLookup>>>,
}

impl Session {
    /// Who people are and what they may do.
    pub(super) fn staff(&self) -> Result<Arc<dyn StaffLookup>> {
        let staff = self.staff.get().and_then(Weak::upgrade);
        staff.ok_or_else(|| Error::internal("a session of a company that is not open"))
    }

    /// Today's date in the business time zone.
    pub fn today(&self) -> NaiveDate {
        self.env.clock.now().with_timezone(&self.env.zone).date_naive()
    }

    /// The same for a purpose. With `counts`, it notes which records are read; `guesses` counts refusals that tell of what
    /// is hidden.
    #[must_use]
    pub fn counted(self, purpose: Action, counts: bool, guesses: Option<Arc<Guessing>>) -> Self {
        Self { purpose, reads: counts.then(Arc::default), guesses, ..self }
    }

    /// The same moment and catalog, read by the server itself for a reason that a reader of the code can check.
    #[must_use]
    pub fn as_system(&self, reason: &'static str) -> Self {
        let access = Arc::new(Access::system(reason));
        Self { access, purpose: Action::Read, reads: None, guesses: None, ..self.clone() }
    }

    /// The same with the server's own rights, for consequences of what the caller may do. The caller stays the author.
    #[must_use]
    pub(super) fn elevated(&self, reason: &'static str) -> Self {
        let access = Arc::new(self.access.elevated(reason));
        Self { access, reads: None, guesses: None, ..self.clone() }
    }

    /// The same; if `trial`, what is written is taken back in the end.
    #[must_use]
    pub(super) fn on_trial(&self, trial: bool) -> Self {
        Self { trial: self.trial || trial, ..self.clone() }
    }

    /// The same with nothing counted: the server reads on the caller's behalf, and the caller is told none of it.
    #[must_use]
    pub(super) fn uncounted(&self) -> Self {
        Self { reads: None, ..self.clone() }
    }

    /// The same with a count of its own, for what is read to choose from it; see [`count_apart`](Self::count_apart).
    #[must_use]
    pub fn counted_apart(&self) -> Self {
        Self { reads: self.reads.as_ref().map(|_| Arc::default()), ..self.clone() }
    }

    /// Counts what was read apart, but for the records that the caller is not told of.
    pub fn count_apart(&self, apart: &Self, left: &[Uuid]) {
        if let (Some(reads), Some(apart)) = (&self.reads, &apart.reads) {
            for id in apart.take().into_iter().filter(|id| !left.contains(id)) {
                reads.add(id);
            }
        }
    }

    /// The same while a move or an action is carried out.
    #[must_use]
    pub(super) fn by_way_of(&self, code: &str, object: &Object) -> Self {
        Self { via: Some(format!("{code}{}", object.name).into()), ..self.clone() }
    }

    /// The same, where a key was refused.
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
