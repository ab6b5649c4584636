//! What comes of the decisions on a step. Pure.

use super::rows::TaskState;
use crate::catalog::Quorum;

/// What comes of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StepOutcome {
    /// Decisions are missing.
    Waits,
    /// Enough have agreed.
    Passed,
    /// Too few can agree any more.
    Refused,
}

/// What comes of a step by the states of its tasks. A step without tasks asks nobody and is passed.
pub(super) fn of_step(quorum: Quorum, tasks: &[TaskState]) -> StepOutcome {
    let count = |state: TaskState| tasks.iter().filter(|known| **known == state).count();
    // Whoever has it now counts instead.
    let all = tasks.len() - count(TaskState::Delegated);
    let yes = count(TaskState::Approved);
    let open = count(TaskState::Open) + count(TaskState::Waiting);
    let no = count(TaskState::Rejected) + count(TaskState::Returned);
    let most = |wanted: u32| usize::try_from(wanted).unwrap_or(usize::MAX).min(all);
    let needed = match quorum {
        Quorum::Any if no > 0 && yes == 0 => return StepOutcome::Refused,
        Quorum::Any => all.min(1),
        Quorum::All => all,
        Quorum::Count(count) => most(count),
        Quorum::Percent(percent) => {
            let of_all = all.saturating_mul(usize::try_from(percent).unwrap_or(100));
            of_all.div_ceil(100).min(all)
        }
    };
    if yes >= needed {
        StepOutcome::Passed
    } else if yes + open < needed {
        StepOutcome::Refused
    } else {
        StepOutcome::Waits
    }
}

#[cfg(test)]
mod tests {
    use super::{
        StepOutcome::{Passed, Refused, Waits},
        of_step,
    };
    use crate::{
        catalog::Quorum,
        records::TaskState::{self, Approved, Closed, Delegated, Open, Rejected, Waiting},
    };

    #[test]
    fn decisions_come_to_what_the_quorum_says() {
        let cases: [(Quorum, &[TaskState], _); 16] = [
            (Quorum::Any, &[], Passed),
            (Quorum::Any, &[Open, Open], Waits),
            (Quorum::Any, &[Approved, Open], Passed),
            (Quorum::Any, &[Rejected, Open], Refused),
            (Quorum::All, &[Approved, Open], Waits),
            (Quorum::All, &[Approved, Waiting], Waits),
            (Quorum::All, &[Approved, Approved], Passed),
            (Quorum::All, &[Approved, Rejected, Open], Refused),
            (Quorum::All, &[Delegated, Approved], Passed),
            (Quorum::All, &[Approved, Closed], Refused),
            (Quorum::Count(2), &[Approved, Rejected, Open], Waits),
            (Quorum::Count(2), &[Approved, Rejected, Rejected], Refused),
            (Quorum::Count(5), &[Approved, Approved], Passed),
            (Quorum::Percent(60), &[Approved, Open, Open], Waits),
            (Quorum::Percent(60), &[Approved, Approved, Open], Passed),
            (Quorum::Percent(60), &[Approved, Rejected, Rejected], Refused),
        ];
        for (quorum, tasks, expected) in cases {
            assert_eq!(of_step(quorum, tasks), expected, "{quorum:?} of {tasks:?}");
        }
    }
}
