//! The run: measures both servers, and the peer if there is one, in turn, round by round.
//!
//! Owns the order of measurements. The report computes the results.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;

use super::{
    client::{Measured, Taken, measure, once},
    data::World,
    load::{clean, loaded},
    peer::Peer,
    process,
    report::{Column, Figures, PeerNote, Report, ReportRow},
    server::{BenchServer, ServerProcess},
    workload::Workload,
};
use crate::{
    app::{self, told},
    config::Settings,
    sql::Dialect,
};

/// What to measure.
#[derive(Debug, Clone)]
pub struct BenchPlan {
    /// The workloads, in table order.
    pub workloads: Vec<Workload>,
    /// Connections of the client.
    pub connections: u32,
    /// Measurements of each workload.
    pub rounds: u32,
    /// Length of one measurement.
    pub time: Duration,
    /// A further server.
    pub peer: Option<Arc<Peer>>,
}

/// One of the servers that are asked in turn.
struct Contender {
    column: Column,
    target: Arc<dyn Measured>,
    /// Its processes, as far as they are known.
    processes: Vec<u32>,
}

impl Contender {
    fn own(column: Column, server: &ServerProcess) -> Self {
        let target = Arc::new(server.target.clone());
        Self { column, target, processes: server.process().into_iter().collect() }
    }

    fn further(peer: &Arc<Peer>) -> Self {
        let processes = peer.processes().to_vec();
        Self { column: Column::Peer, target: peer.clone(), processes }
    }
}

/// Length of a warm-up, which fills caches and plans before the first round.
const WARM: Duration = Duration::from_millis(700);
/// Requests per reading workload whose responses must be equal on both servers.
const COMPARED: u64 = 5;

/// Runs all measurements. Calls `told_progress` with a line per step.
pub async fn run(
    settings: &Settings,
    plan: &BenchPlan,
    mut told_progress: impl FnMut(&str) -> Result<()>,
) -> Result<Report> {
    let (world, dialect) = {
        let company = app::open(settings).await?;
        let world = loaded(&company).await.map_err(told)?;
        clean(&company, world).await.map_err(told)?;
        (world, company.database.dialect())
    };
    let ours = ServerProcess::start(BenchServer::Ours, settings).await?;
    let bare = ServerProcess::start(BenchServer::Yardstick, settings).await?;
    let unique = format!("N{:08x}", rand::random::<u32>());
    let mut contenders =
        vec![Contender::own(Column::Ours, &ours), Contender::own(Column::Yardstick, &bare)];
    contenders.extend(plan.peer.as_ref().map(Contender::further));
    let mut rows: Vec<ReportRow> =
        plan.workloads.iter().map(|workload| ReportRow::new(*workload)).collect();
    for row in &mut rows {
        compare(row, world, &contenders, &unique).await?;
    }
    // Writing workloads run last, because lists begin with the records that they create.
    let turns = [true, false]
        .into_iter()
        .flat_map(|reading| (0..=plan.rounds).map(move |round| (reading, round)));
    for (reading, round) in turns {
        for (place, row) in rows.iter_mut().enumerate() {
            let workload = row.workload;
            if workload.reads() != reading {
                continue;
            }
            let time = if round == 0 { WARM } else { plan.time };
            let seed = (u64::from(round) << 16) + 1;
            let mut asked = those_for(workload, &contenders);
            let first = (place + usize::try_from(round)?) % asked.len();
            asked.rotate_left(first);
            for contender in asked {
                let name = contender.target.name();
                let unique = format!("{unique}{round}{name}");
                let before = process::cpu(&contender.processes);
                let taken = measure(
                    &contender.target,
                    workload,
                    world,
                    plan.connections,
                    time,
                    seed,
                    &unique,
                )
                .await?;
                if round > 0 {
                    let figures = figures(taken, before, process::cpu(&contender.processes));
                    let line = format!("round {round} {:4} {name:9} {figures}", workload.name());
                    told_progress(&line)?;
                    row.of(contender.column).rounds.push(figures);
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
        customers: world.count(super::data::BenchObject::Customer),
        connections: plan.connections,
        rounds: plan.rounds,
        memory: (ours.memory(), bare.memory()),
        peer: plan.peer.as_deref().map(|peer| PeerNote {
            address: peer.shown(),
            skipped: plan.workloads.iter().copied().filter(|of| !peer.takes(*of)).collect(),
            memory: process::memory(peer.processes()),
        }),
    })
}

/// The servers that are asked a workload: both of ours at least.
fn those_for(workload: Workload, contenders: &[Contender]) -> Vec<&Contender> {
    contenders.iter().filter(|contender| contender.target.takes(workload)).collect()
}

fn figures(taken: Taken, before: Option<u64>, after: Option<u64>) -> Figures {
    let cpu = match (before, after) {
        (Some(before), Some(after)) => Some(after.saturating_sub(before)),
        _ => None,
    };
    Figures::new(&taken, cpu)
}

/// Asks all servers a few requests, and notes the sizes of the answers. Compares those of our servers: if they
/// differ, one does less work.
async fn compare(
    row: &mut ReportRow,
    world: World,
    contenders: &[Contender],
    unique: &str,
) -> Result<()> {
    let workload = row.workload;
    for seed in 0..COMPARED {
        let mut answers = Vec::new();
        for contender in those_for(workload, contenders) {
            let name = contender.target.name();
            let unique = format!("{unique}{name}");
            let body = once(contender.target.as_ref(), workload, world, seed, &unique)
                .await
                .with_context(|| format!("{} of {name} failed", workload.name()))?;
            row.of(contender.column).sizes.push(body.len());
            if contender.column != Column::Peer {
                answers.push(serde_json::from_slice::<Json>(&body)?);
            }
        }
        if workload.reads() && answers.first() != answers.last() {
            bail!("the servers answer {} differently: {answers:?}", workload.name());
        }
    }
    Ok(())
}
