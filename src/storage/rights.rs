//! Rights as rows: reaches of operators, switches, and trees for levels. Roles are in `parts`.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Cond, Expr, ExprTrait, JoinType, LockType, OnConflict, Query};
use uuid::Uuid;

use super::{Database, Tx, fault};
use crate::{
    access::ADMINISTRATOR,
    base::{Error, Result, Value},
    catalog::{Object, Switches},
    sql::{Dialect, decode, encode_as},
};

/// Removes an operator's reach of a dimension.
pub async fn remove_reach(database: &Database, operator: Uuid, dimension: &str) -> Result<()> {
    let delete = Query::delete()
        .from_table(Alias::new("tw_reach"))
        .and_where(Expr::col(Alias::new("operator_id")).eq(operator.to_string()))
        .and_where(Expr::col(Alias::new("dimension")).eq(dimension))
        .to_owned();
    let tx = database.begin().await?;
    tx.delete(&delete).await.map_err(fault)?;
    tx.commit().await
}

/// Returns an operator's reaches: dimension, level, values as a JSON list.
pub async fn reaches(database: &Database, operator: Uuid) -> Result<Vec<(String, String, String)>> {
    let select = Query::select()
        .columns(["dimension", "level", "members"].map(Alias::new))
        .from(Alias::new("tw_reach"))
        .and_where(Expr::col(Alias::new("operator_id")).eq(operator.to_string()))
        .to_owned();
    let rows = database.select(&select).await?;
    rows.iter()
        .map(|row| {
            Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
        })
        .collect::<Result<_, sea_orm::DbErr>>()
        .map_err(Error::internal)
}

/// The roles of everyone who holds any, by operator. It reads beside the writing connection, also within a transaction.
pub async fn roles_held(database: &Database) -> Result<HashMap<Uuid, Vec<String>>> {
    let select = Query::select()
        .columns(["operator_id", "role"].map(Alias::new))
        .from(Alias::new("tw_operator_role"))
        .order_by(Alias::new("role"), sea_orm::sea_query::Order::Asc)
        .to_owned();
    let mut held: HashMap<Uuid, Vec<String>> = HashMap::new();
    for row in database.select(&select).await? {
        let text = |at: usize| row.try_get_by_index::<String>(at).map_err(Error::internal);
        let operator = text(0)?.parse().map_err(Error::internal)?;
        held.entry(operator).or_default().push(text(1)?);
    }
    Ok(held)
}

/// Returns the reaches of all operators: operator, dimension, level, values as a JSON list.
pub async fn all_reaches(database: &Database) -> Result<Vec<(Uuid, String, String, String)>> {
    let select = Query::select()
        .columns(["operator_id", "dimension", "level", "members"].map(Alias::new))
        .from(Alias::new("tw_reach"))
        .order_by(Alias::new("dimension"), sea_orm::sea_query::Order::Asc)
        .to_owned();
    let rows = database.select(&select).await?;
    let text = |row: &sea_orm::QueryResult, at: usize| {
        row.try_get_by_index::<String>(at).map_err(Error::internal)
    };
    rows.iter()
        .map(|row| {
            let operator = text(row, 0)?.parse().map_err(Error::internal)?;
            Ok((operator, text(row, 1)?, text(row, 2)?, text(row, 3)?))
        })
        .collect()
}

/// Sets an operator's reach of a dimension: level, and values as a JSON list.
pub async fn put_reach(
    database: &Database,
    operator: Uuid,
    dimension: &str,
    level: &str,
    members: &str,
) -> Result<()> {
    let insert = Query::insert()
        .into_table(Alias::new("tw_reach"))
        .columns(["operator_id", "dimension", "level", "members"].map(Alias::new))
        .values([operator.to_string().into(), dimension.into(), level.into(), members.into()])
        .map_err(Error::internal)?
        .on_conflict(
            OnConflict::columns(["operator_id", "dimension"].map(Alias::new))
                .update_columns(["level", "members"].map(Alias::new))
                .to_owned(),
        )
        .to_owned();
    let tx = database.begin().await?;
    tx.insert(&insert).await.map_err(fault)?;
    tx.commit().await
}

/// Returns each record's children, if the object is a tree by its field `parent`.
pub async fn tree(database: &Database, object: &Object) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let mut children: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let parent = object.named("parent").filter(|(_, field)| field.target() == Some(object.ix));
    let Some((field, column)) =
        parent.and_then(|(_, field)| Some((field, field.column.as_deref()?)))
    else {
        return Ok(children);
    };
    let select = Query::select()
        .column(Alias::new("id"))
        .column(Alias::new(column))
        .from(Alias::new(&object.table))
        .and_where(Expr::col(Alias::new(column)).is_not_null())
        .to_owned();
    for row in database.select(&select).await? {
        let id = |at| decode(database.dialect(), &field.ty, &row, at);
        if let (Some(id), Some(parent)) = (id(0)?.as_id(), id(1)?.as_id()) {
            children.entry(parent).or_default().push(id);
        }
    }
    Ok(children)
}

