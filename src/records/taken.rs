//! Keys that others have: every one that a save would take twice, with its place.
//!
//! A database refuses a write for the first key it meets, each in its own order. So whoever is refused is told
//! from a look at all keys: of other records by one statement, and of rows of the same save against each other.

use std::collections::HashSet;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{
    guesses,
    session::Session,
    stages::Row,
    store::{self, Values},
};
use crate::{
    base::{Error, Result, Value},
    catalog::{FieldIx, FieldType, Object, ObjectIx},
    sql::{Dialect, decode, encode, encode_as, keys},
    storage::Tx,
};

/// Keys looked at by one statement.
const CHUNK: usize = 40;

/// The keys that a row of a save takes.
#[derive(Debug, Clone)]
pub(super) struct RowKeys {
    object: ObjectIx,
    id: Uuid,
    /// Where the row stands in the input.
    path: Vec<String>,
    /// The values of its keys.
    values: Values,
    /// Which of the object's keys are new to it.
    keys: Vec<usize>,
}

impl RowKeys {
    /// Those of a row that have a value and are new, or none: what could not be read is not looked for.
    pub(super) fn of(row: &Row<'_>) -> Option<Self> {
        let object = row.object;
        if object.uniques.is_empty() || row.blind {
            return None;
        }
        let id = row.values.get(&FieldIx(0))?.as_id()?;
        let value = |ix: &FieldIx| row.values.get(ix).unwrap_or(&Value::Null);
        let news = |ix: &FieldIx| row.old.is_none_or(|old| old.get(ix) != row.values.get(ix));
        // No record has a text that is not stored.
        let stored = |value: &Value| {
            !value.is_null() && value.as_text().is_none_or(|text| !text.contains('\0'))
        };
        let whole = |ix: &FieldIx| stored(value(ix)) && !row.unread.contains(ix);
        let keys = object.uniques.iter().enumerate().filter(|(_, unique)| {
            unique.fields.iter().all(whole) && unique.fields.iter().any(news)
        });
        let keys: Vec<_> = keys.map(|(at, _)| at).collect();
        let fields = keys.iter().flat_map(|at| &object.uniques[*at].fields);
        let values = fields.map(|ix| (*ix, value(ix).clone())).collect();
        (!keys.is_empty()).then(|| Self {
            object: object.ix,
            id,
            path: row.path.clone(),
            values,
            keys,
        })
    }

    /// The same of a record that is made within another.
    pub(super) fn within(mut self, path: impl Iterator<Item = String>) -> Self {
        self.path.splice(0..0, path);
        self
    }

    /// A key as it is told apart.
    fn key(&self, object: &Object, at: usize) -> String {
        let value = |ix: &FieldIx| keys::keyed(self.values.get(ix).unwrap_or(&Value::Null));
        format!("{:?}", object.uniques[at].fields.iter().map(value).collect::<Vec<_>>())
    }
}

/// What a save leaves to be looked at when the database has refused it.
#[derive(Debug, Default)]
pub(super) struct SaveKeys {
    /// The keys of its rows.
    pub(super) rows: Vec<RowKeys>,
    /// Lines that it takes away.
    pub(super) removed: Vec<Uuid>,
}

impl SaveKeys {
    /// With those of another.
    pub(super) fn with(mut self, other: Self) -> Self {
        self.rows.extend(other.rows);
        self.removed.extend(other.removed);
        self
    }
}

/// The keys of some saves that others have, each in the order of its rows and of the keys of their objects.
/// Every one is a guess where the caller may not see whose it is.
pub(super) async fn faults(
    session: &Session,
    tx: &Tx,
    saves: &[SaveKeys],
) -> Result<Vec<Vec<Error>>> {
    let asked = saves.iter().flat_map(|save| &save.rows);
    let asked: Vec<_> = asked.flat_map(|row| row.keys.iter().map(move |at| (row, *at))).collect();
    let mut holders = holders(session, tx, &asked).await?.into_iter();
    let moved: HashSet<_> = asked.iter().map(|(row, at)| (row.object, *at, row.id)).collect();
    let removed: HashSet<_> = saves.iter().flat_map(|save| &save.removed).collect();
    let mut taken = HashSet::new();
    let mut told = Vec::with_capacity(saves.len());
    for save in saves {
        let mut faults = Vec::new();
        for row in &save.rows {
            let object = session.catalog.object(row.object);
            for at in &row.keys {
                // Whoever gives a key up in the same save does not hold it.
                let holder = holders
                    .next()
                    .flatten()
                    .filter(|id| !moved.contains(&(row.object, *at, *id)) && !removed.contains(id));
                let twice = !taken.insert((row.object, *at, row.key(object, *at)));
                if holder.is_none() && !twice {
                    continue;
                }
                if guesses::keys_hidden(session, object) {
                    session.guess(object, guesses::KEY)?;
                }
                let fault = store::taken(object, &object.uniques[*at].fields);
                let path = row.path.iter().rev();
                faults.push(path.fold(fault, |fault, part| fault.within(part.as_str())));
            }
        }
        told.push(faults);
    }
    Ok(told)
}

/// What a save is told that the database has refused for a key: all that are taken, or that one where whoever
/// took it is not there any more.
pub(super) async fn told(
    session: &Session,
    tx: &Tx,
    object: &Object,
    error: Error,
    claims: SaveKeys,
) -> Result<Vec<Error>> {
    let mut told = faults(session, tx, &[claims]).await?.pop().unwrap_or_default();
    if told.is_empty() {
        if guesses::keys_hidden(session, object) {
            session.guess(object, guesses::KEY)?;
        }
        told.push(error);
    }
    Ok(told)
}

/// Who has each of some keys, besides the row that asks.
///
/// `SELECT (SELECT t1.id FROM customer AS t1 WHERE lower(…) = $1 AND t1.id <> $2 LIMIT 1), (…)`
async fn holders(
    session: &Session,
    tx: &Tx,
    asked: &[(&RowKeys, usize)],
) -> Result<Vec<Option<Uuid>>> {
    let dialect = tx.dialect();
    let id = Expr::col((Alias::new("t1"), Alias::new("id")));
    let mut holders = Vec::with_capacity(asked.len());
    for asked in asked.chunks(CHUNK) {
        let mut select = Query::select();
        for (row, at) in asked {
            let object = session.catalog.object(row.object);
            let mut one = Query::select();
            one.expr(id.clone())
                .from_as(Alias::new(&object.table), Alias::new("t1"))
                .and_where(id.clone().ne(encode_as(dialect, &Value::Id(row.id))?))
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

/// That a field of the record `t1` has a value, as keys compare it: `lower(translate(t1.code, …)) = $1`.
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
