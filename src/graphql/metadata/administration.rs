//! Rights at `/metadata`: roles, their holders, reaches of persons, switches.

use async_graphql::{Context, ID, Json, Object, Result, SimpleObject};
use serde_json::json;
use uuid::Uuid;

use super::{
    administrator_check::administers,
    argument_lookup::operator,
    audit::along,
    context::raised,
    explain::{Explanation, explain, who_can_see},
    faults,
    forms::RecordAction,
    holders::{AccountInfo, ReachLevel, account as account_of, accounts},
    paging::{Paged, listed},
};
use crate::{
    access::ADMINISTRATOR,
    base::{Error, Message},
    company::{self, Company},
    graphql::{exchange::Caller, reply::stored},
    records::Session,
    storage::audit::AuditKind,
};

/// A switch on the rule.
#[derive(SimpleObject)]
struct ControlInfo {
    object: String,
    /// None when the switch is on the object as a whole.
    dimension: Option<String>,
    /// The actions for which the dimension counts; empty when nothing is controlled.
    actions: Vec<RecordAction>,
}

async fn controls(company: &Company) -> crate::base::Result<Vec<ControlInfo>> {
    let known = company.rights.controls().await?;
    let whole = known.uncontrolled.into_iter().map(|object| (object, None, Vec::new()));
    let parts = known
        .dimensions
        .into_iter()
        .map(|((object, dimension), actions)| (object, Some(dimension), actions));
    let mut all: Vec<_> = whole.chain(parts).collect();
    all.sort();
    Ok(all
        .into_iter()
        .map(|(object, dimension, actions)| ControlInfo {
            object,
            dimension,
            actions: actions.into_iter().map(RecordAction::of).collect(),
        })
        .collect())
}

/// Switches open records to everyone who has the function right, oneself too: for administrators only.
fn switches<'c>(ctx: &Context<'c>) -> Result<(&'c Company, &'c Session)> {
    let (company, session) = administers(ctx)?;
    if session.access.may_everything() {
        return Ok((company, session));
    }
    Err(raised(ctx, &faults::own_rights()))
}

/// Refuses to take the administrator's role from the last one who can sign in.
async fn others_administer(company: &Company, operator: Uuid) -> crate::base::Result<()> {
    let held = company.holders().await?;
    let mut administrators = held
        .iter()
        .filter(|(_, _, roles)| roles.iter().any(|role| role == ADMINISTRATOR))
        .map(|(id, ..)| *id);
    if !administrators.clone().any(|id| id == operator) {
        return Ok(());
    }
    for other in administrators.by_ref().filter(|id| *id != operator) {
        if company.identity.may_sign_in(other).await? {
            return Ok(());
        }
    }
    Err(company::faults::last_administrator().at(["roles"]))
}

/// Returns the operator given either by id or by account.
async fn meant(
    company: &Company,
    principal: Option<&ID>,
    account: Option<&str>,
) -> crate::base::Result<Uuid> {
    match (principal, account) {
        (None, Some(account)) => operator(company, account).await,
        (Some(principal), None) => {
            let all = accounts(company).await?;
            let known = all.iter().find(|known| known.operator == *principal);
            let id = known.and_then(|known| known.operator.parse().ok());
            id.ok_or_else(|| faults::no_operator(principal.as_str()).at(["principal"]))
        }
        _ => Err(faults::principal_or_account()),
    }
}

#[derive(Default)]
pub(super) struct RightsQuery;

#[Object]
impl RightsQuery {
    /// Everyone there is an account for, with their roles and what is set on them, by account.
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Paged<AccountInfo>> {
        let (company, _) = administers(ctx)?;
        let known = accounts(company).await.map_err(|error| raised(ctx, &error))?;
        listed(ctx, known, (first, after), |known| known.account.clone())
    }

    /// What of the rule the company has switched.
    async fn controls(&self, ctx: &Context<'_>) -> Result<Vec<ControlInfo>> {
        let (company, _) = administers(ctx)?;
        controls(company).await.map_err(|error| raised(ctx, &error))
    }

    /// Why someone may or may not do something with a record, and what would open it: an operator, or an account.
    async fn explain_access(
        &self,
        ctx: &Context<'_>,
        principal: Option<ID>,
        account: Option<String>,
        object: String,
        id: ID,
        action: RecordAction,
    ) -> Result<Explanation> {
        let (company, session) = administers(ctx)?;
        let lang = ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default();
        let explained = async {
            let operator = meant(company, principal.as_ref(), account.as_deref()).await?;
            let told = explain(company, session, operator, &object, &id, action.action(), lang);
            // What it holds is too much for a stack.
            Box::pin(told).await
        };
        explained.await.map_err(|error: Error| raised(ctx, &error))
    }

