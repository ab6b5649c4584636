//! Writes the data set in large inserts.
//!
//! Tables, columns, types and encodings come from the catalog. It bypasses the write path on purpose (no
//! history, events or checks) but writes the same rows.

use std::{collections::HashMap, time::Instant};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sea_orm::sea_query::{Alias, Expr, OnConflict, Query};
use uuid::Uuid;

use super::{
    accounts,
    data::{BenchObject, World},
};
use crate::{
    base::{Code, Error, Result, Value},
    catalog::{FieldIx, FieldType, NumberFormat, Object, Rollup, RollupOp},
    company::Company,
    query::{ConnectionPart, Find, Listing, Part, What},
    records::{Session, find, series},
    sql::{access_keys, encode, encode_as, gram_tables},
    storage::{Tx, fault, search, settings},
};

/// The setting that marks a database with this data set. Its value is the scale.
const MARK: &str = "bench_set_3";
/// Records per transaction.
const CHUNK: i64 = 5_000;
/// Most bound values per statement. SQLite allows 32,766.
const BOUND: usize = 30_000;
/// Most rows per statement.
const ROWS: usize = 500;

/// The progress of a load.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// The object being written.
    pub object: &'static str,
    /// Rows written so far.
    pub done: i64,
    /// Rows in all.
    pub all: i64,
    /// Rows per second so far.
    pub rate: i64,
}

/// Writes the data set into a database without records of these objects. Calls `progress` after every
/// transaction.
pub async fn load(
    company: &Company,
    scale: Decimal,
    mut progress: impl FnMut(Progress),
) -> Result<()> {
    let session = company.system_session("loading the data set of the benchmark");
    let world = World::scaled(scale);
    for kind in BenchObject::ALL {
        refuse_if_any(&session, kind).await?;
    }
    let started = Instant::now();
    let mut done = 0;
    for kind in BenchObject::ALL {
        let mut table = Sheet::new(&session, kind)?;
        let mut lines = match kind.lines() {
            Some((field, line)) => Some(LineSheet::new(&session, kind, field, line)?),
            None => None,
        };
        let mut from = 0;
        while from < world.count(kind) {
            let to = (from + CHUNK).min(world.count(kind));
            let tx = session.database.begin().await?;
            tx.unlimited().await?;
            for ix in from..to {
                let record = table.record(world, ix);
                let totals = lines.as_mut().map(|lines| lines.records(world, ix));
                table.push(record, &totals.unwrap_or_default())?;
                if table.full() {
                    table.write(&tx).await?;
                }
            }
            table.write(&tx).await?;
            if let Some(lines) = &mut lines {
                done += lines.write(&tx).await?;
            }
            tx.commit().await?;
            done += to - from;
            from = to;
            let millis = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX).max(1);
            let rate = done * 1_000 / millis;
            progress(Progress { object: kind.object(), done, all: world.rows(), rate });
        }
        table.keep_series(&session).await?;
    }
    accounts::make(company, world).await?;
    let tx = session.database.begin().await?;
    tx.unlimited().await?;
    for kind in BenchObject::ALL {
        let object = object_of(&session, kind.object())?;
        if search::has(object) {
            search::remake(&tx, object).await?;
        }
    }
    tx.commit().await?;
    // Each object in its own transaction: all together would need more locks than PostgreSQL allows per
    // transaction.
    for object in &session.catalog.objects {
        let tx = session.database.begin().await?;
        tx.unlimited().await?;
        for statement in gram_tables::analyze(object) {
            tx.define(&statement).await.map_err(fault)?;
        }
        tx.commit().await?;
    }
    settings::get_or_set(&session.database, MARK, &scale.to_string()).await?;
    Ok(())
}

/// Returns the data set that a database contains. Fails if there is none.
pub(super) async fn loaded(company: &Company) -> Result<World> {
    let scale = settings::get(&company.database, MARK).await?;
    let scale = scale.and_then(|scale| scale.parse::<Decimal>().ok()).ok_or_else(|| {
        Error::new(
            Code::InputValue,
            "this database does not hold the data set of the benchmark",
            "此数据库中没有基准测试数据",
        )
        .hint(
            "make one with `tradewind bench load --database-url …`; a run writes to its customers",
            "请先执行 `tradewind bench load --database-url …`; 测试会改写其中的客户",
        )
    })?;
    Ok(World::scaled(scale))
}

/// Deletes the customers that earlier runs created: they would be the newest ones, and the manager's.
pub(super) async fn clean(company: &Company, world: World) -> Result<()> {
    use sea_orm::sea_query::ExprTrait;

    let session = company.system_session("taking back what a benchmark wrote");
    let object = object_of(&session, BenchObject::Customer.object())?;
    let created = object.system.created_at;
    let field = object.field(created.ok_or_else(|| lacks(&object.name, Some("createdAt")))?);
    let column = field.column.as_deref().unwrap_or_default();
    let tx = session.database.begin().await?;
    tx.unlimited().await?;
    let end = encode(tx.dialect(), &field.ty, &Value::DateTime(world.end()))?;
    let delete = Query::delete()
        .from_table(Alias::new(&object.table))
        .and_where(Expr::col(Alias::new(column)).gt(end))
        .to_owned();
    tx.delete(&delete).await.map_err(fault)?;
    tx.commit().await
}

