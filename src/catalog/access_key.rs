//! Access keys: values of related records that row rules compare, which a record carries in columns of its own,
//! so that a rule need not look at the related record.
//!
//! An opportunity is seen by way of its customer, and the customer by its department. So the opportunity
//! carries the customer's department. They are no fields: nobody reads or writes them, and history does not
//! mention them. `records::store` keeps them, also when the related record changes.

use super::ids::FieldIx;

/// A value of a related record that the records of an object carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// The relation.
    pub via: FieldIx,
    /// The field of the related record.
    pub key: FieldIx,
    /// The column that carries it: `customer_id__department_id`. No field's column has two underscores in a
    /// row.
    pub column: String,
    /// The table of the related record, and the field's column there.
    pub from: (String, String),
}

/// An object whose records carry a field of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    /// The field that they carry.
    pub key: FieldIx,
    /// Their table.
    pub table: String,
    /// The column that refers to the record.
    pub via: String,
    /// The column that carries the field.
    pub column: String,
}
