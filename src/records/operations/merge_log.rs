//! Which records were merged into which, and what it takes to undo that: the table `tw_merge`.
//!
//! The id of a merged record leads to the record that was kept, for good. What undoing needs is kept for 30 days.

use chrono::Duration;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order, Query};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::reference_moves::Move;
use crate::{
    base::{Env, Error, Result},
    catalog::{Object, ObjectIx},
    records::Session,
    storage::{Database, Tx, fault},
};

const TABLE: &str = "tw_merge";
/// How long a merge can be undone.
pub(super) const UNDONE: Duration = Duration::days(30);
/// Most merges on the way from an id to the record that was kept in the end.
const WAY: usize = 32;

/// What a merge changed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Detail {
    /// References that moved.
    pub(super) moves: Vec<Move>,
    /// Values of the kept record that were taken from others, by field: before and after.
    pub(super) taken: Map<String, Json>,
    /// Related employees that the kept record has from others: the ids of their lines.
    pub(super) employees: Vec<Uuid>,
    /// Members that the kept record has from others, by field.
    pub(super) members: Vec<(String, Vec<Uuid>)>,
}

/// A merge that can be undone.
pub(super) struct Merged {
    pub(super) id: String,
    pub(super) dropped: Vec<Uuid>,
    pub(super) detail: Detail,
}

fn column(name: &str) -> Expr {
    Expr::col(Alias::new(name))
}

/// Stores a merge: a row for each dropped record, each with the whole detail, since any of them may be restored alone.
pub(super) async fn store(
    session: &Session,
    tx: &Tx,
    object: &Object,
    kept: Uuid,
    dropped: &[Uuid],
    detail: &Detail,
) -> Result<()> {
    let merge = session.env.ids.next().to_string();
    let at = session.env.clock.now().timestamp_micros();
    let operator = session.access.operator().map(|id| id.to_string());
    let detail = serde_json::to_string(detail).map_err(Error::internal)?;
    let mut insert = Query::insert();
    insert.into_table(Alias::new(TABLE)).columns(
        ["id", "merge_id", "object", "kept_id", "dropped_id", "operator_id", "at", "detail"]
            .map(Alias::new),
    );
    for id in dropped {
        insert
            .values([
                session.env.ids.next().to_string().into(),
                merge.as_str().into(),
                object.name.as_str().into(),
                kept.to_string().into(),
                id.to_string().into(),
                operator.clone().into(),
                at.into(),
                detail.as_str().into(),
            ])
            .map_err(Error::internal)?;
    }
    tx.insert(&insert).await.map(|_| ()).map_err(fault)
}

/// Returns the last merge into a record that the caller can still undo: whoever made it, and administrators.
///
/// `SELECT merge_id, dropped_id, detail FROM tw_merge WHERE kept_id = $1 AND object = $2 AND at >= $3 AND operator_id =
/// $4 ORDER BY merge_id DESC, id`
pub(super) async fn last(
    session: &Session,
    tx: &Tx,
    object: &Object,
    kept: Uuid,
) -> Result<Option<Merged>> {
    let since = (session.env.clock.now() - UNDONE).timestamp_micros();
    let mut select = Query::select()
        .columns(["merge_id", "dropped_id", "detail"].map(Alias::new))
        .from(Alias::new(TABLE))
        .and_where(column("kept_id").eq(kept.to_string()))
        .and_where(column("object").eq(object.name.as_str()))
        .and_where(column("at").gte(since))
        .order_by(Alias::new("merge_id"), Order::Desc)
        .order_by(Alias::new("id"), Order::Asc)
        .to_owned();
    if !session.access.may_everything() {
        let operator = session.access.operator().map(|id| id.to_string()).unwrap_or_default();
        select.and_where(column("operator_id").eq(operator));
    }
    let mut last: Option<Merged> = None;
    for row in tx.select(&select).await? {
        let text = |at: usize| row.try_get_by_index::<String>(at).map_err(Error::internal);
        let (id, dropped) = (text(0)?, text(1)?.parse().map_err(Error::internal)?);
        match &mut last {
            None => {
                let detail = serde_json::from_str(&text(2)?).map_err(Error::internal)?;
                last = Some(Merged { id, dropped: vec![dropped], detail });
            }
            Some(last) if last.id == id => last.dropped.push(dropped),
            Some(_) => break,
        }
    }
    Ok(last)
}

/// Forgets a merge that was undone.
pub(super) async fn forget(tx: &Tx, merge: &str) -> Result<()> {
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(column("merge_id").eq(merge))
        .to_owned();
    tx.delete(&delete).await.map(|_| ()).map_err(fault)
}

/// A merged record is there again, by itself: nothing stands for it any more.
pub(super) async fn restored(tx: &Tx, object: &Object, id: Uuid) -> Result<()> {
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(column("dropped_id").eq(id.to_string()))
        .and_where(column("object").eq(object.name.as_str()))
        .to_owned();
    tx.delete(&delete).await.map(|_| ()).map_err(fault)
}

/// Returns the record that stands for one that is no more. None if the id was never merged into another. Says nothing
/// about whether the caller may read it.
///
/// `SELECT object, kept_id FROM tw_merge WHERE dropped_id = $1`
pub async fn merged_into(
    session: &Session,
    object: Option<ObjectIx>,
    id: Uuid,
) -> Result<Option<(ObjectIx, Uuid)>> {
    let (mut of, mut at, mut found) = (object, id, None);
    for _ in 0..WAY {
        let mut select = Query::select();
        select
            .columns(["object", "kept_id"].map(Alias::new))
            .from(Alias::new(TABLE))
            .and_where(column("dropped_id").eq(at.to_string()))
            .order_by(Alias::new("merge_id"), Order::Desc)
            .limit(1);
        if let Some(object) = of {
            let name = session.catalog.object(object).name.as_str();
            select.and_where(column("object").eq(name));
        }
        let rows = session.database.select(&select).await?;
        let Some(row) = rows.first() else { break };
        let text = |at: usize| row.try_get_by_index::<String>(at).map_err(Error::internal);
        let Some(object) = session.catalog.named(&text(0)?) else { break };
        at = text(1)?.parse().map_err(Error::internal)?;
        of = Some(object.ix);
        found = Some((object.ix, at));
    }
    Ok(found)
}

/// Drops what is only needed to undo merges that can no longer be undone.
pub async fn purge_merges(database: &Database, env: &Env) -> Result<()> {
    let before = (env.clock.now() - UNDONE).timestamp_micros();
    let update = Query::update()
        .table(Alias::new(TABLE))
        .value(Alias::new("detail"), "")
        .and_where(column("at").lt(before))
        .and_where(column("detail").ne(""))
        .to_owned();
    let tx = database.begin().await?;
    tx.update(&update).await.map_err(fault)?;
    tx.commit().await
}
