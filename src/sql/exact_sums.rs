//! Sums and means, exact and alike on both databases.
//!
//! PostgreSQL adds numerics of any width. SQLite's integers have 64 bits: `sum()` fails beyond them, and
//! other arithmetic continues in REAL, which keeps fifteen digits. So a value `v`, an integer of at most
//! 18 digits, is split into `(v + 10^18) / 10^9` and `(v + 10^18) % 10^9`, neither of which is negative.
//! Each part is summed. The sums are joined to a text of 28 digits that sorts and compares as the
//! numbers do. Its first 19 digits say how many times the figure contains 10^9, raised by `RAISED`; the
//! last nine digits are the rest.

use rust_decimal::Decimal;
use sea_orm::sea_query::{Alias, BinOper, Expr, ExprTrait, Func, Value as SqlValue};

use super::dialect::Dialect;
use crate::base::{Error, Result, Value};

/// The number of digits that a mean has more than its values.
pub const FINER: u8 = 4;

/// The base in which values are split.
const PART: i64 = 1_000_000_000;
/// The offset that makes every stored value positive.
const SHIFT: i64 = PART * PART;
/// The offset of the upper part, so that it is never negative.
const RAISED: i64 = 4 * SHIFT;
/// The number of digits of a figure.
const WIDTH: usize = 28;

fn number(number: i64) -> Expr {
    Expr::Constant(number.into())
}

fn call(name: &'static str, of: Expr) -> Expr {
    Func::cust(Alias::new(name)).arg(of).into()
}

fn sum(of: Expr) -> Expr {
    Func::sum(of).into()
}

fn count(of: &Expr) -> Expr {
    Func::count(of.clone()).into()
}

/// The number of groups of a select, whatever its LIMIT: `count(1) OVER ()`.
pub fn groups() -> Expr {
    count(&number(1)).binary(BinOper::Custom("OVER"), Expr::Tuple(Vec::new()))
}

/// SQLite: the sum of the upper parts of the raised values.
fn upper(value: &Expr) -> Expr {
    sum(value.clone().add(number(SHIFT)).div(number(PART)))
}

/// SQLite: the sum of the lower parts of the raised values.
fn lower(value: &Expr) -> Expr {
    sum(value.clone().add(number(SHIFT)).modulo(number(PART)))
}

/// SQLite: `CASE WHEN count(v) > 0 THEN printf('%019d%09d', upper, lower) END`.
fn figure(value: &Expr, upper: Expr, lower: Expr) -> Expr {
    let form = Expr::Constant("%019d%09d".into());
    let text = Func::cust(Alias::new("printf")).args([form, upper, lower]);
    Dialect::Sqlite.when(count(value).gt(number(0)), text.into())
}

/// The sum of some values.
///
/// PostgreSQL: `sum(v)`. SQLite: the figure of `U + L / 10^9 - n * 10^9` and `L % 10^9`, where `U` and `L`
/// are the sums of the parts of `n` values.
pub fn total(dialect: Dialect, value: &Expr) -> Expr {
    match dialect {
        Dialect::Postgres => sum(value.clone()),
        Dialect::Sqlite => {
            let low = || lower(value);
            let high = upper(value).add(low().div(number(PART)));
            let high = high.sub(count(value).mul(number(PART))).add(number(RAISED));
            figure(value, high, low().modulo(number(PART)))
        }
    }
}

/// The mean of values with `scale` digits, rounded half away from zero to [`FINER`] digits more.
pub fn mean(dialect: Dialect, value: &Expr, scale: u8) -> Expr {
    match dialect {
        Dialect::Postgres => mean_of_numerics(value, scale + FINER),
        Dialect::Sqlite => mean_of_parts(value),
    }
}

/// `(sign(s) * div(abs(s) * 2 * 10^d + n, 2 * n) * 10^-d)::numeric(38, d)`.
pub(super) fn mean_of_numerics(value: &Expr, digits: u8) -> Expr {
    let total = || sum(value.clone()).cast_as(Alias::new("numeric"));
    let twice = count(value).mul(number(2));
    let finer = 10_i64.pow(u32::from(digits));
    let raised = call("abs", total()).mul(number(2 * finer)).add(count(value));
    let quotient = Func::cust(Alias::new("div")).args([raised, twice]);
    // PostgreSQL chooses how many digits a quotient keeps; a product keeps all.
    let least = format!("0.{:0>1$}", 1, usize::from(digits));
    let least = Expr::Constant(least.into()).cast_as(Alias::new("numeric"));
    let mean = call("sign", total()).mul(quotient).mul(least);
    mean.cast_as(Alias::new(format!("numeric(38, {digits})")))
}

