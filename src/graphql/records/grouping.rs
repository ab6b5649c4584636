//! Parses arguments and selections of aggregates into intents.

use std::str::FromStr;

use async_graphql::{Value as Given, parser::types::Field as Asked};

use super::{
    argument_parts::{Fields, fields, items, says_something, way},
    drill::drill,
    expected_values::{self, bad},
    faults,
    filled_periods::filled,
    groups::{flat, within_field},
    names::{DRILL, FILL, GROUPS},
    select::unknown,
};
use crate::{
    base::{Error, Result},
    catalog::{FieldIx, FieldType, Object, ObjectIx, ObjectKind, grouped},
    graphql::{
        optional,
        reader::{Args, SelectionReader},
    },
    query::{
        AggregatePart, Aggregation, Filter, Function, Group, GroupSortKey, Having, KeyPart,
        Measure, OfPart, Part, Ranking,
    },
    sql::Period,
};

impl Args<'_> {
    /// Parses `[{level: true}, {owner: {name: true}}, {createdAt: MONTH}]`.
    fn groups(&self, object: ObjectIx, value: &Given) -> Result<Vec<Group>> {
        let items = items(value);
        self.tally.keys(items.len())?;
        let mut groups: Vec<Group> = Vec::with_capacity(items.len());
        for (at, item) in items.into_iter().enumerate() {
            let mut group = Group { path: Vec::new(), bucket: None };
            self.group(object, item, &mut group).map_err(|error| error.within(at.to_string()))?;
            match groups.iter().find(|known| known.path == group.path) {
                // A repeated group changes nothing.
                Some(known) if known.bucket == group.bucket => {}
                Some(_) => {
                    return Err(bad(expected_values::not_grouped_by()).within(at.to_string()));
                }
                None => groups.push(group),
            }
        }
        Ok(groups)
    }

    fn group(&self, object: ObjectIx, value: &Given, group: &mut Group) -> Result<()> {
        let given = flat(self.catalog.object(object), fields(value)?);
        let (Some((name, value)), 1) = (given.first(), given.len()) else {
            return Err(faults::several_groups(expected_values::key_of_group()));
        };
        let (ix, field) = self
            .catalog
            .object(object)
            .called(name)
            .ok_or_else(|| bad(expected_values::field()))?;
        group.path.push(ix);
        match (value, field.target()) {
            (Given::Object(_), Some(target)) => self.group(target, value, group),
            (Given::Boolean(true), None) => Ok(()),
            (Given::Enum(_) | Given::String(_), None) => {
                let name = match value {
                    Given::Enum(name) => name.as_str(),
                    Given::String(name) => name,
                    _ => "",
                };
                let period =
                    Period::from_str(name).map_err(|_unknown| bad(expected_values::period()))?;
                group.bucket = Some((period, self.zone));
                Ok(())
            }
            _ => Err(bad(expected_values::true_or_period())),
        }
    }

    /// Parses `{count: {gt: 3}, sum: {amount: {gte: "10"}}, or: […]}`.
    fn having(&self, object: ObjectIx, value: &Given) -> Result<Having> {
        self.tally.nested(|| self.group_conditions(object, value))
    }

    fn group_conditions(&self, object: ObjectIx, value: &Given) -> Result<Having> {
        let given = fields(value)?;
        if given.is_empty() {
            self.tally.condition(self.limits)?;
        }
        let mut all = Vec::with_capacity(given.len());
        for (key, value) in given {
            // A null counts as omitted.
            if matches!(value, Given::Null) {
                self.tally.condition(self.limits)?;
                continue;
            }
            let several = || {
                let each = items(value).into_iter();
                each.map(|item| self.having(object, item)).collect::<Result<Vec<_>>>()
            };
            match key.as_str() {
                "and" => all.push(Having::And(several()?)),
                "or" => {
                    let branches = several()?;
                    says_something(branches.iter().map(Having::says_nothing), "or")?;
                    all.push(Having::Or(branches));
                }
                "not" => {
                    let inner = self.having(object, value)?;
                    says_something([inner.says_nothing()], "not")?;
                    all.push(Having::Not(Box::new(inner)));
                }
                name => all.extend(self.measures(object, name, value)?),
            }
        }
        Ok(Having::all(all))
    }

    /// Parses the conditions below `count`, `sum` and so on.
    fn measures(&self, object: ObjectIx, name: &str, value: &Given) -> Result<Vec<Having>> {
        let compared = |measure: Measure, ty: &FieldType, value: &Given| {
            if matches!(value, Given::Null) {
                return Ok(Vec::new());
            }
            let each = fields(value)?.iter().map(|(operator, value)| {
                self.tally.condition(self.limits)?;
                let within = |error: Error| error.within(operator.as_str());
                let days = self.by_days(ty, operator, value).map_err(within)?;
                if let Some((days, holds)) = days {
                    let days = days.into_iter().map(|days| Having::Measure(measure, days));
                    let days = Having::Or(days.collect());
                    return Ok(if holds { days } else { Having::Not(Box::new(days)) });
                }
                let made = matches!(measure, Measure::Of(Function::Sum | Function::Avg, _));
                let compare = if made {
                    self.compare_made(ty, operator, value)
                } else {
                    self.compare(ty, operator, value)
                };
                Ok(Having::Measure(measure, compare.map_err(within)?))
            });
            each.collect::<Result<Vec<_>>>()
        };
        let said = |all: Vec<Having>| match all.is_empty() {
            true => vec![Having::And(Vec::new())],
            false => all,
        };
        if matches!(value, Given::Null) {
            return Ok(said(Vec::new()));
        }
        if name == "count" {
            return compared(Measure::Count, &FieldType::Integer, value)
                .map(said)
                .map_err(|error| error.within(name));
        }
        let function =
            Function::from_str(name).map_err(|_unknown| bad(expected_values::condition()))?;
        let object = self.catalog.object(object);
        let mut all = Vec::new();
        for (key, value) in flat(object, fields(value)?).iter() {
            if object.called(key).is_none() && object.leads_into(key) {
                continue;
            }
            let (ix, field) = object.called(key).ok_or_else(|| bad(expected_values::field()))?;
            let ty = function.gives(&field.ty);
            let measured = compared(Measure::Of(function, ix), &ty, value).map(said);
            all.extend(measured.map_err(|error| within_field(error, key).within(name))?);
        }
        Ok(said(all))
    }

    /// Parses `{where: {…}, count: {gte: 3}}` next to `some`, `none`, `every` in a to-many filter. Returns
    /// parts that say nothing as separate empty filters.
    pub(super) fn measured(
        &self,
        ix: FieldIx,
        target: ObjectIx,
        value: &Given,
    ) -> Result<Vec<Filter>> {
        let nothing = Filter::And(Vec::new());
        let (mut narrowed, mut having, mut all) = (nothing.clone(), Vec::new(), Vec::new());
        for (key, value) in fields(value)? {
            match key.as_str() {
                "some" | "none" | "every" => {}
                _ if matches!(value, Given::Null) => all.push(nothing.clone()),
                "where" => {
                    narrowed = self.filter(target, value).map_err(|error| error.within("where"))?;
                    if narrowed.says_nothing() {
                        all.push(nothing.clone());
                    }
                }
                name => having.extend(self.measures(target, name, value)?),
            }
        }
        let having = Having::all(having);
        match having.says_nothing() {
            true => all.push(nothing),
            false => all.push(Filter::Aggregate(ix, Box::new(narrowed), having)),
        }
        Ok(all)
    }

    /// Parses `[{sum: {amount: DESC}}, {key: {owner: {name: ASC}}}]`.
    fn rankings(&self, object: ObjectIx, value: &Given, groups: &[Group]) -> Result<Vec<Ranking>> {
        let items = items(value);
        self.tally.keys(items.len())?;
        let mut rankings: Vec<Ranking> = Vec::with_capacity(items.len());
        for (at, item) in items.into_iter().enumerate() {
            let ranking = self.ranking(object, item, groups);
            let ranking = ranking.map_err(|error| error.within(at.to_string()))?;
            // A repeated key changes nothing.
            if rankings.iter().all(|before| before.by != ranking.by) {
                rankings.push(ranking);
            }
        }
        Ok(rankings)
    }

    fn ranking(&self, object: ObjectIx, value: &Given, groups: &[Group]) -> Result<Ranking> {
        let (name, value) = only(value)?;
        if name == "key" {
            let order =
                self.orders(object, value)?.pop().ok_or_else(|| bad(expected_values::order()))?;
            let at = groups.iter().position(|group| group.path == order.path);
            let at = at.ok_or_else(|| faults::not_grouped().within("key"))?;
            return Ok(Ranking {
                by: GroupSortKey::Group(at),
                descending: order.descending,
                nulls: order.nulls,
            });
        }
        let (measure, way) = if name == "count" {
            (Measure::Count, way(value)?)
        } else {
            let function =
                Function::from_str(name).map_err(|_unknown| bad(expected_values::order()))?;
            let known = self.catalog.object(object);
            let given = flat(known, fields(value)?);
            let (field, direction) = first(&given).map_err(|error| error.within(name))?;
            let (ix, _) = known.called(field).ok_or_else(|| bad(expected_values::field()))?;
            (Measure::Of(function, ix), way(direction)?)
        };
        let (descending, nulls) = way;
        Ok(Ranking { by: GroupSortKey::Measure(measure), descending, nulls })
    }
}

