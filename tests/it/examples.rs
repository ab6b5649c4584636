//! The playground's examples, run in their order on a fresh demo company, as its page would.

use std::collections::HashMap;

use serde_json::Value;

use crate::support::{Client, TestDatabase};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/playground/src/graphiql/examples");

/// Every user error and diagnostic in an answer.
fn complaints(data: &Value, found: &mut Vec<String>) {
    match data {
        Value::Object(fields) => {
            for (name, value) in fields {
                if matches!(name.as_str(), "userErrors" | "diagnostics") {
                    let codes = value.as_array().into_iter().flatten();
                    found.extend(
                        codes.map(|fault| fault["code"].as_str().unwrap_or_default().to_owned()),
                    );
                } else {
                    complaints(value, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| complaints(item, found)),
        _ => {}
    }
}

async fn run_all(client: &Client) {
    let index = std::fs::read_to_string(format!("{FOLDER}/index.json")).unwrap();
    let examples: Vec<Value> = serde_json::from_str(&index).unwrap();
    let mut answers: HashMap<String, Value> = HashMap::new();
    let poster = client.poster();
    let mut listening = None;
    for example in &examples {
        let operation = example["operation"].as_str().unwrap();
        let text = std::fs::read_to_string(format!("{FOLDER}/{operation}.graphql")).unwrap();
        let mut variables = example["variables"].clone();
        for (place, from) in example["from"].as_object().into_iter().flatten() {
            let value = answers
                .get(from["operation"].as_str().unwrap())
                .and_then(|data| data.pointer(from["at"].as_str().unwrap()));
            if let (Some(value), Some(slot)) = (value, variables.pointer_mut(place)) {
                *slot = value.clone();
            }
        }
        let variables = if variables.is_null() { serde_json::json!({}) } else { variables };
        if text.lines().any(|line| line.starts_with("subscription ")) {
            listening = Some(poster.follow(&text, variables).await);
            continue;
        }
        let data = match example["endpoint"].as_str().unwrap() {
            "/metadata" => client.metadata(&text, variables).await,
            _ => client.ask(&text, variables).await.data(),
        };
        let mut found = Vec::new();
        complaints(&data, &mut found);
        found.dedup();
        let expected: Vec<_> = example["refused"].as_str().map(str::to_owned).into_iter().collect();
        assert_eq!(found, expected, "{operation}: {data:#}");
        if let Some(mut told) = listening.take() {
            assert_eq!(told.next().await["record"]["code"], "KH9001");
        }
        answers.insert(operation.to_owned(), data);
    }
    assert!(examples.len() >= 15);
}

#[tokio::test]
async fn examples_hold_on_sqlite() {
    run_all(&Client::demo(TestDatabase::sqlite()).await).await;
}

#[tokio::test]
async fn examples_hold_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        run_all(&Client::demo(database).await).await;
    }
}
