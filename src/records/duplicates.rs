//! Records that look like another, by the duplicate rules of their object: found by an index, told as far as the caller
//! sees them.
//!
//! A record counts as seen where the caller may read it and sees the fields of the rule on every record. Any other is
//! told of only where the rule says so, without what it is, and as a guess.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    QueryResult,
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement},
};
use uuid::Uuid;

use super::{
    faults,
    hits::{HitParts, hits, hits_find},
    session::Session,
    store::Values,
    write::WrittenRecord,
};
use crate::{
    access::{Action, RowRule, Visible},
    base::{Error, LooksLike, Result, Value},
    catalog::{FieldIx, FieldType, Object},
    query::{Compare, Filter, Guard},
    rules::DuplicateRule,
    sql::{Dialect, decode, encode, forms::form_of},
    storage::{Database, Tx},
};

/// Most records that are compared per statement.
const CHUNK: usize = 100;
/// Most duplicates of a record that a rule tells.
const TOLD: usize = 10;
/// Most rows per statement.
const ROWS: u64 = 2_000;
/// Where the numbers of rules begin among those of keys, for guesses.
const GUESSED: usize = 1_000;

/// A record that looks like one that is saved or about to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The name of the rule.
    pub rule: String,
    /// Its id. None where the caller may not see it.
    pub id: Option<Uuid>,
    /// What names it.
    pub text: Option<String>,
}

/// Where records are looked for.
#[derive(Clone, Copy)]
enum Within<'w> {
    /// In a transaction, with what it has written.
    Tx(&'w Tx),
    /// In what is committed.
    Database(&'w Database),
}

impl Within<'_> {
    fn dialect(self) -> Dialect {
        match self {
            Self::Tx(tx) => tx.dialect(),
            Self::Database(database) => database.dialect(),
        }
    }

    async fn select(self, select: &SelectStatement) -> Result<Vec<QueryResult>> {
        match self {
            Self::Tx(tx) => tx.select(select).await,
            Self::Database(database) => database.select(select).await,
        }
    }
}

/// A record that is compared: its id, once it has one, and its values.
type Compared<'c> = (Option<Uuid>, &'c Values);

/// What a rule found for each of some records: those that the caller sees, and whether there are others.
type Found = Vec<(Vec<Uuid>, bool)>;

/// The rules of an object that a session goes by.
fn rules(session: &Session, object: &Object) -> Vec<DuplicateRule> {
    session.duplicates.of(&session.catalog, object)
}

/// Whether the refusal of a save of an object may tell of a record that the caller does not see.
pub(super) fn may_tell(session: &Session, object: &Object) -> bool {
    let tells = |rule: &DuplicateRule| {
        rule.refuses && rule.tells_hidden && !sees_all(session, object, rule)
    };
    session.guesses.is_some() && rules(session, object).iter().any(tells)
}

/// Whether the caller sees the fields of a rule on every record.
fn sees_fields(session: &Session, object: &Object, rule: &DuplicateRule) -> bool {
    rule.fields.iter().all(|(ix, _)| session.access.field_rule(object.ix, *ix).is_none())
}

fn sees_all(session: &Session, object: &Object, rule: &DuplicateRule) -> bool {
    session.access.reads_all(object) && sees_fields(session, object, rule)
}

/// The faults of each record that was written and that a rule refuses; none where no rule does. `despite` says of each
/// whether the caller wants it all the same.
pub(super) async fn refused(
    session: &Session,
    tx: &Tx,
    object: &Object,
    written: &[WrittenRecord],
    despite: &[bool],
) -> Result<Option<Vec<Vec<Error>>>> {
    let mut faults = vec![Vec::new(); written.len()];
    for (number, rule) in rules(session, object).iter().enumerate().filter(|(_, rule)| rule.refuses)
    {
        let meets = |(record, despite): (&WrittenRecord, &bool)| {
            let touched = record.changed.as_ref().is_none_or(|changed| rule.compares(changed));
            touched && !(rule.overridable && *despite)
        };
        let asked: Vec<_> = (0..written.len())
            .filter(|at| meets((&written[*at], despite.get(*at).unwrap_or(&false))))
            .collect();
        if asked.is_empty() {
            continue;
        }
        let compared: Vec<_> =
            asked.iter().map(|at| (Some(written[*at].id), &written[*at].values)).collect();
        take_turns(tx, object, rule, &compared).await?;
        let found = found(session, Within::Tx(tx), object, rule, &compared).await?;
        for ((at, (seen, others)), (_, values)) in asked.into_iter().zip(found).zip(compared) {
            let hidden =
                seen.is_empty() && others && told(session, object, (number, rule), values, true)?;
            if !seen.is_empty() || hidden {
                faults[at].push(fault(object, rule, &seen));
            }
        }
    }
    Ok(faults.iter().any(|faults| !faults.is_empty()).then_some(faults))
}

