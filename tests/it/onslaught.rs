//! A fuzzer of our own: whatever is asked, at every bound and just beyond, is answered or refused.
//!
//! Documents, variables, inputs, definitions and roles are drawn from the schema as each person is told it and from
//! values that lie on bounds, and sent through the router by people with different rights. No answer may be
//! `INTERNAL` or late, the process may not end and not grow without bound, and the server goes on answering.
//!
//! Six in ten are tame: sound but for one thing that is stretched to a bound or beyond. At least half of these must
//! be carried out, or what lies behind the checks would not be tried at all.
//!
//! `TRADEWIND_ONSLAUGHT=200000 cargo test --test it onslaught` sends so many requests to each database instead
//! of the few hundred of every run; `TRADEWIND_SEED=7` begins with another seed. What fails tells its seed.

use std::{collections::HashMap, time::Instant};

use serde_json::{Value, json};

use attacker::Attacker;
use types::Types;

use crate::{
    agreement::{Random, company},
    both_dbs,
    support::{Client, Poster, rule::World, setting},
};

mod attacker;
mod definitions;
mod types;
mod values;

both_dbs! {
    whatever_is_asked_is_answered_or_refused
}

/// Longest an answer may take, in seconds: that of a request, and some for a busy machine.
const LATE: u64 = 31;
/// Most memory that the process may come to need besides, in kB. Other tests of the process, of which one takes
/// 2,000 objects, run beside this.
const MEMORY: u64 = 4_000_000;

/// An object with a field of every type, a document with lines among them.
const OF_EVERY_TYPE: &str = r#"
type Probe @object(kind: MASTER, label: "探针", plural: "probes") {
  code: String! @field(label: "编码", unique: true, search: true, max: 60)
  name: String @field(label: "名称", search: true)
  mail: String @field(type: EMAIL, label: "邮箱", unique: true)
  memo: String @field(type: LONG_TEXT, label: "备忘")
  n: Int @field(label: "整数", check: "n < 1000000")
  d8: Decimal @field(label: "八位", scale: 8)
  money: Decimal @field(type: MONEY, label: "金额")
  twice: Decimal @field(label: "双倍", scale: 2) @formula(expr: "money * 2")
  day: Date @field(label: "日期")
  at: DateTime @field(label: "时间")
  j: JSON @field(label: "杂项")
  yes: Boolean @field(label: "是")
  pick: ProbePick @field(label: "选项")
  picks: [ProbePick!] @field(label: "多选")
  boss: Probe @field(label: "上级") @relation(inverse: "kids")
  customer: Customer @field(label: "客户") @relation(inverse: "probes")
  tags: [ItemCategory!] @field(label: "分类")
}
enum ProbePick @label(zh: "选项") { A @label(zh: "甲") B @label(zh: "乙") C @label(zh: "丙") }
"#;

/// Memory of this process at most so far, in kB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|count| count.parse().ok()).unwrap_or(0)
}

/// Every code that an answer tells.
fn codes(body: &Value, into: &mut Vec<String>) {
    match body {
        Value::Object(fields) => {
            if let Some(Value::String(code)) = fields.get("code") {
                into.push(code.clone());
            }
            fields.values().for_each(|value| codes(value, into));
        }
        Value::Array(items) => items.iter().for_each(|item| codes(item, into)),
        _ => {}
    }
}

/// Ids of some records of every object, by its name; under no name those of all.
async fn ids_of(administrator: &Poster, types: &Types) -> HashMap<String, Vec<String>> {
    let lists: Vec<_> = types.lists().collect();
    let mut ids = HashMap::from([(String::new(), Vec::new())]);
    for lists in lists.chunks(10) {
        let asked: String = lists
            .iter()
            .map(|(_, list)| format!("{list}(first: 6) {{ nodes {{ id }} }} "))
            .collect();
        let told = administrator.ask(&format!("{{ {asked} }}"), json!({})).await.data();
        for (object, list) in lists {
            let nodes = told[list]["nodes"].as_array().unwrap().iter();
            let own: Vec<_> = nodes.map(|n| n["id"].as_str().unwrap().to_owned()).collect();
            ids.get_mut("").unwrap().extend(own.iter().cloned());
            ids.insert((*object).to_owned(), own);
        }
    }
    ids
}

