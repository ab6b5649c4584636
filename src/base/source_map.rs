//! Finds the characters of a text in the document in which it was written as a string.
//!
//! A block string loses its indent and its first and last blank lines, any other string its escapes. A fault
//! of such a text is reported at its place in the document. Must not know the meaning of the text.

use super::escapes;

/// A place in a text: line and column in characters, both from 1.
pub type Place = (usize, usize);

/// A text as it was written in a document: the place of each of its characters, by line.
#[derive(Debug, Clone)]
pub struct Written {
    lines: Vec<Vec<Place>>,
    /// The place after its last character.
    end: Place,
}

/// A character of a document with its place.
type Placed = (char, Place);

impl Written {
    /// The string that begins at a place of a document, if its value is the text.
    pub fn find(document: &str, at: Place, text: &str) -> Option<Self> {
        let document = escapes::lined(document);
        let all = placed(&document);
        let from = all.iter().position(|(_, place)| *place == at)?;
        let rest = all.get(from..)?;
        let quotes = |at: usize| rest.get(at..at + 3).is_some_and(|all| all.iter().all(quote));
        let lines = if quotes(0) { block(rest) } else { string(rest)? };
        let value: Vec<String> =
            lines.iter().map(|line| line.iter().map(|(c, _)| c).collect()).collect();
        if value.join("\n") != text {
            return None;
        }
        let last = lines.iter().rev().find_map(|line| line.last());
        let end = last.map_or(at, |(_, (line, column))| (*line, column + 1));
        let places = |line: &Vec<Placed>| line.iter().map(|(_, place)| *place).collect();
        Some(Self { lines: lines.iter().map(places).collect(), end })
    }

    /// The place in the document for a place in the text.
    pub fn place(&self, (line, column): Place) -> Place {
        let known = |line: usize| self.lines.get(line.checked_sub(1)?);
        match known(line) {
            None => self.end,
            Some(places) => match (places.get(column.saturating_sub(1)), places.last()) {
                (Some(place), _) => *place,
                (None, Some((line, last))) => (*line, last + 1),
                // An empty line: the line before the next one that is not empty, or the end of the text.
                (None, None) => {
                    let next = self.lines.iter().skip(line).find_map(|line| line.first());
                    next.map_or(self.end, |(line, _)| (line.saturating_sub(1), 1))
                }
            },
        }
    }
}

fn quote((c, _): &Placed) -> bool {
    *c == '"'
}

fn placed(text: &str) -> Vec<Placed> {
    let (mut line, mut column) = (1, 1);
    let place = |c: char| {
        let at = (line, column);
        (line, column) = match c {
            '\n' => (line + 1, 1),
            // A line feed follows.
            '\r' => (line, 1),
            _ => (line, column + 1),
        };
        (c, at)
    };
    text.chars().map(place).collect()
}

/// The lines of a block string's value, according to the specification.
fn block(rest: &[Placed]) -> Vec<Vec<Placed>> {
    let mut lines: Vec<Vec<Placed>> = vec![Vec::new()];
    let mut at = 3;
    while let Some(one) = rest.get(at) {
        let quotes = |from: usize| rest.get(from..from + 3).is_some_and(|q| q.iter().all(quote));
        match one.0 {
            '"' if quotes(at) => break,
            '\\' if quotes(at + 1) => {
                let raw = rest.get(at..at + 4).unwrap_or_default();
                if let Some(line) = lines.last_mut() {
                    line.extend_from_slice(raw);
                }
                at += 4;
                continue;
            }
            '\r' => {}
            '\n' => lines.push(Vec::new()),
            _ => {
                if let Some(line) = lines.last_mut() {
                    line.push(*one);
                }
            }
        }
        at += 1;
    }
    let blank = |(c, _): &Placed| matches!(c, ' ' | '\t');
    let indent = |line: &Vec<Placed>| line.iter().position(|one| !blank(one));
    let common = lines.iter().skip(1).filter_map(indent).min().unwrap_or(0);
    for line in lines.iter_mut().skip(1) {
        if line.len() >= common {
            line.drain(..common);
        }
    }
    let full = |line: &Vec<Placed>| line.iter().any(|one| !blank(one));
    let first = lines.iter().position(full).unwrap_or(lines.len());
    let last = lines.iter().rposition(full).map_or(0, |at| at + 1);
    lines.truncate(last);
    lines.drain(..first.min(lines.len()));
    if lines.is_empty() {
        lines.push(Vec::new());
    }
    lines
}

/// The lines of a string's value, with its escapes resolved; `None` if it is not closed.
fn string(rest: &[Placed]) -> Option<Vec<Vec<Placed>>> {
    let mut lines: Vec<Vec<Placed>> = vec![Vec::new()];
    let mut at = 1;
    loop {
        let (c, place) = *rest.get(at)?;
        let (read, taken) = match c {
            '"' => return Some(lines),
            '\n' | '\r' => return None,
            '\\' => {
                let ahead: String = rest.get(at..)?.iter().take(12).map(|(c, _)| c).collect();
                escape(&ahead)?
            }
            c => (c, 1),
        };
        match read {
            '\n' => lines.push(Vec::new()),
            read => lines.last_mut()?.push((read, place)),
        }
        at += taken;
    }
}

/// The character of an escape, and the number of characters that it takes.
fn escape(text: &str) -> Option<(char, usize)> {
    if let Some((taken, character)) = escapes::escaped(text) {
        return Some((character, taken));
    }
    Some(match text.chars().nth(1)? {
        'n' => ('\n', 2),
        'r' => ('\r', 2),
        't' => ('\t', 2),
        'b' => ('\u{8}', 2),
        'f' => ('\u{c}', 2),
        'u' => (char::from_u32(u32::from_str_radix(text.get(2..6)?, 16).ok()?)?, 6),
        other => (other, 2),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_document() {
        let document =
            "mutation {\r\n  a(sdl: \"\"\"\n\n    type A {\n      b: 涂 c\n\n    }\n  \"\"\")\n}";
        let text = "type A {\n  b: 涂 c\n\n}";
        let written = Written::find(document, (2, 10), text).unwrap();
        for (place, sent) in [
            ((1, 1), (4, 5)),
            ((1, 6), (4, 10)),
            ((2, 3), (5, 7)),
            ((2, 8), (5, 12)),
            ((3, 1), (6, 1)),
            ((4, 1), (7, 5)),
            ((4, 2), (7, 6)),
            ((9, 1), (7, 6)),
        ] {
            assert_eq!(written.place(place), sent, "{place:?}");
        }
    }

    #[test]
    fn escapes_stand_where_they_were_written() {
        let document = "\u{feff}{ a(x: \"1\\n\\\"2\\u{1F600}3\\uD83D\\uDE00\\u00414\") }";
        let text = "1\n\"2😀3😀A4";
        let written = Written::find(document, (1, 8), text).unwrap();
        for (place, sent) in [
            ((1, 1), (1, 9)),
            ((2, 1), (1, 12)),
            ((2, 3), (1, 15)),
            ((2, 4), (1, 24)),
            ((2, 7), (1, 43)),
        ] {
            assert_eq!(written.place(place), sent, "{place:?}");
        }
        assert!(Written::find(document, (1, 8), "another").is_none());
        assert!(Written::find("{ a(x: \"1", (1, 8), "1").is_none());
    }
}
