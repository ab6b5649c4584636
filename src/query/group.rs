//! Compiles aggregates: rows under the rule, grouped and measured, as one JSON array.
//!
//! ```sql
//! SELECT json_agg(json_build_array(g.c0, g.c1)) FROM (
//!   SELECT p.k0 AS c0, sum(p.v0) AS c1 FROM (
//!     SELECT t1.stage_id AS k0, t1.amount AS v0 FROM opportunity t1 WHERE …) p
//!   GROUP BY p.k0 HAVING count(*) > $1 ORDER BY sum(p.v0) DESC, p.k0 LIMIT 51) g
//! ```
//!
//! The innermost select is a plain one. Both databases merge it into the grouped select, and each grouping
//! expression is written once.

use std::collections::VecDeque;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query, SelectStatement, WithClause};

use super::{
    aggregate::{
        AggregatePart, Aggregation, Function, Group, GroupSortKey, Having, KeyPart, Measure, OfPart,
    },
    compile::{Compiler, leaf},
    disclosed_records::DisclosedRecords,
    filter::{Compare, Filter, constant},
    find::{Nulls, Part},
    row_builder::RowBuilder,
    shape::{DrillShape, Fill, Leaf, ObjectShape, RowsShape, Slot},
};
use crate::{
    base::{Error, Result},
    catalog::{FieldIx, FieldType, ObjectIx},
    sql::{all_of, any_of, exact_sums, numbered, start_of},
};

/// Selects the records to aggregate, at an alias.
pub(super) type From<'f> =
    &'f mut dyn FnMut(&Compiler<'_>, &str) -> Result<(SelectStatement, ObjectIx)>;

/// Adds a value to the groups' row and returns its index. With a select, the value becomes a column of the
/// groups; without one, it is a JSON value beside them.
type Put<'p> = &'p mut dyn FnMut(Expr, Option<&mut SelectStatement>) -> usize;

/// The columns of the rows to be grouped: `k…` for grouping keys, `v…` for measured fields, `s…` for ids.
struct Rows<'a> {
    object: ObjectIx,
    alias: String,
    measured: &'a [FieldIx],
    /// The records that each group discloses, if reads are counted.
    told: Vec<DisclosedRecords>,
}

impl Rows<'_> {
    fn column(&self, name: String) -> Expr {
        Expr::col((Alias::new(&self.alias), Alias::new(name)))
    }

    fn group(&self, at: usize) -> Expr {
        self.column(format!("k{at}"))
    }

    fn value(&self, field: FieldIx) -> Result<Expr> {
        let at = self.measured.iter().position(|known| *known == field);
        let at = at.ok_or_else(|| Error::internal("a measure of a field that is not there"))?;
        Ok(self.column(format!("v{at}")))
    }
}

