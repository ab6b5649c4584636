//! Media types: the type of a body and the types that a client accepts. Reads only headers.

use axum::http::{HeaderMap, HeaderName, header};

/// The response types of a GraphQL endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/json`: the status of a well-formed request is always 200.
    Json,
    /// `application/graphql-response+json`: the status says whether the operation ran.
    GraphQl,
}

/// The content type of all JSON responses outside GraphQL.
pub(super) const JSON: &str = "application/json; charset=utf-8";

impl MediaType {
    /// The `Content-Type` of the response.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => JSON,
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
        }
    }
}

/// One range of an `Accept` header.
struct Range {
    name: String,
    quality: f32,
    utf8: bool,
}

/// Chooses the response type by the `Accept` headers. None if no type fits.
///
/// Returns JSON if the client names neither type, because simple clients understand only that.
pub(super) fn negotiate(headers: &HeaderMap) -> Option<MediaType> {
    let ranges = ranges(headers);
    if ranges.is_empty() {
        return Some(MediaType::Json);
    }
    let (json, _) = quality(&ranges, "application/json");
    let (graphql, graphql_named) = quality(&ranges, "application/graphql-response+json");
    if graphql <= 0.0 && json <= 0.0 {
        return None;
    }
    let wins = graphql > json || (graphql_named && graphql >= json);
    Some(if wins { MediaType::GraphQl } else { MediaType::Json })
}

/// Whether an `Accept` header names HTML, as browsers do for an address.
pub(super) fn wants_page(headers: &HeaderMap) -> bool {
    ranges(headers).iter().any(|range| range.name == "text/html" && range.quality > 0.0)
}

/// Whether the headers declare the body as uncompressed JSON in UTF-8.
pub(super) fn is_json_body(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let single = types.next().and_then(|value| value.to_str().ok());
    let Some(text) = single.filter(|_| types.next().is_none()) else { return false };
    let (name, utf8) = media_type(text);
    let plain = joined(headers, &header::CONTENT_ENCODING)
        .split(',')
        .all(|coding| matches!(coding.trim().to_ascii_lowercase().as_str(), "" | "identity"));
    name == "application/json" && utf8 && plain
}

/// Returns the quality of a type by the most specific range that covers it, and whether that range names it.
fn quality(ranges: &[Range], name: &str) -> (f32, bool) {
    let best = |wanted: &str| {
        let fits = ranges.iter().filter(|range| range.name == wanted && range.utf8);
        fits.map(|range| range.quality).reduce(f32::max)
    };
    match (best(name), best("application/*").or_else(|| best("*/*"))) {
        (Some(quality), _) => (quality, true),
        (None, Some(quality)) => (quality, false),
        (None, None) => (0.0, false),
    }
}

fn ranges(headers: &HeaderMap) -> Vec<Range> {
    joined(headers, &header::ACCEPT)
        .split(',')
        .filter(|part| !part.trim().is_empty())
        .map(|part| {
            let (name, utf8) = media_type(part);
            let told = |q: &str| q.parse().ok().filter(|q| (0.0..=1.0).contains(q));
            let quality = parameter(part, "q").map_or(1.0, |q| told(q).unwrap_or(0.0));
            Range { name, quality, utf8 }
        })
        .collect()
}

/// Returns the type's name in lower case, and whether its charset, if given, is UTF-8.
fn media_type(text: &str) -> (String, bool) {
    let name = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let utf8 = parameter(text, "charset")
        .is_none_or(|charset| matches!(charset.to_ascii_lowercase().as_str(), "utf-8" | "utf8"));
    (name, utf8)
}

fn parameter<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(';').skip(1).find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    let texts: Vec<&str> =
        headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    texts.join(",")
}
