//! The names of columns, made of the names of fields.

use super::super::{field_type::FieldType, names};

/// The column of a field that is stored by a name and was given another type so often: `minutes`, then `minutes_2`. No
/// name gives that one.
pub(super) fn column(
    name: &str,
    ty: &FieldType,
    custom_on_standard: bool,
    retyped: usize,
) -> Option<String> {
    let base = names::snake(name);
    let base = if custom_on_standard { format!("x_{base}") } else { base };
    let base = if retyped > 0 { names::fitted(format!("{base}_{}", retyped + 1)) } else { base };
    match ty {
        FieldType::Lines(_)
        | FieldType::ManyToMany(_)
        | FieldType::Inverse(_)
        | FieldType::Union(_) => None,
        FieldType::Relation(_) => Some(format!("{base}_id")),
        _ => Some(base),
    }
}
