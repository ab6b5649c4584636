//! What the stages of a read cost, each on its own, for the shape of W3: customers with two related records
//! and two lists each, as a manager.
//!
//! `cargo bench --bench stages`

use std::hint::black_box;

use async_graphql_parser::parse_query;
use criterion::{Criterion, criterion_group, criterion_main};
use tradewind::{
    access::{Access, Action, Level, Person, Reach, standard_roles},
    base::{Error, Result, Value},
    catalog::{Catalog, FieldIx, Object, resolve, standard_sources},
    query::{
        ConnectionPart, Find, Item, Listing, Order, Page, Part, Plan, Selection, Templates, What,
        compile, cursor::Seal,
    },
    sql::Dialect,
};
use uuid::Uuid;

const DOCUMENT: &str = "query W3 { customers(first: 20, orderBy: [{ createdAt: DESC }]) { nodes { \
    id code name owner { id name } department { id name } contacts(first: 5) { nodes { id name mobile } } \
    opportunities(first: 5) { nodes { id name amount } } } } }";

fn object<'c>(catalog: &'c Catalog, name: &str) -> Result<&'c Object> {
    catalog.named(name).ok_or_else(|| Error::internal(format!("no {name}")))
}

fn field(object: &Object, name: &str) -> Result<FieldIx> {
    let found = object.named(name).map(|(ix, _)| ix);
    found.ok_or_else(|| Error::internal(format!("no {name}")))
}

fn fields(object: &Object, names: &[&str]) -> Result<Vec<Part<Item>>> {
    let part =
        |name: &&str| Ok(Part { key: (*name).to_owned(), what: Item::Field(field(object, name)?) });
    names.iter().map(part).collect()
}

fn nodes(parts: Vec<Part<Item>>) -> Vec<Part<ConnectionPart>> {
    vec![Part { key: "nodes".to_owned(), what: ConnectionPart::Nodes(Selection(parts)) }]
}

/// What [`DOCUMENT`] says.
fn wish(catalog: &Catalog) -> Result<Find> {
    let customer = object(catalog, "Customer")?;
    let mut parts = fields(customer, &["id", "code", "name"])?;
    for (name, target) in [("owner", "Employee"), ("department", "Department")] {
        let inner = Selection(fields(object(catalog, target)?, &["id", "name"])?);
        let what = Item::One(field(customer, name)?, inner);
        parts.push(Part { key: name.to_owned(), what });
    }
    for (name, target, last) in
        [("contacts", "Contact", "mobile"), ("opportunities", "Opportunity", "amount")]
    {
        let listing = Listing {
            page: Page { size: 5, ..Page::default() },
            parts: nodes(fields(object(catalog, target)?, &["id", "name", last])?),
            ..Listing::default()
        };
        let what = Item::Connection(field(customer, name)?, Box::new(listing));
        parts.push(Part { key: name.to_owned(), what });
    }
    let listing = Listing {
        order: vec![Order {
            path: vec![field(customer, "createdAt")?],
            descending: true,
            ..Order::default()
        }],
        page: Page { size: 20, ..Page::default() },
        parts: nodes(parts),
        ..Listing::default()
    };
    Ok(Find { object: customer.ix, what: What::List(listing) })
}

/// What a manager of eight departments may do.
fn manager(catalog: &Catalog) -> Result<Access> {
    let roles = standard_roles()?.into_iter().filter(|role| role.code == "department_manager");
    let roles: Vec<_> = roles.map(std::sync::Arc::new).collect();
    let values = (1..=8).map(|id| Value::Id(Uuid::from_u128(id))).collect();
    let person = Person {
        systems: vec!["SALES".to_owned()],
        employee: Some(Uuid::from_u128(100)),
        department: Some(Uuid::from_u128(1)),
        reach: [("DEPARTMENT".to_owned(), Reach { level: Level::Set, values })].into(),
        ..Person::default()
    };
    Ok(Access::new(catalog, &roles, &person))
}

fn stages(criterion: &mut Criterion) -> Result<()> {
    let catalog =
        resolve(&standard_sources(), 1).map_err(|faults| Error::internal(faults.len()))?;
    let access = manager(&catalog)?;
    let wish = wish(&catalog)?;
    let seal = Seal::new(b"bench");
    let plan = || Plan::new(wish.clone(), &catalog, &access, Action::Read);
    let planned = plan()?;
    criterion.bench_function("parse", |bench| bench.iter(|| parse_query(black_box(DOCUMENT))));
    criterion.bench_function("plan", |bench| bench.iter(|| black_box(plan())));
    for (name, dialect) in [("PostgreSQL", Dialect::Postgres), ("SQLite", Dialect::Sqlite)] {
        criterion.bench_function(&format!("compile for {name}"), |bench| {
            bench.iter(|| compile(black_box(&planned), &catalog, dialect, &seal));
        });
        let templates = Templates::default();
        criterion.bench_function(&format!("bind a kept statement for {name}"), |bench| {
            bench.iter(|| templates.statement(planned.clone(), &catalog, dialect, &seal));
        });
    }
    criterion.bench_function("resolve the standard objects", |bench| {
        bench.iter(|| resolve(&standard_sources(), 1));
    });
    Ok(())
}

fn all(criterion: &mut Criterion) {
    let done = stages(criterion);
    assert!(done.is_ok(), "{done:?}");
}

criterion_group!(benches, all);
criterion_main!(benches);
