//! Fields that get another type, within the transaction of their publish: what is left to convert is converted, and the
//! indexes go over to the new columns.

use super::{JobRow, PublishPlan, faults};
use crate::{
    base::{Env, Error, Result},
    catalog::{Catalog, Retype},
    storage::{Tx, catalogs, failing_records::FailingRecords, fault, retypes},
};

/// Records that a refusal names.
const NAMED: usize = 5;

/// Converts what is not converted yet. Fails if there is a value that cannot be and may not be emptied.
pub(super) async fn convert(
    tx: &Tx,
    env: &Env,
    (old, new): (&Catalog, &Catalog),
    plan: &PublishPlan,
    retyped: &[Retype],
) -> Result<()> {
    for retype in retyped {
        let failing = retypes::fill_all(tx, env.zone, retype, NAMED).await?;
        if failing.count > 0 && !retype.or_null {
            return Err(refused(retype, &failing));
        }
    }
    let mut done: Vec<&str> = Vec::new();
    for retype in retyped {
        let before = plan.retired.earlier(old, &retype.object).map(|(_, object)| object);
        let (Some(before), Some(object)) = (before, new.named(&retype.object)) else { continue };
        if !done.contains(&retype.object.as_str()) {
            retypes::reindex(tx, before, object).await?;
            done.push(&retype.object);
        }
    }
    Ok(())
}

/// Only those who may see all records get here.
fn refused(retype: &Retype, failing: &FailingRecords) -> Error {
    let named: Vec<_> = failing.examples.iter().map(ToString::to_string).collect();
    faults::not_converted(failing.count, retype.name(), named.join(", "))
}

/// Writes the row of a job. Where another worker has the job, nothing may be published.
pub(super) async fn note(tx: &Tx, job: Option<&JobRow>) -> Result<()> {
    let written = match job {
        None => return Ok(()),
        Some(JobRow::New(insert)) => tx.insert(insert).await,
        Some(JobRow::Moved(update)) => tx.update(update).await,
    };
    match written.map_err(fault)? {
        1 => Ok(()),
        _ => Err(catalogs::conflict()),
    }
}
