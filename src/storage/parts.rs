//! Parts of the definitions as rows: each with the versions in which it stands.
//!
//! A row stands from the version `since` until the version `until`, which no longer has it; the rows without
//! `until` are those of the latest version. A publish writes only what it changes.

use std::collections::HashSet;

use sea_orm::{
    QueryResult,
    sea_query::{Alias, Cond, Expr, ExprTrait, Order, Query, SelectStatement},
};

use super::{Database, Tx, fault};
use crate::{
    base::{Env, Error, Result},
    catalog::{DefinitionPart, Origin, PartKind},
};

/// A part with the version that brought it.
#[derive(Debug, Clone)]
pub struct StandingPart {
    /// The part.
    pub part: DefinitionPart,
    /// The first version in which it stands.
    pub since: i64,
}

/// The kinds of texts that are resolved together, to a catalog.
pub(super) const RESOLVED: [PartKind; 2] = [PartKind::Objects, PartKind::Rules];

/// `SELECT name, origin, body, names, since, kind FROM tw_part WHERE kind IN ($1) ORDER BY origin DESC, position, name`:
/// standard texts first, each kind of origin in its order.
fn select(kinds: &[PartKind]) -> SelectStatement {
    Query::select()
        .columns(["name", "origin", "body", "names", "since", "kind"].map(Alias::new))
        .from(Alias::new("tw_part"))
        .and_where(Expr::col(Alias::new("kind")).is_in(kinds.iter().map(PartKind::as_ref)))
        .order_by(Alias::new("origin"), Order::Desc)
        .order_by(Alias::new("position"), Order::Asc)
        .order_by(Alias::new("name"), Order::Asc)
        .to_owned()
}

fn select_latest(kinds: &[PartKind]) -> SelectStatement {
    let mut select = select(kinds);
    select.and_where(Expr::col(Alias::new("until")).is_null());
    select
}

/// The parts of a kind that stand in the latest version, in the order in which they are read.
pub async fn latest(database: &Database, kind: PartKind) -> Result<Vec<DefinitionPart>> {
    read(&database.select(&select_latest(&[kind])).await?)
}

/// The texts of objects and of behaviour that stand in the latest version, in the order in which they are read.
pub async fn resolved(database: &Database) -> Result<Vec<DefinitionPart>> {
    read(&database.select(&select_latest(&RESOLVED)).await?)
}

/// The parts of a kind that stand in the latest version, each with the version that brought it.
pub async fn standing(database: &Database, kind: PartKind) -> Result<Vec<StandingPart>> {
    read_standing(&database.select(&select_latest(&[kind])).await?)
}

/// The names of the parts of a kind that stand in the latest version.
pub async fn names(database: &Database, kind: PartKind) -> Result<HashSet<String>> {
    let select = Query::select()
        .column(Alias::new("name"))
        .from(Alias::new("tw_part"))
        .and_where(Expr::col(Alias::new("kind")).eq(kind.as_ref()))
        .and_where(Expr::col(Alias::new("until")).is_null())
        .to_owned();
    let rows = database.select(&select).await?;
    let names = rows.iter().map(|row| row.try_get_by_index(0));
    names.collect::<Result<_, sea_orm::DbErr>>().map_err(Error::internal)
}

/// Like [`standing`], within a transaction.
pub async fn standing_in(tx: &Tx, kind: PartKind) -> Result<Vec<StandingPart>> {
    read_standing(&tx.select(&select_latest(&[kind])).await?)
}

/// The parts of a kind that stand in a version.
pub async fn of_version(
    database: &Database,
    kind: PartKind,
    version: i64,
) -> Result<Vec<DefinitionPart>> {
    standing_at(database, &[kind], version).await
}

/// The texts of objects and of behaviour that stand in a version.
pub async fn resolved_at(database: &Database, version: i64) -> Result<Vec<DefinitionPart>> {
    standing_at(database, &RESOLVED, version).await
}

async fn standing_at(
    database: &Database,
    kinds: &[PartKind],
    version: i64,
) -> Result<Vec<DefinitionPart>> {
    let of = |column: &str| Expr::col(Alias::new(column));
    let mut select = select(kinds);
    select
        .and_where(of("since").lte(version))
        .cond_where(Cond::any().add(of("until").is_null()).add(of("until").gt(version)));
    read(&database.select(&select).await?)
}

fn read(rows: &[QueryResult]) -> Result<Vec<DefinitionPart>> {
    Ok(read_standing(rows)?.into_iter().map(|standing| standing.part).collect())
}

fn read_standing(rows: &[QueryResult]) -> Result<Vec<StandingPart>> {
    rows.iter()
        .map(|row| {
            let origin: String = row.try_get_by_index(1).map_err(Error::internal)?;
            let kind: String = row.try_get_by_index(5).map_err(Error::internal)?;
            let kind = kind.parse().map_err(Error::internal)?;
            let part = DefinitionPart {
                kind,
                name: row.try_get_by_index(0).map_err(Error::internal)?,
                text: row.try_get_by_index(2).map_err(Error::internal)?,
                names: row.try_get_by_index(3).map_err(Error::internal)?,
                origin: if origin == CUSTOM { Origin::Custom } else { Origin::Standard },
            };
            Ok(StandingPart { part, since: row.try_get_by_index(4).map_err(Error::internal)? })
        })
        .collect()
}

const CUSTOM: &str = "CUSTOM";
const STANDARD: &str = "STANDARD";

fn origin(part: &DefinitionPart) -> &'static str {
    match part.origin {
        Origin::Standard => STANDARD,
        Origin::Custom => CUSTOM,
    }
}

/// Each part with its place among those of its origin.
fn placed(parts: &[DefinitionPart]) -> impl Iterator<Item = (usize, &DefinitionPart)> {
    let mut next = [0, 0];
    parts.iter().map(move |part| {
        let place = &mut next[usize::from(part.origin == Origin::Custom)];
        *place += 1;
        (*place, part)
    })
}

/// Replaces the parts of a kind by others in a version. What stays is not written again.
pub(super) async fn replace(
    tx: &Tx,
    env: &Env,
    version: i64,
    before: &[DefinitionPart],
    after: &[DefinitionPart],
) -> Result<()> {
    let (before, after): (Vec<_>, Vec<_>) = (placed(before).collect(), placed(after).collect());
    for (_, part) in before.iter().filter(|part| !after.contains(part)) {
        let of = |column: &str| Expr::col(Alias::new(column));
        let update = Query::update()
            .table(Alias::new("tw_part"))
            .value(Alias::new("until"), version)
            .and_where(of("kind").eq(part.kind.as_ref()))
            .and_where(of("name").eq(part.name.as_str()))
            .and_where(of("until").is_null())
            .to_owned();
        tx.update(&update).await.map_err(fault)?;
    }
    for (position, part) in after.iter().filter(|part| !before.contains(part)) {
        let row = Query::insert()
            .into_table(Alias::new("tw_part"))
            .columns(
                ["id", "kind", "name", "origin", "position", "body", "names", "since"]
                    .map(Alias::new),
            )
            .values([
                env.ids.next().to_string().into(),
                part.kind.as_ref().into(),
                part.name.as_str().into(),
                origin(part).into(),
                i64::try_from(*position).unwrap_or(i64::MAX).into(),
                part.text.as_str().into(),
                part.names.clone().into(),
                version.into(),
            ])
            .map_err(Error::internal)?
            .to_owned();
        tx.insert(&row).await.map_err(fault)?;
    }
    Ok(())
}
