//! How hard a password is to guess, and what to say about one that is not hard enough.
//!
//! Owns the threshold and the words; knows no hashes. Estimates are those of zxcvbn: common passwords,
//! words, names, dates, keyboard patterns and what is known of the person count as guessed first.

use std::borrow::Cow;

use tokio::task::spawn_blocking;
use zxcvbn::{
    Score,
    feedback::{Feedback, Suggestion, Warning},
    zxcvbn,
};

use super::password::Passwords;
use crate::base::{Code, Error, error::Result};

/// The least score of 0 to 4: some 10^8 guesses, more than throttled sign-in admits in a lifetime.
const LEAST: Score = Score::Three;

/// Fewest letters and digits beside what is known.
const ADDED: usize = 6;

/// What everyone who knows the product tries first, the demo company's password among it.
const KNOWN: [&str; 3] = ["tradewind", "tradewind-demo", "demo"];

/// Refuses a password that is too short, too long or too easy to guess. `personal` is what others know of
/// its owner: account, name.
pub(super) async fn accept(password: &str, personal: &[&str]) -> Result<()> {
    Passwords::accept(password)?;
    let password = password.to_owned();
    let mut known: Vec<String> = KNOWN.map(str::to_owned).into();
    for text in personal {
        known.push((*text).to_owned());
        let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        known.extend(parts.map(str::to_owned));
    }
    // Up to 100 characters are looked at; that takes milliseconds, too long for a serving thread.
    spawn_blocking(move || judge(&password, &known)).await.map_err(Error::internal)?
}

fn judge(password: &str, known: &[String]) -> Result<()> {
    if !adds(password, known) {
        return Err(weak(
            "there is hardly more in it than your account, your name or the product's",
            "其中除账号、姓名或产品名外几乎没有其他内容",
        ));
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let estimate = zxcvbn(password, &known);
    if estimate.score() >= LEAST {
        return Ok(());
    }
    let feedback = estimate.feedback();
    let warning = feedback.and_then(Feedback::warning).map(warned);
    let advice = feedback.and_then(|feedback| feedback.suggestions().first()).map(advised);
    let (en, zh) = advice.unwrap_or(ANOTHER);
    let (en, zh) = match warning {
        Some((why, why_zh)) => (format!("{why}; {en}"), format!("{why_zh}；{zh}")),
        None => (en.to_owned(), zh.to_owned()),
    };
    Err(weak(en, zh))
}

fn weak(en: impl Into<Cow<'static, str>>, zh: impl Into<Cow<'static, str>>) -> Error {
    let (what, what_zh) = ("the password is too easy to guess", "密码太容易被猜到");
    Error::new(Code::AuthPasswordWeak, what, what_zh).at(["password"]).hint(en, zh)
}

/// Whether enough is left of a password without what is known: the estimate takes three parts in a row for
/// hard to guess, whatever they are, and `Guowei.Zhang` is three.
fn adds(password: &str, known: &[String]) -> bool {
    let mut known: Vec<_> = known.iter().map(|part| part.to_lowercase()).collect();
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

    async fn code(password: &str, personal: &[&str]) -> Option<Code> {
        accept(password, personal).await.err().map(|error| error.code)
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
            let error = accept(password, &[]).await.unwrap_err();
            assert_eq!((error.code, error.path), (Code::AuthPasswordWeak, vec!["password".into()]));
            let hint = error.hint.unwrap();
            assert!(!hint.en.is_empty() && !hint.zh.is_ascii(), "{password}: {hint:?}");
        }
        assert_eq!(code("zhangguowei1", &[]).await, None);
        assert_eq!(code("zhangguowei1", &["zhangguowei", "张国伟"]).await, weak);
        assert_eq!(code("Guowei.Zhang", &["zhang", "Guowei Zhang"]).await, weak);
        assert_eq!(code("short", &[]).await, Some(Code::InputValue));
    }

    #[tokio::test]
    async fn what_is_hard_to_guess_is_taken() {
        for password in ["correct horse battery", "another passphrase here", "春眠不觉晓处处闻啼鸟"]
        {
            assert_eq!(code(password, &["zhang", "Zhang Wei"]).await, None, "{password}");
        }
        // As long as a password may be; no more than its beginning is looked at.
        assert_eq!(code(&"a".repeat(1024), &[]).await, Some(Code::AuthPasswordWeak));
    }
}
