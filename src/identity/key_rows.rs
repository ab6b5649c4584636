//! Statements of API keys. Knows no secrets and no clock.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, InsertStatement},
};

use super::rows::failed;
use crate::{
    base::error::Result,
    storage::{Database, platform::api_key},
};

pub(super) async fn key(db: &Database, id: &str) -> Result<Option<api_key::Model>> {
    api_key::Entity::find_by_id(id).one(db).await.map_err(failed)
}

/// Returns all keys that are not revoked.
pub(super) async fn all(db: &Database) -> Result<Vec<api_key::Model>> {
    let kept = api_key::Entity::find().filter(api_key::Column::RevokedAt.is_null());
    kept.all(db).await.map_err(failed)
}

/// Returns an operator's keys that are not revoked, newest first.
pub(super) async fn of_operator(db: &Database, operator: &str) -> Result<Vec<api_key::Model>> {
    api_key::Entity::find()
        .filter(api_key::Column::OperatorId.eq(operator))
        .filter(api_key::Column::RevokedAt.is_null())
        .order_by_desc(api_key::Column::Id)
        .all(db)
        .await
        .map_err(failed)
}

/// Inserts a key and its audit entry.
pub(super) async fn add(db: &Database, key: api_key::Model, entry: &InsertStatement) -> Result<()> {
    let tx = db.begin().await?;
    api_key::Entity::insert(api_key::ActiveModel::from(key).reset_all())
        .exec_without_returning(&tx)
        .await
        .map_err(failed)?;
    tx.execute(entry).await.map_err(failed)?;
    tx.commit().await
}

/// Revokes a key and writes the audit entry. Returns false and writes nothing if it was revoked before.
pub(super) async fn revoke(
    db: &Database,
    id: &str,
    now: i64,
    entry: &InsertStatement,
) -> Result<bool> {
    let tx = db.begin().await?;
    let ended = api_key::Entity::update_many()
        .col_expr(api_key::Column::RevokedAt, Expr::value(now))
        .filter(api_key::Column::Id.eq(id))
        .filter(api_key::Column::RevokedAt.is_null())
        .exec(&tx)
        .await
        .map_err(failed)?;
    let ended = ended.rows_affected == 1;
    if ended {
        tx.execute(entry).await.map_err(failed)?;
    }
    tx.commit().await?;
    Ok(ended)
}

/// Records the first use of a key. Of concurrent uses, only one writes the audit entry.
pub(super) async fn first_use(
    db: &Database,
    id: &str,
    now: i64,
    entry: &InsertStatement,
) -> Result<()> {
    let tx = db.begin().await?;
    let noted = api_key::Entity::update_many()
        .col_expr(api_key::Column::LastUsedAt, Expr::value(now))
        .filter(api_key::Column::Id.eq(id))
        .filter(api_key::Column::LastUsedAt.is_null())
        .exec(&tx)
        .await
        .map_err(failed)?;
    if noted.rows_affected == 1 {
        tx.execute(entry).await.map_err(failed)?;
    }
    tx.commit().await
}

/// Records a later use.
pub(super) async fn use_again(db: &Database, id: &str, now: i64) -> Result<()> {
    api_key::Entity::update_many()
        .col_expr(api_key::Column::LastUsedAt, Expr::value(now))
        .filter(api_key::Column::Id.eq(id))
        .filter(api_key::Column::LastUsedAt.lt(now))
        .exec(db)
        .await
        .map_err(failed)?;
    Ok(())
}
