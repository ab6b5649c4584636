//! Nothing of either schema is without a description, in English or in Chinese.

use serde_json::{Value, json};

use crate::support::Client;

const EVERYTHING: &str = "{ __schema { description
    types { kind name description specifiedByURL
        fields(includeDeprecated: true) { name description args(includeDeprecated: true) { name description } }
        inputFields(includeDeprecated: true) { name description }
        enumValues(includeDeprecated: true) { name description } }
    directives { name description args(includeDeprecated: true) { name description } } } }";

/// Every described place of a schema with its description.
fn places(schema: &Value) -> Vec<(String, String)> {
    let mut places = Vec::new();
    let mut note = |place: String, of: &Value| {
        places.push((place, of["description"].as_str().unwrap_or_default().to_owned()));
    };
    note("schema".to_owned(), schema);
    let listed = |of: &Value, what: &str| of[what].as_array().cloned().unwrap_or_default();
    for ty in listed(schema, "types") {
        let name = ty["name"].as_str().unwrap().to_owned();
        note(name.clone(), &ty);
        for what in ["fields", "inputFields", "enumValues"] {
            for part in listed(&ty, what) {
                let place = format!("{name}.{}", part["name"].as_str().unwrap());
                note(place.clone(), &part);
                for arg in listed(&part, "args") {
                    note(format!("{place}({})", arg["name"].as_str().unwrap()), &arg);
                }
            }
        }
    }
    for directive in listed(schema, "directives") {
        let name = format!("@{}", directive["name"].as_str().unwrap());
        note(name.clone(), &directive);
        for arg in listed(&directive, "args") {
            note(format!("{name}({})", arg["name"].as_str().unwrap()), &arg);
        }
    }
    places
}

fn chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{3400}'..='\u{9fff}').contains(&letter))
}

#[tokio::test]
async fn nothing_is_without_a_description() {
    let client = Client::sqlite().await;
    let sdl = "type Loan @object(plural: \"loans\", label: \"借用\", labelEn: \"Loan\") {
        name: String! @field(label: \"名称\", labelEn: \"Name\", help: \"写清用途\")
        finish: Finish @field(label: \"表面\", labelEn: \"Finish\", help: \"How it looks\") bare: Int }
        enum Finish { MATT @label(zh: \"哑光\", en: \"Matt\") RAW }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    let token = client.token("admin").await;
    for lang in ["en", "zh-CN"] {
        let header = ("Accept-Language", lang);
        let records = client.ask_with(&token, header, EVERYTHING).await.data();
        let metadata = client.metadata_with(&token, header, EVERYTHING).await.data();
        for (endpoint, schema) in [("records", &records), ("metadata", &metadata)] {
            let places = places(&schema["__schema"]);
            assert!(places.len() > if endpoint == "records" { 8_000 } else { 250 });
            let without: Vec<_> =
                places.iter().filter(|(_, text)| text.trim().is_empty()).collect();
            assert!(without.is_empty(), "{endpoint} {lang}: {without:#?}");
            let citing = |text: &str| ["(S-", "(c."].iter().any(|code| text.contains(code));
            let cites: Vec<_> = places.iter().filter(|(_, text)| citing(text)).collect();
            assert!(cites.is_empty(), "{endpoint} {lang}: {cites:#?}");
            // What no label or table has a word for is called by its api name.
            let bare = [
                "Finish",
                "Loan.bare",
                "CreateLoanInput.bare",
                "UpdateLoanInput.bare",
                "Finish.RAW",
            ];
            let wrong: Vec<_> = places
                .iter()
                .filter(|(place, text)| match lang {
                    "en" => chinese(text),
                    _ => {
                        endpoint == "records"
                            && !chinese(text)
                            && !place.starts_with("__")
                            && !bare.contains(&place.as_str())
                    }
                })
                .collect();
            assert!(
                wrong.is_empty(),
                "{endpoint} {lang}: {} of {}: {wrong:#?}",
                wrong.len(),
                places.len()
            );
            for ty in schema["__schema"]["types"].as_array().unwrap() {
                let name = ty["name"].as_str().unwrap();
                if ty["kind"] == "SCALAR"
                    && !["Boolean", "Float", "ID", "Int", "String"].contains(&name)
                {
                    assert!(ty["specifiedByURL"].is_string(), "{name}");
                }
            }
        }
        let told = |place: &str| {
            let places = places(&records["__schema"]);
            places
                .into_iter()
                .find(|(known, _)| known == place)
                .unwrap_or_else(|| panic!("no {place}"))
                .1
        };
        let expected = match lang {
            "en" => [
                (
                    "Opportunity",
                    "Opportunity: A customer's demand, moved through the stages until ordered or lost.",
                ),
                (
                    "Opportunity.amount",
                    "Expected amount: Your estimate of the sale, not summed from the lines.",
                ),
                ("Loan.finish", "Finish: How it looks."),
                ("Loan.name", "Name"),
                ("CustomerFilter.level", "Condition on: level."),
                ("CustomerLevel.A", "A, strategic"),
                ("Query.customer(code)", "The customer with this code."),
                ("Mutation.createLoan", "Makes a record: loan."),
            ],
            _ => [
                ("Opportunity", "销售机会：客户的一项需求，逐阶段推进到下单或落空。"),
                ("Opportunity.amount", "预计金额：估计能成交多少，自行填写，不由明细汇总。"),
                ("Loan.finish", "表面"),
                ("Loan.name", "名称：写清用途。"),
                ("CustomerFilter.level", "客户等级须满足的条件。"),
                ("CustomerLevel.A", "A 战略：战略客户。"),
                ("Query.customer(code)", "按客户编码查找客户。"),
                ("Mutation.createLoan", "新建借用。"),
            ],
        };
        for (place, text) in expected {
            assert_eq!(told(place), text, "{place}");
        }
    }
}
