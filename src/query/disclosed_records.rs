//! The records that groups disclose, for the budget of reads. A group of few records is a list of them, and a
//! group that is named by a related record discloses that record.
//!
//! ```sql
//! SELECT …, CASE WHEN count(1) < 5 THEN array_to_string(array_agg(p.s0), ',') END AS c3,
//!   CASE WHEN min(p.s1) = max(p.s1) THEN min(p.s1) END AS c4
//! FROM (SELECT t2.name AS k0, t2.id AS s0, CAST(g1.id AS text) AS s1 FROM contact t2 …) p GROUP BY p.k0
//! ```

use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, Func, SelectStatement};

use super::{
    aggregate::{AggregatePart, Aggregation, Function},
    compile::Compiler,
};
use crate::{
    base::Result,
    catalog::{FieldIx, ObjectIx},
    sql::{Dialect, functions},
};

/// A group of fewer records discloses each of them.
const FEW: i32 = 5;

/// The records that a group discloses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DisclosedRecords {
    /// Its records; for lines, their documents.
    Members,
    /// The related record that names it.
    Named,
}

impl Compiler<'_> {
    /// Adds to the records to be grouped, at an alias, the ids that may count as read: `s0`, `s1` and so on,
    /// in the order of the result.
    pub(super) fn told_of(
        &mut self,
        object: ObjectIx,
        alias: &str,
        aggregation: &Aggregation,
        select: &mut SelectStatement,
    ) -> Result<Vec<DisclosedRecords>> {
        let mut told = Vec::new();
        if !self.plan.counted || !tells(aggregation) {
            return Ok(told);
        }
        let known = self.catalog.object(object);
        let head = self.catalog.head(known);
        if head.guarded() {
            let via = known.parent.map_or(known.field(FieldIx::ID), |parent| known.field(parent));
            select.expr_as(self.column(alias, via)?, Alias::new("s0"));
            told.push(DisclosedRecords::Members);
        }
        let mut paths: Vec<&[FieldIx]> = Vec::new();
        for group in &aggregation.groups {
            let Some((_, steps)) = group.path.split_last() else { continue };
            let mut at = object;
            for (place, step) in steps.iter().enumerate() {
                let Some(target) = self.catalog.object(at).field(*step).target() else { break };
                at = target;
                let Some(path) = steps.get(..=place) else { break };
                if self.catalog.object(target).guarded() && !paths.contains(&path) {
                    paths.push(path);
                }
            }
        }
        for path in paths {
            let path: Vec<_> = path.iter().copied().chain([FieldIx::ID]).collect();
            let (id, _) = self.reached(object, alias, &path, select)?;
            let id = match self.dialect {
                // PostgreSQL has no `min` of uuids.
                Dialect::Postgres => id.cast_as(Alias::new("text")),
                Dialect::Sqlite => id,
            };
            select.expr_as(id, Alias::new(format!("s{}", told.len())));
            told.push(DisclosedRecords::Named);
        }
        Ok(told)
    }

    /// The ids of a group that count as read, joined by commas; NULL if the group discloses no single record.
    pub(super) fn told(&self, told: DisclosedRecords, ids: Expr) -> Expr {
        match told {
            DisclosedRecords::Members => {
                let listed = functions::joined(self.dialect, ids);
                let count = Expr::from(Func::count(Expr::Constant(1.into())));
                CaseStatement::new().case(count.lt(Expr::Constant(FEW.into())), listed).into()
            }
            DisclosedRecords::Named => {
                let least = Expr::from(Func::min(ids.clone()));
                let one = least.clone().eq(Func::max(ids));
                CaseStatement::new().case(one, least).into()
            }
        }
    }
}

/// Whether the result contains values of records. Counts disclose none, and first records
/// are counted by themselves.
fn tells(aggregation: &Aggregation) -> bool {
    aggregation.parts.iter().any(|part| match &part.what {
        AggregatePart::Key(_) | AggregatePart::Drill(_) => !aggregation.groups.is_empty(),
        AggregatePart::Of(function, _) => *function != Function::CountDistinct,
        AggregatePart::Typename(_)
        | AggregatePart::Count
        | AggregatePart::Groups
        | AggregatePart::Top(_) => false,
    })
}
