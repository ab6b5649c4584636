//! What names an object or a field beside definitions and roles: layouts, menus, shared views, duplicate rules.
//!
//! A text names a field if it would be another text once the field is called otherwise. So what follows a rename and what
//! is told here are the same.

use super::{
    Company,
    draft_impact::{DraftUse, UseKind},
};
use crate::{
    base::Result,
    catalog::{Catalog, CatalogChange, Object, ObjectIx, Renames},
    layouts::{LeadsTo, renamed_layout},
    records::Session,
    rules::renamed_duplicates,
    workspace::ViewText,
};

/// No name of a field.
const OTHER: &str = "_";

/// A text that may name objects and fields.
struct Text {
    kind: UseKind,
    name: String,
    link: String,
    /// The object that it is about.
    about: String,
    named: Named,
}

/// How a text is asked for what it names.
enum Named {
    Layout(String),
    Duplicates(String),
    View(ViewText),
    /// The objects to which a menu leads.
    Menu(Vec<ObjectIx>),
}

/// All of these texts of a company, read once for several changes.
pub(super) struct TextUses(Vec<Text>);

impl Company {
    /// The texts that name objects and fields. Of shared views, people who are no administrators are told those that
    /// everyone sees.
    pub(super) async fn texts(&self, session: &Session) -> Result<TextUses> {
        let mut texts = Vec::new();
        for layout in self.layouts(&session.catalog).await?.written() {
            texts.push(Text {
                kind: UseKind::Layout,
                name: layout.key.name(),
                link: format!("/admin/layouts/{}", layout.key.object),
                about: layout.key.object.clone(),
                named: Named::Layout(layout.text.clone()),
            });
        }
        for menu in self.menus(&session.catalog).await?.into_iter().filter(|menu| !menu.generated) {
            let entries = menu.menu.groups.into_iter().flat_map(|group| group.entries);
            let objects = entries.filter_map(|entry| match entry.leads {
                LeadsTo::Object(object) => Some(object),
                LeadsTo::Path(_) => None,
            });
            texts.push(Text {
                kind: UseKind::Menu,
                name: menu.system.to_owned(),
                link: "/admin/menus".to_owned(),
                about: String::new(),
                named: Named::Menu(objects.collect()),
            });
        }
        for rules in self.duplicate_rules(&session.catalog, None) {
            texts.push(Text {
                kind: UseKind::DuplicateRule,
                name: rules.object.clone(),
                link: "/admin/rules".to_owned(),
                about: rules.object,
                named: Named::Duplicates(rules.text),
            });
        }
        for view in self.workspace.shared_views().await? {
            let Ok(read) = ViewText::parse(&view.key, &view.text) else { continue };
            if !session.access.may_everything() && !read.roles.is_empty() {
                continue;
            }
            let plural =
                session.catalog.named(&read.object).and_then(|object| object.plural.clone());
            texts.push(Text {
                kind: UseKind::View,
                name: view.key,
                link: format!("/o/{}?view={}", plural.unwrap_or_default(), view.known.0),
                about: read.object.clone(),
                named: Named::View(read),
            });
        }
        Ok(TextUses(texts))
    }
}

impl TextUses {
    /// The texts that name the object or field of a change. Changes of layouts and rules name what they are about.
    pub(super) fn of(&self, live: &Catalog, change: &CatalogChange) -> Vec<DraftUse> {
        let Some(object) = live.named(&change.object) else { return Vec::new() };
        let renames =
            change.field.as_deref().map(|field| Renames::of_one(live, &object.name, field, OTHER));
        let uses = self.0.iter().filter(|text| match &renames {
            Some(renames) => text.names_field(live, renames),
            None => text.names_object(object),
        });
        let told = |text: &Text| DraftUse {
            kind: text.kind,
            name: text.name.clone(),
            link: text.link.clone(),
        };
        uses.map(told).collect()
    }
}

impl Text {
    fn names_object(&self, object: &Object) -> bool {
        match &self.named {
            Named::Menu(objects) => objects.contains(&object.ix),
            Named::Layout(_) | Named::Duplicates(_) | Named::View(_) => self.about == object.name,
        }
    }

    fn names_field(&self, live: &Catalog, renames: &Renames<'_>) -> bool {
        match &self.named {
            Named::Layout(text) => renamed_layout(text, renames).is_some(),
            Named::Duplicates(text) => renamed_duplicates(text, renames).is_some(),
            Named::View(view) => live
                .named(&self.about)
                .is_some_and(|object| renames.question(object, &view.question).is_some()),
            Named::Menu(_) => false,
        }
    }
}
