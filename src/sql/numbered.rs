//! The order of auto-numbers: by the text before the running number, then by the running number, however many
//! digits it has. `XS202611-10000` comes after `XS202611-9999`, although as a text it does not.
//!
//! All numbers of a format have the same number of characters before the running number. The order inserts
//! one character there, which rises with the length of the whole number. Numbers with values of records in them
//! have no such place and are ordered as texts.

use sea_orm::sea_query::{Alias, BinOper, Expr, ExprTrait, Func};

use super::{
    dialect::{Dialect, quoted},
    keys::print,
};
use crate::{
    base::{Value, text},
    catalog::{Field, FieldType, NumberFormat, Object, fitted},
};

/// The inserted character has the code of the number's length plus this, so that it is no control character.
const SHORTEST: u32 = 0x20;

/// The expression by which numbers of a format are ordered and compared:
/// `substr(number, 1, 9) || chr(length(number) + 32) || substr(number, 10)`.
pub fn in_order(dialect: Dialect, column: &Expr, format: &NumberFormat) -> Expr {
    if format.has_values() {
        return column.clone();
    }
    let constant = |number: usize| Expr::Constant(i32::try_from(number).unwrap_or(i32::MAX).into());
    let call =
        |name: &'static str, args: Vec<Expr>| Expr::from(Func::cust(Alias::new(name)).args(args));
    let joined = |left: Expr, right: Expr| left.binary(BinOper::Custom("||"), right);
    let before = format.before();
    let letter = match dialect {
        Dialect::Sqlite => "char",
        Dialect::Postgres => "chr",
    };
    let shortest = usize::try_from(SHORTEST).unwrap_or_default();
    let length = call("length", vec![column.clone()]).add(constant(shortest));
    let first = call("substr", vec![column.clone(), constant(1), constant(before)]);
    let rest = call("substr", vec![column.clone(), constant(before + 1)]);
    joined(joined(first, call(letter, vec![length])), rest)
}

/// The same for a value that is compared with numbers. A value that ends before the
/// running number is unchanged.
pub fn placed(value: &Value, format: &NumberFormat) -> Value {
    let Value::Text(number) = value else { return value.clone() };
    if format.has_values() {
        return value.clone();
    }
    let length = number.chars().count();
    let before = format.before();
    let letter = u32::try_from(length).ok().and_then(|length| char::from_u32(length + SHORTEST));
    let Some(letter) = letter.filter(|_| length > before) else { return value.clone() };
    let (first, rest) = text::split_at(number, before);
    Value::Text(format!("{first}{letter}{rest}"))
}

/// The indexes of an object's auto-numbers: their names and statements.
pub fn indexes(dialect: Dialect, object: &Object) -> Vec<(String, String)> {
    let fields = object.fields.iter();
    fields.filter_map(|field| index(dialect, object, field)).collect()
}

/// The statements that adapt these indexes to another definition of the object. They are derived, so the list
/// of changes does not mention them.
pub fn follow(dialect: Dialect, before: &Object, object: &Object) -> Vec<String> {
    let (had, has) = (indexes(dialect, before), indexes(dialect, object));
    let other = |name: &str, all: &[(String, String)]| all.iter().all(|(one, _)| one != name);
    let gone = had.iter().filter(|(name, _)| other(name, &has));
    let gone = gone.map(|(name, _)| format!("DROP INDEX IF EXISTS {}", quoted(name)));
    let new = has.iter().filter(|(name, _)| other(name, &had)).map(|(_, create)| create.clone());
    gone.chain(new).collect()
}

/// The index with an object's records in the order of its numbers: name and statement. The name contains the
/// number of characters before the running number, so a format with another number gets an index of its own.
fn index(dialect: Dialect, object: &Object, field: &Field) -> Option<(String, String)> {
    let FieldType::AutoNumber(format) = &field.ty else { return None };
    let column = field.column.as_deref()?;
    let form = if format.has_values() { "text".to_owned() } else { format.before().to_string() };
    let name = fitted(format!("by_{}__{column}_{form}", object.table));
    let order = print(dialect, in_order(dialect, &Expr::col(Alias::new(column)), format));
    let (index, table) = (quoted(&name), quoted(&object.table));
    let create =
        format!("CREATE INDEX IF NOT EXISTS {index} ON {table} (({order}), {})", quoted("id"));
    Some((name, create))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_in_the_order_they_were_given() {
        let format = NumberFormat::parse("XS{yyyy}{MM}-{seq:4}").unwrap();
        let placed = |number: &str| placed(&Value::Text(number.to_owned()), &format);
        let numbers = [
            "XS2026",
            "XS202611-0001",
            "XS202611-9999",
            "XS202611-10000",
            "XS202611-10001",
            "XS202611-100000",
            "XS202612",
            "XS202612-0001",
            "XT",
        ];
        for pair in numbers.windows(2) {
            let [one, other] =
                [pair[0], pair[1]].map(|number| placed(number).as_text().unwrap().to_owned());
            assert!(one < other, "{one} {other}");
        }
    }
}
