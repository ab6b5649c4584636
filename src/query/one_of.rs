//! Records of one of several objects: what union fields are read and filtered by.
//!
//! A union field has a to-one relation for each object, and at most one of them has a value. Objects that the caller
//! may not read are left out, as if the union did not have them.

use sea_orm::sea_query::{Expr, ExprTrait, SelectStatement};

use super::{
    compile::{Compiler, RowFormat},
    filter::absent,
    find::Selection,
    row_builder::RowBuilder,
    shape::Slot,
};
use crate::{
    base::Result,
    catalog::{FieldIx, ObjectIx},
    sql::all_of,
};

impl Compiler<'_> {
    /// Joins the record of each object that the caller may read, as for a plain relation. The renderer writes the
    /// first that there is.
    pub(super) fn related_one_of(
        &mut self,
        object: ObjectIx,
        alias: &str,
        each: &[(FieldIx, Selection)],
        row: &mut RowBuilder,
        select: &mut SelectStatement,
        place: RowFormat,
    ) -> Result<Slot> {
        let mut slots = Vec::with_capacity(each.len());
        for (relation, inner) in each {
            if !self.follows(object, *relation) {
                continue;
            }
            let slot = self.related_one(object, alias, *relation, inner, row, select, place)?;
            if let Slot::One(at, shape) = slot {
                slots.push((at, shape));
            }
        }
        Ok(Slot::OneOf(slots))
    }

    /// Whether the plan asked for the object at the end of a relation.
    fn follows(&self, object: ObjectIx, relation: FieldIx) -> bool {
        let target = self.catalog.object(object).field(relation).target();
        target.is_some_and(|target| self.plan.rules.contains_key(&target))
    }

    /// A union field refers to no record that the caller sees, or to one:
    /// `NOT EXISTS (SELECT 1 FROM customer t1 WHERE t1.id = t0.subject_customer_id AND …) AND NOT EXISTS (…)`.
    pub(super) fn unset(
        &mut self,
        object: ObjectIx,
        alias: &str,
        field: FieldIx,
        unset: bool,
    ) -> Result<Expr> {
        let relations = self.catalog.object(object).relations_of(field);
        let mut each = Vec::with_capacity(relations.len());
        for relation in relations {
            if self.follows(object, *relation) {
                each.push(self.there(object, alias, *relation, &absent())?);
            }
        }
        let none = all_of(each).unwrap_or_else(|| Expr::val(1).eq(1));
        Ok(if unset { none } else { none.not() })
    }
}
