//! The days of a formula. Those beyond the years 1 to 9999 are NULL.

use sea_orm::sea_query::{Alias, Expr, ExprTrait};

use super::{Steps, cust, whole};
use crate::{expr::Function, sql::dialect::Dialect};

/// The days from the first day of the calendar to its last.
const LAST: i64 = 3_652_058;

impl Steps {
    /// Days from one day to another.
    pub(super) fn days_between(&self, from: Expr, to: Expr) -> Expr {
        match self.dialect {
            Dialect::Sqlite => {
                let day = |day| cust("julianday", [day]);
                day(to).sub(day(from)).cast_as(Alias::new("integer"))
            }
            Dialect::Postgres => to.sub(from).cast_as(Alias::new("bigint")),
        }
    }

    /// The day so many days later.
    pub(super) fn days_later(&mut self, day: Expr, days: Expr) -> Expr {
        let [day, days] = self.put([day, days]);
        let first = Expr::Constant("0001-01-01".into());
        let first = match self.dialect {
            Dialect::Sqlite => first,
            Dialect::Postgres => first.cast_as(Alias::new("date")),
        };
        let reached = self.days_between(first, day.clone()).add(days.clone());
        let later = match self.dialect {
            Dialect::Sqlite => cust("date", [day, span(days, "%d days")]),
            Dialect::Postgres => day.add(days.cast_as(Alias::new("integer"))),
        };
        self.dialect.when(reached.between(whole(0), whole(LAST)), later)
    }

    /// The day so many months later, kept within its month.
    pub(super) fn months_later(&mut self, day: Expr, months: Expr) -> Expr {
        let [day, months] = self.put([day, months]);
        let year = self.part_of_day(Function::Year, day.clone());
        let month = self.part_of_day(Function::Month, day.clone());
        let reached = year.mul(whole(12)).add(month).add(months.clone());
        let later = match self.dialect {
            Dialect::Sqlite => {
                let floor = Expr::Constant("floor".into());
                cust("date", [day, span(months, "%d months"), floor])
            }
            Dialect::Postgres => {
                let none = Expr::Constant(0.into());
                let span = cust("make_interval", [none, months.cast_as(Alias::new("integer"))]);
                day.add(span).cast_as(Alias::new("date"))
            }
        };
        self.dialect.when(reached.between(whole(13), whole(9_999 * 12 + 12)), later)
    }

    /// The year, month or day of a day.
    pub(super) fn part_of_day(&self, part: Function, day: Expr) -> Expr {
        let (name, from, count) = match part {
            Function::Year => ("year", 1, 4),
            Function::Month => ("month", 6, 2),
            _ => ("day", 9, 2),
        };
        match self.dialect {
            Dialect::Sqlite => {
                cust("substr", [day, whole(from), whole(count)]).cast_as(Alias::new("integer"))
            }
            Dialect::Postgres => {
                cust("date_part", [Expr::Constant(name.into()), day]).cast_as(Alias::new("bigint"))
            }
        }
    }
}

/// SQLite: so many days or months as its functions read them.
fn span(count: Expr, form: &'static str) -> Expr {
    cust("format", [Expr::Constant(form.into()), count])
}
