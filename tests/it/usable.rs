//! An object of one's own is for those who define objects only, until it has a list and a detail layout.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    without_pages_an_object_is_for_designers
    objects_without_rights_stay_hidden
    layouts_are_accepted_in_the_publish
    references_to_what_has_no_pages_are_hidden
    objects_say_how_pages_show_them
}

/// Sample loans of the sales system, with lines.
const LOAN: &str = "type Loan @object(kind: DOCUMENT, label: \"样品借用\", labelEn: \"Sample loan\", plural: \"loans\", systems: [SALES], icon: \"hand-coins\", color: \"#1677FF\", number: \"YP{seq:3}\") {
  customer: Customer @relation(inverse: \"loans\", inverseLabel: \"借用\") state: LoanState startsOn: Date endsOn: Date lines: [LoanLine!]! @lines }
type LoanLine @object(kind: LINE, label: \"明细\") { note: String }
enum LoanState { OPEN @label(zh: \"借出\") BACK @label(zh: \"已还\") }";

/// Someone with a role that opens everything on loans, and the role's further lines.
async fn lender(client: &Client, office: &Office<'_>, who: &str, more: &str) {
    let role = format!(
        "code = \"lender_{who}\"\nlabel = \"x\"\nlabel_en = \"x\"\n{more}\n[[grants]]\nobjects = [\"Loan\", \"Customer\"]\nactions = [\"read\", \"create\", \"edit\", \"delete\"]\nopen = true\n"
    );
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give(who, &[&format!("lender_{who}")], &[]).await;
}

/// The codes of what someone is refused.
async fn codes(client: &Client, office: &Office<'_>, who: &str, query: &str) -> Vec<String> {
    let answer = client.ask_as(&office.tokens[who], query).await;
    answer.codes().into_iter().map(str::to_owned).collect()
}

async fn objects_of(client: &Client, office: &Office<'_>, who: &str) -> Value {
    let query = "{ objects { name } object(name: \"Loan\") { name } layout(object: \"Loan\", kind: LIST) { kind } }";
    client.metadata_as(&office.tokens[who], query, json!({})).await.data()
}

const ROOTS: [&str; 5] = [
    "{ loans { totalCount } }",
    "{ loanAggregate { count } }",
    "{ draftLoan(patch: {}) { record { id } } }",
    "mutation($i: CreateLoanInput!) { createLoan(input: $i) { record { id } } }",
    "query { ...Loans } fragment Loans on Query { loans { nodes { id } } }",
];

async fn without_pages_an_object_is_for_designers(client: &Client) {
    let office = Office::open(client).await;
    assert_eq!(client.apply_without_pages(LOAN).await["diagnostics"], json!([]));
    lender(client, &office, "su", "").await;
    lender(client, &office, "chen", "may = [\"DEFINE\"]").await;
    let one = client.create("Loan", json!({})).await;
    // Whoever has the rights is told why not; nothing else names the object.
    for query in ROOTS {
        assert_eq!(codes(client, &office, "su", query).await, ["ACCESS_DENIED"], "{query}");
    }
    let told = office.ask("su", ROOTS[0]).await["errors"][0].clone();
    assert!(told["message"].as_str().unwrap().contains("no list and detail layout"), "{told:#}");
    assert!(told["extensions"]["hint"].as_str().unwrap().contains("acceptLayouts"), "{told:#}");
    let told = objects_of(client, &office, "su").await;
    assert_eq!((&told["object"], &told["layout"]), (&Value::Null, &Value::Null));
    assert!(!told.to_string().contains("Loan"), "{told:#}");
    let node = format!("{{ node(id: \"{one}\") {{ id }} __type(name: \"Loan\") {{ name }} }}");
    let none = json!({ "node": null, "__type": null });
    assert_eq!(office.ask("su", &node).await["data"], none);
    let nested = "{ customers { nodes { loans { totalCount } } } }";
    assert_eq!(codes(client, &office, "su", nested).await, ["INPUT_INVALID"]);
    let optional = "{ loans @optional { totalCount } }";
    assert_eq!(office.ask("su", optional).await["data"], json!({ "loans": null }));
    let explained = office
        .explain(&format!("account: \"su\", object: \"Loan\", id: \"{one}\", action: READ"))
        .await;
    assert_eq!(explained["allowed"], false);
    assert!(explained.to_string().contains("acceptLayouts"), "{explained:#}");
    // Those who define objects work with it.
    let count = json!({ "data": { "loans": { "totalCount": 1 } } });
    assert_eq!(office.ask("chen", "{ loans { totalCount } }").await, count);
    assert_eq!(client.data("{ loans { totalCount } }").await["loans"]["totalCount"], 1);

    // One layout is not enough; with both it is there at once, and gone without one.
    let list = "mutation { setLayout(object: \"Loan\", kind: LIST, layout: {columns: [{name: \"number\"}]}) { version } }";
    client.metadata(list, json!({})).await;
    assert_eq!(codes(client, &office, "su", ROOTS[0]).await, ["ACCESS_DENIED"]);
    client.metadata("mutation { acceptLayouts(object: \"Loan\") { kind } }", json!({})).await;
    assert_eq!(office.ask("su", "{ loans { totalCount } }").await, count);
    assert_eq!(objects_of(client, &office, "su").await["object"]["name"], "Loan");
    let made = "mutation { createLoan(input: {lines: {create: [{note: \"x\"}]}}) { record { lines { note } } } }";
    let record = office.ask("su", made).await["data"]["createLoan"]["record"].clone();
    assert_eq!(record, json!({ "lines": [{ "note": "x" }] }));
    client.metadata("mutation { removeLayout(object: \"Loan\", kind: DETAIL) }", json!({})).await;
    assert_eq!(codes(client, &office, "su", ROOTS[0]).await, ["ACCESS_DENIED"]);
}

async fn objects_without_rights_stay_hidden(client: &Client) {
    let office = Office::open(client).await;
    client.apply_without_pages(LOAN).await;
    lender(client, &office, "su", "").await;
    // No role names it; nor does a role help that leads into another system (T28).
    let hidden = |query: &'static str| codes(client, &office, "zhang", query);
    assert_eq!(hidden(ROOTS[0]).await, ["INPUT_INVALID"]);
    let su = client.data("{ operator(account: \"su\") { id } }").await;
    let patch = json!({ "allowedSystems": ["SERVICE"] });
    client.update("Operator", su["operator"]["id"].as_str().unwrap(), patch).await;
    assert_eq!(codes(client, &office, "su", ROOTS[0]).await, ["INPUT_INVALID"]);
    client.metadata("mutation { acceptLayouts(object: \"Loan\") { kind } }", json!({})).await;
    assert_eq!(codes(client, &office, "su", ROOTS[0]).await, ["INPUT_INVALID"]);
    assert_eq!(codes(client, &office, "zhang", ROOTS[0]).await, ["INPUT_INVALID"]);
}

async fn layouts_are_accepted_in_the_publish(client: &Client) {
    let office = Office::open(client).await;
    let applied = client.apply(LOAN, false).await;
    assert_eq!(applied["diagnostics"], json!([]));
    let versions = "{ versions(first: 2) { nodes { version changes { kind object field } } } }";
    let told = client.metadata(versions, json!({})).await["versions"]["nodes"].clone();
    let kinds = |at: usize| -> Vec<String> {
        let changes = told[at]["changes"].as_array().unwrap();
        changes.iter().map(|change| change["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(0), ["ADD_LAYOUT", "ADD_LAYOUT"]);
    assert_eq!(told[1]["version"], applied["version"]);
    lender(client, &office, "su", "").await;
    let none = json!({ "data": { "loans": { "totalCount": 0 } } });
    assert_eq!(office.ask("su", "{ loans { totalCount } }").await, none);
    // What is there already is not accepted along.
    client
        .apply_without_pages(
            "type Cup @object(kind: MASTER, label: \"杯\", plural: \"cups\") { size: Int }",
        )
        .await;
    client.apply("extend type Cup { colour: String }", false).await;
    let menus =
        client.metadata("{ menus { groups { entries { object notice icon } } } }", json!({})).await;
    assert!(menus.to_string().contains("acceptLayouts"), "{menus:#}");
    assert!(menus.to_string().contains("hand-coins"), "{menus:#}");
    // A draft takes it, too.
    let save =
        "mutation($sdl: String!, $base: Int!) { saveSchemaDraft(sdl: $sdl, base: $base) { base } }";
    let text = client.metadata("{ version schemaText }", json!({})).await;
    let sdl = format!(
        "{}\ntype Pot @object(kind: MASTER, label: \"壶\", plural: \"pots\") {{ size: Int }}",
        text["schemaText"].as_str().unwrap()
    );
    client.metadata(save, json!({ "sdl": sdl, "base": text["version"] })).await;
    let publish =
        "mutation { publishSchemaDraft(acceptLayouts: true) { diagnostics { message } } }";
    let told = client.metadata(publish, json!({})).await;
    assert_eq!(told["publishSchemaDraft"]["diagnostics"], json!([]));
    let layouts = client.metadata("{ layouts(object: \"Pot\") { kind } }", json!({})).await;
    assert_eq!(layouts["layouts"].as_array().unwrap().len(), 2);
}

async fn references_to_what_has_no_pages_are_hidden(client: &Client) {
    let office = Office::open(client).await;
    let text = format!("{LOAN} extend type Customer {{ loan: Loan @field(label: \"借用\") }}");
    assert_eq!(client.apply_without_pages(&text).await["diagnostics"], json!([]));
    lender(client, &office, "su", "").await;
    let fields = "{ object(name: \"Customer\") { fields { name target } } }";
    let told = client.metadata_as(&office.tokens["su"], fields, json!({})).await.data();
    assert!(!told.to_string().contains("oan"), "{told:#}");
    let query = "{ customers { nodes { loan { id } } } }";
    assert_eq!(codes(client, &office, "su", query).await, ["INPUT_INVALID"]);
    let pick = "{ candidates(object: \"Customer\", field: \"loan\") { id } }";
    let refused = codes(client, &office, "su", pick).await;
    let unknown = "{ candidates(object: \"Customer\", field: \"nothing\") { id } }";
    assert_eq!(refused, codes(client, &office, "su", unknown).await);
}

async fn objects_say_how_pages_show_them(client: &Client) {
    client.apply(LOAN, false).await;
    let query = "{ object(name: \"Loan\") { icon color keys systems may stateField startField endField } customer: object(name: \"Customer\") { icon relatedLists { name label object by } } }";
    let told = client.metadata(query, json!({})).await;
    let loan = &told["object"];
    assert_eq!((&loan["icon"], &loan["color"]), (&json!("hand-coins"), &json!("#1677ff")));
    assert_eq!(
        (&loan["stateField"], &loan["startField"], &loan["endField"]),
        (&json!("state"), &json!("startsOn"), &json!("endsOn"))
    );
    let keys = loan["keys"].as_array().unwrap();
    assert!(keys.contains(&json!("ypjy")) && keys.contains(&json!("yangpinjieyong")), "{keys:?}");
    assert_eq!(told["customer"]["icon"], Value::Null);
    let lists = told["customer"]["relatedLists"].as_array().unwrap();
    let loans = json!({ "name": "loans", "label": "Loans", "object": "Loan", "by": "customer" });
    assert!(lists.contains(&loans), "{lists:#?}");
    // Lists take `search` and `_mine` where objects say so, and nowhere else.
    let query = "{ objects { name plural searched owned } }";
    for object in client.metadata(query, json!({})).await["objects"].as_array().unwrap() {
        let (Some(plural), Some(name)) = (object["plural"].as_str(), object["name"].as_str())
        else {
            continue;
        };
        let asked = [
            (
                &object["searched"],
                format!("{{ {plural}(search: \"ab\", first: 1) {{ nodes {{ id }} }} }}"),
            ),
            (
                &object["owned"],
                format!(
                    "query($f: {name}Filter) {{ {plural}(filter: $f, first: 1) {{ nodes {{ id }} }} }}"
                ),
            ),
        ];
        for (said, query) in asked {
            let variables = json!({ "f": { "_mine": "RELATED" } });
            let given = if query.contains("$f") { variables } else { json!({}) };
            let taken = client.ask(&query, given).await.body.get("errors").is_none();
            assert_eq!(said.as_bool(), Some(taken), "{query}");
        }
    }
    for wrong in ["icon: \"Big Hand\"", "color: \"blue\""] {
        let text = format!(
            "type Cup @object(kind: MASTER, label: \"杯\", plural: \"cups\", {wrong}) {{ size: Int }}"
        );
        let told = client.apply(&text, true).await["diagnostics"].clone();
        assert_eq!(told[0]["code"], "CATALOG_DIRECTIVE", "{told:#}");
        assert!(told[0]["hint"].is_string(), "{told:#}");
    }
}
