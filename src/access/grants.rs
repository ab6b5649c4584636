//! Roles and a person to rules, for every object and action of a catalog.
//!
//! Each role is taken whole and the roles are joined by OR: one role's employees never meet another
//! role's dimensions (c.6.1, 7).

use std::{collections::HashMap, sync::Arc};

use super::{
    person::Person,
    role::{Action, Employees, Grant, Level, Role},
    rule::{Condition, RowRule},
};
use crate::{
    base::Value,
    catalog::{Catalog, Dimension, EMPLOYEES, FieldIx, Object, ObjectIx},
};

type Rules = HashMap<(ObjectIx, Action), RowRule>;

/// The rules of a person; what is not in them is closed.
pub(super) fn rules(catalog: &Catalog, roles: &[Arc<Role>], person: &Person) -> Rules {
    let mut making = Making { catalog, roles, person, rules: Rules::new() };
    let mut wanted: Vec<(&Object, Action)> = Vec::new();
    for role in roles {
        for grant in &role.grants {
            for object in grant.objects.iter().filter_map(|name| catalog.named(name)) {
                wanted.extend(grant.actions.iter().map(|action| (object, *action)));
            }
        }
    }
    for (object, action) in wanted {
        making.rule(object, action, 0);
    }
    lines(catalog, &mut making.rules);
    making.rules
}

/// A line is open where its document is.
fn lines(catalog: &Catalog, rules: &mut Rules) {
    for object in &catalog.objects {
        let Some(parent) = object.parent else { continue };
        let Some(head) = object.field(parent).target() else { continue };
        if let Some(rule) = rules.get(&(head, Action::Read)).cloned() {
            let path = vec![parent];
            let rule = match rule {
                RowRule::All => RowRule::All,
                rule => RowRule::When(Condition::Readable { path, rule: Box::new(rule) }),
            };
            rules.insert((object.ix, Action::Read), rule);
        }
    }
}

/// Deepest chain of parents followed: a definition could go in circles.
const DEEPEST: usize = 5;

struct Making<'m> {
    catalog: &'m Catalog,
    roles: &'m [Arc<Role>],
    person: &'m Person,
    rules: Rules,
}

