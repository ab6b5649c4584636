//! Chinese names in Latin letters, as they occur in passwords.
//!
//! A list of English words and names does not contain them: it takes `zhangsan` for eight random letters. An
//! attacker tries surnames with one or two common syllables, and names of colleagues.

use std::{collections::HashSet, sync::LazyLock};

use pinyin::ToPinyin;

/// Surnames of nine in ten people, in pinyin.
const SURNAMES: &str = "an ao bai bao bi bian bu cai cao cen chai chang chao chen cheng chi chu cong cui dai \
    deng di diao ding dong dou du duan fan fang fei feng fu gai gan gao ge geng gong gou gu guan gui guo hai han \
    hang hao he hong hou hu hua huang huo ji jia jian jiang jiao jin jing ju kang ke kong kou kuang lai lan lang \
    lao le lei leng li lian liang liao lin ling liu long lou lu luan luo lv ma man mao mei meng mi miao min mo mou \
    mu ni nie ning niu nong ou pan pang pei peng piao ping pu qi qian qiang qiao qin qiu qu quan ran rao ren rong \
    ruan rui sha shan shang shao shen sheng shi shu si song su sui sun tai tan tang tao teng tian tong tu wan \
    wang wei wen weng wu xi xia xian xiang xiao xie xin xing xiong xu xuan xue yan yang yao ye yi yin ying you yu \
    yuan yue yun zang zeng zha zhan zhang zhao zhen zheng zhi zhong zhou zhu zhuang zhuo zong zou zu zuo ouyang \
    shangguan sima zhuge situ huangfu";

/// Initials of pinyin syllables.
const INITIALS: [&str; 21] = [
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r",
    "z", "c", "s",
];
/// Finals of pinyin syllables.
const FINALS: &str = "a o e i u v ai ei ao ou an en ang eng ong er ia ie iao iu ian in iang ing iong ua uo uai \
    ui uan un uang ue ve";
/// Syllables without an initial.
const ALONE: &str = "a o e ai ei ao ou an en ang eng er yi ya yo ye yao you yan yin yang ying yong wu wa wo wai \
    wei wan wen wang weng yu yue yuan yun";

/// How many syllables make most given names, and how many surnames most people have. An attacker tries those
/// first.
const USUAL: u64 = 150;
const USUAL_SURNAMES: u64 = 100;

static SURNAME: LazyLock<HashSet<&str>> = LazyLock::new(|| SURNAMES.split_whitespace().collect());
static SYLLABLE: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let joined = INITIALS
        .iter()
        .flat_map(|initial| FINALS.split_whitespace().map(move |rest| format!("{initial}{rest}")));
    joined.chain(ALONE.split_whitespace().map(str::to_owned)).collect()
});

/// A name found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name {
    /// Its start, in characters of letters and digits.
    pub(super) at: usize,
    /// Its length in letters.
    pub(super) length: usize,
    /// How many guesses find it, at most.
    pub(super) guesses: u64,
}

/// Returns the longest name at each position of a lower-case ASCII text.
pub(super) fn names(text: &str) -> Vec<Name> {
    let begins = 0..text.len();
    begins.filter_map(|at| longest(text.get(at..)?, at)).collect()
}

fn longest(text: &str, at: usize) -> Option<Name> {
    let mut found: Option<Name> = None;
    let mut keep = |length: usize, guesses: u64| {
        if found.is_none_or(|name| name.length < length) {
            found = Some(Name { at, length, guesses });
        }
    };
    for (surname, rest) in starts(text, |part| SURNAME.contains(part)) {
        for (one, rest) in starts(rest, |part| SYLLABLE.contains(part)) {
            keep(surname + one, USUAL_SURNAMES * USUAL);
            for (two, _) in starts(rest, |part| SYLLABLE.contains(part)) {
                keep(surname + one + two, USUAL_SURNAMES * USUAL * USUAL);
            }
        }
    }
    // Given name before surname, or without a surname.
    for (one, rest) in starts(text, |part| SYLLABLE.contains(part)) {
        for (two, rest) in starts(rest, |part| SYLLABLE.contains(part)) {
            keep(one + two, USUAL * USUAL);
            for (surname, _) in starts(rest, |part| SURNAME.contains(part)) {
                keep(one + two + surname, USUAL_SURNAMES * USUAL * USUAL);
            }
        }
    }
    found
}

/// Returns the prefixes of a text that are `known`: their length and the rest of the text.
fn starts(text: &str, known: impl Fn(&str) -> bool) -> impl Iterator<Item = (usize, &str)> {
    (1..=9).filter_map(move |length| {
        let (part, rest) = text.split_at_checked(length)?;
        known(part).then_some((length, rest))
    })
}

/// Returns the spellings of a Chinese name in Latin letters: `zhangwei`, `weizhang`, and its parts. Empty for
/// a name in Latin letters.
pub(super) fn spellings(name: &str) -> Vec<String> {
    let parts: Vec<&str> = name.to_pinyin().flatten().map(pinyin::Pinyin::plain).collect();
    let parts: Vec<String> = parts.iter().map(|part| part.replace('ü', "v")).collect();
    let Some((surname, given)) = parts.split_first() else { return Vec::new() };
    let given = given.concat();
    let mut all = vec![format!("{surname}{given}")];
    if !given.is_empty() {
        all.push(format!("{given}{surname}"));
        all.push(given);
        all.push(surname.clone());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names() {
        let whole = |text: &str| names(text).iter().any(|name| name.length == text.len());
        for name in ["zhangsan", "lisi", "wangxiaoming", "ouyangxiu", "lvbu", "xiaominwang"] {
            assert!(whole(name), "{name}");
        }
        for other in ["heron", "harbour", "battery", "zh", "x", "123"] {
            assert!(!whole(other), "{other}");
        }
        assert!(names("a1zhangsan").iter().any(|name| (name.at, name.length) == (2, 8)));
    }

    #[test]
    fn spells_names() {
        assert_eq!(spellings("张国伟"), ["zhangguowei", "guoweizhang", "guowei", "zhang"]);
        assert!(spellings("Zhang").is_empty());
    }
}
