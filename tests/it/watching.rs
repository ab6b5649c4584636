//! Printing and exporting as rights of their own, the budget of reads, and reading as someone else: allowed,
//! refused, and written down.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    printing_and_exporting_are_rights_of_their_own
    reading_everything_page_by_page_is_stopped
    small_groups_are_read_like_their_records
    what_a_mutation_answers_is_read_too
    what_a_stale_change_is_told_is_read_too
    who_gives_a_title_is_read_too
    what_is_taken_away_is_read_too
    the_trail_keeps_no_text_of_its_writers
    an_administrator_reads_as_someone_else
}

const EXPORT: (&str, &str) = ("X-Tradewind-Purpose", "export");
const PRINT: (&str, &str) = ("X-Tradewind-Purpose", "print");

async fn save(client: &Client, definition: &str) {
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": definition })).await;
}

/// The details of what the trail has of a kind, the newest first.
async fn trail(client: &Client, kind: &str) -> Vec<Value> {
    let query = format!("{{ auditTrail(kind: {kind}) {{ nodes {{ account detail }} }} }}");
    client.metadata(&query, json!({})).await["auditTrail"]["nodes"].as_array().unwrap().clone()
}

async fn printing_and_exporting_are_rights_of_their_own(client: &Client) {
    let office = Office::open(client).await;
    let query = "{ customers { totalCount nodes { code } } }";
    // T25: zhang, who reads their own customers, has no right to take them away.
    for purpose in [EXPORT, PRINT] {
        let refused = client.ask_with(&office.tokens["zhang"], purpose, query).await;
        assert_eq!(refused.codes(), ["ACCESS_DENIED"]);
    }
    let refused = trail(client, "REFUSED").await;
    assert_eq!(refused.len(), 2);
    assert_eq!(refused[1]["account"], "zhang");
    assert_eq!(refused[1]["detail"], json!({ "purpose": "export", "query": known_by(query) }));
    // Whoever was refused has taken nothing: no entry says that they did.
    assert_eq!(trail(client, "EXPORT").await, Vec::<Value>::new());
    assert_eq!(trail(client, "PRINT").await, Vec::<Value>::new());
    // What one does not see at all is unknown as ever.
    let unknown = client.ask_with(&office.tokens["cai"], EXPORT, query).await;
    assert_eq!(unknown.codes(), ["INPUT_INVALID"]);
    // A right to export one's own, two at once; those of the department are only read.
    save(client, "code = \"exporter\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\nDEPARTMENT = \"all\"\nCUSTOMER = \"all\"\n[caps]\nexport = 2\n[[grants]]\nobjects = [\"Customer\", \"Contact\", \"Department\"]\nactions = [\"read\"]\nopen = true\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"export\"]\nemployees = \"related\"\n").await;
    office.give("new", &["exporter"], &[]).await;
    let related =
        json!({ "relatedEmployees": { "create": [{ "employee": { "id": office.id("new") } }] } });
    for customer in ["CL", "CQ"] {
        client.update("Customer", &office.id(customer), related.clone()).await;
    }
    let token = &office.tokens["new"];
    let read = client.ask_as(token, query).await.data();
    assert_eq!(read["customers"]["totalCount"], 4);
    let whole = "{ customers(orderBy: [{code: ASC}]) { totalCount nodes { code department { code } _can { export } } } }";
    let exported = client.ask_with(token, EXPORT, whole).await.data();
    assert_eq!(
        exported["customers"],
        json!({ "totalCount": 2, "nodes": [
            { "code": "CL", "department": { "code": "TJ-TL" }, "_can": { "export": true } },
            { "code": "CQ", "department": { "code": "QZ-TL" }, "_can": { "export": true } },
        ] })
    );
    let audited = trail(client, "EXPORT").await;
    assert_eq!(audited[0]["detail"]["records"], 2);
    assert_eq!(audited[0]["account"], "new");
    // Not what hangs on them, nor more than the cap.
    let contacts = "{ customers { nodes { contacts { nodes { name } } } } }";
    assert_eq!(client.ask_with(token, EXPORT, contacts).await.codes(), ["ACCESS_DENIED"]);
    client.update("Customer", &office.id("CS"), related).await;
    let beyond = client.ask_with(token, EXPORT, whole).await;
    assert_eq!(beyond.codes(), ["LIMIT_RECORDS"]);
    assert!(beyond.body.get("data").is_none_or(Value::is_null), "{}", beyond.body);
    let first = whole.replace("[{code: ASC}]", "[{code: ASC}], first: 2");
    assert!(client.ask_with(token, EXPORT, &first).await.body["errors"].is_null());
    // An administrator may, and is written down too.
    let admin = client.token("admin").await;
    assert!(client.ask_with(&admin, PRINT, query).await.body["errors"].is_null());
    assert_eq!(trail(client, "PRINT").await[0]["detail"]["records"], 4);
    for (header, query, code) in [
        (("X-Tradewind-Purpose", "fun"), query, "INPUT_VALUE"),
        (EXPORT, "mutation { deleteCustomer(id: \"x\") { id } }", "INPUT_METHOD"),
    ] {
        assert_eq!(client.ask_with(&admin, header, query).await.codes(), [code]);
    }
}

