//! Floor 8: from stored roles and facts to the [`Access`] of a caller.
//!
//! Owns the cache of accesses: a change of rights through this process holds from the next request on,
//! one through another process within a second.

mod budget;
mod controls;
mod effect;
mod simulate;
mod standing_in;

use std::{collections::HashMap, str::FromStr, sync::Arc, time::Duration};

use moka::sync::Cache;
use strum::VariantNames;
use uuid::Uuid;

use crate::{
    access::{
        ADMINISTRATOR, Access, Action, Branch, Level, Person, Principal, Reach, Role, branches,
        standard_roles,
    },
    base::{Code, Env, Error, Result, Value},
    catalog::{Catalog, FieldIx, FieldType, Object, ObjectIx},
    query::{Find, Item, Part, Selection, What, cursor::Seal},
    records::{self, Guesses, Guessing, Session},
    sql::unheld,
    storage::{Database, delegations, rights},
};

pub use budget::{Admitted, Budget, BudgetSettings};
pub use simulate::{Difference, Draft};

/// How long another process's change may go unnoticed.
const FRESH: Duration = Duration::from_secs(1);

/// How long the guesses of someone who does nothing are remembered.
const REMEMBERED: Duration = Duration::from_hours(1);

/// The rights of a company.
#[derive(Clone)]
pub struct Rights {
    database: Database,
    env: Env,
    seal: Arc<Seal>,
    known: Cache<Caller, Arc<Access>>,
    /// Counts what everyone reads.
    pub budget: Budget,
    guesses: Cache<Uuid, Arc<Guesses>>,
}

/// All that makes one caller's access on one version differ from another's. The roles belong to it: an API
/// key acts as its operator, with other roles than his sign-ins.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Caller {
    operator: Uuid,
    roles: Vec<String>,
    withheld: Vec<String>,
    version: i64,
}

/// A role with where it came from.
pub struct Known {
    /// The role.
    pub role: Arc<Role>,
    /// Comes with the program, as it is.
    pub standard: bool,
}

impl Rights {
    /// The rights kept in a database.
    pub fn new(database: Database, env: Env, seal: Arc<Seal>, budget: BudgetSettings) -> Self {
        let known = Cache::builder().max_capacity(10_000).time_to_live(FRESH).build();
        let guesses = Cache::builder().max_capacity(100_000).time_to_idle(REMEMBERED).build();
        Self { database, env, seal, known, budget: Budget::new(budget), guesses }
    }

