//! Faults of TOML texts, with their place and in both languages.
//!
//! Roles, layouts and menus are written in TOML. Must not know what a text defines.

use super::names::quoted_list;
use crate::base::Message;

/// The place of a byte of a text: line and column, both from 1, the column in characters.
pub fn place_in(text: &str, offset: usize) -> Option<(usize, usize)> {
    let before = text.get(..offset)?;
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some((line, column))
}

/// What is wrong with a TOML text, and where if the parser knows.
pub fn toml_fault(text: &str, fault: &toml::de::Error) -> (Option<(usize, usize)>, Message) {
    let told = fault.message();
    let message = Message::new(told.to_owned(), in_chinese(told));
    (fault.span().and_then(|span| place_in(text, span.start)), message)
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
