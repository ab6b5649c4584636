//! The story of an administrator, from nothing to an object in daily use and back, with every request and answer
//! printed into one snapshot that holds on both databases.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    bundles::empty_beside,
    support::{Client, office::Office},
};

both_dbs! {
    an_administrator_shapes_sample_loans
}

const SAMPLE_LOAN: &str = include_str!("../cases/sample_loan.graphql");

/// What is asked of a company, printed with what it answers.
struct Printed<'c> {
    client: &'c Client,
    text: String,
}

impl Printed<'_> {
    fn chapter(&mut self, what: &str) {
        write!(self.text, "\n## {what}\n").unwrap();
    }

    /// Asks as an account at one of the two endpoints, and gives the data.
    async fn ask(
        &mut self,
        client: &Client,
        (token, path): (&str, &str),
        query: &str,
        variables: Value,
    ) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let answer = client.post(path, token, body).await;
        write!(self.text, "\nPOST {path}\n{query}\n").unwrap();
        if variables.as_object().is_some_and(|all| !all.is_empty()) {
            writeln!(self.text, "{}", serde_json::to_string_pretty(&variables).unwrap()).unwrap();
        }
        let data = answer.data();
        writeln!(self.text, "-> {}", serde_json::to_string_pretty(&data).unwrap()).unwrap();
        data
    }

    async fn define(&mut self, query: &str, variables: Value) -> Value {
        let client = self.client;
        self.ask(client, (&client.own_token(), "/metadata"), query, variables).await
    }

    async fn records(&mut self, query: &str, variables: Value) -> Value {
        let client = self.client;
        self.ask(client, (&client.own_token(), "/graphql"), query, variables).await
    }

    /// Edits the draft by steps, looks at it, and publishes it.
    async fn publish(&mut self, steps: Value, note: &str) -> Value {
        let edit = "mutation($steps: [SchemaStep!]!) { editSchemaDraft(steps: $steps) {\n  diagnostics { message } changes { kind object field risk }\n  impact { object field risk records failing converting uses { kind name } } } }";
        let edited = self.define(edit, json!({ "steps": steps })).await;
        assert_eq!(edited["editSchemaDraft"]["diagnostics"], json!([]));
        let publish = "mutation($note: String) { publishSchemaDraft(note: $note) { version diagnostics { message } } }";
        let told =
            self.define(publish, json!({ "note": note })).await["publishSchemaDraft"].clone();
        assert_eq!(told["diagnostics"], json!([]));
        told["version"].clone()
    }
}

const LOANS: &str = "{ sampleLoans(orderBy: [{number: ASC}]) { nodes { number customer { name } status totalQuantity overdue } } }";

