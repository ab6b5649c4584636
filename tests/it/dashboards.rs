//! Dashboards: kept, shared, checked like what they ask for, and without a trace of what is hidden from their reader.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Answer, Client, office::Office},
};

both_dbs! {
    dashboards_are_kept_and_read_back
    dashboards_are_shared_by_those_who_may
    a_private_dashboard_of_others_is_not_there
    contents_are_checked
    a_hidden_field_leaves_no_trace_on_a_dashboard
    what_an_author_does_not_see_stays
    dashboards_follow_renamed_fields
    menus_lead_to_dashboards
}

const CONTENT: &str = "parameters { name label type object default }
    widgets { key title face object question chart { measures { function field } first order fill stacked }
        parameters { parameter path } width height text look left }";

fn save_text() -> String {
    format!(
        "mutation($id: ID, $input: DashboardInput!, $version: Int) {{
        saveDashboard(id: $id, input: $input, expectedVersion: $version) {{
            dashboard {{ id name mine share roles version mayEdit owner {{ name }} {CONTENT} }}
            userErrors {{ code path message hint }} }} }}"
    )
}

async fn save(client: &Client, token: &str, id: Option<&Value>, input: Value) -> Answer {
    client.metadata_as(token, &save_text(), json!({ "id": id, "input": input })).await
}

/// A dashboard that must be saved; its id.
async fn saved(client: &Client, token: &str, input: Value) -> Value {
    let payload = save(client, token, None, input).await.data()["saveDashboard"].clone();
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload["dashboard"]["id"].clone()
}

async fn opened(client: &Client, token: &str, id: &Value) -> Value {
    let query = format!(
        "query($id: ID!) {{ dashboard(id: $id) {{ name mine share roles version mayEdit {CONTENT} }} }}"
    );
    client.metadata_as(token, &query, json!({ "id": id })).await.data()["dashboard"].clone()
}

