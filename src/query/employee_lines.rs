//! Records by the employees in their lines: as a condition, and as a list of employees below a record.
//!
//! Must not know who asks: the caller passes the employee and the instant.

use std::hash::{Hash, Hasher};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement};
use uuid::Uuid;

use super::{compile::Compiler, filter::constant};
use crate::{
    base::{Error, Result, Value},
    catalog::{FieldIx, FieldType, Object, ObjectIx},
    sql::encode_as,
};

/// The instant for which something is evaluated. Two finds that differ only in it are equal.
#[derive(Debug, Clone, Copy)]
pub struct Moment(pub DateTime<Utc>);

impl PartialEq for Moment {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Moment {}

impl Hash for Moment {
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

/// The condition that a record's lines name an employee.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Own {
    /// The field that contains the lines.
    pub lines: FieldIx,
    /// The employee; without one, no record matches.
    pub employee: Option<Uuid>,
    /// Only lines that make the employee responsible.
    pub responsible: bool,
    /// Lines that have ended by this instant do not count.
    pub at: Moment,
}

impl Compiler<'_> {
    /// `t1.id IN (SELECT t1o.customer_id FROM customer_employee t1o WHERE t1o.employee_id = $1 AND …)`
    pub(super) fn is_own(&self, object: ObjectIx, alias: &str, own: &Own) -> Result<Expr> {
        let Some(employee) = own.employee else { return Ok(constant(false)) };
        let lines = format!("{alias}o");
        let (mut select, line) = self.lines_at(object, own.lines, &lines, own.at)?;
        let who = encode_as(self.dialect, &Value::Id(employee))?;
        select.and_where(self.of_line(line, &lines, line.staff.employee)?.eq(who));
        if own.responsible {
            select.and_where(self.says_responsible(line, &lines)?);
        }
        select.expr(self.column(&lines, line.field(self.head(object, own.lines)?))?);
        Ok(Expr::col((Alias::new(alias), Alias::new("id"))).in_subquery(select))
    }

    /// The employees who are responsible for the record at `alias`, at the alias `next`:
    ///
    /// ```sql
    /// SELECT 1 FROM employee t2 WHERE … AND t2.id IN (SELECT t2o.employee_id FROM customer_employee t2o
    ///   WHERE t2o.customer_id = t1.id AND t2o.is_responsible AND (t2o.until IS NULL OR t2o.until > $1))
    /// ```
    pub(super) fn responsible(
        &self,
        object: ObjectIx,
        alias: &str,
        (field, at): (FieldIx, Moment),
        next: &str,
    ) -> Result<(SelectStatement, ObjectIx)> {
        let lines = format!("{next}o");
        let (mut select, line) = self.lines_at(object, field, &lines, at)?;
        let head = self.column(&lines, line.field(self.head(object, field)?))?;
        select
            .expr(self.of_line(line, &lines, line.staff.employee)?)
            .and_where(head.eq(Expr::col((Alias::new(alias), Alias::new("id")))))
            .and_where(self.says_responsible(line, &lines)?);
        let (_, employee) = line.employee().ok_or_else(lacking)?;
        let mut all = self.from(employee, next)?;
        all.and_where(Expr::col((Alias::new(next), Alias::new("id"))).in_subquery(select));
        Ok((all, employee))
    }

    /// The lines that are valid at an instant. They are read through their record, so
    /// no rule applies to them.
    fn lines_at(
        &self,
        object: ObjectIx,
        field: FieldIx,
        alias: &str,
        at: Moment,
    ) -> Result<(SelectStatement, &Object)> {
        let target = self.catalog.object(object).field(field).target().ok_or_else(lacking)?;
        let line = self.catalog.object(target);
        let mut select = Query::select();
        self.put_from(target, alias, &mut select);
        let until = self.of_line(line, alias, line.staff.until)?;
        let now = encode_as(self.dialect, &Value::DateTime(at.0))?;
        select.and_where(until.clone().is_null().or(until.gt(now)));
        Ok((select, line))
    }

    fn says_responsible(&self, line: &Object, alias: &str) -> Result<Expr> {
        let yes = encode_as(self.dialect, &Value::Bool(true))?;
        Ok(self.of_line(line, alias, line.staff.responsible)?.eq(yes))
    }

    /// The field of the lines that refers to their record.
    fn head(&self, object: ObjectIx, field: FieldIx) -> Result<FieldIx> {
        match self.catalog.object(object).field(field).ty {
            FieldType::Lines(lines) => Ok(lines.via),
            _ => Err(Error::internal("employees are not lines")),
        }
    }

    fn of_line(&self, line: &Object, alias: &str, field: Option<FieldIx>) -> Result<Expr> {
        self.column(alias, line.field(field.ok_or_else(lacking)?))
    }
}

fn lacking() -> Error {
    Error::internal("employees lack a field")
}
