//! Tables of objects: the statements that migrate a database from one catalog to the next.
//!
//! Columns of declared fields allow NULL. The write path checks required fields, so that `required` can
//! change without rewriting tables. Every relation is a foreign key. One statement per string; they run in
//! one transaction with their metadata.

use std::collections::HashSet;

use sea_orm::sea_query::{
    Alias, ColumnDef, ConditionalStatement, Expr, ExprTrait, ForeignKey, ForeignKeyAction,
    ForeignKeyCreateStatement, Index, IndexCreateStatement, PostgresQueryBuilder,
    SqliteQueryBuilder, Table,
};

use super::{
    access_keys,
    dialect::{Dialect, quoted},
    fill,
    keys::{self, KeyIndex},
    numbered,
};
use crate::catalog::{
    Catalog, CatalogChange, ChangeKind, Field, FieldIx, FieldType, Junction, Object, ObjectKind,
    OnDelete, RECORDED, RollupScope, Storage,
};

/// The statements for all changes, in an order that works: tables, columns, references, indexes.
pub fn statements(
    dialect: Dialect,
    old: &Catalog,
    new: &Catalog,
    changes: &[CatalogChange],
) -> Vec<String> {
    let mut tables = Vec::new();
    let mut references = Vec::new();
    let mut indexes = Vec::new();
    let mut besides = HashSet::new();
    // Tables of restored objects are there; `restored` brings them up.
    let again = |kind| kind == ChangeKind::RestoreObject;
    let again: HashSet<&str> =
        changes.iter().filter(|c| again(c.kind)).map(|c| c.object.as_str()).collect();
    for change in changes.iter().filter(|change| !again.contains(change.object.as_str())) {
        let Some(object) = new.named(&change.object) else { continue };
        let field = change.field.as_deref();
        match change.kind {
            ChangeKind::AddObject => {
                create(dialect, new, object, &mut tables, &mut references, &mut indexes);
            }
            ChangeKind::AddField => {
                if let Some((_, field)) = field.and_then(|name| object.named(name)) {
                    add_field(
                        dialect,
                        new,
                        object,
                        field,
                        &mut tables,
                        &mut references,
                        &mut indexes,
                    );
                }
            }
            ChangeKind::AddUnique | ChangeKind::AddIndex => {
                let unique =
                    object.uniques.iter().find(|unique| Some(unique.name.as_str()) == field);
                if let Some(unique) = unique {
                    let (before, of) = (old.named(&change.object), unique.fields.as_slice());
                    for (name, add) in newly_beside(dialect, before, object, of) {
                        // Two new keys may share a field.
                        if besides.insert(name) {
                            indexes.push(add);
                        }
                    }
                }
                indexes.extend(
                    object_indexes(dialect, object)
                        .into_iter()
                        .filter(|(name, _)| {
                            let goes_with = field.map(keys::name_of);
                            Some(name.as_str()) == field || Some(name) == goes_with.as_ref()
                        })
                        .map(|(_, sql)| sql),
                );
            }
            ChangeKind::RemoveUnique | ChangeKind::RemoveIndex => {
                if let (Some(name), Some(_)) = (field, old.named(&change.object)) {
                    indexes.push(drop_index(dialect, name));
                    indexes.extend(no_key(dialect, old, object, name));
                }
            }
            _ => {}
        }
    }
    for object in &new.objects {
        let Some(before) = old.named(&object.name) else { continue };
        indexes.extend(numbered::follow(dialect, before, object));
    }
    tables.into_iter().chain(references).chain(indexes).collect()
}

/// The columns and indexes that a database has.
#[derive(Debug, Default)]
pub struct There {
    /// By table and name.
    pub columns: HashSet<(String, String)>,
    /// By name.
    pub indexes: HashSet<String>,
}

/// The statements that create all that a catalog's tables lack. An empty `there` creates everything.
pub fn missing(dialect: Dialect, catalog: &Catalog, there: &There) -> Vec<String> {
    let mut tables = Vec::new();
    let mut references = Vec::new();
    let mut indexes = Vec::new();
    for object in &catalog.objects {
        let has = |column: &str| there.columns.contains(&(object.table.clone(), column.to_owned()));
        if !has("id") {
            create(dialect, catalog, object, &mut tables, &mut references, &mut indexes);
            continue;
        }
        let lacks = |field: &&Field| field.column.as_deref().is_some_and(|column| !has(column));
        for field in object.fields.iter().filter(lacks) {
            let (tables, references) = (&mut tables, &mut references);
            add_field(dialect, catalog, object, field, tables, references, &mut indexes);
        }
        tables.extend(access_keys::add(dialect, catalog, object, has));
        let lacking = object_indexes(dialect, object).into_iter();
        indexes
            .extend(lacking.filter(|(name, _)| !there.indexes.contains(name)).map(|(_, sql)| sql));
    }
    tables.into_iter().chain(references).chain(indexes).collect()
}

