//! Pages of lists at `/metadata`, in the form of record lists: `edges`, `nodes`, `pageInfo` and `totalCount`.
//! 50 entries by default, 1,000 at most.

use async_graphql::{
    Context, OutputType, SimpleObject,
    connection::{Connection, Edge},
};

use super::context::raised;
use crate::{
    base::{Error, Result},
    graphql, query,
};

/// Default and largest page size.
const USUAL: i32 = 50;
const MOST: usize = 1_000;

/// How many entries there are in all pages.
#[derive(SimpleObject)]
pub(super) struct Total {
    total_count: u64,
}

/// A page of a list.
pub(super) type Paged<T> = Connection<String, T, Total>;

/// The requested page.
pub(super) struct PageRequest {
    /// The page size.
    pub(super) size: usize,
    /// The key of the last entry of the previous page.
    pub(super) after: Option<String>,
}

impl PageRequest {
    /// Parses the arguments.
    pub(super) fn new(first: Option<i32>, after: Option<String>) -> Result<Self> {
        let size = usize::try_from(first.unwrap_or(USUAL)).ok().filter(|size| *size <= MOST);
        let size = size.ok_or_else(|| graphql::faults::page_size("first", MOST).at(["first"]))?;
        Ok(Self { size, after })
    }

    /// The number of entries to read: one more than the page, to know whether there are more.
    pub(super) fn one_more(&self) -> u64 {
        u64::try_from(self.size).unwrap_or(u64::MAX).saturating_add(1)
    }

    /// Builds the page from the entries that were read with [`PageRequest::one_more`], and their keys.
    pub(super) fn of<T: OutputType>(self, read: Vec<(String, T)>, total: u64) -> Paged<T> {
        let more = read.len() > self.size;
        let total = Total { total_count: total };
        let mut page = Connection::with_additional_fields(self.after.is_some(), more, total);
        let kept = read.into_iter().take(self.size);
        page.edges.extend(kept.map(|(key, entry)| Edge::new(key, entry)));
        page
    }

    /// Builds the page from the whole list, given each entry's key.
    pub(super) fn among<T: OutputType>(
        self,
        all: Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> Result<Paged<T>> {
        let total = u64::try_from(all.len()).unwrap_or(u64::MAX);
        let mut all = all.into_iter().map(|entry| (key(&entry), entry));
        if let Some(after) = &self.after
            && !all.any(|(key, _)| key == *after)
        {
            return Err(stray());
        }
        let read = all.take(self.size.saturating_add(1)).collect();
        Ok(self.of(read, total))
    }
}

/// The error for a cursor that matches no entry.
pub(super) fn stray() -> Error {
    query::faults::unfit_cursor().at(["after"])
}

/// Whether the query selects `totalCount`.
pub(super) fn counts(ctx: &Context<'_>) -> bool {
    ctx.look_ahead().field("totalCount").exists()
}

/// Parses the arguments and builds the page from the whole list.
pub(super) fn listed<T: OutputType>(
    ctx: &Context<'_>,
    all: Vec<T>,
    (first, after): (Option<i32>, Option<String>),
    key: impl Fn(&T) -> String,
) -> async_graphql::Result<Paged<T>> {
    let page = PageRequest::new(first, after).and_then(|page| page.among(all, key));
    page.map_err(|error| raised(ctx, &error))
}
