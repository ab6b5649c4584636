//! Who the sessions in use belong to, remembered for a moment, and what the tokens in use say.
//!
//! Spares the database a look and the token's signature a check at every request; knows not how either is
//! done.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use uuid::Uuid;

use super::token::Claims;
use crate::access::Principal;

/// More sessions than this are thinned out.
const SESSIONS: usize = 10_000;

struct Entry {
    principal: Principal,
    /// Hash of the API key it was proved by.
    secret: Option<String>,
    since: i64,
    until: i64,
}

impl Entry {
    /// Not before it was made either: a clock that is set back must not make it last longer.
    fn holds(&self, now: i64) -> bool {
        self.since <= now && now < self.until
    }
}

#[derive(Default)]
struct State {
    /// How often anything was forgotten.
    forgotten: u64,
    entries: HashMap<Uuid, Entry>,
    /// Claims of tokens whose signature was found good, by the whole token.
    tokens: HashMap<String, Arc<Claims>>,
}

/// Principals by session or API key. Instants are microseconds since the epoch.
#[derive(Default)]
pub(super) struct Sessions(Mutex<State>);

/// The state of the cache before a look into the database.
#[derive(Clone, Copy)]
pub(super) struct Seen(u64);

impl Sessions {
    /// The principal remembered, or what [`Sessions::remember`] needs later.
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

    /// Remembers a principal, unless something was forgotten since `seen`: what the database said
    /// before may no longer hold.
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

    /// What a token says whose signature was found good before. Whether it still holds, and its
    /// session with it, is for the caller to see.
    pub(super) fn claims(&self, token: &str) -> Option<Arc<Claims>> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.tokens.get(token).cloned()
    }

    /// Remembers what a token says; its signature was found good.
    pub(super) fn remember_claims(&self, token: &str, claims: &Arc<Claims>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.tokens.len() >= SESSIONS {
            state.tokens.clear();
        }
        state.tokens.insert(token.to_owned(), Arc::clone(claims));
    }

    /// Forgets all sessions and API keys of an operator.
    pub(super) fn forget_operator(&self, operator: Uuid) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.forgotten += 1;
        state.entries.retain(|_, entry| entry.principal.operator != operator);
    }

    /// Forgets everyone: the records that tell who someone is have changed.
    pub(super) fn forget_all(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.forgotten += 1;
        state.entries.clear();
    }
}
