//! Records that look like others: what a save and its payload tell, to whom, and by what they are found.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};

use crate::{
    both_dbs,
    languages::Asker,
    program::connect,
    support::{
        Client, Poster,
        office::Office,
        recorder::{listen, sent},
    },
};

both_dbs! {
    what_looks_like_another_is_told_by_the_payload
    a_rule_that_refuses_yields_where_it_permits
    one_of_several_at_once_is_let_through
    what_is_hidden_is_told_where_the_rule_says_so
    drafts_tell_what_they_look_like
    rules_are_versions_and_faulty_ones_are_refused
    duplicates_are_found_by_an_index
    other_processes_follow_rules
    rules_follow_a_renamed_field
}

const PAYLOAD: &str = "record { id } duplicates { rule id text } userErrors { code path }";

const SET: &str = "mutation($o: String!, $d: String, $e: Int) { setDuplicateRules(object: $o, definition: $d, expectedVersion: $e) {
    version diagnostics { code line message } rules { version standard } } }";

/// The rules of customers with one by the name of the company.
fn by_name(options: &str) -> String {
    format!(
        "object = \"Customer\"\n[[duplicate]]\nname = \"company\"\nlabel = \"公司\"\nlabel_en = \"Company\"\nfields = {{ name = [\"COMPANY_NAME\"] }}\n{options}\n"
    )
}

async fn set(client: &Client, text: &str) {
    let stored = client.metadata(SET, json!({ "o": "Customer", "d": text })).await;
    assert_eq!(stored["setDuplicateRules"]["diagnostics"], json!([]), "{stored:#}");
}

/// What comes of a mutation with an input or a patch.
async fn write(client: &Client, field: &str, input: Value) -> Value {
    let ty = if field.starts_with("create") { "Create" } else { "Update" };
    let query = format!("mutation($i: {ty}CustomerInput!) {{ it: {field} {{ {PAYLOAD} }} }}");
    client.ask(&query, json!({ "i": input })).await.data()["it"].clone()
}

fn customer(department: &str, code: &str, name: &str) -> Value {
    json!({ "code": code, "name": name, "department": { "id": department } })
}

async fn what_looks_like_another_is_told_by_the_payload(client: &Client) {
    let tj = client.department("TJ").await;
    let create = "createCustomer(input: $i)";
    let one = write(client, create, customer(&tj, "C1", "天津安益有限公司")).await;
    assert_eq!((&one["duplicates"], &one["userErrors"]), (&json!([]), &json!([])));
    let id = one["record"]["id"].clone();
    let told = json!([{ "rule": "company_name", "id": id, "text": "天津安益有限公司" }]);
    let two = write(client, create, customer(&tj, "C2", "天津（安益）集团股份有限公司")).await;
    assert_eq!((&two["duplicates"], &two["userErrors"]), (&told, &json!([])), "{two:#}");
    let three = write(client, create, customer(&tj, "C3", "上海安益有限公司")).await;
    assert_eq!(three["duplicates"], json!([]));
    // By another rule, whatever signs stand between digits.
    let own = three["record"]["id"].as_str().unwrap();
    client.update("Customer", id.as_str().unwrap(), json!({ "phone": "022-23456789" })).await;
    let update = format!("updateCustomer(id: \"{own}\", patch: $i)");
    let told = write(client, &update, json!({ "phone": "+86 22 2345 6789" })).await;
    let told_by: Vec<_> =
        told["duplicates"].as_array().unwrap().iter().map(|d| (&d["rule"], &d["id"])).collect();
    assert_eq!(told_by, [(&json!("phone"), &id)], "{told:#}");
    // The name that is left is nothing: such names look like none.
    for code in ["C4", "C5"] {
        let empty = write(client, create, customer(&tj, code, "有限公司")).await;
        assert_eq!(empty["duplicates"], json!([]));
    }
}

