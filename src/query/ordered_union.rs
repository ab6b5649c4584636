//! A page in creation order, of records that several conditions open. An index lists the records of
//! each dimension value in this order, and an employee's lines list theirs. The page takes the first
//! records of all these lists.
//!
//! ```sql
//! SELECT … FROM (
//!   SELECT b.made__id, … FROM (SELECT t2.id AS made__id, t2.created_at AS made__at FROM customer t2
//!     WHERE t2.department_id = $1 AND … ORDER BY t2.created_at DESC, t2.id DESC LIMIT 51) b
//!   UNION ALL (SELECT … WHERE t3.department_id = $2 AND … LIMIT 51)
//!   UNION ALL (SELECT e.customer_id, e.recorded_at FROM customer_employee e
//!     JOIN customer t4 ON t4.id = e.customer_id
//!     WHERE e.employee_id = $3 AND … AND (t4.department_id = ANY …) IS NOT TRUE ORDER BY … LIMIT 51)
//!   ORDER BY made__at DESC, made__id DESC LIMIT 51) u
//! JOIN customer t1 ON t1.id = u.made__id ORDER BY u.made__at DESC, u.made__id DESC
//! ```
//!
//! If the query selects only columns, to-one relations and nested lists, each branch selects those columns
//! itself. The outer query then needs no join back to the table.
//!
//! Each branch reads at most one page. The cost depends on the page size, not on how many records the caller
//! may see. A record matched by two branches is returned by the first.
//!
//! Not used for filters that narrow to few records by themselves: these records are found by the filter.

use std::collections::BTreeSet;

use sea_orm::sea_query::{
    Alias, BinOper, Expr, ExprTrait, JoinType, Query, SelectStatement, UnionType,
};

use super::{
    compile::Compiler,
    creation_order::{Newest, by_creation},
    filter::{Compare, Filter},
    find::{ConnectionPart, EdgePart, Item, Listing, Selection},
    guard::Related,
};
use crate::{
    access::{Condition, RowRule},
    base::{Result, Value},
    catalog::{FieldIx, FieldType, Object, ObjectIx},
    sql::{Dialect, encode},
};

/// The largest number of merged values. More values open such a share of all records
/// that a plain scan suffices.
pub(super) const MOST: usize = 16;

/// The longest page that SQLite finds faster without branches.
const SHORT: u32 = 200;
/// The largest number of filter values that each branch repeats.
const REPEATED: usize = 50;

/// The alias of the page in the statement.
const PAGE: &str = "u";
/// The page's columns with a record's id and creation time. No field's column has two underscores in a row.
const ID: &str = "made__id";
const AT: &str = "made__at";

/// A part of a rule that opens records.
enum Branch<'p> {
    /// A field has the value, and the other conditions hold.
    Value { field: FieldIx, value: &'p Value, rest: Vec<&'p Condition> },
    /// The record's lines name an employee.
    Employee(Related<'p>),
}

/// Each branch with the conditions of earlier branches, whose records it skips.
type Branches<'p> = Vec<(Branch<'p>, Vec<&'p Condition>)>;

impl<'c> Compiler<'c> {
    /// The page of a listing at an alias and its order columns; `None` if rule, order or
    /// filter do not allow a union.
    pub(super) fn merged(
        &mut self,
        object: ObjectIx,
        alias: &str,
        listing: &Listing,
    ) -> Result<Option<(SelectStatement, Newest)>> {
        let (plan, catalog) = (self.plan, self.catalog);
        let known = catalog.object(object);
        let Some(created) = by_creation(known, &listing.order) else { return Ok(None) };
        let narrow = listing
            .filter
            .as_ref()
            .is_some_and(|filter| leads(known, Some(created), filter) || values(filter) > REPEATED);
        let RowRule::When(rule) = plan.rules.get(&object).unwrap_or(&RowRule::None) else {
            return Ok(None);
        };
        // On SQLite, starting the branches costs more than finding a short page when many records are open.
        let short = listing.page.size <= SHORT && self.dialect == Dialect::Sqlite && rule.wide();
        if short || narrow || plan.past.is_some() {
            return Ok(None);
        }
        let Some(branches) = branches(known, created, rule) else { return Ok(None) };
        let carried = self.carried(object, listing);
        let columns: Vec<_> = carried.iter().flatten().copied().collect();
        let mut all: Option<SelectStatement> = None;
        for (branch, before) in branches {
            let next = self.branch(object, created, listing, &branch, &before, &columns)?;
            all = Some(match all {
                None => self.first(next, &columns),
                Some(mut all) => all.union(UnionType::All, next).to_owned(),
            });
        }
        let Some(mut page) = all else { return Ok(None) };
        let (at, id) = (Expr::col(Alias::new(AT)), Expr::col(Alias::new(ID)));
        self.newest = Some(Newest::new(alias, created, at, id));
        let keys = self.keys(object, alias, &listing.order, &mut Query::select())?;
        self.order_by(&mut page, &keys, listing.page.backward);
        page.limit(u64::from(listing.page.size) + 1);
        let mut select = Query::select();
        let place = if carried.is_some() { alias } else { PAGE };
        let col = |name: &str| Expr::col((Alias::new(place), Alias::new(name)));
        select.from_subquery(page, Alias::new(place));
        if carried.is_none() {
            select.join_as(
                JoinType::InnerJoin,
                Alias::new(&known.table),
                Alias::new(alias),
                Expr::col((Alias::new(alias), Alias::new("id"))).eq(col(ID)),
            );
        }
        Ok(Some((select, Newest::new(alias, created, col(AT), col(ID)).narrowed())))
    }

