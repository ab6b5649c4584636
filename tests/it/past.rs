//! What records were: answers with `asOf` are those that were given then, under the rights there are now.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    the_past_is_answered_as_it_was
    rights_are_those_of_today
    what_is_not_kept_is_refused
    records_without_history_are_as_they_are
    lines_come_by_elsewhere_are_of_the_past_too
}

/// Queries with `@` where the arguments about the past go.
const QUERIES: &[&str] = &[
    "{ customers(orderBy: [{department: {code: DESC}}, {code: ASC}]@) { totalCount nodes { id code name level creditLimit staffCount version createdAt updatedAt createdBy { account } updatedBy { account } lastActivityAt department { name } contacts { totalCount nodes { name isPrimary birthday customer { code } } } } } }",
    "{ customers(first: 1, filter: {or: [{level: {eq: A}}, {contacts: {some: {name: {contains: \"王\"}}}}]}@) { nodes { code } pageInfo { hasNextPage } } }",
    "{ customers(search: \"安益\"@) { nodes { code } } contacts(filter: {customer: {level: {eq: B}}}@) { nodes { name } } }",
    "{ customerAggregate(groupBy: [{department: {name: true}}, {level: true}]@) { key { department { name } level } count sum { creditLimit } countDistinct { owner } } }",
    "{ customer(code: \"K1\"@) { code name level department { code parent { name } } contactsAggregate { count } } }",
    "{ department(code: \"TJ\"@) { name updatedAt } }",
    "{ salesOrders(orderBy: [{number: ASC}]@) { nodes { number status totalAmount orderDate customer { name } contact { name } version lineCount lines { id lineNo quantity amount remark item { code } } relatedEmployees { isResponsible employee { code } } } } }",
    "{ salesOrders(orderBy: [{number: ASC}], filter: {lines: {some: {quantity: {gte: 3}}}}@) { nodes { number linesAggregate { count sum { amount } } } } }",
    "{ opportunities(orderBy: [{number: ASC}]@) { nodes { name categories(orderBy: [{code: ASC}]) { code name } } } }",
    "{ opportunities(filter: {categories: {some: {code: {eq: \"B\"}}}}@) { totalCount } }",
];

async fn answers(client: &Client, as_of: Option<&str>) -> Vec<Value> {
    let mut all = Vec::new();
    for query in QUERIES {
        let query = match as_of {
            None => query.replace('@', ""),
            Some(at) => query.replace('@', &format!(", asOf: \"{at}\"")),
        };
        all.push(client.data(&query).await);
    }
    all
}

async fn gone(client: &Client, object: &str, id: &str) {
    let query =
        format!("mutation {{ delete{object}(id: \"{id}\") {{ userErrors {{ message }} }} }}");
    let done = client.data(&query).await;
    assert_eq!(done[format!("delete{object}")]["userErrors"], json!([]));
}

