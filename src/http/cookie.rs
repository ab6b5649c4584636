//! The cookie of a page's sign-in: it carries the refresh token, so that no script reads it and all windows of a
//! browser share one sign-in.
//!
//! Owns its name, value and attributes, and who may use it: pages of this server. A browser sends the cookie by
//! itself, so whoever reads or writes it checks the origin first. Must not know how tokens are made.

use std::{net::IpAddr, time::Duration};

use axum::http::{HeaderMap, HeaderValue, header};

use super::cors;
use crate::base::{Error, error::Result};

/// The cookie's name.
const NAME: &str = "tw_refresh";

/// Begins the value of a cookie that outlives the browser's run. A refresh token contains no dot.
const STAYS: &str = "s.";

/// No script reads it, no page of another site makes a browser send it, and only `/auth` receives it.
const ATTRIBUTES: &str = "HttpOnly; SameSite=Strict; Path=/auth";

/// The content of the cookie.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct RefreshCookie {
    /// The refresh token.
    pub(super) token: String,
    /// Whether it outlives the browser's run. The cookie says so itself, because a browser sends no attributes.
    pub(super) stays: bool,
}

impl RefreshCookie {
    /// Reads the cookie of a request.
    ///
    /// None if there are several of the name: another host of the domain can add one, and which of them comes
    /// first is up to it.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = values(headers);
        let value = values.next().filter(|_| values.next().is_none())?;
        let staying = value.strip_prefix(STAYS);
        Some(Self { token: staying.unwrap_or(value).to_owned(), stays: staying.is_some() })
    }
}

/// Whether a request has the cookie, usable or not.
pub(super) fn is_sent(headers: &HeaderMap) -> bool {
    values(headers).next().is_some()
}

/// Returns the values of the cookie: `a=1; tw_refresh=…; b=2`.
fn values(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| name.trim() == NAME).map(|(_, value)| value.trim())
}

/// A page of this server, which may use the cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OwnPage {
    /// Whether the cookie is only for connections with TLS. On loopback there are none.
    secure: bool,
}

impl OwnPage {
    /// Returns the page that sends a request. None for programs, and for pages of other origins, whether they are
    /// on the list of the settings or not.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let host = cors::own_host(headers)?;
        Some(Self { secure: !is_loopback(host) })
    }

    /// Has the browser keep a cookie, for so long if it stays.
    pub(super) fn store(
        self,
        headers: &mut HeaderMap,
        cookie: &RefreshCookie,
        lifetime: Duration,
    ) -> Result<()> {
        let RefreshCookie { token, stays } = cookie;
        let line = if *stays {
            self.line(&format!("{STAYS}{token}"), Some(lifetime))
        } else {
            self.line(token, None)
        };
        headers.append(header::SET_COOKIE, HeaderValue::from_str(&line).map_err(Error::internal)?);
        Ok(())
    }

    /// Has the browser forget the cookie.
    pub(super) fn clear(self, headers: &mut HeaderMap) {
        if let Ok(line) = HeaderValue::from_str(&self.line("", Some(Duration::ZERO))) {
            headers.append(header::SET_COOKIE, line);
        }
    }

    /// `tw_refresh=s.…; HttpOnly; SameSite=Strict; Path=/auth; Secure; Max-Age=2592000`.
    fn line(self, value: &str, age: Option<Duration>) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        let age = age.map(|age| format!("; Max-Age={}", age.as_secs())).unwrap_or_default();
        format!("{NAME}={value}; {ATTRIBUTES}{secure}{age}")
    }
}

/// Whether a host, with or without a port, is this machine.
fn is_loopback(host: &str) -> bool {
    let (bare, port) = host.rsplit_once(':').unwrap_or((host, ""));
    // The last part of an IPv6 address is no port.
    let name = if port.ends_with(']') { host } else { bare };
    let name = name.to_ascii_lowercase();
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(&name);
    name == "localhost"
        || name.ends_with(".localhost")
        || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_told_by_the_whole_name() {
        for host in [
            "localhost",
            "LocalHost:8080",
            "crm.localhost:5173",
            "127.0.0.1",
            "127.8.9.1:80",
            "[::1]",
            "[::1]:8080",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "crm.example.com",
            "localhost.example.com",
            "notlocalhost:8080",
            "127.0.0.1.example.com",
            "192.168.0.1:8080",
            "[::2]:8080",
            "[2001:db8::1]",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
