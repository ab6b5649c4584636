//! Menus of the front systems: groups of entries, each an object or a place of the console.
//!
//! A menu is a TOML text of one system; where none is stored it is generated of what objects say of themselves, so that
//! a new object is in the menus of its systems. Must not know who looks at it, nor which objects are ready for them.

mod generate;
mod text;

pub use self::{
    generate::generate_menu,
    text::{MenuEntryText, MenuGroupText, MenuText, write_menu},
};

use super::{key::LayoutKind, messages, resolve::fault_at};
use crate::{
    base::Message,
    catalog::{self, Catalog, Diagnostic, Label, Object, ObjectIx, nearest, quoted_list},
};

/// The front systems, as `schema/directives.graphql` declares them, with what people call them.
pub const SYSTEMS: [(&str, &str, &str); 3] = [
    ("SALES", "营销管理", "Sales"),
    ("SERVICE", "服务管理", "Service"),
    ("SALES_SERVICE", "营销服务管理", "Sales and service"),
];

/// The longest path of an entry.
const LONGEST: usize = 200;

/// The menu of a front system, on one catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Menu {
    /// The groups.
    pub groups: Vec<MenuGroup>,
}

/// Entries under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuGroup {
    /// The heading.
    pub label: Label,
    /// The entries.
    pub entries: Vec<MenuEntry>,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuEntry {
    /// What tells it from the other entries of the menu, also when labels change.
    pub key: String,
    /// The label; empty if it is that of the object.
    pub label: Label,
    /// The name of an icon.
    pub icon: Option<String>,
    /// Where it leads.
    pub leads: LeadsTo,
}

/// Where an entry leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeadsTo {
    /// The list of an object.
    Object(ObjectIx),
    /// A place of the console.
    Path(String),
}

/// Resolves a menu. `path` names its text in diagnostics. What is faulty is left out.
pub fn resolve_menu(
    path: &str,
    text: &str,
    menu: &MenuText,
    catalog: &Catalog,
) -> (Menu, Vec<Diagnostic>) {
    let mut faults = Vec::new();
    let mut keys: Vec<String> = Vec::new();
    let system = menu.system.get_ref();
    if !SYSTEMS.iter().any(|(name, ..)| name == system) {
        let message = messages::no_system(system);
        let hint = Some(messages::systems_are(quoted_list(SYSTEMS.iter().map(|(name, ..)| name))));
        faults.push(Diagnostic { hint, ..fault_at(path, text, &menu.system.span(), message) });
    }
    let mut groups = Vec::new();
    for group in &menu.groups {
        let mut entries = Vec::new();
        for entry in &group.entries {
            match resolve_entry(entry.get_ref(), system, catalog) {
                Ok(known) if keys.contains(&known.key) => {
                    let message = messages::named_twice(&known.key);
                    faults.push(fault_at(path, text, &entry.span(), message));
                }
                Ok(known) => {
                    keys.push(known.key.clone());
                    entries.push(known);
                }
                Err((message, hint)) => {
                    let fault = fault_at(path, text, &entry.span(), message);
                    faults.push(Diagnostic { hint, ..fault });
                }
            }
        }
        let label = Label { zh: group.label.clone(), en: group.label_en.clone() };
        groups.push(MenuGroup { label, entries });
    }
    (Menu { groups }, faults)
}

/// Why an object is for those who define objects only: the layouts that are missing.
pub fn pending(object: &Object, missing: &[LayoutKind]) -> Message {
    let kinds = quoted_list(missing);
    messages::not_usable_yet(kinds, &object.name)
}

type EntryFault = (Message, Option<Message>);

fn resolve_entry(
    entry: &MenuEntryText,
    system: &str,
    catalog: &Catalog,
) -> Result<MenuEntry, EntryFault> {
    let label = Label { zh: entry.0.label.clone(), en: entry.0.label_en.clone() };
    let icon = entry.0.icon.clone();
    match (&entry.0.object, &entry.0.path) {
        (Some(name), None) => {
            let Some(object) = catalog.named(name) else {
                let known = catalog.objects.iter().map(|object| object.name.as_str());
                let near = nearest(name, known).map(catalog::messages::did_you_mean);
                return Err((messages::no_object(name), near));
            };
            if object.plural.is_none() {
                return Err((messages::no_page_of_lines(name), None));
            }
            let shown = object.systems.is_empty() || object.systems.iter().any(|own| own == system);
            if !shown {
                let systems = messages::systems_are(quoted_list(&object.systems));
                return Err((messages::not_of_system(name, system), Some(systems)));
            }
            let leads = LeadsTo::Object(object.ix);
            Ok(MenuEntry { key: object.name.clone(), label, icon, leads })
        }
        (None, Some(path)) => {
            let local = path.starts_with('/') && !path.starts_with("//");
            let plain = path.chars().all(|c| !c.is_control() && c != '\\');
            if !local || !plain || path.chars().count() > LONGEST {
                return Err((messages::bad_path(LONGEST), None));
            }
            if label.zh.is_none() && label.en.is_none() {
                return Err((messages::path_needs_label(), None));
            }
            Ok(MenuEntry { key: path.clone(), label, icon, leads: LeadsTo::Path(path.clone()) })
        }
        _ => Err((messages::object_or_path(), None)),
    }
}
