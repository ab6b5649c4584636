//! Delegations at `/metadata`: everyone manages their own, administrators manage all.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use serde_json::json;
use uuid::Uuid;

use super::{
    accounts::signed_in,
    argument_lookup::id,
    audit::along,
    context::{company, raised},
    faults,
    paging::{Paged, listed},
    scalars::{Instant, at},
};
use crate::{
    base::text,
    company::Company,
    records::Session,
    storage::{audit::AuditKind, delegations::Delegation},
};

/// One person standing in for another.
#[derive(SimpleObject)]
struct DelegationInfo {
    id: ID,
    /// The employee who is away.
    from: ID,
    /// The employee who stands in: they may treat records of `from` as their own.
    to: ID,
    since: Instant,
    until: Instant,
    reason: String,
    /// The operator who arranged it.
    made_by: Option<ID>,
    made_at: Instant,
}

fn shown(known: &Delegation) -> DelegationInfo {
    DelegationInfo {
        id: known.id.to_string().into(),
        from: known.from.to_string().into(),
        to: known.to.to_string().into(),
        since: at(known.since),
        until: at(known.until),
        reason: known.reason.clone(),
        made_by: known.made_by.map(|id| id.to_string().into()),
        made_at: at(known.made_at),
    }
}

/// Returns the employee for whom the caller arranges: themselves, or anyone if they may define rights.
fn own(session: &Session, from: Option<Uuid>) -> crate::base::Result<Uuid> {
    let viewer = session.access.viewer();
    match from.or(viewer) {
        Some(from) if session.access.may_customize() || viewer == Some(from) => Ok(from),
        Some(_) => Err(faults::delegations_of_others().at(["from"])),
        None => Err(faults::no_own_employee().at(["from"])),
    }
}

/// Most characters of a reason.
const REASON: usize = 500;

#[derive(Default)]
pub(super) struct DelegationQuery;

#[Object]
impl DelegationQuery {
    /// Who stands in for whom, now or later: for the caller and by the caller; all for administrators.
    async fn delegations(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Paged<DelegationInfo>> {
        let session = ctx.data::<Session>()?;
        let of = match (session.access.may_customize(), session.access.viewer()) {
            (true, _) => Some(None),
            (false, Some(employee)) => Some(Some(employee)),
            (false, None) => None,
        };
        let known = match of {
            Some(of) => company(ctx)?.rights.delegations(of).await,
            None => Ok(Vec::new()),
        };
        let known = known.map_err(|error| raised(ctx, &error))?.iter().map(shown).collect();
        listed(ctx, known, (first, after), |one: &DelegationInfo| one.id.to_string())
    }
}

#[derive(Default)]
pub(super) struct DelegationMutation;

#[Object]
impl DelegationMutation {
    /// Lets another employee treat the caller's records as their own for a time, or, for administrators,
    /// those of `from`. `since` is now unless given.
    async fn delegate(
        &self,
        ctx: &Context<'_>,
        from: Option<ID>,
        to: ID,
        since: Option<Instant>,
        until: Instant,
        #[graphql(default)] reason: String,
    ) -> Result<DelegationInfo> {
        signed_in(ctx)?;
        let session = ctx.data::<Session>()?;
        let made = arrange(company(ctx)?, session, from, &to, since, &until, &reason);
        let detail = json!({ "reason": reason });
        Box::pin(along(ctx, AuditKind::Delegation, None, detail, made)).await
    }

    /// Ends a delegation now: by whoever is away, by who stands in, or by an administrator.
    async fn end_delegation(&self, ctx: &Context<'_>, id: ID) -> Result<bool> {
        signed_in(ctx)?;
        let session = ctx.data::<Session>()?;
        let ending = end(company(ctx)?, session, &id);
        Box::pin(along(ctx, AuditKind::Delegation, None, json!({ "endDelegation": id }), ending))
            .await?;
        Ok(true)
    }
}

async fn arrange(
    company: &Company,
    session: &Session,
    from: Option<ID>,
    to: &ID,
    since: Option<Instant>,
    until: &Instant,
    reason: &str,
) -> crate::base::Result<DelegationInfo> {
    let from = from.map(|from| id(&from).map_err(|error| error.at(["from"]))).transpose()?;
    let from = own(session, from)?;
    let to = id(to).map_err(|error| error.at(["to"]))?;
    let since = since.map(|since| since.read("since")).transpose()?;
    let until = until.read("until")?;
    if !session.access.may_everything() && session.access.viewer() == Some(to) {
        // Callers who define rights may not raise their own.
        return Err(faults::delegation_to_oneself().at(["to"]));
    }
    let reason = text::tidy(reason);
    if reason.chars().count() > REASON {
        return Err(faults::long_reason(REASON).at(["reason"]));
    }
    let made = company.rights.delegate(session, (from, to), (since, until), &reason).await?;
    Ok(shown(&made))
}

async fn end(company: &Company, session: &Session, record: &ID) -> crate::base::Result<()> {
    let wanted = id(record)?;
    let viewer = session.access.viewer();
    let of = if session.access.may_customize() { None } else { viewer };
    let known = if of.is_none() && !session.access.may_customize() {
        Vec::new()
    } else {
        company.rights.delegations(of).await?
    };
    if !known.iter().any(|one| one.id == wanted) {
        return Err(faults::no_delegation().at(["id"]));
    }
    company.rights.end_delegation(wanted).await
}
