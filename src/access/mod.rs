//! Floor 3: who may do what, as data and predicates.
//!
//! Every plan and every save asks an [`Access`]; no floor above decides about rights by itself. Pure: the
//! caller passes the roles and the facts about the person.
//!
//! ```text
//! allow = system AND wall AND pages AND function AND ( employees OR all controlled dimensions )
//! for each role as a whole; the roles are joined by OR
//! ```

mod capability;
mod computed;
mod controls;
mod digest;
pub(crate) mod faults;
mod fields;
mod grants;
mod person;
pub mod principal;
mod renamed_fields;
mod role;
mod role_comparison;
mod role_rights;
mod role_text;
mod rule;
mod states;
mod toml_edits;
mod visible;

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use uuid::Uuid;

use self::fields::Fields;
pub use self::{
    capability::{Capability, RoleCapability},
    controls::Controls,
    fields::FieldRule,
    grants::{Branch, BranchKind, branches},
    person::{Person, Reach},
    principal::{Principal, Via},
    renamed_fields::renamed_role,
    role::{
        Action, BUSINESS_LINES, Caps, Employees, FieldRights, Grant, Level, Mask, Role,
        standard_roles, standard_texts,
    },
    role_comparison::{RightDifference, RoleComparison, compare_roles},
    role_rights::{FieldRight, RightLevel},
    role_text::{CapEdit, RoleEdit, edit_role},
    rule::{Condition, RowRule},
    states::{in_states, settled},
    visible::Visible,
};
use crate::catalog::{Catalog, FieldIx, MoveRight, Object, ObjectIx};

/// The role that grants everything.
pub const ADMINISTRATOR: &str = "administrator";

/// The merged rights of one caller. Every plan and every save asks them.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    everything: bool,
    /// The server itself acts.
    server: bool,
    customize: bool,
    given: Vec<RoleCapability>,
    roles: Vec<String>,
    rules: HashMap<(ObjectIx, Action), RowRule>,
    /// The records that may be changed in whatever state they are, where a flow closes some states.
    in_any_state: HashMap<ObjectIx, RowRule>,
    fields: Fields,
    caps: Caps,
    operator: Option<Uuid>,
    employee: Option<Uuid>,
    stands_for: Vec<Uuid>,
    /// What roles open but for its missing pages.
    waiting: Vec<ObjectIx>,
    shape: u64,
    digest: [u8; 32],
}

static CLOSED: RowRule = RowRule::None;
static OPEN: RowRule = RowRule::All;

impl Access {
    /// The access of a person with some roles, on one catalog.
    pub fn new(catalog: &Catalog, roles: &[Arc<Role>], person: &Person) -> Self {
        let mut rules = grants::rules(catalog, roles, person);
        let in_any_state = within_states(catalog, &mut rules);
        let mut granted: Vec<_> = rules.keys().copied().collect();
        granted.sort();
        let mut hasher = DefaultHasher::new();
        granted.hash(&mut hasher);
        let mut fields = fields::fields(catalog, roles, person);
        computed::over_relations(catalog, &rules, &mut fields);
        let mut said: Vec<_> = fields.rules.iter().map(|(at, rule)| (*at, rule.hidden())).collect();
        said.sort_unstable();
        said.hash(&mut hasher);
        fields.kept.hash(&mut hasher);
        let access = Self {
            everything: false,
            server: false,
            customize: roles.iter().any(|role| role.customize),
            given: roles.iter().flat_map(|role| role.may.iter().copied()).collect(),
            roles: roles.iter().map(|role| role.code.clone()).collect(),
            rules,
            in_any_state,
            fields,
            caps: caps(roles, &person.withheld),
            operator: person.operator,
            employee: person.employee,
            stands_for: person.stands_for.clone(),
            waiting: grants::waiting(catalog, roles, person),
            shape: hasher.finish() | 1,
            digest: [0; 32],
        };
        Self { digest: digest::digest(&access), ..access }
    }

    /// The access of an administrator: everything but what no state of a record allows.
    pub fn administrator(catalog: &Catalog, principal: &Principal) -> Self {
        Self {
            employee: principal.employee,
            ..Self::administrator_of(catalog, principal.operator, &principal.roles)
        }
    }

    /// The access of an administrator who is read as, as their operator.
    pub fn administrator_of(catalog: &Catalog, operator: Uuid, roles: &[String]) -> Self {
        Self {
            server: false,
            operator: Some(operator),
            roles: roles.to_vec(),
            rules: states::for_everyone(catalog).collect(),
            ..Self::system("an administrator")
        }
    }

