//! Finds the records that block a deletion, as far as the caller may see them.

use std::collections::HashMap;

use sea_orm::sea_query::{
    Alias, CaseStatement, Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement,
};
use uuid::Uuid;

use super::{faults, guesses, session::Session, store};
use crate::{
    access::{Action, RowRule},
    base::{Error, Message, Result, Value},
    catalog::{FieldIx, FieldType, Junction, Object, OnDelete},
    query::Guard,
    sql::{decode, encode_as},
    storage::Tx,
};

/// Up to this many referring records of an object are named.
const NAMED: i64 = 3;
/// For up to this many records the referring records are named, and count as guesses if hidden.
const DETAILED: usize = 20;

/// The fault if other records refer to a record.
pub(super) fn fault() -> Error {
    faults::in_use().at(["id"])
}

/// A field of one object that refers to another object.
struct Referring<'r> {
    /// The object with the field.
    object: &'r Object,
    field: FieldIx,
    /// The object to report: itself, or the document of a line.
    told: &'r Object,
}

/// Returns all fields that can block the deletion of an object's records.
fn referring<'r>(session: &'r Session, object: &'r Object) -> Vec<Referring<'r>> {
    let objects = session.catalog.objects.iter();
    let fields =
        objects.flat_map(|other| other.each_field().map(move |(ix, field)| (other, ix, field)));
    let holds = fields.filter(|(_, _, field)| match &field.ty {
        FieldType::Relation(relation) => {
            relation.target == object.ix && relation.on_delete == OnDelete::Restrict
        }
        FieldType::ManyToMany(junction) => junction.target == object.ix,
        _ => false,
    });
    let told = |other: &'r Object| {
        let head = other.parent.and_then(|parent| other.field(parent).target());
        head.map_or(other, |head| session.catalog.object(head))
    };
    holds.map(|(object, field, _)| Referring { object, field, told: told(object) }).collect()
}

fn of(alias: &str, column: &str) -> Expr {
    Expr::col((Alias::new(alias), Alias::new(column)))
}

impl Referring<'_> {
    /// The column with the id of the reported record.
    fn subject(&self) -> Expr {
        let parent = self.object.parent.and_then(|ix| self.object.field(ix).column.as_deref());
        of("t1", parent.unwrap_or("id"))
    }

    /// Builds `… FROM contact AS t1 WHERE t1.customer_id IN (…)`, the rows that refer to some records.
    /// Excludes records that are deleted, too. Also returns the column of the reference.
    fn rows(
        &self,
        tx: &Tx,
        to: &[Uuid],
        gone: &[Uuid],
        same: bool,
    ) -> Result<(SelectStatement, Expr)> {
        let field = self.object.field(self.field);
        let id = |id: &Uuid| encode_as(tx.dialect(), &Value::Id(*id));
        let mut select = Query::select();
        select.from_as(Alias::new(&self.object.table), Alias::new("t1"));
        let named = match &field.ty {
            FieldType::ManyToMany(junction) => {
                let own = of("j", Junction::OWNER).eq(of("t1", "id"));
                let table = Alias::new(&junction.table);
                select.join_as(JoinType::InnerJoin, table, Alias::new("j"), own);
                of("j", Junction::MEMBER)
            }
            _ => of("t1", field.column.as_deref().unwrap_or("id")),
        };
        select.and_where(named.clone().is_in(to.iter().map(id).collect::<Result<Vec<_>>>()?));
        if same {
            let gone = gone.iter().map(id).collect::<Result<Vec<_>>>()?;
            select.and_where(self.subject().is_not_in(gone));
        }
        Ok((select, named))
    }

    /// The rule for referring rows that the caller sees.
    fn rule(&self, session: &Session) -> RowRule {
        match session.access.field_rule(self.object.ix, self.field) {
            Some(_) => RowRule::None,
            None => session.access.row_rule(self.object, Action::Read).clone(),
        }
    }
}

/// Whether a refused deletion may reveal records that the caller does not see.
pub(super) fn possible(session: &Session, object: &Object) -> bool {
    session.guesses.is_some()
        && !session.access.may_everything()
        && referring(session, object).iter().any(|one| one.rule(session) != RowRule::All)
}

/// The referring records of one object: their number and, if there are few, their names.
struct Part<'r> {
    object: &'r Object,
    count: i64,
    names: Vec<String>,
}

