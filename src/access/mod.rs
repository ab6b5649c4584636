//! Floor 3: who may do what, as data and predicates.
//!
//! Every plan and every save asks an [`Access`]; nothing above decides about rights by itself.
//! Pure: roles and facts about the person are handed in.
//!
//! ```text
//! allow = system AND wall AND function AND ( employees OR all controlled dimensions )      for each role, then OR
//! ```

mod computed;
mod controls;
mod fields;
mod grants;
mod person;
pub mod principal;
mod role;
mod rule;
mod visible;

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use uuid::Uuid;

use self::fields::Fields;
pub use self::{
    controls::Controls,
    fields::FieldRule,
    grants::{Branch, By, branches},
    person::{Person, Reach},
    principal::{Principal, Via},
    role::{
        Action, BUSINESS_LINES, Caps, Employees, FieldRights, Grant, Level, Mask, Role,
        standard_roles, standard_texts,
    },
    rule::{Condition, RowRule},
    visible::Visible,
};
use crate::catalog::{Catalog, FieldIx, Object, ObjectIx};

/// The role that grants everything.
pub const ADMINISTRATOR: &str = "administrator";

/// The merged rights of one caller, asked by every plan and every save.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    everything: bool,
    customize: bool,
    rules: HashMap<(ObjectIx, Action), RowRule>,
    fields: Fields,
    caps: Caps,
    operator: Option<Uuid>,
    employee: Option<Uuid>,
    stands_for: Vec<Uuid>,
    shape: u64,
}

static CLOSED: RowRule = RowRule::None;
static OPEN: RowRule = RowRule::All;

impl Access {
    /// The access of a person who holds some roles, on one catalog.
    pub fn new(catalog: &Catalog, roles: &[Arc<Role>], person: &Person) -> Self {
        let rules = grants::rules(catalog, roles, person);
        let mut granted: Vec<_> = rules.keys().copied().collect();
        granted.sort();
        let mut hasher = DefaultHasher::new();
        granted.hash(&mut hasher);
        let fields = fields::fields(catalog, roles, person);
        let mut said: Vec<_> = fields.rules.iter().map(|(at, rule)| (*at, rule.hidden())).collect();
        said.sort_unstable();
        said.hash(&mut hasher);
        fields.kept.hash(&mut hasher);
        Self {
            everything: false,
            customize: roles.iter().any(|role| role.customize),
            rules,
            fields,
            caps: caps(roles, &person.withheld),
            operator: person.operator,
            employee: person.employee,
            stands_for: person.stands_for.clone(),
            shape: hasher.finish() | 1,
        }
    }

    /// The access of an administrator: everything.
    pub fn administrator(principal: &Principal) -> Self {
        Self {
            operator: Some(principal.operator),
            employee: principal.employee,
            ..Self::system("an administrator")
        }
    }

    /// The server's own access, for the named few places that act for nobody; `reason` documents the call.
    pub fn system(_reason: &'static str) -> Self {
        Self {
            everything: true,
            customize: true,
            rules: HashMap::new(),
            fields: Fields::default(),
            caps: Caps::default(),
            operator: None,
            employee: None,
            stands_for: Vec::new(),
            shape: 0,
        }
    }

    /// Which records of the object the action may touch.
    pub fn row_rule(&self, object: &Object, action: Action) -> &RowRule {
        if self.everything {
            return &OPEN;
        }
        self.rules.get(&(object.ix, action)).unwrap_or(&CLOSED)
    }

    /// Whether the action is open on any record of the object at all: the function right.
    pub fn may(&self, object: &Object, action: Action) -> bool {
        *self.row_rule(object, action) != RowRule::None
    }

    /// What is seen of a field; none when it is simply shown.
    pub fn field_rule(&self, object: ObjectIx, field: FieldIx) -> Option<&FieldRule> {
        self.fields.rules.get(&(object, field))
    }

    /// Whether inputs may give the field.
    pub fn may_write(&self, object: ObjectIx, field: FieldIx) -> bool {
        !self.fields.kept.contains(&(object, field))
    }

    /// How many records at most; nothing caps those to whom everything is open.
    pub fn caps(&self) -> Caps {
        self.caps
    }

    /// Whether everything is open.
    pub fn may_everything(&self) -> bool {
        self.everything
    }

    /// Whether definitions and rights may be changed.
    pub fn may_customize(&self) -> bool {
        self.customize
    }

    /// The operator who acts, for history and audit fields.
    pub fn operator(&self) -> Option<Uuid> {
        self.operator
    }

    /// The caller's employee: `viewer` in expressions.
    pub fn viewer(&self) -> Option<Uuid> {
        self.employee
    }

    /// Those for whom the caller stands in.
    pub fn stands_for(&self) -> &[Uuid] {
        &self.stands_for
    }

    /// Whether every record of an object may be read.
    pub fn reads_all(&self, object: &Object) -> bool {
        *self.row_rule(object, Action::Read) == RowRule::All
    }

    /// Equal for callers to whom the same objects and actions exist; 0 for those to whom all do.
    pub fn shape(&self) -> u64 {
        self.shape
    }
}

/// The largest of each cap; a role that grants the action without a cap takes it away.
fn caps(roles: &[Arc<Role>], withheld: &[Arc<Role>]) -> Caps {
    // A key without the role that caps its account would read without a cap.
    let most = |roles: &[Arc<Role>]| roles.iter().filter_map(|role| role.caps.read).max();
    let grants = |role: &Role, action| role.grants.iter().any(|one| one.actions.contains(&action));
    let of = |action: Action, cap: fn(&Caps) -> Option<u32>| {
        let granting = roles.iter().filter(|role| grants(role, action));
        granting.map(|role| cap(&role.caps)).reduce(|one, other| Some(one?.max(other?))).flatten()
    };
    Caps {
        print: of(Action::Print, |caps| caps.print),
        export: of(Action::Export, |caps| caps.export),
        read: most(roles).or_else(|| most(withheld)),
    }
}
