//! The metadata schema at `/metadata`: who is asking, which objects there are, and `applySchema`.

use std::sync::Arc;

use async_graphql::{
    Context, EmptySubscription, MergedObject, Object, OutputType, Schema, ServerError,
    SimpleObject, ValidationMode,
    registry::{MetaDirective, MetaType, Registry},
};
use serde_json::{Value as Json, json};
use tokio::sync::Mutex;

use super::{
    accounts::{AccountMutation, AccountQuery},
    administration::{RightsMutation, RightsQuery},
    asked::Part,
    audit::{AuditQuery, note},
    definitions::DefinitionQuery,
    delegations::{DelegationMutation, DelegationQuery},
    engine::OnlyValidate,
    exchange::{Answer, Answering, Caller, Endpoint, Reply, Replying, Request},
    forms::{self, Counting, Counts, ObjectInfo},
    keys::{KeyMutation, KeyQuery},
    limits::Limits,
    operators::OperatorMutation,
    published::{NESTED, Published, Publisher},
    records::{refusal, shown},
    refusals::in_both,
    roles::{RoleMutation, RoleQuery},
    scalars::Word,
    simulate::SimulationQuery,
    turns::Turns,
    viewer::{Viewer, viewer},
};
use crate::{
    access::Action,
    base::{Code, Currency, Env, Error, Lang, Written, error::TOLD},
    catalog::{Catalog, ChangeKind, Diagnostic, Risk},
    customize,
    identity::Identity,
    query::{cursor::Seal, render::quoted},
    records::Session,
    rights::Rights,
    sql::unheld,
    storage::{Database, audit::Kind},
};

/// What the resolvers work with.
#[derive(Clone)]
pub(super) struct World {
    pub(super) publisher: Arc<Publisher>,
    pub(super) database: Database,
    pub(super) env: Env,
    pub(super) seal: Arc<Seal>,
    pub(super) rights: Rights,
    pub(super) identity: Identity,
    /// What money is counted in.
    pub(super) currency: Currency,
    /// One definition at a time in this process; others are refused by the version's key.
    defining: Arc<Mutex<()>>,
}

/// Answers requests on metadata.
pub struct Metadata {
    /// Carries out what was found valid.
    schema: Schema<Query, Mutation, EmptySubscription>,
    /// Finds out what is valid.
    pub(super) validating: Schema<Query, Mutation, EmptySubscription>,
    /// The names and types of both.
    pub(super) registry: Arc<Registry>,
    world: World,
    pub(super) limits: Limits,
    turns: Arc<Turns>,
}

/// The types of what can be asked and changed.
const ROOTS: [&str; 2] = ["Query", "Mutation"];

/// Names and types of what can be asked here, with the directives of every schema.
fn registry(directives: &Registry) -> Registry {
    let mut registry = Registry::default();
    for known in directives.directives.values() {
        registry.add_directive(MetaDirective {
            name: known.name.clone(),
            description: known.description.clone(),
            locations: known.locations.clone(),
            args: known.args.clone(),
            is_repeatable: known.is_repeatable,
            visible: None,
            composable: None,
        });
    }
    <Query as OutputType>::create_type_info(&mut registry);
    <Mutation as OutputType>::create_type_info(&mut registry);
    let [query, mutation] = ROOTS;
    (registry.query_type, registry.mutation_type) = (query.to_owned(), Some(mutation.to_owned()));
    // Each root field is answered alone, and is null when it fails.
    for root in ROOTS {
        if let Some(MetaType::Object { fields, .. }) = registry.types.get_mut(root) {
            for field in fields.values_mut() {
                field.ty.truncate(field.ty.trim_end_matches('!').len());
            }
        }
    }
    registry
}

