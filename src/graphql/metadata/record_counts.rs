//! How many records of objects a caller may see, asked for a whole request at once.

use std::collections::HashMap;

use dataloader::{BatchFn, non_cached::Loader};

use crate::{
    base::Error,
    catalog::ObjectIx,
    records::{Session, counts},
};

/// A loader of record counts that combines all counts of a request into one statement.
pub(super) type Counts = Loader<ObjectIx, Result<i64, Error>, Counting>;

pub(super) struct Counting(pub(super) Session);

impl BatchFn<ObjectIx, Result<i64, Error>> for Counting {
    async fn load(&mut self, keys: &[ObjectIx]) -> HashMap<ObjectIx, Result<i64, Error>> {
        match counts(&self.0, keys).await {
            Ok(counted) => counted.into_iter().map(|(ix, count)| (ix, Ok(count))).collect(),
            Err(error) => keys.iter().map(|ix| (*ix, Err(error.clone()))).collect(),
        }
    }
}
