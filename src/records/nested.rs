//! Records that an input makes for its relations: each before the record that refers to it, in the same
//! transaction and with the rights of a create of its own.

use super::{
    change::{Change, Input, Op},
    references::{Memo, Reference},
    save::{Carried, carry_out},
    session::Session,
};
use crate::{
    access::Action,
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, Object},
    storage::Tx,
};

/// How deep records may be made within records.
pub(super) const DEEPEST: usize = 5;

/// Makes them for the input at a path: what the relations come to, and what is wrong in `faults`.
///
/// Of one that is refused the id is one that nothing has: nothing will be written, and that the relation is
/// required need not be told besides.
pub(super) async fn make(
    session: &Session,
    tx: &Tx,
    object: &Object,
    input: &Input,
    path: &[String],
    faults: &mut Vec<Error>,
    memo: &Memo,
) -> Result<Vec<(FieldIx, Value)>> {
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
                memo.leave(left.into_iter().map(|reference| Reference {
                    path: path.clone().chain(reference.path).collect(),
                    ..reference
                }));
                // Which reference it was is found out with its path.
                let known = error.code == Code::RecordReference && error.path.is_empty();
                return Err(if known { error } else { placed(error) });
            }
        };
        made.push((*ix, Value::Id(id.unwrap_or_else(|| session.env.ids.next()))));
    }
    Ok(made)
}
