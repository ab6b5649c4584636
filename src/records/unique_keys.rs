//! Finds all keys of a save that are already taken, with their places.
//!
//! A database reports only the first violated key, in its own order. After a refusal all keys are therefore
//! checked: against other records by one statement, and against other rows of the same save.

use std::collections::HashSet;

use indexmap::IndexMap;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{
    guesses,
    session::Session,
    stages::RowDraft,
    store::{self, Values},
};
use crate::{
    base::{Error, Result, Value},
    catalog::{Catalog, FieldIx, FieldType, Object, ObjectIx},
    rules,
    sql::{Dialect, decode, encode, keys},
    storage::Tx,
};

/// Most keys per statement.
const CHUNK: usize = 40;
/// Most keys checked per command. In a larger one, other faults are reported first.
const LOOKED: usize = 2_000;

/// The keys of a row that is saved.
#[derive(Debug)]
pub(super) struct RowKeys {
    object: ObjectIx,
    id: Uuid,
    /// The row's path in the input.
    path: Vec<String>,
    /// The values of the keys that it needs.
    values: Values,
    /// Indexes of the object's keys that it needs: complete and changed.
    takes: Vec<usize>,
    /// Indexes of the keys that it had and gives up.
    leaves: Vec<usize>,
}

impl RowKeys {
    /// Returns the keys of a row, if it needs or gives up any. Ignores values that could not be read or do
    /// not fit.
    pub(super) fn of(catalog: &Catalog, row: &RowDraft<'_>) -> Option<Self> {
        let object = row.object;
        if object.uniques.is_empty() || row.blind {
            return None;
        }
        let id = row.values.get(&FieldIx::ID)?.as_id()?;
        let value = |ix: &FieldIx| row.values.get(ix).unwrap_or(&Value::Null);
        let unread = |ix: &FieldIx| row.unread.contains(ix);
        let same = |old: &Values, ix: &FieldIx| {
            apart(old.get(ix).unwrap_or(&Value::Null)) == apart(value(ix))
        };
        let news = |ix: &FieldIx| row.old.is_none_or(|old| !same(old, ix));
        let fits = |ix: &FieldIx| {
            let (field, value) = (object.field(*ix), value(ix));
            // Texts with a NUL character cannot be stored, so no record has this key.
            let stored = value.as_text().is_none_or(|text| !text.contains('\0'));
            !value.is_null() && stored && rules::fault_of(catalog, field, value).is_none()
        };
        let (mut takes, mut leaves) = (Vec::new(), Vec::new());
        for (at, unique) in object.uniques.iter().enumerate() {
            if !unique.fields.iter().any(|ix| news(ix) || unread(ix)) {
                continue;
            }
            leaves.extend(row.old.map(|_| at));
            if unique.fields.iter().all(|ix| fits(ix) && !unread(ix)) {
                takes.push(at);
            }
        }
        let fields = takes.iter().flat_map(|at| &object.uniques[*at].fields);
        let values = fields.map(|ix| (*ix, value(ix).clone())).collect();
        let path = row.path.clone();
        let any = !takes.is_empty() || !leaves.is_empty();
        any.then_some(Self { object: object.ix, id, path, values, takes, leaves })
    }

    /// A comparable form of a key.
    fn key(&self, object: &Object, at: usize) -> String {
        let value = |ix: &FieldIx| apart(self.values.get(ix).unwrap_or(&Value::Null));
        format!("{:?}", object.uniques[at].fields.iter().map(value).collect::<Vec<_>>())
    }
}

/// A comparable form of a value in a key.
fn apart(value: &Value) -> Value {
    match keys::keyed(value) {
        Value::Decimal(number) => Value::Decimal(number.normalize()),
        other => other,
    }
}

/// The keys of all rows of a save.
#[derive(Debug, Default)]
pub(super) struct SaveKeys {
    /// Rows that are created or updated.
    pub(super) rows: Vec<RowKeys>,
    /// Lines that are deleted.
    pub(super) removed: Vec<Uuid>,
}

