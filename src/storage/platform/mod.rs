//! Entities of the platform tables that sign-in works with.
//!
//! Owns how their rows look in memory; the tables themselves come from the migrations crate. Ids are
//! hyphenated lower-case text and instants microseconds since the epoch, as on both databases.

pub mod api_key;
pub mod link;
pub mod login;
pub mod operator_role;
pub mod session;
