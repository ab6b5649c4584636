//! `simulatePolicy` at `/metadata`: which records a change of rights would open and close for whom.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::{
    administrator_check::administers, argument_lookup::operator, context::raised,
    forms::RecordAction, holders::ReachLevel,
};
use crate::{
    access::Action,
    base::Error,
    catalog::Catalog,
    company::Company,
    records::{Session, Shift},
    rights::{Difference, Holders, RightsChange},
};

/// A change of rights that is only thought of.
#[derive(InputObject)]
struct PolicyDraft {
    /// Roles as `saveRole` takes them, in place of those with the same code.
    #[graphql(default)]
    roles: Vec<String>,
    /// Roles that accounts would hold instead of theirs.
    #[graphql(default)]
    assign: Vec<DraftedRoles>,
    /// Levels that would be set on accounts.
    #[graphql(default)]
    reach: Vec<DraftedReach>,
    /// Switches that would be set, as by `setDimensionControl` and `setControlled`.
    #[graphql(default)]
    controls: Vec<DraftedControl>,
}

#[derive(InputObject)]
struct DraftedControl {
    object: String,
    /// None for the object as a whole.
    dimension: Option<String>,
    /// The actions for which the dimension would count; all of them unless told, as defined.
    actions: Option<Vec<RecordAction>>,
    /// Whether the object as a whole would be controlled.
    #[graphql(default = true)]
    controlled: bool,
}

#[derive(InputObject)]
struct DraftedRoles {
    account: String,
    roles: Vec<String>,
}

#[derive(InputObject)]
struct DraftedReach {
    account: String,
    dimension: String,
    level: ReachLevel,
    #[graphql(default)]
    values: Vec<String>,
}

/// What one account would gain and lose of one object.
#[derive(SimpleObject)]
pub(super) struct PolicyDifference {
    account: String,
    object: String,
    /// What could be done with them.
    action: RecordAction,
    /// How many records would be open that are not now.
    gained: i64,
    /// How many records are open now that would not be.
    lost: i64,
    /// Up to five of those gained, the newest first.
    gained_examples: Vec<ID>,
    /// Up to five of those lost, the newest first.
    lost_examples: Vec<ID>,
}

#[derive(Default)]
pub(super) struct SimulationQuery;

#[Object]
impl SimulationQuery {
    /// What a change of rights would open and close for one action, by account and object; only what differs.
    async fn simulate_policy(
        &self,
        ctx: &Context<'_>,
        draft: PolicyDraft,
        #[graphql(default_with = "RecordAction::Read")] action: RecordAction,
    ) -> Result<Vec<PolicyDifference>> {
        let (company, session) = administers(ctx)?;
        simulate(company, session, draft, action.action())
            .await
            .map_err(|error| raised(ctx, &error))
    }
}

async fn simulate(
    company: &Company,
    session: &Session,
    given: PolicyDraft,
    action: Action,
) -> crate::base::Result<Vec<PolicyDifference>> {
    let mut draft = RightsChange::default();
    for (at, text) in given.roles.iter().enumerate() {
        let within = |error: Error| error.at(["draft".into(), "roles".into(), at.to_string()]);
        draft.role(session, text).await.map_err(within)?;
    }
    for one in given.assign {
        draft.assign(operator(company, &one.account).await?, one.roles);
    }
    for one in given.reach {
        let operator = operator(company, &one.account).await?;
        draft.set(session, operator, &one.dimension, one.level.name(), &one.values).await?;
    }
    for one in given.controls {
        let catalog = &session.catalog;
        let Some(dimension) = &one.dimension else {
            draft.switch_object(catalog, &one.object, one.controlled)?;
            continue;
        };
        let actions = one.actions.map(|all| all.into_iter().map(RecordAction::action).collect());
        draft.switch_dimension(catalog, &one.object, dimension, actions)?;
    }
    let system = session.as_system("comparing what others may see");
    let holders = company.holders().await?;
    let found = company.rights.simulate(&system, &holders, &draft, &[action]).await?;
    Ok(named(&system.catalog, &holders, found))
}

/// Adds names of accounts and objects to differences.
pub(super) fn named(
    catalog: &Catalog,
    holders: &Holders,
    found: Vec<Difference>,
) -> Vec<PolicyDifference> {
    let named = found.into_iter().map(|difference| {
        let account = holders.iter().find(|holder| holder.0 == difference.operator);
        let Shift { gained, lost, gained_examples, lost_examples } = difference.records;
        let ids = |ids: Vec<uuid::Uuid>| ids.into_iter().map(|id| id.to_string().into()).collect();
        PolicyDifference {
            account: account.map(|holder| holder.1.clone()).unwrap_or_default(),
            object: catalog.object(difference.object).name.clone(),
            action: RecordAction::of(difference.action),
            gained,
            lost,
            gained_examples: ids(gained_examples),
            lost_examples: ids(lost_examples),
        }
    });
    named.collect()
}
