//! The spellings by which a text with Chinese characters is found from a Latin keyboard: pinyin, and its
//! initials.
//!
//! A text is spelt from each of its syllables on, so that whoever looks for it may begin at any of them:
//! `天津涂料` has `tianjintuliao`, `jintuliao`, `tuliao`, `liao`, and `tjtl`, `jtl`, `tl`. Words in Latin letters
//! and digits stay as they are, signs are left out: `A级涂料` has `ajituliao` and `ajtl`. A word finds a text if
//! some spelling begins with it, so that half a syllable is enough: `tianj`.
//!
//! Stands on this floor because it knows characters only. Must not know what is indexed or searched.

use std::collections::BTreeSet;

use pinyin::ToPinyinMulti;

use super::folding::folded;

/// How many readings a character has at most.
const READINGS: usize = 4;
/// How many spellings a text has at most from one of its syllables on, in full, and as many initials.
const SPELLINGS: usize = 5;
/// How many letters of a spelling are compared.
const LETTERS: usize = 16;
/// From how many of its syllables on a text is spelt. Names are shorter; an index row has to fit the database.
const SYLLABLES: usize = 128;
/// The fewest letters that ask for a spelling. A single one would begin too many.
const FEWEST: usize = 2;

/// The choices of readings to spell a text by: which of the syllables that may be read in several ways is read
/// in which way, counted from 0. All others have their usual reading. The first syllables come before later ones,
/// which come first where a word begins at them.
const CHOICES: [&[(usize, usize)]; 11] = [
    &[],
    &[(0, 1)],
    &[(1, 1)],
    &[(0, 1), (1, 1)],
    &[(0, 2)],
    &[(2, 1)],
    &[(0, 1), (2, 1)],
    &[(1, 1), (2, 1)],
    &[(0, 1), (1, 1), (2, 1)],
    &[(1, 2)],
    &[(0, 3)],
];

/// A syllable, or a word in Latin letters and digits.
struct Syllable {
    /// How it may be read, the usual reading first. A Latin word has one.
    readings: Vec<String>,
    /// Whether it is a Chinese character, which may stand by its initial.
    chinese: bool,
}

impl Syllable {
    /// What it may be spelt by, each once: its readings, or their initials.
    fn ways(&self, initials: bool) -> Vec<&str> {
        let mut ways = Vec::with_capacity(self.readings.len());
        for reading in &self.readings {
            let initial = if initials && self.chinese { reading.get(..1) } else { None };
            let way = initial.unwrap_or(reading);
            if !ways.contains(&way) {
                ways.push(way);
            }
        }
        ways
    }
}

/// The readings of a Chinese character without tones. `ü` is typed as `v` and, where keyboards lack it, as `u`.
fn readings(c: char) -> Vec<String> {
    let mut all = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let plain = reading.plain().replace('ê', "e");
        for typed in [plain.replace('ü', "v"), plain.replace('ü', "u")] {
            let latin = !typed.is_empty() && typed.chars().all(|c| c.is_ascii_lowercase());
            if latin && !all.contains(&typed) {
                all.push(typed);
            }
        }
    }
    all.truncate(READINGS);
    all
}

fn syllables(text: &str) -> Vec<Syllable> {
    let mut all = Vec::new();
    let mut word = String::new();
    for c in folded(text).chars().chain([' ']) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            all.push(Syllable { readings: vec![std::mem::take(&mut word)], chinese: false });
        }
        let readings = if c.is_ascii() { Vec::new() } else { readings(c) };
        if !readings.is_empty() {
            all.push(Syllable { readings, chinese: true });
        }
    }
    all
}

/// The first letters of a text under a choice of readings. None if the text has no such choice.
fn spelt(ways: &[Vec<&str>], choice: &[(usize, usize)]) -> Option<String> {
    let mut spelling = String::with_capacity(LETTERS + 6);
    let (mut several, mut chosen) = (0, 0);
    for ways in ways {
        let mut rank = 0;
        if ways.len() > 1 {
            if let Some((_, other)) = choice.iter().find(|(at, _)| *at == several) {
                (rank, chosen) = (*other, chosen + 1);
            }
            several += 1;
        }
        let way = ways.get(rank)?;
        if spelling.len() < LETTERS {
            spelling.push_str(way);
        }
    }
    // All letters are ASCII.
    spelling.truncate(LETTERS);
    (chosen == choice.len()).then_some(spelling)
}

