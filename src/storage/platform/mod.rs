//! Entities of the platform tables for sign-in.
//!
//! Owns the types of their rows; the migrations crate creates the tables. On both databases ids are
//! hyphenated lower-case text and instants are microseconds since 1970.

pub mod api_key;
pub mod link;
pub mod login;
pub mod operator_role;
pub mod session;
