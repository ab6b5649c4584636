//! Refreshing: exchanges a refresh token for new tokens and consumes it.
//!
//! A response can get lost, and two windows can refresh at once. So for [`GRACE`] a used token returns the
//! current token again. The current token need not be stored for that, because each token derives from the
//! one before. A used token that comes later ends its session, since someone has a copy.

use std::time::Duration;

use super::{
    Identity, Inner, MICROS, Tokens,
    audit::AuditActor,
    faults, later, rows,
    token::{Refresh, Signer},
};
use crate::{
    base::{LEEWAY, error::Result},
    storage::{audit::AuditKind, platform::session},
};

/// How long a used refresh token still returns the current one.
const GRACE: Duration = Duration::from_secs(30);
/// Most used tokens stored for a session.
const KNOWN: usize = 16;
/// How often a refresh retries if another was first.
const TRIES: usize = 4;

/// The age of a used refresh token.
enum Used {
    /// Used within the grace period.
    Lately,
    /// Used according to another process's clock, so it may or may not be within the grace period.
    Unclear,
    /// Used too long ago, or unknown.
    Earlier,
}

impl Identity {
    /// Exchanges a refresh token. If several requests refresh at once, in any process, one makes the next
    /// token and all get it.
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
                // Another refresh was first. Read its result.
                continue;
            }
            return match self.used(&session, &given.hash, asked) {
                Used::Lately => {
                    self.describe(operator).await?;
                    let now = in_force(signer, &session, given)?;
                    self.tokens(operator, now.session, now.text())
                }
                Used::Unclear => Err(faults::token_invalid()),
                Used::Earlier => {
                    // A request that began before the last refresh could not know the new token.
                    if asked >= session.last_used_at {
                        let login = rows::login_of_operator(db, &session.operator_id).await?;
                        let account = login.map(|login| login.account).unwrap_or_default();
                        let by = AuditActor::Unknown(&account);
                        self.end(AuditKind::RefreshReused, by, operator, given.session).await?;
                    }
                    Err(faults::token_invalid())
                }
            };
        }
        Err(faults::token_invalid())
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX).saturating_mul(MICROS)
}

/// A stored use of a refresh token.
struct Use<'s> {
    hash: &'s str,
    at: i64,
    /// The process that replaced it.
    by: &'s str,
}

/// Parses the used tokens, newest first, stored as `hash@when@process hash@when@process`. A bare hash counts
/// as used when a token was last issued.
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
    /// The text to store after using the current token at `now`. Drops expired uses.
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

/// Derives the current token from an earlier one.
fn in_force(signer: &Signer, session: &session::Model, from: Refresh) -> Result<Refresh> {
    let mut at = from;
    for _ in 0..KNOWN {
        at = signer.next(&at)?;
        if at.hash == session.refresh_hash {
            return Ok(at);
        }
    }
    // The session is older than derived tokens.
    Err(faults::token_invalid())
}
