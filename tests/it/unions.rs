//! Fields of unions: one record of one of several objects, written, read, filtered, ordered and followed as by a plain
//! relation, and hidden as by one.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    schema_drafts::Definer,
    support::{Client, office::Office},
};

both_dbs! {
    records_refer_to_one_of_several
    what_does_not_fit_a_union_is_refused
    conditions_and_orders_lead_through_a_union
    what_is_hidden_of_a_union_is_as_absent
    the_past_of_a_union_is_told
    pages_know_unions
    drafts_have_unions
    merged_and_removed_records_are_followed
}

const ROOM: &str = r#"type Room @object(kind: MASTER, label: "房间", labelEn: "Room", plural: "rooms") {
  name: String! @field(label: "名称")
  size: Int @field(label: "大小")
}
"#;

const MEMO: &str = r#"type Memo @object(kind: MASTER, label: "备忘", labelEn: "Memo", plural: "memos") {
  title: String! @field(label: "标题")
  about: MemoAbout @field(label: "关于", labelEn: "About") @relation(inverse: "memos")
}
"#;

/// Memos about customers and rooms.
pub(crate) fn memos() -> String {
    format!("union MemoAbout @label(zh: \"对象\", en: \"Subject\") = Customer | Room\n{ROOM}{MEMO}")
}

pub(crate) const ABOUT: &str = "about { __typename ... on Customer { code name } ... on Room { name size } ... on Node { id } }";

pub(crate) async fn all(client: &Client, arguments: &str) -> Value {
    let query = format!("{{ memos{arguments} {{ nodes {{ title {ABOUT} }} }} }}");
    client.data(&query).await["memos"]["nodes"].clone()
}

pub(crate) async fn titles(client: &Client, arguments: &str) -> Vec<String> {
    let query = format!("{{ memos{arguments} {{ totalCount nodes {{ title }} }} }}");
    let told = client.data(&query).await["memos"].clone();
    let nodes = told["nodes"].as_array().unwrap();
    assert_eq!(told["totalCount"], nodes.len(), "{query}");
    nodes.iter().map(|node| node["title"].as_str().unwrap().to_owned()).collect()
}

/// A customer, a room, and a memo about each and about nothing.
pub(crate) struct Memos {
    pub(crate) customer: String,
    pub(crate) room: String,
    pub(crate) about_customer: String,
    pub(crate) about_room: String,
}

impl Memos {
    pub(crate) async fn made(client: &Client) -> Self {
        let applied = client.apply(&memos(), false).await;
        assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
        let department = client.department("TJ").await;
        let customer = client.customer(&department, "C1", json!({})).await;
        let room = client.create("Room", json!({ "name": "一号", "size": 7 })).await;
        let memo = |title: &str, about: Value| json!({ "title": title, "about": about });
        let of_customer = memo("a", json!({ "customer": { "id": customer } }));
        let about_customer = client.create("Memo", of_customer).await;
        let of_room = memo("b", json!({ "room": { "id": room } }));
        let about_room = client.create("Memo", of_room).await;
        client.create("Memo", memo("c", Value::Null)).await;
        Self { customer, room, about_customer, about_room }
    }
}

