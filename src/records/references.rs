//! References of a record: that they name records the caller may see, and what expressions read over them.

use std::{collections::HashMap, sync::Mutex};

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{session::Session, store::Values};
use crate::{
    access::{Action, RowRule},
    base::{Code, Error, Result, Value},
    catalog::{Field, FieldIx, Object, ObjectIx},
    query::Guard,
    rules::Facts,
    sql::{decode, encode_as},
    storage::Tx,
};

/// A reference to be checked: where it stands in the input, and what it names.
pub(super) struct Reference {
    pub(super) path: Vec<String>,
    pub(super) target: ObjectIx,
    pub(super) id: Uuid,
    /// It is written to a column with a foreign key, so that the database refuses it if it names nothing.
    pub(super) keyed: bool,
}

/// The references among some fields of a record.
pub(super) fn of_values(object: &Object, values: &Values, fields: &[FieldIx]) -> Vec<Reference> {
    fields
        .iter()
        .filter_map(|ix| {
            let field = object.field(*ix);
            let target = field.relation()?.target;
            let id = values.get(ix)?.as_id()?;
            Some(Reference { path: vec![field.name.clone()], target, id, keyed: true })
        })
        .collect()
}

/// Whether the database's own refusal says all there is to say: the caller may see every record that is there.
pub(super) fn left_to_keys(session: &Session, reference: &Reference) -> bool {
    let target = session.catalog.object(reference.target);
    reference.keyed && *session.access.row_rule(target, Action::Read) == RowRule::All
}

/// Those that name no record the caller may see, as errors; one statement for all.
pub(super) async fn missing(
    session: &Session,
    tx: &Tx,
    references: &[Reference],
) -> Result<Vec<Error>> {
    let asked: Vec<_> = references.iter().collect();
    let there = visible(session, tx, &asked).await?;
    let missing = references.iter().zip(there).filter(|(_, there)| !there);
    Ok(missing.map(|(reference, _)| not_found(session, reference)).collect())
}

/// Whether each names a record the caller may see. What several name is asked once.
///
/// `SELECT EXISTS (SELECT 1 FROM department WHERE id = $1), EXISTS (…)`
pub(super) async fn visible(
    session: &Session,
    tx: &Tx,
    references: &[&Reference],
) -> Result<Vec<bool>> {
    let rule = |object: &Object| session.access.row_rule(object, Action::Read);
    exist(session, tx, references, rule).await
}

/// Whether each names a record that is open by a rule.
pub(super) async fn exist<'s>(
    session: &'s Session,
    tx: &Tx,
    references: &[&Reference],
    rule: impl Fn(&Object) -> &'s RowRule,
) -> Result<Vec<bool>> {
    let guard = Guard::new(&session.catalog, tx.dialect()).of_one();
    let mut places = HashMap::new();
    let mut named = Vec::new();
    for reference in references {
        let name = (reference.target, reference.id);
        places.entry(name).or_insert_with(|| {
            named.push(name);
            named.len() - 1
        });
    }
    let mut there = Vec::with_capacity(named.len());
    for named in named.chunks(80) {
        let mut select = Query::select();
        for (target, id) in named {
            let object = session.catalog.object(*target);
            let mut inner = Query::select();
            let id = encode_as(tx.dialect(), &Value::Id(*id))?;
            inner
                .expr(Expr::val(1))
                .from_as(Alias::new(&object.table), Alias::new("t1"))
                .and_where(Expr::col((Alias::new("t1"), Alias::new("id"))).eq(id));
            guard.restrict(object.ix, "t1", rule(object), &mut inner)?;
            select.expr(Expr::exists(inner));
        }
        let rows = tx.select(&select).await?;
        let row = rows.first().ok_or_else(|| Error::internal("no row of references"))?;
        for at in 0..named.len() {
            there.push(row.try_get_by_index(at).map_err(Error::internal)?);
        }
    }
    let place = |reference: &&Reference| places.get(&(reference.target, reference.id));
    Ok(references
        .iter()
        .map(|reference| place(reference).is_some_and(|at| there.get(*at) == Some(&true)))
        .collect())
}

