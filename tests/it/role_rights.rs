//! Roles right by right: read as a matrix, tried and set in parts, copied, compared, put back and deleted where unused.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Answer, Client, office::Office},
};

both_dbs! {
    rights_are_tried_and_set
    what_is_refused_leaves_all_as_it_was
    fields_and_dimensions_are_set
    rights_are_for_those_who_define_them
    roles_are_copied_compared_and_put_back
    a_role_that_is_used_stays
    reach_is_told_with_titles
    new_objects_name_the_roles_that_lack_them
    no_text_holds_the_null_character
}

const SET: &str = "mutation($c: [RightChange!]!, $d: Boolean!) { setRights(changes: $c, dryRun: $d) {
    version roles { code origin version definition warnings dimensions { dimension level ticked { value title } }
        fields { object field right mask } }
    differences { account object action gained lost gainedExamples } } }";

const ROLE: &str =
    "query($c: String!) { role(code: $c) { code label origin version definition heldBy } }";

const MATRIX: &str = "query($r: [String!], $o: [String!]) { rightsMatrix(roles: $r, objects: $o) {
    role object walled cells { action level from } } }";

pub(crate) async fn admin(client: &Client, query: &str, variables: Value) -> Answer {
    let token = client.token("admin").await;
    client.metadata_as(&token, query, variables).await
}

pub(crate) async fn set(client: &Client, changes: Value, dry_run: bool) -> Value {
    let answer = admin(client, SET, json!({ "c": changes, "d": dry_run })).await;
    answer.data()["setRights"].clone()
}

pub(crate) async fn refused(client: &Client, changes: Value) -> (String, Vec<String>) {
    let answer = admin(client, SET, json!({ "c": changes, "d": false })).await;
    let extensions = &answer.body["errors"][0]["extensions"];
    let path = extensions["path"].as_array().cloned().unwrap_or_default();
    let path = path.iter().map(|part| part.as_str().unwrap().to_owned());
    (extensions["code"].as_str().unwrap_or_default().to_owned(), path.collect())
}

pub(crate) async fn role(client: &Client, code: &str) -> Value {
    admin(client, ROLE, json!({ "c": code })).await.data()["role"].clone()
}

/// The level of one cell, with the grants that it comes from.
async fn cell(client: &Client, role: &str, object: &str, action: &str) -> (String, Value) {
    let asked = json!({ "r": [role], "o": [object] });
    let rows = admin(client, MATRIX, asked).await.data()["rightsMatrix"].clone();
    let cells = rows[0]["cells"].as_array().unwrap().clone();
    let cell = cells.iter().find(|cell| cell["action"] == action).unwrap();
    (cell["level"].as_str().unwrap().to_owned(), cell["from"].clone())
}

pub(crate) async fn seen(office: &Office<'_>, who: &str) -> Value {
    let answer = office.ask(who, "{ customers(orderBy: [{code: ASC}]) { nodes { code } } }").await;
    let nodes = answer["data"]["customers"]["nodes"].as_array().cloned().unwrap_or_default();
    nodes.iter().map(|node| node["code"].clone()).collect()
}

/// The lines of a role's text that are comments.
pub(crate) fn comments(role: &Value) -> Vec<String> {
    let text = role["definition"].as_str().unwrap().to_owned();
    text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect()
}

fn grant(role: &str, objects: &[&str], actions: &[&str], level: &str) -> Value {
    json!({ "role": role, "grant": { "objects": objects, "actions": actions, "level": level } })
}

