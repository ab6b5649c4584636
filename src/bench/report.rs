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

/// A server's place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Ours,
    Yardstick,
    Peer,
}

/// What was measured of one server in one workload.
#[derive(Debug, Clone, Default)]
pub(super) struct Cells {
    /// One for each round.
    pub(super) rounds: Vec<Figures>,
    /// The sizes of the answers that were checked before the first round, in bytes.
    pub(super) sizes: Vec<usize>,
}

impl Cells {
    fn median(&self, part: fn(&Figures) -> Option<Decimal>, digits: u32) -> String {
        let values: Option<Vec<_>> = self.rounds.iter().map(part).collect();
        maybe(values.and_then(median), digits)
    }

    fn rate(&self) -> String {
        self.median(|figures| Some(figures.rate), 0)
    }

    fn times(&self) -> String {
        let p50 = self.median(|figures| Some(figures.p50), 2);
        format!("{p50} / {}", self.median(|figures| Some(figures.p99), 2))
    }

    fn cpu(&self) -> String {
        self.median(|figures| figures.cpu, 3)
    }

    fn size(&self) -> String {
        maybe(median(self.sizes.iter().map(|size| Decimal::from(*size)).collect()), 0)
    }
}

/// The measurements of one workload.
#[derive(Debug, Clone)]
pub(super) struct ReportRow {
    pub(super) workload: Workload,
    ours: Cells,
    bare: Cells,
    peer: Cells,
}

impl ReportRow {
    pub(super) fn new(workload: Workload) -> Self {
        let [ours, bare, peer] = <[Cells; 3]>::default();
        Self { workload, ours, bare, peer }
    }

    /// The cells of a server, to write into.
    pub(super) fn of(&mut self, column: Column) -> &mut Cells {
        match column {
            Column::Ours => &mut self.ours,
            Column::Yardstick => &mut self.bare,
            Column::Peer => &mut self.peer,
        }
    }

    /// The median ratio of ours to another server over the rounds. All measurements of a round ran under the
    /// same conditions.
    fn ratio(&self, other: &Cells) -> Option<Decimal> {
        let ratios = self
            .ours
            .rounds
            .iter()
            .zip(&other.rounds)
            .filter_map(|(ours, other)| ours.rate.checked_div(other.rate));
        median(ratios.collect())
    }
}

/// Memory of a server in MiB: all of it, and the part that is not mapped files.
pub(super) type Memory = Option<(Decimal, Decimal)>;

/// The memory, as text.
pub(super) fn shown(memory: Memory) -> String {
    let (all, own) = memory.unzip();
    format!("{} MiB ({} without mapped files)", maybe(all, 0), maybe(own, 0))
}

/// What is said of the peer below the table.
#[derive(Debug, Clone)]
pub(super) struct PeerNote {
    pub(super) address: String,
    /// The workloads that it has no document for.
    pub(super) skipped: Vec<Workload>,
    pub(super) memory: Memory,
}

impl fmt::Display for PeerNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (address, memory) = (&self.address, shown(self.memory));
        write!(
            f,
            "The peer is {address}; its memory at the end: {memory}. It runs as whom its headers name. Its \
             answers were checked for errors and not compared with ours: compare their sizes."
        )?;
        if !self.skipped.is_empty() {
            let skipped: Vec<_> = self.skipped.iter().map(|workload| workload.name()).collect();
            write!(f, " It was not asked {}: it has no documents for them.", skipped.join(", "))?;
        }
        Ok(())
    }
}

