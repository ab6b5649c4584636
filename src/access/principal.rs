//! The principal: the signed-in operator who makes a request.
//!
//! `identity` makes it from a token or an API key, never from request input.

use uuid::Uuid;

/// A signed-in operator, with the facts that decide about rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The operator record.
    pub operator: Uuid,
    /// The account used to sign in, in lower case.
    pub account: String,
    /// The operator's name as shown to people.
    pub name: String,
    /// The employee behind the operator: the `viewer` of expressions.
    pub employee: Option<Uuid>,
    /// Codes of the roles that act: all roles of the account, or those of them that an API key has.
    pub roles: Vec<String>,
    /// How the operator proved who they are.
    pub via: Via,
}

/// How an operator proves who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A sign-in: the id of the token's login session.
    Session(Uuid),
    /// An API key.
    Key {
        /// The key.
        id: Uuid,
        /// Codes of the roles that the account holds and the key does not have. They open nothing, and what
        /// they forbid stays forbidden.
        withheld: Vec<String>,
    },
}

impl Principal {
    /// The id of the login session or of the API key.
    pub fn proof(&self) -> Uuid {
        match &self.via {
            Via::Session(id) | Via::Key { id, .. } => *id,
        }
    }

    /// The id of the API key, if the request uses one.
    pub fn key(&self) -> Option<Uuid> {
        match &self.via {
            Via::Session(_) => None,
            Via::Key { id, .. } => Some(*id),
        }
    }

    /// Codes of the held roles that do not act.
    pub fn withheld(&self) -> &[String] {
        match &self.via {
            Via::Session(_) => &[],
            Via::Key { withheld, .. } => withheld,
        }
    }

    /// Codes of all roles that the account holds, whether they act or not.
    pub fn held(&self) -> Vec<String> {
        self.roles.iter().chain(self.withheld()).cloned().collect()
    }
}
