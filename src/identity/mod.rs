//! Sign-in with local accounts: passwords, sessions, tokens, API keys, and the [`Principal`] behind them.
//!
//! Owns logins, sessions, keys and the token secret, and writes their audit entries. Must not know HTTP,
//! GraphQL or the catalog: [`FactsOf`] supplies an operator's name and employee.

mod account;
mod audit;
mod cache;
mod failures;
pub(crate) mod faults;
mod key_rows;
mod keys;
mod links;
mod login_revocation;
mod names;
mod password;
mod password_strength;
mod refresh;
mod rows;
mod sessions;
#[cfg(test)]
mod tests;
mod throttle;
mod token;

use std::{fmt, pin::Pin, sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use serde_json::json;
use tokio::sync::broadcast;
use uuid::Uuid;

pub use self::{
    account::{ADMINISTRATOR, form},
    keys::{ApiKey, NewKey},
    links::SignInLink,
    sessions::{LoginSession, own_session},
};

use crate::{
    access::{Principal, Via},
    base::{Env, Error, LEEWAY, error::Result},
    storage::{
        Database,
        audit::AuditKind,
        platform::{login, session},
    },
};

use self::{
    audit::AuditActor,
    cache::Sessions,
    failures::Failures,
    password::Passwords,
    throttle::{Throttle, wait},
    token::{Claims, Signer},
};

/// Most characters stored of a client's user agent.
const ORIGIN: usize = 512;

/// Capacity of the channel of ended logins. A listener that missed messages must check for itself.
const ENDED: usize = 64;

/// Lifetimes of tokens and costs of hashing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentitySettings {
    /// Lifetime of an access token, in whole seconds.
    pub access_ttl: Duration,
    /// How long a session lasts without a refresh.
    pub refresh_ttl: Duration,
    /// How long another process may not notice a revocation.
    pub cache_ttl: Duration,
    /// Memory of one password hash, in KiB.
    pub hash_memory_kib: u32,
    /// Passes of one password hash over its memory.
    pub hash_passes: u32,
    /// Most password hashes at once.
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

/// The tokens that a client gets for signing in or refreshing.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tokens {
    /// Sent with every request.
    pub access_token: String,
    /// Valid for one refresh.
    pub refresh_token: String,
    /// Seconds until the access token expires.
    pub expires_in: u64,
}

impl fmt::Debug for Tokens {
    /// Omits the tokens, which must not get into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// Where a sign-in comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignInOrigin {
    /// The client's user agent.
    pub user_agent: Option<String>,
    /// The client's address, as far as the server trusts it.
    pub address: Option<String>,
}

/// What the records say about an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorFacts {
    /// The operator's name as shown to people.
    pub name: String,
    /// The employee behind the operator.
    pub employee: Option<Uuid>,
    /// Whether they may sign in.
    pub standing: OperatorStatus,
}

/// Whether an operator may sign in, by their record and their employee's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorStatus {
    /// They may sign in.
    Active,
    /// The operator is disabled.
    Disabled,
    /// The employee has left.
    Left,
}

/// Reports operators who lost a session or key.
#[derive(Debug)]
pub struct Endings(broadcast::Receiver<Uuid>);

impl Endings {
    /// Listens to the sender of a caller's own.
    pub fn new(receiver: broadcast::Receiver<Uuid>) -> Self {
        Self(receiver)
    }

    /// Waits until this operator has lost a session or key, or may have. Cancel-safe.
    pub async fn of(&mut self, operator: Uuid) {
        loop {
            match self.0.recv().await {
                Ok(ended) if ended == operator => return,
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => return,
                // All senders are gone, so nothing more will be reported.
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

/// A future of an operator's facts. None if the operator does not exist.
pub type FactsFuture = Pin<Box<dyn Future<Output = Result<Option<OperatorFacts>>> + Send>>;

/// Loads the facts of an operator.
pub type FactsOf = Arc<dyn Fn(Uuid) -> FactsFuture + Send + Sync>;

/// A future of names.
pub type NamesFuture = Pin<Box<dyn Future<Output = Result<Vec<String>>> + Send>>;

/// Loads the names of all employees, which are easy to guess as passwords.
pub type NamesOf = Arc<dyn Fn() -> NamesFuture + Send + Sync>;

/// Local sign-in. Clones share all state.
#[derive(Clone)]
pub struct Identity {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    env: Env,
    settings: IdentitySettings,
    facts: FactsOf,
    names: NamesOf,
    signer: Signer,
    passwords: Passwords,
    throttle: Throttle,
    failures: Failures,
    /// Locked while failures are written, so that a smaller count does not overwrite a greater one.
    settling: tokio::sync::Mutex<()>,
    sessions: Sessions,
    /// Sends operators who lost a session or key.
    ended: broadcast::Sender<Uuid>,
    /// Identifies this process in stored rows.
    process: String,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}

impl Identity {
    /// Opens sign-in over a migrated database. Creates the token secret if the database has none.
    pub async fn open(
        db: Database,
        env: Env,
        settings: IdentitySettings,
        facts: FactsOf,
        names: NamesOf,
    ) -> Result<Self> {
        rows::tidy(&db).await?;
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
                names,
                signer,
                passwords,
                throttle: Throttle::default(),
                failures: Failures::default(),
                settling: tokio::sync::Mutex::default(),
                sessions: Sessions::default(),
                ended: broadcast::Sender::new(ENDED),
                process: URL_SAFE_NO_PAD.encode(&token::random()?[..6]),
            }),
        })
    }

