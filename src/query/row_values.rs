//! Single values and plain lists of a record, as parts of its row.
//!
//! Must not know the rest of the selection.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, SelectStatement};

use super::{
    compile::{Compiler, RowFormat, leaf},
    find::Listing,
    row_builder::RowBuilder,
    shape::{ConnectionShape, ConnectionSlot, Leaf, RowsShape, Slot},
};
use crate::{
    base::{Error, Result},
    catalog::{FieldIx, ObjectIx},
    sql::Dialect,
};

impl Compiler<'_> {
    /// The SQL of a field's value, under the field's rule.
    fn seen(&self, object: ObjectIx, alias: &str, ix: FieldIx) -> Result<Expr> {
        let column = self.read(object, alias, ix)?;
        match self.plan.fields.get(&(object, ix)) {
            None => Ok(column),
            Some(rule) => self.guard().seen(object, alias, rule, column),
        }
    }

    /// The value of a field, under the field's rule.
    pub(super) fn value(
        &self,
        object: ObjectIx,
        alias: &str,
        ix: FieldIx,
        row: &mut RowBuilder,
        place: RowFormat,
    ) -> Result<Slot> {
        let field = self.catalog.object(object).field(ix);
        let leaf = leaf(&field.ty);
        let at = row.field(alias, ix, |row| {
            let column = self.seen(object, alias, ix)?;
            Ok(match (place, self.dialect) {
                (RowFormat::Json, Dialect::Sqlite) => row.put(column, leaf == Leaf::Json),
                (RowFormat::Json, Dialect::Postgres) => {
                    row.add(self.dialect.json_part(column, &field.ty))
                }
                (RowFormat::Typed, _) => row.add(self.dialect.typed_part(column, &field.ty)),
            })
        })?;
        Ok(Slot::Leaf(at, leaf))
    }

    /// The title of a record, as text whatever the type of the field; null if the caller may not see a
    /// relation on the path. Also returns the indexes of the ids of related records, which count as read.
    pub(super) fn title(
        &mut self,
        (object, alias): (ObjectIx, &str),
        path: &[FieldIx],
        row: &mut RowBuilder,
        select: &mut SelectStatement,
        place: RowFormat,
    ) -> Result<(Slot, Vec<usize>)> {
        let mut counted = Vec::new();
        let Some((ix, steps)) = path.split_last() else {
            return Ok((Slot::Fixed("null"), counted));
        };
        let (mut object, mut alias) = (object, alias.to_owned());
        for step in steps {
            let target = self.catalog.object(object).field(*step).target();
            let open = target.is_some_and(|target| self.plan.rules.contains_key(&target));
            if !open || self.plan.fields.contains_key(&(object, *step)) {
                return Ok((Slot::Fixed("null"), Vec::new()));
            }
            (object, alias) = self.led_to(object, &alias, *step, select)?;
            if self.plan.counted && self.catalog.object(object).guarded() {
                counted.push(row.add(Expr::col((Alias::new(&alias), Alias::new("id")))));
            }
        }
        let field = self.catalog.object(object).field(*ix);
        if !matches!(leaf(&field.ty), Leaf::Int | Leaf::Bool) {
            return Ok((self.value(object, &alias, *ix, row, place)?, counted));
        }
        let text = self.seen(object, &alias, *ix)?.cast_as(Alias::new("text"));
        Ok((Slot::Leaf(row.add(text), Leaf::Text), counted))
    }

    /// The rows of a list without pages.
    pub(super) fn plain(
        &self,
        nested: ConnectionShape,
        listing: &Listing,
        places: RowBuilder,
        row: &mut RowBuilder,
        place: RowFormat,
    ) -> Result<Slot> {
        let part = places.values().next().ok_or_else(|| Error::internal("a list without rows"))?;
        let at = row.add_json(self.shown(part, place));
        match nested.parts.into_iter().next() {
            Some((_, ConnectionSlot::Nodes(inner))) => {
                Ok(Slot::Many(at, RowsShape::of(inner, listing.page.size)))
            }
            _ => Err(Error::internal("a plain list without nodes")),
        }
    }
}
