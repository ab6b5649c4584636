//! The data set of the benchmark, loaded small into SQLite.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail where it stands")]

use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use tradewind::{
    base::{Code, Env},
    bench,
    company::{Company, CompanySettings},
    customize::SharedCatalogs,
    graphql,
    records::{Change, Op, Saved, save},
    storage::{self, PoolSettings},
};
use uuid::Uuid;

async fn open(file: &std::path::Path) -> Company {
    let url = format!("sqlite://{}", file.display());
    let database = storage::open(&url, PoolSettings::default()).await.unwrap();
    let settings = CompanySettings::default();
    Company::open(database, Env::system(chrono_tz::UTC), settings, &SharedCatalogs::default())
        .await
        .unwrap()
}

async fn number(company: &Company, sql: &str) -> i64 {
    let reader = company.database.reader();
    let statement = Statement::from_string(reader.get_database_backend(), sql);
    reader.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn the_data_set_is_whole_and_goes_into_an_empty_database_only() {
    let folder = std::env::temp_dir().join(format!("tradewind-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let company = open(&folder.join("bench.db")).await;
    let mut last = None;
    bench::load(&company, Decimal::ZERO, |progress| last = Some(progress)).await.unwrap();
    let last = last.unwrap();
    assert_eq!(last.done, last.all);

    for (sql, expected) in [
        ("SELECT count(*) FROM department", 60),
        ("SELECT count(*) FROM employee", 500),
        ("SELECT count(*) FROM customer", 100),
        ("SELECT count(*) FROM contact", 200),
        ("SELECT count(*) FROM sales_order", 250),
        ("SELECT count(*) FROM sales_order_line", 750),
        // Roll-ups agree with the lines.
        (
            "SELECT count(*) FROM sales_order o WHERE o.line_count = 3 AND o.total_amount = \
             (SELECT sum(amount) FROM sales_order_line l WHERE l.sales_order_id = o.id)",
            250,
        ),
        ("SELECT count(DISTINCT number) FROM sales_order", 250),
        ("SELECT count(*) FROM pragma_foreign_key_check", 0),
    ] {
        assert_eq!(number(&company, sql).await, expected, "{sql}");
    }
    // Numbers go on behind those given out.
    let given = "SELECT sum(next) FROM tw_sequence WHERE scope LIKE 'SalesOrder.%'";
    assert_eq!(number(&company, given).await, 250);

    let again = bench::load(&company, Decimal::ZERO, |_| {}).await.unwrap_err();
    assert_eq!(again.code, Code::InputValue);

    missing_references_are_named(&company).await;
    drop(company);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// References are left to foreign keys; what these refuse is told by field all the same.
async fn missing_references_are_named(company: &Company) {
    let session = company.system_session("a test");
    let object = session.catalog.named("Customer").unwrap();
    let nothing = Uuid::nil().to_string();
    let input = json!({
        "code": "X1", "name": "x",
        "region": { "id": nothing }, "department": { "id": nothing },
    });
    let input = graphql::create_input(&session.catalog, object, input).unwrap();
    let change = Change { object: object.ix, op: Op::Create(input) };
    let Saved::Refused(faults) = save(&session, &change).await.unwrap() else { panic!("saved") };
    let paths: Vec<_> = faults.iter().map(|fault| (fault.code, fault.path.join("."))).collect();
    assert_eq!(
        paths,
        [
            (Code::RecordReference, "region".to_owned()),
            (Code::RecordReference, "department".to_owned())
        ]
    );
    assert_eq!(number(company, "SELECT count(*) FROM customer").await, 100);
}
