//! Texts of flows: what is wrong with them, what keeps what they name, and who publishes them.

use serde_json::json;

use crate::{
    both_dbs,
    flows::{APPLY, LOAN_FLOW, LOANS, applied, apply_rules},
    support::{Client, office::Office},
};

both_dbs! {
    all_faults_of_texts_are_told_at_once
    a_definition_keeps_what_a_text_names
    only_administrators_give_mandates
    moves_tell_and_write_nothing_hidden
}

async fn all_faults_of_texts_are_told_at_once(client: &Client) {
    client.apply(LOANS, false).await;
    let text = r#"
[[flow]]
object = "SampleLone"
field = "status"
start = ["OPEN"]
[[flow]]
object = "SampleLoan"
field = "status"
start = ["OPNE"]
edit = ["NOWHERE"]
moves = [
  { code = "update", from = ["OPEN"], to = "RETURNED" },
  { code = "Bad", from = [], to = "RETURNED", right = "fly" },
  { code = "partly", from = ["OPEN"], to = "GONE", input = ["nothing", "status"], set = { dueDate = "1 + 1" } },
  { code = "silent", from = ["OPEN"], to = "RETURNED", as = "system" } ]
gates = [ { to = "RETURNED", require = ["noField"], check = "lines" } ]
[[flow]]
object = "Customer"
field = "level"
start = ["A"]
"#;
    let told = apply_rules(client, "loans", json!(text)).await;
    let faults = told["diagnostics"].as_array().unwrap();
    let lines: Vec<_> = faults.iter().map(|fault| fault["line"].as_i64().unwrap()).collect();
    assert!(faults.iter().all(|fault| fault["path"] == "loans"), "{told:#}");
    for line in [3, 9, 10, 12, 13, 14, 15, 16, 18] {
        assert!(lines.contains(&line), "no fault in line {line}: {told:#}");
    }
    let hints = told.to_string();
    assert!(
        hints.contains("did you mean `SampleLoan`") && hints.contains("did you mean `OPEN`"),
        "{hints}"
    );
    // What is computed when it is read is empty in a save, and would let everything pass.
    let unstored = "extend type SampleLoan { open: Boolean @formula(expr: \"dueDate > today()\", stored: false) }";
    assert_eq!(client.apply(unstored, false).await["diagnostics"], json!([]));
    let gated = format!("{LOAN_FLOW}gates = [ {{ to = \"RETURNED\", check = \"open\" }} ]\n");
    let told = apply_rules(client, "loans", json!(gated)).await;
    assert_eq!(told["diagnostics"][0]["code"], "CATALOG_EXPRESSION", "{told:#}");
    for (name, text, code) in [
        ("a b", LOAN_FLOW, "CATALOG_NAME"),
        ("loans", "[[flow]", "CATALOG_SYNTAX"),
        ("loans", "[[flaw]]\nobject = \"SampleLoan\"", "CATALOG_SYNTAX"),
    ] {
        let told = apply_rules(client, name, json!(text)).await;
        assert_eq!(told["diagnostics"][0]["code"], code, "{told:#}");
    }
    let fields =
        client.data("{ __type(name: \"Mutation\") { fields { name } } }").await.to_string();
    assert!(!fields.contains("partlySampleLoan"), "nothing is live of a refused text");
}

async fn a_definition_keeps_what_a_text_names(client: &Client) {
    client.apply(LOANS, false).await;
    applied(
        client,
        "loans",
        &LOAN_FLOW.replace("to = \"RETURNED\" }", "to = \"RETURNED\", input = [\"dueDate\"] }"),
    )
    .await;
    let edit = "mutation { editSchemaDraft(steps: [{retireField: {object: \"SampleLoan\", field: \"dueDate\"}}]) { diagnostics { path } } publishSchemaDraft { version diagnostics { code path line message } } }";
    let told = client.metadata(edit, json!({})).await["publishSchemaDraft"].clone();
    let fault = &told["diagnostics"][0];
    assert_eq!(
        (&fault["path"], &fault["code"]),
        (&json!("loans"), &json!("CATALOG_RULE")),
        "{told:#}"
    );
    client.metadata("mutation { dropSchemaDraft }", json!({})).await;
    // Both together pass.
    let both = json!({ "sdl": "extend type SampleLoan { backOn: Date }", "rules": [{ "name": "loans",
        "text": LOAN_FLOW.replace("to = \"RETURNED\" }", "to = \"RETURNED\", input = [\"backOn\"] }") }] });
    let told = client.metadata(APPLY, both).await["applySchema"].clone();
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    let kinds: Vec<_> =
        told["changes"].as_array().unwrap().iter().map(|c| c["kind"].clone()).collect();
    assert_eq!(kinds, [json!("ADD_FIELD"), json!("UPDATE_RULES")]);
    // An export has the text as a file, and applied elsewhere it is exported as the same.
    let export = "{ exportSchema { path text } }";
    let files = client.metadata(export, json!({})).await["exportSchema"].clone();
    assert!(
        files.as_array().unwrap().iter().any(|file| file["path"] == "rules/loans.toml"),
        "{files}"
    );
}

