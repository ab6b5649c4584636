//! Who may define rights, and whose.

use async_graphql::{Context, Result};

use super::context::{company, raised};
use crate::{
    access::Principal,
    base::{Code, Error},
    company::Company,
    records::Session,
};

/// Refuses those who may not define rights.
pub(super) fn administers<'c>(ctx: &Context<'c>) -> Result<(&'c Company, &'c Session)> {
    let session = ctx.data::<Session>()?;
    if session.access.may_customize() {
        return Ok((company(ctx)?, session));
    }
    let error = Error::new(
        Code::AccessDenied,
        "only administrators see and define rights",
        "只有管理员可以查看和设置权限",
    );
    Err(raised(ctx, &error))
}

/// The error for callers who would raise their own rights.
pub(super) fn not_oneself() -> Error {
    Error::new(
        Code::AccessDenied,
        "your own rights, and the administrator's role, are for an administrator to give",
        "您自己的权限以及管理员角色须由管理员授予",
    )
}

/// Refuses a change of a role that the caller holds, unless they have all rights anyway.
pub(super) fn others(ctx: &Context<'_>, concerns: impl FnOnce(&[String]) -> bool) -> Result<()> {
    let own = ctx.data::<Principal>()?;
    if concerns(&own.held()) && !ctx.data::<Session>()?.access.may_everything() {
        return Err(raised(ctx, &not_oneself()));
    }
    Ok(())
}
