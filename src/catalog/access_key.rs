//! Access keys: values of related records that row rules compare, which a record carries in columns of its own,
//! so that a rule need not look at the related record.
//!
//! An opportunity is seen by way of its customer, and the customer by its department. So the opportunity
//! carries the customer's department. They are no fields: nobody reads or writes them, and history does not
//! mention them. `records::store` keeps them, also when the related record changes.

use super::{
    field::{Field, FieldIx},
    field_type::FieldType,
    names::fitted,
    object::{Object, ObjectIx, ObjectKind},
    snapshot::Catalog,
};

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

/// Derives the access keys of all objects, and for each object who carries its fields.
///
/// An object carries, of each parent, the fields by which dimensions control the parent, and the ends of its
/// own dimensions over one relation.
pub(super) fn derive(catalog: &mut Catalog) {
    let keys: Vec<Vec<AccessKey>> =
        catalog.objects.iter().map(|object| keys(catalog, object)).collect();
    for (ix, keys) in keys.into_iter().enumerate() {
        for key in &keys {
            let object = &catalog.objects[ix];
            let carrier = object.field(key.via).column.as_ref().map(|via| Carrier {
                key: key.key,
                table: object.table.clone(),
                via: via.clone(),
                column: key.column.clone(),
            });
            let target = object.field(key.via).target();
            if let (Some(carrier), Some(ObjectIx(target))) = (carrier, target) {
                catalog.objects[target].carriers.push(carrier);
            }
        }
        catalog.objects[ix].access_keys = keys;
    }
}

fn keys(catalog: &Catalog, object: &Object) -> Vec<AccessKey> {
    if object.kind == ObjectKind::Line {
        return Vec::new();
    }
    let mut pairs = Vec::new();
    for (via, field) in object.each_field() {
        let parent = field.relation().filter(|relation| relation.parent && !field.system);
        let Some(relation) = parent else { continue };
        let of_parent = catalog.object(relation.target).dimensions.iter();
        pairs.extend(of_parent.filter_map(|dimension| match dimension.path.as_slice() {
            [key] => Some((via, *key)),
            _ => None,
        }));
    }
    pairs.extend(object.dimensions.iter().filter_map(
        |dimension| match dimension.path.as_slice() {
            [via, key] => Some((*via, *key)),
            _ => None,
        },
    ));
    let mut keys: Vec<AccessKey> = Vec::new();
    for (via, key) in pairs {
        if keys.iter().all(|known| (known.via, known.key) != (via, key)) {
            keys.extend(access_key(catalog, object, via, key));
        }
    }
    keys
}

/// None if the field cannot be carried: it is computed, no value that rules compare, or leads to a record
/// whose own rule counts. Of a record of the same object nothing is carried.
fn access_key(catalog: &Catalog, object: &Object, via: FieldIx, key: FieldIx) -> Option<AccessKey> {
    let relation = object.field(via);
    let target = catalog.object(relation.target().filter(|target| *target != object.ix)?);
    let field = target.field(key);
    let of_parent = field.relation().is_some_and(|relation| relation.parent);
    if of_parent || !compared(field) {
        return None;
    }
    let (column, of) = (relation.column.as_deref()?, field.column.as_deref()?);
    let column = fitted(format!("{column}__{of}"));
    Some(AccessKey { via, key, column, from: (target.table.clone(), of.to_owned()) })
}

/// Whether a rule compares values of this field.
fn compared(field: &Field) -> bool {
    let stored = matches!(field.ty, FieldType::Relation(_) | FieldType::Picklist(_));
    stored && field.formula.is_none() && field.column.is_some()
}