async fn records_refer_to_one_of_several(client: &Client) {
    let known = Memos::made(client).await;
    let customer =
        json!({ "__typename": "Customer", "code": "C1", "name": "客户 C1", "id": known.customer });
    let room = json!({ "__typename": "Room", "name": "一号", "size": 7, "id": known.room });
    let order = "(orderBy: [{title: ASC}])";
    assert_eq!(
        all(client, order).await,
        json!([{ "title": "a", "about": customer }, { "title": "b", "about": room }, { "title": "c", "about": null }])
    );
    // The other side of each, and the union within a list within a list.
    let query = format!(
        "{{ customer(code: \"C1\") {{ memos {{ totalCount nodes {{ title {ABOUT} }} }} memosAggregate {{ count }} }}
            rooms {{ nodes {{ memos {{ nodes {{ title about {{ ...F }} }} }} }} }} }}
         fragment F on MemoAbout {{ kind: __typename ... on Room {{ name }} ... on Customer {{ name }} }}"
    );
    let told = client.data(&query).await;
    let of_customer = json!({ "memos": { "totalCount": 1, "nodes": [{ "title": "a", "about": customer }] },
        "memosAggregate": [{ "count": 1 }] });
    assert_eq!(told["customer"], of_customer);
    assert_eq!(
        told["rooms"]["nodes"],
        json!([{ "memos": { "nodes": [{ "title": "b", "about": { "kind": "Room", "name": "一号" } }] } }])
    );
    // Another object takes the place of the first, a new record is made for it, null empties it.
    let moved = client.update(
        "Memo",
        &known.about_customer,
        json!({ "about": { "room": { "id": known.room } } }),
    );
    assert_eq!(moved.await["userErrors"], json!([]));
    let made = json!({ "about": { "room": { "create": { "name": "二号" } } } });
    assert_eq!(client.update("Memo", &known.about_room, made).await["userErrors"], json!([]));
    let told = all(client, order).await;
    assert_eq!(told[0]["about"], room);
    assert_eq!(told[1]["about"]["name"], "二号");
    let same = client.update("Memo", &known.about_room, json!({ "title": "b" })).await;
    assert_eq!(same["record"]["version"], 2);
    client.update("Memo", &known.about_room, json!({ "about": null })).await;
    assert_eq!(all(client, order).await[1]["about"], Value::Null);
    // A type that no fragment names shows nothing but that it is there.
    let query = "{ memos(first: 1, orderBy: [{title: ASC}]) { nodes { about { ... on Customer { code } } } } }";
    assert_eq!(client.data(query).await["memos"]["nodes"], json!([{ "about": {} }]));
    // Introspection says what it may be.
    let query = "{ __type(name: \"MemoAbout\") { kind description possibleTypes { name } }
        memo: __type(name: \"Memo\") { fields { name type { kind name } } } }";
    let told = client.data(query).await;
    let types = json!([{ "name": "Customer" }, { "name": "Room" }]);
    assert_eq!(
        (&told["__type"]["kind"], &told["__type"]["possibleTypes"]),
        (&json!("UNION"), &types)
    );
    assert_eq!(told["__type"]["description"], "Subject");
    let about = told["memo"]["fields"].as_array().unwrap().iter();
    let about: Vec<_> =
        about.filter(|field| field["name"].as_str().unwrap().starts_with("about")).collect();
    assert_eq!(
        about,
        [&json!({ "name": "about", "type": { "kind": "UNION", "name": "MemoAbout" } })]
    );
}

async fn what_does_not_fit_a_union_is_refused(client: &Client) {
    let known = Memos::made(client).await;
    let both = json!({ "customer": { "id": known.customer }, "room": { "id": known.room } });
    let nobody = "01890000-0000-7000-8000-000000000000";
    for (about, path) in [
        (both, json!(["about"])),
        (json!({}), json!(["about"])),
        (json!({ "customer": null }), json!(["about"])),
        (json!({ "customer": { "id": "x" } }), json!(["about", "customer", "id"])),
        (json!({ "customer": { "id": known.room } }), json!(["about", "customer"])),
        (json!({ "room": { "id": nobody } }), json!(["about", "room"])),
        (
            json!({ "room": { "create": { "size": 1 } } }),
            json!(["about", "room", "create", "name"]),
        ),
    ] {
        let input = json!({ "title": "x", "about": about });
        let told = client.try_create("Memo", input.clone()).await;
        assert_eq!(told["record"], Value::Null, "{input}");
        assert_eq!(told["userErrors"][0]["path"], path, "{input}: {told:#}");
        let told = client.update("Memo", &known.about_room, input).await;
        assert_eq!(told["userErrors"][0]["path"], path, "{told:#}");
    }
    for query in [
        "{ memos { nodes { about } } }",
        "{ memos { nodes { about { name } } } }",
        "{ memos { nodes { about { ... on Memo { title } } } } }",
        "{ memos { nodes { about { ... on MemoAbout { x: __typename } ... on Room { x: name } } } } }",
        "{ memos(filter: {about: {memo: {title: {eq: \"a\"}}}}) { totalCount } }",
        "{ memos(orderBy: [{about: {customer: {code: ASC}, room: {name: ASC}}}]) { totalCount } }",
        "{ memos(orderBy: [{about: ASC}]) { totalCount } }",
        "{ memoAggregate(groupBy: [{about: true}]) { count } }",
    ] {
        let answer = client.ask(query, json!({})).await;
        let codes = answer.codes();
        assert!(
            codes.iter().all(|code| ["INPUT_INVALID", "INPUT_VALUE"].contains(code)),
            "{query}"
        );
    }
}

