//! References of a record: whether they name records that the caller may see, and what expressions read over
//! them.
//!
//! A reference to an invisible record looks the same as one to no record, and nothing is read over it.

use std::{collections::HashMap, sync::Mutex};

use sea_orm::{
    QueryResult,
    sea_query::{Alias, Expr, ExprTrait, Query},
};
use uuid::Uuid;

use super::{
    authorize, faults,
    session::Session,
    stages::{RowDraft, Save},
    store::Values,
};
use crate::{
    access::{Action, RowRule},
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, Object, ObjectIx},
    query::Guard,
    sql::{decode, encode_as},
    storage::Tx,
};

/// A reference to check: its path in the input and its target.
#[derive(Clone)]
pub(super) struct Reference {
    pub(super) path: Vec<String>,
    pub(super) target: ObjectIx,
    pub(super) id: Uuid,
    /// Its column has a foreign key, so the database refuses a missing target.
    pub(super) keyed: bool,
}

/// Returns the references in some fields of a record.
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

/// Whether the foreign key is a sufficient check, because the caller may see all records of the target.
pub(super) fn left_to_keys(session: &Session, reference: &Reference) -> bool {
    let target = session.catalog.object(reference.target);
    reference.keyed && *session.access.row_rule(target, Action::Read) == RowRule::All
}

/// Returns an error for each reference to no visible record. Takes one statement.
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

/// Whether each reference names a visible record. Each target is checked once.
///
/// `SELECT EXISTS (SELECT 1 FROM department WHERE id = $1), EXISTS (…)`
async fn visible(session: &Session, tx: &Tx, references: &[&Reference]) -> Result<Vec<bool>> {
    let rule = |object: &Object| session.access.row_rule(object, Action::Read);
    exist(session, tx, references, rule).await
}

/// Whether each reference names a record, visible or not.
pub(super) async fn there(save: &Save<'_>, references: &[&Reference]) -> Result<Vec<bool>> {
    exist(save.session, save.tx, references, |_| &RowRule::All).await
}

/// Whether each reference names a record that a rule allows.
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

/// The error for a reference to no visible record.
pub(super) fn not_found(session: &Session, reference: &Reference) -> Error {
    let object = session.catalog.object(reference.target);
    faults::no_such_reference(object.noun())
        .about([object.name.as_str()])
        .at(reference.path.iter().map(String::as_str))
}

/// If there are faults of references, keeps only those. Returns whether there are any.
pub(super) fn alone(faults: &mut Vec<Error>) -> bool {
    let reference = |fault: &Error| fault.code == Code::RecordReference;
    let any = faults.iter().any(reference);
    if any {
        faults.retain(reference);
    }
    any
}

/// Caches what one save has read of other records, which cannot change meanwhile.
#[derive(Default)]
pub(super) struct Memo {
    /// Values, and whether the caller sees them. None for a record that does not exist.
    known: Mutex<HashMap<(ObjectIx, Uuid, FieldIx), Option<(Value, bool)>>>,
    /// Whether the caller may see a record.
    seen: Mutex<HashMap<(ObjectIx, Uuid), bool>>,
    /// References of nested records that are left to foreign keys.
    left: Mutex<Vec<Reference>>,
}

impl Memo {
    pub(super) fn leave(&self, references: impl Iterator<Item = Reference>) {
        if let Ok(mut left) = self.left.lock() {
            left.extend(references);
        }
    }

    pub(super) fn left(&self) -> Vec<Reference> {
        self.left.lock().map(|mut left| std::mem::take(&mut *left)).unwrap_or_default()
    }

    fn seen(&self, target: ObjectIx, id: Uuid) -> Option<bool> {
        self.seen.lock().ok()?.get(&(target, id)).copied()
    }
}

