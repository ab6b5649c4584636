//! Applies one change to all records that match a filter: all or none, up to a limit, optionally as a dry
//! run.

use uuid::Uuid;

use super::{
    bulk::{OnError, Outcome, carry_out_all},
    change::{Change, Input, Op},
    find::find_in,
    reassign::{self, Reassign},
    session::Session,
};
use crate::{
    base::{Code, Error, Result},
    catalog::{FieldIx, Object, ObjectIx},
    query::{
        ConnectionPart, Filter, Find, Item, Listing, Page, PageInfoPart, Part, Selection, What,
    },
    storage::Tx,
};

/// A command that does the same with many records.
#[derive(Debug, Clone, PartialEq)]
pub struct Matching {
    /// The object.
    pub object: ObjectIx,
    /// The filter. It applies to records that the caller may read.
    pub filter: Filter,
    /// The change of each record.
    pub verb: Verb,
    /// Refuse if more records match.
    pub at_most: u32,
    /// A dry run: write nothing.
    pub trial: bool,
}

/// The change of each record.
#[derive(Debug, Clone, PartialEq)]
pub enum Verb {
    /// Update with this patch.
    Update(Input),
    /// Delete.
    Delete,
    /// Give to another owner.
    Reassign(Reassign),
}

/// Executes the command. The caller must be allowed to change each record, as in single changes.
pub(super) async fn carry_out(session: &Session, tx: &Tx, wish: &Matching) -> Result<Outcome> {
    let session = &Session { trial: session.trial || wish.trial, ..session.clone() };
    let object = session.catalog.object(wish.object);
    let Some(found) = affected(session, tx, object, wish).await? else {
        let most = wish.at_most;
        return Ok(Outcome::refused(vec![
            Error::new(
                Code::LimitRecords,
                format!("more than {most} records match"),
                format!("符合条件的记录超过 {most} 条"),
            )
            .at(["atMost"])
            .hint("narrow the filter or raise `atMost`", "请缩小筛选范围或调高 `atMost`"),
        ]));
    };
    let mut ids = Vec::with_capacity(found.len());
    let mut changes = Vec::with_capacity(found.len());
    for known in found {
        let id = known["id"].as_str().and_then(|id| id.parse::<Uuid>().ok());
        let id = id.ok_or_else(|| Error::internal("a record without an id"))?;
        let op = match &wish.verb {
            Verb::Update(patch) => Op::Update { id, patch: patch.clone(), expected: None },
            Verb::Delete => Op::Delete { id, expected: None },
            Verb::Reassign(to) => {
                changes.push(reassign::change(session, object, to, id, &known)?);
                ids.push(id);
                continue;
            }
        };
        changes.push(Change { object: object.ix, op });
        ids.push(id);
    }
    let place = |at: usize| ids.get(at).map(Uuid::to_string);
    carry_out_all(session, tx, object, &changes, OnError::Abort, place).await
}

/// Loads the matching records that the caller may read, with the fields that the command needs. None if there
/// are more than allowed.
async fn affected(
    session: &Session,
    tx: &Tx,
    object: &Object,
    wish: &Matching,
) -> Result<Option<Vec<serde_json::Value>>> {
    let mut parts = vec![Part { key: "id".to_owned(), what: Item::Field(FieldIx(0)) }];
    if let Verb::Reassign(to) = &wish.verb {
        parts.extend(reassign::parts(session, object, to)?);
    }
    let more = vec![Part { key: "more".to_owned(), what: PageInfoPart::HasNextPage }];
    let listing = Listing {
        filter: Some(wish.filter.clone()),
        page: Page { size: wish.at_most, ..Page::default() },
        parts: vec![
            Part { key: "nodes".to_owned(), what: ConnectionPart::Nodes(Selection(parts)) },
            Part { key: "page".to_owned(), what: ConnectionPart::PageInfo(more) },
        ],
        ..Listing::default()
    };
    let find = Find { object: object.ix, what: What::List(listing) };
    let found = find_in(session, tx, find).await?;
    let mut found: serde_json::Value =
        serde_json::from_str(&found.unwrap_or_default()).map_err(Error::internal)?;
    if found["page"]["more"] == true {
        return Ok(None);
    }
    match found["nodes"].take() {
        serde_json::Value::Array(nodes) => Ok(Some(nodes)),
        _ => Err(Error::internal("a list without nodes")),
    }
}
