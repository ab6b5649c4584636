//! What records say of the people who sign in, for `identity`, which knows no catalog.

use std::sync::Arc;

use uuid::Uuid;

use super::LiveCatalog;
use crate::{
    base::{Error, Value},
    catalog::FieldIx,
    identity::{FactsOf, NamesOf, OperatorFacts, OperatorStatus},
    query::{ConnectionPart, Find, Item, Listing, Page, Part, Selection, What},
    records::{self, Session, SessionSource},
};

/// Reads an operator's name, employee and standing; and the names of all employees.
pub(super) fn sources(live: &Arc<LiveCatalog>, sessions: &SessionSource) -> (FactsOf, NamesOf) {
    let session = {
        let (live, sessions) = (Arc::clone(live), sessions.clone());
        Arc::new(move |reason| sessions.system(live.pin(), reason))
    };
    let all = Arc::clone(&session);
    let facts: FactsOf = Arc::new(move |operator| {
        let session = session("who a sign-in belongs to");
        Box::pin(async move { operator_facts(&session, operator).await })
    });
    let names: NamesOf = Arc::new(move || {
        let session = all("what is easy to guess");
        Box::pin(async move { names(&session).await })
    });
    (facts, names)
}

/// Most employees whose names are read.
const MOST: u32 = 50_000;

async fn names(session: &Session) -> Result<Vec<String>, Error> {
    let employee = session.catalog.named("Employee");
    let Some((object, (name, _))) =
        employee.and_then(|object| Some((object, object.named("name")?)))
    else {
        return Ok(Vec::new());
    };
    let selection = Selection(vec![Part { key: "name".to_owned(), what: Item::Field(name) }]);
    let listing = Listing {
        page: Page { size: MOST, ..Page::default() },
        parts: vec![Part { key: "nodes".to_owned(), what: ConnectionPart::Nodes(selection) }],
        ..Listing::default()
    };
    let find = Find { object: object.ix, what: What::List(listing) };
    let found = records::find_rows(session, find).await?;
    Ok(found.rows.iter().filter_map(|row| row.text("name").map(str::to_owned)).collect())
}

async fn operator_facts(session: &Session, operator: Uuid) -> Result<Option<OperatorFacts>, Error> {
    let Some(object) = session.catalog.named("Operator") else { return Ok(None) };
    let part = |key: &str, what| Part { key: key.to_owned(), what };
    let mut selection = Selection::default();
    for name in ["name", "status"] {
        if let Some((ix, _)) = object.named(name) {
            selection.0.push(part(name, Item::Field(ix)));
        }
    }
    if let Some((ix, field)) = object.named("employee") {
        let mut of_employee = Selection(vec![part("id", Item::Field(FieldIx::ID))]);
        let employee = field.target().map(|target| session.catalog.object(target));
        if let Some((ix, _)) = employee.and_then(|employee| employee.named("status")) {
            of_employee.0.push(part("status", Item::Field(ix)));
        }
        selection.0.push(part("employee", Item::One(ix, of_employee)));
    }
    let key = vec![(FieldIx::ID, Value::Id(operator))];
    let find = Find { object: object.ix, what: What::One { key, selection } };
    let found = records::find_rows(session, find).await?;
    let Some(found) = found.rows.first() else { return Ok(None) };
    let employee = found.one("employee");
    let standing = if found.text("status") == Some("DISABLED") {
        OperatorStatus::Disabled
    } else if employee.is_some_and(|employee| employee.text("status") == Some("LEFT")) {
        OperatorStatus::Left
    } else {
        OperatorStatus::Active
    };
    Ok(Some(OperatorFacts {
        name: found.text("name").unwrap_or_default().to_owned(),
        employee: employee.and_then(|employee| employee.id("id")),
        standing,
    }))
}
