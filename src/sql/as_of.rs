//! The rows of a table at a past instant: unchanged rows from the table, changed rows as given.

use sea_orm::sea_query::{
    Alias, BinOper, Expr, ExprTrait, Func, Query, SelectStatement, UnionType, Value as SqlValue,
};
use serde_json::{Value as Json, json};

use super::{dialect::Dialect, encode};
use crate::{
    base::{Error, Result, Value},
    catalog::{Field, FieldIx, FieldType, Junction, Object, Storage},
};

/// A stored value in a JSON row of [`stood`].
pub fn stored_json(dialect: Dialect, ty: &FieldType, value: &Value) -> Result<Json> {
    if value.is_null() {
        return Ok(Json::Null);
    }
    Ok(match encode(dialect, ty, value)? {
        SqlValue::Bool(Some(bool)) => json!(bool),
        SqlValue::BigInt(Some(int)) => json!(int),
        SqlValue::String(Some(text)) => json!(text),
        SqlValue::Decimal(Some(number)) => json!(number.to_string()),
        SqlValue::Uuid(Some(id)) => json!(id.to_string()),
        SqlValue::ChronoDate(Some(date)) => json!(date.to_string()),
        SqlValue::ChronoTime(Some(time)) => json!(time.to_string()),
        SqlValue::ChronoDateTimeUtc(Some(at)) => json!(at.to_rfc3339()),
        other => return Err(Error::internal(format!("{other:?} is the form of no stored value"))),
    })
}

/// The stored fields of an object with their columns, in the order of a JSON row.
pub fn stored_fields(object: &Object) -> impl Iterator<Item = (FieldIx, &Field, &str)> {
    object
        .each_field()
        .filter_map(|(ix, field)| field.column.as_deref().map(|column| (ix, field, column)))
}

/// Selects the past rows of an object, in place of its table. `changed` are the ids of rows that are not read
/// from the table (`a,b` for PostgreSQL, `["a","b"]` for SQLite); `rows` is a JSON text of past rows.
///
/// ```sql
/// SELECT id, name FROM customer WHERE id <> ALL(CAST(string_to_array($1, ',') AS uuid[])) UNION ALL
/// SELECT CAST(j.value->>0 AS uuid), CAST(j.value->>1 AS text) COLLATE "C" FROM json_array_elements($2) j
/// ```
pub fn stood(dialect: Dialect, object: &Object, changed: &str, rows: &str) -> SelectStatement {
    let columns = stored_fields(object).map(|(_, field, column)| (column, &field.ty));
    stood_rows(dialect, &object.table, "id", columns, changed, rows)
}

/// The same for the members of a many-to-many relation: `changed` are the ids of owners, a
/// row is `[owner, member]`.
pub fn stood_members(
    dialect: Dialect,
    junction: &Junction,
    changed: &str,
    rows: &str,
) -> SelectStatement {
    let columns = [Junction::OWNER, Junction::MEMBER].map(|column| (column, &FieldType::Id));
    stood_rows(dialect, &junction.table, Junction::OWNER, columns, changed, rows)
}

fn stood_rows<'o>(
    dialect: Dialect,
    name: &str,
    key: &str,
    columns: impl IntoIterator<Item = (&'o str, &'o FieldType)>,
    changed: &str,
    rows: &str,
) -> SelectStatement {
    let key = Expr::col(Alias::new(key));
    let kept = match dialect {
        Dialect::Postgres => {
            let comma = Expr::Constant(",".into());
            let array = Func::cust(Alias::new("string_to_array")).args([Expr::val(changed), comma]);
            let array = Expr::from(array).cast_as(Alias::new("uuid[]"));
            let all = Func::cust(Alias::new("ALL")).arg(array);
            key.binary(BinOper::NotEqual, Expr::from(all))
        }
        Dialect::Sqlite => {
            let each = Query::select()
                .column(Alias::new("value"))
                .from_function(
                    Func::cust(Alias::new("json_each")).arg(Expr::val(changed)),
                    Alias::new("j"),
                )
                .to_owned();
            key.not_in_subquery(each)
        }
    };
    let mut table = Query::select();
    let mut given = Query::select();
    for (at, (column, ty)) in columns.into_iter().enumerate() {
        table.column(Alias::new(column));
        let place = i32::try_from(at).unwrap_or(i32::MAX);
        let part = Expr::col((Alias::new("j"), Alias::new("value")))
            .binary(BinOper::Custom("->>"), Expr::Constant(place.into()));
        given.expr_as(typed(dialect, ty, part), Alias::new(column));
    }
    table.from(Alias::new(name)).and_where(kept);
    let function = match dialect {
        Dialect::Postgres => Func::cust(Alias::new("json_array_elements"))
            .arg(Expr::val(rows).cast_as(Alias::new("json"))),
        Dialect::Sqlite => Func::cust(Alias::new("json_each")).arg(Expr::val(rows)),
    };
    given.from_function(function, Alias::new("j"));
    table.union(UnionType::All, given);
    table
}

/// A part of a JSON row, cast to the type of its column. On SQLite, the JSON itself has the type.
pub(super) fn typed(dialect: Dialect, ty: &FieldType, part: Expr) -> Expr {
    if dialect == Dialect::Sqlite {
        return part;
    }
    let cast = |to: &str| part.clone().cast_as(Alias::new(to));
    match ty.storage() {
        Storage::Decimal(scale) => cast(&format!("numeric(18, {scale})")),
        Storage::Id => cast("uuid"),
        Storage::Integer => cast("bigint"),
        Storage::Boolean => cast("boolean"),
        Storage::Date => cast("date"),
        Storage::DateTime => cast("timestamptz"),
        Storage::Time => cast("time"),
        Storage::Text | Storage::Json | Storage::Names | Storage::Elsewhere => {
            cast("text").binary(BinOper::Custom("COLLATE"), Expr::col(Alias::new("C")))
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, NaiveTime};
    use uuid::Uuid;

    use super::*;
    use crate::catalog::{TextForm, TextNormal};

    /// Every kind of stored value is told as it is; only what is empty is null.
    #[test]
    fn no_stored_value_is_lost() {
        let text = FieldType::Text { max: 9, form: TextForm::Plain, normal: TextNormal::default() };
        for (ty, value, told) in [
            (FieldType::Id, Value::Id(Uuid::nil()), json!(Uuid::nil())),
            (text.clone(), Value::Text("x".to_owned()), json!("x")),
            (FieldType::Integer, Value::Int(7), json!(7)),
            (FieldType::Boolean, Value::Bool(false), json!(false)),
            (FieldType::Date, Value::Date(NaiveDate::default()), json!("1970-01-01")),
            (FieldType::Time, Value::Time(NaiveTime::MIN), json!("00:00:00")),
            (FieldType::Json, Value::Json("[1]".to_owned()), json!("[1]")),
        ] {
            for dialect in [Dialect::Sqlite, Dialect::Postgres] {
                assert_eq!(stored_json(dialect, &ty, &value).unwrap(), told, "{dialect:?} {ty:?}");
                assert_eq!(stored_json(dialect, &ty, &Value::Null).unwrap(), Json::Null);
            }
        }
        let at = Value::DateTime(DateTime::default());
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            assert_ne!(stored_json(dialect, &FieldType::DateTime, &at).unwrap(), Json::Null);
        }
    }
}
