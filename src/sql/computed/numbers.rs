//! Exact decimals of up to 36 digits.
//!
//! PostgreSQL has numerics of any width. SQLite has integers of 64 bits, so a number there has two parts of one
//! sign, `high * 10^18 + low`, both below 10^18; its digits after the point are known from the formula. A number
//! without a value has no `high`.

use rust_decimal::Decimal;
use sea_orm::sea_query::{
    Alias, CaseStatement, CommonTableExpression, Expr, ExprTrait, Func, JoinType, Query, UnionType,
};

use super::{Steps, cust, unwritten, whole};
use crate::{
    base::{Result, Value},
    expr::{Arithmetic, Comparison},
    sql::dialect::Dialect,
};

/// The digits of each part.
const DIGITS: u32 = 18;
/// The bound of each part.
const PART: i64 = 1_000_000_000_000_000_000;
/// The base in which parts are multiplied.
const HALF: i64 = 1_000_000_000;
/// The digits after the point that a division keeps.
const DIVIDED: u32 = 10;
/// A divisor is below this, read without its point.
const DIVISOR: i64 = PART / 10;

/// A number while a formula is written.
#[derive(Clone)]
pub(super) struct Number {
    /// SQLite: `high` and `low`. PostgreSQL: the numeric, and again.
    parts: [Expr; 2],
    /// Digits after the point.
    scale: u32,
}

impl Number {
    /// NULL if the number has no value.
    pub(super) fn first(&self) -> Expr {
        self.parts[0].clone()
    }

    fn parts(&self) -> (Expr, Expr) {
        let [high, low] = self.parts.clone();
        (high, low)
    }

    /// PostgreSQL: a numeric.
    fn of(value: Expr, scale: u32) -> Self {
        Self { parts: [value.clone(), value], scale }
    }
}

fn power(digits: u32) -> i64 {
    10_i64.pow(std::cmp::min(digits, DIGITS))
}

fn numeric(value: Expr) -> Expr {
    value.cast_as(Alias::new("numeric"))
}

/// PostgreSQL: a numeric constant.
fn exact(value: Decimal) -> Expr {
    numeric(Expr::Constant(value.to_string().into()))
}

fn absolute(value: Expr) -> Expr {
    cust("abs", [value])
}

fn none() -> Expr {
    Expr::Constant(sea_orm::Value::BigInt(None))
}

impl Steps {
    /// A constant.
    pub(super) fn exactly(&self, value: &Value) -> Result<Number> {
        if value.is_null() {
            return Ok(match self.dialect {
                Dialect::Sqlite => Number { parts: [none(), none()], scale: 0 },
                Dialect::Postgres => Number::of(numeric(none()), 0),
            });
        }
        let number = value.as_decimal().ok_or_else(unwritten)?.normalize();
        let scale = number.scale();
        Ok(match self.dialect {
            Dialect::Postgres => Number::of(exact(number), scale),
            Dialect::Sqlite => {
                let (mantissa, part) = (number.mantissa(), i128::from(PART));
                let piece =
                    |piece: i128| i64::try_from(piece).map(whole).map_err(|_too_large| unwritten());
                Number { parts: [piece(mantissa / part)?, piece(mantissa % part)?], scale }
            }
        })
    }

    /// A value of a column: on SQLite an integer, without its point.
    pub(super) fn read_number(&self, value: Expr, scale: u32) -> Number {
        match self.dialect {
            Dialect::Postgres => Number::of(numeric(value), scale),
            Dialect::Sqlite => {
                let high = value.clone().div(whole(PART));
                Number { parts: [high, value.modulo(whole(PART))], scale }
            }
        }
    }

    /// The value for a column of so many digits after the point; NULL if it has more than 18 in all.
    pub(super) fn stored(&mut self, number: Number, scale: u32) -> Expr {
        let number = self.rounded(number, scale);
        let number = self.finer(number, scale);
        match self.dialect {
            Dialect::Sqlite => {
                let (high, low) = number.parts();
                self.dialect.when(high.eq(whole(0)), low)
            }
            Dialect::Postgres => {
                let value = self.hold(number.first());
                let fits = absolute(value.clone()).lt(exact(bound(DIGITS, scale)));
                let ty = format!("numeric({DIGITS}, {scale})");
                self.dialect.when(fits, value.cast_as(Alias::new(ty)))
            }
        }
    }

