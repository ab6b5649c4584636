//! Formulas of a record: computed anew from its own values, never given.

use rust_decimal::RoundingStrategy;

use super::{
    record::{Scope, Values, evaluation},
    value::{fault_of, normalise},
};
use crate::{
    base::{Error, Value},
    catalog::{Catalog, Field, Object},
    expr::{self, Expr},
};

/// Computes the formulas of a record, each behind those it reads. What cannot be computed has no value, and is told.
///
/// Decimals are rounded to the digits of their field, halves away from zero.
pub fn compute(
    catalog: &Catalog,
    object: &Object,
    values: &mut Values,
    at: &Scope<'_>,
) -> Vec<Error> {
    let mut faults = Vec::new();
    for ix in &object.formulas {
        let field = object.field(*ix);
        let Some(formula) = &field.formula else { continue };
        let value = value(catalog, field, formula, values, at).unwrap_or_else(|fault| {
            faults.push(fault);
            Value::Null
        });
        values.insert(*ix, value);
    }
    faults
}

/// The same where nobody is there to correct anything: what does not fit its field has no value either. Gives how
/// many formulas have none for such a reason.
pub fn settle(catalog: &Catalog, object: &Object, values: &mut Values, at: &Scope<'_>) -> usize {
    let mut without = 0;
    for ix in &object.formulas {
        let field = object.field(*ix);
        let Some(formula) = &field.formula else { continue };
        let value = value(catalog, field, formula, values, at)
            .ok()
            .filter(|value| fault_of(catalog, field, value).is_none());
        without += usize::from(value.is_none());
        values.insert(*ix, value.unwrap_or(Value::Null));
    }
    without
}

fn value(
    catalog: &Catalog,
    field: &Field,
    formula: &Expr,
    values: &Values,
    at: &Scope<'_>,
) -> Result<Value, Error> {
    let scope = Scope { values, viewer: Value::Null, ..*at };
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
