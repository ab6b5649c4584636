//! API keys, which programs send in place of an access token.
//!
//! A key acts as an account, with those of its roles that the account holds at the time of use. Its text is
//! `tw_<id>_<256 random bits>`; the database stores a hash. The caller checks whether a role exists and who
//! may create keys for others.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, SecondsFormat};
use serde_json::json;
use uuid::Uuid;

use super::{
    ADMINISTRATOR, Identity, Inner, MICROS, audit::AuditActor, faults, key_rows, later,
    own_session, rows, token,
};
use crate::{
    access::{Principal, Via},
    base::{Error, error::Result, text},
    storage::{audit::AuditKind, platform::api_key},
};

const PREFIX: &str = "tw_";
/// Longer texts cannot be keys.
const LONGEST: usize = 128;
/// Most characters of a name.
const NAME: usize = 100;
/// The longest lifetime of a key, so that a forgotten key ends some day.
const LASTS: i64 = 366 * 24 * 3600 * MICROS;
/// Most unrevoked keys of one account.
const KEYS: usize = 50;
/// Precision of `last_used_at`: a write per use would cost more than the request.
const NOTED: i64 = 60 * MICROS;

/// An API key without its secret. Instants are in microseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: Uuid,
    /// The operator it acts as.
    pub operator: Uuid,
    /// Its label.
    pub name: String,
    /// Codes of its roles, also those that the account does not hold.
    pub roles: Vec<String>,
    /// When it was made.
    pub created_at: i64,
    /// When it expires.
    pub expires_at: i64,
    /// When it was last used, to the minute.
    pub last_used_at: Option<i64>,
}

impl ApiKey {
    /// The public part of its text.
    pub fn prefix(&self) -> String {
        format!("{PREFIX}{}", self.id.simple())
    }
}

/// A key to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// The operator it acts as.
    pub operator: Uuid,
    /// That operator's account.
    pub account: String,
    /// Its label.
    pub name: String,
    /// Codes of its roles.
    pub roles: Vec<String>,
    /// When it expires.
    pub expires_at: i64,
}

/// Whether a bearer token looks like an API key.
pub(super) fn is_one(bearer: &str) -> bool {
    bearer.starts_with(PREFIX)
}

fn parse(text: &str) -> Option<Uuid> {
    let (id, _) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let simple = id.len() == 32 && text.len() <= LONGEST;
    Uuid::parse_str(id).ok().filter(|_| simple)
}

fn codes(json: &str) -> Result<Vec<String>> {
    serde_json::from_str(json).map_err(Error::internal)
}

fn read(row: api_key::Model) -> Result<ApiKey> {
    Ok(ApiKey {
        id: rows::id(&row.id)?,
        operator: rows::id(&row.operator_id)?,
        roles: codes(&row.roles)?,
        name: row.name,
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
    })
}

/// Splits roles: those of the key that are active, and those of the account that the key withholds.
fn acting(of_key: Vec<String>, held: Vec<String>) -> (Vec<String>, Vec<String>) {
    // An administrator has all rights, so a key of theirs may have any role.
    let everything = held.iter().any(|role| role == ADMINISTRATOR);
    let roles: Vec<_> =
        of_key.into_iter().filter(|role| everything || held.contains(role)).collect();
    let withheld = held.into_iter().filter(|role| !roles.contains(role)).collect();
    (roles, withheld)
}

impl Identity {
    /// Returns an operator's keys that are not revoked, newest first.
    pub async fn keys_of(&self, operator: Uuid) -> Result<Vec<ApiKey>> {
        let rows = key_rows::of_operator(&self.inner.db, &operator.to_string()).await?;
        rows.into_iter().map(read).collect()
    }

    /// Counts the valid keys (neither revoked nor expired) that have a role.
    pub async fn keys_with(&self, role: &str) -> Result<usize> {
        let now = self.now();
        let rows = key_rows::all(&self.inner.db).await?.into_iter();
        let keys: Vec<_> =
            rows.filter(|row| now < row.expires_at).map(read).collect::<Result<_>>()?;
        Ok(keys.iter().filter(|key| key.roles.iter().any(|has| has == role)).count())
    }

    /// Returns a key that is not revoked.
    pub async fn key(&self, id: Uuid) -> Result<Option<ApiKey>> {
        let row = key_rows::key(&self.inner.db, &id.to_string()).await?;
        row.filter(|row| row.revoked_at.is_none()).map(read).transpose()
    }

