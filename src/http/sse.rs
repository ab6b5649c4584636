//! GraphQL over server-sent events, one operation per connection: `next` for every result, `complete` at the
//! end. For clients and proxies without WebSocket support.

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::StatusCode,
    response::Response,
};
use futures_util::{StreamExt, stream};
use tokio::{
    sync::{mpsc, watch},
    time::{sleep, timeout},
};

use super::{errors::content, stopped};
use crate::graphql::exchange::{Answer, Reply, Series};

/// The content type in requests and responses.
pub(super) const EVENT_STREAM: &str = "text/event-stream";

/// Proxies close a connection that is silent for longer.
const ALIVE: Duration = Duration::from_secs(12);

/// How long a client may take to read one event.
const WRITE: Duration = Duration::from_secs(30);

/// Whether a client accepts an event stream.
pub(super) fn wanted(headers: &axum::http::HeaderMap) -> bool {
    let accepted = headers.get_all(axum::http::header::ACCEPT).iter();
    let ranges = accepted.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(','));
    let mut types = ranges.map(|range| range.split(';').next().unwrap_or_default().trim());
    types.any(|ty| ty.eq_ignore_ascii_case(EVENT_STREAM))
}

/// Sends an answer as events. `closing` ends them when the server stops.
///
/// A separate task produces them, so that a client that does not read differs from one without events.
pub(super) fn respond(answer: Answer, closing: watch::Receiver<bool>) -> Response {
    let series = match answer {
        Answer::Series(series) => series,
        Answer::Once(reply) => Box::pin(stream::once(async move { Ok(reply.body) })),
    };
    events(series, closing, WRITE)
}

fn events(series: Series, mut closing: watch::Receiver<bool>, patience: Duration) -> Response {
    let (tell, mut told) = mpsc::channel(1);
    tokio::spawn(async move {
        tokio::select! {
            () = pass_on(series, &tell, patience) => {}
            () = stopped(&mut closing) => {
                let _gone = timeout(patience, tell.send(event("complete", b""))).await;
            }
        }
    });
    let body = stream::poll_fn(move |context| told.poll_recv(context))
        .map(|text| Ok::<_, Infallible>(Bytes::from(text)));
    content(StatusCode::OK, EVENT_STREAM, Body::from_stream(body))
}

/// Sends the events of a series until it ends, the client is gone, or the client stops reading. The next
/// event is computed when the last one was read.
async fn pass_on(mut series: Series, tell: &mpsc::Sender<String>, patience: Duration) {
    let mut first = true;
    while let Ok(Ok(place)) = timeout(patience, tell.reserve()).await {
        if std::mem::take(&mut first) {
            place.send(":\n\n".to_owned());
            continue;
        }
        let item = tokio::select! {
            item = series.next() => item,
            () = sleep(ALIVE) => {
                place.send(":\n\n".to_owned());
                continue;
            }
            () = tell.closed() => return,
        };
        let Some(Ok(body) | Err(Reply { body, .. })) = item else {
            return place.send(event("complete", b""));
        };
        place.send(event("next", &body));
    }
}

/// Formats one event. Each line of the data becomes a `data` line.
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

    #[tokio::test]
    async fn a_client_that_takes_nothing_is_given_up() {
        struct Place(Option<tokio::sync::oneshot::Sender<()>>);
        impl Drop for Place {
            fn drop(&mut self) {
                let _gone = self.0.take().map(|ended| ended.send(()));
            }
        }
        let series = |ended| -> Series {
            let place = Place(Some(ended));
            Box::pin(stream::unfold(place, |place| async { Some((Ok(b"{}".to_vec()), place)) }))
        };
        let (_stop, closing) = watch::channel(false);
        let (ended, end) = tokio::sync::oneshot::channel();
        let response = events(series(ended), closing.clone(), Duration::from_millis(20));
        assert!(timeout(ALIVE, end).await.is_ok(), "it is held for nobody");
        // Data that was sent before is still there; then the stream ends.
        let left = axum::body::to_bytes(response.into_body(), 1_000).await.unwrap();
        assert_eq!(left, ":\n\n");
        let (ended, end) = tokio::sync::oneshot::channel();
        drop(events(series(ended), closing, WRITE));
        assert!(timeout(ALIVE, end).await.is_ok(), "the client has gone");
    }

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