/// The result of a run.
#[derive(Debug, Clone)]
pub struct Report {
    pub(super) rows: Vec<ReportRow>,
    pub(super) database: &'static str,
    pub(super) customers: i64,
    pub(super) connections: u32,
    pub(super) rounds: u32,
    pub(super) memory: (Memory, Memory),
    pub(super) peer: Option<PeerNote>,
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

/// A number with so many digits behind the point.
pub(super) fn rounded(value: Decimal, digits: u32) -> String {
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
        let (more, rule) = match &self.peer {
            Some(_) => (
                " peer req/s | ours / peer | peer p50 / p99 ms | peer CPU ms a request \
                 | bytes of an answer, ours / peer |",
                "---|---|---|---|---|",
            ),
            None => ("", ""),
        };
        writeln!(
            f,
            "| workload | ours req/s | yardstick req/s | ratio | ours p50 / p99 ms \
             | yardstick p50 / p99 ms | server CPU ms a request, ours / yardstick |{more}"
        )?;
        writeln!(f, "|---|---|---|---|---|---|---|{rule}")?;
        for row in &self.rows {
            let ReportRow { workload, ours, bare, peer } = row;
            write!(
                f,
                "| {} | {} | {} | {} | {} | {} | {} / {} |",
                workload.name(),
                ours.rate(),
                bare.rate(),
                maybe(row.ratio(bare), 2),
                ours.times(),
                bare.times(),
                ours.cpu(),
                bare.cpu(),
            )?;
            if self.peer.is_some() {
                write!(
                    f,
                    " {} | {} | {} | {} | {} / {} |",
                    peer.rate(),
                    maybe(row.ratio(peer), 2),
                    peer.times(),
                    peer.cpu(),
                    ours.size(),
                    peer.size(),
                )?;
            }
            writeln!(f)?;
        }
        let (ours, bare) = (shown(self.memory.0), shown(self.memory.1));
        writeln!(f, "Memory at the end: ours {ours}, yardstick {bare}.")?;
        writeln!(
            f,
            "Both run as a manager of 8 departments, W2S as a salesperson; the yardstick has the row \
             conditions of the same person in its SQL. W3 and W6 begin at a random instant. The \
             request log is off. The yardstick does not sign in; its saves write the same rows."
        )?;
        if let Some(peer) = &self.peer {
            writeln!(f, "{peer}")?;
        }
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
        let mut row = ReportRow::new(Workload::W1);
        for (ours, bare) in [(80, 100), (50, 100), (90, 100)] {
            row.of(Column::Ours).rounds.push(Figures::new(&taken(ours, 1_000), None));
            row.of(Column::Yardstick).rounds.push(Figures::new(&taken(bare, 1_000), None));
        }
        assert_eq!(maybe(row.ratio(&row.bare), 2), "0.80");
        assert_eq!(maybe(row.ratio(&row.peer), 2), "-");
        let mut report = Report {
            rows: vec![row],
            database: "SQLite",
            customers: 100,
            connections: 8,
            rounds: 3,
            memory: (None, Some((Decimal::TWO, Decimal::ONE))),
            peer: None,
        };
        let shown = report.to_string();
        assert!(shown.contains("| W1 | 80 | 100 | 0.80 |"), "{shown}");
        assert!(
            shown.contains("ours - MiB (- without mapped files), yardstick 2 MiB (1 "),
            "{shown}"
        );
        assert!(!shown.contains("peer"), "{shown}");

        let mut asked = report.rows[0].clone();
        asked.of(Column::Ours).sizes.extend([200, 300, 400]);
        asked.of(Column::Peer).sizes.extend([250, 350]);
        for peer in [20, 20, 30] {
            asked.of(Column::Peer).rounds.push(Figures::new(&taken(peer, 1_000), Some(3)));
        }
        report.rows = vec![asked, ReportRow::new(Workload::W5)];
        report.peer = Some(PeerNote {
            address: "http://peer/graphql".to_owned(),
            skipped: vec![Workload::W5],
            memory: None,
        });
        let shown = report.to_string();
        assert!(shown.contains("| W1 | 80 | 100 | 0.80 |"), "{shown}");
        // The rounds' ratios are 4, 2.5 and 3.
        assert!(shown.contains(" | 20 | 3.00 | 0.11 / 0.20 | 1.500 | 300 / 300 |\n"), "{shown}");
        assert!(shown.contains("| - | - | - / - | - | - / - |\nMemory"), "{shown}");
        assert!(shown.contains("The peer is http://peer/graphql"), "{shown}");
        assert!(shown.contains("was not asked W5: it has no documents"), "{shown}");
        let columns = |line: &str| line.matches('|').count();
        let table: Vec<_> = shown.lines().filter(|line| line.starts_with('|')).collect();
        assert!(table.iter().all(|line| columns(line) == 13), "{shown}");
    }
}
