//! Conditions over the records of a list, three-valued like everything else.
//!
//! Owns what they come to. Must not know where the records are from; [`Bindings::rows`] hands them out.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Bindings, EvalError, Evaluated, eval, truth, truth_value};
use crate::base::Value;
use crate::expr::ast::{ListQuantifier, Quantified};

/// What a condition over a list comes to.
///
/// `exists` and `all` are null where a record for which the condition is null could decide them. `count` counts those
/// for which it is true.
pub(super) fn over(over: &Quantified, bindings: &dyn Bindings) -> Evaluated {
    let paths = over.read_of_each();
    let (mut held, mut failed, mut unsure) = (0_i64, false, false);
    for values in bindings.rows(&over.list, &paths) {
        let row = Row { over, paths: &paths, values: &values, around: bindings };
        match truth(&eval(&over.condition, &row)?)? {
            Some(true) => held = held.checked_add(1).ok_or(EvalError::Overflow)?,
            Some(false) => failed = true,
            None => unsure = true,
        }
    }
    Ok(match over.quantifier {
        ListQuantifier::Exists if held > 0 => Value::Bool(true),
        ListQuantifier::Exists => truth_value((!unsure).then_some(false)),
        ListQuantifier::All if failed => Value::Bool(false),
        ListQuantifier::All => truth_value((!unsure).then_some(true)),
        ListQuantifier::Count => Value::Int(held),
    })
}

/// What a condition reads while it looks at one record of the list.
struct Row<'r> {
    over: &'r Quantified,
    paths: &'r [Vec<String>],
    values: &'r [Value],
    around: &'r dyn Bindings,
}

impl Bindings for Row<'_> {
    fn get(&self, path: &[String]) -> Value {
        let Some(rest) = self.over.of_each(path) else { return self.around.get(path) };
        let place = self.paths.iter().position(|known| known == rest);
        place.and_then(|place| self.values.get(place)).cloned().unwrap_or(Value::Null)
    }

    fn today(&self) -> NaiveDate {
        self.around.today()
    }

    fn now(&self) -> DateTime<Utc> {
        self.around.now()
    }

    fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        self.around.day_of(instant)
    }

    fn rows(&self, list: &[String], paths: &[Vec<String>]) -> Vec<Vec<Value>> {
        self.around.rows(list, paths)
    }
}
