//! Makes fields and arguments of the schema of records.

use async_graphql::{
    Value,
    dynamic::{EnumItem, Field, FieldFuture, InputValue, TypeRef},
};

use crate::catalog::Object;

/// Makes a field, which is never resolved.
pub(super) fn field(name: impl Into<String>, ty: TypeRef) -> Field {
    Field::new(name, ty, |_| FieldFuture::from_value(None::<Value>))
}

/// Says of what bears an old name that it should not be used any more. It keeps the type that it had.
pub(super) trait Dated: Sized {
    /// Sets the reason.
    fn dated(self, reason: &str) -> Self;

    /// The same element, deprecated if it bears an old name of a field.
    fn under(self, object: &Object, name: &str) -> Self {
        match object.name_now(name) {
            Some(now) => self.renamed_to(now),
            None => self,
        }
    }

    /// The same element, deprecated for another.
    fn renamed_to(self, now: &str) -> Self {
        self.dated(&format!("Renamed to `{now}`."))
    }
}

impl Dated for Field {
    fn dated(self, reason: &str) -> Self {
        self.deprecation(Some(reason))
    }
}

impl Dated for InputValue {
    fn dated(self, reason: &str) -> Self {
        self.deprecation(Some(reason))
    }
}

impl Dated for EnumItem {
    fn dated(self, reason: &str) -> Self {
        self.deprecation(Some(reason))
    }
}

/// Makes an argument.
pub(super) fn arg(name: &str, ty: TypeRef) -> InputValue {
    InputValue::new(name, ty)
}

/// Makes a field of an input.
pub(super) fn input(name: &str, ty: TypeRef) -> InputValue {
    InputValue::new(name, ty)
}
