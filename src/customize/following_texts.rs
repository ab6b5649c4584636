//! Texts that name renamed fields follow in the publish that renames them: roles, layouts, duplicate rules, saved views, dashboards. The definitions
//! of objects have the new names already.

use uuid::Uuid;

use crate::{
    access::renamed_role,
    base::{Env, Result},
    catalog::{CatalogChange, ChangeKind, DefinitionPart, PartKind, Renames, Risk},
    layouts::renamed_layout,
    rules::renamed_duplicates,
    storage::{
        Tx,
        catalogs::{self, NextVersion},
        parts, view_questions,
    },
};

/// Writes new names into all stored texts, each kind of definition as a version of its own.
pub(super) async fn follow(
    tx: &Tx,
    env: &Env,
    by: Option<Uuid>,
    renames: &Renames<'_>,
) -> Result<()> {
    if renames.is_empty() {
        return Ok(());
    }
    for kind in [PartKind::Role, PartKind::Layout, PartKind::Duplicates] {
        publish(tx, env, by, kind, renames).await?;
    }
    view_questions::change(tx, |object, question| {
        renames.object(object).and_then(|object| renames.question(object, question))
    })
    .await?;
    view_questions::change_dashboards(tx, |content| renames.dashboard(content)).await
}

async fn publish(
    tx: &Tx,
    env: &Env,
    by: Option<Uuid>,
    kind: PartKind,
    renames: &Renames<'_>,
) -> Result<()> {
    let (mut before, mut after, mut changes) = (Vec::new(), Vec::new(), Vec::new());
    for known in parts::standing_in(tx, kind).await? {
        let part = known.part;
        let text = match kind {
            PartKind::Role => renamed_role(&part.text, renames),
            PartKind::Layout => renamed_layout(&part.text, renames),
            PartKind::Duplicates => renamed_duplicates(&part.text, renames),
            // Definitions of objects are renamed where they are written, menus name no fields, and views are rows.
            PartKind::Objects | PartKind::Rules | PartKind::Menu | PartKind::View => None,
        };
        let Some(text) = text else { continue };
        changes.push(change(kind, &part));
        after.push(DefinitionPart { text, ..part.clone() });
        before.push(part);
    }
    if changes.is_empty() {
        return Ok(());
    }
    let version = catalogs::latest_in(tx).await? + 1;
    let (before, after, changes) = (before.as_slice(), after.as_slice(), changes.as_slice());
    let next = NextVersion { version, kind, by, note: None, before, after, changes };
    catalogs::publish(tx, env, &next).await
}

fn change(kind: PartKind, part: &DefinitionPart) -> CatalogChange {
    let (of, object, field) = match kind {
        PartKind::Role => (ChangeKind::UpdateRole, part.name.clone(), None),
        PartKind::Duplicates => (ChangeKind::UpdateDuplicates, part.name.clone(), None),
        _ => {
            let (object, what) = part.name.split_once('.').unwrap_or((&part.name, ""));
            (ChangeKind::UpdateLayout, object.to_owned(), Some(what.to_owned()))
        }
    };
    CatalogChange { kind: of, object, field, risk: Risk::Safe, reason: None }
}
