//! Tests of the language, as tables of texts and their outcomes.

mod hostile;
mod lists;
mod refusals;
mod values;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Bindings, Expr, ExprError, PicklistType, Scope, Type, eval, parse};
use crate::base::{Lang, Value, foreign};

/// An order with a customer, in a company of one viewer. It is saved: its status was another.
struct World;

const FIELDS: &[&str] = &[
    "viewer", "customer", "seller", "nobody", "name", "note", "status", "level", "tags", "codes",
    "amount", "rate", "missing", "count", "biggest", "none", "active", "unknown", "ordered",
    "shipped", "placed", "late", "extra",
];

fn picklist(name: &str, values: &[&str]) -> Arc<PicklistType> {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Arc::new(PicklistType { name: name.to_owned(), values })
}

fn status() -> Type {
    Type::Picklist(picklist("Status", &["DRAFT", "OPEN", "CLOSED"]))
}

fn level() -> Type {
    Type::Picklist(picklist("Level", &["GOLD", "SILVER", "OPEN"]))
}

fn tags() -> Type {
    Type::List(Box::new(Type::Picklist(picklist("Tag", &["HOT", "COLD"]))))
}

impl Scope for World {
    fn root(&self, name: &str) -> Option<Type> {
        Some(match name {
            "viewer" | "seller" => Type::Record("User".into()),
            "customer" | "nobody" => Type::Record("Customer".into()),
            "name" | "note" => Type::Text,
            "status" => status(),
            "level" => level(),
            "tags" => tags(),
            "codes" => Type::List(Box::new(Type::Int)),
            "amount" | "rate" | "missing" => Type::Decimal,
            "count" | "biggest" | "none" => Type::Int,
            "active" | "unknown" => Type::Bool,
            "ordered" | "shipped" => Type::Date,
            "placed" | "late" => Type::DateTime,
            "extra" => Type::Json,
            "old" => Type::Record("Order".into()),
            _ => return None,
        })
    }

    fn member(&self, record: &str, name: &str) -> Option<Type> {
        Some(match (record, name) {
            (_, "id") => Type::Id,
            ("User", "department") | (_, "name") => Type::Text,
            ("Customer", "level") => level(),
            ("Customer", "owner") => Type::Record("User".into()),
            ("Line", "quantity") => Type::Int,
            ("Line", "item") => Type::Record("Customer".into()),
            ("Order", name) if !matches!(name, "viewer" | "old") => return self.root(name),
            _ => return None,
        })
    }

    fn names(&self) -> Vec<String> {
        let members = ["department", "owner"];
        FIELDS.iter().chain(&members).map(|name| (*name).to_owned()).collect()
    }

    fn has_lists(&self) -> bool {
        true
    }

    fn list(&self, record: Option<&str>, name: &str) -> Option<String> {
        let known =
            matches!((record, name), (None, "lines" | "nothing") | (Some("Customer"), "lines"));
        known.then(|| "Line".to_owned())
    }
}

fn id(number: u128) -> Value {
    Value::Id(Uuid::from_u128(number))
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Bindings for World {
    fn get(&self, path: &[String]) -> Value {
        let text = |text: &str| Value::Text(text.to_owned());
        match path.join(".").as_str() {
            "viewer" | "viewer.id" | "seller" | "customer.owner" => id(1),
            "customer" | "customer.id" => id(2),
            "viewer.department" | "name" => text("North"),
            "customer.name" => text("Ünïted 贸易"),
            "customer.owner.name" => text("Li Lei"),
            "status" => text("DRAFT"),
            "customer.level" | "level" => text("GOLD"),
            "tags" => Value::List(vec![text("HOT")]),
            "codes" => Value::List(vec![Value::Int(1), Value::Int(2)]),
            "amount" => Value::Decimal("100.50".parse().unwrap()),
            "rate" => Value::Int(2),
            "count" => Value::Int(7),
            "biggest" => Value::Int(i64::MAX),
            "active" => Value::Bool(true),
            "old.status" => text("OPEN"),
            "old.name" => text("North"),
            "old.shipped" => Value::Date(day("2024-01-30")),
            "old.tags" => Value::List(vec![text("HOT"), text("COLD")]),
            "old.rate" => Value::Decimal("2.0".parse().unwrap()),
            "old.customer" => id(3),
            "old.customer.level" => text("SILVER"),
            "ordered" => Value::Date(day("2024-01-31")),
            "late" => Value::DateTime("2024-01-31T20:00:00Z".parse().unwrap()),
            "placed" => Value::DateTime("2024-01-31T08:00:00Z".parse().unwrap()),
            _ => Value::Null,
        }
    }

    fn today(&self) -> NaiveDate {
        day("2024-02-29")
    }

    fn now(&self) -> DateTime<Utc> {
        "2024-02-29T10:30:00Z".parse().unwrap()
    }

    fn day_of(&self, instant: DateTime<Utc>) -> NaiveDate {
        (instant + chrono::Duration::hours(8)).date_naive()
    }

    fn rows(&self, list: &[String], paths: &[Vec<String>]) -> Vec<Vec<Value>> {
        let quantities = match list.join(".").as_str() {
            "lines" => [Some(2), Some(7), None].as_slice(),
            "customer.lines" => [Some(1)].as_slice(),
            _ => [].as_slice(),
        };
        let value = |quantity: Option<i64>, path: &[String]| match path.join(".").as_str() {
            "quantity" => quantity.map_or(Value::Null, Value::Int),
            "item.level" => Value::Text("GOLD".into()),
            _ => Value::Null,
        };
        let row = |quantity| paths.iter().map(|path| value(quantity, path)).collect();
        quantities.iter().map(|quantity| row(*quantity)).collect()
    }
}

fn parsed(text: &str, expected: &Type) -> Result<Expr, Vec<ExprError>> {
    parse(text, &World, expected)
}

/// The first error of a text, as `message` or `message (hint)`.
fn refusal(text: &str, expected: &Type) -> String {
    match parsed(text, expected) {
        Ok(expr) => format!("accepted as {}", expr.ty().message().en),
        Err(errors) => {
            let ExprError { message, hint, .. } = &errors[0];
            for text in std::iter::once(message).chain(hint) {
                assert_eq!(foreign(&text.zh, Lang::Zh), None, "{text:?}");
                assert_eq!(foreign(&text.en, Lang::En), None, "{text:?}");
            }
            match hint {
                Some(hint) => format!("{} ({})", message.en, hint.en),
                None => message.en.to_string(),
            }
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(held) => held.to_string(),
        Value::Int(int) => int.to_string(),
        Value::Decimal(decimal) => format!("{decimal}d"),
        Value::Text(text) => format!("'{text}'"),
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
        Value::DateTime(at) => at.to_rfc3339(),
        Value::Id(id) => format!("#{}", id.as_u128()),
        Value::Json(json) => format!("json {json}"),
        Value::List(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
    }
}

/// The value of a text's expression, or the reason why it has none.
fn outcome(text: &str, expected: &Type) -> String {
    match parsed(text, expected) {
        Err(_) => format!("refused: {}", refusal(text, expected)),
        Ok(expr) => match eval(&expr, &World) {
            Ok(value) => shown(&value),
            Err(error) => format!("error: {}", error.message().en),
        },
    }
}

/// Runs a table of texts and outcomes, and shows every row that differs.
fn check_table(expected: &Type, rows: &[(&str, &str)], run: fn(&str, &Type) -> String) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(text, wanted)| (text, wanted, run(text, expected)))
        .filter(|(_, wanted, found)| *wanted != found)
        .map(|(text, wanted, found)| format!("{text}\n  wanted {wanted}\n  found  {found}"))
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
