//! Estimates how hard a password is to guess, and explains why it is too weak.
//!
//! Owns the threshold and the texts; knows no hashes. zxcvbn estimates: common passwords, words, names,
//! dates, keyboard patterns, and what is known of the person and their colleagues count as guessed first. It
//! knows no Chinese names, so [`by_names`] estimates those.

use tokio::task::spawn_blocking;
use zxcvbn::{
    Score,
    feedback::{Feedback, Suggestion, Warning},
    zxcvbn,
};

use super::{faults, names, password::Passwords};
use crate::base::{Error, Message, error::Result};

/// The lowest accepted score of 0 to 4: some 10^8 guesses, more than the throttle admits in a lifetime.
const LEAST: Score = Score::Three;

/// [`LEAST`] as a number of guesses.
const ENOUGH: f64 = 1e8;
/// How many signs an attacker tries per position.
const SIGN: f64 = 30.0;
/// How many ways of writing capitals in a name an attacker tries.
const CAPITALS: f64 = 3.0;
/// Most names of a password that are checked, longest first.
const CANDIDATES: usize = 6;

/// Fewest characters of a colleague's name that count: shorter ones occur by chance.
const TELLING: usize = 4;

/// Fewest letters and digits besides known names.
const ADDED: usize = 6;

/// Words that everyone who knows the product tries first, including the demo company's password.
const KNOWN: [&str; 3] = ["tradewind", "tradewind-demo", "demo"];

/// Refuses a password that is too short, too long or too easy to guess. `personal` is what others know of its
/// owner: account and name. `colleagues` are the names of all employees.
pub(super) async fn accept(
    password: &str,
    personal: &[&str],
    colleagues: Vec<String>,
) -> Result<()> {
    Passwords::accept(password)?;
    let password = password.to_owned();
    let mut own: Vec<String> = KNOWN.map(str::to_owned).into();
    for text in personal {
        own.push((*text).to_owned());
        let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        own.extend(parts.map(str::to_owned));
        own.extend(names::spellings(text));
    }
    // zxcvbn checks up to 100 characters. That takes milliseconds, too long for a serving thread.
    spawn_blocking(move || judge(&password, &own, &colleagues)).await.map_err(Error::internal)?
}

fn judge(password: &str, own: &[String], colleagues: &[String]) -> Result<()> {
    let mut known: Vec<String> = own.to_vec();
    // Only names that occur in the password make a difference.
    let lower = password.to_lowercase();
    let spelled = colleagues.iter().flat_map(|name| {
        let latin = name.split_whitespace().map(str::to_lowercase);
        names::spellings(name).into_iter().chain(latin).chain([name.to_lowercase()])
    });
    known.extend(spelled.filter(|part| part.chars().count() > 1 && lower.contains(part.as_str())));
    let telling = known.iter().enumerate();
    let telling = telling.filter(|(at, part)| *at < own.len() || part.chars().count() >= TELLING);
    if !adds(password, telling.map(|(_, part)| part.to_lowercase()).collect()) {
        return Err(faults::password_of_known_names().at(["password"]));
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let estimate = zxcvbn(password, &known);
    if estimate.score() >= LEAST {
        if by_names(password, &known) < ENOUGH {
            let weak = faults::password_of_name_and_digits(Message::from(ANOTHER));
            return Err(weak.at(["password"]));
        }
        return Ok(());
    }
    let feedback = estimate.feedback();
    let warning = feedback.and_then(Feedback::warning).map(warned);
    let advice = feedback.and_then(|feedback| feedback.suggestions().first()).map(advised);
    let advice = Message::from(advice.unwrap_or(ANOTHER));
    let weak = match warning {
        Some(why) => faults::password_weak_as(Message::from(why), advice),
        None => faults::password_weak(advice),
    };
    Err(weak.at(["password"]))
}

/// Estimates the guesses of an attacker who combines Chinese names with other parts of a password.
fn by_names(password: &str, known: &[&str]) -> f64 {
    let plain: String = password.chars().filter(char::is_ascii_alphanumeric).take(100).collect();
    // The removed signs must be guessed, too, each by itself.
    let signs = password.chars().filter(|c| !c.is_ascii_alphanumeric()).count().min(20);
    let signs = SIGN.powi(i32::try_from(signs).unwrap_or(i32::MAX));
    let lower = plain.to_lowercase();
    let guesses = |part: Option<&str>| match part {
        None | Some("") => 1.0,
        Some(part) => 10_f64.powf(zxcvbn(part, known).guesses_log10()),
    };
    let mut found = names::names(&lower);
    found.sort_by_key(|name| std::cmp::Reverse(name.length));
    found
        .into_iter()
        .take(CANDIDATES)
        .map(|name| {
            let (before, after) = (lower.get(..name.at), lower.get(name.at + name.length..));
            let capitals = if plain == lower { 1.0 } else { CAPITALS };
            let name = f64::from(u32::try_from(name.guesses).unwrap_or(u32::MAX));
            name * guesses(before) * guesses(after) * capitals * signs
        })
        .fold(f64::INFINITY, f64::min)
}

/// Whether enough remains of a password without known names. zxcvbn rates any three parts in a row as hard to
/// guess, and `Guowei.Zhang` has three.
fn adds(password: &str, mut known: Vec<String>) -> bool {
    known.sort_by_key(|part| std::cmp::Reverse(part.len()));
    let mut left = password.to_lowercase();
    for part in known.iter().filter(|part| part.chars().count() > 1) {
        left = left.replace(part.as_str(), " ");
    }
    left.chars().filter(|c| c.is_alphanumeric()).count() >= ADDED
}

type Words = (&'static str, &'static str);

const ANOTHER: Words = ("add another word or two, uncommon ones", "再加一两个不常见的词");

fn warned(warning: Warning) -> Words {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess => {
            ("straight rows of keys are easy to guess", "键盘上连续的一排键容易被猜到")
        }
        Warning::ShortKeyboardPatternsAreEasyToGuess => {
            ("short keyboard patterns are easy to guess", "简短的键盘图形容易被猜到")
        }
        Warning::RepeatsLikeAaaAreEasyToGuess => {
            ("repeats such as `aaa` are easy to guess", "类似 `aaa` 的重复容易被猜到")
        }
        Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            ("`abcabc` is hardly harder to guess than `abc`", "`abcabc` 并不比 `abc` 难猜多少")
        }
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword => {
            ("this is one of the most common passwords", "这是最常用的密码之一")
        }
        Warning::ThisIsSimilarToACommonlyUsedPassword => {
            ("this is much like a common password", "这与常用密码非常相似")
        }
        Warning::SequencesLikeAbcAreEasyToGuess => (
            "sequences such as `abc` or `6543` are easy to guess",
            "类似 `abc` 或 `6543` 的顺序字符容易被猜到",
        ),
        Warning::RecentYearsAreEasyToGuess => {
            ("recent years are easy to guess", "近年的年份容易被猜到")
        }
        Warning::AWordByItselfIsEasyToGuess => {
            ("a word by itself is easy to guess", "单独一个词容易被猜到")
        }
        Warning::DatesAreOftenEasyToGuess => {
            ("dates are often easy to guess", "日期往往容易被猜到")
        }
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => {
            ("names are easy to guess", "姓名容易被猜到")
        }
    }
}

