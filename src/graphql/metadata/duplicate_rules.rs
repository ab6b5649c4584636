//! Duplicate rules at `/metadata`: their texts, for those who define objects.

use async_graphql::{Context, Object, Result, SimpleObject};
use serde_json::json;

use super::{
    administrator_check::defines,
    apply_schema::{DiagnosticInfo, diagnostics},
    argument_lookup,
    audit::along,
    context::raised,
    layouts::lang,
};
use crate::{base::Lang, company::DuplicatesInfo, storage::audit::AuditKind};

/// The duplicate rules of an object.
#[derive(SimpleObject)]
struct DuplicateRules {
    object: String,
    /// Their text, in TOML.
    definition: String,
    /// The version that brought it, for `expectedVersion`; 0 if it comes with the program.
    version: i64,
    /// Whether it comes with the program.
    standard: bool,
    /// What they name in vain, as a field that is retired.
    diagnostics: Vec<DiagnosticInfo>,
}

fn shown(known: DuplicatesInfo, lang: Lang) -> DuplicateRules {
    DuplicateRules {
        object: known.object,
        definition: known.text,
        version: known.version,
        standard: known.version == 0,
        diagnostics: diagnostics(known.faults, lang),
    }
}

#[derive(Default)]
pub(super) struct DuplicateQuery;

#[Object]
#[expect(clippy::unused_async, reason = "the engine's macro takes async resolvers only")]
impl DuplicateQuery {
    /// The rules by which records of objects look like one another. For those who define objects.
    async fn duplicate_rules(
        &self,
        ctx: &Context<'_>,
        object: Option<String>,
    ) -> Result<Vec<DuplicateRules>> {
        let (company, session) = defines(ctx)?;
        let known = company.duplicate_rules(&session.catalog, object.as_deref());
        Ok(known.into_iter().map(|known| shown(known, lang(ctx))).collect())
    }
}

/// What came of storing duplicate rules.
#[derive(SimpleObject)]
struct DuplicateRulesPayload {
    /// The version that is live now; none where nothing was stored.
    version: Option<i64>,
    /// What is wrong; nothing was stored where there is any.
    diagnostics: Vec<DiagnosticInfo>,
    /// The rules of the object that are live now.
    rules: Option<DuplicateRules>,
}

#[derive(Default)]
pub(super) struct DuplicateMutation;

#[Object]
impl DuplicateMutation {
    /// Stores the duplicate rules of an object; without `definition` those that are stored are removed, and those that
    /// come with the program count again. They are live with the next request. With `dryRun` they are only checked. For
    /// those who define objects.
    async fn set_duplicate_rules(
        &self,
        ctx: &Context<'_>,
        object: String,
        definition: Option<String>,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> Result<DuplicateRulesPayload> {
        let (company, session) = defines(ctx)?;
        if definition.is_some() {
            argument_lookup::object(session, &object).map_err(|error| raised(ctx, &error))?;
        }
        let set = |dry_run| {
            let text = definition.clone();
            company.set_duplicate_rules(session, &object, text, expected_version, dry_run)
        };
        let mut stored = set(true).await.map_err(|error| raised(ctx, &error))?;
        if stored.faults.is_empty() && !dry_run {
            let detail = json!({ "setDuplicateRules": object, "definition": definition });
            let storing = along(ctx, AuditKind::Definition, Some(&object), detail, set(false));
            stored = Box::pin(storing).await?;
        }
        let live = company.duplicate_rules(&session.catalog, Some(&object)).pop();
        Ok(DuplicateRulesPayload {
            version: stored.version,
            diagnostics: diagnostics(stored.faults, lang(ctx)),
            rules: live.map(|known| shown(known, lang(ctx))),
        })
    }
}
