//! Fields that get another type where much is to be converted: a job fills the new column and publishes when it is full. A
//! kill at any chunk, a worker thought dead, two processes, a cancel and lost rights leave the old version or the new one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tradewind::{
    app::Tuning,
    company::Company,
    jobs::LEASE,
    storage::{Harm, Harms},
};

use crate::{
    both_dbs,
    retyping::{jobs, retype, settle, states, work},
    schema_drafts::Definer,
    support::{Client, Poster, open_beside, open_harmed},
};

both_dbs! {
    a_job_fills_and_publishes
    a_kill_at_every_chunk_loses_nothing
    a_worker_thought_dead_commits_nothing
    jobs_are_cancelled_and_resumed
    jobs_are_their_owners
    a_job_is_followed_from_another_process
    values_that_come_meanwhile_stop_it
    every_statement_of_a_job_may_fail
}

const RUNS: &str = r#"type Run @object(kind: MASTER, label: "跑", plural: "runs") {
  no: Int! @field(label: "号")
  length: Int @field(label: "长")
}
"#;
const EXACT: &str = "length: Decimal @field(label: \"长\", scale: 1)";

/// A company that converts more than two records by jobs, two a chunk, and an administrator's way to it.
async fn small(client: &Client) -> (Company, Poster) {
    let tuning = Tuning { retyped_at_once: Some(2), ..Tuning::default() };
    open_beside(client, &tuning).await
}

/// Seven runs of an object whose length is to be exact; the job is made and nobody has worked on it.
async fn begun(client: &Client) -> (Company, Poster, Vec<String>) {
    let admin = Definer::new(client, "admin").await;
    admin.replace(RUNS).await;
    let mut ids = Vec::new();
    for no in 0..7 {
        ids.push(client.create("Run", json!({ "no": no, "length": no * 10 })).await);
    }
    let (company, poster) = small(client).await;
    publish(&poster, EXACT).await;
    (company, poster, ids)
}

async fn metadata(poster: &Poster, query: &str, variables: Value) -> Value {
    poster.post("/metadata", json!({ "query": query, "variables": variables })).await.data()
}

/// Publishes another type for the length; the answer.
async fn publish(poster: &Poster, sdl: &str) -> Value {
    let edit = "mutation($steps: [SchemaStep!]!) { editSchemaDraft(steps: $steps) { diagnostics { message } } }";
    let steps = json!({ "steps": [retype("Run", "length", sdl, None)] });
    let edited = metadata(poster, edit, steps).await;
    assert_eq!(edited["editSchemaDraft"]["diagnostics"], json!([]), "{edited:#}");
    let publish = "mutation { publishSchemaDraft(note: \"exact\") { version diagnostics { code message } job { id state fields } } }";
    let told = metadata(poster, publish, json!({})).await["publishSchemaDraft"].clone();
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    told
}

/// The lengths by number, as a company tells them.
async fn lengths(poster: &Poster) -> Vec<Value> {
    let query = "{ runs(orderBy: [{no: ASC}]) { nodes { length } } }";
    let told = poster.ask(query, json!({})).await.data();
    let nodes = told["runs"]["nodes"].as_array().unwrap().iter();
    nodes.map(|run| run["length"].clone()).collect()
}

async fn update(poster: &Poster, id: &str, length: Value) {
    let query = "mutation($id: ID!, $patch: UpdateRunInput!) { updateRun(id: $id, patch: $patch) { userErrors { code } } }";
    let patch = json!({ "id": id, "patch": { "length": length } });
    let told = poster.ask(query, patch).await.data();
    assert_eq!(told["updateRun"]["userErrors"], json!([]), "{told:#}");
}

fn exact(lengths: &[i64]) -> Vec<Value> {
    lengths.iter().map(|length| json!(format!("{length}.0"))).collect()
}