async fn refuse_if_any(session: &Session, kind: BenchObject) -> Result<()> {
    let object = object_of(session, kind.object())?;
    let parts = vec![Part { key: "n".to_owned(), what: ConnectionPart::TotalCount }];
    let what = What::List(Listing { parts, ..Listing::default() });
    let counted = find(session, Find { object: object.ix, what }).await?;
    if counted.as_deref() == Some(r#"{"n":0}"#) {
        return Ok(());
    }
    Err(Error::new(
        Code::InputValue,
        format!("the database has records of `{}` already; nothing was written", object.name),
        format!("数据库中已有 `{}` 记录，未写入任何数据", object.name),
    )
    .hint(
        "the data set goes into an empty database; one that was left half loaded must be dropped",
        "基准数据只能装入空数据库; 未装完的数据库须先删除",
    ))
}

fn object_of<'s>(session: &'s Session, name: &str) -> Result<&'s Object> {
    session.catalog.named(name).ok_or_else(|| lacks(name, None))
}

fn lacks(object: &str, field: Option<&str>) -> Error {
    let name = field.map_or_else(|| object.to_owned(), |field| format!("{object}.{field}"));
    Error::new(
        Code::InputValue,
        format!("this company's objects do not fit the data set: see `{name}`"),
        format!("本公司的对象与基准数据不符：`{name}`"),
    )
}

/// Buffered rows of one object.
struct Sheet<'s> {
    object: &'s Object,
    kind: BenchObject,
    fields: Vec<FieldIx>,
    /// Auto-number fields and their formats.
    numbers: Vec<(FieldIx, &'s NumberFormat)>,
    series: HashMap<String, i64>,
    rows: Vec<Vec<Value>>,
}

impl<'s> Sheet<'s> {
    fn new(session: &'s Session, kind: BenchObject) -> Result<Self> {
        let object = object_of(session, kind.object())?;
        let mut sheet = Self::plain(object, kind)?;
        sheet.numbers = object
            .each_field()
            .filter_map(|(ix, field)| match &field.ty {
                FieldType::AutoNumber(format) => Some((ix, format)),
                _ => None,
            })
            .collect();
        sheet.fields.extend(sheet.numbers.iter().map(|(ix, _)| *ix));
        sheet.fields.extend(rollups(object).map(|(ix, _)| ix));
        Ok(sheet)
    }

    /// A sheet of the given fields and the system fields.
    fn plain(object: &'s Object, kind: BenchObject) -> Result<Self> {
        let system: &[&str] = if kind.is_line() {
            &["id", "lineNo"]
        } else {
            &["id", "version", "createdAt", "updatedAt"]
        };
        let fields = system
            .iter()
            .chain(kind.fields())
            .map(|name| {
                let (ix, _) = object.named(name).ok_or_else(|| lacks(&object.name, Some(name)))?;
                Ok(ix)
            })
            .collect::<Result<Vec<_>>>()?;
        let needed = object.each_field().find(|(ix, field)| {
            field.required
                && field.writable()
                && field.column.is_some()
                && Some(*ix) != object.parent
                && !fields.contains(ix)
        });
        if let Some((_, field)) = needed {
            return Err(lacks(&object.name, Some(&field.name)));
        }
        Ok(Self {
            object,
            kind,
            fields,
            numbers: Vec::new(),
            series: HashMap::new(),
            rows: Vec::new(),
        })
    }

    /// The stored values of a record, except its roll-ups.
    fn record(&mut self, world: World, ix: i64) -> Vec<Value> {
        let created = world.created(self.kind, ix);
        let mut values = vec![
            Value::Id(world.id(self.kind, ix)),
            Value::Int(1),
            Value::DateTime(created),
            Value::DateTime(created),
        ];
        values.extend(world.record(self.kind, ix));
        let day = created.date_naive();
        for (field, format) in &self.numbers {
            let last = self.series.entry(scope(self.object, *field, format, day)).or_default();
            *last += 1;
            values.push(Value::Text(format.print(day, &[], *last)));
        }
        values
    }

    fn push(&mut self, mut record: Vec<Value>, totals: &[Value]) -> Result<()> {
        record.extend_from_slice(totals);
        if record.len() != self.fields.len() {
            return Err(lacks(&self.object.name, None));
        }
        self.rows.push(record);
        Ok(())
    }

    fn full(&self) -> bool {
        self.rows.len() >= (BOUND / self.fields.len().max(1)).min(ROWS)
    }

