//! GraphQL over server-sent events, each operation on a connection of its own: `next` for every result,
//! `complete` at the end. For clients and proxies that take no WebSocket.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::StatusCode,
    response::Response,
};
use futures_util::{StreamExt, stream};
use tokio::sync::watch;

use super::{errors::content, stopped};
use crate::graphql::exchange::{Answer, Reply, Series};

/// The content type, as it is accepted and answered.
pub(super) const EVENT_STREAM: &str = "text/event-stream";

/// Proxies take a connection for dead that says nothing for longer.
const ALIVE: Duration = Duration::from_secs(12);

/// Whether a caller accepts nothing less than a stream of events.
pub(super) fn wanted(headers: &axum::http::HeaderMap) -> bool {
    let accepted = headers.get_all(axum::http::header::ACCEPT).iter();
    let ranges = accepted.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
    let mut types = ranges.map(|range| range.split(';').next().unwrap_or_default().trim());
    types.any(|ty| ty.eq_ignore_ascii_case(EVENT_STREAM))
}

/// The events of an answer. `closing` ends them when the server stops.
pub(super) fn respond(answer: Answer, closing: watch::Receiver<bool>) -> Response {
    let series = match answer {
        Answer::Series(series) => series,
        Answer::Once(reply) => Box::pin(stream::once(async move { Ok(reply.body) })),
    };
    let events = Events { series: Some(series), closing, began: false };
    let body = stream::unfold(events, |mut events| async move {
        let text = events.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(text)), events))
    });
    content(StatusCode::OK, EVENT_STREAM, Body::from_stream(body))
}

struct Events {
    series: Option<Series>,
    closing: watch::Receiver<bool>,
    began: bool,
}

impl Events {
    async fn next(&mut self) -> Option<String> {
        if !std::mem::replace(&mut self.began, true) {
            return Some(":\n\n".to_owned());
        }
        let series = self.series.as_mut()?;
        let item = tokio::select! {
            item = series.next() => item,
            () = tokio::time::sleep(ALIVE) => return Some(":\n\n".to_owned()),
            () = stopped(&mut self.closing) => None,
        };
        match item {
            Some(Ok(body) | Err(Reply { body, .. })) => Some(event("next", &body)),
            None => {
                self.series = None;
                Some(event("complete", b""))
            }
        }
    }
}

/// One event; a line break in the data goes on in another `data` line.
fn event(name: &str, data: &[u8]) -> String {
    let data = String::from_utf8_lossy(data);
    let mut text = format!("event: {name}\n");
    for line in data.split(['\n', '\r']) {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_events() {
        assert_eq!(event("next", b"{\"a\":\n1}"), "event: next\ndata: {\"a\":\ndata: 1}\n\n");
        assert_eq!(event("complete", b""), "event: complete\ndata: \n\n");
    }

    #[test]
    fn is_taken_only_when_named() {
        let accept = |text: &'static str| {
            let mut headers = axum::http::HeaderMap::new();
            headers.insert("accept", text.parse().unwrap());
            wanted(&headers)
        };
        assert!(accept("text/event-stream") && accept("application/json, Text/Event-Stream;q=0.9"));
        assert!(!accept("*/*") && !accept("text/*") && !accept("application/json"));
    }
}
