//! Faults of TOML texts, with their place and in both languages.
//!
//! Roles, layouts and menus are written in TOML. Must not know what a text defines.

use serde::de::DeserializeOwned;

use super::{messages, names::quoted_list};
use crate::base::Message;

/// What is wrong with a TOML text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlFault {
    /// Where, if that is known: line and column, both from 1.
    pub place: Option<(usize, usize)>,
    /// What.
    pub message: Message,
    /// Whether the text can be read and holds the character U+0000.
    pub unheld: bool,
}

/// Reads a TOML text. A text or a key in it may have no U+0000, which an escape can write and no database keeps.
pub fn from_toml<T: DeserializeOwned>(text: &str) -> Result<T, TomlFault> {
    let unreadable = |fault: toml::de::Error| TomlFault {
        place: fault.span().and_then(|span| place_in(text, span.start)),
        message: Message::new(fault.message().to_owned(), in_chinese(fault.message())),
        unheld: false,
    };
    let read = toml::from_str(text).map_err(unreadable)?;
    if text.contains('\\') {
        let table: toml::Table = toml::from_str(text).map_err(unreadable)?;
        if has_null(&toml::Value::Table(table)) {
            let escape =
                ["\\u0000", "\\U00000000", "\\x00"].iter().find_map(|sign| text.find(sign));
            let place = escape.and_then(|offset| place_in(text, offset));
            return Err(TomlFault { place, message: messages::null_character(), unheld: true });
        }
    }
    Ok(read)
}

fn has_null(value: &toml::Value) -> bool {
    match value {
        toml::Value::String(text) => text.contains('\0'),
        toml::Value::Array(values) => values.iter().any(has_null),
        toml::Value::Table(table) => {
            table.iter().any(|(key, value)| key.contains('\0') || has_null(value))
        }
        _ => false,
    }
}

/// The place of a byte of a text: line and column, both from 1, the column in characters.
pub fn place_in(text: &str, offset: usize) -> Option<(usize, usize)> {
    let before = text.get(..offset)?;
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some((line, column))
}

/// The Chinese for a message of the TOML parser, which puts names in backticks.
fn in_chinese(told: &str) -> String {
    let names: Vec<_> = told.split('`').skip(1).step_by(2).collect();
    let (first, others) = match names.split_first() {
        Some((first, others)) => (*first, quoted_list(others)),
        None => ("", String::new()),
    };
    let known = |begins: &str| told.starts_with(begins);
    match others.is_empty() {
        false if known("unknown field") => format!("没有键 `{first}`，可用 {others}"),
        false if known("unknown variant") => format!("不能使用 `{first}`，可用 {others}"),
        _ if known("unknown field") => format!("没有键 `{first}`"),
        _ if known("missing field") => format!("缺少键 `{first}`"),
        _ if known("duplicate") => format!("重复：`{first}`"),
        _ if known("invalid type") || known("invalid value") => "值的类型不正确".to_owned(),
        _ => "TOML 无法读取".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn read(text: &str) -> Result<BTreeMap<String, Vec<String>>, TomlFault> {
        from_toml(text)
    }

    #[test]
    fn no_text_has_the_null_character() {
        for text in [
            "a = [\"x\\u0000\"]",
            "a = [\"\\U00000000\"]",
            "\"a\\u0000\" = []",
            "a = [\"x\", \"\\x00\"]",
        ] {
            assert!(read(text).unwrap_err().unheld, "{text}");
        }
        let fault = read("b = []\na = [\"x\\u0000\"]").unwrap_err();
        assert_eq!(fault.place, Some((2, 8)));
        assert!(
            read("a = ['\\u0000', \"\\\\u0000\", \"\\u0001\"]").is_ok(),
            "these are other characters"
        );
        assert!(!read("a = [\"\\u0000\"").unwrap_err().unheld, "it cannot be read at all");
    }
}
