//! The faults of values that no database stores, in both languages.
//!
//! Owns codes, texts and hints. Must not know where a value comes from.

use crate::faults;

faults! {
    unheld() = InputValue, "a text has the character U+0000, which is not kept", "文字包含无法保存的字符 U+0000",
        hint "leave it out", "请去掉该字符";
}
