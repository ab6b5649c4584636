//! Changes of layouts at `/metadata`: stored, removed, accepted as generated. Each is live with the next request, and in
//! the audit trail.

use async_graphql::{Context, Object, Result, SimpleObject};
use serde_json::json;

use super::{
    administrator_check::defines,
    apply_schema::{DiagnosticInfo, diagnostics},
    argument_lookup::object as object_of,
    audit::along,
    context::raised,
    faults,
    layout_input::LayoutInput,
    layouts::{LayoutInfo, lang, shown},
    scalars::Word,
};
use crate::{
    base::{Error, text},
    catalog::ObjectKind,
    company::{Company, StoredLayout},
    layouts::{LayoutKey, LayoutKind},
    rights,
    storage::audit::AuditKind,
};

/// What came of storing a layout.
#[derive(SimpleObject)]
struct LayoutPayload {
    /// The version that is live now.
    version: i64,
    /// The text, as it was or would be stored.
    definition: String,
    /// What is wrong; nothing was stored where there is any.
    diagnostics: Vec<DiagnosticInfo>,
    /// What the caller sees now of pages of this kind; none where the object does not exist for them.
    layout: Option<LayoutInfo>,
}

/// The key of a layout, with a role that exists.
async fn key(
    company: &Company,
    object: String,
    kind: LayoutKind,
    role: Option<String>,
    state: Option<String>,
) -> crate::base::Result<LayoutKey> {
    let role = role.map(|code| text::tidy(&code)).filter(|code| !code.is_empty());
    if let Some(code) = &role {
        let roles = company.rights.roles().await?;
        if !roles.iter().any(|known| known.role.code == *code) {
            return Err(rights::faults::no_role(code).at(["role"]));
        }
    }
    let state = state.filter(|state| !state.is_empty());
    Ok(LayoutKey { object, kind, role, state })
}

#[derive(Default)]
pub(super) struct LayoutMutation;

#[Object]
impl LayoutMutation {
    /// Stores what a page of an object shows: to everyone, or to a role, or for records in a state. It is live with the
    /// next request. With `dryRun` it is only checked. For those who define objects.
    async fn set_layout(
        &self,
        ctx: &Context<'_>,
        object: String,
        kind: Word<LayoutKind>,
        role: Option<String>,
        state: Option<String>,
        layout: LayoutInput,
        expected_version: Option<i64>,
        #[graphql(default)] dry_run: bool,
    ) -> Result<LayoutPayload> {
        let (company, session) = defines(ctx)?;
        let prepared = async {
            object_of(session, &object)?;
            let key = key(company, object.clone(), kind.0, role, state).await?;
            let text = layout.text(&key)?;
            Ok((key, text))
        };
        let (key, text) = prepared.await.map_err(|error: Error| raised(ctx, &error))?;
        let expected = expected_version;
        let checking = company.set_layout(session, &key, text.clone(), expected, true);
        let checked = Box::pin(checking).await;
        let mut set = checked.map_err(|error| raised(ctx, &error))?;
        if !dry_run && set.faults.is_empty() {
            let storing = company.set_layout(session, &key, text.clone(), expected, false);
            let detail = json!({ "setLayout": key.name(), "definition": text });
            let stored = along(ctx, AuditKind::Definition, Some(&object), detail, storing);
            set = Box::pin(stored).await?;
        }
        let StoredLayout { text, version, faults } = set;
        let layout = shown(ctx, &key.object, key.kind, key.state.as_deref()).await?;
        let diagnostics = diagnostics(faults, lang(ctx));
        Ok(LayoutPayload { version, definition: text, diagnostics, layout })
    }

    /// Removes a stored layout. What comes with the program is shown again, else one made of the definition.
    async fn remove_layout(
        &self,
        ctx: &Context<'_>,
        object: String,
        kind: Word<LayoutKind>,
        role: Option<String>,
        state: Option<String>,
        expected_version: Option<i64>,
    ) -> Result<i64> {
        let (company, session) = defines(ctx)?;
        let key = LayoutKey { object, kind: kind.0, role, state };
        let removed = company.remove_layout(session, &key, expected_version);
        let detail = json!({ "removeLayout": key.name() });
        Box::pin(along(ctx, AuditKind::Definition, Some(&key.object), detail, removed)).await
    }

    /// Stores the generated list and detail layouts of an object as they are, where it has none. The object is then in
    /// the menus of those who may read it.
    async fn accept_layouts(&self, ctx: &Context<'_>, object: String) -> Result<Vec<LayoutInfo>> {
        let (company, session) = defines(ctx)?;
        let known = object_of(session, &object).map_err(|error| raised(ctx, &error))?;
        if known.kind == ObjectKind::Line {
            return Err(raised(ctx, &faults::lines_have_no_page(&object).at(["object"])));
        }
        let accepted = company.accept_layouts(session, known);
        let detail = json!({ "acceptLayouts": object });
        Box::pin(along(ctx, AuditKind::Definition, Some(&object), detail, accepted)).await?;
        let mut layouts = Vec::new();
        for kind in [LayoutKind::List, LayoutKind::Detail] {
            layouts.extend(shown(ctx, &object, kind, None).await?);
        }
        Ok(layouts)
    }
}
