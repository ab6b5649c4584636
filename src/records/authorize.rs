//! Checks whether the caller may do something with a record in its present state within a transaction.
//!
//! If the record's own values decide a rule, the database is not asked: they were just read or written.

use std::collections::HashMap;

use sea_orm::{
    QueryResult,
    sea_query::{Alias, CaseStatement, Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;

use super::{approvals, entries::selected, faults, session::Session, store::Values};
use crate::{
    access::{Action, Condition, RowRule},
    base::{Error, Result, Value},
    catalog::{FieldIx, FieldType, Object, PENDING},
    query::Guard,
    sql::{Dialect, decode, encode_as},
    storage::Tx,
};

/// Most records per statement.
const ASKED: usize = 500;

/// A record that a transaction has just read or written.
#[derive(Clone, Copy)]
pub(super) struct LoadedRecord<'s> {
    pub(super) id: Uuid,
    pub(super) values: &'s Values,
}

/// Returns for each record whether each action is allowed. None if the record does not exist.
async fn open(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: &[LoadedRecord<'_>],
    actions: &[Action],
) -> Result<Vec<Option<Vec<bool>>>> {
    let rule = |action: &Action| session.access.row_rule(object, *action);
    let by_values = |record: &LoadedRecord<'_>| {
        let told = actions.iter().map(|action| by_values(rule(action), record.values));
        told.collect::<Option<Vec<_>>>()
    };
    let mut told: Vec<_> = records.iter().map(by_values).collect();
    let unknown = told.iter().enumerate().filter(|(_, told)| told.is_none());
    let asked: Vec<_> = unknown.map(|(at, _)| at).collect();
    let rules: Vec<_> = actions.iter().map(|action| rule(action).clone()).collect();
    for places in asked.chunks(ASKED) {
        let ids: Vec<_> = places.iter().map(|at| records[*at].id).collect();
        let rows = tx.select(&self::asked(session, object, &ids, &rules)?).await?;
        let mut read = read_all(tx.dialect(), &rows, rules.len())?;
        for (at, id) in places.iter().zip(ids) {
            told[*at] = read.remove(&id);
        }
    }
    Ok(told)
}

/// Whether a rule allows a record. None if the record's own values do not decide it.
pub(super) fn by_values(rule: &RowRule, values: &Values) -> Option<bool> {
    match rule {
        RowRule::None => Some(false),
        RowRule::All => Some(true),
        RowRule::When(condition) => meets(condition, values),
    }
}

fn meets(condition: &Condition, values: &Values) -> Option<bool> {
    match condition {
        Condition::Any(inner) => {
            let told: Vec<_> = inner.iter().map(|inner| meets(inner, values)).collect();
            let open = told.contains(&Some(true));
            (open || !told.contains(&None)).then_some(open)
        }
        Condition::All(inner) => {
            let told: Vec<_> = inner.iter().map(|inner| meets(inner, values)).collect();
            let closed = told.contains(&Some(false));
            (closed || !told.contains(&None)).then_some(!closed)
        }
        Condition::Within { path, values: within, .. } => match path.as_slice() {
            [field] => values.get(field).map(|value| within.contains(value)),
            _ => None,
        },
        Condition::Settled { state } => {
            values.get(state).map(|value| value.as_text() != Some(PENDING))
        }
        Condition::Employee { .. } | Condition::Readable { .. } => None,
    }
}

/// Whether a change of these fields, including lines, may change the result of a rule.
pub(super) fn depends(rule: &RowRule, changed: &[FieldIx]) -> bool {
    fn reads(condition: &Condition, changed: &[FieldIx]) -> bool {
        match condition {
            Condition::Any(inner) | Condition::All(inner) => {
                inner.iter().any(|inner| reads(inner, changed))
            }
            Condition::Employee { lines, .. } => changed.contains(lines),
            Condition::Settled { state } => changed.contains(state),
            Condition::Within { path, .. } | Condition::Readable { path, .. } => {
                path.first().is_none_or(|field| changed.contains(field))
            }
        }
    }
    matches!(rule, RowRule::When(condition) if reads(condition, changed))
}

/// Whether a record meets each of these rules. None if the record does not exist.
pub async fn holds(
    session: &Session,
    object: &Object,
    id: Uuid,
    rules: &[RowRule],
) -> Result<Option<Vec<bool>>> {
    let rows = session.database.select(&asked(session, object, &[id], rules)?).await?;
    Ok(read_all(session.database.dialect(), &rows, rules.len())?.remove(&id))
}

/// `SELECT CASE WHEN (…) THEN 1 ELSE 0 END, …, t1.id FROM customer AS t1 WHERE t1.id = $1`
fn asked(
    session: &Session,
    object: &Object,
    ids: &[Uuid],
    rules: &[RowRule],
) -> Result<SelectStatement> {
    let dialect = session.database.dialect();
    let guard = Guard::new(&session.catalog, dialect).of_one();
    let mut select = Query::select();
    for rule in rules {
        select.expr(truth(guard.condition(object.ix, "t1", rule)?));
    }
    let own = || Expr::col((Alias::new("t1"), Alias::new("id")));
    let id = |id: &Uuid| encode_as(dialect, &Value::Id(*id));
    let among = match ids {
        [one] => own().eq(id(one)?),
        several => own().is_in(several.iter().map(id).collect::<Result<Vec<_>>>()?),
    };
    select.expr(own()).from_as(Alias::new(&object.table), Alias::new("t1")).and_where(among);
    Ok(select)
}

/// Whether a condition holds, as a column: `CASE WHEN (…) THEN 1 ELSE 0 END`.
pub(super) fn truth(condition: Option<Expr>) -> Expr {
    match condition {
        None => Expr::Constant(1.into()),
        Some(condition) => CaseStatement::new()
            .case(condition, Expr::Constant(1.into()))
            .finally(Expr::Constant(0.into()))
            .into(),
    }
}

/// Reads a column of [`truth`].
pub(super) fn is_true(row: &QueryResult, at: usize) -> Result<bool> {
    // SQLite and PostgreSQL differ in the width of a literal.
    let wide = row.try_get_by_index::<i64>(at);
    let wide = wide.or_else(|_| row.try_get_by_index::<i32>(at).map(i64::from));
    wide.map(|truth| truth == 1).map_err(Error::internal)
}

/// Whether a record meets a rule in its present state within the transaction.
pub(super) async fn meets_now(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
    rule: &RowRule,
) -> Result<bool> {
    let rules = std::slice::from_ref(rule);
    let rows = tx.select(&asked(session, object, &[id], rules)?).await?;
    Ok(read_all(tx.dialect(), &rows, 1)?.remove(&id).as_deref() == Some(&[true]))
}

/// Returns which rules each record meets. Records that do not exist are missing.
pub(super) async fn met(
    session: &Session,
    tx: Option<&Tx>,
    object: &Object,
    ids: &[Uuid],
    rules: &[RowRule],
) -> Result<HashMap<Uuid, Vec<bool>>> {
    let mut met = HashMap::new();
    for ids in ids.chunks(ASKED) {
        let rows = selected(session, tx, &asked(session, object, ids, rules)?).await?;
        met.extend(read_all(session.database.dialect(), &rows, rules.len())?);
    }
    Ok(met)
}

fn read_all(
    dialect: Dialect,
    rows: &[QueryResult],
    count: usize,
) -> Result<HashMap<Uuid, Vec<bool>>> {
    let read = |row: &QueryResult| {
        let told = (0..count).map(|at| is_true(row, at)).collect::<Result<Vec<_>>>()?;
        let id = decode(dialect, &FieldType::Id, row, count)?.as_id();
        id.map(|id| (id, told)).ok_or_else(|| Error::internal("a record without an id"))
    };
    rows.iter().map(read).collect()
}

/// Refuses an action on existing records: as not found if the caller may not see one, otherwise as denied.
pub(super) async fn allowed(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: &[LoadedRecord<'_>],
    action: Action,
) -> Result<()> {
    let told = open(session, tx, object, records, &[Action::Read, action]).await?;
    for (record, told) in records.iter().zip(told) {
        match told.as_deref() {
            Some([true, true]) => {}
            Some([true, _])
                if matches!(action, Action::Edit | Action::Delete)
                    && waits(session, object, record.values) =>
            {
                return Err(faults::waits_for_approval(object.noun()));
            }
            Some([true, _]) => {
                return Err(faults::seen_only(object.noun(), action.verb()));
            }
            _ => return Err(no_such(object)),
        }
    }
    Ok(())
}

/// Whether the caller sees that a record waits for approval, which closes it.
fn waits(session: &Session, object: &Object, values: &Values) -> bool {
    let seen = |state| session.access.field_rule(object.ix, state).is_none();
    object.approval_state().is_some_and(seen)
        && approvals::state_of(object, values) == Some(PENDING)
}

/// Returns for each existing record whether an action is allowed.
pub(super) async fn open_to(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: &[LoadedRecord<'_>],
    action: Action,
) -> Result<Vec<bool>> {
    let told = open(session, tx, object, records, &[action]).await?;
    Ok(told.into_iter().map(|told| told.as_deref() == Some(&[true])).collect())
}

/// Refuses a write after which the caller may no longer do this with the written records.
pub(super) async fn still_allowed(
    session: &Session,
    tx: &Tx,
    object: &Object,
    records: &[LoadedRecord<'_>],
    action: Action,
) -> Result<()> {
    if !open_to(session, tx, object, records, action).await?.contains(&false) {
        return Ok(());
    }
    Err(faults::moved_out(object.noun(), action.verb()))
}

/// The error for a record that does not exist or that the caller may not see. Both must look the same.
pub(super) fn no_such(object: &Object) -> Error {
    faults::no_such_record(object.noun()).about([object.name.as_str()]).at(["id"])
}