    /// The value of a number without digits after the point, as an integer; NULL if it has more than 18.
    pub(super) fn whole(&mut self, number: Number) -> Expr {
        match self.dialect {
            Dialect::Sqlite => {
                let (high, low) = number.parts();
                self.dialect.when(high.eq(whole(0)), low)
            }
            Dialect::Postgres => {
                let value = self.hold(number.first());
                let fits = absolute(value.clone()).lt(exact(bound(DIGITS, 0)));
                self.dialect.when(fits, value.cast_as(Alias::new("bigint")))
            }
        }
    }

    /// The whole number not above a number, or not below.
    pub(super) fn truncated(&mut self, number: Number, up: bool) -> Expr {
        match self.dialect {
            Dialect::Postgres => {
                let name = if up { "ceil" } else { "floor" };
                let value = cust(name, [number.first()]);
                self.whole(Number::of(value, 0))
            }
            Dialect::Sqlite => {
                let (high, low) = number.parts();
                let (unit, rest) = (power(number.scale), power(DIGITS - number.scale));
                let left = low.clone().modulo(whole(unit));
                let moved = match up {
                    true => self.dialect.either(left.gt(whole(0)), whole(1), whole(0)),
                    false => self.dialect.either(left.lt(whole(0)), whole(-1), whole(0)),
                };
                let value = high.clone().modulo(whole(unit)).mul(whole(rest));
                let value = value.add(low.div(whole(unit))).add(moved);
                let fits = high.div(whole(unit)).eq(whole(0));
                let value = self.hold(self.dialect.when(fits, value));
                self.dialect.when(absolute(value.clone()).lt(whole(PART)), value)
            }
        }
    }

    pub(super) fn negated(&self, number: Number) -> Number {
        let parts = number.parts.map(|part| whole(0).sub(part));
        Number { parts, scale: number.scale }
    }

    pub(super) fn absolute(&self, number: Number) -> Number {
        Number { parts: number.parts.map(absolute), scale: number.scale }
    }

    /// The number of the first case that holds.
    pub(super) fn chosen(&mut self, cases: Vec<(Expr, Number)>, other: Number) -> Number {
        let scale = cases.iter().map(|(_, number)| number.scale).fold(other.scale, std::cmp::max);
        let other = self.finer(other, scale);
        let mut chosen = [CaseStatement::new(), CaseStatement::new()];
        for (holds, number) in cases {
            let holds = self.hold(holds);
            let number = self.finer(number, scale);
            let (high, low) = number.parts();
            let [first, second] = chosen;
            chosen = [first.case(holds.clone(), high), second.case(holds, low)];
        }
        let (high, low) = other.parts();
        let [first, second] = chosen;
        let parts = self.put([first.finally(high).into(), second.finally(low).into()]);
        Number { parts, scale }
    }

    pub(super) fn combined(&mut self, operator: Arithmetic, a: Number, b: Number) -> Number {
        match operator {
            Arithmetic::Add => self.added(a, b),
            Arithmetic::Subtract => {
                let b = self.negated(b);
                self.added(a, b)
            }
            Arithmetic::Multiply => self.multiplied(a, b),
            Arithmetic::Divide => self.divided(a, b, false),
            Arithmetic::Remainder => self.divided(a, b, true),
        }
    }

    /// PostgreSQL: the number, if it has no more than 36 digits.
    fn within(&mut self, value: Expr, scale: u32) -> Number {
        let value = self.hold(value);
        let fits = absolute(value.clone()).lt(exact_bound(2 * DIGITS, scale));
        Number::of(self.hold(self.dialect.when(fits, value)), scale)
    }

    fn added(&mut self, a: Number, b: Number) -> Number {
        let (a, b) = self.alike(a, b);
        let scale = a.scale;
        if self.dialect == Dialect::Postgres {
            return self.within(a.first().add(b.first()), scale);
        }
        let ((ah, al), (bh, bl)) = (a.parts(), b.parts());
        let low = al.add(bl);
        let high = ah.add(bh).add(low.clone().div(whole(PART)));
        let [high, low] = self.put([high, low.modulo(whole(PART))]);
        // Both parts have one sign.
        let above = || high.clone().gt(whole(0)).and(low.clone().lt(whole(0)));
        let below = || high.clone().lt(whole(0)).and(low.clone().gt(whole(0)));
        let first = CaseStatement::new()
            .case(absolute(high.clone()).gte(whole(PART)), none())
            .case(above(), high.clone().sub(whole(1)))
            .case(below(), high.clone().add(whole(1)))
            .finally(high.clone());
        let second = CaseStatement::new()
            .case(above(), low.clone().add(whole(PART)))
            .case(below(), low.clone().sub(whole(PART)))
            .finally(low.clone());
        Number { parts: self.put([first.into(), second.into()]), scale }
    }

