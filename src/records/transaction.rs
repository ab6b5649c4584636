//! A transaction for the commands of a mutation. Each command is written completely or not at all.

use uuid::Uuid;

use super::{
    bulk::{OnError, Outcome, carry_out_all},
    change::Change,
    idempotency::{self, KeyClaim, Once},
    operations::Command,
    relate,
    save::is_users,
    session::Session,
};
use crate::{
    base::Result,
    catalog::ObjectIx,
    storage::{Tx, rights, settings},
};

/// A transaction in which commands run.
pub struct Work<'s> {
    session: &'s Session,
    tx: Tx,
}

impl<'s> Work<'s> {
    /// Begins a transaction. Dropping it without a commit rolls it back.
    pub async fn begin(session: &'s Session) -> Result<Self> {
        Ok(Self { session, tx: session.database.begin().await? })
    }

    /// Commits.
    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await
    }

    /// Counts the administrators who could sign in after a commit.
    pub async fn administrators(&self) -> Result<usize> {
        let catalog = &self.session.catalog;
        match (catalog.named("Operator"), catalog.named("Employee")) {
            (Some(operator), Some(employee)) => {
                rights::administrators(&self.tx, operator, employee).await
            }
            _ => Ok(0),
        }
    }

    /// Sets a setting of the company in this transaction.
    pub async fn set(&self, key: &str, value: &str) -> Result<()> {
        settings::set(&self.tx, key, value).await
    }

    /// Executes a command, unless it ran before with the same key. Returns its outcome.
    pub async fn carry_out_once(&self, command: &dyn Command, once: &Once) -> Result<Outcome> {
        match idempotency::claim(self.session, &self.tx, once).await? {
            KeyClaim::Known(outcome) => Ok(outcome),
            KeyClaim::New(id) => {
                let outcome = self.carry_out(command).await?;
                idempotency::settle(&self.tx, &id, &outcome).await?;
                Ok(outcome)
            }
        }
    }

    /// Deletes several records of one object that may refer to each other: all or none.
    pub async fn remove(&self, object: ObjectIx, changes: &[Change]) -> Result<Vec<Uuid>> {
        let (session, tx) = (self.session, &self.tx);
        let object = session.catalog.object(object);
        tx.mark().await?;
        let done = carry_out_all(session, tx, object, changes, OnError::Abort, |_| None).await?;
        let ids = done.ids();
        if ids.is_empty() {
            tx.back().await?;
            tx.forget_noted();
        } else {
            relate::keep(session, tx).await?;
            tx.keep().await?;
        }
        Ok(ids)
    }

    /// Executes a command. If it is refused, or is a dry run, nothing is written.
    pub async fn carry_out(&self, command: &dyn Command) -> Result<Outcome> {
        let (session, tx) = (self.session, &self.tx);
        tx.mark().await?;
        let outcome = command.run(session, tx).await?;
        if command.is_dry_run() || outcome.rows().is_empty() {
            tx.back().await?;
            tx.forget_noted();
            return Ok(outcome);
        }
        match relate::keep(session, tx).await {
            Ok(()) => tx.keep().await?,
            Err(error) if is_users(error.code) => {
                tx.back().await?;
                tx.forget_noted();
                return Ok(Outcome::refused(vec![error]));
            }
            Err(error) => return Err(error),
        }
        Ok(outcome)
    }
}
