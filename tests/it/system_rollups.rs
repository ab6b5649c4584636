//! Roll-ups of all related records: stored, kept by the saves of these records, and the same as counted anew.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    both_dbs,
    computed::ROLE,
    support::{Client, Poster, office::Office},
};

both_dbs! {
    saves_keep_what_all_records_come_to
    saves_at_once_lose_nothing
    what_is_kept_is_a_change_of_the_record
    definitions_fill_what_is_there
    only_administrators_tell_of_all_records
    what_cannot_be_kept_is_refused_by_name
}

/// Clubs with what their dues come to, stored and counted whenever they are read.
pub(crate) const CLUBS: &str = r#"enum DueState { OPEN DONE }
type Club @object(kind: MASTER, plural: "clubs") {
  code: String! @field(unique: true)
  above: Club @relation(inverse: "branches", onDelete: CLEAR)
  title: String
  paid: Decimal @field(type: MONEY) @rollup(of: "dues", sum: "amount", scope: SYSTEM)
  open: Int @rollup(of: "dues", count: true, where: "state == 'OPEN' && amount != null", scope: SYSTEM)
  least: Decimal @field(type: MONEY) @rollup(of: "dues", min: "amount", where: "state in ['DONE', 'OPEN']", scope: SYSTEM)
  most: Int @rollup(of: "dues", max: "pieces", scope: SYSTEM)
  mean: Decimal @rollup(of: "dues", avg: "amount", scope: SYSTEM)
  total: Decimal @field(scale: 2) @rollup(of: "dues", sum: "lineTotal", scope: SYSTEM)
  shares: Int @rollup(of: "parts", sum: "part", where: "part > 1", scope: SYSTEM)
  weight: Decimal @field(scale: 2) @formula(expr: "coalesce(paid, 0) * 2 + open")
  below: Decimal @field(scale: 2) @rollup(of: "branches", sum: "weight", scope: SYSTEM)
  paidNow: Decimal @field(type: MONEY) @rollup(of: "dues", sum: "amount", scope: VIEWER)
  openNow: Int @rollup(of: "dues", count: true, where: "state == 'OPEN' && amount != null", scope: VIEWER)
  leastNow: Decimal @field(type: MONEY) @rollup(of: "dues", min: "amount", where: "state in ['DONE', 'OPEN']", scope: VIEWER)
  mostNow: Int @rollup(of: "dues", max: "pieces", scope: VIEWER)
  meanNow: Decimal @rollup(of: "dues", avg: "amount", scope: VIEWER)
  totalNow: Decimal @field(scale: 2) @rollup(of: "dues", sum: "lineTotal", scope: VIEWER)
  sharesNow: Int @rollup(of: "parts", sum: "part", where: "part > 1", scope: VIEWER)
  belowNow: Decimal @field(scale: 2) @rollup(of: "branches", sum: "weight", scope: VIEWER)
}
type Due @object(kind: DOCUMENT, plural: "dues") {
  code: String! @field(unique: true)
  club: Club @relation(inverse: "dues")
  amount: Decimal @field(type: MONEY)
  pieces: Int
  state: DueState @field(default: "'OPEN'")
  lines: [DueLine!]! @lines
  lineTotal: Decimal @field(scale: 2) @rollup(of: "lines", sum: "price")
}
type DueLine @object(kind: LINE) {
  price: Decimal @field(scale: 2)
  club: Club @relation(inverse: "parts")
  part: Int
}"#;

/// What is stored, and the name of the same counted when it is read.
const KEPT: [&str; 8] = ["paid", "open", "least", "most", "mean", "total", "shares", "below"];

pub(crate) async fn define(client: &Client, sdl: &str) {
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
}

/// All clubs, after what is stored was compared with what there is.
pub(crate) async fn clubs(client: &Client) -> Vec<Value> {
    let now: String = KEPT.iter().map(|name| format!(" {name} {name}Now")).collect();
    let query = format!(
        "{{ clubs(orderBy: [{{code: ASC}}]) {{ nodes {{ id code version weight{now} }} }} }}"
    );
    let clubs = client.data(&query).await["clubs"]["nodes"].as_array().cloned().unwrap();
    for club in &clubs {
        for name in KEPT {
            assert_eq!(club[name], club[format!("{name}Now")], "{name} of {club:#}");
        }
    }
    clubs
}

async fn club(client: &Client, code: &str) -> Value {
    clubs(client).await.into_iter().find(|club| club["code"] == code).unwrap()
}

pub(crate) fn of(id: &str) -> Value {
    json!({ "id": id })
}

