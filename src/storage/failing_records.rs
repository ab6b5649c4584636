//! Stored records that would fail a check or share a key of a definition that is not live yet.
//!
//! Reads whole tables a chunk at a time, for whoever sees all of them; must not know who asks.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Expr as Sql, ExprTrait, Order, Query};
use uuid::Uuid;

use super::Database;
use crate::{
    base::{Env, Result, Value},
    catalog::{FieldIx, Object, Unique},
    expr::{self, Expr},
    rules::{Facts, RuleContext, Values},
    sql::{decode, encode_as, keys::keyed},
};

/// Records per chunk.
const CHUNK: u64 = 1_000;
/// Beyond this many records nothing is counted.
const MOST: usize = 200_000;

/// How many records fail, and some of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailingRecords {
    /// How many.
    pub count: i64,
    /// Some of them.
    pub examples: Vec<Uuid>,
}

impl FailingRecords {
    fn add(&mut self, id: Uuid, examples: usize) {
        self.count += 1;
        if self.examples.len() < examples {
            self.examples.push(id);
        }
    }
}

/// The records for which a check is false. `live` is the object as it is stored, `new` as it will be; a field that is not
/// stored yet is empty. None where the check reads beyond the record, or there are too many records.
pub async fn of_check(
    database: &Database,
    env: &Env,
    (live, new): (&Object, &Object),
    check: &Expr,
    examples: usize,
) -> Result<Option<FailingRecords>> {
    if check.paths().iter().any(|path| path.len() > 1 || path.iter().any(|step| step == "viewer")) {
        return Ok(None);
    }
    let (facts, now) = (Facts::default(), env.clock.now());
    let mut failing = FailingRecords::default();
    let whole = rows(database, (live, new), &new.read_by(check), |id, values| {
        let scope = RuleContext {
            object: new,
            values: &values,
            old: None,
            facts: &facts,
            viewer: Value::Null,
            today: now.with_timezone(&env.zone).date_naive(),
            now,
            zone: env.zone,
            trial: false,
            restored: false,
            given: &[],
            unread: &[],
        };
        // What cannot be computed is not false.
        if matches!(expr::eval(check, &scope), Ok(Value::Bool(false))) {
            failing.add(id, examples);
        }
    })
    .await?;
    Ok(whole.then_some(failing))
}

/// The records that share their values of a key with others. Records without one of them share nothing.
pub async fn of_key(
    database: &Database,
    (live, new): (&Object, &Object),
    unique: &Unique,
    examples: usize,
) -> Result<Option<FailingRecords>> {
    let mut alike: HashMap<String, Vec<Uuid>> = HashMap::new();
    let whole = rows(database, (live, new), &unique.fields, |id, values| {
        let key: Option<Vec<_>> = unique
            .fields
            .iter()
            .map(|ix| values.get(ix).filter(|value| !value.is_null()).map(keyed))
            .collect();
        if let Some(key) = key {
            alike.entry(format!("{key:?}")).or_default().push(id);
        }
    })
    .await?;
    if !whole {
        return Ok(None);
    }
    let mut ids: Vec<_> = alike.into_values().filter(|ids| ids.len() > 1).flatten().collect();
    ids.sort_unstable();
    let mut failing = FailingRecords::default();
    for id in ids {
        failing.add(id, examples);
    }
    Ok(Some(failing))
}

/// Calls `each` with every record's values of some fields. Returns false where there are too many records.
///
/// `SELECT id, minutes FROM x_visit WHERE id > $1 ORDER BY id LIMIT 1000`
async fn rows(
    database: &Database,
    (live, new): (&Object, &Object),
    fields: &[FieldIx],
    mut each: impl FnMut(Uuid, Values),
) -> Result<bool> {
    let stored = fields.iter().filter_map(|ix| {
        let field = new.field(*ix);
        let there = live.stored(&field.stored).is_some_and(|(_, live)| live.column == field.column);
        Some((*ix, field, field.column.as_deref().filter(|_| there)?))
    });
    let stored: Vec<_> = stored.filter(|(ix, ..)| *ix != FieldIx::ID).collect();
    let id_type = &new.field(FieldIx::ID).ty;
    let (mut last, mut read) = (None::<Uuid>, 0);
    loop {
        let mut select = Query::select();
        select
            .column(Alias::new("id"))
            .columns(stored.iter().map(|(.., column)| Alias::new(*column)))
            .from(Alias::new(&live.table))
            .order_by(Alias::new("id"), Order::Asc)
            .limit(CHUNK);
        if let Some(last) = last {
            let last = encode_as(database.dialect(), &Value::Id(last))?;
            select.and_where(Sql::col(Alias::new("id")).gt(last));
        }
        let found = database.select(&select).await?;
        if found.is_empty() {
            return Ok(true);
        }
        read += found.len();
        if read > MOST {
            return Ok(false);
        }
        for row in &found {
            let Some(id) = decode(database.dialect(), id_type, row, 0)?.as_id() else { continue };
            let mut values = Values::default();
            values.insert(FieldIx::ID, Value::Id(id));
            for (at, (ix, field, _)) in stored.iter().enumerate() {
                values.insert(*ix, decode(database.dialect(), &field.ty, row, at + 1)?);
            }
            last = Some(id);
            each(id, values);
        }
    }
}
