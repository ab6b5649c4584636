//! Makes fields and arguments of the schema of records.

use async_graphql::{
    Value,
    dynamic::{Field, FieldFuture, InputValue, TypeRef},
};

/// Makes a field, which is never resolved.
pub(super) fn field(name: impl Into<String>, ty: TypeRef) -> Field {
    Field::new(name, ty, |_| FieldFuture::from_value(None::<Value>))
}

/// Makes an argument.
pub(super) fn arg(name: &str, ty: TypeRef) -> InputValue {
    InputValue::new(name, ty)
}

/// Makes a field of an input.
pub(super) fn input(name: &str, ty: TypeRef) -> InputValue {
    InputValue::new(name, ty)
}
