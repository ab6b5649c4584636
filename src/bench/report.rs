//! The results of measurements, as a table.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};

use super::{client::Taken, workload::Workload};

/// One measurement of one server.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures {
    /// Requests per second.
    rate: Decimal,
    /// Median duration of a request, in milliseconds.
    p50: Decimal,
    /// 99th percentile of the duration, in milliseconds.
    p99: Decimal,
    /// The server's CPU milliseconds per request.
    cpu: Option<Decimal>,
}

impl Figures {
    /// Computes figures from request durations and the server's CPU time in hundredths of a second.
    pub(super) fn new(taken: &Taken, cpu: Option<u64>) -> Self {
        let count = Decimal::from(taken.micros.len());
        let micros = Decimal::from(taken.all.as_micros()).max(Decimal::ONE);
        let at = |percent: usize| {
            let place = (taken.micros.len() * percent / 100).min(taken.micros.len().max(1) - 1);
            let micros = taken.micros.get(place).copied().unwrap_or(0);
            Decimal::from(micros) / Decimal::from(1_000)
        };
        Self {
            rate: count * Decimal::from(1_000_000) / micros,
            p50: at(50),
            p99: at(99),
            cpu: cpu.map(|cpu| Decimal::from(cpu * 10) / count.max(Decimal::ONE)),
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>8} req/s  p50 {:>7} ms  p99 {:>7} ms  cpu {:>7} ms",
            rounded(self.rate, 0),
            rounded(self.p50, 2),
            rounded(self.p99, 2),
            maybe(self.cpu, 3)
        )
    }
}

/// The measurements of one workload.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) workload: Workload,
    pub(super) ours: Vec<Figures>,
    pub(super) bare: Vec<Figures>,
}

impl Row {
    pub(super) fn new(workload: Workload) -> Self {
        Self { workload, ours: Vec::new(), bare: Vec::new() }
    }

    /// The median ratio over the rounds. Both measurements of a round ran under the same conditions.
    fn ratio(&self) -> Option<Decimal> {
        let ratios = self
            .ours
            .iter()
            .zip(&self.bare)
            .filter_map(|(ours, bare)| ours.rate.checked_div(bare.rate));
        median(ratios.collect())
    }
}

/// Memory of a server in MiB: all of it, and the part that is not mapped files.
pub(super) type Memory = Option<(Decimal, Decimal)>;

/// The result of a run.
#[derive(Debug, Clone)]
pub struct Report {
    pub(super) rows: Vec<Row>,
    pub(super) database: &'static str,
    pub(super) customers: i64,
    pub(super) connections: u32,
    pub(super) rounds: u32,
    pub(super) memory: (Memory, Memory),
}

fn median(mut values: Vec<Decimal>) -> Option<Decimal> {
    values.sort_unstable();
    let middle = values.get(values.len() / 2).copied();
    if values.len() % 2 == 1 || values.is_empty() {
        return middle;
    }
    let below = values.get(values.len() / 2 - 1).copied();
    Some((middle? + below?) / Decimal::from(2))
}

fn rounded(value: Decimal, digits: u32) -> String {
    let mut value = value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    value.rescale(digits);
    value.to_string()
}

fn maybe(value: Option<Decimal>, digits: u32) -> String {
    value.map_or_else(|| "-".to_owned(), |value| rounded(value, digits))
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}, {} customers, {} connections, medians of {} rounds",
            self.database, self.customers, self.connections, self.rounds
        )?;
        writeln!(
            f,
            "| workload | ours req/s | yardstick req/s | ratio | ours p50 / p99 ms \
             | yardstick p50 / p99 ms | server CPU ms a request, ours / yardstick |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|---|")?;
        for row in &self.rows {
            let of = |figures: &[Figures], part: fn(&Figures) -> Option<Decimal>, digits| {
                let values: Option<Vec<_>> = figures.iter().map(part).collect();
                maybe(values.and_then(median), digits)
            };
            writeln!(
                f,
                "| {} | {} | {} | {} | {} / {} | {} / {} | {} / {} |",
                row.workload.name(),
                of(&row.ours, |figures| Some(figures.rate), 0),
                of(&row.bare, |figures| Some(figures.rate), 0),
                maybe(row.ratio(), 2),
                of(&row.ours, |figures| Some(figures.p50), 2),
                of(&row.ours, |figures| Some(figures.p99), 2),
                of(&row.bare, |figures| Some(figures.p50), 2),
                of(&row.bare, |figures| Some(figures.p99), 2),
                of(&row.ours, |figures| figures.cpu, 3),
                of(&row.bare, |figures| figures.cpu, 3),
            )?;
        }
        let shown = |memory: Memory| {
            let (all, own) = memory.unzip();
            format!("{} MiB ({} without mapped files)", maybe(all, 0), maybe(own, 0))
        };
        let (ours, bare) = (shown(self.memory.0), shown(self.memory.1));
        writeln!(f, "Memory at the end: ours {ours}, yardstick {bare}.")?;
        writeln!(
            f,
            "All run as a manager of 8 departments, W2S as a salesperson; the yardstick has the row \
             conditions of the same person in its SQL. W3 and W6 begin at a random instant. The \
             request log is off. The yardstick does not sign in; its saves write the same rows."
        )?;
        match self.database {
            "SQLite" => write!(
                f,
                "SQLite is in write-ahead mode with synchronous = NORMAL: a save is lost by a power cut \
                 only, not by a crash. Its CPU time is the server's."
            ),
            _ => write!(f, "CPU time is the server's own, without the database's."),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn taken(count: u64, millis: u64) -> Taken {
        Taken { micros: (1..=count).map(|n| n * 10).collect(), all: Duration::from_millis(millis) }
    }

    #[test]
    fn figures_come_from_sorted_times() {
        let figures = Figures::new(&taken(200, 1_000), Some(5));
        assert_eq!(figures.rate, Decimal::from(200));
        assert_eq!(rounded(figures.p50, 2), "1.01");
        assert_eq!(rounded(figures.p99, 2), "1.99");
        assert_eq!(maybe(figures.cpu, 3), "0.250");
        let none = Figures::new(&Taken::default(), None);
        assert_eq!((rounded(none.rate, 0), maybe(none.cpu, 3)), ("0".to_owned(), "-".to_owned()));
    }

    #[test]
    fn the_ratio_is_the_median_of_the_rounds() {
        let mut row = Row::new(Workload::W1);
        for (ours, bare) in [(80, 100), (50, 100), (90, 100)] {
            row.ours.push(Figures::new(&taken(ours, 1_000), None));
            row.bare.push(Figures::new(&taken(bare, 1_000), None));
        }
        assert_eq!(maybe(row.ratio(), 2), "0.80");
        assert_eq!(maybe(Row::new(Workload::W1).ratio(), 2), "-");
        let report = Report {
            rows: vec![row],
            database: "SQLite",
            customers: 100,
            connections: 8,
            rounds: 3,
            memory: (None, Some((Decimal::TWO, Decimal::ONE))),
        };
        let shown = report.to_string();
        assert!(shown.contains("| W1 | 80 | 100 | 0.80 |"), "{shown}");
        assert!(
            shown.contains("ours - MiB (- without mapped files), yardstick 2 MiB (1 "),
            "{shown}"
        );
    }
}