    /// The columns that the page needs of its records; `None` if it needs more than columns.
    fn carried(&self, object: ObjectIx, listing: &Listing) -> Option<BTreeSet<&'c str>> {
        let known = self.catalog.object(object);
        let column = |field: FieldIx| known.field(field).column.as_deref();
        let mut columns = BTreeSet::from([column(FieldIx::ID)?]);
        let mut below = false;
        let nodes = listing.parts.iter().flat_map(|part| match &part.what {
            ConnectionPart::Nodes(selection) => vec![selection],
            ConnectionPart::Edges(parts) => parts
                .iter()
                .filter_map(|part| match &part.what {
                    EdgePart::Node(selection) => Some(selection),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        });
        for item in nodes.flat_map(Selection::items) {
            match item {
                Item::Typename(_) => {}
                Item::Field(field) if !self.plan.fields.contains_key(&(object, *field)) => {
                    columns.insert(column(*field)?);
                }
                Item::One(field, _) => drop(columns.insert(column(*field)?)),
                Item::OneOf(_, each) => {
                    for (relation, _) in each {
                        columns.insert(column(*relation)?);
                    }
                }
                Item::Many(..)
                | Item::Connection(..)
                | Item::Responsible(..)
                | Item::Aggregate(..) => below = true,
                _ => return None,
            }
        }
        if below {
            // The rules of records below may lead back to this record and read these columns.
            for (from, rule) in &self.plan.rules {
                if let RowRule::When(condition) = rule {
                    for field in self.led_over(*from, condition, object) {
                        columns.insert(column(field)?);
                    }
                }
            }
        }
        Some(columns)
    }

    /// The fields of `object` that a condition on records of `from` reads.
    fn led_over(&self, from: ObjectIx, condition: &Condition, object: ObjectIx) -> Vec<FieldIx> {
        let (path, rule) = match condition {
            Condition::Any(all) | Condition::All(all) => {
                return all.iter().flat_map(|one| self.led_over(from, one, object)).collect();
            }
            Condition::Employee { .. } => return Vec::new(),
            Condition::Settled { state } => (std::slice::from_ref(state), None),
            Condition::Within { path, .. } => (path.as_slice(), None),
            Condition::Readable { path, rule } => (path.as_slice(), Some(rule.as_ref())),
        };
        let (mut at, mut fields) = (from, Vec::new());
        for step in path {
            if at == object {
                fields.push(*step);
            }
            let Some(next) = self.catalog.object(at).field(*step).target() else { return fields };
            at = next;
        }
        if let Some(RowRule::When(condition)) = rule {
            fields.extend(self.led_over(at, condition, object));
        }
        fields
    }

    /// The first branch of a union. PostgreSQL allows it an order and a limit of its own only in a
    /// sub-select. On SQLite no branch has them: SQLite reads each branch in the order of the union.
    fn first(&self, branch: SelectStatement, columns: &[&str]) -> SelectStatement {
        match self.dialect {
            Dialect::Sqlite => branch,
            Dialect::Postgres => Query::select()
                .columns(
                    [&[ID, AT], columns]
                        .concat()
                        .into_iter()
                        .map(|name| (Alias::new("b"), Alias::new(name))),
                )
                .from_subquery(branch, Alias::new("b"))
                .to_owned(),
        }
    }

    fn branch(
        &mut self,
        object: ObjectIx,
        created: FieldIx,
        listing: &Listing,
        branch: &Branch<'_>,
        before: &[&Condition],
        columns: &[&str],
    ) -> Result<SelectStatement> {
        let known = self.catalog.object(object);
        let alias = self.alias();
        let (mut select, newest) = match branch {
            Branch::Value { field, value, rest } => {
                let mut select = Query::select();
                select.from_as(Alias::new(&known.table), Alias::new(&alias));
                let field = known.field(*field);
                let bound = encode(self.dialect, &field.ty, value)?;
                select.and_where(self.column(&alias, field)?.eq(bound));
                for condition in rest {
                    select.and_where(self.guard().of_few().meets(object, &alias, condition)?);
                }
                let at = self.column(&alias, known.field(created))?;
                let id = Expr::col((Alias::new(&alias), Alias::new("id")));
                (select, Newest::new(&alias, created, at, id))
            }
            Branch::Employee(related) => self.by_lines(object, &alias, created, *related)?,
        };
        for condition in before {
            let met = self.guard().of_few().meets(object, &alias, condition)?;
            select.and_where(met.binary(BinOper::IsNot, Expr::Constant(true.into())));
        }
        select.clear_selects();
        select.expr_as(newest.id.clone(), Alias::new(ID));
        select.expr_as(newest.recorded.clone(), Alias::new(AT));
        select.columns(columns.iter().map(|name| (Alias::new(&alias), Alias::new(*name))));
        self.newest = Some(newest);
        let keys = self.keys(object, &alias, &listing.order, &mut select)?;
        self.narrow(object, &alias, listing, &keys, &mut select)?;
        if self.dialect == Dialect::Postgres {
            self.order_by(&mut select, &keys, listing.page.backward);
            select.limit(u64::from(listing.page.size) + 1);
        }
        Ok(select)
    }
}

/// The branches of a rule, the employee last; `None` if an alternative cannot be merged.
fn branches<'p>(object: &Object, created: FieldIx, rule: &'p Condition) -> Option<Branches<'p>> {
    let alternatives = match rule {
        Condition::Any(all) => all.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut branches = Branches::new();
    let mut before = Vec::new();
    let mut employee = None;
    for alternative in alternatives {
        if let Condition::Employee { lines, employees, responsible, at } = alternative {
            let related = Related { lines: *lines, employees, responsible: *responsible, at: *at };
            // A second employee branch would have to skip the records of the first.
            if employees.len() != 1 || employee.replace(related).is_some() {
                return None;
            }
            continue;
        }
        let parts = match alternative {
            Condition::All(parts) => parts.as_slice(),
            one => std::slice::from_ref(one),
        };
        let (at, field, values) = parts.iter().enumerate().find_map(|(at, part)| match part {
            Condition::Within { path, values, .. } => match path.as_slice() {
                [field] if ordered(object, *field, created) => Some((at, *field, values)),
                _ => None,
            },
            _ => None,
        })?;
        if branches.len() + values.len() > MOST {
            return None;
        }
        for value in values {
            let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
            let rest = others.map(|(_, part)| part).collect();
            branches.push((Branch::Value { field, value, rest }, before.clone()));
        }
        before.push(alternative);
    }
    if branches.is_empty() {
        return None;
    }
    branches.extend(employee.map(|related| (Branch::Employee(related), before)));
    Some(branches)
}

