//! Labels and descriptions of a schema in the caller's language: from the catalog, or from a table for
//! generated parts.
//!
//! A schema contains only names and types. Descriptions are built on request, so that languages cost neither
//! start-up time nor memory.

mod labels;
mod records;
mod table;

pub(super) use self::labels::{field_title, plural, remark, title};
use self::{
    labels::sentence,
    records::{Catalogued, Made},
    table::Table,
};
use crate::{
    base::Lang,
    catalog::{Catalog, in_words},
};

/// The texts of one schema in one language.
pub(super) struct Words<'w> {
    lang: Lang,
    table: &'static Table,
    /// The catalog of the schema, if it has one.
    made_of: Option<Catalogued<'w>>,
}

impl<'w> Words<'w> {
    /// For the record schema.
    pub(super) fn records(catalog: &'w Catalog, lang: Lang) -> Self {
        Self { lang, table: table::records(), made_of: Some(Catalogued::of(catalog)) }
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
            "Date" | "DateTime" | "Time" => {
                Some("https://www.rfc-editor.org/rfc/rfc3339#section-5.6")
            }
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
    /// Returns the type's name.
    pub(super) fn ty(&self) -> &str {
        self.ty
    }

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
