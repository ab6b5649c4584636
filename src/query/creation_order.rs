//! A page of one employee's own records in creation order, read from the lines that
//! relate them to the employee.
//!
//! ```sql
//! SELECT … FROM customer_employee e JOIN customer t1 ON t1.id = e.customer_id
//! WHERE e.employee_id = $1 AND (e.until IS NULL OR e.until > $2) AND NOT EXISTS (
//!   SELECT 1 FROM customer_employee d
//!   WHERE d.employee_id = $1 AND (…) AND d.customer_id = e.customer_id AND d.id > e.id)
//! ORDER BY e.recorded_at DESC, e.customer_id DESC LIMIT 51
//! ```
//!
//! The index of these lines lists an employee's records in this order. A page therefore costs as much as it
//! shows, however many records they have. If two lines of a record name the employee, as the owner and as a
//! related employee, only the one with the greater id counts.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, SelectStatement};

use super::{
    compile::Compiler,
    filter::Filter,
    find::{Listing, Order},
    guard::Related,
};
use crate::{
    access::{Condition, RowRule},
    base::{Error, Result},
    catalog::{FieldIx, Object, ObjectIx, RECORDED},
};

/// The columns that such a page is ordered by. They replace columns of the records.
pub(super) struct Newest {
    /// The alias of the records.
    alias: String,
    /// The field `createdAt`.
    created: FieldIx,
    /// The column with its value.
    pub(super) recorded: Expr,
    /// The column with the record's id.
    pub(super) id: Expr,
    /// The page already has its filter, cursor condition and limit.
    narrowed: bool,
}

impl Newest {
    pub(super) fn new(alias: &str, created: FieldIx, recorded: Expr, id: Expr) -> Self {
        Self { alias: alias.to_owned(), created, recorded, id, narrowed: false }
    }

    /// Marks the page as having its filter, cursor condition and limit.
    pub(super) fn narrowed(self) -> Self {
        Self { narrowed: true, ..self }
    }

    /// Whether the records at an alias are already filtered.
    pub(super) fn narrows(&self, alias: &str) -> bool {
        self.narrowed && self.alias == alias
    }

    /// The column that replaces a field of the records at an alias, if there is one.
    pub(super) fn column(&self, alias: &str, field: FieldIx) -> Option<Expr> {
        match field {
            _ if self.alias != alias => None,
            FieldIx::ID => Some(self.id.clone()),
            field if field == self.created => Some(self.recorded.clone()),
            _ => None,
        }
    }
}

impl Compiler<'_> {
    /// Selects the records of a page at an alias, in creation order if rule and order allow it.
    pub(super) fn page_from(
        &mut self,
        object: ObjectIx,
        alias: &str,
        listing: &Listing,
    ) -> Result<SelectStatement> {
        let ordered = match self.own(object, alias, listing)? {
            None => self.merged(object, alias, listing)?,
            own => own,
        };
        let (select, newest) = match ordered {
            Some((select, newest)) => (select, Some(newest)),
            None => (self.from(object, alias)?, None),
        };
        self.newest = newest;
        Ok(select)
    }

    /// Reads a page from the lines of the employee, if only these lines open the records.
    fn own(
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
        let created = by_creation(known, &listing.order);
        let (Some(created), [_one]) = (created, employees.as_slice()) else { return Ok(None) };
        // A search reads from its own index.
        if self.plan.past.is_some() || listing.filter.as_ref().is_some_and(searches) {
            return Ok(None);
        }
        let related = Related { lines: *lines, employees, responsible: *responsible, at: *at };
        self.by_lines(object, alias, created, related).map(Some)
    }

    /// Selects the records of one employee at an alias, each once, from the lines that name the employee.
    pub(super) fn by_lines(
        &self,
        object: ObjectIx,
        alias: &str,
        created: FieldIx,
        related: Related<'_>,
    ) -> Result<(SelectStatement, Newest)> {
        let known = self.catalog.object(object);
        let line = known.field(related.lines).target().map(|line| self.catalog.object(line));
        let recorded = line.and_then(|line| line.named(RECORDED));
        let recorded = recorded.and_then(|(_, field)| field.column.as_deref());
        let recorded = recorded.ok_or_else(|| Error::internal("employees lack a field"))?;
        let col = |alias: &str, column: &str| Expr::col((Alias::new(alias), Alias::new(column)));
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
        Ok((select, Newest::new(alias, created, col("e", recorded), id)))
    }
}

/// The field `createdAt`, if an order is by it alone, or by it and then the id in the same direction.
pub(super) fn by_creation(object: &Object, order: &[Order]) -> Option<FieldIx> {
    let created = object.system.created_at?;
    let by = match order {
        [first] => first.path == [created],
        [first, second] => {
            first.path == [created]
                && second.path == [FieldIx::ID]
                && second.descending == first.descending
        }
        _ => false,
    };
    by.then_some(created)
}

/// Whether a filter requires a search match.
fn searches(filter: &Filter) -> bool {
    match filter {
        Filter::Search(_) => true,
        Filter::And(all) => all.iter().any(searches),
        _ => false,
    }
}
