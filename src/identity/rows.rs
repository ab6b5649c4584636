//! Statements of sign-in: settings, logins, roles and sessions.
//!
//! Owns which rows are read and written together. Knows no passwords, tokens or clocks.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, SqlErr,
    sea_query::{Expr, ExprTrait, InsertStatement, OnConflict, Query},
};
use uuid::Uuid;

use super::faults;
pub(super) use crate::storage::fault as failed;
use crate::{
    access::{ADMINISTRATOR, standard_roles},
    base::{Error, error::Result, text},
    storage::{
        Database,
        platform::{link, login, operator_role, session},
        role_uses,
    },
};

/// Parses a stored id.
pub(super) fn id(text: &str) -> Result<Uuid> {
    Uuid::parse_str(text).map_err(Error::internal)
}

/// Returns a setting, or sets it to `fresh` if it is missing. If several servers start at once, all get the
/// value of the first.
pub(super) async fn setting(db: &Database, key: &str, fresh: String) -> Result<String> {
    let insert = Query::insert()
        .into_table("tw_setting")
        .columns(["key", "value"])
        .values([key.into(), fresh.into()])
        .map_err(Error::internal)?
        .on_conflict(OnConflict::column("key").do_nothing().to_owned())
        .to_owned();
    db.execute(&insert).await.map_err(failed)?;
    let select = Query::select()
        .column("value")
        .from("tw_setting")
        .and_where(Expr::col("key").eq(key))
        .to_owned();
    let row = db.query_one(&select).await.map_err(failed)?;
    row.ok_or_else(|| Error::internal(format!("the setting {key} went missing")))?
        .try_get("", "value")
        .map_err(failed)
}

pub(super) async fn login_of_account(db: &Database, account: &str) -> Result<Option<login::Model>> {
    login::Entity::find().filter(login::Column::Account.eq(account)).one(db).await.map_err(failed)
}

pub(super) async fn login_of_operator(
    db: &Database,
    operator: &str,
) -> Result<Option<login::Model>> {
    login::Entity::find_by_id(operator).one(db).await.map_err(failed)
}

pub(super) async fn logins(db: &Database) -> Result<Vec<login::Model>> {
    login::Entity::find().order_by_asc(login::Column::Account).all(db).await.map_err(failed)
}

/// Brings accounts that an older program stored in another form into the present form. Skips logins whose
/// account another login already has.
pub(super) async fn tidy(db: &Database) -> Result<()> {
    for login in logins(db).await? {
        let account = text::account(&login.account);
        if account == login.account {
            continue;
        }
        let renamed = login::Entity::update_many()
            .col_expr(login::Column::Account, Expr::value(account.as_str()))
            .filter(login::Column::OperatorId.eq(&login.operator_id))
            .exec(db)
            .await;
        match renamed.map_err(|cause| (cause.sql_err(), cause)) {
            Ok(_) => {}
            Err((Some(SqlErr::UniqueConstraintViolation(_)), _)) => {
                tracing::warn!(account, "two sign-ins differ in the form of their account only");
            }
            Err((_, cause)) => return Err(failed(cause)),
        }
    }
    Ok(())
}

/// Inserts or changes a login and ends the operator's sessions. Does not change `enabled`.
///
/// Here and below, `entry` is the audit entry of the change.
pub(super) async fn put_login(
    db: &Database,
    model: login::Model,
    entry: &InsertStatement,
) -> Result<()> {
    let tx = db.begin().await?;
    write_login(&tx, model).await?;
    tx.execute(entry).await.map_err(failed)?;
    tx.commit().await
}

/// Like [`put_login`], and consumes a link. Returns false if the link was used before.
pub(super) async fn put_login_by(
    db: &Database,
    model: login::Model,
    link: &str,
    entry: &InsertStatement,
) -> Result<bool> {
    let tx = db.begin().await?;
    let used = link::Entity::delete_many().filter(link::Column::Id.eq(link)).exec(&tx).await;
    if used.map_err(failed)?.rows_affected != 1 {
        return Ok(false);
    }
    write_login(&tx, model).await?;
    tx.execute(entry).await.map_err(failed)?;
    tx.commit().await?;
    Ok(true)
}

async fn write_login(tx: &impl ConnectionTrait, model: login::Model) -> Result<()> {
    let (operator, now) = (model.operator_id.clone(), model.updated_at);
    let change = OnConflict::column(login::Column::OperatorId)
        .update_columns([
            login::Column::Account,
            login::Column::PasswordHash,
            login::Column::UpdatedAt,
        ])
        .to_owned();
    login::Entity::insert(login::ActiveModel::from(model).reset_all())
        .on_conflict(change)
        .exec_without_returning(tx)
        .await
        .map_err(|cause| match cause.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => {
                faults::account_of_another().at(["account"])
            }
            _ => failed(cause),
        })?;
    revoke_operator(tx, &operator, None, now).await
}

