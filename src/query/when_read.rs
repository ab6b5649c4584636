//! Formulas that are computed when they are read.
//!
//! ```sql
//! CASE WHEN EXISTS (SELECT 1 FROM customer t1f WHERE t1f.id = t1.customer_id AND (rule of the customer))
//!   THEN (the formula, with (SELECT t1f.credit_limit FROM customer t1f WHERE t1f.id = t1.customer_id AND …)) END
//! ```
//!
//! Whoever may not see a record that the formula leads over is told nothing: not a value computed as if the
//! record were not there, and not whether there is one. An empty reference looks the same to them.

use sea_orm::sea_query::{Expr, Query};

use super::compile::Compiler;
use crate::{
    base::{Error, Result},
    catalog::{FieldIx, FieldType, ObjectIx, Rollup},
    expr::Expr as Formula,
    sql::{ComputedIn, Read, Rolled, all_of, computed, rolled_up},
};

impl Compiler<'_> {
    /// The value of a field of the record at an alias: its column, or what is computed.
    pub(super) fn read(&self, object: ObjectIx, alias: &str, ix: FieldIx) -> Result<Expr> {
        let field = self.catalog.object(object).field(ix);
        if !field.on_read {
            return self.column(alias, field);
        }
        if let FieldType::Rollup(rollup) = field.ty {
            return self.rolled_up((object, alias, ix), rollup);
        }
        let value = self.computed(object, alias, ix)?;
        Ok(match self.seen_along(object, alias, ix)? {
            None => value,
            Some(there) => self.dialect.when(there, value),
        })
    }

    /// The condition that the caller sees all records that a formula leads over; `None` if they see all there are,
    /// or if the field is not computed when it is read.
    pub(super) fn seen_along(
        &self,
        object: ObjectIx,
        alias: &str,
        ix: FieldIx,
    ) -> Result<Option<Expr>> {
        let field = self.catalog.object(object).field(ix);
        match field.formula.as_ref().filter(|_| field.on_read) {
            Some(formula) => self.seen_by(object, alias, formula),
            None => Ok(None),
        }
    }

    fn seen_by(&self, object: ObjectIx, alias: &str, formula: &Formula) -> Result<Option<Expr>> {
        let known = self.catalog.object(object);
        let guarded = |way: &Vec<FieldIx>| {
            self.catalog.end(known, way).is_some_and(|target| !self.unrestricted(target))
        };
        let ways: Vec<_> =
            self.catalog.led_over(known, formula).into_iter().filter(guarded).collect();
        // Who sees the record at the end of a longer way has come over those before it.
        let longest = ways.iter().filter(|way| {
            !ways.iter().any(|other| other.len() > way.len() && other.starts_with(way))
        });
        let each = longest.map(|way| self.there_along(object, alias, way));
        Ok(all_of(each.collect::<Result<_>>()?))
    }

    /// `EXISTS (SELECT 1 FROM customer t1f WHERE t1f.id = t1.customer_id AND … AND EXISTS (…))`.
    fn there_along(&self, object: ObjectIx, alias: &str, way: &[FieldIx]) -> Result<Expr> {
        let Some((step, rest)) = way.split_first() else {
            return Err(Error::internal("a formula over no relation"));
        };
        let (target, next, on) = self.step(object, alias, *step)?;
        let mut select = Query::select();
        select.expr(Expr::Constant(1.into())).and_where(on);
        self.put_from(target, &next, &mut select);
        if !rest.is_empty() {
            select.and_where(self.there_along(target, &next, rest)?);
        }
        Ok(Expr::exists(select))
    }

    /// The object that a relation leads to, an alias for its record, and the condition that it is this record and may
    /// be seen.
    fn step(
        &self,
        object: ObjectIx,
        alias: &str,
        step: FieldIx,
    ) -> Result<(ObjectIx, String, Expr)> {
        let relation = self.catalog.object(object).field(step);
        let target = relation.target().ok_or_else(|| Error::internal("not a relation"))?;
        let next = format!("{alias}f");
        let on = self.joined_on(target, &next, self.column(alias, relation)?)?;
        Ok((target, next, on))
    }

    /// What the related records that the caller sees come to, those for which the condition is true.
    fn rolled_up(
        &self,
        (object, alias, ix): (ObjectIx, &str, FieldIx),
        rollup: Rollup,
    ) -> Result<Expr> {
        let field = self.catalog.object(object).field(ix);
        let next = format!("{alias}u{}", ix.0);
        let (mut rows, target) = self.related(object, alias, rollup.lines, &next)?;
        if let Some(condition) = &field.counted {
            let name = format!("{next}c");
            let holds = self.written(target, &next, condition, &FieldType::Boolean, name)?;
            rows.and_where_option(self.seen_by(target, &next, condition)?).and_where(holds);
        }
        let read = rollup.op.field().map(|read| self.catalog.object(target).field(read));
        let value = read.map(|read| self.column(&next, read)).transpose()?;
        let rolled = Rolled {
            op: rollup.op,
            value: value.unwrap_or(Expr::Constant(1.into())),
            scale: read.and_then(|read| read.ty.scale()).unwrap_or_default(),
            digits: rollup.scale,
        };
        Ok(rolled_up(self.dialect, rolled, rows))
    }

    fn computed(&self, object: ObjectIx, alias: &str, ix: FieldIx) -> Result<Expr> {
        let field = self.catalog.object(object).field(ix);
        let formula =
            field.formula.as_ref().ok_or_else(|| Error::internal("a field without a formula"))?;
        self.written(object, alias, formula, &field.ty, format!("{alias}c{}", ix.0))
    }

    /// A formula over the record at an alias.
    pub(super) fn written(
        &self,
        object: ObjectIx,
        alias: &str,
        formula: &Formula,
        ty: &FieldType,
        name: String,
    ) -> Result<Expr> {
        let known = self.catalog.object(object);
        let place = ComputedIn { dialect: self.dialect, name, today: self.plan.today };
        computed(formula, ty, place, &mut |names| {
            let path = self.catalog.fields_along(known, names);
            let path = path.ok_or_else(|| Error::internal("a formula reads an unknown path"))?;
            self.at_end(object, alias, &path)
        })
    }

    /// The value at the end of a path from the record at an alias, and the type of its field.
    fn at_end(&self, object: ObjectIx, alias: &str, path: &[FieldIx]) -> Result<Read> {
        let Some((first, rest)) = path.split_first() else {
            return Err(Error::internal("a formula reads no field"));
        };
        let field = self.catalog.object(object).field(*first);
        if rest.is_empty() {
            let value = match field.on_read {
                true if field.formula.is_some() => self.computed(object, alias, *first)?,
                true => self.read(object, alias, *first)?,
                false => self.column(alias, field)?,
            };
            return Ok((value, field.ty.clone()));
        }
        let (target, next, on) = self.step(object, alias, *first)?;
        let (value, ty): (Expr, FieldType) = self.at_end(target, &next, rest)?;
        let mut select = Query::select();
        select.expr(value).and_where(on);
        self.put_from(target, &next, &mut select);
        Ok((select.into(), ty))
    }
}
