//! Rules of single values: length, form, digits, picklist membership.

use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::faults;
use crate::{
    base::{Error, Message, Value, calendar, html, text},
    catalog::{Catalog, Field, FieldType, Picklist, TextForm, TextNormal, quoted_list},
};

/// The largest number of digits of a decimal, before and after the point together.
const DIGITS: u32 = 18;

/// The absolute value of a decimal, read without its point, is below this: 10^18.
static BOUND: LazyLock<Decimal> = LazyLock::new(|| Decimal::from(10_i64.pow(DIGITS)));

/// The normal form of a text: composed, without invisible characters and blanks around it. A long text keeps
/// blanks at its beginning. An e-mail address is in lower case. Then what the definition asks for.
pub fn normal_text(form: TextForm, normal: TextNormal, given: &str) -> String {
    let mut kept = match form {
        TextForm::Long => text::composed(given).trim_end().to_owned(),
        TextForm::Email => text::compatible(given).to_lowercase(),
        _ => text::tidy(given),
    };
    if normal.half_width || normal.phone {
        kept = kept.chars().map(text::narrow).collect();
    }
    if normal.phone {
        kept.retain(|c| !c.is_whitespace() && !"-‐‑–—()./".contains(c));
    }
    if normal.trimmed || normal.half_width && form != TextForm::Long {
        kept = kept.trim().to_owned();
    }
    kept
}

/// The normal form of a value: texts in their normal form, empty texts and lists as NULL, multi-picklists in
/// the picklist's order without repeats.
pub fn normalise(catalog: &Catalog, field: &Field, value: Value) -> Value {
    match (&field.ty, value) {
        (FieldType::Text { form, normal, .. }, Value::Text(text)) => {
            let text = normal_text(*form, *normal, &text);
            if text.is_empty() { Value::Null } else { Value::Text(text) }
        }
        (FieldType::RichText { max }, Value::Text(given)) => {
            // What is too long anyway is refused as it is.
            if longer(&given, *max) {
                return Value::Text(given);
            }
            let cleaned = html::clean(&text::composed(&given));
            if cleaned.is_empty() { Value::Null } else { Value::Text(cleaned) }
        }
        (FieldType::MultiPicklist(list), Value::List(items)) => {
            let known = &catalog.picklist(*list).values;
            let place = |item: &Value| {
                known.iter().position(|value| Some(value.name.as_str()) == item.as_text())
            };
            let mut items = items;
            items.sort_by_key(place);
            items.dedup();
            if items.is_empty() { Value::Null } else { Value::List(items) }
        }
        // Zero has no sign.
        (_, Value::Decimal(number)) if number.is_zero() => Value::Decimal(number.abs()),
        (ty, Value::Int(int)) if ty.scale().is_some() => Value::Decimal(Decimal::from(int)),
        (_, value) => value,
    }
}

/// The fault of a value that does not fit its field, if there is one. Expects a normalised
/// value of the field's type.
pub fn fault_of(catalog: &Catalog, field: &Field, value: &Value) -> Option<Error> {
    let title = field.title();
    if let (Some(scale), Some(number)) = (field.ty.scale(), value.as_decimal()) {
        return decimal(&title, scale, number);
    }
    match (&field.ty, value) {
        (_, Value::Null) => None,
        (FieldType::Text { max, form, .. }, Value::Text(text)) => {
            text_fault(&title, *max, *form, text)
        }
        (FieldType::RichText { max }, Value::Text(text)) => {
            text_fault(&title, *max, TextForm::Long, text)
        }
        (ty, Value::Int(int)) => ty
            .whole_range()
            .filter(|(low, high)| !(i64::from(*low)..=i64::from(*high)).contains(int))
            .map(|(low, high)| faults::out_of_range(&title, low, high)),
        (_, Value::Date(day)) if !calendar::has_day(*day) => Some(faults::out_of_years(&title)),
        (_, Value::DateTime(at)) if !calendar::has_instant(*at) => {
            Some(faults::out_of_years(&title))
        }
        (FieldType::Picklist(list), Value::Text(name)) if !catalog.picklist(*list).has(name) => {
            Some(no_option(&title, catalog.picklist(*list), name))
        }
        (FieldType::MultiPicklist(list), Value::List(items)) => {
            let list = catalog.picklist(*list);
            let wrong = items.iter().filter_map(Value::as_text).find(|name| !list.has(name))?;
            Some(no_option(&title, list, wrong))
        }
        // Of the other kinds, every value that could be read fits.
        _ => None,
    }
}