/// Lets those who save records that look the same go one after another, so that the later sees the earlier.
async fn take_turns(
    tx: &Tx,
    object: &Object,
    rule: &DuplicateRule,
    compared: &[Compared<'_>],
) -> Result<()> {
    if tx.dialect() == Dialect::Sqlite {
        return Ok(());
    }
    let keys = compared.iter().filter_map(|(_, values)| key(rule, values));
    let keys: BTreeSet<_> =
        keys.map(|key| format!("duplicate {} {} {key:?}", object.name, rule.name)).collect();
    for key in keys {
        tx.alone(&key).await?;
    }
    Ok(())
}

fn key(rule: &DuplicateRule, values: &Values) -> Option<Vec<Value>> {
    rule.compared(|ix| values.get(&ix).cloned())
}

/// Whether the caller is told that a record looks like one they do not see. Counts as a guess; a dry run tells nothing.
/// Past the last guess a refusal fails, and anything else tells nothing.
fn told(
    session: &Session,
    object: &Object,
    (number, rule): (usize, &DuplicateRule),
    values: &Values,
    refuses: bool,
) -> Result<bool> {
    if !rule.tells_hidden || session.trial {
        return Ok(false);
    }
    let value = format!("{:?}", key(rule, values));
    match session.guess_key(object, GUESSED + number, &value) {
        Ok(()) => Ok(true),
        Err(error) if refuses => Err(error),
        Err(_beyond) => Ok(false),
    }
}

/// The fault of a record that looks like others.
fn fault(object: &Object, rule: &DuplicateRule, seen: &[Uuid]) -> Error {
    let fields: Vec<_> =
        rule.fields.iter().map(|(ix, _)| object.field(*ix).name.as_str()).collect();
    let label = rule.label.title(&rule.name);
    let mut fault = match rule.overridable {
        true => faults::duplicate_unless_meant(object.noun(), label),
        false => faults::duplicate(object.noun(), label),
    };
    let looks = |id: Option<Uuid>| LooksLike { rule: rule.name.clone(), id };
    fault.like = match seen {
        [] => vec![looks(None)],
        seen => seen.iter().map(|id| looks(Some(*id))).collect(),
    };
    fault.about(fields.clone()).at(fields.into_iter().take(1))
}

/// What a record looks like that is about to be saved with these values: for pages that ask before. `own` is its id, if
/// it has one already.
pub async fn duplicates_of_values(
    session: &Session,
    object: &Object,
    own: Option<Uuid>,
    values: &Values,
) -> Result<Vec<Duplicate>> {
    let mut duplicates = Vec::new();
    for (number, rule) in rules(session, object).iter().enumerate() {
        let compared = [(own, values)];
        let within = Within::Database(&session.database);
        for (seen, others) in found(session, within, object, rule, &compared).await? {
            if seen.is_empty() && others && told(session, object, (number, rule), values, false)? {
                duplicates.push(LooksLike { rule: rule.name.clone(), id: None });
            }
            let looks = |id| LooksLike { rule: rule.name.clone(), id: Some(id) };
            duplicates.extend(seen.into_iter().map(looks));
        }
    }
    named(session, object, &duplicates).await
}

/// What a stored record looks like. Nothing, if the caller may not see it.
pub async fn duplicates_of(session: &Session, object: &Object, id: Uuid) -> Result<Vec<Duplicate>> {
    let fields: BTreeSet<_> = rules(session, object)
        .iter()
        .flat_map(|rule| rule.fields.iter().map(|(ix, _)| *ix))
        .collect();
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    let within = Within::Database(&session.database);
    let fields: Vec<_> = fields.into_iter().collect();
    let mut select = selected(object, &fields);
    let own = encode(within.dialect(), &FieldType::Id, &Value::Id(id))?;
    select.and_where(Expr::col((Alias::new("t1"), Alias::new("id"))).eq(own));
    restrict(session, within.dialect(), object, &mut select)?;
    let rows = within.select(&select).await?;
    let Some(row) = rows.first() else { return Ok(Vec::new()) };
    let (_, values) = read(within.dialect(), object, &fields, row)?;
    duplicates_of_values(session, object, Some(id), &values).await
}

/// The same records with what names them.
pub async fn named(
    session: &Session,
    object: &Object,
    found: &[LooksLike],
) -> Result<Vec<Duplicate>> {
    let ids: BTreeSet<_> = found.iter().filter_map(|looks| looks.id).collect();
    let mut titles = HashMap::new();
    if !ids.is_empty() {
        let size = u32::try_from(ids.len()).map_err(Error::internal)?;
        let ids = ids.into_iter().map(Value::Id).collect();
        let filter = Filter::Field(FieldIx::ID, Compare::In(ids));
        let visible = Visible { catalog: &session.catalog, access: &session.access };
        let wish = hits_find(visible, object, Some(filter), size, HitParts::default());
        let known = hits(session, wish, &[]).await?;
        titles.extend(known.hits.into_iter().map(|hit| (hit.id, hit.title)));
    }
    // One that is gone by now, or out of sight, is none any more.
    let told = found.iter().filter_map(|looks| {
        let rule = looks.rule.clone();
        match looks.id {
            None => Some(Duplicate { rule, id: None, text: None }),
            Some(id) => {
                titles.get(&id).map(|text| Duplicate { rule, id: Some(id), text: text.clone() })
            }
        }
    });
    Ok(told.collect())
}

/// Which records a rule finds for each of some others.
async fn found(
    session: &Session,
    within: Within<'_>,
    object: &Object,
    rule: &DuplicateRule,
    compared: &[Compared<'_>],
) -> Result<Found> {
    let keys: Vec<_> = compared.iter().map(|(_, values)| key(rule, values)).collect();
    let mut found: Found = vec![Default::default(); compared.len()];
    let asked: Vec<_> = (0..compared.len()).filter(|at| keys[*at].is_some()).collect();
    let sees = session.access.may(object, Action::Read) && sees_fields(session, object, rule);
    let others = rule.tells_hidden && !sees_all(session, object, rule);
    for asked in asked.chunks(CHUNK) {
        let wanted: Vec<_> = asked.iter().filter_map(|at| keys[*at].as_ref()).collect();
        for (guarded, look) in [(true, sees), (false, others)] {
            if !look {
                continue;
            }
            let alike = alike(session, within, object, rule, &wanted, guarded).await?;
            for at in asked {
                let Some(known) = keys[*at].as_ref().and_then(|key| alike.get(&format!("{key:?}")))
                else {
                    continue;
                };
                let mut own = known.iter().filter(|id| Some(**id) != compared[*at].0);
                match guarded {
                    true => found[*at].0.extend(own.take(TOLD)),
                    false => found[*at].1 = own.next().is_some(),
                }
            }
        }
    }
    Ok(found)
}

/// The records whose values are the same as some others, by what they are compared by.
///
/// `SELECT t1.id, t1.name FROM customer AS t1 WHERE lower(…) IN ($1, …) AND … LIMIT 2000`
async fn alike(
    session: &Session,
    within: Within<'_>,
    object: &Object,
    rule: &DuplicateRule,
    keys: &[&Vec<Value>],
    guarded: bool,
) -> Result<HashMap<String, Vec<Uuid>>> {
    let dialect = within.dialect();
    let fields: Vec<_> = rule.fields.iter().map(|(ix, _)| *ix).collect();
    let mut select = selected(object, &fields);
    for (at, (ix, forms)) in rule.fields.iter().enumerate() {
        let field = object.field(*ix);
        let column = field.column.as_deref();
        let column = column.ok_or_else(|| Error::internal("a compared field without a column"))?;
        let column = Expr::col((Alias::new("t1"), Alias::new(column)));
        let mut values = Vec::with_capacity(keys.len());
        for value in keys.iter().filter_map(|key| key.get(at)) {
            values.push(Expr::val(encode(dialect, &field.ty, value)?));
        }
        select.and_where(form_of(dialect, column, forms).is_in(values));
    }
    if guarded {
        restrict(session, dialect, object, &mut select)?;
    }
    select.limit(ROWS);
    let mut alike: HashMap<String, Vec<Uuid>> = HashMap::new();
    for row in within.select(&select).await? {
        let (id, values) = read(dialect, object, &fields, &row)?;
        if let Some(key) = key(rule, &values) {
            alike.entry(format!("{key:?}")).or_default().push(id);
        }
    }
    Ok(alike)
}

/// `SELECT t1.id, t1.name FROM customer AS t1`
fn selected(object: &Object, fields: &[FieldIx]) -> SelectStatement {
    let of = |column: &str| (Alias::new("t1"), Alias::new(column));
    let mut select = Query::select();
    select.column(of("id")).from_as(Alias::new(&object.table), Alias::new("t1"));
    for column in fields.iter().filter_map(|ix| object.field(*ix).column.as_deref()) {
        select.column(of(column));
    }
    select
}

fn read(
    dialect: Dialect,
    object: &Object,
    fields: &[FieldIx],
    row: &QueryResult,
) -> Result<(Uuid, Values)> {
    let id = decode(dialect, &FieldType::Id, row, 0)?.as_id();
    let id = id.ok_or_else(|| Error::internal("a record without its id"))?;
    let mut values = Values::default();
    for (at, ix) in fields.iter().enumerate() {
        values.insert(*ix, decode(dialect, &object.field(*ix).ty, row, at + 1)?);
    }
    Ok((id, values))
}

/// Leaves out what the caller may not read.
fn restrict(
    session: &Session,
    dialect: Dialect,
    object: &Object,
    select: &mut SelectStatement,
) -> Result<()> {
    let rule: &RowRule = session.access.row_rule(object, Action::Read);
    let guard = Guard::new(&session.catalog, dialect).of_one();
    guard.restrict(object.ix, "t1", rule, select)
}