    /// Creates a key. Returns it with its text, which cannot be read again later.
    pub async fn create_key(&self, caller: &Principal, new: NewKey) -> Result<(ApiKey, String)> {
        let Inner { db, env, .. } = &*self.inner;
        own_session(caller)?;
        let now = self.now();
        let name = text::tidy(&new.name);
        let length = name.chars().count();
        if length == 0 || length > NAME || name.chars().any(char::is_control) {
            return Err(faults::bad_key_name(NAME).at(["name"]));
        }
        if new.expires_at <= now || new.expires_at > now.saturating_add(LASTS) {
            return Err(faults::bad_key_end().at(["expiresAt"]));
        }
        let of = new.operator.to_string();
        let (mut roles, held) = (new.roles, rows::roles(db, &of).await?);
        if roles.is_empty() {
            return Err(faults::key_without_roles().at(["roles"]));
        }
        let (act, _) = acting(roles.clone(), held);
        if let Some(at) = roles.iter().position(|role| !act.contains(role)) {
            let fault = faults::role_not_held(&new.account, &roles[at]);
            return Err(fault.at(["roles".into(), at.to_string()]));
        }
        roles.sort_unstable();
        roles.dedup();
        if key_rows::of_operator(db, &of).await?.len() >= KEYS {
            return Err(faults::too_many_keys(KEYS).at(["account"]));
        }
        let id = env.ids.next();
        let key = ApiKey {
            id,
            operator: new.operator,
            name,
            roles,
            created_at: now,
            expires_at: new.expires_at,
            last_used_at: None,
        };
        let text = format!("{}_{}", key.prefix(), URL_SAFE_NO_PAD.encode(token::random()?));
        let row = api_key::Model {
            id: id.to_string(),
            operator_id: of,
            name: key.name.clone(),
            roles: serde_json::to_string(&key.roles).map_err(Error::internal)?,
            secret_hash: token::hash(text.as_bytes()),
            created_by: caller.operator.to_string(),
            created_at: now,
            expires_at: key.expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        let until = DateTime::from_timestamp_micros(key.expires_at).unwrap_or_default();
        let until = until.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let detail = json!({
            "key": id, "name": key.name, "of": new.account, "roles": key.roles, "expiresAt": until
        });
        let entry = self.entry(AuditKind::KeyMade, AuditActor::Caller(caller), detail)?;
        key_rows::add(db, row, &entry).await?;
        Ok((key, text))
    }

    /// Revokes a key: at once in this process, within `cache_ttl` in others.
    pub async fn revoke_key(&self, caller: &Principal, key: &ApiKey) -> Result<()> {
        let Inner { db, .. } = &*self.inner;
        own_session(caller)?;
        let login = rows::login_of_operator(db, &key.operator.to_string()).await?;
        let account = login.map(|login| login.account).unwrap_or_default();
        let detail = json!({ "key": key.id, "name": key.name, "of": account });
        let entry = self.entry(AuditKind::KeyRevoked, AuditActor::Caller(caller), detail)?;
        key_rows::revoke(db, &key.id.to_string(), self.now(), &entry).await?;
        self.forget(key.operator);
        Ok(())
    }

    /// Returns the principal behind the text of an API key.
    pub(super) async fn authenticate_key(&self, text: &str) -> Result<Principal> {
        let Inner { db, settings, sessions, .. } = &*self.inner;
        let now = self.now();
        let id = parse(text).ok_or_else(faults::key_invalid)?;
        let hash = token::hash(text.as_bytes());
        let seen = match sessions.get(id, Some(&hash), now) {
            Ok(principal) => return Ok(principal),
            Err(seen) => seen,
        };
        let row = key_rows::key(db, &id.to_string())
            .await?
            .filter(|row| row.secret_hash == hash && row.revoked_at.is_none())
            .ok_or_else(faults::key_invalid)?;
        let key = valid(row, now)?;
        let principal = self.acting_by(&key).await?;
        self.note_use(&key, &principal.account, now).await?;
        let until = later(now, settings.cache_ttl).min(key.expires_at);
        sessions.remember(&principal, Some(&hash), now, until, seen);
        Ok(principal)
    }

    /// Returns the principal of a key that was verified before.
    pub(super) async fn of_key(&self, id: Uuid) -> Result<Principal> {
        let row = key_rows::key(&self.inner.db, &id.to_string())
            .await?
            .filter(|row| row.revoked_at.is_none())
            .ok_or_else(faults::key_invalid)?;
        self.acting_by(&valid(row, self.now())?).await
    }

    async fn acting_by(&self, key: &ApiKey) -> Result<Principal> {
        let (account, facts) = self.describe(key.operator).await?;
        let held = rows::roles(&self.inner.db, &key.operator.to_string()).await?;
        let (roles, withheld) = acting(key.roles.clone(), held);
        Ok(Principal {
            operator: key.operator,
            account,
            name: facts.name,
            employee: facts.employee,
            roles,
            via: Via::Key { id: key.id, withheld },
        })
    }

    async fn note_use(&self, key: &ApiKey, account: &str, now: i64) -> Result<()> {
        let db = &self.inner.db;
        let id = key.id.to_string();
        match key.last_used_at {
            None => {
                let by = AuditActor::Operator(key.operator, account);
                let detail = json!({ "key": key.id, "name": key.name });
                let entry = self.entry(AuditKind::KeyFirstUsed, by, detail)?;
                key_rows::first_use(db, &id, now, &entry).await
            }
            Some(last) if now >= last.saturating_add(NOTED) => {
                key_rows::use_again(db, &id, now).await
            }
            Some(_) => Ok(()),
        }
    }
}

/// Returns the key unless it has expired.
fn valid(row: api_key::Model, now: i64) -> Result<ApiKey> {
    if now >= row.expires_at { Err(faults::key_expired()) } else { read(row) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_by_its_form() {
        let id = Uuid::from_u128(7);
        let text = format!("tw_{}_{}", id.simple(), "a_b-".repeat(10));
        assert!(is_one(&text));
        assert_eq!(parse(&text), Some(id));
        let (short, long) = (format!("tw_{}", id.simple()), format!("{text}{}", "x".repeat(60)));
        for bad in ["tw_", "tw__", "tw_a_b", &format!("tw_{id}_abc"), &short, &long] {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert!(!is_one("eyJhbGciOiJIUzI1NiJ9"));
    }

    #[test]
    fn a_key_has_at_most_what_its_account_holds() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let cases = [
            ("a b", "b c", "b", "c"),
            ("a", "", "", ""),
            ("administrator", "a", "", "a"),
            ("a b", "administrator c", "a b", "administrator c"),
            ("administrator", "administrator c", "administrator", "c"),
        ];
        for (of_key, held, roles, withheld) in cases {
            let got = acting(words(of_key), words(held));
            assert_eq!(got, (words(roles), words(withheld)), "{of_key} of {held}");
        }
    }
}
