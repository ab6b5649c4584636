//! The shape of a response: how the parts of a row become JSON, and under which keys.
//!
//! Response keys occur only here, never in SQL, so queries that differ only in aliases share a statement.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{drill::Drill, further_pages::Way, history::HistoryListing};
use crate::{catalog::ObjectIx, sql::Period};

/// The form in which a stored value is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf {
    /// Text, ids, picklist values, dates: a JSON string.
    Text,
    /// An id. In PostgreSQL's root rows it is a uuid.
    Id,
    /// A calendar day. In PostgreSQL's root rows it is a date.
    Date,
    /// A whole number.
    Int,
    /// An exact decimal with this number of digits after the point: a JSON string.
    Decimal(u8),
    /// A sum or mean with this number of digits after the point: a JSON string. SQLite
    /// has its own form for it.
    Figure(u8),
    /// `true` or `false`.
    Bool,
    /// An instant.
    DateTime,
    /// A time of day. In PostgreSQL's root rows it is a time.
    Time,
    /// JSON as it is.
    Json,
}

/// The shape of a record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ObjectShape(pub Vec<(String, Slot)>);

/// The slot of a response key in a record. Numbers are indexes into the row.
#[derive(Debug, Clone, PartialEq)]
pub enum Slot {
    /// A type name.
    Typename(String),
    /// A stored value.
    Leaf(usize, Leaf),
    /// A related record or null: a row within the row.
    One(usize, ObjectShape),
    /// The first of several related records that there is, or null.
    OneOf(Vec<(usize, ObjectShape)>),
    /// A plain list: rows within the row.
    Many(usize, RowsShape),
    /// A connection.
    Connection(Box<ConnectionShape>),
    /// Inserted later: the history of a record.
    Later {
        /// The index of the record's id.
        id: usize,
        /// The object.
        object: ObjectIx,
        /// The selected parts of the history.
        listing: Arc<HistoryListing>,
        /// Its place in the document.
        way: Way,
    },
    /// Writes nothing: the index of the id by which the record is counted.
    Counted(usize),
    /// Writes nothing: the index of the ids of the records that a group discloses, joined by commas.
    Told(usize),
    /// JSON text that is the same for every record.
    Fixed(&'static str),
    /// The filter of a group's records.
    Drill(Box<DrillShape>),
    /// An object whose parts are in the record's own row.
    Inline(ObjectShape),
    /// A list of objects whose parts are in the record's own row.
    Listed(Vec<ObjectShape>),
}

/// Where the filter of a group's records comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct DrillShape {
    /// What it says.
    pub drill: Drill,
    /// The index and the form of each key's value.
    pub keys: Vec<(usize, Leaf)>,
}

/// The shape of a plain list.
#[derive(Debug, Clone, PartialEq)]
pub struct RowsShape {
    /// The shape of each row.
    pub each: ObjectShape,
    /// The largest number of rows to return; one more was fetched to see whether there are more. `None`: all.
    pub size: Option<usize>,
    /// Its place in the document.
    pub way: Way,
    /// How gaps between groups of one period are filled.
    pub fill: Option<Fill>,
}

impl RowsShape {
    /// A list of at most `size` rows; one more was fetched.
    pub(super) fn of(each: ObjectShape, size: u32) -> Self {
        Self { size: Some(size as usize), ..Self::whole(each) }
    }

    /// A list that is returned in full.
    pub(super) fn whole(each: ObjectShape) -> Self {
        Self { each, size: None, way: Way::default(), fill: None }
    }
}

/// How gaps between groups of one period are filled with empty groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    /// The period.
    pub period: Period,
    /// The index of a group's first day in its row.
    pub key: usize,
    /// The indexes at which the first day is returned.
    pub keys: Vec<usize>,
    /// The latest group comes first.
    pub descending: bool,
    /// The first days of the first and the last period, where the filter bounds them.
    pub bounds: Option<(NaiveDate, NaiveDate)>,
    /// The largest number of groups to return.
    pub most: usize,
    /// The values of an empty group by index, as JSON. Other measures are null.
    pub zeros: Vec<(usize, String)>,
    /// The indexes of values that are the same in all groups.
    pub same: Vec<usize>,
}

impl Fill {
    /// The first day of the next period, in the order of the groups.
    pub fn next(&self, day: NaiveDate) -> Option<NaiveDate> {
        match self.descending {
            true => self.period.previous(day),
            false => self.period.next(day),
        }
    }

    /// The first days of the periods at which the groups begin and end, in their order, where they are bounded.
    pub fn ends(&self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        match (self.bounds, self.descending) {
            (None, _) => (None, None),
            (Some((first, last)), false) => (Some(first), Some(last)),
            (Some((first, last)), true) => (Some(last), Some(first)),
        }
    }

    /// Whether a day comes before another in the order of the groups.
    pub fn before(&self, day: NaiveDate, other: NaiveDate) -> bool {
        if self.descending { day > other } else { day < other }
    }
}

/// The shape of a connection.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionShape {
    /// The index of the rows in the parent's row, if rows are selected.
    pub rows: Option<usize>,
    /// The index of the number of all records.
    pub total: Option<usize>,
    /// The largest number of rows to return; one more was fetched to see whether there are more.
    pub size: usize,
    /// The database returns the rows in reverse order.
    pub backward: bool,
    /// A cursor was given, so there are records on its other side.
    pub continued: bool,
    /// The index of the order keys in each row.
    pub keys: Option<usize>,
    /// The name that the list's cursors are bound to.
    pub list: String,
    /// Its place in the document.
    pub way: Way,
    /// The parts in response order.
    pub parts: Vec<(String, ConnectionSlot)>,
}

/// The slot of a response key in a connection.
#[derive(Debug, Clone, PartialEq)]
pub enum ConnectionSlot {
    /// A type name.
    Typename(String),
    /// Edges.
    Edges(Vec<(String, EdgeSlot)>),
    /// Records.
    Nodes(ObjectShape),
    /// The parts of `pageInfo`.
    PageInfo(Vec<(String, super::find::PageInfoPart)>),
    /// The number of all records.
    Total,
}

/// The slot of a response key in an edge.
#[derive(Debug, Clone, PartialEq)]
pub enum EdgeSlot {
    /// A type name.
    Typename(String),
    /// The record's cursor.
    Cursor,
    /// The record.
    Node(ObjectShape),
}
