//! Creates records that an input contains for its relations: each before the record that refers to it, in the
//! same transaction, and with the rights that its own create needs.

use super::{
    change::{Change, Input, Op},
    references::Reference,
    save::{Carried, carry_out},
    stages::Save,
};
use crate::{
    access::Action,
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, Object},
};

/// The deepest nesting of creates.
pub(super) const DEEPEST: usize = 5;

/// Creates the nested records of an input. Returns the ids of the relations and adds faults to `faults`.
///
/// A refused record gets an unused id: nothing will be written, and a required relation gets no second fault.
pub(super) async fn make(
    save: &Save<'_>,
    object: &Object,
    input: &Input,
    path: &[String],
    faults: &mut Vec<Error>,
) -> Result<Vec<(FieldIx, Value)>> {
    let (session, tx) = (save.session, save.tx);
    let mut made = Vec::with_capacity(input.nested.len());
    for (ix, inner) in &input.nested {
        let field = object.field(*ix);
        let Some(target) = field.target().map(|target| session.catalog.object(target)) else {
            continue;
        };
        let change = Change { object: target.ix, op: Op::Create(inner.clone()) };
        let path = path.iter().cloned().chain([field.name.clone(), "create".to_owned()]);
        let placed = |error: Error| {
            let parts = path.clone().collect::<Vec<_>>().into_iter().rev();
            parts.fold(error, Error::within)
        };
        let mut left = Vec::new();
        let changes = [&change];
        let carried = carry_out(session, tx, target, &changes, Action::Create, &mut left);
        let id = match Box::pin(carried).await {
            Ok(Carried::Done(done)) => done.first().map(|(id, _)| *id),
            Ok(Carried::Refused(told)) => {
                faults.extend(told.into_iter().flatten().map(placed));
                None
            }
            Err(error) => {
                save.memo.leave(left.into_iter().map(|reference| Reference {
                    path: path.clone().chain(reference.path).collect(),
                    ..reference
                }));
                // The caller finds out which reference it was, and knows its path.
                let known = error.code == Code::RecordReference && error.path.is_empty();
                return Err(if known { error } else { placed(error) });
            }
        };
        made.push((*ix, Value::Id(id.unwrap_or_else(|| session.env.ids.next()))));
    }
    Ok(made)
}
