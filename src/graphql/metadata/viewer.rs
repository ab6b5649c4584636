//! The caller at `/metadata`: the person, their systems, and today's date. Must not know objects.

use async_graphql::{Context, ID, SimpleObject};

use super::{
    context::{company, raised},
    forms::{self, CrmSystem},
};
use crate::{access::Principal, records::Session};

/// The signed-in person.
#[derive(SimpleObject)]
pub(super) struct Viewer {
    /// That of the operator.
    id: ID,
    /// The account signed in with.
    account: String,
    /// The name shown to people.
    name: String,
    /// The operator record.
    operator: ID,
    /// The employee behind it.
    employee: Option<ID>,
    /// Codes of the roles held.
    roles: Vec<String>,
    /// The front systems that may be entered.
    systems: Vec<CrmSystem>,
    /// The business time zone, in which days begin and end.
    time_zone: String,
    /// Today in the business time zone.
    today: String,
}

/// Returns the signed-in person of a request.
pub(super) async fn viewer(ctx: &Context<'_>) -> async_graphql::Result<Viewer> {
    let (principal, session) = (ctx.data::<Principal>()?, ctx.data::<Session>()?);
    let rights = &company(ctx)?.rights;
    let systems = rights.systems(principal, &session.catalog).await;
    let systems = systems.map_err(|error| raised(ctx, &error))?;
    Ok(Viewer {
        id: principal.operator.to_string().into(),
        account: principal.account.clone(),
        name: principal.name.clone(),
        operator: principal.operator.to_string().into(),
        employee: principal.employee.map(|id| id.to_string().into()),
        roles: principal.roles.clone(),
        systems: systems.iter().filter_map(|system| forms::front(system)).collect(),
        time_zone: session.env.zone.name().to_owned(),
        today: session.today().to_string(),
    })
}