    /// SQLite multiplies in halves of parts. Where both numbers have a high part, the product is too large.
    fn multiplied(&mut self, a: Number, b: Number) -> Number {
        let scale = a.scale + b.scale;
        if self.dialect == Dialect::Postgres {
            return self.within(a.first().mul(b.first()), scale);
        }
        let [ah, al, bh, bl] = {
            let ((ah, al), (bh, bl)) = (a.parts(), b.parts());
            self.put([ah, al, bh, bl])
        };
        let upper = |part: &Expr| part.clone().div(whole(HALF));
        let lower = |part: &Expr| part.clone().modulo(whole(HALF));
        let middle = upper(&al).mul(lower(&bl)).add(lower(&al).mul(upper(&bl)));
        let crossed = ah.clone().mul(bl.clone()).add(al.clone().mul(bh.clone()));
        let large = ah.ne(whole(0)).and(bh.ne(whole(0)));
        let [top, middle, low, crossed, large] = self.put([
            upper(&al).mul(upper(&bl)),
            middle,
            lower(&al).mul(lower(&bl)),
            crossed,
            large,
        ]);
        let middle = || middle.clone().add(upper(&low));
        let high = top.add(middle().div(whole(HALF))).add(crossed.clone());
        let low = middle().modulo(whole(HALF)).mul(whole(HALF)).add(lower(&low));
        let [high, low] = self.put([high, low]);
        let first = CaseStatement::new()
            .case(large.or(inexact(&crossed)).or(absolute(high.clone()).gte(whole(PART))), none())
            .finally(high);
        let [high] = self.put([first.into()]);
        Number { parts: [high, low], scale }
    }

    /// The same number with at least so many digits after the point.
    fn finer(&mut self, number: Number, scale: u32) -> Number {
        let more = scale.saturating_sub(number.scale);
        match (self.dialect, more) {
            (_, 0) => number,
            (Dialect::Postgres, _) => Number { scale, ..number },
            (Dialect::Sqlite, more) => {
                let (high, low) = (more / DIGITS, more % DIGITS);
                let parts = match high {
                    0 => [whole(0), whole(power(low))],
                    _ => [whole(power(low)), whole(0)],
                };
                self.multiplied(number, Number { parts, scale: more })
            }
        }
    }

    fn alike(&mut self, a: Number, b: Number) -> (Number, Number) {
        let scale = std::cmp::max(a.scale, b.scale);
        let a = self.finer(a, scale);
        (a, self.finer(b, scale))
    }

    /// The number with no more than so many digits after the point, halves away from zero.
    pub(super) fn rounded(&mut self, number: Number, scale: u32) -> Number {
        let fewer = number.scale.saturating_sub(scale);
        if fewer == 0 {
            return number;
        }
        let (high, low) = number.parts();
        if self.dialect == Dialect::Postgres {
            let digits = Expr::Constant(i32::try_from(scale).unwrap_or_default().into());
            return Number::of(cust("round", [high, digits]), scale);
        }
        let (unit, rest) = (power(fewer), power(DIGITS.saturating_sub(fewer)));
        let twice = low.clone().modulo(whole(unit)).mul(whole(2));
        let moved: Expr = CaseStatement::new()
            .case(twice.clone().gte(whole(unit)), whole(1))
            .case(twice.lte(whole(-unit)), whole(-1))
            .finally(whole(0))
            .into();
        let lower = high.clone().modulo(whole(unit)).mul(whole(rest));
        let lower = lower.add(low.div(whole(unit))).add(moved);
        let [high, low] = self.put([high.div(whole(unit)), lower]);
        let high = high.add(low.clone().div(whole(PART)));
        Number { parts: self.put([high, low.modulo(whole(PART))]), scale }
    }

