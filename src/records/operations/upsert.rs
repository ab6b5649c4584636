//! Upsert: updates the record with a unique key, or creates one.
//!
//! A record that the caller may not see does not exist for them. Creating another with its key is then
//! refused as usual.

use async_trait::async_trait;
use sea_orm::sea_query::{Alias, Query};
use uuid::Uuid;

use super::{Argument, ArgumentType, Command, DESPITE, ObjectsWith, Operation, ResultType};
use crate::{
    access::Action,
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, FieldType, Object, ObjectIx},
    query::Guard,
    records::{
        Change, Input, OnError, Op, Outcome, Session, bulk::carry_out_all, faults, unique_keys,
    },
    rules,
    sql::decode,
    storage::Tx,
};

pub(super) static UPSERT: Operation = Operation {
    verb: "upsert",
    with: ObjectsWith::Records,
    many: false,
    arguments: &[
        Argument { name: "by", ty: ArgumentType::Key },
        Argument { name: "input", ty: ArgumentType::Input },
        DESPITE,
    ],
    result: ResultType::Record,
    about: (
        "Changes the record with the key of the input, or makes it where there is none: {object}.",
        "按输入中的唯一键修改{object}，不存在时新建。",
    ),
    open: |visible, object| {
        let both = [Action::Create, Action::Edit];
        both.into_iter().all(|action| visible.may(object, action))
            && visible.upserted_by(object).next().is_some()
    },
    read: |object, mut given| {
        let (key, despite) = (given.key("by")?, given.flag(DESPITE.name));
        let input = given.input("input")?.despite_duplicates(despite);
        Ok(Box::new(Upsert { object: object.ix, key, input }))
    },
};

/// A command to create a record, or to update the one with its key.
#[derive(Debug)]
struct Upsert {
    object: ObjectIx,
    /// The unique field that identifies the record.
    key: FieldIx,
    /// The values, including the key. An existing record keeps fields that are not given.
    input: Input,
}

/// Executes the command. If another transaction creates a record with the key meanwhile, this one waits and
/// updates that record.
async fn carry_out(session: &Session, tx: &Tx, wish: &Upsert) -> Result<Outcome> {
    let object = session.catalog.object(wish.object);
    // Without a key that can be read, no record can be looked for.
    if wish.input.unread.iter().any(|(ix, _)| *ix == wish.key) {
        return Ok(Outcome::refused(wish.input.misread(&session.catalog, object)));
    }
    let field = object.field(wish.key);
    let given = wish.input.values.iter().find(|(ix, _)| *ix == wish.key);
    let value = given.map(|(_, value)| rules::normalise(&session.catalog, field, value.clone()));
    let Some(value) = value.filter(|value| !value.is_null()) else {
        let title = session.catalog.title(object, field);
        let fault = faults::key_missing(title);
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

#[async_trait]
impl Command for Upsert {
    fn object(&self) -> ObjectIx {
        self.object
    }

    async fn run(&self, session: &Session, tx: &Tx) -> Result<Outcome> {
        carry_out(session, tx, self).await
    }

    fn writes_others(&self) -> bool {
        self.input.depth() > 0
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
    let equal = unique_keys::equals(tx.dialect(), object, key, value)?;
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
