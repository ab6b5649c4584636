//! A layout resolved against a catalog: fields by their indexes, conditions checked.
//!
//! Must not know who looks at it.

use super::key::LayoutKind;
use crate::catalog::{FieldIx, Label, ObjectIx};

/// What a page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLayout {
    /// The object.
    pub object: ObjectIx,
    /// The kind.
    pub kind: LayoutKind,
    /// The columns of a list, or the fields of a card.
    pub columns: Vec<PageColumn>,
    /// The fields that are offered as filters.
    pub quick_filters: Vec<FieldIx>,
    /// The order of a list; true descends.
    pub order_by: Vec<(FieldIx, bool)>,
    /// The fields above everything else.
    pub header: Vec<FieldIx>,
    /// The field whose values are the columns of a board.
    pub state_field: Option<FieldIx>,
    /// The field that places a record in a calendar.
    pub start_field: Option<FieldIx>,
    /// The field at which it ends there.
    pub end_field: Option<FieldIx>,
    /// The tabs.
    pub tabs: Vec<PageTab>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageColumn {
    /// The field.
    pub field: FieldIx,
    /// Its width in pixels; the page decides unless told.
    pub width: Option<u16>,
}

/// A tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageTab {
    /// Its label.
    pub label: Label,
    /// Its sections.
    pub sections: Vec<PageSection>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSection {
    /// Its label.
    pub label: Label,
    /// How many items stand beside one another.
    pub columns: u8,
    /// Whether it is folded at first.
    pub collapsed: bool,
    /// What it shows.
    pub items: Vec<PageItem>,
}

/// An item of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageItem {
    /// What it is.
    pub shows: Shows,
    /// How many columns of the section it takes.
    pub width: u8,
    /// The condition under which it is shown.
    pub visible: Option<VisibleWhen>,
}

/// What an item shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shows {
    /// A field.
    Field {
        /// The field.
        field: FieldIx,
        /// Whether a form only shows it.
        read_only: bool,
    },
    /// The lines of a document.
    Lines {
        /// The field with the lines.
        field: FieldIx,
        /// The label in place of the field's.
        label: Label,
        /// The fields of a line; none if nobody has chosen them.
        columns: Vec<PageColumn>,
    },
    /// Records that refer to this one.
    Related {
        /// The field with these records.
        field: FieldIx,
        /// The label in place of the field's.
        label: Label,
        /// The fields of such a record; none if nobody has chosen them.
        columns: Vec<PageColumn>,
        /// How many are shown at first.
        first: u16,
    },
    /// What happened, in order.
    Timeline,
    /// A text.
    Text(Label),
}

/// A condition on the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisibleWhen {
    /// The expression as written.
    pub text: String,
    /// What it reads.
    pub paths: Vec<Vec<String>>,
}
