//! Faults of definitions, and where they are.

use std::sync::LazyLock;

use crate::base::{Code, Lang, Message};

/// The word before advice.
static HINT: LazyLock<Message> = LazyLock::new(|| Message::new("hint", "提示"));

/// One fault of a definition text. A resolve reports all faults that it can find, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, one of `CATALOG_*`.
    pub code: Code,
    /// The file or text with the fault.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The fault: lower case, names in backticks.
    pub message: Message,
    /// The advice.
    pub hint: Option<Message>,
}

impl Diagnostic {
    /// The same fault with advice.
    #[must_use]
    pub(super) fn hinted(self, hint: Message) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// The text for a person: the place, the code, the fault and the advice.
    pub fn text(&self, lang: Lang) -> String {
        let Self { code, path, line, column, message, hint } = self;
        let told = format!("{path}:{line}:{column}: {}: {}", code.name(), message.text(lang));
        match hint {
            Some(hint) => format!("{told}\n  {}: {}", HINT.text(lang), hint.text(lang)),
            None => told,
        }
    }
}

impl std::fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(Lang::En))
    }
}
