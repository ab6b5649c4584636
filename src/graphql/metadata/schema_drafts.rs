//! Drafts of definitions at `/metadata`: the caller's own text, what its publish would do, steps on it, and going back
//! to an earlier version.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject, Result, SimpleObject};
use serde_json::json;

use super::{
    administrator_check::defines,
    apply_schema::{
        ApplyPayload, ChangeInfo, DiagnosticInfo, carried_out, change, diagnostic, untold,
    },
    audit::along,
    context::raised,
    faults,
    holders::{AccountInfo, account},
    jobs::{self, JobInfo},
    scalars::{Instant, Word, at},
};
use crate::{
    base::{Error, error::TOLD},
    catalog::{
        Risk,
        sdl::{EditFault, SchemaEdit},
    },
    company::{Company, DraftImpact, DraftStep, KnownDraft, Publication, PublishOptions, UseKind},
    customize::custom_text,
    graphql::{
        exchange::Caller,
        records::{ClientOperations, PublishedSchema, ValidOperations},
    },
    records::Session,
    storage::{audit::AuditKind, catalogs},
};

/// The caller's draft of the definitions, with what its publish would do now.
#[derive(SimpleObject)]
struct SchemaDraft {
    /// The version that it began with.
    base: i64,
    /// The whole of one's own definitions, as edited.
    sdl: String,
    /// What is wrong with it; while there is anything it cannot be published.
    diagnostics: Vec<DiagnosticInfo>,
    /// What its publish would change of what is live.
    changes: Vec<ChangeInfo>,
    /// What each change means for what is there, as far as the caller may see it.
    impact: Vec<ImpactInfo>,
    /// Whether others have published objects since. Their changes are merged into it when it is published.
    outdated: bool,
    /// When it was saved last.
    changed_at: Instant,
    /// Whose it is.
    by: AccountInfo,
    /// The job that converts values and publishes it, or what it was when that began.
    job: Option<JobInfo>,
}

/// What a change of a draft means for what is there.
#[derive(SimpleObject)]
#[graphql(name = "Impact")]
struct ImpactInfo {
    object: String,
    field: Option<String>,
    risk: Word<Risk>,
    /// How many records of the object the caller may see.
    records: i64,
    /// How many of these would fail when they are saved again; none where that is not known.
    failing: Option<i64>,
    /// Some of those.
    examples: Vec<ID>,
    /// How many values are converted where the field gets another type; none where that is not known.
    converting: Option<i64>,
    /// What uses it: live definitions, roles, layouts, menus, shared views, duplicate rules.
    uses: Vec<UseInfo>,
}

/// Something that uses an object or a field.
#[derive(SimpleObject)]
#[graphql(name = "Use")]
struct UseInfo {
    kind: Word<UseKind>,
    /// The role's code, `Object.field`, or the name of the layout, menu, view or operation.
    name: String,
    /// The page of the console that shows it.
    link: String,
    /// When a client sent it last, to this server process since it started.
    last_at: Option<Instant>,
}

impl From<DraftImpact> for ImpactInfo {
    fn from(told: DraftImpact) -> Self {
        let uses = told.uses.into_iter().map(|found| UseInfo {
            kind: Word(found.kind),
            name: found.name,
            link: found.link,
            last_at: None,
        });
        Self {
            object: told.object,
            field: told.field,
            risk: Word(told.risk),
            records: told.records,
            failing: told.failing,
            examples: told.examples.into_iter().map(ID::from).collect(),
            converting: told.converting,
            uses: uses.collect(),
        }
    }
}

/// A definition to add.
#[derive(InputObject)]
struct DefineObjectStep {
    /// Types and enums, as in a definition text.
    sdl: String,
}

/// An object or a picklist to write anew.
#[derive(InputObject)]
struct UpdateObjectStep {
    object: String,
    /// The definition up to its braces: description, name and directives. Of a standard object, `extend type …`.
    sdl: String,
}

/// A field or a picklist's value to add.
#[derive(InputObject)]
struct DefineFieldStep {
    /// The object, or the picklist.
    object: String,
    /// The field or value, as it stands within braces.
    sdl: String,
}

/// A field to write anew.
#[derive(InputObject)]
struct UpdateFieldStep {
    object: String,
    field: String,
    /// The field, as it stands within the braces of its type.
    sdl: String,
}

/// A field that gets another type.
#[derive(InputObject)]
struct RetypeFieldStep {
    object: String,
    field: String,
    /// The field with its new type, as it stands within the braces of its type.
    sdl: String,
    /// What becomes of values that cannot be converted without a loss.
    #[graphql(default)]
    on_failure: ConversionFailure,
}

