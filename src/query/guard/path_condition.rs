//! Conditions over a path of relations: on the value at its end, or that a parent may be read.
//!
//! For a page, they are checked for each record. For all records, the list of open parents is made once.

use sea_orm::sea_query::{Alias, BinOper, Expr, ExprTrait, Query, SelectStatement, UnionType};

use super::{Guard, Of, Related, col, constant};
use crate::{
    access::Condition,
    base::{Error, Result},
    catalog::{FieldIx, Object, ObjectIx},
    sql::Dialect,
};

impl Guard<'_> {
    /// A condition on the column at the end of a path:
    /// `EXISTS (SELECT 1 FROM customer g1 WHERE g1.id = t1.customer_id AND …)` for each step but the last.
    pub(super) fn along(
        &self,
        object: &Object,
        alias: &str,
        path: &[FieldIx],
        holds: impl FnOnce(&Self, Expr) -> Result<Expr>,
    ) -> Result<Expr> {
        let (first, rest) = path.split_first().ok_or_else(|| Error::internal("no path"))?;
        if let Some(above) = self.above.filter(|above| above.below == alias && above.via == *first)
            && !rest.is_empty()
        {
            let guard = Guard { above: None, ..*self };
            let object = self.catalog.object(above.object);
            return guard.along_boxed(object, above.alias, rest, Box::new(holds));
        }
        let field = object.field(*first);
        let column = field.column.as_deref().ok_or_else(|| Error::internal("no column"))?;
        let column = col(alias, column);
        if rest.is_empty() {
            return holds(self, column);
        }
        let target = field.target().ok_or_else(|| Error::internal("no relation"))?;
        let next = format!("{alias}g");
        self.led_to(target, &next, column, |select| {
            let target = self.catalog.object(target);
            select.and_where(self.along_boxed(target, &next, rest, Box::new(holds))?);
            Ok(())
        })
    }

    /// The condition that a referenced record, at the alias `next`, meets what `put` adds:
    ///
    /// ```sql
    /// EXISTS (SELECT 1 FROM customer r WHERE r.id = t1.customer_id AND … OFFSET 0)
    /// t1.customer_id IN (SELECT r.id FROM customer r WHERE …)
    /// ```
    ///
    /// A page is checked record by record; for all records a list is made once. PostgreSQL would make
    /// the list for a page, too, because it does not see that a page ends the search early. With an
    /// `OFFSET` it looks records up.
    pub(super) fn led_to(
        &self,
        target: ObjectIx,
        next: &str,
        reference: Expr,
        put: impl FnOnce(&mut SelectStatement) -> Result<()>,
    ) -> Result<Expr> {
        let id = col(next, "id");
        let mut select = Query::select();
        select.from_as(Alias::new(&self.catalog.object(target).table), Alias::new(next));
        if self.of == Of::All {
            select.expr(id);
            put(&mut select)?;
            return Ok(reference.in_subquery(select));
        }
        select.expr(Expr::Constant(1.into())).and_where(id.eq(reference));
        put(&mut select)?;
        if self.dialect == Dialect::Postgres {
            select.offset(0);
        }
        Ok(Expr::exists(select))
    }

    /// The condition that a referenced record is in one of several lists, each read by its own index:
    ///
    /// ```sql
    /// (t1.customer_id IN (SELECT r.id FROM customer r WHERE r.department_id = ANY (…)
    ///   UNION ALL SELECT e.customer_id FROM customer_employee e WHERE e.employee_id = $1 AND …)) IS TRUE
    /// ```
    ///
    /// If PostgreSQL joins such a list, it assumes 200 rows. With `IS TRUE` it hashes the list
    /// and looks each record up.
    pub(super) fn in_lists(
        &self,
        target: ObjectIx,
        next: &str,
        reference: Expr,
        ways: &[Condition],
    ) -> Result<Expr> {
        let known = self.catalog.object(target);
        let mut all: Option<SelectStatement> = None;
        for way in ways {
            let one = match way {
                Condition::Employee { lines, employees, responsible, at } => {
                    let related =
                        Related { lines: *lines, employees, responsible: *responsible, at: *at };
                    let (mut rows, record) = self.employees(known, related, "e")?;
                    rows.expr(record).to_owned()
                }
                way => {
                    let mut rows = Query::select();
                    rows.expr(col(next, "id"))
                        .from_as(Alias::new(&known.table), Alias::new(next))
                        .and_where(self.meets(target, next, way)?);
                    rows
                }
            };
            all = Some(match all {
                None => one,
                Some(mut all) => all.union(UnionType::All, one).to_owned(),
            });
        }
        let Some(all) = all else { return Ok(constant(false)) };
        let there = reference.in_subquery(all);
        Ok(match self.dialect {
            Dialect::Postgres => there.binary(BinOper::Is, Expr::Constant(true.into())),
            Dialect::Sqlite => there,
        })
    }

    fn along_boxed(
        &self,
        object: &Object,
        alias: &str,
        path: &[FieldIx],
        holds: Box<dyn FnOnce(&Self, Expr) -> Result<Expr> + '_>,
    ) -> Result<Expr> {
        self.along(object, alias, path, holds)
    }
}
