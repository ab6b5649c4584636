//! The root fields of `/metadata`: those of each subject, and who is asking, what version, which objects.

use async_graphql::{Context, MergedObject, Object};

use super::{
    accounts::{AccountMutation, AccountQuery},
    administration::{RightsMutation, RightsQuery},
    apply_schema::DefinitionMutation,
    audit::AuditQuery,
    bundles::{BundleMutation, BundleQuery},
    context::company,
    dashboards::{DashboardMutation, DashboardQuery},
    definitions::DefinitionQuery,
    delegations::{DelegationMutation, DelegationQuery},
    duplicate_rules::{DuplicateMutation, DuplicateQuery},
    field_groups::DataItemQuery,
    forms::{self, ObjectInfo},
    jobs::{JobMutation, JobQuery},
    kept_inputs::{KeptMutation, KeptQuery},
    keys::{KeyMutation, KeyQuery},
    layout_changes::LayoutMutation,
    layouts::LayoutQuery,
    menus::{MenuMutation, MenuQuery},
    operators::OperatorMutation,
    retired::{RetiredMutation, RetiredQuery},
    rights_matrix::RightsMatrixQuery,
    role_rights::RoleRightsMutation,
    roles::{RoleMutation, RoleQuery},
    saved_views::{SavedViewMutation, SavedViewQuery},
    schema_drafts::{SchemaDraftMutation, SchemaDraftQuery},
    simulate::SimulationQuery,
    viewer::{Viewer, viewer},
};

/// What can be asked.
#[derive(MergedObject, Default)]
pub(super) struct Query(
    Description,
    RightsQuery,
    SimulationQuery,
    DelegationQuery,
    AuditQuery,
    AccountQuery,
    KeyQuery,
    RoleQuery,
    RightsMatrixQuery,
    DefinitionQuery,
    SchemaDraftQuery,
    RetiredQuery,
    SavedViewQuery,
    DashboardQuery,
    KeptQuery,
    LayoutQuery,
    MenuQuery,
    DuplicateQuery,
    BundleQuery,
    DataItemQuery,
    JobQuery,
);

/// What can be changed.
#[derive(MergedObject, Default)]
pub(super) struct Mutation(
    DefinitionMutation,
    RightsMutation,
    OperatorMutation,
    DelegationMutation,
    AccountMutation,
    KeyMutation,
    RoleMutation,
    RoleRightsMutation,
    SchemaDraftMutation,
    RetiredMutation,
    SavedViewMutation,
    DashboardMutation,
    KeptMutation,
    LayoutMutation,
    MenuMutation,
    DuplicateMutation,
    BundleMutation,
    JobMutation,
);

#[derive(Default)]
struct Description;

#[Object]
#[expect(clippy::unused_async, reason = "the engine's macro takes async resolvers only")]
impl Description {
    /// Who is asking.
    async fn viewer(&self, ctx: &Context<'_>) -> async_graphql::Result<Viewer> {
        viewer(ctx).await
    }

    /// The version of the definitions that are live.
    async fn version(&self, ctx: &Context<'_>) -> async_graphql::Result<i64> {
        Ok(company(ctx)?.catalog().version)
    }

    /// The objects this caller may see.
    async fn objects(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ObjectInfo>> {
        forms::objects(ctx, None)
    }

    /// One object by its api name.
    async fn object(
        &self,
        ctx: &Context<'_>,
        name: String,
    ) -> async_graphql::Result<Option<ObjectInfo>> {
        Ok(forms::objects(ctx, Some(&name))?.pop())
    }
}