async fn a_rule_that_refuses_yields_where_it_permits(client: &Client) {
    let tj = client.department("TJ").await;
    let id = client.create("Customer", customer(&tj, "C1", "Acme Paint Co., Ltd.")).await;
    set(client, &by_name("action = \"refuse\"\noverride = true")).await;
    let again = customer(&tj, "C2", "ＡＣＭＥ-Paint Inc.");
    let refused = write(client, "createCustomer(input: $i)", again.clone()).await;
    let fault = json!([{ "code": "RECORD_DUPLICATE", "path": ["name"] }]);
    let looks = json!([{ "rule": "company", "id": id, "text": "Acme Paint Co., Ltd." }]);
    assert_eq!(refused, json!({ "record": null, "duplicates": looks, "userErrors": fault }));
    let query = "mutation($i: CreateCustomerInput!) { createCustomer(input: $i) { userErrors { message hint } } }";
    let told = Asker::new(client).await.told("/graphql", query, json!({ "i": again })).await;
    let message = &told[0]["data"]["createCustomer"]["userErrors"][0]["message"];
    assert_eq!(message, "this customer looks like another one: Company");
    // Made within another record it is refused as well, and by a key.
    let contact = json!({ "name": "x", "customer": { "create": again } });
    let within = client.try_create("Contact", contact).await;
    assert_eq!(
        within["userErrors"][0]["path"],
        json!(["customer", "create", "name"]),
        "{within:#}"
    );
    let upsert = "mutation($i: CreateCustomerInput!) { upsertCustomer(by: code, input: $i) { userErrors { code } } }";
    let told = client.ask(upsert, json!({ "i": again })).await.data();
    assert_eq!(told["upsertCustomer"]["userErrors"][0]["code"], "RECORD_DUPLICATE");
    // Two that look the same in one request, of which each is told.
    let twins = "mutation($i: [CreateCustomerInput!]!, $a: Boolean) { createCustomers(inputs: $i, allowDuplicates: $a) { count userErrors { code path } } }";
    let both = json!([customer(&tj, "C3", "新公司"), customer(&tj, "C4", "新有限公司")]);
    let told = client.ask(twins, json!({ "i": both })).await.data()["createCustomers"].clone();
    assert_eq!(
        (&told["count"], &told["userErrors"][0]["code"]),
        (&json!(0), &json!("RECORD_DUPLICATE"))
    );
    let told = client.ask(twins, json!({ "i": both, "a": true })).await.data();
    assert_eq!(told["createCustomers"]["count"], 2, "{told:#}");
    // What is meant is saved; what does not touch the name is never asked.
    let meant = write(client, "createCustomer(input: $i, allowDuplicates: true)", again).await;
    assert_eq!((&meant["userErrors"], &meant["duplicates"]), (&json!([]), &looks), "{meant:#}");
    let twin = meant["record"]["id"].as_str().unwrap();
    let patch = client.update("Customer", twin, json!({ "shortName": "Acme" })).await;
    assert_eq!(patch["userErrors"], json!([]));
    let patch = client.update("Customer", twin, json!({ "name": "Acme Paint LLC" })).await;
    assert_eq!(patch["userErrors"][0]["code"], "RECORD_DUPLICATE");
    // Where the rule permits nothing, nobody is let through.
    set(client, &by_name("action = \"refuse\"")).await;
    let field = "createCustomer(input: $i, allowDuplicates: true)";
    let refused = write(client, field, customer(&tj, "C9", "acme paint")).await;
    assert_eq!(refused["userErrors"], fault);
}

async fn one_of_several_at_once_is_let_through(client: &Client) {
    let tj = client.department("TJ").await;
    set(client, &by_name("action = \"refuse\"")).await;
    let mut tasks = tokio::task::JoinSet::new();
    for at in 0..6 {
        let (post, input) = (
            client.poster(),
            customer(&tj, &format!("C{at}"), &format!("天津安益{}有限公司", " ".repeat(at))),
        );
        tasks.spawn(async move {
            let query = "mutation($i: CreateCustomerInput!) { createCustomer(input: $i) { record { id } userErrors { code } } }";
            post.ask(query, json!({ "i": input })).await.data()["createCustomer"].clone()
        });
    }
    let done = tasks.join_all().await;
    let saved = done.iter().filter(|made| made["record"]["id"].is_string()).count();
    assert_eq!(saved, 1, "{done:#?}");
    let refused = done.iter().filter(|made| made["userErrors"][0]["code"] == "RECORD_DUPLICATE");
    assert_eq!(refused.count(), 5, "{done:#?}");
}

