//! Formulas that are computed when they are read, as SQL. Both databases give what `expr::eval` gives.
//!
//! Every step names what later steps use more than once, in a table of one row that is not merged into the next
//! one. So the text grows with the formula, and nothing is computed twice:
//!
//! ```sql
//! (WITH t1c7_0 AS MATERIALIZED (SELECT t1.quantity AS p0, t1.price AS p1),
//!   t1c7_1 AS MATERIALIZED (SELECT *, CAST(p0 AS numeric) * CAST(p1 AS numeric) AS n0 FROM t1c7_0)
//!   SELECT CASE WHEN abs(n0) < … THEN CAST(round(n0, 2) AS numeric(18, 2)) END FROM t1c7_1)
//! ```
//!
//! Where a result is too large for its type, and where `eval` reports an error, the value is NULL.

mod dates;
mod numbers;

use chrono::NaiveDate;
use sea_orm::sea_query::{
    Alias, Asterisk, CaseStatement, CommonTableExpression, Expr, ExprTrait, Func, Query,
    SelectStatement, WithClause,
};

use self::numbers::Number;
use super::{condition_tree::any_of, dialect::Dialect, encode::encode_as, functions::concat};
use crate::{
    base::{Error, Result, Value},
    catalog::{FieldType, Storage},
    expr::{Comparison, Expr as Formula, Function, Node, Type},
};

/// A value that a formula reads: its SQL, and the type of the field.
pub type Read = (Expr, FieldType);

/// Where a formula is computed.
pub struct ComputedIn {
    /// The database.
    pub dialect: Dialect,
    /// A name that no table around the formula has.
    pub name: String,
    /// Today in the business time zone, if the formula may ask for it.
    pub today: Option<NaiveDate>,
}

/// The value of a formula for a field of type `ty`. `read` gives the values at its paths.
pub fn computed(
    formula: &Formula,
    ty: &FieldType,
    place: ComputedIn,
    read: &mut dyn FnMut(&[String]) -> Result<Read>,
) -> Result<Expr> {
    let ComputedIn { dialect, name, today } = place;
    let mut base = Query::select();
    let mut paths = Vec::new();
    for path in formula.paths() {
        let (value, ty) = read(&path)?;
        base.expr_as(value, Alias::new(format!("p{}", paths.len())));
        paths.push((path, ty));
    }
    if formula.calls(Function::Today) {
        let today = today.ok_or_else(|| Error::internal("a formula does not know the day"))?;
        base.expr_as(Expr::val(encode_as(dialect, &Value::Date(today))?), Alias::new("today"));
    }
    base.expr_as(Expr::Constant(1.into()), Alias::new("one"));
    let mut steps = Steps { dialect, name, paths, with: WithClause::new(), count: 0, next: 0 };
    steps.add(base);
    let value = steps.finished(formula, ty)?;
    let mut select = Query::select();
    select.expr(value).from(steps.last()).with_cte(steps.with);
    Ok(select.into())
}

/// The steps of a formula while it is written.
struct Steps {
    dialect: Dialect,
    name: String,
    /// The paths that are read; the first step has them as `p0`, `p1` and so on.
    paths: Vec<(Vec<String>, FieldType)>,
    with: WithClause,
    count: usize,
    next: usize,
}

impl Steps {
    fn add(&mut self, select: SelectStatement) {
        let name = Alias::new(format!("{}_{}", self.name, self.count));
        let mut table = CommonTableExpression::new();
        table.table_name(name).query(select).materialized(true);
        self.with.cte(table);
        self.count += 1;
    }

    /// The table of the last step.
    fn last(&self) -> Alias {
        Alias::new(format!("{}_{}", self.name, self.count.saturating_sub(1)))
    }

    /// Names some values: `SELECT *, a AS n3, b AS n4 FROM t1c7_1`.
    fn put<const N: usize>(&mut self, values: [Expr; N]) -> [Expr; N] {
        let mut select = Query::select();
        select.column(Asterisk).from(self.last());
        let named = values.map(|value| {
            let name = Alias::new(format!("n{}", self.next));
            self.next += 1;
            select.expr_as(value, name.clone());
            Expr::col(name)
        });
        self.add(select);
        named
    }

    /// A value that is used more than once.
    fn hold(&mut self, value: Expr) -> Expr {
        let [value] = self.put([value]);
        value
    }