fn advised(suggestion: &Suggestion) -> Words {
    match suggestion {
        Suggestion::UseAFewWordsAvoidCommonPhrases => {
            ("use a few words, but no common phrase", "使用几个词，但不要用常见短语")
        }
        Suggestion::NoNeedForSymbolsDigitsOrUppercaseLetters => (
            "length helps more than symbols, digits or capitals",
            "长度比符号、数字或大写字母更有用",
        ),
        Suggestion::AddAnotherWordOrTwo => ANOTHER,
        Suggestion::CapitalizationDoesntHelpVeryMuch
        | Suggestion::AllUppercaseIsAlmostAsEasyToGuessAsAllLowercase => {
            ("capitals do not help much", "大写字母帮助不大")
        }
        Suggestion::ReversedWordsArentMuchHarderToGuess => {
            ("words written backwards do not help much", "倒写的词帮助不大")
        }
        Suggestion::PredictableSubstitutionsDontHelpVeryMuch => (
            "expected substitutions such as `@` for `a` do not help much",
            "常见替换（如用 `@` 代替 `a`）帮助不大",
        ),
        Suggestion::UseALongerKeyboardPatternWithMoreTurns => {
            ("use a longer keyboard pattern with more turns", "使用更长、转折更多的键盘图形")
        }
        Suggestion::AvoidRepeatedWordsAndCharacters => {
            ("avoid repeated words and characters", "避免重复的词和字符")
        }
        Suggestion::AvoidSequences => ("avoid sequences", "避免顺序字符"),
        Suggestion::AvoidRecentYears => ("avoid recent years", "避免近年的年份"),
        Suggestion::AvoidYearsThatAreAssociatedWithYou
        | Suggestion::AvoidDatesAndYearsThatAreAssociatedWithYou => {
            ("avoid years and dates that have to do with you", "避免与您有关的年份和日期")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Code;

    fn colleagues() -> Vec<String> {
        ["欧阳娜娜", "Borsuk Tumbaka", "李雷"].map(str::to_owned).into()
    }

    async fn code(password: &str, personal: &[&str]) -> Option<Code> {
        accept(password, personal, colleagues()).await.err().map(|error| error.code)
    }

    #[tokio::test]
    async fn what_is_tried_first_is_refused() {
        let weak = Some(Code::AuthPasswordWeak);
        for password in [
            "password123",
            "1234567890",
            "qwertyuiop",
            "aaaaaaaaaaaa",
            "tradewind-demo",
            "2026-11-24",
        ] {
            let error = accept(password, &[], Vec::new()).await.unwrap_err();
            assert_eq!((error.code, error.path), (Code::AuthPasswordWeak, vec!["password".into()]));
            let hint = error.hint.unwrap();
            assert!(!hint.en.is_empty() && !hint.zh.is_ascii(), "{password}: {hint:?}");
        }
        for name in [
            "zhangsan1234",
            "Zhangsan1234",
            "zhang.san1234",
            "1234zhangsan",
            "ZhangSan@123",
            "lisi123456",
            "wangwei888888",
            "zhangguowei1",
            "liuxiaoming123",
            "xiaomingliu1",
            "ouyangnana12",
            "borsuktumbaka1",
            "tumbaka12345",
        ] {
            assert_eq!(code(name, &[]).await, weak, "{name}");
        }
        assert_eq!(code("zhangguowei1", &["zhangguowei", "张国伟"]).await, weak);
        assert_eq!(code("Guowei.Zhang", &["zhang", "Guowei Zhang"]).await, weak);
        assert_eq!(code("short", &[]).await, Some(Code::InputValue));
    }

    #[tokio::test]
    async fn what_is_hard_to_guess_is_taken() {
        for password in [
            "correct horse battery",
            "another passphrase here",
            "春眠不觉晓处处闻啼鸟",
            "chuanqianmingyueguang",
            "Zhangsan eats 7 green plums",
            "kX9#vT2q!mLw",
        ] {
            assert_eq!(code(password, &["zhang", "Zhang Wei"]).await, None, "{password}");
        }
        // The longest password. Only its beginning is checked.
        assert_eq!(code(&"a".repeat(1024), &[]).await, Some(Code::AuthPasswordWeak));
    }
}
