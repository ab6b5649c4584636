//! Carries out one operation: its root fields become steps, their JSON becomes the response.

use std::sync::{Arc, Mutex};

use async_graphql::parser::types::{OperationDefinition, OperationType};
use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::{endpoint::Records, execution::Run, faults, prepare::Opened, root_fields::Step};
use crate::{
    access::{Action, Visible},
    base::{Error, Result},
    company::admission::{Admission, purpose},
    graphql::{
        self, atomic,
        document::{named, operation},
        exchange::{Caller, Reply, Request},
        optional,
        reader::{Args, SelectionReader},
        reply::{log, one, refusal, shown},
        request_summary::{doing, known_by},
        tally::Tally,
        variables,
    },
    query::render::typename,
};

/// The start of a body without errors.
const DATA: &str = "{\"data\":{";

impl Records {
    /// Carries out the operation of a request.
    pub(super) async fn operate(
        &self,
        request: &Request,
        caller: &Caller,
        fingerprint: &mut Option<String>,
    ) -> Result<Reply, Vec<Error>> {
        let Some(principal) = &caller.principal else {
            return Err(one(faults::sign_in_first()));
        };
        let _turn = self.turns.take(principal.operator).await.map_err(one)?;
        let entered = self.entered(caller, principal).await.map_err(one)?;
        *fingerprint = Some(entered.fingerprint.clone());
        let opened = self.opened(request, entered).await?;
        let Opened { published, own, access, view, prepared } = &opened;
        let operation =
            operation(&prepared.document, request.operation_name.as_deref()).map_err(one)?;
        if request.read_only && operation.ty == OperationType::Mutation {
            return Err(one(graphql::faults::mutation_by_get()));
        }
        let variables::Coerced { values: variables, left: dropped, lacks } = variables::coerce(
            &prepared.document,
            operation,
            &request.variables,
            published.schema.registry(),
            &view.hidden,
        )?;
        variables::conditions(&prepared.document, operation, &variables).map_err(one)?;
        if operation.ty == OperationType::Subscription {
            return Err(one(faults::not_one_reply()));
        }
        let operation_name = named(&prepared.document, request.operation_name.as_deref());
        let (company, doing) = (&self.company, doing(operation.ty));
        let describe = || known_by(request, operation_name);
        let watch = Admission { company, principal, own, describe: &describe };
        let purpose = purpose(caller.purpose.as_deref(), doing).map_err(one)?;
        watch.before(doing, caller.view_as.as_deref()).await.map_err(one)?;
        let counts = !own.may_everything() || purpose != Action::Read;
        let (catalog, access) = (Arc::clone(&published.catalog), Arc::clone(access));
        let session = company.session(catalog, access, purpose, counts);
        let tally = Tally::default();
        let reader = SelectionReader {
            args: Args {
                catalog: &published.catalog,
                limits: &self.limits,
                tally: &tally,
                today: session.today(),
                zone: session.env.zone,
                now: session.env.clock.now(),
                viewer: session.access.viewer(),
                visible: Some(Visible { catalog: &published.catalog, access: &session.access }),
            },
            document: &prepared.document,
            variables: &variables,
            lacks: &lacks,
            lang: caller.lang,
        };
        let run = Run {
            records: self,
            published,
            session: &session,
            reader: &reader,
            caller,
            request,
            watch: &watch,
            spent: Mutex::default(),
            goes_on: Mutex::default(),
        };
        let answered = run.operation(operation).await;
        watch.guessed(&session).await.map_err(one)?;
        let mut answered = match answered {
            Answered::Refused(reply) => return Ok(reply),
            Answered::Done(answered) => answered,
        };
        if answered.took {
            watch.after(&session, doing).await.map_err(one)?;
        }
        let (out, left) = (&mut answered.body, watch.left());
        out.push_str(",\"extensions\":{\"cost\":");
        run.spend(|spent| {
            spent.write(self.limits.cost, prepared.size, tally.conditions(), left, out);
        });
        if !dropped.is_empty() {
            out.push_str(",\"left\":");
            out.push_str(&json!(dropped).to_string());
        }
        run.write_goes_on(out);
        out.push_str("}}");
        Ok(Reply { body: answered.body.into_bytes(), status: 200, fingerprint: None })
    }
}

