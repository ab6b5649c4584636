//! Formulas of saved records.

use super::session::Session;
use crate::{
    base::{Error, Value},
    catalog::{FieldIx, Object},
    rules::{self, Facts, RuleContext, Values},
};

/// A formula reads only its own record, so the scope has no facts.
fn with<T>(session: &Session, object: &Object, act: impl FnOnce(&RuleContext<'_>) -> T) -> T {
    let (values, facts) = (Values::default(), Facts::default());
    act(&RuleContext {
        object,
        values: &values,
        old: None,
        facts: &facts,
        viewer: Value::Null,
        today: session.today(),
        now: session.env.clock.now(),
        zone: session.env.zone,
        trial: false,
        restored: false,
        given: &[],
        unread: &[],
    })
}

/// Recomputes the formulas of a record, including those over roll-ups. Returns the faults of formulas that
/// read these fields, or of all formulas without `touched`.
pub(super) fn compute(
    session: &Session,
    object: &Object,
    values: &mut Values,
    touched: Option<&[FieldIx]>,
) -> Vec<Error> {
    if object.formulas.is_empty() {
        return Vec::new();
    }
    with(session, object, |at| rules::compute(&session.catalog, object, values, at, touched))
}

/// Like [`compute`], for a record that no person changes: a formula that cannot be computed has no value.
pub(super) fn settle(session: &Session, object: &Object, values: &mut Values) {
    if !object.formulas.is_empty() {
        with(session, object, |at| rules::settle(&session.catalog, object, values, at));
    }
}
