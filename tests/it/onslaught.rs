//! A fuzzer of our own: whatever is asked, at every bound and just beyond, is answered or refused.
//!
//! Documents, variables, inputs, definitions and roles are drawn from the schema itself and from values that
//! lie on bounds, and sent through the router by people with different rights. No answer may be `INTERNAL` or
//! late, the process may not end and not grow without bound, and the server goes on answering.
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
    support::{Client, Poster, setting},
};

mod attacker;
mod types;

both_dbs! {
    whatever_is_asked_is_answered_or_refused
}

/// Longest an answer may take, in seconds: that of a request, and some for a busy machine.
const LATE: u64 = 31;
/// Most memory that the process may come to need besides, in kB. Other tests of the process, of which one takes
/// 2,000 objects, run beside this.
const MEMORY: u64 = 4_000_000;

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

async fn whatever_is_asked_is_answered_or_refused(client: &Client) {
    let requests = setting("TRADEWIND_ONSLAUGHT").map_or(400, |count| count.parse().unwrap());
    let seed: u64 = setting("TRADEWIND_SEED").map_or(1, |seed| seed.parse().unwrap());
    let world = company(client, &mut Random(seed)).await;
    for at in 0..30 {
        let code = format!("R{at}");
        client.create("Region", json!({ "code": code, "name": code })).await;
    }
    let ids: Vec<_> = world.ids.values().chain(&world.departments).cloned().collect();
    let administrator = client.poster();
    let mut people = vec![client.poster()];
    for person in &world.people {
        people.push(client.poster_of(&person.account).await);
    }
    let types = Types::read(&tradewind::app::standard_sdl().unwrap());
    let mut told: HashMap<String, usize> = HashMap::new();
    let needed = memory();
    for at in 0..requests {
        let own = seed.wrapping_mul(1_000_003).wrapping_add(at);
        let mut random = Random(own.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66);
        random.below(2);
        let which = random.below(20);
        let poster: &Poster = match which {
            0 | 1 => &administrator,
            _ => &people[random.below(people.len())],
        };
        let attacker = Attacker::new(&types, &ids, &mut random);
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
        if found.is_empty() {
            found.push("answered".to_owned());
        }
        found.dedup();
        for code in found {
            *told.entry(code).or_default() += 1;
        }
        if at % 50 == 0 {
            let alive = administrator.ask("{ regions { totalCount } }", json!({})).await;
            assert!(alive.body.get("errors").is_none(), "{:#}", alive.body);
        }
    }
    let mut told: Vec<_> = told.into_iter().collect();
    told.sort();
    eprintln!("seed {seed}, {requests} requests, {} kB: {told:?}", memory());
}
