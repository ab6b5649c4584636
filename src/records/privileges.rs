//! Fields that make of an operator who may do what: whose account is whose, whether they may sign in, where they
//! work. Whoever changes them gives rights, so that the right to edit such a record is not enough.

use super::{session::Session, stages::Row};
use crate::{
    base::{Code, Error, Value},
    catalog::{FieldIx, within},
    message,
};

/// What of a row the caller may not decide. Administrators decide everything, who else gives rights what is not
/// about themselves. A new employee is nobody's operator yet; a new operator is one already.
pub(super) fn check(session: &Session, row: &mut Row<'_>) {
    let (access, object) = (&session.access, row.object);
    if access.may_everything() || row.old.is_none() && object.name == "Employee" {
        return;
    }
    let id = row.values.get(&FieldIx(0)).and_then(Value::as_id);
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
            let message = message!(
                "rights go by {name}: only administrators change it",
                "{name}决定操作员的权限，仅管理员可以修改",
                name
            );
            let fault = Error::of(Code::RecordReadOnly, message).about([field.name.as_str()]);
            faults.push(row.placed(fault.at([field.name.as_str()])));
        }
    }
    row.faults.append(&mut faults);
}