    pub(super) fn compared(&mut self, comparison: Comparison, a: Number, b: Number) -> Expr {
        let (a, b) = self.alike(a, b);
        let ((ah, al), (bh, bl)) = (a.parts(), b.parts());
        if self.dialect == Dialect::Postgres {
            return match comparison {
                Comparison::Equal => ah.eq(bh),
                Comparison::NotEqual => ah.ne(bh),
                Comparison::Less => ah.lt(bh),
                Comparison::LessOrEqual => ah.lte(bh),
                Comparison::Greater => ah.gt(bh),
                Comparison::GreaterOrEqual => ah.gte(bh),
            };
        }
        let [ah, al, bh, bl] = self.put([ah, al, bh, bl]);
        let there = ah.clone().is_not_null().and(bh.clone().is_not_null());
        let same = ah.clone().eq(bh.clone());
        let holds = match comparison {
            Comparison::Equal => same.and(al.eq(bl)),
            Comparison::NotEqual => ah.ne(bh).or(al.ne(bl)),
            Comparison::Less => ah.lt(bh).or(same.and(al.lt(bl))),
            Comparison::LessOrEqual => ah.lt(bh).or(same.and(al.lte(bl))),
            Comparison::Greater => ah.gt(bh).or(same.and(al.gt(bl))),
            Comparison::GreaterOrEqual => ah.gt(bh).or(same.and(al.gte(bl))),
        };
        self.dialect.when(there, holds)
    }

    /// The quotient, rounded half away from zero, or the rest, which has the sign of `a`. NULL for a division by
    /// zero and by a number of more than 17 digits.
    fn divided(&mut self, a: Number, b: Number, rest: bool) -> Number {
        let (a, b) = match rest {
            true => self.alike(a, b),
            false => {
                let least = a.scale.saturating_sub(DIVIDED);
                (a, self.finer(b, least))
            }
        };
        match self.dialect {
            Dialect::Postgres => self.divided_numerics(a, b, rest),
            Dialect::Sqlite => self.divided_parts(a, b, rest),
        }
    }

    /// `sign(a) * sign(b) * div(abs(a) * 2 * 10^10 + abs(b), 2 * abs(b)) * 10^-10`, or `mod(a, b)`.
    fn divided_numerics(&mut self, a: Number, b: Number, rest: bool) -> Number {
        let (scale, of) = (a.scale, b.scale);
        let [a, b] = self.put([a.first(), b.first()]);
        let fits = absolute(b.clone())
            .lt(exact_bound(DIGITS - 1, of))
            .and(b.clone().ne(exact(Decimal::ZERO)));
        let b = self.hold(self.dialect.when(fits, b));
        if rest {
            return Number::of(self.hold(cust("mod", [a, b])), scale);
        }
        let twice = |digits: u32| exact(Decimal::from(2 * power(digits)));
        let signs = cust("sign", [a.clone()]).mul(cust("sign", [b.clone()]));
        let above = absolute(a).mul(twice(DIVIDED)).add(absolute(b.clone()));
        let quotient = cust("div", [above, absolute(b).mul(twice(0))]);
        self.within(signs.mul(quotient).mul(exact(Decimal::new(1, DIVIDED))), DIVIDED)
    }