impl Metadata {
    /// The endpoint over the live catalog.
    pub fn new(
        publisher: Arc<Publisher>,
        database: Database,
        env: Env,
        seal: Arc<Seal>,
        rights: Rights,
        identity: Identity,
        (limits, currency): (Limits, Currency),
        turns: Arc<Turns>,
    ) -> Self {
        let registry = Arc::new(registry(publisher.pin().schema.registry()));
        let world = World {
            publisher,
            database,
            env,
            seal,
            rights,
            identity,
            currency,
            defining: Arc::default(),
        };
        let build = || {
            let roots = Schema::build(Query::default(), Mutation::default(), EmptySubscription);
            roots.data(world.clone()).disable_suggestions().limit_recursive_depth(NESTED)
        };
        let schema = build().validation_mode(ValidationMode::Fast).finish();
        let validating = build().extension(OnlyValidate).finish();
        Self { schema, validating, registry, world, limits, turns }
    }
}

impl Endpoint for Metadata {
    fn answer<'a>(&'a self, request: Request, caller: Caller) -> Replying<'a> {
        Box::pin(async move {
            let Some(principal) = caller.principal.clone() else {
                let error = Error::new(Code::AuthRequired, "sign in first", "请先登录");
                return refusal(&[error], &caller);
            };
            let _turn = match self.turns.take(principal.operator, true).await {
                Ok(turn) => turn,
                Err(error) => return refusal(&[error], &caller),
            };
            let asked = match self.asked(&request).await {
                Ok(asked) => asked,
                Err(errors) => return refusal(&errors, &caller),
            };
            let catalog = Arc::clone(&self.world.publisher.pin().catalog);
            let access = match self.world.rights.access(&principal, &catalog).await {
                Ok(access) => access,
                Err(error) => return refusal(&[error], &caller),
            };
            let session = Session {
                catalog,
                access,
                database: self.world.database.clone(),
                env: self.world.env.clone(),
                seal: Arc::clone(&self.world.seal),
                purpose: Action::Read,
                reads: None,
                beyond: Arc::default(),
                guesses: None,
                trial: false,
            };
            let parts = match self.parts(&asked, &request, &session.catalog, caller.lang).await {
                Ok(parts) => parts,
                Err(error) => return refusal(&[error], &caller),
            };
            let mut variables = async_graphql::Variables::default();
            variables.extend(asked.variables);
            let (mut data, mut errors) = (String::from("{"), Vec::new());
            for (key, part) in parts {
                if data.len() > 1 {
                    data.push(',');
                }
                quoted(&key, &mut data);
                data.push(':');
                let document = match part {
                    Part::Known(text) => {
                        data.push_str(&text);
                        continue;
                    }
                    Part::Ask(document) => *document,
                };
                let mut inner = async_graphql::Request::new(String::new())
                    .variables(variables.clone())
                    .data(principal.clone())
                    .data(session.clone())
                    .data(Counts::new(Counting(session.clone())))
                    .data(caller.clone())
                    .data(Sent(request.query.clone()));
                inner.set_parsed_query(document);
                let response = self.schema.execute(inner).await;
                let told = response.errors.iter();
                errors.extend(told.map(|error| listed(error, &key, caller.lang)));
                let answered = response.data.into_json().unwrap_or_default();
                data.push_str(&answered.get(&key).unwrap_or(&Json::Null).to_string());
            }
            data.push('}');
            let errors = match errors.is_empty() {
                true => String::new(),
                false => format!("\"errors\":{},", Json::Array(errors)),
            };
            Reply { body: format!("{{{errors}\"data\":{data}}}").into_bytes(), status: 200 }
        })
    }

    fn begin(self: Arc<Self>, request: Request, caller: Caller) -> Answering {
        Box::pin(async move { Answer::Once(self.answer(request, caller).await) })
    }
}

