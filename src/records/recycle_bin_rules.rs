//! Evaluates rules on deleted records: on their values in the recycle bin, and on the present state of the
//! records they referred to.

use std::{cell::RefCell, collections::HashMap};

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{
    authorize,
    entries::selected,
    recycled::{self, Content},
    session::Session,
    store::{NAMED, Values},
};
use crate::{
    access::{Condition, RowRule},
    base::{Error, Result, Value},
    catalog::{FieldIx, FieldType, Object, ObjectIx, PENDING},
    storage::Tx,
};

/// Returns those of some deleted records that a rule would allow.
///
/// `SELECT record_id, content FROM tw_recycled WHERE object = $1 AND record_id IN (…)`
pub(super) async fn open_among(
    session: &Session,
    tx: Option<&Tx>,
    object: &Object,
    rule: &RowRule,
    ids: &[Uuid],
) -> Result<Vec<Uuid>> {
    let mut open = Vec::new();
    for ids in ids.chunks(NAMED) {
        let select = Query::select()
            .columns(["record_id", "content"].map(Alias::new))
            .from(Alias::new(recycled::TABLE))
            .and_where(Expr::col(Alias::new("object")).eq(object.name.as_str()))
            .and_where(Expr::col(Alias::new("record_id")).is_in(ids.iter().map(Uuid::to_string)))
            .to_owned();
        let (mut found, mut contents) = (Vec::new(), Vec::<Content>::new());
        for row in selected(session, tx, &select).await? {
            let text = |at: usize| row.try_get_by_index::<String>(at).map_err(Error::internal);
            found.push(text(0)?.parse::<Uuid>().map_err(Error::internal)?);
            contents.push(serde_json::from_str(&text(1)?).map_err(Error::internal)?);
        }
        let contents: Vec<_> = contents.iter().collect();
        let told = self::open(session, tx, object, rule, &contents).await?;
        open.extend(found.into_iter().zip(told).filter(|(_, open)| *open).map(|(id, _)| id));
    }
    Ok(open)
}

/// Whether a rule would allow each of these deleted records.
///
/// Takes one statement per rule on a referenced record.
pub(super) async fn open(
    session: &Session,
    tx: Option<&Tx>,
    object: &Object,
    rule: &RowRule,
    contents: &[&Content],
) -> Result<Vec<bool>> {
    let condition = match rule {
        RowRule::All => return Ok(vec![true; contents.len()]),
        RowRule::None => return Ok(vec![false; contents.len()]),
        RowRule::When(condition) => condition,
    };
    let kept = |content: &&Content| recycled::values(&session.catalog, object, &content.values);
    let read = contents.iter().map(kept);
    let records: Vec<_> = read.zip(contents.iter().copied()).collect();
    let judge = Judge { session, object };
    // The first pass collects what must be asked, the second uses the results.
    let asked: RefCell<Vec<(ObjectIx, RowRule, Vec<Uuid>)>> = RefCell::default();
    for (values, content) in &records {
        judge.meets(condition, values, content, &|target, rule, id| {
            let mut asked = asked.borrow_mut();
            match asked.iter_mut().find(|(of, known, _)| *of == target && *known == *rule) {
                Some((.., ids)) => ids.push(id),
                None => asked.push((target, rule.clone(), vec![id])),
            }
            false
        });
    }
    let mut answers: Vec<(ObjectIx, RowRule, HashMap<Uuid, Vec<bool>>)> = Vec::new();
    for (target, rule, mut ids) in asked.into_inner() {
        ids.sort_unstable();
        ids.dedup();
        let rules = std::slice::from_ref(&rule);
        let met = authorize::met(session, tx, session.catalog.object(target), &ids, rules).await?;
        answers.push((target, rule, met));
    }
    let answer = |target: ObjectIx, rule: &RowRule, id: Uuid| {
        let known = answers.iter().find(|(of, known, _)| *of == target && *known == *rule);
        known.and_then(|(.., met)| met.get(&id)).is_some_and(|met| met.first() == Some(&true))
    };
    let open =
        records.iter().map(|(values, content)| judge.meets(condition, values, content, &answer));
    Ok(open.collect())
}

/// Asks whether a record meets a rule of its object.
type Asked<'a> = dyn Fn(ObjectIx, &RowRule, Uuid) -> bool + 'a;

struct Judge<'j> {
    session: &'j Session,
    object: &'j Object,
}

impl Judge<'_> {
    /// Whether a deleted record meets a condition. Evaluates all parts, so that the first pass collects
    /// everything.
    fn meets(
        &self,
        condition: &Condition,
        values: &Values,
        content: &Content,
        asked: &Asked<'_>,
    ) -> bool {
        let each = |inner: &[Condition]| -> Vec<bool> {
            inner.iter().map(|inner| self.meets(inner, values, content, asked)).collect()
        };
        match condition {
            Condition::Any(inner) => each(inner).contains(&true),
            Condition::All(inner) => !each(inner).contains(&false),
            Condition::Employee { lines, employees, responsible, at } => {
                self.employs(*lines, content, |line, row| {
                    let of = |ix: Option<FieldIx>| ix.and_then(|ix| row.get(&ix));
                    let among = of(line.staff.employee).and_then(Value::as_id);
                    among.is_some_and(|employee| employees.contains(&employee))
                        && (!responsible || of(line.staff.responsible) == Some(&Value::Bool(true)))
                        && match of(line.staff.until) {
                            Some(Value::DateTime(until)) => until > at,
                            _ => true,
                        }
                })
            }
            Condition::Within { path, values: within, wide } => match path.as_slice() {
                [field] => values.get(field).is_some_and(|value| within.contains(value)),
                [field, rest @ ..] => {
                    let (path, values_of, wide) = (rest.to_vec(), within.clone(), *wide);
                    let rest = Condition::Within { path, values: values_of, wide };
                    self.led(*field, values, &RowRule::When(rest), false, asked)
                }
                [] => false,
            },
            Condition::Settled { state } => {
                values.get(state).and_then(Value::as_text) != Some(PENDING)
            }
            Condition::Readable { path, rule } => match path.as_slice() {
                [field] => {
                    let optional = !self.object.field(*field).required;
                    self.led(*field, values, rule, optional, asked)
                }
                [field, rest @ ..] => {
                    let rest = Condition::Readable { path: rest.to_vec(), rule: rule.clone() };
                    self.led(*field, values, &RowRule::When(rest), false, asked)
                }
                [] => false,
            },
        }
    }

    /// Whether the record behind a reference meets a rule. `empty` is the result without a reference.
    fn led(
        &self,
        field: FieldIx,
        values: &Values,
        rule: &RowRule,
        empty: bool,
        asked: &Asked<'_>,
    ) -> bool {
        let target = self.object.field(field).target();
        match (target, values.get(&field).and_then(Value::as_id)) {
            (Some(target), Some(id)) => asked(target, rule, id),
            _ => empty,
        }
    }

    /// Whether one of the record's related employees meets a predicate.
    fn employs(
        &self,
        lines: FieldIx,
        content: &Content,
        such: impl Fn(&Object, &Values) -> bool,
    ) -> bool {
        let field = self.object.field(lines);
        let FieldType::Lines(of) = field.ty else { return false };
        let line = self.session.catalog.object(of.target);
        let rows = content.lines.get(&field.stored).into_iter().flatten();
        let catalog = &self.session.catalog;
        rows.map(|row| recycled::values(catalog, line, row)).any(|row| such(line, &row))
    }
}
