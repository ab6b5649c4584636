//! The versions of the definitions: who published which, and what it changed. Their texts are in `parts`.

use sea_orm::{
    QueryResult,
    sea_query::{Alias, Cond, Expr, ExprTrait, Func, Order, Query, SelectStatement},
};
use uuid::Uuid;

use super::{Database, Tx, Violation, fault, faults, parts, violation};
use crate::{
    base::{Env, Error, Result},
    catalog::{CatalogChange, DefinitionPart, PartKind},
};

/// The version that changed objects or behaviour last, which is that of the catalog; 0 before the first.
pub async fn version(database: &Database) -> Result<i64> {
    newest(database, Some(&parts::RESOLVED)).await
}

/// The version that changed parts of a kind last; 0 before the first.
pub async fn version_of(database: &Database, kind: PartKind) -> Result<i64> {
    newest(database, Some(&[kind])).await
}

/// The version published last, of parts of any kind; 0 before the first.
pub async fn latest(database: &Database) -> Result<i64> {
    newest(database, None).await
}

/// Like [`latest`], within a transaction.
pub async fn latest_in(tx: &Tx) -> Result<i64> {
    number(&tx.select(&select_newest(None)).await?)
}

/// Has others who publish wait until the transaction ends.
pub async fn alone(tx: &Tx) -> Result<()> {
    tx.alone("definitions").await
}

/// The last version up to this one that changed objects or behaviour; 0 if none did.
pub async fn objects_at(database: &Database, version: i64) -> Result<i64> {
    let mut select = select_newest(Some(&parts::RESOLVED));
    select.and_where(Expr::col(Alias::new("version")).lte(version));
    number(&database.select(&select).await?)
}

async fn newest(database: &Database, kind: Option<&[PartKind]>) -> Result<i64> {
    number(&database.select(&select_newest(kind)).await?)
}

/// `SELECT COALESCE(MAX(version), 0) FROM tw_catalog WHERE kind IN ($1)`
fn select_newest(kinds: Option<&[PartKind]>) -> SelectStatement {
    let of = |column: &str| Expr::col(Alias::new(column));
    Query::select()
        .expr(Func::coalesce([Expr::from(Func::max(of("version"))), Expr::Constant(0_i64.into())]))
        .from(Alias::new("tw_catalog"))
        .cond_where(
            Cond::all().add_option(
                kinds.map(|kinds| of("kind").is_in(kinds.iter().map(PartKind::as_ref))),
            ),
        )
        .to_owned()
}

fn number(rows: &[QueryResult]) -> Result<i64> {
    let row = rows.first().ok_or_else(|| Error::internal("no catalog version"))?;
    row.try_get_by_index(0).map_err(Error::internal)
}

/// A version to publish: what it changes of the parts of one kind.
pub struct NextVersion<'v> {
    /// Its number, one more than the latest.
    pub version: i64,
    /// The kind.
    pub kind: PartKind,
    /// The operator who publishes it. None for what a program brings.
    pub by: Option<Uuid>,
    /// Why, in their words.
    pub note: Option<&'v str>,
    /// All parts of the kind before.
    pub before: &'v [DefinitionPart],
    /// All parts of the kind behind.
    pub after: &'v [DefinitionPart],
    /// The differences, for the list of versions.
    pub changes: &'v [CatalogChange],
}

/// Records a version with its parts and changes, in the transaction that changes what they define.
///
/// If two publish at once, the primary key of the version stops one of them with a [`conflict`].
pub async fn publish(tx: &Tx, env: &Env, next: &NextVersion<'_>) -> Result<()> {
    let NextVersion { version, kind, by, note, before, after, changes } = *next;
    let row = Query::insert()
        .into_table(Alias::new("tw_catalog"))
        .columns(["version", "kind", "published_at", "published_by", "note"].map(Alias::new))
        .values([
            version.into(),
            kind.as_ref().into(),
            env.clock.now().timestamp_micros().into(),
            by.map(|id| id.to_string()).into(),
            note.into(),
        ])
        .map_err(Error::internal)?
        .to_owned();
    tx.insert(&row).await.map_err(|error| match violation(&error) {
        Some(Violation::Unique(_)) => conflict(),
        _ => fault(error),
    })?;
    parts::replace(tx, env, version, before, after).await?;
    for (position, change) in changes.iter().enumerate() {
        let row = Query::insert()
            .into_table(Alias::new("tw_catalog_change"))
            .columns(
                ["id", "version", "position", "kind", "object", "field", "risk"].map(Alias::new),
            )
            .values([
                env.ids.next().to_string().into(),
                version.into(),
                i64::try_from(position).unwrap_or(i64::MAX).into(),
                change.kind.as_ref().into(),
                change.object.as_str().into(),
                change.field.clone().into(),
                change.risk.as_ref().into(),
            ])
            .map_err(Error::internal)?
            .to_owned();
        tx.insert(&row).await.map_err(fault)?;
    }
    Ok(())
}

