//! One operation's pinned view: catalog, access, database, time.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::{
    access::{Access, Action},
    base::Env,
    catalog::Catalog,
    query::{cursor::Seal, render::Reads},
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
}

impl Session {
    /// Today in the business time zone.
    pub fn today(&self) -> NaiveDate {
        self.env.clock.now().with_timezone(&self.env.zone).date_naive()
    }
}