impl Compiler<'_> {
    /// The groups of a page and one more, as one JSON array of rows; and their shape.
    pub(super) fn aggregates(
        &mut self,
        aggregation: &Aggregation,
        from: From<'_>,
    ) -> Result<(Expr, RowsShape)> {
        let measured = aggregation.measured();
        let (rows, select) = self.rows(aggregation, &measured, true, from)?;
        let outer = self.alias();
        let tops = self.tops(aggregation, &outer, from)?;
        let (mut numbered, mut first) = (Vec::new(), VecDeque::new());
        for top in tops {
            numbered.push(top.numbered);
            first.push_back((top.rows, top.shape));
        }
        let alias = Alias::new(&rows.alias);
        let mut grouped = Query::select().from_subquery(select, alias).to_owned();
        let mut row = RowBuilder::default();
        let (shape, fill) = {
            let mut put = |value: Expr, select: Option<&mut SelectStatement>| match select {
                Some(select) => {
                    let name = format!("c{}", row.parts.len());
                    select.expr_as(value, Alias::new(&name));
                    row.add(Expr::col((Alias::new(&outer), Alias::new(name))))
                }
                None => row.add_json(value),
            };
            let mut shape = self.parts(&rows, aggregation, &mut grouped, &mut put, &mut first)?;
            for (at, told) in rows.told.iter().enumerate() {
                let ids = self.told(*told, rows.column(format!("s{at}")));
                shape.0.push((String::new(), Slot::Told(put(ids, Some(&mut grouped)))));
            }
            let fill = aggregation.fill.then(|| {
                let key = put(rows.group(0), Some(&mut grouped));
                filled(aggregation, &shape, key)
            });
            (shape, fill.flatten())
        };
        if aggregation.groups.is_empty() || row.parts.is_empty() {
            // An aggregate column makes one group of all rows even if no part is an aggregate. If only type
            // names are selected, the groups still need a column.
            grouped.expr(Func::count(Expr::Constant(1.into())));
        }
        for at in 0..aggregation.groups.len() {
            grouped.add_group_by([rows.group(at)]);
            if !numbered.is_empty() {
                grouped.expr_as(rows.group(at), Alias::new(format!("g{at}")));
            }
        }
        if let Some(having) = &aggregation.having {
            grouped.and_having(self.having(&rows, having)?);
        }
        self.ranked(&rows, aggregation, &mut grouped)?;
        grouped.limit(u64::from(aggregation.size) + 1);
        if aggregation.offset > 0 {
            grouped.offset(aggregation.offset.into());
        }
        let json = self.dialect.json_rows(row.json(self.dialect));
        let mut all = Query::select();
        all.expr(json).from_subquery(grouped, Alias::new(&outer));
        if !numbered.is_empty() {
            let mut with = WithClause::new();
            for numbered in numbered {
                with.cte(numbered);
            }
            all.with_cte(with);
        }
        Ok((all.into(), RowsShape { fill, ..RowsShape::of(shape, aggregation.size) }))
    }

    /// `EXISTS (SELECT 1 FROM (SELECT t2.amount AS v0 FROM sales_order t2 WHERE t2.customer_id = t1.id) p
    /// HAVING sum(p.v0) > $1)`.
    pub(super) fn measured_many(
        &mut self,
        object: ObjectIx,
        alias: &str,
        field: FieldIx,
        narrowed: &Filter,
        having: &Having,
    ) -> Result<Expr> {
        let aggregation = Aggregation {
            filter: Some(narrowed.clone()),
            having: Some(having.clone()),
            ..Aggregation::default()
        };
        let measured = aggregation.measured();
        let (rows, select) = self.rows(&aggregation, &measured, false, &mut |compiler, next| {
            compiler.related(object, alias, field, next)
        })?;
        // The aggregate column makes one group of all rows even if HAVING contains no aggregate.
        let mut groups = Query::select()
            .expr(Func::count(Expr::Constant(1.into())))
            .from_subquery(select, Alias::new(&rows.alias))
            .to_owned();
        groups.and_having(self.having(&rows, having)?);
        Ok(Expr::exists(groups))
    }

    /// Selects the records with their grouping keys and measured fields, not yet grouped.
    fn rows<'a>(
        &mut self,
        aggregation: &Aggregation,
        measured: &'a [FieldIx],
        counted: bool,
        from: From<'_>,
    ) -> Result<(Rows<'a>, SelectStatement)> {
        let next = self.alias();
        let (mut select, object) = from(self, &next)?;
        select.clear_selects();
        for (at, group) in aggregation.groups.iter().enumerate() {
            let value = self.grouped_by(object, &next, group, &mut select)?;
            select.expr_as(value, Alias::new(format!("k{at}")));
        }
        for (at, field) in measured.iter().enumerate() {
            // A reference counts only if the caller may see the record.
            let path = match self.catalog.object(object).field(*field).relation() {
                Some(_) => vec![*field, FieldIx::ID],
                None => vec![*field],
            };
            let (value, _) = self.reached(object, &next, &path, &mut select)?;
            select.expr_as(value, Alias::new(format!("v{at}")));
        }
        let told = match counted {
            true => self.told_of(object, &next, aggregation, &mut select)?,
            false => Vec::new(),
        };
        if aggregation.groups.is_empty() && measured.is_empty() && told.is_empty() {
            select.expr(Expr::Constant(1.into()));
        }
        if let Some(filter) = &aggregation.filter {
            let filter = self.filter(object, &next, filter)?;
            select.and_where(filter);
        }
        Ok((Rows { object, alias: self.alias(), measured, told }, select))
    }

    pub(super) fn grouped_by(
        &mut self,
        object: ObjectIx,
        alias: &str,
        group: &Group,
        select: &mut SelectStatement,
    ) -> Result<Expr> {
        let (value, field) = self.reached(object, alias, &group.path, select)?;
        let Some((bucket, zone)) = group.bucket else { return Ok(value) };
        let day = match field.ty {
            FieldType::DateTime => self.dialect.day_of(value, zone),
            _ => value,
        };
        Ok(start_of(self.dialect, bucket, day))
    }

    fn parts(
        &self,
        rows: &Rows<'_>,
        aggregation: &Aggregation,
        select: &mut SelectStatement,
        put: Put<'_>,
        first: &mut VecDeque<(Expr, ObjectShape)>,
    ) -> Result<ObjectShape> {
        let mut shape = ObjectShape::default();
        for part in &aggregation.parts {
            let slot = match &part.what {
                AggregatePart::Typename(name) => Slot::Typename(name.clone()),
                AggregatePart::Count => {
                    let (count, written) = self.measure(rows, Measure::Count)?;
                    Slot::Leaf(put(count, Some(select)), written)
                }
                AggregatePart::Groups => {
                    Slot::Leaf(put(exact_sums::groups(), Some(select)), Leaf::Int)
                }
                AggregatePart::Key(parts) => {
                    Slot::Inline(self.key_parts(rows, aggregation, parts, select, put)?)
                }
                AggregatePart::Of(function, parts) => {
                    Slot::Inline(self.of_parts(rows, *function, parts, select, put)?)
                }
                AggregatePart::Drill(drill) => {
                    let mut keys = Vec::with_capacity(aggregation.groups.len());
                    for (at, group) in aggregation.groups.iter().enumerate() {
                        let leaf = self.key_leaf(rows, group)?;
                        keys.push((put(rows.group(at), Some(&mut *select)), leaf));
                    }
                    Slot::Drill(Box::new(DrillShape { drill: drill.clone(), keys }))
                }
                AggregatePart::Top(_) => {
                    let (records, inner) =
                        first.pop_front().ok_or_else(|| Error::internal("a top was not made"))?;
                    Slot::Many(put(records, None), RowsShape::whole(inner))
                }
            };
            shape.0.push((part.key.clone(), slot));
        }
        Ok(shape)
    }

    fn of_parts(
        &self,
        rows: &Rows<'_>,
        function: Function,
        parts: &[Part<OfPart>],
        select: &mut SelectStatement,
        put: Put<'_>,
    ) -> Result<ObjectShape> {
        let mut shape = ObjectShape::default();
        for part in parts {
            let slot = match &part.what {
                OfPart::Typename(name) => Slot::Typename(name.clone()),
                OfPart::Field(field) => {
                    let (value, written) = self.measure(rows, Measure::Of(function, *field))?;
                    Slot::Leaf(put(value, Some(select)), written)
                }
                OfPart::Group(inner) => {
                    Slot::Inline(self.of_parts(rows, function, inner, select, put)?)
                }
            };
            shape.0.push((part.key.clone(), slot));
        }
        Ok(shape)
    }

    fn key_parts(
        &self,
        rows: &Rows<'_>,
        aggregation: &Aggregation,
        parts: &[Part<KeyPart>],
        select: &mut SelectStatement,
        put: Put<'_>,
    ) -> Result<ObjectShape> {
        let mut shape = ObjectShape::default();
        for part in parts {
            let slot = match &part.what {
                KeyPart::Typename(name) => Slot::Typename(name.clone()),
                KeyPart::Over(inner) => {
                    Slot::Inline(self.key_parts(rows, aggregation, inner, select, put)?)
                }
                KeyPart::Group(at) => {
                    let group = aggregation
                        .groups
                        .get(*at)
                        .ok_or_else(|| Error::internal("a key that is not grouped by"))?;
                    let leaf = self.key_leaf(rows, group)?;
                    Slot::Leaf(put(rows.group(*at), Some(select)), leaf)
                }
            };
            shape.0.push((part.key.clone(), slot));
        }
        Ok(shape)
    }

    /// The form in which the value of a grouping key is returned.
    fn key_leaf(&self, rows: &Rows<'_>, group: &Group) -> Result<Leaf> {
        match group.bucket {
            Some(_) => Ok(leaf(&FieldType::Date)),
            None => Ok(leaf(self.ended(rows.object, &group.path)?)),
        }
    }

    /// The type of the field that a path ends in.
    fn ended(&self, object: ObjectIx, path: &[FieldIx]) -> Result<&FieldType> {
        let mut at = object;
        let mut ty = None;
        for step in path {
            let field = self.catalog.object(at).field(*step);
            at = field.target().unwrap_or(at);
            ty = Some(&field.ty);
        }
        ty.ok_or_else(|| Error::internal("a path without a field"))
    }

    /// The SQL of a measure, and the form in which it is returned.
    fn measure(&self, rows: &Rows<'_>, measure: Measure) -> Result<(Expr, Leaf)> {
        let (function, field) = match measure {
            Measure::Count => {
                return Ok((Func::count(Expr::Constant(1.into())).into(), Leaf::Int));
            }
            Measure::Of(function, field) => (function, field),
        };
        let value = rows.value(field)?;
        let ty = &self.catalog.object(rows.object).field(field).ty;
        let given = function.gives(ty);
        let scale = given.scale().unwrap_or_default();
        Ok(match function {
            Function::Sum => (exact_sums::total(self.dialect, &value), Leaf::Figure(scale)),
            Function::Avg => {
                let of = ty.scale().unwrap_or_default();
                (exact_sums::mean(self.dialect, &value, of), Leaf::Figure(scale))
            }
            Function::Min => (Func::min(value).into(), leaf(&given)),
            Function::Max => (Func::max(value).into(), leaf(&given)),
            Function::CountDistinct => (Func::count_distinct(value).into(), leaf(&given)),
        })
    }

    /// The SQL of a comparison of a measure.
    fn measured(&self, rows: &Rows<'_>, measure: Measure, compare: &Compare) -> Result<Expr> {
        let (value, written) = self.measure(rows, measure)?;
        match (written, measure) {
            (Leaf::Figure(scale), _) => self
                .compare_as(value, compare, &|bound| exact_sums::bound(self.dialect, scale, bound)),
            (_, Measure::Of(function, field)) => {
                let ty = &self.catalog.object(rows.object).field(field).ty;
                self.compare(value, &function.gives(ty), compare)
            }
            (_, Measure::Count) => self.compare(value, &FieldType::Integer, compare),
        }
    }

    fn having(&self, rows: &Rows<'_>, having: &Having) -> Result<Expr> {
        let joined = |all: &[Having], and: bool| {
            let each = all.iter().map(|inner| self.having(rows, inner));
            let each = each.collect::<Result<Vec<_>>>()?;
            let joined = if and { all_of(each) } else { any_of(each) };
            Ok(joined.unwrap_or_else(|| constant(and)))
        };
        match having {
            Having::And(all) => joined(all, true),
            Having::Or(all) => joined(all, false),
            Having::Not(inner) => Ok(self.having(rows, inner)?.not()),
            Having::Measure(measure, compare) => self.measured(rows, *measure, compare),
        }
    }

    /// The sort expression for a grouping key.
    fn group_in_order(
        &self,
        rows: &Rows<'_>,
        aggregation: &Aggregation,
        at: usize,
    ) -> Result<Expr> {
        let value = rows.group(at);
        let Some(group) = aggregation.groups.get(at) else { return Ok(value) };
        Ok(match self.ended(rows.object, &group.path)? {
            FieldType::AutoNumber(format) => numbered::in_order(self.dialect, &value, format),
            _ => value,
        })
    }

    /// `ORDER BY` the requested keys, then the grouping keys.
    fn ranked(
        &self,
        rows: &Rows<'_>,
        aggregation: &Aggregation,
        select: &mut SelectStatement,
    ) -> Result<()> {
        let mut by = Vec::new();
        for ranking in &aggregation.order {
            let value = match ranking.by {
                GroupSortKey::Group(at) => self.group_in_order(rows, aggregation, at)?,
                GroupSortKey::Measure(measure) => self.measure(rows, measure)?.0,
            };
            by.push((value, ranking.descending, ranking.nulls));
        }
        for at in 0..aggregation.groups.len() {
            by.push((self.group_in_order(rows, aggregation, at)?, false, Nulls::Usual));
        }
        for (value, descending, nulls) in by {
            self.sorted(select, value, descending, Some(nulls.first(descending)));
        }
        Ok(())
    }
}

