//! Finds existing records that would violate a new unique key, before any table is changed.

use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, Func, Order, Query};

use crate::{
    access::{Access, Action, RowRule},
    base::{Code, Error, Message, Result, Value},
    catalog::{
        Catalog, Diagnostic, Field, FieldIx, FieldType, Object, Retired, Unique, messages,
        quoted_list,
    },
    sql::{
        decode,
        keys::{is_keyed, key_in},
    },
    storage::Database,
};

/// Most values listed per key.
const TOLD: u64 = 3;
/// Most characters shown per value.
const SHOWN: usize = 40;

/// Returns diagnostics for the unique keys that `new` adds and for those whose computed values it changes. A
/// key with a new field needs no check, because that field is empty on every record.
///
/// Computed values are known only later, so there the database itself refuses duplicates. That refusal could
/// reveal values; callers who do not see all fields that the values derive from are refused here.
pub(super) async fn records(
    database: &Database,
    (live, new, retired): (&Catalog, &Catalog, &Retired),
    access: &Access,
    path: &str,
) -> Result<Vec<Diagnostic>> {
    let mut found = Vec::new();
    for object in &new.objects {
        if let Some((_, before)) = retired.object(&object.name)
            && !access.may_everything()
        {
            found.extend(of_restored(before, object, path));
        }
        let Some(old) = live.named(&object.name) else { continue };
        for unique in &object.uniques {
            let known = old.uniques.iter().any(|old| old.name == unique.name);
            let computed = unique.fields.iter().any(|field| {
                let made = object.field(*field);
                (made.formula.is_some() || matches!(made.ty, FieldType::Rollup(_)))
                    && (!known || new.made_by(object, *field) != made_by(live, old, object, *field))
            });
            if computed {
                if !sees_all(access, old, &made_of(object, &unique.fields)) {
                    found.push(sees_all_first(object, unique, path));
                }
                continue;
            }
            // What is converted to another type is in its column later; there, too, the database refuses duplicates.
            let stored = unique.fields.iter().all(|field| {
                let field = object.field(*field);
                let known = old.stored(&field.stored).and_then(|(_, known)| known.column.as_ref());
                known.is_some() && known == field.column.as_ref()
            });
            // Of restored fields the database itself refuses duplicates.
            let again = |field: &FieldIx| retired.has_field(object, *field);
            if !known && !access.may_everything() && unique.fields.iter().any(again) {
                found.push(sees_all_first(object, unique, path));
            } else if !known && stored {
                found.extend(of_key(database, object, old, unique, access, path).await?);
            }
        }
    }
    Ok(found)
}

/// New keys of a restored object: its records are hidden, so that nobody but an administrator may learn of duplicates.
fn of_restored(before: &Object, object: &Object, path: &str) -> Vec<Diagnostic> {
    let known = |unique: &&Unique| before.uniques.iter().any(|old| old.name == unique.name);
    let new = object.uniques.iter().filter(|unique| !known(unique));
    new.map(|unique| sees_all_first(object, unique, path)).collect()
}

