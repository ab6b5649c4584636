//! Floor 5: from a read wish to one statement.
//!
//! [`Find`] is the wish, free of rights and of SQL. [`Plan::new`] is the only way to a plan and takes an
//! [`crate::access::Access`]. [`compile()`] makes the statement and the [`shape`] by which its rows become JSON.
//! Pure: the statement is run by `storage`.

mod aggregate;
mod beyond;
mod compile;
pub mod cursor;
mod extent;
mod extras;
mod filter;
mod find;
mod group;
mod guard;
mod history;
mod keyset;
mod merged;
mod newest;
mod parted;
mod past;
mod plan;
pub mod render;
mod rests;
mod root;
mod row;
mod search;
pub mod shape;
mod staff;
mod template;
mod told;
mod top;
mod values;

pub use aggregate::{
    AggregatePart, Aggregation, By, Function, Group, Having, KeyPart, Measure, OfPart, Ranking,
};
pub use beyond::{Beyond, Way};
pub use compile::{Root, Statement, compile};
pub use extent::Extent;
pub use filter::{Compare, Filter, Quantifier};
pub use find::{
    CanPart, ConnectionPart, EdgePart, Find, Item, Listing, Nulls, Order, Page, PageInfoPart, Part,
    Selection, StatePart, What,
};
pub use guard::Guard;
pub use history::{ChangePart, Due, EntryPart, HistoryListing, HistoryPart, Later};
pub use past::{Past, Stood};
pub use plan::Plan;
pub use staff::{Moment, Own, STAFF};
pub use template::Templates;
