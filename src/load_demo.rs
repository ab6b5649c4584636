//! Loads the demo company through the write path every other save takes, with visible progress.

use std::collections::HashMap;

use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    access::ADMINISTRATOR,
    app::Company,
    base::{Error, Result},
    demo, graphql,
    query::{ConnectionPart, Find, Listing, Part, What},
    records::{Change, Op, Saved, Session, find, save},
};

/// Whether the database has no records and so may take the demo company. One that was left half
/// loaded is not empty: what is there may already be someone's.
pub async fn is_empty(company: &Company) -> Result<bool> {
    let session = company.system_session("whether the demo may be loaded");
    let Some(object) = session.catalog.named("Department") else { return Ok(false) };
    let parts = vec![Part { key: "n".to_owned(), what: ConnectionPart::TotalCount }];
    let what = What::List(Listing { parts, ..Listing::default() });
    let counted = find(&session, Find { object: object.ix, what }).await?;
    Ok(counted.as_deref() == Some(r#"{"n":0}"#))
}

/// Creates every record and account of the demo company; `progress` hears how many of all are done.
pub async fn load(company: &Company, mut progress: impl FnMut(usize, usize)) -> Result<()> {
    let session = company.system_session("loading the demo company");
    let seeds = demo::company(session.today());
    let all = seeds.len();
    let mut ids: HashMap<String, Uuid> = HashMap::new();
    for (done, seed) in seeds.into_iter().enumerate() {
        progress(done, all);
        let id = create(&session, seed.object, Json::Object(seed.input), &ids).await?;
        ids.insert(format!("@{}/{}", seed.object, seed.key), id);
    }
    for (account, _) in demo::ACCOUNTS {
        let operator = ids
            .get(&format!("@Operator/{account}"))
            .ok_or_else(|| Error::internal(format!("the demo has no operator `{account}`")))?;
        company.identity.set_password(*operator, account, demo::PASSWORD).await?;
        if *account == "admin" {
            company.identity.set_roles(*operator, &[ADMINISTRATOR.to_owned()]).await?;
        }
    }
    for (account, role, departments) in demo::RIGHTS {
        let id = |key: String| {
            let missing = || Error::internal(format!("the demo has no `{key}`"));
            ids.get(&key).copied().ok_or_else(missing)
        };
        let operator = id(format!("@Operator/{account}"))?;
        company.identity.set_roles(operator, &[(*role).to_owned()]).await?;
        let departments = departments
            .iter()
            .map(|code| id(format!("@Department/{code}")).map(|id| id.to_string()))
            .collect::<Result<Vec<_>>>()?;
        let rights = &company.rights;
        rights.set_reach(&session.catalog, operator, "DEPARTMENT", "set", &departments).await?;
    }
    progress(all, all);
    Ok(())
}

async fn create(
    session: &Session,
    object: &str,
    mut input: Json,
    ids: &HashMap<String, Uuid>,
) -> Result<Uuid> {
    resolve(&mut input, ids)?;
    let object = session
        .catalog
        .named(object)
        .ok_or_else(|| Error::internal(format!("the demo names an unknown object `{object}`")))?;
    let shown = input.to_string();
    let input = graphql::create_input(&session.catalog, object, input)
        .map_err(|error| Error::internal(format!("{error}: {shown}")))?;
    match save(session, &Change { object: object.ix, op: Op::Create(input) }).await? {
        Saved::Done(id) => Ok(id),
        Saved::Refused(faults) => {
            let listed: Vec<_> =
                faults.iter().map(|fault| format!("{:?} {fault}", fault.path)).collect();
            Err(Error::internal(format!("{}: {shown}: {}", object.name, listed.join("; "))))
        }
    }
}

/// Puts ids in place of `@Object/key`.
fn resolve(value: &mut Json, ids: &HashMap<String, Uuid>) -> Result<()> {
    match value {
        Json::String(text) if text.starts_with('@') => {
            let id = ids
                .get(text.as_str())
                .ok_or_else(|| Error::internal(format!("the demo refers to `{text}` too early")))?;
            *value = Json::String(id.to_string());
            Ok(())
        }
        Json::Array(items) => items.iter_mut().try_for_each(|item| resolve(item, ids)),
        Json::Object(fields) => fields.values_mut().try_for_each(|field| resolve(field, ids)),
        _ => Ok(()),
    }
}
