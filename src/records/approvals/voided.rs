//! An approval does not outlast a change of what it was given for.

use uuid::Uuid;

use super::rows::{
    ApprovalProgress, EntryKind, EntryRow, ReadFrom, insert_entry, of_record, update_approval,
};
use crate::{
    base::{Result, Value},
    catalog::{APPROVED, FieldIx, FieldType},
    records::{Session, events, stages::RowDraft, store::Values},
    storage::Tx,
};

/// Empties the state of an approved row, of whose fields and lists these were touched, if one of them takes the approval back.
pub(in crate::records) fn take_back(row: &mut RowDraft<'_>, old: &Values, touched: &[FieldIx]) {
    let object = row.object;
    let stands = |values: &Values| super::state_of(object, values) == Some(APPROVED);
    if !stands(old) || !stands(&row.values) {
        return;
    }
    let listed = |ix: &FieldIx| {
        matches!(object.field(*ix).ty, FieldType::Lines(_) | FieldType::ManyToMany(_))
    };
    let mut changed = events::changed(object, old, &row.values);
    changed.extend(touched.iter().chain(row.given()).filter(|ix| listed(ix)));
    let mut voids = object.approvals.iter().flat_map(|approval| &approval.voids);
    if voids.any(|ix| changed.contains(ix)) {
        row.values.extend(object.approval_state().map(|state| (state, Value::Null)));
    }
}

/// Takes back the approval of records that were changed.
pub(in crate::records) async fn void(
    session: &Session,
    tx: &Tx,
    object: &str,
    records: &[Uuid],
) -> Result<()> {
    for record in records {
        for mut row in of_record(ReadFrom::Tx(tx), object, *record).await? {
            if row.state != ApprovalProgress::Approved {
                continue;
            }
            row.state = ApprovalProgress::Void;
            update_approval(tx, &row).await?;
            let done = EntryRow {
                approval: row.id,
                at: session.env.clock.now().timestamp_micros(),
                kind: EntryKind::Void,
                step: None,
                operator: session.access.operator(),
                behalf: None,
                to: None,
                comment: None,
            };
            insert_entry(session, tx, &done).await?;
        }
    }
    Ok(())
}