    /// The accounts that may read a record.
    async fn who_can_see(
        &self,
        ctx: &Context<'_>,
        object: String,
        id: ID,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Paged<AccountInfo>> {
        let (company, session) = administers(ctx)?;
        let seen = who_can_see(company, session, &object, &id).await;
        let seen = seen.map_err(|error| raised(ctx, &error))?;
        listed(ctx, seen, (first, after), |known| known.account.clone())
    }
}

#[derive(Default)]
pub(super) struct RightsMutation;

#[Object]
impl RightsMutation {
    /// Replaces the roles of an account. Holds from the next request on.
    async fn assign_roles(
        &self,
        ctx: &Context<'_>,
        account: String,
        roles: Vec<String>,
    ) -> Result<AccountInfo> {
        let (company, session) = administers(ctx)?;
        let assigned = async {
            company.rights.known(&roles).await?;
            let operator = operator(company, &account).await?;
            let own = session.access.operator() == Some(operator);
            let raises = own || roles.iter().any(|role| role == ADMINISTRATOR);
            if raises && !session.access.may_everything() {
                return Err(faults::own_rights());
            }
            if !roles.iter().any(|role| role == ADMINISTRATOR) {
                others_administer(company, operator).await?;
            }
            Ok(operator)
        };
        let operator = assigned.await.map_err(|error: Error| raised(ctx, &error))?;
        let detail = json!({ "assignRoles": account, "roles": roles });
        let setting = company.identity.set_roles(operator, &roles);
        Box::pin(along(ctx, AuditKind::Rights, None, detail, setting)).await?;
        company.rights.forget();
        account_of(company, operator).await.map_err(|error| raised(ctx, &stored(error)))
    }

    /// Sets whether records of an object are controlled at all; if not, everyone with the function right may
    /// act on all of them.
    async fn set_controlled(
        &self,
        ctx: &Context<'_>,
        object: String,
        controlled: bool,
    ) -> Result<Vec<ControlInfo>> {
        let (company, session) = switches(ctx)?;
        let detail = json!({ "setControlled": controlled });
        let setting = company.rights.set_controlled(&session.catalog, &object, controlled);
        Box::pin(along(ctx, AuditKind::Rights, Some(&object), detail, setting)).await?;
        controls(company).await.map_err(|error| raised(ctx, &stored(error)))
    }

    /// Sets for which actions a dimension of an object is controlled; without `actions` for all of them, as
    /// defined.
    async fn set_dimension_control(
        &self,
        ctx: &Context<'_>,
        object: String,
        dimension: String,
        actions: Option<Vec<RecordAction>>,
    ) -> Result<Vec<ControlInfo>> {
        let (company, session) = switches(ctx)?;
        let actions: Option<Vec<_>> =
            actions.map(|all| all.into_iter().map(RecordAction::action).collect());
        let catalog = &session.catalog;
        let names = actions.iter().flatten().map(|one| one.as_ref().to_owned());
        let names: Option<Vec<String>> = actions.as_ref().map(|_| names.collect());
        let detail = json!({ "setDimensionControl": dimension, "actions": names });
        let setting =
            company.rights.set_dimension(catalog, &object, &dimension, actions.as_deref());
        Box::pin(along(ctx, AuditKind::Rights, Some(&object), detail, setting)).await?;
        controls(company).await.map_err(|error| raised(ctx, &stored(error)))
    }

    /// Sets how much of a dimension is open to a person, for roles that leave it to the person:
    /// a level with the ticked values: ids or unique keys of records, such as a
    /// department's code, or names of a picklist's values. Answers `before`, `after` and `warnings`.
    async fn set_reach(
        &self,
        ctx: &Context<'_>,
        account: String,
        dimension: String,
        level: ReachLevel,
        #[graphql(default)] values: Vec<String>,
    ) -> Result<Json<serde_json::Value>> {
        let (company, session) = administers(ctx)?;
        let set = async {
            let operator = set_on(company, session, &account).await?;
            let set =
                company.rights.set_reach(session, operator, &dimension, level.name(), &values);
            let (before, after) = set.await?;
            let roles = company.identity.roles(operator).await.map_err(stored)?;
            let left = company.rights.left_to_person(&roles, &dimension).await.map_err(stored)?;
            Ok((before, after, left))
        };
        let detail = json!({ "setReach": account });
        let set = Box::pin(along(ctx, AuditKind::Rights, None, detail, set));
        let (before, after, left) = set.await?;
        let mut warnings = Vec::new();
        if !left {
            let told = Message::new(
                format!(
                    "no role that `{account}` holds leaves {dimension} to the person: this has no effect"
                ),
                format!("`{account}` 的角色均未将 {dimension} 交由人员设置，此设置不会生效"),
            );
            let lang = ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default();
            warnings.push(told.text(lang).to_owned());
        }
        Ok(Json(json!({
            "account": account, "dimension": dimension, "before": before, "after": after,
            "warnings": warnings,
        })))
    }

    /// Takes away what is set on a person for a dimension, which is then closed. Answers what it was as `before`.
    async fn clear_reach(
        &self,
        ctx: &Context<'_>,
        account: String,
        dimension: String,
    ) -> Result<Json<serde_json::Value>> {
        let (company, session) = administers(ctx)?;
        let cleared = async {
            let operator = set_on(company, session, &account).await?;
            company.rights.clear_reach(operator, &dimension).await
        };
        let detail = json!({ "clearReach": account, "dimension": dimension });
        let before = Box::pin(along(ctx, AuditKind::Rights, None, detail, cleared)).await?;
        Ok(Json(json!({
            "account": account, "dimension": dimension, "before": before, "after": null,
            "warnings": [],
        })))
    }
}

/// Whose levels the caller may set: anyone's but their own, and for administrators anyone's.
async fn set_on(company: &Company, session: &Session, account: &str) -> crate::base::Result<Uuid> {
    let operator = operator(company, account).await?;
    if session.access.operator() == Some(operator) && !session.access.may_everything() {
        return Err(faults::own_rights());
    }
    Ok(operator)
}