#[track_caller]
pub(crate) fn accept(payload: &Value) {
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
}

pub(crate) async fn mutate(client: &Client, field: &str, call: &str) -> Value {
    let done = client.data(&format!("mutation {{ {call} }}")).await[field].clone();
    accept(&done);
    done
}

async fn saves_keep_what_all_records_come_to(client: &Client) {
    define(client, CLUBS).await;
    let a = client.create("Club", json!({ "code": "A" })).await;
    let b = client.create("Club", json!({ "code": "B", "above": of(&a) })).await;
    assert_eq!(club(client, "A").await["paid"], "0.00");
    let lines = json!({ "create": [{ "price": "1.50", "club": of(&b), "part": 4 }, { "price": "2.25", "club": of(&b), "part": 1 }] });
    let input =
        json!({ "code": "1", "club": of(&b), "amount": "10.00", "pieces": 3, "lines": lines });
    let first = client.create("Due", input).await;
    let told = club(client, "B").await;
    assert_eq!(
        [&told["paid"], &told["open"], &told["total"], &told["shares"], &told["weight"]],
        [&json!("10.00"), &json!(1), &json!("3.75"), &json!(4), &json!("21.00")]
    );
    // What a formula makes of it counts for the club above.
    assert_eq!(club(client, "A").await["below"], "21.00");
    // The amount, the condition, the club.
    accept(&client.update("Due", &first, json!({ "amount": "12.00" })).await);
    assert_eq!(club(client, "B").await["paid"], "12.00");
    accept(&client.update("Due", &first, json!({ "state": "DONE" })).await);
    assert_eq!(club(client, "B").await["open"], 0);
    accept(&client.update("Due", &first, json!({ "club": of(&a) })).await);
    assert_eq!(
        (club(client, "B").await["paid"].clone(), club(client, "A").await["paid"].clone()),
        (json!("0.00"), json!("12.00"))
    );
    accept(&client.update("Due", &first, json!({ "club": null })).await);
    assert_eq!(club(client, "A").await["paid"], "0.00");
    accept(&client.update("Due", &first, json!({ "club": of(&b) })).await);
    // Removed with its lines, and put back.
    mutate(client, "deleteDue", &format!("deleteDue(id: \"{first}\") {{ userErrors {{ code }} }}"))
        .await;
    let told = club(client, "B").await;
    assert_eq!(
        (&told["paid"], &told["least"], &told["shares"]),
        (&json!("0.00"), &Value::Null, &json!(0))
    );
    mutate(
        client,
        "restoreDue",
        &format!("restoreDue(id: \"{first}\") {{ userErrors {{ code }} }}"),
    )
    .await;
    assert_eq!(club(client, "B").await["shares"], 4);
    // Several at once, some of whom go to another club; by key; in one operation.
    mutate(client, "createDues", &format!("createDues(inputs: [{{code: \"2\", club: {{id: \"{a}\"}}, amount: \"1.00\"}}, {{code: \"3\", club: {{id: \"{b}\"}}, amount: \"2.00\"}}, {{code: \"4\", amount: \"4.00\"}}]) {{ userErrors {{ code }} }}")).await;
    assert_eq!(club(client, "A").await["paid"], "1.00");
    mutate(client, "updateDues", &format!("updateDues(filter: {{code: {{in: [\"2\", \"3\", \"4\"]}}}}, patch: {{club: {{id: \"{a}\"}}}}, atMost: 9) {{ userErrors {{ code }} }}")).await;
    assert_eq!(club(client, "A").await["paid"], "7.00");
    mutate(
        client,
        "upsertDue",
        "upsertDue(by: code, input: {code: \"4\", amount: \"5.00\"}) { userErrors { code } }",
    )
    .await;
    assert_eq!(club(client, "A").await["paid"], "8.00");
    mutate(
        client,
        "deleteDues",
        "deleteDues(filter: {code: {in: [\"2\", \"3\"]}}, atMost: 9) { userErrors { code } }",
    )
    .await;
    assert_eq!(club(client, "A").await["paid"], "5.00");
    let both = "mutation @atomic { a: updateDue(id: \"ID\", patch: {amount: \"30.00\"}) { userErrors { code } } b: createDue(input: {code: \"5\", club: {create: {code: \"C\"}}, amount: \"0.50\"}) { userErrors { code } } }";
    let both = client.data(&both.replace("ID", &first)).await;
    accept(&both["a"]);
    accept(&both["b"]);
    assert_eq!(
        (club(client, "B").await["paid"].clone(), club(client, "C").await["mean"].clone()),
        (json!("30.00"), json!("0.5000"))
    );
    // What is refused changes nothing.
    let taken =
        client.try_create("Due", json!({ "code": "1", "club": of(&a), "amount": "99.00" })).await;
    assert_ne!(taken["userErrors"], json!([]));
    assert_eq!(club(client, "A").await["paid"], "5.00");
    // Merged, and taken apart again.
    mutate(
        client,
        "mergeClubs",
        &format!("mergeClubs(keep: \"{a}\", drop: [\"{b}\"]) {{ userErrors {{ code }} }}"),
    )
    .await;
    let told = club(client, "A").await;
    assert_eq!(
        (&told["paid"], &told["shares"], &told["below"]),
        (&json!("35.00"), &json!(4), &Value::from("0.00"))
    );
    mutate(
        client,
        "unmergeClubs",
        &format!("unmergeClubs(keep: \"{a}\") {{ userErrors {{ code }} }}"),
    )
    .await;
    assert_eq!(
        (club(client, "A").await["paid"].clone(), club(client, "B").await["paid"].clone()),
        (json!("5.00"), json!("30.00"))
    );
    // A sum that is more than the field holds is none, and comes back.
    let most = "9999999999999999.99";
    let large = client.create("Due", json!({ "code": "6", "club": of(&a), "amount": most })).await;
    assert_eq!(clubs(client).await[0]["paid"], Value::Null);
    accept(&client.update("Due", &large, json!({ "amount": "1.00" })).await);
    assert_eq!(club(client, "A").await["paid"], "6.00");
}

