//! Floor 7: what people keep for their work: saved views, dashboards, preferences, drafts of forms, what they opened lately.
//!
//! Rows of persons, no definitions: nothing here has versions of the catalog, and no record is read. Who sees a view
//! and who changes it is decided here, by what [`crate::access::Visible`] says of its object. Must not know GraphQL, nor
//! what of a view's question exists for whom.

mod dashboard_changes;
mod dashboard_content;
mod dashboards;
pub(crate) mod faults;
mod form_drafts;
mod preferences;
mod recents;
mod shared_views;
mod sharing;
mod stamps;
mod store;
mod view_changes;
mod view_rows;
mod view_text;
mod views;

pub use self::{
    dashboard_changes::SaveDashboard,
    dashboard_content::{
        DashboardContent, MeasureFunction, Parameter, ParameterType, Widget, WidgetChart,
        WidgetFace, WidgetMeasure, WidgetOrder, WidgetParameter, nested,
    },
    dashboards::SavedDashboard,
    form_drafts::{FormInput, KeptForm},
    recents::RecentRecord,
    shared_views::{SharedView, SharedViewChange},
    sharing::ViewAuthor,
    store::{Workspace, kept_object},
    view_changes::SaveView,
    view_text::{QUESTION_PARTS, ViewText},
    views::{SavedView, ViewFace, ViewShare},
};
