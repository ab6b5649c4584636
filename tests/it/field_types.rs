//! Types of fields beyond text, numbers and days: times of day, durations, ratings.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{both_dbs, support::Client};

both_dbs! {
    times_durations_and_ratings_are_values_like_others
    times_and_durations_are_written_in_one_way
}

const VISITS: &str = "type Visit @object(kind: SETUP, label: \"拜访\", plural: \"visits\") @check(expr: \"closes > opens\") {
    code: String! @field(label: \"编码\", unique: true)
    opens: Time! @field(label: \"开始\", labelEn: \"Opens\", default: \"'09:00'\", index: true)
    closes: Time @field(label: \"结束\", labelEn: \"Closes\")
    early: Boolean @field(label: \"早\") @formula(expr: \"opens < '09:30'\")
    planned: Int @field(type: DURATION, label: \"时长\")
    total: Int @formula(expr: \"planned * 2\") @field(type: DURATION, label: \"来回\")
    score: Int @field(type: RATING, label: \"评分\", labelEn: \"Score\")
    mark: Int @field(type: RATING, max: 10, label: \"打分\")
    legs: [VisitLeg!]! @lines
    spent: Int @rollup(of: \"legs\", sum: \"spent\")
}
type VisitLeg @object(kind: LINE, label: \"行程\") { at: Time, spent: Int @field(type: DURATION) }";

async fn times_durations_and_ratings_are_values_like_others(client: &Client) {
    assert_eq!(client.apply(VISITS, false).await["diagnostics"], json!([]));
    for (code, opens, planned, score) in
        [("A", "08:30", 90, 5), ("B", "13:00:05", 30, 2), ("C", "08:30:00", 45, 5)]
    {
        let legs = json!({ "create": [{ "at": opens, "spent": planned }, { "spent": 5 }] });
        let given = json!({ "code": code, "opens": opens, "closes": "18:00", "planned": planned, "score": score, "mark": 10, "legs": legs });
        client.create("Visit", given).await;
    }
    let d = client.create("Visit", json!({ "code": "D" })).await;
    let read = "{ visits(filter: { opens: { between: [\"08:30\", \"12:59:59\"] }, planned: { gt: 30 }, score: { in: [4, 5] } }, orderBy: [{ opens: ASC }, { planned: DESC }]) {
            nodes { code opens closes early planned total spent score mark legs { at spent } } }
        visitAggregate { count sum { planned spent } avg { planned score } min { opens } max { opens closes } countDistinct { opens score } }
        byTime: visitAggregate(groupBy: [{ opens: true }], orderBy: [{ key: { opens: DESC } }]) { key { opens } count } }";
    let a = json!({ "code": "A", "opens": "08:30:00", "closes": "18:00:00", "early": true, "planned": 90, "total": 180, "spent": 95, "score": 5, "mark": 10,
        "legs": [{ "at": "08:30:00", "spent": 90 }, { "at": null, "spent": 5 }] });
    let c = json!({ "code": "C", "opens": "08:30:00", "closes": "18:00:00", "early": true, "planned": 45, "total": 90, "spent": 50, "score": 5, "mark": 10,
        "legs": [{ "at": "08:30:00", "spent": 45 }, { "at": null, "spent": 5 }] });
    assert_eq!(
        client.data(read).await,
        json!({
            "visits": { "nodes": [a, c] },
            "visitAggregate": [{ "count": 4, "sum": { "planned": "165", "spent": "180" }, "avg": { "planned": "55.0000", "score": "4.0000" },
                "min": { "opens": "08:30:00" }, "max": { "opens": "13:00:05", "closes": "18:00:00" }, "countDistinct": { "opens": 3, "score": 2 } }],
            "byTime": [
                { "key": { "opens": "13:00:05" }, "count": 1 },
                { "key": { "opens": "09:00:00" }, "count": 1 },
                { "key": { "opens": "08:30:00" }, "count": 2 },
            ],
        })
    );
    // Pages go on behind a time, forward and backward.
    let mut after = Value::Null;
    let mut codes = Vec::new();
    loop {
        let page = "query($after: String, $from: Time) { visits(first: 1, after: $after, filter: { opens: { gte: $from } }, orderBy: [{ opens: DESC }, { code: ASC }]) { nodes { code } pageInfo { hasNextPage endCursor } } }";
        let page =
            client.ask(page, json!({ "after": after, "from": "08:00" })).await.data()["visits"]
                .clone();
        codes.push(page["nodes"][0]["code"].as_str().unwrap().to_owned());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    assert_eq!(codes, ["B", "D", "A", "C"]);
    // Changes are kept, and what was is read again.
    let id = d.as_str();
    let before = client.data(&format!("{{ visit(id: \"{id}\") {{ updatedAt }} }}")).await;
    client.world.advance(Duration::from_mins(5));
    let patch = json!({ "opens": "07:15", "planned": 20, "score": 1 });
    assert_eq!(client.update("Visit", id, patch).await["userErrors"], json!([]));
    let now = format!("{{ visit(id: \"{id}\") {{ opens early planned total score }} }}");
    assert_eq!(
        client.data(&now).await["visit"],
        json!({ "opens": "07:15:00", "early": true, "planned": 20, "total": 40, "score": 1 })
    );
    let past = "query($id: ID!, $at: DateTime!) { visit(id: $id, asOf: $at) { opens planned score }
        now: visit(id: $id) { history(first: 1) { nodes { changes { field old new } } } } }";
    let at = &before["visit"]["updatedAt"];
    let past = client.ask(past, json!({ "id": id, "at": at })).await.data();
    assert_eq!(past["visit"], json!({ "opens": "09:00:00", "planned": null, "score": null }));
    let changes = past["now"]["history"]["nodes"][0]["changes"].as_array().unwrap();
    assert!(
        changes.contains(&json!({ "field": "opens", "old": "09:00:00", "new": "07:15:00" })),
        "{changes:#?}"
    );
}

async fn times_and_durations_are_written_in_one_way(client: &Client) {
    assert_eq!(client.apply(VISITS, false).await["diagnostics"], json!([]));
    for (field, value, told) in [
        ("opens", json!("24:00"), "a time of day"),
        ("opens", json!("9:30"), "a time of day"),
        ("opens", json!("09:30:00.5"), "a time of day"),
        ("opens", json!("2026-06-15T09:30:00Z"), "a time of day"),
        ("closes", json!("08:59"), "must be after opens"),
        ("planned", json!(-1), "between 0 and"),
        ("score", json!(0), "between 1 and 5"),
        ("score", json!(6), "between 1 and 5"),
        ("mark", json!(11), "between 1 and 10"),
    ] {
        let refused = client.try_create("Visit", json!({ "code": "X", field: value })).await;
        let message = refused["userErrors"][0]["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains(told), "{field} {value}: {refused:#}");
    }
    let form = "{ object(name: \"Visit\") { fields { name type scale max operators sortable groupable default } } }";
    let form = client.metadata(form, json!({})).await;
    let fields = form["object"]["fields"].as_array().unwrap();
    let of = |name: &str| {
        let field = fields.iter().find(|field| field["name"] == name).unwrap();
        json!([
            field["type"],
            field["max"],
            field["sortable"],
            field["groupable"],
            field["default"]
        ])
    };
    assert_eq!(of("opens"), json!(["TIME", null, true, true, "09:00:00"]));
    assert_eq!(of("planned"), json!(["DURATION", null, true, true, null]));
    assert_eq!(of("spent"), json!(["DURATION", null, true, true, null]));
    assert_eq!(of("score"), json!(["RATING", 5, true, true, null]));
    assert_eq!(of("mark"), json!(["RATING", 10, true, true, null]));
    // What a whole number counts is not stored, so it changes without a change of the table.
    let plain = VISITS.replace("type: DURATION, label: \"时长\"", "label: \"时长\"");
    let changed = client.apply(&plain, true).await;
    assert_eq!(changed["diagnostics"], json!([]), "{changed:#}");
    for (name, hint) in
        [("Duration", "Int @field(type: DURATION)"), ("Rating", "Int @field(type: RATING)")]
    {
        let sdl = format!("type Other @object(kind: SETUP, plural: \"others\") {{ a: {name} }}");
        let wrong = client.apply(&sdl, true).await;
        let told = wrong["diagnostics"][0]["hint"].as_str().unwrap();
        assert!(told.contains(hint), "{told}");
    }
}
