//! What is wrong with a definition, and where.

use std::sync::LazyLock;

use crate::base::{Code, Lang, Message};

/// What stands before advice.
static HINT: LazyLock<Message> = LazyLock::new(|| Message::new("hint", "提示"));

/// One fault of a definition text. A resolve reports all it can find, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, one of `CATALOG_*`.
    pub code: Code,
    /// The file or text the fault is in.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong: lower case, names in backticks.
    pub message: Message,
    /// What to do about it.
    pub hint: Option<Message>,
}

impl Diagnostic {
    /// The same fault with advice.
    #[must_use]
    pub(super) fn hinted(self, hint: Message) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// What a person reads of it: the place, the code, what is wrong and what to do.
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
