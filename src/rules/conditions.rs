//! Conditions on fields: when a value is needed, may be changed, is shown, and which records may be chosen.
//!
//! A condition holds where it is true. One that reads what the caller does not see decides about a save, and the
//! caller is told no more than that of it; in a trial it is skipped.

use super::{
    faults,
    one_of::{is_among, is_empty},
    record::{Checked, RuleContext, applies, evaluation, required},
};
use crate::{
    base::{Error, Value},
    catalog::{Catalog, Field, FieldCondition, FieldIx, Object},
    expr::{self, Expr},
};

/// What comes of a condition.
enum Verdict {
    Holds,
    Fails,
    Fault(Box<Error>),
}

fn verdict(condition: &FieldCondition, scope: &RuleContext<'_>, field: &Field) -> Verdict {
    match expr::eval(&condition.expr, scope) {
        Ok(Value::Bool(true)) => Verdict::Holds,
        Ok(_) => Verdict::Fails,
        Err(error) => Verdict::Fault(Box::new(evaluation(field, error))),
    }
}

/// Adds a fault, or only that there is one if it tells of what the caller does not see.
fn tell(checked: &mut Checked, unseen: bool, fault: Error) {
    match unseen {
        true => checked.unseen = true,
        false => checked.faults.push(fault),
    }
}

/// Finds the fields without a value whose conditions need one, and returns their names.
pub(super) fn needed<'s>(
    catalog: &Catalog,
    scope: &RuleContext<'s>,
    touched: Option<&[FieldIx]>,
    unfit: &[&str],
    checked: &mut Checked,
) -> Vec<&'s str> {
    let object = scope.object;
    let mut lacking = Vec::new();
    for (ix, field) in object.each_field() {
        let Some(needed) = &field.conditions.required else { continue };
        let visible = field.conditions.visible.as_ref();
        let exprs = || [Some(needed), visible].into_iter().flatten().map(|known| &known.expr);
        let own = touched.is_none_or(|touched| is_among(object, ix, touched));
        let concerned = own || exprs().any(|expr| applies(object, expr, touched));
        if !concerned
            || !is_empty(object, scope.values, ix)
            || is_among(object, ix, scope.unread)
            || exprs().any(|expr| over(expr, unfit))
        {
            continue;
        }
        let unseen = exprs().any(|expr| scope.facts.unseen_by(expr));
        if unseen && scope.trial {
            continue;
        }
        let both = [Some(needed), visible].into_iter().flatten();
        let mut verdicts = both.map(|condition| verdict(condition, scope, field));
        let fault = match verdicts.find(|verdict| !matches!(verdict, Verdict::Holds)) {
            None => required(catalog, object, field),
            Some(Verdict::Fault(fault)) => *fault,
            Some(_) => continue,
        };
        lacking.push(field.name.as_str());
        tell(checked, unseen, fault);
    }
    lacking
}

/// Whether an expression reads a field whose value does not fit.
fn over(expr: &Expr, unfit: &[&str]) -> bool {
    let mut roots = expr.paths().into_iter().filter_map(|path| path.first().cloned());
    roots.any(|root| unfit.contains(&root.as_str()))
}

/// Checks that the record to which a relation refers may be chosen. The fault is reported at a field.
pub(super) fn chosen(
    catalog: &Catalog,
    scope: &RuleContext<'_>,
    ix: FieldIx,
    at: &Field,
    checked: &mut Checked,
) {
    let field = scope.object.field(ix);
    let Some(choose) = &field.conditions.choose else { return };
    let unseen = scope.facts.unseen_by(&choose.expr);
    if scope.restored || unseen && scope.trial || scope.values.get(&ix).is_none_or(Value::is_null) {
        return;
    }
    let fault = match verdict(choose, scope, at) {
        Verdict::Holds => return,
        Verdict::Fault(fault) => *fault,
        Verdict::Fails => {
            let names = choose.expr.paths().into_iter().flatten();
            let title = catalog.title(scope.object, field);
            faults::not_to_choose(title).about(names).at([at.name.as_str()])
        }
    };
    tell(checked, unseen, fault);
}

/// The paths that the conditions read under which fields are read-only.
pub fn read_only_reads(object: &Object) -> Vec<Vec<String>> {
    let conditions =
        object.each_field().filter_map(|(_, field)| field.conditions.read_only.as_ref());
    conditions.flat_map(|condition| condition.expr.paths()).collect()
}

/// Finds those of some fields that are read-only in a record with these values.
pub fn read_only(
    catalog: &Catalog,
    scope: &RuleContext<'_>,
    fields: impl Iterator<Item = FieldIx>,
) -> Checked {
    let mut checked = Checked::default();
    for ix in fields {
        let field = scope.object.field(ix);
        let Some(condition) = &field.conditions.read_only else { continue };
        let unseen = scope.facts.unseen_by(&condition.expr);
        if unseen && scope.trial {
            continue;
        }
        let fault = match verdict(condition, scope, field) {
            Verdict::Fails => continue,
            Verdict::Fault(fault) => *fault,
            Verdict::Holds => {
                let names = condition.expr.paths().into_iter().flatten();
                let title = catalog.title(scope.object, field);
                faults::read_only_now(title).about(names).at([field.name.as_str()])
            }
        };
        tell(&mut checked, unseen, fault);
    }
    checked
}

/// How a page shows a field of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldState {
    /// The page shows it.
    pub visible: bool,
    /// The record needs a value.
    pub required: bool,
    /// Nobody changes it.
    pub read_only: bool,
}

/// The state of a field. What the caller does not see does not change it: the field is then visible, and neither
/// required nor read-only.
///
/// `stored` is the record by which read-only fields are told.
pub fn state(field: &Field, scope: &RuleContext<'_>, stored: &RuleContext<'_>) -> FieldState {
    let holds = |condition: &Option<FieldCondition>, scope: &RuleContext<'_>| {
        let condition = condition.as_ref()?;
        let seen = !scope.facts.unseen_by(&condition.expr);
        seen.then(|| matches!(verdict(condition, scope, field), Verdict::Holds))
    };
    let conditions = &field.conditions;
    let visible = holds(&conditions.visible, scope).unwrap_or(true);
    let always = field.required && !field.system && field.writable();
    FieldState {
        visible,
        required: always || visible && holds(&conditions.required, scope).unwrap_or(false),
        read_only: holds(&conditions.read_only, stored).unwrap_or(false),
    }
}
