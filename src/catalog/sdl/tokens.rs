//! The tokens of a definition text with their places in bytes. Comments, blanks and commas lie between tokens.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SdlTokenKind {
    /// A name or a number.
    Name,
    /// A text, with its quotes.
    Text,
    /// One of `! $ & ( ) : = @ [ ] { | }`.
    Sign(char),
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SdlToken {
    pub(super) kind: SdlTokenKind,
    pub(super) range: Range<usize>,
}

/// The tokens of a text. None where a text in it does not end.
pub(super) fn tokens(text: &str) -> Option<Vec<SdlToken>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next()?;
        let (kind, length) = match first {
            '#' => {
                at += rest.find(['\n', '\r']).unwrap_or(rest.len());
                continue;
            }
            ' ' | '\t' | '\n' | '\r' | ',' | '\u{feff}' => {
                at += first.len_utf8();
                continue;
            }
            '"' => (SdlTokenKind::Text, string(rest)?),
            '!' | '$' | '&' | '(' | ')' | ':' | '=' | '@' | '[' | ']' | '{' | '|' | '}' => {
                (SdlTokenKind::Sign(first), 1)
            }
            c if word(c) || c == '-' => {
                let length = rest.find(|c| !word(c) && c != '-' && c != '+').unwrap_or(rest.len());
                (SdlTokenKind::Name, length)
            }
            _ => return None,
        };
        found.push(SdlToken { kind, range: at..at + length });
        at += length;
    }
    Some(found)
}

fn word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '.'
}

/// The length in bytes of the text with which `rest` begins, quotes included.
fn string(rest: &str) -> Option<usize> {
    let (quotes, escape) = match rest.starts_with("\"\"\"") {
        true => ("\"\"\"", "\\\"\"\""),
        false => ("\"", "\\"),
    };
    let mut at = quotes.len();
    loop {
        let left = rest.get(at..).filter(|left| !left.is_empty())?;
        if left.starts_with(escape) {
            at += escape.len();
            // In a plain text the escaped character follows; it may be a quote.
            if quotes.len() == 1 {
                at += left.chars().nth(1)?.len_utf8();
            }
        } else if left.starts_with(quotes) {
            return Some(at + quotes.len());
        } else {
            let next = left.chars().next()?;
            if quotes.len() == 1 && next == '\n' {
                return None;
            }
            at += next.len_utf8();
        }
    }
}

/// The end of the line's rest behind a token: blanks, commas and a comment, without the line's end.
pub(super) fn rest_of_line(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    let blank = rest.find(|c| !matches!(c, ' ' | '\t' | ',')).unwrap_or(rest.len());
    let behind = rest.get(blank..).unwrap_or_default();
    match behind.chars().next() {
        Some('#') => end + blank + behind.find(['\n', '\r']).unwrap_or(behind.len()),
        Some('\n' | '\r') | None => end + blank,
        // Commas go with what they follow.
        Some(_) => end + rest.get(..blank).and_then(|t| t.rfind(',')).map_or(0, |at| at + 1),
    }
}
