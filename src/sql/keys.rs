//! Keys: the form of a text by which it is unique, as SQL, so that an index stores it and serves conditions.
//!
//! Stored texts are already composed and trimmed (`base::text`). Both databases remove the differences of
//! case, width and blanks with the same list of characters.

use sea_orm::sea_query::{
    Alias, BinOper, Expr, ExprTrait, Func, PostgresQueryBuilder, Query, SqliteQueryBuilder,
};

use super::dialect::{Dialect, quoted};
use crate::{
    base::{Value, text},
    catalog::{FieldIx, FieldType, Object, Unique},
};

/// Whether a field is a text that a unique key compares.
pub fn is_keyed(object: &Object, field: FieldIx) -> bool {
    matches!(object.field(field).ty, FieldType::Text { .. })
        && object.uniques.iter().any(|unique| unique.fields.contains(&field))
}

/// A value in its key form, to be compared with `key_of`.
pub fn keyed(value: &Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(text::key(text)),
        other => other.clone(),
    }
}

/// The key form of the text in a column of a record at an alias. SQLite reads it from a generated column,
/// because deep expressions add up in joins. Past rows (`stood`) have no such column.
pub fn key_at(dialect: Dialect, alias: &str, column: &str, stood: bool) -> Expr {
    let of = |column: &str| Expr::col((Alias::new(alias), Alias::new(column)));
    match dialect {
        Dialect::Sqlite if !stood => of(&beside(column)),
        _ => key_of(dialect, of(column)),
    }
}

/// The key form of a field's column, computed: for a table that has no column for it yet.
pub fn key_in(dialect: Dialect, column: &str) -> Expr {
    key_of(dialect, Expr::col(Alias::new(column)))
}

/// The generated column of a text column. No field's column has two underscores in a row.
fn beside(column: &str) -> String {
    format!("{column}__key")
}

/// SQLite's column by which a unique key compares a field.
pub fn compared(object: &Object, field: FieldIx) -> Option<String> {
    let column = object.field(field).column.as_deref()?;
    Some(if is_keyed(object, field) { beside(column) } else { column.to_owned() })
}

/// SQLite's generated columns for the texts in an object's keys, with the statements that add and drop them.
pub fn columns_beside(dialect: Dialect, object: &Object) -> Vec<(FieldIx, Beside)> {
    if dialect == Dialect::Postgres {
        return Vec::new();
    }
    let keyed = object.each_field().filter(|(ix, _)| is_keyed(object, *ix));
    let each = keyed.filter_map(|(ix, field)| {
        let column = field.column.as_deref()?;
        let (table, name) = (quoted(&object.table), beside(column));
        let computed = print(dialect, key_of(dialect, Expr::col(Alias::new(column))));
        let add = format!(
            "ALTER TABLE {table} ADD COLUMN {} TEXT GENERATED ALWAYS AS ({computed}) VIRTUAL",
            quoted(&name)
        );
        let drop = format!("ALTER TABLE {table} DROP COLUMN {}", quoted(&name));
        Some((ix, Beside { name: format!("{}.{name}", object.table), add, drop }))
    });
    each.collect()
}

/// A generated column of SQLite.
pub struct Beside {
    /// The table and the column: `customer.code__key`.
    pub name: String,
    /// The statement that adds it.
    pub add: String,
    /// The statement that drops it.
    pub drop: String,
}

/// PostgreSQL: `lower(translate(code, 'ＡＢ…É… ', 'ab…é…'))`; SQLite:
/// `lower(replace(replace(code, 'Ａ', 'a'), …))`.
/// Columns have the collation "C", so that `lower` folds only ASCII on both.
fn key_of(dialect: Dialect, column: Expr) -> Expr {
    let constant = |text: String| Expr::Constant(text.into());
    let blank = (' ', None);
    let folded = match dialect {
        Dialect::Postgres => {
            // `translate` deletes characters without a replacement, which must come last.
            let mut all = text::IN_KEYS.clone();
            all.push(blank);
            all.sort_by_key(|(_, to)| to.is_none());
            let from = all.iter().map(|(from, _)| *from).collect();
            let to = all.iter().filter_map(|(_, to)| *to).collect();
            Func::cust(Alias::new("translate")).args([column, constant(from), constant(to)]).into()
        }
        Dialect::Sqlite => {
            text::IN_KEYS.iter().chain([&blank]).fold(column, |value, (from, to)| {
                let to = constant(to.map(String::from).unwrap_or_default());
                let args = [value, constant(from.to_string()), to];
                Func::cust(Alias::new("replace")).args(args).into()
            })
        }
    };
    Func::lower(folded).into()
}

