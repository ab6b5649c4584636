//! Floor 7: what people keep for their work: saved views, preferences, drafts of forms, what they opened lately.
//!
//! Rows of persons, no definitions: nothing here has versions of the catalog, and no record is read. Who sees a view
//! and who changes it is decided here, by what [`crate::access::Visible`] says of its object. Must not know GraphQL, nor
//! what of a view's question exists for whom.

pub(crate) mod faults;
mod form_drafts;
mod preferences;
mod recents;
mod shared_views;
mod stamps;
mod store;
mod view_changes;
mod view_rows;
mod view_text;
mod views;

pub use self::{
    form_drafts::{FormInput, KeptForm},
    recents::RecentRecord,
    shared_views::{SharedView, SharedViewChange},
    store::{Workspace, kept_object},
    view_changes::{SaveView, ViewAuthor},
    view_text::{QUESTION_PARTS, ViewText},
    views::{SavedView, ViewFace, ViewShare},
};