/// Those who ask, the administrator first, each with the types they know.
async fn askers(client: &Client, world: &World) -> Vec<(Poster, Types)> {
    let mut posters = vec![client.poster()];
    for person in &world.people {
        posters.push(client.poster_of(&person.account).await);
    }
    let mut askers = Vec::new();
    for poster in posters {
        let types = Types::read(&poster).await;
        askers.push((poster, types));
    }
    askers
}

async fn whatever_is_asked_is_answered_or_refused(client: &Client) {
    let requests = setting("TRADEWIND_ONSLAUGHT").map_or(500, |count| count.parse().unwrap());
    let seed: u64 = setting("TRADEWIND_SEED").map_or(1, |seed| seed.parse().unwrap());
    let world = company(client, &mut Random(seed)).await;
    client.apply(OF_EVERY_TYPE, false).await;
    for at in 0..30 {
        let code = format!("R{at}");
        client.create("Region", json!({ "code": code, "name": code })).await;
    }
    let mut people = askers(client, &world).await;
    let mut ids = ids_of(&people[0].0, &people[0].1).await;
    let mut told: HashMap<String, usize> = HashMap::new();
    let (mut tame, mut carried_out) = (0, 0);
    let needed = memory();
    for at in 0..requests {
        // What was made and defined meanwhile takes part.
        if at > 0 && at % 1_000 == 0 {
            people = askers(client, &world).await;
            ids = ids_of(&people[0].0, &people[0].1).await;
        }
        let own = seed.wrapping_mul(1_000_003).wrapping_add(at);
        let mut random = Random(own.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66);
        random.below(2);
        let which = random.below(40);
        let (poster, types) = match which {
            0..12 => &people[0],
            _ => &people[random.below(people.len())],
        };
        let wild = random.chance(40);
        let attacker = Attacker::new(types, &ids, &mut random, wild);
        let (path, body) = match which {
            0 => ("/metadata", attacker.definition()),
            1 => ("/metadata", attacker.rights()),
            _ => ("/graphql", attacker.operation()),
        };
        let begun = Instant::now();
        let answer = poster.post(path, body.clone()).await;
        let took = begun.elapsed();
        let mut found = Vec::new();
        codes(&answer.body["errors"], &mut found);
        codes(&answer.body["data"], &mut found);
        let shown = || body.to_string().chars().take(4_000).collect::<String>();
        let never = ["INTERNAL", "STORAGE_UNAVAILABLE", "LIMIT_TIME"];
        let short: String = answer.body.to_string().chars().take(1_000).collect();
        assert!(
            !found.iter().any(|code| never.contains(&code.as_str())),
            "seed {seed}, request {at}: {}\n{short}",
            shown()
        );
        assert!(took.as_secs() < LATE, "seed {seed}, request {at} took {took:?}: {}", shown());
        assert!(
            memory() < needed + MEMORY,
            "seed {seed}, request {at}: {} kB: {}",
            memory(),
            shown()
        );
        tame += usize::from(!wild);
        if found.is_empty() {
            carried_out += usize::from(!wild);
            found.push("answered".to_owned());
        }
        found.dedup();
        for code in found {
            *told.entry(code).or_default() += 1;
        }
        if at % 50 == 0 {
            let alive = people[0].0.ask("{ regions { totalCount } }", json!({})).await;
            assert!(alive.body.get("errors").is_none(), "{:#}", alive.body);
        }
    }
    let mut told: Vec<_> = told.into_iter().collect();
    told.sort();
    eprintln!(
        "seed {seed}, {requests} requests, {carried_out} of {tame} tame ones carried out, {} kB: {told:?}",
        memory()
    );
    assert!(carried_out * 2 > tame, "{carried_out} of {tame} tame requests were carried out");
}
