//! Signing in with a local account: passwords, sessions, tokens, API keys, and the [`Principal`] behind one.
//!
//! Owns logins, sessions, keys and the token secret, and tells of them in the audit trail. Knows nothing of HTTP, GraphQL or the catalog: what an
//! operator is called and which employee they are, it asks [`FactsOf`].

mod account;
mod audit;
mod cache;
mod closing;
mod failures;
mod key_rows;
mod keys;
mod links;
mod names;
mod password;
mod refresh;
mod rows;
mod sessions;
mod strength;
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
    base::{Code, Env, Error, LEEWAY, error::Result},
    storage::{
        Database,
        audit::Kind,
        platform::{login, session},
    },
};

use self::{
    audit::By,
    cache::Sessions,
    failures::Failures,
    password::Passwords,
    throttle::{Throttle, wait},
    token::{Claims, Signer, invalid},
};

/// Most characters kept of what a client says about itself.
const ORIGIN: usize = 512;

/// How many ends of sign-ins wait to be heard of; a listener that missed some looks for itself.
const ENDED: usize = 64;

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
    /// Whether they may sign in.
    pub standing: Standing,
}

/// Whether an operator may sign in, by their record and their employee's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// They may.
    Active,
    /// The operator is disabled.
    Disabled,
    /// The employee has left.
    Left,
}

/// Tells of operators of whose sign-ins or keys one has ended.
#[derive(Debug)]
pub struct Endings(broadcast::Receiver<Uuid>);

impl Endings {
    /// What is told by a sender of one's own.
    pub fn new(receiver: broadcast::Receiver<Uuid>) -> Self {
        Self(receiver)
    }