/// Long division of the raised sum by `n`, in base 10^9: `q = U / n`, then `t = U % n * 10^9 + L` gives
/// `t / n` and the rest `r`. `(r * 2 * 10^4 + n) / (2 * n)` gives four more digits, rounded. Raised values
/// are positive, so halves round up. If the sum is negative, they must round down.
fn mean_of_parts(value: &Expr) -> Expr {
    let finer = 10_i64.pow(u32::from(FINER));
    let n = || count(value);
    let (up, low) = (|| upper(value), || lower(value));
    let rest = || up().modulo(n()).mul(number(PART)).add(low());
    let doubled = || rest().modulo(n()).mul(number(2 * finer));
    let twice = || n().mul(number(2));
    let below = up().add(low().div(number(PART))).lt(n().mul(number(PART)));
    let half = doubled().modulo(twice()).eq(n()).and(below);
    let half = Dialect::Sqlite.either(half, number(1), number(0));
    let digits = rest().div(n()).mul(number(finer)).add(doubled().add(n()).div(twice())).sub(half);
    let high = up().div(n()).mul(number(finer)).add(digits.clone().div(number(PART)));
    // The mean of raised values is raised, too, and scaled by its additional digits.
    let high = high.add(number(RAISED - PART * finer));
    figure(value, high, digits.modulo(number(PART)))
}

/// The bound form of a number that is compared with a sum or mean of `scale` digits. A number outside the
/// range of figures becomes the smallest or the largest text.
pub fn bound(dialect: Dialect, scale: u8, value: &Value) -> Result<SqlValue> {
    let number = value.as_decimal().ok_or_else(|| Error::internal("a figure got no number"))?;
    Ok(match dialect {
        Dialect::Postgres => SqlValue::Decimal(Some(number)),
        Dialect::Sqlite => SqlValue::String(Some(text_of(number, scale))),
    })
}

fn text_of(number: Decimal, scale: u8) -> String {
    let number = number.normalize();
    let up = u32::from(scale).saturating_sub(number.scale());
    let minor = number.mantissa().saturating_mul(10_i128.pow(up));
    let part = i128::from(PART);
    let high = minor.div_euclid(part) + i128::from(RAISED);
    let most = 10_i128.pow(19);
    match high {
        below if below < 0 => "0".repeat(WIDTH),
        above if above >= most => "9".repeat(WIDTH),
        high => format!("{high:019}{:09}", minor.rem_euclid(part)),
    }
}

/// The decimal text of a figure from SQLite's text of 28 digits; `None` for any other text.
pub fn written(text: &str, scale: u8) -> Option<String> {
    let (high, low) = (text.len() == WIDTH).then(|| text.split_at_checked(19)).flatten()?;
    let (high, low) = (high.parse::<i128>().ok()?, low.parse::<i128>().ok()?);
    let minor = (high - i128::from(RAISED)) * i128::from(PART) + low;
    let sign = if minor < 0 { "-" } else { "" };
    let scale = usize::from(scale);
    let digits = format!("{:0>1$}", minor.unsigned_abs(), scale + 1);
    let (whole, after) = digits.split_at_checked(digits.len() - scale)?;
    Some(match after {
        "" => format!("{sign}{whole}"),
        after => format!("{sign}{whole}.{after}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_they_are_bound() {
        for (number, scale) in [
            ("0.00", 2),
            ("-0.01", 2),
            ("119999999999999999.88", 2),
            ("-119999999999999999.88", 2),
            ("92233720368547.760000", 6),
            ("-9999999999.999999985000", 12),
            ("-1000000000", 0),
            ("7", 0),
        ] {
            let text = text_of(number.parse().unwrap(), scale);
            assert_eq!(written(&text, scale).as_deref(), Some(number));
        }
        assert_eq!(written("12", 2), None);
    }

    #[test]
    fn figures_sort_as_numbers_do() {
        let numbers = [
            "-79228162514264337593543950335",
            "-1000000000000.01",
            "-1000000000000.00",
            "-0.01",
            "0",
            "0.01",
            "9.99",
            "10000000",
            "10000000.01",
            "79228162514264337593543950335",
        ];
        let texts: Vec<_> = numbers.iter().map(|n| text_of(n.parse().unwrap(), 2)).collect();
        assert!(texts.is_sorted() && texts.iter().all(|text| text.len() == WIDTH));
    }
}
