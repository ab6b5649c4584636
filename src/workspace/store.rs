//! What the files of this room share: the database with clock and ids, and for whom something is kept.

use std::sync::Arc;

use sea_orm::{FromQueryResult, sea_query::SelectStatement};
use uuid::Uuid;

use super::stamps::Stamps;
use crate::{
    access::{Access, Action, Visible},
    base::{Env, Error, Result},
    catalog::{Object, ObjectKind},
    storage::Database,
};

/// What the people of a company keep.
#[derive(Clone)]
pub struct Workspace {
    pub(super) database: Database,
    pub(super) env: Env,
    pub(super) stamps: Arc<Stamps>,
}

impl Workspace {
    /// Opens what is kept in a database.
    pub async fn open(database: Database, env: Env) -> Result<Self> {
        let stamps = Arc::new(Stamps::default());
        stamps.follow(&database).await?;
        Ok(Self { database, env, stamps })
    }

    pub(super) fn now(&self) -> i64 {
        self.env.clock.now().timestamp_micros()
    }

    /// Reads rows as an entity has them, by a connection that only reads.
    pub(super) async fn read<M: FromQueryResult>(
        &self,
        select: &SelectStatement,
    ) -> Result<Vec<M>> {
        let rows = self.database.select(select).await?;
        let rows = rows.iter().map(|row| M::from_query_result(row, ""));
        rows.collect::<Result<_, _>>().map_err(Error::internal)
    }
}

/// The object of a name that people keep views and drafts of, if it exists for the caller. Lines are shown within their
/// document.
pub fn kept_object<'v>(visible: Visible<'v>, name: &str) -> Option<&'v Object> {
    let object = visible.catalog.named(name).filter(|object| object.kind != ObjectKind::Line)?;
    visible.may(object, Action::Read).then_some(object)
}

/// The operator of a caller, as rows have it. The server itself keeps nothing.
pub(super) fn operator(access: &Access) -> Result<Uuid> {
    access.operator().ok_or_else(|| Error::internal("nobody to keep this for"))
}
