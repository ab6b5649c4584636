//! Groups of fields: data items put into objects, and what each way to a record makes of them.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    groups_are_given_and_read
    groups_are_filtered_sorted_and_grouped_by
    groups_of_lines_and_references
    expressions_read_groups
    rights_name_groups_and_their_fields
    hidden_groups_leave_no_trace
    history_and_the_past_have_groups
    drafts_show_groups
}

pub(crate) const FREIGHT: &str = r#"
enum Way { SEA @label(zh: "海运", en: "Sea") AIR @label(zh: "空运", en: "Air") }
type Freight @object(kind: DATA_ITEM, label: "运费", labelEn: "Freight") {
  carrier: String @field(label: "承运方", labelEn: "Carrier", max: 60)
  cost: Decimal @field(type: MONEY, label: "金额", labelEn: "Cost", check: "cost >= 0")
  way: Way @field(label: "方式", labelEn: "Way")
  by: Employee @field(label: "经办人", labelEn: "Handled by")
}
type Parcel @object(kind: MASTER, label: "包裹", labelEn: "Parcel", plural: "parcels") {
  name: String! @field(label: "名称", labelEn: "Name", unique: true)
  freight: Freight @item
  back: Freight @item @field(label: "回程", labelEn: "Way back")
  total: Decimal @field(type: MONEY) @formula(expr: "freight.cost + back.cost")
  boxes: [ParcelBox!]! @lines
  boxed: Decimal @rollup(of: "boxes", sum: "freight.cost") @field(scale: 2)
}
type ParcelBox @object(kind: LINE, label: "箱", labelEn: "Box") {
  mark: String @field(label: "唛头", labelEn: "Mark")
  freight: Freight @item
}
"#;

pub(crate) async fn define(client: &Client) {
    let applied = client.apply(FREIGHT, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
}

/// What the faults of a payload say, each with its path.
fn said(payload: &Value) -> Vec<(String, Value)> {
    let faults = payload["userErrors"].as_array().unwrap().iter();
    faults
        .map(|fault| (fault["message"].as_str().unwrap().to_owned(), fault["path"].clone()))
        .collect()
}

async fn groups_are_given_and_read(client: &Client) {
    define(client).await;
    let given =
        json!({ "name": "A", "freight": { "carrier": "中远", "cost": "12.5", "way": "SEA" } });
    let a = client.create("Parcel", given).await;
    let read = "{ parcels(filter: {name: {eq: \"A\"}}) { nodes {
        freight { __typename carrier cost way } again: freight { c: cost } back { cost } version } } }";
    let of = |freight: Value, cost: Value, version: i64| json!({ "freight": freight, "again": { "c": cost }, "back": { "cost": null }, "version": version });
    let first =
        json!({ "__typename": "ParcelFreight", "carrier": "中远", "cost": "12.50", "way": "SEA" });
    assert_eq!(client.data(read).await["parcels"]["nodes"][0], of(first, json!("12.50"), 1));

    // A patch changes what it names, and nothing else of the group.
    let patch = json!({ "freight": { "cost": "20" } });
    assert_eq!(said(&client.update("Parcel", &a, patch).await), []);
    let second =
        json!({ "__typename": "ParcelFreight", "carrier": "中远", "cost": "20.00", "way": "SEA" });
    assert_eq!(
        client.data(read).await["parcels"]["nodes"][0],
        of(second.clone(), json!("20.00"), 2)
    );
    // Nothing given is nothing changed.
    assert_eq!(said(&client.update("Parcel", &a, json!({ "freight": {} })).await), []);
    assert_eq!(client.data(read).await["parcels"]["nodes"][0], of(second, json!("20.00"), 2));
    // Null empties all of it.
    assert_eq!(said(&client.update("Parcel", &a, json!({ "freight": null })).await), []);
    let third =
        json!({ "__typename": "ParcelFreight", "carrier": null, "cost": null, "way": null });
    assert_eq!(client.data(read).await["parcels"]["nodes"][0], of(third, Value::Null, 3));

    // Faults have the path of the field in its group.
    let wrong =
        json!({ "freight": { "cost": "-1", "way": "SEA" }, "back": { "carrier": "x".repeat(61) } });
    let faults = said(&client.update("Parcel", &a, wrong).await);
    let paths: Vec<_> = faults.iter().map(|(_, path)| path.clone()).collect();
    assert!(paths.contains(&json!(["freight", "cost"])), "{faults:?}");
    assert!(paths.contains(&json!(["back", "carrier"])), "{faults:?}");
    let text = &faults.iter().find(|(_, path)| *path == json!(["back", "carrier"])).unwrap().0;
    assert_eq!(text, "Carrier must have at most 60 characters");
    // What is no field of the group is none.
    let unknown =
        "mutation { createParcel(input: {name: \"B\", freight: {costs: 1}}) { record { id } } }";
    assert_eq!(client.ask(unknown, json!({})).await.codes(), ["INPUT_INVALID"]);
    // A data item has no records: no root fields, no type of its own.
    for query in ["{ freights { totalCount } }", "{ freight(id: \"x\") { cost } }"] {
        assert_eq!(client.ask(query, json!({})).await.codes(), ["INPUT_INVALID"], "{query}");
    }
    assert_eq!(client.data("{ __type(name: \"Freight\") { name } }").await["__type"], Value::Null);
}