async fn a_job_fills_and_publishes(client: &Client) {
    let (company, poster, ids) = begun(client).await;
    let admin = Definer::new(client, "admin").await;
    let before = company.catalog().version;
    let known = jobs(&admin).await;
    assert_eq!(
        (&known[0]["state"], &known[0]["fields"]),
        (&json!("QUEUED"), &json!(["Run.length"]))
    );
    // While it waits and works, the version before is served, and the draft says so.
    let draft = "{ schemaDraft { sdl job { state } } }";
    assert_eq!(
        metadata(&poster, draft, json!({})).await["schemaDraft"]["job"],
        json!({ "state": "QUEUED" })
    );
    let mut held = company.take_job().await.unwrap().unwrap();
    for _chunk in 0..3 {
        assert!(company.work_chunk(&mut held).await.unwrap());
    }
    let told = jobs(&admin).await[0].clone();
    assert_eq!(told["state"], "RUNNING");
    assert_eq!(told["progress"], json!({ "done": 4, "total": 7 }));
    assert_eq!(company.catalog().version, before);
    // What has been converted, and what has not, is changed, made and removed meanwhile.
    update(&poster, &ids[0], json!(1)).await;
    update(&poster, &ids[1], Value::Null).await;
    update(&poster, &ids[6], json!(61)).await;
    client.create("Run", json!({ "no": 7, "length": 70 })).await;
    let gone = format!("mutation {{ deleteRun(id: \"{}\") {{ userErrors {{ code }} }} }}", ids[2]);
    client.data(&gone).await;
    // Nobody begins the same again, and nobody else publishes the field another way.
    let again = "mutation { publishSchemaDraft { diagnostics { code } } }";
    let again = metadata(&poster, again, json!({})).await;
    assert_eq!(again["publishSchemaDraft"]["diagnostics"][0]["code"], "CATALOG_CONFLICT");
    while company.work_chunk(&mut held).await.unwrap() {}
    assert_eq!(company.catalog().version, before + 1);
    let mut expected = exact(&[1, 0, 30, 40, 50, 61, 70]);
    expected[1] = Value::Null;
    assert_eq!(lengths(&poster).await, expected);
    let versions = "{ versions(first: 1) { nodes { version note changes { kind } } } }";
    assert_eq!(
        metadata(&poster, versions, json!({})).await["versions"]["nodes"],
        json!([{ "version": before + 1, "note": "exact", "changes": [{ "kind": "RETYPE_FIELD" }] }])
    );
    assert_eq!(metadata(&poster, draft, json!({})).await["schemaDraft"], Value::Null);
    // Another process has not taken the version over yet, and writes under the one before.
    assert_eq!(client.company.catalog().version, before);
    client.update("Run", &ids[4], json!({ "length": 41 })).await;
    client.create("Run", json!({ "no": 8, "length": 80 })).await;
    settle(client).await;
    assert!(client.company.refresh().await.unwrap());
    expected[3] = json!("41.0");
    expected.push(json!("80.0"));
    assert_eq!(lengths(&poster).await, expected);
    assert_eq!(lengths(&client.poster()).await, expected);
    assert_eq!(states(&admin).await, ["DONE"]);
}

async fn a_kill_at_every_chunk_loses_nothing(client: &Client) {
    let (first, poster, ids) = begun(client).await;
    let (second, _) = small(client).await;
    let (before, mut workers) = (first.catalog().version, [&first, &second].into_iter().cycle());
    let mut kills = 0;
    while first.catalog().version.max(second.catalog().version) == before {
        let company = workers.next().unwrap();
        let mut held = company.take_job().await.unwrap().unwrap();
        company.work_chunk(&mut held).await.unwrap();
        // Killed: nobody gives the job back, and nobody gets it before the lease is over.
        assert!(company.take_job().await.unwrap().is_none());
        update(&poster, &ids[kills % 7], json!(100 + kills)).await;
        client.world.advance(LEASE + Duration::from_secs(1));
        kills += 1;
        assert!(kills < 30, "it does not get on");
    }
    // Columns, four chunks and an empty one, the end of the fields, the publish.
    assert!(kills >= 7, "{kills}");
    client.world.advance(Duration::from_secs(3));
    work(&second).await;
    first.refresh().await.unwrap();
    let mut expected: Vec<_> = (0..7).map(|no| no * 10).collect();
    for kill in 0..kills {
        expected[kill % 7] = 100 + i64::try_from(kill).unwrap();
    }
    assert_eq!(lengths(&poster).await, exact(&expected));
}

