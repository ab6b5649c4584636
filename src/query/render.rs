//! Renders rows as the response's JSON: one pass over positional arrays, by the shape of the statement.
//!
//! The JSON is the same for both databases: decimals as strings, instants in UTC,
//! booleans as `true` or `false`.

mod drills;
mod found_rows;
mod groups;
mod response_limit;

use std::{
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{Datelike, Timelike};
use uuid::Uuid;

use found_rows::first;
pub use found_rows::{FoundRow, FoundRows};
use response_limit::bounded;

use super::{
    cursor::Seal,
    find::PageInfoPart,
    further_pages::Beyond,
    history::{Later, PendingHistory},
    shape::{ConnectionShape, ConnectionSlot, EdgeSlot, Leaf, ObjectShape, RowsShape, Slot},
};
use crate::{
    base::{Error, Result},
    sql::{Dialect, ROW_WIDTH, exact_sums},
};

/// What the renderer needs besides the shape.
#[derive(Clone, Copy)]
pub struct Renderer<'a> {
    /// The dialect of the values.
    pub dialect: Dialect,
    /// Seals cursors.
    pub seal: &'a Seal,
    /// Collects the counted records.
    pub reads: Option<&'a Reads>,
    /// Collects the histories to insert later.
    pub later: &'a Later,
    /// Collects the lists that have more records than the response.
    pub beyond: &'a Beyond,
}

/// The guarded records in the results of an operation.
#[derive(Debug, Default)]
pub struct Reads(Mutex<Vec<Uuid>>);

impl Reads {
    /// Returns the records noted so far and clears them.
    pub fn take(&self) -> Vec<Uuid> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes one record.
    pub fn add(&self, id: Uuid) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(id);
    }
}

/// The parts of one row, from JSON or from typed columns.
pub trait RowSource {
    /// Writes the value at an index.
    fn leaf(&self, at: usize, leaf: Leaf, out: &mut String) -> Result<()>;
    /// The JSON text at an index; `None` for null.
    fn json(&self, at: usize) -> Result<Option<&str>>;
    /// The id at an index; `None` for null.
    fn id(&self, at: usize) -> Result<Option<Uuid>>;
}

/// A row that is a positional JSON array.
struct JsonRow<'j> {
    items: Vec<&'j str>,
    dialect: Dialect,
}

impl<'j> JsonRow<'j> {
    fn new(text: &'j str, dialect: Dialect) -> Result<Self> {
        let mut items = split(text)?;
        // A row of full width ends in an array with its remaining parts.
        let mut width = items.len();
        while width == ROW_WIDTH {
            let Some(rest) = items.pop() else { break };
            let more = split(rest)?;
            width = more.len();
            items.extend(more);
        }
        Ok(Self { items, dialect })
    }
}

impl RowSource for JsonRow<'_> {
    fn leaf(&self, at: usize, leaf: Leaf, out: &mut String) -> Result<()> {
        let token = self.items.get(at).ok_or_else(short)?;
        write_token(token, leaf, self.dialect, out);
        Ok(())
    }

    fn json(&self, at: usize) -> Result<Option<&str>> {
        let token = *self.items.get(at).ok_or_else(short)?;
        Ok((token != "null").then_some(token))
    }

    fn id(&self, at: usize) -> Result<Option<Uuid>> {
        let token = self.items.get(at).ok_or_else(short)?;
        Ok(token.trim_matches('"').parse().ok())
    }
}

fn short() -> Error {
    Error::internal("a row is shorter than its shape")
}

