//! Printing and exporting as rights of their own, the budget of reads, and reading as someone else: allowed,
//! refused, and written down.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    printing_and_exporting_are_rights_of_their_own
    reading_everything_page_by_page_is_stopped
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
    let query = format!("{{ auditTrail(kind: \"{kind}\") {{ account detail }} }}");
    client.metadata(&query, json!({})).await["auditTrail"].as_array().unwrap().clone()
}

async fn printing_and_exporting_are_rights_of_their_own(client: &Client) {
    let office = Office::open(client).await;
    let query = "{ customers { totalCount nodes { code } } }";
    // T25: zhang, who reads his customers, has no right to take them away.
    for purpose in [EXPORT, PRINT] {
        let refused = client.ask_with(&office.tokens["zhang"], purpose, query).await;
        assert_eq!(refused.codes(), ["ACCESS_DENIED"]);
    }
    let refused = trail(client, "REFUSED").await;
    assert_eq!(refused.len(), 2);
    assert_eq!(refused[1]["account"], "zhang");
    assert_eq!(refused[1]["detail"], json!({ "purpose": "export", "query": query }));
    // Who was refused has taken nothing: no entry says that he did.
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
    assert_eq!(audited[1]["detail"], json!({ "as": "Zhang", "query": query }));
    let change = "mutation { updateCustomer(id: \"x\", patch: {}) { record { id } } }";
    for (token, header, query, code) in [
        (&admin, as_zhang, change, "INPUT_METHOD"),
        (&admin, ("X-Tradewind-View-As", "ghost"), query, "INPUT_VALUE"),
        (&office.tokens["wang"], as_zhang, query, "ACCESS_DENIED"),
    ] {
        assert_eq!(client.ask_with(token, header, query).await.codes(), [code], "{header:?}");
    }
}