    /// The value as the field holds it; NULL if it does not fit.
    fn finished(&mut self, formula: &Formula, ty: &FieldType) -> Result<Expr> {
        if let Storage::Decimal(scale) = ty.storage() {
            let number = self.number(formula)?;
            return Ok(self.stored(number, scale.into()));
        }
        let value = self.plain(formula)?;
        if let Some((least, most)) = ty.whole_range() {
            let value = self.hold(value);
            let within = value.clone().between(whole(least.into()), whole(most.into()));
            return Ok(self.dialect.when(within, value));
        }
        Ok(match ty {
            FieldType::Text { max, .. } => {
                let value = self.hold(value);
                let length = Expr::from(Func::char_length(value.clone()));
                self.dialect.when(length.between(whole(1), whole((*max).into())), value)
            }
            _ => value,
        })
    }

    /// The value of an expression that is not a decimal.
    fn plain(&mut self, formula: &Formula) -> Result<Expr> {
        Ok(match formula.node() {
            Node::Const(value) => self.constant(value, formula.ty())?,
            Node::Path(path) => self.at(path)?.0,
            Node::Not(inner) => self.plain(inner)?.not(),
            Node::Negate(_) | Node::Arithmetic(..) => {
                let number = self.number(formula)?;
                self.whole(number)
            }
            Node::IsNull(inner) => self.tested(inner)?.is_null(),
            Node::IsNotNull(inner) => self.tested(inner)?.is_not_null(),
            Node::And(a, b) => self.plain(a)?.and(self.plain(b)?),
            Node::Or(a, b) => self.plain(a)?.or(self.plain(b)?),
            Node::Compare(comparison, a, b) => self.comparison(*comparison, a, b)?,
            Node::Concat(a, b) => concat(self.plain(a)?, self.plain(b)?),
            Node::In(item, list) => self.is_in(item, list)?,
            Node::If(condition, a, b) => {
                let condition = self.plain(condition)?;
                self.dialect.either(condition, self.plain(a)?, self.plain(b)?)
            }
            Node::Call(function, arguments) => self.call(*function, arguments)?,
            Node::Widen(_) | Node::List(_) | Node::Over(_) => return Err(unwritten()),
        })
    }

    /// A value of which it only counts whether there is one.
    fn tested(&mut self, formula: &Formula) -> Result<Expr> {
        match formula.ty() {
            Type::Decimal => Ok(self.number(formula)?.first()),
            Type::Null => Ok(self.null(&Type::Text)),
            _ => self.plain(formula),
        }
    }

    /// A value at a path as the first step has it, and the type of its field.
    fn at(&self, path: &[String]) -> Result<Read> {
        let place = self.paths.iter().position(|(known, _)| known == path);
        let place = place.ok_or_else(|| Error::internal("a formula reads an unknown path"))?;
        let ty = self.paths[place].1.clone();
        let value = Expr::col(Alias::new(format!("p{place}")));
        Ok(match (self.dialect, ty.storage()) {
            (Dialect::Postgres, Storage::Integer) => (value.cast_as(Alias::new("bigint")), ty),
            _ => (value, ty),
        })
    }

    fn constant(&self, value: &Value, ty: &Type) -> Result<Expr> {
        Ok(match (value, self.dialect) {
            (Value::Null, _) => self.null(ty),
            (Value::Int(number), Dialect::Sqlite) => whole(*number),
            (Value::Int(number), Dialect::Postgres) => whole(*number).cast_as(Alias::new("bigint")),
            (Value::Bool(truth), _) => Expr::Constant((*truth).into()),
            (value, _) => Expr::val(encode_as(self.dialect, value)?),
        })
    }

    /// NULL of a type, which PostgreSQL wants to know.
    fn null(&self, ty: &Type) -> Expr {
        let null = Expr::Constant(sea_orm::Value::String(None));
        let name = match ty {
            Type::Int => "bigint",
            Type::Decimal => "numeric",
            Type::Bool => "boolean",
            Type::Date => "date",
            Type::DateTime => "timestamptz",
            Type::Time => "time",
            Type::Id | Type::Record(_) => "uuid",
            Type::Null | Type::Text | Type::Picklist(_) | Type::Json | Type::List(_) => "text",
        };
        match self.dialect {
            Dialect::Sqlite => null,
            Dialect::Postgres => null.cast_as(Alias::new(name)),
        }
    }

    fn comparison(&mut self, comparison: Comparison, a: &Formula, b: &Formula) -> Result<Expr> {
        if *a.ty() == Type::Decimal || *b.ty() == Type::Decimal {
            let (a, b) = (self.number(a)?, self.number(b)?);
            return Ok(self.compared(comparison, a, b));
        }
        let (a, b) = (self.plain(a)?, self.plain(b)?);
        Ok(match comparison {
            Comparison::Equal => a.eq(b),
            Comparison::NotEqual => a.ne(b),
            Comparison::Less => a.lt(b),
            Comparison::LessOrEqual => a.lte(b),
            Comparison::Greater => a.gt(b),
            Comparison::GreaterOrEqual => a.gte(b),
        })
    }

