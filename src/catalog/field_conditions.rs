//! Conditions on fields: when a field is required, visible or read-only, and which records it may refer to.
//!
//! Each is an expression in the scope of the record, and holds where it is true: not where it is false or null.

use crate::expr::Expr;

/// A condition with its text, to compare versions by.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldCondition {
    /// The expression.
    pub expr: Expr,
    /// Its text.
    pub text: String,
}

/// The conditions on one field.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FieldConditions {
    /// A saved record has a value, if the field is visible.
    pub required: Option<FieldCondition>,
    /// Pages show the field. This is no right.
    pub visible: Option<FieldCondition>,
    /// Callers do not change the value.
    pub read_only: Option<FieldCondition>,
    /// The relation may refer to a record. The record is read as the value of the relation itself.
    pub choose: Option<FieldCondition>,
}

impl FieldConditions {
    /// Every condition there is.
    pub fn all(&self) -> impl Iterator<Item = &FieldCondition> {
        [&self.required, &self.visible, &self.read_only, &self.choose].into_iter().flatten()
    }
}
