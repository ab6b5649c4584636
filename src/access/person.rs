//! The facts about a person beside their roles: employee, department, selected values, trees.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    controls::Controls,
    role::{Level, Role},
};
use crate::{base::Value, catalog::ObjectIx};

/// How much of one dimension is open to one person.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reach {
    /// The level.
    pub level: Level,
    /// The selected values: ids or picklist names.
    pub values: Vec<Value>,
}

/// The facts from which rules are derived.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Person {
    /// The operator record.
    pub operator: Option<Uuid>,
    /// The employee of the operator.
    pub employee: Option<Uuid>,
    /// The employees for whom the person stands in at this time.
    pub stands_for: Vec<Uuid>,
    /// The employee's department.
    pub department: Option<Uuid>,
    /// The front systems the operator may enter.
    pub systems: Vec<String>,
    /// The reach that is set on the person, by dimension.
    pub reach: HashMap<String, Reach>,
    /// Children by parent, for each object that is a tree.
    pub trees: HashMap<ObjectIx, HashMap<Uuid, Vec<Uuid>>>,
    /// Roles that the person holds but that do not act, as with an API key that has fewer roles. What
    /// they forbid stays forbidden.
    pub withheld: Vec<Arc<Role>>,
    /// The company's switches.
    pub controls: Arc<Controls>,
    /// The objects that have no pages yet, by their names. Only those who define objects use them.
    pub pageless: Arc<HashSet<String>>,
    /// The instant for which the rules are derived.
    pub at: DateTime<Utc>,
}

impl Person {
    /// Values with all their descendants in a tree.
    pub(super) fn below(&self, tree: ObjectIx, roots: &[Value]) -> Vec<Value> {
        let children = self.trees.get(&tree);
        let mut open: Vec<Uuid> = roots.iter().filter_map(Value::as_id).collect();
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                found.push(Value::Id(id));
                open.extend(children.and_then(|tree| tree.get(&id)).into_iter().flatten());
            }
        }
        found.sort_by_key(Value::as_id);
        found
    }
}
