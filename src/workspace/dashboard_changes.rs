//! Changes of dashboards: who may make and share them, their limits, and what the audit trail says of shared ones.
//!
//! Whoever calls has checked the content.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    dashboard_content::DashboardContent,
    dashboards::{SavedDashboard, StoredDashboard, not_private},
    faults,
    sharing::{self, Sharing, ViewAuthor},
    stamps,
    store::{Workspace, operator},
    views::ViewShare,
};
use crate::{
    base::{Error, Result, text},
    storage::{Tx, audit::AuditKind, fault, platform::dashboard},
};

/// Most characters of a name, bytes of the content, dashboards of a person, shared dashboards.
const NAME: usize = 80;
const CONTENT: usize = 200_000;
const OWN: u64 = 100;
const SHARED: u64 = 500;

/// A dashboard to save. Its content exists for whoever saves it.
#[derive(Debug, Clone)]
pub struct SaveDashboard {
    /// Its name.
    pub name: String,
    /// Its parameters and widgets.
    pub content: DashboardContent,
    /// Who sees it.
    pub share: ViewShare,
    /// Codes of the roles that see it.
    pub roles: Vec<String>,
}

impl SaveDashboard {
    /// The same with a name of one form, and each role once.
    fn tidied(mut self) -> Self {
        self.name = text::tidy(&self.name);
        self.roles.sort_unstable();
        self.roles.dedup();
        self
    }

    /// What is wrong with a dashboard, except with its content and with who may share it.
    pub fn faults(&self) -> Vec<Error> {
        let tidied = self.clone().tidied();
        let mut found = Vec::new();
        if tidied.name.is_empty() {
            found.push(faults::dashboard_without_name().at(["input", "name"]));
        } else if tidied.name.chars().count() > NAME {
            found.push(faults::long_dashboard_name(NAME).at(["input", "name"]));
        }
        if json!(tidied.content).to_string().len() > CONTENT {
            found.push(faults::large_dashboard(CONTENT).at(["input", "widgets"]));
        }
        found.extend(sharing::faults_of(tidied.share, &tidied.roles));
        found
    }
}

impl Workspace {
    /// Saves a dashboard: a new one, or another state of an existing one. All faults are reported at once.
    pub async fn save_dashboard(
        &self,
        author: ViewAuthor<'_>,
        id: Option<Uuid>,
        dashboard: SaveDashboard,
        expected: Option<i64>,
    ) -> Result<SavedDashboard, Vec<Error>> {
        let dashboard = dashboard.tidied();
        let found = dashboard.faults();
        if !found.is_empty() {
            return Err(found);
        }
        let one = |error| vec![error];
        let access = author.visible.access;
        let refusal = (!access.may_share_dashboards()).then(faults::dashboards_not_allowed);
        sharing::may_share(access, (dashboard.share, &dashboard.roles), refusal).map_err(one)?;
        let id = self.put_dashboard(author, id, &dashboard, expected).await.map_err(one)?;
        self.followed().await;
        let saved = self.dashboard(access, id).await.map_err(one)?;
        saved.ok_or_else(|| one(faults::no_dashboard().at(["id"])))
    }

