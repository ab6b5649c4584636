//! Who may define rights, and whose.

use async_graphql::{Context, Result};

use super::context::{company, raised};
use super::faults;
use crate::{access::Principal, company::Company, records::Session};

/// Refuses those who may not define rights.
pub(super) fn administers<'c>(ctx: &Context<'c>) -> Result<(&'c Company, &'c Session)> {
    let session = ctx.data::<Session>()?;
    if session.access.may_customize() {
        return Ok((company(ctx)?, session));
    }
    Err(raised(ctx, &faults::rights_are_for_administrators()))
}

/// Refuses those who may not define what objects are and how they are shown.
pub(super) fn defines<'c>(ctx: &Context<'c>) -> Result<(&'c Company, &'c Session)> {
    let session = ctx.data::<Session>()?;
    if session.access.may_define() {
        return Ok((company(ctx)?, session));
    }
    Err(raised(ctx, &faults::objects_are_for_administrators()))
}

/// Refuses a change of a role that the caller holds, unless they have all rights anyway.
pub(super) fn others(ctx: &Context<'_>, concerns: impl FnOnce(&[String]) -> bool) -> Result<()> {
    let own = ctx.data::<Principal>()?;
    if concerns(&own.held()) && !ctx.data::<Session>()?.access.may_everything() {
        return Err(raised(ctx, &faults::own_rights()));
    }
    Ok(())
}
