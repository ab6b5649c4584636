//! What an operation costs, told and bounded as a whole; and statements that take too long.

use std::time::Duration;

use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office, open_closed, open_hurried},
};

both_dbs! {
    tells_what_an_operation_may_touch
    says_what_no_index_serves
    bounds_the_operation_as_a_whole
    tells_the_budget_of_reads
    is_told_without_being_done
}

async fn cost(client: &Client, query: &str) -> Value {
    let answer = client.ask(query, json!({})).await;
    assert!(answer.body.get("errors").is_none(), "{:#}", answer.body);
    answer.cost
}

async fn tells_what_an_operation_may_touch(client: &Client) {
    let limit = 200_000;
    for (query, requested, fields, depth) in [
        ("{ __typename }", 0, 1, 1),
        ("{ customers { nodes { code } } }", 50, 3, 3),
        (
            "{ customers(first: 2) { nodes { contacts(first: 5) { nodes { name } } } } }",
            2 * (1 + 5),
            5,
            5,
        ),
        (
            "{ a: customers(first: 2) { nodes { code } } b: customers(first: 3) { nodes { code } } }",
            5,
            6,
            3,
        ),
        ("{ customerAggregate(filter: { createdAt: { lastDays: 3 } }) { count } }", 1, 2, 2),
    ] {
        let expected =
            json!({ "requested": requested, "limit": limit, "fields": fields, "depth": depth });
        let mut told = cost(client, query).await;
        told.as_object_mut().unwrap().remove("statement");
        assert_eq!(told, expected, "{query}");
    }
    let query = "{ customers(filter: { or: [{ code: { eq: \"a\" } }, { owner: { name: { eq: \"b\" } } }] }) \
                 { nodes { a: owner { name } b: owner { code } department { name } contacts { nodes { name } } } } }";
    // Two comparisons and a relation; owner and department once each, the list below, and the condition's.
    let told = cost(client, query).await;
    assert_eq!(told["statement"], json!({ "joins": 4, "conditions": 3 }));
    let id = client.department("D").await;
    let node = format!("{{ node(id: \"{id}\") {{ id ... on Department {{ code }} }} }}");
    assert_eq!(cost(client, &node).await["requested"], 1);
}

async fn says_what_no_index_serves(client: &Client) {
    for (query, scans) in [
        ("{ customers { nodes { code } } }", json!(null)),
        ("{ customers { totalCount } }", json!(["customers"])),
        (
            "{ x: customers(filter: { name: { contains: \"a\" } }) { nodes { code } } }",
            json!(["x"]),
        ),
        ("{ customers(search: \"a\") { nodes { code } } }", json!(null)),
        (
            "{ customers(filter: { code: { eq: \"a\" }, name: { contains: \"a\" } }) { nodes { code } } }",
            json!(null),
        ),
        (
            "{ customers(filter: { or: [{ code: { eq: \"a\" } }, { name: { contains: \"a\" } }] }) { nodes { code } } }",
            json!(["customers"]),
        ),
        (
            "{ customers(filter: { contacts: { count: { gte: 2 } } }) { nodes { code } } }",
            json!(["customers"]),
        ),
        (
            "{ customers(filter: { owner: { id: { eq: \"00000000-0000-0000-0000-000000000001\" } } }) { totalCount } }",
            json!(null),
        ),
        (
            "{ customerAggregate { count } contacts { nodes { name } } }",
            json!(["customerAggregate"]),
        ),
    ] {
        assert_eq!(cost(client, query).await["scans"], scans, "{query}");
    }
}

async fn bounds_the_operation_as_a_whole(client: &Client) {
    let list = |key: &str| {
        format!(
            "{key}: customers(first: 1000) {{ nodes {{ contacts(first: 150) {{ nodes {{ name }} }} }} }}"
        )
    };
    assert_eq!(cost(client, &format!("{{ {} }}", list("a"))).await["requested"], 151_000);
    let both = format!("{{ {} {} }}", list("a"), list("b"));
    let refused = client.ask(&both, json!({})).await;
    assert_eq!(refused.codes(), ["LIMIT_COST"]);
    assert!(refused.body.get("data").is_none());
    // What would be too much to answer is not begun: the first change is not made either.
    let department = client.department("D").await;
    let create = |key: &str, code: &str| {
        format!(
            "{key}: createCustomer(input: {{ code: \"{code}\", name: \"{code}\", department: {{ id: \"{department}\" }} }}) {{
                record {{ id contacts(first: 1000) {{ nodes {{ history(first: 150) {{ nodes {{ at }} }} }} }} }} }}"
        )
    };
    let query = format!("mutation {{ {} {} }}", create("a", "A"), create("b", "B"));
    assert_eq!(client.ask(&query, json!({})).await.codes(), ["LIMIT_COST"]);
    assert_eq!(client.data("{ customers { totalCount } }").await["customers"]["totalCount"], 0);
}

