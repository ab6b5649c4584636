//! A page of one employee's own records in the order they were made, read from the lines that make them his.
//!
//! ```sql
//! SELECT … FROM customer_employee e JOIN customer t1 ON t1.id = e.customer_id
//! WHERE e.employee_id = $1 AND (e.until IS NULL OR e.until > $2) AND NOT EXISTS (
//!   SELECT 1 FROM customer_employee d WHERE d.employee_id = $1 AND (…) AND d.customer_id = e.customer_id AND d.id > e.id)
//! ORDER BY e.recorded_at DESC, e.customer_id DESC LIMIT 51
//! ```
//!
//! The index of these lines has the records of an employee in this order, so that a page costs what it shows,
//! however many he has. Who is there twice, as owner and besides, has one line taken.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, SelectStatement};

use super::{
    compile::Compiler,
    filter::Filter,
    find::{Listing, Order},
    guard::Related,
};
use crate::{
    access::{Condition, RowRule},
    base::Result,
    catalog::{FieldIx, FieldType, ObjectIx, RECORDED},
};

/// What such a page is ordered by, in place of its records' own columns.
pub(super) struct Newest {
    /// The alias of the records.
    pub(super) alias: String,
    /// The field of when they were made.
    pub(super) created: FieldIx,
    /// The same as the lines have it.
    pub(super) recorded: Expr,
    /// The record's id as the lines have it.
    pub(super) id: Expr,
}

impl Compiler<'_> {
    /// The records of a page at an alias: from the lines of whose they are, where rule and order allow.
    pub(super) fn page_from(
        &mut self,
        object: ObjectIx,
        alias: &str,
        listing: &Listing,
    ) -> Result<SelectStatement> {
        match self.newest(object, alias, listing)? {
            Some((select, newest)) => {
                self.newest = Some(newest);
                Ok(select)
            }
            None => self.from(object, alias),
        }
    }

    fn newest(
        &self,
        object: ObjectIx,
        alias: &str,
        listing: &Listing,
    ) -> Result<Option<(SelectStatement, Newest)>> {
        let known = self.catalog.object(object);
        let RowRule::When(Condition::Employee { lines, employees, responsible, at }) =
            self.rule(object)
        else {
            return Ok(None);
        };
        let created = known.named("createdAt").map(|(ix, _)| ix);
        let created = created.filter(|ix| ordered_by(&listing.order, *ix));
        let (Some(created), [_one]) = (created, employees.as_slice()) else { return Ok(None) };
        // What is searched is found by the index of that.
        if self.plan.past.is_some() || listing.filter.as_ref().is_some_and(searches) {
            return Ok(None);
        }
        let FieldType::Lines(of) = known.field(*lines).ty else { return Ok(None) };
        let line = self.catalog.object(of.target);
        let recorded = line.named(RECORDED).and_then(|(_, field)| field.column.as_deref());
        let Some(recorded) = recorded.filter(|_| known.responsible) else { return Ok(None) };
        let col = |alias: &str, column: &str| Expr::col((Alias::new(alias), Alias::new(column)));
        let related = Related { lines: *lines, employees, responsible: *responsible, at: *at };
        let (mut select, id) = self.guard().employees(known, related, "e")?;
        let (mut again, same) = self.guard().employees(known, related, "d")?;
        again
            .expr(Expr::Constant(1.into()))
            .and_where(same.eq(id.clone()))
            .and_where(col("d", "id").gt(col("e", "id")));
        select.and_where(Expr::exists(again).not()).join_as(
            JoinType::InnerJoin,
            Alias::new(&known.table),
            Alias::new(alias),
            col(alias, "id").eq(id.clone()),
        );
        let newest = Newest { alias: alias.to_owned(), created, recorded: col("e", recorded), id };
        Ok(Some((select, newest)))
    }
}

/// Whether an order is by when records were made, and by nothing else than their ids the same way round.
fn ordered_by(order: &[Order], created: FieldIx) -> bool {
    match order {
        [first] => first.path == [created],
        [first, second] => {
            first.path == [created]
                && second.path == [FieldIx(0)]
                && second.descending == first.descending
        }
        _ => false,
    }
}

/// Whether a filter narrows to what a search finds.
fn searches(filter: &Filter) -> bool {
    match filter {
        Filter::Search(_) => true,
        Filter::And(all) => all.iter().any(searches),
        _ => false,
    }
}