    /// Long division, digit by digit: `r * 10 + digit` is divided by the divisor, and the digits of the quotient
    /// move through `l` to `h`. A number without a high part begins at its end.
    ///
    /// ```sql
    /// t1c7_4 AS (SELECT CASE WHEN ah = 0 THEN 18 ELSE 0 END AS i, … FROM t1c7_3 WHERE b <> 0 UNION ALL
    ///   SELECT i + 1, h * 10 + l / 10^17, l % 10^17 * 10 + (r * 10 + t / 10^17) / b, … FROM t1c7_4 WHERE i < 30)
    /// ```
    fn divided_parts(&mut self, a: Number, b: Number, rest: bool) -> Number {
        let more = if rest { 0 } else { (DIVIDED + b.scale).saturating_sub(a.scale) };
        let scale = if rest { a.scale } else { DIVIDED };
        let ((ah, al), (bh, bl)) = (a.parts(), b.parts());
        let [ah, al, bh, bl] = self.put([ah, al, bh, bl]);
        let fits = bh.eq(whole(0)).and(absolute(bl.clone()).lt(whole(DIVISOR)));
        let fits = fits.and(bl.clone().ne(whole(0))).and(ah.clone().is_not_null());
        let short = || ah.clone().eq(whole(0));
        let begun = |short_part: Expr, part: Expr| self.dialect.either(short(), short_part, part);
        let by = absolute(bl.clone());
        let (upper, lower) = (absolute(ah.clone()), absolute(al.clone()));
        let mut first = Query::select();
        let named = |name: &str| Alias::new(format!("d{}{name}", self.next));
        let digits = whole(DIGITS.into());
        first
            .expr_as(begun(digits, whole(0)), named("i"))
            .expr_as(whole(0), named("h"))
            .expr_as(
                begun(lower.clone().div(by.clone()), upper.clone().div(by.clone())),
                named("l"),
            )
            .expr_as(begun(lower.clone().modulo(by.clone()), upper.modulo(by.clone())), named("r"))
            .expr_as(begun(whole(0), lower), named("t"))
            .expr_as(by, named("b"))
            .from(self.last())
            .and_where(fits);
        let of = |name: &str| Expr::col(named(name));
        let (ten, seventeen) = (|| whole(10), || whole(DIVISOR));
        let next = || of("r").mul(ten()).add(of("t").div(seventeen()));
        let last = DIGITS + more;
        let again = Query::select()
            .expr(of("i").add(whole(1)))
            .expr(of("h").mul(ten()).add(of("l").div(seventeen())))
            .expr(of("l").modulo(seventeen()).mul(ten()).add(next().div(of("b"))))
            .expr(next().modulo(of("b")))
            .expr(of("t").modulo(seventeen()).mul(ten()))
            .expr(of("b"))
            .from(Alias::new(format!("{}_{}", self.name, self.count)))
            .and_where(of("i").lt(whole(last.into())))
            .to_owned();
        first.union(UnionType::All, again);
        let [step, upper, lower, left, divisor] = ["i", "h", "l", "r", "b"].map(of);
        let before = self.last();
        self.next += 1;
        self.with.recursive(true);
        self.add_plain(first);
        let divided = self.last();
        let mut joined = Query::select();
        joined.column(sea_orm::sea_query::Asterisk).from(before).join(
            JoinType::LeftJoin,
            divided,
            step.eq(whole(last.into())),
        );
        self.add(joined);
        let minus = |expr: Expr, negative: Expr| {
            self.dialect.either(negative, whole(0).sub(expr.clone()), expr)
        };
        let below =
            |high: &Expr, low: &Expr| high.clone().lt(whole(0)).or(low.clone().lt(whole(0)));
        if rest {
            let low = minus(left.clone(), below(&ah, &al));
            let high = self.dialect.when(left.is_not_null(), whole(0));
            return Number { parts: self.put([high, low]), scale };
        }
        let away = self.dialect.either(left.mul(whole(2)).gte(divisor), whole(1), whole(0));
        let other = below(&ah, &al).ne(bl.lt(whole(0)));
        let [low, other] = self.put([lower.add(away), other]);
        let high = upper.clone().add(low.clone().div(whole(PART)));
        let too_large = inexact(&upper).or(upper.clone().gte(whole(PART)));
        let high = CaseStatement::new().case(too_large, none()).finally(high);
        let [high] = self.put([high.into()]);
        let minus =
            |expr: Expr| self.dialect.either(other.clone(), whole(0).sub(expr.clone()), expr);
        let parts = [minus(high), minus(low.modulo(whole(PART)))];
        Number { parts: self.put(parts), scale }
    }

    fn add_plain(&mut self, select: sea_orm::sea_query::SelectStatement) {
        let name = Alias::new(format!("{}_{}", self.name, self.count));
        let mut table = CommonTableExpression::new();
        table.table_name(name).query(select);
        self.with.cte(table);
        self.count += 1;
    }
}

/// SQLite: an integer that has become too large for one.
fn inexact(value: &Expr) -> Expr {
    Expr::from(Func::cust(Alias::new("typeof")).arg(value.clone()))
        .eq(Expr::Constant("real".into()))
}

/// The bound of numbers with so many digits, `scale` of them after the point, for up to 18 before the point.
fn bound(digits: u32, scale: u32) -> Decimal {
    Decimal::from(power(digits.saturating_sub(scale)))
}

/// The same for numbers of any width.
fn exact_bound(digits: u32, scale: u32) -> Expr {
    let zeros = usize::try_from(digits.saturating_sub(scale)).unwrap_or_default();
    numeric(Expr::Constant(format!("1{}", "0".repeat(zeros)).into()))
}
