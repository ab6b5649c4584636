//! Limits and times of subscriptions.

use std::time::Duration;

/// Limits and times of subscriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveSettings {
    /// Most records per subscription, unless it follows all records of an object without a row rule.
    pub records: u32,
    /// Most subscriptions of this process.
    pub subscriptions: usize,
    /// Most subscriptions per person.
    pub each: usize,
    /// Most ids of records that all subscriptions together may keep. One person may use a quarter.
    pub ids: usize,
    /// How often a subscription is checked without events: whether its caller may still read, and which
    /// records entered or left by time or rights alone.
    pub recheck: Duration,
    /// Longest time to compute the messages for a batch of events.
    pub step: Duration,
}

impl Default for LiveSettings {
    fn default() -> Self {
        Self {
            records: 50_000,
            subscriptions: 10_000,
            each: 500,
            ids: 5_000_000,
            recheck: Duration::from_secs(15),
            step: Duration::from_secs(30),
        }
    }
}
