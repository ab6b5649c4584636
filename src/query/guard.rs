//! Compiles rules: the condition under which a record at an alias may be touched.
//!
//! ```sql
//! t1.department_id = ANY((SELECT CAST(string_to_array($1, ',') AS uuid[]))::uuid[])
//!   OR EXISTS (SELECT 1 FROM customer_employee e WHERE e.customer_id = t1.id AND e.employee_id = $2 AND …)
//! ```
//!
//! Cheap conditions come first. A list below a record does not check again what the record has already met.
//!
//! The text depends only on the form of the rule. Employees, departments and selected values are bound.

use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, Func, Query, SelectStatement};

use super::compile::Compiler;
use crate::{
    access::{Condition, FieldRule, Mask, RowRule},
    base::{Error, Result, Value},
    catalog::{Catalog, FieldIx, FieldType, Object, ObjectIx, PENDING},
    sql::{self, Dialect, encode_as, functions},
};

mod access_keys;
mod path_condition;

/// Writes rules for one statement.
#[derive(Clone, Copy)]
pub struct Guard<'g> {
    catalog: &'g Catalog,
    dialect: Dialect,
    of: Of,
    above: Option<GuardedParent<'g>>,
    /// The condition is one of several alternatives, and another of them opens many records.
    wide: bool,
    /// The condition is evaluated for few records, even if the database expects many.
    few: bool,
    /// The records have the columns of their access keys.
    carry: bool,
}

/// For how many records a rule is evaluated, which decides how related records are found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    /// One.
    One,
    /// The records of a page, read in its order.
    Page,
    /// All records.
    All,
}

/// The record through which others are reached. It is known to meet its rule.
#[derive(Clone, Copy)]
pub(super) struct GuardedParent<'g> {
    /// Its object.
    pub(super) object: ObjectIx,
    /// Its alias.
    pub(super) alias: &'g str,
    /// The rule that it meets.
    pub(super) rule: &'g RowRule,
    /// The alias of the records reached.
    pub(super) below: &'g str,
    /// Their relation to it.
    pub(super) via: FieldIx,
}

/// The lines that relate records to some employees.
#[derive(Clone, Copy)]
pub(super) struct Related<'g> {
    /// The field that contains the lines.
    pub(super) lines: FieldIx,
    /// The employees.
    pub(super) employees: &'g [uuid::Uuid],
    /// Only lines of employees who are responsible.
    pub(super) responsible: bool,
    /// The instant at which the lines must be valid.
    pub(super) at: chrono::DateTime<chrono::Utc>,
}

impl<'g> Guard<'g> {
    /// Makes a guard that uses the names and tables of a catalog.
    pub fn new(catalog: &'g Catalog, dialect: Dialect) -> Self {
        Self { catalog, dialect, of: Of::Page, above: None, wide: false, few: false, carry: true }
    }

    /// The same for one record: look it up among an employee's records instead of listing them all.
    #[must_use]
    pub fn of_one(self) -> Self {
        Self { of: Of::One, ..self }
    }

    /// The same for all records of an object: list related records once.
    #[must_use]
    pub fn of_all(self) -> Self {
        Self { of: Of::All, ..self }
    }

    /// The same for records without the columns of access keys: related records are looked up.
    #[must_use]
    pub fn without_access_keys(self) -> Self {
        Self { carry: false, ..self }
    }

    /// The same for few records, even if the database expects many.
    #[must_use]
    pub(super) fn of_few(self) -> Self {
        Self { few: true, ..self }
    }

    /// The same for records that are reached through another record.
    pub(super) fn below(self, above: GuardedParent<'g>) -> Self {
        Self { above: Some(above), ..self }
    }
}

/// Replaces the hidden part of a text.
const STARS: &str = "****";