/// The error that a reference names nothing.
pub(super) fn not_found(session: &Session, reference: &Reference) -> Error {
    let object = session.catalog.object(reference.target);
    Error::new(
        Code::RecordReference,
        format!("there is no such `{}`", object.name),
        format!("该 `{}` 不存在", object.name),
    )
    .at(reference.path.iter().map(String::as_str))
}

/// Values of records that were read for the expressions of others, while nothing can have changed them.
#[derive(Default)]
pub(super) struct Memo {
    known: Mutex<HashMap<(ObjectIx, Uuid, FieldIx), Value>>,
    /// References left to foreign keys by records made for others.
    left: Mutex<Vec<Reference>>,
}

impl Memo {
    fn get(&self, key: &(ObjectIx, Uuid, FieldIx)) -> Option<Value> {
        self.known.lock().ok()?.get(key).cloned()
    }

    fn put(&self, key: (ObjectIx, Uuid, FieldIx), value: &Value) {
        if let Ok(mut known) = self.known.lock() {
            known.insert(key, value.clone());
        }
    }

    pub(super) fn leave(&self, references: impl Iterator<Item = Reference>) {
        if let Ok(mut left) = self.left.lock() {
            left.extend(references);
        }
    }

    pub(super) fn left(&self) -> Vec<Reference> {
        self.left.lock().map(|mut left| std::mem::take(&mut *left)).unwrap_or_default()
    }
}

/// The values expressions read over references: one statement a path, none for most objects, and none for
/// what is remembered.
pub(super) async fn facts(
    session: &Session,
    tx: &Tx,
    object: &Object,
    values: &Values,
    paths: Vec<Vec<String>>,
    memo: &Memo,
) -> Result<Facts> {
    let mut facts = Facts::default();
    for path in paths {
        let value = follow(session, tx, object, values, &path, memo).await?;
        facts.0.insert(path, value);
    }
    Ok(facts)
}

async fn follow(
    session: &Session,
    tx: &Tx,
    object: &Object,
    values: &Values,
    path: &[String],
    memo: &Memo,
) -> Result<Value> {
    let Some((first, rest)) = path.split_first() else { return Ok(Value::Null) };
    let (mut at, mut id) = if first == "viewer" {
        match (session.catalog.named("Employee"), session.access.viewer()) {
            (Some(employee), Some(id)) => (employee, id),
            _ => return Ok(Value::Null),
        }
    } else {
        let Some((ix, field)) = object.named(first) else { return Ok(Value::Null) };
        let target = field.target().map(|target| session.catalog.object(target));
        match (target, values.get(&ix).and_then(Value::as_id)) {
            (Some(target), Some(id)) => (target, id),
            _ => return Ok(Value::Null),
        }
    };
    for (step, name) in rest.iter().enumerate() {
        let Some((ix, field)) = at.named(name) else { return Ok(Value::Null) };
        let key = (at.ix, id, ix);
        let value = match memo.get(&key) {
            Some(value) => value,
            None => match stored(tx, at, field, id).await? {
                Some(value) => {
                    memo.put(key, &value);
                    value
                }
                None => return Ok(Value::Null),
            },
        };
        if step + 1 == rest.len() {
            return Ok(value);
        }
        match (field.target(), value.as_id()) {
            (Some(target), Some(next)) => (at, id) = (session.catalog.object(target), next),
            _ => return Ok(Value::Null),
        }
    }
    Ok(Value::Null)
}

/// `SELECT department_id FROM employee WHERE id = $1`; none where there is no such record.
async fn stored(tx: &Tx, object: &Object, field: &Field, id: Uuid) -> Result<Option<Value>> {
    let column = field.column.as_deref().unwrap_or("id");
    let select = Query::select()
        .column(Alias::new(column))
        .from(Alias::new(&object.table))
        .and_where(Expr::col(Alias::new("id")).eq(encode_as(tx.dialect(), &Value::Id(id))?))
        .to_owned();
    let rows = tx.select(&select).await?;
    rows.first().map(|row| decode(tx.dialect(), &field.ty, row, 0)).transpose()
}
