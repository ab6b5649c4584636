//! Parses arguments into intents: filters, orders, pages. All errors contain paths.

use async_graphql::Value as Given;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::{
    argument_parts::{
        Fields, as_kept, as_piece, fields, id, items, no_meaning, says_something, way,
    },
    condition_conversion::{fitted, held, stored},
    expected_values::{self, bad},
    faults,
    groups::{flat, within_field},
    names::{AS_OF, IS_NULL, MINE, OFFSET},
};
use crate::{
    base::{Error, Result, Value, calendar, text},
    catalog::{Field, FieldIx, FieldType, ObjectIx, Storage},
    graphql::{self, reader::Args, variables::whole},
    query::{Compare, Filter, Order, Page, Quantifier},
    sql::Match,
};

/// Returns a text in its stored form.
fn plain(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(text::tidy(&text)),
        value => value,
    }
}

fn json_text(value: &Given) -> Result<String> {
    let json = value.clone().into_json().map_err(Error::internal)?;
    Ok(json.to_string())
}

impl Args<'_> {
    /// Parses a value of a type.
    pub(super) fn value(&self, ty: &FieldType, value: &Given) -> Result<Value> {
        if matches!(value, Given::Null) {
            return Ok(Value::Null);
        }
        let listed = ty.picklist().is_some();
        Ok(match (ty.storage(), value) {
            (Storage::Decimal(_), value) => decimal(value)?,
            (Storage::Id, value) => Value::Id(id(value)?),
            (Storage::Integer, Given::Number(number)) => whole(number)
                .filter(|int| i32::try_from(*int).is_ok())
                .map(Value::Int)
                .ok_or_else(|| bad(expected_values::small_number()))?,
            (Storage::Boolean, Given::Boolean(bool)) => Value::Bool(*bool),
            (Storage::Date, Given::String(text)) => {
                let day = calendar::day(text);
                Value::Date(day.ok_or_else(|| expected_values::no_date(text))?)
            }
            (Storage::DateTime, Given::String(text)) => {
                let day = || calendar::day(text).map(|day| self.starts(day));
                Value::DateTime(
                    calendar::instant(text).or_else(day).ok_or_else(expected_values::no_instant)?,
                )
            }
            (Storage::Time, Given::String(text)) => {
                Value::Time(calendar::time(text).ok_or_else(expected_values::no_time)?)
            }
            (Storage::Json, value) => Value::Json(json_text(value)?),
            (Storage::Text, Given::Enum(name)) if listed => Value::Text(name.to_string()),
            (Storage::Text, Given::String(text)) => Value::Text(text.clone()),
            (Storage::Names, value) => Value::List(
                items(value)
                    .into_iter()
                    .map(|item| match item {
                        Given::Enum(name) => Ok(Value::Text(name.to_string())),
                        Given::String(name) => Ok(Value::Text(name.clone())),
                        _ => Err(bad(expected_values::option())),
                    })
                    .collect::<Result<_>>()?,
            ),
            (
                Storage::Integer
                | Storage::Boolean
                | Storage::Date
                | Storage::DateTime
                | Storage::Time
                | Storage::Text
                | Storage::Elsewhere,
                _,
            ) => return Err(expected_values::other_kind(ty)),
        })
    }

    /// Parses `{level: {eq: A}, owner: {…}, contacts: {some: {…}}, and: […], or: […], not: {…}}`.
    pub(super) fn filter(&self, object: ObjectIx, value: &Given) -> Result<Filter> {
        self.filter_of(object, value, false)
    }

    /// Parses a filter on records. For a to-one relation, `isNull` asks whether there is a record.
    pub(super) fn filter_of(
        &self,
        object: ObjectIx,
        value: &Given,
        related: bool,
    ) -> Result<Filter> {
        self.tally.nested(|| self.conditions(object, value, related))
    }

    fn conditions(&self, object: ObjectIx, value: &Given, related: bool) -> Result<Filter> {
        let given = flat(self.catalog.object(object), fields(value)?);
        if given.is_empty() {
            self.tally.condition(self.limits)?;
        }
        let mut all = Vec::with_capacity(given.len());
        for (key, value) in given.iter() {
            let part = match key.as_str() {
                // A null counts as omitted.
                _ if *value == Given::Null => self.unset()?,
                "and" => Filter::And(self.filters(object, value, related)?),
                "or" => {
                    let branches = self.filters(object, value, related)?;
                    says_something(branches.iter().map(Filter::says_nothing), "or")?;
                    Filter::Or(branches)
                }
                "not" => {
                    let inner = self.filter_of(object, value, related);
                    let inner = inner.map_err(|error| error.within("not"))?;
                    says_something([inner.says_nothing()], "not")?;
                    Filter::Not(Box::new(inner))
                }
                IS_NULL => self.is_null(value, related)?,
                MINE => self.mine(object, value)?,
                name => self.field_filter(object, name, value)?,
            };
            all.push(part);
        }
        Ok(Filter::all(all))
    }

    /// Returns the instant of `asOf`. None for the present.
    pub(super) fn as_of(&self, given: &Fields) -> Result<Option<DateTime<Utc>>> {
        let Some(value) = given.get(AS_OF) else { return Ok(None) };
        match self.value(&FieldType::DateTime, value).map_err(|error| error.within(AS_OF))? {
            Value::DateTime(at) => Ok(Some(at)),
            _ => Ok(None),
        }
    }

    /// Combines `filter` and `search`.
    pub(super) fn narrowed(&self, object: ObjectIx, given: &Fields) -> Result<Option<Filter>> {
        let mut all = Vec::new();
        if let Some(filter) = given.get("filter").filter(|filter| !matches!(filter, Given::Null)) {
            all.push(self.filter(object, filter).map_err(|error| error.within("filter"))?);
        }
        if let Some(Given::String(text)) = given.get("search") {
            all.extend(Filter::search(text).map_err(|error| error.within("search"))?);
        }
        Ok((!all.is_empty()).then(|| Filter::all(all)))
    }

    fn filters(&self, object: ObjectIx, value: &Given, related: bool) -> Result<Vec<Filter>> {
        items(value).into_iter().map(|item| self.filter_of(object, item, related)).collect()
    }

    fn field_filter(&self, object: ObjectIx, name: &str, value: &Given) -> Result<Filter> {
        let known = self.catalog.object(object);
        // Of a group nothing is left where it is empty.
        if known.called(name).is_none() && known.leads_into(name) {
            return self.unset();
        }
        let (ix, field) = known.called(name).ok_or_else(|| bad(expected_values::field()))?;
        if field.target().is_some() {
            self.tally.condition(self.limits)?;
        }
        match (&field.ty, field.target()) {
            (FieldType::Relation(_), Some(target)) => {
                let inner =
                    self.filter_of(target, value, true).map_err(|e| within_field(e, name))?;
                Ok(match inner.says_nothing() {
                    true => Filter::And(Vec::new()),
                    false => Filter::One(ix, Box::new(inner)),
                })
            }
            (_, Some(target)) => {
                let mut all = Vec::new();
                for (key, value) in fields(value)? {
                    let quantifier = match key.as_str() {
                        "some" => Quantifier::Some,
                        "none" => Quantifier::None,
                        "every" => Quantifier::Every,
                        _ => continue,
                    };
                    if matches!(value, Given::Null) {
                        all.push(Filter::And(Vec::new()));
                        continue;
                    }
                    let inner = self.filter(target, value);
                    let inner = inner.map_err(|e| e.within(key.as_str()).within(name))?;
                    // `{}` asks whether there are any records. A filter whose values are all null asks
                    // nothing.
                    all.push(match inner.says_nothing() && !fields(value)?.is_empty() {
                        true => Filter::And(Vec::new()),
                        false => Filter::Many(ix, quantifier, Box::new(inner)),
                    });
                }
                if fields(value)?
                    .keys()
                    .any(|key| !matches!(key.as_str(), "some" | "none" | "every"))
                {
                    all.extend(self.measured(ix, target, value).map_err(|e| e.within(name))?);
                }
                Ok(Filter::all(all))
            }
            (FieldType::Union(_), None) => self.union_filter(object, ix, name, value),
            (_, None) => {
                let mut all = Vec::new();
                for (operator, value) in fields(value)? {
                    self.tally.condition(self.limits)?;
                    let condition = self
                        .condition(ix, field, operator, value)
                        .map_err(|error| within_field(error.within(operator.as_str()), name))?;
                    all.push(condition);
                }
                Ok(Filter::all(all))
            }
        }
    }

    fn condition(
        &self,
        ix: FieldIx,
        field: &Field,
        operator: &str,
        value: &Given,
    ) -> Result<Filter> {
        if let Some((within, holds)) = self.by_days(&field.ty, operator, value)? {
            let mut within: Vec<_> =
                within.into_iter().map(|days| Filter::Field(ix, days)).collect();
            let within = match within.len() {
                1 => within.swap_remove(0),
                _ => Filter::Or(within),
            };
            return Ok(if holds { within } else { Filter::Not(Box::new(within)) });
        }
        Ok(Filter::Field(ix, self.compare(&field.ty, operator, value)?))
    }

    /// Parses a comparison with a field's type: `{gte: 3}`.
    pub(super) fn compare(&self, ty: &FieldType, operator: &str, value: &Given) -> Result<Compare> {
        let compare = self.compare_as(ty, operator, value)?;
        Ok(match ty.scale() {
            Some(scale) => fitted(compare, scale, stored(scale)),
            None => compare,
        })
    }

    /// Like [`Args::compare`], for sums and means, which may exceed the range of single values.
    pub(super) fn compare_made(
        &self,
        ty: &FieldType,
        operator: &str,
        value: &Given,
    ) -> Result<Compare> {
        let compare = self.compare_as(ty, operator, value)?;
        Ok(match ty.scale() {
            Some(scale) => fitted(compare, scale, Decimal::MAX),
            None => compare,
        })
    }

    fn compare_as(&self, ty: &FieldType, operator: &str, value: &Given) -> Result<Compare> {
        if matches!(value, Given::Null) {
            return Err(no_meaning());
        }
        let one = || Ok(as_kept(ty, self.value(ty, value)?));
        let piece = |how| match value {
            Given::String(text) => Ok(Compare::Text(how, as_piece(how, text))),
            _ => Err(bad(expected_values::text())),
        };
        let list = || {
            let items = items(value);
            self.tally.list(items.len())?;
            let each = items.into_iter().map(|item| Ok(as_kept(ty, self.value(ty, item)?)));
            each.collect::<Result<Vec<_>>>()
        };
        if let (FieldType::AutoNumber(_), "eq" | "ne" | "in" | "notIn") = (ty, operator) {
            let all = match value {
                Given::List(_) => list()?,
                _ => vec![one()?],
            };
            // An earlier number format may have left numbers in another form, so both forms match.
            let given = items(value).into_iter().map(|item| self.value(ty, item));
            let given = given.collect::<Result<Vec<_>>>()?.into_iter();
            let other: Vec<_> = given.map(plain).filter(|value| !all.contains(value)).collect();
            if !other.is_empty() {
                let all = all.into_iter().chain(other).collect();
                let compare = match operator {
                    "eq" | "in" => Compare::In(all),
                    _ => Compare::NotIn(all),
                };
                self.tally.compared(ty, &compare)?;
                return Ok(held(compare));
            }
        }
        let compare = match operator {
            "eq" => Compare::Eq(one()?),
            "ne" => Compare::Ne(one()?),
            "gt" => Compare::Gt(one()?),
            "gte" => Compare::Gte(one()?),
            "lt" => Compare::Lt(one()?),
            "lte" => Compare::Lte(one()?),
            "in" => Compare::In(list()?),
            "notIn" => Compare::NotIn(list()?),
            "between" => match list()?.as_slice() {
                [low, high] => Compare::Between(low.clone(), high.clone()),
                _ => return Err(bad(expected_values::two_values())),
            },
            "isNull" => Compare::IsNull(matches!(value, Given::Boolean(true))),
            "contains" => piece(Match::Contains)?,
            "startsWith" => piece(Match::StartsWith)?,
            "endsWith" => piece(Match::EndsWith)?,
            "like" => piece(Match::Like)?,
            "has" => match value {
                Given::Enum(name) => Compare::Has(Value::Text(name.to_string())),
                Given::String(name) => Compare::Has(Value::Text(name.clone())),
                _ => return Err(bad(expected_values::option())),
            },
            _ => return Err(bad(expected_values::operator())),
        };
        self.tally.compared(ty, &compare)?;
        Ok(held(compare))
    }

    /// Parses `[{level: ASC}, {owner: {name: DESC}}]`.
    pub(super) fn orders(&self, object: ObjectIx, value: &Given) -> Result<Vec<Order>> {
        let items = items(value);
        self.tally.keys(items.len())?;
        let mut orders: Vec<Order> = Vec::with_capacity(items.len());
        for item in items {
            let mut order = Order::default();
            self.order(object, item, &mut order)?;
            // A repeated key changes nothing.
            if orders.iter().all(|before| before.path != order.path) {
                orders.push(order);
            }
        }
        Ok(orders)
    }

    fn order(&self, object: ObjectIx, value: &Given, order: &mut Order) -> Result<()> {
        let given = flat(self.catalog.object(object), fields(value)?);
        let (Some((name, value)), 1) = (given.first(), given.len()) else {
            return Err(faults::several_orders(expected_values::order_of_one()));
        };
        let (ix, field) = self
            .catalog
            .object(object)
            .called(name)
            .ok_or_else(|| bad(expected_values::field()))?;
        if matches!(field.ty, FieldType::Union(_)) {
            let (relation, target, value) = self.only_in_union(object, ix, value)?;
            order.path.push(relation);
            return self.order(target, value, order);
        }
        order.path.push(ix);
        match (value, field.target()) {
            (Given::Object(_), Some(target)) => self.order(target, value, order),
            (direction, None) => {
                (order.descending, order.nulls) = way(direction)?;
                Ok(())
            }
            _ => Err(bad(expected_values::order())),
        }
    }

    /// Parses how many records of a list to skip.
    pub(super) fn offset(&self, args: &Fields) -> Result<u32> {
        match args.get(OFFSET) {
            None | Some(Given::Null) => Ok(0),
            Some(Given::Number(number)) => {
                let offset = whole(number).and_then(|offset| u32::try_from(offset).ok());
                offset.ok_or_else(|| bad(expected_values::zero_or_more()).within(OFFSET))
            }
            Some(_) => Err(bad(expected_values::zero_or_more()).within(OFFSET)),
        }
    }

    /// Parses `first`/`after` or `last`/`before`.
    pub(super) fn page(&self, args: &Fields, size: u32) -> Result<Page> {
        let number = |name: &str| match args.get(name) {
            None | Some(Given::Null) => Ok(None),
            Some(Given::Number(number)) => {
                let most = self.limits.max_page;
                match number.as_i64().and_then(|n| u32::try_from(n).ok()) {
                    Some(n) if n <= most => Ok(Some(n)),
                    _ => Err(graphql::faults::page_size(name, most)),
                }
            }
            Some(_) => Err(bad(expected_values::whole_number())),
        };
        let text = |name: &str| match args.get(name) {
            Some(Given::String(text)) => Some(text.clone()),
            _ => None,
        };
        match (number("first")?, number("last")?, text("after"), text("before")) {
            (Some(_), Some(_), ..) | (_, None, Some(_), Some(_)) | (Some(_), _, _, Some(_)) => {
                Err(faults::first_and_last())
            }
            (None, Some(last), None, cursor) => {
                Ok(Page { size: last, backward: true, cursor, offset: 0 })
            }
            (_, Some(_), Some(_), _) => Err(faults::after_without_first()),
            (None, None, None, Some(cursor)) => {
                Ok(Page { size, backward: true, cursor: Some(cursor), offset: 0 })
            }
            (first, None, cursor, _) => {
                Ok(Page { size: first.unwrap_or(size), backward: false, cursor, offset: 0 })
            }
        }
    }
}

/// Parses an exact decimal from text or a whole number.
fn decimal(value: &Given) -> Result<Value> {
    let fault = || match value {
        Given::Number(number) => {
            faults::decimal_as_number(expected_values::decimal(), number.to_string())
        }
        Given::String(text) if text.contains([',', '，', ' ', '_']) => {
            faults::decimal_with_commas(expected_values::decimal())
        }
        _ => bad(expected_values::decimal()),
    };
    match value {
        Given::String(text) => {
            let plain = text.len() <= 40
                && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+'));
            let exact = plain.then(|| Decimal::from_str_exact(text).ok()).flatten();
            // Zero has no sign.
            let exact = exact.map(|number| if number.is_zero() { number.abs() } else { number });
            exact.map(Value::Decimal).ok_or_else(fault)
        }
        Given::Number(number) => {
            whole(number).map(|int| Value::Decimal(int.into())).ok_or_else(fault)
        }
        _ => Err(fault()),
    }
}
