//! Keeps the account of a login equal to that of its operator, in the same transaction.
//!
//! Owns only the account names. Passwords and sessions belong to `identity`.

use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, SqlErr,
    sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr},
};
use uuid::Uuid;

use super::{
    Tx, fault, faults,
    platform::{link, login},
};
use crate::{
    base::{Result, text},
    sql::Dialect,
};

/// Copies the account of an operator's record to their login, if they have one. Another login with that
/// account is deleted if its operator is no longer in `table`. Fails with `RECORD_TAKEN` if an existing
/// operator's login has the account.
pub async fn follow(tx: &Tx, table: &str, operator: Uuid, account: &str) -> Result<()> {
    let (operator, account) = (operator.to_string(), text::account(account));
    if account.is_empty() || account.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(faults::account_with_spaces().at(["account"]));
    }
    let id = Expr::col((Alias::new("o"), Alias::new("id")));
    let id: SimpleExpr = match tx.dialect() {
        Dialect::Sqlite => id,
        Dialect::Postgres => id.cast_as("text"),
    };
    let there = Query::select()
        .expr(Expr::val(1))
        .from_as(Alias::new(table), Alias::new("o"))
        .and_where(id.eq(Expr::col((login::Entity, login::Column::OperatorId))))
        .to_owned();
    login::Entity::delete_many()
        .filter(login::Column::Account.eq(&account))
        .filter(login::Column::OperatorId.ne(&operator))
        .filter(Expr::exists(there).not())
        .exec(tx)
        .await
        .map_err(fault)?;
    // An unused link must name the new account, too.
    link::Entity::update_many()
        .col_expr(link::Column::Account, Expr::value(account.as_str()))
        .filter(link::Column::OperatorId.eq(&operator))
        .exec(tx)
        .await
        .map_err(fault)?;
    let renamed = login::Entity::update_many()
        .col_expr(login::Column::Account, Expr::value(account.as_str()))
        .filter(login::Column::OperatorId.eq(&operator))
        .filter(login::Column::Account.ne(&account))
        .exec(tx)
        .await;
    renamed.map(|_| ()).map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => faults::account_of_another().at(["account"]),
        _ => fault(error),
    })
}
