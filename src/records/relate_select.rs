//! What rules that relate employees ask of the database.
//!
//! Owns the statements: who is related to records and who is to be, and which records a way leads back to. Rows that rules
//! and approvals have made lead nowhere, so that who is related follows from what people have entered.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement, UnionType};
use uuid::Uuid;

use super::{
    employees::{APPROVAL, RULE},
    store,
};
use crate::{
    base::{Error, Result},
    catalog::{Catalog, EMPLOYEES, FieldIx, FieldType, Junction, Object, Rule},
    sql::{ComputedIn, Dialect, Read, computed},
};

/// A way over tables, from a record on.
struct Way<'c> {
    catalog: &'c Catalog,
    select: SelectStatement,
    tables: usize,
}

/// A table of a way: its alias and its object.
#[derive(Clone)]
struct Stop<'c> {
    alias: String,
    object: &'c Object,
}

impl Stop<'_> {
    fn col(&self, column: &str) -> Expr {
        Expr::col((Alias::new(&self.alias), Alias::new(column)))
    }

    fn field(&self, ix: FieldIx) -> Result<Expr> {
        let column = self.object.field(ix).column.as_deref();
        Ok(self.col(column.ok_or_else(|| Error::internal("a way over no column"))?))
    }
}

impl<'c> Way<'c> {
    /// `FROM customer AS t0`.
    fn begin(catalog: &'c Catalog, head: &'c Object) -> (Self, Stop<'c>) {
        let mut select = Query::select();
        let alias = "t0".to_owned();
        select.from_as(Alias::new(&head.table), Alias::new(&alias));
        (Self { catalog, select, tables: 0 }, Stop { alias, object: head })
    }

    fn alias(&mut self) -> String {
        self.tables += 1;
        format!("t{}", self.tables)
    }

