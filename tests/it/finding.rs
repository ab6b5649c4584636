//! `search` over all objects and `candidates` of a field: what is found, what tells one record from another, and
//! that what a caller may not see changes nothing.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{
        Client,
        office::Office,
        recorder::{listen, sent},
    },
};

both_dbs! {
    a_search_is_over_all_objects
    a_search_is_bounded
    a_search_is_over_hundreds_of_objects
    what_is_hidden_changes_no_search
    candidates_are_found_by_name_key_and_pinyin
    candidates_are_what_may_be_referred_to
    objects_without_search_have_candidates_too
}

/// A search of the administrator, as `object: text/detail/field …` of each hit.
async fn searched(client: &Client, text: &str) -> Vec<String> {
    let query = "query($t: String!) { search(text: $t) { object label totalCount hits { id text detail field } } }";
    let groups = client.ask(query, json!({ "t": text })).await.data()["search"].clone();
    let shown = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let each = groups.as_array().unwrap().iter().map(|group| {
        let hits = group["hits"].as_array().unwrap().iter().map(|hit| {
            format!("{}/{}/{}", shown(&hit["text"]), shown(&hit["detail"]), shown(&hit["field"]))
        });
        format!(
            "{} {}: {}",
            shown(&group["object"]),
            group["totalCount"],
            hits.collect::<Vec<_>>().join(" ")
        )
    });
    each.collect()
}

async fn company(client: &Client) -> (String, String) {
    let department = client.department("TJ").await;
    let customer = client
        .customer(&department, "K1", json!({ "name": "天津涂料厂", "phone": "022-555" }))
        .await;
    client.customer(&department, "K2", json!({ "name": "重庆长安" })).await;
    let contact = json!({ "name": "田静", "customer": { "id": customer } });
    client.create("Contact", contact).await;
    let category = json!({ "code": "X", "name": "涂料" });
    let category = client.create("ItemCategory", category).await;
    let item = json!({ "code": "I1", "name": "天津A级涂料", "unit": "KG", "category": { "id": category } });
    client.create("InventoryItem", item).await;
    (department, customer)
}

async fn a_search_is_over_all_objects(client: &Client) {
    let (department, customer) = company(client).await;
    assert_eq!(
        searched(client, "天津").await,
        ["Customer 1: 天津涂料厂/K1 · TJ/name", "InventoryItem 1: 天津A级涂料/I1 · 涂料/name"]
    );
    // By initials, of names alone; the contact's are `tj`, too.
    assert_eq!(
        searched(client, "tj").await,
        [
            "Customer 1: 天津涂料厂/K1 · TJ/name",
            "Contact 1: 田静/天津涂料厂/name",
            "Department 1: TJ/TJ/name",
            "InventoryItem 1: 天津A级涂料/I1 · 涂料/name"
        ]
    );
    // By another field, which is told.
    assert_eq!(searched(client, "022-55").await, ["Customer 1: 天津涂料厂/K1 · TJ/phone"]);
    assert_eq!(searched(client, "k1").await, ["Customer 1: 天津涂料厂/K1 · TJ/code"]);
    assert_eq!(searched(client, "k1 tianj").await, ["Customer 1: 天津涂料厂/K1 · TJ/name"]);
    assert_eq!(searched(client, "unheard").await, Vec::<String>::new());
    assert_eq!(searched(client, "  ").await, Vec::<String>::new());
    assert_eq!(searched(client, "\u{0}").await, Vec::<String>::new());
    // After a new name, and put back.
    client.update("Customer", &customer, json!({ "name": "泉州恒达" })).await;
    assert_eq!(searched(client, "tjtl").await, Vec::<String>::new());
    assert_eq!(searched(client, "qzhd").await, ["Customer 1: 泉州恒达/K1 · TJ/name"]);
    let (gone, back) = (
        format!("mutation {{ deleteCustomer(id: \"{customer}\") {{ userErrors {{ code }} }} }}"),
        format!("mutation {{ restoreCustomer(id: \"{customer}\") {{ userErrors {{ code }} }} }}"),
    );
    let contact =
        client.data("{ contacts { nodes { id } } }").await["contacts"]["nodes"][0]["id"].clone();
    let without =
        format!("mutation {{ deleteContact(id: {contact}) {{ userErrors {{ code }} }} }}");
    client.data(&without).await;
    client.data(&gone).await;
    assert_eq!(searched(client, "qzhd").await, Vec::<String>::new());
    client.data(&back).await;
    assert_eq!(searched(client, "qzhd").await, ["Customer 1: 泉州恒达/K1 · TJ/name"]);
    // Only some objects; names that are not there, lines and what is not searched are left out.
    let query = "{ search(text: \"涂料\", objects: [\"ItemCategory\", \"SalesOrderLine\", \"Nothing\"]) { label hits { text } } }";
    let data = client.data(query).await;
    assert_eq!(data["search"], json!([{ "label": "Item category", "hits": [{ "text": "涂料" }] }]));
    let chinese =
        client.ask_with(&client.token("admin").await, ("Accept-Language", "zh"), query).await;
    assert_eq!(chinese.data()["search"][0]["label"], "存货分类");
    // A custom object is searched from its publish on.
    client
        .apply("type Sample @object(kind: MASTER, label: \"样品\", plural: \"samples\") { code: String! name: String @field(search: true) place: Department! }", false)
        .await;
    client
        .create(
            "Sample",
            json!({ "code": "S1", "name": "环氧树脂", "place": { "id": department } }),
        )
        .await;
    assert_eq!(searched(client, "hysz").await, ["Sample 1: 环氧树脂/TJ/name"]);
}