    /// Whether an item is in a list: `a = b OR a = c`, or whether the stored list has its name in quotes.
    fn is_in(&mut self, item: &Formula, list: &Formula) -> Result<Expr> {
        if let Node::List(items) = list.node() {
            let each = items.iter().map(|other| self.comparison(Comparison::Equal, item, other));
            let each = each.collect::<Result<Vec<_>>>()?;
            return Ok(any_of(each).unwrap_or(Expr::Constant(false.into())));
        }
        let quote = || Expr::Constant("\"".into());
        let named = concat(concat(quote(), self.plain(item)?), quote());
        Ok(self.position(self.plain_list(list)?, named).gt(whole(0)))
    }

    /// A stored list as its JSON text.
    fn plain_list(&self, list: &Formula) -> Result<Expr> {
        match list.node() {
            Node::Path(path) => Ok(self.at(path)?.0),
            _ => Err(unwritten()),
        }
    }

    /// The place of a text in another, from 1; 0 if it is not in it.
    fn position(&self, text: Expr, part: Expr) -> Expr {
        let name = match self.dialect {
            Dialect::Sqlite => "instr",
            Dialect::Postgres => "strpos",
        };
        cust(name, [text, part])
    }

    fn call(&mut self, function: Function, arguments: &[Formula]) -> Result<Expr> {
        use Function as F;
        match (function, arguments) {
            (F::Today, _) => return Ok(Expr::col(Alias::new("today"))),
            (F::Abs, _) => {
                let [number] = arguments else { return Err(unwritten()) };
                let number = self.number(number)?;
                let number = self.absolute(number);
                return Ok(self.whole(number));
            }
            (F::Floor | F::Ceil, [number]) => {
                let number = self.number(number)?;
                return Ok(self.truncated(number, function == F::Ceil));
            }
            (F::Size, [list]) if matches!(list.ty(), Type::List(_)) => {
                let list = self.plain_list(list)?;
                return Ok(match self.dialect {
                    Dialect::Sqlite => cust("json_array_length", [list]),
                    Dialect::Postgres => {
                        let list = list.cast_as(Alias::new("json"));
                        cust("json_array_length", [list]).cast_as(Alias::new("bigint"))
                    }
                });
            }
            _ => {}
        }
        let values = arguments.iter().map(|argument| self.plain(argument));
        let values = values.collect::<Result<Vec<_>>>()?;
        match (function, <[Expr; 1]>::try_from(values)) {
            (F::Coalesce, Ok([one])) => Ok(one),
            (F::Coalesce, Err(values)) => Ok(Func::coalesce(values).into()),
            (F::Trim, Ok([text])) => Ok(self.trimmed(text)),
            (F::Size, Ok([text])) => {
                let size = Expr::from(Func::char_length(text));
                Ok(match self.dialect {
                    Dialect::Sqlite => size,
                    Dialect::Postgres => size.cast_as(Alias::new("bigint")),
                })
            }
            (F::Year | F::Month | F::Day, Ok([day])) => Ok(self.part_of_day(function, day)),
            (_, Err(values)) => match <[Expr; 2]>::try_from(values) {
                Ok([a, b]) => self.of_two(function, a, b),
                Err(_) => Err(unwritten()),
            },
            _ => Err(unwritten()),
        }
    }

    fn of_two(&mut self, function: Function, a: Expr, b: Expr) -> Result<Expr> {
        use Function as F;
        Ok(match function {
            F::Contains => self.position(a, b).gt(whole(0)),
            F::StartsWith => {
                let b = self.hold(b);
                let length = Expr::from(Func::char_length(b.clone()));
                cust("substr", [a, whole_place(1), self.place(length)]).eq(b)
            }
            F::EndsWith => {
                let [a, b] = self.put([a, b]);
                let length = |text: &Expr| Expr::from(Func::char_length(text.clone()));
                let longer = length(&b).gt(length(&a));
                let from = length(&a).sub(length(&b)).add(whole_place(1));
                let ends = cust("substr", [a.clone(), self.place(from)]).eq(b.clone());
                // A text that is not there ends in nothing, and nothing ends in it.
                self.dialect.either(longer, Expr::Constant(false.into()), ends)
            }
            F::Min | F::Max => {
                let [a, b] = self.put([a, b]);
                let other = match function {
                    F::Min => a.clone().gt(b.clone()),
                    _ => a.clone().lt(b.clone()),
                };
                let none = a.clone().is_null().or(b.clone().is_null());
                CaseStatement::new()
                    .case(none.not().and(other), b.clone())
                    .case(none_of(&a, &b).not(), a)
                    .into()
            }
            F::AddDays => self.days_later(a, b),
            F::AddMonths => self.months_later(a, b),
            F::DaysBetween => self.days_between(a, b),
            _ => return Err(unwritten()),
        })
    }

