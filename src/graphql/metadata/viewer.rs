//! The caller at `/metadata`: the person, their systems, and today's date. Must not know objects.

use async_graphql::{Context, ID, SimpleObject};

use super::{
    context::{Fingerprint, company, raised},
    crm_systems::{self, CrmSystem},
    scalars::{Day, Word},
};
use crate::{
    access::{Capability, Principal},
    base::Lang,
    graphql::exchange::Caller,
    records::Session,
};

/// The first day of the week, as ISO 8601 counts them: filters and groups by week begin on Mondays.
const MONDAY: i32 = 1;

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
    today: Day,
    /// The language of this answer: `en` or `zh-CN`.
    language: String,
    /// The day on which weeks begin; Monday is 1.
    week_start: i32,
    /// What may be done beside reading and changing records.
    may: Vec<Word<Capability>>,
    /// The account as whom an administrator reads; none where the caller is themselves.
    acting_as: Option<String>,
    /// Changes with all that `/metadata` tells this caller; every answer carries it as `X-Tradewind-Fingerprint`.
    fingerprint: String,
}

/// Returns the signed-in person of a request.
pub(super) async fn viewer(ctx: &Context<'_>) -> async_graphql::Result<Viewer> {
    let (principal, session) = (ctx.data::<Principal>()?, ctx.data::<Session>()?);
    let (caller, Fingerprint(fingerprint)) = (ctx.data::<Caller>()?, ctx.data::<Fingerprint>()?);
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
        systems: systems.iter().filter_map(|system| crm_systems::front(system)).collect(),
        time_zone: session.env.zone.name().to_owned(),
        today: Day(session.today().to_string()),
        language: match caller.lang {
            Lang::En => "en",
            Lang::Zh => "zh-CN",
        }
        .to_owned(),
        week_start: MONDAY,
        may: session.access.capabilities().into_iter().map(Word).collect(),
        acting_as: caller.view_as.as_ref().map(|_| principal.account.clone()),
        fingerprint: fingerprint.clone(),
    })
}