async fn a_search_is_bounded(client: &Client) {
    let (department, _) = company(client).await;
    for at in 0..7 {
        client.customer(&department, &format!("N{at}"), json!({ "name": "安益家具" })).await;
    }
    // One statement for each object that is searched; counted only if asked.
    listen();
    let answer = client
        .ask("{ search(text: \"ayjj\", objects: [\"Customer\", \"Contact\", \"Lead\"], first: 2) { object hits { detail } } }", json!({}))
        .await;
    assert_eq!(
        sent().into_iter().filter(|sql| sql.contains("__search")).count(),
        3,
        "one for each object"
    );
    let hits = json!([{ "detail": "N6 · TJ" }, { "detail": "N5 · TJ" }]);
    assert_eq!(answer.cost["requested"], 6);
    assert_eq!(answer.data()["search"], json!([{ "object": "Customer", "hits": hits }]));
    let counted =
        client.data("{ search(text: \"ayjj\", first: 0) { object totalCount hits { id } } }").await;
    assert_eq!(counted["search"], json!([{ "object": "Customer", "totalCount": 7, "hits": [] }]));
    let most = vec!["\"Customer\""; 201].join(", ");
    for (query, code) in [
        (format!("{{ search(text: \"a\", objects: [{most}]) {{ object }} }}"), "LIMIT_PAGE"),
        ("{ search(text: \"a\", first: 1001) { object } }".to_owned(), "LIMIT_PAGE"),
        ("{ search(text: \"a\", first: -1) { object } }".to_owned(), "LIMIT_PAGE"),
        ("{ search(text: \"a b c d e f g h i j k\") { object } }".to_owned(), "INPUT_VALUE"),
        (format!("{{ search(text: \"{}\") {{ object }} }}", "x".repeat(201)), "INPUT_VALUE"),
        ("{ search { object } }".to_owned(), "INPUT_INVALID"),
    ] {
        let refused = client.ask(&query, json!({})).await;
        assert_eq!(refused.codes().first(), Some(&code), "{query}");
    }
    // The roots' names are no object's.
    for (name, plural) in [
        ("Search", "searches"),
        ("Hunt", "candidates"),
        ("Candidate", "hunts"),
        ("SearchHit", "hunts"),
    ] {
        let text = format!(
            "type {name} @object(kind: MASTER, label: \"x\", plural: \"{plural}\") {{ code: String! }}"
        );
        let refused = client.apply(&text, true).await;
        assert_ne!(refused["diagnostics"], json!([]), "{name}");
    }
}

/// A role that reads customers by what it says, and what of their fields it hides.
fn reader(grant: &str, fields: &str) -> String {
    format!(
        "code = \"reader\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\n{grant}\n{fields}"
    )
}

/// As many objects as a large company has of its own.
async fn a_search_is_over_hundreds_of_objects(client: &Client) {
    let one = |at: usize| {
        format!(
            "type Thing{at} @object(kind: MASTER, label: \"物{at}\", plural: \"thing{at}s\") {{ name: String @field(search: true) }}\n"
        )
    };
    let all: String = (0..210).map(one).collect();
    let told = client.apply_without_pages(&all).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    client.create("Thing209", json!({ "name": "最后的树脂" })).await;
    assert_eq!(searched(client, "树脂").await, ["Thing209 1: 最后的树脂/-/name"]);
}