async fn conditions_and_orders_lead_through_a_union(client: &Client) {
    let known = Memos::made(client).await;
    let other = client.create("Room", json!({ "name": "二号", "size": 3 })).await;
    client.create("Memo", json!({ "title": "d", "about": { "room": { "id": other } } })).await;
    for (filter, expected) in [
        ("about: {customer: {code: {eq: \"C1\"}}}", &["a"][..]),
        ("about: {customer: {code: {eq: \"C2\"}}}", &[]),
        ("about: {room: {size: {gt: 2}}}", &["b", "d"]),
        ("about: {room: {isNull: false}}", &["b", "d"]),
        ("about: {room: {isNull: true}}", &["a", "c"]),
        ("about: {isNull: true}", &["c"]),
        ("about: {isNull: false}", &["a", "b", "d"]),
        ("not: {about: {isNull: true}}", &["a", "b", "d"]),
        (
            "or: [{about: {customer: {code: {eq: \"C1\"}}}}, {about: {room: {size: {eq: 3}}}}]",
            &["a", "d"],
        ),
        ("about: {customer: {isNull: false}, room: {isNull: false}}", &[]),
        ("about: {customer: {memos: {some: {title: {eq: \"a\"}}}}}", &["a"]),
        ("about: null", &["a", "b", "c", "d"]),
        ("about: {customer: null}", &["a", "b", "c", "d"]),
    ] {
        let arguments = format!("(filter: {{{filter}}}, orderBy: [{{title: ASC}}])");
        assert_eq!(titles(client, &arguments).await, expected, "{filter}");
    }
    let by = format!("about: {{room: {{id: {{eq: \"{}\"}}}}}}", known.room);
    assert_eq!(titles(client, &format!("(filter: {{{by}}})")).await, ["b"]);
    // Those that refer to another object have no value there.
    let order = "[{about: {room: {size: ASC}}}, {title: ASC}]";
    assert_eq!(titles(client, &format!("(orderBy: {order})")).await, ["d", "b", "a", "c"]);
    let order = "[{about: {customer: {code: DESC_NULLS_LAST}}}, {title: DESC}]";
    assert_eq!(titles(client, &format!("(orderBy: {order})")).await, ["a", "d", "c", "b"]);
    // Pages go on in that order.
    let page = |more: &str| {
        format!(
            "{{ memos(first: 2, orderBy: [{{about: {{room: {{size: ASC}}}}}}, {{title: ASC}}]{more}) {{ nodes {{ title }} pageInfo {{ endCursor }} }} }}"
        )
    };
    let first = client.data(&page("")).await["memos"].clone();
    let after = first["pageInfo"]["endCursor"].as_str().unwrap();
    let second = client.data(&page(&format!(", after: \"{after}\""))).await["memos"].clone();
    assert_eq!(first["nodes"], json!([{ "title": "d" }, { "title": "b" }]));
    assert_eq!(second["nodes"], json!([{ "title": "a" }, { "title": "c" }]));
    let rooms =
        "{ rooms(filter: {memos: {some: {about: {room: {size: {eq: 7}}}}}}) { nodes { name } } }";
    assert_eq!(client.data(rooms).await["rooms"]["nodes"], json!([{ "name": "一号" }]));
    let changed = "mutation { updateMemos(filter: {about: {room: {isNull: false}}}, atMost: 5, patch: {about: null}) { count userErrors { message } } }";
    assert_eq!(client.data(changed).await["updateMemos"], json!({ "count": 2, "userErrors": [] }));
    assert_eq!(titles(client, "(filter: {about: {isNull: false}})").await, ["a"]);
}

fn role(objects: &str, more: &str) -> String {
    format!(
        "code = \"memos\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [{objects}]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n{more}"
    )
}

async fn save(client: &Client, definition: &str) {
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": definition })).await;
}