/// Refuses texts that neither database keeps, wherever they stand.
pub(super) fn unheld_texts(request: &Request) -> Result<(), Error> {
    let mut open: Vec<&Json> = request.variables.values().collect();
    while let Some(value) = open.pop() {
        match value {
            Json::String(text) if text.contains('\0') => return Err(unheld()),
            Json::Array(items) => open.extend(items),
            Json::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    let escaped = |text: &str| {
        text.starts_with("0000")
            || text.strip_prefix('{').is_some_and(|code| {
                code.starts_with('0') && code.trim_start_matches('0').starts_with('}')
            })
    };
    match request.query.split("\\u").skip(1).any(escaped) || request.query.contains('\0') {
        true => Err(unheld()),
        false => Ok(()),
    }
}

/// An error of the engine's under a response key.
fn listed(error: &ServerError, key: &str, lang: Lang) -> Json {
    let path = match error.path.is_empty() {
        true => json!([key]),
        false => json!(error.path),
    };
    let (message, extensions) = match &error.extensions {
        Some(extensions) => (error.message.clone(), json!(extensions)),
        None => (
            in_both(&error.message).text(lang).to_owned(),
            json!({ "code": Code::InputInvalid.name() }),
        ),
    };
    json!({ "message": message, "path": path, "extensions": extensions })
}

pub(super) fn world<'c>(ctx: &Context<'c>) -> async_graphql::Result<&'c World> {
    ctx.data::<World>()
}

/// One of our errors as the engine carries it.
pub(super) fn raised(ctx: &Context<'_>, error: &Error) -> async_graphql::Error {
    let caller = ctx.data::<Caller>().cloned().unwrap_or_default();
    if matches!(error.code, Code::Internal | Code::StorageUnavailable) {
        tracing::error!(request.id = %caller.request_id, error = %error, "request failed");
    }
    let shown = shown(error, &caller);
    let mut raised = async_graphql::Error::new(error.message.text(caller.lang));
    let mut extensions = async_graphql::ErrorExtensionValues::default();
    if let Some(fields) = shown["extensions"].as_object() {
        for (key, value) in fields {
            if let Ok(value) = async_graphql::Value::from_json(value.clone()) {
                extensions.set(key, value);
            }
        }
    }
    raised.extensions = Some(extensions);
    raised
}

/// One difference a definition makes.
#[derive(SimpleObject)]
struct ChangeInfo {
    kind: Word<ChangeKind>,
    object: String,
    field: Option<String>,
    risk: Word<Risk>,
    reason: Option<String>,
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

/// That more faults were found than are told.
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

/// What came of applying a definition.
#[derive(SimpleObject)]
struct ApplyPayload {
    version: i64,
    changes: Vec<ChangeInfo>,
    diagnostics: Vec<DiagnosticInfo>,
}

/// What can be asked.
#[derive(MergedObject, Default)]
pub(super) struct Query(
    Description,
    RightsQuery,
    SimulationQuery,
    DelegationQuery,
    AuditQuery,
    AccountQuery,
    KeyQuery,
    RoleQuery,
    DefinitionQuery,
);

/// What can be changed.
#[derive(MergedObject, Default)]
pub(super) struct Mutation(
    Definition,
    RightsMutation,
    OperatorMutation,
    DelegationMutation,
    AccountMutation,
    KeyMutation,
    RoleMutation,
);

#[derive(Default)]
struct Description;

#[Object]
#[expect(clippy::unused_async, reason = "the engine's macro takes async resolvers only")]
impl Description {
    /// Who is asking.
    async fn viewer(&self, ctx: &Context<'_>) -> async_graphql::Result<Viewer> {
        viewer(ctx).await
    }

    /// The version of the definitions that are live.
    async fn version(&self, ctx: &Context<'_>) -> async_graphql::Result<i64> {
        Ok(world(ctx)?.publisher.pin().catalog.version)
    }

