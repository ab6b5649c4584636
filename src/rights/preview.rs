//! Translates a rule of a catalog that is not live yet to the present tables.
//!
//! A field without a column is empty on every existing record: no value is within a set, and a record without
//! a parent needs no right on it.

use crate::{
    access::{Condition, RowRule},
    catalog::{Catalog, FieldIx, Object},
};

/// Returns the rule as it would apply to existing records.
pub(super) fn preview(rule: &RowRule, of: (&Catalog, &Object), live: &Catalog) -> RowRule {
    match rule {
        RowRule::When(condition) => met(condition, of, live),
        rule => rule.clone(),
    }
}

fn met(condition: &Condition, of: (&Catalog, &Object), live: &Catalog) -> RowRule {
    let (new, object) = of;
    match condition {
        Condition::Any(inner) => {
            let ways: Vec<_> = inner.iter().map(|inner| met(inner, of, live)).collect();
            match ways.iter().all(|way| *way == RowRule::None) {
                true => RowRule::None,
                false => RowRule::any(ways),
            }
        }
        Condition::All(inner) => {
            inner.iter().fold(RowRule::All, |rule, inner| rule.both(&met(inner, of, live)))
        }
        Condition::Employee { lines, .. } => match stored(object, *lines, live) {
            true => RowRule::When(condition.clone()),
            false => RowRule::None,
        },
        // Records of a field that is new wait for nothing yet.
        Condition::Settled { state } => match stored(object, *state, live) {
            true => RowRule::When(condition.clone()),
            false => RowRule::All,
        },
        Condition::Within { path, .. } => match walk(of, path, live) {
            Some(true) => RowRule::When(condition.clone()),
            _ => RowRule::None,
        },
        Condition::Readable { path, rule } => {
            let last = path
                .split_last()
                .and_then(|(last, steps)| Some(new.object(new.end(object, steps)?).field(*last)));
            match walk(of, path, live) {
                Some(true) => {
                    let Some(end) = new.end(object, path) else { return RowRule::None };
                    let rule = Box::new(preview(rule, (new, new.object(end)), live));
                    RowRule::When(Condition::Readable { path: path.clone(), rule })
                }
                _ if last.is_some_and(|last| last.required) => RowRule::None,
                _ => RowRule::All,
            }
        }
    }
}

/// Whether all fields of a path have columns.
fn walk(of: (&Catalog, &Object), path: &[FieldIx], live: &Catalog) -> Option<bool> {
    let (new, mut at) = of;
    for (step, ix) in path.iter().enumerate() {
        if !stored(at, *ix, live) {
            return Some(false);
        }
        if step + 1 < path.len() {
            at = new.object(at.field(*ix).target()?);
        }
    }
    Some(true)
}

fn stored(object: &Object, field: FieldIx, live: &Catalog) -> bool {
    live.named(&object.name)
        .is_some_and(|known| known.stored(&object.field(field).stored).is_some())
}

/// Writes a rule with names of fields, so that rules of two catalogs can be compared.
pub(super) fn spelled(rule: &RowRule, of: (&Catalog, &Object)) -> String {
    match rule {
        RowRule::None => "none".to_owned(),
        RowRule::All => "all".to_owned(),
        RowRule::When(condition) => spelled_condition(condition, of),
    }
}

fn spelled_condition(condition: &Condition, of: (&Catalog, &Object)) -> String {
    let (catalog, object) = of;
    let several = |inner: &[Condition], by: &str| {
        let inner: Vec<_> = inner.iter().map(|inner| spelled_condition(inner, of)).collect();
        format!("({})", inner.join(by))
    };
    let named = |path: &[FieldIx]| {
        let (mut at, mut names) = (Some(object), Vec::new());
        for step in path {
            let Some(field) = at.map(|object| object.field(*step)) else { break };
            names.push(field.name.as_str());
            at = field.target().map(|target| catalog.object(target));
        }
        names.join(".")
    };
    match condition {
        Condition::Any(inner) => several(inner, " or "),
        Condition::All(inner) => several(inner, " and "),
        Condition::Employee { lines, employees, responsible, .. } => {
            format!("{} {responsible} {employees:?}", named(&[*lines]))
        }
        Condition::Within { path, values, .. } => format!("{} in {values:?}", named(path)),
        Condition::Settled { state } => format!("{} waits for nothing", named(&[*state])),
        Condition::Readable { path, rule } => {
            let end = catalog.end(object, path).map(|end| catalog.object(end));
            let rule = end.map(|end| spelled(rule, (catalog, end))).unwrap_or_default();
            let last = path.split_last().and_then(|(last, steps)| {
                Some(catalog.object(catalog.end(object, steps)?).field(*last).required)
            });
            format!("{} {last:?} readable {rule}", named(path))
        }
    }
}
