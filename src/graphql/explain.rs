//! Why someone may or may not do something with a record, what would change that, and who may see it.

use async_graphql::{ID, SimpleObject};
use uuid::Uuid;

use super::{
    administration::{object, operator},
    holders::{AccountInfo, accounts},
    metadata::World,
};
use crate::{
    access::{Access, Action, Branch, By},
    base::{Code, Error},
    catalog::Object as Known,
    records::Session,
};

/// One reason for which a role may open a record.
#[derive(SimpleObject)]
struct BranchInfo {
    role: String,
    /// Dimensions of the same role and block hold together or not at all.
    block: usize,
    name: String,
    holds: bool,
    because: String,
}

/// A change that would open the record.
#[derive(SimpleObject)]
struct Suggestion {
    grant: String,
}

/// Why someone may or may not do something.
#[derive(SimpleObject)]
pub(super) struct Explanation {
    allowed: bool,
    branches: Vec<BranchInfo>,
    would_allow: Vec<Suggestion>,
}

pub(super) fn id(text: &ID) -> crate::base::Result<Uuid> {
    let bad = || Error::new(Code::InputValue, "this is not an id", "这不是有效的 ID").at(["id"]);
    Uuid::parse_str(text).ok().ok_or_else(bad)
}

fn no_record() -> Error {
    Error::new(Code::RecordNotFound, "there is no such record", "该记录不存在").at(["id"])
}

pub(super) async fn explain(
    world: &World,
    session: &Session,
    account: &str,
    object_name: &str,
    record: &ID,
    action: Action,
) -> crate::base::Result<Explanation> {
    let operator = operator(world, account).await?;
    let object = object(session, object_name)?;
    let record = id(record)?;
    let roles = world.identity.roles(operator).await?;
    let access = world.rights.of(operator, &roles, &session.catalog).await?;
    let rule = [access.row_rule(object, action).clone()];
    let system = Session { access: system(), ..session.clone() };
    let holds = crate::records::holds(&system, object, record, &rule).await?;
    let allowed = holds.ok_or_else(no_record)? == [true];
    let branches = world.rights.explain(operator, &roles, &system, object, record, action).await?;
    let branches = branches.ok_or_else(no_record)?;
    let would_allow = if allowed { Vec::new() } else { suggestions(object, action, &branches) };
    Ok(Explanation {
        allowed,
        branches: branches.iter().map(|(branch, holds)| told(branch, *holds)).collect(),
        would_allow,
    })
}

fn system() -> std::sync::Arc<Access> {
    std::sync::Arc::new(Access::system("explaining the rights of another person"))
}

fn told(branch: &Branch, holds: bool) -> BranchInfo {
    let not = if holds { "" } else { "not " };
    let (name, because) = match &branch.by {
        By::System => (
            "system".to_owned(),
            format!("the operator may {not}enter a system that shows the object"),
        ),
        By::Wall => (
            "wall".to_owned(),
            if holds {
                "no role held keeps to other business lines".to_owned()
            } else {
                "a role held keeps to other business lines".to_owned()
            },
        ),
        By::Function => {
            ("function".to_owned(), format!("the function right is {not}in a role held"))
        }
        By::StandIn => (
            "stand-in".to_owned(),
            format!("an employee for whom the person stands in is {not}among the record's"),
        ),
        By::Open => ("open".to_owned(), "the role opens every record".to_owned()),
        By::Employees { responsible: true } => (
            "employees".to_owned(),
            format!("the person is {not}a responsible employee of the record"),
        ),
        By::Employees { responsible: false } => {
            ("employees".to_owned(), format!("the person is {not}an employee of the record"))
        }
        By::Dimension(name) => (
            format!("dimension {name}"),
            format!("the record is {not}within what the person has of {name}"),
        ),
        By::Parent(name) => {
            (format!("parent {name}"), format!("the person may {not}read the record in `{name}`"))
        }
    };
    BranchInfo { role: branch.role.clone(), block: branch.block, name, holds, because }
}

/// The smallest changes: a function right, a row among the employees, or the one dimension that is missing.
fn suggestions(object: &Known, action: Action, branches: &[(Branch, bool)]) -> Vec<Suggestion> {
    let gates: Vec<_> = branches
        .iter()
        .filter(|(_, holds)| !holds)
        .filter_map(|(branch, _)| match branch.by {
            By::System => Some(format!(
                "one of the systems {} among the operator's",
                object.systems.join(", ")
            )),
            By::Wall => Some(format!(
                "only roles that keep to {}",
                object.business_line.as_deref().unwrap_or("no line")
            )),
            By::Function => Some(format!("a role with `{}` on `{}`", action.as_ref(), object.name)),
            _ => None,
        })
        .map(|grant| Suggestion { grant })
        .collect();
    if !gates.is_empty() {
        return gates;
    }
    let mut found = Vec::new();
    for (branch, holds) in branches.iter().filter(|(_, holds)| !holds) {
        let same = |other: &&(Branch, bool)| {
            other.0.role == branch.role
                && other.0.block == branch.block
                && matches!(other.0.by, By::Dimension(_) | By::Parent(_))
        };
        let missing = || branches.iter().filter(same).filter(|(_, holds)| !holds).count();
        let grant = match &branch.by {
            By::Open | By::StandIn | By::System | By::Wall | By::Function => continue,
            By::Employees { responsible } => format!(
                "the person as {} employee of the record",
                if *responsible { "a responsible" } else { "a related" }
            ),
            By::Dimension(_) | By::Parent(_) if missing() > 1 => continue,
            By::Dimension(name) => {
                let role = &branch.role;
                format!("the record's value in what the person has of {name} (role {role})")
            }
            By::Parent(name) => format!("a right to read the record in `{name}`"),
        };
        debug_assert!(!holds);
        if !found.iter().any(|known: &Suggestion| known.grant == grant) {
            found.push(Suggestion { grant });
        }
    }
    found
}

pub(super) async fn who_can_see(
    world: &World,
    session: &Session,
    object_name: &str,
    record: &ID,
) -> crate::base::Result<Vec<AccountInfo>> {
    let object = object(session, object_name)?;
    let record = id(record)?;
    let system = Session { access: system(), ..session.clone() };
    let held = accounts(world).await?;
    let mut rules = Vec::new();
    for known in &held {
        let operator = id(&known.operator)?;
        let access = world.rights.of(operator, &known.roles, &session.catalog).await?;
        rules.push(access.row_rule(object, Action::Read).clone());
    }
    let sees =
        crate::records::holds(&system, object, record, &rules).await?.ok_or_else(no_record)?;
    Ok(held.into_iter().zip(sees).filter(|(_, sees)| *sees).map(|(known, _)| known).collect())
}