    /// Starts a session. An unknown account, a wrong password and a suspended operator cost the same work and
    /// get the same error.
    pub async fn login(&self, account: &str, password: &str, from: SignInOrigin) -> Result<Tokens> {
        let Inner { db, passwords, throttle, .. } = &*self.inner;
        // If the address must wait, a wrong password gets this time as the error.
        let mut waits = None;
        let Some(account) = account::accept(account) else {
            // No such account can exist. All share one counter, which saves memory.
            let admit = || self.admit("", None, &from).map(|found| waits = found);
            passwords.verify(password, None, admit).await?;
            return Err(self.failed(None, &from, waits));
        };
        let login = rows::login_of_account(db, &account).await?;
        let known = login.as_ref().map(|_| account.as_str());
        let hash = login.as_ref().map(|login| login.password_hash.as_str());
        let admit = || self.admit(&account, known, &from).map(|found| waits = found);
        let (matches, turn) = passwords.verify(password, hash, admit).await?;
        let Some(login) = login.filter(|_| matches) else {
            return Err(self.failed(known, &from, waits));
        };
        throttle.succeeded(&account, from.address.as_deref());
        drop(turn);
        if self.admitted(&login, AuditActor::Unknown(&account)).await?.is_none() {
            return Err(self.failed(known, &from, waits));
        }

        let started = self.start(&login, &from).await?;
        started.ok_or_else(|| self.failed(known, &from, waits))
    }

    /// Starts a session for a login. Returns none if the login has changed in the database since.
    async fn start(&self, login: &login::Model, from: &SignInOrigin) -> Result<Option<Tokens>> {
        let Inner { db, env, settings, signer, .. } = &*self.inner;
        let operator = rows::id(&login.operator_id)?;
        let id = env.ids.next();
        let refresh = signer.issue(id)?;
        let now = self.now();
        let session = session::Model {
            id: id.to_string(),
            operator_id: login.operator_id.clone(),
            refresh_hash: refresh.hash.clone(),
            previous_hash: None,
            created_at: now,
            last_used_at: now,
            expires_at: later(now, settings.refresh_ttl),
            revoked_at: None,
            user_agent: from.user_agent.as_deref().map(cut),
            address: from.address.as_deref().map(cut),
        };
        let detail =
            json!({ "session": id, "address": session.address, "userAgent": session.user_agent });
        let entry =
            self.entry(AuditKind::SignIn, AuditActor::Operator(operator, &login.account), detail)?;
        if !rows::start(db, login, session, &entry).await? {
            return Ok(None);
        }
        self.tokens(operator, id, refresh.text()).map(Some)
    }

    /// Counts an attempt, or rejects it unchecked. If only others at the same address have failed, the
    /// attempt is checked; a wrong password then gets the returned time to wait as its error.
    fn admit(
        &self,
        account: &str,
        known: Option<&str>,
        from: &SignInOrigin,
    ) -> Result<Option<i64>> {
        let admitted = self.inner.throttle.attempt(account, from.address.as_deref(), self.now());
        admitted.inspect_err(|_| self.note(AuditKind::SignInLocked, known, from))
    }

    /// The error of a failed attempt, whatever the reason.
    fn failed(&self, known: Option<&str>, from: &SignInOrigin, waits: Option<i64>) -> Error {
        self.note(AuditKind::SignInFailed, known, from);
        if let Some(waits) = waits {
            return wait(waits);
        }
        faults::bad_credentials()
    }

    fn note(&self, kind: AuditKind, known: Option<&str>, from: &SignInOrigin) {
        let Inner { failures, env, .. } = &*self.inner;
        failures.note(kind, known, from.address.as_deref(), self.now(), || env.ids.next());
    }