async fn what_is_hidden_changes_no_search(client: &Client) {
    let mut office = Office::open(client).await;
    let query = "{ search(text: \"tjtl\") { object totalCount hits { text detail field } } }";
    let roots = "{ search(text: \"涂料\") { object totalCount hits { text } } }";
    let before = (office.ask("zhang", query).await, office.ask("zhang", roots).await);
    // Another salesperson's customer, order and contact of that name.
    let owned = json!({ "code": "H1", "name": "天津涂料", "department": { "id": office.id("QZ-TL") }, "owner": { "id": office.id("su") } });
    office.make("hidden", "Customer", owned).await;
    let contact = json!({ "name": "天津涂料", "customer": { "id": office.id("hidden") } });
    office.make("hidden contact", "Contact", contact).await;
    assert_eq!(
        (
            office.ask("zhang", query).await["data"].clone(),
            office.ask("zhang", roots).await["data"].clone()
        ),
        (before.0["data"].clone(), before.1["data"].clone())
    );
    let seen = office.ask("su", query).await["data"]["search"].clone();
    assert_eq!(seen[0]["totalCount"], 1, "{seen}");
    assert_eq!(seen[0]["hits"][0]["text"], "天津涂料", "{seen}");
    // What names a customer is masked or hidden: neither its text nor its spelling finds it, nor is it told.
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    for (fields, found) in [
        ("", true),
        ("[[fields]]\nobject = \"Customer\"\nmasked = { name = \"all\" }\n", false),
        ("[[fields]]\nobject = \"Customer\"\nhidden = [\"name\"]\n", false),
    ] {
        client.metadata(save, json!({ "d": reader("open = true", fields) })).await;
        office.give("new", &["reader"], &[]).await;
        for text in ["tjtl", "天津涂料"] {
            let query = format!("{{ search(text: \"{text}\") {{ totalCount }} }}");
            let groups = office.ask("new", &query).await["data"]["search"].clone();
            assert_eq!(groups != json!([]), found, "{fields} {text} {groups}");
        }
        // By its code it is found all the same. The department is no object for them.
        let asked = "{ search(text: \"h1\") { hits { text detail field } } }";
        let by_code = office.ask("new", asked).await;
        let hit = &by_code["data"]["search"][0]["hits"][0];
        assert_eq!(hit["text"] == "天津涂料", found, "{fields} {by_code}");
        assert_eq!((&hit["detail"], &hit["field"]), (&json!("H1"), &json!("code")), "{by_code}");
    }
    // A document is found by its number, by those who see it.
    let order = format!("{{ salesOrder(id: \"{}\") {{ number }} }}", office.id("order of li"));
    let number = client.data(&order).await["salesOrder"]["number"].as_str().unwrap().to_owned();
    let query_of =
        format!("{{ search(text: \"{number}\") {{ object totalCount hits {{ text field }} }} }}");
    let hit = json!([{ "text": number, "field": "number" }]);
    let told = json!([{ "object": "SalesOrder", "totalCount": 1, "hits": hit }]);
    assert_eq!(office.ask("li", &query_of).await["data"]["search"], told);
    assert_eq!(office.ask("zhang", &query_of).await["data"]["search"], json!([]));
    // Objects that are not there for a caller are left out like those that are not there at all.
    let named = "{ search(text: \"h1\", objects: [\"Contact\", \"Nothing\"]) { object } }";
    assert_eq!(office.ask("new", named).await["data"]["search"], json!([]));
    // What is found is counted as read.
    let counted = office.client.ask_as(&office.tokens["su"], query).await;
    let again = office
        .client
        .ask_as(
            &office.tokens["su"],
            "{ search(text: \"CQ\", objects: [\"Customer\"]) { hits { id } } }",
        )
        .await;
    let left = |answer: &Value| answer["reads"]["left"].as_i64().unwrap();
    assert_eq!(left(&counted.cost) - left(&again.cost), 1, "{} {}", counted.cost, again.cost);
}

/// The candidates of a field as `text/detail …`.
async fn candidates(client: &Client, arguments: &str) -> Vec<String> {
    let query = format!("{{ candidates({arguments}) {{ id object text detail }} }}");
    let all = client.data(&query).await["candidates"].clone();
    let shown = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    all.as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{}/{}", shown(&one["text"]), shown(&one["detail"])))
        .collect()
}