async fn reading_everything_page_by_page_is_stopped(client: &Client) {
    let office = Office::open(client).await;
    save(client, "code = \"curious\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\nCUSTOMER = \"all\"\n[caps]\nread = 3\n[[grants]]\nobjects = [\"Customer\", \"Contact\", \"Department\", \"Employee\"]\nactions = [\"read\", \"edit\"]\nopen = true\n").await;
    office.give("new", &["curious"], &[]).await;
    let page = async |after: &str| {
        let query = format!(
            "{{ customers(first: 1, orderBy: [{{code: ASC}}]{after}) {{ nodes {{ code }} pageInfo {{ endCursor }} }} }}"
        );
        office.ask("new", &query).await
    };
    let mut after = String::new();
    for expected in ["CL", "CQ", "CS"] {
        let answer = page(&after).await;
        assert_eq!(answer["data"]["customers"]["nodes"][0]["code"], expected, "{answer}");
        after = format!(", after: {}", answer["data"]["customers"]["pageInfo"]["endCursor"]);
    }
    let stopped = page(&after).await;
    assert_eq!(stopped["errors"][0]["extensions"]["code"], "LIMIT_READS");
    assert!(stopped["data"].is_null(), "{stopped}");
    // By whatever path: one, node, nested, below what is not guarded.
    let hidden = office.id("CZ");
    let contact = office.id("contact of CZ");
    for query in [
        format!("{{ customer(id: \"{hidden}\") {{ code }} }}"),
        format!("{{ node(id: \"{contact}\") {{ id }} }}"),
        "{ customers { nodes { __typename } } }".to_owned(),
        "{ customers(first: 1) { edges { node { contacts { nodes { name } } } } } }".to_owned(),
        "{ departments { nodes { customers { nodes { code } } } } }".to_owned(),
        "{ contacts { nodes { customer { code } } } }".to_owned(),
    ] {
        let stopped = office.ask("new", &query).await;
        assert_eq!(stopped["errors"][0]["extensions"]["code"], "LIMIT_READS", "{query}: {stopped}");
    }
    // What was read already can be read again, counts can be asked, and what is not guarded is free.
    assert!(page("").await["errors"].is_null());
    for query in ["{ customers { totalCount } }", "{ departments { nodes { code } } }"] {
        assert!(office.ask("new", query).await["errors"].is_null(), "{query}");
    }
    // Nothing is changed whose answer would be withheld.
    let id = office.id("CL");
    let change = format!(
        "mutation {{ updateCustomer(id: \"{id}\", patch: {{city: \"x\"}}) {{ record {{ contacts {{ nodes {{ name }} }} }} }} }}"
    );
    let stopped = office.ask("new", &change).await;
    assert_eq!(stopped["errors"][0]["extensions"]["code"], "LIMIT_READS", "{stopped}");
    let kept = client.data("{ customer(code: \"CL\") { version } }").await;
    assert_eq!(kept["customer"]["version"], 1);
    // One alert for all of it.
    let alerts = trail(client, "BUDGET").await;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert_eq!(alerts[0]["account"], "new");
    assert_eq!(alerts[0]["detail"]["most"], 3);
    // It is each person's own.
    assert!(office.sees("wang", "customers", "CL").await);
}

/// What the trail keeps of a document without a name.
fn known_by(query: &str) -> Value {
    let hash = Sha256::digest(query.as_bytes());
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "sha256": hash, "operation": null })
}

/// A role that reads and edits all customers and contacts, so many of them.
fn curious(read: u32, more: &str) -> String {
    format!(
        "code = \"curious\"\nlabel = \"x\"\nlabel_en = \"x\"\n[caps]\nread = {read}\n[[grants]]\nobjects = [\"Customer\", \"Contact\", \"SalesOrder\", \"Department\", \"Employee\"]\nactions = [\"read\", \"edit\", \"delete\"{more}]\nopen = true\n"
    )
}

