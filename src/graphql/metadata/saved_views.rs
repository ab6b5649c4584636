//! Saved views at `/metadata`: everyone keeps their own, some share them.

use std::collections::HashMap;

use async_graphql::{Context, ID, InputObject, Json, Object, Result, SimpleObject};
use serde_json::Value as Plain;

use super::{
    argument_lookup::id,
    context::raised,
    questions::Questions,
    scalars::Word,
    user_errors::{UserErrorInfo, user_errors},
    workspace_request::{ViewOwner, WorkspaceRequest},
};
use crate::{
    base::Error,
    workspace::{SaveView, SavedView, ViewFace, ViewShare, kept_object},
};

/// A question on an object that was kept.
#[derive(SimpleObject)]
#[graphql(name = "SavedView")]
struct SavedViewInfo {
    id: ID,
    object: String,
    name: String,
    face: Word<ViewFace>,
    /// What it asks for, as far as it exists for the caller: `filter`, `search`, `orderBy`, `groupBy`, `columns`.
    question: Json<Plain>,
    /// Parts that are not asked for: they are gone, or the caller does not see them as they are. A part that does not
    /// exist for the caller is not among them, unless they saved it themselves.
    left: Vec<String>,
    /// Whose it is; none where the caller does not see that operator.
    owner: Option<ViewOwner>,
    /// Whether it is the caller's own.
    mine: bool,
    share: Word<ViewShare>,
    /// Codes of the roles that see it: all of them for those who may change it, their own for others.
    roles: Vec<String>,
    /// Whether the caller has pinned it.
    pinned: bool,
    /// Whether lists of the object open with it for the caller.
    is_default: bool,
    version: i64,
    /// Whether the caller may change it.
    may_edit: bool,
}

/// What came of saving a view.
#[derive(SimpleObject)]
struct SavedViewPayload {
    view: Option<SavedViewInfo>,
    user_errors: Vec<UserErrorInfo>,
}

/// A view to save.
#[derive(InputObject)]
struct SavedViewInput {
    /// The object; that of a view that there is stays.
    object: String,
    name: String,
    /// How it is shown; a list unless told.
    face: Option<Word<ViewFace>>,
    /// What it asks for: `filter`, `search`, `orderBy`, `groupBy` as at `/graphql`, and `columns`, paths of fields.
    question: Json<Plain>,
    /// Who sees it; nobody else unless told.
    share: Option<Word<ViewShare>>,
    /// Codes of the roles that see it.
    roles: Option<Vec<String>>,
}

impl WorkspaceRequest<'_> {
    /// Views as the caller sees them. `owners`: their names are asked for.
    async fn shown(
        self,
        views: Vec<SavedView>,
        owners: bool,
    ) -> crate::base::Result<Vec<SavedViewInfo>> {
        let (visible, published) = (self.visible(), self.published);
        let names = match owners {
            true => self.names(views.iter().map(|view| view.owner)).await?,
            false => HashMap::new(),
        };
        let mut shown = Vec::with_capacity(views.len());
        for view in views {
            let Some(object) = kept_object(visible, &view.object) else { continue };
            let questions = Questions { published, visible, object };
            let all = view.own || visible.access.may_everything();
            let (question, left) = questions.read(&view.question, all);
            shown.push(SavedViewInfo {
                id: view.id.to_string().into(),
                owner: self.owner(view.owner, &names),
                object: view.object,
                name: view.name,
                face: Word(view.face),
                question: Json(question),
                left,
                mine: view.own,
                share: Word(view.share),
                roles: view.roles,
                pinned: view.pinned,
                is_default: view.is_default,
                version: view.version,
                may_edit: view.may_edit,
            });
        }
        Ok(shown)
    }

    async fn one(self, view: SavedView, owners: bool) -> crate::base::Result<SavedViewInfo> {
        let shown = self.shown(vec![view], owners).await?.pop();
        shown.ok_or_else(|| Error::internal("a view that is there is not shown"))
    }

    /// Saves a view, with all that is wrong with it told at once.
    async fn save(
        self,
        id: Option<ID>,
        input: SavedViewInput,
        expected: Option<i64>,
    ) -> Result<SavedView, Vec<Error>> {
        let one = |error| vec![error];
        let (visible, published) = (self.visible(), self.published);
        let known = id.map(|text| self::id(&text)).transpose().map_err(one)?;
        let roles = input.roles.unwrap_or_default();
        let mut faults = self.known_roles(&roles, &["input", "roles"]).await.map_err(one)?;
        let mut question = input.question.0;
        if let Some(object) = kept_object(visible, &input.object) {
            match (Questions { published, visible, object })
                .check(&["input", "question"], &question)
            {
                Ok(checked) => question = checked,
                Err(found) => faults.extend(found),
            }
        }
        let view = SaveView {
            object: input.object,
            name: input.name,
            face: input.face.map_or(ViewFace::List, |Word(face)| face),
            question,
            share: input.share.map_or(ViewShare::Private, |Word(share)| share),
            roles,
        };
        if !faults.is_empty() {
            let found = view.faults(self.author());
            return Err(found.into_iter().chain(faults).collect());
        }
        self.company.workspace.save_view(self.author(), known, view, expected).await
    }
}

