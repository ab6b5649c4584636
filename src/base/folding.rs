//! The forms in which texts are searched: compatibility form (NFKC), and one case.
//!
//! `㎏` is searched as `kg`, `ｶﾞ` as `ガ`, `Straße` as `strasse`, `İ` and `ı` as `i`, `①` as `1`. Stored texts
//! are not changed; both databases search with patterns that contain every form.

use std::{collections::HashMap, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

/// The ranges of characters that fold to others. Mathematical letters are left out: a search for one finds
/// the plain letter, but a search for the plain letter does not find it.
const RANGES: [(u32, u32); 14] = [
    (0x20, 0x33ff),
    (0xa640, 0xabbf),
    (0xf900, 0xffef),
    (0x1_0400, 0x1_04ff),
    (0x1_0570, 0x1_05bf),
    (0x1_0780, 0x1_07bf),
    (0x1_0c80, 0x1_0cff),
    (0x1_18a0, 0x1_18df),
    (0x1_6e40, 0x1_6e7f),
    (0x1_e030, 0x1_e06f),
    (0x1_e900, 0x1_e943),
    (0x1_f100, 0x1_f1ff),
    (0x1_f200, 0x1_f25f),
    (0x2_f800, 0x2_fa1f),
];

/// All characters that fold to others.
#[derive(Default)]
struct Forms {
    /// By the one character to which they fold.
    of_one: HashMap<char, Vec<char>>,
    /// By the first of the several characters to which they fold, with all of these.
    of_several: HashMap<char, Vec<(Vec<char>, char)>>,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let mut forms = Forms::default();
    for c in RANGES.iter().flat_map(|(from, to)| *from..=*to).filter_map(char::from_u32) {
        let folded: Vec<char> = fold(c).chars().collect();
        match folded.as_slice() {
            [one] if *one == c => {}
            [one] => forms.of_one.entry(*one).or_default().push(c),
            [first, _, ..] => {
                forms.of_several.entry(*first).or_default().push((folded.clone(), c));
            }
            [] => {}
        }
    }
    forms
});

/// Writes a character in one case. Upper case first resolves what lower case alone does not: `ß` is `SS`.
fn one_case(c: char, out: &mut String) {
    match c {
        // Turkish has two letters here, but nobody who searches a name distinguishes them.
        '\u{130}' | '\u{131}' => out.push('i'),
        c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
        c => {
            let upper = c.to_lowercase().flat_map(char::to_uppercase);
            out.extend(upper.flat_map(char::to_lowercase));
        }
    }
}

fn fold(c: char) -> String {
    if c.is_ascii() {
        return c.to_ascii_lowercase().to_string();
    }
    let mut cased = String::new();
    c.nfkc().for_each(|c| one_case(c, &mut cased));
    let folded: String = cased.nfkc().collect();
    // An accent alone would fold to a space with an accent, so it is searched unchanged.
    if folded.starts_with(' ') && folded.len() > 1 { c.to_string() } else { folded }
}

/// The form in which a text is searched.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let each: String = text.chars().map(fold).collect();
    // Characters that are adjacent now may compose to one.
    each.nfc().collect()
}

/// A character of a folded text, and all other characters that fold to it.
pub fn forms(c: char) -> Vec<char> {
    let others = FORMS.of_one.get(&c).into_iter().flatten().copied();
    std::iter::once(c).chain(others).collect()
}

/// Finds the characters whose folded form has several characters and begins a folded text. Returns the
/// length of that form with each.
pub fn wholes(text: &[char]) -> Vec<(usize, char)> {
    let several = text.first().and_then(|first| FORMS.of_several.get(first));
    let begins = several.into_iter().flatten().filter(|(folded, _)| text.starts_with(folded));
    begins.map(|(folded, c)| (folded.len(), *c)).collect()
}

/// The two parts of a sounded kana, if it is one. In half width it is written with these two.
pub fn sounded(c: char) -> Option<(char, char)> {
    let mut parts = std::iter::once(c).nfd();
    match (parts.next(), parts.next(), parts.next()) {
        (Some(kana), Some(mark @ ('\u{3099}' | '\u{309a}')), None) => Some((kana, mark)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_looked_for_in_one_form() {
        for (text, expected) in [
            ("KH-1", "kh-1"),
            ("ＫＨ－１（北方）", "kh-1(北方)"),
            ("Straße STRAẞE", "strasse strasse"),
            ("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul"),
            ("ΟΔΟΣ οδος ὈΔΌΣ", "οδοσ οδοσ ὀδόσ"),
            ("ｶﾞﾗｽ ガラス", "ガラス ガラス"),
            ("25㎏ №5 ①②", "25kg no5 12"),
            ("ﬁnish oﬃce", "finish office"),
            ("Éé Ж ԱԲ", "éé ж աբ"),
            ("㈱天津 ⼤津", "(株)天津 大津"),
            ("´", "´"),
        ] {
            assert_eq!(folded(text), expected, "{text}");
            assert_eq!(folded(&folded(text)), expected, "{text}");
        }
    }

    #[test]
    fn every_form_folds_to_what_it_is_a_form_of() {
        for c in ['a', '1', 's', 'ガ', '大', ' ', '(', 'é', 'σ', 'i'] {
            assert!(forms(c).iter().all(|form| folded(&form.to_string()) == c.to_string()), "{c}");
        }
        assert_eq!(forms('涂'), ['涂']);
        assert!(forms('a').contains(&'Ａ') && forms('i').contains(&'İ'));
        let kg: Vec<char> = "kgx".chars().collect();
        assert_eq!(wholes(&kg), [(2, '㎏')]);
        assert_eq!(sounded('ガ'), Some(('カ', '\u{3099}')));
        assert_eq!(sounded('é'), None);
    }
}
