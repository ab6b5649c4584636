//! Recents: which records someone has opened or saved lately, as their pages tell.
//!
//! Rows of a person, so many of each object at most. Whether they may still see a record is for whoever reads it.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, sea_query::OnConflict,
};
use uuid::Uuid;

use super::store::{Workspace, operator};
use crate::{
    access::Access,
    base::{Error, Result},
    catalog::Object,
    storage::{fault, platform::recent},
};

/// Records of an object that are kept for a person.
const KEPT: u64 = 50;

/// A record that someone has opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentRecord {
    /// The API name of the object, as it was.
    pub object: String,
    /// Its id.
    pub id: Uuid,
    /// When it was opened last, in microseconds since 1970.
    pub at: i64,
}

impl Workspace {
    /// Notes that the caller has opened a record, which they may read. What they opened long ago goes.
    pub async fn note_opened(&self, access: &Access, object: &Object, id: Uuid) -> Result<()> {
        let me = operator(access)?.to_string();
        let tx = self.database.begin().await?;
        let row = recent::ActiveModel {
            operator_id: Set(me.clone()),
            object: Set(object.name.clone()),
            record_id: Set(id.to_string()),
            opened_at: Set(self.now()),
        };
        let key = [recent::Column::OperatorId, recent::Column::Object, recent::Column::RecordId];
        let again = OnConflict::columns(key).update_column(recent::Column::OpenedAt).to_owned();
        recent::Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(&tx)
            .await
            .map_err(fault)?;
        let own = Condition::all()
            .add(recent::Column::OperatorId.eq(me))
            .add(recent::Column::Object.eq(object.name.as_str()));
        let beyond: Vec<String> = recent::Entity::find()
            .select_only()
            .column(recent::Column::RecordId)
            .filter(own.clone())
            .order_by_desc(recent::Column::OpenedAt)
            .order_by_desc(recent::Column::RecordId)
            .limit(KEPT)
            .offset(KEPT)
            .into_tuple()
            .all(&tx)
            .await
            .map_err(fault)?;
        if !beyond.is_empty() {
            recent::Entity::delete_many()
                .filter(own)
                .filter(recent::Column::RecordId.is_in(beyond))
                .exec(&tx)
                .await
                .map_err(fault)?;
        }
        tx.commit().await
    }

    /// The records of some objects that the caller has opened, the latest first. Nobody has opened anything as the server.
    pub async fn recents(
        &self,
        access: &Access,
        objects: &[&Object],
        most: u64,
    ) -> Result<Vec<RecentRecord>> {
        let Some(me) = access.operator() else { return Ok(Vec::new()) };
        let names = objects.iter().map(|object| object.name.as_str());
        let select = recent::Entity::find()
            .filter(recent::Column::OperatorId.eq(me.to_string()))
            .filter(recent::Column::Object.is_in(names))
            .order_by_desc(recent::Column::OpenedAt)
            .order_by_desc(recent::Column::RecordId)
            .limit(most)
            .into_query();
        let rows: Vec<recent::Model> = self.read(&select).await?;
        let read = |row: recent::Model| {
            let id = row.record_id.parse().map_err(Error::internal)?;
            Ok(RecentRecord { object: row.object, id, at: row.opened_at })
        };
        rows.into_iter().map(read).collect()
    }
}