async fn what_is_hidden_of_a_union_is_as_absent(client: &Client) {
    let mut office = Office::open(client).await;
    assert_eq!(client.apply(&memos(), false).await["diagnostics"], json!([]));
    office.make("room", "Room", json!({ "name": "一号", "size": 7 })).await;
    for (title, about) in [
        ("a", json!({ "customer": { "id": office.id("CZ") } })),
        ("b", json!({ "customer": { "id": office.id("CQ") } })),
        ("c", json!({ "room": { "id": office.id("room") } })),
        ("d", Value::Null),
    ] {
        office.make(title, "Memo", json!({ "title": title, "about": about })).await;
    }
    save(client, &role("\"Memo\"", "")).await;
    office.give("zhang", &["salesperson", "memos"], &[office.id("TJ-TL")]).await;
    let memos = async |arguments: &str, fields: &str| {
        let query = format!("{{ memos{arguments} {{ totalCount nodes {{ title {fields} }} }} }}");
        office.ask("zhang", &query).await["data"]["memos"].clone()
    };
    // Rooms may not be read and customer CQ is not theirs: as if these memos were about nothing.
    let about = "about { __typename ... on Customer { code } }";
    let order = "(orderBy: [{title: ASC}])";
    let nothing = |title: &str| json!({ "title": title, "about": null });
    let own = json!({ "title": "a", "about": { "__typename": "Customer", "code": "CZ" } });
    let told = memos(order, about).await;
    assert_eq!(told["nodes"], json!([own, nothing("b"), nothing("c"), nothing("d")]));
    let counted = memos("(filter: {about: {isNull: true}}, orderBy: [{title: ASC}])", "").await;
    let titles = json!([{ "title": "b" }, { "title": "c" }, { "title": "d" }]);
    assert_eq!((&counted["totalCount"], &counted["nodes"]), (&json!(3), &titles));
    assert_eq!(memos("(filter: {about: {isNull: false}})", "").await["totalCount"], 1);
    assert_eq!(
        memos("(filter: {about: {customer: {code: {eq: \"CQ\"}}}})", "").await["totalCount"],
        0
    );
    // What is not there for them is not named.
    let named = "{ __type(name: \"MemoAbout\") { possibleTypes { name } } filter: __type(name: \"MemoAboutFilter\") { inputFields { name } } }";
    let told = office.ask("zhang", named).await["data"].clone();
    assert_eq!(told["__type"]["possibleTypes"], json!([{ "name": "Customer" }]));
    assert!(!told["filter"].to_string().contains("room"), "{told}");
    for query in [
        "{ memos { nodes { about { ... on Room { name } } } } }",
        "{ memos(filter: {about: {room: {isNull: true}}}) { totalCount } }",
    ] {
        let told = office.ask("zhang", query).await;
        assert_eq!(told["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{told}");
    }
    // A reference to what they may not see names nothing, in the same words as an id of nobody's.
    let refused = async |id: &str| {
        let query = format!(
            "mutation {{ updateMemo(id: \"{}\", patch: {{about: {{customer: {{id: \"{id}\"}}}}}}) {{ record {{ id }} userErrors {{ code path message }} }} }}",
            office.id("d")
        );
        office.ask("zhang", &query).await["data"]["updateMemo"].clone()
    };
    let hidden = refused(&office.id("CQ")).await;
    assert_eq!(hidden["userErrors"][0]["path"], json!(["about", "customer"]), "{hidden}");
    assert_eq!(hidden, refused("01890000-0000-7000-8000-000000000000").await);
    // The history of a memo that was about a room, too.
    let set = json!({ "about": { "customer": { "id": office.id("CZ") } } });
    assert_eq!(client.update("Memo", &office.id("c"), set).await["userErrors"], json!([]));
    let history = format!(
        "{{ memo(id: \"{}\") {{ history {{ nodes {{ changes {{ field old new oldText newText }} }} }} }} }}",
        office.id("c")
    );
    let told = office.ask("zhang", &history).await["data"]["memo"]["history"]["nodes"][0].clone();
    let change = json!({ "field": "about", "old": null, "new": office.id("CZ"), "oldText": null, "newText": "客户 CZ" });
    assert_eq!(told["changes"], json!([change]), "{told}");
    // A role hides the field as a whole, and nothing of it is left.
    let hide = "[[fields]]\nobject = \"Memo\"\nhidden = [\"about\"]\n";
    save(client, &role("\"Memo\", \"Room\"", hide)).await;
    let fields = "{ __type(name: \"Memo\") { fields { name } } union: __type(name: \"MemoAbout\") { name } }";
    let told = office.ask("zhang", fields).await["data"].clone();
    assert!(!told.to_string().contains("bout") && told["union"].is_null(), "{told}");
    let told = office.ask("zhang", &history).await.to_string();
    assert!(!told.contains("about") && !told.contains(&office.id("CZ")), "{told}");
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    let part = role("\"Memo\"", "[[fields]]\nobject = \"Memo\"\nhidden = [\"about.room\"]\n");
    let admin = Definer::new(client, "admin").await;
    assert_eq!(admin.codes(query, json!({ "d": part })).await, ["INPUT_VALUE"]);
}

async fn the_past_of_a_union_is_told(client: &Client) {
    let known = Memos::made(client).await;
    let before = "2026-06-15T02:00:30Z";
    client.world.advance(Duration::from_mins(5));
    let set = json!({ "about": { "room": { "id": known.room } } });
    client.update("Memo", &known.about_customer, set).await;
    client.world.advance(Duration::from_mins(5));
    client.update("Memo", &known.about_customer, json!({ "about": null })).await;
    let query = format!(
        "{{ memo(id: \"{}\") {{ history(field: \"about\") {{ nodes {{ action changes {{ field old new oldText newText }} }} }} }} }}",
        known.about_customer
    );
    let told = client.data(&query).await["memo"]["history"]["nodes"].clone();
    let (customer, room) = ((&known.customer, "客户 C1"), (&known.room, "一号"));
    let change = |old: Option<(&String, &str)>, new: Option<(&String, &str)>| {
        json!([{ "field": "about", "old": old.map(|old| old.0), "new": new.map(|new| new.0),
            "oldText": old.map(|old| old.1), "newText": new.map(|new| new.1) }])
    };
    let changes: Vec<_> =
        told.as_array().unwrap().iter().map(|entry| entry["changes"].clone()).collect();
    assert_eq!(
        changes,
        [
            change(Some(room), None),
            change(Some(customer), Some(room)),
            change(None, Some(customer))
        ]
    );
    let told = all(client, &format!("(asOf: \"{before}\", orderBy: [{{title: ASC}}])")).await;
    assert_eq!((&told[0]["about"]["code"], &told[1]["about"]["size"]), (&json!("C1"), &json!(7)));
    let then =
        format!("(asOf: \"{before}\", filter: {{about: {{customer: {{code: {{eq: \"C1\"}}}}}}}})");
    assert_eq!(titles(client, &then).await, ["a"]);
    // A change by someone else in between is told by the field, and where in it.
    let late = format!(
        "mutation {{ updateMemo(id: \"{}\", expectedVersion: 1, patch: {{about: {{room: {{id: \"{}\"}}}}}}) {{ userErrors {{ code path }} }} }}",
        known.about_customer, known.room
    );
    let told = client.data(&late).await["updateMemo"]["userErrors"].clone();
    assert_eq!(
        told,
        json!([{ "code": "RECORD_VERSION", "path": ["expectedVersion"] }, { "code": "RECORD_VERSION", "path": ["about", "customer"] }])
    );
}

async fn pages_know_unions(client: &Client) {
    let known = Memos::made(client).await;
    let query = "{ object(name: \"Memo\") { fields { name type target targets { name object label field } operators sortable groupable writable required } } }";
    let told = client.metadata(query, json!({})).await["object"]["fields"].clone();
    let named = told
        .as_array()
        .unwrap()
        .iter()
        .filter(|field| field["name"].as_str().unwrap().starts_with("about"));
    let about = json!({ "name": "about", "type": "UNION", "target": null, "operators": [], "sortable": true, "groupable": false, "writable": true, "required": false,
        "targets": [{ "name": "customer", "object": "Customer", "label": "Customer", "field": "about.customer" },
            { "name": "room", "object": "Room", "label": "Room", "field": "about.room" }] });
    assert_eq!(named.collect::<Vec<_>>(), [&about]);
    let candidates = |field: &str| {
        format!("{{ candidates(object: \"Memo\", field: \"{field}\") {{ id object text }} }}")
    };
    let told = client.data(&candidates("about.room")).await["candidates"].clone();
    assert_eq!(told, json!([{ "id": known.room, "object": "Room", "text": "一号" }]));
    let told = client.data(&candidates("about.customer")).await["candidates"].clone();
    assert_eq!(told, json!([{ "id": known.customer, "object": "Customer", "text": "客户 C1" }]));
    assert_eq!(client.ask(&candidates("about"), json!({})).await.codes(), ["INPUT_INVALID"]);
    // Generated pages show the field once, and the lists that refer here without it.
    let page = "query($o: String!, $k: LayoutKind!) { layout(object: $o, kind: $k) { tabs { sections { items {
        ... on FieldItem { name } ... on RelatedItem { name columns { name } } } } } } }";
    let told = client.metadata(page, json!({ "o": "Memo", "k": "DETAIL" })).await.to_string();
    assert_eq!(told.matches("\"about\"").count(), 1, "{told}");
    assert!(!told.contains("about."), "{told}");
    let told = client.metadata(page, json!({ "o": "Room", "k": "DETAIL" })).await.to_string();
    assert!(told.contains("\"memos\"") && !told.contains("\"about\""), "{told}");
}