impl Renderer<'_> {
    /// Writes a record from a row.
    pub fn object(&self, shape: &ObjectShape, row: &dyn RowSource, out: &mut String) -> Result<()> {
        bounded(out.len())?;
        out.push('{');
        for (ix, (key, slot)) in shape.0.iter().enumerate() {
            if self.counts(slot, row)? {
                continue;
            }
            key_of(ix, key, out);
            match slot {
                Slot::Counted(_) | Slot::Told(_) => {}
                Slot::Typename(name) => typename(name, out),
                Slot::Leaf(at, leaf) => row.leaf(*at, *leaf, out)?,
                Slot::Later { id, object, listing, way } => {
                    let record = row.id(*id)?.ok_or_else(short)?;
                    let (listing, way) = (Arc::clone(listing), Arc::clone(way));
                    self.later.add(PendingHistory {
                        at: out.len(),
                        object: *object,
                        record,
                        listing,
                        way,
                    });
                }
                Slot::Fixed(json) => out.push_str(json),
                Slot::Drill(shape) => Self::drill(shape, row, out)?,
                Slot::Inline(inner) => self.object(inner, row, out)?,
                Slot::Listed(items) => {
                    list(items.iter(), out, |inner, out| self.object(inner, row, out))?;
                }
                Slot::One(at, inner) => match row.json(*at)? {
                    None => out.push_str("null"),
                    Some(text) => self.object_of(inner, text, out)?,
                },
                Slot::OneOf(each) => match first(each, row)? {
                    None => out.push_str("null"),
                    Some((inner, text)) => self.object_of(inner, text, out)?,
                },
                Slot::Many(at, inner) => {
                    self.rows_of(inner, row.json(*at)?.unwrap_or("[]"), out)?;
                }
                Slot::Connection(inner) => {
                    let rows = match inner.rows {
                        Some(at) => split(row.json(at)?.unwrap_or("[]"))?,
                        None => Vec::new(),
                    };
                    let rows = rows
                        .into_iter()
                        .map(|text| JsonRow::new(text, self.dialect))
                        .collect::<Result<Vec<_>>>()?;
                    let rows: Vec<&dyn RowSource> =
                        rows.iter().map(|row| row as &dyn RowSource).collect();
                    let total = match inner.total {
                        Some(at) => row.json(at)?.unwrap_or("0"),
                        None => "0",
                    };
                    self.connection(inner, &rows, total, out)?;
                }
            }
        }
        out.push('}');
        Ok(())
    }

    /// Writes a record from the JSON text of its row.
    pub fn object_of(&self, shape: &ObjectShape, text: &str, out: &mut String) -> Result<()> {
        self.object(shape, &JsonRow::new(text, self.dialect)?, out)
    }

    /// Writes a list from the JSON text of its rows.
    pub fn rows_of(&self, shape: &RowsShape, rows: &str, out: &mut String) -> Result<()> {
        if let Some(fill) = &shape.fill {
            return self.filled(shape, fill, rows, out);
        }
        let rows = split(rows)?;
        let size = shape.size.unwrap_or(rows.len());
        if rows.len() > size {
            self.beyond.add(&shape.way);
        }
        list(rows.iter().take(size), out, |text, out| self.object_of(&shape.each, text, out))
    }

    /// Writes a connection from the JSON text of its rows.
    pub fn connection_of(
        &self,
        shape: &ConnectionShape,
        rows: &str,
        total: &str,
        out: &mut String,
    ) -> Result<()> {
        let rows = split(rows)?
            .into_iter()
            .map(|text| JsonRow::new(text, self.dialect))
            .collect::<Result<Vec<_>>>()?;
        let rows: Vec<&dyn RowSource> = rows.iter().map(|row| row as &dyn RowSource).collect();
        self.connection(shape, &rows, total, out)
    }

    /// Writes a connection from its rows, which may be one more than the page.
    pub fn connection(
        &self,
        shape: &ConnectionShape,
        rows: &[&dyn RowSource],
        total: &str,
        out: &mut String,
    ) -> Result<()> {
        let more = rows.len() > shape.size;
        if more {
            self.beyond.add(&shape.way);
        }
        let mut page: Vec<&dyn RowSource> = rows.iter().take(shape.size).copied().collect();
        if shape.backward {
            page.reverse();
        }
        out.push('{');
        for (ix, (key, slot)) in shape.parts.iter().enumerate() {
            key_of(ix, key, out);
            match slot {
                ConnectionSlot::Typename(name) => typename(name, out),
                ConnectionSlot::Total => out.push_str(total),
                ConnectionSlot::Nodes(inner) => {
                    list(page.iter(), out, |row, out| self.object(inner, *row, out))?;
                }
                ConnectionSlot::Edges(parts) => {
                    list(page.iter(), out, |row, out| self.edge(shape, parts, *row, out))?;
                }
                ConnectionSlot::PageInfo(parts) => {
                    self.page_info(shape, parts, &page, more, out)?;
                }
            }
        }
        out.push('}');
        Ok(())
    }

    fn edge(
        &self,
        shape: &ConnectionShape,
        parts: &[(String, EdgeSlot)],
        row: &dyn RowSource,
        out: &mut String,
    ) -> Result<()> {
        out.push('{');
        for (ix, (key, slot)) in parts.iter().enumerate() {
            key_of(ix, key, out);
            match slot {
                EdgeSlot::Typename(name) => typename(name, out),
                EdgeSlot::Cursor => self.cursor(shape, row, out)?,
                EdgeSlot::Node(inner) => self.object(inner, row, out)?,
            }
        }
        out.push('}');
        Ok(())
    }

    fn cursor(&self, shape: &ConnectionShape, row: &dyn RowSource, out: &mut String) -> Result<()> {
        let at = shape.keys.ok_or_else(short)?;
        let keys = row.json(at)?.ok_or_else(short)?;
        quoted(&self.seal.seal(&shape.list, keys), out);
        Ok(())
    }

    fn page_info(
        &self,
        shape: &ConnectionShape,
        parts: &[(String, PageInfoPart)],
        page: &[&dyn RowSource],
        more: bool,
        out: &mut String,
    ) -> Result<()> {
        let (next, previous) =
            if shape.backward { (shape.continued, more) } else { (more, shape.continued) };
        out.push('{');
        for (ix, (key, part)) in parts.iter().enumerate() {
            key_of(ix, key, out);
            let end = match part {
                PageInfoPart::Typename(name) => {
                    typename(name, out);
                    continue;
                }
                PageInfoPart::HasNextPage => {
                    out.push_str(if next { "true" } else { "false" });
                    continue;
                }
                PageInfoPart::HasPreviousPage => {
                    out.push_str(if previous { "true" } else { "false" });
                    continue;
                }
                PageInfoPart::StartCursor => page.first(),
                PageInfoPart::EndCursor => page.last(),
            };
            match end {
                Some(row) => self.cursor(shape, *row, out)?,
                None => out.push_str("null"),
            }
        }
        out.push('}');
        Ok(())
    }
}

