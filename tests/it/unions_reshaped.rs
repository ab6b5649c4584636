//! Definitions of unions: objects that come and go, names, what is required, and what the database keeps.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{
    both_dbs,
    schema_drafts::{Definer, brief},
    support::Client,
    unions::{Memos, all, memos, titles},
};

both_dbs! {
    unions_gain_and_lose_objects
    a_renamed_union_keeps_all_it_had
    a_required_union_needs_one
    the_database_keeps_one_value
}

async fn unions_gain_and_lose_objects(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let known = Memos::made(client).await;
    let more = "extend union MemoAbout = Contact\n";
    let told = client.apply(more, true).await;
    for kind in ["ADD_FIELD Memo.about.contact", "ADD_FIELD Contact.memos"] {
        assert!(brief(&told).contains(&kind.to_owned()), "{kind}: {told:#}");
    }
    assert!(
        told["changes"].as_array().unwrap().iter().all(|change| change["risk"] == "SAFE"),
        "{told}"
    );
    client.apply(more, false).await;
    let contact = json!({ "name": "王", "customer": { "id": known.customer } });
    let contact = client.create("Contact", contact).await;
    let memo = client
        .create("Memo", json!({ "title": "d", "about": { "contact": { "id": contact } } }))
        .await;
    let query = "{ memos(filter: {about: {contact: {name: {eq: \"王\"}}}}) { nodes { title about { ... on Contact { name } } } } }";
    assert_eq!(
        client.data(query).await["memos"]["nodes"],
        json!([{ "title": "d", "about": { "name": "王" } }])
    );
    // Without rooms: what refers to one is kept and hidden, and may be about something else meanwhile.
    let whole = admin.text().await;
    let less = whole.replace("= Customer | Room", "= Customer");
    let told = admin.replace(&less).await;
    assert!(brief(&told).contains(&"RETIRE_FIELD Memo.about.room".to_owned()), "{told:#}");
    let order = "(orderBy: [{title: ASC}])";
    let query = format!("{{ memos{order} {{ nodes {{ about {{ __typename }} }} }} }}");
    let kinds = json!([{ "about": { "__typename": "Customer" } }, { "about": null }, { "about": null }, { "about": { "__typename": "Contact" } }]);
    assert_eq!(client.data(&query).await["memos"]["nodes"], kinds);
    let other = client.create("Room", json!({ "name": "二号" })).await;
    let set = json!({ "about": { "contact": { "id": contact } } });
    assert_eq!(client.update("Memo", &known.about_room, set).await["userErrors"], json!([]));
    // With rooms again: what was said since stays.
    admin.replace(&whole).await;
    let kinds = json!([{ "about": { "__typename": "Customer" } }, { "about": { "__typename": "Contact" } }, { "about": null }, { "about": { "__typename": "Contact" } }]);
    assert_eq!(client.data(&query).await["memos"]["nodes"], kinds);
    let set = json!({ "about": { "room": { "id": other } } });
    assert_eq!(client.update("Memo", &memo, set).await["userErrors"], json!([]));
    admin.replace(&less).await;
    admin.replace(&whole).await;
    let told = all(client, order).await;
    assert_eq!(told[3]["about"]["name"], "二号", "{told}");
    // A text that only replaces cannot take one away, and what is retired can be purged.
    admin.replace(&less).await;
    let purge = "mutation { purgeRetired(object: \"Memo\", field: \"about.room\", confirm: \"Memo.about.room\") }";
    assert_eq!(admin.ask(purge, json!({})).await["purgeRetired"], true);
    admin.replace(&whole).await;
    assert_eq!(all(client, order).await[3]["about"], Value::Null);
    let without =
        whole.lines().filter(|line| !line.contains("about:")).collect::<Vec<_>>().join("\n");
    admin.replace(&without).await;
    let purge =
        "mutation { purgeRetired(object: \"Memo\", field: \"about\", confirm: \"Memo.about\") }";
    assert_eq!(admin.ask(purge, json!({})).await["purgeRetired"], true);
    let told = admin.ask("{ retired { object field } }", json!({})).await;
    assert!(!told.to_string().contains("about"), "{told}");
    admin.replace(&whole).await;
    assert_eq!(titles(client, "(filter: {about: {isNull: false}})").await, Vec::<String>::new());
}

