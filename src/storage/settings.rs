//! Settings of the company: values such as secrets that are made once and shared by all processes.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Query};

use super::{Database, Tx, fault};
use crate::base::{Error, Result};

const TABLE: &str = "tw_setting";

/// The setting of a key.
pub async fn get(database: &Database, key: &str) -> Result<Option<String>> {
    let select = Query::select()
        .column(Alias::new("value"))
        .from(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new("key")).eq(key))
        .to_owned();
    match database.select(&select).await?.first() {
        Some(row) => row.try_get_by_index(0).map(Some).map_err(Error::internal),
        None => Ok(None),
    }
}

/// Returns the setting of a key, or sets it to `value` if it is missing. If several processes race, all get
/// the value of the first.
pub async fn get_or_set(database: &Database, key: &str, value: &str) -> Result<String> {
    if let Some(present) = get(database, key).await? {
        return Ok(present);
    }
    let insert = Query::insert()
        .into_table(Alias::new(TABLE))
        .columns([Alias::new("key"), Alias::new("value")])
        .values([key.into(), value.into()])
        .map_err(Error::internal)?
        .on_conflict(OnConflict::column(Alias::new("key")).do_nothing().to_owned())
        .to_owned();
    let tx = database.begin().await?;
    tx.insert(&insert).await.map_err(fault)?;
    tx.commit().await?;
    get(database, key).await?.ok_or_else(|| Error::internal("a setting vanished"))
}

/// Sets the value of a key in a transaction of its own.
pub async fn put(database: &Database, key: &str, value: &str) -> Result<()> {
    let tx = database.begin().await?;
    set(&tx, key, value).await?;
    tx.commit().await
}

/// Sets the value of a key. Until the transaction ends, others who set it wait.
pub async fn set(tx: &Tx, key: &str, value: &str) -> Result<()> {
    let insert = Query::insert()
        .into_table(Alias::new(TABLE))
        .columns(["key", "value"].map(Alias::new))
        .values([key.into(), value.into()])
        .map_err(Error::internal)?
        .on_conflict(
            OnConflict::column(Alias::new("key")).update_column(Alias::new("value")).to_owned(),
        )
        .to_owned();
    tx.insert(&insert).await.map(|_| ()).map_err(fault)
}
