//! Rules of whole records: defaults, required fields, checks.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{
    conditions, faults,
    one_of::{is_among, is_empty},
    sentence::sentence,
    value::{fault_of, normalise},
};
use crate::{
    base::{Error, Message, Value},
    catalog::{Catalog, Field, FieldFill, FieldIx, FieldType, Label, Object, RecordCheck, Rule},
    expr::{self, Bindings, Expr},
};

/// The values of a record by field, with a fast hash that is not secure: callers cannot
/// choose the indexes of fields.
pub type Values = HashMap<FieldIx, Value, foldhash::fast::RandomState>;

/// Values that expressions read beyond the record itself, by path: `["viewer", "department"]`.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The values, whoever the caller is.
    pub values: HashMap<Vec<String>, Value>,
    /// What an action is given and has made, by path. Such a name comes before that of a field.
    pub named: HashMap<Vec<String>, Value>,
    /// The paths whose values the caller does not see, those of the record's own fields included.
    pub unseen: HashSet<Vec<String>>,
    /// The records of lists by the path to the list, each with its values by path.
    pub rows: HashMap<Vec<String>, Vec<HashMap<Vec<String>, Value>>>,
}

impl Facts {
    /// Whether an expression reads a value that the caller does not see.
    pub fn unseen_by(&self, expr: &Expr) -> bool {
        !self.unseen.is_empty() && expr.paths().iter().any(|path| self.unseen.contains(path))
    }
}

/// The context in which a record's expressions are evaluated.
pub struct RuleContext<'s> {
    /// The record's object.
    pub object: &'s Object,
    /// The record's values.
    pub values: &'s Values,
    /// Its values before the save; `None` for a new record.
    pub old: Option<&'s Values>,
    /// The values that expressions read beyond the record.
    pub facts: &'s Facts,
    /// The caller's employee.
    pub viewer: Value,
    /// The business day.
    pub today: NaiveDate,
    /// The instant of the save.
    pub now: DateTime<Utc>,
    /// The business time zone.
    pub zone: Tz,
    /// The save is only tried: a rule over values that the caller does not see is skipped.
    pub trial: bool,
    /// The record is put back as it was: what its relations refer to is not chosen again.
    pub restored: bool,
    /// The fields that the caller gave, in their order.
    pub given: &'s [FieldIx],
    /// The fields whose values could not be read. This is reported already, so rules
    /// that read them are skipped.
    pub unread: &'s [FieldIx],
}

impl Bindings for RuleContext<'_> {
    fn get(&self, path: &[String]) -> Value {
        if let Some(value) = self.facts.named.get(path) {
            return value.clone();
        }
        match path {
            [viewer] if viewer == "viewer" => self.viewer.clone(),
            [name] => match self.object.named(name) {
                Some((ix, _)) => value_of(self.values, ix),
                None if name == "old" => value_of_old(self.old, FieldIx::ID),
                None => self.facts.values.get(path).cloned().unwrap_or(Value::Null),
            },
            [old, name] if old == "old" && self.object.named(old).is_none() => {
                let field = self.object.named(name);
                field.map_or(Value::Null, |(ix, _)| value_of_old(self.old, ix))
            }
            longer => self.facts.values.get(longer).cloned().unwrap_or(Value::Null),
        }
    }

    fn today(&self) -> NaiveDate {
        self.today
    }

    fn now(&self) -> DateTime<Utc> {
        self.now
    }

    fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        instant.with_timezone(&self.zone).date_naive()
    }

    fn rows(&self, list: &[String], paths: &[Vec<String>]) -> Vec<Vec<Value>> {
        let rows = self.facts.rows.get(list).map_or(&[][..], Vec::as_slice);
        let value = |row: &HashMap<Vec<String>, Value>, path: &Vec<String>| {
            row.get(path).cloned().unwrap_or(Value::Null)
        };
        rows.iter().map(|row| paths.iter().map(|path| value(row, path)).collect()).collect()
    }
}

fn value_of(values: &Values, ix: FieldIx) -> Value {
    values.get(&ix).cloned().unwrap_or(Value::Null)
}

fn value_of_old(old: Option<&Values>, ix: FieldIx) -> Value {
    old.map_or(Value::Null, |old| value_of(old, ix))
}

/// The expressions that decide about a field's value in a saved record, besides those of its value alone.
fn decisive(field: &Field) -> impl Iterator<Item = &Expr> {
    let conditions = &field.conditions;
    let needed = [&conditions.required, &conditions.choose].into_iter().flatten();
    // Visibility decides only whether a value is needed.
    let visible = conditions.visible.iter().filter(move |_| conditions.required.is_some());
    let checks = field.checks.iter().map(|check| &check.expr);
    checks.chain(needed.chain(visible).map(|condition| &condition.expr))
}

