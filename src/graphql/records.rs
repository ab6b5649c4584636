//! The record schema as an endpoint: a request becomes intents, intents become the response's JSON.
//!
//! async-graphql parses, validates and introspects. Records never pass through its resolvers:
//! each root field is one `Find` or one `Change`, whose answer is spliced into the response as it comes.

use std::sync::Arc;

use async_graphql::{
    Response,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
    parser::{
        parse_query,
        types::{
            DocumentOperations, ExecutableDocument, Field as Asked, OperationDefinition,
            OperationType,
        },
    },
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    args::{Args, id},
    exchange::{Caller, Endpoint, Reply, Replying, Request},
    existing::check_existing,
    grouping::aggregation_weight,
    limits::{Limits, check_document, check_text},
    optional,
    published::{Published, Publisher, Root, View},
    recycle_bin,
    select::{Reader, listing_weight, unknown, weight},
    together, variables,
    watch::Watch,
};
use crate::{
    access::Action,
    base::{Code, Env, Error, Result},
    catalog::FieldIx,
    identity::Identity,
    query::{Find, What, cursor::Seal, render::quoted},
    records::{Session, find},
    rights::Rights,
    storage::Database,
};

/// Answers requests on records.
pub struct Records {
    /// The live catalog and schema.
    pub publisher: Arc<Publisher>,
    /// The company's database.
    pub database: Database,
    /// Time and ids.
    pub env: Env,
    /// Seals cursors.
    pub seal: Arc<Seal>,
    /// What callers may do.
    pub rights: Rights,
    /// Who signs in.
    pub identity: Identity,
    /// What a document may ask for.
    pub limits: Limits,
}

/// Stops the engine before it would resolve anything: the document was only to be validated.
pub(super) struct OnlyValidate;

struct Marked;

impl ExtensionFactory for OnlyValidate {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for OnlyValidate {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if ctx.data_opt::<Marked>().is_some() {
            return Response::default();
        }
        next.run(ctx, operation_name).await
    }
}

impl Endpoint for Records {
    fn answer<'a>(&'a self, request: Request, caller: Caller) -> Replying<'a> {
        Box::pin(async move {
            match self.operate(&request, &caller).await {
                Ok(reply) => reply,
                Err(errors) => refusal(&errors, &caller),
            }
        })
    }
}

/// A reply that no operation was executed for.
pub(super) fn refusal(errors: &[Error], caller: &Caller) -> Reply {
    for error in errors {
        log(error, caller);
    }
    let listed: Vec<_> = errors.iter().take(20).map(|error| shown(error, caller)).collect();
    let status = errors.first().map_or(400, |error| error.code.status());
    Reply { body: json!({ "errors": listed }).to_string().into_bytes(), status }
}

fn log(error: &Error, caller: &Caller) {
    if error.code == Code::Internal || error.code == Code::StorageUnavailable {
        tracing::error!(request.id = %caller.request_id, error = %error, "request failed");
    }
}

/// An error as a member of `errors`.
pub(super) fn shown(error: &Error, caller: &Caller) -> Json {
    let mut extensions = json!({ "code": error.code.name() });
    if let Some(hint) = &error.hint {
        extensions["hint"] = json!(hint.text(caller.lang));
    }
    if !error.path.is_empty() {
        extensions["path"] = json!(error.path);
    }
    if error.code == Code::Internal {
        extensions["requestId"] = json!(caller.request_id);
    }
    json!({ "message": error.message.text(caller.lang), "extensions": extensions })
}

/// A parsed and validated document.
pub(super) struct Prepared {
    document: ExecutableDocument,
}

/// Parses a document, bounds it and validates it against the schema.
async fn prepare(
    text: &str,
    published: &Published,
    view: &View,
    limits: &Limits,
) -> Result<Prepared, Vec<Error>> {
    check_text(text, limits).map_err(one)?;
    let mut document = parse_query(text).map_err(|error| {
        let place = error.positions().next().unwrap_or_default();
        vec![Error::new(
            Code::InputSyntax,
            format!(
                "the document cannot be parsed at line {}, column {}",
                place.line, place.column
            ),
            format!("查询在第 {} 行第 {} 列无法解析", place.line, place.column),
        )]
    })?;
    check_document(&document, limits).map_err(one)?;
    let registry = published.schema.registry();
    optional::settle(&mut document, registry, &view.hidden);
    check_existing(&document, registry, &view.hidden)?;
    let any = document.operations.iter().find_map(|(name, _)| name.cloned());
    let mut request = async_graphql::Request::new(text).data(Marked);
    if let Some(name) = any {
        request = request.operation_name(name.to_string());
    }
    let mut known = document.clone();
    together::hide(&mut known);
    request.set_parsed_query(known);
    let validated = published.schema.execute(request).await;
    if validated.errors.is_empty() {
        return Ok(Prepared { document });
    }
    Err(validated
        .errors
        .into_iter()
        .take(20)
        .map(|error| {
            let place = error.locations.first().copied().unwrap_or_default();
            let text = format!("{} (line {}, column {})", error.message, place.line, place.column);
            Error::new(Code::InputInvalid, text.clone(), text)
        })
        .collect())
}

