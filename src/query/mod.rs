//! Floor 5: compiles a read to one statement.
//!
//! [`Find`] is a read as it was asked for, without rights or SQL. A [`Plan`] adds the rights, and cannot be
//! made without an [`crate::access::Access`]. [`compile()`] makes the statement and the [`shape`] by which
//! its rows become JSON. Pure: `storage` runs the statement.

mod access_fields;
mod aggregate;
mod as_of;
mod beyond;
mod compile;
mod creation_order;
pub mod cursor;
mod dependencies;
mod extent;
pub(crate) mod faults;
mod filter;
mod find;
mod group;
mod guard;
mod history;
mod keyset;
mod ordered_union;
mod plan;
pub mod render;
mod root;
mod row;
mod search;
pub mod shape;
mod staff;
mod statement_cache;
mod told;
mod top;
mod union_scan;
mod values;

pub use aggregate::{
    AggregatePart, Aggregation, Function, Group, GroupSortKey, Having, KeyPart, Measure, OfPart,
    Ranking,
};
pub use as_of::{Past, Stood};
pub use beyond::{Beyond, Way};
pub use compile::{RootShape, Statement, compile};
pub use extent::Extent;
pub use filter::{Compare, Filter, Quantifier};
pub use find::{
    CanPart, ConnectionPart, EdgePart, Find, Item, Listing, Nulls, Order, Page, PageInfoPart, Part,
    Selection, StatePart, What,
};
pub use guard::Guard;
pub use history::{ChangePart, EntryPart, HistoryListing, HistoryPart, Later, PendingHistory};
pub use plan::Plan;
pub use render::{FoundRow, FoundRows};
pub use staff::{Moment, Own};
pub use statement_cache::Templates;
