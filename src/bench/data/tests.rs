//! The data set is as documented, always the same, and fits the standard objects.

use super::*;
use crate::{
    catalog::{FieldType, resolve, standard_sources},
    rules::{Facts, RuleContext, Values, compute},
};

#[test]
fn the_full_set_is_the_one_that_is_documented() {
    let world = World::scaled(Decimal::ONE);
    assert_eq!(world.count(BenchObject::Customer), 200_000);
    assert_eq!(world.count(BenchObject::CustomerEmployee), 300_000);
    assert_eq!(world.count(BenchObject::Contact), 400_000);
    assert_eq!(world.count(BenchObject::Opportunity), 300_000);
    assert_eq!(world.count(BenchObject::SalesOrder), 500_000);
    assert_eq!(world.count(BenchObject::SalesOrderLine), 1_500_000);
}

#[test]
fn ids_are_told_apart_and_the_same_every_time() {
    let world = World::scaled(Decimal::new(1, 2));
    let mut ids = std::collections::HashSet::new();
    for kind in BenchObject::ALL {
        for ix in 0..world.count(kind) {
            assert!(ids.insert(world.id(kind, ix)), "{kind:?} {ix}");
        }
    }
    assert_eq!(world.id(BenchObject::Customer, 7), world.id(BenchObject::Customer, 7));
    assert!(world.id(BenchObject::Customer, 7) < world.id(BenchObject::Customer, 1_007));
}

#[test]
fn customers_have_their_owner_and_some_somebody_else() {
    let world = World::scaled(Decimal::new(1, 2));
    let mut next = 0;
    for customer in 0..world.count(BenchObject::Customer) {
        let lines = world.lines_of(BenchObject::CustomerEmployee, customer);
        assert_eq!(lines.start, next);
        next = lines.end;
        let owner = world.id(BenchObject::Employee, world.owner_of(customer));
        for (at, line) in lines.enumerate() {
            let record = world.record(BenchObject::CustomerEmployee, line);
            assert_eq!(record[0] == Value::Id(owner), at == 0);
            assert_eq!(record[1], Value::Bool(at == 0));
            assert_eq!(record[3].as_text(), Some(if at == 0 { "OWNER" } else { "MANUAL" }));
        }
    }
    assert_eq!(next, world.count(BenchObject::CustomerEmployee));
}

#[test]
fn values_fit_the_standard_objects() {
    let catalog = resolve(&standard_sources(), 1).unwrap();
    let world = World::scaled(Decimal::ZERO);
    for kind in BenchObject::ALL
        .into_iter()
        .chain([BenchObject::CustomerEmployee, BenchObject::SalesOrderLine])
    {
        let object = catalog.named(kind.object()).unwrap();
        for ix in 0..world.count(kind).min(200) {
            let record = world.record(kind, ix);
            assert_eq!(record.len(), kind.fields().len(), "{kind:?}");
            for (name, value) in kind.fields().iter().zip(&record) {
                let (_, field) = object.named(name).unwrap();
                let kept = matches!(name, &"source" | &"since" | &"recordedAt");
                let kept = kept || field.formula.is_some();
                assert!(field.writable() || kept, "{kind:?}.{name}");
                assert!(!(field.required && value.is_null()), "{kind:?}.{name}");
                match (&field.ty, value) {
                    (_, Value::Null) => {}
                    (FieldType::Picklist(list), Value::Text(name)) => {
                        assert!(catalog.picklist(*list).has(name), "{kind:?} {name}");
                    }
                    (FieldType::Text { max, .. }, Value::Text(text)) => {
                        assert!(text.chars().count() <= *max as usize, "{kind:?} {text}");
                    }
                    (FieldType::Relation(_), Value::Id(_))
                    | (FieldType::Integer, Value::Int(_))
                    | (FieldType::Decimal { .. }, Value::Decimal(_))
                    | (FieldType::Boolean, Value::Bool(_))
                    | (FieldType::Date, Value::Date(_))
                    | (FieldType::DateTime, Value::DateTime(_)) => {}
                    (ty, value) => panic!("{kind:?}.{name}: {ty:?} {value:?}"),
                }
            }
        }
    }
}

/// Rows are written without a save, so their amounts must equal what the formula would compute.
#[test]
fn amounts_are_what_their_formula_gives() {
    let catalog = resolve(&standard_sources(), 1).unwrap();
    let world = World::scaled(Decimal::ZERO);
    let object = catalog.named("SalesOrderLine").unwrap();
    let kind = BenchObject::SalesOrderLine;
    let (amount, _) = object.named("amount").unwrap();
    for ix in 0..world.count(kind).min(500) {
        let names = kind.fields().iter().map(|name| object.named(name).unwrap().0);
        let stored: Values = names.zip(world.record(kind, ix)).collect();
        let mut computed = stored.clone();
        let (none, facts) = (Values::default(), Facts::default());
        let scope = RuleContext {
            object,
            values: &none,
            old: None,
            facts: &facts,
            viewer: Value::Null,
            today: world.end().date_naive(),
            now: world.end(),
            zone: chrono_tz::Tz::UTC,
            trial: false,
            restored: false,
            given: &[],
            unread: &[],
        };
        assert!(compute(&catalog, object, &mut computed, &scope, None).is_empty());
        assert_eq!(computed.get(&amount), stored.get(&amount), "line {ix}");
    }
}
