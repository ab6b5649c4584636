//! Looking after logins: passwords, roles, suspension.
//!
//! Owns what an account name may be; knows not who may call it.

use std::collections::HashMap;

use serde_json::json;
use uuid::Uuid;

use super::{Identity, Inner, audit::By, password::Passwords, rows, strength};
use crate::{
    base::{Code, Error, error::Result, text},
    storage::{audit::Kind, platform::login},
};

/// The role that may do everything.
pub const ADMINISTRATOR: &str = "administrator";

/// Most characters of an account name.
const MAX: usize = 255;

/// The account as it is kept and compared: without spaces around it, in lower case.
pub(super) fn normalise(account: &str) -> String {
    text::account(account)
}

/// The account to sign in with, if one of that form could exist.
pub(super) fn accept(account: &str) -> Option<String> {
    let account = normalise(account);
    let fits = !account.is_empty()
        && account.chars().take(MAX + 1).count() <= MAX
        && !account.chars().any(|c| c.is_whitespace() || c.is_control());
    fits.then_some(account)
}

/// The account as it is kept, or what one has to be like.
pub(super) fn accepted(account: &str) -> Result<String> {
    accept(account).ok_or_else(|| {
        Error::new(
            Code::InputValue,
            format!("an account has 1 to {MAX} characters without spaces between them"),
            format!("账号为 1 到 {MAX} 个字符，中间不能有空格"),
        )
        .at(["account"])
    })
}

/// The account as it is kept and compared: without spaces around it, in lower case. Refuses what cannot be one.
pub fn form(account: &str) -> Result<String> {
    accepted(account)
}

impl Identity {
    /// Refuses a password that does not fit or is too easy to guess for someone with this account and name.
    pub async fn accept_password(&self, account: &str, name: &str, password: &str) -> Result<()> {
        // Looked at first: of what does not fit anyway nobody's name is read.
        Passwords::accept(password)?;
        let colleagues = (self.inner.names)().await?;
        strength::accept(password, &[account, name], colleagues).await
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
        let account = accepted(account)?;
        Passwords::accept(password)?;
        let password_hash = self.inner.passwords.hash(password).await?;
        let now = self.now();
        let entry = self.entry(Kind::PasswordChanged, By::Unknown(&account), json!({}))?;
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

    /// Whether an operator's account has a password; asked by the program itself, not by who signs in.
    pub async fn has_password(&self, operator: Uuid, password: &str) -> Result<bool> {
        let Inner { db, passwords, .. } = &*self.inner;
        let login = rows::login_of_operator(db, &operator.to_string()).await?;
        let hash = login.as_ref().map(|login| login.password_hash.as_str());
        Ok(passwords.verify(password, hash, || Ok(())).await?.0)
    }

    /// Makes room for an account whose operator was removed: nobody signs in with that one any more.
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

    /// Replaces the roles of an operator, whatever they grant. Holds from the next request on.
    pub async fn set_roles(&self, operator: Uuid, roles: &[String]) -> Result<()> {
        rows::put_roles(&self.inner.db, &operator.to_string(), roles).await?;
        self.forget(operator);
        Ok(())
    }

    /// The operator who signs in with an account, however it is written, and the account as it is kept.
    pub async fn operator_of(&self, account: &str) -> Result<Option<(Uuid, String)>> {
        let login = rows::login_of_account(&self.inner.db, &text::account(account)).await?;
        login.map(|login| Ok((rows::id(&login.operator_id)?, login.account))).transpose()
    }

    /// The account that an operator signs in with.
    pub async fn account_of(&self, operator: Uuid) -> Result<Option<String>> {
        let login = rows::login_of_operator(&self.inner.db, &operator.to_string()).await?;
        Ok(login.map(|login| login.account))
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

    /// The roles of everyone who holds any, whether they have a password or not.
    pub async fn held(&self) -> Result<HashMap<Uuid, Vec<String>>> {
        let held = rows::all_roles(&self.inner.db).await?.into_iter();
        held.map(|(operator, roles)| Ok((rows::id(&operator)?, roles))).collect()
    }

    /// Accounts of those who hold a role, by account; of who has no password yet the operator's id.
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