async fn what_is_hidden_is_told_where_the_rule_says_so(client: &Client) {
    let office = Office::open(client).await;
    for (code, name) in [("CQ", "泉州远洋有限公司"), ("CZ", "天津安益有限公司")] {
        client.update("Customer", &office.id(code), json!({ "name": name })).await;
    }
    let department = office.id("TJ-TL");
    let write = async |code: &str, name: &str| {
        let query = format!(
            "mutation {{ it: createCustomer(input: {{ code: \"{code}\", name: \"{name}\", department: {{ id: \"{department}\" }} }}) {{ {PAYLOAD} }} }}"
        );
        let told = office.ask("zhang", &query).await;
        assert!(told["data"]["it"].is_object(), "{told:#}");
        told["data"]["it"].clone()
    };
    // Silent: as if the record of another department did not exist, whether it warns or refuses.
    set(client, &by_name("")).await;
    assert_eq!(write("S1", "泉州远洋").await["duplicates"], json!([]));
    set(client, &by_name("action = \"refuse\"")).await;
    client.update("Customer", &office.id("CQ"), json!({ "name": "厦门远洋有限公司" })).await;
    let silent = write("S2", "厦门远洋").await;
    assert_eq!(
        (&silent["userErrors"], &silent["duplicates"]),
        (&json!([]), &json!([])),
        "{silent:#}"
    );
    let trail = "{ auditTrail(kind: GUESS) { nodes { account } } }";
    let guesses = client.metadata(trail, json!({})).await["auditTrail"]["nodes"].clone();
    assert_eq!(guesses, json!([]));
    // One of their own is told with what it is.
    let own = write("S3", "天津安益").await;
    let looks = json!([{ "rule": "company", "id": office.id("CZ"), "text": "天津安益有限公司" }]);
    assert_eq!(own["duplicates"], looks, "{own:#}");
    // Told: that there is one, and a guess.
    client.update("Customer", &office.id("CS"), json!({ "name": "大连远洋有限公司" })).await;
    set(client, &by_name("action = \"refuse\"\nhidden = \"tell\"")).await;
    let told = write("S4", "大连远洋").await;
    let hidden = json!([{ "rule": "company", "id": null, "text": null }]);
    assert_eq!(told["duplicates"], hidden, "{told:#}");
    assert_eq!(told["userErrors"], json!([{ "code": "RECORD_DUPLICATE", "path": ["name"] }]));
    let guesses = client.metadata(trail, json!({})).await["auditTrail"]["nodes"].clone();
    assert_eq!(guesses, json!([{ "account": "zhang" }]));
    set(client, &by_name("hidden = \"tell\"")).await;
    let warned = write("S5", "大连远洋").await;
    assert_eq!((&warned["duplicates"], &warned["userErrors"]), (&hidden, &json!([])), "{warned:#}");
    // Who does not see a field learns of no record by it, be it their own.
    let role = "code = \"phoneless\"\nlabel = \"x\"\nlabel_en = \"x\"\n
        [[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\", \"edit\"]\nemployees = \"responsible\"\n
        [[fields]]\nobject = \"Customer\"\nhidden = [\"phone\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("zhang", &["phoneless"], &[]).await;
    let text = by_name("").replace("name = [\"COMPANY_NAME\"]", "phone = [\"PHONE\"]");
    set(client, &text).await;
    let own = client.data("{ customer(code: \"S1\") { id } }").await["customer"]["id"].clone();
    for id in [office.id("CZ"), own.as_str().unwrap().to_owned()] {
        let patch = client.update("Customer", &id, json!({ "phone": "022-23456789" })).await;
        assert_eq!(patch["userErrors"], json!([]), "{patch:#}");
    }
    let query = format!(
        "mutation {{ it: updateCustomer(id: \"{}\", patch: {{ shortName: \"x\" }}) {{ {PAYLOAD} }} }}",
        office.id("CZ")
    );
    let told = office.ask("zhang", &query).await["data"]["it"].clone();
    assert_eq!((&told["duplicates"], &told["userErrors"]), (&json!([]), &json!([])), "{told:#}");
}

async fn drafts_tell_what_they_look_like(client: &Client) {
    let office = Office::open(client).await;
    set(client, &by_name("")).await;
    for (name, title) in [("CZ", "天津安益有限公司"), ("CQ", "泉州远洋有限公司")] {
        client.update("Customer", &office.id(name), json!({ "name": title })).await;
    }
    let draft = async |arguments: &str| {
        let query = format!(
            "{{ draftCustomer({arguments}) {{ duplicates {{ rule id text }} record {{ name }} }} }}"
        );
        let told = office.ask("zhang", &query).await;
        assert!(told["data"]["draftCustomer"].is_object(), "{told:#}");
        told["data"]["draftCustomer"]["duplicates"].clone()
    };
    let looks = json!([{ "rule": "company", "id": office.id("CZ"), "text": "天津安益有限公司" }]);
    assert_eq!(draft("patch: {name: \"天津安益\"}").await, looks);
    assert_eq!(draft("patch: {code: \"X\"}").await, json!([]));
    // A record is no duplicate of itself.
    let own = format!("id: \"{}\", patch: {{name: \"天津安益\"}}", office.id("CZ"));
    assert_eq!(draft(&own).await, json!([]));
    // A hidden record is not there, unless the rule says so: then that there is one, as a guess.
    let hidden = "patch: {name: \"泉州远洋\"}";
    let trail = "{ auditTrail(kind: GUESS) { nodes { account } } }";
    let guesses = async || client.metadata(trail, json!({})).await["auditTrail"]["nodes"].clone();
    assert_eq!((draft(hidden).await, guesses().await), (json!([]), json!([])));
    set(client, &by_name("hidden = \"tell\"")).await;
    let one = json!([{ "rule": "company", "id": null, "text": null }]);
    assert_eq!((draft(hidden).await, guesses().await), (one, json!([{ "account": "zhang" }])));
}

async fn rules_are_versions_and_faulty_ones_are_refused(client: &Client) {
    let listed =
        "query($o: String) { duplicateRules(object: $o) { object version standard definition } }";
    let rules = client.metadata(listed, json!({ "o": "Customer" })).await["duplicateRules"].clone();
    assert_eq!((&rules[0]["version"], &rules[0]["standard"]), (&json!(0), &json!(true)));
    let faulty = by_name("action = \"shout\"");
    let told = client.metadata(SET, json!({ "o": "Customer", "d": faulty })).await;
    let told = &told["setDuplicateRules"];
    assert_eq!(
        (&told["version"], &told["diagnostics"][0]["line"]),
        (&Value::Null, &json!(7)),
        "{told:#}"
    );
    let unknown = by_name("").replace("{ name =", "{ nam =");
    let told = client.metadata(SET, json!({ "o": "Customer", "d": unknown })).await;
    assert_eq!(told["setDuplicateRules"]["diagnostics"][0]["code"], "CATALOG_DIRECTIVE");
    let first = client.metadata(SET, json!({ "o": "Customer", "d": by_name(""), "e": 0 })).await;
    let version = first["setDuplicateRules"]["version"].as_i64().unwrap();
    assert_eq!(
        first["setDuplicateRules"]["rules"],
        json!({ "version": version, "standard": false })
    );
    // Whoever knows an earlier text is told that there is another.
    let admin = client.token("admin").await;
    let late =
        client.metadata_as(&admin, SET, json!({ "o": "Customer", "d": by_name(""), "e": 0 })).await;
    assert_eq!(late.codes(), ["CATALOG_CONFLICT"]);
    // They outlive a restart, and go back to those of the program.
    let removed = client.metadata(SET, json!({ "o": "Customer" })).await;
    assert_eq!(removed["setDuplicateRules"]["rules"], json!({ "version": 0, "standard": true }));
    let versions =
        client.metadata("{ versions(first: 2) { nodes { changes { kind } } } }", json!({})).await;
    let kinds: Vec<_> = versions["versions"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["changes"][0]["kind"])
        .collect();
    assert_eq!(kinds, ["UPDATE_DUPLICATES", "UPDATE_DUPLICATES"], "{versions:#}");
    // Who may define objects and is no administrator does not let rules tell of what they may not see.
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let token = client.token("new").await;
    let asked = |options| json!({ "o": "Customer", "d": by_name(options) });
    let told = client.metadata_as(&token, SET, asked("hidden = \"tell\"")).await;
    assert_eq!(told.codes(), ["ACCESS_DENIED"]);
    client.metadata_as(&token, SET, asked("")).await.data();
    let zhang = &office.tokens["zhang"];
    assert_eq!(client.metadata_as(zhang, listed, json!({})).await.codes(), ["ACCESS_DENIED"]);
}

/// The indexes by which duplicates of customers are found.
async fn indexes(client: &Client) -> Vec<String> {
    let watcher = connect(&client.database.url()).await;
    let sql = match client.database.is_postgres() {
        true => {
            "SELECT indexname AS name FROM pg_indexes WHERE schemaname = current_schema() AND tablename = 'customer'"
        }
        false => "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'customer'",
    };
    let rows =
        watcher.query_all_raw(Statement::from_string(watcher.get_database_backend(), sql)).await;
    let names = rows.unwrap().into_iter().map(|row| row.try_get::<String>("", "name").unwrap());
    let names = names.filter(|name| name.starts_with("du_")).collect();
    watcher.close().await.unwrap();
    names
}

async fn duplicates_are_found_by_an_index(client: &Client) {
    let tj = client.department("TJ").await;
    assert_eq!(indexes(client).await.len(), 3);
    set(client, &by_name("action = \"refuse\"")).await;
    let known = indexes(client).await;
    assert_eq!(known.len(), 1);
    listen();
    client.create("Customer", customer(&tj, "C1", "天津安益有限公司")).await;
    let asked =
        sent().into_iter().find(|sql| sql.starts_with("SELECT \"t1\".\"id\", \"t1\".\"name\""));
    let asked = asked.unwrap();
    let mut options = sea_orm::ConnectOptions::new(client.database.url());
    options.max_connections(1).sqlx_logging(false);
    let watcher = sea_orm::Database::connect(options).await.unwrap();
    let backend = watcher.get_database_backend();
    let explained = match backend {
        DbBackend::Sqlite => format!("EXPLAIN QUERY PLAN {asked}"),
        _ => {
            for sql in ["SET plan_cache_mode = force_generic_plan", "SET enable_seqscan = off"] {
                watcher.execute_unprepared(sql).await.unwrap();
            }
            watcher.execute_unprepared(&format!("PREPARE q AS {asked}")).await.unwrap();
            "EXPLAIN (COSTS OFF) EXECUTE q(NULL)".to_owned()
        }
    };
    let rows = watcher.query_all_raw(Statement::from_string(backend, explained)).await.unwrap();
    let column = if backend == DbBackend::Sqlite { "detail" } else { "QUERY PLAN" };
    let plan: Vec<_> = rows.iter().map(|row| row.try_get::<String>("", column).unwrap()).collect();
    watcher.close().await.unwrap();
    assert!(plan.join("\n").contains(&known[0]), "{plan:#?}");
    // Of no rule, no index.
    client.metadata(SET, json!({ "o": "Customer", "d": "object = \"Customer\"" })).await;
    assert_eq!(indexes(client).await, [""; 0]);
}

/// A process that publishes something itself between the rules of another and its look around follows them all the same.
async fn other_processes_follow_rules(client: &Client) {
    let tj = client.department("TJ").await;
    let other = client.reopened().await.unwrap();
    let router = other.router(tradewind::http::HttpSettings::default());
    let there = Poster::at(router, &client.token("admin").await);
    client.create("Customer", customer(&tj, "C1", "天津安益有限公司")).await;
    set(client, &by_name("action = \"refuse\"")).await;
    let role = "code = \"x\"\nlabel = \"x\"\nlabel_en = \"x\"\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    there.post("/metadata", json!({ "query": save, "variables": { "d": role } })).await.data();
    other.company.refresh().await.unwrap();
    let query = format!(
        "mutation($i: CreateCustomerInput!) {{ createCustomer(input: $i) {{ {PAYLOAD} }} }}"
    );
    let refused =
        there.ask(&query, json!({ "i": customer(&tj, "C2", "天津安益集团") })).await.data();
    assert_eq!(refused["createCustomer"]["record"], Value::Null, "{refused:#}");
    // And rules that are no more.
    client.metadata(SET, json!({ "o": "Customer", "d": null })).await;
    there
        .post("/metadata", json!({ "query": save, "variables": { "d": role.replace('x', "y") } }))
        .await;
    other.company.refresh().await.unwrap();
    let made = there.ask(&query, json!({ "i": customer(&tj, "C2", "天津安益集团") })).await.data();
    assert_eq!(made["createCustomer"]["userErrors"], json!([]));
}

async fn rules_follow_a_renamed_field(client: &Client) {
    let firm = "type Firm @object(kind: MASTER, plural: \"firms\") { code: String! title: String }";
    assert_eq!(client.apply(firm, false).await["diagnostics"], json!([]));
    let rules = "# Of titles.\nobject = \"Firm\"\n[[duplicate]]\nname = \"title\"\naction = \"refuse\"\nfields = { title = [\"COMPANY_NAME\"] }\n";
    let stored = client.metadata(SET, json!({ "o": "Firm", "d": rules })).await;
    assert_eq!(stored["setDuplicateRules"]["diagnostics"], json!([]));
    client.create("Firm", json!({ "code": "A", "title": "天津安益有限公司" })).await;
    let renamed = firm.replace("title: String", "called: String @renamed(from: \"title\")");
    assert_eq!(client.apply(&renamed, false).await["diagnostics"], json!([]));
    let read = "{ duplicateRules(object: \"Firm\") { definition diagnostics { message } } }";
    let told = client.metadata(read, json!({})).await["duplicateRules"][0].clone();
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert_eq!(told["definition"], rules.replace("{ title = ", "{ called = "));
    let refused = client.try_create("Firm", json!({ "code": "B", "called": "天津安益集团" })).await;
    assert_eq!(refused["userErrors"].as_array().unwrap().len(), 1, "{refused:#}");
}
