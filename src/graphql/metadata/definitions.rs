//! Definitions at `/metadata`: the texts of a version, and who published which version.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use uuid::Uuid;

use super::{
    administrator_check::{administers, defines},
    context::raised,
    faults,
    paging::{PageRequest, Paged, counts, stray},
    scalars::{Instant, Word, at},
};
use crate::{
    base::Error,
    catalog::{ChangeKind, Origin, PartKind, Risk},
    storage::{
        catalogs::{self, PublishedChange, PublishedVersion},
        parts,
    },
};

/// A definition text.
#[derive(SimpleObject)]
struct DefinitionText {
    /// A standard file's name, or where a text of one's own stands in the order they were applied; the name of a role,
    /// layout or menu.
    path: String,
    /// Whether it was applied here and does not come with the program.
    custom: bool,
    text: String,
}

/// A version of the definitions.
#[derive(SimpleObject)]
struct VersionInfo {
    version: i64,
    published_at: Instant,
    /// The operator who applied it; none for those that came with a program.
    published_by: Option<ID>,
    /// The account that applied it; none for those that came with a program.
    published_by_account: Option<String>,
    /// Why, in the words of whoever applied it.
    note: Option<String>,
    /// How many changes there are.
    change_count: usize,
    changes: Vec<NotedChange>,
}

/// What a version changed.
#[derive(SimpleObject)]
struct NotedChange {
    /// What kind of difference; none where a newer program has written it.
    kind: Option<Word<ChangeKind>>,
    object: String,
    field: Option<String>,
    /// How risky it was; none where a newer program has written it.
    risk: Option<Word<Risk>>,
}

fn shown(known: PublishedVersion, accounts: &HashMap<Uuid, String>) -> VersionInfo {
    let change = |PublishedChange { kind, object, field, risk }| NotedChange {
        kind: Word::stored(&kind),
        object,
        field,
        risk: Word::stored(&risk),
    };
    VersionInfo {
        version: known.version,
        published_at: at(known.at),
        published_by: known.by.map(|id| id.to_string().into()),
        published_by_account: known.by.and_then(|id| accounts.get(&id).cloned()),
        note: known.note,
        change_count: known.changes.len(),
        changes: known.changes.into_iter().map(change).collect(),
    }
}

#[derive(Default)]
pub(super) struct DefinitionQuery;

#[Object]
impl DefinitionQuery {
    /// The texts of a kind that stood in a version, in their order: in the live one unless told, and only those applied
    /// here unless `standard` is given too. For those who define objects; roles for those who read them by `roles`. Shared
    /// views have no versions.
    async fn definitions(
        &self,
        ctx: &Context<'_>,
        version: Option<i64>,
        #[graphql(default)] standard: bool,
        #[graphql(default_with = "Word(PartKind::Objects)")] kind: Word<PartKind>,
    ) -> Result<Vec<DefinitionText>> {
        let Word(kind) = kind;
        let (company, session) = match kind {
            PartKind::Role => administers(ctx)?,
            _ => defines(ctx)?,
        };
        let newest = catalogs::latest(&company.database).await;
        let newest = newest.map_err(|error| raised(ctx, &error))?;
        let live = match kind {
            PartKind::Objects => session.catalog.version,
            _ => newest,
        };
        let wanted = version.unwrap_or(live);
        let found = parts::of_version(&company.database, kind, wanted).await;
        let found = found.map_err(|error| raised(ctx, &error))?;
        let none = found.is_empty() && kind == PartKind::Objects;
        if none || !(1..=newest).contains(&wanted) {
            return Err(raised(ctx, &faults::no_version(wanted).at(["version"])));
        }
        let texts = found.into_iter().map(|source| DefinitionText {
            path: source.name,
            custom: source.origin == Origin::Custom,
            text: source.text,
        });
        Ok(texts.filter(|text| standard || text.custom).collect())
    }

    /// The versions there were, the newest first. For administrators.
    async fn versions(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Paged<VersionInfo>> {
        let (company, _) = defines(ctx)?;
        let listed = async {
            let page = PageRequest::new(first, after)?;
            let before =
                page.after.as_ref().map(|after| after.parse().map_err(|_no_number| stray()));
            let found =
                catalogs::published(&company.database, before.transpose()?, page.one_more())
                    .await?;
            let accounts = company.identity.accounts().await?.into_iter().collect();
            let found =
                found.into_iter().map(|one| (one.version.to_string(), shown(one, &accounts)));
            let total = if counts(ctx) { catalogs::count(&company.database).await? } else { 0 };
            Ok(page.of(found.collect(), total))
        };
        listed.await.map_err(|error: Error| raised(ctx, &error))
    }
}
