//! Moves references from some records of an object to another one: in fields of records, in lines, and in members.
//!
//! The referring records are saved like any others, by the server on behalf of the caller, so that rules, formulas,
//! trees, history and events follow. Nobody needs rights on them.

use std::collections::{BTreeMap, HashMap, HashSet};

use sea_orm::sea_query::{Alias, Expr, Func, Query};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::{Action, RowRule},
    base::{Error, Result, Value},
    catalog::{EMPLOYEES, Field, FieldIx, FieldType, Junction, Object},
    query::Guard,
    records::{
        Input, LineChange, MemberChange, Redirected, Session, draft, faults, guesses, members,
        save::is_users,
        store,
        write::{self, WriteOutcome},
    },
    sql::{decode, encode_as},
    storage::{Tx, fault},
};

/// Referring records saved together.
const TOGETHER: usize = 200;

/// One reference that moves.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Move {
    /// The referring record: a line's document.
    pub(super) object: String,
    /// Its id.
    pub(super) record: Uuid,
    /// Its field: a relation, lines, or members.
    pub(super) field: String,
    /// Of a line: its id and its field.
    #[serde(default)]
    pub(super) line: Option<(Uuid, String)>,
    /// What it referred to.
    pub(super) from: Uuid,
    /// What it refers to instead. None where the kept record referred to one that it absorbs.
    pub(super) to: Option<Uuid>,
    /// Of members: the other record was a member already.
    #[serde(default)]
    pub(super) beside: bool,
}

/// The direction of moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// From the dropped records to the kept one.
    There,
    /// Back, where nothing else has changed the reference since.
    Back,
}

impl Move {
    fn expected(&self, direction: Direction) -> Option<Uuid> {
        if direction == Direction::There { Some(self.from) } else { self.to }
    }

    fn target(&self, direction: Direction) -> Option<Uuid> {
        if direction == Direction::There { self.to } else { Some(self.from) }
    }
}

/// Whether a field refers to records of an object by a relation that people or rules set.
fn refers(object: &Object, field: &Field) -> bool {
    !field.system && field.relation().is_some_and(|to| to.target == object.ix)
}

/// Returns all references to some records, except those of these records and their lines.
pub(super) async fn references(
    session: &Session,
    tx: &Tx,
    object: &Object,
    from: &[Uuid],
    to: Uuid,
) -> Result<Vec<Move>> {
    let gone: HashSet<_> = from.iter().copied().collect();
    let mut moves = Vec::new();
    for referring in &session.catalog.objects {
        for (ix, field) in referring.each_field() {
            let found = match &field.ty {
                FieldType::ManyToMany(junction) if junction.target == object.ix => {
                    in_members(tx, referring, field, junction, from, to).await?
                }
                _ if !refers(object, field) || Some(ix) == referring.parent => continue,
                _ if referring.parent.is_some() => {
                    in_lines(session, tx, referring, field, from, to).await?
                }
                _ => in_records(tx, referring, field, from, to).await?,
            };
            let itself = |found: &Move| found.object == object.name && gone.contains(&found.record);
            moves.extend(found.into_iter().filter(|found| !itself(found)));
        }
    }
    for found in &mut moves {
        // A record that is kept does not refer to itself for what it absorbs.
        if found.object == object.name && found.record == to && found.line.is_none() {
            found.to = None;
        }
    }
    Ok(moves)
}

/// `SELECT id, customer_id FROM contact WHERE customer_id IN (…) ORDER BY id`
async fn pairs(
    tx: &Tx,
    table: &str,
    columns: &[&str],
    by: &str,
    from: &[Uuid],
) -> Result<Vec<Vec<Uuid>>> {
    let mut found = Vec::new();
    for from in from.chunks(store::NAMED) {
        let select = Query::select()
            .columns(columns.iter().copied().map(Alias::new))
            .from(Alias::new(table))
            .and_where(store::among(tx.dialect(), by, from)?)
            .to_owned();
        for row in tx.select(&select).await? {
            let id = |at| Ok(decode(tx.dialect(), &FieldType::Id, &row, at)?.as_id());
            let ids: Vec<Option<Uuid>> = (0..columns.len()).map(id).collect::<Result<_>>()?;
            found.extend(ids.into_iter().collect::<Option<Vec<_>>>());
        }
    }
    found.sort();
    Ok(found)
}