async fn drafts_have_unions(client: &Client) {
    let known = Memos::made(client).await;
    let draft = async |arguments: &str| {
        let query = format!(
            "{{ draftMemo({arguments}) {{ record {{ title {ABOUT} }} userErrors {{ path }} }} }}"
        );
        client.data(&query).await["draftMemo"].clone()
    };
    let about = format!("patch: {{title: \"x\", about: {{room: {{id: \"{}\"}}}}}}", known.room);
    let room = json!({ "__typename": "Room", "name": "一号", "size": 7, "id": known.room });
    let told = draft(&about).await;
    assert_eq!(told, json!({ "record": { "title": "x", "about": room }, "userErrors": [] }));
    let told = draft(&format!("id: \"{}\", {about}", known.about_customer)).await;
    assert_eq!(told["record"]["about"], room);
    let told = draft(&format!("id: \"{}\", patch: {{title: \"y\"}}", known.about_customer)).await;
    assert_eq!(told["record"]["about"]["code"], "C1");
    let told = draft(&format!("id: \"{}\", patch: {{about: null}}", known.about_customer)).await;
    assert_eq!(told["record"]["about"], Value::Null);
    assert_eq!(all(client, "(orderBy: [{title: ASC}])").await[0]["about"]["code"], "C1");
}

