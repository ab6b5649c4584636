//! Prints statements, with page sizes written out instead of bound.
//!
//! PostgreSQL assumes that a bound LIMIT keeps a tenth of the rows. A generic plan then never looks as cheap
//! as a custom one, and each request is planned again. A page's size is part of the statement's form.

use std::fmt;

use sea_orm::sea_query::{
    PostgresQueryBuilder, QueryBuilder, SelectStatement, SqlWriter, SqlWriterValues,
    SqliteQueryBuilder, Value, Values,
};

use super::dialect::Dialect;

/// A select as text with its bound values.
pub(super) fn print(dialect: Dialect, select: &SelectStatement) -> (String, Values) {
    match dialect {
        Dialect::Sqlite => {
            let mut writer = Writer(SqlWriterValues::new("?", false));
            select.build_collect_into(SqliteQueryBuilder, &mut writer);
            writer.0.into_parts()
        }
        Dialect::Postgres => {
            let mut writer = Writer(SqlWriterValues::new("$", true));
            select.build_collect_into(PostgresQueryBuilder, &mut writer);
            writer.0.into_parts()
        }
    }
}

/// Binds values, but writes unsigned numbers out: no field has them, they are limits.
struct Writer(SqlWriterValues);

impl fmt::Write for Writer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write_str(text)
    }
}

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl SqlWriter for Writer {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, builder: &T) {
        match value {
            Value::BigUnsigned(Some(number)) => {
                let _ = fmt::Write::write_fmt(self, format_args!("{number}"));
            }
            value => self.0.push_param(value, builder),
        }
    }

    fn as_writer(&mut self) -> &mut dyn fmt::Write {
        self as _
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};

    use super::*;

    #[test]
    fn values_are_bound_and_limits_written() {
        let select = Query::select()
            .column(Alias::new("id"))
            .from(Alias::new("customer"))
            .and_where(Expr::col(Alias::new("level")).eq("A"))
            .limit(51)
            .to_owned();
        for (dialect, sql) in [
            (Dialect::Sqlite, r#"SELECT "id" FROM "customer" WHERE "level" = ? LIMIT 51"#),
            (Dialect::Postgres, r#"SELECT "id" FROM "customer" WHERE "level" = $1 LIMIT 51"#),
        ] {
            let (text, values) = print(dialect, &select);
            assert_eq!(text, sql);
            assert_eq!(values.0, vec![Value::from("A")]);
        }
    }
}
