//! Numbers made of values: what series there are, what restarts them, and that none has a gap.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use crate::{
    both_dbs,
    languages::Asker,
    support::{Client, Poster, office::Office},
};

both_dbs! {
    numbers_are_made_of_departments_and_choices
    a_number_without_its_value_is_refused_and_given_back
    a_year_ends_where_the_company_is
    writers_of_several_series_leave_no_gap
    numbers_of_an_earlier_format_are_passed_over
}

const TICKETS: &str = r#"
enum TicketKind { A B }
type Ticket @object(kind: DOCUMENT, label: "票", labelEn: "Ticket", plural: "tickets") {
  no: String @number(format: "{department.code}{kind}{yy}-{seq:2}") @field(label: "票号", labelEn: "No")
  yearly: String @number(format: "{department.code}/{yyyy}/{seq:3}", per: ["yyyy"]) @field(label: "年号")
  department: Department @field(label: "部门", labelEn: "Department")
  kind: TicketKind @field(label: "类", labelEn: "Kind", default: "A")
}
"#;

async fn tickets(client: &Client) {
    let applied = client.apply(TICKETS, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
}

const MAKE: &str = "mutation($i: [CreateTicketInput!]!, $e: BulkOnError) { createTickets(inputs: $i, onError: $e) {
    records { no yearly } userErrors { code path message } } }";

/// The numbers of several tickets made at once; what was refused.
async fn make(post: &Poster, inputs: Value) -> (Vec<String>, Value) {
    let answer = post.ask(MAKE, json!({ "i": inputs })).await.data();
    let made = &answer["createTickets"];
    let records = made["records"].as_array().unwrap().iter();
    let number = |record: &Value| {
        format!("{} {}", record["no"].as_str().unwrap(), record["yearly"].as_str().unwrap())
    };
    (records.map(number).collect(), made["userErrors"].clone())
}

async fn numbers_are_made_of_departments_and_choices(client: &Client) {
    tickets(client).await;
    let (tj, qz) = (client.department("TJ").await, client.department("QZ").await);
    let post = client.poster();
    let ticket =
        |department: &str, kind: &str| json!({ "department": { "id": department }, "kind": kind });
    let inputs = json!([ticket(&tj, "A"), ticket(&qz, "A"), ticket(&tj, "B"), ticket(&tj, "A")]);
    let (numbers, refused) = make(&post, inputs).await;
    assert_eq!(refused, json!([]));
    // The first of each series; the other number counts by the year alone, through all departments. Series take turns
    // in the order of their names.
    let of = |at: usize| numbers[at].split(' ').next().unwrap();
    assert_eq!([of(0), of(1), of(2), of(3)], ["TJA26-01", "QZA26-01", "TJB26-01", "TJA26-02"]);
    let yearly = |at: usize| numbers[at].split(' ').nth(1).unwrap();
    let expected = ["TJ/2026/001", "QZ/2026/002", "TJ/2026/003", "TJ/2026/004"];
    assert_eq!([yearly(0), yearly(1), yearly(2), yearly(3)], expected);
    // A number stays what it is, and is found and ordered as a text.
    let found = "{ ticket(no: \"TJB26-01\") { id } tickets(orderBy: [{no: DESC}], first: 3) { nodes { no } } }";
    let data = client.data(found).await;
    let listed: Vec<_> =
        data["tickets"]["nodes"].as_array().unwrap().iter().map(|n| &n["no"]).collect();
    assert_eq!(listed, ["TJB26-01", "TJA26-02", "TJA26-01"]);
    let id = data["ticket"]["id"].as_str().unwrap();
    let moved = client.update("Ticket", id, json!({ "department": { "id": qz } })).await;
    assert_eq!(moved["userErrors"], json!([]));
    assert_eq!(client.data("{ ticket(no: \"TJB26-01\") { id } }").await["ticket"]["id"], id);
    // A department with another code begins another series.
    client.update("Department", &tj, json!({ "code": "TJX" })).await;
    let (numbers, _) = make(&post, json!([ticket(&tj, "A")])).await;
    assert_eq!(numbers, ["TJXA26-01 TJX/2026/005"]);
}

