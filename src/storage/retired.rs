//! Names of objects and fields that definitions no longer have while what is stored of them is kept.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};

use super::{Database, Tx, fault};
use crate::{
    base::{Error, Result},
    catalog::{CatalogChange, ChangeKind, RetiredName},
};

const TABLE: &str = "tw_retired";

/// All retired names.
pub async fn all(database: &Database) -> Result<Vec<RetiredName>> {
    let select = Query::select()
        .columns(["object", "field", "place", "stood_in"].map(Alias::new))
        .from(Alias::new(TABLE))
        .order_by(Alias::new("object"), sea_orm::sea_query::Order::Asc)
        .order_by(Alias::new("field"), sea_orm::sea_query::Order::Asc)
        .to_owned();
    let rows = database.select(&select).await?;
    let each = rows.iter().map(|row| {
        let field: String = row.try_get_by_index(1)?;
        Ok(RetiredName {
            object: row.try_get_by_index(0)?,
            field: Some(field).filter(|field| !field.is_empty()),
            place: row.try_get_by_index(2)?,
            stood_in: row.try_get_by_index(3)?,
        })
    });
    each.collect::<Result<_, sea_orm::DbErr>>().map_err(Error::internal)
}

/// Whether a name is retired.
pub async fn has(tx: &Tx, object: &str, field: Option<&str>) -> Result<bool> {
    let of = |column: &str| Expr::col(Alias::new(column));
    let select = Query::select()
        .column(Alias::new("place"))
        .from(Alias::new(TABLE))
        .and_where(of("object").eq(object))
        .and_where(of("field").eq(field.unwrap_or_default()))
        .to_owned();
    Ok(!tx.select(&select).await?.is_empty())
}

/// Forgets a name.
pub async fn forget(tx: &Tx, object: &str, field: Option<&str>) -> Result<()> {
    let of = |column: &str| Expr::col(Alias::new(column));
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(of("object").eq(object))
        .and_where(of("field").eq(field.unwrap_or_default()))
        .to_owned();
    tx.delete(&delete).await.map(|_| ()).map_err(fault)
}

/// Forgets an object with its fields.
pub async fn forget_all(tx: &Tx, object: &str) -> Result<()> {
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new("object")).eq(object))
        .to_owned();
    tx.delete(&delete).await.map(|_| ()).map_err(fault)
}

/// Notes what a version retires, and forgets what it restores.
pub async fn note(tx: &Tx, retires: &[RetiredName], changes: &[CatalogChange]) -> Result<()> {
    let again = |change: &&CatalogChange| {
        matches!(change.kind, ChangeKind::RestoreObject | ChangeKind::RestoreField)
    };
    for change in changes.iter().filter(again) {
        forget(tx, &change.object, change.field.as_deref()).await?;
    }
    for name in retires {
        let insert = Query::insert()
            .into_table(Alias::new(TABLE))
            .columns(["object", "field", "place", "stood_in"].map(Alias::new))
            .values([
                name.object.as_str().into(),
                name.field.as_deref().unwrap_or_default().into(),
                name.place.as_str().into(),
                name.stood_in.into(),
            ])
            .map_err(Error::internal)?
            .to_owned();
        tx.insert(&insert).await.map_err(fault)?;
    }
    Ok(())
}
