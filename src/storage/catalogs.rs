//! The published catalog: its version and the definition texts it was made of.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Order, Query};
use uuid::Uuid;

use super::{Database, Tx, Violation, fault, violation};
use crate::{
    base::{Code, Env, Error, Result},
    catalog::{Change, Origin, Source},
};

/// The version published last; 0 before the first.
pub async fn version(database: &Database) -> Result<i64> {
    let select = Query::select()
        .expr(Func::coalesce([
            Expr::from(Func::max(Expr::col(Alias::new("version")))),
            Expr::Constant(0_i64.into()),
        ]))
        .from(Alias::new("tw_catalog"))
        .to_owned();
    let rows = database.select(&select).await?;
    let row = rows.first().ok_or_else(|| Error::internal("no catalog version"))?;
    row.try_get_by_index(0).map_err(Error::internal)
}

/// The definition texts of a version, in the order they were resolved in.
pub async fn sources(database: &Database, version: i64) -> Result<Vec<Source>> {
    let select = Query::select()
        .columns(["kind", "path", "body"].map(Alias::new))
        .from(Alias::new("tw_source"))
        .and_where(Expr::col(Alias::new("version")).eq(version))
        .order_by(Alias::new("position"), Order::Asc)
        .to_owned();
    let mut sources = Vec::new();
    for row in database.select(&select).await? {
        let kind: String = row.try_get_by_index(0).map_err(Error::internal)?;
        sources.push(Source {
            origin: if kind == "CUSTOM" { Origin::Custom } else { Origin::Standard },
            path: row.try_get_by_index(1).map_err(Error::internal)?,
            text: row.try_get_by_index(2).map_err(Error::internal)?,
        });
    }
    Ok(sources)
}

/// Records a version with its texts and changes, in the transaction that changes the tables.
///
/// Two processes that publish at once meet at the version's primary key; one is told to try again.
pub async fn publish(
    tx: &Tx,
    env: &Env,
    version: i64,
    by: Option<Uuid>,
    sources: &[Source],
    changes: &[Change],
) -> Result<()> {
    let row = Query::insert()
        .into_table(Alias::new("tw_catalog"))
        .columns(["version", "published_at", "published_by"].map(Alias::new))
        .values([
            version.into(),
            env.clock.now().timestamp_micros().into(),
            by.map(|id| id.to_string()).into(),
        ])
        .map_err(Error::internal)?
        .to_owned();
    tx.insert(&row).await.map_err(|error| match violation(&error) {
        Some(Violation::Unique(_)) => conflict(),
        _ => fault(error),
    })?;
    for (position, source) in sources.iter().enumerate() {
        let kind = match source.origin {
            Origin::Standard => "STANDARD",
            Origin::Custom => "CUSTOM",
        };
        let row = Query::insert()
            .into_table(Alias::new("tw_source"))
            .columns(["id", "version", "position", "kind", "path", "body"].map(Alias::new))
            .values([
                env.ids.next().to_string().into(),
                version.into(),
                i64::try_from(position).unwrap_or(i64::MAX).into(),
                kind.into(),
                source.path.as_str().into(),
                source.text.as_str().into(),
            ])
            .map_err(Error::internal)?
            .to_owned();
        tx.insert(&row).await.map_err(fault)?;
    }
    for (position, change) in changes.iter().enumerate() {
        let row = Query::insert()
            .into_table(Alias::new("tw_catalog_change"))
            .columns(
                ["id", "version", "position", "kind", "object", "field", "risk"].map(Alias::new),
            )
            .values([
                env.ids.next().to_string().into(),
                version.into(),
                i64::try_from(position).unwrap_or(i64::MAX).into(),
                change.kind.as_ref().into(),
                change.object.as_str().into(),
                change.field.clone().into(),
                change.risk.as_ref().into(),
            ])
            .map_err(Error::internal)?
            .to_owned();
        tx.insert(&row).await.map_err(fault)?;
    }
    Ok(())
}

/// Someone else published meanwhile.
pub fn conflict() -> Error {
    Error::new(
        Code::CatalogConflict,
        "the definitions were changed by someone else meanwhile",
        "定义已被其他人修改",
    )
    .hint("apply your text again", "请重新提交您的定义")
}