async fn tells_the_budget_of_reads(client: &Client) {
    let office = Office::open(client).await;
    let zhang = |query: &'static str| client.ask_as(&office.tokens["zhang"], query);
    let before = zhang("{ departments { totalCount } }").await.cost["reads"].clone();
    assert_eq!(before, json!({ "left": 3000, "limit": 3000, "minutes": 60 }));
    let after = zhang("{ customers { nodes { code contacts { nodes { name } } } } }").await;
    assert_eq!(after.cost["reads"]["left"], 2998);
    assert_eq!(cost(client, "{ customers { nodes { code } } }").await.get("reads"), None);
}

async fn is_told_without_being_done(client: &Client) {
    let department = client.department("D").await;
    let create = format!(
        "mutation {{ createCustomer(input: {{ code: \"A\", name: \"A\", department: {{ id: \"{department}\" }} }}) {{ record {{ id }} }} }}"
    );
    for (query, requested) in
        [(create.as_str(), 1), ("{ customers(first: 7) { nodes { code } } }", 7)]
    {
        let body = json!({ "query": query, "extensions": { "costOnly": true } });
        let told = client.poster().post("/graphql", body).await;
        assert_eq!(told.body, json!({ "data": null }));
        assert_eq!(told.cost["requested"], requested);
    }
    assert_eq!(client.data("{ customers { totalCount } }").await["customers"]["totalCount"], 0);
}

#[tokio::test]
async fn postgres_stops_what_takes_too_long() {
    let Some(client) = Client::postgres().await else { return };
    if !client.database.is_postgres() {
        return;
    }
    let hurried = open_hurried(&client, Duration::from_millis(300)).await;
    // Who locks a table makes all who read it wait.
    let mut options = sea_orm::ConnectOptions::new(client.database.url());
    options.max_connections(1).sqlx_logging(false);
    let locking = Database::connect(options).await.unwrap();
    locking
        .execute_unprepared("BEGIN; LOCK TABLE customer IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let stopped = hurried.ask("{ customers { nodes { code } } }", json!({})).await;
    assert_eq!(stopped.codes(), ["LIMIT_TIME"]);
    let waiting =
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'customer'::regclass";
    let rows = locking
        .query_all_raw(sea_orm::Statement::from_string(sea_orm::DbBackend::Postgres, waiting))
        .await
        .unwrap();
    assert_eq!(rows[0].try_get_by_index::<i64>(0).unwrap(), 0);
    locking.execute_unprepared("ROLLBACK").await.unwrap();
    // The connection serves again, and a change of definitions has all the time it needs.
    let again = hurried.ask("{ customers { totalCount } }", json!({})).await;
    assert_eq!(again.data()["customers"]["totalCount"], 0);
}

#[tokio::test]
async fn the_schema_may_be_kept_from_clients() {
    let client = Client::sqlite().await;
    let closed = open_closed(&client).await;
    for query in ["{ __schema { types { name } } }", "{ __type(name: \"Customer\") { name } }"] {
        assert_eq!(closed.ask(query, json!({})).await.codes(), ["ACCESS_DENIED"], "{query}");
        assert!(client.ask(query, json!({})).await.body["errors"].is_null());
    }
    let known = closed.ask("{ __typename customers { __typename } }", json!({})).await;
    assert_eq!(known.data()["customers"]["__typename"], "CustomerConnection");
    // A name that is nearly right is not set right, on either server.
    for poster in [closed, client.poster()] {
        let wrong = poster.ask("{ custmers { nodes { coed } } }", json!({})).await;
        assert!(!wrong.body.to_string().to_lowercase().contains("did you mean"), "{}", wrong.body);
    }
}