/// Whether the checks and conditions of an object read anything beyond the record.
pub fn reads_beyond(object: &Object) -> bool {
    let read = [checks_read(object, None), conditions::read_only_reads(object)];
    let of_rules = || rules_of_rows(object).flat_map(Rule::exprs);
    read.iter().flatten().any(|path| path.len() > 1)
        || of_rules().any(|expr| !expr.over_lists().is_empty())
        || of_rules().flat_map(Expr::paths).any(|path| match path.split_first() {
            Some((root, rest)) if root == "old" || root == "each" => rest.len() > 1,
            _ => path.len() > 1,
        })
}

/// The rules that read a row in its save. Those that only relate employees ask the database.
fn rules_of_rows(object: &Object) -> impl Iterator<Item = &Rule> {
    object.rules.iter().filter(|rule| rule.guards() || !rule.set.is_empty())
}

/// The relations of an object that its defaults, checks and conditions read, or read over.
pub fn roots(object: &Object) -> HashSet<FieldIx> {
    let fields =
        object.each_field().flat_map(|(_, field)| field.default.iter().chain(field.ruled_by()));
    let checks = object.checks.iter().map(|check| &check.expr);
    let rules = rules_of_rows(object).flat_map(Rule::exprs);
    let fills = object.fills.iter().flat_map(FieldFill::exprs);
    let all = fields.chain(checks).chain(rules).chain(fills).flat_map(Expr::paths);
    let firsts = all.filter_map(|path| Some(object.named(path.first()?)?.0));
    firsts.filter(|ix| object.field(*ix).relation().is_some()).collect()
}

/// The paths that checks and conditions read: of all, or of those that apply if some fields were touched.
pub fn checks_read(object: &Object, touched: Option<&[FieldIx]>) -> Vec<Vec<String>> {
    let of_fields = object.each_field().flat_map(|(ix, field)| {
        let own = touched.is_none_or(|touched| touched.contains(&ix));
        let any = own || decisive(field).any(|expr| applies(object, expr, touched));
        decisive(field).filter(move |_| any)
    });
    let of_record = object.checks.iter().map(|check| &check.expr);
    let of_record = of_record.filter(|check| applies(object, check, touched));
    let mut paths: Vec<_> = of_fields.chain(of_record).flat_map(Expr::paths).collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Whether a check reads one of the fields that were touched.
pub(super) fn applies(object: &Object, check: &Expr, touched: Option<&[FieldIx]>) -> bool {
    let Some(touched) = touched else { return true };
    check.paths().iter().any(|path| {
        let root = path.first().and_then(|root| object.named(root));
        root.is_some_and(|(ix, _)| touched.contains(&ix))
    })
}

/// The default of a field in a new record; `None` if it has no default.
///
/// The value is NULL if the caller sees the field, but not all that the default reads.
pub fn default_of(
    catalog: &Catalog,
    field: &Field,
    scope: &RuleContext<'_>,
) -> Option<Result<Value, Error>> {
    let default = field.default.as_ref()?;
    let shown = !scope.facts.unseen.contains(std::slice::from_ref(&field.name));
    if shown && scope.facts.unseen_by(default) {
        return Some(Ok(Value::Null));
    }
    let value = expr::eval(default, scope).map(|value| normalise(catalog, field, value));
    Some(value.map_err(|error| evaluation(field, error)))
}

pub(super) fn evaluation(field: &Field, error: expr::EvalError) -> Error {
    faults::not_computable(field.title(), error).at([field.name.as_str()])
}

/// The result of checking a record.
#[derive(Debug, Default)]
pub struct Checked {
    /// Every broken rule that may be reported to the caller.
    pub faults: Vec<Error>,
    /// The record breaks a rule that reads values the caller does not see.
    pub unseen: bool,
}

/// Finds every rule that a record breaks: values that do not fit, required fields
/// without a value, references to what may not be chosen, false checks.
///
/// `touched` limits the rules to those that read some fields; `None` means all. A rule that is newer than the
/// record, or that compares with today, must not block a change to something else.
pub fn check_record(
    catalog: &Catalog,
    scope: &RuleContext<'_>,
    touched: Option<&[FieldIx]>,
) -> Checked {
    let mut checked = Checked::default();
    let object = scope.object;
    let mut unfit: Vec<_> = scope.unread.iter().map(|ix| object.field(*ix).name.as_str()).collect();
    for (ix, field) in object.each_field() {
        let touched = touched.is_none_or(|touched| is_among(object, ix, touched));
        let unread = is_among(object, ix, scope.unread);
        if let (FieldType::Union(_), true, true, false) =
            (&field.ty, field.required, touched, unread)
            && is_empty(object, scope.values, ix)
        {
            checked.faults.push(required(catalog, object, field));
        }
        if field.column.is_none() || !touched || unread {
            continue;
        }
        let value = scope.values.get(&ix).unwrap_or(&Value::Null);
        let computed = matches!(field.ty, FieldType::AutoNumber(_) | FieldType::Rollup(_));
        if value.is_null() && field.required && !field.system && !computed {
            checked.faults.push(required(catalog, object, field));
            unfit.push(field.name.as_str());
        } else if let Some(fault) = fault_of(catalog, field, value) {
            checked.faults.push(fault.at([field.name.as_str()]));
            unfit.push(field.name.as_str());
        }
    }
    let needed = conditions::needed(catalog, scope, touched, &unfit, &mut checked);
    unfit.extend(needed);
    // A check over a value that does not fit would only repeat the fault.
    let fits = |check: &Expr| {
        let mut roots = check.paths().into_iter().filter_map(|path| path.first().cloned());
        !roots.any(|root| unfit.contains(&root.as_str()))
    };
    let applies = |check: &Expr| applies(object, check, touched);
    for (ix, field) in object.each_field() {
        let own = touched.is_none_or(|touched| touched.contains(&ix));
        for RecordCheck { expr, message, .. } in &field.checks {
            if (applies(expr) || own) && fits(expr) {
                let at = correctable(object, scope, ix, expr);
                carry_out(expr, scope, at, &mut checked, || {
                    broken(catalog, scope, expr, message).at([at.name.as_str()])
                });
            }
        }
        let Some(choose) = &field.conditions.choose else { continue };
        if (applies(&choose.expr) || own) && fits(&choose.expr) {
            let at = correctable(object, scope, ix, &choose.expr);
            conditions::chosen(catalog, scope, ix, at, &mut checked);
        }
    }
    for check in &object.checks {
        if !applies(&check.expr) || !fits(&check.expr) {
            continue;
        }
        let Some(at) = place(object, scope, &check.expr) else { continue };
        carry_out(&check.expr, scope, at, &mut checked, || {
            broken(catalog, scope, &check.expr, &check.message).at([at.name.as_str()])
        });
    }
    checked
}

/// The field at which a rule of a field is reported: itself, or one that the caller gave and so can correct.
fn correctable<'s>(
    object: &'s Object,
    scope: &RuleContext<'_>,
    ix: FieldIx,
    rule: &Expr,
) -> &'s Field {
    match scope.given.contains(&ix) {
        true => object.field(ix),
        false => object.field(given(object, scope, rule).unwrap_or(ix)),
    }
}

