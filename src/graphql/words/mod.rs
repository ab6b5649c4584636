//! Labels and descriptions of a schema in the caller's language: from the catalog, or from a table for
//! generated parts.
//!
//! A schema contains only names and types. Descriptions are built on request, so that languages cost neither
//! start-up time nor memory.

mod records;
mod table;

use std::collections::HashMap;

use self::{records::Made, table::Table};
use crate::{
    base::Lang,
    catalog::{Catalog, Field, FieldType, Label, Object, Picklist, in_words},
};

/// The texts of one schema in one language.
pub(super) struct Words<'w> {
    lang: Lang,
    table: &'static Table,
    /// The catalog of the schema, if it has one.
    made_of: Option<Catalogued<'w>>,
}

/// A catalog with indexes for names of generated types.
struct Catalogued<'w> {
    catalog: &'w Catalog,
    picklists: HashMap<&'w str, &'w Picklist>,
    /// `Customers`.
    plurals: HashMap<String, &'w Object>,
    /// `customers`.
    lists: HashMap<&'w str, &'w Object>,
    /// `customer`.
    singulars: HashMap<String, &'w Object>,
}

impl<'w> Words<'w> {
    /// For the record schema.
    pub(super) fn records(catalog: &'w Catalog, lang: Lang) -> Self {
        let picklists = catalog.picklists.iter().map(|list| (list.name.as_str(), list));
        let objects = || catalog.objects.iter();
        let plurals = objects().filter_map(|object| Some((object.plural_name()?, object)));
        let lists = objects().filter_map(|object| Some((object.plural.as_deref()?, object)));
        let made_of = Catalogued {
            catalog,
            picklists: picklists.collect(),
            plurals: plurals.collect(),
            lists: lists.collect(),
            singulars: objects().map(|object| (object.singular(), object)).collect(),
        };
        Self { lang, table: table::records(), made_of: Some(made_of) }
    }

    /// For the schema at `/metadata`.
    pub(super) fn metadata(lang: Lang) -> Self {
        Self { lang, table: table::metadata(), made_of: None }
    }

    /// Returns the texts of a type.
    pub(super) fn about<'a>(&'a self, ty: &'a str) -> About<'a> {
        let made = self.made_of.as_ref().and_then(|known| Made::of(known, ty));
        About { words: self, ty, made }
    }

    /// Returns the description of the schema.
    pub(super) fn schema(&self) -> String {
        self.told("schema", "", None, "schema")
    }

    /// Returns the description of a directive for documents.
    pub(super) fn directive(&self, name: &str, known: Option<&str>) -> String {
        self.told(&format!("@{name}"), "", known, name)
    }

    /// Returns the description of a directive's argument.
    pub(super) fn directive_argument(&self, name: &str, arg: &str, known: Option<&str>) -> String {
        self.told(&format!("@{name}({arg})"), &format!("*({arg})"), known, arg)
    }

    /// Returns the URL of a scalar's specification.
    pub(super) fn specified_by(&self, scalar: &str) -> Option<&'static str> {
        match scalar {
            "Decimal" => Some("https://www.w3.org/TR/xmlschema-2/#decimal"),
            "Date" | "DateTime" => Some("https://www.rfc-editor.org/rfc/rfc3339#section-5.6"),
            "JSON" => Some("https://www.rfc-editor.org/rfc/rfc8259"),
            _ => None,
        }
    }

    /// Looks up a text: in the table by place, then in the schema itself, then in the table by name only.
    /// Otherwise returns the name as words. In Chinese, the table comes before the schema.
    fn told(&self, place: &str, alike: &str, known: Option<&str>, name: &str) -> String {
        let known = known.filter(|text| !text.is_empty());
        let said = |key: &str| self.table.text(key, self.lang);
        let text = match self.lang {
            Lang::En => said(place).or(known).or_else(|| said(alike)),
            Lang::Zh => said(place).or_else(|| said(alike)).or(known),
        };
        text.map_or_else(|| sentence(&in_words(name), self.lang), |text| text.replace('\n', " "))
    }
}

/// The texts of a type and its parts.
pub(super) struct About<'a> {
    words: &'a Words<'a>,
    ty: &'a str,
    made: Option<Made<'a>>,
}

