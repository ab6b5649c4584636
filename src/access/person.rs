//! What is known of the person who asks, beside the roles: employee, department, ticked values, trees.

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
    /// How.
    pub level: Level,
    /// The ticked values: ids or picklist names.
    pub values: Vec<Value>,
}

/// The facts that rules are made of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Person {
    /// The operator record.
    pub operator: Option<Uuid>,
    /// The employee behind it.
    pub employee: Option<Uuid>,
    /// Employees for whom the person stands in at this time.
    pub stands_for: Vec<Uuid>,
    /// The employee's department.
    pub department: Option<Uuid>,
    /// The front systems the operator may enter.
    pub systems: Vec<String>,
    /// What is set on the person, by dimension.
    pub reach: HashMap<String, Reach>,
    /// Children by parent, of objects that are trees.
    pub trees: HashMap<ObjectIx, HashMap<Uuid, Vec<Uuid>>>,
    /// Roles the person holds which do not act, as with an API key that has fewer: what they forbid stays
    /// forbidden.
    pub withheld: Vec<Arc<Role>>,
    /// What of the rule the company has switched off.
    pub controls: Arc<Controls>,
    /// When the rules are made.
    pub at: DateTime<Utc>,
}

impl Person {
    /// Values with all that is below them in their tree.
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
