//! What is stored and not served, at `/metadata`: what is retired, listed and removed for good, and what is in quarantine.

use async_graphql::{Context, Object, Result, SimpleObject};
use serde_json::json;

use super::{
    administrator_check::defines,
    apply_schema::{DiagnosticInfo, diagnostics},
    audit::along,
    context::raised,
    faults,
    scalars::Word,
};
use crate::{
    catalog::{PartKind, RetiredName},
    customize::Purged,
    graphql::exchange::Caller,
    storage::audit::AuditKind,
};

/// What definitions no longer have, and what is stored of it is kept.
#[derive(SimpleObject)]
#[graphql(name = "Retired")]
struct RetiredInfo {
    object: String,
    /// The field; none for the object as a whole.
    field: Option<String>,
    /// The last version that has it.
    stood_in: i64,
}

impl From<RetiredName> for RetiredInfo {
    fn from(name: RetiredName) -> Self {
        Self { object: name.object, field: name.field, stood_in: name.stood_in }
    }
}

/// A stored definition that does not resolve with this program and is not served, while all else is.
#[derive(SimpleObject)]
#[graphql(name = "Quarantined")]
struct QuarantinedInfo {
    kind: Word<PartKind>,
    /// A type or `Type.field` of objects, the name of any other definition; empty for a text that cannot be read.
    name: String,
    /// The text that has it.
    path: String,
    /// What is wrong with it.
    diagnostics: Vec<DiagnosticInfo>,
}

#[derive(Default)]
pub(super) struct RetiredQuery;

#[Object]
impl RetiredQuery {
    /// What is retired and kept, by name. For those who define objects.
    async fn retired(&self, ctx: &Context<'_>) -> Result<Vec<RetiredInfo>> {
        let (company, _) = defines(ctx)?;
        let names = company.retired().await.map_err(|error| raised(ctx, &error))?;
        Ok(names.into_iter().map(RetiredInfo::from).collect())
    }

    /// What is not served because it does not resolve, until a text that does is published. For those who define
    /// objects.
    async fn quarantine(&self, ctx: &Context<'_>) -> Result<Vec<QuarantinedInfo>> {
        let (company, session) = defines(ctx)?;
        let lang = ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default();
        let all =
            company.quarantine(&session.catalog).await.map_err(|error| raised(ctx, &error))?;
        let told = all.into_iter().map(|apart| QuarantinedInfo {
            kind: Word(apart.kind),
            name: apart.name,
            path: apart.path,
            diagnostics: diagnostics(apart.diagnostics, lang),
        });
        Ok(told.collect())
    }
}

#[derive(Default)]
pub(super) struct RetiredMutation;

#[Object]
impl RetiredMutation {
    /// Removes a retired object or field for good: its table or column, with what history, the recycle bin and merges
    /// keep of it. `confirm` is its name once more, `Visit` or `Visit.minutes`. For administrators.
    async fn purge_retired(
        &self,
        ctx: &Context<'_>,
        object: String,
        field: Option<String>,
        confirm: String,
    ) -> Result<bool> {
        let (company, session) = defines(ctx)?;
        if !session.access.may_everything() {
            return Err(raised(ctx, &faults::purging_is_for_administrators()));
        }
        let gone = Purged { object: &object, field: field.as_deref() };
        let detail = json!({ "purgeRetired": gone.name() });
        let purged = company.purge_retired(gone, &confirm);
        Box::pin(along(ctx, AuditKind::Definition, None, detail, purged)).await?;
        Ok(true)
    }
}
