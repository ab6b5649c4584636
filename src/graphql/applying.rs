//! `applySchema` at `/metadata`: compares a definition, counts what it opens and closes, and publishes it.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};
use serde_json::json;

use super::{
    audit::told,
    exchange::Caller,
    holders::{holders, system},
    metadata::{World, raised, world},
    published::Published,
    scalars::Word,
    simulate::{PolicyDifference, named},
};
use crate::{
    base::{Code, Error, Lang, Written, error::TOLD},
    catalog::{Catalog, Change, ChangeKind, Diagnostic, Risk},
    customize::{self, Plan},
    records::Session,
    rights::Surprise,
    storage::audit::{self, Kind},
};

/// Most changes listed in the trail.
const NOTED: usize = 100;

/// One difference a definition makes.
#[derive(SimpleObject)]
struct ChangeInfo {
    kind: Word<ChangeKind>,
    object: String,
    field: Option<String>,
    risk: Word<Risk>,
    reason: Option<String>,
}

fn change(change: Change, lang: Lang) -> ChangeInfo {
    ChangeInfo {
        kind: Word(change.kind),
        object: change.object,
        field: change.field,
        risk: Word(change.risk),
        reason: change.reason.map(|reason| reason.text(lang).to_owned()),
    }
}

/// What is wrong with a definition, and where.
#[derive(SimpleObject)]
struct DiagnosticInfo {
    code: String,
    path: String,
    line: usize,
    column: usize,
    message: String,
    hint: Option<String>,
}

fn diagnostic(fault: Diagnostic, (line, column): (usize, usize), lang: Lang) -> DiagnosticInfo {
    DiagnosticInfo {
        code: fault.code.name().to_owned(),
        path: fault.path,
        line,
        column,
        message: fault.message.text(lang).to_owned(),
        hint: fault.hint.map(|hint| hint.text(lang).to_owned()),
    }
}

/// The diagnostic that more faults were found than are listed.
fn untold(more: usize, lang: Lang) -> DiagnosticInfo {
    let error = Error::more(more);
    DiagnosticInfo {
        code: error.code.name().to_owned(),
        path: String::new(),
        line: 1,
        column: 1,
        message: error.message.text(lang).to_owned(),
        hint: error.hint.map(|hint| hint.text(lang).to_owned()),
    }
}

/// What may surprise whoever applies a definition; it is applied all the same.
#[derive(SimpleObject)]
struct WarningInfo {
    code: Word<Surprise>,
    message: String,
    /// The object and the field it is about.
    path: Vec<String>,
}

/// What came of applying a definition.
#[derive(SimpleObject)]
struct ApplyPayload {
    version: i64,
    changes: Vec<ChangeInfo>,
    diagnostics: Vec<DiagnosticInfo>,
    /// What roles make of it that may not be meant.
    warnings: Vec<WarningInfo>,
    /// What changes with the risk `RIGHTS` open and close for reading at once, by account and object.
    impact: Vec<PolicyDifference>,
    /// What they will open and close once the dimensions that start switched off are switched on.
    impact_switched_on: Vec<PolicyDifference>,
}

/// Returns what a plan opens and closes: at once, and after switching on all dimensions that start switched
/// off.
async fn impact(
    world: &World,
    plan: &Plan,
) -> crate::base::Result<(Vec<PolicyDifference>, Vec<PolicyDifference>)> {
    let Some(new) = plan.applicable().filter(|_| plan.changes_rights()) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let session = system(world, "comparing what others may see");
    let holders = holders(world).await?;
    let (mut now, mut on) = (Vec::new(), Vec::new());
    for (switched, found) in [(false, &mut now), (true, &mut on)] {
        let differ = world.rights.simulate_definition(&session, &holders, new, switched).await?;
        *found = named(&session, &holders, differ);
    }
    Ok((now, on))
}

