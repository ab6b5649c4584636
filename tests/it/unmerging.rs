//! Undoing merges of records that refer to each other and to themselves, and of those that were restored by hand.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, told},
};

both_dbs! {
    references_among_those_that_are_merged_come_back
    what_was_restored_by_hand_stands_for_itself
}

const TAGS: &str = "type Tagg @object(kind: MASTER, label: \"标签\", plural: \"taggs\") {
    code: String! @field(label: \"编码\", unique: true)
    above: Tagg @field(label: \"上级\") @relation(inverse: \"below\", onDelete: CLEAR)
    friends: [Tagg!]! @field(label: \"朋友\")
}";

async fn tags(client: &Client) -> Value {
    let query =
        "{ taggs(orderBy: [{ code: ASC }]) { nodes { code above { code } friends { code } } } }";
    client.data(query).await["taggs"]["nodes"].clone()
}

async fn merge_tags(client: &Client, arguments: &str) -> Value {
    let query = format!(
        "mutation {{ mergeTaggs({arguments}) {{ record {{ code }} userErrors {{ code path message }} }} }}"
    );
    client.data(&query).await["mergeTaggs"].clone()
}

async fn unmerge_tags(client: &Client, keep: &str) -> Value {
    let query = format!(
        "mutation {{ unmergeTaggs(keep: \"{keep}\") {{ userErrors {{ code path message }} }} }}"
    );
    client.data(&query).await["unmergeTaggs"].clone()
}

async fn references_among_those_that_are_merged_come_back(client: &Client) {
    assert_eq!(client.apply(TAGS, false).await["diagnostics"], json!([]));
    let mut ids = Vec::new();
    for code in ["K", "D1", "D2", "G"] {
        ids.push(client.create("Tagg", json!({ "code": code })).await);
    }
    let [k, d1, d2, g] = <[String; 4]>::try_from(ids).unwrap();
    let of = |id: &str| json!({ "id": id });
    client.update("Tagg", &k, json!({ "above": of(&d1), "friends": { "set": [d1, g] } })).await;
    client.update("Tagg", &d1, json!({ "above": of(&d2), "friends": { "set": [d2, k, g] } })).await;
    client.update("Tagg", &d2, json!({ "above": of(&g) })).await;
    client.update("Tagg", &g, json!({ "friends": { "set": [d1] } })).await;
    let before = tags(client).await;
    for take in ["", ", take: [{ field: \"above\", from: \"D1\" }]"] {
        let take = take.replace("D1", &d1);
        let merged =
            merge_tags(client, &format!("keep: \"{k}\", drop: [\"{d1}\", \"{d2}\"]{take}")).await;
        assert_eq!(told(&merged), [""; 0], "{merged:#}");
        // It is not its own friend, and not below what it absorbed.
        let friends = |code: &str| json!([{ "code": code }]);
        assert_eq!(
            tags(client).await,
            json!([
                { "code": "G", "above": null, "friends": friends("K") },
                { "code": "K", "above": null, "friends": friends("G") },
            ])
        );
        assert_eq!(told(&unmerge_tags(client, &k).await), [""; 0]);
        assert_eq!(tags(client).await, before);
    }
    // Members that somebody has changed since stay as they are.
    merge_tags(client, &format!("keep: \"{k}\", drop: [\"{d1}\"]")).await;
    client.update("Tagg", &g, json!({ "friends": { "set": [] } })).await;
    assert_eq!(told(&unmerge_tags(client, &k).await), [""; 0]);
    let now = tags(client).await;
    assert_eq!(now[2], json!({ "code": "G", "above": null, "friends": [] }), "{now:#}");
}

async fn what_was_restored_by_hand_stands_for_itself(client: &Client) {
    assert_eq!(client.apply(TAGS, false).await["diagnostics"], json!([]));
    let mut ids = Vec::new();
    for code in ["A", "B", "C"] {
        ids.push(client.create("Tagg", json!({ "code": code })).await);
    }
    let [a, b, c] = <[String; 3]>::try_from(ids).unwrap();
    merge_tags(client, &format!("keep: \"{a}\", drop: [\"{b}\", \"{c}\"]")).await;
    let restore =
        format!("mutation {{ restoreTagg(id: \"{b}\") {{ userErrors {{ code path message }} }} }}");
    assert_eq!(told(&client.data(&restore).await["restoreTagg"]), [""; 0]);
    // The first is merged into the one that it had absorbed: its id leads there, and not around.
    merge_tags(client, &format!("keep: \"{b}\", drop: [\"{a}\"]")).await;
    for id in [&a, &b, &c] {
        let asked = format!("{{ tagg(id: \"{id}\") {{ code }} node(id: \"{id}\") {{ id }} }}");
        assert_eq!(
            client.data(&asked).await,
            json!({ "tagg": { "code": "B" }, "node": { "id": b } })
        );
    }
    // The rest of the first merge can still be undone, once its record is there again.
    assert_eq!(told(&unmerge_tags(client, &b).await), [""; 0]);
    assert_eq!(told(&unmerge_tags(client, &a).await), [""; 0]);
    let codes = tags(client).await;
    let codes: Vec<_> = codes.as_array().unwrap().iter().map(|tag| tag["code"].clone()).collect();
    assert_eq!(codes, ["A", "B", "C"]);
}
