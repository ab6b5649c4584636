//! A request as the audit trail and admission know it.

use async_graphql::parser::types::OperationType;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::exchange::Request;
use crate::company::admission::Doing;

/// Longest operation name in the trail, in characters.
const KEPT: usize = 200;

/// What an operation does.
pub(super) fn doing(ty: OperationType) -> Doing {
    match ty {
        OperationType::Query => Doing::Read,
        OperationType::Mutation => Doing::Write,
        OperationType::Subscription => Doing::Follow,
    }
}

/// Describes a document by its hash, as in persisted queries, and its operation's name. The text is not
/// stored: it may be long, and its author could put anything into it.
pub(super) fn known_by(request: &Request, operation: Option<&str>) -> Json {
    let hash = Sha256::digest(request.query.as_bytes());
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let name = operation.map(|name| name.chars().take(KEPT).collect::<String>());
    json!({ "sha256": hash, "operation": name })
}