/// Returns faults for records that cannot be deleted together, with their indexes.
///
/// A fault is reported even if the caller sees no referring record. It then counts as a guess, because trying
/// costs the caller nothing: the fault may keep the other records from being deleted, too. A dry run does not
/// report such a fault.
pub(super) async fn told(
    session: &Session,
    tx: &Tx,
    object: &Object,
    gone: &[Uuid],
) -> Result<Vec<(usize, Error)>> {
    let places: HashMap<_, _> = gone.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let guard = Guard::new(&session.catalog, tx.dialect()).of_all();
    let mut found: HashMap<usize, Vec<Part<'_>>> = HashMap::new();
    let all = referring(session, object);
    for referring in &all {
        let same = referring.told.ix == object.ix;
        let rule = referring.rule(session);
        let open = guard.condition(referring.object.ix, "t1", &rule)?;
        for to in gone.chunks(store::NAMED) {
            let (mut select, named) = referring.rows(tx, to, gone, same)?;
            let seen: Expr = match open.clone() {
                None => referring.subject(),
                Some(open) => CaseStatement::new().case(open, referring.subject()).into(),
            };
            select.expr(named.clone()).expr(Func::count_distinct(seen)).add_group_by([named]);
            for row in tx.select(&select).await? {
                let id = decode(tx.dialect(), &FieldType::Id, &row, 0)?.as_id();
                let count: i64 = row.try_get_by_index(1).map_err(Error::internal)?;
                let Some(at) = id.and_then(|id| places.get(&id)) else { continue };
                let parts = found.entry(*at).or_default();
                match parts.iter_mut().find(|part| part.object.ix == referring.told.ix) {
                    Some(part) => part.count = Ord::max(part.count, count),
                    None if count > 0 => {
                        parts.push(Part { object: referring.told, count, names: Vec::new() });
                    }
                    None => {}
                }
            }
        }
    }
    let mut told: Vec<_> = found.into_iter().collect();
    told.sort_by_key(|(at, _)| *at);
    let mut faults = Vec::with_capacity(told.len());
    for (nth, (at, mut parts)) in told.into_iter().enumerate() {
        for part in parts.iter_mut().filter(|part| nth < DETAILED && part.count <= NAMED) {
            for referring in all.iter().filter(|one| one.told.ix == part.object.ix) {
                let names = names(
                    session,
                    tx,
                    &guard,
                    referring,
                    gone[at],
                    (gone, part.object.ix == object.ix),
                )
                .await?;
                part.names.extend(names);
            }
            part.names.sort();
            part.names.dedup();
            // Several fields may find the same or different records.
            let named = i64::try_from(part.names.len()).unwrap_or(i64::MAX);
            part.count = Ord::max(part.count, named);
        }
        let hidden = parts.iter().all(|part| part.count == 0);
        if hidden && !session.trial && nth < DETAILED {
            session.guess(object, guesses::KEY)?;
        }
        if !hidden || !session.trial {
            faults.push((at, worded(&parts)));
        }
    }
    Ok(faults)
}

/// `SELECT number FROM quote WHERE id IN (SELECT t1.id FROM quote AS t1 WHERE t1.customer_id IN ($1) AND …)
/// ORDER BY id`
async fn names(
    session: &Session,
    tx: &Tx,
    guard: &Guard<'_>,
    referring: &Referring<'_>,
    to: Uuid,
    (gone, same): (&[Uuid], bool),
) -> Result<Vec<String>> {
    let told = referring.told;
    let seen = |ix: &FieldIx| session.access.field_rule(told.ix, *ix).is_none();
    let Some(display) = told.display.filter(seen) else { return Ok(Vec::new()) };
    let field = told.field(display);
    let Some(column) = field.column.as_deref() else { return Ok(Vec::new()) };
    let (mut inner, _) = referring.rows(tx, &[to], gone, same)?;
    inner.expr(referring.subject());
    guard.restrict(referring.object.ix, "t1", &referring.rule(session), &mut inner)?;
    let select = Query::select()
        .column(Alias::new(column))
        .from(Alias::new(&told.table))
        .and_where(Expr::col(Alias::new("id")).in_subquery(inner))
        .order_by(Alias::new("id"), Order::Asc)
        .limit(u64::try_from(NAMED).unwrap_or(3))
        .to_owned();
    let mut names = Vec::new();
    for row in tx.select(&select).await? {
        let value = decode(tx.dialect(), &field.ty, &row, 0)?;
        names.extend(value.as_text().map(str::to_owned));
    }
    Ok(names)
}

/// Words the fault: `3 contacts, 1 quote (BJ202611-0081) still refer to this record`, or only that other
/// records refer to it.
fn worded(parts: &[Part<'_>]) -> Error {
    let seen: Vec<_> = parts.iter().filter(|part| part.count > 0).collect();
    if seen.is_empty() {
        return fault();
    }
    let called = |part: &Part<'_>, open: &str, close: &str, between: &str| {
        let all = i64::try_from(part.names.len()).is_ok_and(|count| count == part.count);
        if all { format!("{open}{}{close}", part.names.join(between)) } else { String::new() }
    };
    let en = seen.iter().map(|part| {
        let noun = english(part.object, part.count);
        format!("{} {noun}{}", part.count, called(part, " (", ")", ", "))
    });
    let zh = seen.iter().map(|part| {
        let noun = part.object.label.zh.as_deref().unwrap_or(&part.object.name);
        format!("{} 条{noun}{}", part.count, called(part, "（", "）", "、"))
    });
    let en = en.collect::<Vec<_>>().join(", ");
    let mut zh = zh.collect::<Vec<_>>().join("、");
    if !zh.ends_with('）') {
        zh.push(' ');
    }
    let refer = match seen.as_slice() {
        [one] if one.count == 1 => "refers",
        _ => "refer",
    };
    faults::in_use_by(Message::new(en, zh), refer).at(["id"])
}

/// The noun in singular or plural: `sales order`, `activities`.
fn english(object: &Object, count: i64) -> String {
    let label = object.label.en.as_deref().unwrap_or(&object.name).to_lowercase();
    if count == 1 {
        return label;
    }
    let vowel = |c: char| "aeiou".contains(c);
    match label.strip_suffix('y') {
        Some(stem) if !stem.ends_with(vowel) => format!("{stem}ies"),
        _ if label.ends_with(['s', 'x']) => format!("{label}es"),
        _ => format!("{label}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{resolve, standard_sources};

    #[test]
    fn objects_are_counted_in_english() {
        let catalog = resolve(&standard_sources(), 1).unwrap();
        let called = |name: &str, count| english(catalog.named(name).unwrap(), count);
        assert_eq!(called("SalesOrder", 1), "sales order");
        assert_eq!(called("Contact", 3), "contacts");
        assert_eq!(called("Activity", 2), "activities");
    }
}
