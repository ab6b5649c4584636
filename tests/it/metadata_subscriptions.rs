//! Subscriptions at `/metadata`: what one is told of, when, and under whose rights.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, Told, office::Office},
};

both_dbs! {
    changes_of_what_metadata_tells_are_told
    rights_and_views_are_told_to_those_concerned
    jobs_tell_how_they_stand
    what_cannot_be_followed_is_refused
    a_subscription_ends_with_its_session
}

const CHANGED: &str = "subscription { viewerChanged { fingerprint } }";

async fn fingerprint(client: &Client, token: &str) -> Value {
    let told = client.metadata_as(token, "{ viewer { fingerprint } }", json!({})).await.data();
    told["viewer"]["fingerprint"].clone()
}

async fn follow(client: &Client, token: &str) -> (Told, Value) {
    let mut told = client.follow_metadata(token, CHANGED, json!({})).await;
    let first = told.next().await["fingerprint"].clone();
    assert_eq!(first, fingerprint(client, token).await, "it is told at once");
    (told, first)
}

/// Reads what is told until it is what a query tells now.
async fn caught_up(client: &Client, token: &str, told: &mut Told, before: &Value) -> Value {
    let now = fingerprint(client, token).await;
    assert_ne!(&now, before);
    while told.next().await["fingerprint"] != now {}
    now
}

async fn changes_of_what_metadata_tells_are_told(client: &Client) {
    let admin = client.token("admin").await;
    let (mut told, first) = follow(client, &admin).await;
    client.apply("extend type Customer { shelf: String }", false).await;
    let second = caught_up(client, &admin, &mut told, &first).await;
    let menus = "mutation { setLayout(object: \"Customer\", kind: LIST, layout: {columns: [{name: \"code\"}]}) { version } }";
    client.metadata(menus, json!({})).await;
    let third = caught_up(client, &admin, &mut told, &second).await;
    let role = "code = \"r\"\nlabel = \"x\"\nlabel_en = \"x\"\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    caught_up(client, &admin, &mut told, &third).await;
    // Records are not told of: the next message is of the next definition.
    let before = fingerprint(client, &admin).await;
    client.department("D").await;
    assert_eq!(fingerprint(client, &admin).await, before);
}

async fn rights_and_views_are_told_to_those_concerned(client: &Client) {
    let office = Office::open(client).await;
    let zhang = office.tokens["zhang"].clone();
    let li = office.tokens["li"].clone();
    let (mut of_zhang, first) = follow(client, &zhang).await;
    let (mut of_li, calm) = follow(client, &li).await;
    office.give("zhang", &[], &[]).await;
    let second = caught_up(client, &zhang, &mut of_zhang, &first).await;
    assert_eq!(fingerprint(client, &li).await, calm);
    // A view of one's own is told within the second in which it is looked for.
    let view = "mutation($i: SavedViewInput!) { saveView(input: $i) { view { id } } }";
    let input = json!({ "object": "Customer", "name": "x", "question": {} });
    client.metadata_as(&li, view, json!({ "i": input })).await.data();
    client.company.refresh().await.unwrap();
    caught_up(client, &li, &mut of_li, &calm).await;
    assert_eq!(fingerprint(client, &zhang).await, second);
}

async fn jobs_tell_how_they_stand(client: &Client) {
    let none =
        "subscription { jobChanged(id: \"019795d8-0000-7000-8000-000000000000\") { state } }";
    let admin = client.token("admin").await;
    let mut told = client.follow_metadata(&admin, none, json!({})).await;
    assert_eq!(told.next().await, Value::Null);
    let mut told = client
        .follow_metadata(&admin, "subscription { jobChanged(id: \"x\") { state } }", json!({}))
        .await;
    let (name, body) = told.event().await;
    assert_eq!((name.as_str(), &body["data"]["jobChanged"]), ("next", &Value::Null));
    assert_eq!(body["errors"][0]["extensions"]["code"], "INPUT_VALUE", "{body:#}");
}

async fn what_cannot_be_followed_is_refused(client: &Client) {
    let admin = client.token("admin").await;
    for (query, code) in [
        ("subscription { viewerChanged { nothing } }", "INPUT_INVALID"),
        (
            "subscription { viewerChanged { fingerprint } other: viewerChanged { fingerprint } }",
            "INPUT_INVALID",
        ),
        ("subscription { __typename }", "INPUT_INVALID"),
        ("subscription { jobChanged { id } }", "INPUT_INVALID"),
        ("subscription { customerChanged { id } }", "INPUT_INVALID"),
    ] {
        let mut told = client.follow_metadata(&admin, query, json!({})).await;
        assert_eq!(told.end().await, [code], "{query}");
    }
    // One reply does not hold what a subscription tells.
    let once = client.metadata_as(&admin, CHANGED, json!({})).await;
    assert_eq!(once.codes(), ["INPUT_METHOD"]);
    // A question is answered over the same way.
    let mut told = client.follow_metadata(&admin, "{ version }", json!({})).await;
    assert_eq!(told.next().await, json!(1));
}

async fn a_subscription_ends_with_its_session(client: &Client) {
    let office = Office::open(client).await;
    let li = office.tokens["li"].clone();
    let (mut told, _) = follow(client, &li).await;
    let sessions = client.metadata_as(&li, "{ sessions { nodes { id } } }", json!({})).await.data();
    let id = sessions["sessions"]["nodes"][0]["id"].clone();
    let end = "mutation($id: ID!) { revokeSession(id: $id) }";
    client.metadata_as(&li, end, json!({ "id": id })).await.data();
    assert_eq!(told.end().await, ["AUTH_TOKEN_INVALID"]);
}
