//! Counts failed sign-ins in memory and writes them to the audit trail later.
//!
//! Guessing must not fill the table, and response times must not reveal whether an account exists. So a
//! failure only raises a counter. [`super::Identity::settle`] writes one row per [`WINDOW`] and existing
//! account, or per address if the account does not exist. While the window lasts, the row is updated with the
//! greater count. Names of accounts that do not exist are not stored, because they are often passwords.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, SecondsFormat};
use sea_orm::sea_query::InsertStatement;
use serde_json::json;
use uuid::Uuid;

use super::throttle::{LONGEST, network};
use crate::{
    base::error::Result,
    storage::audit::{AuditEvent, AuditKind, entry_as},
};

/// How long failures count into one row: the longest wait of the throttle.
const WINDOW: i64 = LONGEST;
/// Most addresses with a row of their own. The others share one row.
pub(super) const ADDRESSES: usize = 200;
/// Most addresses listed in the row of an account.
const NAMED: usize = 10;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Subject {
    Account(String),
    Address(String),
    Elsewhere,
}

/// One row per key and window.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    kind: AuditKind,
    subject: Subject,
}

#[derive(Debug)]
struct Row {
    id: Uuid,
    since: i64,
    last: i64,
    count: u64,
    written: u64,
    addresses: BTreeSet<String>,
}

/// A row that must be written.
pub(super) struct FailureRow {
    key: Key,
    id: Uuid,
    since: i64,
    last: i64,
    count: u64,
    addresses: Vec<String>,
}

impl FailureRow {
    /// Returns the statement that writes the row.
    pub(super) fn entry(&self) -> Result<InsertStatement> {
        let last = DateTime::from_timestamp_micros(self.last).unwrap_or_default();
        let account = match &self.key.subject {
            Subject::Account(account) => Some(account.as_str()),
            Subject::Address(_) | Subject::Elsewhere => None,
        };
        let detail = json!({
            "count": self.count,
            "lastAt": last.to_rfc3339_opts(SecondsFormat::AutoSi, true),
            "addresses": self.addresses,
        });
        let event = AuditEvent { account, detail, ..AuditEvent::default() };
        entry_as(self.id, self.since, self.key.kind, &event)
    }
}

/// Counters by kind and subject.
#[derive(Default)]
pub(super) struct Failures(Mutex<HashMap<Key, Row>>);

impl Failures {
    /// Counts one failure. Pass `account` only if it exists.
    pub(super) fn note(
        &self,
        kind: AuditKind,
        account: Option<&str>,
        address: Option<&str>,
        now: i64,
        fresh: impl FnOnce() -> Uuid,
    ) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let address = address.map(network);
        let subject = match (account, &address) {
            (Some(account), _) => Subject::Account(account.to_owned()),
            (None, Some(address)) => Subject::Address(address.clone()),
            (None, None) => Subject::Elsewhere,
        };
        let mut key = Key { kind, subject };
        if matches!(key.subject, Subject::Address(_)) && !rows.contains_key(&key) {
            let known = |key: &&Key| matches!(key.subject, Subject::Address(_));
            if rows.keys().filter(known).count() >= ADDRESSES {
                key.subject = Subject::Elsewhere;
            }
        }
        // A finished window that was written makes room for the next one.
        if rows.get(&key).is_some_and(|row| row.over(now) && row.written == row.count) {
            rows.remove(&key);
        }
        let row = rows.entry(key).or_insert_with(|| Row {
            id: fresh(),
            since: now,
            last: now,
            count: 0,
            written: 0,
            addresses: BTreeSet::new(),
        });
        row.count += 1;
        row.last = now;
        if row.addresses.len() < NAMED {
            row.addresses.extend(address);
        }
    }

    /// Returns the rows with unwritten failures. Drops windows that are over and written.
    pub(super) fn due(&self, now: i64) -> Vec<FailureRow> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.retain(|_, row| row.written < row.count || !row.over(now));
        let unwritten = rows.iter().filter(|(_, row)| row.written < row.count);
        unwritten
            .map(|(key, row)| FailureRow {
                key: key.clone(),
                id: row.id,
                since: row.since,
                last: row.last,
                count: row.count,
                addresses: row.addresses.iter().cloned().collect(),
            })
            .collect()
    }

    /// Marks a row as written.
    pub(super) fn written(&self, due: &FailureRow) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(row) = rows.get_mut(&due.key).filter(|row| row.id == due.id) {
            row.written = row.written.max(due.count);
        }
    }
}

impl Row {
    fn over(&self, now: i64) -> bool {
        now >= self.since.saturating_add(WINDOW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(failures: &Failures, account: Option<&str>, address: &str, now: i64) {
        let fresh = || Uuid::from_u128(u128::try_from(now).unwrap());
        failures.note(AuditKind::SignInFailed, account, Some(address), now, fresh);
    }

    #[test]
    fn a_window_is_one_row() {
        let failures = Failures::default();
        for n in 0..1000 {
            note(&failures, Some("zhang"), "192.0.2.1", 100 + n);
        }
        let due = failures.due(2000);
        assert_eq!(due.len(), 1);
        assert_eq!((due[0].count, due[0].since), (1000, 100));
        failures.written(&due[0]);
        assert!(failures.due(2000).is_empty());
        // A failure within the window goes into the same row, one after it into a new row.
        note(&failures, Some("zhang"), "192.0.2.2", 3000);
        let again = failures.due(3000);
        assert_eq!((again[0].id, again[0].count), (due[0].id, 1001));
        failures.written(&again[0]);
        note(&failures, Some("zhang"), "192.0.2.2", 100 + WINDOW);
        let next = failures.due(100 + WINDOW);
        assert_eq!((next[0].count, next[0].since), (1, 100 + WINDOW));
        assert_ne!(next[0].id, due[0].id);
    }

    #[test]
    fn made_up_accounts_count_by_address_and_addresses_are_bounded() {
        let failures = Failures::default();
        for n in 0..5000 {
            note(&failures, None, &format!("10.0.{}.{}", n / 250, n % 250), 7);
        }
        let due = failures.due(8);
        assert_eq!(due.len(), ADDRESSES + 1);
        assert_eq!(due.iter().map(|due| due.count).sum::<u64>(), 5000);
        for due in &due {
            failures.written(due);
        }
        assert!(failures.due(7 + WINDOW).is_empty());
        assert!(failures.0.lock().unwrap().is_empty());
    }
}