fn list<T>(
    items: impl Iterator<Item = T>,
    out: &mut String,
    mut write: impl FnMut(T, &mut String) -> Result<()>,
) -> Result<()> {
    out.push('[');
    for (ix, item) in items.enumerate() {
        if ix > 0 {
            out.push(',');
        }
        write(item, out)?;
    }
    out.push(']');
    Ok(())
}

fn key_of(ix: usize, key: &str, out: &mut String) {
    if ix > 0 {
        out.push(',');
    }
    // GraphQL names are ASCII letters, digits and underscores: nothing to escape.
    out.push('"');
    out.push_str(key);
    out.push_str("\":");
}

/// Writes the name of a type. An empty name, of a field that does not exist for the caller, becomes null.
pub fn typename(name: &str, out: &mut String) {
    if name.is_empty() {
        return out.push_str("null");
    }
    quoted(name, out);
}

/// Writes a text as a JSON string.
pub fn quoted(text: &str, out: &mut String) {
    // Most texts need no escape. Copying such a text whole is cheaper than writing it character by character.
    if !text.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        out.push('"');
        out.push_str(text);
        return out.push('"');
    }
    match serde_json::to_string(text) {
        Ok(json) => out.push_str(&json),
        Err(_never) => out.push_str("\"\""),
    }
}

/// Writes an instant as RFC 3339 in UTC, with as many digits of a second as needed.
pub fn instant(micros: i64, out: &mut String) {
    let Some(at) = chrono::DateTime::from_timestamp_micros(micros) else {
        return out.push_str("null");
    };
    let Some(year) = u32::try_from(at.year()).ok().filter(|year| *year <= 9_999) else {
        let _ = write!(out, "\"{}Z\"", at.format("%Y-%m-%dT%H:%M:%S%.f"));
        return;
    };
    out.push('"');
    digits(year, 1_000, out);
    for (before, part) in [
        ('-', at.month()),
        ('-', at.day()),
        ('T', at.hour()),
        (':', at.minute()),
        (':', at.second()),
    ] {
        out.push(before);
        digits(part, 10, out);
    }
    let part = at.timestamp_subsec_micros();
    if part > 0 {
        out.push('.');
        digits(part, 100_000, out);
        out.truncate(out.trim_end_matches('0').len());
    }
    out.push_str("Z\"");
}

