//! The metadata schema at `/metadata`: the caller, objects, rights and definitions.

use std::sync::Arc;

use async_graphql::{
    Context, EmptySubscription, MergedObject, Object, OutputType, Schema, ServerError,
    ValidationMode,
    registry::{MetaDirective, MetaType, Registry},
};
use serde_json::{Value as Json, json};

use super::{
    accounts::{AccountMutation, AccountQuery},
    administration::{RightsMutation, RightsQuery},
    applying::{Definition, Sent},
    asked::{Asked, Part},
    audit::AuditQuery,
    definitions::DefinitionQuery,
    delegations::{DelegationMutation, DelegationQuery},
    engine::OnlyValidate,
    exchange::{Answer, Answering, Caller, Endpoint, Reply, Replying, Request},
    forms::{self, Counting, Counts, ObjectInfo},
    keys::{KeyMutation, KeyQuery},
    limits::Limits,
    operators::OperatorMutation,
    prepare::{named, operation},
    published::{NESTED, Published},
    records::{refusal, shown},
    refusals::in_both,
    roles::{RoleMutation, RoleQuery},
    simulate::SimulationQuery,
    turns::Turns,
    viewer::{Viewer, viewer},
    viewing::{doing, known_by},
};
use crate::{
    access::{Access, Principal},
    base::{Code, Error, Lang},
    catalog::Catalog,
    company::{
        Company,
        admission::{Admission, ViewedAs},
    },
    query::render::quoted,
    sql::unheld,
};

/// Answers requests on metadata.
pub struct Metadata {
    /// Executes valid requests.
    schema: Schema<Query, Mutation, EmptySubscription>,
    /// Validates requests.
    pub(super) validating: Schema<Query, Mutation, EmptySubscription>,
    /// Names and types of both schemas.
    pub(super) registry: Arc<Registry>,
    company: Company,
    pub(super) limits: Limits,
    turns: Arc<Turns>,
}

/// The root types.
const ROOTS: [&str; 2] = ["Query", "Mutation"];

/// Builds the registry of the metadata schema, with the standard directives.
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
    // Root fields are executed separately and are null if they fail.
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
    /// The endpoint of a company. Its directives are those of the records' schema.
    pub fn new(company: Company, records: &Published, limits: Limits, turns: Arc<Turns>) -> Self {
        let registry = Arc::new(registry(records.schema.registry()));
        let build = || {
            let roots = Schema::build(Query::default(), Mutation::default(), EmptySubscription);
            roots.data(company.clone()).disable_suggestions().limit_recursive_depth(NESTED)
        };
        let schema = build().validation_mode(ValidationMode::Fast).finish();
        let validating = build().extension(OnlyValidate).finish();
        Self { schema, validating, registry, company, limits, turns }
    }
}

impl Endpoint for Metadata {
    fn answer<'a>(&'a self, request: Request, caller: Caller) -> Replying<'a> {
        Box::pin(async move {
            let Some(principal) = caller.principal.clone() else {
                let error = Error::new(Code::AuthRequired, "sign in first", "请先登录");
                return refusal(&[error], &caller);
            };
            let _turn = match self.turns.take(principal.operator).await {
                Ok(turn) => turn,
                Err(error) => return refusal(&[error], &caller),
            };
            let asked = match self.asked(&request).await {
                Ok(asked) => asked,
                Err(errors) => return refusal(&errors, &caller),
            };
            let catalog = self.company.catalog();
            let seen = self.seen(&asked, &request, &caller, principal, &catalog).await;
            let (principal, access) = match seen {
                Ok(seen) => seen,
                Err(error) => return refusal(&[error], &caller),
            };
            let session = self.company.uncounted_session(catalog, access);
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

impl Metadata {
    /// Returns the effective principal and access: those of the caller, or of the account that an
    /// administrator views as.
    async fn seen(
        &self,
        asked: &Asked,
        request: &Request,
        caller: &Caller,
        principal: Principal,
        catalog: &Arc<Catalog>,
    ) -> Result<(Principal, Arc<Access>), Error> {
        let own = self.company.rights.access(&principal, catalog).await?;
        let Some(account) = &caller.view_as else { return Ok((principal, own)) };
        let viewed = self.company.viewed_as(account, &own).await?;
        let name = named(&asked.document, request.operation_name.as_deref());
        let operation = operation(&asked.document, request.operation_name.as_deref())?;
        let (company, describe) = (&self.company, || known_by(request, name));
        let (principal, own) = (&principal, &own);
        let admission = Admission { company, principal, own, describe: &describe };
        admission.before_viewing(&viewed.account, doing(operation.ty)).await?;
        let access = company.access_as(&viewed, catalog).await?;
        let ViewedAs { operator, account } = viewed;
        Ok((company.identity.seen_as(operator, account, principal).await?, access))
    }
}

/// Refuses texts with NUL characters anywhere, because neither database can store them.
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

/// Formats an error of the engine for a response key.
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

pub(super) fn company<'c>(ctx: &Context<'c>) -> async_graphql::Result<&'c Company> {
    ctx.data::<Company>()
}

/// Converts one of our errors into the engine's type.
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
        Ok(company(ctx)?.catalog().version)
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