async fn candidates_are_found_by_name_key_and_pinyin(client: &Client) {
    company(client).await;
    let of = |more: &str| format!("object: \"Contact\", field: \"customer\"{more}");
    // Without words the newest come first.
    assert_eq!(candidates(client, &of("")).await, ["重庆长安/K2 · TJ", "天津涂料厂/K1 · TJ"]);
    assert_eq!(candidates(client, &of(", first: 1")).await, ["重庆长安/K2 · TJ"]);
    for words in ["涂料", "k1", "tjtl", "tianj", "TIANJIN 涂料"] {
        let asked = of(&format!(", search: \"{words}\""));
        assert_eq!(candidates(client, &asked).await, ["天津涂料厂/K1 · TJ"], "{words}");
    }
    assert_eq!(candidates(client, &of(", search: \"chongqing\"")).await, ["重庆长安/K2 · TJ"]);
    assert_eq!(candidates(client, &of(", search: \"nobody\"")).await, Vec::<String>::new());
    // Of lines, and of a set of records.
    let line = "object: \"SalesOrderLine\", field: \"item\", search: \"ajtl\"";
    assert_eq!(candidates(client, line).await, ["天津A级涂料/I1 · 涂料"]);
    let set = "object: \"Opportunity\", field: \"categories\", search: \"tl\"";
    assert_eq!(candidates(client, set).await, ["涂料/X"]);
    // No relation, or not to pick from.
    for (object, field) in [
        ("Contact", "name"),
        ("Contact", "nothing"),
        ("Nothing", "customer"),
        ("Customer", "contacts"),
        ("SalesOrder", "lines"),
    ] {
        let query = format!("{{ candidates(object: \"{object}\", field: \"{field}\") {{ id }} }}");
        assert_eq!(
            client.ask(&query, json!({})).await.codes(),
            ["INPUT_INVALID"],
            "{object}.{field}"
        );
    }
    let long = "{ candidates(object: \"Contact\", field: \"customer\", search: \"a b c d e f g h i j k\") { id } }";
    assert_eq!(client.ask(long, json!({})).await.codes(), ["INPUT_VALUE"]);
}

async fn candidates_are_what_may_be_referred_to(client: &Client) {
    let office = Office::open(client).await;
    let names = async |who: &str, arguments: &str| {
        let query = format!("{{ candidates({arguments}) {{ id detail }} }}");
        let answer = office.ask(who, &query).await;
        let all = answer["data"]["candidates"].as_array().cloned();
        let all = all.unwrap_or_else(|| panic!("{answer}"));
        all.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let asked = "object: \"Contact\", field: \"customer\", search: \"c\"";
    // A salesperson picks among their own, and what they pick can be saved; what others have cannot.
    let own = names("zhang", asked).await;
    assert_eq!(own, [office.id("CZ")]);
    for (customer, saved) in [("CZ", true), ("CL", false), ("CQ", false)] {
        let id = office.id(customer);
        let made = format!(
            "mutation {{ createContact(input: {{name: \"x\", customer: {{id: \"{id}\"}}}}) {{ record {{ id }} userErrors {{ code }} }} }}"
        );
        let made = office.ask("zhang", &made).await;
        assert_eq!(made["data"]["createContact"]["record"].is_object(), saved, "{customer} {made}");
        assert_eq!(own.contains(&id), saved, "{customer}");
    }
    // An object or a field that is not there for a caller is none.
    let refused = office.ask("new", &format!("{{ candidates({asked}) {{ id }} }}")).await;
    let nothing = office
        .ask("new", &format!("{{ candidates({}) {{ id }} }}", asked.replace("Contact", "Contacts")))
        .await;
    let told = |answer: &Value| answer["errors"][0]["message"].as_str().unwrap().to_owned();
    assert_eq!(told(&refused).replace("Contact", ""), told(&nothing).replace("Contacts", ""));
    // In a tree a record is not above itself.
    let above = "object: \"Department\", field: \"parent\", search: \"TJ-\"";
    let all = candidates(client, above).await;
    let id = office.id("TJ-TL");
    let others = candidates(client, &format!("{above}, id: \"{id}\"")).await;
    assert_eq!(all.len(), others.len() + 1);
    assert!(
        all.iter().any(|one| one.starts_with("TJ-TL/"))
            && !others.iter().any(|one| one.starts_with("TJ-TL/")),
        "{others:?}"
    );
    assert_eq!(candidates(client, &format!("{above}, id: \"no id\"")).await.len(), all.len());
}

async fn objects_without_search_have_candidates_too(client: &Client) {
    client
        .apply("type Grade @object(kind: SETUP, label: \"等级\", plural: \"grades\") { code: String! @field(unique: true) name: String } type Sample @object(kind: MASTER, label: \"样品\", plural: \"samples\") { code: String! grade: Grade }", false)
        .await;
    for (code, name) in [("B", "乙级"), ("A", "甲级")] {
        client.create("Grade", json!({ "code": code, "name": name })).await;
    }
    let of = |more: &str| format!("object: \"Sample\", field: \"grade\"{more}");
    let all = candidates(client, &of("")).await;
    assert_eq!(all.len(), 2);
    // Set-up data come by name.
    let mut sorted = all.clone();
    sorted.sort();
    assert_eq!(all, sorted);
    assert_eq!(candidates(client, &of(", search: \"甲\"")).await, ["甲级/A"]);
    assert_eq!(candidates(client, &of(", search: \"b\"")).await, ["乙级/B"]);
    assert_eq!(candidates(client, &of(", search: \"乙 b\"")).await, ["乙级/B"]);
    assert_eq!(candidates(client, &of(", search: \"甲 b\"")).await, Vec::<String>::new());
}
