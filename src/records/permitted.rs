//! Whether the caller may do something with a record as it stands in the transaction.
//!
//! A rule that the record's own values decide is not asked of the database: they were just read or written.

use sea_orm::{
    QueryResult,
    sea_query::{Alias, CaseStatement, Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;

use super::{session::Session, store::Values};
use crate::{
    access::{Action, Condition, RowRule},
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, Object},
    query::Guard,
    sql::encode_as,
    storage::Tx,
};

/// A record as a transaction has just read or written it.
#[derive(Clone, Copy)]
pub(super) struct Standing<'s> {
    pub(super) id: Uuid,
    pub(super) values: &'s Values,
}

/// Whether each action is open on a record; none when there is no such record.
async fn open(
    session: &Session,
    tx: &Tx,
    object: &Object,
    record: Standing<'_>,
    actions: &[Action],
) -> Result<Option<Vec<bool>>> {
    let rule = |action: &Action| session.access.row_rule(object, *action);
    let told = actions.iter().map(|action| by_values(rule(action), record.values));
    if let Some(told) = told.collect::<Option<Vec<_>>>() {
        return Ok(Some(told));
    }
    let rules: Vec<_> = actions.iter().map(|action| rule(action).clone()).collect();
    read(&tx.select(&asked(session, object, record.id, &rules)?).await?, rules.len())
}

/// Whether a rule opens a record; none when its own values do not tell.
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
        Condition::Within { path, values: within } => match path.as_slice() {
            [field] => values.get(field).map(|value| within.contains(value)),
            _ => None,
        },
        Condition::Employee { .. } | Condition::Readable { .. } => None,
    }
}

/// Whether a rule may hold of a record otherwise once some of its fields, lines among them, have changed.
pub(super) fn depends(rule: &RowRule, changed: &[FieldIx]) -> bool {
    fn reads(condition: &Condition, changed: &[FieldIx]) -> bool {
        match condition {
            Condition::Any(inner) | Condition::All(inner) => {
                inner.iter().any(|inner| reads(inner, changed))
            }
            Condition::Employee { lines, .. } => changed.contains(lines),
            Condition::Within { path, .. } | Condition::Readable { path, .. } => {
                path.first().is_none_or(|field| changed.contains(field))
            }
        }
    }
    matches!(rule, RowRule::When(condition) if reads(condition, changed))
}

/// Whether a record meets each of some rules; none when there is no such record.
pub async fn holds(
    session: &Session,
    object: &Object,
    id: Uuid,
    rules: &[RowRule],
) -> Result<Option<Vec<bool>>> {
    read(&session.database.select(&asked(session, object, id, rules)?).await?, rules.len())
}

/// `SELECT CASE WHEN (…) THEN 1 ELSE 0 END, … FROM customer AS t1 WHERE t1.id = $1`
fn asked(
    session: &Session,
    object: &Object,
    id: Uuid,
    rules: &[RowRule],
) -> Result<SelectStatement> {
    let dialect = session.database.dialect();
    let guard = Guard::new(&session.catalog, dialect).of_one();
    let mut select = Query::select();
    for rule in rules {
        let holds: Expr = match guard.condition(object.ix, "t1", rule)? {
            None => Expr::Constant(1.into()),
            Some(condition) => CaseStatement::new()
                .case(condition, Expr::Constant(1.into()))
                .finally(Expr::Constant(0.into()))
                .into(),
        };
        select.expr(holds);
    }
    // A column in any case: a person without roles has no rules to ask about.
    select.expr(Expr::Constant(1.into()));
    let own = Expr::col((Alias::new("t1"), Alias::new("id")));
    select
        .from_as(Alias::new(&object.table), Alias::new("t1"))
        .and_where(own.eq(encode_as(dialect, &Value::Id(id))?));
    Ok(select)
}

fn read(rows: &[QueryResult], count: usize) -> Result<Option<Vec<bool>>> {
    let Some(row) = rows.first() else { return Ok(None) };
    let truth = |at: usize| {
        // SQLite and PostgreSQL differ in the width of a literal.
        let wide = row.try_get_by_index::<i64>(at);
        wide.or_else(|_| row.try_get_by_index::<i32>(at).map(i64::from)).map_err(Error::internal)
    };
    (0..count).map(|at| Ok(truth(at)? == 1)).collect::<Result<Vec<_>>>().map(Some)
}

/// Refuses an action on a record there is: as missing when the caller may not see it, else as denied.
pub(super) async fn allowed(
    session: &Session,
    tx: &Tx,
    object: &Object,
    record: Standing<'_>,
    action: Action,
) -> Result<()> {
    match open(session, tx, object, record, &[Action::Read, action]).await?.as_deref() {
        Some([true, true]) => Ok(()),
        Some([true, _]) => Err(Error::new(
            Code::AccessDenied,
            format!("you may see this `{}` but not {} it", object.name, action.as_ref()),
            format!("您可以查看此 `{}`，但没有相应操作权限", object.name),
        )),
        _ => Err(no_such(object)),
    }
}

/// Whether an action is open on a record there is.
pub(super) async fn open_to(
    session: &Session,
    tx: &Tx,
    object: &Object,
    record: Standing<'_>,
    action: Action,
) -> Result<bool> {
    Ok(open(session, tx, object, record, &[action]).await?.as_deref() == Some(&[true]))
}

/// Refuses what a write has made of a record, when the caller may not do it there.
pub(super) async fn still_allowed(
    session: &Session,
    tx: &Tx,
    object: &Object,
    record: Standing<'_>,
    action: Action,
) -> Result<()> {
    if open_to(session, tx, object, record, action).await? {
        return Ok(());
    }
    Err(Error::new(
        Code::AccessDenied,
        format!(
            "with these values the `{}` would be outside what you may {}",
            object.name,
            action.as_ref()
        ),
        format!("按所填内容，该 `{}` 将超出您的权限范围", object.name),
    )
    .hint(
        "check department, owner and the other fields your rights depend on",
        "请检查部门、业务员等决定权限的字段",
    ))
}

/// The same for a record that is not there and one that may not be seen.
pub(super) fn no_such(object: &Object) -> Error {
    Error::new(
        Code::RecordNotFound,
        format!("there is no such `{}`", object.name),
        format!("该 `{}` 不存在", object.name),
    )
    .at(["id"])
}
