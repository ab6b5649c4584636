//! Migrates unique keys of a database that compared case, width and blanks, which keys now ignore.
//!
//! Key texts are brought into their present form. If several records then share a key, the index leaves out
//! all but the oldest and the log names them. The server keeps running, and no further record can take the
//! key. Each later start looks for them again.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use uuid::Uuid;

use super::{Tx, fault};
use crate::{
    base::{Error, Result, Value, text},
    catalog::{Catalog, FieldType, Object},
    sql::{
        Dialect, decode, encode_as,
        keys::{KeyIndex, beyond_ascii, is_keyed},
    },
};

/// Most ids that the log names (`TOLD`) and that an index leaves out (`LEFT_OUT`).
const TOLD: usize = 20;
const LEFT_OUT: usize = 1_000;

/// The indexes of all keys of a catalog that contain a text.
pub(super) fn of(dialect: Dialect, catalog: &Catalog) -> Vec<(&Object, KeyIndex)> {
    let each = catalog.objects.iter().flat_map(|object| {
        let keys = object.uniques.iter();
        keys.filter_map(move |unique| Some((object, KeyIndex::new(dialect, object, unique)?)))
    });
    each.collect()
}

/// Creates the index of a key. Returns whether it leaves out some records.
pub(super) async fn bring_over(tx: &Tx, object: &Object, key: &KeyIndex) -> Result<bool> {
    let keyed = object.each_field().filter(|(ix, _)| is_keyed(object, *ix));
    for column in keyed.filter_map(|(_, field)| field.column.as_deref()) {
        settle(tx, object, column).await?;
    }
    let rows = tx.rows(&key.twins()).await?;
    let ids = rows.iter().map(|row| row.try_get_by_index::<String>(0));
    let ids = ids.collect::<Result<Vec<_>, _>>().map_err(Error::internal)?;
    tracing::info!(index = key.name, "making the index of a key");
    if ids.is_empty() {
        tx.define(&key.create()).await.map_err(fault)?;
        return Ok(false);
    }
    let told = ids.iter().take(TOLD).cloned().collect::<Vec<_>>().join(" ");
    tracing::warn!(
        object = object.name,
        index = key.name,
        records = ids.len(),
        ids = told,
        "records have a key that differs from another one in case, width or blanks only; give them others"
    );
    let [but, all] = key.create_without(&ids);
    // With more ids than that there is no unique index; saves then compare only the exact key, as before.
    if ids.len() <= LEFT_OUT {
        tx.define(&but).await.map_err(fault)?;
    }
    tx.define(&all).await.map_err(fault)?;
    Ok(true)
}

/// Brings the texts of a column into their present form, unless another record already has that text.
async fn settle(tx: &Tx, object: &Object, column: &str) -> Result<()> {
    let dialect = tx.dialect();
    let of = |column: &str| Expr::col(Alias::new(column));
    let select = Query::select()
        .columns([Alias::new("id"), Alias::new(column)])
        .from(Alias::new(&object.table))
        .and_where(beyond_ascii(dialect, of(column)))
        .to_owned();
    for row in tx.select(&select).await? {
        let id: Option<Uuid> = decode(dialect, &FieldType::Id, &row, 0)?.as_id();
        let known = row.try_get_by_index::<Option<String>>(1).map_err(Error::internal)?;
        let (Some(id), Some(known)) = (id, known) else { continue };
        let tidy = text::tidy(&known);
        if tidy == known || tidy.is_empty() {
            continue;
        }
        let taken = Query::select()
            .expr(Expr::Constant(1.into()))
            .from(Alias::new(&object.table))
            .and_where(of(column).eq(tidy.as_str()))
            .limit(1)
            .to_owned();
        if tx.select(&taken).await?.is_empty() {
            let update = Query::update()
                .table(Alias::new(&object.table))
                .value(Alias::new(column), tidy)
                .and_where(of("id").eq(encode_as(dialect, &Value::Id(id))?))
                .to_owned();
            tx.update(&update).await.map_err(fault)?;
        }
    }
    Ok(())
}
