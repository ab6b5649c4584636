//! Drafts of definitions as rows: one text of each operator, over the version it began with.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};
use uuid::Uuid;

use super::{Database, Tx, fault};
use crate::base::{Env, Error, Result};

const TABLE: &str = "tw_schema_draft";

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDraft {
    /// The version of the definitions that it began with.
    pub base: i64,
    /// The whole text of one's own definitions, as edited.
    pub text: String,
    /// When it was saved last, in microseconds since 1970.
    pub changed_at: i64,
}

/// The draft of an operator.
pub async fn of(database: &Database, operator: Uuid) -> Result<Option<StoredDraft>> {
    let select = Query::select()
        .columns(["base", "body", "changed_at"].map(Alias::new))
        .from(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new("operator_id")).eq(operator.to_string()))
        .to_owned();
    let rows = database.select(&select).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(StoredDraft {
        base: row.try_get_by_index(0).map_err(Error::internal)?,
        text: row.try_get_by_index(1).map_err(Error::internal)?,
        changed_at: row.try_get_by_index(2).map_err(Error::internal)?,
    }))
}

/// Saves the draft of an operator in place of the one before.
pub async fn put(
    database: &Database,
    env: &Env,
    operator: Uuid,
    base: i64,
    text: &str,
) -> Result<()> {
    let columns = ["base", "body", "changed_at"].map(Alias::new);
    let insert = Query::insert()
        .into_table(Alias::new(TABLE))
        .columns(["operator_id", "base", "body", "changed_at"].map(Alias::new))
        .values([
            operator.to_string().into(),
            base.into(),
            text.into(),
            env.clock.now().timestamp_micros().into(),
        ])
        .map_err(Error::internal)?
        .on_conflict(
            OnConflict::column(Alias::new("operator_id")).update_columns(columns).to_owned(),
        )
        .to_owned();
    let tx = database.begin().await?;
    tx.insert(&insert).await.map_err(fault)?;
    tx.commit().await
}

/// Drops the draft of an operator. Returns whether there was one.
pub async fn drop_of(tx: &Tx, operator: Uuid) -> Result<bool> {
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new("operator_id")).eq(operator.to_string()))
        .to_owned();
    Ok(tx.delete(&delete).await.map_err(fault)? > 0)
}
