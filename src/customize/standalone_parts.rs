//! Publishes parts that stand each for itself: roles, layouts, menus, duplicate rules. No other part is resolved again, and no catalog
//! and no schema is made. What such a text means, rooms above say; here it is a text with a name.

use async_trait::async_trait;
use uuid::Uuid;

use crate::{
    base::{Env, Result},
    catalog::{CatalogChange, ChangeKind, DefinitionPart, PartKind, Risk},
    storage::{
        Database, Tx,
        catalogs::{self, NextVersion},
        parts,
    },
};

/// What a room above does in the transaction of a publish.
#[async_trait]
pub trait PublishStep: Send + Sync {
    /// Does it. An error ends the publish, and nothing is stored.
    async fn write(&self, tx: &Tx) -> Result<()>;
}

/// A part as it is to be.
#[derive(Debug)]
pub struct PartChange {
    /// Its name among the parts of its kind.
    pub name: String,
    /// The part; `None` removes it.
    pub part: Option<DefinitionPart>,
    /// Whether one that comes with the program has the name, and counts where none is stored.
    pub standard: bool,
    /// The version that brought the stored one, as far as the caller knows; 0 if none is stored. `None` replaces
    /// whatever there is.
    pub expected: Option<i64>,
    /// What the list of versions calls it: an object, and what of it.
    pub about: (String, Option<String>),
}

/// What came of a publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishedParts {
    /// They are live, in this version.
    Live(i64),
    /// They were so already.
    Unchanged,
    /// The part at this index is not the one that the caller knows: this version brought it, 0 if it is gone.
    Stale(usize, i64),
}

/// Publishes the version in which some parts of a kind are others. Whoever else publishes waits. A part without an
/// expected version replaces what another publish has stored, as with records.
pub async fn publish_parts(
    database: &Database,
    env: &Env,
    by: Option<Uuid>,
    kind: PartKind,
    wanted: &[PartChange],
) -> Result<PublishedParts> {
    let tx = database.begin().await?;
    let published = publish_parts_in(&tx, env, (by, None), kind, wanted).await?;
    if matches!(published, PublishedParts::Live(_)) {
        tx.commit().await?;
    }
    Ok(published)
}

/// The same behind what a room above asks or writes in the transaction.
pub async fn publish_parts_behind(
    database: &Database,
    env: &Env,
    by: Option<Uuid>,
    (kind, wanted): (PartKind, &[PartChange]),
    before: &dyn PublishStep,
) -> Result<PublishedParts> {
    let tx = database.begin().await?;
    catalogs::alone(&tx).await?;
    before.write(&tx).await?;
    let published = publish_parts_in(&tx, env, (by, None), kind, wanted).await?;
    if matches!(published, PublishedParts::Live(_)) {
        tx.commit().await?;
    }
    Ok(published)
}

/// The same in a transaction that the caller ends, with the words of whoever publishes.
pub(super) async fn publish_parts_in(
    tx: &Tx,
    env: &Env,
    (by, note): (Option<Uuid>, Option<&str>),
    kind: PartKind,
    wanted: &[PartChange],
) -> Result<PublishedParts> {
    catalogs::alone(tx).await?;
    if let Some((at, since)) = stale_in(tx, kind, wanted).await? {
        return Ok(PublishedParts::Stale(at, since));
    }
    write_parts_in(tx, env, (by, note), kind, wanted).await
}

/// The first part that is not the one which the caller knows, and the version that brought it.
pub(super) async fn stale_in(
    tx: &Tx,
    kind: PartKind,
    wanted: &[PartChange],
) -> Result<Option<(usize, i64)>> {
    let stored = parts::standing_in(tx, kind).await?;
    let stale = wanted.iter().enumerate().find_map(|(at, change)| {
        let known = stored.iter().find(|known| known.part.name == change.name);
        let since = known.map_or(0, |known| known.since);
        change.expected.filter(|expected| *expected != since).map(|_| (at, since))
    });
    Ok(stale)
}

/// Publishes parts in place of what is stored, whoever has stored it. The caller publishes alone.
pub(super) async fn write_parts_in(
    tx: &Tx,
    env: &Env,
    (by, note): (Option<Uuid>, Option<&str>),
    kind: PartKind,
    wanted: &[PartChange],
) -> Result<PublishedParts> {
    let version = catalogs::latest_in(tx).await? + 1;
    let stored = parts::standing_in(tx, kind).await?;
    let (mut before, mut after, mut changes) = (Vec::new(), Vec::new(), Vec::new());
    for change in wanted {
        let known = stored.iter().find(|known| known.part.name == change.name);
        if known.map(|known| &known.part) == change.part.as_ref() {
            continue;
        }
        before.extend(known.map(|known| known.part.clone()));
        after.extend(change.part.clone());
        changes.push(change.described(kind, known.is_some()));
    }
    if changes.is_empty() {
        return Ok(PublishedParts::Unchanged);
    }
    let (before, after, changes) = (before.as_slice(), after.as_slice(), changes.as_slice());
    let next = NextVersion { version, kind, by, note, before, after, changes };
    catalogs::publish(tx, env, &next).await?;
    Ok(PublishedParts::Live(version))
}

impl PartChange {
    /// The change as the list of versions has it; `known` says whether one is stored.
    pub fn described(&self, kind: PartKind, known: bool) -> CatalogChange {
        let [add, update, remove] = kinds(kind);
        let kind_of_change = match (self.standard || known, &self.part) {
            (false, _) => add,
            (true, None) if !self.standard => remove,
            (true, _) => update,
        };
        let (object, field) = self.about.clone();
        let risk = if kind == PartKind::Role { Risk::Rights } else { Risk::Safe };
        CatalogChange { kind: kind_of_change, object, field, risk, reason: None }
    }
}

/// How the list of versions calls a first text, another one, and one that is no more.
fn kinds(kind: PartKind) -> [ChangeKind; 3] {
    match kind {
        PartKind::Objects => {
            [ChangeKind::AddObject, ChangeKind::UpdateObject, ChangeKind::RemoveObject]
        }
        PartKind::Role => [ChangeKind::AddRole, ChangeKind::UpdateRole, ChangeKind::RemoveRole],
        PartKind::Layout => {
            [ChangeKind::AddLayout, ChangeKind::UpdateLayout, ChangeKind::RemoveLayout]
        }
        PartKind::Menu => [ChangeKind::AddMenu, ChangeKind::UpdateMenu, ChangeKind::RemoveMenu],
        PartKind::Rules => [ChangeKind::AddRules, ChangeKind::UpdateRules, ChangeKind::RemoveRules],
        PartKind::View => [ChangeKind::AddView, ChangeKind::UpdateView, ChangeKind::RemoveView],
        PartKind::Duplicates => {
            [ChangeKind::AddDuplicates, ChangeKind::UpdateDuplicates, ChangeKind::RemoveDuplicates]
        }
    }
}