/// How gaps between groups of one period are filled: the index of the group's day, and
/// the values of empty groups.
fn filled(aggregation: &Aggregation, shape: &ObjectShape, key: usize) -> Option<Fill> {
    let (period, _) = aggregation.groups.first()?.bucket?;
    let (mut keys, mut zeros, mut same) = (Vec::new(), Vec::new(), Vec::new());
    for (part, (_, slot)) in aggregation.parts.iter().zip(&shape.0) {
        match (&part.what, slot) {
            (AggregatePart::Count, Slot::Leaf(at, _)) => zeros.push((*at, "0".to_owned())),
            (AggregatePart::Groups, Slot::Leaf(at, _)) => same.push(*at),
            (AggregatePart::Of(Function::Sum | Function::CountDistinct, _), Slot::Inline(of)) => {
                zeros.extend(of.0.iter().filter_map(|(_, slot)| match slot {
                    Slot::Leaf(at, Leaf::Figure(scale)) => {
                        let zero = rust_decimal::Decimal::new(0, (*scale).into());
                        Some((*at, format!("\"{zero}\"")))
                    }
                    Slot::Leaf(at, _) => Some((*at, "0".to_owned())),
                    _ => None,
                }));
            }
            (AggregatePart::Key(_), Slot::Inline(of)) => places(of, &mut keys),
            (AggregatePart::Drill(_), Slot::Drill(shape)) => {
                keys.extend(shape.keys.iter().map(|(at, _)| *at));
            }
            _ => {}
        }
    }
    let descending = aggregation.order.first().is_some_and(|ranking| ranking.descending);
    let most = usize::try_from(aggregation.size).unwrap_or(usize::MAX);
    let bounds = aggregation.bounds;
    Some(Fill { period, key, keys, descending, bounds, most, zeros, same })
}

/// Collects the row indexes of all values.
fn places(shape: &ObjectShape, all: &mut Vec<usize>) {
    for (_, slot) in &shape.0 {
        match slot {
            Slot::Leaf(at, _) => all.push(*at),
            Slot::Inline(inner) => places(inner, all),
            _ => {}
        }
    }
}
