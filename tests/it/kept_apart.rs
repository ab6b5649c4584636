//! Definitions that do not resolve with this program: kept in quarantine with what is wrong, while all else is served,
//! their columns left alone, and there again once a text that resolves is published.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    both_dbs,
    schema_drafts::{Definer, VISITS, brief},
    support::{Client, Poster, office::Office, open_copy},
};

both_dbs! {
    what_does_not_resolve_is_kept_apart
    what_an_upgrade_breaks_is_kept_and_comes_back
    a_custom_field_keeps_its_name
    nobody_has_anything_by_a_broken_role
    what_is_said_of_standard_fields_stays
}

const QUARANTINE: &str = "{ quarantine { kind name path diagnostics { code line message } } }";

async fn write(client: &Client, sql: &str) {
    client.company.database.writer().execute_unprepared(sql).await.unwrap();
}

/// The company as a program that is started now serves it.
async fn started(client: &Client) -> Poster {
    open_copy(&client.database, &client.world).await
}

async fn metadata(poster: &Poster, query: &str, variables: Value) -> Value {
    poster.post("/metadata", json!({ "query": query, "variables": variables })).await.data()
}

async fn apart(poster: &Poster) -> Vec<(String, String)> {
    let told = metadata(poster, QUARANTINE, json!({})).await;
    let all = told["quarantine"].as_array().unwrap().iter();
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    all.map(|one| (text(one, "kind"), text(one, "name"))).collect()
}

fn pair(kind: &str, name: &str) -> (String, String) {
    (kind.to_owned(), name.to_owned())
}

async fn replace(poster: &Poster, sdl: &str) -> Value {
    let version = metadata(poster, "{ version }", json!({})).await["version"].clone();
    let save = "mutation($sdl: String!, $base: Int!) { saveSchemaDraft(sdl: $sdl, base: $base) { diagnostics { message } } }";
    metadata(poster, save, json!({ "sdl": sdl, "base": version })).await;
    let publish = "mutation { publishSchemaDraft { version changes { kind object field risk } diagnostics { code message } } }";
    let told = metadata(poster, publish, json!({})).await["publishSchemaDraft"].clone();
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    told
}

