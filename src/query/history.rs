//! The wish for a record's history. No rights, no SQL; `records` answers it once the records are known.

use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::{
    beyond::Way,
    find::{PageInfoPart, Part},
};
use crate::{
    base::Lang,
    catalog::{FieldIx, ObjectIx},
};

/// The latest changes of each record, last first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HistoryListing {
    /// Only changes of this field.
    pub field: Option<FieldIx>,
    /// How many entries at most.
    pub size: u32,
    /// The sealed cursor of the entry to go on behind.
    pub after: Option<String>,
    /// The language in which values are called by name.
    pub lang: Lang,
    /// What is selected of it.
    pub parts: Vec<Part<HistoryPart>>,
}

/// One selected thing of a history.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HistoryPart {
    /// The GraphQL type's name.
    Typename(String),
    /// The entries.
    Nodes(Vec<Part<EntryPart>>),
    /// Where the page stands.
    PageInfo(Vec<Part<PageInfoPart>>),
}

/// One selected thing of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EntryPart {
    /// The GraphQL type's name.
    Typename(String),
    /// The entry's own id.
    Id,
    /// When.
    At,
    /// Through which action.
    Action,
    /// The record's version from then on.
    Version,
    /// Who, by id.
    Operator,
    /// Who, by name.
    OperatorName,
    /// Which fields.
    Changes(Vec<Part<ChangePart>>),
}

/// One selected thing of a change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ChangePart {
    /// The GraphQL type's name.
    Typename(String),
    /// The field's name.
    Field,
    /// Its value before.
    Old,
    /// Its value after.
    New,
    /// What the record named before is called.
    OldText,
    /// What the record named after is called.
    NewText,
}

/// A history still to be put into an answer.
#[derive(Debug, Clone)]
pub struct Due {
    /// Where in the text.
    pub at: usize,
    /// Of which object's
    pub object: ObjectIx,
    /// record.
    pub record: Uuid,
    /// What of it.
    pub listing: Arc<HistoryListing>,
    /// Where it stands in the document.
    pub way: Way,
}

/// The histories still to be put into an answer, in the order of the text.
#[derive(Debug, Default)]
pub struct Later(Mutex<Vec<Due>>);

impl Later {
    /// Takes what is due.
    pub fn take(&self) -> Vec<Due> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn add(&self, due: Due) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(due);
    }
}