pub(super) fn one(error: Error) -> Vec<Error> {
    vec![error]
}

impl Records {
    async fn operate(&self, request: &Request, caller: &Caller) -> Result<Reply, Vec<Error>> {
        let Some(principal) = &caller.principal else {
            return Err(vec![Error::new(Code::AuthRequired, "sign in first", "请先登录").hint(
                "send `Authorization: Bearer <accessToken>` from `POST /auth/login`",
                "请携带 `POST /auth/login` 返回的 `Authorization: Bearer <accessToken>`",
            )]);
        };
        let published = self.publisher.pin();
        let own = self.rights.access(principal, &published.catalog).await.map_err(one)?;
        let viewed = self.viewed_as(caller, &own, &published.catalog).await.map_err(one)?;
        let access = viewed.clone().unwrap_or_else(|| Arc::clone(&own));
        let view = published.view(&access).map_err(one)?;
        let prepared = match view.prepared.get(&request.query) {
            Some(prepared) => prepared,
            None => {
                let prepared =
                    Arc::new(prepare(&request.query, &published, &view, &self.limits).await?);
                view.prepared.insert(request.query.clone(), Arc::clone(&prepared));
                prepared
            }
        };
        let operation =
            operation(&prepared.document, request.operation_name.as_deref()).map_err(one)?;
        if request.read_only && operation.ty != OperationType::Query {
            return Err(one(Error::new(
                Code::InputMethod,
                "send mutations with POST",
                "请使用 POST 发送变更",
            )));
        }
        let variables = variables::coerce(
            operation,
            &request.variables,
            published.schema.registry(),
            &view.hidden,
        )
        .map_err(one)?;
        variables::conditions(&prepared.document, &variables).map_err(one)?;
        let watch = Watch { records: self, principal, caller, request, own: &own };
        let purpose = watch.purpose(operation.ty).map_err(one)?;
        watch.before(operation.ty).await.map_err(one)?;
        let counts = !own.may_everything() || purpose != Action::Read;
        let session = Session {
            catalog: Arc::clone(&published.catalog),
            access,
            database: self.database.clone(),
            env: self.env.clone(),
            seal: Arc::clone(&self.seal),
            purpose,
            reads: counts.then(Arc::default),
        };
        let reader = Reader {
            args: Args {
                catalog: &published.catalog,
                limits: &self.limits,
                today: session.today(),
                zone: session.env.zone,
            },
            document: &prepared.document,
            variables: &variables,
        };
        let run = Run {
            records: self,
            published: &published,
            session: &session,
            reader: &reader,
            caller,
            request,
            watch: &watch,
        };
        let answered = run.operation(operation).await;
        if answered.took {
            watch.after(&session, operation.ty).await.map_err(one)?;
        }
        Ok(answered.reply)
    }
}

fn operation<'d>(
    document: &'d ExecutableDocument,
    name: Option<&str>,
) -> Result<&'d OperationDefinition> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(&operation.node),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => {
            all.values().next().map(|operation| &operation.node)
        }
        (DocumentOperations::Multiple(all), Some(name)) => {
            all.get(name).map(|operation| &operation.node)
        }
        _ => None,
    };
    found.ok_or_else(|| match name {
        Some(name) => Error::new(
            Code::InputInvalid,
            format!("the document has no operation `{name}`"),
            format!("查询中没有操作 `{name}`"),
        ),
        None => Error::new(
            Code::InputInvalid,
            "the document has several operations; say which by `operationName`",
            "查询包含多个操作，请用 `operationName` 指定",
        ),
    })
}

/// One operation being answered.
pub(super) struct Run<'r> {
    pub(super) records: &'r Records,
    pub(super) published: &'r Published,
    pub(super) session: &'r Session,
    pub(super) reader: &'r Reader<'r>,
    pub(super) caller: &'r Caller,
    pub(super) request: &'r Request,
    watch: &'r Watch<'r>,
}

/// What an operation came to.
struct Answered {
    reply: Reply,
    /// Whether any field that reads or changes records was answered.
    took: bool,
}

impl Answered {
    const fn nothing(reply: Reply) -> Self {
        Self { reply, took: false }
    }
}

