//! When the views and dashboards that someone may see changed last, without asking the database.
//!
//! Each change of one takes the next number and notes it for every audience that sees or saw the view. What this
//! process knows of the numbers is brought up after its own changes, and from time to time for those of others.
//! Numbers are given out under a lock and become visible in their order, so that none is missed.

use std::collections::{BTreeSet, HashMap};

use arc_swap::ArcSwap;
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryTrait,
    sea_query::{Alias, Expr, ExprTrait, OnConflict, Query},
};

use super::store::{Workspace, kept_object};
use crate::{
    access::Visible,
    base::{Error, Result},
    storage::{Database, Tx, fault, platform::view_stamp},
};

/// Those who see a view.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Audience {
    /// Everyone.
    Everyone,
    /// Who holds a role.
    Role(String),
    /// One operator.
    Operator(String),
}

impl Audience {
    fn key(&self) -> String {
        match self {
            Self::Everyone => "*".to_owned(),
            Self::Role(code) => format!("role:{code}"),
            Self::Operator(id) => format!("operator:{id}"),
        }
    }
}

/// The last number is kept in the row of this audience, which is nobody.
const LAST: &str = "";
/// What stands for dashboards in place of an object. It is no name of one.
pub(super) const DASHBOARDS: &str = "*";
/// The beginning of the keys of operators.
const OPERATOR: &str = "operator:";

#[derive(Debug, Clone, Default)]
struct Known {
    last: i64,
    /// Numbers by audience and object.
    stamps: HashMap<String, HashMap<String, i64>>,
}

/// The numbers that this process knows.
#[derive(Debug, Default)]
pub(super) struct Stamps(ArcSwap<Known>);

impl Stamps {
    /// Takes over the numbers that were given out since.
    pub(super) async fn follow(&self, database: &Database) -> Result<()> {
        let select = view_stamp::Entity::find()
            .filter(view_stamp::Column::Stamp.gt(self.0.load().last))
            .filter(view_stamp::Column::Audience.ne(LAST))
            .into_query();
        let rows = database.select(&select).await?;
        let rows = rows.iter().map(|row| view_stamp::Model::from_query_result(row, ""));
        let rows = rows.collect::<Result<Vec<_>, _>>().map_err(Error::internal)?;
        if rows.is_empty() {
            return Ok(());
        }
        self.0.rcu(|known| {
            let mut next = Known::clone(known);
            for row in &rows {
                next.last = Ord::max(next.last, row.stamp);
                let of = next.stamps.entry(row.audience.clone()).or_default();
                let stamp = of.entry(row.object.clone()).or_default();
                *stamp = Ord::max(*stamp, row.stamp);
            }
            next
        });
        Ok(())
    }
}

impl Workspace {
    /// The number of the last change of a view or a dashboard that the caller sees, or saw. Costs no statement.
    pub fn view_stamp(&self, visible: Visible<'_>) -> i64 {
        let known = self.stamps.0.load();
        let access = visible.access;
        let of = |audience: &Audience| known.stamps.get(&audience.key());
        let own = access.operator().map(|id| Audience::Operator(id.to_string()));
        let roles = access.roles().iter().cloned().map(Audience::Role);
        let mut seen: Vec<_> =
            roles.chain(own).chain([Audience::Everyone]).filter_map(|one| of(&one)).collect();
        if access.may_everything() {
            // Administrators see what is shared with any role.
            let shared = known.stamps.iter().filter(|(key, _)| !key.starts_with(OPERATOR));
            seen.extend(shared.map(|(_, objects)| objects));
        }
        let stamps = seen.into_iter().flatten();
        let exist = stamps
            .filter(|(object, _)| *object == DASHBOARDS || kept_object(visible, object).is_some());
        exist.map(|(_, stamp)| *stamp).max().unwrap_or_default()
    }

    /// The number of the last change of a view that this process has heard of.
    pub fn last_view_stamp(&self) -> i64 {
        self.stamps.0.load().last
    }

    /// Takes over the changes of other processes.
    pub async fn follow(&self) -> Result<()> {
        self.stamps.follow(&self.database).await
    }

    /// The same after a change that is stored, whatever comes of it.
    pub(super) async fn followed(&self) {
        if let Err(error) = self.follow().await {
            tracing::warn!(%error, "changes of views are noticed a little later");
        }
    }
}

/// Notes a change of a view for audiences, in its transaction. Until that ends, others who note one wait.
pub(super) async fn note(tx: &Tx, object: &str, audiences: &BTreeSet<Audience>) -> Result<()> {
    put(tx, LAST, LAST, 1, true).await?;
    let select =
        view_stamp::Entity::find().filter(view_stamp::Column::Audience.eq(LAST)).into_query();
    let rows = tx.select(&select).await?;
    let last = rows.first().map(|row| view_stamp::Model::from_query_result(row, ""));
    let last = last.transpose().map_err(Error::internal)?;
    let last = last.ok_or_else(|| Error::internal("the last number of views is gone"))?.stamp;
    for audience in audiences {
        put(tx, &audience.key(), object, last, false).await?;
    }
    Ok(())
}

/// Sets a number, or counts it up by what is given if there is one.
async fn put(tx: &Tx, audience: &str, object: &str, stamp: i64, counts: bool) -> Result<()> {
    let mut newer = OnConflict::columns(["audience", "object"].map(Alias::new));
    if counts {
        let known = Expr::col((Alias::new("tw_view_stamp"), Alias::new("stamp")));
        newer.value(Alias::new("stamp"), known.add(stamp));
    } else {
        newer.update_column(Alias::new("stamp"));
    }
    let insert = Query::insert()
        .into_table(Alias::new("tw_view_stamp"))
        .columns(["audience", "object", "stamp"].map(Alias::new))
        .values([audience.into(), object.into(), stamp.into()])
        .map_err(Error::internal)?
        .on_conflict(newer)
        .to_owned();
    tx.insert(&insert).await.map(|_| ()).map_err(fault)
}
