//! A request as the audit trail and admission know it.

use async_graphql::parser::types::OperationType;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::exchange::Request;
use crate::company::admission::Doing;

/// Longest name of an operation that is kept in the trail, in characters.
const KEPT: usize = 200;

/// What an operation does.
pub(super) fn doing(ty: OperationType) -> Doing {
    match ty {
        OperationType::Query => Doing::Read,
        OperationType::Mutation => Doing::Write,
        OperationType::Subscription => Doing::Follow,
    }
}

/// The document by its hash, as persisted queries have it, and the name of its operation. Its text is not kept:
/// it may be long, and begin with whatever its writer wants to be read.
pub(super) fn known_by(request: &Request, operation: Option<&str>) -> Json {
    let hash = Sha256::digest(request.query.as_bytes());
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let name = operation.map(|name| name.chars().take(KEPT).collect::<String>());
    json!({ "sha256": hash, "operation": name })
}
