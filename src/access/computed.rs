//! A computed field is seen only where the fields that it reads are seen. Who may not see prices cannot learn
//! them from amounts or totals.

use std::collections::HashMap;

use super::{
    fields::Fields,
    role::Action,
    rule::{Condition, RowRule},
};
use crate::{
    catalog::{
        Catalog, Field, FieldIx, FieldType, Object, ObjectIx, ObjectKind, Rollup, RollupScope,
    },
    expr::Expr,
};

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
            if let FieldType::Rollup(rollup) = field.ty
                && rollup.scope == RollupScope::Lines
            {
                let line = object.field(rollup.lines).target().map(|line| catalog.object(line));
                let counted = line.zip(field.counted.as_ref());
                let counted =
                    counted.map_or_else(Vec::new, |(line, counted)| line.read_by(counted));
                let read = summed(fields, object, rollup, &counted);
                narrow(fields, (object.ix, ix), &read);
            }
        }
        for ix in &object.formulas {
            let read = read_by(fields, object, *ix);
            narrow(fields, (object.ix, *ix), &read);
        }
    }
    of_all(catalog, fields);
}

/// The rules under which the fields that a stored formula reads are seen.
fn read_by(fields: &Fields, object: &Object, ix: FieldIx) -> Vec<RowRule> {
    let read = object.field(ix).formula.iter().flat_map(|formula| object.read_by(formula));
    let rules = read.filter_map(|read| fields.rules.get(&(object.ix, read)));
    rules.map(|rule| rule.shown.clone()).collect()
}

/// Roll-ups of all related records tell of records that the caller may not see, but not of fields: who does not see on
/// every record all that one reads does not see it, nor the formulas on it.
fn of_all(catalog: &Catalog, fields: &mut Fields) {
    for (ix, rolled) in &catalog.system_rollups {
        let object = catalog.object(*ix);
        let field = object.field(*rolled);
        let Some(rollup) = field.system_rollup() else { continue };
        let Some(target) = object.field(rollup.lines).target() else { continue };
        let counted = field.counted.iter().flat_map(|by| catalog.object(target).read_by(by));
        let mut read = rollup.op.field().into_iter().chain(counted);
        let hidden = fields.rules.contains_key(&(*ix, rollup.lines))
            || read.any(|read| fields.rules.contains_key(&(target, read)));
        if hidden {
            narrow(fields, (*ix, *rolled), &[RowRule::None]);
            for formula in object.computed_of(&[*rolled]) {
                narrow(fields, (*ix, formula), &[RowRule::None]);
            }
        }
    }
}

/// Narrows formulas that are computed when they are read: to records on which the caller sees, unmasked, all that
/// they read, also of related records. One that leads to an object which the caller may not read does not exist
/// for them. Whether they see the related record itself is asked where the formula is computed.
pub(super) fn over_relations(catalog: &Catalog, rules: &Rules, fields: &mut Fields) {
    for object in &catalog.objects {
        let computed = || object.each_field().filter(|(_, field)| field.on_read);
        let rolled = |field: &Field| matches!(field.ty, FieldType::Rollup(_));
        // Formulas may read roll-ups, so these come first.
        for (ix, field) in computed().filter(|(_, field)| rolled(field)) {
            let read = rolled_up(catalog, rules, fields, object, field);
            narrow(fields, (object.ix, ix), &read);
        }
        for (ix, field) in computed().filter(|(_, field)| !rolled(field)) {
            let Some(formula) = &field.formula else { continue };
            let read = of_formula(catalog, rules, fields, object, formula);
            narrow(fields, (object.ix, ix), &read);
        }
    }
}

type Rules = HashMap<(ObjectIx, Action), RowRule>;

/// The rules of all that a formula reads, as rules of its record.
fn of_formula(
    catalog: &Catalog,
    rules: &Rules,
    fields: &Fields,
    object: &Object,
    formula: &Expr,
) -> Vec<RowRule> {
    let mut read = Vec::new();
    for path in catalog.read_by_formula(object, formula) {
        let mut at = object;
        for (place, step) in path.iter().enumerate() {
            let rule = fields.rules.get(&(at.ix, *step));
            read.extend(rule.map(|rule| of_related(&path[..place], &rule.shown)));
            let Some(target) = at.field(*step).target() else { break };
            read.extend(closed(rules, target));
            at = catalog.object(target);
        }
    }
    read
}

/// Who does not see on every related record all that a roll-up over them reads, does not see what they come to.
fn rolled_up(
    catalog: &Catalog,
    rules: &Rules,
    fields: &Fields,
    object: &Object,
    field: &Field,
) -> Vec<RowRule> {
    let FieldType::Rollup(rollup) = field.ty else { return Vec::new() };
    let Some(target) = object.field(rollup.lines).target() else { return Vec::new() };
    let list = fields.rules.contains_key(&(object.ix, rollup.lines));
    let value = rollup.op.field().is_some_and(|read| fields.rules.contains_key(&(target, read)));
    let target_object = catalog.object(target);
    let counted = field.counted.as_ref();
    let counted = counted.map(|by| of_formula(catalog, rules, fields, target_object, by));
    let narrowed = counted.is_some_and(|rules| !rules.is_empty());
    match list || value || narrowed {
        true => vec![RowRule::None],
        false => closed(rules, target).into_iter().collect(),
    }
}

/// That no record of an object may be read.
fn closed(rules: &Rules, target: ObjectIx) -> Option<RowRule> {
    let open = rules.get(&(target, Action::Read));
    open.is_none_or(|rule| *rule == RowRule::None).then_some(RowRule::None)
}

/// The rule of a related record as a rule of the record that leads to it.
fn of_related(path: &[FieldIx], rule: &RowRule) -> RowRule {
    match rule {
        RowRule::When(_) if !path.is_empty() => {
            let rule = Box::new(rule.clone());
            RowRule::When(Condition::Readable { path: path.to_vec(), rule })
        }
        rule => rule.clone(),
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

/// The rules under which the lines of a roll-up, the field that is rolled up, and those by which lines count are seen.
fn summed(fields: &Fields, object: &Object, rollup: Rollup, counted: &[FieldIx]) -> Vec<RowRule> {
    let FieldType::Lines(lines) = object.field(rollup.lines).ty else { return Vec::new() };
    let list = fields.rules.get(&(object.ix, rollup.lines)).map(|rule| rule.shown.clone());
    let read = rollup.op.field().into_iter().chain(counted.iter().copied());
    let values = read.filter_map(|field| fields.rules.get(&(lines.target, field)));
    list.into_iter().chain(values.map(|rule| of_head(&rule.shown, lines.via))).collect()
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
