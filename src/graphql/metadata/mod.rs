//! The metadata schema at `/metadata`: the caller, objects, rights and definitions.

mod accounts;
mod action_info;
mod administration;
mod administrator_check;
mod apply_schema;
mod approval_info;
mod argument_lookup;
mod audit;
mod bundles;
mod constants;
mod context;
mod crm_systems;
mod dashboard_content;
mod dashboard_types;
mod dashboards;
mod definitions;
mod delegations;
mod drafted;
mod duplicate_rules;
mod endpoint;
mod explain;
pub(crate) mod faults;
mod field_groups;
mod flows;
mod forms;
mod holders;
mod jobs;
mod kept_inputs;
mod keys;
mod layout_changes;
mod layout_input;
mod layouts;
mod menus;
mod operators;
mod paging;
mod questions;
mod reach_values;
mod record_counts;
mod retired;
mod rights_matrix;
mod role_info;
mod role_rights;
mod roles;
mod roots;
mod saved_views;
mod scalars;
mod schema_drafts;
mod simulate;
mod subscriptions;
mod user_errors;
mod validated_document;
mod viewer;
mod watching;
mod workspace_request;

use std::sync::Arc;

use async_graphql::{ServerError, parser::types::OperationType};
use serde_json::{Value as Json, json};

pub use self::endpoint::Metadata;
use self::{
    apply_schema::Sent,
    context::Fingerprint,
    reach_values::{Titles, Titling},
    record_counts::{Counting, Counts},
    validated_document::{ResponsePart, ValidatedDocument},
};
use super::{
    document::{named, operation},
    exchange::{Answering, Caller, Endpoint, Reply, Replying, Request},
    records,
    refusals::in_both,
    reply::refusal,
    request_summary::{doing, known_by},
};
use crate::{
    access::{Access, Principal},
    base::{Code, Error, Lang},
    catalog::Catalog,
    company::admission::{Admission, ViewedAs},
    query::render::quoted,
};

impl Endpoint for Metadata {
    fn answer<'a>(&'a self, request: Request, caller: Caller) -> Replying<'a> {
        Box::pin(async move {
            let mut fingerprint = None;
            let reply = self.answered(&request, &caller, &mut fingerprint).await;
            Reply { fingerprint, ..reply }
        })
    }

    fn begin(self: Arc<Self>, request: Request, caller: Caller) -> Answering {
        Box::pin(watching::begin(self, request, caller))
    }
}

impl Metadata {
    /// Answers a request. `fingerprint` is that of the version and the rights that it is answered with.
    async fn answered(
        &self,
        request: &Request,
        caller: &Caller,
        fingerprint: &mut Option<String>,
    ) -> Reply {
        let Some(principal) = caller.principal.clone() else {
            return refusal(&[faults::sign_in_first()], caller);
        };
        let _turn = match self.turns.take(principal.operator).await {
            Ok(turn) => turn,
            Err(error) => return refusal(&[error], caller),
        };
        self.answered_at_once(request, caller, principal, false, fingerprint).await
    }

    /// Answers the question of a subscription as it is now, without waiting for a turn.
    async fn followed(&self, request: &Request, caller: &Caller) -> Reply {
        match caller.principal.clone() {
            Some(principal) => {
                let mut fingerprint = None;
                let reply =
                    self.answered_at_once(request, caller, principal, true, &mut fingerprint).await;
                Reply { fingerprint, ..reply }
            }
            None => refusal(&[faults::sign_in_first()], caller),
        }
    }

    /// Answers a request; with `follows`, that of a subscription.
    async fn answered_at_once(
        &self,
        request: &Request,
        caller: &Caller,
        principal: Principal,
        follows: bool,
        fingerprint: &mut Option<String>,
    ) -> Reply {
        let published = self.published.pin();
        let catalog = Arc::clone(&published.catalog);
        let own = match self.company.rights.access(&principal, &catalog).await {
            Ok(own) => own,
            Err(error) => return refusal(&[error], caller),
        };
        if caller.view_as.is_none() {
            // Also for a document that is refused: it may be so because it is stale.
            *fingerprint = Some(self.company.fingerprint(&catalog, &own));
        }
        let asked = match self.asked(request).await {
            Ok(asked) => asked,
            Err(errors) => return refusal(&errors, caller),
        };
        let subscribes = asked.operation == OperationType::Subscription;
        if subscribes && !follows {
            return refusal(&[records::faults::not_one_reply()], caller);
        }
        let seen = self.seen(&asked, request, caller, (principal, own), &catalog).await;
        let (principal, access) = match seen {
            Ok(seen) => seen,
            Err(error) => return refusal(&[error], caller),
        };
        let print =
            fingerprint.get_or_insert_with(|| self.company.fingerprint(&catalog, &access)).clone();
        let session = self.company.uncounted_session(catalog, access);
        let parts = match self.parts(&asked, request, &session.catalog, caller.lang).await {
            Ok(parts) => parts,
            Err(error) => return refusal(&[error], caller),
        };
        let mut variables = async_graphql::Variables::default();
        variables.extend(asked.variables);
        let each = || {
            async_graphql::Request::new(String::new())
                .variables(variables.clone())
                .data(principal.clone())
                .data(session.clone())
                .data(Arc::clone(&published))
                .data(self.operations.clone())
                .data(Fingerprint(print.clone()))
                .data(Counts::new(Counting(session.clone())))
                .data(Titles::new(Titling(session.clone())))
                .data(caller.clone())
                .data(Sent(request.query.clone()))
        };
        self.carried_out(parts, each, subscribes, caller.lang).await
    }

    /// Has the engine execute the parts of a request, each in a request of its own.
    async fn carried_out(
        &self,
        parts: Vec<(String, ResponsePart)>,
        each: impl Fn() -> async_graphql::Request,
        subscribes: bool,
        lang: Lang,
    ) -> Reply {
        let (mut data, mut errors) = (String::from("{"), Vec::new());
        for (key, part) in parts {
            if data.len() > 1 {
                data.push(',');
            }
            quoted(&key, &mut data);
            data.push(':');
            let document = match part {
                ResponsePart::Known(text) => {
                    data.push_str(&text);
                    continue;
                }
                ResponsePart::Ask(document) => *document,
            };
            let mut inner = each();
            inner.set_parsed_query(document);
            let response = match subscribes {
                true => self.watched.execute(inner).await,
                false => self.schema.execute(inner).await,
            };
            let told = response.errors.iter();
            errors.extend(told.map(|error| listed(error, &key, lang)));
            let answered = response.data.into_json().unwrap_or_default();
            data.push_str(&answered.get(&key).unwrap_or(&Json::Null).to_string());
        }
        data.push('}');
        let errors = match errors.is_empty() {
            true => String::new(),
            false => format!("\"errors\":{},", Json::Array(errors)),
        };
        let body = format!("{{{errors}\"data\":{data}}}").into_bytes();
        Reply { body, status: 200, fingerprint: None }
    }

    /// Returns the effective principal and access: those of the caller, or of the account that an
    /// administrator views as.
    async fn seen(
        &self,
        asked: &ValidatedDocument,
        request: &Request,
        caller: &Caller,
        (principal, own): (Principal, Arc<Access>),
        catalog: &Arc<Catalog>,
    ) -> Result<(Principal, Arc<Access>), Error> {
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
