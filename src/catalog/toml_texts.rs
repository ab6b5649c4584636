//! The texts of a TOML text with their places, so that single ones can be changed and all else stays byte for byte.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::sdl::quoted;

/// A key, or a value that is a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlText {
    /// The keys and places in lists that lead to it, its own key last.
    pub path: Vec<String>,
    /// Whether it is a key.
    pub is_key: bool,
    /// The text itself.
    pub text: String,
    span: Range<usize>,
}

/// All keys and texts. None for what is no TOML.
pub fn toml_texts(text: &str) -> Option<Vec<TomlText>> {
    let table = DeTable::parse(text).ok()?;
    let mut found = Vec::new();
    of_table(table.get_ref(), &[], &mut found);
    Some(found)
}

fn of_table(table: &DeTable<'_>, path: &[String], found: &mut Vec<TomlText>) {
    for (key, value) in table {
        let path = [path, &[key.get_ref().to_string()]].concat();
        let text = key.get_ref().to_string();
        found.push(TomlText { path: path.clone(), is_key: true, text, span: key.span() });
        of_value(value, &path, found);
    }
}

fn of_value(value: &Spanned<DeValue<'_>>, path: &[String], found: &mut Vec<TomlText>) {
    match value.get_ref() {
        DeValue::String(text) => found.push(TomlText {
            path: path.to_vec(),
            is_key: false,
            text: text.to_string(),
            span: value.span(),
        }),
        DeValue::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                of_value(item, &[path, &[at.to_string()]].concat(), found);
            }
        }
        DeValue::Table(table) => of_table(table, path, found),
        _ => {}
    }
}

/// The text with some keys and values changed; a key becomes a bare one.
pub fn with_toml_texts(text: &str, mut changes: Vec<(&TomlText, String)>) -> String {
    // From the end, so that the places before stay true.
    changes.sort_by_key(|(old, _)| std::cmp::Reverse(old.span.start));
    let mut text = text.to_owned();
    for (old, new) in changes {
        if text.get(old.span.clone()).is_some() {
            text.replace_range(old.span.clone(), &if old.is_key { new } else { quoted(&new) });
        }
    }
    text
}