/// Deletes a login and ends the operator's sessions.
pub(super) async fn remove_login(db: &Database, operator: &str, now: i64) -> Result<()> {
    let tx = db.begin().await?;
    login::Entity::delete_by_id(operator).exec(&tx).await.map_err(failed)?;
    revoke_operator(&tx, operator, None, now).await?;
    tx.commit().await
}

/// Replaces a password hash and ends the operator's other sessions. Returns false if the old hash is no
/// longer current.
pub(super) async fn change_password(
    db: &Database,
    login: &login::Model,
    hash: &str,
    (keep, now): (&str, i64),
    entry: &InsertStatement,
) -> Result<bool> {
    let tx = db.begin().await?;
    let changed = login::Entity::update_many()
        .col_expr(login::Column::PasswordHash, Expr::value(hash))
        .col_expr(login::Column::UpdatedAt, Expr::value(now))
        .filter(login::Column::OperatorId.eq(&login.operator_id))
        .filter(login::Column::PasswordHash.eq(&login.password_hash))
        .filter(login::Column::Enabled.eq(true))
        .exec(&tx)
        .await
        .map_err(failed)?;
    if changed.rows_affected != 1 {
        return Ok(false);
    }
    revoke_operator(&tx, &login.operator_id, Some(keep), now).await?;
    tx.execute(entry).await.map_err(failed)?;
    tx.commit().await?;
    Ok(true)
}

/// Enables or disables a login, if that is a change. Disabling ends the operator's sessions.
pub(super) async fn enable(
    db: &Database,
    operator: &str,
    enabled: bool,
    now: i64,
    entry: &InsertStatement,
) -> Result<()> {
    let tx = db.begin().await?;
    let changed = login::Entity::update_many()
        .col_expr(login::Column::Enabled, Expr::value(enabled))
        .col_expr(login::Column::UpdatedAt, Expr::value(now))
        .filter(login::Column::OperatorId.eq(operator))
        .filter(login::Column::Enabled.eq(!enabled))
        .exec(&tx)
        .await
        .map_err(failed)?;
    if changed.rows_affected == 1 {
        if !enabled {
            revoke_operator(&tx, operator, None, now).await?;
        }
        tx.execute(entry).await.map_err(failed)?;
    }
    tx.commit().await
}

pub(super) async fn roles(db: &Database, operator: &str) -> Result<Vec<String>> {
    let rows = operator_role::Entity::find()
        .filter(operator_role::Column::OperatorId.eq(operator))
        .order_by_asc(operator_role::Column::Role)
        .all(db)
        .await
        .map_err(failed)?;
    Ok(rows.into_iter().map(|row| row.role).collect())
}

/// Returns the roles of every operator, by operator.
pub(super) async fn all_roles(db: &Database) -> Result<HashMap<String, Vec<String>>> {
    let mut held: HashMap<String, Vec<String>> = HashMap::new();
    let rows = operator_role::Entity::find().order_by_asc(operator_role::Column::Role).all(db);
    for row in rows.await.map_err(failed)? {
        held.entry(row.operator_id).or_default().push(row.role);
    }
    Ok(held)
}

/// Replaces an operator's roles.
pub(super) async fn put_roles(db: &Database, operator: &str, roles: &[String]) -> Result<()> {
    let tx = db.begin().await?;
    // Whoever deletes one of them meanwhile waits, and then finds it held.
    role_uses::keep(&tx, roles).await?;
    let standard = standard_roles()?;
    let known = |code: &str| code == ADMINISTRATOR || standard.iter().any(|role| role.code == code);
    for (at, code) in roles.iter().enumerate().filter(|(_, code)| !known(code)) {
        if !role_uses::is_stored(&tx, code).await? {
            return Err(faults::no_role(code).at(["roles".to_owned(), at.to_string()]));
        }
    }
    operator_role::Entity::delete_many()
        .filter(operator_role::Column::OperatorId.eq(operator))
        .exec(&tx)
        .await
        .map_err(failed)?;
    for role in roles {
        let row = operator_role::ActiveModel {
            operator_id: Set(operator.to_owned()),
            role: Set(role.clone()),
        };
        operator_role::Entity::insert(row)
            .on_conflict_do_nothing_on([
                operator_role::Column::OperatorId,
                operator_role::Column::Role,
            ])
            .exec_without_returning(&tx)
            .await
            .map_err(failed)?;
    }
    tx.commit().await
}

