//! What can be wrong with an expression, when written and when evaluated.
//!
//! Owns the errors and the did-you-mean hints; knows neither error codes nor where the text stood.

/// What is wrong with an expression as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExprError {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
    /// Where in the text, in bytes from its start.
    pub offset: Option<usize>,
}

impl ExprError {
    /// An error at a place in the text.
    pub(super) fn new(message: impl Into<String>, offset: Option<usize>) -> Self {
        Self { message: message.into(), hint: None, offset }
    }

    /// The same error with advice.
    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error with the nearest of the names as advice, if one is near.
    #[must_use]
    pub(super) fn suggest(mut self, name: &str, names: impl IntoIterator<Item = String>) -> Self {
        if let Some(near) = nearest(name, names) {
            self.hint = Some(format!("did you mean `{near}`?"));
        }
        self
    }
}

/// Why an expression has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EvalError {
    /// A number left the range of whole numbers or of decimals.
    #[error("a number is too large")]
    Overflow,
    /// A date left the calendar.
    #[error("a date is out of range")]
    DateRange,
    /// A field's value is not of the type the expression was checked with.
    #[error("a value does not have the type it was declared with")]
    Mismatch,
}

/// The name nearest to the one written, if it is near enough to be what was meant.
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
