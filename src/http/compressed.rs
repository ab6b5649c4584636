//! Compresses responses for clients that accept it.
//!
//! Server-sent events and small responses are not compressed. Compression could leak a
//! secret beside an attacker's text (BREACH). Access and refresh tokens come only from `/auth`, which is not
//! compressed. The only cookie is sent to `/auth` alone, so another page cannot make a browser send authenticated
//! requests to what is compressed.

use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer, Predicate,
        predicate::{NotForContentType, SizeAbove},
    },
};

/// Smaller responses are sent as they are: they fit one or two packets.
const SMALL: u16 = 1_400;

/// The compression layer.
pub(super) fn layer() -> CompressionLayer<impl Predicate> {
    let wanted = SizeAbove::new(SMALL)
        .and(NotForContentType::SSE)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("font/"));
    // Fast rather than small: each response has one reader.
    CompressionLayer::new().quality(CompressionLevel::Precise(3)).compress_when(wanted)
}
