//! The form of a plan, which its statement is kept by, and what both take.

use std::{hash::Hasher, sync::Arc};

use super::Template;

/// Collects all that is hashed, so that equal means equal.
pub(super) struct Form(pub(super) Vec<u8>);

impl Hasher for Form {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

/// What a form and its statement take, roughly in bytes; how a row is read is taken to be as large as the text.
#[expect(clippy::ptr_arg, reason = "the cache passes its own key")]
pub(super) fn weight(form: &Vec<u8>, template: &Arc<Template>) -> u32 {
    let own = match &**template {
        Template::Kept { sql, places, .. } => 2 * sql.len() + size_of_val(places.as_slice()),
        Template::Anew => 0,
    };
    u32::try_from(form.len() + own + 200).unwrap_or(u32::MAX)
}
