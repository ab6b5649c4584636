//! Views that others see: who shares them, what each reader is told of them, and what becomes of them without their
//! object, role or owner.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    fingerprints::fingerprint,
    saved_views::{names, plain, save, saved, shared, views},
    support::{Answer, Client, office::Office},
};

both_dbs! {
    sharing_is_for_those_who_may
    a_hidden_field_leaves_no_trace
    views_follow_their_object
    roles_open_lists_with_a_view
    fingerprints_change_for_those_who_see_a_view
    reading_as_someone_else_writes_nothing
    views_of_removed_accounts_stay_for_others
}

async fn sharing_is_for_those_who_may(client: &Client) {
    let office = Office::open(client).await;
    let token = |who: &str| &office.tokens[who];
    let denied = |answer: &Answer, path: Value| {
        assert_eq!(answer.codes(), ["ACCESS_DENIED"]);
        assert_eq!(answer.body["errors"][0]["extensions"]["path"], path, "{:#}", answer.body);
    };
    for (share, roles) in [("ALL", &[][..]), ("ROLES", &["salesperson"])] {
        let refused = save(client, token("zhang"), None, shared("x", share, roles)).await;
        denied(&refused, json!(["input", "share"]));
    }
    // Those who share name roles of their own: others are told of alike, whether they exist or not.
    let mut told = Vec::new();
    for role in ["salesperson", "nonexistent"] {
        let refused = save(client, token("wang"), None, shared("x", "ROLES", &[role])).await;
        denied(&refused, json!(["input", "roles", "0"]));
        told.push(refused.body);
    }
    assert_eq!(told[0], told[1]);
    let admin = client.token("admin").await;
    let payload = save(client, &admin, None, shared("x", "ROLES", &["salesperson", "ghost"])).await;
    let errors = payload.data()["saveView"]["userErrors"].clone();
    assert_eq!(
        (&errors[0]["code"], &errors[0]["path"]),
        (&json!("INPUT_VALUE"), &json!(["input", "roles", "1"]))
    );
    for (share, roles) in
        [("ROLES", &[][..]), ("ALL", &["salesperson"]), ("PRIVATE", &["salesperson"])]
    {
        let payload = save(client, &admin, None, shared("x", share, roles)).await.data();
        assert_eq!(
            payload["saveView"]["userErrors"][0]["path"],
            json!(["input", "roles"]),
            "{share}"
        );
    }
    let all = saved(client, token("wang"), shared("for all", "ALL", &[])).await;
    saved(client, token("wang"), shared("for managers", "ROLES", &["department_manager"])).await;
    let both = shared("for two roles", "ROLES", &["salesperson", "department_manager"]);
    let two = saved(client, &admin, both).await;
    saved(client, token("wang"), plain("for myself")).await;
    assert_eq!(names(client, token("zhang")).await, ["for all", "for two roles"]);
    assert_eq!(names(client, token("wu")).await, ["for all"]);
    assert_eq!(
        names(client, token("wang")).await,
        ["for all", "for managers", "for myself", "for two roles"]
    );
    assert_eq!(names(client, &admin).await, ["for all", "for managers", "for two roles"]);
    // A reader changes nothing of it, and is told of no role that they do not hold.
    let seen = views(client, token("zhang"), "Customer").await;
    assert_eq!((&seen[0]["mayEdit"], &seen[0]["mine"]), (&json!(false), &json!(false)));
    assert_eq!(seen[1]["roles"], json!(["salesperson"]));
    assert_eq!(
        views(client, &admin, "Customer").await[2]["roles"],
        json!(["department_manager", "salesperson"])
    );
    for who in ["zhang", "wang"] {
        denied(&save(client, token(who), Some(&two), plain("mine now")).await, json!(["id"]));
    }
    denied(&save(client, token("zhang"), Some(&all), plain("mine now")).await, json!(["id"]));
    let renamed = save(client, &admin, Some(&all), shared("renamed", "ALL", &[])).await.data();
    assert_eq!(renamed["saveView"]["view"]["version"], 2);
    // The trail has what others see, and not what someone keeps for themselves.
    let trail = "{ auditTrail(kind: SHARED_VIEW) { nodes { account object detail } } }";
    let trail = client.metadata(trail, json!({})).await["auditTrail"]["nodes"].clone();
    let told: Vec<_> = trail
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            assert_eq!(entry["object"], "Customer");
            format!(
                "{}: {}",
                entry["account"].as_str().unwrap(),
                entry["detail"]["name"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        told,
        ["admin: renamed", "admin: for two roles", "wang: for managers", "wang: for all"]
    );
}

const BLIND: &str = "code = \"blind\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\", \"Employee\"]\n\
    actions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Customer\"\nhidden = [\"remark\"]\nmasked = { city = \"all\" }\n\
    [[fields]]\nobject = \"Employee\"\nhidden = [\"code\"]\n";

async fn a_hidden_field_leaves_no_trace(client: &Client) {
    let office = Office::open(client).await;
    let admin = client.token("admin").await;
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": BLIND }),
        )
        .await;
    office.give("new", &["blind"], &[]).await;
    let blind = client.token("new").await;
    let full = json!({
        "filter": {
            "level": { "eq": "A" }, "remark": { "contains": "x" }, "city": { "eq": "天津" },
            "or": [{ "name": { "contains": "漆" } }, { "remark": { "eq": "y" }, "name": { "eq": "z" } }],
            "owner": { "code": { "eq": "li" } }, "contacts": { "some": { "name": { "eq": "x" } } },
        },
        "orderBy": [{ "remark": "ASC" }, { "code": "ASC" }, { "owner": { "code": "ASC" } }],
        "columns": ["code", "remark", "owner.code", "city", { "field": "department.name", "width": 80 }],
    });
    let input = json!({ "object": "Customer", "name": "all", "share": "ALL", "question": full });
    let id = saved(client, &admin, input).await;
    let seen = views(client, &blind, "Customer").await;
    assert_eq!(
        seen[0]["question"],
        json!({
            "filter": { "level": { "eq": "A" }, "or": [{ "name": { "contains": "漆" } }] },
            "orderBy": [{ "code": "ASC" }], "columns": ["code", "city"],
        })
    );
    // The town is there for them, though not as it is: told. What is hidden is not, nor what they may not read.
    assert_eq!(seen[0]["left"], json!(["filter.city"]));
    let text = Value::from(seen).to_string();
    for hidden in ["remark", "owner.code", "\"code\":{", "contacts", "department", "天津", "li\""]
    {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    // It opens.
    let list = "query($filter: CustomerFilter, $orderBy: [CustomerOrder!]) { customers(filter: $filter, orderBy: $orderBy) { totalCount } }";
    let question = views(client, &blind, "Customer").await[0]["question"].clone();
    client.poster_of("new").await.ask(list, question).await.data();
    // Whoever saved it, and administrators, are told all of it.
    let own = views(client, &admin, "Customer").await;
    assert_eq!((&own[0]["question"], &own[0]["left"]), (&full, &json!([])));
    // A name that is hidden is refused as one that nobody has.
    let mut told = Vec::new();
    for name in ["remark", "xemark"] {
        let question = json!({ "filter": { name: { "eq": "x" } }, "orderBy": [{ name: "ASC" }], "columns": [name] });
        let input = json!({ "object": "Customer", "name": "x", "question": question });
        let payload = save(client, &blind, None, input).await.data();
        assert_eq!(payload["saveView"]["userErrors"].as_array().unwrap().len(), 3);
        told.push(payload.to_string().replace(name, "…"));
    }
    assert_eq!(told[0], told[1]);
    // Whoever saved a part is told when it is no more theirs to see.
    office.give("new", &["salesperson"], &[]).await;
    let wide = client.token("new").await;
    let input = json!({ "object": "Customer", "name": "own", "question": { "columns": ["code", "remark"] } });
    saved(client, &wide, input).await;
    office.give("new", &["blind"], &[]).await;
    let own = views(client, &client.token("new").await, "Customer").await;
    assert_eq!(
        (&own[1]["question"]["columns"], &own[1]["left"]),
        (&json!(["code"]), &json!(["columns.remark"]))
    );
    assert_ne!(own[1]["id"], id);
}

async fn views_follow_their_object(client: &Client) {
    let office = Office::open(client).await;
    let (admin, zhang) = (client.token("admin").await, &office.tokens["zhang"]);
    let order = json!({ "object": "SalesOrder", "name": "orders", "question": {}, "share": "ALL" });
    let id = saved(client, &admin, order).await;
    let name = |all: Vec<Value>| all.iter().map(|view| view["name"].clone()).collect::<Value>();
    assert_eq!(name(views(client, zhang, "SalesOrder").await), json!(["orders"]));
    // For someone without orders there is neither the view nor a sign that there could be one.
    let blind = "code = \"blind\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nopen = true\n";
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": blind }),
        )
        .await;
    office.give("new", &["blind"], &[]).await;
    let new = client.token("new").await;
    for object in ["SalesOrder", "Nothing"] {
        assert!(views(client, &new, object).await.is_empty());
    }
    let pin = "mutation($id: ID!) { pinView(id: $id, pinned: true) { id } }";
    let told = client.metadata_as(&new, pin, json!({ "id": id })).await;
    let unknown = json!({ "id": "01900000-0000-7000-8000-000000000000" });
    assert_eq!(told.body, client.metadata_as(&new, pin, unknown).await.body);
    assert_eq!(told.codes(), ["RECORD_NOT_FOUND"]);
}