    /// The objects this caller may see.
    async fn objects(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ObjectInfo>> {
        forms::objects(ctx, None)
    }

    /// One object by its api name.
    async fn object(
        &self,
        ctx: &Context<'_>,
        name: String,
    ) -> async_graphql::Result<Option<ObjectInfo>> {
        Ok(forms::objects(ctx, Some(&name))?.pop())
    }
}

/// Writes down that definitions were applied, and what they changed.
async fn note_definition(
    ctx: &Context<'_>,
    applied: &customize::Applied,
    sdl: &str,
) -> async_graphql::Result<()> {
    let changes: Vec<_> = applied
        .changes
        .iter()
        .take(NOTED)
        .map(|change| {
            json!({
                "kind": change.kind.as_ref(), "object": change.object, "field": change.field,
                "risk": change.risk.as_ref(),
            })
        })
        .collect();
    let begins: String = sdl.chars().take(200).collect();
    let detail = json!({
        "applySchema": applied.version, "changes": changes, "of": applied.changes.len(),
        "begins": begins,
    });
    note(ctx, Kind::Definition, None, detail).await
}

/// The document of a request, as it was sent.
struct Sent(String);

/// Where a definition stands in the document, if it was written there.
fn written(ctx: &Context<'_>, sdl: &str) -> Option<Written> {
    let sent = ctx.data::<Sent>().ok()?;
    let mut arguments = ctx.item.node.arguments.iter();
    let (_, value) = arguments.find(|(name, _)| name.node == "sdl")?;
    Written::find(&sent.0, (value.pos.line, value.pos.column), sdl)
}

/// Most changes named in the trail.
const NOTED: usize = 100;

#[derive(Default)]
struct Definition;

#[Object]
impl Definition {
    /// Applies a definition text; with `dryRun` it is only checked and compared.
    async fn apply_schema(
        &self,
        ctx: &Context<'_>,
        sdl: String,
        #[graphql(default)] dry_run: bool,
    ) -> async_graphql::Result<ApplyPayload> {
        let access = &ctx.data::<Session>()?.access;
        if !access.may_customize() {
            let error = Error::new(
                Code::AccessDenied,
                "only administrators define objects",
                "只有管理员可以定义对象",
            );
            return Err(raised(ctx, &error));
        }
        let world = world(ctx)?;
        let _one = world.defining.lock().await;
        let live = world.publisher.pin();
        let mut published = None;
        let ready = |catalog: &Arc<Catalog>| {
            published = Some(Published::new(Arc::clone(catalog))?);
            Ok(())
        };
        let applied = customize::apply(
            &world.database,
            &world.env,
            &live.catalog,
            access,
            &sdl,
            dry_run,
            ready,
        )
        .await
        .map_err(|error| raised(ctx, &error))?;
        if let Some(published) = published.filter(|_| applied.catalog.is_some()) {
            world.publisher.publish(published);
        }
        if applied.catalog.is_some() {
            note_definition(ctx, &applied, &sdl).await?;
        }
        let lang = ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default();
        let changes = applied.changes.into_iter().map(|change| ChangeInfo {
            kind: Word(change.kind),
            object: change.object,
            field: change.field,
            risk: Word(change.risk),
            reason: change.reason.map(|reason| reason.text(lang).to_owned()),
        });
        let more = applied.diagnostics.len().saturating_sub(TOLD);
        let written = written(ctx, &sdl);
        let place = |fault: &Diagnostic| match &written {
            Some(written) if fault.path == applied.path => {
                written.place((fault.line, fault.column))
            }
            _ => (fault.line, fault.column),
        };
        let diagnostics = applied.diagnostics.into_iter().take(TOLD);
        let diagnostics = diagnostics.map(|fault| (place(&fault), fault));
        let diagnostics = diagnostics.map(|((line, column), fault)| DiagnosticInfo {
            code: fault.code.name().to_owned(),
            path: fault.path,
            line,
            column,
            message: fault.message.text(lang).to_owned(),
            hint: fault.hint.map(|hint| hint.text(lang).to_owned()),
        });
        Ok(ApplyPayload {
            version: applied.version,
            changes: changes.collect(),
            diagnostics: diagnostics.chain((more > 0).then(|| untold(more, lang))).collect(),
        })
    }
}