async fn small_groups_are_read_like_their_records(client: &Client) {
    let office = Office::open(client).await;
    let code = |answer: &Value| answer["errors"][0]["extensions"]["code"].clone();
    let told = [
        // Each customer is a group of its own; so is each that others are grouped by, or that alone is measured.
        "{ customerAggregate(groupBy: [{name: true}]) { key { name } } }",
        "{ customerAggregate(groupBy: [{code: true}], having: {count: {gte: 1}}) { key { code } count } }",
        "{ contactAggregate(groupBy: [{name: true}, {customer: {name: true}}]) { key { name customer { name } } } }",
        "{ departments { nodes { customersAggregate(groupBy: [{code: true}]) { key { code } } } } }",
        "{ customers(first: 0) { totalCount } contactAggregate(groupBy: [{customer: {owner: {name: true}}}]) { key { customer { owner { name } } } } }",
        "{ customerAggregate { max { createdAt } } }",
        "{ customerAggregate(groupBy: [{level: true}]) { key { level } top(first: 4) { code } } }",
    ];
    for (most, beyond) in [(3, true), (50, false)] {
        save(client, &curious(most, "")).await;
        for (at, query) in told.iter().enumerate() {
            // Each with a budget that nothing was read of yet.
            let who = ["new", "wei", "cai", "wu", "qian", "su", "feng"][at];
            office.give(who, &["curious"], &[]).await;
            let answer = office.ask(who, query).await;
            let expected = if beyond { json!("LIMIT_READS") } else { Value::Null };
            assert_eq!(code(&answer), expected, "{query}: {answer}");
        }
    }
    // Counts tell of nobody.
    save(client, &curious(1, "")).await;
    office.give("zhao", &["curious"], &[]).await;
    for free in [
        "{ customerAggregate { count countDistinct { name } } }",
        "{ customerAggregate(groupBy: [{name: true}]) { count } }",
    ] {
        assert_eq!(code(&office.ask("zhao", free).await), Value::Null, "{free}");
    }
    // A record in a group that was read before counts once; a large group counts as nothing.
    save(client, &curious(4, "")).await;
    office.give("zhang", &["curious"], &[]).await;
    let listed = office.ask("zhang", "{ customers { nodes { code } } }").await;
    assert_eq!(code(&listed), Value::Null);
    assert_eq!(code(&office.ask("zhang", told[0]).await), Value::Null);
    for at in 0..5 {
        client.customer(&office.id("TJ-TL"), &format!("N{at}"), json!({ "level": "A" })).await;
    }
    let large = "{ customerAggregate(filter: {level: {eq: A}}, groupBy: [{level: true}]) { key { level } max { createdAt } } }";
    assert_eq!(code(&office.ask("zhang", large).await), Value::Null);
    assert_eq!(code(&office.ask("zhang", told[0]).await), "LIMIT_READS");
}

async fn what_a_mutation_answers_is_read_too(client: &Client) {
    let office = Office::open(client).await;
    save(client, &curious(3, "")).await;
    office.give("new", &["curious"], &[]).await;
    let dry = "mutation { updateCustomers(filter: {code: {startsWith: \"C\"}}, patch: {}, atMost: 100, dryRun: true) { count records { name contacts { nodes { name } } } userErrors { code hint } } }";
    let delete = "mutation { deleteCustomers(filter: {code: {startsWith: \"C\"}}, atMost: 100, dryRun: true) { count userErrors { code } } }";
    for _ in 0..3 {
        let answer = office.ask("new", dry).await;
        let payload = &answer["data"]["updateCustomers"];
        assert_eq!(payload["count"], 4, "{answer}");
        assert_eq!(payload["records"], json!([null, null, null, null]), "{answer}");
        assert_eq!(payload["userErrors"][0]["code"], "LIMIT_READS", "{answer}");
        assert!(office.ask("new", delete).await["errors"].is_null());
    }
    // A change that is made tells of as much as may be read, and is made.
    let patch = |codes: &str| {
        format!(
            "mutation {{ updateCustomers(filter: {{code: {{in: [{codes}]}}}}, patch: {{city: \"天津\"}}, atMost: 100) {{ records {{ code }} userErrors {{ code }} }} }}"
        )
    };
    let made = office.ask("new", &patch("\"CL\", \"CQ\"")).await;
    assert_eq!(made["data"]["updateCustomers"]["records"].as_array().unwrap().len(), 2, "{made}");
    assert_eq!(made["data"]["updateCustomers"]["records"][0]["code"], "CL", "{made}");
    let made = office.ask("new", &patch("\"CS\", \"CZ\"")).await;
    assert_eq!(made["data"]["updateCustomers"]["records"], json!([null, null]), "{made}");
    let cities = client.data("{ customers(filter: {city: {eq: \"天津\"}}) { totalCount } }").await;
    assert_eq!(cities["customers"]["totalCount"], 4);
    // What was held back was not counted: one more may be read, as the one record of a change as well.
    let one = |name: &str| {
        let id = office.id(name);
        format!(
            "mutation {{ updateCustomer(id: \"{id}\", patch: {{city: \"上海\"}}) {{ record {{ code contacts {{ nodes {{ name }} }} }} userErrors {{ code }} }} }}"
        )
    };
    let made = office.ask("new", &one("CS")).await;
    assert!(made["data"]["updateCustomer"]["record"].is_null(), "{made}");
    assert_eq!(made["data"]["updateCustomer"]["userErrors"][0]["code"], "LIMIT_READS");
    let made = office.ask("new", &one("CS").replace("contacts { nodes { name } }", "")).await;
    assert_eq!(made["data"]["updateCustomer"]["record"]["code"], "CS", "{made}");
    assert_eq!(trail(client, "BUDGET").await.len(), 1);
}

