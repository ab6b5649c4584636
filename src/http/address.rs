//! The client address of a request: that of the connection, or what trusted proxies report.
//!
//! Each proxy appends the address it received the request from at the right. The chain is followed from the
//! right while its proxies are trusted. Anyone can forge the entries further left.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};

use crate::base::network::Network;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address, stored in the extensions of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Client(pub(super) Option<IpAddr>);

/// Returns the client's address from the peer address of the connection and the headers.
///
/// A proxy writes one of the two headers and forwards the other as the client sent it. If both are present
/// and disagree, neither is trusted.
pub(super) fn client(headers: &HeaderMap, peer: IpAddr, trusted: &[Network]) -> IpAddr {
    let peer = peer.to_canonical();
    if !believed(trusted, peer) {
        return peer;
    }
    let told =
        [hops(headers, &X_FORWARDED_FOR, listed), hops(headers, &header::FORWARDED, forwarded)];
    let mut found = told.into_iter().flatten().map(|hops| follow(peer, &hops, trusted));
    match (found.next(), found.next()) {
        (Some(one), Some(other)) if one != other => peer,
        (Some(one), _) => one,
        (None, _) => peer,
    }
}

fn believed(trusted: &[Network], address: IpAddr) -> bool {
    trusted.iter().any(|network| network.contains(address))
}

/// Walks from the last proxy to the left. An entry without an address ends the walk at the proxy that
/// reported it.
fn follow(peer: IpAddr, hops: &[Option<IpAddr>], trusted: &[Network]) -> IpAddr {
    let mut at = peer;
    for hop in hops.iter().rev() {
        let Some(address) = hop else { return at };
        at = *address;
        if !believed(trusted, at) {
            return at;
        }
    }
    at
}

/// Returns the addresses of all lines of a header, in order. None if the header is missing.
fn hops(
    headers: &HeaderMap,
    name: &HeaderName,
    read: fn(&str, &mut Vec<Option<IpAddr>>),
) -> Option<Vec<Option<IpAddr>>> {
    let mut found = Vec::new();
    for value in headers.get_all(name) {
        match value.to_str() {
            Ok(text) => read(text, &mut found),
            Err(_) => found.push(None),
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Parses `203.0.113.7, 10.0.0.1`.
fn listed(text: &str, found: &mut Vec<Option<IpAddr>>) {
    found.extend(text.split(',').map(|part| node(part.trim())));
}

/// Parses `for="[2001:db8::1]:4711";proto=https, for=10.0.0.1`.
fn forwarded(text: &str, found: &mut Vec<Option<IpAddr>>) {
    for element in split(text, ',') {
        let of = split(element, ';').into_iter().find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            name.trim().eq_ignore_ascii_case("for").then_some(value)
        });
        found.push(of.and_then(|value| node(value.trim().trim_matches('"'))));
    }
}

/// Splits at separators outside quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c: char| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .collect()
}

/// Parses an address with or without a port. None for `unknown`, a made-up name or anything else.
fn node(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address: Option<IpAddr> = bare.parse().ok();
    let address =
        address.or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()));
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[(&'static str, &'static str)], peer: &str, trusted: &str) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let trusted: Vec<_> =
            trusted.split_whitespace().map(|text| text.parse().unwrap()).collect();
        client(&headers, peer.parse().unwrap(), &trusted).to_string()
    }

    #[test]
    fn the_way_is_followed_through_those_who_are_believed() {
        let xff = "x-forwarded-for";
        for (lines, peer, trusted, expected) in [
            (&[(xff, "203.0.113.7")][..], "10.0.0.1", "", "10.0.0.1"),
            (&[(xff, "203.0.113.7")], "192.0.2.1", "10.0.0.0/8", "192.0.2.1"),
            (&[(xff, "203.0.113.7")], "10.0.0.1", "10.0.0.0/8", "203.0.113.7"),
            (&[(xff, "203.0.113.7")], "::ffff:10.0.0.1", "10.0.0.0/8", "203.0.113.7"),
            (&[], "10.0.0.1", "10.0.0.0/8", "10.0.0.1"),
            // Entries left of the first untrusted address are the client's own text.
            (&[(xff, "1.1.1.1, 203.0.113.7")], "10.0.0.1", "10.0.0.0/8", "203.0.113.7"),
            (&[(xff, "1.1.1.1, 203.0.113.7,10.9.9.9")], "10.0.0.1", "10.0.0.0/8", "203.0.113.7"),
            (&[(xff, "1.1.1.1"), (xff, "203.0.113.7")], "10.0.0.1", "10.0.0.0/8", "203.0.113.7"),
            (&[(xff, "10.0.0.5, 10.9.9.9")], "10.0.0.1", "10.0.0.0/8", "10.0.0.5"),
            (&[(xff, "203.0.113.7, unknown")], "10.0.0.1", "10.0.0.0/8", "10.0.0.1"),
            (&[(xff, "203.0.113.7, ")], "10.0.0.1", "10.0.0.0/8", "10.0.0.1"),
            (&[(xff, "203.0.113.7:5123")], "10.0.0.1", "10.0.0.0/8", "203.0.113.7"),
            (&[(xff, "[2001:db8::7]:5123")], "::1", "::1", "2001:db8::7"),
            (&[(xff, "2001:db8::7")], "::1", "::1", "2001:db8::7"),
            (
                &[("forwarded", "for=203.0.113.7;proto=https")],
                "10.0.0.1",
                "10.0.0.0/8",
                "203.0.113.7",
            ),
            (
                &[("forwarded", "For=\"[2001:db8::7]:4711\";by=\"a,b;c\", for=10.2.2.2")],
                "10.0.0.1",
                "10.0.0.0/8",
                "2001:db8::7",
            ),
            (&[("forwarded", "for=_hidden")], "10.0.0.1", "10.0.0.0/8", "10.0.0.1"),
            (&[("forwarded", "proto=https")], "10.0.0.1", "10.0.0.0/8", "10.0.0.1"),
            (
                &[(xff, "203.0.113.7"), ("forwarded", "for=\"203.0.113.7\"")],
                "10.0.0.1",
                "10.0.0.0/8",
                "203.0.113.7",
            ),
            (
                &[(xff, "203.0.113.7"), ("forwarded", "for=198.51.100.1")],
                "10.0.0.1",
                "10.0.0.0/8",
                "10.0.0.1",
            ),
        ] {
            assert_eq!(found(lines, peer, trusted), expected, "{lines:?} by {peer}");
        }
    }
}