/// Writes the digits of a number from the given place down. Formatting by pattern costs many times as much.
fn digits(number: u32, mut place: u32, out: &mut String) {
    while place > 0 {
        out.push(char::from_digit(number / place % 10, 10).unwrap_or('0'));
        place /= 10;
    }
}

/// Writes a value of a JSON row.
fn write_token(token: &str, leaf: Leaf, dialect: Dialect, out: &mut String) {
    if token == "null" {
        return out.push_str("null");
    }
    match (leaf, dialect) {
        (Leaf::Decimal(scale), Dialect::Sqlite) => match token.parse::<i64>() {
            Ok(minor) => {
                let _ = write!(out, "\"{}\"", rust_decimal::Decimal::new(minor, scale.into()));
            }
            Err(_no_number) => out.push_str("null"),
        },
        (Leaf::Figure(scale), Dialect::Sqlite) => {
            match exact_sums::written(token.trim_matches('"'), scale) {
                Some(figure) => quoted(&figure, out),
                None => out.push_str("null"),
            }
        }
        (Leaf::Decimal(_) | Leaf::Figure(_), Dialect::Postgres) => {
            let _ = write!(out, "\"{token}\"");
        }
        (Leaf::Bool, Dialect::Sqlite) => out.push_str(if token == "0" { "false" } else { "true" }),
        (Leaf::DateTime, Dialect::Sqlite) => match token.parse() {
            Ok(micros) => instant(micros, out),
            Err(_not_micros) => out.push_str("null"),
        },
        (Leaf::DateTime, Dialect::Postgres) => match token.strip_suffix("+00:00\"") {
            Some(head) => {
                out.push_str(head);
                out.push_str("Z\"");
            }
            None => out.push_str(token),
        },
        _ => out.push_str(token),
    }
}

/// Splits a JSON array into the texts of its items. The database wrote the text, so it is well-formed.
fn split(text: &str) -> Result<Vec<&str>> {
    let broken = || Error::internal("a row is not a JSON array");
    let inner =
        text.trim().strip_prefix('[').and_then(|t| t.strip_suffix(']')).ok_or_else(broken)?;
    let bytes = inner.as_bytes();
    // Most rows and nested lists have no more items, so the vector seldom grows.
    let mut items = Vec::with_capacity(8);
    let (mut depth, mut start, mut at) = (0_usize, 0_usize, 0_usize);
    while at < bytes.len() {
        match bytes[at] {
            b'"' => at = string_end(bytes, at),
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                items.push(inner.get(start..at).ok_or_else(broken)?.trim());
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    let last = inner.get(start..).ok_or_else(broken)?.trim();
    if !last.is_empty() {
        items.push(last);
    }
    Ok(items)
}

/// The index of the quote that ends the string opened at `at`.
fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_as_many_digits_as_needed() {
        for (micros, shown) in [
            (0, "\"1970-01-01T00:00:00Z\""),
            (1_672_531_199_000_000, "\"2022-12-31T23:59:59Z\""),
            (1_700_000_000_120_000, "\"2023-11-14T22:13:20.12Z\""),
            (1_700_000_000_000_001, "\"2023-11-14T22:13:20.000001Z\""),
            (-62_135_596_800_000_000, "\"0001-01-01T00:00:00Z\""),
            (253_402_300_800_000_000, "\"+10000-01-01T00:00:00Z\""),
        ] {
            let mut out = String::new();
            instant(micros, &mut out);
            assert_eq!(out, shown);
        }
    }

    #[test]
    fn decimals_have_their_digits() {
        for (token, shown) in [("1234", "\"12.34\""), ("-5", "\"-0.05\""), ("null", "null")] {
            let mut out = String::new();
            write_token(token, Leaf::Decimal(2), Dialect::Sqlite, &mut out);
            assert_eq!(out, shown);
        }
    }

    #[test]
    fn texts_are_escaped_as_json() {
        for text in ["", "plain", "中文", "say \"x\"", "a\\b", "line\nline", "\u{1}\u{7f}"] {
            let mut out = String::new();
            quoted(text, &mut out);
            assert_eq!(out, serde_json::to_string(text).unwrap());
        }
    }
}
