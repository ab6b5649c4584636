//! Handles changes of operators and employees, whose records decide who may sign in.
//!
//! Whoever may no longer sign in is signed out at once, and the last administrator is not shut out by accident.

use uuid::Uuid;

use super::{Company, Requested, faults};
use crate::{
    access::Principal,
    base::{Error, Result, Value},
    catalog::{FieldIx, Object},
    query::{Compare, ConnectionPart, Filter, Find, Item, Listing, Page, Part, Selection, What},
    records::{Outcome, Session, Work, find_rows},
};

/// Whether records of an object of that name say who may sign in.
pub fn says_who(object: &str) -> bool {
    matches!(object, "Operator" | "Employee")
}

/// Whether a command could shut someone out.
pub(super) fn may_shut_out(object: &Object, command: &Requested) -> bool {
    says_who(&object.name) && !command.only_creates()
}

/// Ensures that an administrator can still sign in, if one could before.
pub(super) struct Keeper(bool);

impl Keeper {
    /// Checks before the change, if `looks`.
    pub(super) async fn new(work: &Work<'_>, looks: bool) -> Result<Self> {
        Ok(Self(looks && work.administrators().await? > 0))
    }

    /// Returns a fault if no administrator could sign in after the change.
    pub(super) async fn fault(&self, work: &Work<'_>) -> Result<Option<Error>> {
        if !self.0 || work.administrators().await? > 0 {
            return Ok(None);
        }
        Ok(Some(faults::last_administrator()))
    }
}

impl Company {
    /// Signs out those who, by changed records, may no longer sign in.
    pub(super) async fn staff_changed(
        &self,
        session: &Session,
        principal: &Principal,
        object: &Object,
        outcome: &Outcome,
    ) {
        self.identity.forget_all();
        let rows = outcome.ids();
        let looked = async {
            let operators = match object.name.as_str() {
                "Operator" => rows,
                _ => operators_of(session, rows).await?,
            };
            self.identity.look_again(principal, &operators).await
        };
        // The change is committed. Anyone who may no longer sign in is refused at their next request anyway.
        if let Err(error) = looked.await {
            tracing::warn!(%error, "cannot see who may still sign in");
        }
    }
}

/// Returns the operators of employees.
async fn operators_of(session: &Session, employees: Vec<Uuid>) -> Result<Vec<Uuid>> {
    let operator = session.catalog.named("Operator");
    let Some((object, (employee, _))) =
        operator.and_then(|object| Some((object, object.named("employee")?)))
    else {
        return Ok(Vec::new());
    };
    let session = session.as_system("the operators of employees");
    let size = u32::try_from(employees.len()).unwrap_or(u32::MAX);
    let ids = Compare::In(employees.into_iter().map(Value::Id).collect());
    let filter = Filter::One(employee, Box::new(Filter::Field(FieldIx::ID, ids)));
    let part = |key: &str, what| Part { key: key.to_owned(), what };
    let id = Selection(vec![part("id", Item::Field(FieldIx::ID))]);
    let listing = Listing {
        filter: Some(filter),
        page: Page { size, ..Page::default() },
        parts: vec![Part { key: "nodes".to_owned(), what: ConnectionPart::Nodes(id) }],
        ..Listing::default()
    };
    let wish = Find { object: object.ix, what: What::List(listing) };
    let found = find_rows(&session, wish).await?;
    Ok(found.rows.iter().filter_map(|row| row.id("id")).collect())
}
