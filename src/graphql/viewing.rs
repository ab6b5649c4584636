//! View-as: an administrator reads as another person, cannot change anything, and the trail records it.

use async_graphql::parser::types::OperationType;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::exchange::{Caller, Request};
use crate::{
    access::{Access, Principal},
    base::{Code, Env, Error, Result},
    identity::Identity,
    storage::{
        Database,
        audit::{self, Event, Kind},
    },
};

/// Longest operation name in the trail, in characters.
const KEPT: usize = 200;

/// Returns the account that the caller views as. None if they read as themselves.
pub(super) async fn viewed(
    identity: &Identity,
    caller: &Caller,
    own: &Access,
) -> Result<Option<(Uuid, String)>> {
    let Some(account) = &caller.view_as else { return Ok(None) };
    if !own.may_everything() {
        return Err(Error::new(
            Code::AccessDenied,
            "only administrators read as someone else",
            "只有管理员可以以他人身份查看",
        ));
    }
    match identity.operator_of(account).await? {
        Some(known) => Ok(Some(known)),
        None => Err(Error::new(
            Code::InputValue,
            format!("there is no account `{account}`"),
            format!("没有账号 `{account}`"),
        )
        .at(["X-Tradewind-View-As"])),
    }
}

/// Refuses operations other than queries while viewing as someone else, and writes the query to the trail.
pub(super) async fn admit(
    (database, env): (&Database, &Env),
    principal: &Principal,
    account: &str,
    ty: OperationType,
    query: Json,
) -> Result<()> {
    if ty != OperationType::Query {
        return Err(Error::new(
            Code::InputMethod,
            "you cannot change anything while viewing as someone else",
            "以他人身份查看时不能修改数据",
        ));
    }
    let event = Event {
        operator: Some(principal.operator),
        account: Some(&principal.account),
        detail: json!({ "as": account, "query": query }),
        ..Event::default()
    };
    audit::put(database, env, Kind::ViewAs, &event).await
}

/// Describes a document by its hash, as in persisted queries, and its operation's name. The text is not
/// stored: it may be long, and its author could put anything into it.
pub(super) fn known_by(request: &Request, operation: Option<&str>) -> Json {
    let hash = Sha256::digest(request.query.as_bytes());
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let name = operation.map(|name| name.chars().take(KEPT).collect::<String>());
    json!({ "sha256": hash, "operation": name })
}