    /// A place in a text; PostgreSQL takes no larger number there.
    fn place(&self, place: Expr) -> Expr {
        match self.dialect {
            Dialect::Sqlite => place,
            Dialect::Postgres => place.cast_as(Alias::new("integer")),
        }
    }

    /// A text without white space at its ends.
    fn trimmed(&self, text: Expr) -> Expr {
        let white: String =
            (0..0x3001).filter_map(char::from_u32).filter(|c| c.is_whitespace()).collect();
        let name = match self.dialect {
            Dialect::Sqlite => "trim",
            Dialect::Postgres => "btrim",
        };
        cust(name, [text, Expr::val(white)])
    }

    /// The value of an expression that is a number.
    fn number(&mut self, formula: &Formula) -> Result<Number> {
        use Function as F;
        Ok(match formula.node() {
            Node::Const(value) => self.exactly(value)?,
            Node::Path(path) => {
                let (value, ty) = self.at(path)?;
                self.read_number(value, ty.scale().unwrap_or_default().into())
            }
            Node::Widen(inner) => self.number(inner)?,
            Node::Negate(inner) => {
                let number = self.number(inner)?;
                self.negated(number)
            }
            Node::Arithmetic(operator, a, b) => {
                let (a, b) = (self.number(a)?, self.number(b)?);
                let number = self.combined(*operator, a, b);
                match formula.ty() {
                    Type::Int => {
                        let value = self.whole(number);
                        let value = self.hold(value);
                        self.read_number(value, 0)
                    }
                    _ => number,
                }
            }
            Node::If(condition, a, b) if *formula.ty() == Type::Decimal => {
                let condition = self.plain(condition)?;
                let (a, b) = (self.number(a)?, self.number(b)?);
                self.chosen(vec![(condition, a)], b)
            }
            Node::Call(F::Abs, arguments) => {
                let [number] = arguments.as_slice() else { return Err(unwritten()) };
                let number = self.number(number)?;
                self.absolute(number)
            }
            Node::Call(F::Round, arguments) => {
                let [number, digits] = arguments.as_slice() else { return Err(unwritten()) };
                let Some(Value::Int(digits)) = digits.as_const() else { return Err(unwritten()) };
                let digits = u32::try_from(*digits).map_err(Error::internal)?;
                let number = self.number(number)?;
                self.rounded(number, digits)
            }
            Node::Call(F::Min | F::Max, arguments) if *formula.ty() == Type::Decimal => {
                let [a, b] = arguments.as_slice() else { return Err(unwritten()) };
                let (a, b) = (self.number(a)?, self.number(b)?);
                let least = matches!(formula.node(), Node::Call(F::Min, _));
                let comparison = if least { Comparison::Greater } else { Comparison::Less };
                let other = self.compared(comparison, a.clone(), b.clone());
                let there = a.first().is_not_null().and(b.first().is_not_null());
                let none = self.exactly(&Value::Null)?;
                self.chosen(vec![(there.clone().and(other), b), (there, a)], none)
            }
            Node::Call(F::Coalesce, items) if *formula.ty() == Type::Decimal => {
                let mut cases = Vec::with_capacity(items.len());
                for item in items {
                    let number = self.number(item)?;
                    cases.push((number.first().is_not_null(), number));
                }
                let none = self.exactly(&Value::Null)?;
                self.chosen(cases, none)
            }
            _ => {
                let value = self.plain(formula)?;
                let value = self.hold(value);
                self.read_number(value, 0)
            }
        })
    }
}

fn none_of(a: &Expr, b: &Expr) -> Expr {
    a.clone().is_null().or(b.clone().is_null())
}

fn whole(number: i64) -> Expr {
    Expr::Constant(number.into())
}

fn whole_place(place: i32) -> Expr {
    Expr::Constant(place.into())
}

fn cust<const N: usize>(name: &'static str, arguments: [Expr; N]) -> Expr {
    Func::cust(Alias::new(name)).args(arguments).into()
}

/// INVARIANT: the catalog refuses formulas that have no SQL.
fn unwritten() -> Error {
    Error::internal("a formula has no SQL")
}