async fn only_administrators_give_mandates(client: &Client) {
    client.apply(LOANS, false).await;
    let mut office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    office.tokens.insert("new", client.token("new").await);
    let mandate = LOAN_FLOW
        .replace("code = \"partly\",", "code = \"partly\", as = \"system\", reason = \"关闭\",");
    let ask = |text: String| json!({ "rules": [{ "name": "loans", "text": text }] });
    let told = client.metadata_as(&office.tokens["new"], APPLY, ask(mandate.clone())).await.data();
    assert_eq!(told["applySchema"]["diagnostics"][0]["code"], "ACCESS_DENIED", "{told}");
    let told =
        client.metadata_as(&office.tokens["new"], APPLY, ask(LOAN_FLOW.to_owned())).await.data();
    assert_eq!(told["applySchema"]["diagnostics"], json!([]), "{told}");
    // They say anew what people call it and what it asks for, and open nothing that it closes.
    let asks = LOAN_FLOW.replace("code = \"partly\",", "code = \"partly\", label = \"部分\",");
    let told = client.metadata_as(&office.tokens["new"], APPLY, ask(asks)).await.data();
    assert_eq!(told["applySchema"]["diagnostics"], json!([]), "{told}");
    for (from, to) in [
        ("edit = [\"OPEN\"]", "edit = [\"OPEN\", \"RETURNED\"]"),
        ("edit = [\"OPEN\"]", ""),
        ("start = [\"OPEN\"]", "start = [\"OPEN\", \"RETURNED\"]"),
        ("to = \"PARTLY_RETURNED\"", "to = \"RETURNED\", right = \"audit\""),
    ] {
        let told =
            client.metadata_as(&office.tokens["new"], APPLY, ask(LOAN_FLOW.replace(from, to)));
        let told = told.await.data();
        assert_eq!(told["applySchema"]["diagnostics"][0]["code"], "ACCESS_DENIED", "{to}: {told}");
    }
    let gone = json!({ "rules": [{ "name": "loans" }] });
    let told = client.metadata_as(&office.tokens["new"], APPLY, gone).await.data();
    assert_eq!(told["applySchema"]["diagnostics"][0]["code"], "ACCESS_DENIED", "{told}");
    applied(client, "loans", &mandate).await;
    // What else they publish is none of it.
    let other = json!({ "sdl": "extend type SampleLoan { note: String }", "rules": [] });
    let told = client.metadata_as(&office.tokens["new"], APPLY, other).await.data();
    assert_eq!(told["applySchema"]["diagnostics"], json!([]), "{told}");
}

async fn moves_tell_and_write_nothing_hidden(client: &Client) {
    let sdl = format!(
        "{LOANS}extend type SampleLoan {{ secretNote: String note: String reason: String }}"
    );
    assert_eq!(client.apply(&sdl, false).await["diagnostics"], json!([]));
    let flow = r#"
[[flow]]
object = "SampleLoan"
field = "status"
start = ["OPEN"]
moves = [
  { code = "lose", from = ["OPEN"], to = "RETURNED", input = ["secretNote!"] },
  { code = "note", from = ["OPEN"], to = "RETURNED", input = ["reason!", "secretNote"] },
  { code = "copy", from = ["OPEN"], to = "RETURNED", set = { note = "secretNote" } },
  { code = "trust", from = ["OPEN"], to = "RETURNED", set = { note = "secretNote" }, as = "system", reason = "x" } ]
"#;
    applied(client, "loans", flow).await;
    let role = "code = \"blind\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"SampleLoan\", \"Customer\", \"Department\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"SampleLoan\"\nhidden = [\"secretNote\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    let office = Office::open(client).await;
    office.give("su", &["blind"], &[]).await;
    let loan = json!({ "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") }, "secretNote": "底价" });
    let id = client.create("SampleLoan", loan).await;
    // Neither the input nor the page tells of the field.
    let types = "{ a: __type(name: \"LoseSampleLoanInput\") { name } b: __type(name: \"NoteSampleLoanInput\") { inputFields { name } } }";
    let told = office.ask("su", types).await["data"].clone();
    assert_eq!(told, json!({ "a": null, "b": { "inputFields": [{ "name": "reason" }] } }));
    let flow = "{ object(name: \"SampleLoan\") { flow { moves { code input { field } } } } }";
    let told = client.metadata_as(&office.tokens["su"], flow, json!({})).await.data();
    assert!(!told.to_string().contains("secretNote"), "{told}");
    // What it requires is required of them, too, and not named.
    let step = |what: &str| {
        format!(
            "mutation {{ it: {what} {{ record {{ note }} userErrors {{ code path message hint }} }} }}"
        )
    };
    let refused = office.ask("su", &step(&format!("loseSampleLoan(id: \"{id}\")"))).await;
    let error = &refused["data"]["it"]["userErrors"][0];
    assert_eq!(
        (&error["code"], &error["path"]),
        (&json!("RECORD_REQUIRED"), &json!([])),
        "{refused}"
    );
    assert!(!refused.to_string().to_lowercase().contains("secret"), "{refused}");
    // What they do not see goes nowhere by their hand, unless an administrator has said so.
    let refused = office.ask("su", &step(&format!("copySampleLoan(id: \"{id}\")"))).await;
    assert_eq!(refused["data"]["it"]["userErrors"][0]["code"], "RECORD_CHECK", "{refused}");
    let done = office.ask("su", &step(&format!("trustSampleLoan(id: \"{id}\")"))).await;
    assert_eq!(done["data"]["it"]["record"]["note"], "底价", "{done}");
}