async fn saves_at_once_lose_nothing(client: &Client) {
    define(client, CLUBS).await;
    let a = client.create("Club", json!({ "code": "A" })).await;
    let b = client.create("Club", json!({ "code": "B", "above": of(&a) })).await;
    let moved =
        client.create("Due", json!({ "code": "M", "club": of(&a), "amount": "100.00" })).await;
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..16 {
        let (post, club) = (client.poster(), if writer % 3 == 0 { a.clone() } else { b.clone() });
        let (a, b, moved) = (a.clone(), b.clone(), moved.clone());
        tasks.spawn(async move {
            let query = "mutation($input: CreateDueInput!) { createDue(input: $input) { record { id } userErrors { code } } }";
            let input = json!({ "code": format!("W{writer}"), "club": of(&club), "amount": "1.00" });
            let made = done(&post, query, json!({ "input": input })).await;
            let update = "mutation($id: ID!, $patch: UpdateDueInput!) { updateDue(id: $id, patch: $patch) { userErrors { code } } }";
            let id = made["createDue"]["record"]["id"].clone();
            done(&post, update, json!({ "id": id, "patch": { "amount": "2.00" } })).await;
            let other = if writer % 2 == 0 { a } else { b };
            done(&post, update, json!({ "id": moved, "patch": { "club": of(&other) } })).await;
            let edit = "mutation($id: ID!, $patch: UpdateClubInput!) { updateClub(id: $id, patch: $patch) { userErrors { code } } }";
            done(&post, edit, json!({ "id": club, "patch": { "title": format!("{writer}") } })).await;
        });
    }
    tasks.join_all().await;
    let told = clubs(client).await;
    let all = told[0]["open"].as_i64().unwrap() + told[1]["open"].as_i64().unwrap();
    assert_eq!(all, 17);
}

