//! Faults of expressions, when written and when evaluated.
//!
//! Owns the errors and the did-you-mean hints. Must not know error codes, nor the place of the text.

use super::messages;
use crate::base::{Lang, Message, Said};

/// A fault of an expression as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExprError {
    /// The fault.
    pub message: Message,
    /// The advice.
    pub hint: Option<Message>,
    /// The offset in the text, in bytes.
    pub offset: Option<usize>,
    /// The unknown name, if the fault is an unknown field of the record.
    pub unknown: Option<String>,
}

impl ExprError {
    /// An error at a place in the text.
    pub(super) fn new(message: Message, offset: Option<usize>) -> Self {
        Self { message, hint: None, offset, unknown: None }
    }

    /// The same error with advice.
    #[must_use]
    pub(super) fn hint(mut self, hint: Message) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same error with the nearest name as advice, if one is near.
    #[must_use]
    pub(super) fn suggest(mut self, name: &str, names: impl IntoIterator<Item = String>) -> Self {
        if let Some(near) = nearest(name, names) {
            self.hint = Some(messages::did_you_mean(near));
        }
        self
    }
}

/// The reason why an expression has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvalError {
    /// A number is outside the range of whole numbers or of decimals.
    Overflow,
    /// A date is outside the calendar.
    DateRange,
    /// A field's value does not have the type with which the expression was checked.
    Mismatch,
}

impl EvalError {
    /// The message for people.
    pub fn message(self) -> Message {
        match self {
            Self::Overflow => messages::overflow(),
            Self::DateRange => messages::out_of_calendar(),
            Self::Mismatch => messages::other_type(),
        }
    }
}

impl Said for EvalError {
    fn said(&self, lang: Lang) -> std::borrow::Cow<'_, str> {
        std::borrow::Cow::Owned(self.message().text(lang).to_owned())
    }
}

/// The name nearest to the written one, if it is near enough to be meant.
fn nearest(name: &str, names: impl IntoIterator<Item = String>) -> Option<String> {
    let lower = name.to_lowercase();
    let allowed = (name.chars().count() / 3).clamp(1, 3);
    names
        .into_iter()
        .map(|candidate| {
            (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate)
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
