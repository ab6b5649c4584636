//! Upsert: updates the record with a unique key, or creates one.
//!
//! A record that the caller may not see does not exist for them. Creating another with its key is then
//! refused as usual.

use sea_orm::sea_query::{Alias, Query};
use uuid::Uuid;

use super::{
    bulk::{OnError, Outcome, carry_out_all},
    change::{Change, Input, Op},
    session::Session,
    taken,
};
use crate::{
    access::Action,
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, FieldType, Object, ObjectIx},
    message,
    query::Guard,
    rules,
    sql::decode,
    storage::Tx,
};

/// A command to create a record, or to update the one with its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Upsert {
    /// The object.
    pub object: ObjectIx,
    /// The unique field that identifies the record.
    pub key: FieldIx,
    /// The values, including the key. An existing record keeps fields that are not given.
    pub input: Input,
}

/// Executes the command. If another transaction creates a record with the key meanwhile, this one waits and
/// updates that record.
pub(super) async fn carry_out(session: &Session, tx: &Tx, wish: &Upsert) -> Result<Outcome> {
    let object = session.catalog.object(wish.object);
    let field = object.field(wish.key);
    let given = wish.input.values.iter().find(|(ix, _)| *ix == wish.key);
    let value = given.map(|(_, value)| rules::normalise(&session.catalog, field, value.clone()));
    let Some(value) = value.filter(|value| !value.is_null()) else {
        let title = session.catalog.title(object, field);
        let message = message!(
            "{title} is required to find the record by",
            "按{title}查找记录时必填",
            title,
        );
        let fault = Error::of(Code::RecordRequired, message);
        return Ok(Outcome::refused(vec![fault.at([field.name.as_str()])]));
    };
    // Texts with a NUL character cannot be stored. The create reports the fault.
    if value.as_text().is_some_and(|text| text.contains('\0')) {
        return save(session, tx, object, Op::Create(wish.input.clone())).await;
    }
    if let Some(id) = known(session, tx, object, wish.key, &value).await? {
        return save(session, tx, object, update(id, wish)).await;
    }
    let made = save(session, tx, object, Op::Create(wish.input.clone())).await?;
    let taken = |fault: &Error| {
        fault.code == Code::RecordTaken && matches!(&fault.path[..], [one] if *one == field.name)
    };
    if !made.faults().iter().any(taken) {
        return Ok(made);
    }
    match known(session, tx, object, wish.key, &value).await? {
        Some(id) => save(session, tx, object, update(id, wish)).await,
        None => Ok(made),
    }
}

fn update(id: Uuid, wish: &Upsert) -> Op {
    // The record has the key already and keeps its spelling.
    let mut patch = wish.input.clone();
    patch.values.retain(|(ix, _)| *ix != wish.key);
    Op::Update { id, patch, expected: None }
}

async fn save(session: &Session, tx: &Tx, object: &Object, op: Op) -> Result<Outcome> {
    let change = Change { object: object.ix, op };
    carry_out_all(session, tx, object, &[change], OnError::Abort, |_| None).await
}

/// Returns the visible record with a key: `SELECT t1.id FROM customer AS t1 WHERE t1.code = $1 AND …`.
async fn known(
    session: &Session,
    tx: &Tx,
    object: &Object,
    key: FieldIx,
    value: &Value,
) -> Result<Option<Uuid>> {
    let equal = taken::equals(tx.dialect(), object, key, value)?;
    let mut select = Query::select();
    select
        .column((Alias::new("t1"), Alias::new("id")))
        .from_as(Alias::new(&object.table), Alias::new("t1"))
        .and_where(equal);
    let rule = session.access.row_rule(object, Action::Read);
    let guard = Guard::new(&session.catalog, tx.dialect()).of_one();
    guard.restrict(object.ix, "t1", rule, &mut select)?;
    let rows = tx.select(&select).await?;
    let id = rows.first().map(|row| decode(tx.dialect(), &FieldType::Id, row, 0)).transpose()?;
    Ok(id.and_then(|id| id.as_id()))
}
