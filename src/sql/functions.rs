//! Functions and operators that sea-query does not provide, alike on both databases.

use sea_orm::sea_query::{Alias, BinOper, Expr, ExprTrait, Func, FunctionCall, Query};

use super::dialect::Dialect;

/// `row_number()`, for a window.
pub fn row_number() -> FunctionCall {
    Func::cust("row_number")
}

/// The first characters of a text, or the last: `left(mobile, 1)`, `right(mobile, 4)`; SQLite:
/// `substr(mobile, -4, 4)`.
pub fn part_of(dialect: Dialect, text: Expr, last: bool, count: i32) -> Expr {
    match (dialect, last) {
        (Dialect::Postgres, true) => Func::cust("right").arg(text).arg(count).into(),
        (Dialect::Postgres, false) => Func::cust("left").arg(text).arg(count).into(),
        (Dialect::Sqlite, _) => {
            let from = if last { -count } else { 1 };
            Func::cust("substr").arg(text).arg(from).arg(count).into()
        }
    }
}

/// Two texts as one: `first || second`.
pub fn concat(first: Expr, second: Expr) -> Expr {
    first.binary(BinOper::Custom("||"), second)
}

/// The texts of a group, joined by commas: `array_to_string(array_agg(id), ',')`, `group_concat(id, ',')`.
pub fn joined(dialect: Dialect, texts: Expr) -> Expr {
    let comma = Expr::Constant(",".into());
    match dialect {
        Dialect::Postgres => {
            let all = Func::cust("array_agg").arg(texts);
            Func::cust("array_to_string").args([all.into(), comma]).into()
        }
        Dialect::Sqlite => Func::cust("group_concat").args([texts, comma]).into(),
    }
}

/// A member of an object that is stored as JSON text: `json_extract(changes, '$.level')`.
pub fn json_member(dialect: Dialect, object: Expr, name: &str) -> Expr {
    match dialect {
        Dialect::Sqlite => {
            // A dot in a name begins another one, unless it is quoted.
            let quoted =
                if name.contains('.') { format!("$.\"{name}\"") } else { format!("$.{name}") };
            Func::cust("json_extract").args([object, Expr::val(quoted)]).into()
        }
        Dialect::Postgres => {
            let object = object.cast_as(Alias::new("json"));
            Func::cust("json_extract_path").args([object, Expr::val(name)]).into()
        }
    }
}

/// Equal, or both NULL.
pub fn same(dialect: Dialect) -> BinOper {
    match dialect {
        Dialect::Sqlite => BinOper::Is,
        Dialect::Postgres => BinOper::Custom("IS NOT DISTINCT FROM"),
    }
}

/// The condition that a column is one of the values in `listed`, a text made by [`super::listed`].
///
/// PostgreSQL: `department_id = ANY(CAST((SELECT CAST(string_to_array($1, ',') AS uuid[])) AS uuid[]))`. The
/// sub-select reads the list once for the statement, not for each record. SQLite:
/// `department_id IN (SELECT value FROM json_each($1))`.
pub fn within(dialect: Dialect, column: Expr, listed: String, ids: bool) -> Expr {
    match dialect {
        Dialect::Postgres => {
            let ty = if ids { "uuid[]" } else { "text[]" };
            let comma = Expr::Constant(",".into());
            let array = Expr::from(Func::cust("string_to_array").arg(listed).arg(comma));
            let once = Query::select().expr(array.cast_as(ty)).to_owned();
            column.eq(Func::cust("ANY").arg(Expr::from(once).cast_as(ty)))
        }
        Dialect::Sqlite => {
            let each = Query::select()
                .column(Alias::new("value"))
                .from_function(Func::cust("json_each").arg(listed), Alias::new("j"))
                .to_owned();
            column.in_subquery(each)
        }
    }
}
