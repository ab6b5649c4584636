//! Renamed fields in the text of an expression. Texts within it, functions and everything between names stay.

use super::Renames;
use crate::catalog::object::Object;

impl Renames<'_> {
    /// An expression over a record of an object, if it reads something renamed.
    pub fn expression(&self, object: &Object, text: &str) -> Option<String> {
        let (mut out, mut done, mut any) = (String::with_capacity(text.len()), 0, false);
        for (start, path) in paths(text) {
            let plain = path.split('.').map(str::trim).collect::<Vec<_>>().join(".");
            let renamed = match plain.strip_prefix("viewer.") {
                // Whoever asks is an employee.
                Some(rest) => {
                    let rest = self.object("Employee").and_then(|viewer| self.path(viewer, rest));
                    rest.map(|rest| format!("viewer.{rest}"))
                }
                None => self.path(object, &plain),
            };
            if let Some(renamed) = renamed {
                out.push_str(text.get(done..start).unwrap_or_default());
                out.push_str(&renamed);
                done = start + path.len();
                any = true;
            }
        }
        out.push_str(text.get(done..).unwrap_or_default());
        any.then_some(out)
    }
}

/// The text of an expression with some paths written otherwise, those for which `new` gives a text.
pub(in crate::catalog) fn rewritten(text: &str, new: impl Fn(&str) -> Option<String>) -> String {
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for (start, path) in paths(text) {
        let Some(new) = new(path) else { continue };
        out.push_str(text.get(done..start).unwrap_or_default());
        out.push_str(&new);
        done = start + path.len();
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// The paths that an expression reads, each with its place in bytes: names joined by dots, without functions.
fn paths(text: &str) -> Vec<(usize, &str)> {
    let bytes = text.as_bytes();
    let name = |at: usize| bytes.get(at).is_some_and(|c| c.is_ascii_alphanumeric() || *c == b'_');
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(first) = bytes.get(at) {
        if *first == b'"' || *first == b'\'' {
            at = behind_text(bytes, at);
            continue;
        }
        if !name(at) {
            at += 1;
            continue;
        }
        let start = at;
        let mut end = at;
        let last = loop {
            let step = end;
            while name(end) {
                end += 1;
            }
            let dot = skip_blanks(bytes, end);
            let next = skip_blanks(bytes, dot + 1);
            if bytes.get(dot) != Some(&b'.') || !name(next) || bytes[next].is_ascii_digit() {
                break step;
            }
            end = next;
        };
        at = end;
        // A prefix such as `r` belongs to the text behind it.
        let text_follows = matches!(bytes.get(end), Some(b'"' | b'\''));
        if bytes.get(skip_blanks(bytes, end)) == Some(&b'(') {
            // `text.contains(…)`: the last name is a function.
            let path = text.get(start..last).unwrap_or_default().trim_end();
            end = start + path.strip_suffix('.').unwrap_or(path).trim_end().len();
        }
        if end > start && !first.is_ascii_digit() && !text_follows {
            found.extend(text.get(start..end).map(|path| (start, path)));
        }
    }
    found
}

fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// The place behind a text that begins here.
fn behind_text(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'\\' => 2,
            byte if *byte == quote => return at + 1,
            _ => 1,
        };
    }
    at
}