async fn the_past_is_answered_as_it_was(client: &Client) {
    let tj = client.department("TJ").await;
    let sh = client.department("SH").await;
    let mut then = Vec::new();
    let mut note = async || {
        let at = client.company.env.clock.now().to_rfc3339();
        then.push((at, answers(client, None).await));
        client.world.advance(Duration::from_secs(20));
    };
    note().await;
    let k1 =
        json!({ "name": "天津安益家具", "level": "A", "creditLimit": "10.50", "staffCount": 7 });
    let k1 = client.customer(&tj, "K1", k1).await;
    let contact = json!({ "name": "王一", "customer": { "id": k1 }, "birthday": "1980-02-29" });
    let contact = client.create("Contact", contact).await;
    note().await;
    let k2 = client.customer(&sh, "K2", json!({ "level": "B" })).await;
    client
        .update(
            "Customer",
            &k1,
            json!({ "level": null, "name": "安益木业", "creditLimit": "9.99" }),
        )
        .await;
    note().await;
    client
        .update("Contact", &contact, json!({ "customer": { "id": k2 }, "isPrimary": true }))
        .await;
    client.update("Department", &tj, json!({ "name": "天津分公司", "parent": { "id": sh } })).await;
    note().await;
    // Twice in one moment, and several at once.
    client.update("Customer", &k2, json!({ "staffCount": 1 })).await;
    client.update("Customer", &k2, json!({ "staffCount": 2, "level": "A" })).await;
    let all = "mutation { updateCustomers(filter: {}, all: true, patch: {creditLimit: \"1\"}, atMost: 9) { records { code } userErrors { message } } }";
    client.data(all).await;
    note().await;
    let order = json!({ "customer": { "id": k1 }, "department": { "id": tj }, "contact": { "id": contact } });
    let order = client.create("SalesOrder", order).await;
    note().await;
    gone(client, "Contact", &contact).await;
    note().await;
    gone(client, "SalesOrder", &order).await;
    gone(client, "Customer", &k2).await;
    note().await;
    let restored = format!(
        "mutation {{ restoreCustomer(id: \"{k2}\") {{ record {{ code }} userErrors {{ message }} }} }}"
    );
    client.data(&restored).await;
    note().await;
    let order = json!({ "customer": { "id": k1 }, "department": { "id": tj } });
    let order = client.create("SalesOrder", order).await;
    client.update("Customer", &k2, json!({ "code": "K9", "department": { "id": tj } })).await;
    note().await;
    client.update("SalesOrder", &order, json!({ "customer": { "id": k2 } })).await;
    note().await;
    gone(client, "SalesOrder", &order).await;
    lines_and_members(client, [&k1, &tj], &mut note).await;
    for (at, expected) in &then {
        let told = answers(client, Some(at)).await;
        for ((query, told), expected) in QUERIES.iter().zip(&told).zip(expected) {
            assert_eq!(told, expected, "{at} {query}");
        }
    }
    // Pages of the past go on in the past.
    let at = &then[2].0;
    let first = client
        .data(&format!("{{ customers(first: 1, orderBy: [{{name: ASC}}], asOf: \"{at}\") {{ nodes {{ code }} pageInfo {{ endCursor }} }} }}"))
        .await;
    let cursor = first["customers"]["pageInfo"]["endCursor"].as_str().unwrap();
    let second = client
        .data(&format!("{{ customers(first: 1, after: \"{cursor}\", orderBy: [{{name: ASC}}], asOf: \"{at}\") {{ nodes {{ code }} pageInfo {{ hasNextPage }} }} }}"))
        .await;
    assert_eq!(first["customers"]["nodes"], json!([{ "code": "K1" }]));
    assert_eq!(second["customers"]["nodes"], json!([{ "code": "K2" }]));
    // What it leads to and back again is of the same moment.
    let siblings = format!(
        "{{ customer(id: \"{k1}\"@) {{ department {{ customers(orderBy: [{{code: ASC}}]) {{ nodes {{ code name level }} }} }} }} }}"
    );
    let now = client.data(&siblings.replace('@', "")).await;
    let before = client.data(&siblings.replace('@', &format!(", asOf: \"{at}\""))).await;
    assert_eq!(now["customer"]["department"]["customers"]["nodes"].as_array().unwrap().len(), 2);
    assert_eq!(
        before["customer"]["department"]["customers"]["nodes"],
        json!([{ "code": "K1", "name": "安益木业", "level": null }])
    );
    // One record by its id needs only its own history.
    let one = client
        .data(&format!("{{ customer(id: \"{k1}\", asOf: \"{at}\") {{ name version }} }}"))
        .await;
    assert_eq!(one["customer"], json!({ "name": "安益木业", "version": 2 }));
    let none = client
        .data(&format!("{{ customer(id: \"{k1}\", asOf: \"{}\") {{ name }} }}", then[0].0))
        .await;
    assert_eq!(none["customer"], Value::Null);
}

