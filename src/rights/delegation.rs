//! Delegations: for a time an employee has the rights of an absent colleague to their records.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{Rights, faults};
use crate::{
    access::RowRule,
    base::Result,
    records::{self, Session},
    storage::{
        audit,
        delegations::{self, Delegation},
    },
};

/// The longest delegation.
const LONGEST: Duration = Duration::days(366);

impl Rights {
    /// Creates a delegation from one employee to another, from `since` until `until`. `since` defaults to
    /// now.
    pub async fn delegate(
        &self,
        session: &Session,
        (from, to): (Uuid, Uuid),
        (since, until): (Option<DateTime<Utc>>, DateTime<Utc>),
        reason: &str,
    ) -> Result<Delegation> {
        let now = self.source.env.clock.now();
        let since = since.unwrap_or(now);
        if from == to {
            return Err(faults::delegated_to_oneself().at(["to"]));
        }
        if until <= since || until <= now {
            return Err(faults::delegation_ends_early().at(["until"]));
        }
        if until - since > LONGEST {
            return Err(faults::delegation_too_long().at(["until"]));
        }
        for (at, id) in [("from", from), ("to", to)] {
            if !self.is_employee(session, id).await? {
                return Err(faults::no_employee().at([at]));
            }
        }
        let new = Delegation {
            id: self.source.env.ids.next(),
            from,
            to,
            since: since.timestamp_micros(),
            until: until.timestamp_micros(),
            reason: reason.to_owned(),
            made_by: session.access.operator(),
            made_at: now.timestamp_micros(),
        };
        let at = |micros: i64| DateTime::<Utc>::from_timestamp_micros(micros).unwrap_or_default();
        for (name, told) in [
            ("delegate", json!(new.id)),
            ("from", json!(from)),
            ("to", json!(to)),
            ("since", json!(at(new.since).to_rfc3339_opts(SecondsFormat::AutoSi, true))),
            ("until", json!(at(new.until).to_rfc3339_opts(SecondsFormat::AutoSi, true))),
        ] {
            audit::tell(name, told);
        }
        delegations::put(&self.source.database, &new).await?;
        self.forget();
        Ok(new)
    }

    async fn is_employee(&self, session: &Session, id: Uuid) -> Result<bool> {
        let Some(object) = session.catalog.named("Employee") else { return Ok(false) };
        let session = session.as_system("whether an employee is there");
        Ok(records::holds(&session, object, id, &[RowRule::All]).await?.is_some())
    }

    /// Returns delegations that are not over: those that an employee gave or received, or all.
    pub async fn delegations(&self, employee: Option<Uuid>) -> Result<Vec<Delegation>> {
        let now = self.source.env.clock.now().timestamp_micros();
        delegations::standing(&self.source.database, employee, now).await
    }

    /// Ends a delegation now.
    pub async fn end_delegation(&self, id: Uuid) -> Result<()> {
        let now = self.source.env.clock.now().timestamp_micros();
        delegations::end(&self.source.database, id, now).await?;
        self.forget();
        Ok(())
    }
}
