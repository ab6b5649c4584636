//! A cached statement is always the one that would be compiled.

use std::fmt::Write as _;

use chrono::DateTime;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::*;
use crate::{
    access::{Access, Action},
    catalog::{resolve, standard_sources},
    query::{Order, Page, Part},
};

fn listing(filter: Filter, by: FieldIx) -> Listing {
    let nodes = ConnectionPart::Nodes(Selection(vec![Part {
        key: "id".to_owned(),
        what: Item::Field(FieldIx::ID),
    }]));
    Listing {
        filter: Some(filter),
        order: vec![Order { path: vec![by], descending: true, ..Order::default() }],
        page: Page { size: 5, ..Page::default() },
        parts: vec![Part { key: "nodes".to_owned(), what: nodes }],
    }
}

#[test]
fn kept_statements_are_those_compiled_anew() {
    let catalog = resolve(&standard_sources(), 1).unwrap();
    let customer = catalog.named("Customer").unwrap();
    let field = |name: &str| customer.named(name).unwrap().0;
    let text = |text: &str| Value::Text(text.to_owned());
    let at = |secs| Value::DateTime(DateTime::from_timestamp(secs, 0).unwrap());
    let region = |id| Filter::Field(FieldIx::ID, Compare::Eq(Value::Id(Uuid::from_u128(id))));
    let seal = Seal::new(b"secret");
    let filters = |one: i64, word: &str| {
        let money = Value::Decimal(Decimal::new(one, 2));
        vec![
            Filter::Field(field("code"), Compare::Eq(text(word))),
            Filter::Field(field("code"), Compare::Eq(Value::Null)),
            Filter::Field(field("creditDays"), Compare::Between(Value::Int(one), Value::Int(9))),
            Filter::Field(field("creditLimit"), Compare::Gt(money)),
            Filter::Field(field("createdAt"), Compare::Lt(at(one))),
            Filter::Field(field("name"), Compare::Text(crate::sql::Match::Contains, word.into())),
            Filter::Field(field("level"), Compare::In(vec![text("A"), text(word)])),
            Filter::Field(field("shortName"), Compare::Text(crate::sql::Match::Like, word.into())),
            Filter::One(field("region"), Box::new(region(u128::from(one.unsigned_abs())))),
        ]
    };
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let templates = Templates::default();
        for (one, word) in [(1, "a"), (2, "b_%"), (1, "中"), (700, "a")] {
            let all = filters(one, word);
            for filter in all.iter().cloned().chain([Filter::And(all.clone())]) {
                for (person, by) in (0..40_u128).map(|case| (case / 2, case % 2)) {
                    let by = if by == 0 { FieldIx::ID } else { field("createdAt") };
                    let what = What::List(listing(filter.clone(), by));
                    let find = super::super::Find { object: customer.ix, what };
                    let access = Access::system("a test");
                    let mut plan = Plan::new(find, &catalog, &access, Action::Read).unwrap();
                    plan.rules.insert(customer.ix, rule(customer, person));
                    let fresh = compile(&plan, &catalog, dialect, &seal).unwrap();
                    let kept = templates.statement(plan, &catalog, dialect, &seal).unwrap();
                    assert_eq!(said(&kept), said(&fresh), "{filter:?} {person}");
                    assert_eq!(kept.root, fresh.root);
                    assert!(kept.values.0.len() <= fresh.values.0.len());
                }
            }
        }
    }
}

/// The cache keeps its size, however large the statements are that callers make.
#[test]
fn what_is_kept_is_bounded_by_its_size() {
    let catalog = resolve(&standard_sources(), 1).unwrap();
    let customer = catalog.named("Customer").unwrap();
    let field = |name: &str| customer.named(name).unwrap().0;
    let names = ["code", "name", "shortName", "city"];
    let seal = Seal::new(b"secret");
    let bytes = 1_000_000;
    let templates = Templates::of(bytes);
    for form in 0..60_usize {
        // The fields in the conditions make each form different.
        let on = |nth: usize| {
            field(names[form.checked_shr(u32::try_from(2 * nth).unwrap()).unwrap_or(0) % 4])
        };
        let one = |nth| Filter::Field(on(nth), Compare::Eq(Value::Text(nth.to_string())));
        let filter = Filter::Or((0..60).map(one).collect());
        let find = super::super::Find {
            object: customer.ix,
            what: What::List(listing(filter, FieldIx::ID)),
        };
        let plan = Plan::new(find, &catalog, &Access::system("a test"), Action::Read).unwrap();
        templates.statement(plan, &catalog, Dialect::Postgres, &seal).unwrap();
    }
    templates.0.run_pending_tasks();
    let (kept, weighs) = (templates.0.entry_count(), templates.0.weighted_size());
    assert!((1..60).contains(&kept) && weighs <= bytes, "{kept} weigh {weighs}");
}

/// A statement's text with its values inserted.
fn said(statement: &Statement) -> String {
    let mut parts = statement.sql.split(['?', '$']);
    let mut text = parts.next().unwrap().to_owned();
    for (at, part) in parts.enumerate() {
        let rest = part.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let number = part.strip_suffix(rest).unwrap().parse().unwrap_or(at + 1);
        write!(text, "{:?}{rest}", statement.values.0[number - 1]).unwrap();
    }
    text
}

fn rule(customer: &crate::catalog::Object, person: u128) -> RowRule {
    let id = |nth: u128| Uuid::from_u128(person * 100 + nth);
    let within = Condition::Within {
        path: vec![customer.named("department").unwrap().0],
        values: (0..=person).map(|nth| Value::Id(id(nth))).collect(),
        wide: person.is_multiple_of(3),
    };
    let employee = Condition::Employee {
        lines: customer.named(crate::catalog::EMPLOYEES).unwrap().0,
        employees: (0..=person % 3).map(id).collect(),
        responsible: person == 1,
        at: DateTime::from_timestamp(i64::try_from(person).unwrap(), 0).unwrap(),
    };
    RowRule::When(Condition::Any(vec![employee, within.clone(), within]))
}
