//! Updates many rows at once, each with its own values.

use sea_orm::sea_query::{
    Alias, BinOper, Expr, ExprTrait, PostgresQueryBuilder, Query, SqliteQueryBuilder,
};

use super::{
    as_of::typed,
    dialect::{Dialect, quoted},
};
use crate::catalog::FieldType;

/// The statement that writes the values in a JSON text `[["<id>", …], …]` to columns of the rows with these
/// ids. It binds the text as its only value. The values have the form of [`super::stored_json`].
///
/// ```sql
/// UPDATE quote_line SET amount = CAST(j.value->>1 AS numeric(18, 2))
///   FROM json_array_elements(CAST($1 AS json)) AS j WHERE quote_line.id = CAST(j.value->>0 AS uuid)
/// ```
pub fn rewrite(dialect: Dialect, table: &str, columns: &[(&str, &FieldType)]) -> String {
    let part = |at: usize, ty: &FieldType| {
        let place = i32::try_from(at).unwrap_or(i32::MAX);
        let part = Expr::col((Alias::new("j"), Alias::new("value")))
            .binary(BinOper::Custom("->>"), Expr::Constant(place.into()));
        typed(dialect, ty, part)
    };
    let mut update = Query::update();
    update.table(Alias::new(table));
    for (at, (column, ty)) in columns.iter().enumerate() {
        update.value(Alias::new(*column), part(at + 1, ty));
    }
    let set = match dialect {
        Dialect::Sqlite => update.to_string(SqliteQueryBuilder),
        Dialect::Postgres => update.to_string(PostgresQueryBuilder),
    };
    let rows = match dialect {
        Dialect::Sqlite => "json_each($1)",
        Dialect::Postgres => "json_array_elements(CAST($1 AS json))",
    };
    let id = match dialect {
        Dialect::Sqlite => "j.value->>0",
        Dialect::Postgres => "CAST(j.value->>0 AS uuid)",
    };
    format!("{set} FROM {rows} AS j WHERE {}.\"id\" = {id}", quoted(table))
}
