//! Floor 4: what a page of an object shows: its definition, and what of it a caller may see.
//!
//! A layout is a TOML text, standard, stored, or generated of the catalog. It is resolved against a catalog to a
//! [`PageLayout`], leniently: what it names and the catalog does not have is a [`Diagnostic`](crate::catalog::Diagnostic),
//! and the rest is shown. [`seen_by`] leaves out what does not exist for a caller.
//!
//! Menus are beside them: what leads to these pages.
//!
//! Pure: knows no stored text, no session and no GraphQL. Layouts give no rights; they choose among what rights show.

mod conventions;
mod generate;
mod key;
mod menu;
mod messages;
mod page;
mod pages;
mod renamed_fields;
mod resolve;
mod seen;
mod standard;
mod text;
mod write;

#[cfg(test)]
mod tests;

pub use conventions::{Sees, closed_states, end_field, start_field, state_field};
pub use generate::generate;
pub use key::{LayoutKey, LayoutKind, preferred};
pub use menu::{
    LeadsTo, Menu, MenuEntry, MenuEntryText, MenuGroup, MenuGroupText, MenuText, SYSTEMS,
    generate_menu, pending, resolve_menu, write_menu,
};
pub use page::{PageColumn, PageItem, PageLayout, PageSection, PageTab, Shows, VisibleWhen};
pub use pages::{missing_pages, needs_pages};
pub use renamed_fields::renamed_layout;
pub use resolve::{ResolvedLayout, resolve_layout};
pub use seen::seen_by;
pub use standard::standard_layouts;
pub use text::{ColumnText, ItemText, LayoutText, SectionText, TabText, plain};
pub use write::write_layout;