async fn a_renamed_union_keeps_all_it_had(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let known = Memos::made(client).await;
    let steps = json!([{ "renameField": { "object": "Memo", "field": "about", "to": "subject" } }]);
    let told = admin.edit(steps).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert_eq!(admin.publish("", false).await["diagnostics"], json!([]));
    let query = "{ memos(filter: {about: {room: {size: {eq: 7}}}, subject: {isNull: false}}) { nodes { title
        about { ... on Room { name } } subject { ... on Room { size } } } } }";
    let node = json!({ "title": "b", "about": { "name": "一号" }, "subject": { "size": 7 } });
    assert_eq!(client.data(query).await["memos"]["nodes"], json!([node]));
    for field in ["about.room", "subject.room"] {
        let query = format!("{{ candidates(object: \"Memo\", field: \"{field}\") {{ id }} }}");
        assert_eq!(
            client.data(&query).await["candidates"],
            json!([{ "id": known.room }]),
            "{field}"
        );
    }
    let history = format!(
        "{{ memo(id: \"{}\") {{ history(field: \"subject\") {{ nodes {{ changes {{ field new }} }} }} }} }}",
        known.about_room
    );
    let told = client.data(&history).await["memo"]["history"]["nodes"].clone();
    assert_eq!(told, json!([{ "changes": [{ "field": "subject", "new": known.room }] }]));
}

async fn a_required_union_needs_one(client: &Client) {
    let memos = memos().replace("about: MemoAbout", "about: MemoAbout!").replace(
        "title: String! @field(label: \"标题\")",
        "title: String! @field(label: \"标题\")\n  why: RoomOrMemo @field(label: \"为何\", requiredWhen: \"title == 'x'\")",
    );
    let told = client.apply(&format!("{memos}union RoomOrMemo = Room | Memo\n"), false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    let room = client.create("Room", json!({ "name": "一号" })).await;
    for about in [json!({ "title": "a" }), json!({ "title": "a", "about": null })] {
        let told = client.try_create("Memo", about).await["userErrors"].clone();
        assert_eq!(
            (&told[0]["code"], &told[0]["path"]),
            (&json!("RECORD_REQUIRED"), &json!(["about"])),
            "{told}"
        );
    }
    let memo = json!({ "title": "a", "about": { "room": { "id": room } } });
    let id = client.create("Memo", memo).await;
    let told = client.update("Memo", &id, json!({ "about": null })).await["userErrors"].clone();
    assert_eq!(told[0]["code"], "RECORD_REQUIRED");
    let told = client.update("Memo", &id, json!({ "title": "x" })).await["userErrors"].clone();
    assert_eq!(
        (&told[0]["code"], &told[0]["path"]),
        (&json!("RECORD_REQUIRED"), &json!(["why"])),
        "{told}"
    );
    let set = json!({ "title": "x", "why": { "memo": { "id": id } } });
    assert_eq!(client.update("Memo", &id, set).await["userErrors"], json!([]));
}

async fn the_database_keeps_one_value(client: &Client) {
    let known = Memos::made(client).await;
    let writer = client.company.database.writer();
    let both = format!("UPDATE x_memo SET about_room_id = '{}' WHERE title = 'a'", known.room);
    assert!(writer.execute_unprepared(&both).await.is_err());
    let instead = both.replace(" WHERE", ", about_customer_id = NULL WHERE");
    writer.execute_unprepared(&instead).await.unwrap();
    let told = client.apply("extend union MemoAbout = Contact\n", false).await;
    assert_eq!(told["diagnostics"], json!([]));
    let customer =
        format!("UPDATE x_memo SET about_customer_id = '{}' WHERE title = 'a'", known.customer);
    assert!(writer.execute_unprepared(&customer).await.is_err());
}
