//! How long a publish takes, how large the process gets, and what a publish does to the requests beside it.
//!
//! Owns the sizes, their order and the table. The servers are those of [`super::run()`].

use std::{
    fmt,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::{
    accounts::BenchUser,
    client::{Connection, shown},
    data::World,
    load::{clean, loaded},
    report::{Memory, rounded, shown as shown_memory},
    schema_load::{Load, Slowest},
    server::{BenchServer, ServerProcess},
};
use crate::{
    app::{self, told},
    company::{Company, Publication, PublishOptions},
    config::Settings,
};

/// What to measure.
#[derive(Debug, Clone)]
pub struct SchemaBench {
    /// The numbers of objects, ascending. Those below what the database has are left out.
    pub objects: Vec<usize>,
    /// Publishes at each number, with and without other requests.
    pub rounds: u32,
}

/// Fields of each object.
const FIELDS: usize = 30;
/// Objects of one publish that only fills the database.
const BATCH: usize = 100;
/// How long another process may take to learn of a publish before the run gives up.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long requests run before and behind a publish among them.
const AROUND: Duration = Duration::from_secs(1);

/// What was measured at one number of objects.
#[derive(Debug, Clone)]
struct SchemaRow {
    objects: usize,
    /// From sending the mutation to the first answer of a query on the new type, in microseconds; ascending.
    first: Vec<u64>,
    /// From the answer of the mutation to that of a query on another process; ascending.
    other: Vec<u64>,
    usual: Slowest,
    beside: Slowest,
    memory: Memory,
    /// The introspection's answer in bytes as sent, and how long the first and the next one took in microseconds.
    introspection: (usize, u64, u64),
}

/// The result: a table.
#[derive(Debug, Clone)]
pub struct SchemaReport {
    rows: Vec<SchemaRow>,
}

/// Runs all measurements. Calls `told_progress` with a line per step. The objects stay in the database.
pub async fn schema(
    settings: &Settings,
    plan: &SchemaBench,
    mut told_progress: impl FnMut(&str) -> Result<()>,
) -> Result<SchemaReport> {
    let mut rows = Vec::new();
    for objects in &plan.objects {
        let (world, objects) = {
            let company = app::open(settings).await?;
            let world = loaded(&company).await.map_err(told)?;
            clean(&company, world).await.map_err(told)?;
            let Some(number) = fill(&company, *objects).await? else {
                told_progress(&format!("{objects} objects: the database has more"))?;
                continue;
            };
            (world, number)
        };
        told_progress(&format!("{objects} objects are there"))?;
        let mut first = ServerProcess::start(BenchServer::Ours, settings).await?;
        let other = ServerProcess::start(BenchServer::Ours, settings).await?;
        // A start gives the accounts new passwords, which ends their sign-ins on servers that were started before.
        first.target.tokens.clone_from(&other.target.tokens);
        let row = measured(objects, world, &first, &other, plan.rounds).await?;
        told_progress(&row.to_string())?;
        rows.push(row);
    }
    Ok(SchemaReport { rows })
}

/// Publishes objects until there are so many. None if there are more.
async fn fill(company: &Company, wanted: usize) -> Result<Option<usize>> {
    let session = company.system_session("objects to measure publishing with");
    let there = session.catalog.objects.len();
    if there > wanted {
        return Ok(None);
    }
    let numbers: Vec<_> = (there..wanted).collect();
    for batch in numbers.chunks(BATCH) {
        let text: String = batch.iter().map(|number| definition(&name(*number))).collect();
        let session = company.system_session("objects to measure publishing with");
        let text = Publication::Addition(&text, &[]);
        let applied = company.publish(&session, text, PublishOptions::default());
        let applied = applied.await.map_err(told)?;
        if let Some(fault) = applied.plan.diagnostics.first() {
            bail!("the objects were refused: {fault:?}");
        }
    }
    Ok(Some(wanted))
}

/// The name of an object: those of a run follow one another in the alphabet.
fn name(number: usize) -> String {
    format!("BenchObject{number:05}")
}

/// An object of 30 fields of all common types, with a relation and a picklist of its own.
fn definition(name: &str) -> String {
    let plural = plural(name);
    let types = ["String", "Int", "Decimal", "Date", "DateTime", "Boolean"];
    let more: String = (4..=FIELDS)
        .zip(types.iter().cycle())
        .map(|(number, kind)| {
            format!("field{number}: {kind} @field(label: \"字段{number}\", labelEn: \"Field {number}\")\n")
        })
        .collect();
    format!(
        "type {name} @object(kind: MASTER, label: \"{name}\", plural: \"{plural}\") {{\n\
         name: String! @field(label: \"名称\", labelEn: \"Name\")\n\
         customer: Customer @field(label: \"客户\", labelEn: \"Customer\")\n\
         status: {name}Status @field(label: \"状态\", labelEn: \"Status\")\n\
         {more}}}\n\
         enum {name}Status {{\n\
         OPEN @label(zh: \"进行中\", en: \"Open\")\n\
         DONE @label(zh: \"完成\", en: \"Done\")\n\
         }}\n"
    )
}

/// The name of an object's list.
fn plural(name: &str) -> String {
    format!("b{}s", name.get(1..).unwrap_or_default())
}

/// Measures both servers at this number of objects.
async fn measured(
    objects: usize,
    world: World,
    first: &ServerProcess,
    other: &ServerProcess,
    rounds: u32,
) -> Result<SchemaRow> {
    let mut here = Connection::open(&first.target, BenchUser::Administrator).await?;
    let mut there = Connection::open(&other.target, BenchUser::Administrator).await?;
    let introspection = introspection(&mut here).await?;
    let (mut in_all, mut elsewhere) = (Vec::new(), Vec::new());
    let unique = rand::random::<u16>();
    for round in 0..rounds {
        let name = format!("BenchPublish{unique:05}A{round}");
        let (took, later) = publish(&mut here, &mut there, &name).await?;
        in_all.push(took);
        elsewhere.push(later);
    }
    let load = Load::start(&first.target, world, unique);
    tokio::time::sleep(AROUND).await;
    load.forget();
    tokio::time::sleep(AROUND * rounds).await;
    let usual = load.slowest();
    load.forget();
    for round in 0..rounds {
        let name = format!("BenchPublish{unique:05}B{round}");
        publish(&mut here, &mut there, &name).await?;
        tokio::time::sleep(AROUND).await;
    }
    let beside = load.stop().await?;
    in_all.sort_unstable();
    elsewhere.sort_unstable();
    Ok(SchemaRow {
        objects,
        first: in_all,
        other: elsewhere,
        usual,
        beside,
        memory: first.memory(),
        introspection,
    })
}

/// Publishes an object and queries it until both processes answer. Returns what that took on the first, and how
/// much longer on the other.
async fn publish(here: &mut Connection, there: &mut Connection, name: &str) -> Result<(u64, u64)> {
    let mutation = json!({
        "query": "mutation Publish($sdl: String!) { applySchema(sdl: $sdl) { version diagnostics { message } } }",
        "variables": { "sdl": definition(name) },
    });
    let list = plural(name);
    let query =
        json!({ "query": format!("{{ {list}(first: 1) {{ nodes {{ id name field5 }} }} }}") });
    let query = query.to_string();
    let sent = Instant::now();
    let body = here.ask("/metadata", mutation.to_string()).await?;
    let applied: Json = serde_json::from_slice(&body)?;
    if applied["data"]["applySchema"]["version"].is_null() {
        bail!("the object was refused: {}", shown(&body));
    }
    let published = Instant::now();
    // Where a publish has been answered, it is live.
    if !answers(here, &query).await? {
        bail!("the new type is not there");
    }
    let took = micros(sent);
    while !answers(there, &query).await? {
        if published.elapsed() > PATIENCE {
            bail!("the other process did not learn of {name}");
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok((took, micros(published)))
}

async fn answers(connection: &mut Connection, query: &str) -> Result<bool> {
    let body = connection.ask("/graphql", query.to_owned()).await?;
    let answer: Json = serde_json::from_slice(&body)?;
    Ok(answer.get("errors").is_none())
}

/// The size of the whole introspection, and how long the first and the second answer took.
async fn introspection(connection: &mut Connection) -> Result<(usize, u64, u64)> {
    const WHOLE: &str = "query Introspection { __schema { queryType { name } mutationType { name } \
        types { kind name description fields(includeDeprecated: true) { name description \
        args { name type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } \
        type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } \
        inputFields { name type { kind name ofType { kind name ofType { kind name } } } } \
        enumValues(includeDeprecated: true) { name } } } }";
    let body = json!({ "query": WHOLE }).to_string();
    let mut took = [0, 0];
    let mut size = 0;
    for time in &mut took {
        let sent = Instant::now();
        size = connection.ask("/graphql", body.clone()).await.context("introspection")?.len();
        *time = micros(sent);
    }
    Ok((size, took[0], took[1]))
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// Milliseconds of a time in microseconds, as text.
fn millis(micros: u64) -> String {
    rounded(Decimal::from(micros) / Decimal::from(1_000), 0)
}

/// The middle and the largest of ascending times, in milliseconds.
fn middle_and_most(micros: &[u64]) -> String {
    let middle = micros.get(micros.len() / 2).copied().unwrap_or_default();
    let most = micros.last().copied().unwrap_or_default();
    format!("{} / {}", millis(middle), millis(most))
}

impl fmt::Display for SchemaRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (size, first, next) = self.introspection;
        write!(
            f,
            "| {} | {} | {} | {} | {} | {} | {} KiB in {} / {} |",
            self.objects,
            middle_and_most(&self.first),
            middle_and_most(&self.other),
            self.usual,
            self.beside,
            shown_memory(self.memory),
            size / 1024,
            millis(first),
            millis(next),
        )
    }
}

impl fmt::Display for SchemaReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| objects | publish to first answer, middle / most ms | the same on another process, \
             after the publish | slowest W1, W2, W7C, W7U without a publish, ms | with publishes, ms | memory | \
             introspection, first / next ms |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|---|")?;
        for row in &self.rows {
            writeln!(f, "{row}")?;
        }
        write!(
            f,
            "Each published object has {FIELDS} fields. The slowest are of single connections that send one request \
             after the other."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_has_so_many_fields() {
        let text = definition(&name(7));
        assert_eq!(text.lines().filter(|line| line.contains("@field")).count(), FIELDS);
        assert!(text.starts_with("type BenchObject00007 "), "{text}");
        assert!(text.contains("plural: \"benchObject00007s\""), "{text}");
    }

    #[test]
    fn times_are_shown_in_milliseconds() {
        assert_eq!(middle_and_most(&[900, 1_600, 99_400]), "2 / 99");
        assert_eq!(middle_and_most(&[]), "0 / 0");
    }
}