/// What becomes of values that cannot be converted.
#[derive(Enum, Clone, Copy, Default, PartialEq, Eq)]
enum ConversionFailure {
    /// Nothing is published.
    #[default]
    Refuse,
    /// They are emptied.
    Null,
}

/// A field.
#[derive(InputObject)]
struct FieldStep {
    object: String,
    field: String,
}

/// An object.
#[derive(InputObject)]
struct ObjectStep {
    object: String,
}

/// Another name for a field.
#[derive(InputObject)]
struct RenameFieldStep {
    object: String,
    field: String,
    /// The name that it gets.
    to: String,
}

/// A name that a field had.
#[derive(InputObject)]
struct OldNameStep {
    object: String,
    /// The field, by the name that it has now.
    field: String,
    /// The old name.
    name: String,
}

/// Other labels; what is not given stays.
#[derive(InputObject)]
struct RelabelStep {
    object: String,
    /// The field; the object itself unless given.
    field: Option<String>,
    /// The Chinese label.
    label: Option<String>,
    label_en: Option<String>,
}

/// One step on a draft.
#[derive(OneofObject)]
enum SchemaStep {
    /// Add objects or picklists.
    DefineObject(DefineObjectStep),
    /// Write an object or a picklist anew; its fields or values stay.
    UpdateObject(UpdateObjectStep),
    /// Add a field, or a value of a picklist.
    DefineField(DefineFieldStep),
    /// Write a field anew.
    UpdateField(UpdateFieldStep),
    /// Give a field another type; its values are converted.
    RetypeField(RetypeFieldStep),
    /// Take a field out; its values are kept.
    RetireField(FieldStep),
    /// Take an object out; its records are kept.
    RetireObject(ObjectStep),
    /// Define a retired field again, as it was; one of a group with its data item, or with the group.
    RestoreField(FieldStep),
    /// Define a retired object again, as it was.
    RestoreObject(ObjectStep),
    /// Give an object or a field other labels.
    Relabel(RelabelStep),
    /// Give a field another name. Its values stay, and what names it follows; requests may use the old name for 90 days.
    RenameField(RenameFieldStep),
    /// Have an old name of a field lead to it no longer.
    DropOldName(OldNameStep),
}

impl SchemaStep {
    async fn step(self, company: &Company) -> crate::base::Result<DraftStep> {
        Ok(match self {
            Self::RenameField(RenameFieldStep { object, field, to }) => {
                DraftStep::RenameField { object, field, to }
            }
            other => DraftStep::Edit(other.edit(company).await?),
        })
    }

    async fn edit(self, company: &Company) -> crate::base::Result<SchemaEdit> {
        Ok(match self {
            Self::RenameField(_) => return Err(Error::internal("a new name is no edit")),
            Self::DropOldName(OldNameStep { object, field, name }) => {
                SchemaEdit::DropOldName { object, field, name }
            }
            Self::DefineObject(DefineObjectStep { sdl }) => SchemaEdit::DefineObject { sdl },
            Self::UpdateObject(UpdateObjectStep { object, sdl }) => {
                SchemaEdit::UpdateObject { object, sdl }
            }
            Self::DefineField(DefineFieldStep { object, sdl }) => {
                SchemaEdit::DefineField { object, sdl }
            }
            Self::UpdateField(UpdateFieldStep { object, field, sdl }) => {
                SchemaEdit::UpdateField { object, field, sdl }
            }
            Self::RetypeField(RetypeFieldStep { object, field, sdl, on_failure }) => {
                let or_null = on_failure == ConversionFailure::Null;
                SchemaEdit::RetypeField { object, field, sdl, or_null }
            }
            Self::RetireField(FieldStep { object, field }) => {
                SchemaEdit::RetireField { object, field }
            }
            Self::RetireObject(ObjectStep { object }) => SchemaEdit::RetireObject { object },
            Self::RestoreField(FieldStep { object, field }) => {
                company.restoring(&object, Some(&field)).await?
            }
            Self::RestoreObject(ObjectStep { object }) => company.restoring(&object, None).await?,
            Self::Relabel(RelabelStep { object, field, label, label_en }) => {
                SchemaEdit::Relabel { object, field, label, label_en }
            }
        })
    }
}