/// A published version.
pub struct PublishedVersion {
    /// Its number.
    pub version: i64,
    /// When it was published, in microseconds since 1970.
    pub at: i64,
    /// The operator who published it. None for versions that a program brought.
    pub by: Option<Uuid>,
    /// Why, in their words.
    pub note: Option<String>,
    /// What it changed, in order.
    pub changes: Vec<PublishedChange>,
}

/// A stored change of a version.
pub struct PublishedChange {
    /// Its kind.
    pub kind: String,
    /// The object.
    pub object: String,
    /// The field, if it is about one.
    pub field: Option<String>,
    /// Its risk.
    pub risk: String,
}

/// Returns a page of versions, newest first: those before `before`, at most `first`.
pub async fn published(
    database: &Database,
    before: Option<i64>,
    first: u64,
) -> Result<Vec<PublishedVersion>> {
    let of = |column: &str| Expr::col(Alias::new(column));
    let select = Query::select()
        .columns(["version", "published_at", "published_by", "note"].map(Alias::new))
        .from(Alias::new("tw_catalog"))
        .cond_where(Cond::all().add_option(before.map(|before| of("version").lt(before))))
        .order_by(Alias::new("version"), Order::Desc)
        .limit(first)
        .to_owned();
    let mut found = Vec::new();
    for row in database.select(&select).await? {
        let by: Option<String> = row.try_get_by_index(2).map_err(Error::internal)?;
        found.push(PublishedVersion {
            version: row.try_get_by_index(0).map_err(Error::internal)?,
            at: row.try_get_by_index(1).map_err(Error::internal)?,
            by: by.map(|id| id.parse().map_err(Error::internal)).transpose()?,
            note: row.try_get_by_index(3).map_err(Error::internal)?,
            changes: Vec::new(),
        });
    }
    let versions: Vec<i64> = found.iter().map(|known| known.version).collect();
    let changes = Query::select()
        .columns(["version", "kind", "object", "field", "risk"].map(Alias::new))
        .from(Alias::new("tw_catalog_change"))
        .and_where(of("version").is_in(versions))
        .order_by(Alias::new("version"), Order::Desc)
        .order_by(Alias::new("position"), Order::Asc)
        .to_owned();
    for row in database.select(&changes).await? {
        let version: i64 = row.try_get_by_index(0).map_err(Error::internal)?;
        let noted = PublishedChange {
            kind: row.try_get_by_index(1).map_err(Error::internal)?,
            object: row.try_get_by_index(2).map_err(Error::internal)?,
            field: row.try_get_by_index(3).map_err(Error::internal)?,
            risk: row.try_get_by_index(4).map_err(Error::internal)?,
        };
        if let Some(known) = found.iter_mut().find(|known| known.version == version) {
            known.changes.push(noted);
        }
    }
    Ok(found)
}

/// Counts the versions.
pub async fn count(database: &Database) -> Result<u64> {
    let select = Query::select()
        .expr(Func::count(Expr::Constant(1.into())))
        .from(Alias::new("tw_catalog"))
        .to_owned();
    let rows = database.select(&select).await?;
    let row = rows.first().ok_or_else(|| Error::internal("a count gave no row"))?;
    let count: i64 = row.try_get_by_index(0).map_err(Error::internal)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// The error if another publish came first.
pub fn conflict() -> Error {
    faults::definitions_changed()
}