impl Guard<'_> {
    /// The condition on the record at an alias; `None` if every record meets it.
    pub fn condition(&self, object: ObjectIx, alias: &str, rule: &RowRule) -> Result<Option<Expr>> {
        match rule {
            RowRule::All => Ok(None),
            // INVARIANT: an object without rights yields no rows.
            RowRule::None => Ok(Some(constant(false))),
            RowRule::When(condition) => match self.above.filter(|above| above.below == alias) {
                None => self.meets(object, alias, condition).map(Some),
                Some(above) => {
                    let open = unknown(condition, &above);
                    open.map(|condition| self.meets(object, alias, &condition)).transpose()
                }
            },
        }
    }

    /// Adds the rule to a select from the object at an alias.
    pub fn restrict(
        &self,
        object: ObjectIx,
        alias: &str,
        rule: &RowRule,
        select: &mut SelectStatement,
    ) -> Result<()> {
        if let Some(condition) = self.condition(object, alias, rule)? {
            select.and_where(condition);
        }
        Ok(())
    }

    /// The visible form of a value: `CASE WHEN (…) THEN mobile WHEN (…) THEN '****' || right(mobile, 4) END`.
    pub fn seen(
        &self,
        object: ObjectIx,
        alias: &str,
        rule: &FieldRule,
        column: Expr,
    ) -> Result<Expr> {
        let mut seen = CaseStatement::new();
        match self.condition(object, alias, &rule.shown)? {
            None => return Ok(column),
            Some(condition) => seen = seen.case(condition, column.clone()),
        }
        for (at, (mask, on)) in rule.masked.iter().enumerate() {
            let mut masked = self.masked(*mask, column.clone());
            // If several masks apply, the text shows as little as any of them does. A later mask shows more
            // of long texts, but nothing of texts shorter than its own minimum.
            let others = rule.masked.iter().skip(at + 1);
            let less = others.filter_map(|(other, also)| {
                other
                    .least()
                    .filter(|least| mask.least().is_some_and(|own| own < *least))
                    .zip(Some(also))
            });
            for (least, also) in less {
                let short = Expr::from(Func::char_length(column.clone())).lt(i32::from(least));
                let short = match self.condition(object, alias, also)? {
                    None => short,
                    Some(condition) => short.and(condition),
                };
                let stars = CaseStatement::new().case(short, Expr::val(STARS)).finally(masked);
                masked = stars.into();
            }
            seen = match self.condition(object, alias, on)? {
                None => return Ok(seen.finally(masked).into()),
                Some(condition) => seen.case(condition, masked),
            };
        }
        Ok(seen.into())
    }

    /// A masked text. NULL stays NULL, and a text that is too short becomes only stars.
    fn masked(&self, mask: Mask, column: Expr) -> Expr {
        let stars = || Expr::val(STARS);
        let part = |last, count| functions::part_of(self.dialect, column.clone(), last, count);
        let left: Expr = match mask {
            Mask::All => stars(),
            Mask::End => functions::concat(stars(), part(true, 4)),
            Mask::Start => functions::concat(part(false, 1), stars()),
        };
        let least = i32::from(mask.least().unwrap_or(0));
        let length = Expr::from(Func::char_length(column.clone()));
        CaseStatement::new()
            .case(column.is_null(), Expr::Constant(sea_orm::Value::String(None)))
            .case(length.lt(least), stars())
            .finally(left)
            .into()
    }

    /// The condition that the record at an alias meets a condition of a rule.
    pub(super) fn meets(
        &self,
        object: ObjectIx,
        alias: &str,
        condition: &Condition,
    ) -> Result<Expr> {
        let known = self.catalog.object(object);
        match condition {
            Condition::Any(inner) => {
                let mut inner: Vec<_> = inner.iter().collect();
                inner.sort_by_key(|inner| match inner {
                    Condition::Within { path, .. } => path.len(),
                    _ => usize::MAX,
                });
                let guard = Guard { wide: inner.iter().any(|inner| inner.wide()), ..*self };
                let each = inner.into_iter().map(|inner| guard.meets(object, alias, inner));
                let each = each.collect::<Result<Vec<_>>>()?;
                Ok(sql::any_of(each).unwrap_or_else(|| constant(false)))
            }
            Condition::All(inner) => {
                let each = inner.iter().map(|inner| self.meets(object, alias, inner));
                let each = each.collect::<Result<Vec<_>>>()?;
                Ok(sql::all_of(each).unwrap_or_else(|| constant(false)))
            }
            Condition::Employee { lines, employees, responsible, at } => {
                let related =
                    Related { lines: *lines, employees, responsible: *responsible, at: *at };
                let (mut rows, record) = self.employees(known, related, "e")?;
                let few = self.few || self.above.is_some_and(|above| above.below == alias);
                if self.of == Of::One || self.of == Of::Page && self.looked_up(few) {
                    rows.expr(Expr::Constant(1.into())).and_where(record.eq(col(alias, "id")));
                    if self.of == Of::Page && few && self.dialect == Dialect::Postgres {
                        rows.offset(0);
                    }
                    return Ok(Expr::exists(rows));
                }
                rows.expr(record);
                Ok(col(alias, "id").in_subquery(rows))
            }
            Condition::Within { path, values, .. } => {
                if let [via, key] = path.as_slice()
                    && let Some(carried) = self.access_key(known, *via, *key)
                {
                    return self.among(col(alias, &carried.column), values);
                }
                self.along(known, alias, path, |guard, column| guard.among(column, values))
            }
            // `(t1.approval_state IS NULL OR t1.approval_state <> 'PENDING')`
            Condition::Settled { state } => {
                let state = self.reference(known, alias, *state)?;
                Ok(state.clone().is_null().or(state.ne(Expr::Constant(PENDING.into()))))
            }
            Condition::Readable { path, rule } => {
                let (last, steps) = path.split_last().ok_or_else(|| Error::internal("no path"))?;
                let end = steps.iter().try_fold(known, |at, step| {
                    at.field(*step).target().map(|target| self.catalog.object(target))
                });
                let field = end.ok_or_else(|| Error::internal("no relation"))?.field(*last);
                let target = field.target().ok_or_else(|| Error::internal("no relation"))?;
                let optional = !field.required;
                if let ([via], RowRule::When(rule)) = (path.as_slice(), rule.as_ref())
                    && let Some(readable) = self.carried(known, alias, *via, rule)?
                {
                    return Ok(if optional {
                        self.reference(known, alias, *via)?.is_null().or(readable)
                    } else {
                        readable
                    });
                }
                self.along(known, alias, path, |guard, column| {
                    let next = format!("{alias}r{}", path.len());
                    let guard = Guard { above: None, few: true, ..*guard };
                    let readable = match rule.as_ref() {
                        RowRule::When(Condition::Any(ways)) if guard.of == Of::All => {
                            guard.in_lists(target, &next, column.clone(), ways)?
                        }
                        rule => guard.led_to(target, &next, column.clone(), |select| {
                            guard.restrict(target, &next, rule, select)
                        })?,
                    };
                    // A record without a parent has no parent's rule to meet.
                    Ok(if optional { column.is_null().or(readable) } else { readable })
                })
            }
        }
    }

    /// `SELECT … FROM customer_employee e WHERE employee_id = $1 AND (until IS NULL OR until > $2)`, and the
    /// column that refers to the record.
    pub(super) fn employees(
        &self,
        object: &Object,
        related: Related<'_>,
        alias: &str,
    ) -> Result<(SelectStatement, Expr)> {
        let FieldType::Lines(lines) = object.field(related.lines).ty else {
            return Err(Error::internal("employees are not lines"));
        };
        let rows = self.catalog.object(lines.target);
        let column = |ix: Option<FieldIx>| -> Result<Expr> {
            let column = ix.and_then(|ix| rows.field(ix).column.as_deref());
            Ok(col(alias, column.ok_or_else(|| Error::internal("employees lack a field"))?))
        };
        let via = rows.field(lines.via).column.as_deref().unwrap_or("id");
        let mut select = Query::select();
        select.from_as(Alias::new(&rows.table), Alias::new(alias)).and_where(
            match related.employees {
                [one] => {
                    column(rows.staff.employee)?.eq(encode_as(self.dialect, &Value::Id(*one))?)
                }
                several => {
                    let ids: Vec<_> = several.iter().copied().map(Value::Id).collect();
                    self.among(column(rows.staff.employee)?, &ids)?
                }
            },
        );
        if related.responsible {
            let yes = encode_as(self.dialect, &Value::Bool(true))?;
            select.and_where(column(rows.staff.responsible)?.eq(yes));
        }
        let now = encode_as(self.dialect, &Value::DateTime(related.at))?;
        let until = column(rows.staff.until)?;
        select.and_where(until.clone().is_null().or(until.gt(now)));
        Ok((select, col(alias, via)))
    }

    /// Whether each record of a page is looked up among an employee's records, instead
    /// of listing all of these.
    ///
    /// PostgreSQL chooses between the two by cost, but only for `EXISTS`. If it does not see that few records
    /// are checked, an `OFFSET` keeps it from making the list. SQLite would start from the list. That is
    /// wrong if many more records are open, because it finds those in the order of the page.
    fn looked_up(&self, few: bool) -> bool {
        self.dialect == Dialect::Postgres || self.wide || few
    }

    /// The condition that a column is one of some values of a dimension.
    fn among(&self, column: Expr, values: &[Value]) -> Result<Expr> {
        let ids = matches!(values.first(), Some(Value::Id(_)));
        Ok(functions::within(self.dialect, column, listed(self.dialect, values)?, ids))
    }
}

