//! Looking after logins: passwords, roles, suspension.
//!
//! Owns what an account name may be; knows not who may call it.

use serde_json::json;
use uuid::Uuid;

use super::{Identity, password::Passwords, rows, strength, trail::By};
use crate::{
    base::{Code, Error, error::Result},
    storage::{audit::Kind, platform::login},
};

/// The role that may do everything.
pub const ADMINISTRATOR: &str = "administrator";

/// Most characters of an account name.
const MAX: usize = 255;

/// The account as it is kept and compared: without spaces around it, in lower case.
pub(super) fn normalise(account: &str) -> String {
    account.trim().to_lowercase()
}

/// The account to sign in with, if one of that form could exist.
pub(super) fn accept(account: &str) -> Option<String> {
    let account = normalise(account);
    let fits = !account.is_empty()
        && account.chars().take(MAX + 1).count() <= MAX
        && !account.chars().any(|c| c.is_whitespace() || c.is_control());
    fits.then_some(account)
}

impl Identity {
    /// Refuses a password that does not fit or is too easy to guess for someone with this account and name.
    pub async fn accept_password(&self, account: &str, name: &str, password: &str) -> Result<()> {
        strength::accept(password, &[account, name]).await
    }

    /// Gives an operator who has an account a password that is hard enough to guess.
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

    /// Gives an operator an account and a password, or new ones, and ends all of the operator's
    /// sessions. One who may not sign in may not with a new password. How easy the password is to guess is not asked:
    /// that is for [`Identity::accept_password`].
    pub async fn set_password(&self, operator: Uuid, account: &str, password: &str) -> Result<()> {
        let account = accept(account).ok_or_else(|| {
            Error::new(
                Code::InputValue,
                format!("an account has 1 to {MAX} characters without spaces between them"),
                format!("账号为 1 到 {MAX} 个字符，中间不能有空格"),
            )
            .at(["account"])
        })?;
        Passwords::accept(password)?;
        let password_hash = self.inner.passwords.hash(password).await?;
        let now = self.now();
        let entry = self.entry(Kind::PasswordChanged, By::Unknown(&account), json!({}))?;
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

    /// Replaces the roles of an operator, whatever they grant. Holds from the next request on.
    pub async fn set_roles(&self, operator: Uuid, roles: &[String]) -> Result<()> {
        rows::put_roles(&self.inner.db, &operator.to_string(), roles).await?;
        self.forget(operator);
        Ok(())
    }

    /// Every operator with an account, by account.
    pub async fn accounts(&self) -> Result<Vec<(Uuid, String)>> {
        let logins = rows::logins(&self.inner.db).await?;
        logins.into_iter().map(|login| Ok((rows::id(&login.operator_id)?, login.account))).collect()
    }

    /// The roles an operator holds.
    pub async fn roles(&self, operator: Uuid) -> Result<Vec<String>> {
        rows::roles(&self.inner.db, &operator.to_string()).await
    }

    /// Every operator with an account, the account and the roles, by account.
    pub async fn holders(&self) -> Result<Vec<(Uuid, String, Vec<String>)>> {
        let mut held = rows::all_roles(&self.inner.db).await?;
        let accounts = self.accounts().await?.into_iter();
        Ok(accounts
            .map(|(operator, account)| {
                let roles = held.remove(&operator.to_string()).unwrap_or_default();
                (operator, account, roles)
            })
            .collect())
    }
}
