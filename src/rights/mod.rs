//! Floor 8: builds the [`Access`] of a caller from stored roles and facts.
//!
//! Owns the cache of accesses. A change of rights in this process takes effect with the next request, one in
//! another process within a second.

mod budget;
mod checks;
mod controls;
mod delegation;
mod dimension_values;
pub(crate) mod faults;
mod hidden_field_warnings;
mod ineffective_settings;
mod pages;
mod preview;
mod role_changes;
mod roles;
mod simulate;
mod warnings;

use std::{collections::HashMap, str::FromStr, sync::Arc, time::Duration};

use moka::sync::Cache;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    access::{
        ADMINISTRATOR, Access, Action, Branch, Level, Person, Principal, Reach, Role, branches,
    },
    base::{Error, Result, Value},
    catalog::{Catalog, FieldIx, FieldType, Object, ObjectIx},
    query::{Find, Item, Part, Selection, What},
    records::{self, Guesses, Guessing, Session, SessionSource},
    storage::{audit, delegations, rights},
};

use self::{
    checks::{holdable, read_reach},
    pages::LayoutsCell,
};
pub use budget::{Admitted, Budget, BudgetSettings};
pub use dimension_values::titles;
pub use role_changes::{PlannedRole, PlannedRoles, RightChange};
pub use roles::{KnownRole, RoleOrigin};
pub use simulate::{Difference, Holders, RightsChange};
pub use warnings::{Surprise, Warning};

/// How long another process's change may go unnoticed.
const FRESH: Duration = Duration::from_secs(1);

/// How long an idle operator's guesses are kept.
const REMEMBERED: Duration = Duration::from_hours(1);

/// The rights of a company.
#[derive(Clone)]
pub struct Rights {
    source: SessionSource,
    known: Cache<Caller, Arc<Access>>,
    /// Counts the records that each operator reads.
    pub budget: Budget,
    guesses: Cache<Uuid, Arc<Guesses>>,
    layouts: LayoutsCell,
}

/// The cache key of an access. It contains the roles, because an API key acts as its operator with other
/// roles than the operator's sign-ins.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Caller {
    operator: Uuid,
    roles: Vec<String>,
    withheld: Vec<String>,
    version: i64,
}

impl Rights {
    /// The rights kept in a database.
    pub fn new(source: SessionSource, budget: BudgetSettings) -> Self {
        let known = Cache::builder().max_capacity(10_000).time_to_live(FRESH).build();
        let guesses = Cache::builder().max_capacity(100_000).time_to_idle(REMEMBERED).build();
        let layouts = LayoutsCell::default();
        Self { source, known, budget: Budget::new(budget), guesses, layouts }
    }

    /// Returns a caller's access to a catalog, from the cache if possible.
    pub async fn access(
        &self,
        principal: &Principal,
        catalog: &Arc<Catalog>,
    ) -> Result<Arc<Access>> {
        let key = Caller {
            operator: principal.operator,
            roles: principal.roles.clone(),
            withheld: principal.withheld().to_vec(),
            version: catalog.version,
        };
        if let Some(access) = self.known.get(&key) {
            return Ok(access);
        }
        let access = Arc::new(if principal.roles.iter().any(|role| role == ADMINISTRATOR) {
            Access::administrator(catalog, principal)
        } else {
            let (operator, roles) = (principal.operator, &principal.roles);
            self.acting(operator, roles, principal.withheld(), catalog).await?
        });
        self.known.insert(key, Arc::clone(&access));
        Ok(access)
    }

    /// Builds the access of an operator with some roles, without the cache.
    pub async fn of(
        &self,
        operator: Uuid,
        codes: &[String],
        catalog: &Arc<Catalog>,
    ) -> Result<Access> {
        if codes.iter().any(|role| role == ADMINISTRATOR) {
            return Ok(Access::administrator_of(catalog, operator, codes));
        }
        self.acting(operator, codes, &[], catalog).await
    }

    /// Builds the access of an operator who acts with some of their roles. `withheld` are the others.
    async fn acting(
        &self,
        operator: Uuid,
        codes: &[String],
        withheld: &[String],
        catalog: &Arc<Catalog>,
    ) -> Result<Access> {
        let all: Vec<_> = self.roles().await?.into_iter().map(|known| known.role).collect();
        let of = |codes: &[String]| -> Vec<_> {
            all.iter().filter(|role| codes.contains(&role.code)).map(Arc::clone).collect()
        };
        let held = of(codes);
        let mut person = self.person(operator, &held, &[], catalog, catalog).await?;
        person.withheld = of(withheld);
        Ok(Access::new(catalog, &held, &person))
    }