    /// What a caller may do on a catalog.
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
            Access::administrator(principal)
        } else {
            let (operator, roles) = (principal.operator, &principal.roles);
            self.acting(operator, roles, principal.withheld(), catalog).await?
        });
        self.known.insert(key, Arc::clone(&access));
        Ok(access)
    }

    /// What an operator with some roles may do, freshly read.
    pub async fn of(
        &self,
        operator: Uuid,
        codes: &[String],
        catalog: &Arc<Catalog>,
    ) -> Result<Access> {
        if codes.iter().any(|role| role == ADMINISTRATOR) {
            return Ok(Access::system("the rights of an administrator"));
        }
        self.acting(operator, codes, &[], catalog).await
    }

    /// The access of an operator who acts with some of the roles he holds.
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
        let mut person = self.person(operator, &held, &[], catalog).await?;
        person.withheld = of(withheld);
        Ok(Access::new(catalog, &held, &person))
    }

    /// Why an operator may or may not do something with a record: every branch of his roles, and whether
    /// the record meets it. None when there is no such record.
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
        let person = self.person(operator, &held, &[], &session.catalog).await?;
        let branches = branches(&session.catalog, &held, &person, object, action);
        let rules: Vec<_> = branches.iter().map(|branch| branch.rule.clone()).collect();
        let Some(holds) = records::holds(session, object, id, &rules).await? else {
            return Ok(None);
        };
        Ok(Some(branches.into_iter().zip(holds).collect()))
    }

    /// Counts what an operator guesses in one request.
    pub fn guessing(&self, operator: Uuid) -> Arc<Guessing> {
        Arc::new(Guessing::of(self.guesses.get_with(operator, Arc::default)))
    }

    /// Forgets what was computed; called after every change that rights may depend on.
    pub fn forget(&self) {
        self.known.invalidate_all();
    }

    /// Whether rights may depend on records of an object.
    pub fn depend_on(catalog: &Catalog, object: &Object) -> bool {
        matches!(object.name.as_str(), "Operator" | "Employee")
            || catalog.objects.iter().any(|other| {
                let ends = other.dimensions.iter().filter_map(|d| end(catalog, other, &d.path));
                ends.into_iter().any(|end| end == object.ix) && object.named("parent").is_some()
            })
    }

    /// The standard roles, with those administrators stored in place of them or beside them.
    pub async fn roles(&self) -> Result<Vec<Known>> {
        let mut known: Vec<Known> = standard_roles()?
            .into_iter()
            .map(|role| Known { role: Arc::new(role), standard: true })
            .collect();
        for (code, body) in rights::roles(&self.database).await? {
            let role = Known { role: Arc::new(Role::parse(&body)?), standard: false };
            known.retain(|other| other.role.code != code);
            known.push(role);
        }
        Ok(known)
    }

    /// Stores a role, in place of one with the same code.
    pub async fn save_role(&self, catalog: &Catalog, text: &str) -> Result<Role> {
        let role = Role::parse(text)?;
        check(catalog, &role)?;
        let at = self.env.clock.now().timestamp_micros();
        rights::put_role(&self.database, &role.code, text, at).await?;
        self.forget();
        Ok(role)
    }

    /// Refuses codes that name no role, and roles that wall each other off.
    pub async fn known(&self, codes: &[String]) -> Result<()> {
        let roles: Vec<_> = self.roles().await?.into_iter().map(|known| known.role).collect();
        holdable(&roles, codes)
    }

    /// Sets how much of a dimension is open to an operator.
    pub async fn set_reach(
        &self,
        catalog: &Catalog,
        operator: Uuid,
        dimension: &str,
        level: &str,
        values: &[String],
    ) -> Result<()> {
        effect::ticks(settable(catalog, dimension, level)?, !values.is_empty())?;
        let members = serde_json::to_string(values).map_err(Error::internal)?;
        rights::put_reach(&self.database, operator, dimension, level, &members).await?;
        self.forget();
        Ok(())
    }

    /// The facts about an operator; `drafted` stands in place of what is set on him.
    async fn person(
        &self,
        operator: Uuid,
        roles: &[Arc<Role>],
        drafted: &[(String, Reach)],
        catalog: &Arc<Catalog>,
    ) -> Result<Person> {
        let now = self.env.clock.now();
        let mut person = Person {
            operator: Some(operator),
            controls: Arc::new(self.controls().await?),
            at: now,
            ..Person::default()
        };
        self.read_operator(operator, catalog, &mut person).await?;
        if let Some(employee) = person.employee {
            let at = now.timestamp_micros();
            person.stands_for = delegations::stands_for(&self.database, employee, at).await?;
        }
        for (dimension, level, members) in rights::reaches(&self.database, operator).await? {
            let members: Vec<String> = serde_json::from_str(&members).map_err(Error::internal)?;
            let level = Level::from_str(&level).unwrap_or_default();
            person.reach.insert(dimension, reach(level, members));
        }
        person.reach.extend(drafted.iter().cloned());
        let of_roles = roles.iter().flat_map(|role| &role.dimensions);
        // For what is below something, and to know how much of all there is some of it is.
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
                trees.extend(end(catalog, object, &dimension.path));
            }
        }
        trees.sort();
        trees.dedup();
        let mut loaded = HashMap::new();
        for tree in trees {
            loaded.insert(tree, rights::tree(&self.database, catalog.object(tree)).await?);
        }
        person.trees = loaded;
        Ok(person)
    }

    async fn read_operator(
        &self,
        operator: Uuid,
        catalog: &Arc<Catalog>,
        person: &mut Person,
    ) -> Result<()> {
        let Some(object) = catalog.named("Operator") else { return Ok(()) };
        let id = || Part { key: "id".to_owned(), what: Item::Field(FieldIx(0)) };
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
        let session = Session {
            catalog: Arc::clone(catalog),
            access: Arc::new(Access::system("the facts that rights are made of")),
            database: self.database.clone(),
            env: self.env.clone(),
            seal: Arc::clone(&self.seal),
            purpose: Action::Read,
            reads: None,
            guesses: None,
            trial: false,
        };
        let key = vec![(FieldIx(0), Value::Id(operator))];
        let find = Find { object: object.ix, what: What::One { key, selection } };
        let Some(found) = records::find(&session, find).await? else { return Ok(()) };
        let found: serde_json::Value = serde_json::from_str(&found).map_err(Error::internal)?;
        let id = |value: &serde_json::Value| value["id"].as_str().and_then(|id| id.parse().ok());
        person.employee = id(&found["employee"]);
        person.department = id(&found["employee"]["department"]);
        let systems = found["systems"].as_array().into_iter().flatten();
        person.systems = systems.filter_map(|name| name.as_str().map(str::to_owned)).collect();
        Ok(())
    }
}

/// Ticked values: ids, or names of a picklist's values.
fn reach(level: Level, values: Vec<String>) -> Reach {
    let value = |text: String| text.parse().map_or(Value::Text(text), Value::Id);
    Reach { level, values: values.into_iter().map(value).collect() }
}

