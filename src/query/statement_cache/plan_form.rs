//! The form of a plan, which is the key of its statement, and the size of both.

use std::{hash::Hasher, sync::Arc};

use super::Template;

/// Collects all hashed bytes: equal bytes mean equal forms.
pub(super) struct PlanForm(pub(super) Vec<u8>);

impl Hasher for PlanForm {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

/// The size of a form and its statement, roughly in bytes. The shape counts as much as the SQL text.
#[expect(clippy::ptr_arg, reason = "the cache passes its own key")]
pub(super) fn weight(form: &Vec<u8>, template: &Arc<Template>) -> u32 {
    let own = match &**template {
        Template::Kept { sql, places, .. } => 2 * sql.len() + size_of_val(places.as_slice()),
        Template::Anew => 0,
    };
    u32::try_from(form.len() + own + 200).unwrap_or(u32::MAX)
}
