//! Maintains logins: passwords, roles, suspension.
//!
//! Owns the form of account names. Does not check who may call it.

use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use super::{
    Identity, Inner, audit::AuditActor, faults, password::Passwords, password_strength, rows,
};
use crate::{
    base::{error::Result, text},
    storage::{audit::AuditKind, platform::login},
};

/// The role with all rights.
pub const ADMINISTRATOR: &str = "administrator";

/// Most characters of an account name.
const MAX: usize = 255;

/// The stored and compared form of an account: trimmed, in lower case.
pub(super) fn normalise(account: &str) -> String {
    text::account(account)
}

/// The stored form of an account, or none if no login can have such an account.
pub(super) fn accept(account: &str) -> Option<String> {
    let account = normalise(account);
    let fits = !account.is_empty()
        && account.chars().take(MAX + 1).count() <= MAX
        && !account.chars().any(|c| c.is_whitespace() || c.is_control());
    fits.then_some(account)
}

/// Like [`accept`], but an unsuitable account is an error.
pub(super) fn accepted(account: &str) -> Result<String> {
    accept(account).ok_or_else(|| faults::bad_account(MAX).at(["account"]))
}

/// The stored and compared form of an account: trimmed, in lower case. Fails if the text cannot be an
/// account.
pub fn form(account: &str) -> Result<String> {
    accepted(account)
}

impl Identity {
    /// Refuses a password with a wrong length, or one that is too easy to guess for this account and name.
    pub async fn accept_password(&self, account: &str, name: &str, password: &str) -> Result<()> {
        // Checks the length first, which saves reading the names of colleagues.
        Passwords::accept(password)?;
        let colleagues = (self.inner.names)().await?;
        password_strength::accept(password, &[account, name], colleagues).await
    }

    /// Sets the password of an operator with an account, after checking its strength.
    pub async fn renew_password(
        &self,
        operator: Uuid,
        account: &str,
        password: &str,
    ) -> Result<()> {
        let facts = (self.inner.facts)(operator).await?;
        let name = facts.map(|facts| facts.name).unwrap_or_default();
        self.accept_password(account, &name, password).await?;
        self.set_password(operator, account, password).await
    }

    /// Sets an operator's account and password and ends all their sessions. It does not enable a disabled
    /// login. It does not check the password's strength; see [`Identity::accept_password`].
    pub async fn set_password(&self, operator: Uuid, account: &str, password: &str) -> Result<()> {
        let account = accepted(account)?;
        Passwords::accept(password)?;
        let password_hash = self.inner.passwords.hash(password).await?;
        let now = self.now();
        let entry =
            self.entry(AuditKind::PasswordChanged, AuditActor::Unknown(&account), json!({}))?;
        self.free(&account, operator).await?;
        let login = login::Model {
            operator_id: operator.to_string(),
            account,
            password_hash,
            enabled: true,
            created_at: now,
            updated_at: now,
        };
        rows::put_login(&self.inner.db, login, &entry).await?;
        self.forget(operator);
        Ok(())
    }

    /// Whether this is the operator's password. For the program itself: failures are not counted.
    pub async fn has_password(&self, operator: Uuid, password: &str) -> Result<bool> {
        let Inner { db, passwords, .. } = &*self.inner;
        let login = rows::login_of_operator(db, &operator.to_string()).await?;
        let hash = login.as_ref().map(|login| login.password_hash.as_str());
        Ok(passwords.verify(password, hash, || Ok(())).await?.0)
    }

    /// Deletes the login of this account if its operator was removed, so that another operator can get the
    /// account.
    pub(super) async fn free(&self, account: &str, operator: Uuid) -> Result<()> {
        let Inner { db, facts, .. } = &*self.inner;
        let Some(holder) = rows::login_of_account(db, account).await? else { return Ok(()) };
        let known = rows::id(&holder.operator_id)?;
        if known != operator && facts(known).await?.is_none() {
            rows::remove_login(db, &holder.operator_id, self.now()).await?;
            self.forget(known);
        }
        Ok(())
    }

    /// Replaces an operator's roles. Takes effect with the next request.
    pub async fn set_roles(&self, operator: Uuid, roles: &[String]) -> Result<()> {
        rows::put_roles(&self.inner.db, &operator.to_string(), roles).await?;
        self.forget(operator);
        Ok(())
    }

    /// Returns the operator with an account, and the account's stored form. The given account may be in any
    /// form.
    pub async fn operator_of(&self, account: &str) -> Result<Option<(Uuid, String)>> {
        let login = rows::login_of_account(&self.inner.db, &text::account(account)).await?;
        login.map(|login| Ok((rows::id(&login.operator_id)?, login.account))).transpose()
    }

    /// Returns an operator's account.
    pub async fn account_of(&self, operator: Uuid) -> Result<Option<String>> {
        let login = rows::login_of_operator(&self.inner.db, &operator.to_string()).await?;
        Ok(login.map(|login| login.account))
    }

    /// Returns all operators with an account, by account.
    pub async fn accounts(&self) -> Result<Vec<(Uuid, String)>> {
        let logins = rows::logins(&self.inner.db).await?;
        logins.into_iter().map(|login| Ok((rows::id(&login.operator_id)?, login.account))).collect()
    }

    /// Returns an operator's roles.
    pub async fn roles(&self, operator: Uuid) -> Result<Vec<String>> {
        rows::roles(&self.inner.db, &operator.to_string()).await
    }

    /// Returns the roles of all operators who hold any, with or without a password.
    pub async fn held(&self) -> Result<HashMap<Uuid, Vec<String>>> {
        let held = rows::all_roles(&self.inner.db).await?.into_iter();
        held.map(|(operator, roles)| Ok((rows::id(&operator)?, roles))).collect()
    }

    /// Returns the sorted accounts of those who hold a role. An operator without an account is named by id.
    pub async fn holders_of(&self, role: &str) -> Result<Vec<String>> {
        let accounts: HashMap<Uuid, String> = self.accounts().await?.into_iter().collect();
        let held = self.held().await?.into_iter();
        let held = held.filter(|(_, roles)| roles.iter().any(|held| held == role));
        let mut named: Vec<_> = held
            .map(|(operator, _)| {
                accounts.get(&operator).cloned().unwrap_or_else(|| operator.to_string())
            })
            .collect();
        named.sort();
        Ok(named)
    }
}
