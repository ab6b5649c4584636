//! How an approval begins: a record is submitted, by itself or by a move.

use uuid::Uuid;

use super::{
    progress::{Deed, Running},
    rows::{self, ApprovalPlan, ApprovalProgress, ApprovalRow, EntryKind, ReadFrom},
    voided,
};
use crate::{
    access::RowRule,
    base::{Error, Result, Value},
    catalog::{Approval, Object, RuleExpr},
    expr,
    records::{
        Input, Session,
        draft::{StoredRecord, current},
        faults,
        stages::{RowDraft, Save},
        write::{WriteOutcome, update},
    },
    rules,
    storage::Tx,
};

/// How a record is submitted.
#[derive(Debug, Clone, Copy)]
pub(in crate::records) struct Submitted<'s> {
    /// The move, and the state from which it led; none: by itself.
    pub(in crate::records) by: Option<(&'s str, Option<&'s str>)>,
    pub(in crate::records) comment: Option<&'s str>,
}

/// Whether a condition holds of a record, as the server sees it.
async fn holds(
    session: &Session,
    tx: &Tx,
    object: &Object,
    record: &StoredRecord,
    when: &RuleExpr,
) -> Result<std::result::Result<bool, Error>> {
    let save = Save::new(session, tx);
    let mut row = RowDraft::known(object, &record.values, Vec::new());
    save.read_for(&mut row, std::iter::once(&when.expr)).await?;
    Ok(match expr::eval(&when.expr, &save.scope(&row)) {
        Ok(value) => Ok(value == Value::Bool(true)),
        Err(error) => Err(rules::faults::not_computable(object.noun(), error)),
    })
}

/// The first approval that applies to a record; `which` tells those that are meant.
async fn first<'o>(
    session: &Session,
    tx: &Tx,
    object: &'o Object,
    record: &StoredRecord,
    which: impl Fn(&Approval) -> bool,
) -> Result<std::result::Result<Option<&'o Approval>, Error>> {
    for approval in object.approvals.iter().filter(|approval| which(approval)) {
        let holds = match &approval.when {
            None => Ok(true),
            Some(when) => holds(session, tx, object, record, when).await?,
        };
        match holds {
            Ok(false) => {}
            Ok(true) => return Ok(Ok(Some(approval))),
            Err(fault) => return Ok(Err(fault)),
        }
    }
    Ok(Ok(None))
}

/// Whether some approval applies to a record.
pub(in crate::records) async fn applies(
    session: &Session,
    tx: &Tx,
    object: &Object,
    record: &StoredRecord,
) -> Result<std::result::Result<bool, Error>> {
    let server = session.elevated("whether a record needs approval goes by the record");
    let found = first(&server, tx, object, record, |_| true).await?;
    Ok(found.map(|approval| approval.is_some()))
}

/// Whether an approval of the object may begin with a move, or by itself.
pub(in crate::records) fn begins(object: &Object, by: Option<&str>) -> bool {
    object.approvals.iter().any(|approval| begins_by(approval, by))
}

fn begins_by(approval: &Approval, by: Option<&str>) -> bool {
    match by {
        None => approval.moves.is_empty(),
        Some(code) => approval.moves.iter().any(|known| known == code),
    }
}

/// Begins the approval of a record whose lock the caller holds. Returns whether one applies; the fault if that cannot be
/// told.
pub(in crate::records) async fn begin(
    session: &Session,
    tx: &Tx,
    object: &Object,
    id: Uuid,
    submitted: Submitted<'_>,
) -> Result<std::result::Result<bool, Error>> {
    let server = session.elevated("whether a record needs approval goes by the record");
    let mut known = current(&server, tx, object, &[id], &RowRule::All).await?;
    let Some(record) = known.pop() else { return Ok(Ok(false)) };
    let by = submitted.by.map(|(code, _)| code);
    let meant = |approval: &Approval| begins_by(approval, by);
    let approval = match first(&server, tx, object, &record, meant).await? {
        Ok(Some(approval)) => approval,
        Ok(None) => {
            return leave(session, tx, object, record).await.map(|()| Ok(false));
        }
        Err(fault) => return Ok(Err(fault)),
    };
    // A new round takes the place of what was approved.
    voided::void(session, tx, &object.name, &[id]).await?;
    let mut steps = Vec::new();
    for step in &approval.steps {
        let is_one = match &step.when {
            None => Ok(true),
            Some(when) => holds(&server, tx, object, &record, when).await?,
        };
        match is_one {
            Ok(true) => steps.push(step.plan.clone()),
            Ok(false) => {}
            Err(fault) => return Ok(Err(fault)),
        }
    }
    let earlier = rows::of_record(ReadFrom::Tx(tx), &object.name, id).await?;
    let rounds = earlier.iter().filter(|row| row.code == approval.code).count();
    let label = (approval.label.zh.clone(), approval.label.en.clone());
    let (oneself, once) = (approval.oneself, approval.once);
    let row = ApprovalRow {
        id: session.env.ids.next(),
        object: object.name.clone(),
        record: id,
        code: approval.code.clone(),
        plan: ApprovalPlan { label, oneself, once, steps },
        state: ApprovalProgress::Pending,
        round: i64::try_from(rounds + 1).unwrap_or(i64::MAX),
        place: 0,
        back: submitted.by.and_then(|(_, from)| from.map(str::to_owned)),
        operator: session.access.operator(),
        employee: session.access.viewer(),
        started_at: session.env.clock.now().timestamp_micros(),
        ended_at: None,
    };
    rows::insert_approval(tx, &row).await?;
    let mut running = Running { session, tx, object, approval: row, tasks: Vec::new() };
    let done = Deed { comment: submitted.comment, ..Deed::default() };
    running.note(EntryKind::Submit, done).await?;
    Box::pin(running.begin()).await?;
    Ok(Ok(true))
}

/// What is submitted and needs no approval has none: nothing of an earlier round stands.
async fn leave(session: &Session, tx: &Tx, object: &Object, record: StoredRecord) -> Result<()> {
    let Some(state) = object.approval_state() else { return Ok(()) };
    if super::state_of(object, &record.values).is_none() {
        return Ok(());
    }
    let server = session.elevated("what needs no approval has none");
    let patch = Input { values: vec![(state, Value::Null)], ..Input::default() };
    match update(&server, tx, object, vec![(record, &patch)], &mut Vec::new(), false).await? {
        WriteOutcome::Done(_) => Ok(()),
        WriteOutcome::Refused(faults) => {
            let first = faults.into_iter().flatten().next();
            Err(first.unwrap_or_else(|| Error::internal("an empty state is refused")))
        }
    }
}

/// What is wrong with submitting a record by itself, where no approval applies.
pub(in crate::records) fn nothing_applies(object: &Object) -> Error {
    faults::needs_no_approval(object.noun())
}