/// Asks again where the database has two writers wait for each other and sends one away.
async fn done(post: &Poster, query: &str, variables: Value) -> Value {
    for _ in 0..20 {
        let answer = post.ask(query, variables.clone()).await;
        if answer.body["errors"].is_null() {
            return answer.data();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("refused twenty times: {query}");
}

async fn what_is_kept_is_a_change_of_the_record(client: &Client) {
    define(client, CLUBS).await;
    let a = client.create("Club", json!({ "code": "A", "title": "one" })).await;
    let before = client.company.env.clock.now().to_rfc3339();
    client.world.advance(Duration::from_mins(1));
    let due = client.create("Due", json!({ "code": "1", "club": of(&a), "amount": "3.00" })).await;
    // A form that was opened before is not told of a conflict: nobody has changed what people give.
    let query = "mutation($id: ID!) { updateClub(id: $id, patch: {title: \"two\"}, expectedVersion: 1) { record { version } userErrors { code path } } }";
    let saved = client.ask(query, json!({ "id": a })).await.data();
    assert_eq!(saved["updateClub"], json!({ "record": { "version": 3 }, "userErrors": [] }));
    let query = query.replace("two", "three");
    let stale = client.ask(&query, json!({ "id": a })).await.data();
    assert_eq!(stale["updateClub"]["userErrors"][0]["code"], "RECORD_VERSION");
    let history = client.data(&format!("{{ club(id: \"{a}\") {{ paid history(first: 5) {{ nodes {{ version changes {{ field old new }} }} }} }} }}")).await;
    let entries = history["club"]["history"]["nodes"].as_array().cloned().unwrap();
    let kept = entries.iter().find(|entry| entry["version"] == 2).unwrap();
    let fields: Vec<_> =
        kept["changes"].as_array().unwrap().iter().map(|change| &change["field"]).collect();
    assert!(fields.contains(&&json!("paid")) && fields.contains(&&json!("weight")), "{kept:#}");
    let then = client
        .data(&format!("{{ club(id: \"{a}\", asOf: \"{before}\") {{ paid weight version }} }}"))
        .await;
    assert_eq!(then["club"], json!({ "paid": "0.00", "weight": "0.00", "version": 1 }));
    // A save that changes nothing of it leaves the club alone.
    accept(&client.update("Due", &due, json!({ "code": "2" })).await);
    assert_eq!(club(client, "A").await["version"], 3);
    let filtered = client.data("{ clubs(filter: {paid: {gt: 2}}, orderBy: [{paid: DESC}]) { totalCount } clubAggregate { sum { paid } } }").await;
    assert_eq!(
        (&filtered["clubs"]["totalCount"], &filtered["clubAggregate"][0]["sum"]["paid"]),
        (&json!(1), &json!("3.00"))
    );
}

async fn definitions_fill_what_is_there(client: &Client) {
    let plain: String = CLUBS
        .lines()
        .filter(|line| !line.contains("scope") && !line.contains("weight:"))
        .map(|line| format!("{line}\n"))
        .collect();
    define(client, &plain).await;
    let a = client.create("Club", json!({ "code": "A" })).await;
    let b = client.create("Club", json!({ "code": "B", "above": of(&a) })).await;
    for (code, amount, state) in
        [("1", json!("-1.25"), "OPEN"), ("2", json!("2.50"), "DONE"), ("3", Value::Null, "OPEN")]
    {
        let lines = json!({ "create": [{ "price": "0.10", "club": of(&b), "part": 7 }] });
        let input = json!({ "code": code, "club": of(&b), "amount": amount, "state": state, "pieces": 5, "lines": lines });
        client.create("Due", input).await;
    }
    let dry = client.apply(CLUBS, true).await;
    let risk = |field: &str| {
        let changes = dry["changes"].as_array().unwrap();
        changes.iter().find(|change| change["field"] == field).unwrap()["risk"].clone()
    };
    assert_eq!((risk("paid"), risk("paidNow")), (json!("RIGHTS"), json!("SAFE")));
    define(client, CLUBS).await;
    let told = club(client, "B").await;
    assert_eq!(
        [&told["paid"], &told["open"], &told["shares"], &told["mean"]],
        [&json!("1.25"), &json!(1), &json!(21), &json!("0.6250")]
    );
    assert_eq!(club(client, "A").await["below"], "3.50");
    // Another condition, and another formula behind it.
    let other = CLUBS
        .replace("state in ['DONE', 'OPEN']", "state == 'DONE'")
        .replace("* 2 + open", "* 3 + open");
    define(client, &other).await;
    assert_eq!(
        (club(client, "B").await["least"].clone(), club(client, "A").await["below"].clone()),
        (json!("2.50"), json!("4.75"))
    );
}

async fn only_administrators_tell_of_all_records(client: &Client) {
    let mut office = Office::open(client).await;
    let pledges = "type Pledge @object(kind: MASTER, plural: \"pledges\") @dimension(name: DEPARTMENT, path: \"department\") {
      code: String! @field(unique: true)
      customer: Customer @relation(inverse: \"pledges\")
      department: Department
      amount: Decimal @field(type: MONEY)
    }";
    define(client, pledges).await;
    let rolled = "extend type Customer {
      pledged: Decimal @field(type: MONEY) @rollup(of: \"pledges\", sum: \"amount\", scope: SYSTEM)
      double: Decimal @field(type: MONEY) @formula(expr: \"pledged * 2\")
    }";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    office.give("wu", &["designer"], &[]).await;
    let apply = "mutation($sdl: String!, $dry: Boolean!) { applySchema(sdl: $sdl, dryRun: $dry) { version changes { field risk reason } diagnostics { code message } } }";
    let token = office.tokens["wu"].clone();
    let refused =
        client.metadata_as(&token, apply, json!({ "sdl": rolled, "dry": false })).await.data();
    let told = &refused["applySchema"];
    assert_eq!(told["diagnostics"][0]["code"], "ACCESS_DENIED");
    assert!(
        told["diagnostics"][0]["message"].as_str().unwrap().contains("Customer.pledged"),
        "{told:#}"
    );
    define(client, rolled).await;
    // Nor does a designer make it another one.
    let other = "extend type Customer { pledged: Decimal @field(type: MONEY) @rollup(of: \"pledges\", sum: \"amount\", where: \"code == '1'\", scope: SYSTEM) }";
    let refused =
        client.metadata_as(&token, apply, json!({ "sdl": other, "dry": true })).await.data();
    assert_eq!(refused["applySchema"]["diagnostics"][0]["code"], "ACCESS_DENIED");
    // Whoever sees one department's pledges is told what all come to.
    let role = ROLE.replace("hidden = [\"creditLimit\"]", "hidden = [\"level\"]").replace("[[grants]]\nobjects = [\"Customer\"]", "[[grants]]\nobjects = [\"Pledge\"]\nactions = [\"read\"]\ndimensions = true\n[[grants]]\nobjects = [\"Customer\"]").replace("\"Case\", ", "").replace("label_en = \"x\"\n", "label_en = \"x\"\n[dimensions]\nDEPARTMENT = \"person\"\n");
    client.metadata(save, json!({ "d": role })).await;
    office.give("new", &["some"], &[office.id("TJ-SL")]).await;
    let row = json!([{ "employee": { "id": office.id("new") } }]);
    let related = json!({ "relatedEmployees": { "create": row } });
    client.update("Customer", &office.id("CL"), related).await;
    for (code, department, amount) in [("1", "TJ-SL", "10.00"), ("2", "TJ-TL", "70.00")] {
        let input = json!({ "code": code, "customer": of(&office.id("CL")), "department": of(&office.id(department)), "amount": amount });
        office.make(code, "Pledge", input).await;
    }
    let query = "{ pledges { totalCount } customers(filter: {code: {eq: \"CL\"}}) { nodes { pledged double } } }";
    let seen = office.ask("new", query).await["data"].clone();
    assert_eq!(
        seen,
        json!({ "pledges": { "totalCount": 1 }, "customers": { "nodes": [{ "pledged": "80.00", "double": "160.00" }] } })
    );
    // A role hides it as any field, and with it the formula; and so it does by hiding what is summed.
    for hidden in [
        "object = \"Customer\"\nhidden = [\"pledged\"]",
        "object = \"Pledge\"\nhidden = [\"amount\"]",
    ] {
        let hiding = role.replace("[[fields]]", &format!("[[fields]]\n{hidden}\n[[fields]]"));
        client.metadata(save, json!({ "d": hiding })).await;
        for field in ["pledged", "double"] {
            let told =
                office.ask("new", &format!("{{ customers {{ nodes {{ {field} }} }} }}")).await;
            assert_eq!(told["data"], Value::Null, "{field} {told}");
        }
    }
}

async fn what_cannot_be_kept_is_refused_by_name(client: &Client) {
    let told = async |sdl: &str| -> Vec<String> {
        let said = client.apply(sdl, true).await["diagnostics"].as_array().cloned().unwrap();
        said.iter().map(|one| one["message"].as_str().unwrap().to_owned()).collect()
    };
    let club = |fields: &str| {
        format!(
            "type Club @object(kind: MASTER, plural: \"clubs\") {{ code: String!\n above: Club @relation(inverse: \"branches\")\n friends: [Club!]\n {fields} }}"
        )
    };
    let circle = club(
        "sum: Decimal @formula(expr: \"coalesce(below, 0) + 1\")\n below: Decimal @rollup(of: \"branches\", sum: \"sum\", scope: SYSTEM)",
    );
    assert_eq!(
        told(&circle).await,
        ["a roll-up reads itself: `Club.below` reads `Club.sum` reads `Club.below`"]
    );
    let required = club("below: Int! @rollup(of: \"branches\", count: true, scope: SYSTEM)");
    assert_eq!(
        told(&required).await,
        ["`below` may be without a value: what all records come to can be more than it holds"]
    );
    let list = club("many: Int @rollup(of: \"friends\", count: true, scope: SYSTEM)");
    assert_eq!(told(&list).await, ["`friends` refer in a list, of which nothing is stored"]);
    let day = club(
        "late: Int @rollup(of: \"branches\", count: true, where: \"code == string(today())\", scope: SYSTEM)",
    );
    assert_eq!(told(&day).await.len(), 1);
}
