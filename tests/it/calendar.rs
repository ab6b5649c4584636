//! Days and instants: which there are, and which day an instant is of, in every year.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, TestDatabase},
};

both_dbs! {
    days_are_those_of_the_calendar
    conditions_take_no_other_days
    the_ends_of_the_calendar_are_grouped_and_paged
    instants_are_of_the_day_the_clock_showed
    a_zone_must_be_the_database_s_too
}

const PROBE: &str = "type Probe @object(kind: MASTER, label: \"探针\", plural: \"probes\") {
    code: String! @field(label: \"编码\", unique: true)
    day: Date @field(label: \"日期\") at: DateTime @field(label: \"时间\")
}";

async fn make(client: &Client, inputs: &[Value]) -> Value {
    let query = "mutation($i: [CreateProbeInput!]!) { createProbes(inputs: $i) { count userErrors { code path } } }";
    client.ask(query, json!({ "i": inputs })).await.data()["createProbes"].clone()
}

const NO_DAYS: [&str; 10] = [
    "+10000-01-01",
    "10000-01-01",
    "0000-01-01",
    "-0044-03-15",
    "26-1-1",
    "2026-1-5",
    "2026 - 01 - 05",
    "2026-02-30",
    " 2026-02-03",
    "2026-02-03T00:00:00Z",
];
const NO_INSTANTS: [&str; 4] = [
    "0001-01-01T00:00:00+08:00",
    "9999-12-31T23:59:59-01:00",
    "+10000-01-01T00:00:00Z",
    "0000-12-31T23:00:00Z",
];

async fn days_are_those_of_the_calendar(client: &Client) {
    client.apply(PROBE, false).await;
    for (field, texts) in [("day", NO_DAYS.as_slice()), ("at", NO_INSTANTS.as_slice())] {
        for text in texts {
            let refused = make(client, &[json!({ "code": "A", field: text })]).await;
            let fault = json!([{ "code": "RECORD_VALUE", "path": ["0", field] }]);
            assert_eq!(refused, json!({ "count": 0, "userErrors": fault }), "{text}");
        }
    }
    // Nor does an expression come to one.
    let late = "type Late @object(kind: MASTER, label: \"迟\", plural: \"lates\") {
        start: Date! @field(label: \"起\") due: Date @field(label: \"止\", default: \"addDays(start, 10)\")
    }";
    client.apply(late, false).await;
    let query = "mutation { createLate(input: {start: \"9999-12-25\"}) { record { id } userErrors { path } } }";
    let refused = client.data(query).await["createLate"].clone();
    assert_eq!(refused, json!({ "record": null, "userErrors": [{ "path": ["due"] }] }));
}

async fn conditions_take_no_other_days(client: &Client) {
    client.apply(PROBE, false).await;
    make(client, &[json!({ "code": "A", "day": "2026-02-03", "at": "2026-02-03T00:00:00Z" })])
        .await;
    for (field, texts) in [("day", NO_DAYS.as_slice()), ("at", NO_INSTANTS.as_slice())] {
        for text in texts {
            for condition in ["eq: $t", "notIn: [$t]", "between: [$t, $t]", "gte: $t"] {
                let ty = if field == "day" { "Date" } else { "DateTime" };
                let query = format!(
                    "query($t: {ty}!) {{ probes(filter: {{{field}: {{{condition}}}}}) {{ totalCount }} }}"
                );
                let answer = client.ask(&query, json!({ "t": text })).await;
                assert_eq!(answer.codes(), ["INPUT_VALUE"], "{text}");
            }
        }
    }
    for text in NO_INSTANTS {
        let query = format!("{{ probes(asOf: \"{text}\") {{ totalCount }} }}");
        assert_eq!(client.ask(&query, json!({})).await.codes(), ["INPUT_VALUE"], "{text}");
    }
}

/// Every code in the order of a list, read by pages of two from the front and from the back.
async fn paged(client: &Client, order: &str) -> Vec<String> {
    let mut ways = Vec::new();
    for (size, place, side, more) in [
        ("first", "after", "endCursor", "hasNextPage"),
        ("last", "before", "startCursor", "hasPreviousPage"),
    ] {
        let (mut codes, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let query = format!(
                "query($c: String) {{ probes(orderBy: [{order}], {size}: 2, {place}: $c) {{ nodes {{ code }} pageInfo {{ {side} {more} }} }} }}"
            );
            let page = client.ask(&query, json!({ "c": cursor })).await.data()["probes"].clone();
            let mut found: Vec<_> = page["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|node| node["code"].as_str().unwrap().to_owned())
                .collect();
            if size == "last" {
                found.extend(codes);
                codes = found;
            } else {
                codes.extend(found);
            }
            if page["pageInfo"][more] == false {
                break;
            }
            cursor = page["pageInfo"][side].clone();
        }
        ways.push(codes);
    }
    assert_eq!(ways[0], ways[1], "{order}");
    ways.swap_remove(0)
}

async fn groups(client: &Client, by: &str) -> Value {
    let field = by.split(':').next().unwrap();
    let query = format!("{{ probeAggregate(groupBy: [{{{by}}}]) {{ key {{ {field} }} count }} }}");
    let rows = client.data(&query).await["probeAggregate"].clone();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| json!([row["key"][field], row["count"]])).collect()
}

async fn the_ends_of_the_calendar_are_grouped_and_paged(client: &Client) {
    client.apply(PROBE, false).await;
    let made = make(
        client,
        &[
            json!({ "code": "A", "day": "0001-01-01", "at": "0001-01-01T00:00:00Z" }),
            json!({ "code": "B", "day": "0001-01-07", "at": "0001-01-01T16:00:00Z" }),
            json!({ "code": "C", "day": "2026-02-03", "at": "2026-02-03T00:00:00Z" }),
            json!({ "code": "D", "day": "9999-12-31", "at": "9999-12-31T15:59:59.999999Z" }),
            json!({ "code": "E", "day": "9999-12-31", "at": "9999-12-31T23:59:59.999999Z" }),
            json!({ "code": "F" }),
        ],
    )
    .await;
    assert_eq!(made["count"], 6);
    for (by, expected) in [
        (
            "day: DAY",
            json!([
                ["0001-01-01", 1],
                ["0001-01-07", 1],
                ["2026-02-03", 1],
                ["9999-12-31", 2],
                [null, 1]
            ]),
        ),
        ("day: WEEK", json!([["0001-01-01", 2], ["2026-02-02", 1], ["9999-12-27", 2], [null, 1]])),
        ("day: YEAR", json!([["0001-01-01", 2], ["2026-01-01", 1], ["9999-01-01", 2], [null, 1]])),
        (
            "at: DAY",
            json!([
                ["0001-01-01", 1],
                ["0001-01-02", 1],
                ["2026-02-03", 1],
                ["9999-12-31", 2],
                [null, 1]
            ]),
        ),
        ("at: WEEK", json!([["0001-01-01", 2], ["2026-02-02", 1], ["9999-12-27", 2], [null, 1]])),
        ("at: MONTH", json!([["0001-01-01", 2], ["2026-02-01", 1], ["9999-12-01", 2], [null, 1]])),
        (
            "at: QUARTER",
            json!([["0001-01-01", 2], ["2026-01-01", 1], ["9999-10-01", 2], [null, 1]]),
        ),
        ("at: YEAR", json!([["0001-01-01", 2], ["2026-01-01", 1], ["9999-01-01", 2], [null, 1]])),
    ] {
        assert_eq!(groups(client, by).await, expected, "{by}");
    }
    for field in ["day", "at"] {
        let up = paged(client, &format!("{{{field}: ASC}}, {{code: ASC}}")).await;
        assert_eq!(up, ["A", "B", "C", "D", "E", "F"]);
        let down = paged(client, &format!("{{{field}: DESC_NULLS_LAST}}, {{code: DESC}}")).await;
        assert_eq!(down, ["E", "D", "C", "B", "A", "F"]);
    }
    let ends = client.data("{ probeAggregate { min { day at } max { day at } } }").await;
    assert_eq!(
        ends["probeAggregate"][0],
        json!({ "min": { "day": "0001-01-01", "at": "0001-01-01T00:00:00Z" },
                "max": { "day": "9999-12-31", "at": "9999-12-31T23:59:59.999999Z" } })
    );
    let after =
        client.data("{ probes(filter: {day: {gte: \"2026-01-01\"}}) { totalCount } }").await;
    assert_eq!(after["probes"]["totalCount"], 3);
}

async fn instants_are_of_the_day_the_clock_showed(client: &Client) {
    client.apply(PROBE, false).await;
    // Summer time, and the sun's time of Shanghai before 1901, by the second.
    let instants = [
        ("1988-07-01T15:30:00Z", "1988-07-02"),
        ("1991-09-14T15:30:00Z", "1991-09-15"),
        ("1991-09-15T15:30:00Z", "1991-09-15"),
        ("1940-06-30T15:00:00Z", "1940-07-01"),
        ("1900-06-15T15:54:16Z", "1900-06-15"),
        ("1900-06-15T15:54:17Z", "1900-06-16"),
        ("1969-12-31T15:59:59.999999Z", "1969-12-31"),
        ("2101-07-01T15:59:59Z", "2101-07-01"),
    ];
    let inputs: Vec<_> = instants
        .iter()
        .enumerate()
        .map(|(nth, (at, _))| json!({ "code": nth.to_string(), "at": at }))
        .collect();
    make(client, &inputs).await;
    for (nth, (at, day)) in instants.iter().enumerate() {
        let query = format!(
            "{{ probeAggregate(filter: {{code: {{eq: \"{nth}\"}}}}, groupBy: [{{at: DAY}}]) {{ key {{ at }} }} }}"
        );
        assert_eq!(client.data(&query).await["probeAggregate"][0]["key"]["at"], *day, "{at}");
    }
}

/// PostgreSQL has its own rules of zones, and may lack some: that is told at the start.
async fn a_zone_must_be_the_database_s_too(client: &Client) {
    let database = &client.company.database;
    database.knows_zone("Asia/Shanghai").await.unwrap();
    let told = database.knows_zone("Asia/Nowhere").await;
    match &client.database {
        TestDatabase::Sqlite(_) => told.unwrap(),
        _postgres => {
            let told = told.unwrap_err();
            assert!(told.message.en.contains("`Asia/Nowhere`") && told.hint.is_some(), "{told}");
        }
    }
}