fn refused(fault: EditFault) -> Error {
    match fault {
        EditFault::Text => faults::unreadable_draft(),
        EditFault::Faulty => faults::faulty_draft(),
        EditFault::Step => faults::unreadable_step(),
        EditFault::NoObject(name) => faults::not_in_draft(name),
        EditFault::NoField(object, field) => faults::not_in_draft(format!("{object}.{field}")),
        EditFault::Known(name) => faults::in_draft_already(name),
        EditFault::OtherName(name) => faults::field_keeps_name(name),
        EditFault::Standard(name) => faults::comes_with_program(name),
    }
}

/// What changes mean, with the operations of clients that ask for what changes.
async fn with_clients(
    ctx: &Context<'_>,
    impact: Vec<DraftImpact>,
) -> crate::base::Result<Vec<ImpactInfo>> {
    let sent = ctx.data::<ClientOperations>().ok().zip(ctx.data::<Arc<PublishedSchema>>().ok());
    let Some((operations, published)) = sent else {
        return Ok(impact.into_iter().map(ImpactInfo::from).collect());
    };
    let (operations, published) = (operations.clone(), Arc::clone(published));
    // Thousands of documents are parsed and checked, which is no work for a thread that serves others.
    let told = tokio::task::spawn_blocking(move || {
        let known = operations.valid_in(&published);
        let told = impact.into_iter().enumerate().map(|(at, one)| {
            let clients = match at < ASKED {
                true => clients(&known, &published, &one),
                false => Vec::new(),
            };
            let mut info = ImpactInfo::from(one);
            info.uses.extend(clients);
            info
        });
        told.collect()
    });
    told.await.map_err(Error::internal)
}

/// The operations of clients that ask for what one change is about.
fn clients(
    known: &ValidOperations,
    published: &PublishedSchema,
    impact: &DraftImpact,
) -> Vec<UseInfo> {
    let Some(object) = published.catalog.named(&impact.object) else { return Vec::new() };
    let fields: Vec<_> = match &impact.live_field {
        None => Vec::new(),
        Some(name) => object.meant_by(name).into_iter().map(|(ix, _)| ix).collect(),
    };
    // A field that is new is used by nobody.
    if impact.live_field.is_some() && fields.is_empty() {
        return Vec::new();
    }
    let used = known.that_use(published, object, &fields).into_iter().take(CLIENTS);
    let info = used.map(|used| UseInfo {
        kind: Word(UseKind::Client),
        name: used.name,
        link: "/admin/audit".to_owned(),
        last_at: Some(at(used.sent_at.timestamp_micros())),
    });
    info.collect()
}

/// Most operations of clients that are told of a change.
const CLIENTS: usize = 20;
/// Most changes for which they are asked.
const ASKED: usize = 100;

async fn shown(
    ctx: &Context<'_>,
    session: &Session,
    known: KnownDraft,
) -> crate::base::Result<SchemaDraft> {
    let lang = ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default();
    let company = ctx.data::<Company>().map_err(|error| Error::internal(error.message))?;
    let KnownDraft { stored, by, outdated, plan } = known;
    let impact = match ctx.look_ahead().field("impact").exists() {
        true => company.draft_impact(session, &plan).await?,
        false => Vec::new(),
    };
    let more = plan.diagnostics.len().saturating_sub(TOLD);
    let told = plan.diagnostics.into_iter().take(TOLD);
    let told = told.map(|fault| diagnostic(fault.clone(), (fault.line, fault.column), lang));
    Ok(SchemaDraft {
        base: stored.base,
        sdl: stored.text,
        diagnostics: told.chain((more > 0).then(|| untold(more, lang))).collect(),
        changes: plan.changes.into_iter().map(|one| change(one, lang)).collect(),
        impact: with_clients(ctx, impact).await?,
        outdated,
        changed_at: at(stored.changed_at),
        by: account(company, by).await?,
        job: match company.publishing_job(by).await? {
            Some(job) => Some(jobs::shown(ctx, company, job)?),
            None => None,
        },
    })
}

/// The caller's draft as it is after a change.
async fn after(ctx: &Context<'_>, session: &Session) -> Result<SchemaDraft> {
    let own = async {
        let known = company_of(ctx)?.schema_draft(session).await?;
        shown(ctx, session, known.ok_or_else(|| Error::internal("a saved draft is gone"))?).await
    };
    own.await.map_err(|error: Error| raised(ctx, &error))
}

fn company_of<'c>(ctx: &Context<'c>) -> crate::base::Result<&'c Company> {
    ctx.data::<Company>().map_err(|error| Error::internal(error.message))
}