async fn rights_are_tried_and_set(client: &Client) {
    let office = Office::open(client).await;
    let standard = role(client, "salesperson").await;
    assert_eq!((&standard["origin"], &standard["version"]), (&json!("STANDARD"), &json!(0)));
    assert_eq!(standard["heldBy"], json!(["chen", "li", "su", "zhang"]));
    assert_eq!(role(client, "nothing").await, Value::Null);
    for (role, object, action, level, from) in [
        ("salesperson", "Customer", "READ", "OWN", json!([1])),
        ("salesperson", "Contact", "EDIT", "OWN_AND_DIMENSIONS", json!([2])),
        ("salesperson", "Customer", "CREATE", "DIMENSIONS", json!([3])),
        ("salesperson", "Customer", "DELETE", "NONE", json!([])),
        ("director", "Customer", "READ", "BOTH", json!([1])),
        ("director", "Region", "READ", "ALL", json!([20])),
        ("director", "Alert", "READ", "RELATED", json!([19])),
    ] {
        assert_eq!(cell(client, role, object, action).await, (level.to_owned(), from), "{role}");
    }
    // What is there already is no change, and no version.
    let before = client.metadata("{ versions(first: 1) { nodes { version } } }", json!({})).await;
    let same = set(
        client,
        json!([grant("salesperson", &["Customer", "Lead"], &["READ", "EDIT"], "OWN")]),
        false,
    )
    .await;
    assert_eq!(same["roles"][0]["origin"], "STANDARD");
    let after = client.metadata("{ versions(first: 1) { nodes { version } } }", json!({})).await;
    assert_eq!(before, after);

    let changes = json!([
        grant("salesperson", &["Customer"], &["READ"], "ALL"),
        grant("director", &["Customer"], &["EDIT"], "NONE"),
    ]);
    let tried = set(client, changes.clone(), true).await;
    let told: Vec<_> = tried["differences"].as_array().unwrap().iter().collect();
    let of = |account: &str, action: &str| {
        let is = |one: &&&Value| {
            one["account"] == account && one["object"] == "Customer" && one["action"] == action
        };
        told.iter().find(is).map(|one| (one["gained"].clone(), one["lost"].clone()))
    };
    for (account, action, expected) in [
        ("zhang", "READ", Some((3, 0))),
        ("li", "READ", Some((3, 0))),
        ("zhang", "EDIT", None),
        ("zhao", "EDIT", Some((0, 3))),
        ("zhao", "READ", None),
        ("wang", "READ", None),
    ] {
        let expected = expected.map(|(gained, lost)| (json!(gained), json!(lost)));
        assert_eq!(of(account, action), expected, "{account} {action}: {told:#?}");
    }
    assert_eq!(tried["roles"][0]["origin"], "CHANGED");
    assert_eq!(role(client, "salesperson").await, standard, "nothing is stored");
    assert_eq!(seen(&office, "zhang").await, json!(["CZ"]));

    let done = set(client, changes, false).await;
    assert_eq!(done["differences"], json!([]));
    assert_eq!(seen(&office, "zhang").await, json!(["CL", "CQ", "CS", "CZ"]));
    assert!(!office.edits("zhao", "Customer", "CL").await);
    let changed = role(client, "salesperson").await;
    assert_eq!((&changed["origin"], &changed["version"]), (&json!("CHANGED"), &done["version"]));
    assert_eq!(comments(&changed), comments(&standard), "comments and order stay");
    assert_eq!(changed["definition"], tried["roles"][0]["definition"]);
    let versions = "{ versions(first: 1) { nodes { version changes { kind object } } } }";
    let versions = client.metadata(versions, json!({})).await["versions"]["nodes"][0].clone();
    assert_eq!(versions["version"], done["version"], "both in one version");
    assert_eq!(
        versions["changes"],
        json!([{ "kind": "UPDATE_ROLE", "object": "salesperson" }, { "kind": "UPDATE_ROLE", "object": "director" }])
    );
    let trail = "{ auditTrail(kind: RIGHTS, first: 1) { nodes { account detail } } }";
    let trail = client.metadata(trail, json!({})).await["auditTrail"]["nodes"][0].clone();
    assert_eq!(trail["detail"]["setRights"][1]["edits"][0]["level"], "NONE");
    assert_eq!(trail["detail"]["before"]["salesperson"], standard["definition"]);
    assert_eq!(trail["detail"]["definitions"]["salesperson"], changed["definition"]);
}