async fn names(client: &Client, token: &str) -> Vec<String> {
    let told = client.metadata_as(token, "{ dashboards { name } }", json!({})).await.data();
    let all = told["dashboards"].as_array().unwrap();
    all.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

fn widget(key: &str, face: &str, more: Value) -> Value {
    let mut widget = json!({ "key": key, "title": key, "face": face, "width": 6, "height": 4 });
    widget.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    widget
}

fn plain(name: &str) -> Value {
    let text = widget("hello", "TEXT", json!({ "text": "你好" }));
    json!({ "name": name, "widgets": [text] })
}

fn shared(name: &str, share: &str, roles: &[&str]) -> Value {
    let mut input = plain(name);
    input["share"] = json!(share);
    input["roles"] = json!(roles);
    input
}

/// Of each kind something.
fn whole(office: &Office<'_>) -> Value {
    json!({
        "name": "  销售 概况 ",
        "parameters": [
            { "name": "period", "label": "期间", "type": "PERIOD", "default": { "thisMonth": true } },
            { "name": "who", "label": "人员", "type": "PERSON", "default": "ME" },
            { "name": "where", "label": "部门", "type": "RECORD", "object": "Department", "default": [office.id("TJ-TL")] },
            { "name": "level", "label": "级别", "type": "PICKLIST", "default": ["A"] },
        ],
        "widgets": [
            widget("count", "NUMBER", json!({ "object": "Customer", "question": { "filter": { "level": { "eq": "A" } } } })),
            widget("by-level", "BAR", json!({ "object": "Customer",
                "question": { "groupBy": [{ "level": true }], "search": "天津" },
                "chart": { "measures": [{ "function": "COUNT" }, { "function": "SUM", "field": "creditLimit" }], "first": 5, "order": "VALUE_DESC", "stacked": true },
                "parameters": [
                    { "parameter": "period", "path": "createdAt" }, { "parameter": "who", "path": "owner" },
                    { "parameter": "where", "path": "owner.department" }, { "parameter": "level", "path": "level" },
                ], "look": { "colour": "#123456" } })),
            widget("list", "LIST", json!({ "object": "Customer", "question": { "columns": ["code", "owner.name"], "orderBy": [{ "code": "ASC" }] } })),
            widget("note", "TEXT", json!({ "text": "说明", "width": 12, "height": 1 })),
        ],
    })
}

async fn dashboards_are_kept_and_read_back(client: &Client) {
    let office = Office::open(client).await;
    let zhang = &office.tokens["zhang"];
    let input = whole(&office);
    let id = saved(client, zhang, input.clone()).await;
    let told = opened(client, zhang, &id).await;
    assert_eq!(
        (&told["name"], &told["mine"], &told["share"], &told["version"], &told["mayEdit"]),
        (&json!("销售 概况"), &json!(true), &json!("PRIVATE"), &json!(1), &json!(true))
    );
    for (at, parameter) in input["parameters"].as_array().unwrap().iter().enumerate() {
        for (key, value) in parameter.as_object().unwrap() {
            assert_eq!(told["parameters"][at][key], *value, "{key}");
        }
    }
    for (at, given) in input["widgets"].as_array().unwrap().iter().enumerate() {
        let widget = &told["widgets"][at];
        for key in ["key", "title", "face", "width", "height"] {
            assert_eq!(widget[key], given[key], "{key}");
        }
        assert_eq!(widget["left"], json!([]));
    }
    let bars = &told["widgets"][1];
    assert_eq!(bars["question"], input["widgets"][1]["question"]);
    assert_eq!(bars["parameters"], input["widgets"][1]["parameters"]);
    assert_eq!(bars["look"], json!({ "colour": "#123456" }));
    assert_eq!(
        bars["chart"],
        json!({ "measures": [{ "function": "COUNT", "field": null }, { "function": "SUM", "field": "creditLimit" }],
            "first": 5, "order": "VALUE_DESC", "fill": false, "stacked": true })
    );
    // What a widget asks for is what `/graphql` takes.
    let ask = "query($groupBy: [CustomerGroupBy!], $search: String) { customerAggregate(groupBy: $groupBy, search: $search) { count } }";
    let answer = client.poster_of("zhang").await.ask(ask, bars["question"].clone()).await;
    assert!(answer.data()["customerAggregate"].is_array());
    // The same again is no change; a stale save is refused; removed it is gone.
    let again = save(client, zhang, Some(&id), input).await.data()["saveDashboard"].clone();
    assert_eq!(again["dashboard"]["version"], 1, "{again:#}");
    let next = json!({ "id": id, "input": plain("其他"), "version": 1 });
    let told = client.metadata_as(zhang, &save_text(), next.clone()).await.data();
    assert_eq!(told["saveDashboard"]["dashboard"]["version"], 2);
    let next = json!({ "id": id, "input": plain("迟了"), "version": 1 });
    let told = client.metadata_as(zhang, &save_text(), next).await.data()["saveDashboard"].clone();
    assert_eq!(told["dashboard"], Value::Null);
    assert_eq!(told["userErrors"][0]["code"], "RECORD_VERSION");
    assert_eq!(names(client, zhang).await, ["其他"]);
    let delete = "mutation($id: ID!) { deleteDashboard(id: $id) }";
    let told = client.metadata_as(zhang, delete, json!({ "id": id })).await;
    assert_eq!(told.data()["deleteDashboard"], true);
    let told = client.metadata_as(zhang, delete, json!({ "id": id })).await;
    assert_eq!(told.codes(), ["RECORD_NOT_FOUND"]);
    assert_eq!(opened(client, zhang, &id).await, Value::Null);
    assert_eq!(opened(client, zhang, &json!("no id")).await, Value::Null);
}

async fn print(client: &Client, token: &str) -> Value {
    client.metadata_as(token, "{ viewer { fingerprint } }", json!({})).await.data()
}

async fn dashboards_are_shared_by_those_who_may(client: &Client) {
    let office = Office::open(client).await;
    let [zhang, li, wang, admin] = ["zhang", "li", "wang", "admin"];
    let token = |who: &str| office.tokens.get(who).cloned();
    let admin = client.token(admin).await;
    let (zhang, li, wang) = (token(zhang).unwrap(), token(li).unwrap(), token(wang).unwrap());
    // A role gives it; its holders share with roles of their own.
    let refused = save(client, &zhang, None, shared("x", "ALL", &[])).await;
    assert_eq!(refused.codes(), ["ACCESS_DENIED"]);
    let refused = save(client, &wang, None, shared("x", "ROLES", &["salesperson"])).await;
    assert_eq!(refused.codes(), ["ACCESS_DENIED"]);
    let may = client.metadata_as(&wang, "{ viewer { may } }", json!({})).await.data();
    assert_eq!(may["viewer"]["may"], json!(["SHARE_VIEWS", "DASHBOARDS"]));
    // A private one changes its owner's fingerprint alone, a shared one that of all who see it.
    let before = (print(client, &zhang).await, print(client, &li).await);
    saved(client, &zhang, plain("own")).await;
    let after = (print(client, &zhang).await, print(client, &li).await);
    assert!(before.0 != after.0 && before.1 == after.1);
    let id = saved(client, &admin, shared("sales", "ROLES", &["salesperson"])).await;
    assert!(print(client, &li).await != after.1);
    assert_eq!(names(client, &zhang).await, ["own", "sales"]);
    assert_eq!(names(client, &li).await, ["sales"]);
    assert!(names(client, &wang).await.is_empty());
    let told = opened(client, &li, &id).await;
    assert_eq!((&told["mine"], &told["mayEdit"]), (&json!(false), &json!(false)));
    assert_eq!(told["roles"], json!(["salesperson"]));
    let refused = save(client, &li, Some(&id), plain("mine now")).await;
    assert_eq!(refused.codes(), ["ACCESS_DENIED"]);
    // Roles in use stay; unknown ones and those without a share are told.
    for (input, path) in [
        (shared("x", "ROLES", &[]), json!(["input", "roles"])),
        (shared("x", "ALL", &["salesperson"]), json!(["input", "roles"])),
        (shared("x", "ROLES", &["nobody"]), json!(["input", "roles", "0"])),
    ] {
        let payload = save(client, &admin, None, input).await.data()["saveDashboard"].clone();
        assert_eq!(payload["userErrors"][0]["path"], path, "{payload:#}");
    }
    let all = saved(client, &wang, shared("everyone", "ALL", &[])).await;
    assert_eq!(names(client, &li).await, ["everyone", "sales"]);
    // The trail has what is shared, and not what is private.
    let trail = "{ auditTrail(kind: SHARED_DASHBOARD) { nodes { account detail } } }";
    let told = client.metadata(trail, json!({})).await["auditTrail"]["nodes"].clone();
    assert_eq!(told.as_array().unwrap().len(), 2, "{told:#}");
    assert!(told.to_string().contains(all.as_str().unwrap()), "{told:#}");
}

async fn a_private_dashboard_of_others_is_not_there(client: &Client) {
    let office = Office::open(client).await;
    let id = saved(client, &office.tokens["zhang"], plain("geheim")).await;
    let never = json!("019f0000-0000-7000-8000-000000000000");
    for token in [office.tokens["li"].clone(), client.token("admin").await] {
        let mut told = Vec::new();
        for id in [&id, &never] {
            let read = opened(client, &token, id).await;
            assert_eq!(read, Value::Null);
            let delete = "mutation($id: ID!) { deleteDashboard(id: $id) }";
            let deleted = client.metadata_as(&token, delete, json!({ "id": id })).await;
            let changed = save(client, &token, Some(id), plain("x")).await;
            let mut answers = Vec::new();
            for answer in [deleted, changed] {
                assert!(answer.body.to_string().contains("RECORD_NOT_FOUND"), "{}", answer.body);
                answers.push(answer.body.to_string().replace(id.as_str().unwrap(), "…"));
            }
            told.push(answers);
        }
        assert_eq!(told[0], told[1]);
        assert!(names(client, &token).await.is_empty());
    }
}

async fn contents_are_checked(client: &Client) {
    let office = Office::open(client).await;
    let zhang = &office.tokens["zhang"];
    let customer = |more: Value| {
        let mut base = json!({ "object": "Customer" });
        base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        widget("a", "BAR", base)
    };
    let parameter = |ty: &str, default: Value| json!({ "name": "p", "label": "p", "type": ty, "default": default });
    for (parameters, widget, path) in [
        (json!([]), customer(json!({ "object": "Custmer" })), vec!["widgets", "0", "object"]),
        (
            json!([]),
            customer(json!({ "object": "SalesOrderLine" })),
            vec!["widgets", "0", "object"],
        ),
        (json!([]), customer(json!({ "object": null })), vec!["widgets", "0", "object"]),
        (json!([]), customer(json!({ "width": 13 })), vec!["widgets", "0", "width"]),
        (json!([]), customer(json!({ "height": 0 })), vec!["widgets", "0", "height"]),
        (json!([]), customer(json!({ "key": "1" })), vec!["widgets", "0", "key"]),
        (json!([]), customer(json!({ "title": "x".repeat(121) })), vec!["widgets", "0", "title"]),
        (json!([]), customer(json!({ "look": [] })), vec!["widgets", "0", "look"]),
        (
            json!([]),
            customer(json!({ "question": { "filter": { "leve": { "eq": "A" } } } })),
            vec!["widgets", "0", "question", "filter", "leve"],
        ),
        (
            json!([]),
            customer(json!({ "question": { "groupBy": [{ "lines": true }] } })),
            vec!["widgets", "0", "question", "groupBy", "0", "lines"],
        ),
        (
            json!([]),
            customer(json!({ "question": { "columns": ["x"] } })),
            vec!["widgets", "0", "question", "columns", "0"],
        ),
        (
            json!([]),
            customer(json!({ "chart": { "measures": [{ "function": "SUM" }] } })),
            vec!["widgets", "0", "chart", "measures", "0", "field"],
        ),
        (
            json!([]),
            customer(json!({ "chart": { "measures": [{ "function": "SUM", "field": "name" }] } })),
            vec!["widgets", "0", "chart", "measures", "0", "field"],
        ),
        (
            json!([]),
            customer(
                json!({ "chart": { "measures": [{ "function": "COUNT", "field": "name" }] } }),
            ),
            vec!["widgets", "0", "chart", "measures", "0", "field"],
        ),
        (
            json!([]),
            customer(json!({ "chart": { "first": 1001 } })),
            vec!["widgets", "0", "chart", "first"],
        ),
        (
            json!([]),
            customer(json!({ "face": "LIST", "chart": {} })),
            vec!["widgets", "0", "chart"],
        ),
        (
            json!([]),
            customer(json!({ "face": "TEXT", "text": "x" })),
            vec!["widgets", "0", "object"],
        ),
        (json!([]), widget("a", "TEXT", json!({ "text": " " })), vec!["widgets", "0", "text"]),
        (
            json!([]),
            customer(json!({ "parameters": [{ "parameter": "p", "path": "level" }] })),
            vec!["widgets", "0", "parameters", "0", "parameter"],
        ),
        (
            json!([parameter("PICKLIST", Value::Null)]),
            customer(json!({ "parameters": [{ "parameter": "p", "path": "name" }] })),
            vec!["widgets", "0", "parameters", "0", "path"],
        ),
        (
            json!([parameter("PERSON", Value::Null)]),
            customer(json!({ "parameters": [{ "parameter": "p", "path": "department" }] })),
            vec!["widgets", "0", "parameters", "0", "path"],
        ),
        (
            json!([parameter("PERIOD", Value::Null)]),
            customer(json!({ "parameters": [{ "parameter": "p", "path": "contacts.name" }] })),
            vec!["widgets", "0", "parameters", "0", "path"],
        ),
        (
            json!([parameter("PERIOD", json!({ "thisMont": true }))]),
            customer(json!({})),
            vec!["parameters", "0", "default", "thisMont"],
        ),
        (
            json!([parameter("PERSON", json!("YOU"))]),
            customer(json!({})),
            vec!["parameters", "0", "default"],
        ),
        (
            json!([parameter("RECORD", Value::Null)]),
            customer(json!({})),
            vec!["parameters", "0", "object"],
        ),
        (
            json!([parameter("PICKLIST", json!(["A"])), parameter("PICKLIST", json!(["A"]))]),
            customer(json!({})),
            vec!["parameters", "1", "name"],
        ),
    ] {
        let input = json!({ "name": "x", "parameters": parameters, "widgets": [widget] });
        let payload = save(client, zhang, None, input).await;
        let told = payload.body["data"]["saveDashboard"]["userErrors"].clone();
        let paths: Vec<_> = told
            .as_array()
            .unwrap_or_else(|| panic!("{}", payload.body))
            .iter()
            .map(|fault| fault["path"].clone())
            .collect();
        let expected: Vec<_> = ["input"].into_iter().chain(path).collect();
        assert_eq!(paths, [json!(expected)], "{told:#}");
    }
    let many: Vec<_> =
        (0..41).map(|at| widget(&format!("w{at}"), "TEXT", json!({ "text": "x" }))).collect();
    let payload = save(client, zhang, None, json!({ "name": "x", "widgets": many })).await.data();
    assert_eq!(payload["saveDashboard"]["userErrors"][0]["code"], "LIMIT_RECORDS");
    // All that is wrong is told at once.
    let input = json!({ "name": " ", "widgets": [customer(json!({ "width": 0, "height": 99 }))] });
    let told = save(client, zhang, None, input).await.data()["saveDashboard"]["userErrors"].clone();
    assert_eq!(told.as_array().unwrap().len(), 3, "{told:#}");
    assert!(names(client, zhang).await.is_empty());
}

async fn a_hidden_field_leaves_no_trace_on_a_dashboard(client: &Client) {
    let office = Office::open(client).await;
    let admin = client.token("admin").await;
    let role = "code = \"narrow\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Customer\"\nhidden = [\"creditLimit\", \"level\"]\n";
    let save_role = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save_role, json!({ "d": role })).await;
    office.give("new", &["narrow"], &[]).await;
    let input = json!({
        "name": "all", "share": "ALL",
        "parameters": [
            { "name": "level", "label": "级别", "type": "PICKLIST" },
            { "name": "unused", "label": "x", "type": "PERIOD" },
            { "name": "order", "label": "订单", "type": "RECORD", "object": "SalesOrder" },
        ],
        "widgets": [
            widget("orders", "LIST", json!({ "object": "SalesOrder" })),
            widget("sum", "NUMBER", json!({ "object": "Customer", "chart": { "measures": [{ "function": "SUM", "field": "creditLimit" }] } })),
            widget("levels", "PIE", json!({ "object": "Customer", "question": { "groupBy": [{ "level": true }] } })),
            widget("both", "BAR", json!({ "object": "Customer",
                "question": { "filter": { "level": { "eq": "A" }, "code": { "startsWith": "C" } }, "columns": ["code", "creditLimit"] },
                "chart": { "measures": [{ "function": "COUNT" }, { "function": "MAX", "field": "creditLimit" }] },
                "parameters": [{ "parameter": "level", "path": "level" }] })),
            widget("text", "TEXT", json!({ "text": "x" })),
        ],
    });
    let id = saved(client, &admin, input).await;
    let told = opened(client, &office.tokens["new"], &id).await;
    let keys: Vec<_> = told["widgets"].as_array().unwrap().iter().map(|one| &one["key"]).collect();
    assert_eq!(keys, ["both", "text"], "{told:#}");
    let both = &told["widgets"][0];
    assert_eq!(
        both["question"],
        json!({ "filter": { "code": { "startsWith": "C" } }, "columns": ["code"] })
    );
    assert_eq!(both["chart"]["measures"], json!([{ "function": "COUNT", "field": null }]));
    assert_eq!((&both["parameters"], &both["left"]), (&json!([]), &json!([])));
    let names: Vec<_> =
        told["parameters"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["unused"]);
    for hidden in ["level", "creditLimit", "SalesOrder", "级别", "订单"] {
        assert!(!told.to_string().contains(hidden), "{hidden}: {told:#}");
    }
    // Whoever may know all is told all.
    assert_eq!(opened(client, &admin, &id).await["widgets"].as_array().unwrap().len(), 5);
}

