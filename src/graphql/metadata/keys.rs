//! API keys at `/metadata`: everyone manages their own, administrators manage those of all.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use uuid::Uuid;

use super::{
    accounts::looked_after,
    administrator_check::administers,
    argument_lookup::id,
    context::{company, raised},
    faults,
    paging::{Paged, listed},
    scalars::{Instant, at},
};
use crate::{
    access::Principal,
    base::{Error, text},
    company::Company,
    identity::{ApiKey, NewKey},
    records::Session,
};

/// What a program sends instead of an access token.
#[derive(SimpleObject)]
struct ApiKeyInfo {
    id: ID,
    name: String,
    /// Codes of its roles; those that its account does not hold open nothing.
    roles: Vec<String>,
    expires_at: Instant,
    created_at: Instant,
    /// When it was last used, to the minute.
    last_used_at: Option<Instant>,
    /// How its text begins.
    prefix: String,
}

fn shown(known: ApiKey) -> ApiKeyInfo {
    ApiKeyInfo {
        id: known.id.to_string().into(),
        prefix: known.prefix(),
        name: known.name,
        roles: known.roles,
        expires_at: at(known.expires_at),
        created_at: at(known.created_at),
        last_used_at: known.last_used_at.map(at),
    }
}

/// A key just made.
#[derive(SimpleObject)]
struct CreateApiKeyPayload {
    api_key: ApiKeyInfo,
    /// The text to send as `Authorization: Bearer …`. It is not shown again.
    secret: String,
}

/// Returns the requested account: the caller's own, or another one that the caller may manage.
async fn meant(ctx: &Context<'_>, account: Option<String>) -> Result<(Uuid, String)> {
    let own = ctx.data::<Principal>()?;
    let other = account.filter(|account| text::account(account) != own.account);
    let Some(account) = other else { return Ok((own.operator, own.account.clone())) };
    let (company, session) = administers(ctx)?;
    looked_after(company, session, &account).await.map_err(|error| raised(ctx, &error))
}

#[derive(Default)]
pub(super) struct KeyQuery;

#[Object]
impl KeyQuery {
    /// API keys that were not revoked, the newest first: the caller's, or for administrators those of an
    /// account.
    async fn api_keys(
        &self,
        ctx: &Context<'_>,
        account: Option<String>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Paged<ApiKeyInfo>> {
        let (operator, _) = meant(ctx, account).await?;
        let known = company(ctx)?.identity.keys_of(operator).await;
        let known = known.map_err(|error| raised(ctx, &error))?.into_iter().map(shown).collect();
        listed(ctx, known, (first, after), |key: &ApiKeyInfo| key.id.to_string())
    }
}

#[derive(Default)]
pub(super) struct KeyMutation;

#[Object]
impl KeyMutation {
    /// Makes an API key that acts as the caller, or for administrators as `account`, with those of `roles`
    /// that the account holds whenever it is used; an administrator's key may have any role. It ends at
    /// `expiresAt`, a year from now at the latest.
    async fn create_api_key(
        &self,
        ctx: &Context<'_>,
        name: String,
        roles: Vec<String>,
        expires_at: Instant,
        account: Option<String>,
    ) -> Result<CreateApiKeyPayload> {
        let own = ctx.data::<Principal>()?;
        let (operator, account) = meant(ctx, account).await?;
        let company = company(ctx)?;
        let made = async {
            let session = ctx.data::<Session>().ok();
            let everything = session.is_some_and(|session| session.access.may_everything());
            if operator != own.operator && !everything {
                // Otherwise a designer of rights could get higher rights by acting as someone else.
                return Err(faults::keys_of_others().at(["account"]));
            }
            let expires_at = expires_at.read("expiresAt")?.timestamp_micros();
            company.rights.known(&roles).await?;
            let new = NewKey { operator, account, name, roles, expires_at };
            company.identity.create_key(own, new).await
        };
        let (key, secret) = made.await.map_err(|error: Error| raised(ctx, &error))?;
        Ok(CreateApiKeyPayload { api_key: shown(key), secret })
    }

    /// Ends an API key: one of the caller's, or for administrators anyone's.
    async fn revoke_api_key(&self, ctx: &Context<'_>, id: ID) -> Result<bool> {
        let own = ctx.data::<Principal>()?;
        let session = ctx.data::<Session>()?;
        let revoked = revoke(company(ctx)?, session, own, &id).await;
        revoked.map_err(|error| raised(ctx, &error))?;
        Ok(true)
    }
}

async fn revoke(
    company: &Company,
    session: &Session,
    own: &Principal,
    key: &ID,
) -> crate::base::Result<()> {
    let none = || faults::no_key().at(["id"]);
    let key = company.identity.key(id(key)?).await?.ok_or_else(none)?;
    if key.operator != own.operator {
        if !session.access.may_customize() {
            return Err(none());
        }
        let account = company.identity.account_of(key.operator).await?;
        looked_after(company, session, &account.ok_or_else(none)?).await?;
    }
    company.identity.revoke_key(own, &key).await
}
