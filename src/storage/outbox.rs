//! Reads the outbox: events in the order in which their transactions became final.
//!
//! Knows positions and rows. The layers above decide what an event means and who receives it.

use std::collections::HashSet;

use sea_orm::QueryResult;
use uuid::Uuid;

use super::{Database, HistoryAction};
use crate::{
    base::{Error, Result},
    sql::{Dialect, platform},
};

/// A position in the outbox. Events that become final later have a greater position.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The writing transaction; always 0 on SQLite.
    pub tx: i64,
    /// The row.
    pub seq: i64,
}

/// Something that happened to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its position.
    pub position: Position,
    /// The object's name.
    pub object: String,
    /// The record.
    pub record: Uuid,
    /// What was done to it.
    pub action: HistoryAction,
    /// Names of the fields that a change touched.
    pub fields: Vec<String>,
    /// When, in microseconds since 1970.
    pub at: i64,
    /// The record's version after the event. None for events of earlier programs.
    pub version: Option<i64>,
}

/// The present end of the outbox, and which events behind it are already final.
#[derive(Debug, Clone, Default)]
pub struct End {
    /// All events that become final from now on are behind it.
    pub position: Position,
    /// The first transaction that had not begun.
    before: i64,
    /// Transactions that were running.
    open: Vec<i64>,
}

impl End {
    /// Whether an event behind the position was already final when the end was read.
    pub fn had(&self, event: &Event) -> bool {
        event.position.tx < self.before && !self.open.contains(&event.position.tx)
    }
}

/// Reads the present end: SQLite's last sequence number, or PostgreSQL's `SELECT
/// pg_current_snapshot()::text`.
pub async fn end(database: &Database) -> Result<End> {
    let rows = database.rows(platform::outbox_end(database.dialect()), []).await?;
    match database.dialect() {
        Dialect::Sqlite => {
            let seq = rows.first().map_or(Ok(0), |row| row.try_get_by_index(0));
            let seq = seq.map_err(Error::internal)?;
            Ok(End { position: Position { tx: 0, seq }, ..End::default() })
        }
        Dialect::Postgres => {
            let row = rows.first().ok_or_else(|| Error::internal("no snapshot"))?;
            let text: String = row.try_get_by_index(0).map_err(Error::internal)?;
            snapshot(&text).ok_or_else(|| Error::internal(format!("a snapshot reads {text}")))
        }
    }
}

/// Parses `10:20:10,14`: the first running transaction, the first that has not begun, and all running ones.
fn snapshot(text: &str) -> Option<End> {
    let mut parts = text.splitn(3, ':');
    let first: i64 = parts.next()?.parse().ok()?;
    let before = parts.next()?.parse().ok()?;
    let open = parts.next()?.split(',').filter_map(|tx| tx.parse().ok()).collect();
    Some(End { position: Position { tx: first - 1, seq: i64::MAX }, before, open })
}

/// Returns events behind a position, up to the first transaction that is not final. At most `most`.
///
/// ```sql
/// SELECT tx, seq, … FROM tw_outbox WHERE (tx, seq) > ($1, $2)
/// AND tx < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY tx, seq LIMIT 1000
/// ```
pub async fn behind(database: &Database, position: Position, most: u32) -> Result<Vec<Event>> {
    let sql = platform::outbox_behind(database.dialect());
    let rows = match database.dialect() {
        Dialect::Sqlite => {
            database.rows(sql, [position.seq.into(), i64::from(most).into()]).await?
        }
        Dialect::Postgres => {
            let values = [position.tx.into(), position.seq.into(), i64::from(most).into()];
            database.rows(sql, values).await?
        }
    };
    rows.iter().map(event).collect()
}

/// Returns the records of an object that have events behind a position, also those that [`behind`] does not
/// return yet because an earlier transaction is still running.
pub async fn touched(
    database: &Database,
    position: Position,
    object: &str,
) -> Result<HashSet<Uuid>> {
    let sql = platform::outbox_touched(database.dialect());
    let rows = match database.dialect() {
        Dialect::Sqlite => database.rows(sql, [position.seq.into(), object.into()]).await?,
        Dialect::Postgres => {
            let values = [position.tx.into(), position.seq.into(), object.into()];
            database.rows(sql, values).await?
        }
    };
    rows.iter()
        .map(|row| {
            let id: String = row.try_get_by_index(0).map_err(Error::internal)?;
            id.parse().map_err(Error::internal)
        })
        .collect()
}

fn event(row: &QueryResult) -> Result<Event> {
    let text = |place| row.try_get_by_index::<String>(place).map_err(Error::internal);
    let number = |place| row.try_get_by_index::<i64>(place).map_err(Error::internal);
    Ok(Event {
        position: Position { tx: number(0)?, seq: number(1)? },
        object: text(2)?,
        record: text(3)?.parse().map_err(Error::internal)?,
        action: HistoryAction::of_stored(&text(4)?),
        fields: serde_json::from_str(&text(5)?).map_err(Error::internal)?,
        at: number(6)?,
        version: row.try_get_by_index(7).map_err(Error::internal)?,
    })
}

/// Deletes events before an instant, in microseconds since 1970. Returns how many.
pub async fn purge(database: &Database, before: i64) -> Result<u64> {
    use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
    let delete = Query::delete()
        .from_table(Alias::new("tw_outbox"))
        .and_where(Expr::col(Alias::new("at")).lt(before))
        .to_owned();
    let tx = database.begin().await?;
    let gone = tx.delete(&delete).await.map_err(super::fault)?;
    tx.commit().await?;
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_was_final_at_the_end() {
        let end = snapshot("10:20:10,14").unwrap();
        assert_eq!(end.position, Position { tx: 9, seq: i64::MAX });
        let had = |tx| {
            let position = Position { tx, seq: 1 };
            let event = Event {
                position,
                object: String::new(),
                record: Uuid::nil(),
                action: HistoryAction::Update,
                fields: vec![],
                at: 0,
                version: None,
            };
            end.had(&event)
        };
        assert_eq!([10, 11, 14, 19, 20].map(had), [false, true, false, true, false]);
        assert_eq!(snapshot("7:7:").unwrap().position.tx, 6);
        assert!(snapshot("7").is_none());
    }
}
