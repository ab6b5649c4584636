//! Derives the rules of a person from their roles, for every object and action of a catalog.
//!
//! Each role is evaluated as a whole, and the roles are joined by OR. The employees of one role are never
//! combined with the dimensions of another.

use std::{collections::HashMap, sync::Arc};

use uuid::Uuid;

use super::{
    person::Person,
    role::{Action, Employees, Grant, Level, Role},
    rule::{Condition, RowRule},
    states,
};
use crate::{
    base::Value,
    catalog::{Catalog, DEPARTMENT, Dimension, EMPLOYEES, Field, FieldIx, Object, ObjectIx},
};

type Rules = HashMap<(ObjectIx, Action), RowRule>;

/// The rules of a person. An object and action without a rule is closed.
pub(super) fn rules(catalog: &Catalog, roles: &[Arc<Role>], person: &Person) -> Rules {
    let mut making = Making::new(catalog, roles, person);
    let mut wanted: Vec<(&Object, Action)> = Vec::new();
    for role in roles {
        for grant in &role.grants {
            let objects = grant.objects.iter().filter_map(|name| catalog.named(name));
            // A line has no rights of its own, even if a grant names it.
            for object in objects.filter(|object| object.parent.is_none()) {
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

/// The objects that a person would have rights on if they had pages.
pub(super) fn waiting(catalog: &Catalog, roles: &[Arc<Role>], person: &Person) -> Vec<ObjectIx> {
    if person.pageless.is_empty() {
        return Vec::new();
    }
    let making = Making::new(catalog, roles, person);
    let waiting = catalog.objects.iter().filter(|object| making.waits_for_pages(object));
    waiting.map(|object| object.ix).collect()
}

/// Opens lines where their document is open.
fn lines(catalog: &Catalog, rules: &mut Rules) {
    for object in &catalog.objects {
        let Some(parent) = object.parent else { continue };
        let head = catalog.head(object);
        if let Some(rule) = rules.get(&(head.ix, Action::Read)).cloned() {
            rules.insert((object.ix, Action::Read), of_line(parent, rule));
        }
    }
}

/// The rule of a line, from the rule of the document to which its relation leads.
fn of_line(parent: FieldIx, rule: RowRule) -> RowRule {
    match rule {
        RowRule::All => RowRule::All,
        rule => RowRule::When(Condition::Readable { path: vec![parent], rule: Box::new(rule) }),
    }
}

/// The deepest chain of parents to follow, because definitions may contain cycles.
const DEEPEST: usize = 5;

pub(super) struct Making<'m> {
    pub(super) catalog: &'m Catalog,
    pub(super) roles: &'m [Arc<Role>],
    pub(super) person: &'m Person,
    rules: Rules,
}

impl<'m> Making<'m> {
    pub(super) fn new(catalog: &'m Catalog, roles: &'m [Arc<Role>], person: &'m Person) -> Self {
        Self { catalog, roles, person, rules: Rules::new() }
    }

    /// The records that one role opens; for a line, through its document. A parent that the role requires may
    /// be opened by any role, because that right belongs to the person.
    pub(super) fn of_role(&mut self, role: &Arc<Role>, object: &Object) -> RowRule {
        let head = self.catalog.head(object);
        let rule = self.opened(std::slice::from_ref(role), head, Action::Read, 0);
        match (object.parent, rule.unwrap_or(RowRule::None)) {
            (_, RowRule::None) => RowRule::None,
            (Some(parent), rule) => of_line(parent, rule),
            (None, rule) => rule,
        }
    }

    fn rule(&mut self, object: &Object, action: Action, depth: usize) -> RowRule {
        if let Some(rule) = self.rules.get(&(object.ix, action)) {
            return rule.clone();
        }
        match self.opened(self.roles, object, action, depth) {
            Some(rule) => {
                self.rules.insert((object.ix, action), rule.clone());
                rule
            }
            None => RowRule::None,
        }
    }

    /// The records of an object that some roles open; `None` if they have no right to it at all.
    fn opened(
        &mut self,
        by: &[Arc<Role>],
        object: &Object,
        action: Action,
        depth: usize,
    ) -> Option<RowRule> {
        let usable = self.enters(object) && self.within_walls(object) && self.has_pages(object);
        if depth > DEEPEST || !usable {
            return None;
        }
        let mut granted = false;
        let mut alternatives = Vec::new();
        for role in by {
            let names = |grant: &&Grant| {
                grant.actions.contains(&action) && grant.objects.contains(&object.name)
            };
            for grant in role.grants.iter().filter(names) {
                granted = true;
                alternatives.extend(self.alternatives(role, grant, object, action, depth));
            }
        }
        granted.then(|| RowRule::any(alternatives))
    }

    /// Whether the operator may enter a front system of the object.
    fn enters(&self, object: &Object) -> bool {
        let systems = &object.systems;
        systems.is_empty() || systems.iter().any(|system| self.person.systems.contains(system))
    }

    /// Whether no role that the person holds walls the object off.
    fn within_walls(&self, object: &Object) -> bool {
        let mut held = self.roles.iter().chain(&self.person.withheld);
        held.all(|role| role.keeps_to(object.business_line.as_deref()))
    }

    /// Whether an object has the pages that ordinary users need, or the person defines objects.
    fn has_pages(&self, object: &Object) -> bool {
        !self.person.pageless.contains(&object.name) || self.roles.iter().any(|role| role.defines())
    }

    /// Whether some role grants anything on an object that only lacks its pages.
    fn waits_for_pages(&self, object: &Object) -> bool {
        let granted = || self.roles.iter().any(|role| role.names(&object.name));
        !self.has_pages(object) && self.enters(object) && self.within_walls(object) && granted()
    }

    /// The rules of one grant: all records, or by the record's employees, or by its dimensions.
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

    /// The rule that the record's lines name one of these employees; `None` if the
    /// grant does not use employees.
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

    /// The rule that the record is within every controlled dimension and its parents may be read; `None`
    /// if one of them is closed.
    fn within_all(
        &mut self,
        role: &Role,
        object: &Object,
        action: Action,
        depth: usize,
    ) -> Option<RowRule> {
        let mut members = Vec::new();
        for dimension in controlled(self.person, object, action) {
            members.push(self.within(role, object, dimension, depth)?);
        }
        for parent in parents(self.person, object, action) {
            members.push(self.of_parent(object, &[parent], depth)?);
        }
        // An AND without members is false.
        members.first()?;
        let mut conditions = Vec::new();
        for member in members {
            match member {
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
        // A role with a level of its own does not use the person's values.
        let (level, ticked) = match of_role {
            Level::Person => {
                let reach = self.person.reach.get(&dimension.name)?;
                (reach.level, reach.values.clone())
            }
            level => {
                let names = role.ticked.get(&dimension.name).into_iter().flatten();
                (level, names.map(|name| value(name)).collect())
            }
        };
        if level == Level::None {
            return None;
        }
        if self.parent(object, &dimension.path) {
            return self.of_parent(object, &dimension.path, depth);
        }
        let tree = self.end(object, &dimension.path);
        let departments = tree.is_some_and(|tree| self.catalog.object(tree).name == DEPARTMENT);
        let own = || -> Vec<Value> { self.person.department.map(Value::Id).into_iter().collect() };
        let mut values = match level {
            Level::All => return Some(RowRule::All),
            Level::Set => each_once(ticked),
            Level::Own if departments => own(),
            Level::Below => match tree {
                Some(tree) if departments => self.person.below(tree, &own()),
                Some(tree) => self.person.below(tree, &ticked),
                None => each_once(ticked),
            },
            Level::Own | Level::None | Level::Person => return None,
        };
        // Values that do not fit the dimension open nothing.
        values.retain(|value| matches!(value, Value::Id(_)) == tree.is_some());
        if values.is_empty() {
            return None;
        }
        let there = tree.and_then(|tree| self.person.trees.get(&tree));
        let there = there.map_or(0, |tree| tree.values().map(Vec::len).sum());
        let wide = there > 0 && values.len() * 20 >= there;
        Some(RowRule::When(Condition::Within { path: dimension.path.clone(), values, wide }))
    }

    /// The rule that the record's parent may be read: the right to a parent is a dimension, too. Without a
    /// parent there is nothing to check.
    fn of_parent(&mut self, object: &Object, path: &[FieldIx], depth: usize) -> Option<RowRule> {
        let target = self.end(object, path)?;
        let rule = self.rule(self.catalog.object(target), Action::Read, depth + 1);
        match rule {
            RowRule::All => Some(RowRule::All),
            RowRule::None if self.last(object, path)?.required => None,
            rule => {
                let path = path.to_vec();
                Some(RowRule::When(Condition::Readable { path, rule: Box::new(rule) }))
            }
        }
    }

    /// Whether the last step of a path is a relation to a parent.
    fn parent(&self, object: &Object, path: &[FieldIx]) -> bool {
        let last = self.last(object, path).and_then(|last| last.relation());
        last.is_some_and(|relation| relation.parent)
    }

    /// The last field of a path.
    fn last(&self, object: &Object, path: &[FieldIx]) -> Option<&'m Field> {
        let (last, steps) = path.split_last()?;
        let at = self.end(object, steps)?;
        Some(self.catalog.object(at).field(*last))
    }

    /// The object at the end of a path; `None` for a picklist.
    fn end(&self, object: &Object, path: &[FieldIx]) -> Option<ObjectIx> {
        self.catalog.end(object, path)
    }
}

/// A selected value: an id, or the name of a picklist value.
fn value(text: &str) -> Value {
    text.parse().map_or_else(|_name| Value::Text(text.to_owned()), Value::Id)
}

fn each_once(values: Vec<Value>) -> Vec<Value> {
    let mut once = Vec::with_capacity(values.len());
    for value in values {
        if !once.contains(&value) {
            once.push(value);
        }
    }
    once
}

/// The dimensions of an object that are controlled for an action.
fn controlled<'o>(person: &Person, object: &'o Object, action: Action) -> Vec<&'o Dimension> {
    let counts =
        |dimension: &&Dimension| person.controls.counts(&object.name, &dimension.name, action);
    object.dimensions.iter().filter(counts).collect()
}

/// The parents of an object that are controlled for an action, beside its dimensions.
fn parents(person: &Person, object: &Object, action: Action) -> Vec<FieldIx> {
    let counts =
        |(_, field): &(FieldIx, &Field)| person.controls.counts(&object.name, &field.name, action);
    object.parents().filter(counts).map(|(ix, _)| ix).collect()
}

/// One way in which a role may open a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The role's code; empty for a condition that applies whatever the role.
    pub role: String,
    /// The index of the role's block. The dimensions of one block must hold together.
    pub block: usize,
    /// The kind of condition.
    pub by: BranchKind,
    /// The records that it opens.
    pub rule: RowRule,
}

/// The kind of condition of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BranchKind {
    /// The front systems that the operator may enter; must hold.
    System,
    /// The business lines that the held roles keep to; must hold.
    Wall,
    /// The function right: must hold.
    Function,
    /// The pages that an object of one's own needs; must hold. Only told of an object that lacks them.
    Pages,
    /// The states in which a flow leaves the action open; must hold.
    State,
    /// No condition: every record is open.
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
    /// The right to read the parent in a field.
    Parent(String),
}

