//! An open transaction: the driver's own on SQLite, one on a kept connection on PostgreSQL.

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};

use super::postgres_transaction::HeldTransaction;

/// An open transaction. Dropped without a commit it is rolled back.
pub(super) enum OpenTransaction {
    /// The driver's.
    Driver(DatabaseTransaction),
    /// One on a connection that is kept.
    Held(HeldTransaction),
}

impl OpenTransaction {
    /// Commits it.
    pub(super) async fn commit(self) -> Result<(), DbErr> {
        match self {
            Self::Driver(driver) => driver.commit().await,
            Self::Held(held) => held.commit().await,
        }
    }
}

#[async_trait]
impl ConnectionTrait for OpenTransaction {
    fn get_database_backend(&self) -> DbBackend {
        match self {
            Self::Driver(driver) => driver.get_database_backend(),
            Self::Held(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self {
            Self::Driver(driver) => driver.execute_raw(statement).await,
            Self::Held(held) => held.carry_out(&statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self {
            Self::Driver(driver) => driver.execute_unprepared(sql).await,
            Self::Held(held) => held.send(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.query_all_raw(statement).await.map(|found| found.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self {
            Self::Driver(driver) => driver.query_all_raw(statement).await,
            Self::Held(held) => held.read(&statement).await,
        }
    }
}
