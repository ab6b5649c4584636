//! Rights at `/metadata`: roles, who holds them, what is set on persons, and why someone may do something.

use std::str::FromStr;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use strum::VariantNames;
use uuid::Uuid;

use super::metadata::{World, raised, world};
use crate::{
    access::{ADMINISTRATOR, Access, Action, Branch, By, Principal, Role},
    base::{Code, Error},
    catalog::Object as Known,
    records::Session,
};

/// A set of rights.
#[derive(SimpleObject)]
struct RoleInfo {
    /// What it is assigned by.
    code: String,
    label: String,
    label_en: String,
    /// Comes with the program, unchanged.
    standard: bool,
    /// May define objects, roles and rights.
    customize: bool,
}

/// Someone who can sign in.
#[derive(SimpleObject)]
struct AccountInfo {
    operator: ID,
    account: String,
    /// Codes of the roles held.
    roles: Vec<String>,
}

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
struct Explanation {
    allowed: bool,
    branches: Vec<BranchInfo>,
    would_allow: Vec<Suggestion>,
}

/// Refuses those who may not define rights.
fn administers<'c>(ctx: &Context<'c>) -> Result<(&'c World, &'c Session)> {
    let session = ctx.data::<Session>()?;
    if session.access.may_customize() {
        return Ok((world(ctx)?, session));
    }
    let error = Error::new(
        Code::AccessDenied,
        "only administrators see and define rights",
        "只有管理员可以查看和设置权限",
    );
    Err(raised(ctx, &error))
}

/// Who defines rights does not raise his own.
fn not_oneself() -> Error {
    Error::new(
        Code::AccessDenied,
        "your own rights, and the administrator's role, are for an administrator to give",
        "您自己的权限以及管理员角色须由管理员授予",
    )
}

/// Refuses a change of a role the caller holds, unless everything is open to him anyway.
fn others(ctx: &Context<'_>, concerns: impl FnOnce(&[String]) -> bool) -> Result<()> {
    let own = ctx.data::<Principal>()?;
    if concerns(&own.roles) && !ctx.data::<Session>()?.access.may_everything() {
        return Err(raised(ctx, &not_oneself()));
    }
    Ok(())
}

fn definition_of(text: &str) -> Option<String> {
    Role::parse(text).ok().map(|role| role.code)
}

/// The operator of an account.
async fn operator(world: &World, account: &str) -> crate::base::Result<Uuid> {
    let wanted = account.trim().to_lowercase();
    let known = world.identity.accounts().await?;
    known.into_iter().find(|(_, account)| *account == wanted).map(|(id, _)| id).ok_or_else(|| {
        Error::new(
            Code::InputValue,
            format!("there is no account `{account}`"),
            format!("没有账号 `{account}`"),
        )
        .at(["account"])
    })
}

fn object<'s>(session: &'s Session, name: &str) -> crate::base::Result<&'s Known> {
    session.catalog.named(name).ok_or_else(|| {
        Error::new(
            Code::InputValue,
            format!("there is no object `{name}`"),
            format!("没有对象 `{name}`"),
        )
        .at(["object"])
    })
}

fn action(name: &str) -> crate::base::Result<Action> {
    Action::from_str(&name.to_lowercase()).map_err(|cause| {
        let mut error = Error::new(
            Code::InputValue,
            format!("the action is one of {}", Action::VARIANTS.join(", ")),
            format!("操作应为 {} 之一", Action::VARIANTS.join(", ")),
        )
        .at(["action"]);
        error.internal = Some(cause.to_string());
        error
    })
}

fn id(text: &ID) -> crate::base::Result<Uuid> {
    let bad = || Error::new(Code::InputValue, "this is not an id", "这不是有效的 ID").at(["id"]);
    Uuid::parse_str(text).ok().ok_or_else(bad)
}

fn no_record() -> Error {
    Error::new(Code::RecordNotFound, "there is no such record", "该记录不存在").at(["id"])
}

#[derive(Default)]
pub(super) struct RightsQuery;

#[Object]
impl RightsQuery {
    /// Every role there is.
    async fn roles(&self, ctx: &Context<'_>) -> Result<Vec<RoleInfo>> {
        let (world, _) = administers(ctx)?;
        let roles = world.rights.roles().await.map_err(|error| raised(ctx, &error))?;
        let info = roles.iter().map(|known| RoleInfo {
            code: known.role.code.clone(),
            label: known.role.label.clone(),
            label_en: known.role.label_en.clone(),
            standard: known.standard,
            customize: known.role.customize,
        });
        Ok(info.collect())
    }

    /// Everyone who can sign in, with their roles.
    async fn accounts(&self, ctx: &Context<'_>) -> Result<Vec<AccountInfo>> {
        let (world, _) = administers(ctx)?;
        let held = world.identity.holders().await.map_err(|error| raised(ctx, &error))?;
        let info = held.into_iter().map(|(operator, account, roles)| AccountInfo {
            operator: operator.to_string().into(),
            account,
            roles,
        });
        Ok(info.collect())
    }

    /// Why an account may or may not do something with a record, and what would open it.
    async fn explain_access(
        &self,
        ctx: &Context<'_>,
        account: String,
        object: String,
        id: ID,
        action: String,
    ) -> Result<Explanation> {
        let (world, session) = administers(ctx)?;
        explain(world, session, &account, &object, &id, &action)
            .await
            .map_err(|error| raised(ctx, &error))
    }

