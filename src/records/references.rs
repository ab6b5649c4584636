//! References of a record: that they name records the caller may see, and what expressions read over them.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{session::Session, store::Values};
use crate::{
    access::{Action, RowRule},
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, Object, ObjectIx},
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
///
/// `SELECT EXISTS (SELECT 1 FROM department WHERE id = $1), EXISTS (…)`
pub(super) async fn missing(
    session: &Session,
    tx: &Tx,
    references: &[Reference],
) -> Result<Vec<Error>> {
    let guard = Guard::new(&session.catalog, tx.dialect()).of_one();
    let mut faults = Vec::new();
    for references in references.chunks(80) {
        let mut select = Query::select();
        for reference in references {
            let object = session.catalog.object(reference.target);
            let mut inner = Query::select();
            let id = encode_as(tx.dialect(), &Value::Id(reference.id))?;
            inner
                .expr(Expr::val(1))
                .from_as(Alias::new(&object.table), Alias::new("t1"))
                .and_where(Expr::col((Alias::new("t1"), Alias::new("id"))).eq(id));
            let rule = session.access.row_rule(object, Action::Read);
            guard.restrict(object.ix, "t1", rule, &mut inner)?;
            select.expr(Expr::exists(inner));
        }
        let rows = tx.select(&select).await?;
        let row = rows.first().ok_or_else(|| Error::internal("no row of references"))?;
        for (at, reference) in references.iter().enumerate() {
            let there: bool = row.try_get_by_index(at).map_err(Error::internal)?;
            if !there {
                faults.push(not_found(session.catalog.object(reference.target), &reference.path));
            }
        }
    }
    Ok(faults)
}

fn not_found(object: &Object, path: &[String]) -> Error {
    Error::new(
        Code::RecordReference,
        format!("there is no such `{}`", object.name),
        format!("该 `{}` 不存在", object.name),
    )
    .at(path.iter().map(String::as_str))
}

/// The values expressions read over references: one statement a path, none for most objects.
pub(super) async fn facts(
    session: &Session,
    tx: &Tx,
    object: &Object,
    values: &Values,
    paths: Vec<Vec<String>>,
) -> Result<Facts> {
    let mut facts = Facts::default();
    for path in paths {
        let value = follow(session, tx, object, values, &path).await?;
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
        let Some((_, field)) = at.named(name) else { return Ok(Value::Null) };
        let column = field.column.as_deref().unwrap_or("id");
        let select = Query::select()
            .column(Alias::new(column))
            .from(Alias::new(&at.table))
            .and_where(Expr::col(Alias::new("id")).eq(encode_as(tx.dialect(), &Value::Id(id))?))
            .to_owned();
        let rows = tx.select(&select).await?;
        let Some(row) = rows.first() else { return Ok(Value::Null) };
        let value = decode(tx.dialect(), &field.ty, row, 0)?;
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