pub(crate) async fn three(client: &Client) {
    define(client).await;
    for (name, carrier, cost, way, back) in [
        ("A", "中远", "30", "SEA", "1"),
        ("B", "国航", "10", "AIR", "2"),
        ("C", "马士基", "20", "SEA", "3"),
    ] {
        let freight = json!({ "carrier": carrier, "cost": cost, "way": way });
        let parcel = json!({ "name": name, "freight": freight, "back": { "cost": back } });
        client.create("Parcel", parcel).await;
    }
}

async fn names(client: &Client, arguments: &str) -> Vec<String> {
    let query = format!("{{ parcels{arguments} {{ nodes {{ name }} }} }}");
    let data = client.data(&query).await;
    let nodes = data["parcels"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["name"].as_str().unwrap().to_owned()).collect()
}

async fn groups_are_filtered_sorted_and_grouped_by(client: &Client) {
    three(client).await;
    for (filter, found) in [
        ("freight: {cost: {gt: 10}}", vec!["A", "C"]),
        ("freight: {cost: {gt: 10}, carrier: {eq: \"马士基\"}}", vec!["C"]),
        ("or: [{freight: {way: {eq: AIR}}}, {freight: {cost: {eq: 30}}}]", vec!["A", "B"]),
        ("not: {freight: {cost: {gt: 10}}}", vec!["B"]),
        ("freight: {cost: {gte: 20}}, back: {cost: {lt: 3}}", vec!["A"]),
        ("freight: {by: {isNull: true}}, name: {ne: \"A\"}", vec!["B", "C"]),
        ("freight: null, name: {eq: \"A\"}", vec!["A"]),
    ] {
        let order = format!("(filter: {{{filter}}}, orderBy: [{{name: ASC}}])");
        assert_eq!(names(client, &order).await, found, "{filter}");
    }
    assert_eq!(names(client, "(orderBy: [{freight: {cost: DESC}}])").await, ["A", "C", "B"]);
    let two = "(orderBy: [{freight: {way: ASC}}, {freight: {cost: ASC}}])";
    assert_eq!(names(client, two).await.len(), 3);
    // One key is one field, in a group as elsewhere.
    let both = "{ parcels(orderBy: [{freight: {cost: ASC, way: ASC}}]) { totalCount } }";
    assert_ne!(client.ask(both, json!({})).await.codes(), Vec::<&str>::new());
    // A condition that is wrong has a path to where it is.
    let wrong = client
        .ask("{ parcels(filter: {freight: {cost: {eq: \"1,5\"}}}) { totalCount } }", json!({}))
        .await;
    assert_eq!(
        wrong.body["errors"][0]["extensions"]["path"],
        json!(["filter", "freight", "cost", "eq"]),
        "{}",
        wrong.body
    );
    // Pages continue behind a cursor that holds a key of a group.
    let page = client.data("{ parcels(first: 1, orderBy: [{freight: {cost: ASC}}]) { nodes { name } pageInfo { endCursor } } }").await;
    let after = page["parcels"]["pageInfo"]["endCursor"].as_str().unwrap();
    let next = format!("(first: 1, after: \"{after}\", orderBy: [{{freight: {{cost: ASC}}}}])");
    assert_eq!(names(client, &next).await, ["C"]);

    let grouped = "{ parcelAggregate(groupBy: [{freight: {way: true}}], having: {sum: {freight: {cost: {gt: 10}}}},
        orderBy: [{max: {freight: {cost: DESC}}}]) {
        key { freight { way } } count sum { freight { cost } total back { __typename cost } }
        max { freight { cost } } countDistinct { freight { carrier } } } }";
    assert_eq!(
        client.data(grouped).await["parcelAggregate"],
        json!([{
            "key": { "freight": { "way": "SEA" } },
            "count": 2,
            "sum": { "freight": { "cost": "50.00" }, "total": "54.00",
                "back": { "__typename": "ParcelBackNumbers", "cost": "4.00" } },
            "max": { "freight": { "cost": "30.00" } },
            "countDistinct": { "freight": { "carrier": 2 } },
        }])
    );
    let keys = "{ parcelAggregate(groupBy: [{freight: {way: true}}], orderBy: [{key: {freight: {way: DESC}}}]) { key { freight { way } } } }";
    assert_eq!(client.data(keys).await["parcelAggregate"].as_array().unwrap().len(), 2);
    // What changes by a filter finds them alike; a group that says nothing is no condition.
    let change = "mutation { updateParcels(filter: {freight: {way: {eq: SEA}}}, patch: {back: {carrier: \"全\"}}, atMost: 9) { records { name } userErrors { code } } }";
    let change = client.ask(change, json!({})).await;
    assert_eq!(
        names(client, "(filter: {back: {carrier: {eq: \"全\"}}}, orderBy: [{name: ASC}])").await,
        ["A", "C"],
        "{}",
        change.body
    );
}