impl About<'_> {
    /// Describes the type. `known` is the schema's own text.
    pub(super) fn itself(&self, known: Option<&str>) -> String {
        let lang = self.words.lang;
        let made = self.made.as_ref().and_then(|made| made.itself(lang));
        made.unwrap_or_else(|| self.words.told(self.ty, "", known, self.ty))
    }

    /// Describes a field, an input field or an enum value.
    pub(super) fn part(&self, name: &str, known: Option<&str>) -> String {
        let lang = self.words.lang;
        if let Some(made) = self.made.as_ref().and_then(|made| made.part(name, lang)) {
            return made;
        }
        if let Some(known) = &self.words.made_of
            && let Some(root) = records::root(known, self.ty, name, lang)
        {
            return root;
        }
        let place = format!("{}.{name}", self.ty);
        self.words.told(&place, &format!("*.{name}"), known, name)
    }

    /// Describes an argument of a field.
    pub(super) fn argument(&self, field: &str, name: &str, known: Option<&str>) -> String {
        if let Some(known) = &self.words.made_of
            && let Some(key) = records::key(known, self.ty, field, name, self.words.lang)
        {
            return key;
        }
        let place = format!("{}.{field}({name})", self.ty);
        self.words.told(&place, &format!("*({name})"), known, name)
    }
}

fn chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{3400}'..='\u{9fff}').contains(&letter))
}

fn sentence(text: &str, lang: Lang) -> String {
    let ended = text.ends_with(['.', '!', '?', '。', '！', '？']);
    match lang {
        _ if ended => text.to_owned(),
        Lang::En => format!("{text}."),
        Lang::Zh => format!("{text}。"),
    }
}

/// Returns a label in the language, otherwise in the other language, otherwise the API name as words.
pub(super) fn title(label: &Label, name: &str, lang: Lang) -> String {
    label.text(lang).map_or_else(|| in_words(name), str::to_owned)
}

/// Returns the description of a definition besides its label, if it is in this language. `中文: English`
/// contains both.
pub(super) fn remark(text: Option<&str>, label: &Label, lang: Lang) -> Option<String> {
    let text = text?.trim();
    let both = text.split_once(": ").filter(|(zh, en)| chinese(zh) && !chinese(en));
    let said = match (lang, both) {
        (Lang::Zh, Some((zh, _))) => zh,
        (Lang::En, Some((_, en))) => en,
        (lang, None) if chinese(text) == (lang == Lang::Zh) => text,
        _ => return None,
    };
    let known = match lang {
        Lang::Zh => label.zh.as_deref(),
        Lang::En => label.en.as_deref(),
    };
    let repeats = known.is_some_and(|known| known.contains(said.trim_end_matches(['.', '。'])));
    (!said.is_empty() && !repeats).then(|| said.to_owned())
}

/// Combines a label and a description.
fn described(label: &Label, description: Option<&str>, name: &str, lang: Lang) -> String {
    let title = title(label, name, lang);
    match (remark(description, label, lang), lang) {
        (Some(remark), Lang::En) => sentence(&format!("{title}: {remark}"), lang),
        (Some(remark), Lang::Zh) => sentence(&format!("{title}：{remark}"), lang),
        (None, _) => title,
    }
}

/// Returns the title of an object's field.
pub(super) fn field_title(catalog: &Catalog, object: &Object, field: &Field, lang: Lang) -> String {
    // The inverse side of a relation has at most a Chinese label.
    let label = field.label.text(lang).filter(|_| !matches!(field.ty, FieldType::Inverse(_)));
    label.map_or_else(|| catalog.title(object, field).text(lang).to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_of_one_language_and_repeat_no_label() {
        let label =
            Label { zh: Some("销售阶段".to_owned()), en: Some("Sales stage".to_owned()) };
        let said = |text: &str, lang| remark(Some(text), &label, lang);
        assert_eq!(said("销售阶段: one step.", Lang::En).as_deref(), Some("one step."));
        assert_eq!(said("销售阶段: one step.", Lang::Zh), None);
        assert_eq!(said("阶段", Lang::Zh), None);
        assert_eq!(said("从发现到成交", Lang::Zh).as_deref(), Some("从发现到成交"));
        assert_eq!(said("从发现到成交", Lang::En), None);
    }
}