async fn in_records(
    tx: &Tx,
    referring: &Object,
    field: &Field,
    from: &[Uuid],
    to: Uuid,
) -> Result<Vec<Move>> {
    let Some(column) = field.column.as_deref() else { return Ok(Vec::new()) };
    let found = pairs(tx, &referring.table, &["id", column], column, from).await?;
    let moved = found.into_iter().filter_map(|ids| <[Uuid; 2]>::try_from(ids).ok());
    Ok(moved
        .map(|[record, from]| Move {
            object: referring.name.clone(),
            record,
            field: field.stored.clone(),
            line: None,
            from,
            to: Some(to),
            beside: false,
        })
        .collect())
}

async fn in_lines(
    session: &Session,
    tx: &Tx,
    line: &Object,
    field: &Field,
    from: &[Uuid],
    to: Uuid,
) -> Result<Vec<Move>> {
    let parent = line.parent.map(|ix| line.field(ix));
    let (Some(parent), Some(column)) = (parent, field.column.as_deref()) else {
        return Ok(Vec::new());
    };
    let (Some(head), Some(via)) = (parent.target(), parent.column.as_deref()) else {
        return Ok(Vec::new());
    };
    let head = session.catalog.object(head);
    let owns = |field: &Field| matches!(&field.ty, FieldType::Lines(of) if of.target == line.ix);
    let Some((_, lines)) = head.each_field().find(|(_, field)| owns(field)) else {
        return Ok(Vec::new());
    };
    let found = pairs(tx, &line.table, &[via, "id", column], column, from).await?;
    let moved = found.into_iter().filter_map(|ids| <[Uuid; 3]>::try_from(ids).ok());
    Ok(moved
        .map(|[record, id, from]| Move {
            object: head.name.clone(),
            record,
            field: lines.stored.clone(),
            line: Some((id, field.stored.clone())),
            from,
            to: Some(to),
            beside: false,
        })
        .collect())
}

async fn in_members(
    tx: &Tx,
    referring: &Object,
    field: &Field,
    junction: &Junction,
    from: &[Uuid],
    to: Uuid,
) -> Result<Vec<Move>> {
    let columns = [Junction::OWNER, Junction::MEMBER];
    let with: HashSet<_> = pairs(tx, &junction.table, &columns, Junction::MEMBER, &[to])
        .await?
        .into_iter()
        .filter_map(|ids| ids.first().copied())
        .collect();
    let found = pairs(tx, &junction.table, &columns, Junction::MEMBER, from).await?;
    let moved = found.into_iter().filter_map(|ids| <[Uuid; 2]>::try_from(ids).ok());
    Ok(moved
        .map(|[record, from]| Move {
            object: referring.name.clone(),
            record,
            field: field.stored.clone(),
            line: None,
            from,
            to: Some(to),
            beside: with.contains(&record),
        })
        .collect())
}

/// Whether a move changes the lines of related employees. The server keeps those of owners itself.
fn of_employees(found: &Move) -> bool {
    found.line.is_some() && found.field == EMPLOYEES
}

/// Saves the moves. Returns the faults of referring records that cannot be saved; then nothing may be kept.
pub(super) async fn apply(
    session: &Session,
    tx: &Tx,
    moves: &[Move],
    direction: Direction,
) -> Result<Vec<Error>> {
    let server = session.elevated("references follow records that are merged");
    let (rows, saved): (Vec<_>, Vec<_>) = moves.iter().partition(|found| of_employees(found));
    let mut by_object: BTreeMap<&str, BTreeMap<Uuid, Vec<&Move>>> = BTreeMap::new();
    for found in saved {
        let records = by_object.entry(&found.object).or_default();
        records.entry(found.record).or_default().push(found);
    }
    for (name, records) in by_object {
        let Some(referring) = session.catalog.named(name) else { continue };
        let records: Vec<_> = records.into_iter().collect();
        for records in records.chunks(TOGETHER) {
            let faults = save(session, &server, tx, referring, records, direction).await?;
            if !faults.is_empty() {
                return Ok(faults);
            }
        }
    }
    // The rows of owners have followed their records by now.
    for found in rows {
        rewrite(session, tx, found, direction).await?;
    }
    Ok(Vec::new())
}

