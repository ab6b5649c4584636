//! Forms of texts as SQL, and the indexes by which records are found whose values are the same in these forms.
//!
//! `base::forms` has the steps. Columns have the collation "C", so that `lower` folds only ASCII on both databases.

use std::hash::{DefaultHasher, Hash, Hasher};

use sea_orm::sea_query::{Alias, Expr, Func};

use super::{
    dialect::{Dialect, quoted},
    functions::concat,
    keys::print,
};
use crate::{
    base::{
        Form,
        forms::{FormStep, steps},
    },
    catalog::{FieldIx, Object, fitted},
};

/// How the names of these indexes begin.
const PREFIX: &str = "du_";

/// A text in these forms: `lower(translate(name, 'ＡＢ…', 'ab…'))`, or nested `replace(…)` on SQLite, which cannot
/// translate. Without forms it is the text.
pub fn form_of(dialect: Dialect, text: Expr, forms: &[Form]) -> Expr {
    let constant = |text: String| Expr::Constant(text.into());
    let call =
        |name: &'static str, args: Vec<Expr>| Expr::from(Func::cust(Alias::new(name)).args(args));
    steps(forms).into_iter().fold(text, |text, step| match (step, dialect) {
        (FormStep::Lower, _) => Func::lower(text).into(),
        (FormStep::Text(from, to), _) => {
            call("replace", vec![text, constant(from.to_owned()), constant(to.to_owned())])
        }
        (FormStep::Between(before, behind), _) => {
            let text = match before {
                "" => text,
                before => concat(constant(before.to_owned()), text),
            };
            match behind {
                "" => text,
                behind => concat(text, constant(behind.to_owned())),
            }
        }
        (FormStep::Each(mut pairs), Dialect::Postgres) => {
            // `translate` removes characters without a replacement, which must come last.
            pairs.sort_by_key(|(_, to)| to.is_none());
            let from = pairs.iter().map(|(from, _)| *from).collect();
            let to = pairs.iter().filter_map(|(_, to)| *to).collect();
            call("translate", vec![text, constant(from), constant(to)])
        }
        (FormStep::Each(pairs), Dialect::Sqlite) => {
            pairs.into_iter().fold(text, |text, (from, to)| {
                let to = constant(to.map(String::from).unwrap_or_default());
                call("replace", vec![text, constant(from.to_string()), to])
            })
        }
    })
}

/// An index of records by some fields, each in its forms: name and statement.
///
/// `CREATE INDEX IF NOT EXISTS "du_customer__1f…" ON "customer" ((lower(…)), ("department_id"))`
pub fn form_index(
    dialect: Dialect,
    object: &Object,
    fields: &[(FieldIx, Vec<Form>)],
) -> (String, String) {
    let parts = fields.iter().filter_map(|(ix, forms)| {
        let column = object.field(*ix).column.as_deref()?;
        Some(format!(
            "({})",
            print(dialect, form_of(dialect, Expr::col(Alias::new(column)), forms))
        ))
    });
    let parts = parts.collect::<Vec<_>>().join(", ");
    // What is indexed is in the name: another form is another index.
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    let name = fitted(format!("{PREFIX}{}__{:016x}", object.table, hasher.finish()));
    let (index, table) = (quoted(&name), quoted(&object.table));
    let create = format!("CREATE INDEX IF NOT EXISTS {index} ON {table} ({parts})");
    (name, create)
}

/// Whether an index is one of these.
pub fn is_form_index(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// The statement that drops an index.
pub fn drop_form_index(name: &str) -> String {
    format!("DROP INDEX IF EXISTS {}", quoted(name))
}
