//! Writes typed rows as JSON by hand, into one buffer.

use chrono::{DateTime, Datelike, Timelike, Utc};

/// Writes `,"key":`, without the comma after an opening brace.
pub(super) fn key(key: &str, out: &mut String) {
    out.push_str(if out.ends_with('{') { "\"" } else { ",\"" });
    out.push_str(key);
    out.push_str("\":");
}

/// Writes a text, escaped if necessary, or null.
pub(super) fn text(text: Option<&str>, out: &mut String) {
    let Some(text) = text else { return out.push_str("null") };
    if text.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
    } else {
        plain(text, out);
    }
}

/// Writes a text that needs no escaping.
pub(super) fn plain(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}

/// Writes an instant in RFC 3339, with as few digits of a second as possible.
pub(super) fn instant(at: DateTime<Utc>, out: &mut String) {
    out.push('"');
    digits(u32::try_from(at.year()).unwrap_or(0), 1_000, out);
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
    let micros = at.timestamp_subsec_micros();
    if micros > 0 {
        out.push('.');
        digits(micros, 100_000, out);
        out.truncate(out.trim_end_matches('0').len());
    }
    out.push_str("Z\"");
}

/// Writes the digits of a number from a given decimal place down.
fn digits(number: u32, mut place: u32, out: &mut String) {
    while place > 0 {
        out.push(char::from_digit(number / place % 10, 10).unwrap_or('0'));
        place /= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_the_api_does() {
        for (micros, shown) in [
            (1_672_531_200_000_000, "\"2023-01-01T00:00:00Z\""),
            (1_700_000_000_120_000, "\"2023-11-14T22:13:20.12Z\""),
        ] {
            let mut out = String::new();
            instant(DateTime::from_timestamp_micros(micros).unwrap(), &mut out);
            assert_eq!(out, shown);
        }
    }

    #[test]
    fn texts_are_escaped() {
        let mut out = String::from("{");
        key("a", &mut out);
        text(Some("x\"y"), &mut out);
        key("b", &mut out);
        text(None, &mut out);
        assert_eq!(out, r#"{"a":"x\"y","b":null"#);
    }
}
