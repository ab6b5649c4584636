//! All records that a rule of several alternatives opens, with each alternative read by its own index.
//!
//! ```sql
//! FROM (SELECT t2.stage_id, t2.amount FROM opportunity t2 WHERE t2.department_id = ANY (…) AND …
//!   UNION ALL SELECT t3.stage_id, t3.amount FROM opportunity t3 WHERE t3.id IN (SELECT e.opportunity_id … )
//!     AND (t3.department_id = ANY (…) AND …) IS NOT TRUE) t1
//! ```
//!
//! PostgreSQL scans the whole table for such alternatives in one `OR`. SQLite does not, and would carry every
//! record through a union. Not used for filters over relations and filters that narrow to few records: a
//! statement should start with those records, and a union prevents that.
//!
//! The union names the columns that the statement reads of it. PostgreSQL would carry all of them through it, which
//! costs a fifth of the time of a group over many records. They are found by compiling the part once with all columns
//! and looking at its text; statements are kept, so this is done once for each form.

use std::collections::BTreeSet;

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

    /// The alternatives that are read by an index each; None if the records are read in one scan.
    fn alternatives(&self, object: ObjectIx, filter: Option<&Filter>) -> Option<Vec<&Condition>> {
        let RowRule::When(Condition::Any(ways)) = self.rule(object) else { return None };
        let known = self.catalog.object(object);
        let parted = self.dialect == Dialect::Postgres && self.plan.past.is_none();
        let narrow = filter.is_some_and(|filter| !plain(known, filter));
        if !parted
            || narrow
            || !(2..=MOST).contains(&ways.len())
            || !ways.iter().all(|way| found(known, way))
        {
            return None;
        }
        // The employee's lines come last: the other conditions are then checked only on
        // the records of these lines.
        let mut ways: Vec<_> = ways.iter().collect();
        ways.sort_by_key(|way| matches!(way, Condition::Employee { .. }));
        Some(ways)
    }

    /// The columns that a part of the statement reads of the records of [`Self::all_from`]; None if it reads them in
    /// one scan. The part is compiled for a trial, and notes the aliases at which it reads them.
    pub(super) fn columns_read(
        &self,
        object: ObjectIx,
        filter: Option<&Filter>,
        part: impl FnOnce(&mut Self, &mut BTreeSet<String>) -> Result<SelectStatement>,
    ) -> Result<Option<BTreeSet<String>>> {
        if self.alternatives(object, filter).is_none() {
            return Ok(None);
        }
        let mut aliases = BTreeSet::new();
        let (text, _) = self.dialect.print(&part(&mut self.trial(), &mut aliases)?);
        Ok(Some(aliases.iter().flat_map(|alias| columns_of(&text, alias)).collect()))
    }

    /// All records of the object that the caller may see, at an alias, with the given columns or all of them. The
    /// filter is applied later.
    pub(super) fn all_from(
        &self,
        object: ObjectIx,
        alias: &str,
        filter: Option<&Filter>,
        columns: Option<&BTreeSet<String>>,
    ) -> Result<SelectStatement> {
        let Some(ways) = self.alternatives(object, filter) else {
            return self.from(object, alias);
        };
        let known = self.catalog.object(object);
        let mut all: Option<SelectStatement> = None;
        for (at, way) in ways.iter().enumerate() {
            let one = format!("{alias}p{at}");
            let mut select = Query::select();
            match columns {
                None => select.column((Alias::new(&one), Asterisk)),
                Some(none) if none.is_empty() => select.expr(Expr::Constant(1.into())),
                Some(columns) => select
                    .columns(columns.iter().map(|column| (Alias::new(&one), Alias::new(column)))),
            };
            select
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

/// The columns of an alias that a text names: `"t1"."amount"`.
fn columns_of(text: &str, alias: &str) -> Vec<String> {
    let begins = format!("\"{alias}\".\"");
    let named = text.split(&begins).skip(1);
    named.filter_map(|rest| rest.split_once('"')).map(|(column, _)| column.to_owned()).collect()
}

/// Whether an index finds the records that meet a condition.
fn found(object: &Object, way: &Condition) -> bool {
    let begins = |field: FieldIx| object.indexed().any(|fields| fields.first() == Some(&field));
    match way {
        Condition::Employee { .. } => true,
        Condition::Within { path, .. } => matches!(path.as_slice(), [field] if begins(*field)),
        Condition::All(parts) => parts.iter().any(|part| found(object, part)),
        Condition::Any(_) | Condition::Settled { .. } | Condition::Readable { .. } => false,
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

#[cfg(test)]
mod tests {
    use super::columns_of;

    #[test]
    fn the_columns_of_an_alias_are_found_in_a_text() {
        let text = r#"SELECT "t2"."stage_id" AS "k0", sum("t2"."amount") FROM (SELECT "t1"."id", "t12"."x" …"#;
        assert_eq!(columns_of(text, "t2"), ["stage_id", "amount"]);
        assert_eq!(columns_of(text, "t1"), ["id"]);
        assert!(columns_of(text, "t3").is_empty());
    }
}
