//! Delegations as rows: who stands in for whom, and when.

use sea_orm::{
    QueryResult,
    sea_query::{Alias, Cond, Expr, ExprTrait, Order, Query},
};
use uuid::Uuid;

use super::{Database, fault};
use crate::base::{Error, Result};

/// One employee standing in for another. Instants are in microseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Its id.
    pub id: Uuid,
    /// The employee who is away.
    pub from: Uuid,
    /// The employee who stands in.
    pub to: Uuid,
    /// Its first instant.
    pub since: i64,
    /// The first instant after its end.
    pub until: i64,
    /// The reason as it was given.
    pub reason: String,
    /// The operator who arranged it.
    pub made_by: Option<Uuid>,
    /// When it was arranged.
    pub made_at: i64,
}

const TABLE: &str = "tw_delegation";
const COLUMNS: [&str; 8] =
    ["id", "from_employee", "to_employee", "since", "until", "reason", "made_by", "made_at"];

/// Stores a delegation.
pub async fn put(database: &Database, new: &Delegation) -> Result<()> {
    let insert = Query::insert()
        .into_table(Alias::new(TABLE))
        .columns(COLUMNS.map(Alias::new))
        .values([
            new.id.to_string().into(),
            new.from.to_string().into(),
            new.to.to_string().into(),
            new.since.into(),
            new.until.into(),
            new.reason.clone().into(),
            new.made_by.map(|id| id.to_string()).into(),
            new.made_at.into(),
        ])
        .map_err(Error::internal)?
        .to_owned();
    let tx = database.begin().await?;
    tx.insert(&insert).await.map_err(fault)?;
    tx.commit().await
}

/// Returns the delegations that are not over, of one employee (on either side) or of all, ordered by their
/// end.
pub async fn standing(
    database: &Database,
    employee: Option<Uuid>,
    now: i64,
) -> Result<Vec<Delegation>> {
    let of = |id: Uuid| {
        Cond::any()
            .add(Expr::col(Alias::new("from_employee")).eq(id.to_string()))
            .add(Expr::col(Alias::new("to_employee")).eq(id.to_string()))
    };
    let select = Query::select()
        .columns(COLUMNS.map(Alias::new))
        .from(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new("until")).gt(now))
        .cond_where(Cond::all().add_option(employee.map(of)))
        .order_by(Alias::new("until"), Order::Asc)
        .order_by(Alias::new("id"), Order::Asc)
        .to_owned();
    database.select(&select).await?.iter().map(read).collect()
}

/// Returns the employees for whom an employee stands in at an instant.
pub async fn stands_for(database: &Database, employee: Uuid, now: i64) -> Result<Vec<Uuid>> {
    let all = standing(database, Some(employee), now).await?;
    let mut found: Vec<_> = all
        .into_iter()
        .filter(|one| one.to == employee && one.since <= now)
        .map(|one| one.from)
        .collect();
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Ends a delegation now, also one that has not begun. One that is over stays as it ended.
pub async fn end(database: &Database, id: Uuid, now: i64) -> Result<()> {
    let update = Query::update()
        .table(Alias::new(TABLE))
        .value(Alias::new("until"), now)
        .and_where(Expr::col(Alias::new("id")).eq(id.to_string()))
        .and_where(Expr::col(Alias::new("until")).gt(now))
        .to_owned();
    let tx = database.begin().await?;
    tx.update(&update).await.map_err(fault)?;
    tx.commit().await
}

fn read(row: &QueryResult) -> Result<Delegation> {
    let id = |at: usize| -> Result<Option<Uuid>> {
        let text: Option<String> = row.try_get_by_index(at).map_err(Error::internal)?;
        text.map(|text| text.parse().map_err(Error::internal)).transpose()
    };
    let known = |at| id(at)?.ok_or_else(|| Error::internal("a delegation without an id"));
    let instant = |at: usize| row.try_get_by_index::<i64>(at).map_err(Error::internal);
    Ok(Delegation {
        id: known(0)?,
        from: known(1)?,
        to: known(2)?,
        since: instant(3)?,
        until: instant(4)?,
        reason: row.try_get_by_index(5).map_err(Error::internal)?,
        made_by: id(6)?,
        made_at: instant(7)?,
    })
}
