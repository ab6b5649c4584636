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
const SPELLINGS: usize = 4;
/// How many letters of a spelling are compared.
const LETTERS: usize = 16;
/// The fewest letters that ask for a spelling. A single one would begin too many.
const FEWEST: usize = 2;

/// A syllable, or a word in Latin letters and digits.
struct Syllable {
    /// How it may be read, the usual reading first. A Latin word has one.
    readings: Vec<String>,
    /// Whether it is a Chinese character, which may stand by its initial.
    chinese: bool,
}

impl Syllable {
    /// The reading of a rank, or the usual one.
    fn read(&self, rank: usize) -> &str {
        self.readings.get(rank).or(self.readings.first()).map_or("", String::as_str)
    }

    /// What stands for it among initials.
    fn initial(&self, rank: usize) -> &str {
        let read = self.read(rank);
        let end = if self.chinese { 1 } else { read.len() };
        read.get(..end).unwrap_or(read)
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

/// The choices of readings to spell syllables by: the usual ones, then those that differ in one syllable, in
/// two, and rarer readings of one, the first syllables before later ones. Each choice names the syllables that
/// differ, with the rank of their reading.
fn choices(syllables: &[Syllable]) -> Vec<Vec<(usize, usize)>> {
    let several = syllables.iter().enumerate().filter(|(_, one)| one.readings.len() > 1);
    let several: Vec<_> = several.map(|(at, one)| (at, one.readings.len())).take(4).collect();
    let mut all = vec![Vec::new()];
    all.extend(several.iter().map(|(at, _)| vec![(*at, 1)]));
    for (ix, (first, _)) in several.iter().enumerate() {
        let later = several.iter().skip(ix + 1);
        all.extend(later.map(|(second, _)| vec![(*first, 1), (*second, 1)]));
    }
    for rank in 2..READINGS {
        let known = several.iter().filter(|(_, readings)| *readings > rank);
        all.extend(known.map(|(at, _)| vec![(*at, rank)]));
    }
    all
}

/// The first letters of a spelling of syllables under a choice of readings.
fn spelt(
    syllables: &[Syllable],
    choice: &[(usize, usize)],
    part: fn(&Syllable, usize) -> &str,
) -> String {
    let mut spelling = String::with_capacity(LETTERS + 6);
    for (at, syllable) in syllables.iter().enumerate() {
        if spelling.len() >= LETTERS {
            break;
        }
        let rank = choice.iter().find(|(of, _)| *of == at).map_or(0, |(_, rank)| *rank);
        spelling.push_str(part(syllable, rank));
    }
    // All letters are ASCII.
    spelling.truncate(LETTERS);
    spelling
}

/// The spellings of a text from each of its syllables on. None for a text without Chinese characters.
pub fn spellings(text: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let syllables = syllables(text);
    let last = syllables.iter().rposition(|one| one.chinese);
    for start in 0..last.map_or(0, |last| last + 1) {
        // What spells Latin words alone is found as it is written.
        let Some(rest) = syllables.get(start..) else { break };
        let reach = rest.get(..LETTERS).unwrap_or(rest);
        for part in [Syllable::read as fn(&Syllable, usize) -> &str, Syllable::initial] {
            let mut own: Vec<String> = Vec::with_capacity(SPELLINGS);
            for choice in choices(reach) {
                let spelling = spelt(reach, &choice, part);
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
