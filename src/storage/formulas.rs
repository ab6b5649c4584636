//! Computes stored formulas of existing records when a definition adds or changes a formula.
//!
//! The values and the roll-ups over them are computed in the transaction of the new version, so that readers
//! of the version see its values. This does not count as a change of the records: their versions stay, and no
//! event is emitted.

use std::collections::{BTreeMap, HashSet};

use sea_orm::{
    DbErr,
    sea_query::{Alias, Expr, ExprTrait, LockType, Order, Query},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Tx, does_not_fit, fault, search, system_rollups, unfit};
use crate::{
    base::{Env, Error, Result, Value},
    catalog::{Catalog, FieldIx, FieldType, Object, ObjectIx, ObjectKind, RollupScope},
    rules::{self, Facts, RuleContext, Values},
    sql::{Dialect, decode, encode_as, fill, rewrite, stored_json},
};

/// Records per chunk.
const CHUNK: u64 = 1_000;

/// Computes the stored formulas that are new or changed, and those that read them. `earlier` is an object as it was
/// before; those called `again` were retired meanwhile. Returns the formulas that cannot be computed for some records, with the number of records.
pub async fn bring_up<'c>(
    tx: &Tx,
    env: &Env,
    earlier: impl Fn(&str) -> Option<(&'c Catalog, &'c Object)>,
    new: &Catalog,
    again: &[&str],
) -> Result<Vec<(ObjectIx, FieldIx, u64)>> {
    let stale = stale(|name| earlier(name).map(|(_, object)| object), new);
    let (lines, others): (Vec<_>, Vec<_>) =
        new.objects.iter().partition(|object| object.kind == ObjectKind::Line);
    let mut without = Vec::new();
    for object in lines.into_iter().chain(others) {
        let mut any = false;
        for (ix, field) in object.each_field().filter(|(ix, _)| stale.contains(&(object.ix, *ix))) {
            any |= field.formula.is_some();
            if let FieldType::Rollup(rollup) = &field.ty
                && rollup.scope == RollupScope::Lines
            {
                let line = object.field(rollup.lines).target().map(|line| new.object(line));
                let counted = line.zip(field.counted.as_ref());
                let counted = counted.map(|(line, by)| fill::counted(tx.dialect(), line, by));
                let fill = fill::rollup(tx.dialect(), new, object, field, counted.transpose()?);
                tx.define(&fill).await.map_err(refused)?;
                any |= reads(object, ix);
            }
        }
        if any {
            let missing = compute(tx, env, new, object).await?.into_iter();
            without.extend(missing.map(|(ix, count)| (object.ix, ix, count)));
        }
    }
    for (object, ix) in system_rollups::stale(earlier, new, again, &stale) {
        let object = new.object(object);
        system_rollups::fill(tx, new, object, ix).await?;
        if reads(object, ix) {
            let missing = compute(tx, env, new, object).await?.into_iter();
            without.extend(missing.map(|(ix, count)| (object.ix, ix, count)));
        }
    }
    // Some are computed again behind a roll-up; the last count is that of the values that stay.
    let counts: BTreeMap<_, _> = without
        .into_iter()
        .map(|(object, ix, count)| ((object, ix), (object, ix, count)))
        .collect();
    let stale = |(object, ix, _): &(ObjectIx, FieldIx, u64)| stale.contains(&(*object, *ix));
    Ok(counts.into_values().filter(stale).collect())
}

fn reads(object: &Object, read: FieldIx) -> bool {
    let formulas = object.formulas.iter().filter_map(|ix| object.field(*ix).formula.as_ref());
    formulas.into_iter().any(|formula| object.read_by(formula).contains(&read))
}

/// New or changed formulas of objects that existed before, and roll-ups over them.
fn stale<'c>(
    earlier: impl Fn(&str) -> Option<&'c Object>,
    new: &Catalog,
) -> HashSet<(ObjectIx, FieldIx)> {
    let mut stale = HashSet::new();
    for object in &new.objects {
        let Some(before) = earlier(&object.name) else { continue };
        // What was converted is read otherwise.
        let retyped = object.each_field().filter(|(_, field)| {
            let known = before.stored(&field.stored).map(|(_, known)| known.retyped.len());
            known.is_some_and(|known| known != field.retyped.len())
        });
        stale.extend(retyped.map(|(ix, _)| (object.ix, ix)));
        for ix in &object.formulas {
            let field = object.field(*ix);
            let before = before.stored(&field.stored).map(|(_, field)| field);
            let known = before.and_then(|before| before.formula_text.as_ref());
            let stricter = field.required && before.is_some_and(|before| !before.required);
            // A longer maximum may let a formula have a value that did not fit before.
            let longest = field.ty.longest();
            let other = before.is_some_and(|before| before.ty.longest() != longest);
            let read = field.formula.as_ref().map(|formula| object.read_by(formula));
            let behind = |read: &FieldIx| stale.contains(&(object.ix, *read));
            if stricter
                || other
                || known != field.formula_text.as_ref()
                || read.iter().flatten().any(behind)
            {
                stale.insert((object.ix, *ix));
            }
        }
    }
    for object in &new.objects {
        for (ix, field) in object.each_field() {
            let FieldType::Rollup(rollup) = field.ty else { continue };
            if rollup.scope != RollupScope::Lines {
                continue;
            }
            let Some(line) = object.field(rollup.lines).target() else { continue };
            let counted = field.counted.iter();
            let counted = counted.flat_map(|counted| new.object(line).read_by(counted));
            let mut read = rollup.op.field().into_iter().chain(counted);
            // Definitions fill a new roll-up themselves, unless only some lines count.
            let other = earlier(&object.name).is_some_and(|before| {
                let known = before.stored(&field.stored).map(|(_, known)| known);
                known.and_then(|known| known.counted_text.as_ref()) != field.counted_text.as_ref()
            });
            if other || read.any(|read| stale.contains(&(line, read))) {
                stale.insert((object.ix, ix));
            }
        }
    }
    stale
}

