//! Throttles failed sign-ins per account and per address.
//!
//! Counts in this process's memory only. Knows no passwords and no database.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use super::faults;
use crate::base::{Error, error::Result};

const SECOND: i64 = 1_000_000;
/// One failure is forgotten per this period.
const FADE: i64 = 60 * SECOND;
/// At this size the counters are thinned out.
const KEYS: usize = 50_000;

/// The number of free failures, and the longest wait after further ones.
#[derive(Clone, Copy)]
struct Allowance {
    free: i64,
    longest: i64,
}

/// Short waits only: anyone can fail with another's account and must not lock them out for long.
const ACCOUNT: Allowance = Allowance { free: 5, longest: 60 * SECOND };
/// Many people can share an address.
const ADDRESS: Allowance = Allowance { free: 30, longest: LONGEST };
/// The longest wait of all.
pub(super) const LONGEST: i64 = 900 * SECOND;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Account(String),
    Address(String),
}

impl Key {
    fn allowance(&self) -> Allowance {
        match self {
            Self::Account(_) => ACCOUNT,
            Self::Address(_) => ADDRESS,
        }
    }
}

#[derive(Debug, Default)]
struct Count {
    failures: i64,
    /// Start of the fading that is not yet subtracted.
    since: i64,
    blocked_until: i64,
}

impl Count {
    /// The time left to wait. A clock that was set back does not extend it beyond the longest wait.
    fn waits(&self, longest: i64, now: i64) -> Option<i64> {
        let left = self.blocked_until.saturating_sub(now);
        (left > 0 && left <= longest).then_some(left)
    }

    fn fade(&mut self, now: i64) {
        self.since = self.since.min(now);
        let faded = now.saturating_sub(self.since) / FADE;
        if faded >= self.failures {
            (self.failures, self.since) = (0, now);
        } else {
            self.failures -= faded;
            self.since += faded * FADE;
        }
    }
}

/// Counts failures and decides who must wait.
#[derive(Default)]
pub(super) struct Throttle(Mutex<HashMap<Key, Count>>);

impl Throttle {
    /// Admits an attempt, or refuses it with the time to wait. An attempt counts as failed until
    /// [`Throttle::succeeded`], so that many concurrent ones are not all admitted.
    ///
    /// If the address must wait but the account has no failures of its own, the attempt is admitted. The
    /// returned time is then the wait for a wrong password. So strangers at one address cannot keep anyone
    /// from signing in.
    pub(super) fn attempt(
        &self,
        account: &str,
        address: Option<&str>,
        now: i64,
    ) -> Result<Option<i64>> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = keys(account, address);
        let waits = |key: &Key| counts.get(key)?.waits(key.allowance().longest, now);
        let of_address = keys.iter().skip(1).find_map(waits);
        let own = keys.first().and_then(waits);
        let clean = keys.first().and_then(|own| counts.get_mut(own)).is_none_or(|count| {
            count.fade(now);
            count.failures == 0
        });
        if let Some(left) = own.max(of_address.filter(|_| !clean)) {
            return Err(wait(left));
        }
        if counts.len() >= KEYS {
            thin(&mut counts, now);
        }
        for key in keys {
            let Allowance { free, longest } = key.allowance();
            let count = counts.entry(key).or_default();
            count.fade(now);
            count.failures += 1;
            if count.failures >= free {
                let doubled = (count.failures - free).min(20);
                count.blocked_until = now + (SECOND << doubled).min(longest);
            }
        }
        Ok(of_address)
    }

    /// Clears the failures of an account.
    pub(super) fn forget(&self, account: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.remove(&Key::Account(account.to_owned()));
    }

    /// Takes an attempt back: clears the account and restores the address's count.
    pub(super) fn succeeded(&self, account: &str, address: Option<&str>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys(account, address) {
            match key {
                Key::Account(_) => {
                    counts.remove(&key);
                }
                Key::Address(_) => {
                    if let Some(count) = counts.get_mut(&key) {
                        count.failures = (count.failures - 1).max(0);
                        if count.failures < ADDRESS.free {
                            count.blocked_until = 0;
                        }
                    }
                }
            }
        }
    }
}

fn keys(account: &str, address: Option<&str>) -> Vec<Key> {
    let mut keys = vec![Key::Account(account.to_owned())];
    keys.extend(address.map(|address| Key::Address(network(address))));
    keys
}

/// The address that one party has: an IPv6 address counts by its first 64 bits.
pub(super) fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(address) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

/// Drops counters without failures. If too many remain, keeps only those that must wait; if still too many,
/// drops all.
fn thin(counts: &mut HashMap<Key, Count>, now: i64) {
    counts.retain(|_, count| {
        count.fade(now);
        count.failures > 0 || count.blocked_until > now
    });
    if counts.len() >= KEYS {
        counts.retain(|_, count| count.blocked_until > now);
    }
    if counts.len() >= KEYS {
        counts.clear();
    }
}

pub(super) fn wait(micros: i64) -> Error {
    let seconds = micros / SECOND + i64::from(micros % SECOND > 0);
    faults::throttled(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Code;

    #[test]
    fn waits_grow_and_end() {
        let throttle = Throttle::default();
        let mut now = 1_000 * SECOND;
        for _ in 0..5 {
            throttle.attempt("li", None, now).unwrap();
        }
        let refused = throttle.attempt("li", None, now).unwrap_err();
        assert_eq!(refused.code, Code::AuthThrottled);
        throttle.attempt("wang", None, now).unwrap();
        now += SECOND;
        throttle.attempt("li", None, now).unwrap();
        throttle.attempt("li", None, now + SECOND).unwrap_err();
        throttle.attempt("li", None, now + 2 * SECOND).unwrap();
        throttle.attempt("li", None, now + 2 * SECOND).unwrap_err();
        throttle.succeeded("li", None);
        throttle.attempt("li", None, now + 2 * SECOND).unwrap();
    }

    #[test]
    fn a_clock_set_back_makes_nobody_wait_for_it() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            throttle.attempt("li", None, 100_000 * SECOND).unwrap();
        }
        throttle.attempt("li", None, 100_000 * SECOND).unwrap_err();
        throttle.attempt("li", None, 50_000 * SECOND).unwrap();
        for _ in 0..5 {
            throttle.attempt("li", None, 50_000 * SECOND + 600 * SECOND).ok();
        }
        throttle.attempt("li", None, 50_000 * SECOND + 600 * SECOND).unwrap_err();
    }

    #[test]
    fn an_address_counts_for_all_accounts() {
        let throttle = Throttle::default();
        for n in 0..30 {
            let address = format!("2001:db8::{n:x}");
            throttle.attempt(&format!("account{n}"), Some(&address), SECOND).unwrap();
        }
        // An account without failures is checked once. A wrong password must wait like all others.
        assert!(throttle.attempt("another", Some("2001:db8::ffff"), SECOND).unwrap().is_some());
        throttle.attempt("another", Some("2001:db8::ffff"), SECOND).unwrap_err();
        throttle.attempt("account7", Some("2001:db8::ffff"), SECOND).unwrap_err();
        assert_eq!(throttle.attempt("third", Some("2001:db8:0:1::1"), SECOND).unwrap(), None);
        throttle.succeeded("another", Some("2001:db8::ffff"));
        assert!(throttle.attempt("another", Some("2001:db8::ffff"), SECOND).unwrap().is_some());
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
    }
}
