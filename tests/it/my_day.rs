//! What a day holds for a person: which records, in which order, and nothing that a list would not show them.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, Poster, office::Office},
};

both_dbs! {
    a_day_has_appointments_and_tasks
    a_day_shows_what_lists_show
    objects_of_ones_own_are_in_a_day
}

const DAY: &str = "query($date: Date, $first: Int) { myDay(date: $date, first: $first) { date
    schedule { totalCount nodes { id object label text detail day start end state stateLabel closed overdue } }
    tasks { totalCount nodes { id object label text detail day start end state stateLabel closed overdue } } } }";

async fn day(poster: &Poster, date: &str) -> Value {
    poster.ask(DAY, json!({ "date": date })).await.data()["myDay"].clone()
}

fn texts(list: &Value) -> Vec<&str> {
    let nodes = list["nodes"].as_array().unwrap_or_else(|| panic!("{list}"));
    nodes.iter().map(|node| node["text"].as_str().unwrap_or("?")).collect()
}

/// Activities, appointments and a request of li's on some days.
async fn filled(office: &mut Office<'_>) {
    let own = |office: &Office<'_>| json!({ "employee": { "id": office.id("li") }, "department": { "id": office.id("TJ-TL") } });
    let with = |mut base: Value, more: Value| {
        base.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        base
    };
    for (subject, at, status) in [
        ("催款", "2026-03-09T16:30:00Z", "PLANNED"),
        ("昨天", "2026-03-09T15:30:00Z", "PLANNED"),
        ("做完了", "2026-03-10T01:00:00Z", "DONE"),
        ("明天", "2026-03-10T16:00:00Z", "PLANNED"),
    ] {
        let input = json!({ "subject": subject, "plannedAt": at, "status": status });
        let input = with(own(office), input);
        office.make(subject, "Activity", input).await;
    }
    for (subject, from, to) in [
        ("例会", "2026-03-10T01:00:00Z", "2026-03-10T02:00:00Z"),
        ("出差", "2026-03-08T01:00:00Z", "2026-03-11T02:00:00Z"),
        ("过去", "2026-03-09T14:00:00Z", "2026-03-09T16:00:00Z"),
        ("零点", "2026-03-09T16:00:00Z", "2026-03-09T16:00:00Z"),
        ("将来", "2026-03-10T16:00:00Z", "2026-03-10T17:00:00Z"),
    ] {
        let input = json!({ "subject": subject, "startsAt": from, "endsAt": to });
        let input = with(own(office), input);
        office.make(subject, "Schedule", input).await;
    }
}

async fn a_day_has_appointments_and_tasks(client: &Client) {
    let mut office = Office::open(client).await;
    filled(&mut office).await;
    let li = client.poster_of("li").await;
    let told = day(&li, "2026-03-10").await;
    assert_eq!(told["date"], "2026-03-10");
    assert_eq!(texts(&told["schedule"]), ["出差", "零点", "例会"], "{told:#}");
    assert_eq!(told["schedule"]["totalCount"], 3);
    assert_eq!(texts(&told["tasks"]), ["昨天", "催款"], "{told:#}");
    assert_eq!(told["tasks"]["totalCount"], 2);
    let (late, due) = (&told["tasks"]["nodes"][0], &told["tasks"]["nodes"][1]);
    assert_eq!(
        (&late["overdue"], &late["day"], &due["overdue"], &due["day"]),
        (&json!(true), &json!("2026-03-09"), &json!(false), &json!("2026-03-10"))
    );
    assert_eq!((&due["object"], &due["label"]), (&json!("Activity"), &json!("Activity")));
    assert_eq!((&due["state"], &due["stateLabel"]), (&json!("PLANNED"), &json!("Planned")));
    assert_eq!((&due["start"], &due["end"]), (&json!("2026-03-09T16:30:00Z"), &Value::Null));
    let trip = &told["schedule"]["nodes"][0];
    assert_eq!((&trip["overdue"], &trip["end"]), (&json!(false), &json!("2026-03-11T02:00:00Z")));
    // What is done is no task any more, an appointment stays.
    let done = json!({ "status": "DONE" });
    client.update("Activity", &office.id("昨天"), done.clone()).await;
    client.update("Schedule", &office.id("例会"), done).await;
    let told = day(&li, "2026-03-10").await;
    assert_eq!(texts(&told["tasks"]), ["催款"]);
    assert_eq!(texts(&told["schedule"]), ["出差", "零点", "例会"]);
    assert_eq!(told["schedule"]["nodes"][2]["closed"], true);
    // A page of each list; today unless told; days that are none.
    let short = li.ask(DAY, json!({ "date": "2026-03-10", "first": 1 })).await;
    let told = short.data()["myDay"].clone();
    assert_eq!((texts(&told["schedule"]), texts(&told["tasks"])), (vec!["出差"], vec!["催款"]));
    assert_eq!(told["schedule"]["totalCount"], 3);
    let today = li.ask("{ myDay { date tasks { nodes { id } } } }", json!({})).await.data();
    let known = client.metadata("{ viewer { today } }", json!({})).await;
    assert_eq!(today["myDay"]["date"], known["viewer"]["today"]);
    let wrong = li.ask(DAY, json!({ "date": "2026-02-30" })).await;
    assert_eq!(wrong.codes(), ["INPUT_VALUE"]);
    for edge in ["0001-01-01", "9999-12-31"] {
        assert_eq!(day(&li, edge).await["date"], edge);
    }
}

