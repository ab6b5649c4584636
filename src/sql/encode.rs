//! How values are stored in columns, and decoded when a save reads them.
//!
//! | type | SQLite | PostgreSQL |
//! |---|---|---|
//! | id, relation | TEXT, 36 characters | uuid |
//! | decimal(scale) | INTEGER, times 10^scale | numeric(18, scale) |
//! | instant | INTEGER, microseconds since 1970 | timestamptz |
//! | date | TEXT, `2026-11-23` | date |
//! | boolean | INTEGER 0/1 | boolean |
//! | picklists, JSON | TEXT, canonical JSON | text |

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sea_orm::{QueryResult, sea_query::Value as SqlValue};
use uuid::Uuid;

use super::dialect::Dialect;
use crate::{
    base::{Code, Error, Result, Value},
    catalog::FieldType,
};

/// The bound form of a value for a column of the field's type.
///
/// A decimal with more digits than the scale is a fault of the caller: inputs are checked before.
pub fn encode(dialect: Dialect, ty: &FieldType, value: &Value) -> Result<SqlValue> {
    if value.as_text().is_some_and(|text| text.contains('\0')) {
        return Err(unheld());
    }
    if let Some(scale) = ty.scale() {
        return decimal(dialect, scale, value);
    }
    Ok(match (dialect, ty, value) {
        (Dialect::Postgres, FieldType::Id | FieldType::Relation(_), Value::Null) => {
            SqlValue::Uuid(None)
        }
        (_, FieldType::Integer | FieldType::Rollup(_), Value::Null) => SqlValue::BigInt(None),
        (_, FieldType::Boolean, Value::Null) => SqlValue::Bool(None),
        (Dialect::Postgres, FieldType::Date, Value::Null) => SqlValue::ChronoDate(None),
        (Dialect::Postgres, FieldType::DateTime, Value::Null) => SqlValue::ChronoDateTimeUtc(None),
        (Dialect::Sqlite, FieldType::DateTime, Value::Null) => SqlValue::BigInt(None),
        (_, _, Value::Null) => SqlValue::String(None),
        (_, _, value) => encode_as(dialect, value)?,
    })
}

/// The error for a text with U+0000, which PostgreSQL rejects and at which SQLite's functions end.
pub fn unheld() -> Error {
    Error::new(
        Code::InputValue,
        "a text has the character U+0000, which is not kept",
        "文字包含无法保存的字符 U+0000",
    )
    .hint("leave it out", "请去掉该字符")
}

/// The bound form of a value by its own kind, for places that are not a column.
pub fn encode_as(dialect: Dialect, value: &Value) -> Result<SqlValue> {
    Ok(match (dialect, value) {
        (_, Value::Null) => SqlValue::String(None),
        (_, Value::Bool(bool)) => SqlValue::Bool(Some(*bool)),
        (_, Value::Int(int)) => SqlValue::BigInt(Some(*int)),
        (_, Value::Text(text)) => SqlValue::String(Some(text.clone())),
        (_, Value::Json(text)) => SqlValue::String(Some(text.clone())),
        (_, Value::Decimal(number)) => SqlValue::Decimal(Some(*number)),
        (Dialect::Postgres, Value::Id(id)) => SqlValue::Uuid(Some(*id)),
        (Dialect::Sqlite, Value::Id(id)) => SqlValue::String(Some(id.to_string())),
        (Dialect::Postgres, Value::Date(date)) => SqlValue::ChronoDate(Some(*date)),
        (Dialect::Sqlite, Value::Date(date)) => SqlValue::String(Some(date.to_string())),
        (Dialect::Postgres, Value::DateTime(at)) => SqlValue::ChronoDateTimeUtc(Some(*at)),
        (Dialect::Sqlite, Value::DateTime(at)) => SqlValue::BigInt(Some(at.timestamp_micros())),
        (_, Value::List(items)) => {
            let names: Vec<_> = items.iter().filter_map(Value::as_text).collect();
            SqlValue::String(Some(serde_json::to_string(&names).map_err(Error::internal)?))
        }
    })
}

fn decimal(dialect: Dialect, scale: u8, value: &Value) -> Result<SqlValue> {
    let number = match value {
        Value::Null => {
            return Ok(match dialect {
                Dialect::Sqlite => SqlValue::BigInt(None),
                Dialect::Postgres => SqlValue::Decimal(None),
            });
        }
        value => {
            value.as_decimal().ok_or_else(|| Error::internal("a decimal column got no number"))?
        }
    };
    match dialect {
        Dialect::Postgres => Ok(SqlValue::Decimal(Some(number))),
        Dialect::Sqlite => {
            let mut scaled = number;
            scaled.rescale(u32::from(scale));
            i64::try_from(scaled.mantissa())
                .map(|minor| SqlValue::BigInt(Some(minor)))
                .map_err(Error::internal)
        }
    }
}

/// Decodes the value of a column of the field's type.
pub fn decode(dialect: Dialect, ty: &FieldType, row: &QueryResult, index: usize) -> Result<Value> {
    if let Some(scale) = ty.scale() {
        return Ok(match dialect {
            Dialect::Sqlite => get::<i64>(row, index)?
                .map(|minor| Value::Decimal(Decimal::new(minor, u32::from(scale)))),
            Dialect::Postgres => get::<Decimal>(row, index)?.map(Value::Decimal),
        }
        .unwrap_or(Value::Null));
    }
    let value = match (dialect, ty) {
        (Dialect::Postgres, FieldType::Id | FieldType::Relation(_)) => {
            get::<Uuid>(row, index)?.map(Value::Id)
        }
        (Dialect::Sqlite, FieldType::Id | FieldType::Relation(_)) => get::<String>(row, index)?
            .map(|text| Uuid::parse_str(&text).map(Value::Id).map_err(Error::internal))
            .transpose()?,
        (_, FieldType::Integer | FieldType::Rollup(_)) => get::<i64>(row, index)?.map(Value::Int),
        (_, FieldType::Boolean) => get::<bool>(row, index)?.map(Value::Bool),
        (Dialect::Postgres, FieldType::Date) => get::<NaiveDate>(row, index)?.map(Value::Date),
        (Dialect::Sqlite, FieldType::Date) => get::<String>(row, index)?
            .map(|text| text.parse().map(Value::Date).map_err(Error::internal))
            .transpose()?,
        (Dialect::Postgres, FieldType::DateTime) => {
            get::<DateTime<Utc>>(row, index)?.map(Value::DateTime)
        }
        (Dialect::Sqlite, FieldType::DateTime) => {
            get::<i64>(row, index)?.and_then(DateTime::from_timestamp_micros).map(Value::DateTime)
        }
        (_, FieldType::Json) => get::<String>(row, index)?.map(Value::Json),
        (_, FieldType::MultiPicklist(_)) => get::<String>(row, index)?
            .map(|text| {
                serde_json::from_str::<Vec<String>>(&text)
                    .map(|names| Value::List(names.into_iter().map(Value::Text).collect()))
                    .map_err(Error::internal)
            })
            .transpose()?,
        (_, _) => get::<String>(row, index)?.map(Value::Text),
    };
    Ok(value.unwrap_or(Value::Null))
}

fn get<T: sea_orm::TryGetable>(row: &QueryResult, index: usize) -> Result<Option<T>> {
    row.try_get_by_index::<Option<T>>(index).map_err(Error::internal)
}