async fn what_a_stale_change_is_told_is_read_too(client: &Client) {
    let office = Office::open(client).await;
    save(client, &curious(3, "")).await;
    office.give("new", &["curious"], &[]).await;
    let codes = ["CL", "CQ", "CS", "CZ"];
    for name in codes {
        client.update("Customer", &office.id(name), json!({ "remark": name })).await;
    }
    let stale = |name: &str| {
        let id = office.id(name);
        format!(
            "{name}: updateCustomer(id: \"{id}\", patch: {{}}, expectedVersion: 1) {{ userErrors {{ code path theirs }} }}"
        )
    };
    let query = format!("mutation @atomic {{ {} }}", codes.map(stale).join(" "));
    let told = office.ask("new", &query).await;
    let faults = |name: &str| told["data"][name]["userErrors"].as_array().unwrap().clone();
    let values = |name: &&str| faults(name).iter().any(|fault| !fault["theirs"].is_null());
    // Three tell of their customers, and one may not.
    assert_eq!(
        codes.into_iter().filter(values).collect::<Vec<_>>(),
        ["CL", "CQ", "CS"],
        "{told:#}"
    );
    for name in codes {
        let codes: Vec<_> = faults(name).iter().map(|fault| fault["code"].clone()).collect();
        assert!(codes.contains(&json!("RECORD_VERSION")), "{told:#}");
        assert_eq!(codes.contains(&json!("LIMIT_READS")), name == "CZ", "{told:#}");
    }
    // Of a version that never was nothing is told but that.
    let query = query.replace("expectedVersion: 1", "expectedVersion: 0");
    let told = client.ask(&query, json!({})).await.data();
    assert_eq!(told["CL"]["userErrors"].as_array().unwrap().len(), 1, "{told}");
    // Nothing is left to be read.
    let told = office.ask("new", &query.replace("@atomic", "")).await;
    assert_eq!(told["errors"][0]["extensions"]["code"], "LIMIT_READS");
}

async fn who_gives_a_title_is_read_too(client: &Client) {
    let office = Office::open(client).await;
    let memos = "type Memo @object(kind: MASTER, label: \"x\", plural: \"memos\", display: \"customer\") { customer: Customer! }";
    assert_eq!(client.apply(memos, false).await["diagnostics"], json!([]));
    for code in ["CL", "CQ", "CS", "CZ"] {
        client.create("Memo", json!({ "customer": { "id": office.id(code) } })).await;
    }
    save(client, &curious(3, "").replace("\"Contact\"", "\"Contact\", \"Memo\"")).await;
    office.give("new", &["curious"], &[]).await;
    let told = office.ask("new", "{ memos(first: 3) { nodes { _title } } }").await;
    assert!(told["errors"].is_null(), "{told}");
    let told = office.ask("new", "{ memos { nodes { _title } } }").await;
    assert_eq!(told["errors"][0]["extensions"]["code"], "LIMIT_READS", "{told}");
}

