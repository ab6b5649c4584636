//! How large an answer may become: what is asked for is bounded by its records, not by the texts they hold.

use crate::{
    base::{Code, Error, Result},
    message,
};

/// Most bytes of the answer of an operation.
const MOST: usize = 64 << 20;

/// Refuses to go on with an answer that is too large.
pub(super) fn bounded(out: &str) -> Result<()> {
    if out.len() <= MOST {
        return Ok(());
    }
    let most = MOST >> 20;
    let message = message!("the answer would be larger than {most} MiB", "查询结果超过 {most} MiB");
    Err(Error::of(Code::LimitCost, message)
        .hint("ask for fewer records, or fewer fields with long texts", "请减少记录数或长文本字段"))
}
