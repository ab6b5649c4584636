//! What stored saved views and dashboards ask for, changed where names of their definitions change.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, LockType, Order, Query};
use serde_json::Value as Json;

use super::{Tx, fault};
use crate::{
    base::{Error, Result},
    sql::Dialect,
};

/// Changes the questions for which `change` gives another: `UPDATE tw_saved_view SET question = $1 WHERE id = $2`. The
/// views stay as they are otherwise.
pub async fn change(tx: &Tx, change: impl Fn(&str, &Json) -> Option<Json>) -> Result<()> {
    texts(tx, "tw_saved_view", ["object", "question"], change).await
}

/// The same for the contents of dashboards.
pub async fn change_dashboards(tx: &Tx, change: impl Fn(&Json) -> Option<Json>) -> Result<()> {
    texts(tx, "tw_dashboard", ["id", "content"], |_, content| change(content)).await
}

/// Changes the JSON in a column. `change` is given the other column, too. On PostgreSQL whoever saves one of the rows
/// meanwhile waits, so that nothing of theirs is written over.
async fn texts(
    tx: &Tx,
    table: &str,
    [beside, column]: [&str; 2],
    change: impl Fn(&str, &Json) -> Option<Json>,
) -> Result<()> {
    let mut select = Query::select();
    select
        .columns(["id", beside, column].map(Alias::new))
        .from(Alias::new(table))
        .order_by(Alias::new("id"), Order::Asc);
    if tx.dialect() == Dialect::Postgres {
        select.lock(LockType::Update);
    }
    for row in tx.select(&select).await? {
        let text = |at: usize| row.try_get_by_index::<String>(at).map_err(Error::internal);
        let stored: Json = serde_json::from_str(&text(2)?).map_err(Error::internal)?;
        let Some(new) = change(&text(1)?, &stored) else { continue };
        let update = Query::update()
            .table(Alias::new(table))
            .value(Alias::new(column), new.to_string())
            .and_where(Expr::col(Alias::new("id")).eq(text(0)?))
            .to_owned();
        tx.update(&update).await.map_err(fault)?;
    }
    Ok(())
}