async fn what_is_refused_leaves_all_as_it_was(client: &Client) {
    Office::open(client).await;
    let known = role(client, "salesperson").await;
    let good = || grant("salesperson", &["Customer"], &["DELETE"], "ALL");
    let field = |object: &str, field: &str, right: &str, mask: Value| json!({ "role": "salesperson", "field": { "object": object, "field": field, "right": right, "mask": mask } });
    let dimension = |name: &str, level: &str, values: Value| json!({ "role": "salesperson", "dimension": { "dimension": name, "level": level, "values": values } });
    for (bad, path) in [
        (grant("salesperson", &["Lead", "Nothing"], &["READ"], "ALL"), "changes 1 grant objects 1"),
        (grant("salesperson", &["SalesOrderLine"], &["READ"], "ALL"), "changes 1 grant objects 0"),
        (grant("nothing", &["Lead"], &["READ"], "ALL"), "changes 1 role"),
        (grant("administrator", &["Lead"], &["READ"], "ALL"), "changes 1 role"),
        (json!({ "role": "salesperson" }), "changes 1"),
        (field("Customer", "nothing", "HIDDEN", Value::Null), "changes 1 field field"),
        (field("Customer", "phone", "HIDDEN", json!("END")), "changes 1 field mask"),
        (field("Customer", "creditDays", "MASKED", Value::Null), "changes 0"),
        (field("Customer", "createdAt", "HIDDEN", Value::Null), "changes 0"),
        (dimension("NOTHING", "ALL", Value::Null), "changes 1 dimension dimension"),
        (dimension("DEPARTMENT", "SET", json!(["TJ", "TJ-XX"])), "changes 1 dimension values 1"),
        (dimension("DEPARTMENT", "ALL", json!(["TJ"])), "changes 0"),
    ] {
        let (code, told) = refused(client, json!([good(), bad])).await;
        assert_eq!((code.as_str(), told.join(" ").as_str()), ("INPUT_VALUE", path), "{bad}");
    }
    assert_eq!(role(client, "salesperson").await, known);
    // Who has read another text does not overwrite it.
    let mut late = good();
    late["expectedVersion"] = json!(0);
    let done = set(client, json!([late]), false).await;
    let (code, _) = refused(client, json!([late])).await;
    assert_eq!(code, "CATALOG_CONFLICT");
    late["expectedVersion"] = done["version"].clone();
    let again = json!([grant("director", &["Lead"], &["DELETE"], "ALL"), late]);
    assert_eq!(set(client, again, false).await["roles"][1]["version"], done["version"]);
    let save = "mutation($d: String!, $v: Int) { saveRole(definition: $d, expectedVersion: $v) { version } }";
    let text = role(client, "salesperson").await["definition"].clone();
    let stale = admin(client, save, json!({ "d": text, "v": 0 })).await;
    assert_eq!(stale.codes(), ["CATALOG_CONFLICT"]);
    let reset = "mutation { resetRole(code: \"salesperson\", expectedVersion: 1) { version } }";
    assert_eq!(admin(client, reset, json!({})).await.codes(), ["CATALOG_CONFLICT"]);
}

