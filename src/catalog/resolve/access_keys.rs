//! Derives which values of related records the records of each object carry, once all else is resolved.

use super::super::{
    access_key::{AccessKey, Carrier},
    field::Field,
    field_type::FieldType,
    ids::{FieldIx, ObjectIx},
    names::fitted,
    object::{Object, ObjectKind},
    snapshot::Catalog,
};

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
        let object = &mut catalog.objects[ix];
        object.access_keys = keys;
        complete_indexes(object);
    }
}

/// Lets indexes with included fields also have what the object's rule reads of related records, so that groups
/// and counts under the rule read the index alone. Their names say all that they have.
fn complete_indexes(object: &mut Object) {
    let column = |object: &Object, ix: FieldIx| object.field(ix).column.clone();
    let mut carried: Vec<String> = Vec::new();
    for key in &object.access_keys {
        for column in column(object, key.via).into_iter().chain([key.column.clone()]) {
            if !carried.contains(&column) {
                carried.push(column);
            }
        }
    }
    for at in 0..object.indexes.len() {
        let index = &object.indexes[at];
        if index.include.is_empty() {
            continue;
        }
        let own: Vec<_> = index.fields.iter().chain(&index.include).collect();
        let own: Vec<_> = own.into_iter().filter_map(|field| column(object, *field)).collect();
        let carried: Vec<_> = carried.iter().filter(|name| !own.contains(name)).cloned().collect();
        let columns = own.iter().chain(&carried).map(String::as_str).collect::<Vec<_>>();
        let name = fitted(format!("by_{}__{}", object.table, columns.join("__")));
        let index = &mut object.indexes[at];
        (index.name, index.carried) = (name, carried);
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

/// None if the field cannot be carried: the server sets the relation itself, or the field is computed, has no
/// value that rules compare, or leads to a record whose own rule counts. Of a record of the same object nothing is
/// carried.
fn access_key(catalog: &Catalog, object: &Object, via: FieldIx, key: FieldIx) -> Option<AccessKey> {
    // Authors are also written and cleared beside the store, so a rule over them looks the record up.
    let relation = Some(object.field(via)).filter(|field| !field.system)?;
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
