//! Grams: pairs of characters by which a text is found, alike on both databases and for every script.
//!
//! Chinese is written without spaces, and two characters are a usual word, so neither words nor trigrams
//! suffice. Each character of a text begins one gram; the last one's gram ends in [`END`]. Grams only narrow
//! a search: every match of [`super::text_match`] has all grams of the searched text. Records with these
//! grams are then checked by `text_match`.
//!
//! A gram is one term of the index. Characters that would separate terms are replaced ([`kept`]).

use std::collections::BTreeSet;

use super::dialect::Dialect;
use crate::base::folding::folded;

/// Follows the last character of a text.
const END: char = '\u{f8ff}';
/// Where ASCII signs and white space are mapped: a private use area of Unicode.
const SIGNS: u32 = 0xe000;

/// The character as part of a term: letters and digits unchanged, ASCII signs and white space mapped.
fn kept(c: char) -> char {
    if c.is_ascii() && !c.is_ascii_alphanumeric() {
        char::from_u32(SIGNS + u32::from(c)).unwrap_or(c)
    } else if c.is_whitespace() {
        // Only an ASCII space separates terms, but no term should look empty.
        char::from_u32(SIGNS + 0x20).unwrap_or(c)
    } else {
        c
    }
}

fn characters(text: &str) -> Vec<char> {
    folded(text).chars().map(kept).collect()
}

/// The grams of a record's texts, joined by spaces.
pub fn grams<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut all = BTreeSet::new();
    for text in texts {
        let mut before = None;
        for c in characters(text).into_iter().chain([END]) {
            if let Some(before) = before {
                all.insert(String::from_iter([before, c]));
            }
            before = Some(c);
        }
    }
    all.into_iter().collect::<Vec<_>>().join(" ")
}

/// The index query for words that occur anywhere in a text: `'天津' & '津涂'`. A single character stands for all
/// grams that begin with it: `'天':*`. On SQLite: `"天津" AND "津涂"`, `"天"*`.
pub fn gram_query<'w>(dialect: Dialect, words: impl IntoIterator<Item = &'w str>) -> String {
    let (quote, any, and) = match dialect {
        Dialect::Postgres => ('\'', ":*", " & "),
        Dialect::Sqlite => ('"', "*", " AND "),
    };
    let mut terms = BTreeSet::new();
    for word in words {
        let characters = characters(word);
        match characters.as_slice() {
            [one] => {
                terms.insert(format!("{quote}{one}{quote}{any}"));
            }
            several => {
                terms.extend(several.windows(2).map(|two| {
                    let gram = two.iter().collect::<String>();
                    format!("{quote}{gram}{quote}")
                }));
            }
        }
    }
    terms.into_iter().collect::<Vec<_>>().join(and)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_terms() {
        let shown = |text: &str| text.replace(END, "$").replace('\u{e02d}', "-");
        let case = |texts: &[&str], expected: &str| {
            assert_eq!(shown(&grams(texts.iter().copied())), expected);
        };
        case(&["天津涂料"], "天津 料$ 津涂 涂料");
        case(&["KH-1", "kh"], "1$ h- h$ kh -1");
        case(&["", "É"], "é$");
        case(&["㎏", "ｶﾞ"], "g$ kg ガ$");
        case(&[], "");
    }

    #[test]
    fn words_become_conditions() {
        let case = |words: &[&str], postgres: &str, sqlite: &str| {
            assert_eq!(gram_query(Dialect::Postgres, words.iter().copied()), postgres);
            assert_eq!(gram_query(Dialect::Sqlite, words.iter().copied()), sqlite);
        };
        case(&["天津涂"], "'天津' & '津涂'", "\"天津\" AND \"津涂\"");
        case(&["A", "bc"], "'a':* & 'bc'", "\"a\"* AND \"bc\"");
        case(
            &["x'\"\\"],
            "'x\u{e027}' & '\u{e022}\u{e05c}' & '\u{e027}\u{e022}'",
            "\"x\u{e027}\" AND \"\u{e022}\u{e05c}\" AND \"\u{e027}\u{e022}\"",
        );
    }

    #[test]
    fn what_is_in_a_text_has_its_grams() {
        let text = "Straße 天津 (Émile)";
        let has = grams([text]);
        for word in ["straße", "STRASSE", "ÉMILE", "天", "（é", "ß", "e", ")"] {
            let all = gram_query(Dialect::Sqlite, [word]);
            for term in all.split(" AND ") {
                let (gram, any) =
                    (term.trim_end_matches('*').trim_matches('"'), term.ends_with('*'));
                let found = has
                    .split(' ')
                    .any(|known| if any { known.starts_with(gram) } else { known == gram });
                assert!(found, "{word}: {term}");
            }
        }
    }
}
