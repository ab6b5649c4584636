//! Rewrites the parts of GraphQL texts that our parser does not support or misreads.
//!
//! Escapes such as `\u{1F600}` and pairs such as `\uD83D\uDE00` belong to the current specification; the
//! parser supports only `\u0041`. `-0` is a whole number, which the parser reads as a float, because no
//! integer has its sign. A carriage return alone ends a line, too, which the parser does not count. A byte
//! order mark is no character.

use std::borrow::Cow;

/// The text without a byte order mark, in lines that end in `\n`.
pub fn lined(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut returns = text.match_indices('\r').map(|(at, _)| at);
    let alone = |at: usize| !text.get(at + 1..).is_some_and(|rest| rest.starts_with('\n'));
    if !returns.any(alone) {
        return Cow::Borrowed(text);
    }
    let mut ahead = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = ahead.next() {
        let alone = c == '\r' && ahead.peek() != Some(&'\n');
        out.push(if alone { '\n' } else { c });
    }
    Cow::Owned(out)
}

/// The same with such escapes written out, and zero without a sign. Every token keeps its line and, except a
/// signed zero, its column.
pub fn plain(text: &str) -> Cow<'_, str> {
    let text = lined(text);
    if !text.contains("\\u") && !text.contains("-0") {
        return text;
    }
    let text: &str = &text;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '#' => rest.find(['\n', '\r']).unwrap_or(rest.len()),
            '"' if rest.starts_with("\"\"\"") => block(rest),
            '"' => {
                let taken = string(rest, &mut out);
                rest = rest.get(taken..).unwrap_or_default();
                continue;
            }
            '-' if signed_zero(rest) => {
                out.push(' ');
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            other => other.len_utf8(),
        };
        out.push_str(rest.get(..taken).unwrap_or_default());
        rest = rest.get(taken..).unwrap_or_default();
    }
    Cow::Owned(out)
}

/// Whether a text begins with `-0` that is not part of a longer number.
fn signed_zero(text: &str) -> bool {
    let longer = |next: u8| next.is_ascii_alphanumeric() || matches!(next, b'.' | b'_');
    text.strip_prefix("-0").is_some_and(|rest| !rest.bytes().next().is_some_and(longer))
}

/// The length of a block string in bytes. Its only escape is `\"""`.
fn block(text: &str) -> usize {
    let mut at = 3;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("\"\"\"") {
            return at + 3;
        }
        at += match rest.starts_with("\\\"\"\"") {
            true => 4,
            false => rest.chars().next().map_or(1, char::len_utf8),
        };
    }
    text.len()
}

/// Writes a string with its escapes in the older form, and returns how many bytes it had.
fn string(text: &str, out: &mut String) -> usize {
    out.push('"');
    let (mut at, mut shorter) = (1, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        match first {
            // A string ends with its line; the parser reports that.
            '\n' | '\r' => break,
            '"' => {
                out.push('"');
                out.extend(std::iter::repeat_n(' ', shorter));
                return at + 1;
            }
            '\\' => {
                let (taken, written) = match escaped(rest) {
                    Some((taken, character)) => (taken, spelled(character)),
                    None => {
                        let taken = 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
                        (taken, rest.get(..taken).unwrap_or_default().to_owned())
                    }
                };
                let (before, after) = (rest.get(..taken), written.chars().count());
                shorter += before.map_or(0, |text| text.chars().count()).saturating_sub(after);
                out.push_str(&written);
                at += taken;
            }
            other => {
                out.push(other);
                at += other.len_utf8();
            }
        }
    }
    at
}

/// A character in a form that the parser reads.
fn spelled(character: char) -> String {
    match u32::from(character) {
        0x22 => "\\\"".to_owned(),
        0x5C => "\\\\".to_owned(),
        code @ 0..0x20 => match character {
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            _ => format!("\\u{code:04X}"),
        },
        _ => character.to_string(),
    }
}

/// The length in bytes and the character of an escape of the newer kinds.
pub(super) fn escaped(text: &str) -> Option<(usize, char)> {
    let digits = text.strip_prefix("\\u")?;
    if let Some(inner) = digits.strip_prefix('{') {
        let end = inner.find('}')?;
        let code = hex(inner.get(..end)?)?;
        return Some((text.len() - inner.len() + end + 1, char::from_u32(code)?));
    }
    let high = hex(digits.get(..4)?).filter(|high| (0xD800..0xDC00).contains(high))?;
    let low = digits.get(4..)?.strip_prefix("\\u")?.get(..4)?;
    let low = hex(low).filter(|low| (0xDC00..0xE000).contains(low))?;
    let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    Some((12, char::from_u32(code)?))
}

fn hex(digits: &str) -> Option<u32> {
    let digits = Some(digits).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let short = digits.trim_start_matches('0');
    match short.len() {
        0 if digits.is_empty() => None,
        0 => Some(0),
        1..=8 => u32::from_str_radix(short, 16).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_escapes_are_written_out() {
        for (text, expected) in [
            (r#"{ a(b: "\u{1F600}") c }"#, "{ a(b: \"😀\"        ) c }"),
            (r#"{ a(b: "\uD83D\uDE00") }"#, "{ a(b: \"😀\"           ) }"),
            (r#"{ a(b: "x\u{22}\u{5c}\u{0a}") }"#, "{ a(b: \"x\\\"\\\\\\n\"            ) }"),
            (r#"{ a(b: "\u{0000041}") }"#, "{ a(b: \"A\"          ) }"),
            (r#""\\u{41}""#, r#""\\u{41}""#),
            (r"# \u{41} ", r"# \u{41} "),
            (r#""""\u{41} \""" " """ "\u{41}""#, r#""""\u{41} \""" " """ "A"     "#),
            (r#"{ a(b: "\u00e9") }"#, r#"{ a(b: "\u00e9") }"#),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn zero_has_no_sign() {
        for (text, expected) in [
            ("{ a(n: -0) }", "{ a(n:  0) }"),
            ("{ a(n:[-0,-0]) }", "{ a(n:[ 0, 0]) }"),
            (
                "{ a(n: -0.5, m: -0e1, o: -01, p: -0.0) }",
                "{ a(n: -0.5, m: -0e1, o: -01, p: -0.0) }",
            ),
            (r#"{ a(t: "-0", u: """-0""") } # -0"#, r#"{ a(t: "-0", u: """-0""") } # -0"#),
            ("-0", " 0"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }

    #[test]
    fn every_end_of_a_line_counts() {
        for (text, expected) in
            [("{ a }", "{ a }"), ("\u{feff}{\ra\r\nb\r\r}", "{\na\r\nb\n\n}"), ("\r", "\n")]
        {
            assert_eq!(lined(text), expected, "{text:?}");
            assert_eq!(plain(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_stands_for_no_character_stays() {
        for text in [
            r#""\u{}""#,
            r#""\u{110000}""#,
            r#""\u{D800}""#,
            r#""\uD83D""#,
            r#""\uDE00\uD83D""#,
            r#""\u{1F600""#,
            r#""\u{+1}""#,
            r#""\u"#,
            "\"\\u{41\n}\"",
        ] {
            assert_eq!(plain(text), text, "{text}");
        }
    }
}
