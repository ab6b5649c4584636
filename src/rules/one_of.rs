//! Fields of unions in rules: whether they have a value.

use super::record::Values;
use crate::{
    base::Value,
    catalog::{FieldIx, FieldType, Object},
};

/// Whether a record has no value in a field. A union field has one where one of its relations has.
pub(crate) fn is_empty(object: &Object, values: &Values, field: FieldIx) -> bool {
    let empty = |field: &FieldIx| values.get(field).is_none_or(Value::is_null);
    match &object.field(field).ty {
        FieldType::Union(known) => known.relations.iter().all(empty),
        _ => empty(&field),
    }
}

/// Whether any of some fields is a field, or one of the relations that stand for it.
pub(super) fn is_among(object: &Object, field: FieldIx, fields: &[FieldIx]) -> bool {
    fields.contains(&field)
        || object.relations_of(field).iter().any(|relation| fields.contains(relation))
}
