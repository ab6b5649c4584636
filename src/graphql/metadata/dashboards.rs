//! Dashboards at `/metadata`: everyone keeps their own, some share them. Their answers are asked for at `/graphql`.

use std::collections::HashMap;

use async_graphql::{Context, ID, Object, Result};
use uuid::Uuid;

use super::{
    argument_lookup::id,
    context::raised,
    dashboard_content::Contents,
    dashboard_types::{
        DashboardHead, DashboardInfo, DashboardInput, DashboardPayload, ParameterInfo, WidgetInfo,
    },
    scalars::Word,
    user_errors::user_errors,
    workspace_request::WorkspaceRequest,
};
use crate::{
    base::Error,
    workspace::{SaveDashboard, SavedDashboard, ViewShare},
};

impl<'c> WorkspaceRequest<'c> {
    fn contents(self) -> Contents<'c> {
        Contents { published: self.published, visible: self.visible() }
    }

    fn head(self, dashboard: &SavedDashboard, names: &HashMap<Uuid, String>) -> DashboardHead {
        DashboardHead {
            id: dashboard.id.to_string().into(),
            name: dashboard.name.clone(),
            owner: self.owner(dashboard.owner, names),
            mine: dashboard.own,
            share: Word(dashboard.share),
            roles: dashboard.roles.clone(),
            version: dashboard.version,
            may_edit: dashboard.may_edit,
        }
    }

    /// A dashboard as the caller may know it.
    async fn dashboard(self, dashboard: SavedDashboard) -> crate::base::Result<DashboardInfo> {
        let names = self.names([dashboard.owner].into_iter()).await?;
        let head = self.head(&dashboard, &names);
        let all = dashboard.own || self.visible().access.may_everything();
        let (parameters, widgets) = self.contents().read(dashboard.content, all);
        Ok(DashboardInfo {
            head,
            parameters: parameters.into_iter().map(ParameterInfo::from).collect(),
            widgets: widgets.into_iter().map(|(one, left)| WidgetInfo::of(one, left)).collect(),
        })
    }

    /// Saves a dashboard. All faults are reported at once.
    async fn save_dashboard(
        self,
        id: Option<ID>,
        mut input: DashboardInput,
        expected: Option<i64>,
    ) -> Result<SavedDashboard, Vec<Error>> {
        let one = |error| vec![error];
        let known = id.map(|text| self::id(&text)).transpose().map_err(one)?;
        let content = input.content();
        let access = self.visible().access;
        let before = match known {
            Some(id) => self.company.workspace.dashboard(access, id).await.map_err(one)?,
            None => None,
        };
        // Who sees it stays as it is unless told.
        let kept = before.as_ref().filter(|_| input.share.is_none());
        let share = kept.map_or(ViewShare::Private, |before| before.share);
        let roles = input.roles.or_else(|| kept.map(|before| before.roles.clone()));
        let roles = roles.unwrap_or_default();
        let mut faults = self.known_roles(&roles, &["input", "roles"]).await.map_err(one)?;
        let mut dashboard = SaveDashboard {
            name: input.name,
            content,
            share: input.share.map_or(share, |Word(share)| share),
            roles,
        };
        match self.contents().check(dashboard.content.clone()) {
            Ok(content) => {
                dashboard.content = match before {
                    Some(before) => self.contents().with_hidden(content, before.content),
                    None => content,
                }
            }
            Err(found) => faults.extend(found),
        }
        if !faults.is_empty() {
            return Err(dashboard.faults().into_iter().chain(faults).collect());
        }
        self.company.workspace.save_dashboard(self.author(), known, dashboard, expected).await
    }
}

#[derive(Default)]
pub(super) struct DashboardQuery;

#[Object]
impl DashboardQuery {
    /// The dashboards that the caller may open, by name: their own, and those that are shared with them.
    async fn dashboards(&self, ctx: &Context<'_>) -> Result<Vec<DashboardHead>> {
        let asked = WorkspaceRequest::of(ctx)?;
        let found = async {
            let found = asked.company.workspace.dashboards(asked.visible().access).await?;
            let names = match ctx.look_ahead().field("owner").exists() {
                true => asked.names(found.iter().map(|one| one.owner)).await?,
                false => HashMap::new(),
            };
            Ok(found.iter().map(|one| asked.head(one, &names)).collect())
        };
        found.await.map_err(|error: Error| raised(ctx, &error))
    }

    /// One dashboard, as far as it exists for the caller. The page asks for the answers of its widgets at `/graphql`.
    async fn dashboard(&self, ctx: &Context<'_>, id: ID) -> Result<Option<DashboardInfo>> {
        let asked = WorkspaceRequest::of(ctx)?;
        let found = async {
            // A text that is no id names no dashboard.
            let Ok(id) = self::id(&id) else { return Ok(None) };
            let found = asked.company.workspace.dashboard(asked.visible().access, id).await?;
            match found {
                Some(found) => asked.dashboard(found).await.map(Some),
                None => Ok(None),
            }
        };
        found.await.map_err(|error: Error| raised(ctx, &error))
    }
}

#[derive(Default)]
pub(super) struct DashboardMutation;

#[Object]
impl DashboardMutation {
    /// Saves a dashboard: a new one, or with `id` another state of an existing one. Sharing is for those whose role
    /// allows it; a shared dashboard is changed by its owner and by administrators.
    async fn save_dashboard(
        &self,
        ctx: &Context<'_>,
        id: Option<ID>,
        input: DashboardInput,
        expected_version: Option<i64>,
    ) -> Result<DashboardPayload> {
        let asked = WorkspaceRequest::of(ctx)?;
        let saved = match Box::pin(asked.save_dashboard(id, input, expected_version)).await {
            Ok(saved) => asked.dashboard(saved).await.map_err(|error| vec![error]),
            Err(faults) => Err(faults),
        };
        Ok(match saved {
            Ok(dashboard) => {
                DashboardPayload { dashboard: Some(dashboard), user_errors: Vec::new() }
            }
            Err(faults) => {
                DashboardPayload { dashboard: None, user_errors: user_errors(ctx, &faults)? }
            }
        })
    }

    /// Removes a dashboard, for everyone who sees it.
    async fn delete_dashboard(&self, ctx: &Context<'_>, id: ID) -> Result<bool> {
        let asked = WorkspaceRequest::of(ctx)?;
        let deleted = async {
            let id = self::id(&id)?;
            asked.company.workspace.delete_dashboard(asked.author(), id).await
        };
        deleted.await.map_err(|error| raised(ctx, &error))?;
        Ok(true)
    }
}
