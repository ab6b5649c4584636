//! Evaluates a checked expression over given bindings.
//!
//! Three-valued throughout: a null operand gives null, unless the language says otherwise. Must not know a
//! clock; the other files of this folder own numbers and functions.

mod functions;
mod lists;
mod numbers;

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, Utc};

use super::ast::{Comparison, Function, Node};
use super::{EvalError, Expr, Type};
use crate::base::Value;

/// The source of an expression's values.
pub trait Bindings {
    /// The value at a path; null if a relation on the way is null.
    fn get(&self, path: &[String]) -> Value;
    /// Today in the business time zone.
    fn today(&self) -> NaiveDate;
    /// The current instant.
    fn now(&self) -> DateTime<Utc>;
    /// The day of an instant in the business time zone.
    fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate;
    /// The records of the list at a path, each with its values at the given paths, which lead on from it.
    fn rows(&self, list: &[String], paths: &[Vec<String>]) -> Vec<Vec<Value>>;
}

type Evaluated = Result<Value, EvalError>;

/// The value of an expression, of its type or null.
pub fn eval(expr: &Expr, bindings: &dyn Bindings) -> Evaluated {
    let value = |expr: &Expr| eval(expr, bindings);
    match expr.node() {
        Node::Const(constant) => Ok(constant.clone()),
        Node::Path(path) => Ok(as_declared(bindings.get(path), expr.ty())),
        Node::List(items) => Ok(Value::List(items.iter().map(value).collect::<Result<_, _>>()?)),
        Node::Widen(operand) => numbers::widen(value(operand)?),
        Node::Not(operand) => Ok(truth_value(truth(&value(operand)?)?.map(|held| !held))),
        Node::Negate(operand) => numbers::negate(&value(operand)?),
        Node::IsNull(operand) => Ok(Value::Bool(value(operand)?.is_null())),
        Node::IsNotNull(operand) => Ok(Value::Bool(!value(operand)?.is_null())),
        Node::And(a, b) => logical(a, b, bindings, false),
        Node::Or(a, b) => logical(a, b, bindings, true),
        Node::Compare(comparison, a, b) => compare(*comparison, &value(a)?, &value(b)?),
        Node::Arithmetic(operator, a, b) => numbers::combine(*operator, value(a)?, value(b)?),
        Node::Concat(a, b) => concat(value(a)?, value(b)?),
        Node::In(item, list) => is_in(&value(item)?, &value(list)?),
        Node::If(condition, a, b) => match truth(&value(condition)?)? {
            Some(true) => value(a),
            _ => value(b),
        },
        Node::Call(Function::Coalesce, items) => coalesce(items, bindings),
        Node::Over(over) => lists::over(over, bindings),
        Node::Call(function, items) => {
            let arguments = items.iter().map(value).collect::<Result<Vec<_>, _>>()?;
            functions::call(*function, &arguments, bindings)
        }
    }
}

/// A field's value in its declared type: whole numbers of decimal fields become decimals.
fn as_declared(value: Value, ty: &Type) -> Value {
    match (value, ty) {
        (Value::Int(int), Type::Decimal) => Value::Decimal(int.into()),
        (value, _) => value,
    }
}

fn truth(value: &Value) -> Result<Option<bool>, EvalError> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(held) => Ok(Some(*held)),
        _ => Err(EvalError::Mismatch),
    }
}

fn truth_value(truth: Option<bool>) -> Value {
    truth.map_or(Value::Null, Value::Bool)
}

/// `&&` and `||`: `decisive` is the operand value that alone decides the result.
fn logical(a: &Expr, b: &Expr, bindings: &dyn Bindings, decisive: bool) -> Evaluated {
    let left = truth(&eval(a, bindings)?)?;
    if left == Some(decisive) {
        return Ok(Value::Bool(decisive));
    }
    let right = truth(&eval(b, bindings)?)?;
    Ok(truth_value(match (left, right) {
        (_, Some(held)) if held == decisive => Some(decisive),
        (Some(_), Some(_)) => Some(!decisive),
        _ => None,
    }))
}

fn compare(comparison: Comparison, a: &Value, b: &Value) -> Evaluated {
    let Some(order) = order(a, b)? else { return Ok(Value::Null) };
    Ok(Value::Bool(match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    }))
}

/// The order of two values of comparable types; `None` if either is null. Text is ordered by code point.
pub(super) fn order(a: &Value, b: &Value) -> Result<Option<Ordering>, EvalError> {
    Ok(Some(match (a, b) {
        (Value::Null, _) | (_, Value::Null) => return Ok(None),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::DateTime(a), Value::DateTime(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.cmp(b),
        (Value::Id(a), Value::Id(b)) => a.cmp(b),
        _ => match (a.as_decimal(), b.as_decimal()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => return Err(EvalError::Mismatch),
        },
    }))
}

/// `in` as in SQL: nothing is in an empty list, and a null may be the item that is looked for.
fn is_in(item: &Value, list: &Value) -> Evaluated {
    let items = match list {
        Value::Null => return Ok(Value::Null),
        Value::List(items) => items,
        _ => return Err(EvalError::Mismatch),
    };
    let mut unsure = false;
    for candidate in items {
        match order(item, candidate)? {
            Some(Ordering::Equal) => return Ok(Value::Bool(true)),
            Some(_) => {}
            None => unsure = true,
        }
    }
    Ok(if unsure { Value::Null } else { Value::Bool(false) })
}

fn concat(a: Value, b: Value) -> Evaluated {
    match (a, b) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Text(a), Value::Text(b)) => Ok(Value::Text(a + &b)),
        _ => Err(EvalError::Mismatch),
    }
}

/// The first value that is not null; those after it are not evaluated.
fn coalesce(items: &[Expr], bindings: &dyn Bindings) -> Evaluated {
    for item in items {
        let value = eval(item, bindings)?;
        if !value.is_null() {
            return Ok(value);
        }
    }
    Ok(Value::Null)
}
