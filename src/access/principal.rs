//! Who asks: the signed-in person, as every floor above sees them.
//!
//! Made by `identity` from a token; never from request input.

use uuid::Uuid;

/// A signed-in operator with what decides about rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The operator record.
    pub operator: Uuid,
    /// The account signed in with, in lower case.
    pub account: String,
    /// The operator's name as shown to people.
    pub name: String,
    /// The employee behind the operator: the `viewer` of expressions.
    pub employee: Option<Uuid>,
    /// Codes of the roles held; for now `administrator` is the one that grants anything.
    pub roles: Vec<String>,
    /// The login session the token belongs to.
    pub session: Uuid,
}