/// Statements that drop the indexes that an older program derived from the objects and this one does not.
pub fn stale(dialect: Dialect, catalog: &Catalog, there: &There) -> Vec<String> {
    let mut kept = HashSet::new();
    let mut tables: Vec<String> = Vec::new();
    for object in &catalog.objects {
        kept.extend(object_indexes(dialect, object).into_iter().map(|(name, _)| name));
        tables.push(format!("by_{}__", object.table));
    }
    let derived = |name: &&String| tables.iter().any(|table| name.starts_with(table.as_str()));
    let mut stale: Vec<_> =
        there.indexes.iter().filter(derived).filter(|name| !kept.contains(*name)).collect();
    stale.sort();
    stale.into_iter().map(|name| drop_index(dialect, name)).collect()
}

fn create(
    dialect: Dialect,
    catalog: &Catalog,
    object: &Object,
    tables: &mut Vec<String>,
    references: &mut Vec<String>,
    indexes: &mut Vec<String>,
) {
    let mut table = Table::create();
    table.table(Alias::new(&object.table));
    for field in &object.fields {
        if let Some(column) = &field.column {
            table.col(definition(dialect, column, field));
        }
        if let Some(mut key) = reference(catalog, object, field) {
            match dialect {
                // SQLite accepts references only here, even to tables that are created later.
                Dialect::Sqlite => {
                    table.foreign_key(&mut key);
                }
                Dialect::Postgres => references.push(add_reference(&key)),
            }
        }
    }
    for (key, field) in access_keys::each(catalog, object) {
        table.col(definition(dialect, &key.column, &field));
    }
    tables.push(match dialect {
        Dialect::Sqlite => table.to_string(SqliteQueryBuilder),
        Dialect::Postgres => table.to_string(PostgresQueryBuilder),
    });
    indexes.extend(object_indexes(dialect, object).into_iter().map(|(_, sql)| sql));
    for field in &object.fields {
        if let FieldType::ManyToMany(junction) = &field.ty {
            create_junction(dialect, catalog, object, junction, tables, references, indexes);
        }
    }
}

pub(super) fn add_field(
    dialect: Dialect,
    catalog: &Catalog,
    object: &Object,
    field: &Field,
    tables: &mut Vec<String>,
    references: &mut Vec<String>,
    indexes: &mut Vec<String>,
) {
    if let FieldType::ManyToMany(junction) = &field.ty {
        return create_junction(dialect, catalog, object, junction, tables, references, indexes);
    }
    let Some(column) = &field.column else { return };
    let recorded = field.name == RECORDED && field.system;
    // Existing rows have no value yet.
    let open = Field { required: field.required && !recorded, ..field.clone() };
    let mut definition = definition(dialect, column, &open);
    if recorded && dialect == Dialect::Sqlite {
        definition.not_null().default(0);
    }
    let key = reference(catalog, object, field);
    if let (Dialect::Sqlite, Some(relation)) = (dialect, field.relation()) {
        let target = quoted(&catalog.object(relation.target).table);
        let action = match relation.on_delete {
            OnDelete::Restrict => "RESTRICT",
            OnDelete::Clear => "SET NULL",
            OnDelete::Cascade => "CASCADE",
        };
        definition.extra(format!("REFERENCES {target} (\"id\") ON DELETE {action}"));
    }
    let mut table = Table::alter();
    table.table(Alias::new(&object.table)).add_column(&mut definition);
    tables.push(match dialect {
        Dialect::Sqlite => table.to_string(SqliteQueryBuilder),
        Dialect::Postgres => table.to_string(PostgresQueryBuilder),
    });
    if let (Dialect::Postgres, Some(key)) = (dialect, key) {
        references.push(add_reference(&key));
    }
    // Where only some lines count, or other records do, `storage::formulas` fills it.
    if let (FieldType::Rollup(rollup), None) = (&field.ty, &field.counted)
        && rollup.scope == RollupScope::Lines
    {
        indexes.push(fill::rollup(dialect, catalog, object, field, None));
    }
    if recorded {
        references.extend(fill::recorded(dialect, catalog, object, column));
        if dialect == Dialect::Postgres {
            let (table, column) = (quoted(&object.table), quoted(column));
            references.push(format!("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL"));
        }
    }
}

/// `customer_id uuid`, `amount numeric(18, 2)`, `level text COLLATE "C"`.
pub(super) fn definition(dialect: Dialect, column: &str, field: &Field) -> ColumnDef {
    let mut definition = column_of(dialect, column, &field.ty);
    if matches!(field.ty, FieldType::Id) {
        definition.not_null().primary_key();
    } else if field.system && field.required {
        definition.not_null();
    }
    definition
}

