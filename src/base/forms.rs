//! Forms of texts by which they are told apart: without case, width or blanks, as telephone numbers, as names of
//! companies.
//!
//! A form is a list of steps that a database can take as well (`sql::forms`), so that an index has what is compared.
//! Stored texts are composed and trimmed already (`text`).

use serde::Deserialize;

use super::text;

/// What two texts may differ in and still count as the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Form {
    /// Capitals and small letters.
    Case,
    /// Full and usual width.
    Width,
    /// Blanks.
    Spaces,
    /// All that does not matter in an e-mail address: case, width and blanks.
    Email,
    /// Signs between the digits of a telephone number, the code of China, the zero before an area code.
    Phone,
    /// In the name of a company: case, width, blanks, brackets and signs, and the words for its legal form.
    CompanyName,
}

/// One step that brings a text into a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormStep {
    /// Replaces each of these characters, or removes it. No character that replaces one is replaced itself.
    Each(Vec<(char, Option<char>)>),
    /// ASCII letters become small.
    Lower,
    /// Replaces a text wherever it stands.
    Text(&'static str, &'static str),
    /// Puts a mark before and one behind the text, so that the steps to come find its ends.
    Between(&'static str, &'static str),
}

/// Marks the ends of a text.
const MARK: char = '|';

/// Signs between the digits of telephone numbers.
const BETWEEN_DIGITS: &str = "-()[]./_,:;#*~\u{2013}\u{2014}\u{2212}\u{b7}";

/// Signs in the names of companies.
const IN_NAMES: &str = "()[]{}<>-_/.,:;&\u{b7}\u{2022}\u{2027}\u{30fb}\u{2013}\u{2014}\u{3001}\u{3002}\
                        \u{3008}\u{3009}\u{300a}\u{300b}\u{300c}\u{300d}\u{300e}\u{300f}\u{3010}\u{3011}\u{3014}\u{3015}";

/// Words for the legal form at the end of a name, behind a blank; what contains another comes first.
const LATIN_ENDS: [&str; 16] = [
    " company limited|",
    " co limited|",
    " co ltd|",
    " coltd|",
    " pte ltd|",
    " pty ltd|",
    " pvt ltd|",
    " limited|",
    " ltd|",
    " incorporated|",
    " inc|",
    " corporation|",
    " corp|",
    " company|",
    " llc|",
    " gmbh|",
];

/// The same where no blank stands before them, as behind Chinese characters.
const ENDS: [&str; 11] = [
    "companylimited|",
    "colimited|",
    "coltd|",
    "有限责任公司|",
    "股份有限公司|",
    "有限公司|",
    "责任公司|",
    "股份公司|",
    "公司|",
    "股份|",
    "集团|",
];

/// The steps that bring a text into these forms, whatever their order.
pub fn steps(forms: &[Form]) -> Vec<FormStep> {
    let asks = |wanted: &[Form]| forms.iter().any(|form| wanted.contains(form));
    let mut steps = Vec::new();
    if asks(&[Form::Width, Form::Email, Form::Phone, Form::CompanyName]) {
        steps.push(FormStep::Each(narrow()));
    }
    if asks(&[Form::Case, Form::Email, Form::CompanyName]) {
        steps.push(FormStep::Each(small()));
        steps.push(FormStep::Lower);
    }
    if asks(&[Form::CompanyName]) {
        steps.push(FormStep::Each(removed(".,")));
        steps.push(FormStep::Between("", "|"));
        steps.extend(LATIN_ENDS.iter().map(|end| FormStep::Text(end, "|")));
    }
    if asks(&[Form::Spaces, Form::Email, Form::Phone, Form::CompanyName]) {
        steps.push(FormStep::Each(text::BLANKS.iter().map(|blank| (*blank, None)).collect()));
    }
    if asks(&[Form::CompanyName]) {
        steps.push(FormStep::Each(removed(IN_NAMES)));
        steps.extend(ENDS.iter().map(|end| FormStep::Text(end, "|")));
        steps.push(FormStep::Each(vec![(MARK, None)]));
    }
    if asks(&[Form::Phone]) {
        steps.push(FormStep::Each(removed(BETWEEN_DIGITS)));
        steps.push(FormStep::Between("|", ""));
        // A number with the code of China, one of a mobile with it, and one of a place with its zero.
        let begins = [("|+86", "|"), ("|0086", "|"), ("|861", "|1"), ("|0", "|")];
        steps.extend(begins.map(|(from, to)| FormStep::Text(from, to)));
        steps.push(FormStep::Each(vec![('+', None), (MARK, None)]));
    }
    steps
}

