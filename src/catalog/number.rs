//! Formats of auto-numbers: `YP{yyyy}{MM}-{seq:4}`, `{department.code}{yy}-{seq:3}`.
//!
//! Owns parsing and printing; `resolve::numbers` looks the paths of values up, `records` keeps the running sequence.

use chrono::{Datelike, NaiveDate};

use super::messages;
use crate::base::{Message, text};

/// One part of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberPart {
    /// Text that is printed unchanged.
    Literal(String),
    /// Four digits of the year.
    Year,
    /// Two digits of the year.
    ShortYear,
    /// Two digits of the month.
    Month,
    /// Two digits of the day.
    Day,
    /// The value at the end of a path from the record: `department.code`, `level`.
    Value(Vec<String>),
    /// The running number, padded with zeros to this many digits. It grows longer if it must.
    Sequence(usize),
}

/// A parsed number format with exactly one sequence.
///
/// The sequence restarts whenever the printed date parts or values change: `{yyyy}{MM}` counts per month,
/// `{department.code}` per department. A format may say by which of its parts it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFormat {
    parts: Vec<NumberPart>,
    /// The parts by which the sequence counts, where the format says so.
    per: Option<Vec<NumberPart>>,
}

/// The longest value that a number contains, in characters.
pub(super) const LONGEST_VALUE: u32 = 60;

impl NumberFormat {
    /// Parses a format. The error says in one sentence what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Message> {
        if text.chars().count() > 60 {
            return Err(messages::long_format());
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((literal, tail)) = rest.split_once('{') {
            push_literal(&mut parts, literal)?;
            let (name, after) = tail.split_once('}').ok_or_else(messages::open_part)?;
            parts.push(part(name)?);
            rest = after;
        }
        push_literal(&mut parts, rest)?;
        match parts.iter().filter(|part| matches!(part, NumberPart::Sequence(_))).count() {
            1 => Ok(Self { parts, per: None }),
            0 => Err(messages::needs_sequence()),
            _ => Err(messages::one_sequence()),
        }
    }

    /// The same, counting by some of its parts alone: `yyyy`, `department.code`.
    pub fn counting(self, per: &[String]) -> Result<Self, Message> {
        let mut by = Vec::with_capacity(per.len());
        for name in per {
            let known = part(name).ok().filter(|part| {
                !matches!(part, NumberPart::Sequence(_)) && self.parts.contains(part)
            });
            let known = known.filter(|part| !by.contains(part));
            by.push(known.ok_or_else(|| messages::counts_by_parts(name))?);
        }
        Ok(Self { per: Some(by), ..self })
    }

    /// The paths of the values that it prints, in their order.
    pub fn paths(&self) -> impl Iterator<Item = &[String]> {
        self.parts.iter().filter_map(|part| match part {
            NumberPart::Value(path) => Some(path.as_slice()),
            _ => None,
        })
    }

    /// The same, with its paths read otherwise.
    pub(super) fn reading(mut self, read: impl Fn(&[String]) -> Vec<String>) -> Self {
        let parts = self.parts.iter_mut().chain(self.per.iter_mut().flatten());
        for part in parts {
            if let NumberPart::Value(path) = part {
                *path = read(path);
            }
        }
        self
    }

    /// Whether it prints values of records, so that the text before the sequence may have any length.
    pub fn has_values(&self) -> bool {
        self.paths().next().is_some()
    }

    /// What tells the series of a number from others: the date parts and values by which it counts; empty if there are
    /// none. `values` are those of [`Self::paths`].
    pub fn period(&self, day: NaiveDate, values: &[String]) -> String {
        let counts = |part: &NumberPart| self.per.as_ref().is_none_or(|per| per.contains(part));
        if !self.has_values() {
            let dates = self.parts.iter().filter(|part| counts(part));
            return dates.filter_map(|part| date_part(part, day)).collect();
        }
        // With what stands between them, because `A` and `BC` are not `AB` and `C`.
        let mut values = values.iter();
        let printed = self.parts.iter().filter_map(|part| match part {
            NumberPart::Value(_) => values.next().filter(|_| counts(part)).cloned(),
            NumberPart::Literal(text) => Some(text.clone()),
            NumberPart::Sequence(_) => Some("#".to_owned()),
            date => date_part(date, day).filter(|_| counts(part)),
        });
        printed.collect()
    }

    /// The normal form of a number that somebody typed: of usual width, without blanks around it. It is in
    /// upper case if the format has capitals and no small letters, and in lower case if it has only small
    /// letters. With values in it, or a format of other characters than ASCII, the text is only tidied.
    pub fn written(&self, given: &str) -> String {
        let literal =
            |part: &NumberPart| matches!(part, NumberPart::Literal(text) if !text.is_ascii());
        if self.has_values() || self.parts.iter().any(literal) {
            return text::tidy(given);
        }
        let number: String = text::tidy(given).chars().map(text::narrow).collect();
        let number = number.trim();
        let letters = || {
            self.parts.iter().flat_map(|part| {
                match part {
                    NumberPart::Literal(text) => text.as_str(),
                    _ => "",
                }
                .chars()
            })
        };
        match (letters().any(char::is_lowercase), letters().any(char::is_uppercase)) {
            (false, true) => number.to_uppercase(),
            (true, false) => number.to_lowercase(),
            _ => number.to_owned(),
        }
    }

