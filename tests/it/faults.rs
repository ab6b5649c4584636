//! What a refused write tells names nothing that does not exist for whoever wrote, whatever the code.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    faults_name_nothing_hidden
    a_hidden_record_is_left_alone
}

const CASES: &str = r#"
type Case @object(kind: MASTER, label: "案", labelEn: "Case", plural: "cases")
@unique(fields: ["name", "secretCode"]) @unique(fields: ["secretKey"]) @check(expr: "size(name) < 9 || secretFlag", message: "密字段不满足") {
  name: String! @field(label: "名", max: 20)
  secretCode: String @field(label: "密码", default: "'x'")
  secretKey: String @field(label: "密钥", default: "upper(name)")
  secretFlag: Boolean @field(label: "密旗", default: "false")
  secretNeed: String! @field(label: "密需")
  secretOwner: Customer @field(label: "密主") @relation(inverse: "cases")
  size: Int @field(label: "大小", check: "size < 3")
  rows: [CaseRow!]! @field(label: "行") @lines
}
type CaseRow @object(kind: LINE, label: "案行") { secretNote: String! @field(label: "密记") plain: Int @field(label: "明", check: "plain > 0") }
"#;

async fn faults_name_nothing_hidden(client: &Client) {
    assert_eq!(client.apply(CASES, false).await["diagnostics"], json!([]));
    let office = Office::open(client).await;
    let role = "code = \"cases\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Case\", \"CaseRow\"]\nactions = [\"read\", \"create\", \"edit\", \"delete\"]\nopen = true\n[[fields]]\nobject = \"Case\"\nhidden = [\"secretCode\", \"secretKey\", \"secretFlag\", \"secretNeed\", \"secretOwner\"]\n[[fields]]\nobject = \"CaseRow\"\nhidden = [\"secretNote\"]\n";
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": role }),
        )
        .await;
    office.give("su", &["cases"], &[]).await;
    let input = json!({ "name": "A", "secretNeed": "n", "secretOwner": { "id": office.id("CL") } });
    let id = client.create("Case", input).await;
    let other =
        client.create("Case", json!({ "name": "B", "secretNeed": "n", "secretKey": "ZZ" })).await;
    let restored =
        client.create("Case", json!({ "name": "D", "secretNeed": "n", "secretKey": "DD" })).await;
    let remove =
        format!("mutation {{ deleteCase(id: \"{restored}\") {{ userErrors {{ code }} }} }}");
    office.ask("su", &remove).await;
    client.create("Case", json!({ "name": "E", "secretNeed": "n", "secretKey": "DD" })).await;
    let mut seen = Vec::new();
    for (field, code, path) in [
        ("createCase(input: {name: \"C\"})".to_owned(), "RECORD_REQUIRED", ""),
        (
            format!("updateCase(id: \"{id}\", patch: {{rows: {{create: [{{}}]}}}})"),
            "RECORD_REQUIRED",
            "rows.create.0",
        ),
        (format!("updateCase(id: \"{other}\", patch: {{name: \"A\"}})"), "RECORD_TAKEN", ""),
        (format!("restoreCase(id: \"{restored}\")"), "RECORD_TAKEN", ""),
        (format!("updateCase(id: \"{id}\", patch: {{name: \"0123456789\"}})"), "RECORD_CHECK", ""),
        (format!("updateCase(id: \"{id}\", patch: {{size: 9}})"), "RECORD_CHECK", "size"),
        (
            format!("updateCase(id: \"{id}\", patch: {{name: \"{}\"}})", "长".repeat(21)),
            "RECORD_VALUE",
            "name",
        ),
        (
            "updateCase(id: \"019ec900-0000-7000-8000-ffffffffffff\", patch: {})".to_owned(),
            "RECORD_NOT_FOUND",
            "id",
        ),
        (
            format!("updateCase(id: \"{id}\", patch: {{size: 1}}, expectedVersion: 7)"),
            "RECORD_VERSION",
            "expectedVersion",
        ),
    ] {
        let query =
            format!("mutation {{ it: {field} {{ userErrors {{ code path message hint }} }} }}");
        for lang in ["en", "zh"] {
            let answer =
                client.ask_with(&office.tokens["su"], ("Accept-Language", lang), &query).await.body;
            let faults = &answer["data"]["it"]["userErrors"];
            let told: Vec<_> = faults[0]["path"]
                .as_array()
                .unwrap_or_else(|| panic!("{field}: {answer:#}"))
                .iter()
                .map(|part| part.as_str().unwrap())
                .collect();
            assert_eq!(
                (&faults[0]["code"], &*told.join(".")),
                (&json!(code), path),
                "{field}: {answer:#}"
            );
            assert_eq!(faults.as_array().unwrap().len(), 1, "{field}: {answer:#}");
            let text = answer.to_string().to_lowercase();
            assert!(!text.contains("secret") && !text.contains('密'), "{field}: {text}");
        }
        seen.push(code);
    }
    // Whoever sees all is told all.
    let refused = client.update("Case", &other, json!({ "name": "A" })).await;
    assert!(refused.to_string().contains("Secret code"), "{refused:#}");
    let known: Vec<_> = tradewind::base::Code::ALL
        .iter()
        .map(|code| code.name())
        .filter(|name| name.starts_with("RECORD_"))
        .collect();
    // The others have stories of their own: what refers (`trees`), references (`unseen`), rows kept (`own_rows`),
    // what looks like others (`duplicates`), states (`flows`), rules (`rules`), what waits (`approvals`), what is undone, left out or would shut everyone out names nothing.
    let elsewhere = [
        "RECORD_REFERENCE",
        "RECORD_DUPLICATE",
        "RECORD_STATE",
        "RECORD_RULE",
        "RECORD_PENDING",
        "RECORD_IN_USE",
        "RECORD_READ_ONLY",
        "RECORD_UNDONE",
        "RECORD_MORE",
        "RECORD_LAST_ADMINISTRATOR",
    ];
    let missing: Vec<_> =
        known.iter().filter(|code| !seen.contains(code) && !elsewhere.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

async fn a_hidden_record_is_left_alone(client: &Client) {
    let office = Office::open(client).await;
    let statements = async |id: &str, query: &str| -> (u64, Value) {
        office.ask("zhang", "{ customers(first: 1) { totalCount } }").await;
        let before = client.company.database.statements();
        let answer = office.ask("zhang", &query.replace('#', id)).await;
        (client.company.database.statements() - before, answer)
    };
    let nowhere = "019ec900-0000-7000-8000-ffffffffffff";
    for query in [
        "mutation { updateCustomer(id: \"#\", patch: {city: \"x\"}) { record { id } userErrors { code path message } } }",
        "mutation { updateCustomer(id: \"#\", patch: {city: \"x\"}, expectedVersion: 9) { record { id } userErrors { code path message } } }",
        "mutation @atomic { updateCustomer(id: \"#\", patch: {city: \"x\"}) { record { id } userErrors { code path message } } }",
    ] {
        let (hidden, absent) =
            (statements(&office.id("CL"), query).await, statements(nowhere, query).await);
        assert_eq!(hidden, absent, "{query}");
        assert!(hidden.1.to_string().contains("RECORD_NOT_FOUND"), "{}", hidden.1);
    }
}