async fn save(
    session: &Session,
    server: &Session,
    tx: &Tx,
    referring: &Object,
    records: &[(Uuid, Vec<&Move>)],
    direction: Direction,
) -> Result<Vec<Error>> {
    let ids: Vec<_> = records.iter().map(|(id, _)| *id).collect();
    let there = store::load(tx, referring, FieldIx::ID, &ids).await?;
    let there: HashSet<_> =
        there.iter().filter_map(|values| values.get(&FieldIx::ID)?.as_id()).collect();
    let ids: Vec<_> = ids.into_iter().filter(|id| there.contains(id)).collect();
    let moves: HashMap<_, _> = records.iter().map(|(id, moves)| (*id, moves)).collect();
    let known = draft::current(server, tx, referring, &ids, &RowRule::All).await?;
    let mut patches = Vec::with_capacity(known.len());
    for old in &known {
        let mut patch = Input::default();
        for found in moves.get(&old.id).into_iter().flat_map(|moves| moves.iter()) {
            add(session, tx, referring, &old.values, found, direction, &mut patch).await?;
        }
        patches.push(patch);
    }
    let changed = known.into_iter().zip(&patches).filter(|(_, patch)| **patch != Input::default());
    let changed: Vec<_> = changed.collect();
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    match write::update(server, tx, referring, changed, &mut Vec::new(), false).await {
        Ok(WriteOutcome::Done(_)) => Ok(Vec::new()),
        Ok(WriteOutcome::Refused(faults)) => {
            refused(session, referring, faults.into_iter().flatten())
        }
        Err(error) if is_users(error.code) => refused(session, referring, std::iter::once(error)),
        Err(error) => Err(error),
    }
}

/// Adds a move to the patch of its record, if the reference is as it should be.
async fn add(
    session: &Session,
    tx: &Tx,
    referring: &Object,
    old: &store::Values,
    found: &Move,
    direction: Direction,
    patch: &mut Input,
) -> Result<()> {
    let Some((ix, field)) = referring.stored(&found.field) else { return Ok(()) };
    let value = found.target(direction).map_or(Value::Null, Value::Id);
    let (expected, is) =
        (found.expected(direction), |value: Option<&Value>| value.and_then(Value::as_id));
    match (&field.ty, &found.line) {
        (FieldType::Relation(_), None) if is(old.get(&ix)) == expected => {
            patch.values.push((ix, value));
        }
        (FieldType::Lines(of), Some((id, name))) => {
            let line = session.catalog.object(of.target);
            let Some((at, _)) = line.stored(name) else { return Ok(()) };
            let rows = store::load(tx, line, FieldIx::ID, &[*id]).await?;
            if rows.first().is_some_and(|row| is(row.get(&at)) == expected) {
                let input = Input { values: vec![(at, value)], ..Input::default() };
                let place = patch.lines.iter().position(|(of, _)| *of == ix);
                let place = place.unwrap_or_else(|| {
                    patch.lines.push((ix, LineChange::default()));
                    patch.lines.len() - 1
                });
                patch.lines[place].1.update.push((*id, input));
            }
        }
        (FieldType::ManyToMany(_), None) => {
            let FieldType::ManyToMany(junction) = &field.ty else { return Ok(()) };
            let now = loaded_members(tx, junction, found.record).await?;
            // Somebody may have changed the members since.
            if expected.is_some_and(|expected| !now.contains(&expected)) {
                return Ok(());
            }
            let place = patch.members.iter().position(|(of, _)| *of == ix);
            let place = place.unwrap_or_else(|| {
                patch.members.push((ix, MemberChange::default()));
                patch.members.len() - 1
            });
            let change = &mut patch.members[place].1;
            change.add.extend(found.target(direction));
            if direction == Direction::There || !found.beside {
                change.remove.extend(expected);
            }
        }
        _ => {}
    }
    Ok(())
}

async fn loaded_members(tx: &Tx, junction: &Junction, record: Uuid) -> Result<HashSet<Uuid>> {
    let found = members::load(tx, junction, &[record]).await?;
    Ok(found.into_iter().map(|(_, member)| member).collect())
}

/// The faults of records that refuse the move. Only administrators are told which and why: for everyone else the rules
/// and keys of referring records may rest on what is hidden, so that a refusal counts as a guess.
fn refused(
    session: &Session,
    referring: &Object,
    faults: impl Iterator<Item = Error>,
) -> Result<Vec<Error>> {
    if session.access.may_everything() {
        let told = faults.map(|fault| {
            let told = faults::referring_not_changeable_for(referring.noun(), fault.message);
            told.at(["drop"])
        });
        return Ok(told.collect());
    }
    session.guess(referring, guesses::KEY)?;
    Ok(vec![faults::referring_not_changeable().at(["drop"])])
}

