//! Text conditions that ignore case, width and other compatible forms, alike on both
//! databases and for every script.
//!
//! SQLite folds only ASCII, and PostgreSQL only the letters of its locale; neither knows every form of a
//! letter. So a pattern has a character class for each character, with all its forms: `Émile` becomes
//! `[éÉ][mMｍＭ…][iI…][lL…][eE…]`, for GLOB on SQLite and for `~` on PostgreSQL. If one character is another
//! way to write several, it is an alternative: `kg` is `(?:[kK…][gG…]|㎏)`, on SQLite two patterns.

use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func};

use super::{condition_tree::any_of, dialect::Dialect};
use crate::base::folding::{folded, forms, sounded, wholes};

/// The largest number of patterns for a text on SQLite. Parts that would exceed it are
/// searched in their usual form.
const WAYS: usize = 16;

/// Where the text must occur.
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
    /// These characters, in any form.
    Text(String),
    /// Any text.
    Any,
    /// Any one character.
    One,
}

/// The condition that `column` matches `text`, whatever the forms of its characters.
pub fn text_match(dialect: Dialect, column: Expr, how: Match, text: &str) -> Expr {
    let never = || Expr::Constant(1.into()).eq(Expr::Constant(0.into()));
    // Neither database stores U+0000, so no text contains it. SQLite's patterns would end at it.
    if text.contains('\0') {
        return never();
    }
    let pieces = pieces(how, text);
    match dialect {
        Dialect::Sqlite => {
            let each = globs(&pieces).into_iter();
            let each =
                each.map(|glob| column.clone().binary(BinOper::Custom("GLOB"), Expr::val(glob)));
            any_of(each.collect()).unwrap_or_else(never)
        }
        Dialect::Postgres => {
            let body = pieces.iter().map(regex).collect::<String>();
            // In PostgreSQL a dot matches line breaks by default, as with `(?s)`.
            let pattern = format!("^{body}$");
            column.binary(BinOper::Custom("~"), Expr::val(pattern))
        }
    }
}

/// `instr(column, $1) > 0`, on PostgreSQL `strpos(column, $1) > 0`: a text contains another exactly. `LIKE`
/// would ignore the case of ASCII letters on SQLite.
pub fn contains(dialect: Dialect, column: Expr, text: &str) -> Expr {
    let place = match dialect {
        Dialect::Sqlite => "instr",
        Dialect::Postgres => "strpos",
    };
    Expr::from(Func::cust(place).args([column, Expr::val(text)])).gt(Expr::Constant(0.into()))
}

/// The length of a text's pattern on SQLite, in bytes; of several patterns, the longest.
pub fn pattern_length(text: &str) -> usize {
    globs(&pieces(Match::Contains, text)).iter().map(String::len).max().unwrap_or_default()
}

fn pieces(how: Match, text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if matches!(how, Match::Contains | Match::EndsWith) {
        pieces.push(Piece::Any);
    }
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let wild = match (how, c) {
            (Match::Like, '%') => Piece::Any,
            (Match::Like, '_') => Piece::One,
            (Match::Like, '\\') => {
                plain.push(chars.next().unwrap_or('\\'));
                continue;
            }
            (_, c) => {
                plain.push(c);
                continue;
            }
        };
        pieces.extend(text_piece(&mut plain));
        pieces.push(wild);
    }
    pieces.extend(text_piece(&mut plain));
    if matches!(how, Match::Contains | Match::StartsWith) {
        pieces.push(Piece::Any);
    }
    pieces
}

fn text_piece(plain: &mut String) -> Option<Piece> {
    let text = folded(&std::mem::take(plain));
    (!text.is_empty()).then_some(Piece::Text(text))
}

/// The parts of a text, in order, each with all ways to write it. The usual way comes first.
fn ways(text: &str, class: fn(char) -> String) -> Vec<Vec<String>> {
    let text: Vec<char> = text.chars().collect();
    let classes = |part: &[char]| part.iter().map(|c| class(*c)).collect::<String>();
    let (mut parts, mut at) = (Vec::new(), 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let wholes = wholes(rest);
        let length = wholes.iter().map(|(length, _)| *length).max().unwrap_or(1);
        let part = rest.get(..length).unwrap_or(rest);
        let mut ways = vec![classes(part)];
        for (length, whole) in wholes {
            ways.push(class(whole) + &classes(part.get(length..).unwrap_or_default()));
        }
        if let [one] = part
            && let Some((kana, mark)) = sounded(*one)
        {
            ways.push(class(kana) + &class(mark));
        }
        parts.push(ways);
        at += length;
    }
    parts
}

