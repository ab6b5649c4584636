//! Answers squeezed for those who take them so.
//!
//! Events are sent as they come, and what is small stays as it is. No answer here holds a secret of its caller
//! beside text of somebody else: tokens come from `/auth`, which is not squeezed, and no cookie goes along with
//! what another page makes a browser ask.

use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer, Predicate,
        predicate::{NotForContentType, SizeAbove},
    },
};

/// Bytes below which an answer is sent as it is: it fits a packet or two.
const SMALL: u16 = 1_400;

/// The layer around what is squeezed.
pub(super) fn layer() -> CompressionLayer<impl Predicate> {
    let wanted = SizeAbove::new(SMALL)
        .and(NotForContentType::SSE)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("font/"));
    // Quick rather than small: answers are made for one reader each.
    CompressionLayer::new().quality(CompressionLevel::Precise(3)).compress_when(wanted)
}
