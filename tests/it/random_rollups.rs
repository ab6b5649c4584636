//! A property of roll-ups of all related records: whatever is saved, what is stored is what is counted anew.
//!
//! `TRADEWIND_WORLDS=20 cargo test --test it random_rollups` runs longer than every run.

use serde_json::{Value, json};

use crate::{
    agreement::Random,
    both_dbs,
    support::{Client, setting},
    system_rollups::{CLUBS, accept, clubs, define, mutate, of},
};

both_dbs! {
    random_saves_come_to_what_is_counted_anew
}

/// Any of what can be done to dues and clubs.
async fn at_random(client: &Client, random: &mut Random, at: usize) {
    let ids = async |plural: &str| -> Vec<String> {
        let found = client.data(&format!("{{ {plural}(first: 100) {{ nodes {{ id }} }} }}")).await;
        let nodes = found[plural]["nodes"].as_array().unwrap();
        nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
    };
    let (clubs, dues) = (ids("clubs").await, ids("dues").await);
    let any = |random: &mut Random| match random.chance(15) {
        true => Value::Null,
        false => of(random.pick::<String>(&clubs)),
    };
    let amount = |random: &mut Random| match random.chance(15) {
        true => Value::Null,
        false => json!(format!(
            "{}.{:02}",
            i64::try_from(random.below(2_000)).unwrap() - 1_000,
            random.below(100)
        )),
    };
    let state = |random: &mut Random| json!(["OPEN", "DONE"][random.below(2)]);
    let line = |random: &mut Random| json!({ "price": amount(random), "club": any(random), "part": random.below(5) });
    match random.below(9) {
        0 | 1 => {
            let lines: Vec<_> = (0..random.below(3)).map(|_| line(random)).collect();
            let input = json!({ "code": format!("D{at}"), "club": any(random), "amount": amount(random), "pieces": random.below(90), "state": state(random), "lines": { "create": lines } });
            client.create("Due", input).await;
        }
        2 | 3 if !dues.is_empty() => {
            let mut patch = json!({});
            for (name, value) in [
                ("club", any(random)),
                ("amount", amount(random)),
                ("state", state(random)),
                ("pieces", json!(random.below(90))),
            ] {
                if random.chance(50) {
                    patch[name] = value;
                }
            }
            accept(&client.update("Due", random.pick::<String>(&dues), patch).await);
        }
        4 if !dues.is_empty() => {
            let id = random.pick::<String>(&dues);
            mutate(
                client,
                "deleteDue",
                &format!("deleteDue(id: \"{id}\") {{ userErrors {{ code }} }}"),
            )
            .await;
            if random.chance(60) {
                mutate(
                    client,
                    "restoreDue",
                    &format!("restoreDue(id: \"{id}\") {{ userErrors {{ code }} }}"),
                )
                .await;
            }
        }
        5 if !dues.is_empty() => {
            let id = random.pick::<String>(&dues);
            let read = client.data(&format!("{{ due(id: \"{id}\") {{ lines {{ id }} }} }}")).await;
            let mut change = json!({ "create": [line(random)] });
            if let Some(first) = read["due"]["lines"].as_array().and_then(|lines| lines.first()) {
                match random.chance(50) {
                    true => change["delete"] = json!([first["id"]]),
                    false => {
                        change["update"] = json!([{ "id": first["id"], "patch": line(random) }]);
                    }
                }
            }
            accept(&client.update("Due", id, json!({ "lines": change })).await);
        }
        6 => {
            let id = random.pick::<String>(&clubs);
            let call = format!(
                "updateDues(filter: {{state: {{eq: OPEN}}}}, patch: {{club: {{id: \"{id}\"}}}}, atMost: 3, all: false) {{ userErrors {{ code }} }}"
            );
            client.ask(&format!("mutation {{ {call} }}"), Value::Null).await;
        }
        7 => {
            // A club above itself would be no circle here, as the relation is no tree.
            accept(
                &client
                    .update("Club", random.pick::<String>(&clubs), json!({ "above": any(random) }))
                    .await,
            );
        }
        _ => {
            let input = json!({ "code": format!("C{at}"), "above": any(random) });
            client.create("Club", input).await;
            let removed = random.pick::<String>(&clubs);
            let call =
                format!("mutation {{ deleteClub(id: \"{removed}\") {{ userErrors {{ code }} }} }}");
            let gone = client.data(&call).await["deleteClub"]["userErrors"] == json!([]);
            if gone && random.chance(70) {
                client.data(&call.replace("deleteClub", "restoreClub")).await;
            }
        }
    }
}

async fn random_saves_come_to_what_is_counted_anew(client: &Client) {
    define(client, CLUBS).await;
    for code in ["K0", "K1", "K2"] {
        client.create("Club", json!({ "code": code })).await;
    }
    let worlds: usize = setting("TRADEWIND_WORLDS").map_or(1, |worlds| worlds.parse().unwrap());
    let mut random = Random(20_261_129);
    for at in 0..60 * worlds {
        at_random(client, &mut random, at).await;
        clubs(client).await;
    }
}