/// The same for the values of a type, which may be missing.
pub(super) fn column_of(dialect: Dialect, column: &str, ty: &FieldType) -> ColumnDef {
    let mut definition = ColumnDef::new(Alias::new(column));
    let text = |definition: &mut ColumnDef| {
        match dialect {
            Dialect::Sqlite => definition.custom(Alias::new("TEXT")),
            // Byte order: both databases sort alike, and prefix matches can use the index.
            Dialect::Postgres => definition.custom(Alias::new("text COLLATE \"C\"")),
        };
    };
    match (ty.storage(), dialect) {
        (Storage::Decimal(scale), Dialect::Postgres) => {
            definition.decimal_len(18, u32::from(scale));
        }
        (
            Storage::Decimal(_) | Storage::Integer | Storage::Boolean | Storage::DateTime,
            Dialect::Sqlite,
        ) => {
            definition.custom(Alias::new("INTEGER"));
        }
        (Storage::Id, Dialect::Postgres) => {
            definition.uuid();
        }
        (Storage::Integer, Dialect::Postgres) => {
            definition.big_integer();
        }
        (Storage::Boolean, Dialect::Postgres) => {
            definition.boolean();
        }
        (Storage::Date, Dialect::Postgres) => {
            definition.date();
        }
        (Storage::DateTime, Dialect::Postgres) => {
            definition.timestamp_with_time_zone();
        }
        (Storage::Time, Dialect::Postgres) => {
            definition.time();
        }
        (Storage::Id | Storage::Date | Storage::Time, Dialect::Sqlite)
        | (Storage::Text | Storage::Json | Storage::Names | Storage::Elsewhere, _) => {
            text(&mut definition);
        }
    }
    definition
}

fn reference(
    catalog: &Catalog,
    object: &Object,
    field: &Field,
) -> Option<ForeignKeyCreateStatement> {
    let relation = field.relation()?;
    let column = field.column.as_deref()?;
    Some(foreign_key(
        &object.table,
        column,
        &catalog.object(relation.target).table,
        match relation.on_delete {
            OnDelete::Restrict => ForeignKeyAction::Restrict,
            OnDelete::Clear => ForeignKeyAction::SetNull,
            OnDelete::Cascade => ForeignKeyAction::Cascade,
        },
    ))
}

fn foreign_key(
    table: &str,
    column: &str,
    target: &str,
    action: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    let name: String = format!("fk_{table}_{column}").chars().take(63).collect();
    ForeignKey::create()
        .name(name)
        .from(Alias::new(table), Alias::new(column))
        .to(Alias::new(target), Alias::new("id"))
        .on_delete(action)
        .to_owned()
}

fn add_reference(key: &ForeignKeyCreateStatement) -> String {
    key.to_string(PostgresQueryBuilder)
}

fn create_junction(
    dialect: Dialect,
    catalog: &Catalog,
    object: &Object,
    junction: &Junction,
    tables: &mut Vec<String>,
    references: &mut Vec<String>,
    indexes: &mut Vec<String>,
) {
    let mut table = Table::create();
    table.table(Alias::new(&junction.table));
    let key = |column| {
        let mut definition = ColumnDef::new(Alias::new(column));
        match dialect {
            Dialect::Sqlite => definition.custom(Alias::new("TEXT")),
            Dialect::Postgres => definition.uuid(),
        };
        definition.not_null();
        definition
    };
    table.col(key(Junction::OWNER)).col(key(Junction::MEMBER));
    table.primary_key(
        Index::create().col(Alias::new(Junction::OWNER)).col(Alias::new(Junction::MEMBER)),
    );
    let target = &catalog.object(junction.target).table;
    let ends = [
        (Junction::OWNER, object.table.as_str(), ForeignKeyAction::Cascade),
        (Junction::MEMBER, target.as_str(), ForeignKeyAction::Restrict),
    ];
    for (column, target, action) in ends {
        let mut key = foreign_key(&junction.table, column, target, action);
        match dialect {
            Dialect::Sqlite => {
                table.foreign_key(&mut key);
            }
            Dialect::Postgres => references.push(add_reference(&key)),
        }
    }
    let name = format!("ix_{}_member", junction.table);
    let mut index = Index::create();
    index.name(name).table(Alias::new(&junction.table)).col(Alias::new(Junction::MEMBER));
    tables.push(match dialect {
        Dialect::Sqlite => table.to_string(SqliteQueryBuilder),
        Dialect::Postgres => table.to_string(PostgresQueryBuilder),
    });
    indexes.push(print_index(dialect, &index));
}

