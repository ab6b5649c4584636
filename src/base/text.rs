//! The forms of texts: how they are stored, and how keys are compared.
//!
//! A text is stored composed (NFC) and without invisible characters. Texts that look the same are then the
//! same, however they were typed. Two keys are equal if they differ only in case, width and blanks.

use std::{collections::HashMap, sync::LazyLock};

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Whether a character is invisible and without meaning in our texts: soft hyphens, zero-width spaces and
/// word joiners, direction marks and overrides, fillers.
fn unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{fff0}'..='\u{fff8}'
            | '\u{e0000}'..='\u{e00ff}'
            | '\u{e01f0}'..='\u{e0fff}'
    )
}

/// Whether joiners and variation selectors may follow a character: an emoji, or a letter of
/// a script that needs them.
fn joins(c: char) -> bool {
    let ideographic = matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}');
    !c.is_ascii() && !c.is_whitespace() && !c.is_control() && !unseen(c) && !ideographic
}

/// The stored form of a text, except for blanks around it: composed, without invisible characters, and with a
/// space for each character that only looks like one. Joiners stay within emoji and scripts that need them.
pub fn composed(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        match c {
            // These look blank, but are classified as letters and signs.
            '\u{2800}' | '\u{3164}' | '\u{ffa0}' => kept.push(' '),
            '\u{200c}' | '\u{200d}' if !(joins(before) && joins(next)) => continue,
            // `1️⃣` is a digit with a variation selector and a frame.
            '\u{fe00}'..='\u{fe0f}' if !joins(before) && next != '\u{20e3}' => continue,
            '\u{e0100}'..='\u{e01ef}' if before.is_ascii() => continue,
            // Flags of regions are a black flag and the letters of their names as tags.
            '\u{e0020}'..='\u{e007f}'
                if matches!(before, '\u{1f3f4}' | '\u{e0020}'..='\u{e007f}') =>
            {
                kept.push(c);
            }
            c if unseen(c) => continue,
            c => kept.push(c),
        }
        before = c;
    }
    if is_nfc(&kept) { kept } else { kept.nfc().collect() }
}

/// The stored form of a text of one line: composed, and without blanks around it.
pub fn tidy(text: &str) -> String {
    let composed = composed(text);
    let trimmed = composed.trim();
    if trimmed.len() == composed.len() { composed } else { trimmed.to_owned() }
}

/// A text of one line in compatibility form (NFKC), in which e-mail addresses are stored.
pub fn compatible(text: &str) -> String {
    let tidy = tidy(text);
    if tidy.is_ascii() { tidy } else { tidy.nfkc().collect() }
}

/// Splits a text after this many characters.
pub fn split_at(text: &str, characters: usize) -> (&str, &str) {
    let at = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// The name of an account as it is stored and compared: tidy, of usual width, in lower case.
pub fn account(text: &str) -> String {
    tidy(text).chars().map(narrow).collect::<String>().trim().to_lowercase()
}

/// The character in usual width: `Ａ` is `A`, the ideographic space a space.
pub fn narrow(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// The character in full width, if it has one.
pub fn wide(c: char) -> Option<char> {
    match c {
        ' ' => Some('\u{3000}'),
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0),
        _ => None,
    }
}

/// The letters with exactly one lower-case form, in the scripts of most keys: Latin, Greek and Cyrillic.
const LETTERS: [std::ops::RangeInclusive<char>; 4] =
    ['\u{c0}'..='\u{d6}', '\u{d8}'..='\u{de}', '\u{391}'..='\u{3ab}', '\u{400}'..='\u{42f}'];

/// The replacements in keys for characters that are not ASCII: the same in usual width and lower
/// case; nothing for blanks.
pub static IN_KEYS: LazyLock<Vec<(char, Option<char>)>> = LazyLock::new(|| {
    // Signs with a meaning in SQL are left unchanged.
    let plain = |c: &char| !matches!(narrow(*c), '\'' | '"' | '\\' | '?' | '$');
    let wide = ('\u{ff01}'..='\u{ff5e}').filter(plain);
    let wide = wide.map(|c| (c, Some(narrow(c).to_ascii_lowercase())));
    let letters = LETTERS.into_iter().flatten().filter_map(|c| {
        let lower = c.to_lowercase().next().filter(|lower| *lower != c)?;
        Some((c, Some(lower)))
    });
    [('\u{3000}', None)].into_iter().chain(wide).chain(letters).collect()
});

/// What people see as a blank within a text of one line.
pub const BLANKS: [char; 7] =
    [' ', '\u{3000}', '\u{a0}', '\u{2002}', '\u{2003}', '\u{2009}', '\u{202f}'];

static KEY_OF: LazyLock<HashMap<char, Option<char>>> =
    LazyLock::new(|| IN_KEYS.iter().copied().collect());

/// The key form of a stored text: without blanks, of usual width, in lower case.
pub fn key(text: &str) -> String {
    let letter = |c: char| match c {
        ' ' => None,
        c if c.is_ascii() => Some(c.to_ascii_lowercase()),
        c => KEY_OF.get(&c).copied().unwrap_or(Some(c)),
    };
    text.chars().filter_map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_the_same_is_the_same() {
        for (text, kept) in [
            ("P1\u{200b}", "P1"),
            ("P1\u{e0037}", "P1"),
            ("\u{e0041}\u{fff0}\u{1bca0}\u{e0fff}", ""),
            (
                "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}x\u{e0067}",
                "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}x",
            ),
            ("\u{feff}P\u{ad}1\u{2060}", "P1"),
            ("\u{200b}\u{2060}\u{3164}\u{feff}", ""),
            ("\u{115f}\u{180e}\u{202e}\u{2800}", ""),
            ("Qe\u{301}", "Q\u{e9}"),
            ("\u{3000} 天津\u{a0}", "天津"),
            ("P1\u{fe0f}", "P1"),
            ("a\u{200d}b", "ab"),
            ("涂\u{200d}料", "涂料"),
            ("A B", "A B"),
        ] {
            assert_eq!(tidy(text), kept, "{text:?}");
        }
        // A family, a heart, a key, a flag, and a Persian word.
        for text in [
            "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
            "\u{2764}\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
            "\u{1f3f4}\u{e0067}\u{e0062}\u{e007f}",
            "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
        ] {
            assert_eq!(tidy(text), text);
        }
    }

    #[test]
    fn keys_are_told_apart_by_what_people_see() {
        for same in ["KH0001", "kh0001", "ＫＨ０００１", "KH 0001", "ｋｈ\u{3000}0001"] {
            assert_eq!(key(same), "kh0001");
        }
        assert_eq!(key("ÉΑЖ涂"), "éαж涂");
        assert_ne!(key("KH-1"), key("KH1"));
        assert_eq!(compatible("ｌｉ＠example.cn"), "li@example.cn");
    }
}
