//! Arithmetic on whole numbers and exact decimals. A result outside their range is an error.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{EvalError, Evaluated};
use crate::base::Value;
use crate::expr::ast::Arithmetic;

/// The number of digits after the point that a division keeps.
const DIVISION_DIGITS: u32 = 10;

/// A whole number as a decimal.
pub(super) fn widen(value: Value) -> Evaluated {
    match value {
        Value::Int(int) => Ok(Value::Decimal(int.into())),
        Value::Null | Value::Decimal(_) => Ok(value),
        _ => Err(EvalError::Mismatch),
    }
}

/// A number with its sign changed.
pub(super) fn negate(value: &Value) -> Evaluated {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Int(int) => int.checked_neg().map(Value::Int).ok_or(EvalError::Overflow),
        Value::Decimal(decimal) if decimal.is_zero() => Ok(Value::Decimal(*decimal)),
        Value::Decimal(decimal) => Ok(Value::Decimal(-*decimal)),
        _ => Err(EvalError::Mismatch),
    }
}

/// Combines two numbers of one type; null if either is null, or for a division by zero.
pub(super) fn combine(operator: Arithmetic, a: Value, b: Value) -> Evaluated {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Int(a), Value::Int(b)) if operator != Arithmetic::Divide => ints(operator, a, b),
        (a, b) => match (a.as_decimal(), b.as_decimal()) {
            (Some(a), Some(b)) => decimals(operator, a, b),
            _ => Err(EvalError::Mismatch),
        },
    }
}

fn ints(operator: Arithmetic, a: i64, b: i64) -> Evaluated {
    let result = match operator {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide | Arithmetic::Remainder if b == 0 => return Ok(Value::Null),
        Arithmetic::Divide => a.checked_div(b),
        Arithmetic::Remainder => Some(a.wrapping_rem(b)),
    };
    result.map(Value::Int).ok_or(EvalError::Overflow)
}

fn decimals(operator: Arithmetic, a: Decimal, b: Decimal) -> Evaluated {
    let result = match operator {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide | Arithmetic::Remainder if b.is_zero() => return Ok(Value::Null),
        Arithmetic::Divide => a.checked_div(b).map(|ratio| round(ratio, DIVISION_DIGITS)),
        Arithmetic::Remainder => a.checked_rem(b),
    };
    result.map(|result| Value::Decimal(result.normalize())).ok_or(EvalError::Overflow)
}

/// A decimal rounded to this many digits, halves away from zero.
pub(super) fn round(decimal: Decimal, digits: u32) -> Decimal {
    decimal.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero).normalize()
}

/// A decimal without a fraction as a whole number.
pub(super) fn whole(decimal: Decimal) -> Evaluated {
    i64::try_from(decimal).map(Value::Int).map_err(|_out_of_range| EvalError::Overflow)
}
