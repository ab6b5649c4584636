//! Publishes what a bundle changes: the text of objects and parts of other kinds, each kind a version, all of them in one
//! transaction.

use super::{
    Along, JobRow, PartChange, PublishPlan, PublishStep, publish_in,
    standalone_parts::{stale_in, write_parts_in},
    unfitting,
};
use crate::{
    access::Access,
    base::{Code, Env, Result},
    catalog::{Catalog, Diagnostic, PartKind},
    storage::{Database, Tx, catalogs, settings},
};

/// The setting with what the last bundle brought.
const BROUGHT: &str = "bundle_brought";

/// What is published together.
#[derive(Clone, Copy)]
pub struct BundlePublish<'b> {
    /// The text of objects, compared with what is live; none if it stays.
    pub objects: Option<&'b PublishPlan>,
    /// What is written besides, that has no versions.
    pub beside: Option<&'b dyn PublishStep>,
    /// Parts of other kinds. Each has its expected version.
    pub parts: &'b [(PartKind, Vec<PartChange>)],
    /// What the bundle brings, to be known at the next one.
    pub brought: &'b str,
    /// Why, in the words of whoever publishes.
    pub note: Option<&'b str>,
    /// The row of the job that follows from it.
    pub job: Option<&'b JobRow>,
}

impl BundlePublish<'_> {
    /// What the last bundle brought.
    pub async fn brought(database: &Database) -> Result<Option<String>> {
        settings::get(database, BROUGHT).await
    }
}

/// Publishes a bundle and returns the latest version, or what is wrong with the records there are. With `dry_run` all
/// of it is carried out and undone again.
pub async fn publish_bundle(
    database: &Database,
    env: &Env,
    live: &Catalog,
    access: &Access,
    bundle: BundlePublish<'_>,
    dry_run: bool,
) -> Result<std::result::Result<i64, Diagnostic>> {
    let tx = database.begin().await?;
    tx.unlimited().await?;
    // What one publish after another holds is too much for a stack.
    match Box::pin(carried_out(&tx, env, live, access, bundle)).await {
        Ok(version) if dry_run => Ok(Ok(version)),
        Ok(version) => tx.commit().await.map(|()| Ok(version)),
        Err(error) => match bundle.objects {
            Some(plan) if error.code == Code::CatalogChange => {
                Ok(Err(unfitting(&plan.path, &error)))
            }
            _ => Err(error),
        },
    }
}

async fn carried_out(
    tx: &Tx,
    env: &Env,
    live: &Catalog,
    access: &Access,
    bundle: BundlePublish<'_>,
) -> Result<i64> {
    let BundlePublish { objects, beside, parts, brought, note, job } = bundle;
    catalogs::alone(tx).await?;
    // Asked before the objects: texts that name a renamed field follow it, and are then of the version that renames it.
    for (kind, wanted) in parts {
        if stale_in(tx, *kind, wanted).await?.is_some() {
            // Somebody has published one since it was read.
            return Err(catalogs::conflict());
        }
    }
    if let Some((plan, new)) = objects.and_then(|plan| Some((plan, plan.applicable()?))) {
        let along = Along { note, job, ..Along::default() };
        Box::pin(publish_in(tx, env, Some(access), (live, &**new), plan, along)).await?;
    }
    for (kind, wanted) in parts {
        let of = (access.operator(), note);
        write_parts_in(tx, env, of, *kind, wanted).await?;
    }
    if let Some(beside) = beside {
        beside.write(tx).await?;
    }
    settings::set(tx, BROUGHT, brought).await?;
    catalogs::latest_in(tx).await
}
