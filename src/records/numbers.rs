//! Auto-numbers of new records: what a number is made of, the series it is of, and the next of them.
//!
//! Numbers belong to the transaction of their records: a refused save gives them back, so that they have no gaps.
//! Writers of one series wait for each other.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};
use serde_json::json;

use super::{draft::Draft, faults, session::Session, stages::Save};
use crate::{
    base::{Error, Message, Result, Value},
    catalog::{Field, FieldIx, FieldType, NumberFormat, Object},
    sql::encode,
    storage::{
        Tx,
        audit::{self, AuditEvent, AuditKind},
        fault,
    },
};

/// How many numbers are looked at together for one that no record has, and how often.
const WINDOW: i64 = 500;
const WINDOWS: usize = 200;

/// The auto-number fields of an object.
pub(super) fn numbers(object: &Object) -> impl Iterator<Item = (FieldIx, &NumberFormat)> {
    object.each_field().filter_map(|(ix, field)| match &field.ty {
        FieldType::AutoNumber(format) => Some((ix, format)),
        _ => None,
    })
}

/// The key of an auto-number's sequence on a day, for these values in the number.
pub(crate) fn series(
    object: &Object,
    field: &str,
    format: &NumberFormat,
    day: NaiveDate,
    values: &[String],
) -> String {
    format!("{}.{field}:{}", object.name, format.period(day, values))
}

/// One series from which records of a save take numbers.
struct Series<'s> {
    object: &'s Object,
    field: &'s Field,
    format: &'s NumberFormat,
    scope: String,
    day: NaiveDate,
}

/// Gives the drafts of a save their numbers of one field. Where a number lacks a value that it is made of, the draft
/// gets a fault, and nobody a number.
pub(super) async fn give(
    save: &Save<'_>,
    object: &Object,
    (ix, format): (FieldIx, &NumberFormat),
    drafts: &mut [Draft<'_>],
) -> Result<()> {
    let (field, day) = (object.field(ix), save.session.today());
    let mut printed = Vec::with_capacity(drafts.len());
    for draft in drafts.iter_mut() {
        printed.push(values(save, object, format, draft).await?);
    }
    if drafts.iter().any(|draft| !draft.row.faults.is_empty()) {
        return Ok(());
    }
    // In the order of their names, so that writers of several series do not deadlock.
    let mut all: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, values) in printed.iter().enumerate() {
        all.entry(series(object, &field.name, format, day, values)).or_default().push(at);
    }
    for (scope, members) in all {
        let series = Series { object, field, format, scope, day };
        let texts: Vec<_> = members.iter().map(|at| printed[*at].as_slice()).collect();
        let numbers = series.take(save.session, save.tx, &texts).await?;
        for (at, number) in members.into_iter().zip(numbers) {
            drafts[at].row.values.insert(ix, Value::Text(number));
        }
    }
    for draft in drafts {
        save.close_numbered(&mut draft.row, ix).await?;
    }
    Ok(())
}

/// The values that a draft's number prints. One that is empty, or that the caller does not see, is a fault.
async fn values(
    save: &Save<'_>,
    object: &Object,
    format: &NumberFormat,
    draft: &mut Draft<'_>,
) -> Result<Vec<String>> {
    let mut values = Vec::new();
    for path in format.paths() {
        let own = match path {
            [name] => object.named(name).map(|(ix, _)| ix),
            _ => None,
        };
        let (value, seen) = match own {
            Some(ix) => {
                let value = draft.row.values.get(&ix).cloned().unwrap_or(Value::Null);
                (value, save.shows(&draft.row, ix).await?)
            }
            None => save.follow(&draft.row, path).await?,
        };
        let text = match value {
            Value::Text(text) if !text.is_empty() => Some(text),
            Value::Int(number) => Some(number.to_string()),
            _ => None,
        };
        match text.filter(|_| seen) {
            Some(text) => values.push(text),
            None => {
                let fault = lacking(save.session, object, path);
                draft.row.faults.push(draft.row.placed(fault));
            }
        }
    }
    Ok(values)
}

/// The fault of a value that a number lacks, at the field of the record where its path begins.
fn lacking(session: &Session, object: &Object, path: &[String]) -> Error {
    let (mut at, mut titles) = (Some(object), Vec::new());
    for name in path {
        let Some((owner, (_, field))) = at.and_then(|owner| Some((owner, owner.named(name)?)))
        else {
            break;
        };
        titles.push(session.catalog.title(owner, field));
        at = field.target().map(|target| session.catalog.object(target));
    }
    let first = path.iter().take(1).map(String::as_str);
    faults::number_lacks(Message::joined(&titles, (" > ", " > ")))
        .about(path.iter().map(String::as_str))
        .at(first)
}

