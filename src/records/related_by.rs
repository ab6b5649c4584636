//! By what an employee is related to a record: a person's entry, the owner, or a rule, and since when.
//!
//! For explanations. Who may ask is decided by the caller.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{find::find_rows, session::Session};
use crate::{
    base::{Result, Value},
    catalog::{EMPLOYEES, FieldIx, Object},
    query::{Compare, ConnectionPart, Filter, Find, Item, Listing, Page, Part, Selection, What},
};

/// A row that relates an employee to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedBy {
    /// The code of the rule that made it; `None` for one that a person or the owner made.
    pub rule: Option<String>,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
}

/// The rows that relate an employee to a record now, as the session sees them. None have ended.
pub async fn related_by(
    session: &Session,
    object: &Object,
    record: Uuid,
    employee: Uuid,
) -> Result<Vec<RelatedBy>> {
    let Some((lines, field)) = object.named(EMPLOYEES) else { return Ok(Vec::new()) };
    let Some(line) = field.target().map(|line| session.catalog.object(line)) else {
        return Ok(Vec::new());
    };
    let (Some(of), Some(rule), Some(since), Some(until)) =
        (line.staff.employee, line.staff.rule, line.staff.since, line.staff.until)
    else {
        return Ok(Vec::new());
    };
    let part = |key: &str, what: Item| Part { key: key.to_owned(), what };
    let row = Selection(vec![part("rule", Item::Field(rule)), part("since", Item::Field(since))]);
    let is = Filter::Field(FieldIx::ID, Compare::Eq(Value::Id(employee)));
    let lasts = Filter::Or(vec![
        Filter::Field(until, Compare::IsNull(true)),
        Filter::Field(until, Compare::Gt(Value::DateTime(session.env.clock.now()))),
    ]);
    let rows = Listing {
        filter: Some(Filter::And(vec![Filter::One(of, Box::new(is)), lasts])),
        page: Page { size: 100, ..Page::default() },
        parts: vec![Part { key: String::new(), what: ConnectionPart::Nodes(row) }],
        ..Listing::default()
    };
    let key = vec![(FieldIx::ID, Value::Id(record))];
    let selection = Selection(vec![part("rows", Item::Many(lines, Box::new(rows)))]);
    let find = Find { object: object.ix, what: What::One { key, selection } };
    let found = find_rows(session, find).await?;
    let rows = found.rows.iter().flat_map(|record| record.many("rows"));
    Ok(rows
        .map(|row| RelatedBy {
            rule: row.text("rule").map(str::to_owned),
            since: match row.value("since") {
                Some(Value::DateTime(since)) => Some(*since),
                _ => None,
            },
        })
        .collect())
}
