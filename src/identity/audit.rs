//! Audit entries of sign-in, as statements that run in the transaction of the audited change.

use sea_orm::sea_query::InsertStatement;
use serde_json::Value as Json;
use uuid::Uuid;

use super::Identity;
use crate::{
    access::Principal,
    base::error::Result,
    storage::audit::{self, AuditEvent, AuditKind},
};

/// The actor of an entry.
#[derive(Clone, Copy)]
pub(super) enum AuditActor<'b> {
    /// A caller who is signed in.
    Caller(&'b Principal),
    /// An operator who has proved their identity, with their account.
    Operator(Uuid, &'b str),
    /// An unknown actor. The account is the one concerned.
    Unknown(&'b str),
}

impl Identity {
    pub(super) fn entry(
        &self,
        kind: AuditKind,
        by: AuditActor<'_>,
        detail: Json,
    ) -> Result<InsertStatement> {
        let (operator, account) = match by {
            AuditActor::Caller(caller) => (Some(caller.operator), caller.account.as_str()),
            AuditActor::Operator(operator, account) => (Some(operator), account),
            AuditActor::Unknown(account) => (None, account),
        };
        let account = Some(account);
        let event = AuditEvent { operator, account, object: None, record: None, detail };
        audit::entry(&self.inner.env, kind, &event)
    }
}
