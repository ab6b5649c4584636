//! `extensions.more`: the lists of a response that have further records, so that a client does not take a
//! page for the whole list.

use std::sync::PoisonError;

use serde_json::json;

use super::execution::{GoesOn, Run};

impl Run<'_> {
    fn goes_on(&self, note: impl FnOnce(&mut GoesOn)) {
        note(&mut self.goes_on.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Adds lists that were read since, below a key of a payload. Records that were read as one list have
    /// that list's internal key first; it is removed.
    pub(super) fn goes_on_below(&self, key: &str) {
        let ways = self.session.beyond.take();
        self.goes_on(|lists| {
            lists.payload.extend(ways.iter().map(|way| {
                let own = way.iter().filter(|step| !step.starts_with(' ')).cloned();
                std::iter::once(key.to_owned()).chain(own).collect()
            }));
        });
    }

    /// Adds lists that were read since, below a root field.
    pub(super) fn goes_on_at(&self, key: &str) {
        let ways = self.session.beyond.take();
        self.goes_on(|lists| {
            let below = std::mem::take(&mut lists.payload);
            for way in below.into_iter().chain(ways.iter().map(|way| way.to_vec())) {
                let way = std::iter::once(key.to_owned()).chain(way).collect();
                if !lists.told.contains(&way) {
                    lists.told.push(way);
                }
            }
        });
    }

    /// Drops lists that were read since, because they are not returned.
    pub(super) fn forget_goes_on(&self) {
        self.session.beyond.take();
        self.goes_on(|lists| lists.payload.clear());
    }

    /// Writes `,"more":[["customerAggregate"],["customers","nodes","contacts"]]`, if there are any.
    pub(super) fn write_goes_on(&self, out: &mut String) {
        self.goes_on(|lists| {
            if !lists.told.is_empty() {
                out.push_str(",\"more\":");
                out.push_str(&json!(lists.told).to_string());
            }
        });
    }
}
