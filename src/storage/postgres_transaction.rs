//! A transaction on a connection that stays out of PostgreSQL's pool.
//!
//! The driver's own transactions return their connection to the pool, which pings it. This one begins and ends by
//! statements, and its connection goes on to the next read or transaction. One that is dropped is rolled back first.

use std::sync::Arc;

use sea_orm::{DbErr, ExecResult, QueryResult, Statement};
use tokio::{runtime::Handle, sync::Mutex};

use super::{
    driver_errors::over,
    postgres_pool::{Held, KeptConnection},
};
use crate::sql::platform;

/// An open transaction.
pub(super) struct HeldTransaction {
    held: Arc<Held>,
    /// None once the transaction has ended.
    kept: Mutex<Option<KeptConnection>>,
}

impl HeldTransaction {
    /// Begins one by a statement such as `BEGIN`.
    pub(super) async fn begin(held: &Arc<Held>, begin: &str) -> Result<Self, DbErr> {
        let kept = Mutex::new(Some(held.lend().await?));
        // Before the statement: if it is cut off, the drop below rolls back what it may have begun.
        let transaction = Self { held: Arc::clone(held), kept };
        transaction.send(begin).await?;
        Ok(transaction)
    }

    /// Runs a query.
    pub(super) async fn read(&self, statement: &Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.kept.lock().await.as_mut().ok_or_else(over)?.read(statement).await
    }

    /// Runs a statement that answers no rows.
    pub(super) async fn carry_out(&self, statement: &Statement) -> Result<ExecResult, DbErr> {
        self.kept.lock().await.as_mut().ok_or_else(over)?.carry_out(statement).await
    }

    /// Runs a text without preparing it.
    pub(super) async fn send(&self, text: &str) -> Result<ExecResult, DbErr> {
        self.kept.lock().await.as_mut().ok_or_else(over)?.send(text).await
    }

    /// Commits. After an error the state of the connection is unknown, and the drop sees to it.
    pub(super) async fn commit(self) -> Result<(), DbErr> {
        let mut kept = self.kept.lock().await;
        kept.as_mut().ok_or_else(over)?.send(platform::COMMIT).await?;
        if let Some(kept) = kept.take() {
            self.held.give_back(kept);
        }
        Ok(())
    }
}

impl Drop for HeldTransaction {
    fn drop(&mut self) {
        let Some(mut kept) = self.kept.get_mut().take() else { return };
        let Ok(runtime) = Handle::try_current() else {
            // Nobody is left to roll back; the server does when the connection closes.
            kept.connection.close_on_drop();
            return;
        };
        let held = Arc::clone(&self.held);
        runtime.spawn(async move {
            // A statement that was cut off is waited for.
            match kept.send(platform::ROLLBACK).await {
                Ok(_) => held.give_back(kept),
                Err(error) => {
                    tracing::debug!(%error, "a transaction was not rolled back");
                    kept.connection.close_on_drop();
                }
            }
        });
    }
}
