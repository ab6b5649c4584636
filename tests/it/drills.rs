//! A property of groups: the list under a group's `drill` has exactly as many records as the group.
//!
//! `TRADEWIND_WORLDS=50 cargo test --test it drills` draws more groupings than every run does.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    agreement::Random,
    both_dbs,
    support::{Client, setting},
};

both_dbs! {
    a_drill_lists_the_records_of_its_group
    a_drill_is_a_filter_of_the_request
}

const PROBE: &str = "type Terms @object(kind: DATA_ITEM, label: \"条件\") { note: String days: Int }
type Probe @object(kind: MASTER, label: \"探针\", plural: \"probes\") @unique(fields: [\"code\", \"name\"]) {
    code: String! @field(label: \"编码\") name: String @field(label: \"名称\")
    n: Int @field(label: \"整数\") d2: Decimal @field(type: MONEY, label: \"金额\") ok: Boolean @field(label: \"是否\")
    on: Date @field(label: \"日期\") at: DateTime @field(label: \"时刻\") time: Time @field(label: \"钟点\")
    kind: ProbeKind @field(label: \"种类\") terms: Terms @item
    boss: Probe @field(label: \"上级\") @relation(inverse: \"kids\")
}
enum ProbeKind { A B }";

/// A value of each field, or none.
fn input(random: &mut Random, at: usize, ids: &[String]) -> Value {
    let mut input = json!({ "code": format!("c{at}") });
    let mut put = |random: &mut Random, path: &[&str], values: &[Value]| {
        if random.chance(75) {
            let value = random.pick(values).clone();
            match path {
                [group, field] => input[*group][*field] = value,
                _ => input[path[0]] = value,
            }
        }
    };
    let texts = ["ab", "AB", "a b", "it's \"so\"", "天津", "1"].map(|text| json!(text));
    put(random, &["name"], &texts);
    put(random, &["n"], &[json!(0), json!(-7), json!(2_147_483_647)]);
    put(random, &["d2"], &[json!("0"), json!("1.10"), json!("-99999999999.99")]);
    put(random, &["ok"], &[json!(true), json!(false)]);
    let days = ["2026-01-01", "2026-12-31", "2027-01-03", "2028-02-29", "0001-01-01", "9999-12-31"];
    put(random, &["on"], &days.map(|day| json!(day)));
    let instants = [
        "2026-11-30T15:59:59.999999Z",
        "2026-11-30T16:00:00Z",
        "2026-12-31T16:00:00Z",
        "2027-01-03T15:59:59Z",
        "1986-05-03T18:00:00Z",
    ];
    put(random, &["at"], &instants.map(|at| json!(at)));
    put(random, &["time"], &[json!("09:30"), json!("23:59:59")]);
    put(random, &["kind"], &[json!("A"), json!("B")]);
    put(random, &["terms", "note"], &texts);
    put(random, &["terms", "days"], &[json!(1), json!(30)]);
    if !ids.is_empty() && random.chance(70) {
        input["boss"] = json!({ "id": random.pick(ids) });
    }
    input
}

/// One thing to group by, over at most two relations.
fn grouped(random: &mut Random) -> String {
    let periods = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"];
    let field = match random.below(11) {
        0 => format!("on: {}", random.pick(&periods)),
        1 => format!("at: {}", random.pick(&periods)),
        2 => format!("createdAt: {}", random.pick(&periods)),
        3 => "terms: {note: true}".to_owned(),
        4 => "terms: {days: true}".to_owned(),
        at => format!("{}: true", ["name", "n", "d2", "ok", "time", "kind"][at - 5]),
    };
    let mut by = format!("{{{field}}}");
    for _ in 0..random.below(3) {
        by = format!("{{boss: {by}}}");
    }
    if random.chance(10) { "{boss: {id: true}}".to_owned() } else { by }
}

const FILTERS: [&str; 5] = [
    "{}",
    "{ok: {eq: true}}",
    "{or: [{boss: {isNull: true}}, {kind: {in: [A, B]}}], n: {gte: -7}}",
    "{kids: {some: {}}}",
    "{not: {boss: {kind: {eq: A}}}}",
];

async fn a_drill_lists_the_records_of_its_group(client: &Client) {
    assert_eq!(client.apply(PROBE, false).await["diagnostics"], json!([]));
    let mut random = Random(20_261_130);
    let mut ids = Vec::new();
    for at in 0..40 {
        let input = input(&mut random, at, &ids);
        ids.push(client.create("Probe", input).await);
        client.world.advance(Duration::from_secs(15));
    }
    let admin = client.poster_of("admin").await;
    let list = "query($filter: ProbeFilter) { probes(filter: $filter, first: 0) { totalCount } }";
    let rounds =
        setting("TRADEWIND_WORLDS").map_or(40, |count| 20 * count.parse::<usize>().unwrap());
    let mut groups = 0;
    for _ in 0..rounds {
        let mut by: Vec<_> = (0..random.below(4)).map(|_| grouped(&mut random)).collect();
        by.sort_unstable();
        by.dedup_by(|one, other| {
            // One field is not grouped by two periods.
            let plain = |by: &str| by.rsplit_once(": ").map(|(field, _)| field.to_owned());
            plain(one) == plain(other)
        });
        let filter = *random.pick(&FILTERS);
        let fill = by.len() == 1 && by[0].matches(['D', 'M', 'Q', 'W', 'Y']).count() > 0;
        let fill = if fill && random.chance(30) { ", fill: true, first: 40" } else { "" };
        let query = format!(
            "{{ probeAggregate(groupBy: [{}], filter: {filter}{fill}) {{ count drill }} probes(filter: {filter}, first: 0) {{ totalCount }} }}",
            by.join(", ")
        );
        let told = admin.ask(&query, json!({})).await.data();
        let mut sum = 0;
        for group in told["probeAggregate"].as_array().unwrap_or_else(|| panic!("{query}\n{told}"))
        {
            let found = admin.ask(list, json!({ "filter": group["drill"] })).await.data();
            assert_eq!(found["probes"]["totalCount"], group["count"], "{query}\n{group}");
            sum += group["count"].as_i64().unwrap();
            groups += 1;
        }
        if fill.is_empty() {
            assert_eq!(told["probes"]["totalCount"], json!(sum), "{query}");
        }
    }
    assert!(groups > 100, "{groups}");
}

async fn a_drill_is_a_filter_of_the_request(client: &Client) {
    assert_eq!(client.apply(PROBE, false).await["diagnostics"], json!([]));
    let boss = client.create("Probe", json!({ "code": "boss", "kind": "A" })).await;
    for (code, kind) in [("a", json!("B")), ("b", Value::Null)] {
        let input =
            json!({ "code": code, "kind": kind, "boss": { "id": boss }, "on": "2026-02-14" });
        client.create("Probe", input).await;
    }
    let admin = client.poster_of("admin").await;
    let query = "query($filter: ProbeFilter) { probeAggregate(groupBy: [{on: MONTH}, {boss: {kind: true}}], filter: $filter) { drill } }";
    let filter = json!({ "filter": { "code": { "in": ["a", "b"] } } });
    let told = admin.ask(query, filter.clone()).await.data();
    let expected = json!({ "and": [
        filter["filter"],
        { "on": { "between": ["2026-02-01", "2026-02-28"] } },
        { "boss": { "kind": { "eq": "A" } } },
    ] });
    assert_eq!(told["probeAggregate"], json!([{ "drill": expected }]));
    // Nothing asked is nothing said; what is unset is not said either.
    for variables in [json!({}), json!({ "filter": null }), json!({ "filter": {} })] {
        let query = "query($filter: ProbeFilter) { probeAggregate(filter: $filter) { drill } }";
        let told = admin.ask(query, variables).await.data();
        assert_eq!(told["probeAggregate"], json!([{ "drill": {} }]));
    }
    // Below a record it is a filter of the list at the same place.
    let query = format!(
        "{{ probe(id: \"{boss}\") {{ kidsAggregate(groupBy: [{{kind: true}}]) {{ count drill }} }} }}"
    );
    let told = admin.ask(&query, json!({})).await.data();
    let groups = told["probe"]["kidsAggregate"].as_array().unwrap();
    assert_eq!(groups.len(), 2, "{told}");
    for group in groups {
        let query = format!(
            "query($filter: ProbeFilter) {{ probe(id: \"{boss}\") {{ kids(filter: $filter) {{ totalCount }} }} }}"
        );
        let found = admin.ask(&query, json!({ "filter": group["drill"] })).await.data();
        assert_eq!(found["probe"]["kids"]["totalCount"], group["count"]);
    }
}
