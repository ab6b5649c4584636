//! The largest size of a response. A query bounds the number of records, not the length of their texts.

use crate::{
    base::{Code, Error, Result},
    message,
};

/// The largest size of an operation's response, in bytes.
const MOST: usize = 64 << 20;

/// Refuses to continue with a response of this size, if it is too large.
pub(super) fn bounded(size: usize) -> Result<()> {
    if size <= MOST {
        return Ok(());
    }
    let most = MOST >> 20;
    let message = message!("the answer would be larger than {most} MiB", "查询结果超过 {most} MiB");
    Err(Error::of(Code::LimitCost, message)
        .hint("ask for fewer records, or fewer fields with long texts", "请减少记录数或长文本字段"))
}