async fn a_day_shows_what_lists_show(client: &Client) {
    let mut office = Office::open(client).await;
    filled(&mut office).await;
    let list = "{ activities(filter: {_mine: RELATED, status: {notIn: [DONE, CANCELLED]}, plannedAt: {lte: \"2026-03-10\"}}, orderBy: [{plannedAt: ASC}]) { nodes { id } }
        schedules(filter: {_mine: RELATED, startsAt: {lte: \"2026-03-10\"}, or: [{endsAt: {gt: \"2026-03-09T16:00:00Z\"}}, {startsAt: {gte: \"2026-03-10\"}}]}, orderBy: [{startsAt: ASC}]) { nodes { id } } }";
    let ids = |list: &Value| -> Vec<String> {
        let nodes = list["nodes"].as_array().cloned().unwrap_or_default();
        nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
    };
    for who in ["li", "zhang", "wang", "qian", "wu"] {
        let poster = client.poster_of(who).await;
        let told = day(&poster, "2026-03-10").await;
        let lists = poster.ask(list, json!({})).await;
        if lists.body["data"].is_object() {
            let lists = lists.data();
            assert_eq!(ids(&told["tasks"]), ids(&lists["activities"]), "{who}");
            assert_eq!(ids(&told["schedule"]), ids(&lists["schedules"]), "{who}");
        }
        if who != "li" {
            assert!(!told.to_string().contains("出差"), "{who}: {told:#}");
        }
    }
    // Whoever has no rights, or is no employee, has an empty day.
    for who in ["new", "admin"] {
        let told = day(&client.poster_of(who).await, "2026-03-10").await;
        let empty = json!({ "totalCount": 0, "nodes": [] });
        assert_eq!((&told["schedule"], &told["tasks"]), (&empty, &empty), "{who}");
    }
}

async fn objects_of_ones_own_are_in_a_day(client: &Client) {
    let mut office = Office::open(client).await;
    let sdl = "type Errand @object(kind: MASTER, label: \"跑腿\", labelEn: \"Errand\", plural: \"errands\", timeline: ACTIVITY, display: \"name\") @responsible {
        name: String! state: ErrandState dueOn: Date owner: Employee }
        enum ErrandState { OPEN DONE }
        type Plan @object(kind: MASTER, label: \"计划\", labelEn: \"Plan\", plural: \"plans\", timeline: SERVICE, display: \"name\") @responsible {
        name: String! state: ErrandState startsOn: Date endsOn: Date owner: Employee }
        type Note @object(kind: MASTER, label: \"便笺\", labelEn: \"Note\", plural: \"notes\", display: \"name\") @responsible {
        name: String! state: ErrandState dueOn: Date owner: Employee }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let own = json!({ "id": office.id("li") });
    for (name, state, due) in [
        ("open", json!("OPEN"), json!("2026-03-10")),
        ("without a state", Value::Null, json!("2026-03-01")),
        ("done", json!("DONE"), json!("2026-03-10")),
        ("later", json!("OPEN"), json!("2026-03-11")),
        ("some day", json!("OPEN"), Value::Null),
    ] {
        for object in ["Errand", "Note"] {
            let input = json!({ "name": name, "state": state, "dueOn": due, "owner": own });
            office.make(&format!("{object} {name}"), object, input).await;
        }
    }
    let days = json!({ "name": "plan", "state": "OPEN", "startsOn": "2026-03-10", "endsOn": "2026-03-20", "owner": own });
    office.make("plan", "Plan", days).await;
    let role = "code = \"errands\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Errand\", \"Note\", \"Plan\"]\nactions = [\"read\"]\nopen = true\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("li", &["salesperson", "errands"], &[]).await;
    let told = day(&client.poster_of("li").await, "2026-03-10").await;
    assert_eq!(texts(&told["tasks"]), ["without a state", "open"], "{told:#}");
    assert!(texts(&told["schedule"]).is_empty(), "{told:#}");
    let open = &told["tasks"]["nodes"][1];
    assert_eq!((&open["day"], &open["start"]), (&json!("2026-03-10"), &Value::Null));
    assert_eq!((&open["state"], &open["object"]), (&json!("OPEN"), &json!("Errand")));
}