async fn a_worker_thought_dead_commits_nothing(client: &Client) {
    let (first, _poster, _) = begun(client).await;
    let (second, _) = small(client).await;
    let admin = Definer::new(client, "admin").await;
    let mut stopped = first.take_job().await.unwrap().unwrap();
    for _chunk in 0..2 {
        assert!(first.work_chunk(&mut stopped).await.unwrap());
    }
    // It is still heard of, so that nobody takes it; then it is stopped for longer than its lease.
    let nearly = LEASE / 30 * 29;
    client.world.advance(nearly);
    assert!(stopped.lease.beat(&first.database, &first.env).await.unwrap());
    client.world.advance(nearly);
    assert!(second.take_job().await.unwrap().is_none());
    client.world.advance(Duration::from_secs(2));
    let mut held = second.take_job().await.unwrap().unwrap();
    let known = jobs(&admin).await;
    // The first goes on: nothing of it is kept, neither by a chunk nor by its heartbeat, and it learns so.
    assert!(!first.work_chunk(&mut stopped).await.unwrap());
    assert!(!stopped.lease.beat(&first.database, &first.env).await.unwrap());
    assert_eq!(jobs(&admin).await, known);
    while second.work_chunk(&mut held).await.unwrap() {}
    assert!(first.refresh().await.unwrap());
    settle(client).await;
    assert_eq!(states(&admin).await, ["DONE"]);
}

async fn change(poster: &Poster, what: &str, id: &Value) -> Value {
    let query = format!(
        "mutation($id: ID!) {{ {what}(id: $id) {{ job {{ state }} userErrors {{ code }} }} }}"
    );
    metadata(poster, &query, json!({ "id": id })).await[what].clone()
}

async fn jobs_are_cancelled_and_resumed(client: &Client) {
    let (company, poster, _) = begun(client).await;
    let admin = Definer::new(client, "admin").await;
    let id = jobs(&admin).await[0]["id"].clone();
    let mut held = company.take_job().await.unwrap().unwrap();
    for _chunk in 0..3 {
        assert!(company.work_chunk(&mut held).await.unwrap());
    }
    let running = change(&poster, "resumeJob", &id).await;
    assert_eq!(running["userErrors"][0]["code"], "JOB_STATE", "{running:#}");
    let told = change(&poster, "cancelJob", &id).await;
    assert_eq!(told["job"]["state"], "CANCELLING", "{told:#}");
    // The chunk that comes next ends it.
    assert!(!company.work_chunk(&mut held).await.unwrap());
    assert_eq!(states(&admin).await, ["CANCELLED"]);
    assert!(company.take_job().await.unwrap().is_none());
    let before = company.catalog().version;
    let gone = change(&poster, "cancelJob", &id).await;
    assert_eq!(gone["userErrors"][0]["code"], "JOB_STATE", "{gone:#}");
    let told = change(&poster, "resumeJob", &id).await;
    assert_eq!(told["job"]["state"], "QUEUED", "{told:#}");
    // One that waits is cancelled by whoever works next.
    change(&poster, "cancelJob", &id).await;
    assert_eq!(work(&company).await, 1);
    assert_eq!(states(&admin).await, ["CANCELLED"]);
    change(&poster, "resumeJob", &id).await;
    assert_eq!(work(&company).await, 1);
    assert_eq!(company.catalog().version, before + 1);
    assert_eq!(lengths(&poster).await, exact(&[0, 10, 20, 30, 40, 50, 60]));
    let unknown = json!("00000000-0000-7000-8000-000000000000");
    let told = change(&poster, "cancelJob", &unknown).await;
    assert_eq!(told["userErrors"][0]["code"], "RECORD_NOT_FOUND", "{told:#}");
}

