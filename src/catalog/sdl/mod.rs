//! Definition texts as texts: where each definition and member stands, several texts joined to one and one split by
//! type, two people's changes merged, and single edits. Whatever is not edited stays byte for byte: comments, order, blanks.
//!
//! Pure functions on texts. What a text means, `resolve` says; must not know the catalog.

mod by_type;
mod edit;
mod joined;
pub(super) mod outline;
mod renaming;
mod retyping;
mod split;
mod standard;
#[cfg(test)]
mod tests;
mod tokens;

pub use by_type::merged;
pub use edit::{EditFault, SchemaEdit, definition_of, edited, member_of};
pub(super) use edit::{addition, quoted, replaced};
pub use joined::joined;
pub(super) use renaming::renamed_member;
pub use split::{TypeText, TypeTexts, split};
pub use standard::restating;