/// Returns the faults of taken keys of each save, in the order of rows and keys. A taken key counts as a
/// guess if the caller may not see its record.
pub(super) async fn faults(
    session: &Session,
    tx: &Tx,
    saves: &[SaveKeys],
) -> Result<Vec<Vec<Error>>> {
    let rows = || saves.iter().flat_map(|save| &save.rows);
    let mut asked = IndexMap::new();
    for row in rows() {
        for at in &row.takes {
            let key = row.key(session.catalog.object(row.object), *at);
            asked.entry((row.object, *at, key)).or_insert(row);
        }
    }
    asked.truncate(LOOKED);
    let looked: Vec<_> = asked.iter().map(|((_, at, _), row)| (*row, *at)).collect();
    let holders = holders(session, tx, &looked).await?;
    let left: HashSet<_> =
        rows().flat_map(|row| row.leaves.iter().map(|at| (row.object, *at, row.id))).collect();
    let removed: HashSet<_> = saves.iter().flat_map(|save| &save.removed).collect();
    let mut taken = HashSet::new();
    let mut told = Vec::with_capacity(saves.len());
    for save in saves {
        let mut faults = Vec::new();
        for (row, at) in save.rows.iter().flat_map(|row| row.takes.iter().map(move |at| (row, *at)))
        {
            let object = session.catalog.object(row.object);
            let key = (row.object, at, row.key(object, at));
            let holder = asked.get_index_of(&key).and_then(|place| *holders.get(place)?);
            // A row that gives up the key in the same save does not count.
            let holder =
                holder.filter(|id| !left.contains(&(row.object, at, *id)) && !removed.contains(id));
            let (_, _, text) = &key;
            if holder.is_some() && guesses::keys_hidden(session, object) {
                session.guess_key(object, at, text)?;
            }
            if !taken.insert(key) || holder.is_some() {
                let fault = store::taken(object, &object.uniques[at].fields);
                faults.push(row.path.iter().rev().fold(fault, Error::within));
            }
        }
        told.push(faults);
    }
    Ok(told)
}

/// Returns the record that has each key.
///
/// `SELECT (SELECT t1.id FROM customer AS t1 WHERE lower(…) = $1 LIMIT 1), (…)`
async fn holders(
    session: &Session,
    tx: &Tx,
    asked: &[(&RowKeys, usize)],
) -> Result<Vec<Option<Uuid>>> {
    let dialect = tx.dialect();
    let mut holders = Vec::with_capacity(asked.len());
    for asked in asked.chunks(CHUNK) {
        let mut select = Query::select();
        for (row, at) in asked {
            let object = session.catalog.object(row.object);
            let mut one = Query::select();
            one.column((Alias::new("t1"), Alias::new("id")))
                .from_as(Alias::new(&object.table), Alias::new("t1"))
                .limit(1);
            for ix in &object.uniques[*at].fields {
                let value = row.values.get(ix).unwrap_or(&Value::Null);
                one.and_where(equals(dialect, object, *ix, value)?);
            }
            select.expr(Expr::from(one));
        }
        let rows = tx.select(&select).await?;
        let row = rows.first().ok_or_else(|| Error::internal("no row of keys"))?;
        for at in 0..asked.len() {
            holders.push(decode(dialect, &FieldType::Id, row, at)?.as_id());
        }
    }
    Ok(holders)
}

/// The condition that a field of `t1` equals a value, as keys compare it: `lower(translate(t1.code, …)) =
/// $1`.
pub(super) fn equals(
    dialect: Dialect,
    object: &Object,
    ix: FieldIx,
    value: &Value,
) -> Result<Expr> {
    let field = object.field(ix);
    let column =
        field.column.as_deref().ok_or_else(|| Error::internal("a key without a column"))?;
    Ok(match keys::is_keyed(object, ix) {
        true => keys::key_at(dialect, "t1", column, false).eq(encode(
            dialect,
            &field.ty,
            &keys::keyed(value),
        )?),
        false => {
            Expr::col((Alias::new("t1"), Alias::new(column))).eq(encode(dialect, &field.ty, value)?)
        }
    })
}