/// Lines of an order and members of an opportunity come, change and go.
async fn lines_and_members(
    client: &Client,
    [customer, department]: [&str; 2],
    note: &mut impl AsyncFnMut(),
) {
    let mut ids = Vec::new();
    for code in ["A", "B", "C"] {
        ids.push(client.create("ItemCategory", json!({ "code": code, "name": code })).await);
    }
    let item = async |code: &str| {
        let input =
            json!({ "code": code, "name": code, "unit": "桶", "category": { "id": ids[0] } });
        client.create("InventoryItem", input).await
    };
    let (paint, resin) = (item("paint").await, item("resin").await);
    let employee = json!({ "code": "E", "name": "E", "department": { "id": department } });
    let employee = client.create("Employee", employee).await;
    let line = |item: &str, quantity: &str| json!({ "item": { "id": item }, "quantity": quantity, "price": "1.50" });
    let base = json!({ "customer": { "id": customer }, "department": { "id": department } });
    let mut order = base.clone();
    order["lines"] = json!({ "create": [line(&paint, "1"), line(&paint, "3")] });
    let order = client.create("SalesOrder", order).await;
    note().await;
    let lines = format!("{{ salesOrder(id: \"{order}\") {{ lines {{ id }} }} }}");
    let lines = client.data(&lines).await["salesOrder"]["lines"].clone();
    let change = json!({ "lines": {
        "create": [line(&resin, "7")],
        "update": [{ "id": lines[0]["id"], "patch": { "quantity": "5", "remark": "急" } }],
        "delete": [lines[1]["id"]],
    } });
    assert_eq!(client.update("SalesOrder", &order, change).await["userErrors"], json!([]));
    client.update("SalesOrder", &order, json!({ "owner": { "id": employee } })).await;
    note().await;
    // One line twice in one save: the last is what it comes to.
    let twice = |quantity: &str| json!({ "id": lines[0]["id"], "patch": { "quantity": quantity } });
    let twice = json!({ "lines": { "update": [twice("8"), twice("9")] } });
    assert_eq!(client.update("SalesOrder", &order, twice).await["userErrors"], json!([]));
    note().await;
    let again = json!({ "lines": { "update": [{ "id": lines[0]["id"], "patch": { "item": { "id": resin }, "remark": null } }] } });
    assert_eq!(client.update("SalesOrder", &order, again).await["userErrors"], json!([]));
    note().await;
    gone(client, "SalesOrder", &order).await;
    note().await;
    let restore =
        format!("mutation {{ restoreSalesOrder(id: \"{order}\") {{ userErrors {{ message }} }} }}");
    assert_eq!(client.data(&restore).await["restoreSalesOrder"]["userErrors"], json!([]));
    note().await;
    let stage =
        client.create("SalesStage", json!({ "code": "S", "name": "S", "sequence": 1 })).await;
    let mut chance = base;
    chance["name"] = json!("机会");
    chance["stage"] = json!({ "id": stage });
    chance["categories"] = json!({ "set": [ids[0], ids[1]] });
    let chance = client.create("Opportunity", chance).await;
    note().await;
    for members in [
        json!({ "set": [ids[1], ids[2]] }),
        json!({ "add": [ids[0], ids[1]], "remove": [ids[2]] }),
        json!({ "remove": [ids[0], ids[1]] }),
    ] {
        let patch = json!({ "categories": members });
        assert_eq!(client.update("Opportunity", &chance, patch).await["userErrors"], json!([]));
        note().await;
    }
    // What is there already changes nothing.
    let version =
        async || client.data(&format!("{{ opportunity(id: \"{chance}\") {{ version }} }}")).await;
    let before = version().await;
    client.update("Opportunity", &chance, json!({ "categories": { "remove": [ids[0]] } })).await;
    assert_eq!(version().await, before);
    gone(client, "Opportunity", &chance).await;
}

async fn rights_are_those_of_today(client: &Client) {
    let office = Office::open(client).await;
    let before = client.company.env.clock.now().to_rfc3339();
    client.world.advance(Duration::from_mins(1));
    // From li to zhang, out of sight and into it.
    let owner = |who: &str| json!({ "owner": { "id": office.id(who) } });
    client.update("Customer", &office.id("CL"), owner("zhang")).await;
    client.update("Customer", &office.id("CZ"), owner("li")).await;
    gone(client, "Contact", &office.id("contact of CS")).await;
    let query = format!(
        "{{ customers(asOf: \"{before}\", orderBy: [{{code: ASC}}]) {{ totalCount nodes {{ code owner {{ name }} contacts {{ totalCount }} }} }} contactAggregate(asOf: \"{before}\") {{ count }} }}"
    );
    let seen = office.ask("zhang", &query).await;
    // As it was then, owned by li; what counts is that zhang may see it today.
    assert_eq!(
        seen["data"]["customers"]["nodes"],
        json!([{ "code": "CL", "owner": { "name": "li" }, "contacts": { "totalCount": 1 } }])
    );
    assert_eq!(seen["data"]["customers"]["totalCount"], 1);
    // What is gone is seen only by who sees all.
    assert_eq!(office.ask("wang", &query).await["data"]["contactAggregate"][0]["count"], 2);
    assert_eq!(client.data(&query).await["contactAggregate"][0]["count"], 4);
    let one = |name: &str| {
        format!("{{ customer(id: \"{}\", asOf: \"{before}\") {{ code }} }}", office.id(name))
    };
    assert_eq!(office.ask("zhang", &one("CZ")).await["data"]["customer"], Value::Null);
    assert_eq!(office.ask("zhang", &one("CL")).await["data"]["customer"]["code"], "CL");
    // A field that is masked today is not told of the past.
    let definition = "code = \"part\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Contact\"]\nactions = [\"read\"]\nopen = true\n[[fields]]\nobject = \"Contact\"\nhidden = [\"email\"]\n[fields.masked]\nmobile = \"end\"\n";
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": definition })).await;
    office.give("new", &["part"], &[]).await;
    let patch = json!({ "mobile": "13812345678" });
    client.update("Contact", &office.id("contact of CL"), patch).await;
    let now = client.company.env.clock.now().to_rfc3339();
    client.world.advance(Duration::from_mins(1));
    client.update("Contact", &office.id("contact of CL"), json!({ "mobile": "139" })).await;
    let query = format!(
        "{{ contacts(asOf: \"{now}\", filter: {{name: {{endsWith: \"CL\"}}}}) {{ nodes {{ name mobile }} }} }}"
    );
    let seen = office.ask("new", &query).await;
    assert_eq!(
        seen["data"]["contacts"]["nodes"],
        json!([{ "name": "联系人CL", "mobile": null }]),
        "{seen}"
    );
    let hidden = office.ask("new", &query.replace("mobile", "email")).await;
    assert_eq!(hidden["errors"][0]["extensions"]["code"], "INPUT_INVALID");
    let none =
        office.ask("cai", &format!("{{ customers(asOf: \"{now}\") {{ totalCount }} }}")).await;
    assert_eq!(none["errors"][0]["extensions"]["code"], "INPUT_INVALID");
}