    async fn put_dashboard(
        &self,
        author: ViewAuthor<'_>,
        id: Option<Uuid>,
        dashboard: &SaveDashboard,
        expected: Option<i64>,
    ) -> Result<Uuid> {
        let tx = self.database.begin().await?;
        let before = match id {
            Some(id) => Some(changeable(&tx, author, id).await?),
            None => None,
        };
        let known = before.as_ref().map(|before| before.row.version);
        if let (Some(known), Some(expected)) = (known, expected)
            && known != expected
        {
            return Err(faults::dashboard_changed(known).at(["expectedVersion"]));
        }
        let owner = match &before {
            Some(before) => before.sharing.owner,
            None => operator(author.visible.access)?,
        };
        let id = id.unwrap_or_else(|| self.env.ids.next());
        let after = self.stored_dashboard(id, owner, dashboard, before.as_ref());
        if before.as_ref().is_some_and(|before| is_same(&before.row, &after.row)) {
            return Ok(id);
        }
        check_limits(&tx, before.as_ref(), &after).await?;
        match known {
            None => insert(&tx, &after.row).await?,
            Some(known) => {
                if !update(&tx, &after.row).await? {
                    // Another transaction was faster between reading and writing.
                    return Err(faults::dashboard_changed(known + 1).at(["expectedVersion"]));
                }
            }
        }
        let what = json!({ "saveDashboard": after.row.id, "name": dashboard.name,
            "share": after.row.share, "roles": dashboard.roles });
        self.dashboard_changed(&tx, author, &[before.as_ref(), Some(&after)], what).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The row that a dashboard becomes.
    fn stored_dashboard(
        &self,
        id: Uuid,
        owner: Uuid,
        saved: &SaveDashboard,
        before: Option<&StoredDashboard>,
    ) -> StoredDashboard {
        let now = self.now();
        let sharing = Sharing { owner, share: saved.share, roles: saved.roles.clone() };
        let row = dashboard::Model {
            id: id.to_string(),
            name: saved.name.clone(),
            content: json!(saved.content).to_string(),
            owner_id: owner.to_string(),
            share: saved.share.as_ref().to_owned(),
            roles: json!(saved.roles).to_string(),
            version: before.map_or(1, |before| before.row.version + 1),
            created_at: before.map_or(now, |before| before.row.created_at),
            updated_at: now,
        };
        StoredDashboard { row, sharing }
    }

    /// Notes a change for everyone who sees or saw it, and in the audit trail unless it is private.
    async fn dashboard_changed(
        &self,
        tx: &Tx,
        author: ViewAuthor<'_>,
        states: &[Option<&StoredDashboard>],
        what: Json,
    ) -> Result<()> {
        let states = || states.iter().copied().flatten().map(|state| &state.sharing);
        let audiences: BTreeSet<_> = states().flat_map(Sharing::audiences).collect();
        stamps::note(tx, stamps::DASHBOARDS, &audiences).await?;
        if states().all(|sharing| sharing.share == ViewShare::Private) {
            return Ok(());
        }
        let about = (AuditKind::SharedDashboard, None);
        sharing::record(tx, &self.env, author.principal, about, what).await
    }

    /// Removes a dashboard.
    pub async fn delete_dashboard(&self, author: ViewAuthor<'_>, id: Uuid) -> Result<()> {
        let tx = self.database.begin().await?;
        let known = changeable(&tx, author, id).await?;
        dashboard::Entity::delete_by_id(known.row.id.as_str()).exec(&tx).await.map_err(fault)?;
        let what = json!({ "deleteDashboard": known.row.id, "name": known.row.name });
        self.dashboard_changed(&tx, author, &[Some(&known)], what).await?;
        tx.commit().await?;
        self.followed().await;
        Ok(())
    }
}

/// A dashboard that the author may change.
async fn changeable(tx: &Tx, author: ViewAuthor<'_>, id: Uuid) -> Result<StoredDashboard> {
    let access = author.visible.access;
    let row = dashboard::Entity::find_by_id(id.to_string()).one(tx).await.map_err(fault)?;
    let stored = row.map(StoredDashboard::read).transpose()?;
    let stored = stored.filter(|stored| stored.sharing.is_seen(access));
    let stored = stored.ok_or_else(|| faults::no_dashboard().at(["id"]))?;
    match stored.sharing.may_edit(access) {
        true => Ok(stored),
        false => Err(faults::dashboard_of_another().at(["id"])),
    }
}

/// Refuses more dashboards than a person may have, or than may be shared. Concurrent requests may exceed it a little.
async fn check_limits(
    tx: &Tx,
    before: Option<&StoredDashboard>,
    after: &StoredDashboard,
) -> Result<()> {
    let own = dashboard::Column::OwnerId.eq(after.row.owner_id.as_str());
    let own = dashboard::Entity::find().filter(own);
    if before.is_none() && own.count(tx).await.map_err(fault)? >= OWN {
        return Err(faults::too_many_dashboards(OWN).at(["input"]));
    }
    let was_shared = before.is_some_and(|before| before.sharing.share != ViewShare::Private);
    let shares = after.sharing.share != ViewShare::Private && !was_shared;
    let shared = dashboard::Entity::find().filter(not_private());
    if shares && shared.count(tx).await.map_err(fault)? >= SHARED {
        return Err(faults::too_many_shared_dashboards(SHARED).at(["input", "share"]));
    }
    Ok(())
}

async fn insert(tx: &Tx, row: &dashboard::Model) -> Result<()> {
    let row = dashboard::ActiveModel::from(row.clone()).reset_all();
    dashboard::Entity::insert(row).exec_without_returning(tx).await.map(|_| ()).map_err(fault)
}

/// Changes a dashboard if it still has the version before. Returns whether it had.
async fn update(tx: &Tx, row: &dashboard::Model) -> Result<bool> {
    let done = dashboard::Entity::update_many()
        .col_expr(dashboard::Column::Name, Expr::value(row.name.as_str()))
        .col_expr(dashboard::Column::Content, Expr::value(row.content.as_str()))
        .col_expr(dashboard::Column::Share, Expr::value(row.share.as_str()))
        .col_expr(dashboard::Column::Roles, Expr::value(row.roles.as_str()))
        .col_expr(dashboard::Column::Version, Expr::value(row.version))
        .col_expr(dashboard::Column::UpdatedAt, Expr::value(row.updated_at))
        .filter(dashboard::Column::Id.eq(row.id.as_str()))
        .filter(dashboard::Column::Version.eq(row.version - 1))
        .exec(tx)
        .await
        .map_err(fault)?;
    Ok(done.rows_affected == 1)
}

/// Whether two states of a dashboard differ in nothing but version and time.
fn is_same(one: &dashboard::Model, other: &dashboard::Model) -> bool {
    let of = |row: &dashboard::Model| dashboard::Model { version: 0, updated_at: 0, ..row.clone() };
    of(one) == of(other)
}