/// `SELECT min(code), count(*) FROM x_dup WHERE code IS NOT NULL GROUP BY lower(…) HAVING count(*) > 1 ORDER BY …
/// LIMIT 3`. Texts are alike as keys compare them.
async fn of_key(
    database: &Database,
    object: &Object,
    old: &Object,
    unique: &Unique,
    access: &Access,
    path: &str,
) -> Result<Option<Diagnostic>> {
    let fields: Vec<_> = unique.fields.iter().map(|field| object.field(*field)).collect();
    let count = || Expr::expr(Func::count(Expr::col(Asterisk)));
    let mut select = Query::select();
    select.from(Alias::new(&object.table));
    let mut shown_first = Vec::new();
    for ix in &unique.fields {
        let Some(name) = object.field(*ix).column.as_deref() else { continue };
        let column = || Expr::col(Alias::new(name));
        let (shown, alike) = match is_keyed(object, *ix) {
            true => (Func::min(column()).into(), key_in(database.dialect(), name)),
            false => (column(), column()),
        };
        shown_first.push(shown.clone());
        select.expr(shown).and_where(column().is_not_null()).add_group_by([alike]);
    }
    select.expr(count()).and_having(count().gt(1)).order_by_expr(count(), Order::Desc);
    for shown in shown_first {
        select.order_by_expr(shown, Order::Asc);
    }
    select.limit(TOLD);
    if !sees_all(access, old, &fields) {
        return Ok(Some(sees_all_first(object, unique, path)));
    }
    let rows = database.select(&select).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut alike = Vec::new();
    for row in &rows {
        let mut values = Vec::new();
        for (at, field) in fields.iter().enumerate() {
            values.push(format!("`{}`", shown(&decode(database.dialect(), &field.ty, row, at)?)));
        }
        let many: i64 = row.try_get_by_index(fields.len()).map_err(Error::internal)?;
        alike.push(messages::have(many, values.join(", ")));
    }
    let alike = Message::joined(&alike, ("; ", "；"));
    let message = messages::not_unique(&object.name, names(object, unique), alike);
    Ok(Some(fault(path, message, messages::change_alike_first())))
}

/// Whether the caller sees these fields on every record. Others must not learn whether there are duplicates:
/// who defines objects need not be able to read them. Roll-ups never count as seen, because they derive from
/// lines.
fn sees_all(access: &Access, old: &Object, fields: &[&Field]) -> bool {
    let seen = |field: &&Field| {
        let rule = old.stored(&field.stored).and_then(|(ix, _)| access.field_rule(old.ix, ix));
        !matches!(field.ty, FieldType::Rollup(_))
            && rule.is_none_or(|rule| rule.shown == RowRule::All)
    };
    access.may_everything()
        || *access.row_rule(old, Action::Read) == RowRule::All && fields.iter().all(seen)
}

/// Whether the caller sees everything that a field is computed from, on every record.
pub(super) fn sees_made(access: &Access, old: &Object, object: &Object, field: FieldIx) -> bool {
    sees_all(access, old, &made_of(object, &[field]))
}

/// Returns the fields and all that their formulas read, directly or indirectly.
fn made_of<'o>(object: &'o Object, fields: &[FieldIx]) -> Vec<&'o Field> {
    let mut all = fields.to_vec();
    let mut at = 0;
    while let Some(ix) = all.get(at).copied() {
        at += 1;
        for read in object.field(ix).formula.iter().flat_map(|formula| object.read_by(formula)) {
            if !all.contains(&read) {
                all.push(read);
            }
        }
    }
    all.into_iter().map(|ix| object.field(ix)).collect()
}

/// What the field with this name was made by in the live catalog.
fn made_by(live: &Catalog, old: &Object, object: &Object, ix: FieldIx) -> Vec<String> {
    let before = old.stored(&object.field(ix).stored);
    before.map(|(ix, _)| live.made_by(old, ix)).unwrap_or_default()
}

fn names(object: &Object, unique: &Unique) -> String {
    quoted_list(unique.fields.iter().map(|field| &object.field(*field).name))
}

fn sees_all_first(object: &Object, unique: &Unique, path: &str) -> Diagnostic {
    let message = messages::sees_all_first(names(object, unique), &object.name);
    fault(path, message, messages::ask_or_new_object())
}

fn fault(path: &str, message: Message, hint: Message) -> Diagnostic {
    Diagnostic {
        code: Code::CatalogChange,
        path: path.to_owned(),
        line: 1,
        column: 1,
        message,
        hint: Some(hint),
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Text(text) | Value::Json(text) => text.clone(),
        Value::Int(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Date(day) => day.to_string(),
        Value::DateTime(at) => at.to_rfc3339(),
        Value::Time(time) => time.to_string(),
        Value::Id(id) => id.to_string(),
        Value::Bool(bool) => bool.to_string(),
        Value::Null => "null".to_owned(),
        Value::List(values) => values.iter().map(shown).collect::<Vec<_>>().join(", "),
    };
    if text.chars().count() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN).chain("…".chars()).collect()
}
