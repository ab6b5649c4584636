//! Orders and keyset paging: the sort keys of a list, and the condition that a row comes after a cursor.
//!
//! By default, records without a value come last in ascending lists and first in descending
//! ones, on both databases.

use sea_orm::sea_query::{
    Expr, ExprTrait, NullOrdering, Order as Direction, OrderedStatement, SelectStatement,
};

use super::{
    compile::Compiler,
    faults,
    find::{Nulls, Order},
};
use crate::{
    base::{Error, Result, Value},
    catalog::{Field, FieldIx, FieldType, ObjectIx, Storage},
    sql::{Dialect, encode, numbered},
};

/// One resolved sort key of a list.
pub(super) struct Key<'c> {
    /// The expression to sort by.
    pub(super) column: Expr,
    /// Its field.
    pub(super) field: &'c Field,
    /// It may be NULL.
    pub(super) nullable: bool,
    /// Largest first.
    pub(super) descending: bool,
    /// NULL first.
    pub(super) nulls_first: bool,
}

impl<'c> Compiler<'c> {
    /// The sort keys of a list, ending in the id. Joins the relations on their paths.
    pub(super) fn keys(
        &mut self,
        object: ObjectIx,
        alias: &str,
        orders: &[Order],
        select: &mut SelectStatement,
    ) -> Result<Vec<Key<'c>>> {
        let mut keys = Vec::new();
        let mut last = false;
        for (at, order) in orders.iter().enumerate() {
            // Sorting by the same path again has no effect.
            if orders.iter().take(at).any(|before| before.path == order.path) {
                continue;
            }
            let key = self.key(object, alias, order, select)?;
            last = key.descending;
            let unique = order.path == [FieldIx::ID];
            keys.push(key);
            if unique {
                return Ok(keys);
            }
        }
        let order = Order { path: vec![FieldIx::ID], descending: last, nulls: Nulls::Usual };
        keys.push(self.key(object, alias, &order, select)?);
        Ok(keys)
    }

    fn key(
        &mut self,
        object: ObjectIx,
        alias: &str,
        order: &Order,
        select: &mut SelectStatement,
    ) -> Result<Key<'c>> {
        let (mut column, field) = self.reached(object, alias, &order.path, select)?;
        if let [one] = order.path.as_slice()
            && let Some(known) = self.newest.as_ref().and_then(|page| page.column(alias, *one))
        {
            column = known;
        }
        if let FieldType::AutoNumber(format) = &field.ty {
            column = numbered::in_order(self.dialect, &column, format);
        }
        let certain = order.path.len() == 1 && field.system && field.required;
        Ok(Key {
            column,
            field,
            nullable: !certain,
            descending: order.descending,
            nulls_first: order.nulls.first(order.descending),
        })
    }

    /// The column of the field at the end of a path over to-one relations. Joins the relations on the way:
    /// `LEFT JOIN employee t2 ON t2.id = t1.owner_id AND …`.
    pub(super) fn reached(
        &mut self,
        object: ObjectIx,
        alias: &str,
        path: &[FieldIx],
        select: &mut SelectStatement,
    ) -> Result<(Expr, &'c Field)> {
        let mut at = (object, alias.to_owned());
        let (field, steps) =
            path.split_last().ok_or_else(|| Error::internal("a path without a field"))?;
        for (place, step) in steps.iter().enumerate() {
            let relation = self.catalog.object(at.0).field(*step);
            let target = relation.target().ok_or_else(|| Error::internal("not a relation"))?;
            // If the caller sees all records, a related record's id is the reference itself.
            if *field == FieldIx::ID && place + 1 == steps.len() && self.unrestricted(target) {
                let reference = self.column(&at.1, relation)?;
                return Ok((reference, self.catalog.object(target).field(*field)));
            }
            at = self.led_to(at.0, &at.1, *step, select)?;
        }
        Ok((self.read(at.0, &at.1, *field)?, self.catalog.object(at.0).field(*field)))
    }

    /// `ORDER BY`, reversed if the page is taken from the end.
    pub(super) fn order_by<O: OrderedStatement>(
        &self,
        select: &mut O,
        keys: &[Key<'_>],
        backward: bool,
    ) {
        for key in keys {
            let nulls = key.nullable.then_some(key.nulls_first != backward);
            self.sorted(select, key.column.clone(), key.descending != backward, nulls);
        }
    }

    /// One term of `ORDER BY`. `nulls_first` is `None` if the value cannot be NULL.
    pub(super) fn sorted<O: OrderedStatement>(
        &self,
        select: &mut O,
        value: Expr,
        descending: bool,
        nulls_first: Option<bool>,
    ) {
        let direction = if descending { Direction::Desc } else { Direction::Asc };
        // PostgreSQL sorts NULL as the largest value, SQLite as the smallest. PostgreSQL's default, which its
        // indexes share, needs no clause.
        match nulls_first {
            Some(first) if first != descending || self.dialect == Dialect::Sqlite => {
                let nulls = if first { NullOrdering::First } else { NullOrdering::Last };
                select.order_by_expr_with_nulls(value, direction, nulls);
            }
            _ => {
                select.order_by_expr(value, direction);
            }
        }
    }

    /// The condition that a row comes after a cursor: `(a, id) > ($1, $2)` if no key may be NULL and all have
    /// one direction, else `a > $1 OR (a = $1 AND id > $2)` with its NULLs.
    pub(super) fn behind(&self, keys: &[Key<'_>], place: &str, backward: bool) -> Result<Expr> {
        let values = self.place(keys, place)?;
        let uniform = keys.iter().all(|key| !key.nullable && key.descending == keys[0].descending);
        if uniform {
            let left = Expr::tuple(keys.iter().map(|key| key.column.clone()));
            let right = Expr::tuple(
                keys.iter()
                    .zip(&values)
                    .map(|(key, value)| encode(self.dialect, &key.field.ty, value).map(Expr::val))
                    .collect::<Result<Vec<_>>>()?,
            );
            return Ok(if keys[0].descending == backward {
                left.gt(right)
            } else {
                left.lt(right)
            });
        }
        let mut any: Option<Expr> = None;
        for (ix, key) in keys.iter().enumerate() {
            let Some(mut term) = self.strictly(key, &values[ix], backward)? else { continue };
            for (before, value) in keys.iter().zip(&values).take(ix) {
                let same = match value {
                    Value::Null => before.column.clone().is_null(),
                    value => {
                        before.column.clone().eq(encode(self.dialect, &before.field.ty, value)?)
                    }
                };
                term = same.and(term);
            }
            any = Some(match any {
                None => term,
                Some(others) => others.or(term),
            });
        }
        Ok(any.unwrap_or_else(|| Expr::Constant(1.into()).eq(Expr::Constant(0.into()))))
    }

    /// The condition that one key alone comes after a value; `None` if no row can.
    fn strictly(&self, key: &Key<'_>, value: &Value, backward: bool) -> Result<Option<Expr>> {
        let descending = key.descending != backward;
        let nulls_first = key.nulls_first != backward;
        let column = key.column.clone();
        if value.is_null() {
            return Ok(nulls_first.then(|| column.is_not_null()));
        }
        let bound = encode(self.dialect, &key.field.ty, value)?;
        let beyond = if descending { column.clone().lt(bound) } else { column.clone().gt(bound) };
        Ok(Some(if key.nullable && !nulls_first { beyond.or(column.is_null()) } else { beyond }))
    }

    /// The values in a cursor's text, by the types of the keys.
    fn place(&self, keys: &[Key<'_>], place: &str) -> Result<Vec<Value>> {
        let items: Vec<serde_json::Value> =
            serde_json::from_str(place).map_err(|_not_json| faults::unfit_cursor())?;
        if items.len() != keys.len() {
            return Err(faults::unfit_cursor());
        }
        keys.iter()
            .zip(items)
            .map(|(key, item)| self.stored(key.field, &item).ok_or_else(faults::unfit_cursor))
            .collect()
    }

    /// A stored value from its JSON; `None` if it does not fit the field.
    fn stored(&self, field: &Field, item: &serde_json::Value) -> Option<Value> {
        use serde_json::Value as Json;
        if item.is_null() {
            return Some(Value::Null);
        }
        match (field.ty.storage(), item) {
            (Storage::Decimal(scale), Json::Number(minor)) if self.dialect == Dialect::Sqlite => {
                Some(Value::Decimal(rust_decimal::Decimal::new(minor.as_i64()?, scale.into())))
            }
            // PostgreSQL writes numerics as text, because JSON numbers would lose digits.
            (Storage::Decimal(_), Json::String(text)) if self.dialect == Dialect::Postgres => {
                text.parse().ok().map(Value::Decimal)
            }
            (Storage::Id, Json::String(text)) => text.parse().ok().map(Value::Id),
            (Storage::Integer, Json::Number(n)) => n.as_i64().map(Value::Int),
            (Storage::Boolean, Json::Bool(bool)) => Some(Value::Bool(*bool)),
            (Storage::Boolean, Json::Number(n)) => Some(Value::Bool(n.as_i64()? != 0)),
            (Storage::Date, Json::String(text)) => text.parse().ok().map(Value::Date),
            (Storage::Time, Json::String(text)) => text.parse().ok().map(Value::Time),
            (Storage::DateTime, Json::Number(micros)) => {
                chrono::DateTime::from_timestamp_micros(micros.as_i64()?).map(Value::DateTime)
            }
            (Storage::DateTime, Json::String(text)) => chrono::DateTime::parse_from_rfc3339(text)
                .ok()
                .map(|at| Value::DateTime(at.to_utc())),
            (
                Storage::Text | Storage::Json | Storage::Names | Storage::Elsewhere,
                Json::String(text),
            ) => Some(Value::Text(text.clone())),
            // The database has written another kind than the column has.
            (_, _) => None,
        }
    }
}