impl<'r> Run<'r> {
    async fn operation(&self, operation: &'r OperationDefinition) -> Answered {
        let (ty, mutation) = match operation.ty {
            OperationType::Mutation => ("Mutation", true),
            _ => ("Query", false),
        };
        let introspection = match self.introspect(operation).await {
            Ok(values) => values,
            Err(errors) => return Answered::nothing(refusal(&errors, self.caller)),
        };
        let mut took = false;
        let mut data = String::from("{");
        let mut errors = Vec::new();
        let mut lost = false;
        let roots = self.reader.collect(&[&operation.selection_set.node], ty);
        let mut together = match mutation && together::asked(operation) {
            true => Some(self.together(&roots).await),
            false => None,
        };
        for (key, fields) in roots {
            let Some(first) = fields.first() else { continue };
            let name = first.name.node.as_str();
            if data.len() > 1 {
                data.push(',');
            }
            data.push('"');
            data.push_str(&key);
            data.push_str("\":");
            if name == "__typename" {
                quoted(ty, &mut data);
                continue;
            }
            if let Some(value) = introspection.get(&key).filter(|_| name.starts_with("__")) {
                data.push_str(&value.to_string());
                continue;
            }
            let answered = match &mut together {
                Some(answers) => answers.remove(&key).unwrap_or_else(|| Ok("null".to_owned())),
                None if mutation => self.mutate(first, &fields).await,
                None => self.query(first, &fields).await,
            };
            match answered {
                Ok(json) => {
                    took = true;
                    data.push_str(&json);
                }
                Err(error) => {
                    log(&error, self.caller);
                    if let Err(error) = self.watch.refused(self.session, &error).await {
                        return Answered::nothing(refusal(&[error], self.caller));
                    }
                    let mut shown = shown(&error, self.caller);
                    shown["path"] = json!([key]);
                    shown["locations"] =
                        json!([{ "line": first.name.pos.line, "column": first.name.pos.column }]);
                    errors.push(shown);
                    data.push_str("null");
                    // Lists and payloads are never null, so their loss empties the whole answer.
                    lost |= mutation
                        || matches!(
                            self.published.root(name),
                            Some(Root::List(_) | Root::Aggregate(_))
                        );
                }
            }
        }
        data.push('}');
        if lost {
            data = "null".to_owned();
            took = mutation;
        }
        let body = if errors.is_empty() {
            format!("{{\"data\":{data}}}")
        } else {
            format!("{{\"errors\":{},\"data\":{data}}}", Json::Array(errors))
        };
        Answered { reply: Reply { body: body.into_bytes(), status: 200 }, took }
    }

    async fn query(&self, field: &'r Asked, fields: &[&'r Asked]) -> Result<String> {
        let name = field.name.node.as_str();
        let given = self.reader.arguments(field);
        if name == "node" {
            return match id(given.get("id").unwrap_or(&async_graphql::Value::Null)) {
                Ok(id) => self.node(id, fields).await,
                // Something that cannot be an id names no record.
                Err(_) => Ok("null".to_owned()),
            };
        }
        if name == recycle_bin::ROOT {
            return self.recycle_bin(&given, fields).await;
        }
        let catalog = &self.session.catalog;
        let object = match self.published.root(name) {
            Some(Root::List(object)) => {
                let listing = self.reader.connection(object, field, fields)?;
                self.bounded(listing_weight(&listing))?;
                return self.found(Find { object, what: What::List(listing) }).await;
            }
            Some(Root::Aggregate(object)) => {
                let aggregation = self.reader.aggregation(object, field, fields)?;
                self.bounded(aggregation_weight(&aggregation))?;
                return self.found(Find { object, what: What::Aggregate(aggregation) }).await;
            }
            Some(Root::One(object)) => catalog.object(object),
            None => return Err(unknown("Query", name)),
        };
        let mut key = Vec::new();
        for (name, value) in &given {
            if matches!(value, async_graphql::Value::Null) {
                continue;
            }
            let (ix, field) = object.named(name).ok_or_else(|| unknown(&object.name, name))?;
            match self.reader.args.value(&field.ty, value) {
                Ok(value) => key.push((ix, value)),
                // Something that cannot be an id names no record, which is told when it is the only key.
                Err(_) if ix == FieldIx(0) => key.push((ix, crate::base::Value::Null)),
                Err(error) => return Err(error.within(name.as_str())),
            }
        }
        if key.len() != 1 {
            return Err(Error::new(
                Code::InputValue,
                "give `id` or exactly one unique key",
                "请提供 `id` 或恰好一个唯一键",
            ));
        }
        if key.iter().any(|(_, value)| value.is_null()) {
            return Ok("null".to_owned());
        }
        let selection = self.reader.record(object, fields)?;
        self.bounded(weight(&selection))?;
        self.found(Find { object: object.ix, what: What::One { key, selection } }).await
    }

    pub(super) fn bounded(&self, records: u64) -> Result<()> {
        let most = self.records.limits.cost;
        if records <= most {
            return Ok(());
        }
        Err(Error::new(
            Code::LimitCost,
            format!("the operation may touch {records} records; at most {most} are allowed"),
            format!("该操作可能涉及 {records} 条记录，上限为 {most}"),
        )
        .hint("ask for smaller pages with `first`", "请用 `first` 减小分页"))
    }

    pub(super) async fn found(&self, find_it: Find) -> Result<String> {
        Ok(find(self.session, find_it).await?.unwrap_or_else(|| "null".to_owned()))
    }

    /// A record of whatever object; the id alone does not say which, so they are asked in turn.
    async fn node(&self, id: Uuid, fields: &[&'r Asked]) -> Result<String> {
        let Some(object) = crate::records::object_of(self.session, id).await? else {
            return Ok("null".to_owned());
        };
        let object = self.session.catalog.object(object);
        let selection = self.reader.record(object, fields)?;
        let key = vec![(FieldIx(0), crate::base::Value::Id(id))];
        self.found(Find { object: object.ix, what: What::One { key, selection } }).await
    }
}