fn end(catalog: &Catalog, object: &Object, path: &[FieldIx]) -> Option<ObjectIx> {
    let mut at = object.ix;
    for step in path {
        at = catalog.object(at).field(*step).target()?;
    }
    Some(at)
}

/// The level of that name for a dimension that is there.
fn settable(catalog: &Catalog, dimension: &str, level: &str) -> Result<Level> {
    let known: Vec<_> =
        catalog.objects.iter().flat_map(|object| &object.dimensions).map(|d| &d.name).collect();
    if !known.iter().any(|known| *known == dimension) {
        return Err(Error::new(
            Code::InputValue,
            format!("no object has the dimension `{dimension}`"),
            format!("没有对象使用维度 `{dimension}`"),
        )
        .at(["dimension"]));
    }
    match Level::from_str(level) {
        Ok(level) if level != Level::Person => Ok(level),
        _ => Err(Error::new(
            Code::InputValue,
            format!("the level is one of {}", Level::VARIANTS.join(", ")),
            format!("级别应为 {} 之一", Level::VARIANTS.join(", ")),
        )
        .at(["level"])),
    }
}

/// Refuses codes that name no role, and roles that wall each other off.
fn holdable(roles: &[Arc<Role>], codes: &[String]) -> Result<()> {
    let known = |code: &&String| {
        code.as_str() == ADMINISTRATOR || roles.iter().any(|role| role.code == **code)
    };
    if let Some(at) = codes.iter().position(|code| !known(&code)) {
        return Err(Error::new(
            Code::InputValue,
            format!("there is no role `{}`", codes[at]),
            format!("没有角色 `{}`", codes[at]),
        )
        .at(["roles".to_owned(), at.to_string()]));
    }
    let held: Vec<_> = roles.iter().filter(|role| codes.contains(&role.code)).collect();
    for (at, one) in held.iter().enumerate() {
        if let Some(other) = held.iter().skip(at).find(|other| !one.stands_beside(other)) {
            let (one, other) = (&one.code, &other.code);
            return Err(Error::new(
                Code::InputValue,
                format!(
                    "nobody holds both `{one}` and `{other}`: they keep to different business lines"
                ),
                format!("角色 `{one}` 与 `{other}` 分属相互隔离的业务线，不能由同一人担任"),
            )
            .at(["roles"]));
        }
    }
    Ok(())
}

/// Longest code of a role, in characters.
const CODE: usize = 60;

/// Refuses a role whose code is none, or that names objects or dimensions which are not there.
fn check(catalog: &Catalog, role: &Role) -> Result<()> {
    let sign = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !(1..=CODE).contains(&role.code.chars().count()) || !role.code.chars().all(sign) {
        return Err(Error::new(
            Code::InputValue,
            format!("a role's code has from 1 to {CODE} letters, digits and `_`, `-`, `.`"),
            format!("角色编码为 1 到 {CODE} 个字母、数字或 `_`、`-`、`.`"),
        )
        .at(["definition"]));
    }
    if [&role.label, &role.label_en].iter().any(|label| label.contains('\0')) {
        return Err(unheld());
    }
    let objects = role.grants.iter().flat_map(|grant| &grant.objects);
    let unknown = |text: String| Error::new(Code::InputValue, text.clone(), text);
    if let Some(object) = objects.into_iter().find(|name| catalog.named(name).is_none()) {
        return Err(unknown(format!("the role names an object `{object}` that is not there")));
    }
    for said in &role.fields {
        let Some(object) = catalog.named(&said.object) else {
            let object = &said.object;
            return Err(unknown(format!("the role names an object `{object}` that is not there")));
        };
        let names = said.hidden.iter().chain(said.masked.keys()).chain(&said.readonly);
        if let Some(name) = names.into_iter().find(|name| object.named(name).is_none()) {
            return Err(unknown(format!("`{}` has no field `{name}`", object.name)));
        }
        let text = |name: &&String| {
            object.named(name).is_some_and(|(_, field)| {
                matches!(field.ty, FieldType::Text { .. } | FieldType::AutoNumber(_))
            })
        };
        if let Some(name) = said.masked.keys().find(|name| !text(name)) {
            return Err(unknown(format!("`{name}` is no text and cannot be masked; hide it")));
        }
    }
    let known = |name: &&String| {
        catalog.objects.iter().any(|object| object.dimensions.iter().any(|d| d.name == **name))
    };
    match role.dimensions.keys().find(|name| !known(name)) {
        Some(name) => Err(unknown(format!("no object has the dimension `{name}`"))),
        None => effect::check(catalog, role),
    }
}
