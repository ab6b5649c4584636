//! How PostgreSQL goes about the statement of each workload: which indexes serve it.
//!
//! On a small data set, with reading whole tables and sorting them made dear, so that the plan is the one that
//! large tables have and does not depend on the machine. A plan that is planned once for all values, as a
//! server's statements are.

use std::fmt::Write as _;

use axum::{
    body::Body,
    http::{Request, header},
};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use tradewind::bench::{self, Workload};

use crate::{
    both_dbs,
    support::{
        Client,
        recorder::{listen, sent},
    },
};

both_dbs! { references_are_found_among_those_there_are }

/// Keeps autovacuum from all tables of the schema.
const LEFT_ALONE: &str = "DO $$ DECLARE name text; BEGIN \
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP \
    EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', name); END LOOP; END $$";

#[tokio::test]
async fn indexes_serve_the_workloads() {
    let Some(client) = Client::postgres().await else { return };
    let mut options = sea_orm::ConnectOptions::new(client.database.url());
    options.max_connections(1).sqlx_logging(false);
    let direct = Database::connect(options).await.unwrap();
    // What autovacuum has come to by then would decide between index scans and index-only scans.
    direct.execute_unprepared(LEFT_ALONE).await.unwrap();
    bench::load(&client.company, Decimal::ZERO, |_progress| {}).await.unwrap();
    for sql in [
        "SET plan_cache_mode = force_generic_plan",
        "SET enable_seqscan = off",
        "SET enable_bitmapscan = off",
        "SET enable_hashjoin = off",
        "SET enable_mergejoin = off",
        "SET jit = off",
    ] {
        direct.execute_unprepared(sql).await.unwrap();
    }
    for workload in Workload::ALL.into_iter().filter(|workload| workload.reads()) {
        let (body, token) = bench::sample(&client.company, workload).await.unwrap();
        let request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(body.clone()))
            .unwrap();
        // Once to find out who asks, which is kept, and once to listen.
        let again = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(body))
            .unwrap();
        client.send(request).await;
        listen();
        let (status, answer) = client.send(again).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
        let read = |sql: &String| sql.starts_with("SELECT") && sql.contains("WHERE");
        let Some(sql) = sent().into_iter().rfind(read) else { panic!("nothing was sent") };
        let count = (1..100).take_while(|n| sql.contains(&format!("${n}"))).count();
        let nulls = vec!["NULL"; count].join(", ");
        direct.execute_unprepared(&format!("PREPARE q AS {sql}")).await.unwrap();
        let call = if count == 0 { "q".to_owned() } else { format!("q({nulls})") };
        let explain = format!("EXPLAIN (COSTS OFF) EXECUTE {call}");
        let rows = direct
            .query_all_raw(Statement::from_string(DbBackend::Postgres, explain))
            .await
            .unwrap();
        direct.execute_unprepared("DEALLOCATE q").await.unwrap();
        let mut text = format!("{sql}\n\n");
        for row in rows {
            writeln!(text, "{}", row.try_get_by_index::<String>(0).unwrap()).unwrap();
        }
        insta::assert_snapshot!(format!("plan_{}", workload.name()), text);
    }
}

/// The index of a relation that may be empty holds only the rows that have one. Both databases must see that who
/// looks for a reference needs no others.
async fn references_are_found_among_those_there_are(client: &Client) {
    let mut options = sea_orm::ConnectOptions::new(client.database.url());
    options.max_connections(1).sqlx_logging(false);
    let direct = Database::connect(options).await.unwrap();
    let backend = direct.get_database_backend();
    if backend == DbBackend::Postgres {
        for sql in ["SET plan_cache_mode = force_generic_plan", "SET enable_seqscan = off"] {
            direct.execute_unprepared(sql).await.unwrap();
        }
    }
    let id = "01920000-0000-7000-8000-000000000000";
    for condition in [
        format!(r#"{{parentCompany: {{id: {{eq: "{id}"}}}}}}"#),
        format!(r#"{{parentCompany: {{id: {{in: ["{id}", "{id}"]}}}}}}"#),
        r#"{subsidiaries: {some: {city: {eq: "天津"}}}}"#.to_owned(),
    ] {
        listen();
        client.data(&format!("{{ customers(filter: {condition}) {{ nodes {{ id }} }} }}")).await;
        let read = |sql: &String| sql.contains("parent_company_id");
        let Some(sql) = sent().into_iter().rfind(read) else { panic!("nothing was sent") };
        let explain = match backend {
            DbBackend::Sqlite => format!("EXPLAIN QUERY PLAN {sql}"),
            _postgres => {
                let count = (1..100).take_while(|n| sql.contains(&format!("${n}"))).count();
                let nulls = vec!["NULL"; count].join(", ");
                direct.execute_unprepared(&format!("PREPARE q AS {sql}")).await.unwrap();
                format!("EXPLAIN (COSTS OFF) EXECUTE q({nulls})")
            }
        };
        let rows = direct.query_all_raw(Statement::from_string(backend, explain)).await.unwrap();
        let column = if backend == DbBackend::Sqlite { 3 } else { 0 };
        let lines = rows.iter().map(|row| row.try_get_by_index::<String>(column).unwrap());
        let plan = lines.collect::<Vec<_>>().join("\n");
        assert!(plan.contains("by_customer___parent_company_id"), "{sql}\n{plan}");
        if backend == DbBackend::Postgres {
            direct.execute_unprepared("DEALLOCATE q").await.unwrap();
        }
    }
}
