//! Values that a row takes from other records, as the price of a line from price lists.
//!
//! Looked for where no value is given: of a new row, and of a stored one where what is looked by has changed. It is the
//! company that looks: whoever saves the row need not see where the value stands, only the field that it fills.

use rust_decimal::{Decimal, RoundingStrategy};
use sea_orm::sea_query::{
    Alias, CaseStatement, Expr, ExprTrait, Order, Query, SelectStatement, SubQueryStatement,
};

use super::{
    events,
    stages::{RowDraft, Save},
};
use crate::{
    base::{Error, Result, Value},
    catalog::{FieldFill, FieldIx, FieldType, FillSource, Object, RuleExpr},
    expr,
    rules::{self, RuleContext},
    sql::{decode, encode},
};

/// The highest number of a column, without its point: 18 digits.
const MOST: i64 = 999_999_999_999_999_999;

/// What a fill looks by, for each of its sources: the matches, and the tier. None for a source with an empty match.
type Keys = Vec<Option<(Vec<Value>, Value)>>;

impl Save<'_> {
    /// Fills the fields of a row that nothing was given for.
    pub(super) async fn fill_in(&self, row: &mut RowDraft<'_>) -> Result<()> {
        let object = row.object;
        for fill in &object.fills {
            let given = row.touched.contains(&fill.field) || row.unread.contains(&fill.field);
            let reads = fill.reads(object);
            let unread = reads.iter().any(|ix| row.unread.contains(ix));
            // Where references follow a merged record, nobody has chosen another item.
            let followed = self.consequence && row.old.is_some();
            if row.blind || row.restored.is_some() || given || unread || followed {
                continue;
            }
            if let Some(old) = row.old {
                let changed = events::changed(object, old, &row.values);
                if !reads.iter().any(|ix| changed.contains(ix)) {
                    continue;
                }
                let locked = self.locked(row, fill.field).await?;
                if !locked.faults.is_empty() || locked.unseen {
                    continue;
                }
            }
            let Some(value) = self.filled_with(row, fill).await? else { continue };
            row.values.insert(fill.field, value);
            row.forget_over(&object.field(fill.field).name);
        }
        Ok(())
    }

    /// The value that a fill gives a row. None if the row keeps its own.
    async fn filled_with(&self, row: &mut RowDraft<'_>, fill: &FieldFill) -> Result<Option<Value>> {
        let catalog = &self.session.catalog;
        // A value that does not fit is reported with the others, and looked for by nobody.
        let fits = |ix: &FieldIx| {
            let value = row.values.get(ix).unwrap_or(&Value::Null);
            rules::fault_of(catalog, row.object.field(*ix), value).is_none()
        };
        if !fill.reads(row.object).iter().all(fits) {
            return Ok(None);
        }
        let Some(keys) = self.keys_of(row, fill).await? else { return Ok(None) };
        let value = self.found(fill, &keys).await?;
        let field = row.object.field(fill.field);
        let normal = |value: Value| rules::normalise(catalog, field, value);
        let Some(old) = row.old else { return Ok(value.map(normal)) };
        let paths = fill.exprs().flat_map(expr::Expr::paths).collect();
        let Some(mut stored) = self.stored(row, paths).await? else { return Ok(None) };
        let Some(before) = self.keys_of(&mut stored, fill).await? else { return Ok(None) };
        let matches = |keys: &Keys| -> Vec<Option<Vec<Value>>> {
            keys.iter().map(|known| known.as_ref().map(|(matches, _)| matches.clone())).collect()
        };
        if matches(&before.1) == matches(&keys.1) {
            // Another value than was found is somebody's own. It stays while only quantity or day differ.
            let was = self.found(fill, &before).await?.map_or(Value::Null, normal);
            let now = value.clone().map_or(Value::Null, normal);
            if was == now || old.get(&fill.field).unwrap_or(&Value::Null) != &was {
                return Ok(None);
            }
        }
        Ok(Some(value.map_or(Value::Null, normal)))
    }

    /// The day, and what a fill looks by. None if it cannot be computed, so that nothing is filled.
    async fn keys_of(
        &self,
        row: &mut RowDraft<'_>,
        fill: &FieldFill,
    ) -> Result<Option<(Value, Keys)>> {
        self.read_for(row, fill.exprs()).await?;
        let scope = self.scope(row);
        // A save refuses a given reference to a record that the caller does not see; a draft only tells so.
        if self.session.trial && fill.exprs().any(|expr| scope.facts.unseen_by(expr)) {
            return Ok(None);
        }
        let today = Value::Date(scope.today);
        let read = |read: &RuleExpr, scope: &RuleContext<'_>| expr::eval(&read.expr, scope).ok();
        let day = match &fill.on {
            None => today,
            Some(on) => match read(on, &scope) {
                Some(Value::Null) => today,
                Some(day) => day,
                None => return Ok(None),
            },
        };
        let mut keys = Vec::with_capacity(fill.from.len());
        for from in &fill.from {
            let matches: Option<Vec<_>> =
                from.matches.iter().map(|(_, key)| read(key, &scope)).collect();
            let Some(matches) = matches else { return Ok(None) };
            let tier = match &from.tier {
                None => Value::Null,
                Some((_, tier)) => read(tier, &scope).unwrap_or(Value::Null),
            };
            let whole = !matches.iter().any(Value::is_null);
            keys.push(whole.then_some((matches, tier)));
        }
        Ok(Some((day, keys)))
    }

    /// The first value that is found.
    ///
    /// `SELECT (SELECT price FROM customer_price WHERE item_id = $1 AND customer_id = $2 AND … LIMIT 1), (SELECT …)`
    async fn found(&self, fill: &FieldFill, (day, keys): &(Value, Keys)) -> Result<Option<Value>> {
        let catalog = &self.session.catalog;
        let mut select = Query::select();
        let mut types = Vec::new();
        for (from, keys) in fill.from.iter().zip(keys) {
            let Some((matches, tier)) = keys else { continue };
            let object = catalog.object(from.object);
            let rows = self.rows_of(object, from, day, (matches, tier))?;
            let rows = SubQueryStatement::SelectStatement(rows);
            select.expr(Expr::SubQuery(None, Box::new(rows)));
            types.push(object.field(from.value).ty.clone());
        }
        if types.is_empty() {
            return Ok(None);
        }
        let rows = self.tx.select(&select).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        for (at, ty) in types.iter().enumerate() {
            let value = decode(self.tx.dialect(), ty, row, at)?;
            if !value.is_null() {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// `SELECT price FROM customer_price WHERE item_id = $1 AND valid_from <= $2 AND … ORDER BY minimum_quantity DESC, …`
    fn rows_of(
        &self,
        object: &Object,
        from: &FillSource,
        day: &Value,
        (matches, tier): (&[Value], &Value),
    ) -> Result<SelectStatement> {
        let dialect = self.tx.dialect();
        let column = |ix| {
            let column = object.field(ix).column.as_deref();
            let column = column.ok_or_else(|| Error::internal("a fill over no column"))?;
            Ok::<_, Error>(Expr::col(Alias::new(column)))
        };
        let mut select = Query::select();
        select
            .expr(column(from.value)?)
            .from(Alias::new(&object.table))
            .and_where(column(from.value)?.is_not_null());
        for ((ix, _), value) in from.matches.iter().zip(matches) {
            let value = encode(dialect, &object.field(*ix).ty, &held(object, *ix, value))?;
            select.and_where(column(*ix)?.eq(value));
        }
        if let Some((ix, _)) = &from.tier {
            let least = column(*ix)?;
            let within = match tier {
                Value::Null => least.clone().is_null(),
                tier => {
                    let most = encode(dialect, &object.field(*ix).ty, &held(object, *ix, tier))?;
                    least.clone().lte(most).or(least.clone().is_null())
                }
            };
            select.and_where(within);
            last_first(&mut select, least);
        }
        if let Some((first, last)) = from.valid {
            let (first, last) = (column(first)?, column(last)?);
            let day = encode(dialect, &FieldType::Date, day)?;
            let begun = first.clone().lte(day.clone()).or(first.clone().is_null());
            let runs = last.clone().gte(day).or(last.is_null());
            select.and_where(begun).and_where(runs);
            last_first(&mut select, first);
        }
        let id = Expr::col(Alias::new("id"));
        Ok(select.order_by_expr(id, Order::Asc).limit(1).to_owned())
    }
}

/// Orders by the highest value; rows without one come last in either database.
fn last_first(select: &mut SelectStatement, by: Expr) {
    let none = CaseStatement::new().case(by.clone().is_null(), 1).finally(0);
    select.order_by_expr(none.into(), Order::Asc).order_by_expr(by, Order::Desc);
}

/// A value with no more digits than a field holds, so that it can be compared with those that it holds.
fn held(object: &Object, ix: FieldIx, value: &Value) -> Value {
    match (value, object.field(ix).ty.scale()) {
        (Value::Decimal(number), Some(scale)) => {
            let down = RoundingStrategy::ToNegativeInfinity;
            let most = Decimal::new(MOST, scale.into());
            Value::Decimal(number.round_dp_with_strategy(scale.into(), down).clamp(-most, most))
        }
        _ => value.clone(),
    }
}