    /// The server's own access, for the few places that act for nobody. `reason` documents the call.
    pub fn system(_reason: &'static str) -> Self {
        Self {
            everything: true,
            server: true,
            customize: true,
            given: Vec::new(),
            roles: Vec::new(),
            rules: HashMap::new(),
            in_any_state: HashMap::new(),
            fields: Fields::default(),
            caps: Caps::default(),
            operator: None,
            employee: None,
            stands_for: Vec::new(),
            waiting: Vec::new(),
            shape: 0,
            digest: [0; 32],
        }
    }

    /// The server's own access on behalf of this caller, who stays the author of what is written.
    #[must_use]
    pub fn elevated(&self, reason: &'static str) -> Self {
        Self { operator: self.operator, employee: self.employee, ..Self::system(reason) }
    }

    /// The records of the object that the action may touch.
    pub fn row_rule(&self, object: &Object, action: Action) -> &RowRule {
        let unsaid = if self.everything { &OPEN } else { &CLOSED };
        self.rules.get(&(object.ix, action)).unwrap_or(unsaid)
    }

    /// The records of the object that a move with this right may lead on: those that the action may touch, in whatever
    /// state they are.
    pub fn move_rule(&self, object: &Object, right: MoveRight) -> &RowRule {
        match right {
            MoveRight::Edit if self.everything => &OPEN,
            MoveRight::Edit => self
                .in_any_state
                .get(&object.ix)
                .unwrap_or_else(|| self.row_rule(object, Action::Edit)),
            right => self.row_rule(object, right.into()),
        }
    }

    /// Whether the action is open on any record of the object: the function right.
    pub fn may(&self, object: &Object, action: Action) -> bool {
        *self.row_rule(object, action) != RowRule::None
    }

    /// The rule of a field; `None` if it is shown on every record.
    pub fn field_rule(&self, object: ObjectIx, field: FieldIx) -> Option<&FieldRule> {
        self.fields.rules.get(&(object, field))
    }

    /// Whether inputs may set the field.
    pub fn may_write(&self, object: ObjectIx, field: FieldIx) -> bool {
        !self.fields.kept.contains(&(object, field))
    }

    /// The caps on numbers of records. An access that may do everything has none.
    pub fn caps(&self) -> Caps {
        self.caps
    }

    /// Whether the server itself acts, for nobody or as a consequence of what a caller may do.
    pub fn is_server(&self) -> bool {
        self.server
    }

    /// Whether the caller may do everything.
    pub fn may_everything(&self) -> bool {
        self.everything
    }

    /// Whether the caller may change definitions and rights.
    pub fn may_customize(&self) -> bool {
        self.customize
    }

    /// Whether a role gives the caller a capability.
    fn given(&self, capability: RoleCapability) -> bool {
        self.given.contains(&capability)
    }

    /// Codes of the roles that act.
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// The operator who acts, for history and audit fields.
    pub fn operator(&self) -> Option<Uuid> {
        self.operator
    }

    /// The caller's employee: `viewer` in expressions.
    pub fn viewer(&self) -> Option<Uuid> {
        self.employee
    }

    /// The employees for whom the caller stands in.
    pub fn stands_for(&self) -> &[Uuid] {
        &self.stands_for
    }

    /// Whether the caller's roles grant something on an object that is closed to them only until it has pages.
    pub fn waits_for_pages(&self, object: ObjectIx) -> bool {
        self.waiting.contains(&object)
    }

    /// Whether the caller may read every record of an object.
    pub fn reads_all(&self, object: &Object) -> bool {
        *self.row_rule(object, Action::Read) == RowRule::All
    }

    /// A digest of these rights and the values that they bind; for those who may do everything, without who they are.
    /// It must not leave the server as it is.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// A hash that is equal for callers to whom the same objects, fields and actions exist; 0 if all exist.
    pub fn shape(&self) -> u64 {
        self.shape
    }
}

/// Closes records in states in which nobody changes or removes them. Returns the rules of changes without that.
fn within_states(
    catalog: &Catalog,
    rules: &mut HashMap<(ObjectIx, Action), RowRule>,
) -> HashMap<ObjectIx, RowRule> {
    let mut in_any_state = HashMap::new();
    for ((object, action), in_state) in states::for_everyone(catalog) {
        let Some(rule) = rules.get_mut(&(object, action)) else { continue };
        let open = rule.clone();
        *rule = rule.both(&in_state);
        if action == Action::Edit {
            in_any_state.insert(object, open);
        }
    }
    in_any_state
}

/// The largest of each cap. A role that grants printing or exporting without a cap removes that cap.
fn caps(roles: &[Arc<Role>], withheld: &[Arc<Role>]) -> Caps {
    // Without the roles that cap its account, a key would read without a cap.
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