async fn what_an_author_does_not_see_stays(client: &Client) {
    let office = Office::open(client).await;
    let admin = client.token("admin").await;
    let grants = |objects: &str| {
        format!(
            "code = \"boards\"\nlabel = \"x\"\nlabel_en = \"x\"\nmay = [\"DASHBOARDS\"]\n[[grants]]\nobjects = [{objects}]\nactions = [\"read\"]\nopen = true\n"
        )
    };
    let save_role = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save_role, json!({ "d": grants("\"Customer\", \"SalesOrder\"") })).await;
    office.give("new", &["boards"], &[]).await;
    let new = &office.tokens["new"];
    let order = json!({ "object": "SalesOrder" });
    let input = json!({
        "name": "mine", "share": "ALL",
        "parameters": [{ "name": "order", "label": "订单", "type": "RECORD", "object": "SalesOrder" }],
        "widgets": [widget("w1", "NUMBER", json!({ "object": "Customer" })), widget("w2", "LIST", order)],
    });
    let id = saved(client, new, input).await;
    client.metadata(save_role, json!({ "d": grants("\"Customer\"") })).await;
    let told = opened(client, new, &id).await;
    assert_eq!(told["widgets"].as_array().unwrap().len(), 1, "{told:#}");
    // They save what they see, and give another widget the key of one that they do not see.
    let again = json!({ "name": "renamed", "widgets": [
        widget("w1", "NUMBER", json!({ "object": "Customer" })), widget("w2", "NUMBER", json!({ "object": "Customer" }))] });
    let payload = save(client, new, Some(&id), again).await.data()["saveDashboard"].clone();
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    assert!(!payload.to_string().contains("SalesOrder"), "{payload:#}");
    let all = opened(client, &admin, &id).await;
    let widgets = all["widgets"].as_array().unwrap();
    let keys: Vec<_> = widgets.iter().map(|one| (&one["key"], &one["object"])).collect();
    let named = |key: &str, object: &str| (json!(key), json!(object));
    let expected = [named("w1", "Customer"), named("w2", "Customer"), named("w2_", "SalesOrder")];
    assert_eq!(keys, expected.iter().map(|(key, object)| (key, object)).collect::<Vec<_>>());
    assert_eq!(all["parameters"][0]["name"], "order");
    // Who sees it was not told, and is as it was.
    assert_eq!((&all["share"], &all["name"]), (&json!("ALL"), &json!("renamed")));
}

