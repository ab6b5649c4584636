//! One change of all records that a filter finds: all or none, bounded, tried first if wanted.

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

/// A wish to do the same to many records.
#[derive(Debug, Clone, PartialEq)]
pub struct Matching {
    /// The object.
    pub object: ObjectIx,
    /// Which of the records the caller may read.
    pub filter: Filter,
    /// What to do with each.
    pub verb: Verb,
    /// Refuse when it would be more.
    pub at_most: u32,
    /// Write nothing in the end.
    pub trial: bool,
}

/// What is done with each record.
#[derive(Debug, Clone, PartialEq)]
pub enum Verb {
    /// Changed by this patch.
    Update(Input),
    /// Removed.
    Delete,
    /// Handed to another owner.
    Reassign(Reassign),
}

/// Does it. The caller must be able to change each record, as if they changed them one by one.
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

/// What has to be known of the records of a filter, as far as the caller may read them; none when there are
/// more than allowed.
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
