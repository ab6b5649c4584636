//! Constant values as inputs give them.

use serde_json::Value as Plain;

use crate::base::Value;

/// Encodes a constant in its input form.
pub(super) fn json(value: &Value) -> Option<Plain> {
    Some(match value {
        Value::Bool(bool) => Plain::from(*bool),
        Value::Int(int) => Plain::from(*int),
        Value::Decimal(number) => Plain::from(number.to_string()),
        Value::Text(text) => Plain::from(text.as_str()),
        Value::Date(date) => Plain::from(date.to_string()),
        Value::Time(time) => Plain::from(time.to_string()),
        Value::List(items) => items.iter().map(json).collect::<Option<_>>()?,
        _ => return None,
    })
}
