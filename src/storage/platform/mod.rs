//! Entities of the platform tables for sign-in and for what people keep.
//!
//! Owns the types of their rows; the migrations crate creates the tables. On both databases ids are
//! hyphenated lower-case text and instants are microseconds since 1970.

pub mod api_key;
pub mod dashboard;
pub mod default_view;
pub mod form_draft;
pub mod link;
pub mod login;
pub mod operator_role;
pub mod preference;
pub mod recent;
pub mod saved_view;
pub mod session;
pub mod view_pin;
pub mod view_stamp;
