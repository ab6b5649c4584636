//! What a record tells about the caller's rights to it: `_can`, `_fieldStates`, and `@optional` selections.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, Poster, office::Office},
};

both_dbs! {
    what_one_can_do_is_what_is_explained
    the_state_of_each_field_is_told
    optional_fields_answer_null
    optional_variables_say_what_they_may
    optional_variables_stand_within_what_is_written
    optional_variables_narrow_subscriptions
}

const ACTIONS: [&str; 8] =
    ["edit", "delete", "print", "export", "audit", "transfer", "ship", "approve"];

async fn what_one_can_do_is_what_is_explained(client: &Client) {
    let office = Office::open(client).await;
    let mut open = 0;
    let actions = ACTIONS.join(" ");
    for who in ["zhang", "li", "wang", "zhao", "zhou", "zheng", "feng"] {
        for (list, object, names) in [
            ("customers", "Customer", &["CZ", "CL", "CS", "CQ"][..]),
            ("salesOrders", "SalesOrder", &["order of li", "order of chen", "order at branch"]),
        ] {
            let query =
                format!("{{ {list} {{ nodes {{ id _can {{ {actions} __typename }} }} }} }}");
            let told = office.ask(who, &query).await;
            let Some(nodes) = told["data"][list]["nodes"].as_array() else {
                assert_eq!(told["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{told}");
                continue;
            };
            for name in names {
                let id = office.id(name);
                let Some(node) = nodes.iter().find(|node| node["id"] == id) else { continue };
                assert_eq!(node["_can"]["__typename"], "RecordActions");
                for action in ACTIONS {
                    let explained = office
                        .explain(&format!(
                            "account: \"{who}\", object: \"{object}\", id: \"{id}\", action: {}",
                            action.to_uppercase()
                        ))
                        .await;
                    assert_eq!(node["_can"][action], explained["allowed"], "{who} {action} {name}");
                    open += usize::from(node["_can"][action] == true);
                }
                let edits = office.edits(who, object, name).await;
                assert_eq!(node["_can"]["edit"], edits, "{who} edits {name}");
            }
        }
    }
    assert!(open > 10, "{open}");
    // T24: the assistant's actions, nested below another record too; an administrator may everything.
    let query = "{ salesOrders(orderBy: [{createdAt: ASC}], first: 1) { nodes { a: _can { audit edit } customer { _can { audit edit } } } } }";
    assert_eq!(
        office.ask("feng", query).await["data"]["salesOrders"]["nodes"],
        json!([{ "a": { "audit": true, "edit": false }, "customer": { "_can": { "audit": false, "edit": false } } }])
    );
    assert_eq!(
        client.data(query).await["salesOrders"]["nodes"],
        json!([{ "a": { "audit": true, "edit": true }, "customer": { "_can": { "audit": true, "edit": true } } }])
    );
    // What was just saved tells it too.
    let id = office.id("CL");
    let saved = office.ask("wang", &format!("mutation {{ updateCustomer(id: \"{id}\", patch: {{address: \"x\"}}) {{ record {{ _can {{ edit print }} }} }} }}")).await;
    assert_eq!(
        saved["data"]["updateCustomer"]["record"]["_can"],
        json!({ "edit": true, "print": false })
    );
}

/// The states of one record's fields that are not simply visible.
fn unseen(states: &Value) -> Value {
    let listed = states.as_array().unwrap().iter().filter(|state| state["state"] != "VISIBLE");
    listed
        .map(|state| (state["field"].as_str().unwrap().to_owned(), state["state"].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

async fn the_state_of_each_field_is_told(client: &Client) {
    let office = Office::open(client).await;
    let role = |code: &str, grants: &str, rest: &str| {
        format!(
            "code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\nDEPARTMENT = \"person\"\nCUSTOMER = \"all\"\n[[grants]]\nobjects = [\"Contact\"]\nactions = [\"read\"]\n{grants}\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\ndimensions = true\n{rest}"
        )
    };
    let guarded = role(
        "guarded",
        "open = true",
        "[[fields]]\nobject = \"Contact\"\nhidden = [\"email\", \"birthday\"]\n[fields.masked]\nmobile = \"end\"\n",
    );
    let trusted = role(
        "trusted",
        "employees = \"related\"",
        "[[fields]]\nobject = \"Contact\"\nhidden = [\"birthday\"]\n",
    );
    for definition in [guarded, trusted] {
        let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
        client.metadata(query, json!({ "d": definition })).await;
    }
    let query = "{ contacts(orderBy: [{createdAt: ASC}]) { nodes { customer { code } _fieldStates { field state } } } }";
    let states = async |who: &str| -> Vec<Value> {
        let answer = office.ask(who, query).await;
        let nodes = answer["data"]["contacts"]["nodes"].as_array().unwrap().clone();
        assert!(nodes.iter().all(|node| {
            node["_fieldStates"].as_array().unwrap().iter().any(|state| state["field"] == "name")
        }));
        // A field that is hidden everywhere is not even named.
        assert!(!answer.to_string().contains("birthday"), "{answer}");
        nodes.iter().map(|node| unseen(&node["_fieldStates"])).collect()
    };
    office.give("new", &["guarded"], &[office.id("TJ-TL")]).await;
    // T16: the contact is open and its customer is not.
    assert_eq!(
        states("new").await,
        [
            json!({ "mobile": "MASKED" }),
            json!({ "mobile": "MASKED" }),
            json!({ "mobile": "MASKED", "customer": "HIDDEN" }),
            json!({ "mobile": "MASKED", "customer": "HIDDEN" }),
        ]
    );
    let row =
        json!({ "relatedEmployees": { "create": [{ "employee": { "id": office.id("new") } }] } });
    client.update("Contact", &office.id("contact of CQ"), row).await;
    office.give("new", &["guarded", "trusted"], &[office.id("TJ-TL")]).await;
    assert_eq!(
        states("new").await,
        [
            json!({ "mobile": "MASKED", "email": "HIDDEN" }),
            json!({ "mobile": "MASKED", "email": "HIDDEN" }),
            json!({ "mobile": "MASKED", "email": "HIDDEN", "customer": "HIDDEN" }),
            json!({ "customer": "HIDDEN" }),
        ]
    );
}

async fn optional_fields_answer_null(client: &Client) {
    let office = Office::open(client).await;
    // cai, in purchasing, has no right to customers; the administrator has.
    let query = "query($code: String!) {
        departments(filter: {code: {eq: \"HQ\"}}) { nodes { code } }
        customers(filter: {code: {eq: $code}}) @optional { nodes { ...part } }
        suppliersOfOldTimes @optional { name }
      }
      fragment part on Customer { code nothing @optional }";
    let variables = json!({ "code": "CL" });
    let full = client.ask(query, variables.clone()).await.data();
    assert_eq!(full["customers"]["nodes"], json!([{ "code": "CL", "nothing": null }]));
    assert_eq!(full["suppliersOfOldTimes"], Value::Null);
    assert_eq!(full.as_object().unwrap().len(), 3);
    let none = client
        .ask("{ departments(first: 1) { nodes { a @optional b @optional } } }", json!({}))
        .await;
    assert_eq!(none.data()["departments"]["nodes"], json!([{ "a": null, "b": null }]));
    // Wherever a field may stand, and under its alias.
    let everywhere = client
        .data(
            "{ c: customers(first: 1) @optional { x @optional edges { x @optional node { x @optional } } pageInfo { x @optional hasNextPage } }
               customerAggregate(first: 1) { x @optional key { x @optional } count max { x @optional y: z @optional } }
               departments(first: 1) { nodes { _can { x @optional } _fieldStates { x @optional } history(first: 1) { x @optional nodes { x @optional } } } }
               recycleBin(first: 1) { x @optional }
               t: __typename @optional }",
        )
        .await;
    assert_eq!(everywhere["c"]["pageInfo"]["x"], Value::Null);
    assert_eq!(everywhere["c"]["edges"][0]["node"], json!({ "x": null }));
    assert_eq!(everywhere["customerAggregate"][0]["max"], json!({ "x": null, "y": null }));
    assert_eq!(everywhere["departments"]["nodes"][0]["_can"], json!({ "x": null }));
    assert_eq!(everywhere["recycleBin"], json!({ "x": null }));
    assert_eq!(everywhere["t"], "Query");
    let skipped = client
        .data("query { customers(first: 1) { x @optional @skip(if: true) totalCount } }")
        .await;
    assert_eq!(skipped["customers"].as_object().unwrap().len(), 1);
    let changed = client.data("mutation { nothing @optional { id } m: deleteCustomer(id: \"x\") { x @optional userErrors { code x @optional } } }").await;
    assert_eq!(changed["nothing"], Value::Null);
    assert_eq!(
        (&changed["m"]["x"], &changed["m"]["userErrors"][0]["x"]),
        (&Value::Null, &Value::Null)
    );
    // One role hides a field, which is left out alike.
    let definition = "code = \"few\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Department\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Department\"\nhidden = [\"name\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": definition })).await;
    office.give("new", &["few"], &[]).await;
    let ask = async |query: &str| office.ask("new", query).await;
    let seen = ask("query($code: String) { departments(filter: {code: {eq: \"HQ\"}}) { nodes { code name @optional } } customers(filter: {code: {eq: $code}}) @optional { nodes { code } } }").await;
    assert_eq!(
        seen,
        json!({ "data": { "departments": { "nodes": [{ "code": "HQ", "name": null }] }, "customers": null } })
    );
    for wrong in [
        // Without the directive it is unknown, and so is what stands inside of an optional field there is.
        "{ departments { nodes { name } } }",
        "{ departments @optional { nodes { name } } }",
        "{ departments { nodes { code @optional(if: true) } } }",
        // What was unused before is refused as ever.
        "query($unused: Int) { departments { nodes { code name @optional } } }",
        "{ departments { nodes { code name @optional } } } fragment unused on Department { code }",
    ] {
        let refused = ask(wrong).await;
        assert_eq!(
            refused["errors"][0]["extensions"]["code"], "INPUT_INVALID",
            "{wrong}: {refused}"
        );
    }
}

async fn optional_variables_say_what_they_may(client: &Client) {
    let office = Office::open(client).await;
    let definition = "code = \"few\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Department\"]\nactions = [\"read\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"Department\"\nhidden = [\"name\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": definition })).await;
    office.give("new", &["few"], &[]).await;
    let new = client.poster_of("new").await;
    let query = "query($f: DepartmentFilter @optional, $o: [DepartmentOrder!] @optional) { departments(filter: $f, orderBy: $o) { nodes { code } } }";
    let all = new.ask(query, json!({})).await.data()["departments"]["nodes"].clone();
    assert!(all.as_array().unwrap().len() > 1);
    let hq = json!([{ "code": "HQ" }]);
    // What is hidden and what nobody has is dropped alike, and told.
    for gone in ["name", "colour"] {
        let is = |code: &str| json!({ "code": { "eq": code } });
        for (filter, nodes, left) in [
            (json!({ gone: { "eq": "x" }, "code": { "eq": "HQ" } }), &hq, json!([["f", gone]])),
            (json!({ gone: { "eq": "x" } }), &all, json!([["f", gone]])),
            (
                json!({ "and": [{ gone: { "eq": "x" } }, is("HQ")] }),
                &hq,
                json!([["f", "and", "0", gone]]),
            ),
            // In `or` it is the whole branch, which would let in more without it.
            (
                json!({ "or": [{ gone: { "eq": "x" }, "code": { "ne": "HQ" } }, is("HQ")] }),
                &hq,
                json!([["f", "or", "0", gone]]),
            ),
            (
                json!({ "or": [{ "and": [is("SALES"), { gone: { "eq": "x" } }] }, is("HQ")] }),
                &hq,
                json!([["f", "or", "0", "and", "1", gone]]),
            ),
            (
                json!({ "or": [{ gone: { "eq": "x" } }], "code": { "eq": "HQ" } }),
                &hq,
                json!([["f", "or", "0", gone]]),
            ),
            (
                json!({ "not": { gone: { "eq": "x" } }, "code": { "eq": "HQ" } }),
                &hq,
                json!([["f", "not", gone]]),
            ),
        ] {
            let body = json!({ "query": query, "variables": { "f": filter } });
            let told = new.post("/graphql", body).await;
            assert_eq!(&told.body["data"]["departments"]["nodes"], nodes, "{filter} {}", told.body);
            assert_eq!(told.left, left, "{filter}");
        }
        let body = json!({ "query": query, "variables": { "o": [{ gone: "ASC" }, { "code": "DESC" }], "f": is("HQ") } });
        let told = new.post("/graphql", body).await;
        assert_eq!(
            (&told.body["data"]["departments"]["nodes"], &told.left),
            (&hq, &json!([["o", "0", gone]]))
        );
        // In what is written it is dropped too, in the filter of what is written it is refused.
        let change = "mutation($p: UpdateDepartmentInput! @optional) { updateDepartments(filter: {code: {eq: \"HQ\"}}, patch: $p, atMost: 1) { count userErrors { code } } }";
        let body = json!({ "query": change, "variables": { "p": { gone: "x" } } });
        let told = new.post("/graphql", body).await;
        assert_eq!(told.left, json!([["p", gone]]), "{}", told.body);
        let change = "mutation($f: DepartmentFilter! @optional) { updateDepartments(filter: $f, patch: {}, atMost: 1) { count } }";
        let told =
            new.ask(change, json!({ "f": { gone: { "eq": "x" }, "code": { "eq": "HQ" } } })).await;
        assert_eq!(told.codes(), ["INPUT_VARIABLE"]);
        assert_eq!(told.body["errors"][0]["extensions"]["path"], json!(["f", gone]));
        // Without the directive it is refused.
        let plain = query.replace(" @optional", "");
        assert_eq!(
            new.ask(&plain, json!({ "f": { gone: { "eq": "x" } } })).await.codes(),
            ["INPUT_VARIABLE"]
        );
    }
    for wrong in [
        "$f: DepartmentFilter @optional @optional",
        "$f: DepartmentFilter @nothing",
        "$f: DepartmentFilter @optional(if: true)",
    ] {
        let query = format!("query({wrong}) {{ departments(filter: $f) {{ totalCount }} }}");
        assert_eq!(new.ask(&query, json!({})).await.codes(), ["INPUT_INVALID"], "{wrong}");
    }
}

