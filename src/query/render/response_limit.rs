//! The largest size of a response. A query bounds the number of records, not the length of their texts.

use crate::{base::Result, query::faults};

/// The largest size of an operation's response, in bytes.
const MOST: usize = 64 << 20;

/// Refuses to continue with a response of this size, if it is too large.
pub(super) fn bounded(size: usize) -> Result<()> {
    if size <= MOST {
        return Ok(());
    }
    Err(faults::large_answer(MOST >> 20))
}