async fn fields_and_dimensions_are_set(client: &Client) {
    let office = Office::open(client).await;
    client
        .update("Customer", &office.id("CZ"), json!({ "phone": "02212345678", "creditLimit": "5" }))
        .await;
    let ask = "{ customers { nodes { phone } } }";
    let limit = "{ customers { nodes { creditLimit } } }";
    assert_eq!(
        office.ask("zhang", ask).await["data"]["customers"]["nodes"][0]["phone"],
        "02212345678"
    );
    let field = |field: &str, right: &str| json!({ "role": "salesperson", "field": { "object": "Customer", "field": field, "right": right, "mask": if right == "MASKED" { json!("END") } else { Value::Null } } });
    let told = set(
        client,
        json!([
            field("phone", "MASKED"),
            field("creditLimit", "HIDDEN"),
            field("level", "READ_ONLY")
        ]),
        false,
    )
    .await;
    assert_eq!(
        told["roles"][0]["fields"],
        json!([
            { "object": "Customer", "field": "creditLimit", "right": "HIDDEN", "mask": null },
            { "object": "Customer", "field": "phone", "right": "MASKED", "mask": "END" },
            { "object": "Customer", "field": "level", "right": "READ_ONLY", "mask": null },
        ])
    );
    assert_eq!(
        office.ask("zhang", ask).await["data"]["customers"]["nodes"][0]["phone"],
        "****5678"
    );
    assert!(office.ask("zhang", limit).await["errors"].is_array());
    let fields = "{ object(name: \"Customer\") { fields { name access } } }";
    let fields = client.metadata_as(&office.tokens["zhang"], fields, json!({})).await.data();
    let fields = fields["object"]["fields"].as_array().unwrap().clone();
    let level = fields.iter().find(|field| field["name"] == "level").unwrap();
    assert_eq!(level["access"], "READ_ONLY");
    set(
        client,
        json!([
            field("phone", "READ_WRITE"),
            field("creditLimit", "READ_WRITE"),
            field("level", "READ_WRITE")
        ]),
        false,
    )
    .await;
    let back = role(client, "salesperson").await;
    assert!(!back["definition"].as_str().unwrap().contains("[[fields]]"), "{back:#}");
    assert!(office.ask("zhang", limit).await["errors"].is_null());

    // A dimension is set on the role, by a key; what is ticked stays the record that it was.
    let copy = "mutation { copyRole(from: \"department_manager\", code: \"south\", label: \"南区\", labelEn: \"South\") { origin code label } }";
    let copied = admin(client, copy, json!({})).await.data()["copyRole"].clone();
    assert_eq!(copied, json!({ "origin": "OWN", "code": "south", "label": "南区" }));
    let dimension = json!({ "role": "south", "dimension": { "dimension": "DEPARTMENT", "level": "SET", "values": ["TJ-SL"] } });
    let told = set(client, json!([dimension]), false).await;
    let ticked = json!([{ "value": office.id("TJ-SL"), "title": "TJ-SL" }]);
    assert_eq!(
        told["roles"][0]["dimensions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["dimension"] == "DEPARTMENT"),
        Some(&json!({ "dimension": "DEPARTMENT", "level": "SET", "ticked": ticked }))
    );
    office.give("new", &["south"], &[]).await;
    assert_eq!(seen(&office, "new").await, json!(["CS"]));
    client.update("Department", &office.id("TJ-SL"), json!({ "code": "TJ-SL-2" })).await;
    client.update("Department", &office.id("QZ-TL"), json!({ "code": "TJ-SL" })).await;
    set(client, json!([grant("south", &["Customer"], &["DELETE"], "DIMENSIONS")]), false).await;
    let copy = "mutation { copyRole(from: \"south\", code: \"south2\", label: \"南区\", labelEn: \"South\") { code } }";
    admin(client, copy, json!({})).await.data();
    assert_eq!(seen(&office, "new").await, json!(["CS"]));
    office.give("new", &["south2"], &[]).await;
    assert_eq!(seen(&office, "new").await, json!(["CS"]));
    let taken = admin(client, copy, json!({})).await;
    assert_eq!(taken.codes(), ["RECORD_TAKEN"]);
    let own =
        json!({ "role": "south", "dimension": { "dimension": "DEPARTMENT", "level": "PERSON" } });
    let told = set(client, json!([own]), false).await;
    assert!(!told["roles"][0]["definition"].as_str().unwrap().contains("ticked"), "{told:#}");
}

async fn rights_are_for_those_who_define_them(client: &Client) {
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let ask = async |who: &str, query: &str, variables: Value| {
        client.metadata_as(&office.tokens[who], query, variables).await
    };
    let change = |role: &str| grant(role, &["Customer"], &["READ"], "ALL");
    for dry in [true, false] {
        let own = json!({ "c": [change("director"), change("designer")], "d": dry });
        assert_eq!(ask("new", SET, own).await.codes(), ["ACCESS_DENIED"], "their own");
        let others = json!({ "c": [change("director")], "d": dry });
        assert_eq!(ask("wang", SET, others).await.codes(), ["ACCESS_DENIED"]);
    }
    assert_eq!(role(client, "director").await["origin"], "STANDARD");
    for (query, variables) in [
        (ROLE, json!({ "c": "director" })),
        (MATRIX, json!({})),
        ("{ compareRoles(a: \"director\", b: \"finance\") { grants { object } } }", json!({})),
        (
            "mutation { copyRole(from: \"director\", code: \"x\", label: \"x\", labelEn: \"x\") { code } }",
            json!({}),
        ),
    ] {
        assert_eq!(ask("wang", query, variables).await.codes(), ["ACCESS_DENIED"], "{query}");
    }
    let others = json!({ "c": [change("director")], "d": false });
    ask("new", SET, others).await.data();
    assert_eq!(role(client, "director").await["origin"], "CHANGED");
}

async fn roles_are_copied_compared_and_put_back(client: &Client) {
    Office::open(client).await;
    let compare = "query($a: String!, $b: String) { compareRoles(a: $a, b: $b) {
        grants { object action a b } fields { object field a b maskA maskB }
        dimensions { dimension a b tickedA { value } tickedB { value } } others { name a b } } }";
    let compared = async |a: &str, b: Option<&str>| {
        admin(client, compare, json!({ "a": a, "b": b })).await.data()["compareRoles"].clone()
    };
    let alike = json!({ "grants": [], "fields": [], "dimensions": [], "others": [] });
    let copy = "mutation { copyRole(from: \"director\", code: \"deputy\", label: \"副总监\", labelEn: \"Deputy\") { definition } }";
    let copied = admin(client, copy, json!({})).await.data()["copyRole"].clone();
    assert_eq!(comments(&copied), comments(&role(client, "director").await));
    assert_eq!(compared("director", Some("deputy")).await, alike);
    assert_eq!(compared("director", None).await, alike);
    set(
        client,
        json!([
            grant("director", &["Customer", "Lead"], &["READ"], "RELATED"),
            { "role": "director", "dimension": { "dimension": "DEPARTMENT", "level": "BELOW" } },
            { "role": "director", "field": { "object": "Customer", "field": "phone", "right": "MASKED" } },
        ]),
        false,
    )
    .await;
    let differing = json!({
        "grants": [
            { "object": "Customer", "action": "READ", "a": "RELATED", "b": "BOTH" },
            { "object": "Lead", "action": "READ", "a": "RELATED", "b": "BOTH" },
        ],
        "fields": [{ "object": "Customer", "field": "phone", "a": "MASKED", "b": "READ_WRITE", "maskA": "ALL", "maskB": null }],
        "dimensions": [{ "dimension": "DEPARTMENT", "a": "BELOW", "b": "PERSON", "tickedA": [], "tickedB": [] }],
        "others": [],
    });
    let told = compared("director", Some("deputy")).await;
    let by_object = |told: &Value| {
        let mut told = told.clone();
        let grants = told["grants"].as_array_mut().unwrap();
        grants.sort_by_key(|one| one["object"].as_str().unwrap().to_owned());
        told
    };
    assert_eq!(by_object(&told), differing);
    assert_eq!(by_object(&compared("director", None).await), differing);
    let walls = compared("director", Some("finance")).await["others"].clone();
    assert!(walls.as_array().unwrap().iter().any(|one| one["name"] == "lines"), "{walls:#}");
    let reset = "mutation { resetRole(code: \"director\") { origin version } }";
    let reset = admin(client, reset, json!({})).await.data()["resetRole"].clone();
    assert_eq!(reset, json!({ "origin": "STANDARD", "version": 0 }));
    assert_eq!(compared("director", None).await, alike);
    for query in [
        "{ compareRoles(a: \"deputy\") { others { name } } }",
        "{ compareRoles(a: \"director\", b: \"administrator\") { others { name } } }",
        "mutation { copyRole(from: \"nothing\", code: \"x\", label: \"x\", labelEn: \"x\") { code } }",
        "mutation { copyRole(from: \"director\", code: \"a b\", label: \"x\", labelEn: \"x\") { code } }",
        "mutation { copyRole(from: \"director\", code: \"x\", label: \" \", labelEn: \"x\") { code } }",
    ] {
        assert_eq!(admin(client, query, json!({})).await.codes(), ["INPUT_VALUE"], "{query}");
    }
}