/// The result of an operation.
enum Answered {
    /// Executed.
    Done(Done),
    /// Not begun, or withheld.
    Refused(Reply),
}

/// The result of an executed operation.
struct Done {
    /// The body without its end; extensions follow.
    body: String,
    /// Whether any field that reads or changes records was returned.
    took: bool,
}

impl<'r> Run<'r> {
    async fn operation(&self, operation: &'r OperationDefinition) -> Answered {
        let (ty, mutation) = match operation.ty {
            OperationType::Mutation => ("Mutation", true),
            _ => ("Query", false),
        };
        let roots = self.reader.collect(&[&operation.selection_set.node], ty);
        let introspection = match self.introspect(operation, &roots).await {
            Ok(told) => told,
            Err(error) => return Answered::Refused(refusal(&[error], self.caller)),
        };
        // All root fields are parsed first, so that an operation that costs too much is not half executed.
        let mut steps: IndexMap<&str, Result<Step<'r>>> = IndexMap::new();
        for (key, fields) in &roots {
            if let Some(first) = fields.first().filter(|first| !first.name.node.starts_with("__")) {
                steps.insert(key, self.step(key, first, fields, mutation));
            }
        }
        if let Err(error) = self.affordable() {
            return Answered::Refused(refusal(&[error], self.caller));
        }
        if self.request.cost_only {
            return Answered::Done(Done { body: "{\"data\":null".to_owned(), took: false });
        }
        let mut took = false;
        // Without errors this is the body as sent. It is written once and not copied.
        let mut data = String::with_capacity(1_024);
        data.push_str(DATA);
        let mut errors = Vec::new();
        let mut together = match mutation && atomic::asked(operation) {
            true => Some(Box::pin(self.together(std::mem::take(&mut steps))).await),
            false => None,
        };
        for (key, fields) in &roots {
            let Some(first) = fields.first() else { continue };
            let name = first.name.node.as_str();
            if data.len() > DATA.len() {
                data.push(',');
            }
            data.push('"');
            data.push_str(key);
            data.push_str("\":");
            if name == "__typename" {
                typename(&optional::told(first, ty), &mut data);
                continue;
            }
            if let Some(value) = introspection.get(key).filter(|_| name.starts_with("__")) {
                data.push_str(value);
                continue;
            }
            let answered = match (&mut together, steps.shift_remove(key.as_str())) {
                (Some(answers), _) => {
                    let answer = answers.remove(key).unwrap_or_else(|| Ok("null".to_owned()));
                    answer.map(|json| data.push_str(&json))
                }
                (None, Some(Ok(step))) => self.take(step, fields, &mut data).await,
                (None, Some(Err(error))) => Err(error),
                (None, None) => continue,
            };
            match answered {
                Ok(()) => {
                    took = true;
                    self.goes_on_at(key);
                }
                Err(error) => {
                    self.forget_goes_on();
                    log(&error, self.caller);
                    if let Err(error) = self.watch.refused(self.session, &error).await {
                        return Answered::Refused(refusal(&[error], self.caller));
                    }
                    let mut shown = shown(&error, self.caller);
                    shown["path"] = json!([key]);
                    shown["locations"] =
                        json!([{ "line": first.name.pos.line, "column": first.name.pos.column }]);
                    errors.push(shown);
                    data.push_str("null");
                }
            }
        }
        data.push('}');
        if errors.is_empty() {
            return Answered::Done(Done { body: data, took });
        }
        let data = data.get(DATA.len() - 1..).unwrap_or("null");
        let body = format!("{{\"errors\":{},\"data\":{data}", Json::Array(errors));
        Answered::Done(Done { body, took })
    }
}