    /// The accounts that may read a record.
    async fn who_can_see(
        &self,
        ctx: &Context<'_>,
        object: String,
        id: ID,
    ) -> Result<Vec<AccountInfo>> {
        let (world, session) = administers(ctx)?;
        who_can_see(world, session, &object, &id).await.map_err(|error| raised(ctx, &error))
    }
}

async fn explain(
    world: &World,
    session: &Session,
    account: &str,
    object_name: &str,
    record: &ID,
    action_name: &str,
) -> crate::base::Result<Explanation> {
    let operator = operator(world, account).await?;
    let object = object(session, object_name)?;
    let (record, action) = (id(record)?, action(action_name)?);
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
    };
    BranchInfo { role: branch.role.clone(), block: branch.block, name, holds, because }
}

/// The smallest changes: a function right, a row among the employees, or the one dimension that is missing.
fn suggestions(object: &Known, action: Action, branches: &[(Branch, bool)]) -> Vec<Suggestion> {
    if branches.is_empty() {
        let grant = format!("a role with `{}` on `{}`", action.as_ref(), object.name);
        return vec![Suggestion { grant }];
    }
    let mut found = Vec::new();
    for (branch, holds) in branches.iter().filter(|(_, holds)| !holds) {
        let same = |other: &&(Branch, bool)| {
            other.0.role == branch.role
                && other.0.block == branch.block
                && matches!(other.0.by, By::Dimension(_))
        };
        let grant = match &branch.by {
            By::Open => continue,
            By::Employees { responsible } => format!(
                "the person as {} employee of the record",
                if *responsible { "a responsible" } else { "a related" }
            ),
            By::Dimension(name) => {
                let missing = branches.iter().filter(same).filter(|(_, holds)| !holds).count();
                if missing > 1 {
                    continue;
                }
                format!(
                    "the record's value in what the person has of {name} (role {})",
                    branch.role
                )
            }
        };
        debug_assert!(!holds);
        if !found.iter().any(|known: &Suggestion| known.grant == grant) {
            found.push(Suggestion { grant });
        }
    }
    found
}

async fn who_can_see(
    world: &World,
    session: &Session,
    object_name: &str,
    record: &ID,
) -> crate::base::Result<Vec<AccountInfo>> {
    let object = object(session, object_name)?;
    let record = id(record)?;
    let system = Session { access: system(), ..session.clone() };
    let held = world.identity.holders().await?;
    let mut rules = Vec::new();
    for (operator, _, roles) in &held {
        let access = world.rights.of(*operator, roles, &session.catalog).await?;
        rules.push(access.row_rule(object, Action::Read).clone());
    }
    let sees =
        crate::records::holds(&system, object, record, &rules).await?.ok_or_else(no_record)?;
    let seeing = held.into_iter().zip(sees).filter(|(_, sees)| *sees);
    Ok(seeing
        .map(|((operator, account, roles), _)| AccountInfo {
            operator: operator.to_string().into(),
            account,
            roles,
        })
        .collect())
}

#[derive(Default)]
pub(super) struct RightsMutation;

#[Object]
impl RightsMutation {
    /// Stores a role, written as in `schema/roles/`, in place of one with the same code.
    async fn save_role(&self, ctx: &Context<'_>, definition: String) -> Result<RoleInfo> {
        let (world, session) = administers(ctx)?;
        others(ctx, |held| definition_of(&definition).is_some_and(|code| held.contains(&code)))?;
        let saved = world.rights.save_role(&session.catalog, &definition).await;
        let role = saved.map_err(|error| raised(ctx, &error))?;
        Ok(RoleInfo {
            code: role.code,
            label: role.label,
            label_en: role.label_en,
            standard: false,
            customize: role.customize,
        })
    }

    /// Replaces the roles of an account. Holds from the next request on.
    async fn assign_roles(
        &self,
        ctx: &Context<'_>,
        account: String,
        roles: Vec<String>,
    ) -> Result<AccountInfo> {
        let (world, session) = administers(ctx)?;
        let assigned = async {
            world.rights.known(&roles).await?;
            let operator = operator(world, &account).await?;
            let own = session.access.operator() == Some(operator);
            let raises = own || roles.iter().any(|role| role == ADMINISTRATOR);
            if raises && !session.access.may_everything() {
                return Err(not_oneself());
            }
            world.identity.set_roles(operator, &roles).await?;
            world.rights.forget();
            Ok(operator)
        };
        let operator = assigned.await.map_err(|error: Error| raised(ctx, &error))?;
        Ok(AccountInfo { operator: operator.to_string().into(), account, roles })
    }

    /// Sets how much of a dimension is open to a person, for roles that leave it to the person:
    /// `none`, `own`, `below`, `set` or `all`, with the ticked values.
    async fn set_reach(
        &self,
        ctx: &Context<'_>,
        account: String,
        dimension: String,
        level: String,
        #[graphql(default)] values: Vec<String>,
    ) -> Result<bool> {
        let (world, session) = administers(ctx)?;
        let set = async {
            let operator = operator(world, &account).await?;
            if session.access.operator() == Some(operator) && !session.access.may_everything() {
                return Err(not_oneself());
            }
            let catalog = &session.catalog;
            world.rights.set_reach(catalog, operator, &dimension, &level, &values).await
        };
        set.await.map_err(|error| raised(ctx, &error))?;
        Ok(true)
    }
}