/// `UPDATE customer_employee SET employee_id = $1 WHERE id = $2 AND employee_id = $3`. Rows that rights are made of have
/// no rules to meet, and those of owners may not be changed by a patch.
async fn rewrite(session: &Session, tx: &Tx, found: &Move, direction: Direction) -> Result<()> {
    let head = session.catalog.named(&found.object);
    let lines = head.and_then(|head| head.stored(&found.field)).and_then(|(_, of)| of.target());
    let (Some(line), Some((id, name))) = (lines, &found.line) else { return Ok(()) };
    let line = session.catalog.object(line);
    let column = line.stored(name).and_then(|(_, field)| field.column.as_deref());
    let (Some(column), Some(expected), Some(target)) =
        (column, found.expected(direction), found.target(direction))
    else {
        return Ok(());
    };
    set(tx, &line.table, column, &[expected], target, Some(*id)).await
}

/// Moves who created and last changed records, where operators are merged. That changes no record, and stays when the
/// merge is undone: the same person has written them.
pub(super) async fn authors(
    session: &Session,
    tx: &Tx,
    object: &Object,
    from: &[Uuid],
    to: Uuid,
) -> Result<()> {
    for referring in &session.catalog.objects {
        for (ix, field) in referring.each_field() {
            // Lines stay with the record that they are a part of.
            let author = field.system
                && Some(ix) != referring.parent
                && field.relation().is_some_and(|to| to.target == object.ix);
            if let Some(column) = field.column.as_deref().filter(|_| author) {
                set(tx, &referring.table, column, from, to, None).await?;
            }
        }
    }
    Ok(())
}

async fn set(
    tx: &Tx,
    table: &str,
    column: &str,
    from: &[Uuid],
    to: Uuid,
    id: Option<Uuid>,
) -> Result<()> {
    let to = encode_as(tx.dialect(), &Value::Id(to))?;
    let mut update = Query::update();
    update
        .table(Alias::new(table))
        .value(Alias::new(column), Expr::val(to))
        .and_where(store::among(tx.dialect(), column, from)?);
    if let Some(id) = id {
        update.and_where(store::among(tx.dialect(), "id", &[id])?);
    }
    tx.update(&update).await.map(|_| ()).map_err(fault)
}

/// Counts the records whose references move, of those that the caller sees as they are now. Asked before they move: a
/// record that becomes visible by the merge tells nothing.
///
/// `SELECT COUNT(*) FROM contact AS t1 WHERE t1.id IN (…) AND …`
pub(super) async fn counted(session: &Session, tx: &Tx, moves: &[Move]) -> Result<Vec<Redirected>> {
    let mut by_object: BTreeMap<&str, HashSet<Uuid>> = BTreeMap::new();
    for found in moves {
        let Some(referring) = session.catalog.named(&found.object) else { continue };
        if sees(session, referring, found) {
            by_object.entry(&found.object).or_default().insert(found.record);
        }
    }
    let guard = Guard::new(&session.catalog, tx.dialect()).of_all();
    let mut counts = Vec::new();
    for (name, ids) in by_object {
        let Some(referring) = session.catalog.named(name) else { continue };
        let rule = session.access.row_rule(referring, Action::Read);
        let mut ids: Vec<_> = ids.into_iter().collect();
        ids.sort_unstable();
        let mut count = 0;
        for ids in ids.chunks(store::NAMED) {
            let column = Expr::col((Alias::new("t1"), Alias::new("id")));
            let mut select = Query::select();
            select
                .expr(Func::count(column))
                .from_as(Alias::new(&referring.table), Alias::new("t1"))
                .and_where(store::among(tx.dialect(), "id", ids)?);
            guard.restrict(referring.ix, "t1", rule, &mut select)?;
            let rows = tx.select(&select).await?;
            let found = rows.first().map(|row| row.try_get_by_index::<i64>(0)).transpose();
            let found = found.map_err(Error::internal)?.unwrap_or_default();
            count += u64::try_from(found).unwrap_or_default();
        }
        if count > 0 {
            counts.push(Redirected { object: name.to_owned(), count });
        }
    }
    Ok(counts)
}

/// Whether the caller sees the fields of a reference on every record.
fn sees(session: &Session, referring: &Object, found: &Move) -> bool {
    let clear = |object: &Object, name: &str| {
        let known = object.stored(name);
        known.is_some_and(|(ix, _)| session.access.field_rule(object.ix, ix).is_none())
    };
    let of_line = found.line.as_ref().is_none_or(|(_, name)| {
        let line = referring.stored(&found.field).and_then(|(_, field)| field.target());
        line.is_some_and(|line| clear(session.catalog.object(line), name))
    });
    clear(referring, &found.field) && of_line
}