/// The patterns for SQLite. GLOB has no alternatives within a pattern.
fn globs(pieces: &[Piece]) -> Vec<String> {
    let mut all = vec![String::new()];
    for piece in pieces {
        let parts = match piece {
            Piece::Any => vec![vec!["*".to_owned()]],
            Piece::One => vec![vec!["?".to_owned()]],
            Piece::Text(text) => ways(text, glob_class),
        };
        for ways in parts {
            let few = all.len() * ways.len() <= WAYS;
            let ways = ways.get(..if few { ways.len() } else { 1 }).unwrap_or_default();
            let longer =
                all.iter().flat_map(|glob| ways.iter().map(move |way| format!("{glob}{way}")));
            all = longer.collect();
        }
    }
    all
}

fn glob_class(c: char) -> String {
    match (forms(c).as_slice(), c) {
        (['*' | '?' | '['], c) => format!("[{c}]"),
        ([_], c) => c.to_string(),
        // A class must not begin with `^`, and `]` ends a class unless it comes first.
        (several, '^') => format!("[{}]", several.iter().rev().collect::<String>()),
        (several, _) => format!("[{}]", several.iter().collect::<String>()),
    }
}

fn regex(piece: &Piece) -> String {
    match piece {
        Piece::Any => ".*".to_owned(),
        Piece::One => ".".to_owned(),
        Piece::Text(text) => {
            let parts = ways(text, regex_class).into_iter();
            let joined = parts.map(|ways| match ways.as_slice() {
                [one] => one.clone(),
                several => format!("(?:{})", several.join("|")),
            });
            joined.collect()
        }
    }
}

fn regex_class(c: char) -> String {
    let escaped = |c: &char| match c {
        sign if sign.is_ascii_punctuation() => format!("\\{sign}"),
        plain => plain.to_string(),
    };
    match forms(c).as_slice() {
        [one] => escaped(one),
        several => format!("[{}]", several.iter().map(escaped).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(how: Match, text: &str) -> (Vec<String>, String) {
        let pieces = pieces(how, text);
        (globs(&pieces), pieces.iter().map(regex).collect())
    }

    #[test]
    fn no_character_takes_many_bytes() {
        let all = (0..=0x10_ffff_u32).filter_map(char::from_u32);
        let folded = all.flat_map(|c| folded(&c.to_string()).chars().collect::<Vec<_>>());
        assert!(folded.map(|c| glob_class(c).len()).max().unwrap() < 200);
        assert_eq!(pattern_length("ab"), globs(&pieces(Match::Contains, "ab"))[0].len());
    }

    #[test]
    fn characters_become_classes_and_signs_are_escaped() {
        let case = |how, text: &str, g: &str, r: &str| {
            assert_eq!(both(how, text), (vec![g.to_owned()], r.to_owned()), "{text}");
        };
        case(Match::Contains, "涂料", "*涂[料\u{f9be}\u{1f21b}]*", ".*涂[料\u{f9be}\u{1f21b}].*");
        case(Match::StartsWith, "é", "[éÉ]*", "[éÉ].*");
        case(Match::EndsWith, "*?[", "*[*﹡＊][?︖﹖？][[﹇［]", ".*[\\*﹡＊][\\?︖﹖？][\\[﹇［]");
        case(Match::Like, "涂%_\\%", "涂*?[%﹪％]", "涂.*.[\\%﹪％]");
        case(Match::Contains, "", "**", ".*.*");
        case(Match::Contains, "^", "*[＾^]*", ".*[\\^＾].*");
        case(Match::Contains, "］", "*[]﹈］]*", ".*[\\]﹈］].*");
        case(Match::Contains, "（", "*[(⁽₍︵﹙（]*", ".*[\\(⁽₍︵﹙（].*");
    }

    #[test]
    fn what_is_written_otherwise_has_patterns_of_its_own() {
        let (globs, regex) = both(Match::StartsWith, "ガ");
        assert_eq!(globs.len(), 2);
        assert!(globs[0].starts_with("ガ") && globs[1].contains('ｶ'), "{globs:?}");
        assert!(regex.starts_with("(?:ガ|["), "{regex}");
        let (globs, regex) = both(Match::Contains, "kg");
        assert!(globs.contains(&"*㎏*".to_owned()), "{globs:?}");
        assert!(regex.contains("|㎏)"), "{regex}");
        // No text has more than this many patterns.
        assert!(both(Match::Contains, &"kgfiffi".repeat(20)).0.len() <= WAYS);
    }
}
