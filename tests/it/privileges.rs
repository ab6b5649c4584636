//! Who may edit employees and operators does not thereby give rights: to others or to themselves.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    languages::Asker,
    support::{Client, office::Office},
};

both_dbs! {
    who_edits_people_gives_no_rights
    who_gives_rights_gives_none_to_themselves
}

const PERSONNEL: &str = "code = \"personnel\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Employee\", \"Operator\", \"Customer\", \"Department\"]\nactions = [\"read\", \"create\", \"edit\", \"delete\"]\nopen = true\n";

async fn office<'c>(client: &'c Client, roles: &[&str]) -> Office<'c> {
    let office = Office::open(client).await;
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": PERSONNEL })).await;
    office.give("cai", roles, &[]).await;
    office
}

async fn operator(client: &Client, account: &str) -> String {
    let query = format!("{{ operator(account: \"{account}\") {{ id }} }}");
    client.data(&query).await["operator"]["id"].as_str().unwrap().to_owned()
}

/// What cai is told by one root field: code and path of each fault.
async fn told(office: &Office<'_>, field: &str) -> Vec<String> {
    let query = format!("mutation {{ it: {field} {{ userErrors {{ code path }} }} }}");
    let answer = office.ask("cai", &query).await;
    let faults = answer["data"]["it"]["userErrors"].as_array();
    let faults = faults.unwrap_or_else(|| panic!("{query}: {answer:#}"));
    let fault = |fault: &Value| {
        let path = fault["path"].as_array().unwrap().iter();
        let path: Vec<_> = path.map(|part| part.as_str().unwrap()).collect();
        format!("{} {}", fault["code"].as_str().unwrap(), path.join("."))
    };
    faults.iter().map(fault).collect()
}

/// What of people and operators stands where.
async fn people(client: &Client) -> Value {
    client
        .data("{ operators(orderBy: [{account: ASC}]) { nodes { account status allowedSystems employee { code } } } employees(orderBy: [{code: ASC}]) { nodes { code status department { code } } } }")
        .await
}