async fn what_is_taken_away_is_read_too(client: &Client) {
    let office = Office::open(client).await;
    save(client, &curious(3, ", \"export\"").replace("read = 3", "read = 3\nexport = 2")).await;
    office.give("new", &["curious"], &[]).await;
    let token = &office.tokens["new"];
    let page = async |filter: &str| {
        let query =
            format!("{{ customers(filter: {{code: {{in: [{filter}]}}}}) {{ nodes {{ code }} }} }}");
        client.ask_with(token, EXPORT, &query).await
    };
    assert!(page("\"CL\", \"CQ\"").await.body["errors"].is_null());
    assert_eq!(page("\"CL\", \"CQ\", \"CS\"").await.codes(), ["LIMIT_RECORDS"]);
    // The next page is more than may be read, and is refused as such.
    assert_eq!(page("\"CS\", \"CZ\"").await.codes(), ["LIMIT_READS"]);
    assert!(page("\"CL\", \"CS\"").await.body["errors"].is_null());
    assert_eq!(page("\"CZ\"").await.codes(), ["LIMIT_READS"]);
    assert_eq!(trail(client, "EXPORT").await.len(), 2);
    // Groups are taken away as their records.
    let groups = "{ customerAggregate(groupBy: [{name: true}]) { key { name } } }";
    assert_eq!(client.ask_with(token, EXPORT, groups).await.codes(), ["LIMIT_RECORDS"]);
}

async fn the_trail_keeps_no_text_of_its_writers(client: &Client) {
    let office = Office::open(client).await;
    let query =
        format!("# {}\nquery Taken {{ customers {{ nodes {{ code }} }} }}", "好".repeat(2_000));
    let refused = client.ask_with(&office.tokens["zhang"], EXPORT, &query).await;
    assert_eq!(refused.codes(), ["ACCESS_DENIED"]);
    let detail = trail(client, "REFUSED").await[0]["detail"].clone();
    assert!(!detail.to_string().contains('好'), "{detail}");
    assert_eq!(detail["query"]["operation"], "Taken");
    assert_eq!(detail["query"]["sha256"], known_by(&query)["sha256"]);
}

async fn an_administrator_reads_as_someone_else(client: &Client) {
    let office = Office::open(client).await;
    let admin = client.token("admin").await;
    let as_zhang = ("X-Tradewind-View-As", "Zhang");
    let query = "{ customers { nodes { code _can { edit } } } }";
    let own = client.ask_as(&office.tokens["zhang"], query).await.body;
    assert_eq!(client.ask_with(&admin, as_zhang, query).await.body, own);
    let types = "{ __type(name: \"Customer\") { fields { name } } }";
    let (seen, expected) = (
        client.ask_with(&admin, ("X-Tradewind-View-As", "cai"), types).await.body,
        client.ask_as(&office.tokens["cai"], types).await.body,
    );
    assert_eq!(seen, expected);
    assert!(seen["data"]["__type"].is_null());
    let audited = trail(client, "VIEW_AS").await;
    assert_eq!(audited[1]["account"], "admin");
    assert_eq!(audited[1]["detail"], json!({ "as": "Zhang", "query": known_by(query) }));
    let change = "mutation { updateCustomer(id: \"x\", patch: {}) { record { id } } }";
    for (token, header, query, code) in [
        (&admin, as_zhang, change, "INPUT_METHOD"),
        (&admin, ("X-Tradewind-View-As", "ghost"), query, "INPUT_VALUE"),
        (&office.tokens["wang"], as_zhang, query, "ACCESS_DENIED"),
    ] {
        assert_eq!(client.ask_with(token, header, query).await.codes(), [code], "{header:?}");
    }
    // The same of metadata.
    let query = "{ viewer { account name roles } object(name: \"Customer\") { name } objects { name fields { name } } }";
    for account in ["zhang", "cai"] {
        let own = client.metadata_as(&office.tokens[account], query, json!({})).await.body;
        let seen = client.metadata_with(&admin, ("X-Tradewind-View-As", account), query).await.body;
        assert_eq!(seen, own, "{account}");
    }
    let query = "{ viewer { account } }";
    let change = "mutation { setReach(account: \"li\", dimension: \"DEPARTMENT\", level: ALL) }";
    for (token, header, query, code) in [
        (&admin, as_zhang, change, "INPUT_METHOD"),
        (&admin, ("X-Tradewind-View-As", "ghost"), query, "INPUT_VALUE"),
        (&office.tokens["wang"], as_zhang, query, "ACCESS_DENIED"),
        (&admin, as_zhang, "{ roles { code } }", "ACCESS_DENIED"),
    ] {
        assert_eq!(client.metadata_with(token, header, query).await.codes(), [code], "{header:?}");
    }
    assert_eq!(trail(client, "VIEW_AS").await[0]["detail"]["as"], "zhang");
}
