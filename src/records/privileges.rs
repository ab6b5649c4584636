//! Protects the fields of operators and employees that rights depend on: account, status, place of work.
//! Changing them grants rights, so the right to edit the record is not enough.

use super::{faults, session::Session, stages::RowDraft};
use crate::{
    base::Value,
    catalog::{FieldIx, within},
};

/// Adds a fault for each such field that the caller may not change. Administrators may change all, designers
/// those of other people. A new employee has no operator yet, so their fields are free; a new operator's are
/// not.
pub(super) fn check(session: &Session, row: &mut RowDraft<'_>) {
    let (access, object) = (&session.access, row.object);
    if access.may_everything() || row.old.is_none() && object.name == "Employee" {
        return;
    }
    let id = row.values.get(&FieldIx::ID).and_then(Value::as_id);
    let own = id.is_some() && (id == access.operator() || id == access.viewer());
    if access.may_customize() && !own {
        return;
    }
    let value = |values: &super::store::Values, ix: FieldIx| {
        values.get(&ix).filter(|value| !value.is_null()).cloned()
    };
    let mut faults = Vec::new();
    for (ix, field) in object.rights_rest_on() {
        if value(&row.values, ix) != row.old.and_then(|old| value(old, ix)) {
            let name = within(&session.catalog.title(object, field));
            let fault = faults::decides_rights(name).about([field.name.as_str()]);
            faults.push(row.placed(fault.at([field.name.as_str()])));
        }
    }
    row.faults.append(&mut faults);
}