async fn carried_out(
    ctx: &Context<'_>,
    session: &Session,
    sdl: &str,
    dry_run: bool,
) -> Result<ApplyPayload> {
    let world = world(ctx)?;
    let lang = ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default();
    let told_in_trail = told(ctx, Kind::Definition, None, json!({}))?;
    let _one = world.defining.lock().await;
    let live = world.publisher.pin();
    let applied = async {
        let (database, access) = (&world.database, &session.access);
        let mut plan = customize::plan(database, &live.catalog, access, sdl).await?;
        let mut warnings = Vec::new();
        if let Some(new) = &plan.catalog {
            warnings = world.rights.warnings_of(&live.catalog, new).await?;
        }
        let told = (impact(world, &plan).await?, warnings);
        let Some(new) = plan.applicable().filter(|_| !dry_run) else {
            return Ok((live.catalog.version, plan, told));
        };
        // The schema is built before publishing: if that fails, nothing has changed.
        let published = Published::new(Arc::clone(new))?;
        note(new, &plan, sdl);
        let applying = customize::apply(database, &world.env, &live.catalog, access, &plan);
        if let Some(fault) = applying.await? {
            plan.diagnostics.push(fault);
            return Ok((live.catalog.version, plan, told));
        }
        world.publisher.publish(published);
        world.rights.forget();
        Ok((live.catalog.version + 1, plan, told))
    };
    let applied = audit::with(told_in_trail, applied).await;
    let (version, plan, ((impact, impact_switched_on), warnings)) =
        applied.map_err(|error: Error| raised(ctx, &error))?;
    let warnings = warnings.into_iter().map(|warning| WarningInfo {
        code: Word(warning.code),
        message: warning.message.text(lang).to_owned(),
        path: warning.path,
    });
    let more = plan.diagnostics.len().saturating_sub(TOLD);
    let written = written(ctx, sdl);
    let place = |fault: &Diagnostic| match &written {
        Some(written) if fault.path == plan.path => written.place((fault.line, fault.column)),
        _ => (fault.line, fault.column),
    };
    let diagnostics = plan.diagnostics.into_iter().take(TOLD);
    let diagnostics = diagnostics.map(|fault| (place(&fault), fault));
    let diagnostics = diagnostics.map(|(place, fault)| diagnostic(fault, place, lang));
    Ok(ApplyPayload {
        version,
        changes: plan.changes.into_iter().map(|one| change(one, lang)).collect(),
        diagnostics: diagnostics.chain((more > 0).then(|| untold(more, lang))).collect(),
        warnings: warnings.collect(),
        impact,
        impact_switched_on,
    })
}

/// The document of a request as it was sent.
pub(super) struct Sent(pub(super) String);

/// Finds the definition within the document, if it was written there as a literal.
fn written(ctx: &Context<'_>, sdl: &str) -> Option<Written> {
    let sent = ctx.data::<Sent>().ok()?;
    let mut arguments = ctx.item.node.arguments.iter();
    let (_, value) = arguments.find(|(name, _)| name.node == "sdl")?;
    Written::find(&sent.0, (value.pos.line, value.pos.column), sdl)
}

/// Writes the definition and its changes to the trail.
fn note(new: &Catalog, plan: &Plan, sdl: &str) {
    let changes = plan.changes.iter().take(NOTED).map(|change| {
        json!({
            "kind": change.kind.as_ref(), "object": change.object, "field": change.field,
            "risk": change.risk.as_ref(),
        })
    });
    audit::tell("applySchema", json!(new.version));
    audit::tell("changes", changes.collect());
    audit::tell("of", json!(plan.changes.len()));
    audit::tell("begins", json!(sdl.chars().take(200).collect::<String>()));
}

#[derive(Default)]
pub(super) struct Definition;

#[Object]
impl Definition {
    /// Applies a definition text; with `dryRun` it is only checked and compared. Dimensions, parents, systems,
    /// business lines and responsible employees of an object that is there are for administrators to change.
    async fn apply_schema(
        &self,
        ctx: &Context<'_>,
        sdl: String,
        #[graphql(default)] dry_run: bool,
    ) -> Result<ApplyPayload> {
        let session = ctx.data::<Session>()?;
        if !session.access.may_customize() {
            let error = Error::new(
                Code::AccessDenied,
                "only administrators define objects",
                "只有管理员可以定义对象",
            );
            return Err(raised(ctx, &error));
        }
        Box::pin(carried_out(ctx, session, &sdl, dry_run)).await
    }
}