impl Compiler<'_> {
    /// Whether the caller may see all records of the object, in a plan about the present.
    pub(super) fn unrestricted(&self, object: ObjectIx) -> bool {
        self.plan.past.is_none() && self.plan.rules.get(&object) == Some(&RowRule::All)
    }

    /// Adds the object's rule to a select from it at an alias.
    pub(super) fn restrict(
        &self,
        object: ObjectIx,
        alias: &str,
        select: &mut SelectStatement,
    ) -> Result<()> {
        if let Some(condition) = self.may_be_seen(object, alias)? {
            select.and_where(condition);
        }
        Ok(())
    }

    /// The join condition of a related record at `next`, under its rule.
    pub(super) fn joined_on(&self, target: ObjectIx, next: &str, reference: Expr) -> Result<Expr> {
        let on = Expr::col((Alias::new(next), Alias::new("id"))).eq(reference);
        Ok(match self.may_be_seen(target, next)? {
            None => on,
            Some(condition) => on.and(condition),
        })
    }

    /// The object's rule on the record at an alias. In a plan about the past, it
    /// applies to the current record.
    fn may_be_seen(&self, object: ObjectIx, alias: &str) -> Result<Option<Expr>> {
        let rule = self.rule(object);
        match self.plan.past {
            None => self.guard().condition(object, alias, rule),
            Some(_) => self.there_today(object, alias, rule),
        }
    }

    pub(super) fn guard(&self) -> Guard<'_> {
        let guard = Guard::new(self.catalog, self.dialect);
        // Past rows have only fields.
        let guard = if self.plan.past.is_some() { guard.without_access_keys() } else { guard };
        match () {
            () if self.of_one() => guard.of_one(),
            () if self.of_all => guard.of_all(),
            () => guard,
        }
    }

    pub(super) fn rule(&self, object: ObjectIx) -> &RowRule {
        self.plan.rules.get(&object).unwrap_or(&RowRule::None)
    }
}

