//! `HistoryListing`: a record's history as it was asked for. No rights, no SQL. `records` loads it
//! once the records are known.

use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::{
    find::{PageInfoPart, Part},
    further_pages::Way,
};
use crate::{
    base::Lang,
    catalog::{FieldIx, ObjectIx},
};

/// The latest changes of each record, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HistoryListing {
    /// Only changes of this field.
    pub field: Option<FieldIx>,
    /// The largest number of entries.
    pub size: u32,
    /// The sealed cursor of the entry to start after.
    pub after: Option<String>,
    /// The language of titles and labels.
    pub lang: Lang,
    /// The selected parts.
    pub parts: Vec<Part<HistoryPart>>,
}

/// One selected part of a history.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HistoryPart {
    /// The GraphQL type's name.
    Typename(String),
    /// The entries.
    Nodes(Vec<Part<EntryPart>>),
    /// Whether there are more entries, and the page's cursors.
    PageInfo(Vec<Part<PageInfoPart>>),
}

/// One selected part of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EntryPart {
    /// The GraphQL type's name.
    Typename(String),
    /// The entry's own id.
    Id,
    /// The instant of the change.
    At,
    /// The action that made the change.
    Action,
    /// The record's version after the change.
    Version,
    /// The id of the operator.
    Operator,
    /// The name of the operator.
    OperatorName,
    /// The root field of the move or action that made it.
    Via,
    /// What people call that.
    ViaLabel,
    /// The changed fields.
    Changes(Vec<Part<ChangePart>>),
}

/// One selected part of a change.
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
    /// The name of the old value: a record's title or a picklist value's label.
    OldText,
    /// The name of the new value.
    NewText,
}

/// A history that is still to be inserted into a response.
#[derive(Debug, Clone)]
pub struct PendingHistory {
    /// The byte offset in the response text.
    pub at: usize,
    /// The object.
    pub object: ObjectIx,
    /// The record.
    pub record: Uuid,
    /// The selected parts.
    pub listing: Arc<HistoryListing>,
    /// Its place in the document.
    pub way: Way,
}

/// The histories still to be inserted into a response, in the order of the text.
#[derive(Debug, Default)]
pub struct Later(Mutex<Vec<PendingHistory>>);

impl Later {
    /// Returns the histories and clears the list.
    pub fn take(&self) -> Vec<PendingHistory> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn add(&self, due: PendingHistory) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(due);
    }
}