pub(super) async fn session(db: &Database, id: &str) -> Result<Option<session::Model>> {
    session::Entity::find_by_id(id).one(db).await.map_err(failed)
}

/// Starts a session if the login is unchanged since the password was checked: a concurrent change of password
/// ends all sessions and must end this one, too. The login's row is written first, so that both transactions
/// wait for each other. Returns whether the session was started.
pub(super) async fn start(
    db: &Database,
    login: &login::Model,
    session: session::Model,
    entry: &InsertStatement,
) -> Result<bool> {
    let tx = db.begin().await?;
    let held = login::Entity::update_many()
        .col_expr(login::Column::UpdatedAt, Expr::col(login::Column::UpdatedAt))
        .filter(login::Column::OperatorId.eq(&login.operator_id))
        .filter(login::Column::PasswordHash.eq(&login.password_hash))
        .filter(login::Column::Enabled.eq(true))
        .exec(&tx)
        .await
        .map_err(failed)?;
    if held.rows_affected != 1 {
        return Ok(false);
    }
    session::Entity::insert(session::ActiveModel::from(session).reset_all())
        .exec_without_returning(&tx)
        .await
        .map_err(failed)?;
    tx.execute(entry).await.map_err(failed)?;
    tx.commit().await?;
    Ok(true)
}

/// Replaces the refresh token of a session.
pub(super) struct Rotation<'r> {
    pub(super) id: &'r str,
    pub(super) old: &'r str,
    pub(super) new: &'r str,
    /// Recently used tokens, including the old one.
    pub(super) used: &'r str,
    pub(super) now: i64,
    pub(super) expires_at: i64,
}

/// Replaces a refresh token. Returns false if the old one is no longer current: of concurrent calls, one gets
/// true.
pub(super) async fn rotate(db: &Database, change: &Rotation<'_>) -> Result<bool> {
    let changed = session::Entity::update_many()
        .col_expr(session::Column::RefreshHash, Expr::value(change.new))
        .col_expr(session::Column::PreviousHash, Expr::value(change.used))
        .col_expr(session::Column::LastUsedAt, Expr::value(change.now))
        .col_expr(session::Column::ExpiresAt, Expr::value(change.expires_at))
        .filter(session::Column::Id.eq(change.id))
        .filter(session::Column::RefreshHash.eq(change.old))
        .filter(session::Column::RevokedAt.is_null())
        .exec(db)
        .await
        .map_err(failed)?;
    Ok(changed.rows_affected == 1)
}

/// Returns an operator's active sessions, most recently used first.
pub(super) async fn sessions(
    db: &Database,
    operator: &str,
    now: i64,
) -> Result<Vec<session::Model>> {
    session::Entity::find()
        .filter(session::Column::OperatorId.eq(operator))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::LastUsedAt)
        .order_by_desc(session::Column::Id)
        .all(db)
        .await
        .map_err(failed)
}

/// Ends one active session of an operator and writes the audit entry. Returns false and writes nothing if
/// there is none.
pub(super) async fn revoke(
    db: &Database,
    (id, operator): (&str, &str),
    now: i64,
    entry: &InsertStatement,
) -> Result<bool> {
    let tx = db.begin().await?;
    let ended = session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(now))
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::OperatorId.eq(operator))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
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

/// Deletes the sessions that ended before an instant. Returns how many.
pub(super) async fn purge(db: &Database, before: i64) -> Result<u64> {
    let over = session::Column::ExpiresAt.lt(before).or(session::Column::RevokedAt.lt(before));
    let removed = session::Entity::delete_many().filter(over).exec(db).await.map_err(failed)?;
    Ok(removed.rows_affected)
}

/// Ends all sessions of an operator.
pub(super) async fn revoke_all(
    db: &Database,
    operator: &str,
    now: i64,
    entry: &InsertStatement,
) -> Result<()> {
    let tx = db.begin().await?;
    revoke_operator(&tx, operator, None, now).await?;
    tx.execute(entry).await.map_err(failed)?;
    tx.commit().await
}

async fn revoke_operator(
    db: &impl ConnectionTrait,
    operator: &str,
    keep: Option<&str>,
    now: i64,
) -> Result<()> {
    let mut ending = session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(now))
        .filter(session::Column::OperatorId.eq(operator))
        .filter(session::Column::RevokedAt.is_null());
    if let Some(keep) = keep {
        ending = ending.filter(session::Column::Id.ne(keep));
    }
    ending.exec(db).await.map_err(failed)?;
    Ok(())
}
