//! The rule of a related record, written over the access keys that the record carries: the related record is
//! not looked at.
//!
//! ```sql
//! t1.customer_id__department_id = ANY (…)
//!   OR EXISTS (SELECT 1 FROM customer_employee e WHERE e.customer_id = t1.customer_id AND e.employee_id = $1 …)
//! ```
//!
//! For all records, the list of an employee's is made once: `t1.customer_id IN (SELECT e.customer_id …)`.

use sea_orm::sea_query::{BinOper, Expr, ExprTrait};

use super::{Guard, Of, Related, col, constant};
use crate::{
    access::Condition,
    base::{Error, Result},
    catalog::{AccessKey, FieldIx, Object},
    sql::{self, Dialect},
};

impl Guard<'_> {
    /// The condition that the record behind a relation meets a condition of its rule. None if the record does
    /// not carry all that the condition compares.
    pub(super) fn carried(
        &self,
        object: &Object,
        alias: &str,
        via: FieldIx,
        condition: &Condition,
    ) -> Result<Option<Expr>> {
        if !self.carry {
            return Ok(None);
        }
        let each = |inner: &[Condition]| -> Result<Option<Vec<Expr>>> {
            let mut inner: Vec<_> = inner.iter().collect();
            inner.sort_by_key(|inner| matches!(inner, Condition::Employee { .. }));
            inner.into_iter().map(|inner| self.carried(object, alias, via, inner)).collect()
        };
        Ok(match condition {
            Condition::Any(inner) => {
                each(inner)?.map(|each| sql::any_of(each).unwrap_or_else(|| constant(false)))
            }
            Condition::All(inner) => {
                each(inner)?.map(|each| sql::all_of(each).unwrap_or_else(|| constant(false)))
            }
            Condition::Within { path, values, .. } => {
                let key = match path.as_slice() {
                    [key] => self.access_key(object, via, *key),
                    _ => None,
                };
                key.map(|key| self.among(col(alias, &key.column), values)).transpose()?
            }
            Condition::Employee { lines, employees, responsible, at } => {
                let related =
                    Related { lines: *lines, employees, responsible: *responsible, at: *at };
                Some(self.employed(object, alias, via, related)?)
            }
            Condition::Settled { .. } | Condition::Readable { .. } => None,
        })
    }

    /// The condition that the lines of the record behind a relation name an employee.
    fn employed(
        &self,
        object: &Object,
        alias: &str,
        via: FieldIx,
        related: Related<'_>,
    ) -> Result<Expr> {
        let target = object.field(via).target().ok_or_else(|| Error::internal("no relation"))?;
        let (mut rows, record) = self.employees(self.catalog.object(target), related, "e")?;
        let reference = self.reference(object, alias, via)?;
        if self.of != Of::All {
            rows.expr(Expr::Constant(1.into())).and_where(record.eq(reference));
            if self.of == Of::Page && self.dialect == Dialect::Postgres {
                rows.offset(0);
            }
            return Ok(Expr::exists(rows));
        }
        rows.expr(record);
        let there = reference.in_subquery(rows);
        Ok(match self.dialect {
            // With `IS TRUE` PostgreSQL hashes the list instead of joining it.
            Dialect::Postgres => there.binary(BinOper::Is, Expr::Constant(true.into())),
            Dialect::Sqlite => there,
        })
    }

    /// The access key with the value of a field of the record behind a relation, if the records have it.
    pub(super) fn access_key<'o>(
        &self,
        object: &'o Object,
        via: FieldIx,
        key: FieldIx,
    ) -> Option<&'o AccessKey> {
        object.access_key(via, key).filter(|_| self.carry)
    }

    /// The column of a relation.
    pub(super) fn reference(&self, object: &Object, alias: &str, via: FieldIx) -> Result<Expr> {
        let column = object.field(via).column.as_deref();
        Ok(col(alias, column.ok_or_else(|| Error::internal("no column"))?))
    }
}
