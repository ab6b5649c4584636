//! Rules of whole records: defaults, required fields, checks.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    formulas,
    value::{fault_of, normalise},
};
use crate::{
    base::{Code, Error, Value},
    catalog::{Catalog, FieldIx, FieldType, Object},
    expr::{self, Bindings, Expr},
};

/// The values of a record by field, with a quick hash: places are ours, nobody chooses them.
pub type Values = HashMap<FieldIx, Value, foldhash::fast::RandomState>;

/// What expressions read beyond the record itself: values by path, `["viewer", "department"]`.
#[derive(Debug, Clone, Default)]
pub struct Facts(pub HashMap<Vec<String>, Value>);

/// Where and when a record's expressions are evaluated.
pub struct Scope<'s> {
    /// The record's object.
    pub object: &'s Object,
    /// The record's values.
    pub values: &'s Values,
    /// What is read beyond the record.
    pub facts: &'s Facts,
    /// The caller's employee.
    pub viewer: Value,
    /// The business day.
    pub today: NaiveDate,
    /// The instant of the save.
    pub now: DateTime<Utc>,
}

impl Bindings for Scope<'_> {
    fn get(&self, path: &[String]) -> Value {
        match path {
            [viewer] if viewer == "viewer" => self.viewer.clone(),
            [name] => self
                .object
                .named(name)
                .and_then(|(ix, _)| self.values.get(&ix))
                .cloned()
                .unwrap_or(Value::Null),
            longer => self.facts.0.get(longer).cloned().unwrap_or(Value::Null),
        }
    }

    fn today(&self) -> NaiveDate {
        self.today
    }

    fn now(&self) -> DateTime<Utc> {
        self.now
    }
}

/// The paths beyond the record that its object's expressions read: those with more than one step. For a new
/// record the defaults of what it was not given are among them.
pub fn needed_paths(object: &Object, new: Option<&Values>) -> Vec<Vec<String>> {
    let fields = object.each_field().flat_map(|(ix, field)| {
        let wanted = new.is_some_and(|given| !given.contains_key(&ix));
        let default = field.default.as_ref().filter(|_| wanted);
        default.into_iter().chain(field.check.as_ref())
    });
    let mut paths: Vec<Vec<String>> = fields
        .chain(object.checks.iter().map(|check| &check.expr))
        .flat_map(Expr::paths)
        .filter(|path| path.len() > 1)
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Gives a new record its defaults, in field order; a given value, also an explicit null, stays.
///
/// A default that reads a formula reads what it comes to with the values so far.
pub fn fill_defaults(
    catalog: &Catalog,
    object: &Object,
    values: &mut Values,
    facts: &Facts,
    at: &Scope<'_>,
) -> Vec<Error> {
    let mut faults = Vec::new();
    for (ix, field) in object.each_field() {
        let Some(default) = &field.default else { continue };
        if values.contains_key(&ix) {
            continue;
        }
        if object.read_by(default).iter().any(|ix| object.field(*ix).formula.is_some()) {
            // What is wrong with it is told when all values are there.
            formulas::compute(catalog, object, values, at);
        }
        let scope = Scope { values, facts, viewer: at.viewer.clone(), ..*at };
        match expr::eval(default, &scope) {
            Ok(value) => {
                let value = normalise(catalog, field, value);
                values.insert(ix, value);
            }
            Err(error) => faults.push(evaluation(&field.name, &error)),
        }
    }
    faults
}

pub(super) fn evaluation(field: &str, error: &expr::EvalError) -> Error {
    Error::new(
        Code::RecordCheck,
        format!("the rule of `{field}` cannot be computed: {error}"),
        format!("`{field}` 的规则无法计算：{error}"),
    )
    .at([field])
}

/// Every rule a record breaks: values that do not fit, required fields without one, checks that are false.
///
/// `touched` limits them to what reads some fields, none means all: a rule made later, or one that
/// compares with today, must not stand in the way of a change to something else.
pub fn check_record(
    catalog: &Catalog,
    scope: &Scope<'_>,
    touched: Option<&[FieldIx]>,
) -> Vec<Error> {
    let mut faults = Vec::new();
    let mut unfit = Vec::new();
    for (ix, field) in scope.object.each_field() {
        if field.column.is_none() || !touched.is_none_or(|touched| touched.contains(&ix)) {
            continue;
        }
        let value = scope.values.get(&ix).unwrap_or(&Value::Null);
        let computed = matches!(field.ty, FieldType::AutoNumber(_) | FieldType::Rollup(_));
        if value.is_null() && field.required && !field.system && !computed {
            faults.push(required(&field.name));
            unfit.push(field.name.as_str());
        } else if let Some(fault) = fault_of(catalog, field, value) {
            faults.push(fault.at([field.name.as_str()]));
            unfit.push(field.name.as_str());
        }
    }
    let touches = |name: &str| {
        let named = scope.object.named(name).map(|(ix, _)| ix);
        touched.is_none_or(|touched| named.is_some_and(|ix| touched.contains(&ix)))
    };
    // A check over a value that does not fit would only repeat the complaint.
    let applies = |check: &Expr| {
        let mut roots = check.paths().into_iter().filter_map(|path| path.first().cloned());
        touched.is_none() || roots.any(|root| touches(&root))
    };
    let fits = |check: &Expr| {
        let mut roots = check.paths().into_iter().filter_map(|path| path.first().cloned());
        !roots.any(|root| unfit.contains(&root.as_str()))
    };
    for field in &scope.object.fields {
        let Some(check) = &field.check else { continue };
        if !(applies(check) || touches(&field.name)) || !fits(check) {
            continue;
        }
        if let Some(fault) = broken(check, scope, &field.name, || {
            let text = field.check_text.clone().unwrap_or_default();
            Error::new(
                Code::RecordCheck,
                format!("the rule `{text}` does not hold"),
                format!("不满足规则 `{text}`"),
            )
            .at([field.name.as_str()])
        }) {
            faults.push(fault);
        }
    }
    for check in &scope.object.checks {
        if !applies(&check.expr) || !fits(&check.expr) {
            continue;
        }
        if let Some(fault) = broken(&check.expr, scope, "", || {
            let en = check.message.en.clone().or_else(|| check.message.zh.clone());
            let zh = check.message.zh.clone().or_else(|| check.message.en.clone());
            Error::new(
                Code::RecordCheck,
                en.unwrap_or_else(|| format!("the rule `{}` does not hold", check.text)),
                zh.unwrap_or_else(|| format!("不满足规则 `{}`", check.text)),
            )
        }) {
            faults.push(fault);
        }
    }
    faults
}

fn required(field: &str) -> Error {
    Error::new(Code::RecordRequired, format!("`{field}` is required"), format!("`{field}` 必填"))
        .at([field])
}

/// As in SQL, a check that is neither true nor false holds.
fn broken(
    check: &Expr,
    scope: &Scope<'_>,
    field: &str,
    fault: impl FnOnce() -> Error,
) -> Option<Error> {
    match expr::eval(check, scope) {
        Ok(Value::Bool(false)) => Some(fault()),
        Ok(_) => None,
        Err(error) => Some(evaluation(field, &error)),
    }
}
