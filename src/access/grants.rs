//! Roles and a person to rules, for every object and action of a catalog.
//!
//! Each role is taken whole and the roles are joined by OR: one role's employees never meet another
//! role's dimensions (c.6.1, 7).

use std::{collections::HashMap, sync::Arc};

use uuid::Uuid;

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
        if depth > DEEPEST || !self.enters(object) || !self.within_walls(object) {
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
                alternatives.extend(self.alternatives(role, grant, object, action, depth));
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

    /// Whether no role the person holds walls the object off (S-4.1.2).
    fn within_walls(&self, object: &Object) -> bool {
        let mut held = self.roles.iter().chain(&self.person.withheld);
        held.all(|role| role.keeps_to(object.business_line.as_deref()))
    }

    /// What one grant opens: everything, or by the record's employees, or by its dimensions.
    fn alternatives(
        &mut self,
        role: &Role,
        grant: &Grant,
        object: &Object,
        action: Action,
        depth: usize,
    ) -> Vec<RowRule> {
        if grant.open || self.person.controls.uncontrolled.contains(&object.name) {
            return vec![RowRule::All];
        }
        let mut alternatives = Vec::new();
        let own = self.person.employee.into_iter();
        let employees: Vec<Uuid> = own.chain(self.person.stands_for.iter().copied()).collect();
        alternatives.extend(self.among(grant, object, employees));
        if grant.dimensions {
            alternatives.extend(self.within_all(role, object, action, depth));
        }
        alternatives
    }

    /// Some of these employees are among the record's, as the grant asks for; none when it asks for nothing.
    fn among(&self, grant: &Grant, object: &Object, employees: Vec<Uuid>) -> Option<RowRule> {
        let (lines, _) = object.named(EMPLOYEES)?;
        let asks = grant.employees != Employees::None && !employees.is_empty();
        let responsible = grant.employees == Employees::Responsible;
        asks.then_some(RowRule::When(Condition::Employee {
            lines,
            employees,
            responsible,
            at: self.person.at,
        }))
    }

    /// The record lies within every controlled dimension; none if one of them is closed.
    fn within_all(
        &mut self,
        role: &Role,
        object: &Object,
        action: Action,
        depth: usize,
    ) -> Option<RowRule> {
        let mut conditions = Vec::new();
        let controlled = controlled(self.person, object, action);
        // An AND over nothing is false (c.6.1, 1).
        controlled.first()?;
        for dimension in controlled {
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
        let mut ticked: Vec<Value> = Vec::new();
        let of_role = role.ticked.get(&dimension.name).filter(|_| of_role != Level::Person);
        let (names, values) = match (of_role, set) {
            (Some(names), _) => (names.as_slice(), &[][..]),
            (None, Some(reach)) => (&[][..], reach.values.as_slice()),
            (None, None) => (&[][..], &[][..]),
        };
        for value in names.iter().map(|name| value(name)).chain(values.iter().cloned()) {
            if !ticked.contains(&value) {
                ticked.push(value);
            }
        }
        let tree = self.end(object, &dimension.path);
        let own = || -> Vec<Value> {
            match (&ticked[..], tree.map(|tree| self.catalog.object(tree).name.as_str())) {
                ([], Some("Department")) => {
                    self.person.department.map(Value::Id).into_iter().collect()
                }
                _ => ticked.clone(),
            }
        };
        let mut values = match level {
            Level::All => return Some(RowRule::All),
            Level::Set => ticked.clone(),
            Level::Own => own(),
            Level::Below => match tree {
                Some(tree) => self.person.below(tree, &own()),
                None => own(),
            },
            Level::None | Level::Person => return None,
        };
        // What cannot be a value of this dimension opens nothing.
        values.retain(|value| matches!(value, Value::Id(_)) == tree.is_some());
        if values.is_empty() {
            return None;
        }
        let there = tree.and_then(|tree| self.person.trees.get(&tree));
        let there = there.map_or(0, |tree| tree.values().map(Vec::len).sum());
        let wide = there > 0 && values.len() * 20 >= there;
        Some(RowRule::When(Condition::Within { path: dimension.path.clone(), values, wide }))
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

/// A ticked value: an id, or the name of a picklist's value.
fn value(text: &str) -> Value {
    text.parse().map_or_else(|_name| Value::Text(text.to_owned()), Value::Id)
}

/// The dimensions of an object that count for an action.
fn controlled<'o>(person: &Person, object: &'o Object, action: Action) -> Vec<&'o Dimension> {
    let counts =
        |dimension: &&Dimension| person.controls.counts(&object.name, &dimension.name, action);
    object.dimensions.iter().filter(counts).collect()
}

/// One reason for which a role may open a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The role; empty for what holds whatever the role.
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
    /// The front systems the operator may enter: must hold.
    System,
    /// The business lines that the roles held keep to: must hold.
    Wall,
    /// The function right: must hold.
    Function,
    /// Nothing: every record is open.
    Open,
    /// The record's employees.
    Employees {
        /// Only those who are responsible.
        responsible: bool,
    },
    /// The employees for whom the person stands in.
    StandIn,
    /// One controlled dimension.
    Dimension(String),
}

/// Every branch by which roles may open records of an object for an action, each on its own; first those
/// that must hold whatever the role.
pub fn branches(
    catalog: &Catalog,
    roles: &[Arc<Role>],
    person: &Person,
    object: &Object,
    action: Action,
) -> Vec<Branch> {
    let mut making = Making { catalog, roles, person, rules: Rules::new() };
    let names =
        |grant: &&Grant| grant.actions.contains(&action) && grant.objects.contains(&object.name);
    let truth = |holds: bool| if holds { RowRule::All } else { RowRule::None };
    let gate = |by, holds| Branch { role: String::new(), block: 0, by, rule: truth(holds) };
    let function = roles.iter().any(|role| role.grants.iter().any(|grant| names(&grant)));
    let mut found = vec![
        gate(By::System, making.enters(object)),
        gate(By::Wall, making.within_walls(object)),
        gate(By::Function, function),
    ];
    for role in roles {
        for (block, grant) in role.grants.iter().enumerate().filter(|(_, grant)| names(grant)) {
            let mut add = |by, rule: Option<RowRule>| {
                let rule = rule.unwrap_or(RowRule::None);
                found.push(Branch { role: role.code.clone(), block, by, rule });
            };
            if grant.open || person.controls.uncontrolled.contains(&object.name) {
                add(By::Open, Some(RowRule::All));
                continue;
            }
            if grant.employees != Employees::None {
                let responsible = grant.employees == Employees::Responsible;
                let own = person.employee.into_iter().collect();
                add(By::Employees { responsible }, making.among(grant, object, own));
                if !person.stands_for.is_empty() {
                    add(By::StandIn, making.among(grant, object, person.stands_for.clone()));
                }
            }
            if grant.dimensions {
                for dimension in controlled(person, object, action) {
                    let rule = making.within(role, object, dimension, 0);
                    add(By::Dimension(dimension.name.clone()), rule);
                }
            }
        }
    }
    found
}