async fn roles_open_lists_with_a_view(client: &Client) {
    let office = Office::open(client).await;
    let admin = client.token("admin").await;
    let set = "mutation($role: String!, $id: ID!, $is: Boolean!) { setDefaultView(role: $role, id: $id, isDefault: $is) { name } }";
    let make = async |token: &str, role: &str, id: &Value, is: bool| {
        client.metadata_as(token, set, json!({ "role": role, "id": id, "is": is })).await
    };
    let default = async |who: &str| {
        let all = views(client, &office.tokens[who], "Customer").await;
        let found = all.iter().find(|view| view["isDefault"] == true);
        found.map(|view| view["name"].as_str().unwrap().to_owned())
    };
    let all = saved(client, &admin, shared("all", "ALL", &[])).await;
    let some = saved(client, &admin, shared("some", "ROLES", &["salesperson"])).await;
    assert_eq!(
        make(&office.tokens["zhang"], "salesperson", &all, true).await.codes(),
        ["ACCESS_DENIED"]
    );
    assert_eq!(
        make(&office.tokens["wang"], "salesperson", &all, true).await.codes(),
        ["ACCESS_DENIED"]
    );
    assert_eq!(make(&admin, "ghost", &all, true).await.codes(), ["INPUT_VALUE"]);
    assert_eq!(make(&admin, "director", &some, true).await.codes(), ["INPUT_VALUE"]);
    make(&admin, "salesperson", &all, true).await.data();
    make(&office.tokens["wang"], "department_manager", &all, true).await.data();
    assert_eq!(default("zhang").await.as_deref(), Some("all"));
    assert_eq!(default("zhao").await, None);
    make(&admin, "salesperson", &some, true).await.data();
    assert_eq!(default("li").await.as_deref(), Some("some"));
    assert_eq!(default("wang").await.as_deref(), Some("all"));
    // Ending it for a view that is not the default ends nothing.
    make(&admin, "salesperson", &all, false).await.data();
    assert_eq!(default("li").await.as_deref(), Some("some"));
    // No longer shared, no longer the default, also once it is shared again.
    for (share, roles) in [("ROLES", &["director"][..]), ("ROLES", &["salesperson"])] {
        save(client, &admin, Some(&some), shared("some", share, roles)).await.data();
        assert_eq!(default("zhang").await, None);
    }
    make(&office.tokens["wang"], "department_manager", &all, false).await.data();
    assert_eq!(default("wang").await, None);
}