async fn a_number_without_its_value_is_refused_and_given_back(client: &Client) {
    tickets(client).await;
    let office = Office::open(client).await;
    let tj = office.id("TJ-TL");
    let post = client.poster();
    let good = json!({ "department": { "id": tj } });
    let (numbers, _) = make(&post, json!([good])).await;
    assert_eq!(numbers, ["TJ-TLA26-01 TJ-TL/2026/001"]);
    for (input, path) in
        [(json!({}), "department"), (json!({ "department": { "id": tj }, "kind": null }), "kind")]
    {
        let (numbers, refused) = make(&post, json!([good, input])).await;
        assert_eq!(numbers, [""; 0]);
        assert_eq!(refused[0]["code"], "RECORD_VALUE", "{refused:#}");
        assert_eq!(refused[0]["path"], json!(["1", path]), "{refused:#}");
    }
    let query = "mutation { createTicket(input: {}) { userErrors { message hint } } }";
    let told = Asker::new(client).await.told("/graphql", query, json!({})).await;
    let message = &told[0]["data"]["createTicket"]["userErrors"][0]["message"];
    assert_eq!(message, "the number is made of Department > Code, which has no value");
    // Whoever does not see the code makes no number of it, and is told what is told of an empty one.
    let role = "code = \"clerk\"\nlabel = \"x\"\nlabel_en = \"x\"\n
        [[grants]]\nobjects = [\"Ticket\"]\nactions = [\"read\", \"create\"]\nopen = true\n
        [[grants]]\nobjects = [\"Department\"]\nactions = [\"read\"]\nopen = true\n
        [[fields]]\nobject = \"Department\"\nhidden = [\"code\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("zhang", &["clerk"], &[]).await;
    let query = format!(
        "mutation {{ createTicket(input: {{ department: {{ id: \"{tj}\" }} }}) {{ record {{ no }} userErrors {{ code path }} }} }}"
    );
    let told = &office.ask("zhang", &query).await["data"]["createTicket"];
    assert_eq!(told["record"], Value::Null, "{told:#}");
    assert_eq!(told["userErrors"][0], json!({ "code": "RECORD_VALUE", "path": ["department"] }));
    // None of these has left a gap.
    let (numbers, _) = make(&post, json!([good])).await;
    assert_eq!(numbers, ["TJ-TLA26-02 TJ-TL/2026/002"]);
}

async fn a_year_ends_where_the_company_is(client: &Client) {
    tickets(client).await;
    let department = client.department("TJ").await;
    let input = json!([{ "department": { "id": department } }]);
    make(&client.poster(), input.clone()).await;
    // From 10:00 on the 15th of June to the last second of the year in Shanghai, where it is still afternoon in UTC.
    let to_midnight = Duration::from_secs(199 * 86_400 + 13 * 3_600 + 59 * 60 + 59);
    client.world.advance(to_midnight);
    let post = client.poster_of("admin").await;
    assert_eq!(make(&post, input.clone()).await.0, ["TJA26-02 TJ/2026/002"]);
    client.world.advance(Duration::from_secs(1));
    assert_eq!(make(&post, input.clone()).await.0, ["TJA27-01 TJ/2027/001"]);
    assert_eq!(make(&post, input).await.0, ["TJA27-02 TJ/2027/002"]);
}

async fn writers_of_several_series_leave_no_gap(client: &Client) {
    tickets(client).await;
    let (tj, qz) = (client.department("TJ").await, client.department("QZ").await);
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..12 {
        let (one, other) = if writer % 2 == 0 { (&tj, &qz) } else { (&qz, &tj) };
        let mut inputs =
            json!([{ "department": { "id": one } }, { "department": { "id": other } }]);
        if writer % 3 == 0 {
            inputs[1]["kind"] = Value::Null;
        }
        let post = client.poster();
        tasks.spawn(async move { make(&post, inputs).await });
    }
    let done = tasks.join_all().await;
    let made: Vec<_> = done.into_iter().flat_map(|(numbers, _)| numbers).collect();
    assert_eq!(made.len(), 16);
    let mut series: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for number in &made {
        let (no, yearly) = number.split_once(' ').unwrap();
        for (name, number) in
            [no.rsplit_once('-').unwrap(), ("year", yearly.rsplit_once('/').unwrap().1)]
        {
            series.entry(name.to_owned()).or_default().push(number.parse().unwrap());
        }
    }
    for (name, count) in [("TJA26", 8), ("QZA26", 8), ("year", 16)] {
        let numbers = series.get_mut(name).unwrap();
        numbers.sort_unstable();
        assert_eq!(*numbers, (1..=count).collect::<Vec<_>>(), "{name}");
    }
}

async fn numbers_of_an_earlier_format_are_passed_over(client: &Client) {
    let slips = |format: &str| {
        format!(
            "type Slip @object(kind: DOCUMENT, label: \"单\", plural: \"slips\", number: \"{format}\") {{ note: String }}"
        )
    };
    client.apply(&slips("N{yyyy}{seq:2}"), false).await;
    let many =
        "mutation { createSlips(inputs: [{}, {}, {}]) { records { number } userErrors { code } } }";
    client.data(many).await;
    // Another series, whose first numbers records have already.
    let applied = client.apply(&slips("N2026{seq:2}"), false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    assert_eq!(applied["changes"][0]["kind"], "UPDATE_FIELD", "{applied:#}");
    let one = client
        .data("mutation { createSlip(input: {}) { record { number } userErrors { code } } }")
        .await;
    assert_eq!(one["createSlip"], json!({ "record": { "number": "N202604" }, "userErrors": [] }));
    let made = client.data(many).await;
    let numbers =
        json!([{ "number": "N202605" }, { "number": "N202606" }, { "number": "N202607" }]);
    assert_eq!(made["createSlips"]["records"], numbers);
}
