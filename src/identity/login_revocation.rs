//! Closes the logins of operators who may no longer sign in: disabled, removed, or their employee has left.
//!
//! Their records say so. This file checks the records when someone authenticates and when a record changes.
//! It then ends their sessions and writes one audit entry. API keys are kept and work again if the operator
//! may sign in again.

use serde_json::json;
use uuid::Uuid;

use super::{Identity, Inner, OperatorFacts, OperatorStatus, audit::AuditActor, faults, rows};
use crate::{
    access::Principal,
    base::error::Result,
    storage::{audit::AuditKind, platform::login},
};

impl Identity {
    /// Returns account and facts of an operator who may sign in. Otherwise fails.
    pub(super) async fn describe(&self, operator: Uuid) -> Result<(String, OperatorFacts)> {
        let login = rows::login_of_operator(&self.inner.db, &operator.to_string()).await?;
        let login = login.ok_or_else(faults::token_invalid)?;
        let facts = self.admitted(&login, AuditActor::Unknown(&login.account)).await?;
        Ok((login.account, facts.ok_or_else(faults::token_invalid)?))
    }

    /// Returns an operator's facts if they may sign in. If that has changed, updates the login and ends
    /// sessions.
    pub(super) async fn admitted(
        &self,
        login: &login::Model,
        by: AuditActor<'_>,
    ) -> Result<Option<OperatorFacts>> {
        let operator = rows::id(&login.operator_id)?;
        let facts = (self.inner.facts)(operator).await?;
        let why = match facts.as_ref().map(|facts| facts.standing) {
            Some(OperatorStatus::Active) => None,
            Some(OperatorStatus::Disabled) => Some("DISABLED"),
            Some(OperatorStatus::Left) => Some("LEFT"),
            None => Some("DELETED"),
        };
        if why.is_none() != login.enabled {
            let (kind, detail) = match why {
                None => (AuditKind::AccountOpened, json!({ "of": login.account })),
                Some(why) => (AuditKind::AccountClosed, json!({ "of": login.account, "why": why })),
            };
            let entry = self.entry(kind, by, detail)?;
            let Inner { db, .. } = &*self.inner;
            rows::enable(db, &login.operator_id, why.is_none(), self.now(), &entry).await?;
            self.forget(operator);
        }
        Ok(facts.filter(|_| why.is_none()))
    }

    /// Checks whether some operators may still sign in, after a change of records that decide it.
    pub async fn look_again(&self, caller: &Principal, operators: &[Uuid]) -> Result<()> {
        for login in rows::logins(&self.inner.db).await? {
            if operators.contains(&rows::id(&login.operator_id)?) {
                self.admitted(&login, AuditActor::Caller(caller)).await?;
            }
        }
        Ok(())
    }

    /// Reloads a caller after a change of a record that decides who may sign in.
    pub async fn anew(&self, caller: &Principal) -> Result<Principal> {
        self.inner.sessions.forget_operator(caller.operator);
        self.still(caller).await
    }

    /// Evicts all cached principals, after a change of a record that identifies people.
    pub fn forget_all(&self) {
        self.inner.sessions.forget_all();
    }

    /// Whether an operator has an account and may sign in with it.
    pub async fn may_sign_in(&self, operator: Uuid) -> Result<bool> {
        let login = rows::login_of_operator(&self.inner.db, &operator.to_string()).await?;
        let facts = (self.inner.facts)(operator).await?;
        Ok(login.is_some() && facts.is_some_and(|facts| facts.standing == OperatorStatus::Active))
    }
}
