//! Publishes roles: parts that stand each for itself, so that no other is resolved again. What a role means, `access`
//! and `rights` say; here it is a text with a code.

use uuid::Uuid;

use crate::{
    base::{Env, Result},
    catalog::{CatalogChange, ChangeKind, DefinitionPart, PartKind, Risk},
    storage::{
        Database,
        catalogs::{self, NextVersion},
        parts,
    },
};

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

/// Removes a stored role. `standard`: a standard role has its code and takes its place.
pub async fn remove_role(
    database: &Database,
    env: &Env,
    by: Option<Uuid>,
    code: &str,
    standard: bool,
) -> Result<()> {
    publish(database, env, by, code, None, standard).await
}

/// Publishes the version in which a role is another. Others who publish wait, and the last one wins, as with records
/// without an expected version.
async fn publish(
    database: &Database,
    env: &Env,
    by: Option<Uuid>,
    code: &str,
    role: Option<&DefinitionPart>,
    standard: bool,
) -> Result<()> {
    let tx = database.begin().await?;
    catalogs::alone(&tx).await?;
    let version = catalogs::latest_in(&tx).await? + 1;
    let stored = parts::latest_in(&tx, PartKind::Role).await?;
    let before: Vec<_> = stored.into_iter().filter(|known| known.name == code).collect();
    let after: Vec<_> = role.into_iter().cloned().collect();
    if before == after {
        return Ok(());
    }
    let there = |stored: &[DefinitionPart]| standard || !stored.is_empty();
    let kind = match (there(&before), there(&after)) {
        (false, _) => ChangeKind::AddRole,
        (true, true) => ChangeKind::UpdateRole,
        (true, false) => ChangeKind::RemoveRole,
    };
    let (object, risk) = (code.to_owned(), Risk::Rights);
    let changes = [CatalogChange { kind, object, field: None, risk, reason: None }];
    let (before, after) = (before.as_slice(), after.as_slice());
    let kind = PartKind::Role;
    let next = NextVersion { version, kind, by, note: None, before, after, changes: &changes };
    catalogs::publish(&tx, env, &next).await?;
    tx.commit().await
}