async fn what_does_not_resolve_is_kept_apart(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let more =
        "type Room @object(kind: MASTER, label: \"房间\", plural: \"rooms\") { name: String }\n";
    let whole = format!("{VISITS}{more}");
    admin.replace(&whole).await;
    client.create("Visit", json!({ "topic": "涂料", "minutes": 30 })).await;
    client.create("Room", json!({ "name": "一" })).await;
    // As no program would have stored them.
    write(client, "UPDATE tw_part SET body = replace(body, 'minutes: Int', 'minutes: Nothing') WHERE origin = 'CUSTOM'").await;
    write(client, "UPDATE tw_part SET body = replace(body, 'type Room @object(', 'type Room @nothing @object(') WHERE origin = 'CUSTOM'").await;
    write(
        client,
        "INSERT INTO tw_part (id, kind, name, origin, position, body, since) VALUES
        ('a', 'LAYOUT', 'Visit.LIST', 'CUSTOM', 1, 'object = \"Nothing\"\nkind = \"list\"', 2),
        ('b', 'MENU', 'SALES', 'CUSTOM', 1, 'nonsense', 2),
        ('c', 'ROLE', 'few', 'CUSTOM', 1, 'code = 7', 2),
        ('d', 'DUPLICATES', 'Customer', 'CUSTOM', 1, 'object = 7', 2),
        ('e', 'DUPLICATES', 'Visit', 'CUSTOM', 1,
            'object = \"Visit\"\n[[duplicate]]\nname = \"x\"\nlabel = \"x\"\nlabel_en = \"x\"\nfields = { nothing = [] }', 2)",    )
    .await;
    let server = started(client).await;
    let mut all = apart(&server).await;
    all.sort();
    assert_eq!(
        all,
        [
            pair("DUPLICATES", "Customer"),
            pair("DUPLICATES", "Visit"),
            pair("LAYOUT", "Visit.LIST"),
            pair("MENU", "SALES"),
            pair("OBJECTS", "Room"),
            pair("OBJECTS", "Visit.minutes"),
            pair("ROLE", "few")
        ]
    );
    let told = metadata(&server, QUARANTINE, json!({})).await;
    let minutes =
        told["quarantine"].as_array().unwrap().iter().find(|one| one["name"] == "Visit.minutes");
    let minutes = minutes.unwrap();
    assert_eq!(minutes["diagnostics"][0]["line"], 7, "{told:#}");
    assert!(minutes["diagnostics"][0]["message"].as_str().unwrap().contains("Nothing"));
    // All else is served.
    let seen =
        server.ask("{ visits { nodes { topic } } customers { totalCount } }", json!({})).await;
    assert_eq!(seen.data()["visits"]["nodes"], json!([{ "topic": "涂料" }]));
    for query in ["{ visits { nodes { minutes } } }", "{ rooms { totalCount } }"] {
        assert_eq!(server.ask(query, json!({})).await.codes(), ["INPUT_INVALID"], "{query}");
    }
    let made = "mutation { createVisit(input: {topic: \"新\"}) { userErrors { code } } }";
    assert_eq!(server.ask(made, json!({})).await.data()["createVisit"]["userErrors"], json!([]));
    // A text that still does not resolve is refused; one that does mends it, with all that was stored.
    let apply = "mutation { applySchema(sdl: \"extend type Customer { q: Int }\") { diagnostics { code } } }";
    let refused = metadata(&server, apply, json!({})).await;
    assert_ne!(refused["applySchema"]["diagnostics"], json!([]));
    replace(&server, &whole).await;
    assert_eq!(apart(&server).await.len(), 5);
    let seen = server
        .ask(
            "{ visits(orderBy: [{minutes: ASC}]) { nodes { minutes } } rooms { nodes { name } } }",
            json!({}),
        )
        .await;
    let seen = seen.data();
    assert_eq!(seen["visits"]["nodes"], json!([{ "minutes": 30 }, { "minutes": null }]));
    assert_eq!(seen["rooms"]["nodes"], json!([{ "name": "一" }]));
    let nobody = client.poster_of("nobody").await;
    let told = nobody.post("/metadata", json!({ "query": QUARANTINE })).await;
    assert_eq!(told.codes(), ["ACCESS_DENIED"]);
}

/// What the program says of the main products of customers, help included, as a text within SQL.
pub(crate) fn main_products() -> String {
    let text = include_str!("../../schema/customer.graphql");
    let at = text.find("  mainProducts:").unwrap();
    let from = text[..at].trim_end().rfind('\n').unwrap() + 1;
    let end = at + text[at..].find('\n').unwrap();
    text[from..end].replace('\'', "''")
}

/// Stores the standard objects as they were before customers had main products.
async fn older(client: &Client) {
    let older = format!(
        "UPDATE tw_part SET body = replace(body, '{}', '') WHERE origin = 'STANDARD'",
        main_products()
    );
    write(client, &older).await;
    write(client, "ALTER TABLE customer DROP COLUMN main_products").await;
}

async fn what_an_upgrade_breaks_is_kept_and_comes_back(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let department = client.department("TJ").await;
    let customer = client.customer(&department, "C1", json!({})).await;
    let stays = "type Stay @object(kind: MASTER, label: \"住宿\", plural: \"stays\") {
  name: String
  customer: Customer @relation(inverse: \"stays2\")
  nights: Int
}\n";
    admin.replace(stays).await;
    let stay = json!({ "name": "一", "customer": { "id": customer }, "nights": 2 });
    client.create("Stay", stay).await;
    // The list on the customer has a name that the program brings for a field.
    older(client).await;
    write(
        client,
        "UPDATE tw_part SET body = replace(body, 'stays2', 'mainProducts') WHERE origin = 'CUSTOM'",
    )
    .await;
    let server = started(client).await;
    assert_eq!(apart(&server).await, [pair("OBJECTS", "Stay.customer")]);
    let versions = "{ versions(first: 1) { nodes { changes { kind object field } } } }";
    let told = metadata(&server, versions, json!({})).await;
    let changes = told["versions"]["nodes"][0]["changes"].to_string();
    assert!(
        changes.contains("RETIRE_FIELD") && !changes.contains("REMOVE_FIELD\",\"object\":\"Stay"),
        "{told:#}"
    );
    let seen = server
        .ask("{ stays { nodes { name nights } } customers { nodes { mainProducts } } }", json!({}))
        .await;
    assert_eq!(seen.data()["stays"]["nodes"], json!([{ "name": "一", "nights": 2 }]));
    // What waits is not purged, and mended it is there with its values.
    let purge = "mutation { purgeRetired(object: \"Stay\", field: \"customer\", confirm: \"Stay.customer\") }";
    let refused = server.post("/metadata", json!({ "query": purge })).await;
    assert_eq!(refused.codes(), ["RECORD_IN_USE"]);
    let told = replace(&server, &stays.replace("stays2", "stays")).await;
    assert!(brief(&told).contains(&"RESTORE_FIELD Stay.customer".to_owned()), "{told:#}");
    assert!(apart(&server).await.is_empty());
    let seen =
        server.ask("{ customers { nodes { stays { nodes { nights } } } } }", json!({})).await;
    assert_eq!(seen.data()["customers"]["nodes"][0]["stays"]["nodes"], json!([{ "nights": 2 }]));
}

async fn a_custom_field_keeps_its_name(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let department = client.department("TJ").await;
    let own = "extend type Customer { products2: String @field(label: \"自有\") }\n";
    admin.replace(own).await;
    client.customer(&department, "C1", json!({ "products2": "树脂" })).await;
    older(client).await;
    write(client, "ALTER TABLE customer RENAME COLUMN x_products2 TO x_main_products").await;
    write(client, "UPDATE tw_part SET body = replace(body, 'products2', 'mainProducts') WHERE origin = 'CUSTOM'").await;
    let server = started(client).await;
    assert_eq!(apart(&server).await, [pair("OBJECTS", "Customer.mainProducts")]);
    let query = "{ customers { nodes { mainProducts } } __type(name: \"Customer\") { fields { name description } } }";
    let seen = server.ask(query, json!({})).await.data();
    assert_eq!(seen["customers"]["nodes"], json!([{ "mainProducts": "树脂" }]));
    assert!(seen["__type"].to_string().contains("自有"));
    // Publishing goes on beside it.
    replace(&server, &own.replace("products2", "mainProducts").replace(" }\n", " more: Int }\n"))
        .await;
    assert_eq!(apart(&server).await.len(), 1);
    // Without the custom one the standard one is there.
    replace(&server, "extend type Customer { more: Int }\n").await;
    assert!(apart(&server).await.is_empty());
    let seen = server.ask("{ customers { nodes { mainProducts } } }", json!({})).await;
    assert_eq!(seen.data()["customers"]["nodes"], json!([{ "mainProducts": null }]));
}

async fn nobody_has_anything_by_a_broken_role(client: &Client) {
    let office = Office::open(client).await;
    assert!(
        office.ask("zhang", "{ customers { totalCount } }").await["data"]["customers"].is_object()
    );
    // The company's own role in place of the standard one: neither counts.
    write(
        client,
        "INSERT INTO tw_part (id, kind, name, origin, position, body, since) VALUES
        ('c', 'ROLE', 'salesperson', 'CUSTOM', 1, 'code = 7', 2)",
    )
    .await;
    let other = client.reopened().await.unwrap();
    drop(other);
    client.company.rights.forget();
    let told = office.ask("zhang", "{ customers { totalCount } }").await;
    assert_eq!(told["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{told:#}");
}

async fn what_is_said_of_standard_fields_stays(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let said = "extend type Customer { level: CustomerLevel @standard(label: \"等第\") website: String @standard(hidden: true) }\n";
    admin.replace(&format!("{VISITS}{said}")).await;
    write(client, "UPDATE tw_part SET body = replace(body, 'minutes: Int', 'minutes: Nothing') WHERE origin = 'CUSTOM'").await;
    let server = started(client).await;
    assert_eq!(apart(&server).await, [pair("OBJECTS", "Visit.minutes")]);
    let asked = "{ object(name: \"Customer\") { fields { name labelZh hidden } } }";
    let fields = metadata(&server, asked, json!({})).await["object"]["fields"].clone();
    let of =
        |name: &str| fields.as_array().unwrap().iter().find(|one| one["name"] == name).cloned();
    assert_eq!(of("level").unwrap()["labelZh"], "等第");
    assert_eq!(of("website").unwrap()["hidden"], true);
    replace(&server, &format!("{VISITS}{said}")).await;
    assert_eq!(apart(&server).await, []);
}