async fn fingerprints_change_for_those_who_see_a_view(client: &Client) {
    let office = Office::open(client).await;
    let people = ["zhang", "li", "wang", "wei"];
    let prints = async || {
        let mut all = Vec::new();
        for who in people {
            all.push(fingerprint(&client.router, &office.tokens[who]).await);
        }
        all
    };
    let mut last = prints().await;
    let mut changed = async || {
        let now = prints().await;
        let those = people.iter().zip(now.iter().zip(&last)).filter(|(_, (now, last))| now != last);
        let those: Vec<_> = those.map(|(who, _)| *who).collect();
        last = now;
        those
    };
    let (zhang, wang) = (&office.tokens["zhang"], &office.tokens["wang"]);
    let own = saved(client, zhang, plain("own")).await;
    assert_eq!(changed().await, ["zhang"]);
    let pin = "mutation($id: ID!) { pinView(id: $id, pinned: true) { id } }";
    client.metadata_as(zhang, pin, json!({ "id": own })).await.data();
    assert_eq!(changed().await, ["zhang"]);
    let all = saved(client, wang, shared("all", "ALL", &[])).await;
    // Finance sees no customers.
    assert_eq!(changed().await, ["zhang", "li", "wang"]);
    save(client, wang, Some(&all), shared("all", "ROLES", &["department_manager"])).await.data();
    assert_eq!(changed().await, ["zhang", "li", "wang"], "it is gone for some");
    save(client, wang, Some(&all), shared("again", "ROLES", &["department_manager"])).await.data();
    assert_eq!(changed().await, ["wang"]);
    let delete = "mutation($id: ID!) { deleteView(id: $id) }";
    client.metadata_as(zhang, delete, json!({ "id": own })).await.data();
    assert_eq!(changed().await, ["zhang"]);
    // Another process hears of it when it looks.
    let other = client.reopened().await.unwrap();
    let router = other.router(tradewind::http::HttpSettings::default());
    saved(client, zhang, plain("later")).await;
    assert_eq!(changed().await, ["zhang"]);
    other.company.refresh().await.unwrap();
    assert_eq!(fingerprint(&router, zhang).await, fingerprint(&client.router, zhang).await);
}