async fn a_role_that_is_used_stays(client: &Client) {
    let office = Office::open(client).await;
    let copy = "mutation { copyRole(from: \"director\", code: \"deputy\", label: \"副总监\", labelEn: \"Deputy\") { code } }";
    admin(client, copy, json!({})).await.data();
    let layout = "mutation($r: String!) { setLayout(object: \"Customer\", kind: LIST, role: $r, layout: { columns: [{ name: \"name\" }] }) { diagnostics { message } } }";
    let set = admin(client, layout, json!({ "r": "deputy" })).await.data();
    assert_eq!(set["setLayout"]["diagnostics"], json!([]), "{set:#}");
    let view = "mutation { saveView(input: { object: \"Lead\", name: \"x\", question: {}, share: ROLES, roles: [\"deputy\"] }) { view { id } userErrors { message } } }";
    let view = admin(client, view, json!({})).await.data()["saveView"]["view"]["id"].clone();
    office.give("new", &["deputy"], &[]).await;
    let delete = "mutation { deleteRole(code: \"deputy\") }";
    let told = async || {
        let answer = admin(client, delete, json!({})).await;
        assert_eq!(answer.codes(), ["RECORD_IN_USE"]);
        answer.body["errors"][0]["message"].as_str().unwrap().to_owned()
    };
    let message = told().await;
    for part in ["`new`", "`Customer.LIST@deputy`", "`Lead`"] {
        assert!(message.contains(part), "{message}");
    }
    office.give("new", &[], &[]).await;
    assert!(!told().await.contains("`new`"));
    let remove = "mutation { removeLayout(object: \"Customer\", kind: LIST, role: \"deputy\") }";
    admin(client, remove, json!({})).await.data();
    assert!(!told().await.contains("Customer"));
    let remove = format!("mutation {{ deleteView(id: {view}) }}");
    admin(client, &remove, json!({})).await.data();
    assert_eq!(admin(client, delete, json!({})).await.data()["deleteRole"], true);
    assert_eq!(role(client, "deputy").await, Value::Null);
}

