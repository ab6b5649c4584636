//! The records that a caller follows: those of an object that match a filter and their rights.
//!
//! Uses the same plans as lists. Keeps no state.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{
    find::{find, find_rows},
    session::Session,
};
use crate::{
    access::Action,
    base::{Error, Result, Value},
    catalog::{FieldIx, ObjectIx},
    query::{
        Compare, ConnectionPart, EdgePart, Filter, Find, Item, Listing, Order, Page, Part, Plan,
        Selection, What,
    },
};

/// What a caller follows.
#[derive(Debug, Clone, PartialEq)]
pub struct Followed {
    /// The object.
    pub object: ObjectIx,
    /// The filter of its records.
    pub filter: Option<Filter>,
}

/// What the set of followed records depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowScope {
    /// Whether it contains all records of the object.
    pub whole: bool,
    /// Objects whose changes may add or remove followed records.
    pub rests_on: BTreeSet<ObjectIx>,
    /// A hash that changes only with the filter and the rights.
    pub print: u64,
}

#[derive(Deserialize)]
struct Id {
    id: Uuid,
}

#[derive(Deserialize)]
struct Edges<'j> {
    #[serde(borrow)]
    edges: Vec<Edge<'j>>,
}

#[derive(Deserialize)]
struct Edge<'j> {
    key: Id,
    #[serde(borrow)]
    record: &'j RawValue,
}

fn part<T>(key: &str, what: T) -> Part<T> {
    Part { key: key.to_owned(), what }
}

fn just_id() -> Selection {
    Selection(vec![part("id", Item::Field(FieldIx::ID))])
}

impl Followed {
    fn find(&self, filter: Option<Filter>, size: u32, parts: ConnectionPart, key: &str) -> Find {
        let listing = Listing {
            filter,
            order: vec![Order { path: vec![FieldIx::ID], ..Order::default() }],
            page: Page { size, ..Page::default() },
            parts: vec![part(key, parts)],
        };
        Find { object: self.object, what: What::List(listing) }
    }

    /// Returns what the set depends on. Fails like a list query without rights.
    pub fn scope(&self, session: &Session) -> Result<FollowScope> {
        let wish = self.find(self.filter.clone(), 1, ConnectionPart::Nodes(just_id()), "nodes");
        let plan = Plan::new(wish, &session.catalog, &session.access, Action::Read)?;
        let rests_on = plan.rests_on(&session.catalog);
        Ok(FollowScope { whole: plan.is_whole(), rests_on, print: plan.print() })
    }

    /// Returns the ids of the followed records. None if there are more than `most`.
    pub async fn ids(&self, session: &Session, most: u32) -> Result<Option<HashSet<Uuid>>> {
        let size = most.saturating_add(1);
        let wish = self.find(self.filter.clone(), size, ConnectionPart::Nodes(just_id()), "nodes");
        // Nothing of them is told, so nothing is counted as read.
        let uncounted = session.uncounted();
        let found = find_rows(&uncounted, wish).await?;
        let ids: HashSet<_> = found.rows.iter().filter_map(|row| row.id("id")).collect();
        Ok((ids.len() <= most as usize).then_some(ids))
    }

    /// Returns which of these records are followed. The caller sees no values, so nothing counts as read.
    pub async fn present(&self, session: &Session, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let uncounted = session.uncounted();
        let present = self.records(&uncounted, ids, &Selection::default()).await?;
        Ok(present.into_keys().collect())
    }

    /// Returns the followed ones of these records, each as JSON of the selection.
    pub async fn records(
        &self,
        session: &Session,
        ids: &[Uuid],
        selection: &Selection,
    ) -> Result<HashMap<Uuid, String>> {
        let values = ids.iter().map(|id| Value::Id(*id)).collect();
        let among = Filter::Field(FieldIx::ID, Compare::In(values));
        let filter = Filter::all(self.filter.iter().cloned().chain([among]).collect());
        let edge = vec![
            part("key", EdgePart::Node(just_id())),
            part("record", EdgePart::Node(selection.clone())),
        ];
        let size = u32::try_from(ids.len()).map_err(Error::internal)?;
        let wish = self.find(Some(filter), size, ConnectionPart::Edges(edge), "edges");
        let Some(text) = find(session, wish).await? else { return Ok(HashMap::new()) };
        let found: Edges<'_> = serde_json::from_str(&text).map_err(Error::internal)?;
        let record = |edge: Edge<'_>| (edge.key.id, edge.record.get().to_owned());
        Ok(found.edges.into_iter().map(record).collect())
    }
}
