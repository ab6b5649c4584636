//! All that is told is wholly in its reader's language, with labels in place of api names.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};
use tradewind::base::{Lang, foreign};

use crate::{both_dbs, requests, support::Client};

both_dbs! {
    requests_are_refused_in_one_language
    records_are_refused_in_one_language_with_labels
    rules_are_told_as_sentences
    all_that_is_wrong_is_told_at_once
}

/// Whoever asks, by the languages they may ask in.
pub(crate) struct Asker<'c> {
    pub(crate) client: &'c Client,
    pub(crate) token: String,
}

impl<'c> Asker<'c> {
    pub(crate) async fn new(client: &'c Client) -> Self {
        Self { client, token: client.token("admin").await }
    }

    fn request(&self, path: &str, lang: Lang, body: &Value) -> Request<Body> {
        let language = match lang {
            Lang::En => "en",
            Lang::Zh => "zh-CN,zh;q=0.9,en;q=0.8",
        };
        Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .header(header::ACCEPT_LANGUAGE, language)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(Body::from(body.to_string()))
            .unwrap()
    }

    async fn ask(&self, path: &str, lang: Lang, query: &str, variables: &Value) -> Value {
        let request = self.request(path, lang, &json!({ "query": query, "variables": variables }));
        let (_, body) = self.client.send(request).await;
        serde_json::from_slice(&body).unwrap()
    }

    /// What is told of a request in both languages: at least one text, each in its language.
    pub(crate) async fn told(&self, path: &str, query: &str, variables: Value) -> [Value; 2] {
        let mut all = [Value::Null, Value::Null];
        for (lang, place) in Lang::ALL.into_iter().zip(&mut all) {
            let answer = self.ask(path, lang, query, &variables).await;
            in_one_language(&answer, lang, query);
            *place = answer;
        }
        all
    }
}

