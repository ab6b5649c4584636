//! Audit entries of sign-in, as statements that run in the transaction of the audited change.

use sea_orm::sea_query::InsertStatement;
use serde_json::Value as Json;
use uuid::Uuid;

use super::Identity;
use crate::{
    access::Principal,
    base::error::Result,
    storage::audit::{self, Event, Kind},
};

/// The actor of an entry.
#[derive(Clone, Copy)]
pub(super) enum By<'b> {
    /// A caller who is signed in.
    Caller(&'b Principal),
    /// An operator who has proved their identity, with their account.
    Operator(Uuid, &'b str),
    /// An unknown actor. The account is the one concerned.
    Unknown(&'b str),
}

impl Identity {
    pub(super) fn entry(&self, kind: Kind, by: By<'_>, detail: Json) -> Result<InsertStatement> {
        let (operator, account) = match by {
            By::Caller(caller) => (Some(caller.operator), caller.account.as_str()),
            By::Operator(operator, account) => (Some(operator), account),
            By::Unknown(account) => (None, account),
        };
        let account = Some(account);
        let event = Event { operator, account, object: None, record: None, detail };
        audit::entry(&self.inner.env, kind, &event)
    }
}
