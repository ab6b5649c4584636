//! The constraint that of the columns of a union field at most one has a value.
//!
//! The write path keeps it; the database refuses what goes past that. On PostgreSQL it is a check of the table:
//!
//! ```sql
//! ALTER TABLE activity ADD CONSTRAINT one_activity__subject
//!   CHECK (num_nonnulls(subject_customer_id, subject_lead_id) <= 1)
//! ```
//!
//! SQLite cannot drop a check, and a union may lose an object and get it back. There it is two triggers.

use super::dialect::{Dialect, quoted};
use crate::catalog::{Catalog, FieldIx, FieldType, Object, fitted};

/// The statements that bring the constraints from one catalog to the next, behind those that add columns.
///
/// A column that is restored kept its values, while records may have got another value since: that one stays.
pub fn follow(dialect: Dialect, old: &Catalog, new: &Catalog) -> Vec<String> {
    let mut statements = Vec::new();
    for object in &new.objects {
        let before = old.named(&object.name);
        for (ix, field) in object.each_field().filter(|(_, field)| is_union(&field.ty)) {
            let columns = columns(object, ix);
            let known = before.and_then(|before| Some((before, before.stored(&field.stored)?.0)));
            let had = known.map(|(before, ix)| self::columns(before, ix));
            if had.as_deref() == Some(columns.as_slice()) {
                continue;
            }
            let name = name(object, &field.stored);
            statements.extend(drop(dialect, object, &name));
            let had = had.unwrap_or_default();
            let back = columns.iter().filter(|column| !had.contains(column));
            statements.extend(back.filter_map(|column| give_way(object, column, &columns)));
            statements.extend(create(dialect, object, &name, &columns));
        }
    }
    // What is retired is kept as it is, and no constraint is in the way of what comes.
    for object in &old.objects {
        let Some(now) = new.named(&object.name) else { continue };
        for (_, field) in object.each_field().filter(|(_, field)| is_union(&field.ty)) {
            if now.stored(&field.stored).is_none_or(|(_, field)| !is_union(&field.ty)) {
                statements.extend(drop(dialect, object, &name(object, &field.stored)));
            }
        }
    }
    statements
}

fn is_union(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Union(_))
}

fn name(object: &Object, field: &str) -> String {
    fitted(format!("one_{}__{}", object.table, crate::catalog::snake(field)))
}

/// The columns of a union field.
fn columns(object: &Object, field: FieldIx) -> Vec<&str> {
    let relations = object.relations_of(field).iter();
    relations.filter_map(|relation| object.field(*relation).column.as_deref()).collect()
}

/// `UPDATE activity SET subject_lead_id = NULL WHERE subject_lead_id IS NOT NULL AND subject_customer_id IS NOT NULL`
fn give_way(object: &Object, column: &str, columns: &[&str]) -> Option<String> {
    let others = columns.iter().filter(|other| **other != column);
    let others: Vec<_> = others.map(|other| format!("{} IS NOT NULL", quoted(other))).collect();
    let (table, column) = (quoted(&object.table), quoted(column));
    (!others.is_empty()).then(|| {
        let others = others.join(" OR ");
        format!("UPDATE {table} SET {column} = NULL WHERE {column} IS NOT NULL AND ({others})")
    })
}

const EVENTS: [&str; 2] = ["insert", "update"];

fn drop(dialect: Dialect, object: &Object, name: &str) -> Vec<String> {
    let table = quoted(&object.table);
    match dialect {
        Dialect::Postgres => {
            vec![format!("ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {}", quoted(name))]
        }
        Dialect::Sqlite => EVENTS
            .map(|event| format!("DROP TRIGGER IF EXISTS {}", quoted(&format!("{name}_{event}"))))
            .into(),
    }
}

fn create(dialect: Dialect, object: &Object, name: &str, columns: &[&str]) -> Vec<String> {
    let table = quoted(&object.table);
    if columns.len() < 2 {
        return Vec::new();
    }
    let names: Vec<_> = columns.iter().map(|column| quoted(column)).collect();
    let names = names.join(", ");
    if dialect == Dialect::Postgres {
        let name = quoted(name);
        return vec![format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (num_nonnulls({names}) <= 1)"
        )];
    }
    let given = columns.iter().map(|column| format!("(NEW.{} IS NOT NULL)", quoted(column)));
    let given = given.collect::<Vec<_>>().join(" + ");
    let refuse = format!("SELECT RAISE(ABORT, 'CHECK constraint failed: {name}')");
    let trigger = |event: &str| {
        let trigger = quoted(&format!("{name}_{event}"));
        let event =
            if event == "insert" { "INSERT".to_owned() } else { format!("UPDATE OF {names}") };
        format!(
            "CREATE TRIGGER {trigger} BEFORE {event} ON {table} WHEN {given} > 1 BEGIN {refuse}; END"
        )
    };
    EVENTS.map(trigger).into()
}
