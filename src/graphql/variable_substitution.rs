//! Values in a document, with variables inserted.
//!
//! Parts of an `@optional` variable, or all of it, may have been removed. The surrounding literal then loses
//! as much as it would within a variable (`variables.rs`).

use std::str::FromStr;

use async_graphql::{Name, Value as Given, parser::types::Field as Asked};
use async_graphql_value::Value as Written;
use indexmap::IndexMap;

use super::{reader::SelectionReader, relative_periods::Around, variables::Lack};

/// The arguments with conditions.
const CONDITIONS: [&str; 2] = ["filter", "having"];

/// Whether a name is an operator of conditions. Below an operator is a value; below any other name is a
/// condition.
fn compares(name: &str) -> bool {
    let operators = ["eq", "ne", "in", "notIn", "gt", "gte", "lt", "lte", "between", "isNull"];
    let texts = ["contains", "startsWith", "endsWith", "like", "has"];
    operators.contains(&name)
        || texts.contains(&name)
        || Around::from_str(name).is_ok()
        || ["lastDays", "nextDays"].contains(&name)
}

/// The result for a written value.
enum Put {
    /// Its value, and whether a part that narrowed it was removed.
    Value(Given, bool),
    /// All of it was removed.
    Left,
    /// A variable without a value.
    Nothing,
}

impl SelectionReader<'_> {
    /// Returns the arguments of a field.
    pub(super) fn arguments(&self, field: &Asked) -> IndexMap<Name, Given> {
        let each = field.arguments.iter();
        let given = each.filter_map(|(name, value)| {
            let conditions = CONDITIONS.contains(&name.node.as_str());
            Some((name.node.clone(), self.put_in(&value.node, conditions)?))
        });
        given.collect()
    }

    /// Returns a value with its variables inserted. None if it is a variable without a value.
    pub(super) fn value(&self, value: &Written) -> Option<Given> {
        self.put_in(value, false)
    }

    /// Like [`SelectionReader::value`]. Within conditions, a null variable counts as not sent.
    fn put_in(&self, value: &Written, conditions: bool) -> Option<Given> {
        if let Written::Variable(name) = value {
            return self.variables.get(name).cloned();
        }
        match (self.put(value, false, conditions), value) {
            (Put::Value(value, _), _) => Some(value),
            (Put::Left, Written::List(_)) => Some(Given::List(Vec::new())),
            (Put::Left, _) => Some(Given::Object(IndexMap::new())),
            (Put::Nothing, _) => None,
        }
    }

    /// Inserts variables. `branch`: the value is one branch of an `or`.
    fn put(&self, value: &Written, branch: bool, conditions: bool) -> Put {
        match value {
            Written::Variable(name) => match (self.variables.get(name), self.lacks.get(name)) {
                (_, Some(Lack::All)) => Put::Left,
                // Each item of the list is a branch. Those that lacked something are already removed.
                (Some(list @ Given::List(_)), Some(Lack::Part)) if branch => {
                    Put::Value(list.clone(), false)
                }
                (_, Some(Lack::Part)) if branch => Put::Left,
                (Some(value), lack) => Put::Value(value.clone(), lack.is_some()),
                (None, _) => Put::Nothing,
            },
            Written::List(items) => {
                let (mut all, mut partly) = (Vec::with_capacity(items.len()), false);
                for item in items {
                    match self.put(item, branch, conditions) {
                        Put::Value(value, part) => {
                            all.push(value);
                            partly |= part;
                        }
                        Put::Left => partly = true,
                        Put::Nothing => all.push(Given::Null),
                    }
                }
                match partly && all.is_empty() {
                    true => Put::Left,
                    false => Put::Value(Given::List(all), partly && !branch),
                }
            }
            Written::Object(fields) => {
                let (mut all, mut partly) = (IndexMap::with_capacity(fields.len()), false);
                for (key, value) in fields {
                    let unset = conditions && matches!(value, Written::Variable(_));
                    match self.put(value, key == "or", conditions) {
                        Put::Value(Given::Null, _) | Put::Nothing if unset && !compares(key) => {
                            // A change of many records must know that a condition was written here.
                            all.insert(key.clone(), Given::Null);
                        }
                        Put::Value(Given::Null, _) if unset => {}
                        Put::Value(value, part) => {
                            partly |= part && key != "not";
                            all.insert(key.clone(), value);
                        }
                        Put::Left => partly = true,
                        Put::Nothing => {}
                    }
                }
                // A branch that lost a condition would match more records.
                match partly && (branch || all.is_empty()) {
                    true => Put::Left,
                    false => Put::Value(Given::Object(all), partly),
                }
            }
            other => {
                other.clone().into_const().map_or(Put::Nothing, |value| Put::Value(value, false))
            }
        }
    }
}