async fn an_administrator_shapes_sample_loans(client: &Client) {
    let office = Office::open(client).await;
    let zhang = office.tokens["zhang"].clone();
    let category = client.create("ItemCategory", json!({ "code": "R", "name": "树脂" })).await;
    let item =
        json!({ "code": "E44", "name": "环氧树脂", "category": { "id": category }, "unit": "kg" });
    let item = client.create("InventoryItem", item).await;
    let customer = office.id("CZ");
    let mut told = Printed { client, text: String::new() };

    told.chapter("From nothing: a draft, what it would mean, and its publish");
    let save = "mutation($sdl: String!) { saveSchemaDraft(sdl: $sdl, base: 1) { base outdated diagnostics { message } changes { kind object field risk } } }";
    told.define(save, json!({ "sdl": SAMPLE_LOAN })).await;
    let publish = "mutation { publishSchemaDraft(note: \"样品借用上线\") { version diagnostics { message } warnings { code message } } }";
    let first = told.define(publish, json!({})).await["publishSchemaDraft"]["version"].clone();

    told.chapter("Layouts, and with them a place in the menu");
    let menus = "{ menus { system groups { entries { object label keys } } } }";
    let has = |menus: &Value| menus.to_string().contains("\"SampleLoan\"");
    let before = client.metadata_as(&zhang, menus, json!({})).await.data();
    assert!(!has(&before), "{before:#}");
    told.define(
        "mutation { acceptLayouts(object: \"SampleLoan\") { kind version columns { name } } }",
        json!({}),
    )
    .await;
    let role = "code = \"loans\"\nlabel = \"样品\"\nlabel_en = \"Samples\"\n\n[[grants]]\nobjects = [\"SampleLoan\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n";
    told.define(
        "mutation($role: String!) { saveRole(definition: $role) { code warnings } }",
        json!({ "role": role }),
    )
    .await;
    let admin_menus = client.metadata(menus, json!({})).await;
    assert!(has(&admin_menus), "{admin_menus:#}");

    told.chapter("A record: its number, its defaults, its total");
    let create = "mutation($input: CreateSampleLoanInput!) { createSampleLoan(input: $input) {\n  record { id number status department { name } totalQuantity } userErrors { path message } } }";
    let input = json!({ "customer": { "id": customer }, "department": { "id": office.id("TJ-TL") }, "dueDate": "2026-12-24",
        "lines": { "create": [{ "item": { "id": item }, "quantity": "2.5" }, { "item": { "id": item }, "quantity": "4" }] } });
    let loan = told.records(create, json!({ "input": input })).await["createSampleLoan"].clone();
    assert_eq!(loan["record"]["totalQuantity"], "6.5000");
    let loan = loan["record"]["id"].clone();

    told.chapter("A view of it");
    let view = json!({ "object": "SampleLoan", "name": "借出未还", "share": "ALL",
        "question": { "filter": { "status": { "eq": "OPEN" } }, "orderBy": [{ "dueDate": "ASC" }] } });
    told.define("mutation($view: SavedViewInput!) { saveView(input: $view) { view { name version } userErrors { message } } }", json!({ "view": view })).await;

    told.chapter("A formula, computed when it is read");
    let formula = json!([{ "defineField": { "object": "SampleLoan",
        "sdl": "overdue: Boolean @field(label: \"逾期\", labelEn: \"Overdue\") @formula(expr: \"dueDate < today()\", stored: false)" } }]);
    told.publish(formula, "逾期").await;
    told.records(LOANS, json!({})).await;

    told.chapter("A field renamed: what names it follows, and the old name leads to it");
    let rename = json!([{ "renameField": { "object": "SampleLoan", "field": "dueDate", "to": "returnBy" } }]);
    told.publish(rename, "归还期限").await;
    let both =
        told.records("{ sampleLoans { nodes { returnBy dueDate overdue } } }", json!({})).await;
    assert_eq!(
        both["sampleLoans"]["nodes"][0]["returnBy"],
        both["sampleLoans"]["nodes"][0]["dueDate"]
    );
    let views =
        told.define("{ views(object: \"SampleLoan\") { name question left } }", json!({})).await;
    assert!(views.to_string().contains("returnBy"), "{views:#}");

    told.chapter("Another type: what converts is told before, and converted");
    let code = json!([{ "defineField": { "object": "SampleLoanLine", "sdl": "batch: String @field(label: \"批号\", labelEn: \"Batch\")" } }]);
    told.publish(code, "批号").await;
    let lines = "{ sampleLoans { nodes { lines { id batch } } } }";
    let ids = client.data(lines).await["sampleLoans"]["nodes"][0]["lines"].clone();
    let batch =
        |at: usize, batch: &str| json!({ "id": ids[at]["id"], "patch": { "batch": batch } });
    let patch = json!({ "lines": { "update": [batch(0, "2026001"), batch(1, "2026002")] } });
    let update = "mutation($id: ID!, $patch: UpdateSampleLoanInput!) { updateSampleLoan(id: $id, patch: $patch) { userErrors { message } } }";
    told.records(update, json!({ "id": loan, "patch": patch })).await;
    let retype = json!([{ "retypeField": { "object": "SampleLoanLine", "field": "batch",
        "sdl": "batch: Int @field(label: \"批号\", labelEn: \"Batch\")" } }]);
    told.publish(retype, "批号是数字").await;
    let converted = told.records("{ sampleLoans { nodes { lines { batch } } } }", json!({})).await;
    assert_eq!(
        converted["sampleLoans"]["nodes"][0]["lines"],
        json!([{ "batch": 2_026_001 }, { "batch": 2_026_002 }])
    );

    told.chapter("A field retired, and restored with what it had");
    let retire = json!([{ "retireField": { "object": "SampleLoan", "field": "returnBy" } },
        { "retireField": { "object": "SampleLoan", "field": "overdue" } }]);
    let retired = told.publish(retire, "不再使用").await;
    let restore = json!([{ "restoreField": { "object": "SampleLoan", "field": "returnBy" } },
        { "restoreField": { "object": "SampleLoan", "field": "overdue" } }]);
    told.publish(restore, "仍要使用").await;
    let back =
        told.records("{ sampleLoans { nodes { number returnBy overdue } } }", json!({})).await;
    assert_eq!(back["sampleLoans"]["nodes"][0]["returnBy"], "2026-12-24");

    told.chapter("All of it to another company, and compared there");
    let exported =
        client.metadata("{ exportSchema { path text } }", json!({})).await["exportSchema"].clone();
    let other = empty_beside(client).await;
    let token = other.own_token();
    let apply = "mutation($files: [BundleFileInput!]!) { applyBundle(files: $files, allowUnsigned: true) { version differences { path kind } diagnostics { message } } }";
    told.ask(&other, (&token, "/metadata"), apply, json!({ "files": exported })).await;
    let again =
        other.metadata("{ exportSchema { path text } }", json!({})).await["exportSchema"].clone();
    assert_eq!(again, exported);
    told.ask(&other, (&token, "/graphql"), "{ sampleLoans { totalCount } }", json!({})).await;

    told.chapter("Rolled back to the first version and forward again");
    let back = "mutation($to: Int!, $dry: Boolean!) { rollBack(to: $to, dryRun: $dry) { version changes { kind object field risk } diagnostics { message } } }";
    told.define(back, json!({ "to": first, "dry": true })).await;
    told.define(back, json!({ "to": first, "dry": false })).await;
    told.records("{ sampleLoans { nodes { number dueDate } } }", json!({})).await;
    let forward = retired.as_i64().unwrap() + 1;
    told.define(back, json!({ "to": forward, "dry": false })).await;
    let kept = told.records(LOANS, json!({})).await;
    assert_eq!(kept["sampleLoans"]["nodes"][0]["totalQuantity"], "6.5000");
    told.define("{ versions(first: 9) { nodes { version note } } }", json!({})).await;

    assert!(loan.is_string());
    insta::assert_snapshot!("story", told.text);
}
