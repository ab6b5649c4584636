//! Who asks: the signed-in person, as every floor above sees them.
//!
//! Made by `identity` from a token or an API key; never from request input.

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
    /// Codes of the roles that act: all that the account holds, or those of them that an API key has.
    pub roles: Vec<String>,
    /// How the operator proved who they are.
    pub via: Via,
}

/// How an operator proves who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A sign-in: the login session the token belongs to.
    Session(Uuid),
    /// An API key.
    Key {
        /// The key.
        id: Uuid,
        /// Codes of the roles the account holds and the key has not: they open nothing, and what they
        /// forbid stays forbidden.
        withheld: Vec<String>,
    },
}

impl Principal {
    /// The login session or the API key.
    pub fn proof(&self) -> Uuid {
        match &self.via {
            Via::Session(id) | Via::Key { id, .. } => *id,
        }
    }

    /// The API key, if it is one that asks.
    pub fn key(&self) -> Option<Uuid> {
        match &self.via {
            Via::Session(_) => None,
            Via::Key { id, .. } => Some(*id),
        }
    }

    /// Codes of roles held that do not act.
    pub fn withheld(&self) -> &[String] {
        match &self.via {
            Via::Session(_) => &[],
            Via::Key { withheld, .. } => withheld,
        }
    }

    /// Codes of all roles the account holds, and of those the key has.
    pub fn held(&self) -> Vec<String> {
        self.roles.iter().chain(self.withheld()).cloned().collect()
    }
}