impl Series<'_> {
    /// Takes the next numbers, one for each of these values. Where a key was refused, numbers that records have already,
    /// of an earlier format, are passed over.
    async fn take(&self, session: &Session, tx: &Tx, values: &[&[String]]) -> Result<Vec<String>> {
        let count = i64::try_from(values.len()).map_err(Error::internal)?;
        let last = self.advance(tx, count).await?;
        let before = last - count;
        let print = |(values, at): (&&[String], i64)| self.format.print(self.day, values, at);
        let numbers: Vec<_> = values.iter().zip(before + 1..=last).map(print).collect();
        if !session.careful || self.taken(tx, &numbers).await?.is_empty() {
            self.tell_of_width(session, tx, (before, last)).await?;
            return Ok(numbers);
        }
        let (mut free, mut at) = (Vec::with_capacity(values.len()), before);
        for _window in 0..WINDOWS {
            let end = at + WINDOW;
            while let (Some(wanted), true) = (values.get(free.len()), at < end) {
                let window: Vec<_> =
                    (at + 1..=end).map(|at| self.format.print(self.day, wanted, at)).collect();
                let taken = self.taken(tx, &window).await?;
                let alike = values[free.len()..].iter().take_while(|other| *other == wanted);
                let mut alike = alike.count();
                for number in window {
                    if alike == 0 {
                        break;
                    }
                    at += 1;
                    if !taken.contains(&number) {
                        free.push(number);
                        alike -= 1;
                    }
                }
            }
            if free.len() == values.len() {
                self.advance(tx, at - last).await?;
                self.tell_of_width(session, tx, (before, at)).await?;
                return Ok(free);
            }
        }
        Err(faults::no_number_left(self.field.title()).at([self.field.name.as_str()]))
    }

    /// Raises the sequence, and returns where it is then.
    ///
    /// `INSERT INTO tw_sequence (…) VALUES ($1, $2) ON CONFLICT (scope) DO UPDATE SET next = next + $3 RETURNING
    /// next`
    async fn advance(&self, tx: &Tx, by: i64) -> Result<i64> {
        let next = Expr::col((Alias::new("tw_sequence"), Alias::new("next")));
        let insert = Query::insert()
            .into_table(Alias::new("tw_sequence"))
            .columns(["scope", "next"].map(Alias::new))
            .values([self.scope.as_str().into(), by.into()])
            .map_err(Error::internal)?
            .on_conflict(
                OnConflict::column(Alias::new("scope"))
                    .value(Alias::new("next"), next.add(by))
                    .to_owned(),
            )
            .returning_col(Alias::new("next"))
            .to_owned();
        let row = tx.insert_returning(&insert).await?;
        let row = row.ok_or_else(|| Error::internal("a sequence gave no number"))?;
        row.try_get_by_index(0).map_err(Error::internal)
    }

    /// Which of these numbers records have: `SELECT number FROM sales_order WHERE number IN ($1, …)`.
    async fn taken(&self, tx: &Tx, numbers: &[String]) -> Result<HashSet<String>> {
        let column = self.field.column.as_deref();
        let column = column.ok_or_else(|| Error::internal("a number without a column"))?;
        let number = |text: &String| {
            encode(tx.dialect(), &self.field.ty, &Value::Text(text.clone())).map(Expr::val)
        };
        let mut taken = HashSet::new();
        for numbers in numbers.chunks(usize::try_from(WINDOW).unwrap_or(1)) {
            let numbers = numbers.iter().map(number).collect::<Result<Vec<_>>>()?;
            let mut select = Query::select();
            select
                .column(Alias::new(column))
                .from(Alias::new(&self.object.table))
                .and_where(Expr::col(Alias::new(column)).is_in(numbers));
            for row in tx.select(&select).await? {
                taken.insert(row.try_get_by_index::<String>(0).map_err(Error::internal)?);
            }
        }
        Ok(taken)
    }

    /// Warns when the numbers of a series come close to their padded width, and when they exceed it. Each warning
    /// goes once to the log and to the trail, in the transaction of the record with the number.
    async fn tell_of_width(
        &self,
        session: &Session,
        tx: &Tx,
        (before, last): (i64, i64),
    ) -> Result<()> {
        let full = self.format.last();
        let near = full - full / 10;
        let crosses = |mark: i64| before < mark && mark <= last;
        let (near, past) = (crosses(near), crosses(full.saturating_add(1)));
        if session.trial || !(near || past) {
            return Ok(());
        }
        let (scope, field) = (self.scope.as_str(), self.field.name.as_str());
        tracing::warn!(
            series = scope,
            number = last,
            padded = full,
            "the numbers of a series are about to have more digits than they are padded to, or have"
        );
        let detail = json!({ "series": scope, "field": field, "number": last, "padded": full, "past": past });
        let event = AuditEvent {
            operator: session.access.operator(),
            account: None,
            object: Some(&self.object.name),
            record: None,
            detail,
        };
        tx.insert(&audit::entry(&session.env, AuditKind::Series, &event)?).await.map_err(fault)?;
        Ok(())
    }
}