/// The field at which a rule over several fields is reported: the first of them that the caller gave, or
/// given lines that one of them rolls up; else the first of all.
fn place<'s>(object: &'s Object, scope: &RuleContext<'_>, check: &Expr) -> Option<&'s Field> {
    let first = || object.read_by(check).first().copied();
    let ix = given(object, scope, check).or_else(first).unwrap_or(FieldIx::ID);
    object.fields.get(ix.0)
}

/// The first field that the caller gave and a rule reads, or given lines that a field it reads rolls up.
pub(super) fn given(object: &Object, scope: &RuleContext<'_>, check: &Expr) -> Option<FieldIx> {
    let read = object.read_by(check);
    let rolls_up = |read: &FieldIx, lines: FieldIx| matches!(&object.field(*read).ty, FieldType::Rollup(rollup) if rollup.lines == lines);
    let reads = |ix: &FieldIx| read.contains(ix) || read.iter().any(|read| rolls_up(read, *ix));
    scope.given.iter().copied().find(reads)
}

/// The error for a check that does not hold: its own message, or the check as a
/// sentence if a language has none.
pub(crate) fn broken(
    catalog: &Catalog,
    scope: &RuleContext<'_>,
    check: &Expr,
    own: &Label,
) -> Error {
    let told = match (&own.en, &own.zh) {
        (Some(en), Some(zh)) => Message::new(en.clone(), zh.clone()),
        (en, zh) => {
            let said = sentence(catalog, scope, check);
            Message::new(
                en.clone().map_or(said.en, Into::into),
                zh.clone().map_or(said.zh, Into::into),
            )
        }
    };
    faults::check_fails(told).about(check.paths().into_iter().flatten())
}

/// The error for a broken rule that reads values the caller does not see. It says no more than that.
pub fn unseen_rule() -> Error {
    faults::unseen_rule()
}

/// The error for a field without the value that it needs.
pub(crate) fn required(catalog: &Catalog, object: &Object, field: &Field) -> Error {
    faults::required(catalog.title(object, field)).at([field.name.as_str()])
}

/// Evaluates a check. As in SQL, a check that is neither true nor false holds.
fn carry_out(
    check: &Expr,
    scope: &RuleContext<'_>,
    field: &Field,
    checked: &mut Checked,
    fault: impl FnOnce() -> Error,
) {
    let unseen = scope.facts.unseen_by(check);
    if unseen && scope.trial {
        return;
    }
    let fault = match expr::eval(check, scope) {
        Ok(Value::Bool(false)) => fault(),
        Ok(_) => return,
        Err(error) => evaluation(field, error),
    };
    if unseen {
        checked.unseen = true;
    } else {
        checked.faults.push(fault);
    }
}
