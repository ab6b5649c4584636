//! What sign-in tells the audit trail: statements for the transactions of what they tell about.

use sea_orm::sea_query::InsertStatement;
use serde_json::Value as Json;
use uuid::Uuid;

use super::Identity;
use crate::{
    access::Principal,
    base::error::Result,
    storage::audit::{self, Event, Kind},
};

/// Who did it.
#[derive(Clone, Copy)]
pub(super) enum By<'b> {
    /// Someone who is signed in.
    Caller(&'b Principal),
    /// An operator who proved who they are, with their account.
    Operator(Uuid, &'b str),
    /// Nobody knows who; the account is the one concerned.
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
