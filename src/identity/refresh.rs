//! Refreshing: new tokens for a refresh token, which is used up by it.
//!
//! An answer can be lost on its way, and two windows can ask at once: for a moment a token that was used
//! gets the token in force again. It need not be kept for that: each follows from the one before. One used
//! later ends its session, since someone has a copy.

use std::time::Duration;

use super::{
    Identity, Inner, MICROS, Tokens,
    audit::By,
    invalid, later, rows,
    token::{Refresh, Signer},
};
use crate::{
    base::{LEEWAY, error::Result},
    storage::{audit::Kind, platform::session},
};

/// How long a refresh token that was used gets the one in force again.
const GRACE: Duration = Duration::from_secs(30);
/// Most tokens of a session that are known to have been used within that time.
const KNOWN: usize = 16;
/// How often a refresh looks again when another was first.
const TRIES: usize = 4;

/// A refresh token that is not in force.
enum Used {
    /// It was, a moment ago.
    Lately,
    /// It was, by another process's clock: whether that is long ago cannot be said.
    Unclear,
    /// It is too long ago, or was never known.
    Earlier,
}

impl Identity {
    /// New tokens for a refresh token. Of several refreshes at once, in this process or others, one makes the
    /// next token and all get it.
    pub async fn refresh(&self, refresh_token: &str) -> Result<Tokens> {
        let Inner { db, settings, signer, .. } = &*self.inner;
        let asked = self.now();
        let given = signer.parse(refresh_token)?;
        let id = given.session.to_string();
        for _ in 0..TRIES {
            let session = self.live(&id).await?;
            let operator = rows::id(&session.operator_id)?;
            if session.refresh_hash == given.hash {
                self.describe(operator).await?;
                let next = signer.next(&given)?;
                let now = self.now();
                let change = rows::Rotation {
                    id: &id,
                    old: &given.hash,
                    new: &next.hash,
                    used: &self.with(&session, now),
                    now: now.max(session.last_used_at),
                    expires_at: later(now, settings.refresh_ttl).max(session.expires_at),
                };
                if rows::rotate(db, &change).await? {
                    return self.tokens(operator, given.session, next.text());
                }
                // Another was first: what it made is there now.
                continue;
            }
            return match self.used(&session, &given.hash, asked) {
                Used::Lately => {
                    self.describe(operator).await?;
                    let now = in_force(signer, &session, given)?;
                    self.tokens(operator, now.session, now.text())
                }
                Used::Unclear => Err(invalid()),
                Used::Earlier => {
                    // Who asked before the last one was made had no way to know it.
                    if asked >= session.last_used_at {
                        let login = rows::login_of_operator(db, &session.operator_id).await?;
                        let account = login.map(|login| login.account).unwrap_or_default();
                        let by = By::Unknown(&account);
                        self.end(Kind::RefreshReused, by, operator, given.session).await?;
                    }
                    Err(invalid())
                }
            };
        }
        Err(invalid())
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX).saturating_mul(MICROS)
}

/// A refresh token that was used.
struct Use<'s> {
    hash: &'s str,
    at: i64,
    /// The process that gave the next one for it.
    by: &'s str,
}

/// The tokens used of late, the newest first, kept as `hash@when@where hash@when@where`. Of a hash alone it is
/// known that it was used when a token was last handed out.
fn uses(session: &session::Model) -> impl Iterator<Item = Use<'_>> {
    let kept = session.previous_hash.as_deref().unwrap_or_default();
    kept.split(' ').filter(|entry| !entry.is_empty()).map(|entry| {
        let mut parts = entry.split('@');
        let hash = parts.next().unwrap_or_default();
        let at = parts.next().and_then(|at| at.parse().ok()).unwrap_or(session.last_used_at);
        Use { hash, at, by: parts.next().unwrap_or_default() }
    })
}

impl Identity {
    /// The same with the token in force, which is used at `now`; without those that are past.
    fn with(&self, session: &session::Model, now: i64) -> String {
        let whole = micros(GRACE) + micros(LEEWAY);
        let late = uses(session).filter(|used| now.saturating_sub(used.at) < whole);
        let late = late.take(KNOWN - 1).map(|Use { hash, at, by }| format!("{hash}@{at}@{by}"));
        let last = format!("{}@{now}@{}", session.refresh_hash, self.inner.process);
        std::iter::once(last).chain(late).collect::<Vec<_>>().join(" ")
    }

    fn used(&self, session: &session::Model, hash: &str, now: i64) -> Used {
        let Some(known) = uses(session).find(|known| known.hash == hash) else {
            return Used::Earlier;
        };
        let ago = now.saturating_sub(known.at);
        let elsewhere = known.by != self.inner.process;
        if ago < micros(GRACE) && ago >= -micros(LEEWAY) {
            Used::Lately
        } else if ago < 0 || (elsewhere && ago < micros(GRACE) + micros(LEEWAY)) {
            Used::Unclear
        } else {
            Used::Earlier
        }
    }
}

/// The token in force that follows from one used before.
fn in_force(signer: &Signer, session: &session::Model, from: Refresh) -> Result<Refresh> {
    let mut at = from;
    for _ in 0..KNOWN {
        at = signer.next(&at)?;
        if at.hash == session.refresh_hash {
            return Ok(at);
        }
    }
    // A session from before tokens followed from each other.
    Err(invalid())
}