/// The values of a dimension as one bound value: `a,b` for PostgreSQL, `["a","b"]` for SQLite.
pub(super) fn listed(dialect: Dialect, values: &[Value]) -> Result<String> {
    let text = |value: &Value| match value {
        Value::Id(id) => Ok(id.to_string()),
        Value::Text(name) => Ok(name.clone()),
        _ => Err(Error::internal("a dimension holds ids or names")),
    };
    sql::listed(dialect, &values.iter().map(text).collect::<Result<Vec<_>>>()?)
}

/// The part of a condition that still has to be checked if the record above meets its rule;
/// `None` if nothing is left.
fn unknown(condition: &Condition, above: &GuardedParent<'_>) -> Option<Condition> {
    match condition {
        Condition::Readable { path, rule } if path == &[above.via] && **rule == *above.rule => None,
        Condition::Any(inner) => {
            let open: Option<Vec<_>> = inner.iter().map(|inner| unknown(inner, above)).collect();
            open.map(Condition::Any)
        }
        Condition::All(inner) => {
            let mut open: Vec<_> = inner.iter().filter_map(|inner| unknown(inner, above)).collect();
            match open.len() {
                0 => None,
                1 => open.pop(),
                _ => Some(Condition::All(open)),
            }
        }
        condition => Some(condition.clone()),
    }
}

fn col(alias: &str, column: &str) -> Expr {
    Expr::col((Alias::new(alias), Alias::new(column)))
}

fn constant(truth: bool) -> Expr {
    Expr::Constant(1.into()).eq(Expr::Constant(i32::from(truth).into()))
}