async fn who_edits_people_gives_no_rights(client: &Client) {
    let office = office(client, &["personnel"]).await;
    let (own, li) = (operator(client, "cai").await, operator(client, "li").await);
    let gone = operator(client, "wei").await;
    assert_eq!(told(&office, &format!("deleteOperator(id: \"{gone}\")")).await, [""; 0]);
    let (branch, free) = (
        office.id("TJ-FGS"),
        client
            .create(
                "Employee",
                json!({ "code": "free", "name": "x", "department": { "id": office.id("HQ") } }),
            )
            .await,
    );
    let before = people(client).await;
    let (cai, other) = (office.id("cai"), office.id("li"));
    let department = format!("department: {{id: \"{branch}\"}}");
    for (field, faults) in [
        // Their own and others', one and many, with what is made for it.
        (format!("updateEmployee(id: \"{cai}\", patch: {{{department}}})"), vec!["department"]),
        (format!("updateEmployee(id: \"{other}\", patch: {{{department}, status: LEFT}})"), vec!["department", "status"]),
        (format!("updateEmployee(id: \"{cai}\", patch: {{department: {{create: {{code: \"N\", name: \"x\"}}}}}})"), vec!["department"]),
        (format!("updateEmployees(filter: {{code: {{eq: \"li\"}}}}, patch: {{{department}}}, atMost: 5)"), vec![&*format!("{other}.department")]),
        (format!("updateEmployees(filter: {{code: {{eq: \"li\"}}}}, patch: {{{department}}}, atMost: 5, dryRun: true)"), vec![&*format!("{other}.department")]),
        (format!("upsertEmployee(by: code, input: {{code: \"cai\", name: \"cai\", {department}}})"), vec!["department"]),
        (format!("updateOperator(id: \"{own}\", patch: {{employee: {{id: \"{free}\"}}}})"), vec!["employee"]),
        (format!("updateOperator(id: \"{own}\", patch: {{employee: {{create: {{code: \"N\", name: \"x\", {department}}}}}}})"), vec!["employee"]),
        (format!("updateOperator(id: \"{own}\", patch: {{allowedSystems: [SALES], account: \"boss\"}})"), vec!["account", "allowedSystems"]),
        (format!("updateOperator(id: \"{li}\", patch: {{employee: null, status: DISABLED}})"), vec!["employee", "status"]),
        ("updateOperators(filter: {account: {eq: \"li\"}}, patch: {status: DISABLED}, atMost: 5)".to_owned(), vec![&*format!("{li}.status")]),
        (format!("upsertOperator(by: account, input: {{account: \"li\", name: \"x\", employee: {{id: \"{free}\"}}}})"), vec!["employee"]),
        (format!("createOperator(input: {{account: \"n\", name: \"x\", employee: {{id: \"{free}\"}}}})"), vec!["account", "employee"]),
        ("createOperators(inputs: [{account: \"n\", name: \"x\"}])".to_owned(), vec!["0.account"]),
    ]
    .map(|(field, faults)| (field, faults.into_iter().map(|path| format!("RECORD_READ_ONLY {path}")).collect::<Vec<_>>()))
    {
        let told = told(&office, &field).await;
        assert_eq!(told, faults, "{field}");
        assert_eq!(people(client).await, before, "{field}");
    }
    // Put back by who may not give what it gives.
    let restored = told(&office, &format!("restoreOperator(id: \"{gone}\")")).await;
    assert!(restored.contains(&"RECORD_READ_ONLY account".to_owned()), "{restored:?}");
    assert_eq!(people(client).await, before);
    // All else is theirs: other fields, the same values, new employees.
    for field in [
        format!(
            "updateEmployee(id: \"{cai}\", patch: {{phone: \"022-23456789\", department: {{id: \"{}\"}}, status: ACTIVE}})",
            office.id("SH-TL")
        ),
        format!("updateOperator(id: \"{own}\", patch: {{name: \"x\"}})"),
        format!("createEmployee(input: {{code: \"n\", name: \"x\", {department}}})"),
        format!("upsertEmployee(by: code, input: {{code: \"m\", name: \"x\", {department}}})"),
        format!(
            "updateCustomer(id: \"{}\", patch: {{owner: {{create: {{code: \"o\", name: \"x\", {department}}}}}}})",
            office.id("CL")
        ),
    ] {
        assert_eq!(told(&office, &field).await, [""; 0], "{field}");
    }
    // And the form says so.
    let form = "{ object(name: \"Operator\") { fields { name writable } } }";
    let form = client.metadata_as(&office.tokens["cai"], form, json!({})).await.data();
    let writable = |name: &str| {
        let fields = form["object"]["fields"].as_array().unwrap();
        fields.iter().find(|field| field["name"] == name).unwrap()["writable"].clone()
    };
    assert_eq!((writable("employee"), writable("name")), (json!(false), json!(true)));
    // In the caller's language, by labels.
    let query = format!(
        "mutation {{ updateEmployee(id: \"{other}\", patch: {{{department}}}) {{ userErrors {{ message hint }} }} }}"
    );
    let asker = Asker { client, token: office.tokens["cai"].clone() };
    let refused = asker.told("/graphql", &query, json!({})).await;
    let message = |answer: &Value| {
        answer["data"]["updateEmployee"]["userErrors"][0]["message"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        refused.each_ref().map(message),
        [
            "rights go by department: only administrators change it",
            "所属部门决定操作员的权限，仅管理员可以修改"
        ]
    );
    let restored = client
        .data(&format!(
            "mutation {{ restoreOperator(id: \"{gone}\") {{ userErrors {{ code }} }} }}"
        ))
        .await;
    assert_eq!(restored["restoreOperator"]["userErrors"], json!([]));
}

async fn who_gives_rights_gives_none_to_themselves(client: &Client) {
    let office = office(client, &["personnel", "designer"]).await;
    let (own, li) = (operator(client, "cai").await, operator(client, "li").await);
    let branch = office.id("TJ-FGS");
    let employee = |id: &str| {
        format!("updateEmployee(id: \"{id}\", patch: {{department: {{id: \"{branch}\"}}}})")
    };
    let systems =
        |id: &str| format!("updateOperator(id: \"{id}\", patch: {{allowedSystems: [SALES]}})");
    assert_eq!(told(&office, &employee(&office.id("cai"))).await, ["RECORD_READ_ONLY department"]);
    assert_eq!(told(&office, &systems(&own)).await, ["RECORD_READ_ONLY allowedSystems"]);
    assert_eq!(told(&office, &employee(&office.id("li"))).await, [""; 0]);
    assert_eq!(told(&office, &systems(&li)).await, [""; 0]);
}
