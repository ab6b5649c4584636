//! The rules of a company as functions on values: whether one is due, what it sets, what it refuses.
//!
//! Must not know who saves the record; `records` loads what a rule reads and asks for rights.

use rust_decimal::RoundingStrategy;

use super::{
    faults,
    one_of::is_empty,
    record::{RuleContext, Values, given},
    value::normalise,
};
use crate::{
    base::{Error, Message, Value},
    catalog::{Catalog, Field, FieldIx, Label, Object, Rule, RuleExpr},
    expr,
};

/// The save in which rules are due.
#[derive(Debug, Clone, Copy)]
pub enum RuleOccasion<'s> {
    /// Of a new or a restored record.
    Create,
    /// Of a stored one, with the fields that are given or changed, lines and members included.
    Update(&'s [FieldIx]),
    /// A consequence of a save, with the fields that it changes: rules that name saves are not due again.
    Consequence(&'s [FieldIx]),
}

/// Whether a rule is due: for a new record, or where what it reads is given or has changed. One that names saves, or
/// compares with the record before, is due in each.
pub fn is_due(object: &Object, rule: &Rule, occasion: RuleOccasion<'_>) -> bool {
    let touched = |fields: &[FieldIx]| rule.reads(object).iter().any(|ix| fields.contains(ix));
    match occasion {
        RuleOccasion::Create => rule.on.create,
        RuleOccasion::Update(fields) => {
            rule.on.update && (rule.on.named || rule.compares_old() || touched(fields))
        }
        RuleOccasion::Consequence(fields) => rule.on.update && !rule.on.named && touched(fields),
    }
}

/// Whether a rule applies to a record. As in SQL, a condition that is neither true nor false does not hold.
pub fn applies(rule: &Rule, scope: &RuleContext<'_>) -> Result<bool, Error> {
    let Some(when) = &rule.when else { return Ok(true) };
    match expr::eval(&when.expr, scope) {
        Ok(value) => Ok(value == Value::Bool(true)),
        Err(error) => Err(faults::rule_fails(title(rule), error, &rule.code)),
    }
}

/// The value that a rule gives a field, with the digits of the field, halves rounded away from zero.
pub fn assigned(
    catalog: &Catalog,
    rule: &Rule,
    field: &Field,
    set: &RuleExpr,
    scope: &RuleContext<'_>,
) -> Result<Value, Error> {
    let value = expr::eval(&set.expr, scope).map_err(|error| {
        faults::rule_fails(title(rule), error, &rule.code).at([field.name.as_str()])
    })?;
    let away = RoundingStrategy::MidpointAwayFromZero;
    let value = match (field.ty.scale(), value.as_decimal()) {
        (Some(scale), Some(number)) => {
            Value::Decimal(number.round_dp_with_strategy(scale.into(), away).normalize())
        }
        _ => value,
    };
    Ok(normalise(catalog, field, value))
}

/// What a rule that applies holds up: fields without a value, and the save itself.
///
/// `subject` is the record, or the line that the rule is at, with its values.
pub fn refused(
    catalog: &Catalog,
    rule: &Rule,
    (subject, values): (&Object, &Values),
    scope: &RuleContext<'_>,
) -> Vec<Error> {
    let lacking = rule.require.iter().filter(|ix| is_empty(subject, values, **ix));
    let mut faults: Vec<_> = lacking
        .map(|ix| {
            let field = subject.field(*ix);
            let title = catalog.title(subject, field);
            faults::rule_requires(title, &rule.code).at([field.name.as_str()])
        })
        .collect();
    if let Some(told) = &rule.refuse {
        let fault = faults::rule_refuses(said(told), &rule.code);
        let when = rule.when.as_ref();
        let at = when.and_then(|when| {
            let first = || scope.object.read_by(&when.expr).first().copied();
            given(scope.object, scope, &when.expr).or_else(first)
        });
        let at = at.map(|ix| scope.object.field(ix).name.clone());
        faults.push(if rule.each.is_some() { fault } else { fault.at(at) });
    }
    faults
}

/// The error for a field that a rule sets and the caller may not write. One that they do not see is not named.
pub fn sets_closed(
    catalog: &Catalog,
    object: &Object,
    rule: &Rule,
    (field, seen): (&Field, bool),
) -> Error {
    let rule_title = title(rule);
    if !seen {
        return faults::rule_sets_unseen(rule_title, &rule.code);
    }
    let title = catalog.title(object, field);
    faults::rule_sets_closed(rule_title, title, &rule.code).at([field.name.as_str()])
}

/// The error for a field that a rule sets by what the caller does not see.
pub fn sets_by_unseen(catalog: &Catalog, object: &Object, rule: &Rule, field: &Field) -> Error {
    let title = catalog.title(object, field);
    let fault = faults::rule_reads_unseen(self::title(rule), title, &rule.code);
    fault.about([field.name.as_str()]).at([field.name.as_str()])
}

/// What people call a rule: its label, or its code.
fn title(rule: &Rule) -> Message {
    match (&rule.label.zh, &rule.label.en) {
        (None, None) => Message::same(format!("`{}`", rule.code)),
        _ => {
            let told = said(&rule.label);
            Message::new(format!("“{}”", told.en), format!("“{}”", told.zh))
        }
    }
}

/// A text in both languages; one that lacks is as the other.
fn said(label: &Label) -> Message {
    let one = |a: &Option<String>, b: &Option<String>| a.clone().or(b.clone()).unwrap_or_default();
    Message::new(one(&label.en, &label.zh), one(&label.zh, &label.en))
}