/// Counts the administrators who have a login and are neither disabled nor have left. On PostgreSQL this
/// locks their role rows, so that two transactions cannot remove the last two administrators at once.
///
/// `SELECT operator_id FROM tw_operator_role WHERE role = 'administrator' AND operator_id IN (SELECT …
/// tw_login)`,
/// then `SELECT o.id FROM operator o LEFT JOIN employee e ON e.id = o.employee_id WHERE o.id IN (…) AND …`
pub async fn administrators(tx: &Tx, operator: &Object, employee: &Object) -> Result<usize> {
    let column = |of: &Object, name: &str| -> Result<String> {
        let column = of.named(name).and_then(|(_, field)| field.column.clone());
        column.ok_or_else(|| Error::internal(format!("`{}` keeps no `{name}`", of.name)))
    };
    let with_account =
        Query::select().column(Alias::new("operator_id")).from(Alias::new("tw_login")).to_owned();
    let mut holders = Query::select();
    holders
        .column(Alias::new("operator_id"))
        .from(Alias::new("tw_operator_role"))
        .and_where(Expr::col(Alias::new("role")).eq(ADMINISTRATOR))
        .and_where(Expr::col(Alias::new("operator_id")).in_subquery(with_account));
    if tx.dialect() == Dialect::Postgres {
        holders.lock(LockType::Update);
    }
    let mut ids = Vec::new();
    for row in tx.select(&holders).await? {
        let id: String = row.try_get_by_index(0).map_err(Error::internal)?;
        let id = Value::Id(id.parse().map_err(Error::internal)?);
        ids.push(Expr::value(encode_as(tx.dialect(), &id)?));
    }
    let of = |alias: &str, column: &str| Expr::col((Alias::new(alias), Alias::new(column)));
    let gone = of("e", &column(employee, "status")?).eq("LEFT");
    let active = Query::select()
        .column((Alias::new("o"), Alias::new("id")))
        .from_as(Alias::new(&operator.table), Alias::new("o"))
        .join_as(
            JoinType::LeftJoin,
            Alias::new(&employee.table),
            Alias::new("e"),
            of("e", "id").eq(of("o", &column(operator, "employee")?)),
        )
        .and_where(of("o", "id").is_in(ids))
        .and_where(of("o", &column(operator, "status")?).ne("DISABLED"))
        .cond_where(Cond::any().add(of("e", "id").is_null()).add(gone.not()))
        .to_owned();
    Ok(tx.select(&active).await?.len())
}

/// Returns the company's switches: object, dimension (empty for the whole object), actions as a JSON list.
pub async fn controls(database: &Database) -> Result<Vec<(String, String, String)>> {
    let select = Query::select()
        .columns(["object", "dimension", "actions"].map(Alias::new))
        .from(Alias::new("tw_control"))
        .order_by(Alias::new("object"), sea_orm::sea_query::Order::Asc)
        .order_by(Alias::new("dimension"), sea_orm::sea_query::Order::Asc)
        .to_owned();
    let rows = database.select(&select).await?;
    rows.iter()
        .map(|row| {
            Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))
        })
        .collect::<Result<_, sea_orm::DbErr>>()
        .map_err(Error::internal)
}

/// Sets a switch. None removes it.
pub async fn put_control(
    database: &Database,
    object: &str,
    dimension: &str,
    actions: Option<&str>,
) -> Result<()> {
    let tx = database.begin().await?;
    switch(&tx, object, dimension, actions).await?;
    tx.commit().await
}

/// Updates the switches of an object after a change of its definition. A new dimension is switched off, a
/// renamed one takes over its switch, a removed one loses it.
pub async fn follow_switches(tx: &Tx, object: &str, switches: &Switches) -> Result<()> {
    for (earlier, name) in &switches.renamed {
        switch(tx, object, name, None).await?;
        let update = Query::update()
            .table(Alias::new("tw_control"))
            .value(Alias::new("dimension"), name.as_str())
            .and_where(Expr::col(Alias::new("object")).eq(object))
            .and_where(Expr::col(Alias::new("dimension")).eq(earlier.as_str()))
            .to_owned();
        tx.update(&update).await.map_err(fault)?;
    }
    for name in &switches.gone {
        switch(tx, object, name, None).await?;
    }
    for name in &switches.added {
        switch(tx, object, name, Some("[]")).await?;
    }
    Ok(())
}

async fn switch(tx: &Tx, object: &str, dimension: &str, actions: Option<&str>) -> Result<()> {
    let delete = Query::delete()
        .from_table(Alias::new("tw_control"))
        .and_where(Expr::col(Alias::new("object")).eq(object))
        .and_where(Expr::col(Alias::new("dimension")).eq(dimension))
        .to_owned();
    tx.delete(&delete).await.map_err(fault)?;
    if let Some(actions) = actions {
        let insert = Query::insert()
            .into_table(Alias::new("tw_control"))
            .columns(["object", "dimension", "actions"].map(Alias::new))
            .values([object.into(), dimension.into(), actions.into()])
            .map_err(Error::internal)?
            .to_owned();
        tx.insert(&insert).await.map_err(fault)?;
    }
    Ok(())
}