/// A text in these forms.
pub fn formed(forms: &[Form], text: &str) -> String {
    steps(forms).iter().fold(text.to_owned(), |text, step| match step {
        FormStep::Each(pairs) => text
            .chars()
            .filter_map(|c| {
                pairs.iter().find(|(from, _)| *from == c).map_or(Some(c), |pair| pair.1)
            })
            .collect(),
        FormStep::Lower => text.to_ascii_lowercase(),
        FormStep::Text(from, to) => text.replace(from, to),
        FormStep::Between(before, behind) => format!("{before}{text}{behind}"),
    })
}

fn removed(signs: &str) -> Vec<(char, Option<char>)> {
    signs.chars().map(|sign| (sign, None)).collect()
}

/// Characters of full width, in usual width.
fn narrow() -> Vec<(char, Option<char>)> {
    let wide = text::IN_KEYS.iter().map(|(from, _)| *from);
    wide.filter(|from| text::narrow(*from) != *from).map(|c| (c, Some(text::narrow(c)))).collect()
}

/// Letters beside ASCII, as small ones.
fn small() -> Vec<(char, Option<char>)> {
    let letters = text::IN_KEYS.iter().filter(|(from, _)| text::narrow(*from) == *from);
    letters.copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_companies_are_the_same_without_their_legal_form() {
        for (form, names) in [
            (
                "天津安益",
                &[
                    "天津安益有限公司",
                    "天津安益（集团）有限公司",
                    "天津（安益）股份有限公司",
                    "天津安益 有限责任公司",
                    "天津安益集团",
                    "天津·安益",
                    "天津安益Co.,Ltd.",
                ][..],
            ),
            ("acmepaint", &["ACME Paint Co., Ltd.", "Acme-Paint Inc.", "ＡＣＭＥ Paint LLC"]),
            ("zinc", &["Zinc", "ZINC Corp."]),
            ("上海某某有限公司天津分", &["上海某某有限公司天津分公司"]),
            ("", &["有限公司", "（ ）"]),
        ] {
            for name in names {
                assert_eq!(formed(&[Form::CompanyName], name), form, "{name}");
            }
        }
    }

    #[test]
    fn telephone_numbers_are_the_same_however_they_are_typed() {
        for (form, numbers) in [
            (
                "13800138000",
                &[
                    "138 0013 8000",
                    "+86-13800138000",
                    "0086 138-0013-8000",
                    "８６１３８００１３８０００",
                ][..],
            ),
            ("2223456789", &["022-23456789", "(022) 2345 6789", "+86 22 23456789"]),
            ("4420", &["+44/20"]),
        ] {
            for number in numbers {
                assert_eq!(formed(&[Form::Phone], number), form, "{number}");
            }
        }
    }

    #[test]
    fn forms_are_put_together() {
        assert_eq!(formed(&[], "Ａ b"), "Ａ b");
        assert_eq!(formed(&[Form::Case], "Ab É"), "ab é");
        assert_eq!(formed(&[Form::Width], "Ａ\u{3000}b"), "A b");
        assert_eq!(formed(&[Form::Spaces], "A\u{3000}b c"), "Abc");
        assert_eq!(formed(&[Form::Spaces, Form::Width, Form::Case], "Ａ B"), text::key("Ａ B"));
        assert_eq!(formed(&[Form::Email], "Li＠Example.cn"), "li@example.cn");
    }
}
