//! `Find`: a read as it was asked for, with its object, its condition and the selected
//! parts. No rights, no SQL.

use std::sync::Arc;

use super::{
    aggregate::Aggregation, employee_lines::Moment, filter::Filter, history::HistoryListing,
};
use crate::{
    access::Action,
    base::Value,
    catalog::{FieldIx, ObjectIx},
};

/// A read of records of one object.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Find {
    /// The object.
    pub object: ObjectIx,
    /// One record, a list or groups.
    pub what: What,
}

impl Find {
    /// The filter on the records, if it reads a list.
    pub fn filter(&self) -> Option<&Filter> {
        match &self.what {
            What::List(listing) => listing.filter.as_ref(),
            What::One { .. } | What::Aggregate(_) => None,
        }
    }
}

/// One record, a list or groups.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum What {
    /// The record whose fields have these values.
    One {
        /// A unique key with its values.
        key: Vec<(FieldIx, Value)>,
        /// The selected parts.
        selection: Selection,
    },
    /// A connection.
    List(Listing),
    /// Groups of records with their measures.
    Aggregate(Aggregation),
}

/// The selected parts of a record, in response order, each response key once.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Selection(pub Vec<Part<Item>>);

impl Selection {
    /// The selected parts, with those of groups in place of the groups.
    pub fn items(&self) -> Vec<&Item> {
        let each = self.0.iter().flat_map(|part| match &part.what {
            Item::Group(inner) => inner.items(),
            item => vec![item],
        });
        each.collect()
    }
}

/// A part under a response key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Part<T> {
    /// The response key: the alias, or the field's name.
    pub key: String,
    /// The part.
    pub what: T,
}

/// One selected part of a record.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum Item {
    /// The GraphQL type's name.
    Typename(String),
    /// A stored value.
    Field(FieldIx),
    /// The record that a relation refers to.
    One(FieldIx, Selection),
    /// The record that a union field refers to: its relations, each with the selection for its object.
    OneOf(FieldIx, Vec<(FieldIx, Selection)>),
    /// Fields of a group of the record, as an object of their own.
    Group(Selection),
    /// Lines or many-to-many members as a plain list.
    Many(FieldIx, Box<Listing>),
    /// The records that refer to this one, as a connection.
    Connection(FieldIx, Box<Listing>),
    /// The employees who are responsible according to the record's lines, as a plain list.
    Responsible(FieldIx, Moment, Box<Listing>),
    /// The record's title, `_title`: a field, reached over to-one relations. Null if it has no value or
    /// the caller may not see it.
    Title(Vec<FieldIx>),
    /// Groups of the records that a to-many field leads to.
    Aggregate(FieldIx, Box<Aggregation>),
    /// The changes of the record.
    History(Arc<HistoryListing>),
    /// The actions that the caller may take on the record: `_can`.
    Can(Vec<Part<CanPart>>),
    /// The moves of its flow that exist for the caller: `_actions`.
    Moves(Vec<Part<MovePart>>),
    /// The states of fields: `_fieldStates`. Without names: all fields that exist for the caller. With names:
    /// those of the named fields that exist for the caller.
    States(Option<Vec<FieldIx>>, Vec<Part<StatePart>>),
}

/// One selected part of `_can`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CanPart {
    /// The GraphQL type's name.
    Typename(String),
    /// Whether the caller may take all of these actions on this record.
    All(Vec<Action>),
}

/// One selected part of a move in `_actions`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MovePart {
    /// The GraphQL type's name.
    Typename(String),
    /// The name of its root field.
    Name,
    /// Its code.
    Code,
    /// Whether the caller may make it on this record, as far as its state and their rights say.
    Allowed,
    /// What closes it: `STATE`, `CONDITION` or `RIGHT`.
    Because,
}

/// One selected part of a field's state.
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
    /// The condition on records.
    pub filter: Option<Filter>,
    /// The order; the id breaks ties.
    pub order: Vec<Order>,
    /// The page of the list.
    pub page: Page,
    /// The selected parts of the connection. A plain list has one `Nodes`.
    pub parts: Vec<Part<ConnectionPart>>,
}

/// One sort key: a field, reached over to-one relations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Order {
    /// Relations first, the field last.
    pub path: Vec<FieldIx>,
    /// Largest first.
    pub descending: bool,
    /// Where records without a value are placed.
    pub nulls: Nulls,
}

/// Where NULL is placed in an order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Nulls {
    /// Last in an ascending order, first in a descending one.
    #[default]
    Usual,
    /// First in every order.
    First,
    /// Last in every order.
    Last,
}

impl Nulls {
    /// Whether NULL comes first in an ascending or a descending order.
    pub fn first(self, descending: bool) -> bool {
        match self {
            Self::Usual => descending,
            Self::First => true,
            Self::Last => false,
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Page {
    /// The largest number of records.
    pub size: u32,
    /// The page is taken from the end of the list, backwards.
    pub backward: bool,
    /// The sealed cursor to start after (or, going backward, before).
    pub cursor: Option<String>,
    /// The number of records to skip, in a list without cursors.
    pub offset: u32,
}

/// One selected part of a connection.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum ConnectionPart {
    /// The GraphQL type's name.
    Typename(String),
    /// Records with their cursors.
    Edges(Vec<Part<EdgePart>>),
    /// Records.
    Nodes(Selection),
    /// Whether there are more records, and the page's cursors.
    PageInfo(Vec<Part<PageInfoPart>>),
    /// The number of records on all pages.
    TotalCount,
}

/// One selected part of an edge.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum EdgePart {
    /// The GraphQL type's name.
    Typename(String),
    /// The cursor: the record's place in this list.
    Cursor,
    /// The record.
    Node(Selection),
}

/// One selected part of `pageInfo`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PageInfoPart {
    /// The GraphQL type's name.
    Typename(String),
    /// Whether more records follow.
    HasNextPage,
    /// Whether records precede.
    HasPreviousPage,
    /// Cursor of the first record.
    StartCursor,
    /// Cursor of the last record.
    EndCursor,
}

impl Listing {
    /// Whether a cursor is selected.
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

    /// Whether rows are selected, not only their number.
    pub fn wants_rows(&self) -> bool {
        self.parts.iter().any(|part| {
            !matches!(part.what, ConnectionPart::TotalCount | ConnectionPart::Typename(_))
        })
    }

    /// Whether the number of all records is selected.
    pub fn wants_total(&self) -> bool {
        self.parts.iter().any(|part| matches!(part.what, ConnectionPart::TotalCount))
    }
}
