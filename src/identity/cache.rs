//! Caches the principals of sessions and API keys for a short time, and the claims of access tokens.
//!
//! Saves a database read and a signature check for each request. Does not know how either works.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

use super::token::Claims;
use crate::access::Principal;

/// At this size the caches are thinned out.
const SESSIONS: usize = 10_000;

struct Entry {
    principal: Principal,
    /// Hash of the API key, if the principal was proved by one.
    secret: Option<String>,
    since: i64,
    until: i64,
}

impl Entry {
    /// False before `since`, too: a clock that was set back must not extend the entry.
    fn holds(&self, now: i64) -> bool {
        self.since <= now && now < self.until
    }
}

#[derive(Default)]
struct State {
    /// How many times `forget_operator` and `forget_all` were called.
    forgotten: u64,
    entries: HashMap<Uuid, Entry>,
    /// Claims of tokens with a valid signature, by the whole token.
    tokens: HashMap<String, Arc<Claims>>,
}

/// Principals by session or API key. Instants are in microseconds since 1970.
#[derive(Default)]
pub(super) struct Sessions(Mutex<State>);

/// The value of `forgotten` before a database read.
#[derive(Clone, Copy)]
pub(super) struct Seen(u64);

impl Sessions {
    /// Returns the cached principal, or what [`Sessions::remember`] needs later.
    pub(super) fn get(
        &self,
        proof: Uuid,
        secret: Option<&str>,
        now: i64,
    ) -> Result<Principal, Seen> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let holds = |entry: &&Entry| entry.holds(now) && entry.secret.as_deref() == secret;
        match state.entries.get(&proof).filter(holds) {
            Some(entry) => Ok(entry.principal.clone()),
            None => Err(Seen(state.forgotten)),
        }
    }

    /// Caches a principal, unless something was evicted since `seen`: the database read may then be stale.
    pub(super) fn remember(
        &self,
        principal: &Principal,
        secret: Option<&str>,
        now: i64,
        until: i64,
        seen: Seen,
    ) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.forgotten != seen.0 {
            return;
        }
        if state.entries.len() >= SESSIONS {
            state.entries.retain(|_, entry| entry.holds(now));
            if state.entries.len() >= SESSIONS {
                state.entries.clear();
            }
        }
        let secret = secret.map(str::to_owned);
        let entry = Entry { principal: principal.clone(), secret, since: now, until };
        state.entries.insert(principal.proof(), entry);
    }

    /// Returns the claims of a token whose signature was valid before. The caller must check that the claims
    /// and the session are still valid.
    pub(super) fn claims(&self, token: &str) -> Option<Arc<Claims>> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.tokens.get(token).cloned()
    }

    /// Caches the claims of a token with a valid signature.
    pub(super) fn remember_claims(&self, token: &str, claims: &Arc<Claims>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.tokens.len() >= SESSIONS {
            state.tokens.clear();
        }
        state.tokens.insert(token.to_owned(), Arc::clone(claims));
    }

    /// Evicts all sessions and API keys of an operator.
    pub(super) fn forget_operator(&self, operator: Uuid) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.forgotten += 1;
        state.entries.retain(|_, entry| entry.principal.operator != operator);
    }

    /// Evicts everyone, because records that identify people have changed.
    pub(super) fn forget_all(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.forgotten += 1;
        state.entries.clear();
    }
}