async fn reading_as_someone_else_writes_nothing(client: &Client) {
    let office = Office::open(client).await;
    let admin = client.token("admin").await;
    let id = saved(client, &office.tokens["zhang"], plain("own")).await;
    let id = id.as_str().unwrap();
    let query = "{ views(object: \"Customer\") { id name mine mayEdit owner { name } } preferences formDrafts { id } }";
    let as_zhang = ("X-Tradewind-View-As", "zhang");
    let own = client.metadata_as(&office.tokens["zhang"], query, json!({})).await.body;
    assert_eq!(client.metadata_with(&admin, as_zhang, query).await.body, own);
    for call in [
        "saveView(input: {object: \"Customer\", name: \"x\", question: {}}) { view { id } }",
        &format!("deleteView(id: \"{id}\")"),
        &format!("pinView(id: \"{id}\", pinned: true) {{ id }}"),
        "setPreference(key: \"theme\", value: \"dark\")",
        "keepDraft(object: \"Customer\", data: {}) { id }",
    ] {
        let refused =
            client.metadata_with(&admin, as_zhang, &format!("mutation {{ {call} }}")).await;
        assert_eq!(refused.codes(), ["INPUT_METHOD"], "{call}");
    }
    assert_eq!(client.metadata_as(&office.tokens["zhang"], query, json!({})).await.body, own);
}

async fn views_of_removed_accounts_stay_for_others(client: &Client) {
    let office = Office::open(client).await;
    let admin = client.token("admin").await;
    let id = saved(client, &office.tokens["wang"], shared("team", "ALL", &[])).await;
    saved(client, &office.tokens["wang"], plain("own")).await;
    assert_eq!(views(client, &admin, "Customer").await[0]["owner"]["name"], "wang");
    let operators = client.data("{ operators { nodes { id name } } }").await;
    let all = operators["operators"]["nodes"].as_array().unwrap();
    let wang = all.iter().find(|operator| operator["name"] == "wang").unwrap()["id"].clone();
    let gone = format!("mutation {{ deleteOperator(id: {wang}) {{ userErrors {{ code }} }} }}");
    assert_eq!(client.data(&gone).await["deleteOperator"]["userErrors"], json!([]));
    assert_eq!(names(client, &office.tokens["zhang"]).await, ["team"]);
    let seen = views(client, &admin, "Customer").await;
    assert_eq!(
        (&seen[0]["owner"], &seen[0]["mayEdit"], seen.len()),
        (&Value::Null, &json!(true), 1)
    );
    let taken = save(client, &admin, Some(&id), shared("team of others", "ALL", &[])).await.data();
    assert_eq!(taken["saveView"]["view"]["version"], 2);
    assert_eq!(names(client, &office.tokens["zhang"]).await, ["team of others"]);
}
