//! What related records come to, as the value of a field, exact and alike on both databases.
//!
//! SQLite's sums fail beyond 64 bits, so values are summed in two parts, as in `exact_sums`.

use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, Func, Query, SelectStatement};

use super::{dialect::Dialect, exact_sums::mean_of_numerics};
use crate::catalog::RollupOp;

/// The base in which values are split.
const HALF: i64 = 1_000_000_000;
/// The bound of what a decimal field holds, read without its point.
const BOUND: i64 = HALF * HALF;

/// The field that is rolled up, and the field that holds the result.
pub struct Rolled {
    /// The function.
    pub op: RollupOp,
    /// The value of each record; any for a count.
    pub value: Expr,
    /// The digits of values after the point.
    pub scale: u8,
    /// The digits of the result after the point; `None` for a whole number of 32 bits.
    pub digits: Option<u8>,
}

/// The result over the records of a select: `(SELECT max(t2.amount) FROM opportunity t2 WHERE …)`. What the field
/// cannot hold is NULL.
pub fn rolled_up(dialect: Dialect, rolled: Rolled, mut rows: SelectStatement) -> Expr {
    let Rolled { op, value, scale, digits } = rolled;
    rows.clear_selects();
    match op {
        RollupOp::Count => {
            rows.expr(Func::count(number(1)));
            rows.into()
        }
        RollupOp::Min(_) => {
            rows.expr(Func::min(value));
            rows.into()
        }
        RollupOp::Max(_) => {
            rows.expr(Func::max(value));
            rows.into()
        }
        RollupOp::Sum(_) => total(dialect, &value, digits, rows),
        RollupOp::Avg(_) => {
            let digits = digits.unwrap_or_default();
            mean(dialect, &value, (digits, digits.saturating_sub(scale)), rows)
        }
    }
}

fn number(number: i64) -> Expr {
    Expr::Constant(number.into())
}

fn col(name: &'static str) -> Expr {
    Expr::col(Alias::new(name))
}

fn abs(of: Expr) -> Expr {
    Func::cust(Alias::new("abs")).arg(of).into()
}

/// `SELECT … FROM (rows) s`.
fn of(value: Expr, rows: SelectStatement) -> Expr {
    Query::select().expr(value).from_subquery(rows, Alias::new("s")).to_owned().into()
}

/// SQLite: the sums of both parts as `u` and `l`, and the number of values as `n`.
fn parts(value: &Expr, rows: &mut SelectStatement) {
    rows.expr_as(Func::sum(value.clone().div(number(HALF))), Alias::new("u"))
        .expr_as(Func::sum(value.clone().modulo(number(HALF))), Alias::new("l"))
        .expr_as(Func::count(value.clone()), Alias::new("n"));
}

fn total(dialect: Dialect, value: &Expr, digits: Option<u8>, mut rows: SelectStatement) -> Expr {
    let (total, wide) = match dialect {
        Dialect::Sqlite => {
            parts(value, &mut rows);
            (col("u").mul(number(HALF)).add(col("l")), abs(col("u")).gte(number(HALF)))
        }
        Dialect::Postgres => {
            let sum = Expr::from(Func::sum(value.clone())).cast_as(Alias::new("numeric"));
            rows.expr_as(sum, Alias::new("t"));
            (col("t"), Expr::Constant(false.into()))
        }
    };
    let bound = match (dialect, digits) {
        (_, None) => number(i32::MAX.into()),
        (Dialect::Sqlite, Some(_)) => number(BOUND - 1),
        (Dialect::Postgres, Some(digits)) => number(BOUND / 10_i64.pow(digits.into()) - 1),
    };
    let held = |total: Expr| match (dialect, digits) {
        (Dialect::Sqlite, _) => total,
        (Dialect::Postgres, None) => total.cast_as(Alias::new("bigint")),
        (Dialect::Postgres, Some(digits)) => {
            total.cast_as(Alias::new(format!("numeric(18, {digits})")))
        }
    };
    let none = match dialect {
        Dialect::Sqlite => col("u"),
        Dialect::Postgres => col("t"),
    };
    let value: Expr = CaseStatement::new()
        .case(none.is_null(), held(number(0)))
        .case(wide.not().and(abs(total.clone()).lte(bound)), held(total))
        .into();
    of(value, rows)
}

/// The mean with so many digits after the point, `finer` more than the values have, rounded half away from zero.
///
/// SQLite divides the sum as a whole (`q`) with a rest (`r`) of the same sign, and the rest again.
fn mean(
    dialect: Dialect,
    value: &Expr,
    (digits, finer): (u8, u8),
    mut rows: SelectStatement,
) -> Expr {
    if dialect == Dialect::Postgres {
        rows.expr_as(mean_of_numerics(value, digits), Alias::new("m"));
        let bound = number(BOUND / 10_i64.pow(digits.into()) - 1);
        return of(dialect.when(abs(col("m")).lte(bound), col("m")), rows);
    }
    parts(value, &mut rows);
    let rest = || col("u").modulo(col("n")).mul(number(HALF)).add(col("l"));
    let quotient = col("u").div(col("n")).mul(number(HALF)).add(rest().div(col("n")));
    let divided = Query::select()
        .expr_as(quotient, Alias::new("q"))
        .expr_as(rest().modulo(col("n")), Alias::new("r"))
        .expr_as(col("n"), Alias::new("n"))
        .from_subquery(rows, Alias::new("s"))
        .to_owned();
    let down = || col("q").gt(number(0)).and(col("r").lt(number(0)));
    let up = || col("q").lt(number(0)).and(col("r").gt(number(0)));
    let signed = Query::select()
        .expr_as(
            CaseStatement::new()
                .case(down(), col("q").sub(number(1)))
                .case(up(), col("q").add(number(1)))
                .finally(col("q")),
            Alias::new("q"),
        )
        .expr_as(
            CaseStatement::new()
                .case(down(), col("r").add(col("n")))
                .case(up(), col("r").sub(col("n")))
                .finally(col("r")),
            Alias::new("r"),
        )
        .expr_as(col("n"), Alias::new("n"))
        .from_subquery(divided, Alias::new("s"))
        .to_owned();
    let more = 10_i64.pow(finer.into());
    let below = col("q").lt(number(0)).or(col("r").lt(number(0)));
    let half = dialect.either(below, number(0).sub(col("n")), col("n"));
    let rounded = col("r").mul(number(2 * more)).add(half).div(col("n").mul(number(2)));
    let value = col("q").mul(number(more)).add(rounded);
    of(dialect.when(abs(col("q")).lt(number(BOUND / more)), value), signed)
}