impl Save<'_> {
    /// Whether the caller may see the target of each reference. Results are cached.
    ///
    /// Everyone may refer to their own employee, whatever rights they have on employees.
    pub(super) async fn visible(&self, references: &[&Reference]) -> Result<Vec<bool>> {
        let session = self.session;
        let own = |reference: &Reference| {
            session.access.viewer() == Some(reference.id)
                && session.catalog.object(reference.target).name == "Employee"
        };
        let known = |reference: &Reference| match own(reference) {
            true => Some(true),
            false => self.memo.seen(reference.target, reference.id),
        };
        let asked: Vec<_> =
            references.iter().copied().filter(|reference| known(reference).is_none()).collect();
        if !asked.is_empty() {
            let there = visible(session, self.tx, &asked).await?;
            if let Ok(mut seen) = self.memo.seen.lock() {
                let named = asked.iter().map(|reference| (reference.target, reference.id));
                seen.extend(named.zip(there));
            }
        }
        Ok(references.iter().map(|reference| known(reference) == Some(true)).collect())
    }

    /// Whether the caller may see a referenced record. If they may read all records of the object, no
    /// statement is needed.
    pub(super) async fn may_see(&self, target: &Object, id: Uuid) -> Result<bool> {
        if self.session.access.reads_all(target) {
            return Ok(true);
        }
        let reference = Reference { path: Vec::new(), target: target.ix, id, keyed: true };
        Ok(self.visible(&[&reference]).await? == [true])
    }

    /// Returns the value that an expression reads over a path, and whether the caller sees everything on the
    /// way.
    ///
    /// Callers see the fields of their own employee that no role hides.
    pub(super) async fn follow(
        &self,
        row: &RowDraft<'_>,
        path: &[String],
    ) -> Result<(Value, bool)> {
        let catalog = &self.session.catalog;
        let nothing = |seen| Ok((Value::Null, seen));
        let Some((first, mut rest)) = path.split_first() else { return nothing(true) };
        let (mut at, mut id, mut seen, mut own) = if first == "viewer" {
            match (catalog.named("Employee"), self.session.access.viewer()) {
                (Some(employee), Some(id)) => (employee, id, true, true),
                _ => return nothing(true),
            }
        } else if first == "old" && row.object.named(first).is_none() {
            return match row.old {
                Some(old) => self.value_over(row.object, old, rest).await,
                None => nothing(true),
            };
        } else {
            let Some((ix, field)) = row.object.named(first) else { return nothing(true) };
            let seen = self.shows(row, ix).await?;
            let target = field.relation().map(|relation| catalog.object(relation.target));
            let id = row.values.get(&ix).and_then(Value::as_id);
            let (Some(target), Some(id)) = (target, id) else { return nothing(seen) };
            if rest.is_empty() {
                let seen = seen && (row.touched.contains(&ix) || self.may_see(target, id).await?);
                return nothing(seen);
            }
            match (&row.above, rest.split_first()) {
                // The document of a line is not stored yet: use the values of this save.
                (Some(above), Some((name, further))) if above.via == ix => {
                    let Some((ix, field)) = target.named(name) else { return nothing(seen) };
                    let seen = seen && self.session.access.field_rule(target.ix, ix).is_none();
                    let value = above.values.get(&ix).cloned().unwrap_or(Value::Null);
                    let next = field.relation().map(|relation| catalog.object(relation.target));
                    match (next, value.as_id()) {
                        (Some(next), Some(id)) if !further.is_empty() => {
                            rest = further;
                            (next, id, seen, false)
                        }
                        (Some(next), Some(id)) => {
                            let seen = seen && self.may_see(next, id).await?;
                            return Ok((value, seen));
                        }
                        _ if further.is_empty() => return Ok((value, seen)),
                        _ => return nothing(seen),
                    }
                }
                _ => (target, id, seen, false),
            }
        };
        while let Some((name, further)) = rest.split_first() {
            let Some((ix, field)) = at.named(name) else { return nothing(seen) };
            let Some((value, shown)) = self.fact(at, ix, id, own).await? else {
                return nothing(seen && (own || self.may_see(at, id).await?));
            };
            seen &= shown;
            let next = field.relation().map(|relation| catalog.object(relation.target));
            match (next, value.as_id()) {
                (Some(next), Some(to)) if further.is_empty() => {
                    seen = seen && (own || self.may_see(next, to).await?);
                    return Ok((value, seen));
                }
                (Some(next), Some(to)) => (at, id) = (next, to),
                _ if further.is_empty() => return Ok((value, seen)),
                _ => return nothing(seen),
            }
            (rest, own) = (further, false);
        }
        nothing(seen)
    }

    /// Returns the value at a path from some values of a record, and whether the caller sees everything on the way. The
    /// record itself is one that they see.
    pub(super) async fn value_over(
        &self,
        object: &Object,
        values: &Values,
        path: &[String],
    ) -> Result<(Value, bool)> {
        let catalog = &self.session.catalog;
        let Some((first, mut rest)) = path.split_first() else {
            return Ok((values.get(&FieldIx::ID).cloned().unwrap_or(Value::Null), true));
        };
        let Some((ix, mut field)) = object.named(first) else { return Ok((Value::Null, true)) };
        let mut seen = self.session.access.field_rule(object.ix, ix).is_none();
        let mut value = values.get(&ix).cloned().unwrap_or(Value::Null);
        while let Some((name, further)) = rest.split_first() {
            let target = field.relation().map(|relation| catalog.object(relation.target));
            let (Some(target), Some(id)) = (target, value.as_id()) else {
                return Ok((Value::Null, seen));
            };
            let Some((ix, next)) = target.named(name) else { return Ok((Value::Null, seen)) };
            let Some((read, shown)) = self.fact(target, ix, id, false).await? else {
                return Ok((Value::Null, seen));
            };
            seen &= shown;
            (value, field, rest) = (read, next, further);
        }
        // Whether there is a record behind a reference is told to whoever sees it.
        if let (Some(relation), Some(id)) = (field.relation(), value.as_id()) {
            seen = seen && self.may_see(catalog.object(relation.target), id).await?;
        }
        Ok((value, seen))
    }

    /// Returns a value of another record, and whether the caller sees it. None if the record does not exist.
    ///
    /// `SELECT t1.credit_limit, CASE WHEN (…) THEN 1 ELSE 0 END FROM customer AS t1 WHERE t1.id = $1`
    async fn fact(
        &self,
        object: &Object,
        ix: FieldIx,
        id: Uuid,
        own: bool,
    ) -> Result<Option<(Value, bool)>> {
        let key = (object.ix, id, ix);
        if let Some(known) = self.memo.known.lock().ok().and_then(|known| known.get(&key).cloned())
        {
            return Ok(known);
        }
        let (session, field, dialect) = (self.session, object.field(ix), self.tx.dialect());
        let access = &session.access;
        let target = field.target().map(|target| session.catalog.object(target));
        let mut rule = match own || target.is_none_or(|target| access.may(target, Action::Read)) {
            true => {
                access.field_rule(object.ix, ix).map_or(RowRule::All, |rule| rule.shown.clone())
            }
            false => RowRule::None,
        };
        if !own {
            rule = rule.both(access.row_rule(object, Action::Read));
        }
        let of = |column: &str| Expr::col((Alias::new("t1"), Alias::new(column)));
        let mut select = Query::select();
        select
            .expr(of(field.column.as_deref().unwrap_or("id")))
            .from_as(Alias::new(&object.table), Alias::new("t1"))
            .and_where(of("id").eq(encode_as(dialect, &Value::Id(id))?));
        let told = matches!(rule, RowRule::When(_));
        if told {
            let guard = Guard::new(&session.catalog, dialect).of_one();
            select.expr(authorize::truth(guard.condition(object.ix, "t1", &rule)?));
        }
        let rows = self.tx.select(&select).await?;
        let read = |row: &QueryResult| {
            let value = decode(dialect, &field.ty, row, 0)?;
            let seen = if told { authorize::is_true(row, 1)? } else { rule == RowRule::All };
            Ok((value, seen))
        };
        let found = rows.first().map(read).transpose()?;
        if let Ok(mut known) = self.memo.known.lock() {
            known.insert(key, found.clone());
        }
        Ok(found)
    }

    /// Whether the caller sees a field of the record to be saved.
    pub(super) async fn shows(&self, row: &RowDraft<'_>, ix: FieldIx) -> Result<bool> {
        let (session, object) = (self.session, row.object);
        // Callers know the values they give, and the document of a line.
        if row.touched.contains(&ix) || row.above.as_ref().is_some_and(|above| above.via == ix) {
            return Ok(true);
        }
        let target = object.field(ix).target().map(|target| session.catalog.object(target));
        if target.is_some_and(|target| !session.access.may(target, Action::Read)) {
            return Ok(false);
        }
        let Some(rule) = session.access.field_rule(object.ix, ix) else { return Ok(true) };
        let values = row.old.unwrap_or(&row.values);
        let id = row.old.and_then(|old| old.get(&FieldIx::ID)?.as_id());
        match (authorize::by_values(&rule.shown, values), id) {
            (Some(shown), _) => Ok(shown),
            // The rule needs the database, but the record is not stored yet.
            (None, None) => Ok(false),
            (None, Some(id)) => {
                authorize::meets_now(session, self.tx, object, id, &rule.shown).await
            }
        }
    }
}
