//! Rich texts: cleaned before they are stored, found by their words, bounded, and as hidden as their fields.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    rich_texts_are_cleaned_before_they_are_stored
    rich_texts_are_found_by_their_words
    words_are_as_hidden_as_their_text
}

const NEWS: &str = "type News @object(kind: SETUP, label: \"新闻\", plural: \"newsItems\") {
    code: String! @field(label: \"编码\", unique: true)
    body: String @field(type: RICH_TEXT, search: true, max: 200, label: \"正文\", labelEn: \"Body\")
    aside: String! @field(type: RICH_TEXT, label: \"旁注\", labelEn: \"Aside\", default: \"'<p>none</p>'\")
}";

/// What the faults of a payload say.
fn said(payload: &Value) -> Vec<&str> {
    let faults = payload["userErrors"].as_array().unwrap();
    faults.iter().map(|fault| fault["message"].as_str().unwrap()).collect()
}

async fn rich_texts_are_cleaned_before_they_are_stored(client: &Client) {
    assert_eq!(client.apply(NEWS, false).await["diagnostics"], json!([]));
    let given = "<p onclick=\"steal()\">Fine <b>print</b></p><script>steal()</script><img src=x onerror=\"steal()\"><a href=\"javascript:steal()\">go</a>";
    let id = client.create("News", json!({ "code": "A", "body": given })).await;
    let read = format!("{{ news(id: \"{id}\") {{ version body bodyText aside }} }}");
    let body = "<p>Fine <b>print</b></p><img><a rel=\"noopener noreferrer\">go</a>";
    assert_eq!(
        client.data(&read).await["news"],
        json!({ "version": 1, "body": body, "bodyText": "Fine print\ngo", "aside": "<p>none</p>" })
    );
    // The same text again is no change, and its own clean form is the same text.
    for again in [given, body] {
        let payload = client.update("News", &id, json!({ "body": again })).await;
        assert_eq!(
            (&payload["record"]["version"], &payload["userErrors"]),
            (&json!(1), &json!([]))
        );
    }
    let history = format!(
        "{{ news(id: \"{id}\") {{ history(first: 5) {{ nodes {{ changes {{ field new }} }} }} }} }}"
    );
    let history = client.data(&history).await.to_string();
    assert!(history.contains("Fine <b>print</b>") && !history.contains("steal"), "{history}");
    // A text that shows nothing is none, and one that is too long is refused.
    let payload = client.update("News", &id, json!({ "body": "<p><br></p>" })).await;
    assert_eq!(payload["userErrors"], json!([]));
    let emptied = client.data(&read).await["news"].clone();
    assert_eq!((&emptied["body"], &emptied["bodyText"]), (&json!(null), &json!(null)));
    let payload = client.update("News", &id, json!({ "aside": "<script>steal()</script>" })).await;
    assert_eq!(said(&payload), ["Aside is required"]);
    for long in ["<i></i>".repeat(40), "&".repeat(120)] {
        let payload = client.update("News", &id, json!({ "body": long })).await;
        assert_eq!(said(&payload), ["Body must have at most 200 characters"]);
    }
}

async fn rich_texts_are_found_by_their_words(client: &Client) {
    assert_eq!(client.apply(NEWS, false).await["diagnostics"], json!([]));
    client.create("News", json!({ "code": "A", "body": "<p>天<b>津</b>涂料 &amp; Co</p>" })).await;
    client.create("News", json!({ "code": "B", "body": "<strong>上海</strong>" })).await;
    client.create("News", json!({ "code": "C" })).await;
    for (question, found) in [
        ("search: \"天津\"", json!(["A"])),
        ("search: \"&\"", json!(["A"])),
        ("search: \"strong\"", json!([])),
        ("search: \"amp\"", json!([])),
        ("filter: { bodyText: { contains: \"津涂\" } }", json!(["A"])),
        ("filter: { body: { isNull: true } }", json!(["C"])),
    ] {
        let read = format!(
            "{{ newsItems({question}, orderBy: [{{ code: ASC }}]) {{ nodes {{ code }} }} }}"
        );
        let nodes = client.data(&read).await["newsItems"]["nodes"].clone();
        let codes: Vec<_> = nodes.as_array().unwrap().iter().map(|node| &node["code"]).collect();
        assert_eq!(json!(codes), found, "{question}");
    }
    let form = "{ object(name: \"News\") { fields { name type max writable operators sortable groupable label } } }";
    let form = client.metadata(form, json!({})).await;
    let fields = form["object"]["fields"].as_array().unwrap();
    let of = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap().clone();
    assert_eq!(
        of("body"),
        json!({ "name": "body", "type": "RICH_TEXT", "max": 200, "writable": true, "operators": ["isNull"], "sortable": false, "groupable": false, "label": "Body" })
    );
    let words = of("bodyText");
    assert_eq!(
        [&words["type"], &words["max"], &words["writable"]],
        [&json!("LONG_TEXT"), &json!(200), &json!(false)]
    );
    // A text that was stored as it was given does not become a rich one, which pages show as it is.
    let plain = NEWS.replace("type: RICH_TEXT, label", "type: LONG_TEXT, label");
    assert_eq!(client.apply(&plain, true).await["changes"][0]["risk"], "DESTRUCTIVE");
}

async fn words_are_as_hidden_as_their_text(client: &Client) {
    let office = Office::open(client).await;
    assert_eq!(client.apply(NEWS, false).await["diagnostics"], json!([]));
    client.create("News", json!({ "code": "A", "body": "<p>secret</p>" })).await;
    let role = "code = \"guarded\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"News\"]\nactions = [\"read\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"News\"\nhidden = [\"body\"]\n";
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": role })).await;
    office.give("new", &["guarded"], &[]).await;
    let found = office.ask("new", "{ newsItems { nodes { code aside } } }").await;
    assert_eq!(found["data"]["newsItems"]["nodes"][0]["code"], "A", "{found}");
    for query in [
        "{ newsItems { nodes { bodyText } } }",
        "{ newsItems(filter: { bodyText: { contains: \"s\" } }) { totalCount } }",
        "{ newsItems(filter: { body: { isNull: true } }) { totalCount } }",
    ] {
        let refused = office.ask("new", query).await;
        assert_eq!(
            refused["errors"][0]["extensions"]["code"], "INPUT_INVALID",
            "{query}: {refused}"
        );
    }
    let found = office.ask("new", "{ newsItems(search: \"secret\") { nodes { code } } }").await;
    assert!(!found.to_string().contains("\"A\""), "{found}");
}
