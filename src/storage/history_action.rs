//! The actions that history and outbox store.

/// What a save did to a record, as history and outbox store it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryAction {
    /// The record is new.
    Create,
    /// Fields, lines or members changed.
    Update,
    /// The record was deleted.
    Delete,
    /// The record came back from the recycle bin.
    Restore,
}

impl HistoryAction {
    /// The stored text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "CREATE",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Restore => "RESTORE",
        }
    }

    /// Reads the stored text.
    ///
    /// A text that a later program wrote counts as an update. Its entry still lists the changed fields, which
    /// readers can show, send and undo. The other actions would claim that a record appeared or disappeared.
    pub fn of_stored(text: &str) -> Self {
        match text {
            "CREATE" => Self::Create,
            "DELETE" => Self::Delete,
            "RESTORE" => Self::Restore,
            _ => Self::Update,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HistoryAction::{self, Create, Delete, Restore, Update};

    #[test]
    fn stored_texts_read_back() {
        for action in [Create, Update, Delete, Restore] {
            assert_eq!(HistoryAction::of_stored(action.as_str()), action);
        }
        assert_eq!(HistoryAction::of_stored("ARCHIVE"), Update);
    }
}
