//! Changes of saved views: who may make and share them, what bounds them, what the audit trail says of shared ones.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    faults,
    sharing::{self, ViewAuthor},
    stamps::{self, Audience},
    store::{Workspace, kept_object, operator},
    view_rows,
    views::{SavedView, StoredView, ViewFace, ViewShare},
};
use crate::{
    base::{Error, Result, text},
    storage::{Tx, audit::AuditKind, platform::saved_view},
};

/// Most characters of a name, bytes of a question, views of a person, shared views of an object.
pub(super) const NAME: usize = 80;
pub(super) const QUESTION: usize = 16_000;
const OWN: u64 = 200;
pub(super) const SHARED: u64 = 500;

/// A view to save. Its question is one whose parts exist for whoever saves it.
#[derive(Debug, Clone)]
pub struct SaveView {
    /// The API name of the object.
    pub object: String,
    /// What it is called.
    pub name: String,
    /// How it is shown.
    pub face: ViewFace,
    /// What it asks for.
    pub question: Json,
    /// Who sees it.
    pub share: ViewShare,
    /// Codes of the roles that see it.
    pub roles: Vec<String>,
}

impl SaveView {
    /// The same with a name of one form, and each role once.
    fn tidied(mut self) -> Self {
        self.name = text::tidy(&self.name);
        self.roles.sort_unstable();
        self.roles.dedup();
        self
    }

    /// What is wrong with a view, but for its question and for who may share it.
    pub fn faults(&self, author: ViewAuthor<'_>) -> Vec<Error> {
        faults_of(author, &self.clone().tidied())
    }
}

fn faults_of(author: ViewAuthor<'_>, view: &SaveView) -> Vec<Error> {
    let mut found = Vec::new();
    if kept_object(author.visible, &view.object).is_none() {
        found.push(faults::no_object(view.object.as_str()).at(["input", "object"]));
    }
    if view.name.is_empty() {
        found.push(faults::view_without_name().at(["input", "name"]));
    } else if view.name.chars().count() > NAME {
        found.push(faults::long_view_name(NAME).at(["input", "name"]));
    }
    if view.question.to_string().len() > QUESTION {
        found.push(faults::large_question(QUESTION).at(["input", "question"]));
    }
    found.extend(sharing::faults_of(view.share, &view.roles));
    found
}

impl Workspace {
    /// Saves a view: a new one, or another state of one that there is. What is wrong is told all at once.
    pub async fn save_view(
        &self,
        author: ViewAuthor<'_>,
        id: Option<Uuid>,
        view: SaveView,
        expected: Option<i64>,
    ) -> Result<SavedView, Vec<Error>> {
        let view = view.tidied();
        let found = faults_of(author, &view);
        if !found.is_empty() {
            return Err(found);
        }
        let one = |error| vec![error];
        let access = author.visible.access;
        let refusal = (!access.may_share_views()).then(faults::sharing_not_allowed);
        sharing::may_share(access, (view.share, &view.roles), refusal).map_err(one)?;
        let id = self.put_view(author, id, &view, expected).await.map_err(one)?;
        self.followed().await;
        let saved = self.view(author.visible, id).await.map_err(one)?;
        saved.ok_or_else(|| one(faults::no_view().at(["id"])))
    }