async fn jobs_are_their_owners(client: &Client) {
    let (company, _, _) = begun(client).await;
    let admin = Definer::new(client, "admin").await;
    let id = jobs(&admin).await[0]["id"].clone();
    // Whoever is neither the owner nor an administrator sees nothing of it.
    let nobody = client.token("nobody").await;
    let query = "query($id: ID!) { job(id: $id) { id } jobs { totalCount nodes { id } } }";
    let seen = client.metadata_as(&nobody, query, json!({ "id": id })).await.data();
    assert_eq!(seen, json!({ "job": null, "jobs": { "totalCount": 0, "nodes": [] } }));
    let cancel = "mutation($id: ID!) { cancelJob(id: $id) { userErrors { code } } }";
    let told = client.metadata_as(&nobody, cancel, json!({ "id": id })).await.data();
    assert_eq!(told["cancelJob"]["userErrors"][0]["code"], "RECORD_NOT_FOUND", "{told:#}");
    // Its owner loses the right to define objects while it runs.
    let boss = Definer::another(client, "boss").await;
    let mut held = company.take_job().await.unwrap().unwrap();
    assert!(company.work_chunk(&mut held).await.unwrap());
    let roles =
        "mutation { assignRoles(account: \"admin\", roles: [\"salesperson\"]) { account } }";
    boss.ask(roles, json!({})).await;
    assert!(!company.work_chunk(&mut held).await.unwrap());
    let failed = jobs(&boss).await[0].clone();
    assert_eq!(failed["state"], "FAILED");
    assert_eq!(failed["faults"][0]["code"], "ACCESS_DENIED", "{failed:#}");
    let roles =
        "mutation { assignRoles(account: \"admin\", roles: [\"administrator\"]) { account } }";
    boss.ask(roles, json!({})).await;
    let resume = "mutation($id: ID!) { resumeJob(id: $id) { job { state } } }";
    boss.ask(resume, json!({ "id": id })).await;
    assert_eq!(work(&company).await, 1);
    settle(client).await;
    assert_eq!(states(&boss).await, ["DONE"]);
}

async fn a_job_is_followed_from_another_process(client: &Client) {
    let (company, ..) = begun(client).await;
    let admin = Definer::new(client, "admin").await;
    let id = jobs(&admin).await[0]["id"].clone();
    let query = "subscription($id: ID!) { jobChanged(id: $id) { state progress { done total } } }";
    let mut told = client.follow_metadata(&admin.token, query, json!({ "id": id })).await;
    let nobody = client.token("nobody").await;
    let mut of_nobody = client.follow_metadata(&nobody, query, json!({ "id": id })).await;
    assert_eq!(of_nobody.next().await, Value::Null);
    assert_eq!(told.next().await["state"], "QUEUED");
    let mut held = company.take_job().await.unwrap().unwrap();
    for _chunk in 0..3 {
        assert!(company.work_chunk(&mut held).await.unwrap());
    }
    // It is asked once a second, so that a message may be of any chunk.
    let mut running = told.next().await;
    while running["progress"]["done"] != 4 {
        running = told.next().await;
    }
    assert_eq!(running, json!({ "state": "RUNNING", "progress": { "done": 4, "total": 7 } }));
    while company.work_chunk(&mut held).await.unwrap() {}
    settle(client).await;
    let mut last = told.next().await;
    while last["state"] != "DONE" {
        last = told.next().await;
    }
    assert_eq!(last["progress"], json!({ "done": 7, "total": 7 }));
}

