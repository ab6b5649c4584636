//! The wish: which records of which object, and what of them. No rights, no SQL.

use std::sync::Arc;

use super::{aggregate::Aggregation, filter::Filter, history::HistoryListing, staff::Moment};
use crate::{
    access::Action,
    base::Value,
    catalog::{FieldIx, ObjectIx},
};

/// A wish to read records of one object.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Find {
    /// The object.
    pub object: ObjectIx,
    /// One record or a list.
    pub what: What,
}

impl Find {
    /// The condition on the records, where they are a list.
    pub fn filter(&self) -> Option<&Filter> {
        match &self.what {
            What::List(listing) => listing.filter.as_ref(),
            What::One { .. } | What::Aggregate(_) => None,
        }
    }
}

/// One record or a list.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum What {
    /// The record whose fields have these values.
    One {
        /// A unique key with its values.
        key: Vec<(FieldIx, Value)>,
        /// What of it.
        selection: Selection,
    },
    /// A connection.
    List(Listing),
    /// Groups of records and what they come to.
    Aggregate(Aggregation),
}

/// What of a record, in response order, each response key once.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Selection(pub Vec<Part<Item>>);

/// Something under a response key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Part<T> {
    /// The response key: the alias, or the field's name.
    pub key: String,
    /// What stands there.
    pub what: T,
}

/// One selected thing of a record.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Item {
    /// The GraphQL type's name.
    Typename(String),
    /// A stored value.
    Field(FieldIx),
    /// The record a relation names.
    One(FieldIx, Selection),
    /// Lines or many-to-many members as a plain list.
    Many(FieldIx, Box<Listing>),
    /// The records that refer here, as a connection.
    Connection(FieldIx, Box<Listing>),
    /// The employees who are responsible by the record's lines, as a plain list.
    Responsible(FieldIx, Moment, Box<Listing>),
    /// What names the record to a person, `_title`: a field, reached over to-one relations. Null where there is none,
    /// or the caller may not see it.
    Title(Vec<FieldIx>),
    /// Groups of the records that a to-many field leads to.
    Aggregate(FieldIx, Box<Aggregation>),
    /// What was changed of the record.
    History(Arc<HistoryListing>),
    /// What the caller may do with the record: `_can`.
    Can(Vec<Part<CanPart>>),
    /// How fields of the record are seen: `_fieldStates`. Without fields all that there are for the caller; of
    /// those named, those that there are.
    States(Option<Vec<FieldIx>>, Vec<Part<StatePart>>),
}

/// One selected thing of what the caller may do.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CanPart {
    /// The GraphQL type's name.
    Typename(String),
    /// Whether the action is open on this record.
    Action(Action),
}

/// One selected thing of a field's state.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum StatePart {
    /// The GraphQL type's name.
    Typename(String),
    /// The field's name.
    Field,
    /// `VISIBLE`, `MASKED` or `HIDDEN`.
    State,
}

/// A list of records.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Listing {
    /// Which records.
    pub filter: Option<Filter>,
    /// In which order; ties are broken by id.
    pub order: Vec<Order>,
    /// How many, from where.
    pub page: Page,
    /// What is selected of the connection; a plain list has one `Nodes`.
    pub parts: Vec<Part<ConnectionPart>>,
}

/// One ordering key: a field, reached over to-one relations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Order {
    /// Relations first, the field last.
    pub path: Vec<FieldIx>,
    /// Greatest first.
    pub descending: bool,
    /// Where records without a value come.
    pub nulls: Nulls,
}

/// Where what has no value comes in an order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Nulls {
    /// Last, or first where the greatest come first.
    #[default]
    Usual,
    /// Before everything.
    First,
    /// After everything.
    Last,
}

impl Nulls {
    /// Whether it comes first.
    pub fn first(self, descending: bool) -> bool {
        match self {
            Self::Usual => descending,
            Self::First => true,
            Self::Last => false,
        }
    }
}

/// Which part of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Page {
    /// How many records at most.
    pub size: u32,
    /// From the end backwards.
    pub backward: bool,
    /// The sealed cursor to start behind (or, going backward, before).
    pub cursor: Option<String>,
    /// How many records to pass over, of a list without cursors.
    pub offset: u32,
}

/// One selected thing of a connection.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum ConnectionPart {
    /// The GraphQL type's name.
    Typename(String),
    /// Records with their cursors.
    Edges(Vec<Part<EdgePart>>),
    /// Records.
    Nodes(Selection),
    /// Where the page stands in the list.
    PageInfo(Vec<Part<PageInfoPart>>),
    /// How many records there are in all pages.
    TotalCount,
}

/// One selected thing of an edge.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum EdgePart {
    /// The GraphQL type's name.
    Typename(String),
    /// The record's place in this list.
    Cursor,
    /// The record.
    Node(Selection),
}

/// One selected thing of a page's description.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PageInfoPart {
    /// The GraphQL type's name.
    Typename(String),
    /// More records follow.
    HasNextPage,
    /// Records precede.
    HasPreviousPage,
    /// Cursor of the first record.
    StartCursor,
    /// Cursor of the last record.
    EndCursor,
}

impl Listing {
    /// Whether any cursor is asked for.
    pub fn wants_cursors(&self) -> bool {
        self.parts.iter().any(|part| match &part.what {
            ConnectionPart::Edges(parts) => {
                parts.iter().any(|part| matches!(part.what, EdgePart::Cursor))
            }
            ConnectionPart::PageInfo(parts) => parts.iter().any(|part| {
                matches!(part.what, PageInfoPart::StartCursor | PageInfoPart::EndCursor)
            }),
            _ => false,
        })
    }

    /// Whether rows are needed at all, or only their number.
    pub fn wants_rows(&self) -> bool {
        self.parts.iter().any(|part| {
            !matches!(part.what, ConnectionPart::TotalCount | ConnectionPart::Typename(_))
        })
    }

    /// Whether the number of all records is asked for.
    pub fn wants_total(&self) -> bool {
        self.parts.iter().any(|part| matches!(part.what, ConnectionPart::TotalCount))
    }
}