/// All branches by which roles may open records of an object for an action, one by one. Those that must hold
/// whatever the role come first.
pub fn branches(
    catalog: &Catalog,
    roles: &[Arc<Role>],
    person: &Person,
    object: &Object,
    action: Action,
) -> Vec<Branch> {
    let mut making = Making::new(catalog, roles, person);
    let names =
        |grant: &&Grant| grant.actions.contains(&action) && grant.objects.contains(&object.name);
    let truth = |holds: bool| if holds { RowRule::All } else { RowRule::None };
    let gate = |by, holds| Branch { role: String::new(), block: 0, by, rule: truth(holds) };
    let function = roles.iter().any(|role| role.grants.iter().any(|grant| names(&grant)));
    let mut found = vec![
        gate(BranchKind::System, making.enters(object)),
        gate(BranchKind::Wall, making.within_walls(object)),
        gate(BranchKind::Function, function),
    ];
    if !making.has_pages(object) {
        found.push(gate(BranchKind::Pages, false));
    }
    if let Some(rule) = states::of_action(object, action) {
        found.push(Branch { role: String::new(), block: 0, by: BranchKind::State, rule });
    }
    for role in roles {
        for (block, grant) in role.grants.iter().enumerate().filter(|(_, grant)| names(grant)) {
            let mut add = |by, rule: Option<RowRule>| {
                let rule = rule.unwrap_or(RowRule::None);
                found.push(Branch { role: role.code.clone(), block, by, rule });
            };
            if grant.open || person.controls.uncontrolled.contains(&object.name) {
                add(BranchKind::Open, Some(RowRule::All));
                continue;
            }
            if grant.employees != Employees::None {
                let responsible = grant.employees == Employees::Responsible;
                let own = person.employee.into_iter().collect();
                add(BranchKind::Employees { responsible }, making.among(grant, object, own));
                if !person.stands_for.is_empty() {
                    add(
                        BranchKind::StandIn,
                        making.among(grant, object, person.stands_for.clone()),
                    );
                }
            }
            if grant.dimensions {
                for dimension in controlled(person, object, action) {
                    let rule = making.within(role, object, dimension, 0);
                    add(BranchKind::Dimension(dimension.name.clone()), rule);
                }
                for parent in parents(person, object, action) {
                    let rule = making.of_parent(object, &[parent], 0);
                    add(BranchKind::Parent(object.field(parent).name.clone()), rule);
                }
            }
        }
    }
    found
}
