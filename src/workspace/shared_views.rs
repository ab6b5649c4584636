//! The views that are shared, as texts: read for a bundle of definitions, and written in the transaction that applies one.
//! Private views are nobody else's.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use uuid::Uuid;

use super::{
    faults,
    stamps::{self, Audience},
    store::Workspace,
    view_changes::SHARED,
    view_rows,
    view_text::ViewText,
    views::StoredView,
};
use crate::{
    base::{Error, Result},
    storage::{
        Tx, catalogs,
        platform::{default_view, saved_view},
    },
};

/// A view that is shared.
#[derive(Debug, Clone)]
pub struct SharedView {
    /// Its name among the shared views of the company.
    pub key: String,
    /// Its text.
    pub text: String,
    /// Its id, and the version that was read.
    pub known: (Uuid, i64),
}

/// A shared view as it is to be.
#[derive(Debug, Clone)]
pub struct SharedViewChange {
    /// The stored one; none if it is new.
    pub known: Option<(Uuid, i64)>,
    /// Its text; `None` removes it.
    pub text: Option<ViewText>,
}

impl Workspace {
    /// All views that are shared, with their names. Of several that are called alike those made later have a number.
    pub async fn shared_views(&self) -> Result<Vec<SharedView>> {
        let rows: Vec<saved_view::Model> = self.read(&view_rows::all_shared()).await?;
        let defaults: Vec<default_view::Model> = self.read(&view_rows::all_defaults()).await?;
        let views = rows.into_iter().map(StoredView::read).collect::<Result<Vec<_>>>()?;
        let mut named: BTreeMap<(String, String), StoredView> = BTreeMap::new();
        for view in views {
            let key = format!("{}.{}", view.row.object, view.row.name);
            named.insert((key, view.row.id.clone()), view);
        }
        let mut shared: Vec<SharedView> = Vec::new();
        for ((plain, id), view) in named {
            let of = defaults.iter().filter(|default| default.view_id == id);
            let text = ViewText::of(&view, of.map(|default| default.role.clone()).collect());
            let mut key = plain.clone();
            let mut number = 2;
            while shared.iter().any(|known| known.key == key) {
                key = format!("{plain}#{number}");
                number += 1;
            }
            let known = (id.parse().map_err(Error::internal)?, view.row.version);
            shared.push(SharedView { key, text: text.write(), known });
        }
        Ok(shared)
    }

    /// Writes shared views in a transaction that the caller ends. New ones are those of an operator; of nobody, whom
    /// administrators change, where the server itself applies them.
    pub async fn put_shared_views(
        &self,
        tx: &Tx,
        operator: Option<Uuid>,
        changes: &[SharedViewChange],
    ) -> Result<()> {
        for change in changes {
            let before = match change.known {
                None => None,
                Some((id, version)) => {
                    let stored = view_rows::read(tx, id).await?;
                    let stored = stored.filter(|stored| stored.row.version == version);
                    Some(stored.ok_or_else(catalogs::conflict)?)
                }
            };
            self.put_shared(tx, operator, before, change.text.as_ref()).await?;
        }
        Ok(())
    }

    async fn put_shared(
        &self,
        tx: &Tx,
        operator: Option<Uuid>,
        before: Option<StoredView>,
        text: Option<&ViewText>,
    ) -> Result<()> {
        let mut audiences: BTreeSet<Audience> =
            before.iter().flat_map(|view| view.sharing.audiences()).collect();
        let Some(text) = text else {
            let Some(before) = before else { return Ok(()) };
            view_rows::delete(tx, &before.row.id).await?;
            return stamps::note(tx, &before.row.object, &audiences).await;
        };
        let now = self.now();
        let owner = match &before {
            Some(before) => before.sharing.owner,
            None => operator.unwrap_or_default(),
        };
        let id = before.as_ref().map(|before| before.row.id.clone());
        let after = StoredView::read(saved_view::Model {
            id: id.unwrap_or_else(|| self.env.ids.next().to_string()),
            object: text.object.clone(),
            name: text.name.clone(),
            face: text.face.as_ref().to_owned(),
            question: text.question.to_string(),
            owner_id: owner.to_string(),
            share: text.share().as_ref().to_owned(),
            roles: json!(text.roles).to_string(),
            version: before.as_ref().map_or(1, |before| before.row.version + 1),
            created_at: before.as_ref().map_or(now, |before| before.row.created_at),
            updated_at: now,
        })?;
        match &before {
            None => {
                if view_rows::count_shared(tx, &after.row.object).await? >= SHARED {
                    return Err(faults::too_many_shared_views(SHARED));
                }
                view_rows::insert(tx, &after.row).await?;
            }
            Some(_) => {
                if !view_rows::update(tx, &after.row).await? {
                    return Err(catalogs::conflict());
                }
            }
        }
        view_rows::keep_defaults(tx, &after.row.id, &text.defaults).await?;
        for role in &text.defaults {
            view_rows::set_default(tx, role, &after.row, true).await?;
        }
        audiences.extend(after.sharing.audiences());
        audiences.extend(text.defaults.iter().cloned().map(Audience::Role));
        stamps::note(tx, &after.row.object, &audiences).await
    }
}
