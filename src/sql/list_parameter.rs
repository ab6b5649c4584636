//! Compares a column with many values that are bound as one. With a place for each value, every
//! length of a list would be another SQL text. Callers choose the lengths and could fill the
//! caches of prepared statements.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query, Value as SqlValue};
use serde_json::{Value as Json, json};

use super::dialect::Dialect;

/// Up to this many values are bound one by one.
pub const MANY: usize = 16;

/// `column = ANY((SELECT ARRAY(SELECT jsonb_array_elements_text($1::jsonb))::uuid[]))`, on SQLite
/// `column IN (SELECT value FROM json_each($1))`; `not` negates it. `None` if there are few values, or if a
/// value has no exact form in JSON.
pub fn among(dialect: Dialect, column: Expr, values: &[SqlValue], not: bool) -> Option<Expr> {
    if values.len() <= MANY {
        return None;
    }
    let ty = ty(values.first()?)?;
    let all: Option<Vec<Json>> = values.iter().map(as_json).collect();
    let listed = Expr::val(Json::Array(all?).to_string());
    Some(match dialect {
        Dialect::Postgres => {
            let listed = Func::cust("jsonb_array_elements_text").arg(listed.cast_as("jsonb"));
            let each = Query::select().expr(listed).to_owned();
            let array = Expr::from(Func::cust("ARRAY").arg(Expr::from(each))).cast_as(ty);
            let once = Query::select().expr(array).to_owned();
            let array = Expr::from(once).cast_as(ty);
            match not {
                false => column.eq(Func::cust("ANY").arg(array)),
                true => column.ne(Func::cust("ALL").arg(array)),
            }
        }
        Dialect::Sqlite => {
            let each = Query::select()
                .column(Alias::new("value"))
                .from_function(Func::cust("json_each").arg(listed), Alias::new("j"))
                .to_owned();
            match not {
                false => column.in_subquery(each),
                true => column.not_in_subquery(each),
            }
        }
    })
}

/// The PostgreSQL type of an array of such values.
fn ty(value: &SqlValue) -> Option<&'static str> {
    Some(match value {
        SqlValue::String(_) => "text[]",
        SqlValue::Uuid(_) => "uuid[]",
        SqlValue::BigInt(_) => "bigint[]",
        SqlValue::Int(_) => "int[]",
        SqlValue::Bool(_) => "boolean[]",
        SqlValue::Decimal(_) => "numeric[]",
        SqlValue::ChronoDate(_) => "date[]",
        SqlValue::ChronoDateTimeUtc(_) => "timestamptz[]",
        _ => return None,
    })
}

fn as_json(value: &SqlValue) -> Option<Json> {
    Some(match value {
        SqlValue::String(Some(text)) => json!(text),
        SqlValue::Uuid(Some(id)) => json!(id),
        SqlValue::BigInt(Some(number)) => json!(number),
        SqlValue::Int(Some(number)) => json!(number),
        SqlValue::Bool(Some(truth)) => json!(truth),
        SqlValue::Decimal(Some(number)) => json!(number.to_string()),
        SqlValue::ChronoDate(Some(day)) => json!(day),
        SqlValue::ChronoDateTimeUtc(Some(at)) => json!(at),
        _ => return None,
    })
}