/// All indexes of an object, by name.
///
/// Plain indexes end in `id`, so that a list in their order pages without sorting. Included fields come behind:
/// `CREATE INDEX … (department_id, stage_id, id) INCLUDE (amount, customer_id, customer_id__department_id)`. A
/// sparse one has `WHERE permission_group_id IS NOT NULL`, which both databases see to follow from an equality. Every
/// object that has lists has an index by creation time.
pub(super) fn object_indexes(dialect: Dialect, object: &Object) -> Vec<(String, String)> {
    let mut indexes: Vec<_> = keys::columns_beside(dialect, object)
        .into_iter()
        .map(|(_, beside)| (beside.name, beside.add))
        .collect();
    for unique in &object.uniques {
        let mut index = index(object, &unique.name, &unique.fields);
        index.unique();
        indexes.push((unique.name.clone(), print_index(dialect, &index)));
        if let Some(key) = KeyIndex::new(dialect, object, unique) {
            let create = key.create();
            indexes.push((key.name, create));
        }
    }
    for plain in &object.indexes {
        let mut index = index(object, &plain.name, &plain.fields);
        // An older program may have derived the same index.
        index.col(Alias::new("id")).if_not_exists();
        let include = plain.include.iter().filter_map(|ix| object.field(*ix).column.as_deref());
        for column in include.chain(plain.carried.iter().map(String::as_str)) {
            match dialect {
                Dialect::Postgres => index.include(Alias::new(column)),
                // Here a covering index has more columns.
                Dialect::Sqlite => index.col(Alias::new(column)),
            };
        }
        if plain.sparse {
            let given = plain.fields.iter().filter_map(|ix| object.field(*ix).column.as_deref());
            for column in given {
                index.and_where(Expr::col(Alias::new(column)).is_not_null());
            }
        }
        indexes.push((plain.name.clone(), print_index(dialect, &index)));
    }
    indexes.extend(numbered::indexes(dialect, object));
    if object.kind != ObjectKind::Line {
        let name = format!("ix_{}__created", object.table);
        let mut index = Index::create();
        index
            .name(&name)
            .table(Alias::new(&object.table))
            .col(Alias::new("created_at"))
            .col(Alias::new("id"));
        indexes.push((name, print_index(dialect, &index)));
    }
    indexes
}

/// The key columns of a unique key that the earlier object lacks, with the statements that add them.
fn newly_beside(
    dialect: Dialect,
    before: Option<&Object>,
    object: &Object,
    fields: &[FieldIx],
) -> Vec<(String, String)> {
    let known = |field: FieldIx| {
        let name = &object.field(field).stored;
        let named = before.and_then(|before| Some((before, before.stored(name)?.0)));
        named.is_some_and(|(before, ix)| keys::is_keyed(before, ix))
    };
    let beside = keys::columns_beside(dialect, object).into_iter();
    beside
        .filter(|(field, _)| fields.contains(field) && !known(*field))
        .map(|(_, beside)| (beside.name, beside.add))
        .collect()
}

/// The statements that drop the index of a unique key, and the key columns that no other key needs.
pub(super) fn no_key(dialect: Dialect, old: &Catalog, object: &Object, name: &str) -> Vec<String> {
    let Some(before) = old.named(&object.name) else { return Vec::new() };
    let Some(unique) = before.uniques.iter().find(|unique| unique.name == name) else {
        return Vec::new();
    };
    let key = KeyIndex::new(dialect, before, unique);
    let mut statements = key.map(|key| key.drop()).unwrap_or_default();
    let left = keys::columns_beside(dialect, object);
    for (field, beside) in keys::columns_beside(dialect, before) {
        let needed = left.iter().any(|(_, kept)| kept.name == beside.name);
        // The last key of a field drops its column.
        let last = before.uniques.iter().rfind(|unique| unique.fields.contains(&field));
        if !needed && last == Some(unique) {
            statements.push(beside.drop);
        }
    }
    statements
}

fn index(object: &Object, name: &str, fields: &[FieldIx]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(Alias::new(&object.table));
    for field in fields {
        if let Some(column) = &object.field(*field).column {
            index.col(Alias::new(column));
        }
    }
    index
}

fn print_index(dialect: Dialect, index: &IndexCreateStatement) -> String {
    match dialect {
        Dialect::Sqlite => index.to_string(SqliteQueryBuilder),
        Dialect::Postgres => index.to_string(PostgresQueryBuilder),
    }
}

/// `DROP INDEX by_x_visit__minutes`
pub fn drop_index(dialect: Dialect, name: &str) -> String {
    let mut index = Index::drop();
    index.name(name);
    match dialect {
        Dialect::Sqlite => index.to_string(SqliteQueryBuilder),
        Dialect::Postgres => index.to_string(PostgresQueryBuilder),
    }
}
