//! Values of picklists that nobody chooses any more: none that new records get by themselves, or saves would fail for a
//! reason that nobody gave.

use super::{
    super::{ids::PicklistIx, messages, object::Object, part::Origin},
    Stages,
};
use crate::base::{Code, Message, Value};

/// The values that the program itself gives to records.
const GIVEN: [(&str, &[&str]); 4] = [
    ("RelatedSource", &["MANUAL", "RULE", "OWNER", "DELEGATION", "APPROVAL"]),
    ("ApprovalState", &["PENDING", "RETURNED", "APPROVED", "REJECTED"]),
    ("OperatorStatus", &["ENABLED", "DISABLED"]),
    ("EmployeeStatus", &["ACTIVE", "LEFT"]),
];

/// Reports values that are inactive and given all the same.
pub(super) fn check(work: &mut Stages<'_>) {
    for (ix, name, place) in std::mem::take(&mut work.inactive) {
        let Some((message, hint)) = given(work, ix, &name) else { continue };
        work.hinted(place.fault(Code::CatalogDirective, message), hint);
    }
}

/// What gives the value, with advice.
fn given(work: &Stages<'_>, ix: PicklistIx, name: &str) -> Option<(Message, Message)> {
    let list = work.catalog.picklist(ix);
    let by_program =
        |(known, values): &(&str, &[&str])| *known == list.name && values.contains(&name);
    if list.origin == Origin::Standard && GIVEN.iter().any(by_program) {
        return Some((messages::product_relies(name, &list.name), messages::or_relabel()));
    }
    let object = |object: &Object| {
        let field = object.fields.iter().find(|field| {
            let mut made = field.default.iter().flat_map(|expr| expr.outcomes());
            field.ty.picklist() == Some(ix)
                && made.any(|value| matches!(value, Value::Text(text) if text == name))
        })?;
        let hint = match field.origin {
            Origin::Standard => messages::or_relabel(),
            Origin::Custom => messages::other_default_first(),
        };
        Some((messages::given_as_default(name, &object.name, &field.name), hint))
    };
    work.catalog.objects.iter().find_map(object)
}
