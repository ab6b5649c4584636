//! The soak: runs all workloads mixed for a long time, to find failures and memory growth.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use rust_decimal::Decimal;

use super::{
    client::Mixed,
    data::World,
    load::loaded,
    server::{BenchServer, ServerProcess, Target},
    workload::Workload,
};
use crate::{
    app::{self, told},
    config::Settings,
    demo::random::Random,
};

/// The share of each workload, in percent.
const MIX: [(Workload, i64); 9] = [
    (Workload::W1, 40),
    (Workload::W2, 14),
    (Workload::W2s, 10),
    (Workload::W3, 10),
    (Workload::W4, 8),
    (Workload::W5, 1),
    (Workload::W6, 1),
    (Workload::W7c, 8),
    (Workload::W7u, 8),
];

/// The largest accepted ratio of memory at the end to memory after warm-up.
const GROWTH: Decimal = Decimal::from_parts(125, 0, 0, false, 2);

const MINUTE: Duration = Duration::from_mins(1);

/// Duration and connections of a soak.
#[derive(Debug, Clone, Copy)]
pub struct Soak {
    /// Its duration.
    pub minutes: u32,
    /// Connections of the client.
    pub connections: u32,
}

#[derive(Default)]
struct Counted {
    done: u64,
    failed: BTreeMap<String, u64>,
}

/// Sends requests for the given time. Calls `told_progress` with a line per minute. Fails if any request
/// failed, or if the server's own memory grew by more than a quarter after the first tenth of the time.
pub async fn soak(
    settings: &Settings,
    plan: Soak,
    mut told_progress: impl FnMut(&str) -> Result<()>,
) -> Result<()> {
    let world = {
        let company = app::open(settings).await?;
        loaded(&company).await.map_err(told)?
    };
    let server = ServerProcess::start(BenchServer::Ours, settings).await?;
    let counted = Arc::new(Mutex::new(Counted::default()));
    let began = Instant::now();
    let until = began + MINUTE * plan.minutes;
    let unique = format!("S{:08x}", rand::random::<u32>());
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..plan.connections {
        let (target, counted) = (server.target.clone(), Arc::clone(&counted));
        let unique = format!("{unique}-{number}");
        tasks.spawn(async move {
            let mut random = Random::new(u64::from(number) + 1);
            let mut mixed: Option<Mixed> = None;
            while Instant::now() < until {
                let asked = ask(&mut mixed, &target, world, &mut random, &unique).await;
                let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
                counted.done += 1;
                if let Err(error) = asked {
                    mixed = None;
                    let text: String = error.to_string().chars().take(200).collect();
                    *counted.failed.entry(text).or_default() += 1;
                }
            }
        });
    }
    let (mut before, mut warm) = (0, None);
    for minute in 1..=plan.minutes {
        tokio::time::sleep_until((began + MINUTE * minute).into()).await;
        let (done, failed) = {
            let counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
            (counted.done, counted.failed.values().sum::<u64>())
        };
        let (all, own) = server.memory().unwrap_or_default();
        if minute * 10 >= plan.minutes && warm.is_none() {
            warm = Some(own);
        }
        told_progress(&format!(
            "minute {minute:>3}: {:>7} requests, {failed} failed in all, memory {} MiB ({} without mapped files)",
            done - before,
            all.round(),
            own.round()
        ))?;
        before = done;
    }
    while tasks.join_next().await.is_some() {}
    let (_, own) = server.memory().unwrap_or_default();
    let counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
    for (text, count) in &counted.failed {
        told_progress(&format!("{count} times: {text}"))?;
    }
    let warm = warm.unwrap_or(own);
    told_progress(&format!(
        "{} requests in {} minutes; memory without mapped files {} MiB when warm, {} MiB at the end",
        counted.done,
        plan.minutes,
        warm.round(),
        own.round()
    ))?;
    if !counted.failed.is_empty() {
        bail!("requests failed");
    }
    if own > warm * GROWTH {
        bail!("memory grew by more than a quarter");
    }
    Ok(())
}

async fn ask(
    mixed: &mut Option<Mixed>,
    target: &Target,
    world: World,
    random: &mut Random,
    unique: &str,
) -> Result<()> {
    if mixed.is_none() {
        *mixed = Some(Mixed::open(target).await?);
    }
    let Some(mixed) = mixed else { return Ok(()) };
    mixed.ask(pick(random), target.part, world, random, unique).await
}

fn pick(random: &mut Random) -> Workload {
    let mut at = random.between(0, MIX.iter().map(|(_, share)| share).sum::<i64>() - 1);
    for (workload, share) in MIX {
        if at < share {
            return workload;
        }
        at -= share;
    }
    Workload::W1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_workload_has_its_share() {
        assert_eq!(MIX.iter().map(|(_, share)| share).sum::<i64>(), 100);
        assert_eq!(MIX.map(|(workload, _)| workload), Workload::ALL);
        let mut random = Random::new(1);
        let drawn: Vec<_> = (0..2_000).map(|_| pick(&mut random)).collect();
        for (workload, share) in MIX {
            let count = drawn.iter().filter(|drawn| **drawn == workload).count();
            let expected = usize::try_from(share * 20).unwrap();
            assert!(count > expected / 3 && count < expected * 3, "{workload:?} {count}");
        }
    }
}