    /// Writes the buffered rows and returns their number.
    async fn write(&mut self, tx: &Tx) -> Result<i64> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(0);
        }
        let stored: Vec<_> = self
            .fields
            .iter()
            .map(|ix| self.object.field(*ix))
            .filter_map(|field| Some((field, field.column.as_deref()?)))
            .collect();
        let carried = &self.object.access_keys;
        let mut insert = Query::insert();
        let names = stored.iter().map(|(_, column)| *column);
        let names = names.chain(carried.iter().map(|key| key.column.as_str()));
        insert.into_table(Alias::new(&self.object.table)).columns(names.map(Alias::new));
        for row in &rows {
            let mut bound = row
                .iter()
                .zip(&stored)
                .map(|(value, (field, _))| encode(tx.dialect(), &field.ty, value).map(Expr::val))
                .collect::<Result<Vec<_>>>()?;
            for key in carried {
                let at = self.fields.iter().position(|ix| *ix == key.via);
                let related = at.map_or(&Value::Null, |at| &row[at]);
                let related = encode_as(tx.dialect(), related)?;
                bound.push(access_keys::value_of(key, Expr::val(related)).into());
            }
            insert.values(bound).map_err(Error::internal)?;
        }
        tx.insert(&insert).await.map_err(fault)?;
        i64::try_from(rows.len()).map_err(Error::internal)
    }

    /// Stores the last numbers, so that new records continue each series.
    async fn keep_series(&self, session: &Session) -> Result<()> {
        if self.series.is_empty() {
            return Ok(());
        }
        let tx = session.database.begin().await?;
        tx.unlimited().await?;
        for (scope, last) in &self.series {
            let insert = Query::insert()
                .into_table(Alias::new("tw_sequence"))
                .columns(["scope", "next"].map(Alias::new))
                .values([scope.as_str().into(), (*last).into()])
                .map_err(Error::internal)?
                .on_conflict(
                    OnConflict::column(Alias::new("scope"))
                        .update_column(Alias::new("next"))
                        .to_owned(),
                )
                .to_owned();
            tx.insert(&insert).await.map_err(fault)?;
        }
        tx.commit().await
    }
}

fn scope(object: &Object, field: FieldIx, format: &NumberFormat, day: NaiveDate) -> String {
    series(object, &object.field(field).name, format, day, &[])
}

fn rollups(object: &Object) -> impl Iterator<Item = (FieldIx, Rollup)> {
    object.each_field().filter_map(|(ix, field)| match field.ty {
        FieldType::Rollup(rollup) => Some((ix, rollup)),
        _ => None,
    })
}

/// Buffered lines, and the roll-ups of their heads.
struct LineSheet<'s> {
    sheet: Sheet<'s>,
    head: BenchObject,
    rollups: Vec<Rollup>,
}

impl<'s> LineSheet<'s> {
    fn new(
        session: &'s Session,
        head: BenchObject,
        field: &str,
        kind: BenchObject,
    ) -> Result<Self> {
        let object = object_of(session, head.object())?;
        let lines = match object.named(field) {
            Some((_, field)) => match field.ty {
                FieldType::Lines(lines) => lines,
                _ => return Err(lacks(&object.name, Some(&field.name))),
            },
            None => return Err(lacks(&object.name, Some(field))),
        };
        let line = session.catalog.object(lines.target);
        let mut sheet = Sheet::plain(line, kind)?;
        sheet.fields.push(lines.via);
        Ok(Self { sheet, head, rollups: rollups(object).map(|(_, rollup)| rollup).collect() })
    }

    /// Buffers the lines of one head and returns the head's roll-ups in field order.
    fn records(&mut self, world: World, head: i64) -> Vec<Value> {
        let parent: Uuid = world.id(self.head, head);
        let mut lines = Vec::new();
        let kind = self.sheet.kind;
        for (number, ix) in (1..).zip(world.lines_of(kind, head)) {
            let mut line = vec![Value::Id(world.id(kind, ix)), Value::Int(number)];
            line.extend(world.record(kind, ix));
            line.push(Value::Id(parent));
            lines.push(line);
        }
        let fields = &self.sheet.fields;
        let totals = self
            .rollups
            .iter()
            .map(|rollup| match rollup.op {
                RollupOp::Count => Value::Int(i64::try_from(lines.len()).unwrap_or(i64::MAX)),
                // The objects of the bench have only these two.
                RollupOp::Min(_) | RollupOp::Max(_) | RollupOp::Avg(_) => Value::Null,
                RollupOp::Sum(field) => {
                    let at = fields.iter().position(|known| *known == field);
                    let summed = lines.iter().filter_map(|line| line.get(at?)?.as_decimal());
                    Value::Decimal(summed.sum())
                }
            })
            .collect();
        self.sheet.rows.extend(lines);
        totals
    }

    /// Writes the buffered lines after their heads, and returns their number.
    async fn write(&mut self, tx: &Tx) -> Result<i64> {
        let mut rows = std::mem::take(&mut self.sheet.rows).into_iter().peekable();
        let mut written = 0;
        while rows.peek().is_some() {
            while !self.sheet.full() {
                let Some(row) = rows.next() else { break };
                self.sheet.rows.push(row);
            }
            written += self.sheet.write(tx).await?;
        }
        Ok(written)
    }
}
