//! What records carry of related records is what these have: looked at behind every story.

use sea_orm::sea_query::{Alias, BinOper, Expr, ExprTrait, JoinType, Query};
use tradewind::{catalog::Object, company::Company};

/// Fails if a record carries another value than the record behind its relation has. Stories that leave no
/// database, or one of another version, are passed over.
pub(crate) async fn access_keys_hold(company: &Company) {
    let stale = stale_access_keys(company).await.unwrap_or_default();
    assert!(stale.is_empty(), "carried and not so: {stale:?}");
}

/// The columns of access keys that are not as their origins, with the number of such records. None if the database
/// cannot be asked.
pub(crate) async fn stale_access_keys(company: &Company) -> Option<Vec<(String, i64)>> {
    let catalog = company.catalog();
    let mut found = Vec::new();
    for object in &catalog.objects {
        for (at, key) in object.access_keys.iter().enumerate() {
            match stale(company, object, at).await? {
                0 => {}
                count => found.push((key.column.clone(), count)),
            }
        }
    }
    Some(found)
}

/// `SELECT COUNT(*) FROM opportunity t LEFT JOIN customer k ON k.id = t.customer_id WHERE
/// t.customer_id__department_id IS DISTINCT FROM k.department_id`
async fn stale(company: &Company, object: &Object, at: usize) -> Option<i64> {
    let key = &object.access_keys[at];
    let of = |alias: &str, column: &str| Expr::col((Alias::new(alias), Alias::new(column)));
    let via = object.field(key.via).column.as_deref().unwrap();
    let (table, column) = &key.from;
    let select = Query::select()
        .expr(Expr::col(Alias::new("id")).count())
        .from_subquery(
            Query::select()
                .expr(of("t", "id"))
                .from_as(Alias::new(&object.table), Alias::new("t"))
                .join_as(
                    JoinType::LeftJoin,
                    Alias::new(table),
                    Alias::new("k"),
                    of("k", "id").eq(of("t", via)),
                )
                .and_where(
                    of("t", &key.column)
                        .binary(BinOper::Custom("IS DISTINCT FROM"), of("k", column)),
                )
                .to_owned(),
            Alias::new("stale"),
        )
        .to_owned();
    let rows = company.database.select(&select).await.ok()?;
    rows.first().map(|row| row.try_get_by_index(0).unwrap())
}
