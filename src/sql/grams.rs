//! Grams: pairs of characters by which a text is found, alike on both databases and for every script.
//!
//! Chinese is written without spaces, and two characters are a usual word, so neither words nor trigrams
//! suffice. Each character of a text begins one gram; the last one's gram ends in [`END`]. Grams only narrow
//! a search: every match of [`super::text_match`] has all grams of the searched text. Records with these
//! grams are then checked by `text_match`.
//!
//! A gram is one term of the index. Characters that would separate terms are replaced ([`kept`]).
//!
//! Beside them stand the spellings of what a record is called ([`pinyin`]), each a term with [`SPELT`] before
//! it. A word asks for the terms that begin with it. That is exact: a gram has two characters, and these have at
//! least three, so nothing else of a text is among them.

use std::collections::BTreeSet;

use super::dialect::Dialect;
use crate::base::{folding::folded, pinyin};

/// Follows the last character of a text.
const END: char = '\u{f8ff}';
/// Stands before a spelling. A control character, which nobody writes or searches.
const SPELT: char = '\u{80}';
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

/// The grams of a record's texts, and the spellings of its name, joined by spaces.
pub fn grams<'t>(texts: impl IntoIterator<Item = &'t str>, name: Option<&str>) -> String {
    let spellings = name.map(pinyin::spellings).unwrap_or_default();
    let mut all: BTreeSet<_> =
        spellings.into_iter().map(|spelling| format!("{SPELT}{spelling}")).collect();
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

/// A word of a search.
#[derive(Debug, Clone, Copy)]
pub struct SearchWord<'w> {
    /// As it is written.
    pub text: &'w str,
    /// The beginning of the spellings that it may be, too.
    pub spelling: Option<&'w str>,
}

/// The index query for words that occur anywhere in a text: `'天津' & '津涂'`. A single character stands for all
/// grams that begin with it: `'天':*`. A word that may be a spelling: `('tj' | '<SPELT>tj':*)`. On SQLite:
/// `"天津" AND "津涂"`, `"天"*`, `("tj" OR "<SPELT>tj"*)`.
pub fn gram_query<'w>(dialect: Dialect, words: impl IntoIterator<Item = SearchWord<'w>>) -> String {
    let (and, or) = match dialect {
        Dialect::Postgres => (" & ", " | "),
        Dialect::Sqlite => (" AND ", " OR "),
    };
    let mut terms = BTreeSet::new();
    for SearchWord { text, spelling } in words {
        let own = word_terms(dialect, text);
        match spelling {
            None => terms.extend(own),
            Some(spelling) => {
                let own = own.into_iter().collect::<Vec<_>>().join(and);
                terms.insert(format!("({own}{or}{})", spelling_query(dialect, spelling)));
            }
        }
    }
    terms.into_iter().collect::<Vec<_>>().join(and)
}

/// The grams of a word as terms of a query, of which all must be there.
fn word_terms(dialect: Dialect, word: &str) -> BTreeSet<String> {
    let characters = characters(word);
    match characters.as_slice() {
        [one] => BTreeSet::from([beginning(dialect, &one.to_string())]),
        several => {
            let (quote, _) = term_signs(dialect);
            let grams = several.windows(2).map(|two| two.iter().collect::<String>());
            grams.map(|gram| format!("{quote}{gram}{quote}")).collect()
        }
    }
}

/// The index query for a name whose spelling begins like this, from some syllable on.
pub fn spelling_query(dialect: Dialect, spelling: &str) -> String {
    beginning(dialect, &format!("{SPELT}{spelling}"))
}

/// The query for terms that begin with a text.
fn beginning(dialect: Dialect, text: &str) -> String {
    let (quote, any) = term_signs(dialect);
    format!("{quote}{text}{quote}{any}")
}

/// What stands around a term, and what says that more may follow.
fn term_signs(dialect: Dialect) -> (char, &'static str) {
    match dialect {
        Dialect::Postgres => ('\'', ":*"),
        Dialect::Sqlite => ('"', "*"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_terms() {
        let shown = |text: &str| text.replace(END, "$").replace('\u{e02d}', "-");
        let case = |texts: &[&str], expected: &str| {
            assert_eq!(shown(&grams(texts.iter().copied(), None)), expected);
        };
        case(&["天津涂料"], "天津 料$ 津涂 涂料");
        case(&["KH-1", "kh"], "1$ h- h$ kh -1");
        case(&["", "É"], "é$");
        case(&["㎏", "ｶﾞ"], "g$ kg ガ$");
        case(&[], "");
        assert_eq!(
            grams(["K1", "津安"], Some("津安")).replace([END, SPELT], "$"),
            "1$ k1 $an $ja $jinan 安$ 津安"
        );
    }

    #[test]
    fn words_become_conditions() {
        let case = |words: &[&str], postgres: &str, sqlite: &str| {
            let words = || words.iter().map(|text| SearchWord { text, spelling: None });
            assert_eq!(gram_query(Dialect::Postgres, words()), postgres);
            assert_eq!(gram_query(Dialect::Sqlite, words()), sqlite);
        };
        case(&["天津涂"], "'天津' & '津涂'", "\"天津\" AND \"津涂\"");
        case(&["A", "bc"], "'a':* & 'bc'", "\"a\"* AND \"bc\"");
        case(
            &["x'\"\\"],
            "'x\u{e027}' & '\u{e022}\u{e05c}' & '\u{e027}\u{e022}'",
            "\"x\u{e027}\" AND \"\u{e022}\u{e05c}\" AND \"\u{e027}\u{e022}\"",
        );
        let spelt = [
            SearchWord { text: "tjt", spelling: Some("tjt") },
            SearchWord { text: "安", spelling: None },
        ];
        assert_eq!(gram_query(Dialect::Postgres, spelt), "'安':* & ('jt' & 'tj' | '\u{80}tjt':*)");
        assert_eq!(
            gram_query(Dialect::Sqlite, spelt),
            "\"安\"* AND (\"jt\" AND \"tj\" OR \"\u{80}tjt\"*)"
        );
    }

    #[test]
    fn what_is_in_a_text_has_its_grams() {
        let text = "Straße 天津 (Émile)";
        let has = grams([text], None);
        for word in ["straße", "STRASSE", "ÉMILE", "天", "（é", "ß", "e", ")"] {
            let all = gram_query(Dialect::Sqlite, [SearchWord { text: word, spelling: None }]);
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
