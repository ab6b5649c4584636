//! The related employees of a record are rights on it: nobody gives themselves any.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    nobody_relates_themselves
    rows_that_the_server_keeps_are_kept
    a_stand_in_takes_nothing_along
    rows_that_a_change_adds_open_nothing_to_it
}

async fn change(office: &Office<'_>, who: &str, object: &str, id: &str, patch: &str) -> Value {
    let query = format!(
        "mutation {{ it: update{object}(id: \"{id}\", patch: {{{patch}}}) {{ record {{ id }} userErrors {{ code path }} }} }}"
    );
    office.ask(who, &query).await
}

fn told(answer: &Value) -> String {
    if let Some(code) = answer["errors"][0]["extensions"]["code"].as_str() {
        return code.to_owned();
    }
    let faults =
        answer["data"]["it"]["userErrors"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
    let fault = |fault: &Value| {
        let path = fault["path"].as_array().unwrap().iter();
        let path: Vec<_> = path.map(|part| part.as_str().unwrap()).collect();
        format!("{} {}", fault["code"].as_str().unwrap(), path.join("."))
    };
    faults.iter().map(fault).collect::<Vec<_>>().join(", ")
}

/// A role that edits by being related and deletes by being responsible.
async fn helper(client: &Client, office: &Office<'_>, account: &str) {
    let role = "code = \"helper\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\", \"edit\", \"create\"]\nemployees = \"related\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"delete\"]\nemployees = \"responsible\"\n[[grants]]\nobjects = [\"Department\", \"Employee\"]\nactions = [\"read\"]\nopen = true\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give(account, &["helper"], &[]).await;
}

async fn row_of(client: &Client, object: &str, id: &str, employee: &str) -> Value {
    let singular = format!("{}{}", object[..1].to_lowercase(), &object[1..]);
    let query = format!(
        "{{ it: {singular}(id: \"{id}\") {{ relatedEmployees {{ id employee {{ code }} isResponsible source until }} }} }}"
    );
    let read = client.data(&query).await;
    let rows = read["it"]["relatedEmployees"].as_array().unwrap();
    let found = rows.iter().find(|row| row["employee"]["code"] == employee);
    found.cloned().unwrap_or(Value::Null)
}

async fn nobody_relates_themselves(client: &Client) {
    let office = Office::open(client).await;
    helper(client, &office, "zhou").await;
    let (cz, zhou, wang) = (office.id("CZ"), office.id("zhou"), office.id("wang"));
    let until = "2027-01-01T00:00:00Z";
    let row = json!({ "relatedEmployees": { "create": [{ "employee": { "id": zhou }, "until": until }] } });
    assert_eq!(client.update("Customer", &cz, row).await["userErrors"], json!([]));
    let row = row_of(client, "Customer", &cz, "zhou").await["id"].clone();
    let own =
        |patch: &str| format!("relatedEmployees: {{update: [{{id: {row}, patch: {{{patch}}}}}]}}");
    let more = "RECORD_READ_ONLY relatedEmployees.update.0";
    for (patch, expected) in [
        ("isResponsible: true", more),
        ("until: null", more),
        ("until: \"2027-01-01T00:00:01Z\"", more),
        ("isResponsible: true, until: null", more),
        ("isResponsible: false, until: \"2026-12-01T00:00:00Z\"", ""),
        ("until: \"2026-12-02T00:00:00Z\"", more),
        ("isPrimary: true", ""),
    ] {
        assert_eq!(
            told(&change(&office, "zhou", "Customer", &cz, &own(patch)).await),
            expected,
            "{patch}"
        );
    }
    // Nor can zhou make another's row theirs, or add one of their own, in any way.
    let create = format!("relatedEmployees: {{create: [{{employee: {{id: \"{zhou}\"}}}}]}}");
    let made = "RECORD_READ_ONLY relatedEmployees.create.0";
    assert_eq!(told(&change(&office, "zhou", "Customer", &cz, &create).await), made);
    let third =
        json!({ "relatedEmployees": { "create": [{ "employee": { "id": office.id("chen") } }] } });
    assert_eq!(client.update("Customer", &cz, third).await["userErrors"], json!([]));
    let third = row_of(client, "Customer", &cz, "chen").await["id"].clone();
    let taken = format!(
        "relatedEmployees: {{update: [{{id: {third}, patch: {{employee: {{id: \"{zhou}\"}}}}}}]}}"
    );
    assert_eq!(told(&change(&office, "zhou", "Customer", &cz, &taken).await), more);
    let wangs = format!(
        "relatedEmployees: {{create: [{{employee: {{id: \"{wang}\"}}, isResponsible: true}}]}}"
    );
    let input = format!(
        "code: \"N1\", name: \"x\", department: {{id: \"{}\"}}, {wangs}",
        office.id("TJ-TL")
    );
    for (query, expected) in [
        (format!("it: createCustomer(input: {{{input}}})"), made.to_owned()),
        (format!("it: createCustomers(inputs: [{{{input}}}])"), made.replace(' ', " 0.")),
        (format!("it: upsertCustomer(by: code, input: {{{input}}})"), made.to_owned()),
        (
            format!("it: upsertCustomer(by: code, input: {{code: \"CZ\", {wangs}}})"),
            made.to_owned(),
        ),
        (
            format!(
                "it: updateCustomers(filter: {{code: {{eq: \"CZ\"}}}}, patch: {{{wangs}}}, atMost: 1)"
            ),
            made.replace(' ', &format!(" {cz}.")),
        ),
        (
            format!("it: createContact(input: {{name: \"x\", customer: {{create: {{{input}}}}}}})"),
            made.replace(' ', " customer.create."),
        ),
    ] {
        let answer = office
            .ask("wang", &format!("mutation {{ {query} {{ userErrors {{ code path }} }} }}"))
            .await;
        assert_eq!(told(&answer), expected, "{query}");
    }
    // Others are related as before, by those who may change the record.
    let other = format!(
        "relatedEmployees: {{create: [{{employee: {{id: \"{}\"}}, isResponsible: true}}]}}",
        office.id("su")
    );
    assert_eq!(told(&change(&office, "zhou", "Customer", &cz, &other).await), "");
}

async fn rows_that_the_server_keeps_are_kept(client: &Client) {
    let office = Office::open(client).await;
    // zhang enters an order for li, and may correct it for a time.
    let input = format!(
        "customer: {{id: \"{}\"}}, department: {{id: \"{}\"}}, owner: {{id: \"{}\"}}",
        office.id("CZ"),
        office.id("TJ-TL"),
        office.id("li")
    );
    let made = office.ask("zhang", &format!("mutation {{ createSalesOrder(input: {{{input}}}) {{ record {{ id }} userErrors {{ code path }} }} }}")).await;
    let id = made["data"]["createSalesOrder"]["record"]["id"]
        .as_str()
        .unwrap_or_else(|| panic!("{made:#}"))
        .to_owned();
    let row = row_of(client, "SalesOrder", &id, "zhang").await;
    assert_eq!(row["source"], "DELEGATION");
    for patch in ["until: null", "isResponsible: true", "isPrimary: true"] {
        let patch =
            format!("relatedEmployees: {{update: [{{id: {}, patch: {{{patch}}}}}]}}", row["id"]);
        let refused = told(&change(&office, "zhang", "SalesOrder", &id, &patch).await);
        assert!(refused.starts_with("RECORD_READ_ONLY relatedEmployees.update.0"), "{refused}");
    }
    // The owner ends it.
    let gone = format!("relatedEmployees: {{delete: [{}]}}", row["id"]);
    assert_eq!(told(&change(&office, "li", "SalesOrder", &id, &gone).await), "");
    assert!(row_of(client, "SalesOrder", &id, "zhang").await.is_null());
}

async fn a_stand_in_takes_nothing_along(client: &Client) {
    let office = Office::open(client).await;
    office.give("su", &["salesperson"], &[office.id("QZ-TL")]).await;
    let (cl, li, su) = (office.id("CL"), office.id("li"), office.id("su"));
    let delegate = format!(
        "mutation {{ delegate(from: \"{li}\", to: \"{su}\", until: \"2026-07-01T00:00:00Z\") {{ id }} }}"
    );
    client.metadata(&delegate, json!({})).await;
    assert!(office.edits("su", "Customer", "CL").await);
    let rows = |who: &str| {
        format!(
            "relatedEmployees: {{create: [{{employee: {{id: \"{who}\"}}, isResponsible: true}}]}}"
        )
    };
    let made = "RECORD_READ_ONLY relatedEmployees.create.0";
    for who in [&su, &li] {
        assert_eq!(told(&change(&office, "su", "Customer", &cl, &rows(who)).await), made);
    }
    let owner = format!("owner: {{id: \"{su}\"}}");
    assert_eq!(
        told(&change(&office, "su", "Customer", &cl, &owner).await),
        "RECORD_READ_ONLY owner"
    );
    let hand = format!(
        "mutation {{ it: reassignCustomers(filter: {{code: {{eq: \"CL\"}}}}, to: \"{su}\", atMost: 1, keepFormer: true) {{ userErrors {{ code path }} }} }}"
    );
    assert_eq!(told(&office.ask("su", &hand).await), format!("RECORD_READ_ONLY {cl}.owner"));
    let many = format!(
        "mutation {{ it: updateCustomers(filter: {{owner: {{code: {{eq: \"li\"}}}}}}, patch: {{{owner}}}, atMost: 9) {{ userErrors {{ code path }} }} }}"
    );
    assert_eq!(told(&office.ask("su", &many).await), format!("RECORD_READ_ONLY {cl}.owner"));
    // Their own they change as ever, and a manager takes over what their department has.
    assert_eq!(told(&change(&office, "su", "Customer", &office.id("CQ"), "city: \"x\"").await), "");
    let takes = format!("owner: {{id: \"{}\"}}", office.id("wang"));
    assert_eq!(told(&change(&office, "wang", "Customer", &cl, &takes).await), "");
}

async fn rows_that_a_change_adds_open_nothing_to_it(client: &Client) {
    let office = Office::open(client).await;
    let (cl, qz, wang, chen) =
        (office.id("CL"), office.id("QZ-TL"), office.id("wang"), office.id("chen"));
    let away = format!("department: {{id: \"{qz}\"}}");
    let denied = "ACCESS_DENIED";
    for patch in [away.clone(), format!("{away}, owner: {{id: \"{wang}\"}}")] {
        assert_eq!(
            told(&change(&office, "wang", "Customer", &cl, &patch).await),
            denied,
            "{patch}"
        );
    }
    // Whoever was among its employees before stays so.
    let row = json!({ "relatedEmployees": { "create": [{ "employee": { "id": wang }, "isResponsible": true }] } });
    assert_eq!(client.update("Customer", &cl, row).await["userErrors"], json!([]));
    let more = format!("{away}, relatedEmployees: {{create: [{{employee: {{id: \"{chen}\"}}}}]}}");
    let answer = told(&change(&office, "wang", "Customer", &cl, &more).await);
    assert!(answer.is_empty() || answer == denied, "{answer}");
    let read = client.data("{ customer(code: \"CL\") { department { code } } }").await;
    let moved = read["customer"]["department"]["code"] == "QZ-TL";
    assert_eq!(moved, answer.is_empty());
}