/// The spellings of a text from each of its syllables on. None for a text without Chinese characters.
pub fn spellings(text: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let syllables = syllables(text);
    let last = syllables.iter().rposition(|one| one.chinese);
    for initials in [false, true] {
        let ways: Vec<_> = syllables.iter().map(|one| one.ways(initials)).collect();
        // What begins behind the last Chinese character is found as it is written.
        for start in 0..last.map_or(0, |last| last + 1).min(SYLLABLES) {
            let rest = ways.get(start..).unwrap_or_default();
            let reach = rest.get(..LETTERS).unwrap_or(rest);
            let mut own: Vec<String> = Vec::with_capacity(SPELLINGS);
            for spelling in CHOICES.iter().filter_map(|choice| spelt(reach, choice)) {
                if own.len() < SPELLINGS && !own.contains(&spelling) {
                    own.push(spelling);
                }
            }
            all.extend(own.into_iter().filter(|spelling| spelling.len() >= FEWEST));
        }
    }
    all
}

/// The beginning of a spelling for which a word asks. None for a word that is no spelling: one with other than
/// Latin letters and digits, without letters, or too short. `xi'an` is `xian`.
pub fn asked_spelling(word: &str) -> Option<String> {
    let word = folded(word).replace(['\'', '\u{2019}'], "").replace('ü', "v");
    let latin = word.chars().all(|c| c.is_ascii_alphanumeric());
    let spelt = latin && word.len() >= FEWEST && word.chars().any(|c| c.is_ascii_alphabetic());
    spelt.then(|| word.chars().take(LETTERS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> String {
        spellings(text).into_iter().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn texts_are_spelt_from_each_syllable_on() {
        assert_eq!(all("津安"), "an ja jinan");
        assert_eq!(all("A级 津安"), "ajijinan ajja an ja jijinan jinan jja");
        assert_eq!(all("津安KH-1"), "akh1 ankh1 jakh1 jinankh1");
        assert_eq!(all("KH-1"), "");
        assert_eq!(all(""), "");
        assert_eq!(all("Ａ津"), "aj ajin jin");
    }

    #[test]
    fn words_find_what_begins_with_them() {
        let finds = |word: &str, text: &str| {
            asked_spelling(word)
                .is_some_and(|word| spellings(text).iter().any(|one| one.starts_with(&word)))
        };
        for (word, text) in [
            ("tjtl", "天津涂料"),
            ("TJTL", "天津涂料"),
            ("tianj", "天津涂料"),
            ("tianjintuliao", "天津涂料"),
            ("tuliao", "天津涂料"),
            ("tl", "北方（天津）涂料有限公司"),
            ("tjtl", "北方（天津）涂料有限公司"),
            ("chongqing", "重庆钢铁"),
            ("zhongqing", "重庆钢铁"),
            ("cqgt", "重庆钢铁"),
            ("cqca", "重庆长安汽车"),
            ("shanhong", "单红"),
            ("yinhang", "工商银行"),
            ("changan", "长安汽车"),
            ("zhangsan", "长三"),
            ("xiamen", "厦门港"),
            ("chongqingchangan", "重庆长安"),
            ("lvye", "绿叶"),
            ("luye", "绿叶"),
            ("lüye", "绿叶"),
            ("ajitu", "A级涂料"),
            ("ajtl", "A级涂料"),
            ("3hc", "3号仓"),
            ("xi'an", "西安"),
            ("tianjinanyijiajuyouxiangongsi", "天津安益家具有限公司"),
        ] {
            assert!(finds(word, text), "{word} {text}");
        }
        for (word, text) in [
            // Not at the beginning of a syllable.
            ("anjin", "天津涂料"),
            ("jtu l", "天津涂料"),
            ("t", "天津涂料"),
            ("tianjint", "天津"),
            ("22", "天津22号"),
            ("天津", "天津涂料"),
            ("tl-1", "天津涂料"),
            ("", "天津涂料"),
            ("kh", "KH-1"),
        ] {
            assert!(!finds(word, text), "{word} {text}");
        }
    }

    #[test]
    fn however_many_readings_there_are_a_text_has_few_spellings() {
        let text = "行长重和大家都单会".repeat(20);
        let known = spellings(&text);
        assert!(known.len() <= text.chars().count() * 2 * SPELLINGS);
        assert!(known.iter().all(|one| one.len() <= LETTERS && one.is_ascii()));
        let long = spellings(&"津".repeat(50_000));
        assert!(long.len() <= SYLLABLES * 2);
        // A single word of any length is one spelling.
        assert_eq!(spellings(&format!("{}津", "x".repeat(5_000))).len(), 2);
        // Every character that has a reading at all has one in Latin letters.
        for c in (0..=0x3_ffff_u32).filter_map(char::from_u32) {
            let there = readings(c);
            assert_eq!(there.is_empty(), c.to_pinyin_multi().is_none(), "{c}");
            assert!(there.len() <= READINGS);
        }
    }
}