    async fn put_view(
        &self,
        author: ViewAuthor<'_>,
        id: Option<Uuid>,
        view: &SaveView,
        expected: Option<i64>,
    ) -> Result<Uuid> {
        let access = author.visible.access;
        let tx = self.database.begin().await?;
        let before = match id {
            Some(id) => Some(changeable(&tx, author, id).await?),
            None => None,
        };
        if let Some(before) = &before {
            if expected.is_some_and(|expected| expected != before.row.version) {
                return Err(faults::view_changed(before.row.version).at(["expectedVersion"]));
            }
            if before.row.object != view.object {
                let fault = faults::view_of_other_object(before.row.object.as_str());
                return Err(fault.at(["input", "object"]));
            }
        }
        let owner = match &before {
            Some(before) => before.sharing.owner,
            None => operator(access)?,
        };
        let id = id.unwrap_or_else(|| self.env.ids.next());
        let after = self.stored(id, owner, view, before.as_ref())?;
        if before.as_ref().is_some_and(|before| is_same(&before.row, &after.row)) {
            return Ok(id);
        }
        check_bounds(&tx, before.as_ref(), &after).await?;
        match &before {
            None => view_rows::insert(&tx, &after.row).await?,
            Some(before) => {
                if !view_rows::update(&tx, &after.row).await? {
                    // Another transaction was faster between reading and writing.
                    return Err(
                        faults::view_changed(before.row.version + 1).at(["expectedVersion"])
                    );
                }
                if after.sharing.share != ViewShare::All {
                    view_rows::keep_defaults(&tx, &after.row.id, &after.sharing.roles).await?;
                }
            }
        }
        let what = json!({ "saveView": after.row.id, "name": view.name, "share": after.row.share,
            "roles": view.roles });
        self.changed(&tx, author, &[before.as_ref(), Some(&after)], what).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The row that a view becomes.
    fn stored(
        &self,
        id: Uuid,
        owner: Uuid,
        view: &SaveView,
        before: Option<&StoredView>,
    ) -> Result<StoredView> {
        let now = self.now();
        StoredView::read(saved_view::Model {
            id: id.to_string(),
            object: view.object.clone(),
            name: view.name.clone(),
            face: view.face.as_ref().to_owned(),
            question: view.question.to_string(),
            owner_id: owner.to_string(),
            share: view.share.as_ref().to_owned(),
            roles: json!(view.roles).to_string(),
            version: before.map_or(1, |before| before.row.version + 1),
            created_at: before.map_or(now, |before| before.row.created_at),
            updated_at: now,
        })
    }

    /// Notes a change for all who see it, and in the audit trail if others than the owner do.
    async fn changed(
        &self,
        tx: &Tx,
        author: ViewAuthor<'_>,
        states: &[Option<&StoredView>],
        what: Json,
    ) -> Result<()> {
        let states = || states.iter().copied().flatten();
        let Some(object) = states().next().map(|state| state.row.object.clone()) else {
            return Ok(());
        };
        let audiences: BTreeSet<_> = states().flat_map(|state| state.sharing.audiences()).collect();
        stamps::note(tx, &object, &audiences).await?;
        if states().all(|state| state.sharing.share == ViewShare::Private) {
            return Ok(());
        }
        let about = (AuditKind::SharedView, Some(object.as_str()));
        sharing::record(tx, &self.env, author.principal, about, what).await
    }

    /// Removes a view.
    pub async fn delete_view(&self, author: ViewAuthor<'_>, id: Uuid) -> Result<()> {
        let tx = self.database.begin().await?;
        let view = changeable(&tx, author, id).await?;
        view_rows::delete(&tx, &view.row.id).await?;
        let what = json!({ "deleteView": view.row.id, "name": view.row.name });
        self.changed(&tx, author, &[Some(&view)], what).await?;
        tx.commit().await?;
        self.followed().await;
        Ok(())
    }

    /// Pins a view for the caller, or takes the pin away.
    pub async fn pin_view(
        &self,
        author: ViewAuthor<'_>,
        id: Uuid,
        pinned: bool,
    ) -> Result<SavedView> {
        let me = operator(author.visible.access)?.to_string();
        let tx = self.database.begin().await?;
        let view = seen(&tx, author, id).await?;
        view_rows::pin(&tx, &me, &view.row.id, pinned).await?;
        let own = BTreeSet::from([Audience::Operator(me)]);
        stamps::note(&tx, &view.row.object, &own).await?;
        tx.commit().await?;
        self.changed_view(author, id).await
    }

    /// Has lists open with a view for those who hold a role, or ends that. For those who may share with the role.
    pub async fn set_default_view(
        &self,
        author: ViewAuthor<'_>,
        role: &str,
        id: Uuid,
        is_default: bool,
    ) -> Result<SavedView> {
        let access = author.visible.access;
        if !access.may_share_views() {
            return Err(faults::sharing_not_allowed().at(["role"]));
        }
        if !access.may_everything() && !access.roles().iter().any(|held| held == role) {
            return Err(faults::share_with_own_roles().at(["role"]));
        }
        let tx = self.database.begin().await?;
        let view = seen(&tx, author, id).await?;
        if is_default && !view.sharing.is_shared_with(role) {
            return Err(faults::default_not_shared().at(["id"]));
        }
        view_rows::set_default(&tx, role, &view.row, is_default).await?;
        let what = json!({ "setDefaultView": view.row.id, "name": view.row.name, "role": role,
            "isDefault": is_default });
        let of_role = BTreeSet::from([Audience::Role(role.to_owned())]);
        stamps::note(&tx, &view.row.object, &of_role).await?;
        self.changed(&tx, author, &[Some(&view)], what).await?;
        tx.commit().await?;
        self.changed_view(author, id).await
    }

    async fn changed_view(&self, author: ViewAuthor<'_>, id: Uuid) -> Result<SavedView> {
        self.followed().await;
        let view = self.view(author.visible, id).await?;
        view.ok_or_else(|| faults::no_view().at(["id"]))
    }
}

/// Refuses more views than a person may have, or than may be shared. Requests at the same time may go a little
/// beyond; no more of one person run at once than the server lets them.
async fn check_bounds(tx: &Tx, before: Option<&StoredView>, after: &StoredView) -> Result<()> {
    if before.is_none() && view_rows::count_own(tx, &after.row.owner_id).await? >= OWN {
        return Err(faults::too_many_views(OWN).at(["input"]));
    }
    let was_shared = before.is_some_and(|before| before.sharing.share != ViewShare::Private);
    let shares = after.sharing.share != ViewShare::Private && !was_shared;
    if shares && view_rows::count_shared(tx, &after.row.object).await? >= SHARED {
        return Err(faults::too_many_shared_views(SHARED).at(["input", "share"]));
    }
    Ok(())
}

/// A view that the author sees.
async fn seen(tx: &Tx, author: ViewAuthor<'_>, id: Uuid) -> Result<StoredView> {
    let exists = |view: &StoredView| {
        view.sharing.is_seen(author.visible.access)
            && kept_object(author.visible, &view.row.object).is_some()
    };
    let found = view_rows::read(tx, id).await?.filter(exists);
    found.ok_or_else(|| faults::no_view().at(["id"]))
}

/// A view that the author may change.
async fn changeable(tx: &Tx, author: ViewAuthor<'_>, id: Uuid) -> Result<StoredView> {
    let view = seen(tx, author, id).await?;
    match view.sharing.may_edit(author.visible.access) {
        true => Ok(view),
        false => Err(faults::view_of_another().at(["id"])),
    }
}

/// Whether two states of a view differ in nothing but version and time.
fn is_same(one: &saved_view::Model, other: &saved_view::Model) -> bool {
    let of =
        |row: &saved_view::Model| saved_view::Model { version: 0, updated_at: 0, ..row.clone() };
    of(one) == of(other)
}