async fn groups_of_lines_and_references(client: &Client) {
    define(client).await;
    let department = client.department("TJ").await;
    let employee = json!({ "code": "E1", "name": "李", "department": { "id": department } });
    let li = client.create("Employee", employee).await;
    let boxes = json!({ "create": [
        { "mark": "1", "freight": { "cost": "3", "by": { "id": li } } },
        { "mark": "2", "freight": { "cost": "4" } },
    ] });
    let parcel = json!({ "name": "A", "freight": { "by": { "id": li } }, "boxes": boxes });
    let a = client.create("Parcel", parcel).await;
    let read = "{ parcels { nodes { freight { by { name } } boxed
        boxes { mark freight { cost by { name department { code } } } }
        boxesAggregate { sum { freight { cost } } } } } }";
    assert_eq!(
        client.data(read).await["parcels"]["nodes"],
        json!([{
            "freight": { "by": { "name": "李" } },
            "boxed": "7.00",
            "boxes": [
                { "mark": "1", "freight": { "cost": "3.00", "by": { "name": "李", "department": { "code": "TJ" } } } },
                { "mark": "2", "freight": { "cost": "4.00", "by": null } },
            ],
            "boxesAggregate": [{ "sum": { "freight": { "cost": "7.00" } } }],
        }])
    );
    for (filter, found) in [
        ("{freight: {by: {name: {eq: \"李\"}}}}", 1),
        ("{boxes: {some: {freight: {cost: {eq: 4}}}}}", 1),
        ("{boxes: {sum: {freight: {cost: {gt: 7}}}}}", 0),
        ("{boxes: {some: {freight: {by: {department: {code: {eq: \"TJ\"}}}}}}}", 1),
    ] {
        let query = format!("{{ parcels(filter: {filter}) {{ totalCount }} }}");
        assert_eq!(client.data(&query).await["parcels"]["totalCount"], found, "{filter}");
    }
    // A reference to nobody is told at its place, and a record that is referred to stays.
    let nobody = json!({ "freight": { "by": { "id": a } } });
    let faults = said(&client.update("Parcel", &a, nobody).await);
    assert_eq!(faults[0].1, json!(["freight", "by"]), "{faults:?}");
    let delete =
        format!("mutation {{ deleteEmployee(id: \"{li}\") {{ userErrors {{ code message }} }} }}");
    let refused = client.data(&delete).await["deleteEmployee"]["userErrors"].clone();
    assert_eq!(refused[0]["code"], "RECORD_IN_USE", "{refused}");
}