/// Returns the only field of an input object.
fn only(value: &Given) -> Result<(&str, &Given)> {
    first(fields(value)?)
}

/// Returns the only one of some fields.
fn first(given: &Fields) -> Result<(&str, &Given)> {
    match (given.first(), given.len()) {
        (Some((name, value)), 1) => Ok((name.as_str(), value)),
        _ => Err(faults::several_rankings(expected_values::order_of_one())),
    }
}

/// What the types of an object or of a group of it begin with.
fn named(object: &Object, group: Option<&str>) -> String {
    group.map_or_else(|| object.name.clone(), |group| object.group_type(group))
}

impl<'r> SelectionReader<'r> {
    /// Parses an aggregate field into groups, keys and measures.
    pub(super) fn aggregation(
        &self,
        object: ObjectIx,
        field: &'r Asked,
        fields: &[&'r Asked],
    ) -> Result<Aggregation> {
        let given = self.arguments(field);
        let args = &self.args;
        let before = args.tally.mark();
        let mut aggregation = Aggregation {
            size: args.page(&given, args.limits.page)?.size,
            offset: args.offset(&given)?,
            filter: args.narrowed(object, &given)?,
            ..Aggregation::default()
        };
        let filtered = args.tally.mark();
        for (name, value) in &given {
            let within = |error: Error| error.within(name.as_str());
            if matches!(value, Given::Null) {
                continue;
            }
            match name.as_str() {
                "groupBy" => aggregation.groups = args.groups(object, value).map_err(within)?,
                "having" => {
                    aggregation.having = Some(args.having(object, value).map_err(within)?);
                }
                _ => {}
            }
        }
        if let Some(order) = given.get("orderBy").filter(|order| !matches!(order, Given::Null)) {
            let rankings = args.rankings(object, order, &aggregation.groups);
            aggregation.order = rankings.map_err(|error| error.within("orderBy"))?;
        }
        if given.get(FILL) == Some(&Given::Boolean(true)) {
            aggregation.fill = true;
            aggregation.bounds = filled(&aggregation).map_err(|error| error.within(FILL))?;
        }
        let known = args.catalog.object(object);
        let ty = format!("{}Aggregate", known.name);
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        for (key, fields) in self.collect(&sets, &ty) {
            let Some(first) = fields.first() else { continue };
            let what = match first.name.node.as_str() {
                "__typename" => AggregatePart::Typename(optional::told(first, &ty)),
                "count" => AggregatePart::Count,
                GROUPS => AggregatePart::Groups,
                "key" => AggregatePart::Key(self.keys(
                    (known, None),
                    &fields,
                    &mut Vec::new(),
                    &aggregation,
                )?),
                "top" if known.kind != ObjectKind::Line => {
                    // Each group searches its records by the same conditions again.
                    args.tally.again(before, filtered, 1, args.limits)?;
                    AggregatePart::Top(Box::new(self.first(object, first, &fields)?))
                }
                DRILL => {
                    let (filter, groups) = (given.get("filter"), &aggregation.groups);
                    AggregatePart::Drill(drill(args.catalog, known, filter, groups)?)
                }
                name => match Function::from_str(name) {
                    Ok(function) => {
                        AggregatePart::Of(function, self.of((known, None), function, &fields)?)
                    }
                    Err(_unknown) => return Err(unknown(&ty, name)),
                },
            };
            aggregation.parts.push(Part { key, what });
        }
        Ok(aggregation)
    }

    fn keys(
        &self,
        (object, group): (&Object, Option<&str>),
        fields: &[&'r Asked],
        path: &mut Vec<FieldIx>,
        aggregation: &Aggregation,
    ) -> Result<Vec<Part<KeyPart>>> {
        let ty = format!("{}AggregateKey", named(object, group));
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut parts = Vec::new();
        for (key, fields) in self.collect(&sets, &ty) {
            let Some(first) = fields.first() else { continue };
            let name = first.name.node.as_str();
            if name == "__typename" {
                parts.push(Part { key, what: KeyPart::Typename(optional::told(first, &ty)) });
                continue;
            }
            let known = match group {
                Some(group) => object.called(&grouped(group, name)),
                None if object.called(name).is_none() && object.leads_into(name) => {
                    let inner = self.keys((object, Some(name)), &fields, path, aggregation)?;
                    parts.push(Part { key, what: KeyPart::Over(inner) });
                    continue;
                }
                None => object.called(name),
            };
            let (ix, field) = known.ok_or_else(|| unknown(&ty, name))?;
            path.push(ix);
            let what = match field.target() {
                Some(target) => {
                    let target = self.args.catalog.object(target);
                    KeyPart::Over(self.keys((target, None), &fields, path, aggregation)?)
                }
                None => {
                    let at = aggregation.groups.iter().position(|group| group.path == *path);
                    KeyPart::Group(at.ok_or_else(|| faults::not_grouped().within(name))?)
                }
            };
            path.pop();
            parts.push(Part { key, what });
        }
        Ok(parts)
    }

    fn of(
        &self,
        (object, group): (&Object, Option<&str>),
        function: Function,
        fields: &[&'r Asked],
    ) -> Result<Vec<Part<OfPart>>> {
        let kind = match function {
            Function::Sum | Function::Avg => "Numbers",
            Function::Min | Function::Max => "Extremes",
            Function::CountDistinct => "Distinct",
        };
        let ty = format!("{}{kind}", named(object, group));
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let mut parts = Vec::new();
        for (key, fields) in self.collect(&sets, &ty) {
            let Some(first) = fields.first() else { continue };
            let what = match first.name.node.as_str() {
                "__typename" => OfPart::Typename(optional::told(first, &ty)),
                name => {
                    let known = match group {
                        Some(group) => object.called(&grouped(group, name)),
                        None => object.called(name),
                    };
                    match known {
                        Some((ix, _)) => OfPart::Field(ix),
                        None if group.is_none() && object.leads_into(name) => {
                            OfPart::Group(self.of((object, Some(name)), function, &fields)?)
                        }
                        None => return Err(unknown(&ty, name)),
                    }
                }
            };
            parts.push(Part { key, what });
        }
        Ok(parts)
    }
}
