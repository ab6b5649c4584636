//! Signing in with a local account: passwords, sessions, tokens, and the [`Principal`] behind a token.
//!
//! Owns logins, sessions and the token secret. Knows nothing of HTTP, GraphQL or the catalog: what an
//! operator is called and which employee they are, it asks [`FactsOf`].

mod account;
mod cache;
mod password;
mod rows;
#[cfg(test)]
mod tests;
mod throttle;
mod token;

use std::{fmt, pin::Pin, sync::Arc, time::Duration};

use sea_orm::DatabaseConnection;
use serde::Serialize;
use uuid::Uuid;

pub use account::ADMINISTRATOR;

use crate::{
    access::Principal,
    base::{Code, Env, Error, error::Result},
    storage::platform::session,
};

use self::{
    cache::Sessions,
    password::Passwords,
    throttle::Throttle,
    token::{Claims, Signer, invalid},
};

/// Most characters kept of what a client says about itself.
const ORIGIN: usize = 512;

/// How long tokens hold and what hashing may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentitySettings {
    /// How long an access token holds, in whole seconds.
    pub access_ttl: Duration,
    /// How long a session lasts without a refresh.
    pub refresh_ttl: Duration,
    /// How long another process's revocation may go unnoticed.
    pub cache_ttl: Duration,
    /// Memory of one password hash, in KiB.
    pub hash_memory_kib: u32,
    /// Passes of one password hash over its memory.
    pub hash_passes: u32,
    /// How many password hashes run at once.
    pub hashes_at_once: usize,
}

impl Default for IdentitySettings {
    fn default() -> Self {
        Self {
            access_ttl: Duration::from_mins(15),
            refresh_ttl: Duration::from_hours(30 * 24),
            cache_ttl: Duration::from_secs(1),
            hash_memory_kib: 19 * 1024,
            hash_passes: 2,
            hashes_at_once: 4,
        }
    }
}

/// What a client gets for signing in or refreshing.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tokens {
    /// Goes with every request.
    pub access_token: String,
    /// Good for one refresh.
    pub refresh_token: String,
    /// Seconds the access token holds.
    pub expires_in: u64,
}

impl fmt::Debug for Tokens {
    /// Without the tokens: they must not get into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// Where a login comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// The client's address, as far as the server trusts it.
    pub address: Option<String>,
}

/// What the operator record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The operator's name as shown to people.
    pub name: String,
    /// The employee behind the operator.
    pub employee: Option<Uuid>,
}

/// An operator's facts under way; none if there is no such operator.
pub type FactsFuture = Pin<Box<dyn Future<Output = Result<Option<Facts>>> + Send>>;

/// Where the facts about an operator come from.
pub type FactsOf = Arc<dyn Fn(Uuid) -> FactsFuture + Send + Sync>;

/// Local sign-in. Clones share everything.
#[derive(Clone)]
pub struct Identity {
    inner: Arc<Inner>,
}

struct Inner {
    db: DatabaseConnection,
    env: Env,
    settings: IdentitySettings,
    facts: FactsOf,
    signer: Signer,
    passwords: Passwords,
    throttle: Throttle,
    sessions: Sessions,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}

impl Identity {
    /// Sign-in over a migrated database. Makes the token secret if the database has none yet.
    pub async fn open(
        db: DatabaseConnection,
        env: Env,
        settings: IdentitySettings,
        facts: FactsOf,
    ) -> Result<Self> {
        let secret = rows::setting(&db, "token_secret", Signer::secret()?).await?;
        let signer = Signer::new(&secret)?;
        let IdentitySettings { hash_memory_kib, hash_passes, hashes_at_once, .. } = settings;
        let passwords = Passwords::new(hash_memory_kib, hash_passes, hashes_at_once).await?;
        Ok(Self {
            inner: Arc::new(Inner {
                db,
                env,
                settings,
                facts,
                signer,
                passwords,
                throttle: Throttle::default(),
                sessions: Sessions::default(),
            }),
        })
    }

    /// Starts a session. An unknown account, a wrong password and a suspended operator get the same
    /// answer after the same work.
    pub async fn login(&self, account: &str, password: &str, from: Origin) -> Result<Tokens> {
        let Inner { db, env, settings, facts, signer, passwords, throttle, .. } = &*self.inner;
        let Some(account) = account::accept(account) else {
            // No such account can exist: counted under one name, so that the memory stays small.
            let admit = || throttle.attempt("", from.address.as_deref(), self.now());
            passwords.verify(password, None, admit).await?;
            return Err(bad_credentials());
        };
        let login = rows::login_of_account(db, &account).await?;
        let hash = login.as_ref().map(|login| login.password_hash.as_str());
        let admit = || throttle.attempt(&account, from.address.as_deref(), self.now());
        let (matches, turn) = passwords.verify(password, hash, admit).await?;
        let Some(login) = login.filter(|login| matches && login.enabled) else {
            return Err(bad_credentials());
        };
        throttle.succeeded(&account, from.address.as_deref());
        drop(turn);
        let operator = rows::id(&login.operator_id)?;
        if facts(operator).await?.is_none() {
            return Err(bad_credentials());
        }

        let id = env.ids.next();
        let (refresh_token, refresh_hash) = signer.issue(id)?;
        let now = self.now();
        let session = session::Model {
            id: id.to_string(),
            operator_id: login.operator_id.clone(),
            refresh_hash,
            previous_hash: None,
            created_at: now,
            last_used_at: now,
            expires_at: later(now, settings.refresh_ttl),
            revoked_at: None,
            user_agent: from.user_agent.as_deref().map(cut),
            address: from.address.as_deref().map(cut),
        };
        if !rows::start(db, &login, session).await? {
            return Err(bad_credentials());
        }
        self.tokens(operator, id, refresh_token)
    }

