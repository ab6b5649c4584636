//! Floor 5: compiles a read to one statement.
//!
//! [`Find`] is a read as it was asked for, without rights or SQL. A [`Plan`] adds the rights, and cannot be
//! made without an [`crate::access::Access`]. [`compile()`] makes the statement and the [`shape`] by which
//! its rows become JSON. Pure: `storage` runs the statement.

mod access_fields;
mod aggregate;
mod as_of;
mod compile;
mod creation_order;
pub mod cursor;
mod dependencies;
mod disclosed_records;
mod drill;
mod employee_lines;
pub(crate) mod faults;
mod filter;
mod find;
mod further_pages;
mod group;
mod guard;
mod history;
mod keyset;
mod one_of;
mod open_actions;
mod ordered_union;
mod plan;
pub mod render;
mod root_select;
mod row_builder;
mod row_values;
mod search;
pub mod shape;
mod statement_cache;
mod statement_size;
mod top_per_group;
mod union_scan;
mod when_read;

pub use aggregate::{
    AggregatePart, Aggregation, Function, Group, GroupSortKey, Having, KeyPart, Measure, OfPart,
    Ranking,
};
pub use as_of::{Past, Stood};
pub use compile::{RootShape, Statement, compile};
pub use drill::{Drill, DrillKey, Exact};
pub use employee_lines::{Moment, Own};
pub use filter::{Compare, Filter, Quantifier};
pub use find::{
    CanPart, ConnectionPart, EdgePart, Find, Item, Listing, MovePart, Nulls, Order, Page,
    PageInfoPart, Part, Selection, StatePart, What,
};
pub use further_pages::{Beyond, Way};
pub use guard::Guard;
pub use history::{ChangePart, EntryPart, HistoryListing, HistoryPart, Later, PendingHistory};
pub use plan::Plan;
pub use render::{FoundRow, FoundRows};
pub use statement_cache::Templates;
pub use statement_size::Extent;
