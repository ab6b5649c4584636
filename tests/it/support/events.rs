//! What a subscription tells.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;
use serde_json::Value;

/// What a subscription tells, event by event.
pub(crate) struct Told {
    stream: BodyDataStream,
    text: String,
}

impl Told {
    /// Reads the answer to a subscription over server-sent events.
    pub(super) fn of(body: Body) -> Self {
        Self { stream: body.into_data_stream(), text: String::new() }
    }

    /// The next event: its name and its data. Nothing is awaited for longer than twenty seconds.
    pub(crate) async fn event(&mut self) -> (String, Value) {
        let event = tokio::time::timeout(Duration::from_secs(20), self.read());
        event.await.unwrap_or_else(|_elapsed| panic!("nothing was told"))
    }

    async fn read(&mut self) -> (String, Value) {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let Some((name, data)) = event.split_once('\n') else { continue };
                let data = data.trim_start_matches("data: ");
                let data = if data.is_empty() { "null" } else { data };
                let name = name.trim_start_matches("event: ").to_owned();
                return (name, serde_json::from_str(data).unwrap());
            }
            let chunk = self.stream.next().await.unwrap().unwrap();
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// What the next result says of the one root field.
    pub(crate) async fn next(&mut self) -> Value {
        let (name, body) = self.event().await;
        assert_eq!((name.as_str(), body.get("errors")), ("next", None), "{body:#}");
        body["data"].as_object().unwrap().values().next().unwrap().clone()
    }

    /// The codes of the errors it ends with.
    pub(crate) async fn end(&mut self) -> Vec<String> {
        let (_, body) = self.event().await;
        let errors = body["errors"].as_array().unwrap_or_else(|| panic!("{body:#}"));
        let code = |error: &Value| error["extensions"]["code"].as_str().unwrap().to_owned();
        assert_eq!(self.event().await.0, "complete");
        let mut codes: Vec<_> = errors.iter().map(code).collect();
        codes.dedup();
        codes
    }
}