async fn reach_is_told_with_titles(client: &Client) {
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let ask =
        "{ accounts(first: 100) { nodes { account reach { dimension ticked { value title } } } } }";
    let reach = async |who: &str| {
        let token = client.token(who).await;
        let told = client.metadata_as(&token, ask, json!({})).await.data();
        let all = told["accounts"]["nodes"].as_array().unwrap().clone();
        all.iter().find(|one| one["account"] == "zhao").unwrap()["reach"].clone()
    };
    let names = ["SH-TL", "TJ-TL", "QZ-TL"];
    let ticked = |title: &dyn Fn(&str) -> Value| -> Value {
        let one = |name: &&str| json!({ "value": office.id(name), "title": title(name) });
        json!([{ "dimension": "DEPARTMENT", "ticked": names.iter().map(one).collect::<Vec<_>>() }])
    };
    assert_eq!(reach("admin").await, ticked(&|name| json!(name)));
    assert_eq!(reach("new").await, ticked(&|_| Value::Null), "they see no departments");
    client.update("Department", &office.id("QZ-TL"), json!({ "name": "泉州" })).await;
    let renamed = |name: &str| json!(if name == "QZ-TL" { "泉州" } else { name });
    assert_eq!(reach("admin").await, ticked(&renamed));
}

async fn new_objects_name_the_roles_that_lack_them(client: &Client) {
    let apply = "mutation($s: String!, $d: Boolean!) { applySchema(sdl: $s, dryRun: $d) {
        diagnostics { message } lacking { object roles } } }";
    let sdl = "type Loan @object(plural: \"loans\", label: \"借用\") { name: String! @field(label: \"名称\") lines: [LoanLine!]! @lines }
        type LoanLine @object(kind: LINE, label: \"借用明细\") { note: String @field(label: \"备注\") }";
    let codes = client.metadata("{ roles { code } }", json!({})).await["roles"].clone();
    let mut codes: Vec<_> =
        codes.as_array().unwrap().iter().map(|role| role["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    for dry in [true, false] {
        let told =
            client.metadata(apply, json!({ "s": sdl, "d": dry })).await["applySchema"].clone();
        assert_eq!(told["diagnostics"], json!([]));
        assert_eq!(told["lacking"], json!([{ "object": "Loan", "roles": codes }]));
    }
    set(client, json!([grant("finance", &["Loan"], &["READ"], "ALL")]), false).await;
    let told = client.metadata(apply, json!({ "s": sdl, "d": false })).await["applySchema"].clone();
    assert_eq!(told["lacking"], json!([]), "it is not new");
    // What is retired and defined again is granted as before; others are named.
    let save = "mutation($s: String!, $b: Int!) { saveSchemaDraft(sdl: $s, base: $b) { diagnostics { message } } }";
    let base = client.metadata("{ version }", json!({})).await["version"].clone();
    client.metadata(save, json!({ "s": "", "b": base })).await;
    let publish = "mutation { publishSchemaDraft { diagnostics { message } lacking { object } } }";
    let told = client.metadata(publish, json!({})).await["publishSchemaDraft"].clone();
    assert_eq!(told, json!({ "diagnostics": [], "lacking": [] }));
    // The role goes on naming it, and its other rights are set all the same.
    let told = set(client, json!([grant("finance", &["Region"], &["EDIT"], "ALL")]), false).await;
    assert_eq!(told["roles"][0]["warnings"].as_array().unwrap().len(), 1, "{told:#}");
    let told = client.metadata(apply, json!({ "s": sdl, "d": false })).await["applySchema"].clone();
    assert_eq!(told["diagnostics"], json!([]));
    let others: Vec<_> = codes.into_iter().filter(|code| *code != "finance").collect();
    assert_eq!(told["lacking"], json!([{ "object": "Loan", "roles": others }]));
    assert_eq!(cell(client, "finance", "Loan", "READ").await.0, "ALL");
}

async fn no_text_holds_the_null_character(client: &Client) {
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    for text in [
        "code = \"x\\u0000\"\nlabel = \"x\"\nlabel_en = \"x\"",
        "code = \"x\"\nlabel = \"\\u0000\"\nlabel_en = \"x\"",
        "code = \"x\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\n\"\\u0000\" = \"all\"",
    ] {
        let answer = admin(client, save, json!({ "d": text })).await;
        assert_eq!(answer.codes(), ["INPUT_VALUE"], "{text}");
    }
    let layout = "mutation($d: String!) { setLayout(object: \"Customer\", kind: DETAIL, layout: { definition: $d }) { diagnostics { code line column } } }";
    let text = "object = \"Customer\"\nkind = \"detail\"\n[[tabs]]\nlabel = \"a\\u0000\"\n";
    let told = admin(client, layout, json!({ "d": text })).await.data();
    let expected = json!([{ "code": "CATALOG_SYNTAX", "line": 4, "column": 11 }]);
    assert_eq!(told["setLayout"]["diagnostics"], expected);
    let menu = "mutation($d: String!) { setMenus(menus: [{ system: SALES, definition: $d }]) { diagnostics { code line } } }";
    let text = "system = \"SALES\"\n[[groups]]\nlabel = \"\\u0000\"\nentries = [\"Customer\"]\n";
    let told = admin(client, menu, json!({ "d": text })).await.data();
    assert_eq!(told["setMenus"]["diagnostics"], json!([{ "code": "CATALOG_SYNTAX", "line": 3 }]));
}
