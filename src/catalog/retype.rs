//! Fields that a publish gives another type: which columns their values are in, before and behind, and how they are
//! converted. What is here is stored with the job that does it.

use serde::{Deserialize, Serialize};

use super::{
    change::{CatalogChange, ChangeKind},
    conversion::Conversion,
    names::fitted,
    object::Object,
    snapshot::Catalog,
};

/// One field that gets another type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Retype {
    /// The object.
    pub object: String,
    /// The field, by the name that it gets.
    pub field: String,
    /// The table.
    pub table: String,
    /// The column with the values before.
    pub from: String,
    /// The column with the values behind.
    pub to: String,
    /// How they are converted.
    pub conversion: Conversion,
    /// Values that cannot be converted are emptied; otherwise nothing is published while there is one.
    pub or_null: bool,
}

impl Retype {
    /// The column that has, of each record, what it was converted from: where it differs from the column before, the
    /// record is still to be converted. No definition has a column of this name.
    pub fn was(&self) -> String {
        fitted(format!("{}__was", self.to))
    }

    /// The field as people name it.
    pub fn name(&self) -> String {
        format!("{}.{}", self.object, self.field)
    }
}

/// What changes of types there are among the differences of two catalogs; `earlier` is an object as it was before.
pub fn retypes<'c>(
    changes: &[CatalogChange],
    earlier: impl Fn(&str) -> Option<(&'c Catalog, &'c Object)>,
    new: &Catalog,
) -> Vec<Retype> {
    let retyped = changes.iter().filter(|change| change.kind == ChangeKind::RetypeField);
    retyped
        .filter_map(|change| {
            let object = new.named(&change.object)?;
            let (_, field) = object.named(change.field.as_deref()?)?;
            let (old, before) = earlier(&change.object)?;
            let (_, before) = before.stored(&field.stored)?;
            Some(Retype {
                object: object.name.clone(),
                field: field.name.clone(),
                table: object.table.clone(),
                from: before.column.clone()?,
                to: field.column.clone()?,
                conversion: Conversion::between((old, &before.ty), (new, &field.ty))?,
                or_null: field.retyped.last().is_some_and(|former| former.or_null),
            })
        })
        .collect()
}
