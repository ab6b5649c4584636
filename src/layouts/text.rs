//! A layout as it is written: TOML, each name with its place in the text.
//!
//! Must not know whether the names exist.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};
use toml::Spanned;

use super::{
    key::{LayoutKey, LayoutKind},
    messages,
};
use crate::{
    base::{Code, Message},
    catalog::{Diagnostic, from_toml},
};

/// The longest text, in characters.
const LARGEST: usize = 100_000;

/// A layout's text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutText {
    /// The API name of the object.
    pub object: Spanned<String>,
    /// The kind.
    pub kind: LayoutKind,
    /// The code of the only role that it is for.
    pub role: Option<Spanned<String>>,
    /// The only state of records that it is for.
    pub state: Option<Spanned<String>>,
    /// The columns of a list, or the fields of a card.
    #[serde(default)]
    pub columns: Vec<Spanned<ColumnText>>,
    /// The fields that are offered as filters.
    #[serde(default)]
    pub quick_filters: Vec<Spanned<String>>,
    /// The order of a list: fields, those with `-` before them descending.
    #[serde(default)]
    pub order_by: Vec<Spanned<String>>,
    /// The fields above everything else.
    #[serde(default)]
    pub header: Vec<Spanned<String>>,
    /// The field whose values are the columns of a board.
    pub state_field: Option<Spanned<String>>,
    /// The field that places a record in a calendar.
    pub start_field: Option<Spanned<String>>,
    /// The field at which it ends there.
    pub end_field: Option<Spanned<String>>,
    /// The tabs of a page.
    #[serde(default)]
    pub tabs: Vec<TabText>,
}

/// A tab.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TabText {
    /// The Chinese label.
    pub label: Option<String>,
    /// The English label.
    pub label_en: Option<String>,
    /// The sections.
    #[serde(default)]
    pub sections: Vec<SectionText>,
}

/// A section.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionText {
    /// The Chinese label.
    pub label: Option<String>,
    /// The English label.
    pub label_en: Option<String>,
    /// How many items stand beside one another; two unless told.
    pub columns: Option<u8>,
    /// Whether it is folded at first.
    #[serde(default)]
    pub collapsed: bool,
    /// What it shows.
    #[serde(default)]
    pub items: Vec<Spanned<ItemText>>,
}

/// An item of a section: a field by its name alone, or a table that says which of them it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemText(pub ItemParts);

/// The parts of an item; exactly one of `field`, `lines`, `related`, `timeline` and `text` is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemParts {
    /// A field.
    pub field: Option<String>,
    /// The lines of a document.
    pub lines: Option<String>,
    /// The records that refer to this one: the field with them.
    pub related: Option<String>,
    /// What happened, in order.
    #[serde(default)]
    pub timeline: bool,
    /// A Chinese text for whoever looks at the page.
    pub text: Option<String>,
    /// The same in English.
    pub text_en: Option<String>,
    /// The Chinese label of lines and related records.
    pub label: Option<String>,
    /// The English one.
    pub label_en: Option<String>,
    /// How many columns of the section it takes; one unless told.
    pub width: Option<u8>,
    /// Whether a form only shows the field.
    #[serde(default)]
    pub read_only: bool,
    /// The columns of lines and related records.
    #[serde(default)]
    pub columns: Vec<ColumnText>,
    /// How many related records are shown at first.
    pub first: Option<u16>,
    /// An expression over the record; the item is shown while it holds.
    pub visible: Option<String>,
}

/// A column: a field by its name alone, or with a width.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnText {
    /// The field.
    pub field: String,
    /// Its width in pixels.
    pub width: Option<u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnParts {
    field: String,
    width: Option<u16>,
}

/// Reads a text alone as a name, or a table.
pub(super) struct NameOr<T> {
    /// What a name alone stands for.
    pub(super) named: fn(&str) -> T,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for NameOr<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name or a table")
    }

    fn visit_str<E>(self, name: &str) -> Result<T, E> {
        Ok((self.named)(name))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

impl<'de> Deserialize<'de> for ItemText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let named = |name: &str| ItemParts { field: Some(name.to_owned()), ..ItemParts::default() };
        deserializer.deserialize_any(NameOr { named }).map(Self)
    }
}

impl<'de> Deserialize<'de> for ColumnText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let named = |name: &str| ColumnParts { field: name.to_owned(), width: None };
        let ColumnParts { field, width } = deserializer.deserialize_any(NameOr { named })?;
        Ok(Self { field, width })
    }
}

impl ItemText {
    /// A field.
    pub fn field(name: &str) -> Self {
        Self(ItemParts { field: Some(name.to_owned()), ..ItemParts::default() })
    }
}

/// A value that stands in no text yet.
pub fn plain<T>(value: T) -> Spanned<T> {
    Spanned::new(0..0, value)
}

impl LayoutText {
    /// An empty layout.
    pub fn empty(key: &LayoutKey) -> Self {
        Self {
            object: plain(key.object.clone()),
            kind: key.kind,
            role: key.role.clone().map(plain),
            state: key.state.clone().map(plain),
            columns: Vec::new(),
            quick_filters: Vec::new(),
            order_by: Vec::new(),
            header: Vec::new(),
            state_field: None,
            start_field: None,
            end_field: None,
            tabs: Vec::new(),
        }
    }

    /// Reads a text. `path` names it in the diagnostic.
    pub fn parse(path: &str, text: &str) -> Result<Self, Diagnostic> {
        let fault = |(line, column), message: Message| Diagnostic {
            code: Code::CatalogSyntax,
            path: path.to_owned(),
            line,
            column,
            message,
            hint: None,
        };
        if text.chars().count() > LARGEST {
            return Err(fault((1, 1), messages::text_too_large(LARGEST)));
        }
        from_toml(text).map_err(|found| fault(found.place.unwrap_or((1, 1)), found.message))
    }

    /// What the layout is for.
    pub fn key(&self) -> LayoutKey {
        LayoutKey {
            object: self.object.get_ref().clone(),
            kind: self.kind,
            role: self.role.as_ref().map(|role| role.get_ref().clone()),
            state: self.state.as_ref().map(|state| state.get_ref().clone()),
        }
    }
}