impl Making<'_> {
    fn rule(&mut self, object: &Object, action: Action, depth: usize) -> RowRule {
        if let Some(rule) = self.rules.get(&(object.ix, action)) {
            return rule.clone();
        }
        if depth > DEEPEST || !self.enters(object) {
            return RowRule::None;
        }
        let mut granted = false;
        let mut alternatives = Vec::new();
        for role in self.roles {
            let names = |grant: &&Grant| {
                grant.actions.contains(&action) && grant.objects.contains(&object.name)
            };
            for grant in role.grants.iter().filter(names) {
                granted = true;
                alternatives.extend(self.alternatives(role, grant, object, depth));
            }
        }
        if !granted {
            return RowRule::None;
        }
        let rule = RowRule::any(alternatives);
        self.rules.insert((object.ix, action), rule.clone());
        rule
    }

    /// Whether the operator may enter a front system that holds the object (S-3.2.3).
    fn enters(&self, object: &Object) -> bool {
        let systems = &object.systems;
        systems.is_empty() || systems.iter().any(|system| self.person.systems.contains(system))
    }

    /// What one grant opens: everything, or by the record's employees, or by its dimensions.
    fn alternatives(
        &mut self,
        role: &Role,
        grant: &Grant,
        object: &Object,
        depth: usize,
    ) -> Vec<RowRule> {
        if grant.open {
            return vec![RowRule::All];
        }
        let mut alternatives = Vec::new();
        if let (Some((lines, _)), Some(employee), true) =
            (object.named(EMPLOYEES), self.person.employee, grant.employees != Employees::None)
        {
            alternatives.push(RowRule::When(Condition::Employee {
                lines,
                employee,
                responsible: grant.employees == Employees::Responsible,
                at: self.person.at,
            }));
        }
        if grant.dimensions && !object.dimensions.is_empty() {
            alternatives.extend(self.within_all(role, object, depth));
        }
        alternatives
    }

    /// The record lies within every controlled dimension; none if one of them is closed.
    fn within_all(&mut self, role: &Role, object: &Object, depth: usize) -> Option<RowRule> {
        let mut conditions = Vec::new();
        for dimension in &object.dimensions {
            match self.within(role, object, dimension, depth)? {
                RowRule::None => return None,
                RowRule::All => {}
                RowRule::When(condition) => conditions.push(condition),
            }
        }
        Some(match conditions.len() {
            0 => RowRule::All,
            1 => RowRule::When(conditions.swap_remove(0)),
            _ => RowRule::When(Condition::All(conditions)),
        })
    }

    fn within(
        &mut self,
        role: &Role,
        object: &Object,
        dimension: &Dimension,
        depth: usize,
    ) -> Option<RowRule> {
        let of_role = role.dimensions.get(&dimension.name).copied().unwrap_or_default();
        let set = self.person.reach.get(&dimension.name);
        let level = match (of_role, set) {
            (Level::Person, Some(reach)) => reach.level,
            (Level::Person, None) => Level::None,
            (level, _) => level,
        };
        if level == Level::None {
            return None;
        }
        if let Some(parent) = self.parent(object, &dimension.path) {
            // A right on the parent is itself the dimension (S-4.3.2).
            let parent = self.catalog.object(parent);
            let rule = self.rule(parent, Action::Read, depth + 1);
            return match rule {
                RowRule::None => None,
                RowRule::All => Some(RowRule::All),
                rule @ RowRule::When(_) => {
                    let path = dimension.path.clone();
                    Some(RowRule::When(Condition::Readable { path, rule: Box::new(rule) }))
                }
            };
        }
        let ticked = set.map(|reach| reach.values.clone()).unwrap_or_default();
        let tree = self.end(object, &dimension.path);
        let own = || -> Vec<Value> {
            match (&ticked[..], tree.map(|tree| self.catalog.object(tree).name.as_str())) {
                ([], Some("Department")) => {
                    self.person.department.map(Value::Id).into_iter().collect()
                }
                _ => ticked.clone(),
            }
        };
        let values = match level {
            Level::All => return Some(RowRule::All),
            Level::Set => ticked.clone(),
            Level::Own => own(),
            Level::Below => match tree {
                Some(tree) => self.person.below(tree, &own()),
                None => own(),
            },
            Level::None | Level::Person => return None,
        };
        if values.is_empty() {
            return None;
        }
        Some(RowRule::When(Condition::Within { path: dimension.path.clone(), values }))
    }

    /// The object at the end of a path, when its last step is a relation to a parent.
    fn parent(&self, object: &Object, path: &[FieldIx]) -> Option<ObjectIx> {
        let mut at = object;
        let mut parent = None;
        for step in path {
            let relation = at.field(*step).relation()?;
            parent = relation.parent.then_some(relation.target);
            at = self.catalog.object(relation.target);
        }
        parent
    }

    /// The object at the end of a path; none for a picklist.
    fn end(&self, object: &Object, path: &[FieldIx]) -> Option<ObjectIx> {
        let mut at = object.ix;
        for step in path {
            at = self.catalog.object(at).field(*step).target()?;
        }
        Some(at)
    }
}

/// One reason for which a role may open a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The role.
    pub role: String,
    /// Which block of the role: the dimensions of one block hold together.
    pub block: usize,
    /// What it goes by.
    pub by: By,
    /// Which records it opens.
    pub rule: RowRule,
}

/// What a branch goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// Nothing: every record is open.
    Open,
    /// The record's employees.
    Employees {
        /// Only those who are responsible.
        responsible: bool,
    },
    /// One controlled dimension.
    Dimension(String),
}

/// Every branch by which roles may open records of an object for an action, each on its own; empty when
/// no role has the function right.
pub fn branches(
    catalog: &Catalog,
    roles: &[Arc<Role>],
    person: &Person,
    object: &Object,
    action: Action,
) -> Vec<Branch> {
    let mut making = Making { catalog, roles, person, rules: Rules::new() };
    let mut found = Vec::new();
    if !making.enters(object) {
        return found;
    }
    for role in roles {
        for (block, grant) in role.grants.iter().enumerate() {
            if !grant.actions.contains(&action) || !grant.objects.contains(&object.name) {
                continue;
            }
            let mut add = |by, rule| {
                found.push(Branch { role: role.code.clone(), block, by, rule });
            };
            if grant.open {
                add(By::Open, RowRule::All);
                continue;
            }
            if grant.employees != Employees::None {
                let only = Grant { dimensions: false, ..grant.clone() };
                let rule = making.alternatives(role, &only, object, 0).pop();
                let responsible = grant.employees == Employees::Responsible;
                add(By::Employees { responsible }, rule.unwrap_or(RowRule::None));
            }
            for dimension in object.dimensions.iter().filter(|_| grant.dimensions) {
                let rule = making.within(role, object, dimension, 0).unwrap_or(RowRule::None);
                add(By::Dimension(dimension.name.clone()), rule);
            }
        }
    }
    found
}
