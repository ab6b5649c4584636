//! A computed field is seen only where the fields that it reads are seen. Who may not see prices cannot learn
//! them from amounts or totals.

use super::{
    fields::Fields,
    rule::{Condition, RowRule},
};
use crate::catalog::{Catalog, FieldIx, FieldType, Object, ObjectIx, ObjectKind, Rollup, RollupOp};

/// Narrows roll-ups and formulas to the records on which the caller sees, unmasked, all that they read.
pub(super) fn follow(catalog: &Catalog, fields: &mut Fields) {
    if fields.rules.is_empty() {
        return;
    }
    // Lines come first, because documents sum up computed fields of their lines.
    let (lines, others): (Vec<_>, Vec<_>) =
        catalog.objects.iter().partition(|object| object.kind == ObjectKind::Line);
    for object in lines.into_iter().chain(others) {
        for (ix, field) in object.each_field() {
            if let FieldType::Rollup(rollup) = field.ty {
                let read = summed(fields, object, rollup);
                narrow(fields, (object.ix, ix), &read);
            }
        }
        for ix in &object.formulas {
            let Some(formula) = &object.field(*ix).formula else { continue };
            let rules = object.read_by(formula).into_iter();
            let rules = rules.filter_map(|read| fields.rules.get(&(object.ix, read)));
            let read: Vec<_> = rules.map(|rule| rule.shown.clone()).collect();
            narrow(fields, (object.ix, *ix), &read);
        }
    }
}

fn narrow(fields: &mut Fields, at: (ObjectIx, FieldIx), read: &[RowRule]) {
    if read.is_empty() {
        return;
    }
    let within = |rule: RowRule| read.iter().fold(rule, |rule, read| rule.both(read));
    let own = fields.rules.remove(&at);
    let (shown, masked) = own.map_or((RowRule::All, Vec::new()), |own| (own.shown, own.masked));
    let masked = masked.into_iter().map(|(mask, rule)| (mask, within(rule)));
    let masked = masked.filter(|(_, rule)| *rule != RowRule::None).collect();
    fields.rules.insert(at, super::FieldRule { shown: within(shown), masked });
}

/// The rules under which the lines of a roll-up and the summed field are seen.
fn summed(fields: &Fields, object: &Object, rollup: Rollup) -> Vec<RowRule> {
    let FieldType::Lines(lines) = object.field(rollup.lines).ty else { return Vec::new() };
    let list = fields.rules.get(&(object.ix, rollup.lines)).map(|rule| rule.shown.clone());
    let value = match rollup.op {
        RollupOp::Count => None,
        RollupOp::Sum(field) => fields.rules.get(&(lines.target, field)),
    };
    list.into_iter().chain(value.map(|rule| of_head(&rule.shown, lines.via))).collect()
}

/// The rule of lines as a rule of their document. Conditions that do not come from the document open nothing.
fn of_head(rule: &RowRule, via: FieldIx) -> RowRule {
    match rule {
        RowRule::When(condition) => head_condition(condition, via),
        rule => rule.clone(),
    }
}

fn head_condition(condition: &Condition, via: FieldIx) -> RowRule {
    match condition {
        Condition::Any(inner) => {
            let rules: Vec<_> = inner.iter().map(|inner| head_condition(inner, via)).collect();
            let closed = rules.iter().all(|rule| *rule == RowRule::None);
            if closed { RowRule::None } else { RowRule::any(rules) }
        }
        Condition::All(inner) => {
            inner.iter().fold(RowRule::All, |rule, inner| rule.both(&head_condition(inner, via)))
        }
        Condition::Readable { path, rule } if *path == [via] => rule.as_ref().clone(),
        _ => RowRule::None,
    }
}
