//! Formulas of a record: always computed from its own values, never given.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use rust_decimal::RoundingStrategy;

use super::{
    record::{Facts, RuleContext, Values, evaluation},
    value::{fault_of, normalise},
};
use crate::{
    base::{Error, Value},
    catalog::{Catalog, Field, FieldIx, Object},
    expr::{self, Expr},
};

/// Computes the formulas of a record, each after those that it reads. A formula that cannot be computed
/// becomes NULL, and its fault is returned.
///
/// `touched` are the fields that were changed or given; `None` means all. A formula that does not depend on
/// them and has no value that fits keeps its stored value. The formula may be newer than the record, and must
/// not block a change to something else.
///
/// Decimals are rounded to the digits of their field, halves away from zero.
pub fn compute(
    catalog: &Catalog,
    object: &Object,
    values: &mut Values,
    at: &RuleContext<'_>,
    touched: Option<&[FieldIx]>,
) -> Vec<Error> {
    let mut faults = Vec::new();
    let asked = touched.map(|touched| object.computed_of(touched));
    // Formulas that do not depend on `touched` but changed their value.
    let mut moved = Vec::new();
    for ix in &object.formulas {
        let field = object.field(*ix);
        let Some(formula) = &field.formula else { continue };
        let asked = asked.as_ref().is_none_or(|asked| asked.contains(ix));
        let value = match value(catalog, field, formula, values, at) {
            Ok(value) if asked || fits(catalog, field, &value) => value,
            Err(fault) if asked => {
                faults.push(fault);
                Value::Null
            }
            Ok(_) | Err(_) if object.read_by(formula).iter().any(|read| moved.contains(read)) => {
                Value::Null
            }
            Ok(_) | Err(_) => continue,
        };
        let before = values.insert(*ix, value);
        if !asked && before.as_ref() != values.get(ix) {
            moved.push(*ix);
        }
    }
    faults
}

/// Whether a computed value is valid for its field.
fn fits(catalog: &Catalog, field: &Field, value: &Value) -> bool {
    !(value.is_null() && field.required) && fault_of(catalog, field, value).is_none()
}

/// The same where nobody can correct a fault: a value that does not fit its field becomes NULL. Returns the
/// formulas that have no value for such a reason.
pub fn settle(
    catalog: &Catalog,
    object: &Object,
    values: &mut Values,
    at: &RuleContext<'_>,
) -> Vec<FieldIx> {
    let mut without = Vec::new();
    for ix in &object.formulas {
        let field = object.field(*ix);
        let Some(formula) = &field.formula else { continue };
        let value = value(catalog, field, formula, values, at).ok();
        let value = value.filter(|value| fits(catalog, field, value));
        without.extend(value.is_none().then_some(*ix));
        values.insert(*ix, value.unwrap_or(Value::Null));
    }
    without
}

/// The value of a formula that is computed when it is read: none where it has no value that fits its field.
pub fn computed(catalog: &Catalog, field: &Field, formula: &Expr, at: &RuleContext<'_>) -> Value {
    let value = match field.ty.scale() {
        Some(_) => value(catalog, field, formula, at.values, at).ok(),
        // The database brings no text into another form.
        None => expr::eval(formula, &RuleContext { viewer: Value::Null, ..*at }).ok(),
    };
    value.filter(|value| fault_of(catalog, field, value).is_none()).unwrap_or(Value::Null)
}

/// Whether a line counts for a roll-up: its condition is true. It reads nothing but the line, and asks for no day.
pub fn counts(line: &Object, condition: &Expr, values: &Values) -> bool {
    let facts = Facts::default();
    let scope = RuleContext {
        object: line,
        values,
        old: None,
        facts: &facts,
        viewer: Value::Null,
        today: NaiveDate::default(),
        now: DateTime::default(),
        zone: Tz::UTC,
        trial: false,
        restored: false,
        given: &[],
        unread: &[],
    };
    expr::eval(condition, &scope) == Ok(Value::Bool(true))
}

fn value(
    catalog: &Catalog,
    field: &Field,
    formula: &Expr,
    values: &Values,
    at: &RuleContext<'_>,
) -> Result<Value, Error> {
    let scope = RuleContext { values, viewer: Value::Null, ..*at };
    let value = expr::eval(formula, &scope).map_err(|fault| evaluation(field, fault))?;
    Ok(match (field.ty.scale(), value.as_decimal()) {
        (Some(scale), Some(number)) => Value::Decimal(
            number
                .round_dp_with_strategy(scale.into(), RoundingStrategy::MidpointAwayFromZero)
                .normalize(),
        ),
        _ => normalise(catalog, field, value),
    })
}
