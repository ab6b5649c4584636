//! What arguments mean: the operator of an account, an object, a record by its id.

use async_graphql::ID;
use uuid::Uuid;

use super::faults;
use crate::{
    base::Error,
    catalog::Object as Known,
    company::{self, Company},
    records::Session,
    rights,
};

/// The operator of an account.
pub(super) async fn operator(company: &Company, account: &str) -> crate::base::Result<Uuid> {
    let known = match company.operator_by_record(account).await? {
        Some(known) => Some(known),
        // One who was called otherwise by an older program goes on signing in so.
        None => match login_of(company, account).await? {
            Some(known) => company.has_operator(known).await?.then_some(known),
            None => None,
        },
    };
    known.ok_or_else(|| no_account(account))
}

/// The operator of an account, or who had it last and was removed: for what is told of the past.
pub(super) async fn anyone(company: &Company, account: &str) -> crate::base::Result<Uuid> {
    match company.operator_by_record(account).await? {
        Some(known) => Ok(known),
        None => login_of(company, account).await?.ok_or_else(|| no_account(account)),
    }
}

async fn login_of(company: &Company, account: &str) -> crate::base::Result<Option<Uuid>> {
    Ok(company.identity.operator_of(account).await?.map(|(id, _)| id))
}

fn no_account(account: &str) -> Error {
    company::faults::no_account(account).at(["account"])
}

/// The object of a name.
pub(super) fn object<'s>(session: &'s Session, name: &str) -> crate::base::Result<&'s Known> {
    session.catalog.named(name).ok_or_else(|| rights::faults::no_object(name).at(["object"]))
}

/// Parses an id.
pub(super) fn id(text: &ID) -> crate::base::Result<Uuid> {
    Uuid::parse_str(text).ok().ok_or_else(|| faults::bad_id().at(["id"]))
}
