//! The faults of roles' texts, in both languages.
//!
//! Owns codes and texts. Must not know how a text is read.

use crate::faults;

faults! {
    unheld(fault) = InputValue, "{fault}", "{fault}";
    unreadable(fault) = CatalogSyntax, "{fault}", "{fault}";
    unreadable_at(line, column, fault) = CatalogSyntax, "line {line}, column {column}: {fault}", "第 {line} 行第 {column} 列：{fault}";
}