async fn values_that_come_meanwhile_stop_it(client: &Client) {
    let (company, poster, ids) = begun(client).await;
    let admin = Definer::new(client, "admin").await;
    work(&company).await;
    settle(client).await;
    client.company.refresh().await.unwrap();
    // Back to whole numbers, which one of them is not.
    update(&poster, &ids[5], json!("50.5")).await;
    publish(&poster, "length: Int @field(label: \"长\")").await;
    work(&company).await;
    let failed = jobs(&admin).await[0].clone();
    assert_eq!(failed["state"], "FAILED");
    assert_eq!(
        failed["faults"],
        json!([{ "code": "RECORD_VALUE", "path": ["Run", ids[5], "length"] }])
    );
    assert_eq!(failed["progress"]["done"], 4);
    update(&poster, &ids[5], json!("51")).await;
    // What is converted already becomes something that cannot be, too: the publish finds it.
    update(&poster, &ids[0], json!("0.5")).await;
    change(&poster, "resumeJob", &failed["id"]).await;
    work(&company).await;
    let failed = jobs(&admin).await[0].clone();
    assert_eq!(
        (&failed["state"], &failed["faults"][0]["code"]),
        (&json!("FAILED"), &json!("CATALOG_CHANGE"))
    );
    update(&poster, &ids[0], json!("5")).await;
    change(&poster, "resumeJob", &failed["id"]).await;
    work(&company).await;
    let whole: Vec<_> = [5, 10, 20, 30, 40, 51, 60].iter().map(|length| json!(length)).collect();
    assert_eq!(lengths(&poster).await, whole);
}

/// Harms the statement of this number, and counts them.
fn harming(at: usize, harm: Harm) -> (Harms, Arc<AtomicUsize>) {
    let seen = Arc::new(AtomicUsize::new(usize::MAX / 2));
    let counter = Arc::clone(&seen);
    let harms: Harms = Arc::new(move |_sql: &str| {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        (number == at).then_some(harm)
    });
    (harms, seen)
}

async fn every_statement_of_a_job_may_fail(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    admin.replace(RUNS).await;
    for no in 0..7 {
        client.create("Run", json!({ "no": no, "length": no * 10 })).await;
    }
    let mut to_exact = true;
    // Every thirteenth statement, so that it does not take minutes; another remainder each time.
    for at in (0..).map(|step| step * 13 + step % 5) {
        // The clock moves on, and tokens end.
        let (company, poster) = small(client).await;
        let admin = Definer::new(client, "admin").await;
        let sdl = if to_exact { EXACT } else { "length: Int @field(label: \"长\")" };
        publish(&poster, sdl).await;
        let harm = if at % 2 == 0 { Harm::Undone } else { Harm::Unheard };
        let (harms, seen) = harming(at, harm);
        let (harmed, _) = open_harmed(client, harms).await;
        seen.store(0, Ordering::SeqCst);
        // The process whose statement fails gives up; another goes on once the lease is over.
        let mut done = false;
        if let Ok(Some(mut held)) = harmed.take_job().await {
            while let Ok(true) = harmed.work_chunk(&mut held).await {}
            done = seen.load(Ordering::SeqCst) <= at;
        }
        client.world.advance(LEASE + Duration::from_secs(6));
        for job in jobs(&admin).await {
            if job["state"] == "FAILED" {
                change(&poster, "resumeJob", &job["id"]).await;
            }
        }
        work(&company).await;
        for pause in [3, 61] {
            client.world.advance(Duration::from_secs(pause));
            work(&company).await;
        }
        company.refresh().await.unwrap();
        let told = states(&admin).await;
        assert!(told.iter().all(|state| state == "DONE"), "{at}: {told:?}");
        let expected: Vec<_> = (0..7).map(|no| no * 10).collect();
        let whole = expected.iter().map(|length| json!(length)).collect();
        let expected = if to_exact { exact(&expected) } else { whole };
        assert_eq!(lengths(&poster).await, expected, "{at}");
        to_exact = !to_exact;
        if done {
            assert!(at > 20, "{at}");
            return;
        }
    }
}