#[derive(Default)]
pub(super) struct SchemaDraftQuery;

#[Object]
impl SchemaDraftQuery {
    /// The caller's draft of the definitions; none unless saved. For those who define objects.
    async fn schema_draft(&self, ctx: &Context<'_>) -> Result<Option<SchemaDraft>> {
        let (company, session) = defines(ctx)?;
        let own = async {
            match company.schema_draft(session).await? {
                Some(known) => Ok(Some(shown(ctx, session, known).await?)),
                None => Ok(None),
            }
        };
        Box::pin(own).await.map_err(|error: Error| raised(ctx, &error))
    }

    /// The company's own definitions of a version as one text, from which a draft begins: of the live one unless told.
    async fn schema_text(&self, ctx: &Context<'_>, version: Option<i64>) -> Result<String> {
        let (company, session) = defines(ctx)?;
        let wanted = version.unwrap_or(session.catalog.version);
        let text = async {
            if wanted < 1 || wanted > catalogs::latest(&company.database).await? {
                return Err(faults::no_version(wanted).at(["version"]));
            }
            custom_text(&company.database, wanted).await
        };
        text.await.map_err(|error| raised(ctx, &error))
    }
}

#[derive(Default)]
pub(super) struct SchemaDraftMutation;

#[Object]
impl SchemaDraftMutation {
    /// Saves the caller's draft, the whole of the company's own definitions as edited, in place of the one before. It
    /// may be wrong still: `diagnostics` says what is.
    async fn save_schema_draft(
        &self,
        ctx: &Context<'_>,
        sdl: String,
        base: i64,
    ) -> Result<SchemaDraft> {
        let (company, session) = defines(ctx)?;
        let detail = json!({ "saveSchemaDraft": base });
        let saved = company.save_schema_draft(session, &sdl, base);
        Box::pin(along(ctx, AuditKind::Definition, None, detail, saved)).await?;
        Box::pin(after(ctx, session)).await
    }

    /// Changes the caller's draft step by step, all of the steps or none; without a draft, one begins with what is
    /// live. Comments and order stay.
    async fn edit_schema_draft(
        &self,
        ctx: &Context<'_>,
        steps: Vec<SchemaStep>,
    ) -> Result<SchemaDraft> {
        let (company, session) = defines(ctx)?;
        let detail = json!({ "editSchemaDraft": steps.len() });
        let saved = async {
            let place = |at: usize| ["steps".to_owned(), at.to_string()];
            let mut taken = Vec::with_capacity(steps.len());
            for (at, step) in steps.into_iter().enumerate() {
                taken.push(step.step(company).await.map_err(|error| error.at(place(at)))?);
            }
            let edited = company.edit_schema_draft(session, &taken).await?;
            edited.map_err(|(at, fault)| refused(fault).at(place(at)))
        };
        Box::pin(along(ctx, AuditKind::Definition, None, detail, saved)).await?;
        Box::pin(after(ctx, session)).await
    }

    /// Drops the caller's draft; whether there was one.
    async fn drop_schema_draft(&self, ctx: &Context<'_>) -> Result<bool> {
        let (company, session) = defines(ctx)?;
        let dropped = company.drop_schema_draft(session);
        let detail = json!({ "dropSchemaDraft": true });
        Box::pin(along(ctx, AuditKind::Definition, None, detail, dropped)).await
    }

    /// Publishes the caller's draft in place of the company's own definitions, and drops it. What it no longer has is
    /// retired: hidden, kept, its name taken. What others published since its base is merged into it by type. With
    /// `acceptLayouts` the generated list and detail layouts of new objects are stored with it.
    async fn publish_schema_draft(
        &self,
        ctx: &Context<'_>,
        note: Option<String>,
        #[graphql(default)] dry_run: bool,
        #[graphql(default)] accept_layouts: bool,
    ) -> Result<ApplyPayload> {
        let options = PublishOptions { note: note.as_deref(), accept_layouts, dry_run };
        Box::pin(carried_out(ctx, Publication::Draft, options)).await
    }

    /// Makes the company's own definitions of an earlier version the next version. What came since is retired, and is
    /// there again when it is defined again. Roles stay as they are.
    async fn roll_back(
        &self,
        ctx: &Context<'_>,
        to: i64,
        dry_run: bool,
        note: Option<String>,
    ) -> Result<ApplyPayload> {
        let options =
            PublishOptions { note: note.as_deref(), dry_run, ..PublishOptions::default() };
        Box::pin(carried_out(ctx, Publication::Version(to), options)).await
    }
}
