//! A menu as it is written: TOML, one text for each front system.

use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::super::{
    messages,
    text::{NameOr, plain},
    write::{Writer, quoted},
};
use crate::{
    base::Code,
    catalog::{Diagnostic, from_toml},
};

/// The longest text, in characters.
const LARGEST: usize = 100_000;

/// The text of a menu.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuText {
    /// The front system.
    pub system: Spanned<String>,
    /// The groups.
    #[serde(default)]
    pub groups: Vec<MenuGroupText>,
}

/// Entries under one heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuGroupText {
    /// The Chinese heading.
    pub label: Option<String>,
    /// The English one.
    pub label_en: Option<String>,
    /// The entries.
    #[serde(default)]
    pub entries: Vec<Spanned<MenuEntryText>>,
}

/// An entry: an object by its name alone, or a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MenuEntryText(pub MenuEntryParts);

/// The parts of an entry; either `object` or `path` is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MenuEntryParts {
    /// The API name of an object.
    pub object: Option<String>,
    /// A place of the console.
    pub path: Option<String>,
    /// The Chinese label; that of the object unless told.
    pub label: Option<String>,
    /// The English one.
    pub label_en: Option<String>,
    /// The name of an icon.
    pub icon: Option<String>,
}

impl<'de> Deserialize<'de> for MenuEntryText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let named = |name: &str| Self::object(name).0;
        deserializer.deserialize_any(NameOr { named }).map(Self)
    }
}

impl MenuEntryText {
    /// An object.
    pub fn object(name: &str) -> Self {
        Self(MenuEntryParts { object: Some(name.to_owned()), ..MenuEntryParts::default() })
    }
}

impl MenuText {
    /// A menu without entries.
    pub fn empty(system: &str) -> Self {
        Self { system: plain(system.to_owned()), groups: Vec::new() }
    }

    /// Reads a text. `path` names it in the diagnostic.
    pub fn parse(path: &str, text: &str) -> Result<Self, Diagnostic> {
        let (place, message) = if text.chars().count() > LARGEST {
            (None, messages::text_too_large(LARGEST))
        } else {
            match from_toml(text) {
                Ok(menu) => return Ok(menu),
                Err(fault) => (fault.place, fault.message),
            }
        };
        let (line, column) = place.unwrap_or((1, 1));
        let (code, path) = (Code::CatalogSyntax, path.to_owned());
        Err(Diagnostic { code, path, line, column, message, hint: None })
    }
}

/// The text of a menu.
pub fn write_menu(menu: &MenuText) -> String {
    let mut out = Writer::default();
    out.value("system", Some(menu.system.get_ref()));
    for group in &menu.groups {
        out.line("\n[[groups]]");
        out.value("label", group.label.as_ref());
        out.value("label_en", group.label_en.as_ref());
        out.list("entries", group.entries.iter().map(|known| entry(known.get_ref())));
    }
    out.0
}

fn entry(entry: &MenuEntryText) -> String {
    let parts = &entry.0;
    let name = parts.object.as_deref().unwrap_or_default();
    if *entry == MenuEntryText::object(name) {
        return quoted(name);
    }
    let pair = |key: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!("{key} = {}", quoted(value)))
    };
    let pairs = [
        pair("object", &parts.object),
        pair("path", &parts.path),
        pair("label", &parts.label),
        pair("label_en", &parts.label_en),
        pair("icon", &parts.icon),
    ];
    format!("{{ {} }}", pairs.into_iter().flatten().collect::<Vec<_>>().join(", "))
}
