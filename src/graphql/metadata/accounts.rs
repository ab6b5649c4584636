//! Sign-ins at `/metadata`: everyone manages their own sessions and password, administrators manage those of
//! all.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use uuid::Uuid;

use super::{
    administrator_check::administers,
    argument_lookup::{id, operator},
    context::{company, raised},
    faults,
    paging::{Paged, listed},
    scalars::{Instant, at},
};
use crate::{
    access::{ADMINISTRATOR, Principal},
    base::text,
    company::Company,
    identity::{LoginSession, own_session},
    records::Session,
};

/// A sign-in that is not over.
#[derive(SimpleObject)]
struct SessionInfo {
    id: ID,
    created_at: Instant,
    /// When a token was last handed out: at sign-in or by a refresh.
    last_used_at: Instant,
    /// When it ends unless refreshed.
    expires_at: Instant,
    /// Whether this request belongs to it.
    current: bool,
    /// What the client called itself.
    user_agent: Option<String>,
    /// Where the sign-in came from.
    address: Option<String>,
}

fn shown(known: LoginSession, own: &Principal) -> SessionInfo {
    SessionInfo {
        id: known.id.to_string().into(),
        created_at: at(known.created_at),
        last_used_at: at(known.last_used_at),
        expires_at: at(known.expires_at),
        current: known.id == own.proof(),
        user_agent: known.user_agent,
        address: known.address,
    }
}

async fn sessions(
    company: &Company,
    own: &Principal,
    operator: Uuid,
) -> crate::base::Result<Vec<SessionInfo>> {
    let known = company.identity.sessions_of(operator).await?;
    Ok(known.into_iter().map(|session| shown(session, own)).collect())
}

/// Refuses API keys, whatever their roles, because this is a personal decision.
pub(super) fn signed_in(ctx: &Context<'_>) -> Result<()> {
    match own_session(ctx.data::<Principal>()?) {
        Ok(_) => Ok(()),
        Err(error) => Err(raised(ctx, &error)),
    }
}

/// Returns the account of someone whose sign-ins the caller may manage: administrators may manage everyone,
/// designers everyone except administrators.
pub(super) async fn looked_after(
    company: &Company,
    session: &Session,
    account: &str,
) -> crate::base::Result<(Uuid, String)> {
    let operator = operator(company, account).await?;
    let roles = company.identity.roles(operator).await?;
    if roles.iter().any(|role| role == ADMINISTRATOR) && !session.access.may_everything() {
        return Err(faults::account_of_administrator().at(["account"]));
    }
    Ok((operator, text::account(account)))
}

/// A link with which someone sets their own password and signs in.
#[derive(SimpleObject)]
struct SignInLinkInfo {
    account: String,
    /// What `POST /auth/password` takes with the new password; shown once.
    token: String,
    /// Where the web page takes it, behind this server's address.
    path: String,
    expires_at: Instant,
}

#[derive(Default)]
pub(super) struct AccountQuery;

#[Object]
impl AccountQuery {
    /// The caller's sign-ins that are not over, the one used last first.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Paged<SessionInfo>> {
        let own = ctx.data::<Principal>()?;
        let known = sessions(company(ctx)?, own, own.operator).await;
        let known = known.map_err(|error| raised(ctx, &error))?;
        listed(ctx, known, (first, after), |session| session.id.to_string())
    }

    /// The sign-ins of an account that are not over; for administrators.
    async fn account_sessions(
        &self,
        ctx: &Context<'_>,
        account: String,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Paged<SessionInfo>> {
        let (company, session) = administers(ctx)?;
        let own = ctx.data::<Principal>()?;
        let known = async {
            let (operator, _) = looked_after(company, session, &account).await?;
            sessions(company, own, operator).await
        };
        let known = known.await.map_err(|error| raised(ctx, &error))?;
        listed(ctx, known, (first, after), |session| session.id.to_string())
    }
}

#[derive(Default)]
pub(super) struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Ends one of the caller's sign-ins: its tokens hold no more.
    async fn revoke_session(&self, ctx: &Context<'_>, id: ID) -> Result<bool> {
        let own = ctx.data::<Principal>()?;
        let company = company(ctx)?;
        let revoked = async { company.identity.revoke_session(own, self::id(&id)?).await };
        revoked.await.map_err(|error| raised(ctx, &error))?;
        Ok(true)
    }

    /// Replaces the caller's password and ends their other sign-ins. API keys go on working.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        current: String,
        new: String,
    ) -> Result<bool> {
        let own = ctx.data::<Principal>()?;
        let changed = company(ctx)?.identity.change_password(own, &current, &new).await;
        changed.map_err(|error| raised(ctx, &error))?;
        Ok(true)
    }

    /// Makes a link with which the owner of an account sets their own password, once and within three days. It
    /// replaces an earlier link. For administrators, for a colleague who was just confirmed or who has forgotten
    /// their password.
    async fn create_sign_in_link(
        &self,
        ctx: &Context<'_>,
        account: String,
    ) -> Result<SignInLinkInfo> {
        let (company, session) = administers(ctx)?;
        signed_in(ctx)?;
        let own = ctx.data::<Principal>()?;
        let made = async {
            if !session.access.may_everything() {
                // Otherwise a designer of rights could get higher rights by signing in as someone else.
                return Err(faults::links_are_for_administrators());
            }
            let (operator, account) = looked_after(company, session, &account).await?;
            company.identity.make_link(Some(own), operator, &account).await
        };
        let link = made.await.map_err(|error| raised(ctx, &error))?;
        Ok(SignInLinkInfo {
            path: link.path(),
            expires_at: at(link.expires_at),
            account: link.account,
            token: link.token,
        })
    }

    /// Ends all sign-ins of an account; for administrators.
    async fn revoke_sessions(&self, ctx: &Context<'_>, account: String) -> Result<bool> {
        let (company, session) = administers(ctx)?;
        let own = ctx.data::<Principal>()?;
        let revoked = async {
            let (operator, account) = looked_after(company, session, &account).await?;
            company.identity.revoke_sessions(own, operator, &account).await
        };
        revoked.await.map_err(|error| raised(ctx, &error))?;
        Ok(true)
    }

    /// Lets an account sign in at once that had to wait after failed attempts; for administrators. Holds for
    /// the server process that answers.
    async fn unlock_account(&self, ctx: &Context<'_>, account: String) -> Result<bool> {
        let (company, session) = administers(ctx)?;
        let own = ctx.data::<Principal>()?;
        let unlocked = async {
            let (_, account) = looked_after(company, session, &account).await?;
            company.identity.unlock(own, &account).await
        };
        unlocked.await.map_err(|error| raised(ctx, &error))?;
        Ok(true)
    }
}
