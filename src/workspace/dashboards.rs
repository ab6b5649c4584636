//! Dashboards as someone sees them: their own, those that are shared with everyone, those of their roles.
//!
//! A dashboard of someone else that is not shared does not exist. Must not know what of the content exists for whom.

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryTrait};
use uuid::Uuid;

use super::{
    dashboard_content::DashboardContent,
    sharing::Sharing,
    store::{Workspace, operator},
    views::ViewShare,
};
use crate::{
    access::Access,
    base::{Error, Result},
    storage::platform::dashboard,
};

/// A dashboard as its reader may know it.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedDashboard {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its parameters and widgets, as they were saved: not yet what of them exists for the reader.
    pub content: DashboardContent,
    /// The operator who owns it.
    pub owner: Uuid,
    /// Who sees it.
    pub share: ViewShare,
    /// Codes of the roles that see it: all for those who may change it, their own for others.
    pub roles: Vec<String>,
    /// Rises with each change.
    pub version: i64,
    /// Whether the reader may change it.
    pub may_edit: bool,
    /// Whether it is the reader's own.
    pub own: bool,
}

/// A stored dashboard whose texts are read.
pub(super) struct StoredDashboard {
    pub(super) row: dashboard::Model,
    pub(super) sharing: Sharing,
}

impl StoredDashboard {
    pub(super) fn read(row: dashboard::Model) -> Result<Self> {
        let sharing = Sharing::read(&row.owner_id, &row.share, &row.roles)?;
        Ok(Self { row, sharing })
    }

    fn shown(self, access: &Access) -> Result<SavedDashboard> {
        let Self { row, sharing } = self;
        Ok(SavedDashboard {
            id: row.id.parse().map_err(Error::internal)?,
            content: serde_json::from_str(&row.content).map_err(Error::internal)?,
            roles: sharing.roles_for(access),
            may_edit: sharing.may_edit(access),
            own: sharing.is_of(access),
            name: row.name,
            owner: sharing.owner,
            share: sharing.share,
            version: row.version,
        })
    }
}

pub(super) fn not_private() -> sea_orm::sea_query::SimpleExpr {
    dashboard::Column::Share.ne(ViewShare::Private.as_ref())
}

impl Workspace {
    /// The dashboards that the caller sees, by name.
    pub async fn dashboards(&self, access: &Access) -> Result<Vec<SavedDashboard>> {
        let own = dashboard::Column::OwnerId.eq(operator(access)?.to_string());
        let select = dashboard::Entity::find()
            .filter(Condition::any().add(own).add(not_private()))
            .into_query();
        let mut seen = self.seen_dashboards(access, &select).await?;
        // Here and not in the statement: the databases order texts differently.
        seen.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        Ok(seen)
    }

    /// One dashboard that the caller sees.
    pub async fn dashboard(&self, access: &Access, id: Uuid) -> Result<Option<SavedDashboard>> {
        let select = dashboard::Entity::find_by_id(id.to_string()).into_query();
        Ok(self.seen_dashboards(access, &select).await?.pop())
    }

    async fn seen_dashboards(
        &self,
        access: &Access,
        select: &sea_orm::sea_query::SelectStatement,
    ) -> Result<Vec<SavedDashboard>> {
        let rows: Vec<dashboard::Model> = self.read(select).await?;
        let mut seen = Vec::with_capacity(rows.len());
        for row in rows {
            let stored = StoredDashboard::read(row)?;
            if stored.sharing.is_seen(access) {
                seen.push(stored.shown(access)?);
            }
        }
        Ok(seen)
    }

    /// The names of the dashboards that are shared with a role.
    pub async fn dashboards_of_role(&self, role: &str) -> Result<Vec<String>> {
        let shared = dashboard::Column::Share.eq(ViewShare::Roles.as_ref());
        let select = dashboard::Entity::find().filter(shared).into_query();
        let rows: Vec<dashboard::Model> = self.read(&select).await?;
        let stored = rows.into_iter().map(StoredDashboard::read).collect::<Result<Vec<_>>>()?;
        let of_role = stored.into_iter().filter(|stored| stored.sharing.is_shared_with(role));
        Ok(of_role.map(|stored| stored.row.name).collect())
    }
}
