//! Operators who may sign in no more: disabled ones, those of employees who have left, and removed ones.
//!
//! Their records say so. This file checks them whenever someone proves who they are and whenever a record changes.
//! What is left of their sign-ins ends then, and the trail tells of it once. API keys wait for the operator to
//! be let in again.

use serde_json::json;
use uuid::Uuid;

use super::{Facts, Identity, Inner, Standing, audit::By, invalid, rows};
use crate::{
    access::Principal,
    base::error::Result,
    storage::{audit::Kind, platform::login},
};

impl Identity {
    /// Account and facts of an operator who may sign in.
    pub(super) async fn describe(&self, operator: Uuid) -> Result<(String, Facts)> {
        let login = rows::login_of_operator(&self.inner.db, &operator.to_string()).await?;
        let login = login.ok_or_else(invalid)?;
        let facts = self.admitted(&login, By::Unknown(&login.account)).await?;
        Ok((login.account, facts.ok_or_else(invalid)?))
    }

    /// Facts of an operator if they may sign in. If that has changed, what follows from it is done here.
    pub(super) async fn admitted(&self, login: &login::Model, by: By<'_>) -> Result<Option<Facts>> {
        let operator = rows::id(&login.operator_id)?;
        let facts = (self.inner.facts)(operator).await?;
        let why = match facts.as_ref().map(|facts| facts.standing) {
            Some(Standing::Active) => None,
            Some(Standing::Disabled) => Some("DISABLED"),
            Some(Standing::Left) => Some("LEFT"),
            None => Some("DELETED"),
        };
        if why.is_none() != login.enabled {
            let (kind, detail) = match why {
                None => (Kind::AccountOpened, json!({ "of": login.account })),
                Some(why) => (Kind::AccountClosed, json!({ "of": login.account, "why": why })),
            };
            let entry = self.entry(kind, by, detail)?;
            let Inner { db, .. } = &*self.inner;
            rows::enable(db, &login.operator_id, why.is_none(), self.now(), &entry).await?;
            self.forget(operator);
        }
        Ok(facts.filter(|_| why.is_none()))
    }

    /// Looks whether some operators may still sign in, after someone changed what tells of it.
    pub async fn look_again(&self, caller: &Principal, operators: &[Uuid]) -> Result<()> {
        for login in rows::logins(&self.inner.db).await? {
            if operators.contains(&rows::id(&login.operator_id)?) {
                self.admitted(&login, By::Caller(caller)).await?;
            }
        }
        Ok(())
    }

    /// The same caller as they are now, after a change, here or elsewhere, of a record that tells who may sign in.
    pub async fn anew(&self, caller: &Principal) -> Result<Principal> {
        self.inner.sessions.forget_operator(caller.operator);
        self.still(caller).await
    }

    /// Forgets who is signed in, after a record changed that tells of it.
    pub fn forget_all(&self) {
        self.inner.sessions.forget_all();
    }

    /// Whether an operator has an account and may sign in with it.
    pub async fn may_sign_in(&self, operator: Uuid) -> Result<bool> {
        let login = rows::login_of_operator(&self.inner.db, &operator.to_string()).await?;
        let facts = (self.inner.facts)(operator).await?;
        Ok(login.is_some() && facts.is_some_and(|facts| facts.standing == Standing::Active))
    }
}
