//! How values are stored in columns, and decoded when a save reads them.
//!
//! | type | SQLite | PostgreSQL |
//! |---|---|---|
//! | id, relation | TEXT, 36 characters | uuid |
//! | decimal(scale) | INTEGER, times 10^scale | numeric(18, scale) |
//! | instant | INTEGER, microseconds since 1970 | timestamptz |
//! | date | TEXT, `2026-11-23` | date |
//! | time of day | TEXT, `09:30:00` | time |
//! | boolean | INTEGER 0/1 | boolean |
//! | picklists, JSON | TEXT, canonical JSON | text |

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;
use sea_orm::{QueryResult, sea_query::Value as SqlValue};
use uuid::Uuid;

use super::{dialect::Dialect, faults};
use crate::{
    base::{Error, Result, Value},
    catalog::{FieldType, Storage},
};

/// The bound form of a value for a column of the field's type.
///
/// A decimal with more digits than the scale is a fault of the caller: inputs are checked before.
pub fn encode(dialect: Dialect, ty: &FieldType, value: &Value) -> Result<SqlValue> {
    if value.as_text().is_some_and(|text| text.contains('\0')) {
        return Err(unheld());
    }
    let storage = ty.storage();
    if let Storage::Decimal(scale) = storage {
        return decimal(dialect, scale, value);
    }
    if !value.is_null() {
        return encode_as(dialect, value);
    }
    Ok(match (storage, dialect) {
        (Storage::Id, Dialect::Postgres) => SqlValue::Uuid(None),
        (Storage::Integer, _) | (Storage::DateTime, Dialect::Sqlite) => SqlValue::BigInt(None),
        (Storage::Boolean, _) => SqlValue::Bool(None),
        (Storage::Date, Dialect::Postgres) => SqlValue::ChronoDate(None),
        (Storage::DateTime, Dialect::Postgres) => SqlValue::ChronoDateTimeUtc(None),
        (Storage::Time, Dialect::Postgres) => SqlValue::ChronoTime(None),
        (Storage::Id | Storage::Date | Storage::Time, Dialect::Sqlite)
        | (
            Storage::Text
            | Storage::Decimal(_)
            | Storage::Json
            | Storage::Names
            | Storage::Elsewhere,
            _,
        ) => SqlValue::String(None),
    })
}

/// The error for a text with U+0000, which PostgreSQL rejects and at which SQLite's functions end.
pub fn unheld() -> Error {
    faults::unheld()
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
        (Dialect::Postgres, Value::Time(time)) => SqlValue::ChronoTime(Some(*time)),
        (Dialect::Sqlite, Value::Time(time)) => SqlValue::String(Some(time.to_string())),
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
    let value = match (ty.storage(), dialect) {
        (Storage::Decimal(scale), Dialect::Sqlite) => get::<i64>(row, index)?
            .map(|minor| Value::Decimal(Decimal::new(minor, u32::from(scale)))),
        (Storage::Decimal(_), Dialect::Postgres) => get(row, index)?.map(Value::Decimal),
        (Storage::Id, Dialect::Postgres) => get::<Uuid>(row, index)?.map(Value::Id),
        (Storage::Id, Dialect::Sqlite) => get::<String>(row, index)?
            .map(|text| Uuid::parse_str(&text).map(Value::Id).map_err(Error::internal))
            .transpose()?,
        (Storage::Integer, _) => get::<i64>(row, index)?.map(Value::Int),
        (Storage::Boolean, _) => get::<bool>(row, index)?.map(Value::Bool),
        (Storage::Date, Dialect::Postgres) => get::<NaiveDate>(row, index)?.map(Value::Date),
        (Storage::Date, Dialect::Sqlite) => get::<String>(row, index)?
            .map(|text| text.parse().map(Value::Date).map_err(Error::internal))
            .transpose()?,
        (Storage::DateTime, Dialect::Postgres) => {
            get::<DateTime<Utc>>(row, index)?.map(Value::DateTime)
        }
        (Storage::DateTime, Dialect::Sqlite) => {
            get::<i64>(row, index)?.and_then(DateTime::from_timestamp_micros).map(Value::DateTime)
        }
        (Storage::Time, Dialect::Postgres) => get::<NaiveTime>(row, index)?.map(Value::Time),
        (Storage::Time, Dialect::Sqlite) => get::<String>(row, index)?
            .map(|text| text.parse().map(Value::Time).map_err(Error::internal))
            .transpose()?,
        (Storage::Json, _) => get::<String>(row, index)?.map(Value::Json),
        (Storage::Names, _) => get::<String>(row, index)?
            .map(|text| {
                serde_json::from_str::<Vec<String>>(&text)
                    .map(|names| Value::List(names.into_iter().map(Value::Text).collect()))
                    .map_err(Error::internal)
            })
            .transpose()?,
        (Storage::Text | Storage::Elsewhere, _) => get::<String>(row, index)?.map(Value::Text),
    };
    Ok(value.unwrap_or(Value::Null))
}

fn get<T: sea_orm::TryGetable>(row: &QueryResult, index: usize) -> Result<Option<T>> {
    row.try_get_by_index::<Option<T>>(index).map_err(Error::internal)
}
