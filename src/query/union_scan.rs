//! All records that a rule of several alternatives opens, with each alternative read by its own index.
//!
//! ```sql
//! FROM (SELECT t2.* FROM opportunity t2 WHERE t2.department_id = ANY (…) AND …
//!   UNION ALL SELECT t3.* FROM opportunity t3 WHERE t3.id IN (SELECT e.opportunity_id … )
//!     AND (t3.department_id = ANY (…) AND …) IS NOT TRUE) t1
//! ```
//!
//! PostgreSQL scans the whole table for such alternatives in one `OR`. SQLite does not, and would carry every
//! record through a union. Not used for filters over relations and filters that narrow to few records: a
//! statement should start with those records, and a union prevents that.

use sea_orm::sea_query::{
    Alias, Asterisk, BinOper, Expr, ExprTrait, Query, SelectStatement, UnionType,
};

use super::{compile::Compiler, filter::Filter, ordered_union::leads};
use crate::{
    access::{Condition, RowRule},
    base::Result,
    catalog::{FieldIx, Object, ObjectIx},
    sql::Dialect,
};

/// The largest number of alternatives that are split. Each excludes the records of those before it.
const MOST: usize = 3;

impl Compiler<'_> {
    /// Whether a rule is evaluated for many records, because the filter does not narrow to few. Open records
    /// are then listed once; otherwise each record is looked up.
    pub(super) fn asks_all(&self, object: ObjectIx, filter: Option<&Filter>) -> bool {
        !filter.is_some_and(|filter| leads(self.catalog.object(object), None, filter))
    }

    /// All records of the object that the caller may see, at an alias. The filter is applied later.
    pub(super) fn all_from(
        &self,
        object: ObjectIx,
        alias: &str,
        filter: Option<&Filter>,
    ) -> Result<SelectStatement> {
        let RowRule::When(Condition::Any(ways)) = self.rule(object) else {
            return self.from(object, alias);
        };
        let known = self.catalog.object(object);
        let parted = self.dialect == Dialect::Postgres && self.plan.past.is_none();
        let narrow = filter.is_some_and(|filter| !plain(known, filter));
        if !parted
            || narrow
            || !(2..=MOST).contains(&ways.len())
            || !ways.iter().all(|way| found(known, way))
        {
            return self.from(object, alias);
        }
        // The employee's lines come last: the other conditions are then checked only on
        // the records of these lines.
        let mut ways: Vec<_> = ways.iter().collect();
        ways.sort_by_key(|way| matches!(way, Condition::Employee { .. }));
        let mut all: Option<SelectStatement> = None;
        for (at, way) in ways.iter().enumerate() {
            let one = format!("{alias}p{at}");
            let mut select = Query::select();
            select
                .column((Alias::new(&one), Asterisk))
                .from_as(Alias::new(&known.table), Alias::new(&one))
                .and_where(self.guard().meets(object, &one, way)?);
            for before in ways.iter().take(at) {
                let met = self.guard().meets(object, &one, before)?;
                select.and_where(met.binary(BinOper::IsNot, Expr::Constant(true.into())));
            }
            all = Some(match all {
                None => select,
                Some(mut all) => all.union(UnionType::All, select).to_owned(),
            });
        }
        let mut select = Query::select();
        if let Some(all) = all {
            select.expr(Expr::val(1)).from_subquery(all, Alias::new(alias));
        }
        Ok(select)
    }
}

/// Whether an index finds the records that meet a condition.
fn found(object: &Object, way: &Condition) -> bool {
    let begins = |field: FieldIx| object.indexed().any(|fields| fields.first() == Some(&field));
    match way {
        Condition::Employee { .. } => true,
        Condition::Within { path, .. } => matches!(path.as_slice(), [field] if begins(*field)),
        Condition::All(parts) => parts.iter().any(|part| found(object, part)),
        Condition::Any(_) | Condition::Readable { .. } => false,
    }
}

/// Whether a filter only compares fields of the records themselves, and does not narrow to few of them.
fn plain(object: &Object, filter: &Filter) -> bool {
    match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().all(|filter| plain(object, filter)),
        Filter::Not(inner) => plain(object, inner),
        Filter::Field(..) => !leads(object, None, filter),
        _ => false,
    }
}
