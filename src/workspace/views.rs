//! Saved views as someone sees them: their own, those that are shared with everyone, those of their roles.
//!
//! A view of someone else that is not shared is not there, as one that never was; so is each view of an object that
//! does not exist for the caller.

use serde_json::Value as Json;
use strum::{AsRefStr, EnumString, VariantNames};
use uuid::Uuid;

use super::{
    sharing::Sharing,
    store::{Workspace, kept_object, operator},
    view_rows,
};
use crate::{
    access::{Access, Visible},
    base::{Error, Result},
    storage::platform::{default_view, saved_view, view_pin},
};

/// How a view shows its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsRefStr, EnumString, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ViewFace {
    /// As rows.
    List,
    /// As columns of a state.
    Board,
    /// By day.
    Calendar,
    /// As a chart of groups.
    Chart,
}

/// Who sees a view beside its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsRefStr, EnumString, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ViewShare {
    /// Nobody.
    Private,
    /// Who holds one of its roles.
    Roles,
    /// Everyone.
    All,
}

/// A saved view as its reader may know it.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedView {
    /// Its id.
    pub id: Uuid,
    /// The API name of the object.
    pub object: String,
    /// What it is called.
    pub name: String,
    /// How it is shown.
    pub face: ViewFace,
    /// What it asks for, as it was saved: not yet what of it exists for the reader.
    pub question: Json,
    /// The operator whose it is.
    pub owner: Uuid,
    /// Who sees it.
    pub share: ViewShare,
    /// Codes of the roles that see it: all for those who may change it, their own for others.
    pub roles: Vec<String>,
    /// Rises with each change.
    pub version: i64,
    /// Whether the reader has pinned it.
    pub pinned: bool,
    /// Whether lists of the object open with it for the reader.
    pub is_default: bool,
    /// Whether the reader may change it.
    pub may_edit: bool,
    /// Whether it is the reader's own.
    pub own: bool,
}

/// A stored view whose texts are read.
pub(super) struct StoredView {
    pub(super) row: saved_view::Model,
    pub(super) face: ViewFace,
    pub(super) sharing: Sharing,
    pub(super) question: Json,
}

impl StoredView {
    pub(super) fn read(row: saved_view::Model) -> Result<Self> {
        Ok(Self {
            face: row.face.parse().map_err(Error::internal)?,
            sharing: Sharing::read(&row.owner_id, &row.share, &row.roles)?,
            question: serde_json::from_str(&row.question).map_err(Error::internal)?,
            row,
        })
    }
}

impl Workspace {
    /// The views of an object that the caller sees, by name. None for an object that does not exist for them.
    pub async fn views(&self, visible: Visible<'_>, object: &str) -> Result<Vec<SavedView>> {
        let Some(object) = kept_object(visible, object) else { return Ok(Vec::new()) };
        let me = operator(visible.access)?.to_string();
        let found = self.read(&view_rows::of_object(&object.name, &me)).await?;
        self.shown(visible.access, &object.name, found).await
    }

    /// One view that the caller sees.
    pub async fn view(&self, visible: Visible<'_>, id: Uuid) -> Result<Option<SavedView>> {
        let found: Vec<saved_view::Model> = self.read(&view_rows::of_id(id)).await?;
        let Some(object) = found.first().map(|row| row.object.clone()) else { return Ok(None) };
        if kept_object(visible, &object).is_none() {
            return Ok(None);
        }
        Ok(self.shown(visible.access, &object, found).await?.pop())
    }

    /// The objects of the views that are shared with a role, and of those with which lists of its holders open.
    pub async fn views_of_role(&self, role: &str) -> Result<(Vec<String>, Vec<String>)> {
        let shared: Vec<saved_view::Model> = self.read(&view_rows::of_roles()).await?;
        let shared = shared.into_iter().map(StoredView::read).collect::<Result<Vec<_>>>()?;
        let of_role = shared.into_iter().filter(|view| view.sharing.is_shared_with(role));
        let defaults: Vec<default_view::Model> = self.read(&view_rows::defaults_of(role)).await?;
        let defaults = defaults.into_iter().map(|row| row.object).collect();
        Ok((of_role.map(|view| view.row.object).collect(), defaults))
    }

    /// Views of one object as their reader may know them, without those that are not there for them.
    async fn shown(
        &self,
        access: &Access,
        object: &str,
        rows: Vec<saved_view::Model>,
    ) -> Result<Vec<SavedView>> {
        let all = rows.into_iter().map(StoredView::read).collect::<Result<Vec<_>>>()?;
        let mut seen: Vec<_> =
            all.into_iter().filter(|view| view.sharing.is_seen(access)).collect();
        // Here and not in the statement: the databases do not agree on the order of texts.
        seen.sort_by(|one, other| {
            (&one.row.name, &one.row.id).cmp(&(&other.row.name, &other.row.id))
        });
        if seen.is_empty() {
            return Ok(Vec::new());
        }
        let me = operator(access)?.to_string();
        let pins: Vec<view_pin::Model> = self.read(&view_rows::pins(&me)).await?;
        let default = self.default_of(access, object).await?;
        let shown = seen.into_iter().map(|view| {
            let StoredView { row, face, sharing, question } = view;
            Ok(SavedView {
                id: row.id.parse().map_err(Error::internal)?,
                pinned: pins.iter().any(|pin| pin.view_id == row.id),
                is_default: default.as_ref() == Some(&row.id),
                own: sharing.is_of(access),
                roles: sharing.roles_for(access),
                may_edit: sharing.may_edit(access),
                object: row.object,
                name: row.name,
                version: row.version,
                face,
                question,
                owner: sharing.owner,
                share: sharing.share,
            })
        });
        shown.collect()
    }

    /// The id of the view with which lists of an object open: that of the first of the caller's roles, by code, that
    /// has one. A default is removed when its view is no longer shared with the role.
    async fn default_of(&self, access: &Access, object: &str) -> Result<Option<String>> {
        if access.roles().is_empty() {
            return Ok(None);
        }
        let select = view_rows::defaults(object, access.roles());
        let found: Vec<default_view::Model> = self.read(&select).await?;
        Ok(found.into_iter().next().map(|first| first.view_id))
    }
}
