//! What records say of the people who sign in, for `identity`, which knows no catalog.

use std::sync::Arc;

use uuid::Uuid;

use crate::{
    access::{Access, Action},
    base::{Env, Error, Value},
    catalog::FieldIx,
    graphql::published::Publisher,
    identity::{Facts, FactsOf, Standing},
    query::{Find, Item, Part, Selection, What, cursor::Seal},
    records::{self, Session},
    storage::Database,
};

/// Reads an operator's name, employee and standing from the records.
pub(super) fn facts(
    database: Database,
    publisher: Arc<Publisher>,
    env: Env,
    seal: Arc<Seal>,
) -> FactsOf {
    Arc::new(move |operator| {
        let session = Session {
            catalog: Arc::clone(&publisher.pin().catalog),
            access: Arc::new(Access::system("who a sign-in belongs to")),
            database: database.clone(),
            env: env.clone(),
            seal: Arc::clone(&seal),
            purpose: Action::Read,
            reads: None,
            guesses: None,
            trial: false,
        };
        Box::pin(async move { operator_facts(&session, operator).await })
    })
}

async fn operator_facts(session: &Session, operator: Uuid) -> Result<Option<Facts>, Error> {
    let Some(object) = session.catalog.named("Operator") else { return Ok(None) };
    let part = |key: &str, what| Part { key: key.to_owned(), what };
    let mut selection = Selection::default();
    for name in ["name", "status"] {
        if let Some((ix, _)) = object.named(name) {
            selection.0.push(part(name, Item::Field(ix)));
        }
    }
    if let Some((ix, field)) = object.named("employee") {
        let mut of_employee = Selection(vec![part("id", Item::Field(FieldIx(0)))]);
        let employee = field.target().map(|target| session.catalog.object(target));
        if let Some((ix, _)) = employee.and_then(|employee| employee.named("status")) {
            of_employee.0.push(part("status", Item::Field(ix)));
        }
        selection.0.push(part("employee", Item::One(ix, of_employee)));
    }
    let key = vec![(FieldIx(0), Value::Id(operator))];
    let find = Find { object: object.ix, what: What::One { key, selection } };
    let Some(found) = records::find(session, find).await? else { return Ok(None) };
    let found: serde_json::Value = serde_json::from_str(&found).map_err(Error::internal)?;
    let standing = if found["status"] == "DISABLED" {
        Standing::Disabled
    } else if found["employee"]["status"] == "LEFT" {
        Standing::Left
    } else {
        Standing::Active
    };
    Ok(Some(Facts {
        name: found["name"].as_str().unwrap_or_default().to_owned(),
        employee: found["employee"]["id"].as_str().and_then(|id| id.parse().ok()),
        standing,
    }))
}