    /// Writes new failures to the audit trail. Called from time to time and before the trail is read, never
    /// while a sign-in waits.
    pub async fn settle(&self) -> Result<()> {
        let Inner { db, failures, settling, .. } = &*self.inner;
        let _one = settling.lock().await;
        for due in failures.due(self.now()) {
            db.execute(&due.entry()?).await.map_err(rows::failed)?;
            failures.written(&due);
        }
        Ok(())
    }

    /// Deletes sessions that ended more than a day ago; the trail keeps their entries. Returns how many.
    pub async fn purge(&self) -> Result<u64> {
        let day = chrono::Duration::days(1).num_microseconds().unwrap_or_default();
        rows::purge(&self.inner.db, self.now() - day).await
    }

    /// Ends the caller's session: at once in this process, within `cache_ttl` in others.
    pub async fn logout(&self, caller: &Principal) -> Result<()> {
        let session = own_session(caller)?;
        self.end(AuditKind::SignOut, AuditActor::Caller(caller), caller.operator, session).await?;
        Ok(())
    }

    /// Returns the principal behind an access token or API key, given without `Bearer`.
    pub async fn authenticate(&self, bearer: &str) -> Result<Principal> {
        if keys::is_one(bearer) {
            return self.authenticate_key(bearer).await;
        }
        let Inner { signer, sessions, .. } = &*self.inner;
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
        self.of_session(claims.sid, claims.sub).await
    }

    /// Reloads a caller. Fails if their session or key has ended or their account is closed. An expired
    /// access token is fine, because it only had to start the long-running request.
    pub async fn still(&self, caller: &Principal) -> Result<Principal> {
        match &caller.via {
            Via::Session(id) => self.of_session(*id, caller.operator).await,
            Via::Key { id, .. } => self.of_key(*id).await,
        }
    }

    async fn of_session(&self, id: Uuid, operator: Uuid) -> Result<Principal> {
        let Inner { settings, sessions, .. } = &*self.inner;
        let now = self.now();
        let seen = match sessions.get(id, None, now) {
            Ok(principal) if principal.operator == operator => return Ok(principal),
            Ok(_) => return Err(faults::token_invalid()),
            Err(seen) => seen,
        };
        let session = self.live(&id.to_string()).await?;
        if rows::id(&session.operator_id)? != operator {
            return Err(faults::token_invalid());
        }
        let (account, facts) = self.describe(operator).await?;
        let principal = Principal {
            operator,
            account,
            name: facts.name,
            employee: facts.employee,
            roles: rows::roles(&self.inner.db, &session.operator_id).await?,
            via: Via::Session(id),
        };
        let until = later(now, settings.cache_ttl).min(later(session.expires_at, LEEWAY));
        sessions.remember(&principal, None, now, until, seen);
        Ok(principal)
    }

    /// The principal for viewing as another operator: that operator's name and roles, with the caller's own
    /// login.
    pub async fn seen_as(
        &self,
        operator: Uuid,
        account: String,
        by: &Principal,
    ) -> Result<Principal> {
        let facts = (self.inner.facts)(operator).await?;
        let (name, employee) = facts.map(|facts| (facts.name, facts.employee)).unwrap_or_default();
        let roles = self.roles(operator).await?;
        Ok(Principal { operator, account, name, employee, roles, via: by.via.clone() })
    }

    /// Returns a session that is neither ended nor expired. [`LEEWAY`] allows for a clock that is a little
    /// behind.
    async fn live(&self, id: &str) -> Result<session::Model> {
        let now = self.now();
        rows::session(&self.inner.db, id)
            .await?
            .filter(|session| {
                session.revoked_at.is_none() && now < later(session.expires_at, LEEWAY)
            })
            .ok_or_else(faults::token_invalid)
    }

    fn tokens(&self, operator: Uuid, session: Uuid, refresh_token: String) -> Result<Tokens> {
        let expires_in = self.inner.settings.access_ttl.as_secs();
        let ttl = i64::try_from(expires_in).unwrap_or(i64::MAX);
        let claims = Claims::new(operator, session, self.now().div_euclid(MICROS), ttl);
        Ok(Tokens { access_token: self.inner.signer.sign(&claims)?, refresh_token, expires_in })
    }

    /// Returns a receiver of operators who lose a session or key in this process.
    pub fn endings(&self) -> Endings {
        Endings(self.inner.ended.subscribe())
    }

    /// Evicts what is cached of an operator, because it has changed.
    pub fn forget(&self, operator: Uuid) {
        self.inner.sessions.forget_operator(operator);
        // Without listeners sending fails, which is fine.
        let _heard = self.inner.ended.send(operator);
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
