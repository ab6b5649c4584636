//! One-time links: an administrator makes one, and its receiver sets the account's password.
//!
//! So nobody else knows the password of a new colleague. A link works once and for 72 hours. A new link
//! replaces the operator's previous one. The database stores only a hash of its secret.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{InsertStatement, OnConflict},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Identity, Inner, OperatorStatus, SignInOrigin, Tokens, account, audit::AuditActor, faults,
    later, rows, token,
};
use crate::{
    access::Principal,
    base::error::Result,
    storage::{
        Database,
        audit::AuditKind,
        platform::{link, login},
    },
};

const PREFIX: &str = "twl_";
/// Longer texts cannot be links.
const LONGEST: usize = 128;
/// The lifetime of a link.
const GOOD: Duration = Duration::from_hours(72);

/// A new link. Its text cannot be read again later.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInLink {
    /// The account.
    pub account: String,
    /// The token that the client sends with the new password.
    pub token: String,
    /// When it expires, in microseconds since 1970.
    pub expires_at: i64,
}

impl SignInLink {
    /// The path of this server's page for the link. The token follows `#`, so that browsers do not send it to
    /// servers.
    pub fn path(&self) -> String {
        format!("/#link={}", self.token)
    }
}

impl std::fmt::Debug for SignInLink {
    /// Omits the token, which must not get into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInLink").field("account", &self.account).finish_non_exhaustive()
    }
}

fn parse(text: &str) -> Option<Uuid> {
    let (id, _) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let simple = id.len() == 32 && text.len() <= LONGEST;
    Uuid::parse_str(id).ok().filter(|_| simple)
}

impl Identity {
    /// Makes a link for an operator with this account. `caller` is none on the command line.
    pub async fn make_link(
        &self,
        caller: Option<&Principal>,
        operator: Uuid,
        account: &str,
    ) -> Result<SignInLink> {
        let Inner { db, env, .. } = &*self.inner;
        let account = account::accepted(account)?;
        let standing = (self.inner.facts)(operator).await?.map(|facts| facts.standing);
        if standing != Some(OperatorStatus::Active) {
            return Err(faults::may_not_sign_in(&account).at(["account"]));
        }
        let (id, now) = (env.ids.next(), self.now());
        let secret = URL_SAFE_NO_PAD.encode(token::random()?);
        let token = format!("{PREFIX}{}_{secret}", id.simple());
        let expires_at = later(now, GOOD);
        let row = link::Model {
            operator_id: operator.to_string(),
            id: id.to_string(),
            account: account.clone(),
            secret_hash: token::hash(token.as_bytes()),
            created_at: now,
            expires_at,
        };
        let by = caller.map_or(AuditActor::Unknown(&account), AuditActor::Caller);
        let entry = self.entry(AuditKind::LinkMade, by, json!({ "link": id, "of": account }))?;
        put(db, row, &entry).await?;
        Ok(SignInLink { account, token, expires_at })
    }

    /// Sets the password with a link, consumes the link, and signs in. A refused password leaves the link
    /// valid.
    pub async fn use_link(
        &self,
        token: &str,
        password: &str,
        from: SignInOrigin,
    ) -> Result<Tokens> {
        let Inner { db, passwords, throttle, .. } = &*self.inner;
        let id = parse(token).ok_or_else(faults::link_invalid)?;
        let found = link::Entity::find().filter(link::Column::Id.eq(id.to_string())).one(db);
        let now = self.now();
        let row = found
            .await
            .map_err(rows::failed)?
            .filter(|row| row.secret_hash == token::hash(token.as_bytes()) && now < row.expires_at);
        let row = row.ok_or_else(faults::link_invalid)?;
        let operator = rows::id(&row.operator_id)?;
        let facts = (self.inner.facts)(operator).await?;
        let facts = facts
            .filter(|facts| facts.standing == OperatorStatus::Active)
            .ok_or_else(faults::link_invalid)?;
        self.accept_password(&row.account, &facts.name, password).await?;
        let password_hash = passwords.hash(password).await?;
        self.free(&row.account, operator).await?;
        let login = login::Model {
            operator_id: row.operator_id.clone(),
            account: row.account.clone(),
            password_hash,
            enabled: true,
            created_at: now,
            updated_at: now,
        };
        let by = AuditActor::Operator(operator, &row.account);
        let entry = self.entry(AuditKind::LinkUsed, by, json!({ "link": id }))?;
        if !rows::put_login_by(db, login.clone(), &row.id, &entry).await? {
            return Err(faults::link_invalid());
        }
        self.forget(operator);
        throttle.forget(&row.account);
        self.start(&login, &from).await?.ok_or_else(faults::link_invalid)
    }
}

/// Inserts a link, or replaces the operator's previous one.
async fn put(db: &Database, row: link::Model, entry: &InsertStatement) -> Result<()> {
    use link::Column;
    let tx = db.begin().await?;
    let newer = OnConflict::column(Column::OperatorId)
        .update_columns([
            Column::Id,
            Column::Account,
            Column::SecretHash,
            Column::CreatedAt,
            Column::ExpiresAt,
        ])
        .to_owned();
    link::Entity::insert(link::ActiveModel::from(row).reset_all())
        .on_conflict(newer)
        .exec_without_returning(&tx)
        .await
        .map_err(rows::failed)?;
    tx.execute(entry).await.map_err(rows::failed)?;
    tx.commit().await
}
