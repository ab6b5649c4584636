//! Formulas of records that are saved.

use super::session::Session;
use crate::{
    base::{Error, Value},
    catalog::{FieldIx, Object},
    rules::{self, Facts, Scope, Values},
};

/// A formula reads its own record alone.
fn with<T>(session: &Session, object: &Object, act: impl FnOnce(&Scope<'_>) -> T) -> T {
    let (values, facts) = (Values::default(), Facts::default());
    act(&Scope {
        object,
        values: &values,
        facts: &facts,
        viewer: Value::Null,
        today: session.today(),
        now: session.env.clock.now(),
        trial: false,
        given: &[],
        unread: &[],
    })
}

/// Computes the formulas of a record anew from its values, roll-ups among them; gives what cannot be computed of
/// those that read some fields, or of all.
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

/// The same for a record that is changed by nobody in person.
pub(super) fn settle(session: &Session, object: &Object, values: &mut Values) {
    if !object.formulas.is_empty() {
        with(session, object, |at| rules::settle(&session.catalog, object, values, at));
    }
}