    /// New tokens for a refresh token, which is used up by it. One used up earlier ends its session:
    /// someone has a copy. Only those who asked before the new one was made are merely refused.
    pub async fn refresh(&self, refresh_token: &str) -> Result<Tokens> {
        let Inner { db, settings, signer, .. } = &*self.inner;
        let asked = self.now();
        let refresh = signer.parse(refresh_token)?;
        let id = refresh.session.to_string();
        let session = self.live(&id).await?;
        if session.refresh_hash != refresh.hash {
            if asked >= session.last_used_at {
                self.logout(refresh.session).await?;
            }
            return Err(invalid());
        }
        let operator = rows::id(&session.operator_id)?;
        self.describe(operator).await?;

        let (refresh_token, new) = signer.issue(refresh.session)?;
        let now = self.now();
        let expires_at = later(now, settings.refresh_ttl);
        if !rows::rotate(db, &id, (&refresh.hash, &new), now, expires_at).await? {
            return Err(invalid());
        }
        self.tokens(operator, refresh.session, refresh_token)
    }

    /// Ends a session: at once in this process, within the cache's time in others.
    pub async fn logout(&self, session: Uuid) -> Result<()> {
        rows::revoke(&self.inner.db, &session.to_string(), self.now()).await?;
        self.inner.sessions.forget(session);
        Ok(())
    }

    /// Who sent an access token, given without the word `Bearer`.
    pub async fn authenticate(&self, bearer: &str) -> Result<Principal> {
        let Inner { settings, signer, sessions, .. } = &*self.inner;
        let now = self.now();
        let claims = match sessions.claims(bearer) {
            Some(claims) => claims,
            None => {
                let claims = Arc::new(signer.read(bearer)?);
                sessions.remember_claims(bearer, &claims);
                claims
            }
        };
        claims.hold(now.div_euclid(MICROS))?;
        let seen = match sessions.get(claims.sid, now) {
            Ok(principal) if principal.operator == claims.sub => return Ok(principal),
            Ok(_) => return Err(invalid()),
            Err(seen) => seen,
        };
        let session = self.live(&claims.sid.to_string()).await?;
        if rows::id(&session.operator_id)? != claims.sub {
            return Err(invalid());
        }
        let (account, facts) = self.describe(claims.sub).await?;
        let principal = Principal {
            operator: claims.sub,
            account,
            name: facts.name,
            employee: facts.employee,
            roles: rows::roles(&self.inner.db, &session.operator_id).await?,
            session: claims.sid,
        };
        let until = later(now, settings.cache_ttl).min(session.expires_at);
        sessions.remember(&principal, now, until, seen);
        Ok(principal)
    }

    /// A session neither ended nor expired.
    async fn live(&self, id: &str) -> Result<session::Model> {
        let now = self.now();
        rows::session(&self.inner.db, id)
            .await?
            .filter(|session| session.revoked_at.is_none() && now < session.expires_at)
            .ok_or_else(invalid)
    }

    /// Account and facts of an operator who may sign in.
    async fn describe(&self, operator: Uuid) -> Result<(String, Facts)> {
        let login = rows::login_of_operator(&self.inner.db, &operator.to_string())
            .await?
            .filter(|login| login.enabled)
            .ok_or_else(invalid)?;
        let facts = (self.inner.facts)(operator).await?.ok_or_else(invalid)?;
        Ok((login.account, facts))
    }

    fn tokens(&self, operator: Uuid, session: Uuid, refresh_token: String) -> Result<Tokens> {
        let expires_in = self.inner.settings.access_ttl.as_secs();
        let ttl = i64::try_from(expires_in).unwrap_or(i64::MAX);
        let claims = Claims::new(operator, session, self.now().div_euclid(MICROS), ttl);
        Ok(Tokens { access_token: self.inner.signer.sign(&claims)?, refresh_token, expires_in })
    }

    fn now(&self) -> i64 {
        self.inner.env.clock.now().timestamp_micros()
    }
}

/// Microseconds in a second.
const MICROS: i64 = 1_000_000;

fn later(now: i64, by: Duration) -> i64 {
    now.saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX))
}

fn cut(text: &str) -> String {
    text.chars().take(ORIGIN).collect()
}

fn bad_credentials() -> Error {
    Error::new(Code::AuthBadCredentials, "account or password is wrong", "账号或密码错误")
}
