//! Loads the demo company through the write path every other save takes, with visible progress.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{
    access::ADMINISTRATOR,
    base::{Error, Result},
    company::Company,
    demo, graphql,
    query::{ConnectionPart, Find, Listing, Part, What},
    records::{Change, Op, Session, Work, find},
    storage::settings,
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

/// Where it is kept how far the accounts are.
const PROGRESS: &str = "demo_accounts";

/// What of the demo company is still to be done once its records are there.
#[derive(Default, Serialize, Deserialize)]
struct Progress {
    /// Records by their place in the demo, until the accounts are made.
    ids: HashMap<String, Uuid>,
    /// Accounts that were there before and keep their passwords and roles.
    kept: HashSet<String>,
    /// The operators who were given the demo's password.
    #[serde(default)]
    made: Vec<Uuid>,
}

/// Creates every record and account of the demo company; `progress` hears how many of all are done.
///
/// The records come in one transaction: of a load that is interrupted nothing is left, or all of them with the
/// accounts to be made by [`resume`].
pub async fn load(company: &Company, mut progress: impl FnMut(usize, usize)) -> Result<()> {
    let session = company.system_session("loading the demo company");
    let seeds = demo::company(session.today());
    let all = seeds.len();
    let accounts = company.identity.accounts().await?;
    let accounts: HashMap<_, _> = accounts.into_iter().map(|(id, account)| (account, id)).collect();
    let mut ids: HashMap<String, Uuid> = HashMap::new();
    let mut kept = HashSet::new();
    let work = Work::begin(&session).await?;
    for (done, seed) in seeds.into_iter().enumerate() {
        progress(done, all);
        let there = accounts.get(&seed.key).filter(|_| seed.object == "Operator");
        let id = if let Some(there) = there {
            kept.insert(seed.key.clone());
            *there
        } else {
            create(&work, &session, seed.object, Json::Object(seed.input), &ids).await?
        };
        ids.insert(format!("@{}/{}", seed.object, seed.key), id);
    }
    ids.retain(|key, _| key.starts_with("@Operator/") || key.starts_with("@Department/"));
    let left = Progress { ids, kept, made: Vec::new() };
    work.set(PROGRESS, &serde_json::to_string(&left).map_err(Error::internal)?).await?;
    work.commit().await?;
    make_accounts(company, left).await?;
    progress(all, all);
    Ok(())
}

/// Makes the accounts that an interrupted load has left to be made; tells whether there were any.
pub async fn resume(company: &Company) -> Result<bool> {
    let left = left(company).await?;
    if left.ids.is_empty() {
        return Ok(false);
    }
    make_accounts(company, left).await?;
    Ok(true)
}

/// Accounts of the demo company that were there before it and have passwords of their own.
pub async fn kept(company: &Company) -> Result<HashSet<String>> {
    left(company).await.map(|left| left.kept)
}

/// The accounts that still have the demo's password, whatever they are called by now.
pub async fn with_its_password(company: &Company) -> Result<Vec<String>> {
    let Progress { ids, made, .. } = left(company).await?;
    let mut open = Vec::new();
    for (operator, account) in company.identity.accounts().await? {
        let demo = made.contains(&operator)
            || ids.values().any(|id| *id == operator)
            || demo::ACCOUNTS.iter().any(|(known, _)| *known == account);
        if demo && company.identity.has_password(operator, demo::PASSWORD).await? {
            open.push(account);
        }
    }
    Ok(open)
}

async fn left(company: &Company) -> Result<Progress> {
    match settings::get(&company.database, PROGRESS).await? {
        Some(text) => serde_json::from_str(&text).map_err(Error::internal),
        None => Ok(Progress::default()),
    }
}

/// Gives the demo's operators their passwords, roles and departments; once more changes nothing.
async fn make_accounts(company: &Company, left: Progress) -> Result<()> {
    let Progress { ids, kept, mut made } = left;
    let session = company.system_session("making the accounts of the demo company");
    let id = |key: String| {
        let missing = || Error::internal(format!("the demo has no `{key}`"));
        ids.get(&key).copied().ok_or_else(missing)
    };
    for (account, _) in demo::ACCOUNTS.iter().filter(|(account, _)| !kept.contains(*account)) {
        let operator = id(format!("@Operator/{account}"))?;
        company.identity.set_password(operator, account, demo::PASSWORD).await?;
        made.push(operator);
        if *account == "admin" {
            company.identity.set_roles(operator, &[ADMINISTRATOR.to_owned()]).await?;
        }
    }
    let rights = demo::RIGHTS.iter().filter(|(account, ..)| !kept.contains(*account));
    for (account, role, departments) in rights {
        let operator = id(format!("@Operator/{account}"))?;
        company.identity.set_roles(operator, &[(*role).to_owned()]).await?;
        let departments = departments
            .iter()
            .map(|code| id(format!("@Department/{code}")).map(|id| id.to_string()))
            .collect::<Result<Vec<_>>>()?;
        let rights = &company.rights;
        rights.set_reach(&session, operator, "DEPARTMENT", "set", &departments).await?;
    }
    let done = Progress { ids: HashMap::new(), kept, made };
    let done = serde_json::to_string(&done).map_err(Error::internal)?;
    settings::put(&company.database, PROGRESS, &done).await
}

async fn create(
    work: &Work<'_>,
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
    let change = Change { object: object.ix, op: Op::Create(input) };
    let outcome = work.carry_out(&change).await?;
    outcome.ids().first().copied().ok_or_else(|| {
        let faults = outcome.faults().iter();
        let listed: Vec<_> = faults.map(|fault| format!("{:?} {fault}", fault.path)).collect();
        Error::internal(format!("{}: {shown}: {}", object.name, listed.join("; ")))
    })
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
