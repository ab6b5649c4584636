//! What people keep for themselves at `/metadata`: preferences, and forms that are not saved yet.

use async_graphql::{Context, ID, Json, Object, Result, SimpleObject};
use serde_json::Value as Plain;

use super::{
    argument_lookup::id,
    context::{company, raised},
    scalars::{Instant, at},
};
use crate::{
    access::Visible,
    records::{Session, is_readable},
    workspace::{FormInput, KeptForm, kept_object},
};

/// A form that was filled in and not saved yet.
#[derive(SimpleObject)]
struct FormDraft {
    id: ID,
    object: String,
    /// The record that is edited; none for a new one.
    record: Option<ID>,
    /// The version that is edited.
    base: Option<i64>,
    /// What was filled in.
    data: Json<Plain>,
    /// When it was kept last.
    updated_at: Instant,
    /// When it is removed unless it is kept again.
    expires_at: Instant,
}

fn shown(kept: KeptForm) -> FormDraft {
    FormDraft {
        id: kept.id.to_string().into(),
        object: kept.object,
        record: kept.record.map(|id| id.to_string().into()),
        base: kept.base,
        data: Json(kept.data),
        updated_at: at(kept.updated_at),
        expires_at: at(kept.expires_at),
    }
}

fn visible(session: &Session) -> Visible<'_> {
    Visible { catalog: &session.catalog, access: &session.access }
}

#[derive(Default)]
pub(super) struct KeptQuery;

#[Object]
impl KeptQuery {
    /// What the caller has set for their pages: a JSON object by key.
    async fn preferences(&self, ctx: &Context<'_>) -> Result<Json<Plain>> {
        let (company, session) = (company(ctx)?, ctx.data::<Session>()?);
        let kept = company.workspace.preferences(&session.access).await;
        Ok(Json(Plain::Object(kept.map_err(|error| raised(ctx, &error))?)))
    }

    /// The forms that the caller has not saved yet, those kept last first.
    async fn form_drafts(&self, ctx: &Context<'_>) -> Result<Vec<FormDraft>> {
        let (company, session) = (company(ctx)?, ctx.data::<Session>()?);
        let kept = company.workspace.form_drafts(visible(session)).await;
        let kept = kept.map_err(|error| raised(ctx, &error))?;
        Ok(kept.into_iter().map(shown).collect())
    }
}

#[derive(Default)]
pub(super) struct KeptMutation;

#[Object]
impl KeptMutation {
    /// Sets a preference of the caller. Null, or no value, removes it.
    async fn set_preference(
        &self,
        ctx: &Context<'_>,
        key: String,
        value: Option<Json<Plain>>,
    ) -> Result<bool> {
        let (company, session) = (company(ctx)?, ctx.data::<Session>()?);
        let value = value.map(|Json(value)| value).unwrap_or_default();
        let set = company.workspace.set_preference(&session.access, &key, &value).await;
        set.map_err(|error| raised(ctx, &error))?;
        Ok(true)
    }

    /// Keeps a form that is not saved yet, for 30 days from the last time, in place of what was kept of it before.
    /// `id` is the record that is edited; for a new record it is the id of the draft, once there is one.
    async fn keep_draft(
        &self,
        ctx: &Context<'_>,
        object: String,
        id: Option<ID>,
        base: Option<i64>,
        data: Json<Plain>,
    ) -> Result<FormDraft> {
        let (company, session) = (company(ctx)?, ctx.data::<Session>()?);
        let kept = async {
            let id = id.map(|id| self::id(&id)).transpose()?;
            let input = FormInput { object, id, base, data: data.0 };
            company.workspace.keep_draft(visible(session), &input).await
        };
        Ok(shown(kept.await.map_err(|error| raised(ctx, &error))?))
    }

    /// Notes that the caller has opened or saved a record, for `recents` and `candidates`: of each object the last 50 are
    /// kept. False where there is no such record that they may read.
    async fn opened(&self, ctx: &Context<'_>, object: String, id: ID) -> Result<bool> {
        let (company, session) = (company(ctx)?, ctx.data::<Session>()?);
        let noted = async {
            let visible = visible(session);
            let Some(object) = kept_object(visible, &object) else { return Ok(false) };
            let id = self::id(&id)?;
            if !is_readable(session, object, id).await? {
                return Ok(false);
            }
            company.workspace.note_opened(&session.access, object, id).await?;
            Ok(true)
        };
        noted.await.map_err(|error| raised(ctx, &error))
    }

    /// Removes a draft of the caller; false where there is none.
    async fn drop_draft(&self, ctx: &Context<'_>, id: ID) -> Result<bool> {
        let (company, session) = (company(ctx)?, ctx.data::<Session>()?);
        let dropped =
            async { company.workspace.drop_draft(visible(session), self::id(&id)?).await };
        dropped.await.map_err(|error| raised(ctx, &error))
    }
}