    /// Joins what a field leads to.
    fn step(&mut self, join: JoinType, from: &Stop<'c>, ix: FieldIx) -> Result<Stop<'c>> {
        let field = from.object.field(ix);
        let target = field.target().ok_or_else(|| Error::internal("a way that leads nowhere"))?;
        let stop = Stop { alias: self.alias(), object: self.catalog.object(target) };
        let (table, alias) = (Alias::new(&stop.object.table), Alias::new(&stop.alias));
        let mut on = match &field.ty {
            FieldType::Lines(lines) => stop.field(lines.via)?.eq(from.col("id")),
            FieldType::Inverse(inverse) => stop.field(inverse.via)?.eq(from.col("id")),
            FieldType::ManyToMany(junction) => {
                let between = Stop { alias: self.alias(), object: from.object };
                let owner = between.col(Junction::OWNER).eq(from.col("id"));
                let (table, alias) = (Alias::new(&junction.table), Alias::new(&between.alias));
                self.select.join_as(join, table, alias, owner);
                between.col(Junction::MEMBER).eq(stop.col("id"))
            }
            _ => from.field(ix)?.eq(stop.col("id")),
        };
        if from.object.responsible
            && field.name == EMPLOYEES
            && let Some(source) = stop.object.staff.source
        {
            let source = stop.field(source)?;
            on = on.and(source.clone().is_null().or(source.is_not_in([RULE, APPROVAL])));
        }
        self.select.join_as(join, table, alias, on);
        Ok(stop)
    }
}

/// The records from which a way leads to some others, at most so many: `SELECT DISTINCT t0.id FROM customer AS t0 INNER JOIN
/// … WHERE t2.id IN (…)`.
pub(super) fn heads(
    (catalog, dialect): (&Catalog, Dialect),
    head: &Object,
    way: &[FieldIx],
    ends: &[Uuid],
    most: u64,
) -> Result<SelectStatement> {
    let (mut tables, start) = Way::begin(catalog, head);
    let mut at = start.clone();
    for step in way {
        at = tables.step(JoinType::InnerJoin, &at, *step)?;
    }
    let mut select = tables.select;
    let among = store::is_among(dialect, at.col("id"), ends)?;
    select.distinct().expr(start.col("id")).and_where(among).limit(most);
    Ok(select)
}

/// Who is related to records by rules, with the row, and who is to be, without one: `SELECT customer_id, rule, employee_id, id
/// FROM customer_employee WHERE … UNION ALL SELECT DISTINCT t0.id, 'vip', t2.id, NULL FROM customer AS t0 …`.
pub(super) fn related(
    (catalog, dialect): (&Catalog, Dialect),
    head: &Object,
    ids: &[Uuid],
) -> Result<Option<SelectStatement>> {
    let Some((_, field)) = head.named(EMPLOYEES) else { return Ok(None) };
    let FieldType::Lines(lines) = field.ty else { return Ok(None) };
    let line = catalog.object(lines.target);
    let staff = line.staff;
    let (Some(employee), Some(source), Some(rule)) = (staff.employee, staff.source, staff.rule)
    else {
        return Ok(None);
    };
    let (mut tables, at) = Way::begin(catalog, line);
    tables
        .select
        .expr(at.field(lines.via)?)
        .expr(at.field(rule)?)
        .expr(at.field(employee)?)
        .expr(at.col("id"))
        .and_where(store::is_among(dialect, at.field(lines.via)?, ids)?)
        .and_where(at.field(source)?.eq(RULE));
    let mut all = tables.select;
    for rule in &head.rules {
        if let Some(wanted) = wanted((catalog, dialect), head, rule, ids)? {
            all.union(UnionType::All, wanted);
        }
    }
    Ok(Some(all))
}

/// `SELECT DISTINCT t0.id, 'vip', t2.id, NULL FROM customer AS t0 INNER JOIN … WHERE t0.id IN (…) AND (condition)`.
fn wanted(
    (catalog, dialect): (&Catalog, Dialect),
    head: &Object,
    rule: &Rule,
    ids: &[Uuid],
) -> Result<Option<SelectStatement>> {
    let Some(path) = &rule.relate else { return Ok(None) };
    let (mut tables, start) = Way::begin(catalog, head);
    let each = match rule.each {
        Some(lines) => Some(tables.step(JoinType::InnerJoin, &start, lines)?),
        None => None,
    };
    let mut end = match (&each, path.of_each) {
        (Some(each), true) => each.clone(),
        _ => start.clone(),
    };
    for step in &path.steps {
        end = tables.step(JoinType::InnerJoin, &end, *step)?;
    }
    let condition = match &rule.when {
        None => None,
        Some(when) => {
            let mut read: Vec<(Vec<String>, Read)> = Vec::new();
            for names in when.expr.paths() {
                let found = value(&mut tables, &start, each.as_ref(), &names)?;
                read.push((names, found));
            }
            let place = ComputedIn { dialect, name: format!("r{}", tables.tables), today: None };
            let condition = computed(&when.expr, &FieldType::Boolean, place, &mut |names| {
                let known = read.iter().find(|(known, _)| known == names);
                known
                    .map(|(_, read)| read.clone())
                    .ok_or_else(|| Error::internal("a rule reads an unknown path"))
            })?;
            Some(condition)
        }
    };
    let mut select = tables.select;
    select
        .distinct()
        .expr(start.col("id"))
        .expr(Expr::Constant(rule.code.as_str().into()))
        .expr(end.col("id"))
        .expr(no_id(dialect))
        .and_where(store::is_among(dialect, start.col("id"), ids)?);
    if let Some(condition) = condition {
        select.and_where(condition);
    }
    Ok(Some(select))
}

/// NULL in a column of ids.
fn no_id(dialect: Dialect) -> Expr {
    let null = Expr::Constant(sea_orm::Value::String(None));
    match dialect {
        Dialect::Sqlite => null,
        Dialect::Postgres => null.cast_as(Alias::new("uuid")),
    }
}

/// The value at a path, over relations that may be empty.
fn value<'c>(
    tables: &mut Way<'c>,
    start: &Stop<'c>,
    each: Option<&Stop<'c>>,
    names: &[String],
) -> Result<Read> {
    let (mut at, names) = match (names.split_first(), each) {
        (Some((first, rest)), Some(each)) if first == "each" => (each.clone(), rest),
        _ => (start.clone(), names),
    };
    let along = tables.catalog.fields_along(at.object, names);
    let along = along.ok_or_else(|| Error::internal("a rule reads an unknown field"))?;
    let Some((last, steps)) = along.split_last() else {
        return Ok((at.col("id"), FieldType::Id));
    };
    for step in steps {
        at = tables.step(JoinType::LeftJoin, &at, *step)?;
    }
    Ok((at.field(*last)?, at.object.field(*last).ty.clone()))
}
