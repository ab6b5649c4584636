//! The run: measures both servers in turn, round by round.
//!
//! Owns the order of measurements. The report computes the results.

use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::Value as Json;

use super::{
    client::{Taken, measure, once},
    data::World,
    load::{clean, loaded},
    report::{Figures, Report, Row},
    server::{Part, Server},
    workload::Workload,
};
use crate::{
    app::{self, told},
    config::Settings,
    sql::Dialect,
};

/// What to measure.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The workloads, in table order.
    pub workloads: Vec<Workload>,
    /// Connections of the client.
    pub connections: u32,
    /// Measurements of each workload.
    pub rounds: u32,
    /// Length of one measurement.
    pub time: Duration,
}

/// Length of a warm-up, which fills caches and plans before the first round.
const WARM: Duration = Duration::from_millis(700);
/// Requests per reading workload whose responses must be equal on both servers.
const COMPARED: u64 = 5;

/// Runs all measurements. Calls `told_progress` with a line per step.
pub async fn run(
    settings: &Settings,
    plan: &Plan,
    mut told_progress: impl FnMut(&str) -> Result<()>,
) -> Result<Report> {
    let (world, dialect) = {
        let company = app::open(settings).await?;
        let world = loaded(&company).await.map_err(told)?;
        clean(&company, world).await.map_err(told)?;
        (world, company.database.dialect())
    };
    let ours = Server::start(Part::Ours, settings).await?;
    let bare = Server::start(Part::Yardstick, settings).await?;
    let unique = format!("N{:08x}", rand::random::<u32>());
    for workload in &plan.workloads {
        compare(*workload, world, &ours, &bare, &unique).await?;
    }
    let mut rows: Vec<Row> = plan.workloads.iter().map(|workload| Row::new(*workload)).collect();
    // Writing workloads run last, because lists begin with the records that they create.
    let turns = [true, false]
        .into_iter()
        .flat_map(|reading| (0..=plan.rounds).map(move |round| (reading, round)));
    for (reading, round) in turns {
        for (place, row) in rows.iter_mut().enumerate() {
            if row.workload.reads() != reading {
                continue;
            }
            let time = if round == 0 { WARM } else { plan.time };
            let seed = (u64::from(round) << 16) + 1;
            let mut servers = [&ours, &bare];
            if (place + usize::try_from(round)?) % 2 == 1 {
                servers.reverse();
            }
            for server in servers {
                let unique = format!("{unique}{round}{}", server.target.part.name());
                let before = server.cpu();
                let taken = measure(
                    &server.target,
                    row.workload,
                    world,
                    plan.connections,
                    time,
                    seed,
                    &unique,
                )
                .await?;
                if round > 0 {
                    let figures = figures(taken, before, server.cpu());
                    told_progress(&format!(
                        "round {round} {:4} {:9} {figures}",
                        row.workload.name(),
                        server.target.part.name()
                    ))?;
                    match server.target.part {
                        Part::Ours => row.ours.push(figures),
                        Part::Yardstick => row.bare.push(figures),
                    }
                }
            }
        }
    }
    Ok(Report {
        rows,
        database: match dialect {
            Dialect::Postgres => "PostgreSQL",
            Dialect::Sqlite => "SQLite",
        },
        customers: world.count(super::data::Kind::Customer),
        connections: plan.connections,
        rounds: plan.rounds,
        memory: (ours.memory(), bare.memory()),
    })
}

fn figures(taken: Taken, before: Option<u64>, after: Option<u64>) -> Figures {
    let cpu = match (before, after) {
        (Some(before), Some(after)) => Some(after.saturating_sub(before)),
        _ => None,
    };
    Figures::new(&taken, cpu)
}

/// Compares responses: if they differ, one server does less work.
async fn compare(
    workload: Workload,
    world: World,
    ours: &Server,
    bare: &Server,
    unique: &str,
) -> Result<()> {
    for seed in 0..COMPARED {
        let mut answers = Vec::new();
        for server in [ours, bare] {
            let unique = format!("{unique}{}", server.target.part.name());
            let body = once(&server.target, workload, world, seed, &unique).await?;
            answers.push(serde_json::from_slice::<Json>(&body)?);
        }
        if workload.reads() && answers.first() != answers.last() {
            bail!("the servers answer {} differently: {answers:?}", workload.name());
        }
    }
    Ok(())
}
