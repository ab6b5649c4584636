//! Grams: the pieces of two characters that a text is found by, alike on both databases and for every script.
//!
//! Chinese is written without spaces, and two characters are a usual word, so that neither words nor pieces of
//! three would do. Each character of a text is the beginning of one gram, the last one's ends in [`END`].
//! Grams only narrow a search down: whatever [`super::text_match`] finds has all grams of what was searched for,
//! and what has them is then looked at by it.
//!
//! A gram is one term of the index: characters that would part terms are put elsewhere ([`kept`]).

use std::collections::BTreeSet;

use super::dialect::Dialect;
use crate::base::folding::folded;

/// Behind the last character of a text.
const END: char = '\u{f8ff}';
/// Where ASCII signs and white space are put: a private use area of Unicode.
const SIGNS: u32 = 0xe000;

/// The character as part of a term: letters and digits as they are, ASCII signs elsewhere.
fn kept(c: char) -> char {
    if c.is_ascii() && !c.is_ascii_alphanumeric() {
        char::from_u32(SIGNS + u32::from(c)).unwrap_or(c)
    } else if c.is_whitespace() {
        // What terms are joined by; only ASCII space joins, but no term should look empty.
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

/// What a word, which stands anywhere in a text, is looked for by in the index: `'天津' & '津涂'`, and for a
/// single character all grams that begin with it, `'天':*`; on SQLite `"天津" AND "津涂"`, `"天"*`.
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