async fn merged_and_removed_records_are_followed(client: &Client) {
    let known = Memos::made(client).await;
    // What is referred to stays.
    let remove =
        format!("mutation {{ deleteRoom(id: \"{}\") {{ userErrors {{ code }} }} }}", known.room);
    let told = client.data(&remove).await["deleteRoom"]["userErrors"].clone();
    assert_eq!(told, json!([{ "code": "RECORD_IN_USE" }]));
    let other = client.create("Room", json!({ "name": "二号", "size": 3 })).await;
    let merge = format!(
        "mutation {{ mergeRooms(keep: \"{other}\", drop: [\"{}\"]) {{ moved {{ object count }} userErrors {{ message }} }} }}",
        known.room
    );
    let told = client.data(&merge).await["mergeRooms"].clone();
    assert_eq!(told, json!({ "moved": [{ "object": "Memo", "count": 1 }], "userErrors": [] }));
    assert_eq!(titles(client, "(filter: {about: {room: {size: {eq: 3}}}})").await, ["b"]);
    // A memo that absorbs another takes its subject whole.
    let merge = format!(
        "mutation {{ mergeMemos(keep: \"{}\", drop: [\"{}\"], take: [{{field: \"about\", from: \"{}\"}}]) {{ record {{ {ABOUT} }} userErrors {{ message }} }} }}",
        known.about_customer, known.about_room, known.about_room
    );
    let told = client.data(&merge).await["mergeMemos"].clone();
    assert_eq!(
        (&told["userErrors"], &told["record"]["about"]["size"]),
        (&json!([]), &json!(3)),
        "{told}"
    );
    // A removed memo comes back as it was, without what is gone.
    let memo = json!({ "title": "e", "about": { "customer": { "id": known.customer } } });
    let memo = client.create("Memo", memo).await;
    let data =
        |call: &str| format!("mutation {{ {call}(id: \"{memo}\") {{ userErrors {{ code }} }} }}");
    client.data(&data("deleteMemo")).await;
    client.data(&data("restoreMemo")).await;
    assert_eq!(titles(client, "(filter: {about: {customer: {code: {eq: \"C1\"}}}})").await, ["e"]);
}
