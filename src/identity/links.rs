//! One-time links: an administrator makes one, and whoever has it sets the account's password themselves.
//!
//! So a new colleague gets in without anyone else knowing their password. A link is good once and for some days,
//! a new one takes the place of the one before, and of its secret only a hash is kept.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    sea_query::{InsertStatement, OnConflict},
};
use serde_json::json;
use uuid::Uuid;

use super::{Identity, Inner, Origin, Standing, Tokens, account, audit::By, later, rows, token};
use crate::{
    access::Principal,
    base::{Code, Error, error::Result},
    storage::{
        Database,
        audit::Kind,
        platform::{link, login},
    },
};

const PREFIX: &str = "twl_";
/// Longer texts are none of ours.
const LONGEST: usize = 128;
/// How long a link is good.
const GOOD: Duration = Duration::from_hours(72);

/// A link as it is handed out: nobody can ask for its text again.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInLink {
    /// The account.
    pub account: String,
    /// What is sent with the new password.
    pub token: String,
    /// From when on it is refused, in microseconds since the epoch.
    pub expires_at: i64,
}

impl SignInLink {
    /// Where the page of this server takes it. Behind the `#`, so that no server on the way reads it.
    pub fn path(&self) -> String {
        format!("/#link={}", self.token)
    }
}

impl std::fmt::Debug for SignInLink {
    /// Without the token: it must not get into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInLink").field("account", &self.account).finish_non_exhaustive()
    }
}

fn parse(text: &str) -> Option<Uuid> {
    let (id, _) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let simple = id.len() == 32 && text.len() <= LONGEST;
    Uuid::parse_str(id).ok().filter(|_| simple)
}

fn invalid() -> Error {
    Error::new(
        Code::AuthTokenInvalid,
        "the link is not valid, was used, or has expired",
        "该链接无效、已使用或已过期",
    )
    .hint("ask an administrator for a new one", "请向管理员索取新的链接")
}

impl Identity {
    /// Makes a link for an operator, with an account of that name; `caller` is none on the command line.
    pub async fn make_link(
        &self,
        caller: Option<&Principal>,
        operator: Uuid,
        account: &str,
    ) -> Result<SignInLink> {
        let Inner { db, env, .. } = &*self.inner;
        let account = account::accepted(account)?;
        let standing = (self.inner.facts)(operator).await?.map(|facts| facts.standing);
        if standing != Some(Standing::Active) {
            return Err(Error::new(
                Code::InputValue,
                format!("`{account}` may not sign in: the operator is disabled, left or removed"),
                format!("`{account}` 不能登录：操作员已停用、离职或删除"),
            )
            .at(["account"]));
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
        let by = caller.map_or(By::Unknown(&account), By::Caller);
        let entry = self.entry(Kind::LinkMade, by, json!({ "link": id, "of": account }))?;
        put(db, row, &entry).await?;
        Ok(SignInLink { account, token, expires_at })
    }

    /// Sets the password by a link, which is used up by it, and signs in. A password that is refused leaves the
    /// link as it was.
    pub async fn use_link(&self, token: &str, password: &str, from: Origin) -> Result<Tokens> {
        let Inner { db, passwords, throttle, .. } = &*self.inner;
        let id = parse(token).ok_or_else(invalid)?;
        let found = link::Entity::find().filter(link::Column::Id.eq(id.to_string())).one(db);
        let now = self.now();
        let row = found
            .await
            .map_err(rows::failed)?
            .filter(|row| row.secret_hash == token::hash(token.as_bytes()) && now < row.expires_at);
        let row = row.ok_or_else(invalid)?;
        let operator = rows::id(&row.operator_id)?;
        let facts = (self.inner.facts)(operator).await?;
        let facts = facts.filter(|facts| facts.standing == Standing::Active).ok_or_else(invalid)?;
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
        let by = By::Operator(operator, &row.account);
        let entry = self.entry(Kind::LinkUsed, by, json!({ "link": id }))?;
        if !rows::put_login_by(db, login.clone(), &row.id, &entry).await? {
            return Err(invalid());
        }
        self.forget(operator);
        throttle.forget(&row.account);
        self.start(&login, &from).await?.ok_or_else(invalid)
    }
}

/// Puts a link in the place of the operator's last one.
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
