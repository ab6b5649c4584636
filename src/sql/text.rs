//! Text conditions that disregard case and width and mean the same on both databases and for every script.
//!
//! SQLite folds only ASCII, PostgreSQL only what its locale knows. A pattern of character classes,
//! one class per letter that has two cases, needs no folding by the database:
//! `Émile` is searched as `[Éé][Mm][Ii][Ll][Ee]`, by GLOB on SQLite and by `~` on PostgreSQL. Signs, digits and letters
//! of ASCII stand there in full width too: `(` is `[(（]`, `m` is `[mMｍＭ]`.

use sea_orm::sea_query::{BinOper, Expr, ExprTrait};

use super::dialect::Dialect;
use crate::base::text::{narrow, wide};

/// Where the text must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Match {
    /// Anywhere.
    Contains,
    /// At the start.
    StartsWith,
    /// At the end.
    EndsWith,
    /// The whole text, with `%` for any text and `_` for any character.
    Like,
}

/// One piece of a pattern.
enum Piece {
    /// This character, in any case and width.
    Char(char),
    /// Any text.
    Any,
    /// Any one character.
    One,
}

/// `column` matches `text`, whatever the case and width.
pub fn text_match(dialect: Dialect, column: Expr, how: Match, text: &str) -> Expr {
    // Neither database stores U+0000, so that no text has it; SQLite's patterns would end at it.
    if text.contains('\0') {
        return Expr::Constant(1.into()).eq(Expr::Constant(0.into()));
    }
    let pieces = pieces(how, text);
    match dialect {
        Dialect::Sqlite => {
            let pattern = pieces.iter().map(glob).collect::<String>();
            column.binary(BinOper::Custom("GLOB"), Expr::val(pattern))
        }
        Dialect::Postgres => {
            let body = pieces.iter().map(regex).collect::<String>();
            // `(?s)`-like behaviour is the default of PostgreSQL: a dot matches a line break too.
            let pattern = format!("^{body}$");
            column.binary(BinOper::Custom("~"), Expr::val(pattern))
        }
    }
}

fn pieces(how: Match, text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if matches!(how, Match::Contains | Match::EndsWith) {
        pieces.push(Piece::Any);
    }
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        pieces.push(match (how, c) {
            (Match::Like, '%') => Piece::Any,
            (Match::Like, '_') => Piece::One,
            (Match::Like, '\\') => Piece::Char(chars.next().unwrap_or('\\')),
            (_, c) => Piece::Char(c),
        });
    }
    if matches!(how, Match::Contains | Match::StartsWith) {
        pieces.push(Piece::Any);
    }
    pieces
}

/// The character in each case it has as a single character, each of usual and of full width.
pub(super) fn cases(c: char) -> Vec<char> {
    let narrow = cases_alone(narrow(c));
    let wide: Vec<_> = narrow.iter().filter_map(|c| wide(*c)).collect();
    narrow.into_iter().chain(wide).collect()
}

fn cases_alone(c: char) -> Vec<char> {
    let mut cases = vec![c];
    let mut add = |mut folded: Box<dyn Iterator<Item = char>>| {
        if let (Some(one), None) = (folded.next(), folded.next())
            && !cases.contains(&one)
        {
            cases.push(one);
        }
    };
    add(Box::new(c.to_lowercase()));
    add(Box::new(c.to_uppercase()));
    cases
}

fn glob(piece: &Piece) -> String {
    match piece {
        Piece::Any => "*".to_owned(),
        Piece::One => "?".to_owned(),
        Piece::Char(c) => match (cases(*c).as_slice(), c) {
            ([_], c) => c.to_string(),
            // What begins a class must not be `^`, and `]` ends one anywhere else.
            (several, '^' | '\u{ff3e}') => {
                format!("[{}]", several.iter().rev().collect::<String>())
            }
            (several, _) => format!("[{}]", several.iter().collect::<String>()),
        },
    }
}

fn regex(piece: &Piece) -> String {
    match piece {
        Piece::Any => ".*".to_owned(),
        Piece::One => ".".to_owned(),
        Piece::Char(c) => match cases(*c).as_slice() {
            [one] => one.to_string(),
            several => {
                let each = several.iter().map(|c| match c {
                    sign if sign.is_ascii_punctuation() => format!("\\{sign}"),
                    plain => plain.to_string(),
                });
                format!("[{}]", each.collect::<String>())
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(how: Match, text: &str) -> (String, String) {
        let pieces = pieces(how, text);
        (pieces.iter().map(glob).collect(), pieces.iter().map(regex).collect())
    }

    #[test]
    fn letters_become_classes_and_signs_are_escaped() {
        let case = |how, text: &str, g: &str, r: &str| {
            assert_eq!(both(how, text), (g.to_owned(), r.to_owned()), "{text}");
        };
        case(Match::Contains, "涂料", "*涂料*", ".*涂料.*");
        case(Match::StartsWith, "é1", "[éÉ][1１]*", "[éÉ][1１].*");
        case(
            Match::EndsWith,
            "a*?[",
            "*[aAａＡ][*＊][?？][[［]",
            ".*[aAａＡ][\\*＊][\\?？][\\[［]",
        );
        case(Match::Like, "a%_\\%", "[aAａＡ]*?[%％]", "[aAａＡ].*.[\\%％]");
        case(Match::Contains, "", "**", ".*.*");
        case(Match::Contains, "^", "*[＾^]*", ".*[\\^＾].*");
        case(Match::Contains, "］-", "*[]］][-－]*", ".*[\\]］][\\-－].*");
        case(Match::Contains, " （", "*[ \u{3000}][(（]*", ".*[ \u{3000}][\\(（].*");
    }
}
