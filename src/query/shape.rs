//! The shape of an answer: by which rule the parts of a row become JSON under which keys.
//!
//! Response keys stand only here, never in SQL, so that aliases share one statement.

use std::sync::Arc;

use chrono::{Days, Months, NaiveDate};

use super::{beyond::Way, history::HistoryListing};
use crate::{catalog::ObjectIx, sql::Period};

/// How a stored value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf {
    /// Text, ids, picklist values, dates: a JSON string.
    Text,
    /// An id, which PostgreSQL's root rows carry as a uuid.
    Id,
    /// A calendar day, likewise typed.
    Date,
    /// A whole number.
    Int,
    /// An exact decimal with so many digits after the point: a JSON string.
    Decimal(u8),
    /// A sum or mean with so many digits after the point: a JSON string, on SQLite in a form of its own.
    Figure(u8),
    /// `true` or `false`.
    Bool,
    /// An instant.
    DateTime,
    /// JSON as it is.
    Json,
}

/// A record's answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ObjectShape(pub Vec<(String, Slot)>);

/// What stands under a key of a record; numbers are places in the row.
#[derive(Debug, Clone, PartialEq)]
pub enum Slot {
    /// A fixed name.
    Typename(String),
    /// A stored value.
    Leaf(usize, Leaf),
    /// A related record or null: a row in the row.
    One(usize, ObjectShape),
    /// A plain list: rows in the row.
    Many(usize, RowsShape),
    /// A connection.
    Connection(Box<ConnectionShape>),
    /// Put in later: the history of the record of an object whose id stands at a place.
    Later {
        /// The place of the id.
        id: usize,
        /// Of which object.
        object: ObjectIx,
        /// What of the history.
        listing: Arc<HistoryListing>,
        /// Where it stands in the document.
        way: Way,
    },
    /// Nothing: the place of the id by which the record is counted.
    Counted(usize),
    /// Nothing: the place of the ids of records that a group tells of, joined by commas.
    Told(usize),
    /// The same for every record: JSON text.
    Fixed(&'static str),
    /// An object whose parts stand in the record's own row.
    Inline(ObjectShape),
    /// A list of objects whose parts stand in the record's own row.
    Listed(Vec<ObjectShape>),
}

/// A plain list's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct RowsShape {
    /// What each row is answered as.
    pub each: ObjectShape,
    /// Most rows to answer, where one more was fetched to know whether there are more.
    pub size: Option<usize>,
    /// Where it stands in the document.
    pub way: Way,
    /// How groups of periods are filled up.
    pub fill: Option<Fill>,
}

impl RowsShape {
    /// A list of so many rows, one more of which was fetched.
    pub(super) fn of(each: ObjectShape, size: u32) -> Self {
        Self { size: Some(size as usize), ..Self::whole(each) }
    }

    /// A list that is answered whole.
    pub(super) fn whole(each: ObjectShape) -> Self {
        Self { each, size: None, way: Way::default(), fill: None }
    }
}

/// How groups of periods are filled up: with groups of no records between those there are.
#[derive(Debug, Clone, PartialEq)]
pub struct Fill {
    /// The periods.
    pub period: Period,
    /// The place of a group's first day in its row.
    pub key: usize,
    /// The places where it is answered.
    pub keys: Vec<usize>,
    /// The latest come first.
    pub descending: bool,
    /// Most groups to answer.
    pub most: usize,
    /// What stands at places of a group of no records, as JSON; nothing at all others.
    pub zeros: Vec<(usize, String)>,
    /// The places where all groups have the same.
    pub same: Vec<usize>,
}

impl Fill {
    /// The first day of the period that comes next.
    pub fn next(&self, day: NaiveDate) -> Option<NaiveDate> {
        let days = |count| match self.descending {
            true => day.checked_sub_days(Days::new(count)),
            false => day.checked_add_days(Days::new(count)),
        };
        let months = |count| match self.descending {
            true => day.checked_sub_months(Months::new(count)),
            false => day.checked_add_months(Months::new(count)),
        };
        match self.period {
            Period::Day => days(1),
            Period::Week => days(7),
            Period::Month => months(1),
            Period::Quarter => months(3),
            Period::Year => months(12),
        }
    }

    /// Whether a day comes before another in the order of the groups.
    pub fn before(&self, day: NaiveDate, other: NaiveDate) -> bool {
        if self.descending { day > other } else { day < other }
    }
}

/// A connection's answer.
#[derive(Debug, Clone, PartialEq)]
pub struct ConnectionShape {
    /// The place of the rows in the parent's row, if rows were asked for.
    pub rows: Option<usize>,
    /// The place of the number of all records.
    pub total: Option<usize>,
    /// Most rows to answer; one more was fetched to know whether there are more.
    pub size: usize,
    /// Rows come last first.
    pub backward: bool,
    /// A cursor was given, so there are records on its other side.
    pub continued: bool,
    /// The place of the order keys in each row.
    pub keys: Option<usize>,
    /// What cursors of this list are bound to.
    pub list: String,
    /// Where it stands in the document.
    pub way: Way,
    /// The parts in response order.
    pub parts: Vec<(String, ConnectionSlot)>,
}

/// What stands under a key of a connection.
#[derive(Debug, Clone, PartialEq)]
pub enum ConnectionSlot {
    /// A fixed name.
    Typename(String),
    /// Edges.
    Edges(Vec<(String, EdgeSlot)>),
    /// Records.
    Nodes(ObjectShape),
    /// The page's description.
    PageInfo(Vec<(String, super::find::PageInfoPart)>),
    /// The number of all records.
    Total,
}

/// What stands under a key of an edge.
#[derive(Debug, Clone, PartialEq)]
pub enum EdgeSlot {
    /// A fixed name.
    Typename(String),
    /// The record's cursor.
    Cursor,
    /// The record.
    Node(ObjectShape),
}
