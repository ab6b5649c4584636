//! `applySchema` at `/metadata`: compares a definition, counts what it opens and closes, and publishes it.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use serde_json::json;

use super::{
    administrator_check::defines,
    audit::told,
    context::raised,
    faults,
    jobs::{JobInfo, shown},
    scalars::Word,
    simulate::{PolicyDifference, named},
};
use crate::{
    base::{Error, Lang, Written, error::TOLD},
    catalog::{CatalogChange, ChangeKind, Diagnostic, NamedText, Risk},
    company::{AppliedDefinition, Publication, PublishOptions},
    graphql::exchange::Caller,
    rights::{Surprise, Warning},
    storage::audit::{self, AuditKind},
};

/// The longest note, in characters.
const NOTE: usize = 500;

/// One difference a definition makes.
#[derive(SimpleObject)]
pub(super) struct ChangeInfo {
    kind: Word<ChangeKind>,
    object: String,
    field: Option<String>,
    risk: Word<Risk>,
    reason: Option<String>,
}

pub(super) fn change(change: CatalogChange, lang: Lang) -> ChangeInfo {
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
pub(super) struct DiagnosticInfo {
    code: String,
    path: String,
    line: usize,
    column: usize,
    message: String,
    hint: Option<String>,
}

pub(super) fn diagnostic(
    fault: Diagnostic,
    (line, column): (usize, usize),
    lang: Lang,
) -> DiagnosticInfo {
    DiagnosticInfo {
        code: fault.code.name().to_owned(),
        path: fault.path,
        line,
        column,
        message: fault.message.text(lang).to_owned(),
        hint: fault.hint.map(|hint| hint.text(lang).to_owned()),
    }
}

/// The diagnostics of a text that the server wrote or keeps, so that places are those of the text.
pub(super) fn diagnostics(faults: Vec<Diagnostic>, lang: Lang) -> Vec<DiagnosticInfo> {
    let more = faults.len().saturating_sub(TOLD);
    let told = faults.into_iter().take(TOLD).map(|fault| {
        let place = (fault.line, fault.column);
        diagnostic(fault, place, lang)
    });
    told.chain((more > 0).then(|| untold(more, lang))).collect()
}

/// The diagnostic that more faults were found than are listed.
pub(super) fn untold(more: usize, lang: Lang) -> DiagnosticInfo {
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
pub(super) struct WarningInfo {
    code: Word<Surprise>,
    message: String,
    /// The object and the field it is about.
    path: Vec<String>,
}

/// A new object that roles grant nothing on, so that their holders see none of it.
#[derive(SimpleObject)]
pub(super) struct RolesLacking {
    object: String,
    /// Codes of the roles.
    roles: Vec<String>,
}

impl RolesLacking {
    pub(super) fn of(lacking: Vec<(String, Vec<String>)>) -> Vec<Self> {
        lacking.into_iter().map(|(object, roles)| Self { object, roles }).collect()
    }
}

pub(super) fn warning(warning: Warning, lang: Lang) -> WarningInfo {
    WarningInfo {
        code: Word(warning.code),
        message: warning.message.text(lang).to_owned(),
        path: warning.path,
    }
}

/// What came of applying a definition.
#[derive(SimpleObject)]
pub(super) struct ApplyPayload {
    version: i64,
    changes: Vec<ChangeInfo>,
    diagnostics: Vec<DiagnosticInfo>,
    /// What roles make of it that may not be meant.
    warnings: Vec<WarningInfo>,
    /// New objects, each with the roles that grant nothing on it; `setRights` grants it.
    lacking: Vec<RolesLacking>,
    /// What changes with the risk `RIGHTS` open and close for reading at once, by account and object.
    impact: Vec<PolicyDifference>,
    /// What they will open and close once the dimensions that start switched off are switched on.
    impact_switched_on: Vec<PolicyDifference>,
    /// The job that follows from fields of another type. While it converts much, the version before stays live, and it
    /// publishes at its end.
    job: Option<JobInfo>,
}

/// The words of whoever publishes, none if they are blank.
pub(super) fn noted<'n>(ctx: &Context<'_>, note: Option<&'n str>) -> Result<Option<&'n str>> {
    if note.is_some_and(|note| note.chars().count() > NOTE) {
        return Err(raised(ctx, &faults::long_note(NOTE).at(["note"])));
    }
    Ok(note.map(str::trim).filter(|note| !note.is_empty()))
}

/// Publishes for the caller, who may define objects.
pub(super) async fn carried_out(
    ctx: &Context<'_>,
    publication: Publication<'_>,
    options: PublishOptions<'_>,
) -> Result<ApplyPayload> {
    let (company, session) = defines(ctx)?;
    let options = PublishOptions { note: noted(ctx, options.note)?, ..options };
    let lang = ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default();
    let entry = told(ctx, AuditKind::Definition, None, json!({}))?;
    let applied =
        Box::pin(audit::with(entry, company.publish(session, publication, options))).await;
    let AppliedDefinition { version, plan, impact, warnings, lacking, job } =
        applied.map_err(|error: Error| raised(ctx, &error))?;
    let differ = |differ| named(&impact.catalog, &impact.holders, differ);
    let (now, switched_on) = (differ(impact.now), differ(impact.switched_on));
    let warnings = warnings.into_iter().map(|one| warning(one, lang));
    let more = plan.diagnostics.len().saturating_sub(TOLD);
    let written = match publication {
        Publication::Addition(sdl, _) => written(ctx, sdl),
        _ => None,
    };
    let place = |fault: &Diagnostic| match &written {
        Some(written) if fault.path == plan.path => written.place((fault.line, fault.column)),
        _ => (fault.line, fault.column),
    };
    let job = match job {
        None => None,
        Some(id) => match company.job(session, id).await.map_err(|error| raised(ctx, &error))? {
            None => None,
            Some(job) => Some(shown(ctx, company, job).map_err(|error| raised(ctx, &error))?),
        },
    };
    let diagnostics = plan.diagnostics.into_iter().take(TOLD);
    let diagnostics = diagnostics.map(|fault| (place(&fault), fault));
    let diagnostics = diagnostics.map(|(place, fault)| diagnostic(fault, place, lang));
    Ok(ApplyPayload {
        version,
        changes: plan.changes.into_iter().map(|one| change(one, lang)).collect(),
        diagnostics: diagnostics.chain((more > 0).then(|| untold(more, lang))).collect(),
        warnings: warnings.collect(),
        lacking: RolesLacking::of(lacking),
        impact: now,
        impact_switched_on: switched_on,
        job,
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

/// A text of behaviour: flows and rules, in TOML.
#[derive(InputObject)]
struct RuleText {
    /// Its name among one's own texts of behaviour: small letters, digits, `_` and `-`.
    name: String,
    /// The text; without one the stored text goes.
    text: Option<String>,
}

impl From<RuleText> for NamedText {
    fn from(given: RuleText) -> Self {
        Self { name: given.name, text: given.text }
    }
}

#[derive(Default)]
pub(super) struct DefinitionMutation;

#[Object]
impl DefinitionMutation {
    /// Applies a definition text; with `dryRun` it is only checked and compared. Dimensions, parents, systems,
    /// business lines and responsible employees of an object that is there are for administrators to change. With
    /// `acceptLayouts` the generated list and detail layouts of new objects are stored with it; without layouts, only
    /// those who define objects use an object. `rules` are texts of behaviour, resolved together with the definitions;
    /// each takes the place of the one of its name, and one without a text goes.
    async fn apply_schema(
        &self,
        ctx: &Context<'_>,
        sdl: String,
        #[graphql(default)] rules: Vec<RuleText>,
        #[graphql(default)] dry_run: bool,
        note: Option<String>,
        #[graphql(default)] accept_layouts: bool,
    ) -> Result<ApplyPayload> {
        let options = PublishOptions { note: note.as_deref(), accept_layouts, dry_run };
        let rules: Vec<_> = rules.into_iter().map(NamedText::from).collect();
        Box::pin(carried_out(ctx, Publication::Addition(&sdl, &rules), options)).await
    }
}
