//! How many approvals of records wait for decisions. Their rows are those of `records`.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query};

use super::Database;
use crate::{
    base::{Error, Result},
    catalog::PENDING,
};

/// How many records of an object wait: `SELECT COUNT(id) FROM tw_approval WHERE state = 'PENDING' AND object = $1`.
pub async fn waiting(database: &Database, object: &str) -> Result<i64> {
    let column = |name: &str| Expr::col(Alias::new(name));
    let count = Query::select()
        .expr(Func::count(column("id")))
        .from(Alias::new("tw_approval"))
        .and_where(column("state").eq(PENDING))
        .and_where(column("object").eq(object))
        .to_owned();
    let rows = database.select(&count).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0).map_err(Error::internal))
}
