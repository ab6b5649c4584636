//! The functions of the language over values. All but `coalesce` return null for a null argument.
//!
//! Owns their results. Must not know the tree; the check guarantees the types.

use std::cmp::Ordering;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::numbers::{round, whole};
use super::{Bindings, EvalError, Evaluated, order};
use crate::base::{Value, html};
use crate::expr::ast::Function;

/// The result of a function for its arguments.
pub(super) fn call(function: Function, arguments: &[Value], bindings: &dyn Bindings) -> Evaluated {
    match function {
        Function::Today => return Ok(Value::Date(bindings.today())),
        Function::Now => return Ok(Value::DateTime(bindings.now())),
        // A value that came or went has changed, too.
        Function::Changed => {
            let [now, before] = arguments else { return Err(EvalError::Mismatch) };
            return Ok(Value::Bool(now != before));
        }
        _ if arguments.iter().any(Value::is_null) => return Ok(Value::Null),
        _ => {}
    }
    match arguments {
        [Value::DateTime(at)] if function == Function::Date => {
            Ok(Value::Date(bindings.day_of(*at)))
        }
        [a] => unary(function, a),
        [a, b] => binary(function, a, b),
        _ => Err(EvalError::Mismatch),
    }
}

fn unary(function: Function, value: &Value) -> Evaluated {
    match (function, value) {
        (Function::Size, Value::Text(text)) => count(text.chars().count()),
        (Function::Size, Value::List(items)) => count(items.len()),
        (Function::Upper, Value::Text(text)) => Ok(Value::Text(text.to_uppercase())),
        (Function::Lower, Value::Text(text)) => Ok(Value::Text(text.to_lowercase())),
        (Function::PlainText, Value::Text(text)) => Ok(Value::Text(html::plain(text))),
        (Function::Trim, Value::Text(text)) => Ok(Value::Text(text.trim().to_owned())),
        (Function::Year, Value::Date(date)) => Ok(Value::Int(date.year().into())),
        (Function::Month, Value::Date(date)) => Ok(Value::Int(date.month().into())),
        (Function::Day, Value::Date(date)) => Ok(Value::Int(date.day().into())),
        (Function::Abs, Value::Int(int)) => {
            int.checked_abs().map(Value::Int).ok_or(EvalError::Overflow)
        }
        (Function::Abs, Value::Decimal(decimal)) => Ok(Value::Decimal(decimal.abs())),
        (Function::Floor | Function::Ceil, Value::Int(int)) => Ok(Value::Int(*int)),
        (Function::Floor, Value::Decimal(decimal)) => whole(decimal.floor()),
        (Function::Ceil, Value::Decimal(decimal)) => whole(decimal.ceil()),
        _ => Err(EvalError::Mismatch),
    }
}

fn binary(function: Function, a: &Value, b: &Value) -> Evaluated {
    match (function, a, b) {
        (Function::Contains, Value::Text(a), Value::Text(b)) => Ok(Value::Bool(a.contains(b))),
        (Function::StartsWith, Value::Text(a), Value::Text(b)) => Ok(Value::Bool(a.starts_with(b))),
        (Function::EndsWith, Value::Text(a), Value::Text(b)) => Ok(Value::Bool(a.ends_with(b))),
        (Function::Min, a, b) => choose(a, b, Ordering::Greater),
        (Function::Max, a, b) => choose(a, b, Ordering::Less),
        (Function::AddDays, Value::Date(date), Value::Int(days)) => add_days(*date, *days),
        (Function::AddMonths, Value::Date(date), Value::Int(months)) => add_months(*date, *months),
        (Function::DaysBetween, Value::Date(from), Value::Date(to)) => {
            Ok(Value::Int(to.signed_duration_since(*from).num_days()))
        }
        (Function::Round, number, Value::Int(digits)) => {
            let decimal = number.as_decimal().ok_or(EvalError::Mismatch)?;
            let digits = u32::try_from(*digits).map_err(|_negative| EvalError::Mismatch)?;
            Ok(Value::Decimal(round(decimal, digits)))
        }
        _ => Err(EvalError::Mismatch),
    }
}

fn count(items: usize) -> Evaluated {
    i64::try_from(items).map(Value::Int).map_err(|_out_of_range| EvalError::Overflow)
}

/// The first value, or the second if the first compares to it as `other`.
fn choose(a: &Value, b: &Value, other: Ordering) -> Evaluated {
    Ok(if order(a, b)? == Some(other) { b.clone() } else { a.clone() })
}

fn add_days(date: NaiveDate, days: i64) -> Evaluated {
    let span = Days::new(days.unsigned_abs());
    let moved = if days < 0 { date.checked_sub_days(span) } else { date.checked_add_days(span) };
    in_calendar(moved)
}

fn add_months(date: NaiveDate, months: i64) -> Evaluated {
    let count = u32::try_from(months.unsigned_abs()).map_err(|_too_many| EvalError::DateRange)?;
    let span = Months::new(count);
    let moved =
        if months < 0 { date.checked_sub_months(span) } else { date.checked_add_months(span) };
    in_calendar(moved)
}

/// A date that both databases can store: years 1 to 9999.
fn in_calendar(date: Option<NaiveDate>) -> Evaluated {
    let date = date.filter(|date| (1..=9999).contains(&date.year()));
    date.map(Value::Date).ok_or(EvalError::DateRange)
}
