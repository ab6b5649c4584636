//! When a page is read by an ordered union, and when not.

use chrono::DateTime;
use uuid::Uuid;

use super::*;
use crate::{
    access::{Access, Action},
    catalog::{EMPLOYEES, resolve, standard_sources},
    query::{Find, Order, Page, Part, Plan, Selection, What, compile, cursor::Seal},
    sql::Match,
};

/// The number of branches in the statement of a page.
fn branches_of(
    dialect: Dialect,
    size: u32,
    departments: u128,
    wide: bool,
    by: &str,
    filter: impl Fn(&Object) -> Option<Filter>,
) -> usize {
    let catalog = resolve(&standard_sources(), 1).unwrap();
    let customer = catalog.named("Customer").unwrap();
    let field = |name: &str| customer.named(name).unwrap().0;
    let code = Part { key: "code".to_owned(), what: Item::Field(field("code")) };
    let nodes = ConnectionPart::Nodes(Selection(vec![code]));
    let listing = Listing {
        filter: filter(customer),
        order: vec![Order { path: vec![field(by)], descending: true, ..Order::default() }],
        page: Page { size, ..Page::default() },
        parts: vec![Part { key: "nodes".to_owned(), what: nodes }],
    };
    let find = Find { object: customer.ix, what: What::List(listing) };
    let mut plan = Plan::new(find, &catalog, &Access::system("a test"), Action::Read).unwrap();
    let rule = Condition::Any(vec![
        Condition::Employee {
            lines: field(EMPLOYEES),
            employees: vec![Uuid::from_u128(1)],
            responsible: false,
            at: DateTime::UNIX_EPOCH,
        },
        Condition::Within {
            path: vec![field("department")],
            values: (2..departments + 2).map(|id| Value::Id(Uuid::from_u128(id))).collect(),
            wide,
        },
    ]);
    plan.rules.insert(customer.ix, RowRule::When(rule));
    let statement = compile(&plan, &catalog, dialect, &Seal::new(b"secret")).unwrap();
    match statement.sql.matches("UNION ALL").count() {
        0 => 0,
        unions => unions + 1,
    }
}

#[test]
fn the_newest_are_merged_of_departments_and_own_lines() {
    let none = |_: &Object| None;
    for dialect in [Dialect::Postgres, Dialect::Sqlite] {
        assert_eq!(branches_of(dialect, 50, 3, false, "createdAt", none), 4);
        assert_eq!(branches_of(dialect, 50, 16, false, "createdAt", none), 17);
        // The statement would be long, and a large share of all records is open.
        assert_eq!(branches_of(dialect, 50, 17, false, "createdAt", none), 0);
        // Only the creation order has an index, both for departments and for lines.
        assert_eq!(branches_of(dialect, 50, 3, false, "name", none), 0);
        assert_eq!(branches_of(dialect, 500, 3, true, "createdAt", none), 4);
    }
    assert_eq!(branches_of(Dialect::Postgres, 50, 3, true, "createdAt", none), 4);
    // SQLite finds a short page faster than it starts so many branches.
    assert_eq!(branches_of(Dialect::Sqlite, 50, 3, true, "createdAt", none), 0);
}

#[test]
fn filters_that_lead_to_few_begin_with_these() {
    let text = |text: &str| Value::Text(text.to_owned());
    let code = |object: &Object, code: &str| {
        Filter::Field(object.named("code").unwrap().0, Compare::Eq(text(code)))
    };
    let merged = |filter: &dyn Fn(&Object) -> Filter| {
        [Dialect::Postgres, Dialect::Sqlite].map(|dialect| {
            branches_of(dialect, 50, 3, false, "createdAt", |object| Some(filter(object)))
        })
    };
    let level = |object: &Object| object.named("level").unwrap().0;
    assert_eq!(merged(&|object| code(object, "C1")), [0, 0]);
    assert_eq!(merged(&|object| Filter::Or(vec![code(object, "C1"), code(object, "C2")])), [0, 0]);
    assert_eq!(merged(&|_| Filter::Search(vec!["天津".to_owned()])), [0, 0]);
    assert_eq!(merged(&|object| Filter::Field(level(object), Compare::Eq(text("A")))), [4, 4]);
    assert_eq!(
        merged(&|object| Filter::Or(vec![
            code(object, "C1"),
            Filter::Field(level(object), Compare::Eq(text("A")))
        ])),
        [4, 4]
    );
    let name = |object: &Object| {
        Filter::Field(
            object.named("name").unwrap().0,
            Compare::Text(Match::Contains, "天津".to_owned()),
        )
    };
    assert_eq!(merged(&name), [4, 4]);
    // Each branch would repeat many values.
    let many = |_: &Object| {
        let ids = (0..2_000).map(|id| Value::Id(Uuid::from_u128(id))).collect();
        Filter::Field(FieldIx::ID, Compare::NotIn(ids))
    };
    assert_eq!(merged(&many), [0, 0]);
}