async fn what_is_not_kept_is_refused(client: &Client) {
    let at = "2026-01-01T00:00:00Z";
    for query in [
        format!("{{ customers(asOf: \"{at}\") {{ nodes {{ _can {{ edit }} }} }} }}"),
        format!("{{ customers(asOf: \"{at}\") {{ nodes {{ history {{ nodes {{ at }} }} }} }} }}"),
        format!("{{ customers(asOf: \"{at}\") {{ nodes {{ _fieldStates {{ state }} }} }} }}"),
    ] {
        assert_eq!(client.ask(&query, json!({})).await.codes(), ["INPUT_INVALID"], "{query}");
    }
    let wrong = "query($at: DateTime) { customers(asOf: $at) { totalCount } }";
    assert_eq!(client.ask(wrong, json!({ "at": "yesterday" })).await.codes(), ["INPUT_VALUE"]);
    assert_eq!(client.ask(wrong, json!({ "at": null })).await.data()["customers"]["totalCount"], 0);
}

async fn records_without_history_are_as_they_are(client: &Client) {
    let department = client.department("TJ").await;
    client.customer(&department, "K1", json!({})).await;
    let future = "{ customers(asOf: \"2099-01-01T00:00:00Z\") { nodes { code } } }";
    assert_eq!(client.data(future).await["customers"]["nodes"], json!([{ "code": "K1" }]));
}

async fn lines_come_by_elsewhere_are_of_the_past_too(client: &Client) {
    let sdl = "type Questionnaire @object(kind: DOCUMENT, plural: \"questionnaires\", number: \"DC{seq:4}\") { questions: [QuestionnaireQuestion!]! @lines }
        type QuestionnaireQuestion @object(kind: LINE) { text: String! @field(max: 200) asker: Employee @relation(inverse: \"questionnaireQuestions\") }";
    client.apply(sdl, false).await;
    let department = client.department("D").await;
    let employee = json!({ "code": "E", "name": "E", "department": { "id": department } });
    let employee = client.create("Employee", employee).await;
    let question = |text: &str| json!({ "text": text, "asker": { "id": employee } });
    let survey = |text: &str| json!({ "questions": { "create": [question(text)] } });
    let one = client.create("Questionnaire", survey("one")).await;
    let other = client.create("Questionnaire", survey("two")).await;
    let before = client.company.env.clock.now().to_rfc3339();
    client.world.advance(Duration::from_secs(20));
    let query = format!("{{ questionnaire(id: \"{other}\") {{ questions {{ id }} }} }}");
    let id = client.data(&query).await["questionnaire"]["questions"][0]["id"].clone();
    let change =
        json!({ "questions": { "update": [{ "id": id, "patch": { "text": "changed" } }] } });
    assert_eq!(client.update("Questionnaire", &other, change).await["userErrors"], json!([]));
    let query = format!(
        "{{ questionnaire(id: \"{one}\", asOf: \"{before}\") {{ questions {{ text asker {{ questionnaireQuestions {{ text }} }} }} }} }}"
    );
    let seen = client.data(&query).await;
    let listed = seen["questionnaire"]["questions"][0]["asker"]["questionnaireQuestions"]
        .as_array()
        .unwrap();
    let mut texts: Vec<_> = listed.iter().map(|line| line["text"].as_str().unwrap()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["one", "two"]);
}