/// Someone who sees departments without their names.
async fn nameless(client: &Client) -> Poster {
    let office = Office::open(client).await;
    let definition = "code = \"few\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Department\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"Department\"\nhidden = [\"name\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": definition })).await;
    office.give("new", &["few"], &[]).await;
    client.poster_of("new").await
}

async fn optional_variables_stand_within_what_is_written(client: &Client) {
    let new = nameless(client).await;
    let is = |code: &str| json!({ "code": { "eq": code } });
    let all = new.ask("{ departments { totalCount } }", json!({})).await.data();
    let all = all["departments"]["totalCount"].clone();
    let one = json!(1);
    for gone in ["name", "colour"] {
        let hidden = json!({ gone: { "eq": "x" } });
        let partly = json!({ gone: { "eq": "x" }, "code": { "eq": "HQ" } });
        for (filter, f, total, left) in [
            // Beside other conditions it says less.
            ("{and: [$f]}", &partly, &one, json!([["f", gone]])),
            ("{and: [$f, {code: {eq: \"HQ\"}}]}", &hidden, &one, json!([["f", gone]])),
            ("{code: {eq: \"HQ\"}, and: [{and: [$f]}]}", &hidden, &one, json!([["f", gone]])),
            ("{and: [$f]}", &hidden, &all, json!([["f", gone]])),
            ("{code: {eq: \"TJ\"}, parent: $f}", &partly, &one, json!([["f", gone]])),
            ("{code: {eq: \"TJ\"}, parent: $f}", &hidden, &one, json!([["f", gone]])),
            // Of `or` the branch goes, however deep it stands there; so does what is to be excluded.
            ("{or: [$f, {code: {eq: \"TJ\"}}]}", &partly, &one, json!([["f", gone]])),
            ("{or: [$f, {code: {eq: \"TJ\"}}]}", &hidden, &one, json!([["f", gone]])),
            (
                "{or: [{and: [$f, {code: {ne: \"x\"}}]}, {code: {eq: \"TJ\"}}]}",
                &partly,
                &one,
                json!([["f", gone]]),
            ),
            ("{or: [{parent: $f}, {code: {eq: \"HQ\"}}]}", &partly, &one, json!([["f", gone]])),
            ("{code: {eq: \"HQ\"}, or: [$f]}", &hidden, &one, json!([["f", gone]])),
            ("{code: {eq: \"HQ\"}, not: $f}", &hidden, &one, json!([["f", gone]])),
        ] {
            let query = format!(
                "query($f: DepartmentFilter! @optional) {{ departments(filter: {filter}) {{ totalCount }} }}"
            );
            let told = new.ask(&query, json!({ "f": f })).await;
            assert_eq!(told.left, left, "{filter} {f}: {}", told.body);
            assert_eq!(&told.data()["departments"]["totalCount"], total, "{filter} {f}");
        }
        // A list as the branches of `or`: those that lack nothing stay.
        let query = "query($l: [DepartmentFilter!]! @optional) { departments(filter: {or: $l}) { totalCount } }";
        let list = json!([partly, is("TJ"), { "or": [hidden, is("TJ-TL")] }]);
        let told = new.ask(query, json!({ "l": list })).await;
        assert_eq!(told.left, json!([["l", "0", gone], ["l", "2", "or", "0", gone]]));
        assert_eq!(told.data()["departments"]["totalCount"], 2);
        // Orders, and inputs of changes.
        let query = "query($o: DepartmentOrder! @optional) { departments(orderBy: [$o, {code: DESC}], first: 1) { nodes { code } } }";
        let told = new.ask(query, json!({ "o": { gone: "ASC" } })).await;
        assert_eq!(told.left, json!([["o", gone]]));
        assert_eq!(told.data()["departments"]["nodes"][0]["code"], "TJ-TL");
        let query = "mutation($p: UpdateDepartmentInput! @optional) { updateDepartments(filter: {code: {eq: \"HQ\"}}, patch: $p, atMost: 1) { count userErrors { code } } }";
        let told = new.ask(query, json!({ "p": { gone: "x", "remark": gone } })).await;
        assert_eq!(told.left, json!([["p", gone]]), "{}", told.body);
        // What a change is made to is never told in part.
        let query = "mutation($f: DepartmentFilter! @optional) { updateDepartments(filter: {and: [$f]}, patch: {}, atMost: 1) { count } }";
        assert_eq!(new.ask(query, json!({ "f": partly })).await.codes(), ["INPUT_VARIABLE"]);
    }
}

async fn optional_variables_narrow_subscriptions(client: &Client) {
    let new = nameless(client).await;
    for gone in ["name", "colour"] {
        for (filter, f) in [
            ("$f", json!({ gone: { "eq": "x" }, "code": { "startsWith": "N" } })),
            ("{and: [$f, {code: {startsWith: \"N\"}}]}", json!({ gone: { "eq": "x" } })),
        ] {
            let query = format!(
                "subscription($f: DepartmentFilter! @optional) {{ departmentChanged(filter: {filter}) {{ kind record {{ code }} }} }}"
            );
            let mut told = new.follow(&query, json!({ "f": f })).await;
            client.department(&format!("M{}{gone}", filter.len())).await;
            let code = format!("N{}{gone}", filter.len());
            client.department(&code).await;
            let (_, body) = told.event().await;
            assert_eq!(
                body["data"],
                json!({ "departmentChanged": { "kind": "CREATED", "record": { "code": code } } }),
                "{body}"
            );
            assert_eq!(body["extensions"], json!({ "left": [["f", gone]] }));
        }
    }
}
