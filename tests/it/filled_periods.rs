//! Groups by period with `fill`: periods without records between others, and to the ends of a bounded filter.

use serde_json::json;

use crate::{both_dbs, support::Client};

both_dbs! {
    months_without_records_are_filled
}

async fn months_without_records_are_filled(client: &Client) {
    let department = client.department("TJ").await;
    for (code, on) in
        [("C1", "2026-01-31"), ("C2", "2026-04-01"), ("C3", "2026-04-30"), ("C4", "2027-01-01")]
    {
        let more = json!({ "nextFollowUpOn": on, "creditLimit": "10.5" });
        client.customer(&department, code, more).await;
    }
    client.customer(&department, "C5", json!({ "creditLimit": "1" })).await;
    let ask = async |arguments: &str, parts: &str| {
        let query = format!("{{ customerAggregate({arguments}) {{ {parts} }} }}");
        client.ask(&query, json!({})).await
    };
    let by = |period: &str| format!("groupBy: [{{nextFollowUpOn: {period}}}], fill: true");
    let parts = "key { nextFollowUpOn } count sum { creditLimit } avg { creditLimit } min { nextFollowUpOn } countDistinct { code } top { code }";
    let told = ask(&by("QUARTER"), parts).await.data()["customerAggregate"].clone();
    let empty = |day: &str| {
        json!({ "key": { "nextFollowUpOn": day }, "count": 0, "sum": { "creditLimit": "0.00" },
        "avg": { "creditLimit": null }, "min": { "nextFollowUpOn": null }, "countDistinct": { "code": 0 }, "top": [] })
    };
    assert_eq!(told.as_array().unwrap().len(), 6, "{told}");
    assert_eq!((&told[2], &told[3]), (&empty("2026-07-01"), &empty("2026-10-01")));
    assert_eq!(told[1]["sum"]["creditLimit"], "21.00");
    // How many groups there are counts those with records, and stands in every one.
    let told = ask(&by("QUARTER"), "groupCount count").await.data()["customerAggregate"].clone();
    let groups = told.as_array().unwrap();
    assert!(groups.len() == 6 && groups.iter().all(|group| group["groupCount"] == 4), "{told}");
    // Those without a date come last, or first the other way round, and nothing is filled up to them.
    let counts = async |arguments: &str| {
        let told = ask(arguments, "key { nextFollowUpOn } count").await.data()["customerAggregate"]
            .clone();
        let groups = told.as_array().unwrap().iter();
        groups
            .map(|g| {
                format!("{}:{}", g["key"]["nextFollowUpOn"].as_str().unwrap_or("-"), g["count"])
            })
            .collect::<Vec<_>>()
    };
    let months = counts(&by("MONTH")).await;
    assert_eq!(months.len(), 14, "{months:?}");
    assert_eq!(months[..4], ["2026-01-01:1", "2026-02-01:0", "2026-03-01:0", "2026-04-01:2"]);
    assert_eq!(months[12..], ["2027-01-01:1", "-:1"]);
    let back =
        counts(&format!("{}, orderBy: [{{key: {{nextFollowUpOn: DESC}}}}]", by("MONTH"))).await;
    assert_eq!(back, months.iter().rev().cloned().collect::<Vec<_>>());
    assert_eq!(counts(&by("YEAR")).await, ["2026-01-01:3", "2027-01-01:1", "-:1"]);
    assert_eq!(counts(&by("WEEK")).await.len(), 50);
    // What is filled counts as a group, and a page of days is no longer than any.
    assert_eq!(counts(&format!("{}, first: 3", by("MONTH"))).await, months[..3]);
    assert_eq!(counts(&by("DAY")).await.len(), 50);
    assert_eq!(counts(&format!("{}, filter: {{code: {{eq: \"x\"}}}}", by("MONTH"))).await, [""; 0]);
    // The key need not be asked for, names need nothing, and lists of a record are filled too.
    assert_eq!(
        ask(&by("YEAR"), "__typename").await.data()["customerAggregate"].as_array().unwrap().len(),
        3
    );
    let below = "{ department(code: \"TJ\") { customersAggregate(groupBy: [{nextFollowUpOn: QUARTER}], fill: true) { k: key { d: nextFollowUpOn } n: count } } }";
    let told = client.data(below).await["department"]["customersAggregate"].clone();
    assert_eq!(told[2], json!({ "k": { "d": "2026-07-01" }, "n": 0 }), "{told}");
    // A filter with both ends fills up to them, also where nothing is; days that it excludes are not filled.
    let within = |on: &str| format!("{}, filter: {{nextFollowUpOn: {{{on}}}}}", by("MONTH"));
    for (on, expected) in [
        (
            "between: [\"2026-03-31\", \"2026-06-01\"]",
            &["2026-03-01:0", "2026-04-01:2", "2026-05-01:0", "2026-06-01:0"][..],
        ),
        ("gt: \"2026-02-28\", lt: \"2026-04-01\"", &["2026-03-01:0"]),
        ("gte: \"2030-01-01\", lt: \"2030-02-01\"", &["2030-01-01:0"]),
        ("gte: \"2026-05-01\"", &["2027-01-01:1"]),
        ("gte: \"2030-02-01\", lt: \"2030-01-01\"", &[]),
    ] {
        assert_eq!(counts(&within(on)).await, expected, "{on}");
    }
    let year = within("gte: \"2026-03-01\", lt: \"2026-06-01\"");
    let back = counts(&format!("{year}, orderBy: [{{key: {{nextFollowUpOn: DESC}}}}]")).await;
    assert_eq!(back, ["2026-05-01:0", "2026-04-01:2", "2026-03-01:0"]);
    assert_eq!(counts(&format!("{year}, first: 1")).await, ["2026-03-01:0"]);
    let told = ask(&within("gte: \"2030-01-01\", lt: \"2030-02-01\""), "groupCount drill").await;
    let alone = json!([{ "groupCount": 0, "drill": { "and": [
        { "nextFollowUpOn": { "gte": "2030-01-01", "lt": "2030-02-01" } },
        { "nextFollowUpOn": { "between": ["2030-01-01", "2030-01-31"] } },
    ] } }]);
    assert_eq!(told.data()["customerAggregate"], alone);
    // Instants have the days of the business time zone.
    let told = client
        .data("{ customerAggregate(groupBy: [{createdAt: DAY}], fill: true, filter: {createdAt: {between: [\"2020-02-28\", \"2020-03-01\"]}}) { key { createdAt } count } }")
        .await["customerAggregate"]
        .clone();
    let days: Vec<_> = ["2020-02-28", "2020-02-29", "2020-03-01"]
        .into_iter()
        .map(|day| json!({ "key": { "createdAt": day }, "count": 0 }))
        .collect();
    assert_eq!(told, json!(days));
    let long = format!(
        "{}, filter: {{nextFollowUpOn: {{gte: \"2020-01-01\", lt: \"2024-01-01\"}}}}",
        by("DAY")
    );
    assert_eq!(ask(&long, "count").await.codes(), ["LIMIT_RECORDS"]);
    for wrong in [
        "fill: true",
        "groupBy: [{level: true}], fill: true",
        "groupBy: [{nextFollowUpOn: MONTH}, {level: true}], fill: true",
        "groupBy: [{nextFollowUpOn: MONTH}], fill: true, orderBy: [{count: DESC}]",
        "groupBy: [{nextFollowUpOn: MONTH}], fill: true, having: {count: {gt: 1}}",
    ] {
        assert_eq!(ask(wrong, "count").await.codes(), ["INPUT_VALUE"], "{wrong}");
    }
}