    /// Waits until one has ended of this operator, or may have. May be dropped and called again.
    pub async fn of(&mut self, operator: Uuid) {
        loop {
            match self.0.recv().await {
                Ok(ended) if ended == operator => return,
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => return,
                // Nobody is left who could tell.
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

/// An operator's facts under way; none if there is no such operator.
pub type FactsFuture = Pin<Box<dyn Future<Output = Result<Option<Facts>>> + Send>>;

/// Where the facts about an operator come from.
pub type FactsOf = Arc<dyn Fn(Uuid) -> FactsFuture + Send + Sync>;

/// Names under way.
pub type NamesFuture = Pin<Box<dyn Future<Output = Result<Vec<String>>> + Send>>;

/// Where the names of all employees come from: what is easy to guess as a password.
pub type NamesOf = Arc<dyn Fn() -> NamesFuture + Send + Sync>;

/// Local sign-in. Clones share everything.
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
    /// Held while failures are written, so that a greater count is not overtaken by a smaller one.
    settling: tokio::sync::Mutex<()>,
    sessions: Sessions,
    /// Operators of whose sign-ins or keys one has ended.
    ended: broadcast::Sender<Uuid>,
    /// Names this process in what it writes.
    process: String,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}

impl Identity {
    /// Sign-in over a migrated database. Makes the token secret if the database has none yet.
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

    /// Starts a session. An unknown account, a wrong password and a suspended operator get the same
    /// answer after the same work.
    pub async fn login(&self, account: &str, password: &str, from: Origin) -> Result<Tokens> {
        let Inner { db, passwords, throttle, .. } = &*self.inner;
        // What a guess from an address that has to wait is answered with, once it was found wrong.
        let mut waits = None;
        let Some(account) = account::accept(account) else {
            // No such account can exist: counted under one name, so that the memory stays small.
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
        if self.admitted(&login, By::Unknown(&account)).await?.is_none() {
            return Err(self.failed(known, &from, waits));
        }

        let started = self.start(&login, &from).await?;
        started.ok_or_else(|| self.failed(known, &from, waits))
    }

    /// Starts a session for a login as it is known here; none if it has changed meanwhile.
    async fn start(&self, login: &login::Model, from: &Origin) -> Result<Option<Tokens>> {
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
        let entry = self.entry(Kind::SignIn, By::Operator(operator, &login.account), detail)?;
        if !rows::start(db, login, session, &entry).await? {
            return Ok(None);
        }
        self.tokens(operator, id, refresh.text()).map(Some)
    }

    /// Counts an attempt, or refuses it unseen. Where only others of the same address have failed it is looked
    /// at: a wrong one is answered like those that are not, with the time to wait.
    fn admit(&self, account: &str, known: Option<&str>, from: &Origin) -> Result<Option<i64>> {
        let admitted = self.inner.throttle.attempt(account, from.address.as_deref(), self.now());
        admitted.inspect_err(|_| self.note(Kind::SignInLocked, known, from))
    }

    /// The answer to an attempt that failed, for whatever reason.
    fn failed(&self, known: Option<&str>, from: &Origin, waits: Option<i64>) -> Error {
        self.note(Kind::SignInFailed, known, from);
        if let Some(waits) = waits {
            return wait(waits);
        }
        Error::new(Code::AuthBadCredentials, "account or password is wrong", "账号或密码错误")
    }

    fn note(&self, kind: Kind, known: Option<&str>, from: &Origin) {
        let Inner { failures, env, .. } = &*self.inner;
        failures.note(kind, known, from.address.as_deref(), self.now(), || env.ids.next());
    }

    /// Writes what failed since the last time into the audit trail. Called now and then, and before the
    /// trail is read: never while someone waits for the answer to a sign-in.
    pub async fn settle(&self) -> Result<()> {
        let Inner { db, failures, settling, .. } = &*self.inner;
        let _one = settling.lock().await;
        for due in failures.due(self.now()) {
            db.execute(&due.entry()?).await.map_err(rows::failed)?;
            failures.written(&due);
        }
        Ok(())
    }

    /// Removes sessions that have been over for a day; the trail keeps who signed in. Tells how many there were.
    pub async fn purge(&self) -> Result<u64> {
        let day = chrono::Duration::days(1).num_microseconds().unwrap_or_default();
        rows::purge(&self.inner.db, self.now() - day).await
    }

    /// Ends the caller's session: at once in this process, within the cache's time in others.
    pub async fn logout(&self, caller: &Principal) -> Result<()> {
        let session = own_session(caller)?;
        self.end(Kind::SignOut, By::Caller(caller), caller.operator, session).await?;
        Ok(())
    }

    /// Who sent an access token or an API key, given without the word `Bearer`.
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

    /// The same caller as they are now: refused when their session or key has ended or their account is closed.
    /// An access token that has expired meanwhile does not matter: it only began what goes on.
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
            Ok(_) => return Err(invalid()),
            Err(seen) => seen,
        };
        let session = self.live(&id.to_string()).await?;
        if rows::id(&session.operator_id)? != operator {
            return Err(invalid());
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

    /// Another operator as who reads as them is answered: with their name and roles, by the reader's own sign-in.
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

    /// A session neither ended nor expired, by this clock or by one a little behind.
    async fn live(&self, id: &str) -> Result<session::Model> {
        let now = self.now();
        rows::session(&self.inner.db, id)
            .await?
            .filter(|session| {
                session.revoked_at.is_none() && now < later(session.expires_at, LEEWAY)
            })
            .ok_or_else(invalid)
    }

    fn tokens(&self, operator: Uuid, session: Uuid, refresh_token: String) -> Result<Tokens> {
        let expires_in = self.inner.settings.access_ttl.as_secs();
        let ttl = i64::try_from(expires_in).unwrap_or(i64::MAX);
        let claims = Claims::new(operator, session, self.now().div_euclid(MICROS), ttl);
        Ok(Tokens { access_token: self.inner.signer.sign(&claims)?, refresh_token, expires_in })
    }

    /// Tells from now on of operators of whose sign-ins or keys one has ended in this process.
    pub fn endings(&self) -> Endings {
        Endings(self.inner.ended.subscribe())
    }

    /// Forgets what is known of an operator who is signed in: something of it has changed.
    pub fn forget(&self, operator: Uuid) {
        self.inner.sessions.forget_operator(operator);
        // Nobody may be listening.
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