/// What people read of an answer.
fn texts(answer: &Value, found: &mut Vec<String>) {
    const READ: [&str; 6] = ["message", "hint", "because", "grant", "reason", "warnings"];
    match answer {
        Value::Object(fields) => {
            for (key, value) in fields {
                match (READ.contains(&key.as_str()), value) {
                    (true, Value::String(text)) => found.push(text.clone()),
                    (true, Value::Array(all)) => {
                        found.extend(all.iter().filter_map(Value::as_str).map(str::to_owned));
                        texts(value, found);
                    }
                    _ => texts(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        _ => {}
    }
}

#[track_caller]
fn in_one_language(answer: &Value, lang: Lang, asked: &str) {
    let mut found = Vec::new();
    texts(answer, &mut found);
    let asked: String = asked.chars().take(160).collect();
    assert!(!found.is_empty(), "{asked}: {answer:#}");
    for text in found {
        assert_eq!(foreign(&text, lang), None, "{asked}\n{text}");
        let chinese = text.chars().any(|c| ('\u{3400}'..='\u{9fff}').contains(&c));
        assert!(chinese || lang == Lang::En, "{asked}\n{text}");
    }
}

/// A document for each rule of validation.
const INVALID: [&str; 33] = [
    "query A($x: Int) { __typename }",
    "query A { customers(first: $x) { totalCount } }",
    "{ ...a }",
    "{ __typename } fragment a on Query { __typename }",
    "{ ...a } fragment a on Int { x }",
    "{ ... on Int { x } }",
    "{ customers { ... on Employee { id } } }",
    "{ customers { ...a } } fragment a on Employee { id }",
    "{ customers(first: 1, first: 2) { totalCount } }",
    "query A($x: Int, $x: Int) { customers(first: $x) { totalCount } }",
    "{ customers @nothing { totalCount } }",
    "query @skip(if: true) { __typename }",
    "{ customers @skip { totalCount } }",
    "{ customers @skip(if: true) @skip(if: true) { totalCount } }",
    "{ customers @skip(nothing: 1) { totalCount } }",
    "{ a: customers { totalCount } a: employees { totalCount } }",
    "{ a: customers(first: 1) { totalCount } a: customers(first: 2) { totalCount } }",
    "query A($x: Customer) { customers(first: $x) { totalCount } }",
    "query A($x: Int = \"a\") { customers(first: $x) { totalCount } }",
    "query A($x: String) { customers(first: $x) { totalCount } }",
    "mutation { deleteCustomer { id } }",
    "{ customers(filter: {level: {eq: 1}}) { totalCount } }",
    "{ customers(filter: {code: {eq: [1]}}) { totalCount } }",
    "{ customers(filter: {staffCount: {eq: 3000000000}}) { totalCount } }",
    "mutation { updateCustomers(filter: null, patch: {}, atMost: 1) { ids } }",
    "mutation { createCustomer(input: {nothing: 1}) { record { id } } }",
    "{ __typename { x } }",
    "{ __typename(x: 1) }",
    "query($a: Int @skip(if: true)) { customers(first: $a) { totalCount } }",
    "{ customers(filter: {code: {eq: \"a\", eq: \"b\"}}) { totalCount } }",
    "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }",
    "{ customer { code } }",
    "subscription { nothing }",
];

async fn requests_are_refused_in_one_language(client: &Client) {
    let asker = Asker::new(client).await;
    for (query, _) in requests::wrong_documents() {
        asker.told("/graphql", &query, json!({})).await;
    }
    for variables in requests::wrong_variables() {
        asker.told("/graphql", requests::VARIABLES, variables).await;
    }
    for query in INVALID {
        let [_, zh] = asker.told("/graphql", query, json!({})).await;
        // Of each the meaning is known.
        assert!(!zh.to_string().contains("请求不符合规范"), "{query}: {zh}");
    }
    for query in [
        "{ nothing }",
        "{ object(name: 1) { name } }",
        "{ versions(first: -1) { version } }",
        "{ versions(first: \"x\") { version } }",
        "query($x: Int) { viewer { account } }",
        "mutation { applySchema { version } }",
        "query($x: Boolean!) { viewer @skip(if: $x) { account } }",
    ] {
        let [_, zh] = asker.told("/metadata", query, json!({})).await;
        assert!(!zh.to_string().contains("请求不符合规范"), "{query}: {zh}");
    }
    let sign_in = json!({ "account": "nobody", "password": "wrong" });
    for (path, body) in [
        ("/graphql", json!([])),
        ("/graphql", json!({ "query": 1 })),
        ("/graphql", json!({ "query": "{ __typename }", "variables": 1 })),
        ("/graphql", json!({ "extensions": { "persistedQuery": 1 } })),
        ("/nowhere", json!({})),
        ("/auth/login", json!({})),
        ("/auth/login", sign_in),
        ("/auth/refresh", json!({ "refreshToken": "x" })),
        ("/auth/password", json!({ "token": "x", "password": "1234567890" })),
    ] {
        for lang in Lang::ALL {
            let (_, answer) = client.send(asker.request(path, lang, &body)).await;
            let answer: Value = serde_json::from_slice(&answer).unwrap();
            in_one_language(&answer, lang, path);
        }
    }
    for method in ["PUT", "DELETE", "GET"] {
        for lang in Lang::ALL {
            let mut request = asker.request("/graphql", lang, &json!({}));
            *request.method_mut() = method.parse().unwrap();
            let (_, answer) = client.send(request).await;
            in_one_language(&serde_json::from_slice(&answer).unwrap(), lang, method);
        }
    }
}

const PROBES: &str = r#"
type Probe @object(kind: DOCUMENT, label: "探针", labelEn: "Probe", plural: "probes")
@unique(fields: ["name", "city"]) @check(expr: "closed >= opened")
@check(expr: "!(won && lost)", message: "不能既赢又输", messageEn: "It is either won or lost") {
  code: String @field(label: "编码", labelEn: "Code", max: 8, unique: true)
  name: String! @field(label: "名称", labelEn: "Name", max: 8)
  city: String @field(label: "城市", labelEn: "City")
  days: Int @field(label: "账期", labelEn: "Credit days", check: "days >= 0 && days <= 365")
  rate: Decimal @field(label: "税率", labelEn: "Tax rate", scale: 2, check: "rate <= 100", message: "税率过高", messageEn: "That is too much tax")
  opened: Date @field(label: "开立日期", labelEn: "Opened on")
  closed: Date @field(label: "成交日期", labelEn: "Closed on")
  at: DateTime @field(label: "时间", labelEn: "Time")
  won: Boolean @field(label: "赢单", labelEn: "Won")
  lost: Boolean @field(label: "输单", labelEn: "Lost")
  state: ProbeState @field(label: "状态", labelEn: "State")
  mail: String @field(type: EMAIL, label: "邮箱", labelEn: "Mail")
  site: String @field(type: URL, label: "网址", labelEn: "Site")
  phone: String @field(type: PHONE, label: "电话", labelEn: "Phone")
  probe: Probe @field(label: "上级", labelEn: "Parent") @relation(inverse: "probes", tree: true)
  total: Decimal @field(label: "合计", labelEn: "Total", check: "total <= 10") @rollup(of: "lines", sum: "amount")
  lines: [ProbeLine!]! @field(label: "明细", labelEn: "Lines") @lines
}
type ProbeLine @object(kind: LINE, label: "探针明细", labelEn: "Probe line") {
  amount: Decimal! @field(label: "金额", labelEn: "Amount", check: "amount > 0")
}
enum ProbeState { OPEN @label(zh: "未结", en: "Open") DONE @label(zh: "已结", en: "Done") }
"#;

/// The messages of the user errors of a mutation's one root field, each with its path.
fn messages(answer: &Value) -> Vec<(String, String)> {
    let root = answer["data"].as_object().unwrap_or_else(|| panic!("{answer:#}"));
    let payload = root.values().next().unwrap();
    let faults = payload["userErrors"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
    let path = |fault: &Value| {
        let parts = fault["path"].as_array().unwrap().iter();
        parts.map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join(".")
    };
    let text = |fault: &Value| (path(fault), fault["message"].as_str().unwrap().to_owned());
    faults.iter().map(text).collect()
}

async fn records_are_refused_in_one_language_with_labels(client: &Client) {
    assert_eq!(client.apply(PROBES, false).await["diagnostics"], json!([]));
    let asker = Asker::new(client).await;
    let made = client
        .create("Probe", json!({ "code": "P1", "name": "A", "city": "B", "lines": { "create": [{ "amount": "1" }] } }))
        .await;
    client.create("Probe", json!({ "name": "C", "probe": { "id": made } })).await;
    let create = |input: &str| format!("createProbe(input: {{{input}}})");
    let patch = |patch: &str| format!("updateProbe(id: \"{made}\", patch: {{{patch}}})");
    for (field, path, en, zh) in [
        (create(""), "name", "Name is required", "名称必填"),
        (
            create("name: \"123456789\""),
            "name",
            "Name must have at most 8 characters",
            "名称最多 8 个字符",
        ),
        (
            create("name: \"a\\nb\""),
            "name",
            "Name cannot hold control characters or line breaks",
            "名称不能包含控制字符或换行",
        ),
        (
            create("name: \"x\", code: \"p 1\""),
            "code",
            "Code is already taken by another record",
            "编码已被其他记录使用",
        ),
        (
            create("name: \"A\", city: \"B\""),
            "name",
            "another record already has these together: Name, City",
            "已有其他记录同时使用这些值：名称、城市",
        ),
        (
            patch("days: 366"),
            "days",
            "Credit days must be between 0 and 365",
            "账期须在 0 到 365 之间",
        ),
        (patch("rate: \"100.01\""), "rate", "That is too much tax", "税率过高"),
        (
            patch("rate: \"1.001\""),
            "rate",
            "Tax rate must have at most 2 digits after the point",
            "税率最多保留 2 位小数",
        ),
        (
            patch("opened: \"2026-02-02\", closed: \"2026-02-01\""),
            "opened",
            "Closed on must not be before opened on",
            "成交日期不能早于开立日期",
        ),
        (patch("won: true, lost: true"), "won", "It is either won or lost", "不能既赢又输"),
        (patch("state: GONE"), "state", "State has no option `GONE`", "状态没有选项 `GONE`"),
        (
            patch("mail: \"x\""),
            "mail",
            "Mail must be an e-mail address",
            "邮箱须为有效的电子邮件地址",
        ),
        (patch("site: \"x\""), "site", "Site must be a web address", "网址须为有效的网址"),
        (
            patch("phone: \"x\""),
            "phone",
            "Phone must be a telephone number",
            "电话须为有效的电话号码",
        ),
        (
            patch("probe: {id: \"019ec900-0000-7000-8000-ffffffffffff\"}"),
            "probe",
            "there is no such probe",
            "该探针不存在",
        ),
        (
            patch(&format!("probe: {{id: \"{made}\"}}")),
            "probe",
            "a record cannot stand below itself",
            "记录不能成为自己的上级或下级",
        ),
        (
            patch("lines: {create: [{amount: \"20\"}]}"),
            "lines",
            "Total must not be more than 10",
            "合计不能大于 10",
        ),
        (
            patch("lines: {create: [{amount: \"-1\"}]}"),
            "lines.create.0.amount",
            "Amount must be more than 0",
            "金额须大于 0",
        ),
        (
            patch("lines: {delete: [\"019ec900-0000-7000-8000-ffffffffffff\"]}"),
            "lines.delete.0",
            "this document has no such probe line",
            "此单据没有该探针明细",
        ),
        (
            "updateProbe(id: \"019ec900-0000-7000-8000-ffffffffffff\", patch: {})".to_owned(),
            "id",
            "there is no such probe",
            "该探针不存在",
        ),
        (
            format!("updateProbe(id: \"{made}\", patch: {{}}, expectedVersion: 9)"),
            "expectedVersion",
            "the record was changed meanwhile; it has version 1 now",
            "记录已被修改，当前版本为 1",
        ),
        (
            format!("deleteProbe(id: \"{made}\")"),
            "id",
            "1 probe (C) still refers to this record",
            "仍有 1 条探针（C）引用此记录",
        ),
        (
            "upsertProbe(by: code, input: {name: \"x\"})".to_owned(),
            "code",
            "Code is required to find the record by",
            "按编码查找记录时必填",
        ),
        (
            create("name: \"x\", days: 3000000000"),
            "days",
            "this is not a 32-bit whole number",
            "此处应为整数（-2147483648 到 2147483647）",
        ),
        (
            create("name: \"x\", closed: \"2026-02-30\""),
            "closed",
            "there is no day `2026-02-30`",
            "没有 `2026-02-30` 这一天",
        ),
    ] {
        let query = format!("mutation {{ {field} {{ userErrors {{ code path message hint }} }} }}");
        let told = asker.told("/graphql", &query, json!({})).await;
        for (answer, text) in told.iter().zip([en, zh]) {
            assert_eq!(messages(answer), [(path.to_owned(), text.to_owned())], "{query}");
        }
    }
}

async fn rules_are_told_as_sentences(client: &Client) {
    let asker = Asker::new(client).await;
    let department = client.department("TJ").await;
    let input = format!("code: \"K\", name: \"K\", department: {{id: \"{department}\"}}");
    let query = format!(
        "mutation {{ createCustomer(input: {{{input}, creditDays: 400, creditLimit: \"-1\"}}) {{ userErrors {{ path message }} }} }}"
    );
    let [en, zh] = asker.told("/graphql", &query, json!({})).await;
    let of = |all: &[(&str, &str)]| {
        all.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(
        messages(&en),
        of(&[
            ("creditLimit", "Credit limit must not be less than 0"),
            ("creditDays", "Credit days must be between 0 and 365"),
        ])
    );
    assert_eq!(
        messages(&zh),
        of(&[("creditLimit", "信用额度不能小于 0"), ("creditDays", "账期(天)须在 0 到 365 之间")])
    );
}

async fn all_that_is_wrong_is_told_at_once(client: &Client) {
    assert_eq!(client.apply(PROBES, false).await["diagnostics"], json!([]));
    let written = "code: \"123456789\", days: \"x\", rate: 1000.5, opened: \"2026-02-30\", closed: \"2026-01-01\", \
        state: GONE, won: 1, mail: \"x\", probe: \"x\", lines: {create: [{amount: \"1,000.00\"}, {amount: \"-1\"}]}";
    let input = json!({
        "code": "123456789", "days": "x", "rate": 1000.5, "opened": "2026-02-30", "closed": "2026-01-01",
        "state": "GONE", "won": 1, "mail": "x", "probe": "x",
        "lines": { "create": [{ "amount": "1,000.00" }, { "amount": "-1" }] },
    });
    let literal = client
        .ask(
            &format!("mutation {{ createProbe(input: {{{written}}}) {{ userErrors {{ code path message hint }} }} }}"),
            json!({}),
        )
        .await
        .body;
    let variables = client
        .ask(
            "mutation($i: CreateProbeInput!) { createProbe(input: $i) { userErrors { code path message hint } } }",
            json!({ "i": input }),
        )
        .await
        .body;
    let sorted = |answer: &Value| {
        let mut told = messages(answer);
        told.sort();
        told
    };
    let told = sorted(&literal);
    assert_eq!(told, sorted(&variables));
    let paths: Vec<_> = told.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "code",
            "days",
            "lines.create.0.amount",
            "lines.create.1.amount",
            "mail",
            "name",
            "opened",
            "probe",
            "rate",
            "state",
            "won"
        ]
    );
    let hint = |path: &str| {
        let faults = literal["data"]["createProbe"]["userErrors"].as_array().unwrap();
        let last = path.rsplit('.').next().unwrap();
        let found =
            faults.iter().find(|fault| fault["path"].as_array().unwrap().last().unwrap() == last);
        found.unwrap()["hint"].as_str().unwrap().to_owned()
    };
    assert!(hint("rate").contains("`\"1000.5\"`"), "{}", hint("rate"));
    assert!(hint("lines.create.0.amount").contains("without commas"), "{}", hint("amount"));
    // Nothing was written, and what is right is taken as it is written.
    assert_eq!(client.data("{ probes { totalCount } }").await["probes"]["totalCount"], 0);
    let made = client.data("mutation { createProbe(input: {name: \"x\", rate: 1, state: OPEN}) { record { state } userErrors { path } } }").await;
    assert_eq!(made["createProbe"], json!({ "record": { "state": "OPEN" }, "userErrors": [] }));
    // Some of several are written where that is asked for.
    let some = "mutation { createProbes(inputs: [{name: \"y\"}, {name: \"z\", days: \"x\", mail: \"x\"}], onError: CONTINUE) { count userErrors { path } } }";
    let some = client.data(some).await;
    assert_eq!(
        some["createProbes"]["userErrors"],
        json!([{ "path": ["1", "days"] }, { "path": ["1", "mail"] }])
    );
    assert_eq!(client.data("{ probes { totalCount } }").await["probes"]["totalCount"], 2);
    // What is missing and what is not there is the program's fault as before.
    for wrong in
        ["{name: \"x\", nothing: 1}", "null", "{name: \"x\", lines: {update: [{patch: {}}]}}"]
    {
        let query =
            format!("mutation {{ createProbe(input: {wrong}) {{ userErrors {{ code }} }} }}");
        assert_eq!(client.ask(&query, json!({})).await.codes(), ["INPUT_INVALID"], "{wrong}");
    }
}