async fn dashboards_follow_renamed_fields(client: &Client) {
    let sdl = "type Loan @object(plural: \"loans\", label: \"借用\") { topic: String amount: Decimal due: Date }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let admin = client.token("admin").await;
    let input = |topic: &str, amount: &str, due: &str| {
        json!({ "name": "loans", "parameters": [{ "name": "due", "label": "x", "type": "PERIOD" }],
            "widgets": [widget("a", "BAR", json!({ "object": "Loan", "question": { "groupBy": [{ topic: true }] },
                "chart": { "measures": [{ "function": "SUM", "field": amount }] },
                "parameters": [{ "parameter": "due", "path": due }] }))] })
    };
    let id = saved(client, &admin, input("topic", "amount", "due")).await;
    let renamed = "type Loan @object(plural: \"loans\", label: \"借用\") {
        subject: String @renamed(from: \"topic\") worth: Decimal @renamed(from: \"amount\") until: Date @renamed(from: \"due\") }";
    assert_eq!(client.apply(renamed, false).await["diagnostics"], json!([]));
    let told = opened(client, &admin, &id).await["widgets"][0].clone();
    let expected = input("subject", "worth", "until")["widgets"][0].clone();
    assert_eq!(told["question"], expected["question"], "{told:#}");
    assert_eq!(told["parameters"], expected["parameters"]);
    assert_eq!(told["chart"]["measures"], expected["chart"]["measures"]);
}

async fn menus_lead_to_dashboards(client: &Client) {
    let office = Office::open(client).await;
    let admin = client.token("admin").await;
    let id = saved(client, &admin, shared("sales", "ROLES", &["salesperson"])).await;
    let path = format!("/d/{}", id.as_str().unwrap());
    let set =
        "mutation($menus: [MenuInput!]!) { setMenus(menus: $menus) { diagnostics { message } } }";
    let menu = json!([{ "system": "SALES", "groups": [{ "label": "一", "entries": [
        { "path": path, "label": "销售看板" }, { "path": "/home", "label": "首页" }] }] }]);
    client.metadata(set, json!({ "menus": menu })).await;
    let read = "{ menus { system groups { entries { label path dashboard } } } }";
    for (who, sees) in [("zhang", true), ("wang", false)] {
        let told = client.metadata_as(&office.tokens[who], read, json!({})).await.data();
        let menus = told["menus"].as_array().unwrap().iter();
        let sales = menus.into_iter().find(|menu| menu["system"] == "SALES").unwrap().to_string();
        assert_eq!(sales.contains("销售看板"), sees, "{who}: {sales}");
        assert_eq!(sales.contains(&format!("\"dashboard\":{id}")), sees, "{who}: {sales}");
    }
}
