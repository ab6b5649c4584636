//! An approval does not outlast a change of what it was given for.

use uuid::Uuid;

use super::rows::{
    ApprovalProgress, EntryKind, EntryRow, ReadFrom, insert_entry, of_record, update_approval,
};
use crate::{base::Result, records::Session, storage::Tx};

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
