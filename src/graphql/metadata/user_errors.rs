//! What a person can correct, in payloads of `/metadata`, in the form that payloads at `/graphql` have.

use async_graphql::{Context, Result, SimpleObject};

use super::context::raised;
use crate::{
    base::{Code, Error},
    graphql::exchange::Caller,
};

/// Something that a person can correct.
#[derive(SimpleObject)]
#[graphql(name = "UserError")]
pub(super) struct UserErrorInfo {
    code: String,
    path: Vec<String>,
    message: String,
    hint: Option<String>,
}

/// Faults as a payload has them. An error that nobody can correct by another input is raised instead.
pub(super) fn user_errors(ctx: &Context<'_>, faults: &[Error]) -> Result<Vec<UserErrorInfo>> {
    let lang = ctx.data::<Caller>().map(|caller| caller.lang).unwrap_or_default();
    let raises = |fault: &&Error| {
        matches!(
            fault.code,
            Code::AccessDenied | Code::Internal | Code::StorageUnavailable | Code::LimitTime
        )
    };
    if let Some(error) = faults.iter().find(raises) {
        return Err(raised(ctx, error));
    }
    let shown = |fault: &Error| UserErrorInfo {
        code: fault.code.name().to_owned(),
        path: fault.path.iter().map(ToString::to_string).collect(),
        message: fault.message.text(lang).to_owned(),
        hint: fault.hint.as_ref().map(|hint| hint.text(lang).to_owned()),
    };
    Ok(faults.iter().map(shown).collect())
}
