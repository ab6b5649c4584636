//! Numbers that the server gives come in the order in which they were given, also past the digits they are padded to,
//! and that they come to that is told before.

use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::{both_dbs, program::connect, support::Client};

both_dbs! {
    numbers_come_in_the_order_they_were_given
    the_end_of_a_series_is_told_before
    the_order_has_its_index_however_it_is_defined
    numbers_are_found_however_they_are_written
}

const SLIPS: &str = "type Slip @object(kind: DOCUMENT, label: \"单\", plural: \"slips\", number: \"N{yyyy}-{seq:1}\") {
    before: Slip @field(label: \"上一张\") @relation(inverse: \"after\") }";

async fn slips(client: &Client, count: usize) {
    assert_eq!(client.apply(SLIPS, false).await["diagnostics"], json!([]));
    let mut before = Value::Null;
    for _ in 0..count {
        before = json!({ "id": client.create("Slip", json!({ "before": before })).await });
    }
}

/// The running numbers of a list.
async fn numbers(client: &Client, arguments: &str) -> Vec<u32> {
    let data = client.data(&format!("{{ slips({arguments}) {{ nodes {{ number }} }} }}")).await;
    let nodes = data["slips"]["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["number"].as_str().unwrap()[6..].parse().unwrap()).collect()
}

async fn numbers_come_in_the_order_they_were_given(client: &Client) {
    slips(client, 12).await;
    let all: Vec<u32> = (1..=12).collect();
    let back: Vec<u32> = (1..=12).rev().collect();
    assert_eq!(numbers(client, "orderBy: [{number: ASC}]").await, all);
    assert_eq!(numbers(client, "orderBy: [{number: DESC}]").await, back);
    assert_eq!(numbers(client, "orderBy: [{number: DESC}], last: 3").await, [3, 2, 1]);
    // In pages, forwards and backwards.
    for (direction, expected) in [("ASC", &all), ("DESC", &back)] {
        for (size, from, end) in
            [("first", "after", "endCursor"), ("last", "before", "startCursor")]
        {
            let (mut found, mut cursor) = (Vec::new(), String::new());
            for _ in 0..3 {
                let query = format!(
                    "{{ slips(orderBy: [{{number: {direction}}}], {size}: 4{cursor}) {{ nodes {{ number }} pageInfo {{ {end} }} }} }}"
                );
                let data = client.data(&query).await;
                let nodes = data["slips"]["nodes"].as_array().unwrap().iter();
                let page: Vec<u32> = nodes
                    .map(|node| node["number"].as_str().unwrap()[6..].parse().unwrap())
                    .collect();
                found =
                    if size == "first" { [found, page].concat() } else { [page, found].concat() };
                cursor = format!(", {from}: {}", data["slips"]["pageInfo"][end]);
            }
            assert_eq!(&found, expected, "{direction} {size}");
        }
    }
    // Conditions on the order agree with it, and others are as they were.
    for (filter, expected) in [
        ("{gt: \"N2026-9\"}", &all[9..]),
        ("{gte: \"N2026-9\"}", &all[8..]),
        ("{lt: \"N2026-10\"}", &all[..9]),
        ("{lte: \"N2026-10\"}", &all[..10]),
        ("{between: [\"N2026-8\", \"N2026-11\"]}", &all[7..11]),
        ("{gte: \"N2026\"}", &all[..]),
        ("{gt: \"N2027\"}", &all[..0]),
        ("{startsWith: \"N2026-1\"}", &[1, 10, 11, 12][..]),
        ("{eq: \"N2026-10\"}", &all[9..10]),
        ("{in: [\"N2026-12\", \"N2026-2\"]}", &[2, 12][..]),
    ] {
        let arguments = format!("filter: {{number: {filter}}}, orderBy: [{{number: ASC}}]");
        assert_eq!(numbers(client, &arguments).await, expected, "{filter}");
    }
    // Over a relation, in groups, and of the first of a group.
    let over = numbers(
        client,
        "orderBy: [{before: {number: DESC}}], filter: {before: {number: {gte: \"N2026-8\"}}}",
    )
    .await;
    assert_eq!(over, [12, 11, 10, 9]);
    let query = "{ groups: slipAggregate(groupBy: [{number: true}], orderBy: [{key: {number: DESC}}], first: 3) { key { number } }
        ties: slipAggregate(groupBy: [{number: true}], offset: 8, first: 2) { key { number } }
        all: slipAggregate { top(orderBy: [{number: DESC}], first: 2) { number } } }";
    let data = client.data(query).await;
    let key = |number: u32| json!({ "key": { "number": format!("N2026-{number}") } });
    assert_eq!(data["groups"], json!([key(12), key(11), key(10)]));
    assert_eq!(data["ties"], json!([key(9), key(10)]));
    assert_eq!(data["all"][0]["top"], json!([{ "number": "N2026-12" }, { "number": "N2026-11" }]));
}

async fn the_end_of_a_series_is_told_before(client: &Client) {
    let trail = "{ auditTrail(kind: SERIES) { totalCount nodes { object account detail } } }";
    slips(client, 8).await;
    let told = client.metadata(trail, json!({})).await["auditTrail"]["totalCount"].clone();
    assert_eq!(told, 0);
    client.create("Slip", json!({})).await;
    client.create("Slip", json!({})).await;
    // Several at once, and none of them twice.
    let many = "mutation { createSlips(inputs: [{}, {}, {}]) { count } }";
    assert_eq!(client.data(many).await["createSlips"]["count"], 3);
    let told = client.metadata(trail, json!({})).await["auditTrail"].clone();
    assert_eq!(told["totalCount"], 2, "{told}");
    let detail = |number: u32, past: bool| json!({ "series": "Slip.number:2026", "field": "number", "number": number, "padded": 9, "past": past });
    assert_eq!(told["nodes"][0]["detail"], detail(10, true));
    assert_eq!(told["nodes"][1]["detail"], detail(9, false));
    assert_eq!(told["nodes"][1]["object"], "Slip");
}

/// The indexes of numbers that the database has for a table.
async fn indexes(client: &Client, table: &str) -> Vec<String> {
    let watcher = connect(&client.database.url()).await;
    let postgres = client.database.is_postgres();
    let sql = match postgres {
        true => format!(
            "SELECT indexname AS name FROM pg_indexes WHERE schemaname = current_schema() AND tablename = '{table}'"
        ),
        false => {
            format!("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = '{table}'")
        }
    };
    let rows = watcher.query_all_raw(Statement::from_string(watcher.get_database_backend(), sql));
    let names =
        rows.await.unwrap().into_iter().map(|row| row.try_get::<String>("", "name").unwrap());
    let mut names: Vec<_> =
        names.filter(|name| name.starts_with("by_") && name.contains("number")).collect();
    watcher.close().await.unwrap();
    names.sort();
    names
}

async fn the_order_has_its_index_however_it_is_defined(client: &Client) {
    let numbered = |format: &str| {
        format!(
            "type Tag @object(kind: DOCUMENT, label: \"签\", plural: \"tags\", number: \"{format}\") {{ code: String! }}"
        )
    };
    for (format, before) in [("T{seq:3}", 1), ("TAG{seq:3}", 3), ("T{yyyy}-{seq:3}", 6)] {
        let applied = client.apply(&numbered(format), false).await;
        assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
        assert_eq!(indexes(client, "x_tag").await, [format!("by_x_tag__number_{before}")]);
    }
}

async fn numbers_are_found_however_they_are_written(client: &Client) {
    slips(client, 2).await;
    let id = client.data("{ slips(filter: {number: {eq: \"N2026-1\"}}) { nodes { id } } }").await;
    let id = id["slips"]["nodes"][0]["id"].clone();
    for number in ["N2026-1", "n2026-1", " Ｎ２０２６－１ ", "n2026\u{ff0d}1"] {
        let query = "query($n: String!) { slip(number: $n) { id } slips(filter: {number: {in: [$n, \"x\"]}}) { nodes { id } } }";
        let told = client.ask(query, json!({ "n": number })).await.data();
        assert_eq!((&told["slip"]["id"], &told["slips"]["nodes"][0]["id"]), (&id, &id), "{number}");
    }
    // Of a format that was written otherwise before.
    assert_eq!(
        client.apply(&SLIPS.replace("N{yyyy}", "n{yyyy}"), false).await["diagnostics"],
        json!([])
    );
    for filter in ["{eq: \"N2026-1\"}", "{in: [\"N2026-1\"]}"] {
        let told = client
            .data(&format!("{{ slips(filter: {{number: {filter}}}) {{ totalCount }} }}"))
            .await;
        assert_eq!(told["slips"]["totalCount"], 1, "{filter}");
    }
    let told = client.data("{ slips(filter: {number: {ne: \"N2026-1\"}}) { totalCount } }").await;
    assert_eq!(told["slips"]["totalCount"], 1);
    let none = client.data("{ slip(number: \"n2026-11\") { id } }").await;
    assert_eq!(none["slip"], Value::Null);
}
