//! Tables and columns of what was retired and is defined again: they are there, and get what they lack.

use super::{
    access_keys,
    ddl::{There, add_field, drop_index, no_key, object_indexes},
    dialect::Dialect,
    fill,
};
use crate::catalog::{
    Catalog, CatalogChange, ChangeKind, Field, FieldType, Junction, Object, Retired, RollupScope,
};

/// The statements for what a new catalog restores. What an object lacks is added; keys that it no longer has go.
pub fn restored(
    dialect: Dialect,
    new: &Catalog,
    retired: &Retired,
    changes: &[CatalogChange],
    there: &There,
) -> Vec<String> {
    let mut statements = Vec::new();
    for change in changes {
        let Some(object) = new.named(&change.object) else { continue };
        match (change.kind, &change.field) {
            (ChangeKind::RestoreObject, _) => {
                statements.extend(of_object(dialect, new, object, retired, there));
            }
            (ChangeKind::RestoreField, Some(field)) => {
                // While it was hidden, lines have changed without it.
                if let Some((_, field)) = object.named(field)
                    && field.column.is_some()
                    && let (FieldType::Rollup(rollup), None) = (&field.ty, &field.counted)
                    && rollup.scope == RollupScope::Lines
                {
                    statements.push(fill::rollup(dialect, new, object, field, None));
                }
            }
            _ => {}
        }
    }
    statements
}

fn of_object(
    dialect: Dialect,
    new: &Catalog,
    object: &Object,
    retired: &Retired,
    there: &There,
) -> Vec<String> {
    let (mut tables, mut references, mut indexes) = (Vec::new(), Vec::new(), Vec::new());
    let has =
        |table: &str, column: &str| there.columns.contains(&(table.to_owned(), column.to_owned()));
    let lacks = |field: &&Field| match (&field.ty, &field.column) {
        (FieldType::ManyToMany(junction), _) => !has(&junction.table, Junction::OWNER),
        (_, column) => column.as_ref().is_some_and(|column| !has(&object.table, column)),
    };
    for field in object.fields.iter().filter(lacks) {
        add_field(dialect, new, object, field, &mut tables, &mut references, &mut indexes);
    }
    tables.extend(access_keys::add(dialect, new, object, |column| has(&object.table, column)));
    if let Some((catalog, before)) = retired.object(&object.name) {
        let gone = before
            .uniques
            .iter()
            .filter(|unique| object.uniques.iter().all(|kept| kept.name != unique.name));
        for unique in gone.filter(|unique| there.indexes.contains(&unique.name)) {
            tables.push(drop_index(dialect, &unique.name));
            tables.extend(no_key(dialect, catalog, object, &unique.name));
        }
    }
    let lacking = object_indexes(dialect, object).into_iter();
    indexes.extend(lacking.filter(|(name, _)| !there.indexes.contains(name)).map(|(_, sql)| sql));
    tables.into_iter().chain(references).chain(indexes).collect()
}