    /// Explains why an operator may or may not do something with a record: returns every branch of their
    /// roles and whether the record meets it. None if the record does not exist.
    pub async fn explain(
        &self,
        operator: Uuid,
        codes: &[String],
        session: &Session,
        object: &Object,
        id: Uuid,
        action: Action,
    ) -> Result<Option<Vec<(Branch, bool)>>> {
        let roles = self.roles().await?;
        let held: Vec<_> = roles
            .into_iter()
            .map(|known| known.role)
            .filter(|role| codes.contains(&role.code))
            .collect();
        let person = self.person(operator, &held, &[], &session.catalog, &session.catalog).await?;
        let branches = branches(&session.catalog, &held, &person, object, action);
        let rules: Vec<_> = branches.iter().map(|branch| branch.rule.clone()).collect();
        let Some(holds) = records::holds(session, object, id, &rules).await? else {
            return Ok(None);
        };
        Ok(Some(branches.into_iter().zip(holds).collect()))
    }

    /// Starts counting an operator's guesses in one request.
    pub fn guessing(&self, operator: Uuid) -> Arc<Guessing> {
        Arc::new(Guessing::of(self.guesses.get_with(operator, Arc::default)))
    }

    /// Empties the cache. Call it after every change that rights may depend on.
    pub fn forget(&self) {
        self.known.invalidate_all();
    }

    /// Whether rights may depend on an object's records.
    pub fn depend_on(catalog: &Catalog, object: &Object) -> bool {
        matches!(object.name.as_str(), "Operator" | "Employee")
            || catalog.objects.iter().any(|other| {
                let ends = other.dimensions.iter().filter_map(|d| catalog.end(other, &d.path));
                ends.into_iter().any(|end| end == object.ix) && object.named("parent").is_some()
            })
    }

    /// Returns warnings about parts of a role that may surprise its author.
    pub fn warnings(&self, catalog: &Catalog, role: &Role) -> Vec<Warning> {
        warnings::warnings(catalog, role)
    }

    /// Returns the warnings about stored roles that a new catalog adds to those of the live one.
    pub async fn warnings_of(&self, live: &Catalog, new: &Catalog) -> Result<Vec<Warning>> {
        let roles = self.roles().await?;
        let of = |known: &KnownRole| warnings::of_definition(live, new, &known.role);
        Ok(roles.iter().flat_map(of).collect())
    }

    /// Refuses codes of unknown roles, and roles with walls between them.
    pub async fn known(&self, codes: &[String]) -> Result<()> {
        let roles: Vec<_> = self.roles().await?.into_iter().map(|known| known.role).collect();
        holdable(&roles, codes)
    }

    /// Sets an operator's reach of a dimension. Returns the previous reach and the new one. The session's
    /// rights apply when values are looked up.
    pub async fn set_reach(
        &self,
        session: &Session,
        operator: Uuid,
        dimension: &str,
        level: &str,
        values: &[String],
    ) -> Result<(Option<Set>, Set)> {
        let (level, values) = read_reach(session, dimension, level, values).await?;
        let before = self.reach_of(operator, dimension).await?;
        let members = serde_json::to_string(&values).map_err(Error::internal)?;
        let name = level.as_ref();
        audit::tell("to", json!({ "dimension": dimension, "level": name, "values": values }));
        audit::tell("before", json!(before));
        rights::put_reach(&self.source.database, operator, dimension, name, &members).await?;
        self.forget();
        Ok((before, Set { level: name.to_owned(), values }))
    }

    /// Removes an operator's reach of a dimension. Returns what it was.
    pub async fn clear_reach(&self, operator: Uuid, dimension: &str) -> Result<Option<Set>> {
        let before = self.reach_of(operator, dimension).await?;
        audit::tell("before", json!(before));
        rights::remove_reach(&self.source.database, operator, dimension).await?;
        self.forget();
        Ok(before)
    }

    async fn reach_of(&self, operator: Uuid, dimension: &str) -> Result<Option<Set>> {
        let set = rights::reaches(&self.source.database, operator).await?.into_iter();
        let Some((_, level, members)) = set.into_iter().find(|(known, ..)| known == dimension)
        else {
            return Ok(None);
        };
        let values = serde_json::from_str(&members).map_err(Error::internal)?;
        Ok(Some(Set { level, values }))
    }

    /// Whether one of these roles leaves a dimension to the person. If none does, a reach set there has no
    /// effect.
    pub async fn left_to_person(&self, codes: &[String], dimension: &str) -> Result<bool> {
        let roles = self.roles().await?;
        let held = roles.iter().filter(|known| codes.contains(&known.role.code));
        Ok(held
            .map(|known| known.role.dimensions.get(dimension).copied())
            .any(|level| level == Some(Level::Person)))
    }