async fn expressions_read_groups(client: &Client) {
    let more = "extend type Freight { note: String @field(label: \"说明\", labelEn: \"Note\", requiredWhen: \"cost > 100\") }
        extend type Parcel { fee: Decimal @field(type: MONEY, label: \"费\", labelEn: \"Fee\", default: \"freight.cost * 2\") }
        type Label @object(plural: \"labels\") { parcel: Parcel  cost: Decimal @formula(expr: \"parcel.freight.cost\", stored: false) @field(scale: 2) }";
    define(client).await;
    let applied = client.apply(more, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    let parcel = json!({ "name": "A", "freight": { "cost": "8" }, "back": { "cost": "1" } });
    let a = client.create("Parcel", parcel).await;
    client.create("Label", json!({ "parcel": { "id": a } })).await;
    let read = "{ parcels { nodes { total fee } } labels { nodes { cost } } }";
    assert_eq!(
        client.data(read).await,
        json!({ "parcels": { "nodes": [{ "total": "9.00", "fee": "16.00" }] }, "labels": { "nodes": [{ "cost": "8.00" }] } })
    );
    // Each use of the item has its rules; one is not asked for what another one lacks.
    let faults = said(&client.update("Parcel", &a, json!({ "back": { "cost": "101" } })).await);
    assert_eq!(
        faults.iter().map(|(_, path)| path.clone()).collect::<Vec<_>>(),
        [json!(["back", "note"])]
    );
    let paid = json!({ "back": { "cost": "101", "note": "x" } });
    assert_eq!(said(&client.update("Parcel", &a, paid).await), []);
}

/// A role that reads and changes parcels, and what it says of their fields.
pub(crate) fn role(fields: &str) -> String {
    format!(
        "code = \"packer\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Parcel\", \"Employee\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"Parcel\"\n{fields}\n"
    )
}

pub(crate) async fn save_role(client: &Client, text: &str) {
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": text })).await;
}

async fn rights_name_groups_and_their_fields(client: &Client) {
    three(client).await;
    let office = Office::open(client).await;
    // One field of a group.
    save_role(client, &role("hidden = [\"freight.cost\"]\nmasked = { \"freight.carrier\" = \"all\" }\nreadonly = [\"freight.way\"]")).await;
    office.give("new", &["packer"], &[]).await;
    let seen = office.ask("new", "{ parcels(filter: {name: {eq: \"A\"}}) { nodes { freight { carrier way } back { cost } } } }").await;
    assert_eq!(
        seen["data"]["parcels"]["nodes"][0],
        json!({ "freight": { "carrier": "****", "way": "SEA" }, "back": { "cost": "1.00" } }),
        "{seen}"
    );
    for query in [
        "{ parcels { nodes { freight { cost } } } }",
        "{ parcels(filter: {freight: {cost: {gt: 1}}}) { totalCount } }",
        "{ parcels(filter: {freight: {carrier: {eq: \"中远\"}}}) { totalCount } }",
        "{ parcels(orderBy: [{freight: {cost: ASC}}]) { totalCount } }",
        "{ parcelAggregate { sum { freight { cost } } } }",
        "{ parcelAggregate(groupBy: [{freight: {carrier: true}}]) { key { freight { carrier } } } }",
        "{ parcels { nodes { total } } }",
        "mutation { createParcel(input: {name: \"X\", freight: {cost: 1}}) { record { id } } }",
        "mutation { createParcel(input: {name: \"X\", freight: {way: SEA}}) { record { id } } }",
    ] {
        let refused = office.ask("new", query).await;
        assert_eq!(
            refused["errors"][0]["extensions"]["code"], "INPUT_INVALID",
            "{query}: {refused}"
        );
    }
    // Null empties what the caller may give, and nothing else.
    let id = client.data("{ parcels(filter: {name: {eq: \"A\"}}) { nodes { id } } }").await["parcels"]["nodes"][0]["id"].clone();
    let clear = format!(
        "mutation {{ updateParcel(id: {id}, patch: {{freight: null}}) {{ userErrors {{ code }} record {{ freight {{ way }} }} }} }}"
    );
    let cleared = office.ask("new", &clear).await;
    assert_eq!(cleared["data"]["updateParcel"]["userErrors"], json!([]), "{cleared}");
    let kept = client
        .data(
            "{ parcels(filter: {name: {eq: \"A\"}}) { nodes { freight { cost way by { id } } } } }",
        )
        .await;
    assert_eq!(
        kept["parcels"]["nodes"][0]["freight"],
        json!({ "cost": "30.00", "way": "SEA", "by": null })
    );
    let states = office.ask("new", "{ parcels(first: 1) { nodes { _fieldStates(fields: [\"freight.cost\", \"freight.carrier\", \"freight.way\"]) { field state } } } }").await;
    assert_eq!(
        states["data"]["parcels"]["nodes"][0]["_fieldStates"],
        json!([{ "field": "freight.carrier", "state": "MASKED" }, { "field": "freight.way", "state": "VISIBLE" }]),
        "{states}"
    );
    // A group cannot be masked: numbers cannot.
    let masked = client
        .metadata_as(
            &client.token("admin").await,
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": role("masked = { freight = \"all\" }") }),
        )
        .await;
    assert!(masked.body.to_string().contains("cannot be masked"), "{}", masked.body);
}

async fn hidden_groups_leave_no_trace(client: &Client) {
    three(client).await;
    let office = Office::open(client).await;
    save_role(client, &role("hidden = [\"freight\"]")).await;
    office.give("new", &["packer"], &[]).await;
    let mut told = String::new();
    for query in [
        "{ __schema { types { name fields { name } inputFields { name } } } }",
        "{ parcels { nodes { back { cost } history { nodes { changes { field } } } _fieldStates { field } } } }",
        "{ __type(name: \"ParcelFilter\") { inputFields { name } } }",
    ] {
        told += &office.ask("new", query).await.to_string();
    }
    assert!(told.contains("ParcelBack") && told.contains("back.cost"), "{told}");
    // Lines have groups of their own, which nothing is said of.
    let told = told.replace("ParcelBoxFreight", "");
    assert!(!told.contains("ParcelFreight") && !told.contains("freight.cost"), "{told}");
    for query in [
        "{ parcels { nodes { freight { cost } } } }",
        "{ parcels { nodes { freight { __typename } } } }",
        "{ parcels(filter: {freight: {}}) { totalCount } }",
        "{ parcels(orderBy: [{freight: {way: ASC}}]) { totalCount } }",
        "mutation { createParcel(input: {name: \"X\", freight: null}) { record { id } } }",
    ] {
        let hidden = office.ask("new", query).await.to_string();
        let absent = office.ask("new", &query.replace("freight", "frachts")).await.to_string();
        assert_eq!(hidden.replace("freight", "frachts"), absent, "{query}");
    }
    let form = "{ object(name: \"Parcel\") { groups { name fields } fields { name group } } }";
    let form = client.metadata_as(&office.tokens["new"], form, json!({})).await.body;
    assert_eq!(form["data"]["object"]["groups"].as_array().unwrap().len(), 1, "{form}");
    assert!(!form.to_string().contains("freight"), "{form}");
}

async fn history_and_the_past_have_groups(client: &Client) {
    define(client).await;
    let a = client.create("Parcel", json!({ "name": "A", "freight": { "cost": "1" } })).await;
    let then = client.company.env.clock.now();
    client.world.advance(std::time::Duration::from_mins(5));
    client.update("Parcel", &a, json!({ "freight": { "cost": "2", "carrier": "x" } })).await;
    client.update("Parcel", &a, json!({ "name": "B" })).await;
    let all = "{ parcels { nodes { history(field: \"freight.cost\") { nodes { changes { field old new } } } } } }";
    let told = client.data(all).await["parcels"]["nodes"][0]["history"]["nodes"].clone();
    assert_eq!(told.as_array().unwrap().len(), 2, "{told}");
    assert!(told.to_string().contains("freight.cost"), "{told}");
    let past = format!(
        "{{ parcel(id: \"{a}\", asOf: \"{}\") {{ name freight {{ cost carrier }} }} }}",
        then.to_rfc3339()
    );
    assert_eq!(
        client.data(&past).await["parcel"],
        json!({ "name": "A", "freight": { "cost": "1.00", "carrier": null } })
    );
    // A record from the recycle bin has its groups again.
    let delete = format!("mutation {{ deleteParcel(id: \"{a}\") {{ userErrors {{ code }} }} }}");
    client.data(&delete).await;
    let restore = format!(
        "mutation {{ restoreParcel(id: \"{a}\") {{ userErrors {{ code }} record {{ freight {{ cost carrier }} }} }} }}"
    );
    assert_eq!(
        client.data(&restore).await["restoreParcel"],
        json!({ "userErrors": [], "record": { "freight": { "cost": "2.00", "carrier": "x" } } })
    );
}

async fn drafts_show_groups(client: &Client) {
    define(client).await;
    let draft = "{ draftParcel(patch: {freight: {cost: 3}, back: {cost: 4}}) { record { total freight { __typename cost carrier } } userErrors { path } states { path required } } }";
    let told = client.data(draft).await["draftParcel"].clone();
    assert_eq!(
        told["record"],
        json!({ "total": "7.00", "freight": { "__typename": "ParcelFreight", "cost": "3.00", "carrier": null } }),
        "{told}"
    );
    let wrong = client
        .data("{ draftParcel(patch: {name: \"A\", freight: {cost: -3}}) { userErrors { path } } }")
        .await;
    assert_eq!(wrong["draftParcel"]["userErrors"], json!([{ "path": ["freight", "cost"] }]));
    // Of a stored record what is drafted takes the place of what is stored.
    let a = client
        .create("Parcel", json!({ "name": "A", "freight": { "carrier": "x", "cost": "1" } }))
        .await;
    let draft = format!(
        "{{ draftParcel(id: \"{a}\", patch: {{freight: {{cost: 9}}}}) {{ record {{ name freight {{ cost carrier }} }} }} }}"
    );
    assert_eq!(
        client.data(&draft).await["draftParcel"]["record"],
        json!({ "name": "A", "freight": { "cost": "9.00", "carrier": "x" } })
    );
}