/// The condition that a text has characters beside printable ASCII:
/// `code GLOB '*[^ -~]*'`, `code ~ '[^ -~]'`.
pub fn beyond_ascii(dialect: Dialect, column: Expr) -> Expr {
    let (operator, pattern) = match dialect {
        Dialect::Sqlite => ("GLOB", "*[^ -~]*"),
        Dialect::Postgres => ("~", "[^ -~]"),
    };
    column.binary(BinOper::Custom(operator), Expr::Constant(pattern.into()))
}

/// The index that makes a key unique whatever its case, width and blanks.
pub struct KeyIndex {
    /// Its name.
    pub name: String,
    table: String,
    /// The expressions that it compares, in order.
    parts: Vec<String>,
}

impl KeyIndex {
    /// The index of a unique key; `None` for keys without texts.
    pub fn new(dialect: Dialect, object: &Object, unique: &Unique) -> Option<Self> {
        if !unique.fields.iter().any(|field| is_keyed(object, *field)) {
            return None;
        }
        let part = |field: &FieldIx| {
            let known = object.field(*field);
            let column = known.column.as_deref()?;
            let part = match dialect {
                Dialect::Sqlite => Expr::col(Alias::new(compared(object, *field)?)),
                Dialect::Postgres if is_keyed(object, *field) => {
                    key_of(dialect, Expr::col(Alias::new(column)))
                }
                Dialect::Postgres => Expr::col(Alias::new(column)),
            };
            Some(print(dialect, part))
        };
        let parts = unique.fields.iter().filter_map(part).collect();
        let name = name_of(&unique.name);
        Some(Self { name, table: object.table.clone(), parts })
    }

    /// `CREATE UNIQUE INDEX "uk_customer__code" ON "customer" (lower(…))`.
    pub fn create(&self) -> String {
        let Self { name, table, .. } = self;
        format!("CREATE UNIQUE INDEX {} ON {} ({})", quoted(name), quoted(table), self.compared())
    }

    /// The query for the ids of records whose key an older record has already.
    pub fn twins(&self) -> String {
        let there: Vec<_> = self.parts.iter().map(|part| format!("{part} IS NOT NULL")).collect();
        format!(
            "SELECT CAST(id AS text) FROM (SELECT id, row_number() OVER (PARTITION BY {} ORDER BY id) AS n \
             FROM {} WHERE {}) t WHERE n > 1 ORDER BY id",
            self.parts.join(", "),
            quoted(&self.table),
            there.join(" AND ")
        )
    }

    /// The statements for the same index without some records, and for a plain index that finds all records.
    pub fn create_without(&self, ids: &[String]) -> [String; 2] {
        let ids: Vec<_> = ids.iter().map(|id| format!("'{}'", id.replace('\'', "''"))).collect();
        let [but, every] = self.names_without();
        let (table, compared) = (quoted(&self.table), self.compared());
        [
            format!(
                "CREATE UNIQUE INDEX {} ON {table} ({compared}) WHERE id NOT IN ({})",
                quoted(&but),
                ids.join(", ")
            ),
            format!("CREATE INDEX {} ON {table} ({compared})", quoted(&every)),
        ]
    }

    /// The names of the two indexes of `create_without`.
    fn names_without(&self) -> [String; 2] {
        ["but", "all"].map(|what| {
            let name = format!("by_{}__{what}_{}", self.table, self.name);
            name.chars().take(63).collect()
        })
    }

    /// The statements that drop all its indexes, if they exist.
    pub fn drop(&self) -> Vec<String> {
        let [but, every] = self.names_without();
        let names = [&self.name, &but, &every];
        names.map(|name| format!("DROP INDEX IF EXISTS {}", quoted(name))).into()
    }

    fn compared(&self) -> String {
        let each: Vec<_> = self.parts.iter().map(|part| format!("({part})")).collect();
        each.join(", ")
    }
}

/// The name of the key index that goes with a unique key.
pub fn name_of(unique: &str) -> String {
    match unique.strip_prefix("uq_") {
        Some(rest) => format!("uk_{rest}"),
        None => format!("uk_{unique}").chars().take(63).collect(),
    }
}

/// The text of an expression without bound values.
pub(super) fn print(dialect: Dialect, expr: Expr) -> String {
    let select = Query::select().expr(expr).to_owned();
    let text = match dialect {
        Dialect::Sqlite => select.to_string(SqliteQueryBuilder),
        Dialect::Postgres => select.to_string(PostgresQueryBuilder),
    };
    text.strip_prefix("SELECT ").map_or(text.clone(), str::to_owned)
}
