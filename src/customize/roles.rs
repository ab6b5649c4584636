//! Publishes roles: parts that stand each for itself, so that no other is resolved again. What a role means, `access`
//! and `rights` say; here it is a text with a code.

use uuid::Uuid;

use crate::{
    base::{Code, Env, Result},
    catalog::{CatalogChange, ChangeKind, DefinitionPart, PartKind, Risk},
    storage::{
        Database,
        catalogs::{self, NextVersion},
        parts,
    },
};

/// How often a publish is tried while others publish.
const TRIES: usize = 5;

/// Stores a role, in place of one with the same code. `standard`: a standard role has the code.
pub async fn put_role(
    database: &Database,
    env: &Env,
    by: Option<Uuid>,
    role: &DefinitionPart,
    standard: bool,
) -> Result<()> {
    publish(database, env, by, &role.name, Some(role), standard).await
}

/// Removes a stored role.
pub async fn remove_role(
    database: &Database,
    env: &Env,
    by: Option<Uuid>,
    code: &str,
) -> Result<()> {
    publish(database, env, by, code, None, false).await
}

/// Publishes the version in which a role is another. The last one to publish wins, as with records without an expected
/// version.
async fn publish(
    database: &Database,
    env: &Env,
    by: Option<Uuid>,
    code: &str,
    role: Option<&DefinitionPart>,
    standard: bool,
) -> Result<()> {
    for _another in 1..TRIES {
        match attempt(database, env, by, code, role, standard).await {
            Err(error) if error.code == Code::CatalogConflict => {}
            published => return published,
        }
    }
    attempt(database, env, by, code, role, standard).await
}

async fn attempt(
    database: &Database,
    env: &Env,
    by: Option<Uuid>,
    code: &str,
    role: Option<&DefinitionPart>,
    standard: bool,
) -> Result<()> {
    let version = catalogs::latest(database).await? + 1;
    let stored = parts::latest(database, PartKind::Role).await?;
    let before: Vec<_> = stored.into_iter().filter(|known| known.name == code).collect();
    let after: Vec<_> = role.into_iter().cloned().collect();
    if before == after {
        return Ok(());
    }
    let kind = match (before.is_empty() && !standard, after.is_empty()) {
        (_, true) => ChangeKind::RemoveRole,
        (true, _) => ChangeKind::AddRole,
        (false, _) => ChangeKind::UpdateRole,
    };
    let (object, risk) = (code.to_owned(), Risk::Rights);
    let changes = [CatalogChange { kind, object, field: None, risk, reason: None }];
    let (before, after) = (before.as_slice(), after.as_slice());
    let next = NextVersion { version, kind: PartKind::Role, by, before, after, changes: &changes };
    let tx = database.begin().await?;
    catalogs::publish(&tx, env, &next).await?;
    tx.commit().await
}
