//! The form of a demo record.
//!
//! Owns the form of inputs: references, money, dates and instants as GraphQL accepts them.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde_json::{Map, Value};

/// A record to create. Seeds are in an order in which references exist.
#[derive(Debug, Clone, PartialEq)]
pub struct Seed {
    /// API name of the object.
    pub object: &'static str,
    /// The key by which other seeds refer to it, unique within the object.
    pub key: String,
    /// A `Create<Object>Input` for GraphQL. An `id` of the form `@Object/key` refers to another seed.
    pub input: Map<String, Value>,
}

impl Seed {
    pub(super) fn new(object: &'static str, key: impl Into<String>) -> Self {
        Self { object, key: key.into(), input: Map::new() }
    }

    /// Adds a field's value.
    pub(super) fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.input.insert(field.to_owned(), value.into());
        self
    }

    /// Adds a field's value, if there is one.
    pub(super) fn maybe(self, field: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(field, value),
            None => self,
        }
    }

    /// Adds a to-one relation.
    pub(super) fn link(self, field: &str, object: &str, key: &str) -> Self {
        self.with(field, Map::from_iter([("id".to_owned(), reference(object, key))]))
    }

    /// Adds a to-one relation, if there is a key.
    pub(super) fn maybe_link(self, field: &str, object: &str, key: Option<&str>) -> Self {
        match key {
            Some(key) => self.link(field, object, key),
            None => self,
        }
    }

    /// Adds a many-to-many relation.
    pub(super) fn links(self, field: &str, object: &str, keys: &[&str]) -> Self {
        let ids: Vec<Value> = keys.iter().map(|key| reference(object, key)).collect();
        self.with(field, Map::from_iter([("set".to_owned(), ids.into())]))
    }

    /// Adds lines under the name that most documents give them.
    pub(super) fn lines(self, lines: impl IntoIterator<Item = Seed>) -> Self {
        self.rows("lines", lines)
    }

    /// Adds lines.
    pub(super) fn rows(self, field: &str, lines: impl IntoIterator<Item = Seed>) -> Self {
        let rows: Vec<Value> = lines.into_iter().map(|line| line.input.into()).collect();
        self.with(field, Map::from_iter([("create".to_owned(), rows.into())]))
    }

    /// Returns the text of a field, or an empty one.
    pub(super) fn text(&self, field: &str) -> &str {
        self.input.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    /// Returns the lines under the name that most documents give them.
    pub(super) fn line_inputs(&self) -> impl Iterator<Item = &Map<String, Value>> {
        let rows = self.input.get("lines").and_then(|lines| lines.get("create")?.as_array());
        rows.into_iter().flatten().filter_map(Value::as_object)
    }
}

fn reference(object: &str, key: &str) -> Value {
    format!("@{object}/{key}").into()
}

/// Returns the key in a reference `{ id: "@Object/key" }`.
pub(super) fn key_of(reference: &Value) -> &str {
    let id = reference.get("id").and_then(Value::as_str).unwrap_or_default();
    id.split_once('/').map(|(_, key)| key).unwrap_or_default()
}

/// Formats cents as money with two digits.
pub(super) fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// Formats a date for an input.
pub(super) fn day(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

/// Returns the instant this many minutes after nine o'clock in Shanghai, in UTC.
pub(super) fn instant(date: NaiveDate, minutes: i64) -> String {
    let minutes = minutes.clamp(0, 14 * 60) + 60;
    format!("{}T{:02}:{:02}:00Z", day(date), minutes / 60, minutes % 60)
}

/// Returns the date this many days later, or earlier if negative.
pub(super) fn shift(date: NaiveDate, days: i64) -> NaiveDate {
    let distance = Days::new(days.unsigned_abs());
    let moved =
        if days < 0 { date.checked_sub_days(distance) } else { date.checked_add_days(distance) };
    moved.unwrap_or(date)
}

/// Returns the date itself, or the Friday before a weekend.
pub(super) fn workday(date: NaiveDate) -> NaiveDate {
    match date.weekday() {
        Weekday::Sat => shift(date, -1),
        Weekday::Sun => shift(date, -2),
        _ => date,
    }
}