/// Whether the names of owners are asked for.
fn asks_owners(ctx: &Context<'_>) -> bool {
    let asked = ctx.look_ahead();
    asked.field("owner").exists() || asked.field("view").field("owner").exists()
}

#[derive(Default)]
pub(super) struct SavedViewQuery;

#[Object]
impl SavedViewQuery {
    /// The views of an object that the caller sees: their own, and those that are shared with them.
    async fn views(&self, ctx: &Context<'_>, object: String) -> Result<Vec<SavedViewInfo>> {
        let asked = WorkspaceRequest::of(ctx)?;
        let found = asked.company.workspace.views(asked.visible(), &object).await;
        let found = found.map_err(|error| raised(ctx, &error))?;
        let shown = asked.shown(found, asks_owners(ctx)).await;
        shown.map_err(|error| raised(ctx, &error))
    }
}

#[derive(Default)]
pub(super) struct SavedViewMutation;

#[Object]
impl SavedViewMutation {
    /// Saves a view: a new one, or with `id` another state of one that there is. Sharing is for those whose role lets
    /// them; a shared view is changed by its owner and by administrators.
    async fn save_view(
        &self,
        ctx: &Context<'_>,
        id: Option<ID>,
        input: SavedViewInput,
        expected_version: Option<i64>,
    ) -> Result<SavedViewPayload> {
        let asked = WorkspaceRequest::of(ctx)?;
        let saved = match Box::pin(asked.save(id, input, expected_version)).await {
            Ok(saved) => asked.one(saved, asks_owners(ctx)).await.map_err(|error| vec![error]),
            Err(faults) => Err(faults),
        };
        Ok(match saved {
            Ok(view) => SavedViewPayload { view: Some(view), user_errors: Vec::new() },
            Err(faults) => SavedViewPayload { view: None, user_errors: user_errors(ctx, &faults)? },
        })
    }

    /// Removes a view, for everyone who sees it.
    async fn delete_view(&self, ctx: &Context<'_>, id: ID) -> Result<bool> {
        let asked = WorkspaceRequest::of(ctx)?;
        let deleted =
            async { asked.company.workspace.delete_view(asked.author(), self::id(&id)?).await };
        deleted.await.map_err(|error| raised(ctx, &error))?;
        Ok(true)
    }

    /// Pins a view for the caller, or takes the pin away.
    async fn pin_view(&self, ctx: &Context<'_>, id: ID, pinned: bool) -> Result<SavedViewInfo> {
        let asked = WorkspaceRequest::of(ctx)?;
        let changed = async {
            let view = asked.company.workspace.pin_view(asked.author(), self::id(&id)?, pinned);
            asked.one(view.await?, asks_owners(ctx)).await
        };
        changed.await.map_err(|error| raised(ctx, &error))
    }

    /// Has lists of the view's object open with it for those who hold a role, in place of another; with `isDefault`
    /// false it is so no more. The view has to be shared with the role.
    async fn set_default_view(
        &self,
        ctx: &Context<'_>,
        role: String,
        id: ID,
        #[graphql(default = true)] is_default: bool,
    ) -> Result<SavedViewInfo> {
        let asked = WorkspaceRequest::of(ctx)?;
        let changed = async {
            let unknown = asked.known_roles(std::slice::from_ref(&role), &["role"]).await?;
            if let Some(fault) = unknown.into_iter().next() {
                return Err(fault);
            }
            let (author, id) = (asked.author(), self::id(&id)?);
            let view = asked.company.workspace.set_default_view(author, &role, id, is_default);
            asked.one(view.await?, asks_owners(ctx)).await
        };
        changed.await.map_err(|error| raised(ctx, &error))
    }
}
