//! The accounts that a run uses. They are part of the data set and get their rights as an administrator would
//! give them.
//!
//! Each run sets random passwords, which nobody learns.

use uuid::Uuid;

use super::data::{BenchObject, World};
use crate::{
    base::{Error, Result, Value},
    company::Company,
    demo::random::Random,
    identity::SignInOrigin,
    records::{Change, Input, Op, Saved, save},
};

/// A person who sends requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BenchUser {
    /// Sees 8 departments and their own related customers, by the standard role.
    Manager,
    /// Sees customers they are responsible for or related to, by a role of the data set.
    Salesperson,
    /// Defines objects.
    Administrator,
}

/// The salesperson's role. The standard one opens only customers that they are responsible for.
const ROLE: &str = r#"
code = "bench_salesperson"
label = "基准测试业务员"
label_en = "Salesperson of the benchmark"

[[grants]]
objects = ["Customer"]
actions = ["read"]
employees = "related"

[[grants]]
objects = ["Region", "Department", "Employee"]
actions = ["read"]
open = true
"#;

/// An extra role of the manager: a run reads more customers than the standard role allows.
const READER: &str = r#"
code = "bench_reader"
label = "基准测试读取上限"
label_en = "Reads of the benchmark"

[caps]
read = 10000000
"#;

impl BenchUser {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Manager, Self::Salesperson, Self::Administrator];

    /// Their account.
    pub(super) fn account(self) -> &'static str {
        match self {
            Self::Manager => "bench_manager",
            Self::Salesperson => "bench_salesperson",
            Self::Administrator => "bench_administrator",
        }
    }

    fn roles(self) -> &'static [&'static str] {
        match self {
            Self::Manager => &["department_manager", "bench_reader"],
            Self::Salesperson => &["bench_salesperson"],
            // Given with the account.
            Self::Administrator => &[],
        }
    }

    /// Their index among the employees.
    fn place(self) -> i64 {
        match self {
            Self::Manager => World::MANAGED.start,
            Self::Salesperson => 100,
            Self::Administrator => 101,
        }
    }

    /// The employee behind the account. Like every employee, they own some customers.
    pub(super) fn employee(self, world: World) -> Uuid {
        world.id(BenchObject::Employee, self.place())
    }
}

/// The ids of the manager's departments.
pub(super) fn managed(world: World) -> Vec<Uuid> {
    World::MANAGED.map(|ix| world.id(BenchObject::Department, ix)).collect()
}

/// Picks a customer of the manager's departments.
pub(super) fn managed_customer(world: World, random: &mut Random) -> Uuid {
    let departments = world.count(BenchObject::Department);
    let round = random.between(0, world.count(BenchObject::Customer) / departments - 1);
    let department = random.between(World::MANAGED.start, World::MANAGED.end - 1);
    world.id(BenchObject::Customer, round * departments + department)
}

/// Creates the accounts and sets their rights.
pub(super) async fn make(company: &Company, world: World) -> Result<()> {
    let session = company.system_session("accounts to measure with");
    for role in [ROLE, READER] {
        company.save_role(&session, role, None).await?;
    }
    for person in BenchUser::ALL {
        let account = person.account();
        let administers = person == BenchUser::Administrator;
        let operator = company.add_operator(account, account, &password(), administers).await?;
        serve_as(company, operator, person.employee(world)).await?;
        if administers {
            continue;
        }
        let roles: Vec<_> = person.roles().iter().map(|role| (*role).to_owned()).collect();
        company.identity.set_roles(operator, &roles).await?;
        if person == BenchUser::Manager {
            let values: Vec<_> = managed(world).iter().map(Uuid::to_string).collect();
            let rights = &company.rights;
            rights.set_reach(&session, operator, "DEPARTMENT", "set", &values).await?;
        }
    }
    Ok(())
}

/// Writes employee and allowed systems to an operator's record.
async fn serve_as(company: &Company, operator: Uuid, employee: Uuid) -> Result<()> {
    let session = company.system_session("the accounts of the benchmark");
    let object = session
        .catalog
        .named("Operator")
        .ok_or_else(|| Error::internal("there are no operators"))?;
    let systems = ["SALES", "SERVICE", "SALES_SERVICE"].map(|name| Value::Text(name.to_owned()));
    let mut patch = Input::default();
    for (name, value) in
        [("employee", Value::Id(employee)), ("allowedSystems", Value::List(systems.to_vec()))]
    {
        patch.values.extend(object.named(name).map(|(ix, _)| (ix, value)));
    }
    let change =
        Change { object: object.ix, op: Op::Update { id: operator, patch, expected: None } };
    match save(&session, &change).await? {
        Saved::Done(_) => Ok(()),
        Saved::Refused(faults) => {
            Err(faults.into_iter().next().unwrap_or_else(|| Error::internal("refused")))
        }
    }
}

/// Sets a new password, signs in, and returns the access token.
pub(super) async fn sign_in(company: &Company, person: BenchUser) -> Result<String> {
    let password = password();
    let account = person.account();
    let known = company.identity.accounts().await?;
    let found = known.into_iter().find(|(_, known)| known == account);
    let (operator, _) = found.ok_or_else(|| Error::internal("the data set lacks its accounts"))?;
    company.identity.set_password(operator, account, &password).await?;
    let tokens = company.identity.login(account, &password, SignInOrigin::default()).await?;
    Ok(tokens.access_token)
}

fn password() -> String {
    format!("{:032x}", rand::random::<u128>())
}