/// The largest number of picklist values that a message names.
const OPTIONS: usize = 12;

fn no_option(title: &Message, list: &Picklist, name: &str) -> Error {
    let known = list.values.iter().take(OPTIONS).map(|value| value.name.as_str());
    let mut options = quoted_list(known);
    if list.values.len() > OPTIONS {
        options.push_str(", …");
    }
    faults::no_option(title, name, options)
}

fn decimal(title: &Message, scale: u8, number: Decimal) -> Option<Error> {
    if number.normalize().scale() > u32::from(scale) {
        return Some(faults::many_decimals(title, scale));
    }
    let whole = Decimal::from(10_i64.pow(u32::from(scale)));
    match number.abs().checked_mul(whole) {
        Some(minor) if minor < *BOUND => None,
        _ => Some(faults::many_digits(title, DIGITS - u32::from(scale))),
    }
}

fn longer(text: &str, max: u32) -> bool {
    text.chars().count() > max as usize
}

fn text_fault(title: &Message, max: u32, form: TextForm, text: &str) -> Option<Error> {
    if text.contains('\0') {
        return Some(faults::zero_character(title));
    }
    if longer(text, max) {
        return Some(faults::too_long(title, max));
    }
    let control =
        |c: char| c.is_control() && !(form == TextForm::Long && matches!(c, '\n' | '\r' | '\t'));
    if text.chars().any(control) {
        return Some(faults::control_character(title));
    }
    match form {
        TextForm::Email if !is_email(text) => Some(faults::no_email(title)),
        TextForm::Phone if !is_phone(text) => Some(faults::no_phone(title)),
        TextForm::Url if !is_url(text) => Some(faults::no_url(title)),
        _ => None,
    }
}

fn is_email(text: &str) -> bool {
    match text.rsplit_once('@') {
        Some((name, host)) => {
            !name.is_empty()
                && name.len() <= 64
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains("..")
                && !text.contains(char::is_whitespace)
                && !name.contains('@')
        }
        None => false,
    }
}

fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 3 && text.chars().all(|c| c.is_ascii_digit() || "+-() ./,;#*转".contains(c))
}

fn is_url(text: &str) -> bool {
    // Schemes ignore case.
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let web = ["https", "http"].iter().any(|known| known.eq_ignore_ascii_case(scheme));
    Some(rest)
        .filter(|_| web)
        .is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_apart() {
        for good in ["a@b.cn", "wang.li@tj.example.com"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["a", "a@b", "@b.cn", "a@.cn", "a@b..cn", "a b@c.cn", "a@b@c.cn"] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(is_phone("+86 (22) 2345-6789") && is_phone("022-23456789转8"));
        assert!(!is_phone("none") && !is_phone("12"));
        assert!(is_url("HtTps://Example.com/x") && !is_url("ftp://a") && !is_url("https:/a"));
        assert!(is_url("https://a") && !is_url("javascript:alert(1)") && !is_url("https://"));
    }

    #[test]
    fn decimals_keep_to_their_scale() {
        let number = |text: &str| text.parse::<Decimal>().unwrap();
        let decimal = |scale, number| super::decimal(&Message::same("x"), scale, number);
        assert!(decimal(2, number("19996300.00")).is_none());
        assert!(decimal(2, number("0.001")).is_some());
        assert!(decimal(2, number("9999999999999999.99")).is_none());
        assert!(decimal(2, number("10000000000000000")).is_some());
        assert!(decimal(0, number("-999999999999999999")).is_none());
        assert!(decimal(8, number("79228162514264337593543950335")).is_some());
    }
}