/// Whether an index lists the records of each value of a field in creation order.
fn ordered(object: &Object, field: FieldIx, created: FieldIx) -> bool {
    object.indexes.iter().any(|index| index.fields == [field, created])
}

/// Whether a filter narrows to few records by itself: by a search, or by a value of an index's first
/// field. Values of a picklist or a Boolean are common. They count only for a list in creation order,
/// with an index in that order.
pub(super) fn leads(object: &Object, created: Option<FieldIx>, filter: &Filter) -> bool {
    let given = |compare: &Compare| matches!(compare, Compare::Eq(_) | Compare::In(_));
    let first = |field: FieldIx| {
        // Each value of these types is common.
        let many = matches!(object.field(field).ty, FieldType::Picklist(_) | FieldType::Boolean);
        let by_creation = |fields: &[FieldIx]| created.is_some_and(|at| fields == [field, at]);
        let serves =
            |fields: &[FieldIx]| fields.first() == Some(&field) && (!many || by_creation(fields));
        field == FieldIx::ID || object.indexed().any(serves)
    };
    match filter {
        Filter::Search(_) => true,
        Filter::And(all) => all.iter().any(|filter| leads(object, created, filter)),
        Filter::Or(all) => all.iter().all(|filter| leads(object, created, filter)),
        Filter::Field(field, compare) => given(compare) && first(*field),
        Filter::One(field, inner) => match inner.as_ref() {
            Filter::Field(FieldIx::ID, compare) => given(compare) && first(*field),
            _ => false,
        },
        _ => false,
    }
}

/// The number of values that a filter compares with.
fn values(filter: &Filter) -> usize {
    match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().map(values).sum(),
        Filter::Not(inner) | Filter::One(_, inner) | Filter::Many(_, _, inner) => values(inner),
        Filter::Field(_, Compare::In(all) | Compare::NotIn(all)) => all.len(),
        Filter::Field(..) => 1,
        Filter::Search(words) => words.len(),
        Filter::Mine(_) => 2,
        Filter::Unset(..) => 0,
        Filter::Aggregate(_, inner, _) => values(inner) + 1,
    }
}

#[cfg(test)]
mod tests;
