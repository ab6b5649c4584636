//! What Linux tells of running processes: the CPU time that they used, and their memory.
//!
//! Must not know whose processes they are.

use rust_decimal::Decimal;

/// The CPU time that processes have used so far, in hundredths of a second. None if there are none, or if that of
/// one cannot be read.
pub(super) fn cpu(processes: &[u32]) -> Option<u64> {
    if processes.is_empty() {
        return None;
    }
    let used = |id: &u32| cpu_of(&std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?);
    processes.iter().map(used).sum()
}

/// The memory that processes use and the part of it that is not mapped files, in MiB. None if there are none, or
/// if that of one cannot be read.
pub(super) fn memory(processes: &[u32]) -> Option<(Decimal, Decimal)> {
    let mut sum: Option<(Decimal, Decimal)> = None;
    for id in processes {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let (all, own) = sum.unwrap_or_default();
        sum = Some((all + memory_of(&status, "VmRSS:")?, own + memory_of(&status, "RssAnon:")?));
    }
    sum
}

/// The user and system time in a line of `/proc/…/stat`. Linux counts them in hundredths of a second.
fn cpu_of(stat: &str) -> Option<u64> {
    // The name in the second column may contain anything, but ends at the last bracket.
    let (_, columns) = stat.rsplit_once(')')?;
    let mut columns = columns.split_whitespace().skip(11);
    let user: u64 = columns.next()?.parse().ok()?;
    let system: u64 = columns.next()?.parse().ok()?;
    Some(user + system)
}

fn memory_of(status: &str, key: &str) -> Option<Decimal> {
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kib: Decimal = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / Decimal::from(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn process_figures_are_read() {
        let stat = "41 (a) b) S 1 2 3 4 5 6 7 8 9 10 110 7 0 0 20 0 5 0";
        assert_eq!(cpu_of(stat), Some(117));
        assert_eq!(cpu_of("nonsense"), None);
        assert_eq!(memory_of("Name:\tx\nVmRSS:\t   2048 kB\n", "VmRSS:"), Some(Decimal::from(2)));
        assert_eq!(memory_of("Name:\tx\n", "VmRSS:"), None);
    }

    #[test]
    fn nothing_is_known_of_no_process_or_one_that_is_not_there() {
        // Linux gives out no such number.
        let nobody: [&[u32]; 2] = [&[], &[u32::MAX]];
        for none in nobody {
            assert_eq!(cpu(none), None);
            assert_eq!(memory(none), None);
        }
    }
}