    /// Loads the facts about an operator for a catalog. The records are read with the live catalog. `drafted`
    /// replaces stored reaches.
    async fn person(
        &self,
        operator: Uuid,
        roles: &[Arc<Role>],
        drafted: &[(String, Reach)],
        catalog: &Arc<Catalog>,
        live: &Arc<Catalog>,
    ) -> Result<Person> {
        let now = self.source.env.clock.now();
        let mut person = Person {
            operator: Some(operator),
            controls: Arc::new(self.controls().await?),
            pageless: self.pageless(catalog).await?,
            at: now,
            ..Person::default()
        };
        self.read_operator(operator, live, &mut person).await?;
        if let Some(employee) = person.employee {
            let at = now.timestamp_micros();
            person.stands_for =
                delegations::stands_for(&self.source.database, employee, at).await?;
        }
        for (dimension, level, members) in rights::reaches(&self.source.database, operator).await? {
            let members: Vec<String> = serde_json::from_str(&members).map_err(Error::internal)?;
            let level = Level::from_str(&level).unwrap_or_default();
            person.reach.insert(dimension, reach(level, members));
        }
        person.reach.extend(drafted.iter().cloned());
        let of_roles = roles.iter().flat_map(|role| &role.dimensions);
        // These levels need the tree: to find descendants, and to know how much of the whole the values
        // cover.
        let in_tree = |level: Level| matches!(level, Level::Below | Level::Set | Level::Own);
        let in_trees = of_roles
            .filter(|(_, level)| in_tree(**level))
            .map(|(dimension, _)| dimension.clone())
            .chain(
                person
                    .reach
                    .iter()
                    .filter(|(_, reach)| in_tree(reach.level))
                    .map(|(dimension, _)| dimension.clone()),
            )
            .collect::<Vec<_>>();
        let mut trees: Vec<ObjectIx> = Vec::new();
        for object in &catalog.objects {
            for dimension in object.dimensions.iter().filter(|d| in_trees.contains(&d.name)) {
                trees.extend(catalog.end(object, &dimension.path));
            }
        }
        trees.sort();
        trees.dedup();
        let mut loaded = HashMap::new();
        for tree in trees {
            if let Some(stored) = live.named(&catalog.object(tree).name) {
                loaded.insert(tree, rights::tree(&self.source.database, stored).await?);
            }
        }
        person.trees = loaded;
        Ok(person)
    }

    /// Returns the front systems that a principal may enter.
    pub async fn systems(
        &self,
        principal: &Principal,
        catalog: &Arc<Catalog>,
    ) -> Result<Vec<String>> {
        let mut person = Person { operator: Some(principal.operator), ..Person::default() };
        self.read_operator(principal.operator, catalog, &mut person).await?;
        Ok(person.systems)
    }

    async fn read_operator(
        &self,
        operator: Uuid,
        catalog: &Arc<Catalog>,
        person: &mut Person,
    ) -> Result<()> {
        let Some(object) = catalog.named("Operator") else { return Ok(()) };
        let id = || Part { key: "id".to_owned(), what: Item::Field(FieldIx::ID) };
        let mut selection = Selection::default();
        if let Some((ix, field)) = object.named("employee") {
            let mut of_employee = Selection(vec![id()]);
            let employee = field.target().map(|target| catalog.object(target));
            if let Some((ix, _)) = employee.and_then(|employee| employee.named("department")) {
                let department = Item::One(ix, Selection(vec![id()]));
                of_employee.0.push(Part { key: "department".to_owned(), what: department });
            }
            selection.0.push(Part { key: "employee".to_owned(), what: Item::One(ix, of_employee) });
        }
        if let Some((ix, field)) = object.named("allowedSystems")
            && matches!(field.ty, FieldType::MultiPicklist(_))
        {
            selection.0.push(Part { key: "systems".to_owned(), what: Item::Field(ix) });
        }
        let session = self.source.system(Arc::clone(catalog), "the facts that rights are made of");
        let key = vec![(FieldIx::ID, Value::Id(operator))];
        let find = Find { object: object.ix, what: What::One { key, selection } };
        let found = records::find_rows(&session, find).await?;
        let Some(found) = found.rows.first() else { return Ok(()) };
        let employee = found.one("employee");
        let department = employee.and_then(|employee| employee.one("department"));
        person.employee = employee.and_then(|employee| employee.id("id"));
        person.department = department.and_then(|department| department.id("id"));
        person.systems = found.names("systems");
        Ok(())
    }
}

/// A person's reach of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Set {
    /// The level.
    pub level: String,
    /// Ids of records, or names of picklist values.
    pub values: Vec<String>,
}

/// Builds a reach from ids of records or names of picklist values.
fn reach(level: Level, values: Vec<String>) -> Reach {
    let value = |text: String| text.parse().map_or(Value::Text(text), Value::Id);
    Reach { level, values: values.into_iter().map(value).collect() }
}