    /// The number of characters before the sequence, the same on every day. Values count for nothing.
    pub fn before(&self) -> usize {
        let parts = self.parts.iter();
        let before = parts.take_while(|part| !matches!(part, NumberPart::Sequence(_)));
        before
            .map(|part| match part {
                NumberPart::Literal(text) => text.chars().count(),
                NumberPart::Year => 4,
                NumberPart::ShortYear | NumberPart::Month | NumberPart::Day => 2,
                NumberPart::Sequence(_) | NumberPart::Value(_) => 0,
            })
            .sum()
    }

    /// The last number of the sequence that fits the padded width.
    pub fn last(&self) -> i64 {
        let width = self.parts.iter().find_map(|part| match part {
            NumberPart::Sequence(width) => u32::try_from(*width).ok(),
            _ => None,
        });
        10_i64.checked_pow(width.unwrap_or(1)).map_or(i64::MAX, |beyond| beyond - 1)
    }

    /// The number for a day, the values of [`Self::paths`], and a position in the sequence.
    pub fn print(&self, day: NaiveDate, values: &[String], sequence: i64) -> String {
        let mut values = values.iter();
        self.parts
            .iter()
            .map(|part| match part {
                NumberPart::Literal(text) => text.clone(),
                NumberPart::Sequence(width) => format!("{sequence:0width$}"),
                NumberPart::Value(_) => values.next().cloned().unwrap_or_default(),
                date => date_part(date, day).unwrap_or_default(),
            })
            .collect()
    }
}

fn date_part(part: &NumberPart, day: NaiveDate) -> Option<String> {
    match part {
        NumberPart::Year => Some(format!("{:04}", day.year())),
        NumberPart::ShortYear => Some(format!("{:02}", day.year().rem_euclid(100))),
        NumberPart::Month => Some(format!("{:02}", day.month())),
        NumberPart::Day => Some(format!("{:02}", day.day())),
        NumberPart::Literal(_) | NumberPart::Value(_) | NumberPart::Sequence(_) => None,
    }
}

fn push_literal(parts: &mut Vec<NumberPart>, literal: &str) -> Result<(), Message> {
    if literal.contains('}') {
        return Err(messages::closed_part());
    }
    if literal.chars().any(char::is_control) {
        return Err(messages::no_control());
    }
    if !literal.is_empty() {
        parts.push(NumberPart::Literal(literal.to_owned()));
    }
    Ok(())
}

fn part(name: &str) -> Result<NumberPart, Message> {
    match name {
        "yyyy" => return Ok(NumberPart::Year),
        "yy" => return Ok(NumberPart::ShortYear),
        "MM" => return Ok(NumberPart::Month),
        "dd" => return Ok(NumberPart::Day),
        _ => {}
    }
    match name.strip_prefix("seq:").and_then(|width| width.parse::<usize>().ok()) {
        Some(width @ 1..=12) => Ok(NumberPart::Sequence(width)),
        Some(_) => Err(messages::sequence_width()),
        None if name.split('.').all(is_name) => {
            Ok(NumberPart::Value(name.split('.').map(str::to_owned).collect()))
        }
        None => Err(messages::no_number_part(name)),
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn prints_and_counts_within_the_period() {
        let format = NumberFormat::parse("YP{yyyy}{MM}-{seq:4}").unwrap();
        assert_eq!(format.print(day("2026-11-23"), &[], 7), "YP202611-0007");
        assert_eq!(format.print(day("2026-11-23"), &[], 12345), "YP202611-12345");
        assert_eq!(format.period(day("2026-11-23"), &[]), "202611");
        assert_eq!((format.before(), format.last()), (9, 9_999));
        assert_eq!(NumberFormat::parse("{seq:3}").unwrap().period(day("2026-11-23"), &[]), "");
    }

    #[test]
    fn counts_by_the_parts_that_are_named() {
        let day = day("2026-11-23");
        let format = NumberFormat::parse("{department.code}{yyyy}{MM}-{seq:4}").unwrap();
        let values = ["HB".to_owned()];
        assert_eq!(format.print(day, &values, 7), "HB202611-0007");
        assert_eq!(format.period(day, &values), "HB202611-#");
        let yearly = format.clone().counting(&["yyyy".to_owned()]).unwrap();
        assert_eq!(yearly.period(day, &values), "2026-#");
        let ever = format.clone().counting(&[]).unwrap();
        assert_eq!(ever.period(day, &values), ever.period(day, &["TJ".to_owned()]));
        for other in ["dd", "seq:4", "level", "?"] {
            assert!(format.clone().counting(&[other.to_owned()]).is_err(), "{other}");
        }
        let two = NumberFormat::parse("{a}-{b}/{seq:1}").unwrap();
        let of = |a: &str, b: &str| two.period(day, &[a.to_owned(), b.to_owned()]);
        assert_ne!(of("x", "yz"), of("xy", "z"));
    }

    #[test]
    fn says_what_is_wrong() {
        for (format, word) in [
            ("X", "needs `{seq:N}`"),
            ("{seq:3}{seq:3}", "only one"),
            ("{seq:0}", "width"),
            ("{seq:x}", "not a part"),
            ("{a..b}{seq:3}", "not a part"),
            ("{1a}{seq:3}", "not a part"),
            ("{seq:3", "no closing"),
            ("}{seq:3}", "no opening"),
        ] {
            let fault = NumberFormat::parse(format).unwrap_err();
            assert!(fault.en.contains(word), "{format}: {fault:?}");
        }
    }
}
