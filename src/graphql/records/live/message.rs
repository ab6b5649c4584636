//! Messages of a subscription as response bodies.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat};
use serde_json::json;
use strum::AsRefStr;
use uuid::Uuid;

use super::parsed_subscription::{MessagePart, Wish};
use crate::query::render::{quoted, typename};

/// The kind of change, as the subscriber sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsRefStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum EventKind {
    /// The record was created.
    Created,
    /// The record was changed.
    Updated,
    /// The record existed and now matches the filter and the caller's rights.
    Entered,
    /// The record no longer matches the filter or the caller's rights. It may or may not still exist.
    Left,
    /// The record was deleted.
    Deleted,
    /// The known state is invalid: the client must query the list again.
    Resync,
}

/// A message about one change.
pub(super) struct LiveMessage {
    pub(super) kind: EventKind,
    pub(super) id: Option<Uuid>,
    /// Microseconds since 1970.
    pub(super) at: i64,
    pub(super) cursor: String,
}

/// The selected records by id, one map for each `record` in the selection.
pub(super) type Shown = Vec<HashMap<Uuid, String>>;

impl LiveMessage {
    /// Writes `{"data":{"customerChanged":{"kind":"UPDATED","record":{…}}}}`.
    pub(super) fn body(&self, wish: &Wish, shown: &Shown) -> Vec<u8> {
        let mut text = String::from("{\"data\":{");
        quoted(&wish.key, &mut text);
        text.push_str(":{");
        let mut records = shown.iter();
        for (place, part) in wish.parts.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            quoted(&part.key, &mut text);
            text.push(':');
            match &part.what {
                MessagePart::Typename(name) => typename(name, &mut text),
                MessagePart::Kind => quoted(self.kind.as_ref(), &mut text),
                MessagePart::Id => text.push_str(&json!(self.id).to_string()),
                MessagePart::At => {
                    let at = DateTime::from_timestamp_micros(self.at).unwrap_or_default();
                    quoted(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true), &mut text);
                }
                MessagePart::Cursor => quoted(&self.cursor, &mut text),
                MessagePart::Record(_) => {
                    let of = records.next().zip(self.id).and_then(|(of, id)| of.get(&id));
                    text.push_str(of.map_or("null", String::as_str));
                }
            }
        }
        text.push_str("}}");
        if !wish.left.is_empty() {
            text.push_str(",\"extensions\":{\"left\":");
            text.push_str(&json!(wish.left).to_string());
            text.push('}');
        }
        text.push('}');
        text.into_bytes()
    }
}