/// Computes all formulas of an object in chunks by id, and writes the values that differ. Returns the fields
/// that could not be computed, with the number of records.
async fn compute(
    tx: &Tx,
    env: &Env,
    catalog: &Catalog,
    object: &Object,
) -> Result<BTreeMap<FieldIx, u64>> {
    let mut read: Vec<FieldIx> = vec![FieldIx::ID];
    for ix in &object.formulas {
        read.push(*ix);
        read.extend(object.field(*ix).formula.iter().flat_map(|formula| object.read_by(formula)));
    }
    read.sort_unstable();
    read.dedup();
    let columns: Vec<_> = read
        .iter()
        .filter_map(|ix| Some((*ix, object.field(*ix), object.field(*ix).column.as_deref()?)))
        .collect();
    let computed = object.formulas.iter().map(|ix| object.field(*ix));
    let computed: Vec<_> =
        computed.filter_map(|field| Some((field.column.as_deref()?, &field.ty))).collect();
    let write = rewrite(tx.dialect(), &object.table, &computed);
    let searched = object.formulas.iter().any(|ix| object.field(*ix).search) && search::has(object);
    let (mut last, mut changed, mut without) = (None::<Uuid>, 0, BTreeMap::new());
    loop {
        let mut select = Query::select();
        select
            .columns(columns.iter().map(|(.., column)| Alias::new(*column)))
            .from(Alias::new(&object.table))
            .order_by(Alias::new("id"), Order::Asc)
            .limit(CHUNK);
        if let Some(last) = last {
            let last = encode_as(tx.dialect(), &Value::Id(last))?;
            select.and_where(Expr::col(Alias::new("id")).gt(last));
        }
        if tx.dialect() == Dialect::Postgres {
            select.lock(LockType::Update);
        }
        let found = tx.select(&select).await?;
        let (mut ids, mut rows) = (Vec::new(), Vec::new());
        for row in &found {
            let mut before = Values::default();
            for (at, (ix, field, _)) in columns.iter().enumerate() {
                before.insert(*ix, decode(tx.dialect(), &field.ty, row, at)?);
            }
            let id = before.get(&FieldIx::ID).and_then(Value::as_id);
            let id = id.ok_or_else(|| Error::internal("a record without an id"))?;
            last = Some(id);
            let mut after = before.clone();
            for ix in settle(env, catalog, object, &mut after) {
                *without.entry(ix).or_default() += 1;
            }
            if object.formulas.iter().all(|ix| before.get(ix) == after.get(ix)) {
                continue;
            }
            let mut told = vec![json!(id.to_string())];
            for ix in &object.formulas {
                let value = after.get(ix).unwrap_or(&Value::Null);
                told.push(stored_json(tx.dialect(), &object.field(*ix).ty, value)?);
            }
            ids.push(id);
            rows.push(Json::Array(told));
        }
        if !rows.is_empty() {
            changed += rows.len();
            let rows = Json::Array(rows).to_string();
            tx.run(write.clone(), [rows.into()]).await.map_err(refused)?;
            if searched {
                search::refresh(tx, object, &ids).await?;
            }
        }
        if found.is_empty() {
            break;
        }
    }
    tracing::info!(object = object.name, changed, "computed the stored formulas");
    for (ix, records) in &without {
        tracing::warn!(
            object = object.name,
            field = object.field(*ix).name,
            records,
            "a formula has no value where it cannot be computed"
        );
    }
    Ok(without)
}

/// If a key of the table refuses computed values, the stored records do not fit the definition.
pub(super) fn refused(error: DbErr) -> Error {
    if unfit(&error) { does_not_fit(&error) } else { fault(error) }
}

fn settle(env: &Env, catalog: &Catalog, object: &Object, values: &mut Values) -> Vec<FieldIx> {
    let (none, facts) = (Values::default(), Facts::default());
    let now = env.clock.now();
    let scope = RuleContext {
        object,
        values: &none,
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
    rules::settle(catalog, object, values, &scope)
}
