//! What people do with their own sign-in: list and end sessions, change the password, unlock an account.
//!
//! Checks that the caller uses a session and no API key. The caller of this module checks rights over other
//! accounts.

use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use super::{Identity, Inner, SignInOrigin, audit::AuditActor, faults, rows};
use crate::{
    access::{Principal, Via},
    base::{Error, error::Result},
    storage::{audit::AuditKind, platform::session},
};

/// An active session. Instants are in microseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginSession {
    /// The id that its tokens contain.
    pub id: Uuid,
    /// When the operator signed in.
    pub created_at: i64,
    /// When a token was last issued.
    pub last_used_at: i64,
    /// When it ends unless refreshed.
    pub expires_at: i64,
    /// The client's user agent at sign-in.
    pub user_agent: Option<String>,
    /// The client's address at sign-in.
    pub address: Option<String>,
}

/// Returns the caller's session. Fails for an API key.
pub fn own_session(caller: &Principal) -> Result<Uuid> {
    match caller.via {
        Via::Session(id) => Ok(id),
        Via::Key { .. } => Err(faults::session_required()),
    }
}

fn read(row: session::Model) -> Result<LoginSession> {
    let session::Model { created_at, last_used_at, expires_at, user_agent, address, .. } = row;
    let id = rows::id(&row.id)?;
    Ok(LoginSession { id, created_at, last_used_at, expires_at, user_agent, address })
}

impl Identity {
    /// Returns an operator's active sessions, most recently used first.
    pub async fn sessions_of(&self, operator: Uuid) -> Result<Vec<LoginSession>> {
        let rows = rows::sessions(&self.inner.db, &operator.to_string(), self.now()).await?;
        rows.into_iter().map(read).collect()
    }

    /// Ends one of the caller's sessions.
    pub async fn revoke_session(&self, caller: &Principal, session: Uuid) -> Result<()> {
        own_session(caller)?;
        let by = AuditActor::Caller(caller);
        if self.end(AuditKind::SessionRevoked, by, caller.operator, session).await? {
            return Ok(());
        }
        Err(faults::no_session().at(["id"]))
    }

    /// Ends all sessions of an account.
    pub async fn revoke_sessions(
        &self,
        caller: &Principal,
        operator: Uuid,
        account: &str,
    ) -> Result<()> {
        own_session(caller)?;
        let detail = json!({ "revokeSessions": account });
        let entry = self.entry(AuditKind::SessionRevoked, AuditActor::Caller(caller), detail)?;
        rows::revoke_all(&self.inner.db, &operator.to_string(), self.now(), &entry).await?;
        self.forget(operator);
        Ok(())
    }

    /// Clears the failed attempts on an account in this process, so that nobody has to wait.
    pub async fn unlock(&self, caller: &Principal, account: &str) -> Result<()> {
        own_session(caller)?;
        let detail = json!({ "unlockAccount": account });
        let entry = self.entry(AuditKind::AccountUnlocked, AuditActor::Caller(caller), detail)?;
        self.inner.db.execute(&entry).await.map_err(rows::failed)?;
        self.inner.throttle.forget(account);
        Ok(())
    }

    /// Replaces the caller's password and ends their other sessions. The caller must give the current
    /// password. Wrong ones count as failed sign-ins, so that nobody can guess the password in an open
    /// session.
    pub async fn change_password(
        &self,
        caller: &Principal,
        current: &str,
        new: &str,
    ) -> Result<()> {
        let Inner { db, passwords, throttle, .. } = &*self.inner;
        let session = own_session(caller)?;
        let account = caller.account.as_str();
        let login = rows::login_of_operator(db, &caller.operator.to_string()).await?;
        let login = login.ok_or_else(faults::token_invalid)?;
        let here = SignInOrigin::default();
        let admit = || self.admit(account, Some(account), &here).map(|_waits| ());
        let hash = Some(login.password_hash.as_str());
        let (matches, turn) = passwords.verify(current, hash, admit).await?;
        if !matches {
            self.failed(Some(account), &here, None);
            return Err(faults::not_your_password().at(["current"]));
        }
        throttle.succeeded(account, None);
        drop(turn);
        let new_one = |error: Error| error.at(["new"]);
        if current == new {
            return Err(new_one(faults::same_password()));
        }
        self.accept_password(account, &caller.name, new).await.map_err(new_one)?;
        let hash = passwords.hash(new).await?;
        let entry =
            self.entry(AuditKind::PasswordChanged, AuditActor::Caller(caller), json!({}))?;
        let at = (session.to_string(), self.now());
        if !rows::change_password(db, &login, &hash, (&at.0, at.1), &entry).await? {
            // The password was changed elsewhere in the meantime, which ended this session.
            return Err(faults::token_invalid());
        }
        self.forget(caller.operator);
        Ok(())
    }

    /// Ends one active session of an operator and writes an audit entry.
    pub(super) async fn end(
        &self,
        kind: AuditKind,
        by: AuditActor<'_>,
        operator: Uuid,
        session: Uuid,
    ) -> Result<bool> {
        let id = session.to_string();
        let entry = self.entry(kind, by, json!({ "session": id }))?;
        let of = operator.to_string();
        let ended = rows::revoke(&self.inner.db, (&id, &of), self.now(), &entry).await?;
        self.forget(operator);
        Ok(ended)
    }
}
