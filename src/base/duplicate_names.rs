//! Finds names that are given twice at one place of a GraphQL text: a field of an
//! input object, or an argument.
//!
//! The parser keeps the last of them, so the text itself is searched.

use std::collections::HashSet;

/// A name that is given twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twice {
    /// The name.
    pub name: String,
    /// It names an argument, not an input field.
    pub argument: bool,
    /// The line of the second, from 1.
    pub line: usize,
    /// The column of the second in characters, from 1.
    pub column: usize,
}

/// The kind of brackets around a place.
enum Within<'t> {
    /// Selections, definitions or a list.
    Others,
    /// Arguments, or an input object.
    Named { arguments: bool, names: HashSet<&'t str> },
}

/// The first name that is given twice. Faults of a text that cannot be parsed are reported by its parser.
pub fn twice(text: &str) -> Option<Twice> {
    let mut open: Vec<Within<'_>> = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = match c {
            '#' => after.trim_start_matches(|c| c != '\n' && c != '\r'),
            '"' => behind_text(rest),
            '(' => {
                open.push(Within::Named { arguments: true, names: HashSet::new() });
                after
            }
            // Braces within arguments enclose a value; elsewhere they enclose selections or definitions.
            '{' => {
                let value = open.iter().any(|one| matches!(one, Within::Named { .. }));
                open.push(match value {
                    true => Within::Named { arguments: false, names: HashSet::new() },
                    false => Within::Others,
                });
                after
            }
            '[' => {
                open.push(Within::Others);
                after
            }
            ')' | '}' | ']' => {
                open.pop();
                after
            }
            // The engine itself reports variables that are given twice.
            '$' => after.trim_start_matches(named),
            c if named(c) => {
                let after = rest.trim_start_matches(named);
                let name = rest.get(..rest.len() - after.len()).unwrap_or_default();
                if let Some(Within::Named { arguments, names }) = open.last_mut()
                    && behind_blanks(after).starts_with(':')
                    && !names.insert(name)
                {
                    let before = text.get(..text.len() - rest.len()).unwrap_or_default();
                    let line = before.rsplit('\n').next().unwrap_or_default();
                    return Some(Twice {
                        name: name.to_owned(),
                        argument: *arguments,
                        line: before.matches('\n').count() + 1,
                        column: line.chars().count() + 1,
                    });
                }
                after
            }
            _ => after,
        };
    }
    None
}

fn named(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The text after white space, commas and comments.
fn behind_blanks(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches([' ', '\t', '\r', '\n', ',', '\u{feff}']);
        match text.strip_prefix('#') {
            Some(comment) => text = comment.trim_start_matches(|c| c != '\n' && c != '\r'),
            None => return text,
        }
    }
}

/// The text after the string that begins here.
fn behind_text(text: &str) -> &str {
    let (mark, block) = match text.starts_with("\"\"\"") {
        true => ("\"\"\"", true),
        false => ("\"", false),
    };
    let mut rest = text.get(mark.len()..).unwrap_or_default();
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(mark) {
            return after;
        }
        let escaped = if block { "\\\"\"\"" } else { "\\" };
        rest = match rest.strip_prefix(escaped) {
            Some(after) if block => after,
            Some(after) => {
                let next = after.chars().next().map_or(0, char::len_utf8);
                after.get(next..).unwrap_or_default()
            }
            None => rest.get(c.len_utf8()..).unwrap_or_default(),
        };
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(String, bool, usize, usize)> {
        twice(text).map(|found| (found.name, found.argument, found.line, found.column))
    }

    #[test]
    fn finds_fields_and_arguments_that_stand_twice() {
        let field = |name: &str, line, column| Some((name.to_owned(), false, line, column));
        assert_eq!(found("{ a(f: {x: 1, y: {x: 2}}) { b b c: b } }"), None);
        assert_eq!(found("{ a(f: {x: 1,\n  x: 2}) }"), field("x", 2, 3));
        assert_eq!(found("query($v: T = {n: {k: A k: B}}) { a }"), field("k", 1, 25));
        assert_eq!(found("{ a(f: [{x: 1}, {x: 2}]) b(f: {x: 1}) }"), None);
        assert_eq!(found("{ a @d(f: {x: \"{x: 1\", y: \"\"\"x: \\\"\"\" \"\"\"}) }"), None);
        assert_eq!(found("{ a(f: {x # x: 1\n : 1, 涂: 1, x: 2}) }"), field("x", 2, 13));
        assert_eq!(
            found("type A { b(c: Int): Int @f(label: \"甲\", label: \"乙\") }"),
            Some(("label".to_owned(), true, 1, 40))
        );
        assert_eq!(found("query($a: Int, $a: Int) { a(b: $a) }"), None);
        assert_eq!(found("enum A { B @l(zh: \"甲\") C @l(zh: \"乙\") }"), None);
    }
}
