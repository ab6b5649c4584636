//! Plans about the past: the values of records at an instant, under today's rights.
//!
//! Each table is replaced by its rows at that instant. Access rules still apply to the current records:
//! nobody sees of the past what they may not see now. Deleted records appear only for callers who see
//! all records of the object.

use std::{collections::BTreeMap, sync::Arc};

use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement};
use uuid::Uuid;

use super::{compile::Compiler, find::What, plan::Plan};
use crate::{
    access::RowRule,
    base::{Result, Value},
    catalog::{FieldIx, Junction, ObjectIx},
    sql::{stood, stood_members},
};

/// The rows of some objects, and the members of some many-to-many fields, at a past instant.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Past {
    /// Rows by object, lines included.
    pub records: BTreeMap<ObjectIx, Arc<Stood>>,
    /// Members by their many-to-many field.
    pub members: BTreeMap<(ObjectIx, FieldIx), Arc<Stood>>,
}

/// The rows of a table that changed after the instant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Stood {
    /// Their ids, in the form that [`stood`] expects.
    pub changed: String,
    /// Those of them that existed at the instant, with their values then: a JSON text of rows.
    pub rows: String,
}

impl Plan {
    /// The objects that it touches.
    pub fn objects(&self) -> impl Iterator<Item = ObjectIx> {
        self.rules.keys().copied()
    }

    /// The many-to-many fields that it follows. Empty unless the plan is about the past.
    pub fn members(&self) -> impl Iterator<Item = (ObjectIx, FieldIx)> {
        self.members.iter().copied()
    }

    /// The row rule of an object; `None` for an object that the plan does not touch.
    pub fn rule(&self, object: ObjectIx) -> Option<&RowRule> {
        self.rules.get(&object)
    }

    /// The one record that the plan reads, if it selects it by id and reaches its object in no other way.
    pub fn alone(&self) -> Option<(ObjectIx, Uuid)> {
        match &self.find.what {
            What::One { key, .. } if !self.again => match key.as_slice() {
                [(FieldIx::ID, Value::Id(id))] => Some((self.find.object, *id)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The same plan over past rows.
    #[must_use]
    pub fn over(self, past: Past) -> Self {
        Self { past: Some(past), ..self }
    }
}

impl Compiler<'_> {
    /// `FROM customer AS t1`, or a sub-select of the past rows.
    pub(super) fn put_from(&self, object: ObjectIx, alias: &str, select: &mut SelectStatement) {
        match self.stood(object) {
            Some(rows) => select.from_subquery(rows, Alias::new(alias)),
            None => {
                select.from_as(Alias::new(&self.catalog.object(object).table), Alias::new(alias))
            }
        };
    }

    /// `LEFT JOIN employee AS t2 ON …`, or the same with a sub-select of the past rows.
    pub(super) fn put_join(
        &self,
        object: ObjectIx,
        alias: &str,
        on: Expr,
        select: &mut SelectStatement,
    ) {
        match self.stood(object) {
            Some(rows) => select.join_subquery(JoinType::LeftJoin, rows, Alias::new(alias), on),
            None => select.join_as(
                JoinType::LeftJoin,
                Alias::new(&self.catalog.object(object).table),
                Alias::new(alias),
                on,
            ),
        };
    }

    /// `INNER JOIN opportunity__categories AS t2j ON t2j.member_id = t2.id`, or the
    /// same with the past members.
    pub(super) fn put_members(
        &self,
        (object, field): (ObjectIx, FieldIx),
        junction: &Junction,
        link: &str,
        next: &str,
        select: &mut SelectStatement,
    ) {
        let on = Expr::col((Alias::new(link), Alias::new(Junction::MEMBER)))
            .equals((Alias::new(next), Alias::new("id")));
        let past = self.plan.past.as_ref();
        match past.and_then(|past| past.members.get(&(object, field))) {
            Some(rows) => {
                let rows = stood_members(self.dialect, junction, &rows.changed, &rows.rows);
                select.join_subquery(JoinType::InnerJoin, rows, Alias::new(link), on)
            }
            None => select.join_as(
                JoinType::InnerJoin,
                Alias::new(&junction.table),
                Alias::new(link),
                on,
            ),
        };
    }

    fn stood(&self, object: ObjectIx) -> Option<SelectStatement> {
        let rows = self.plan.past.as_ref()?.records.get(&object)?;
        Some(stood(self.dialect, self.catalog.object(object), &rows.changed, &rows.rows))
    }

    /// The condition that the record at an alias exists today and the caller may see it; `None` if they see
    /// all: `t1.id IN (SELECT t1n.id FROM customer AS t1n WHERE …)`.
    pub(super) fn there_today(
        &self,
        object: ObjectIx,
        alias: &str,
        rule: &RowRule,
    ) -> Result<Option<Expr>> {
        if *rule == RowRule::All {
            return Ok(None);
        }
        let now = format!("{alias}n");
        let id = |alias: &str| Expr::col((Alias::new(alias), Alias::new("id")));
        let mut select = Query::select();
        select
            .expr(id(&now))
            .from_as(Alias::new(&self.catalog.object(object).table), Alias::new(&now));
        self.guard().restrict(object, &now, rule, &mut select)?;
        Ok(Some(id(alias).in_subquery(select)))
    }
}
