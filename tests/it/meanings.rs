//! What conditions and orders mean, for everyone alike: negation over relations, and where what has no value
//! comes.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    negation_over_a_relation_is_its_complement
    conditions_over_relations_mean_the_same_for_everyone
    nothing_comes_where_it_is_asked_to
    the_first_of_a_group_have_a_value
}

const PROBE: &str = "type Probe @object(kind: MASTER, label: \"探针\", plural: \"probes\") {
    code: String! @field(label: \"编码\", unique: true) name: String @field(label: \"名称\")
    n: Int @field(label: \"整数\") d: Decimal @field(label: \"数\", scale: 2)
    boss: Probe @field(label: \"上级\") @relation(inverse: \"kids\")
}";

async fn codes(client: &Client, filter: &str) -> String {
    let query =
        format!("{{ probes(filter: {filter}, orderBy: [{{code: ASC}}]) {{ nodes {{ code }} }} }}");
    let found = client.data(&query).await["probes"]["nodes"].clone();
    let found = found.as_array().unwrap().iter();
    found.map(|node| node["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

async fn negation_over_a_relation_is_its_complement(client: &Client) {
    client.apply(PROBE, false).await;
    let top = client.create("Probe", json!({ "code": "T", "name": "top" })).await;
    let mid = client.create("Probe", json!({ "code": "M", "boss": { "id": top } })).await;
    let low =
        client.create("Probe", json!({ "code": "L", "name": "low", "boss": { "id": mid } })).await;
    client.create("Probe", json!({ "code": "N" })).await;
    let all = "L M N T";
    for (condition, holds) in [
        (format!("{{boss: {{id: {{eq: \"{top}\"}}}}}}"), "M"),
        (format!("{{boss: {{id: {{ne: \"{top}\"}}}}}}"), "L"),
        (format!("{{boss: {{id: {{in: [\"{top}\", \"{low}\"]}}}}}}"), "M"),
        (format!("{{boss: {{id: {{notIn: [\"{top}\"]}}}}}}"), "L"),
        (format!("{{boss: {{and: [{{id: {{eq: \"{top}\"}}}}]}}}}"), "M"),
        (format!("{{boss: {{not: {{id: {{eq: \"{top}\"}}}}}}}}"), "L"),
        (
            format!("{{boss: {{or: [{{id: {{eq: \"{top}\"}}}}, {{id: {{isNull: true}}}}]}}}}"),
            "M N T",
        ),
        (format!("{{boss: {{boss: {{id: {{eq: \"{top}\"}}}}}}}}"), "L"),
        (format!("{{boss: {{boss: {{not: {{id: {{eq: \"{top}\"}}}}}}}}}}"), ""),
        (format!("{{kids: {{some: {{not: {{boss: {{id: {{ne: \"{top}\"}}}}}}}}}}}}"), "T"),
        (format!("{{kids: {{every: {{boss: {{id: {{eq: \"{top}\"}}}}}}}}}}"), "L N T"),
        ("{boss: {id: {in: []}}}".to_owned(), ""),
        ("{boss: {id: {notIn: []}}}".to_owned(), "L M"),
        ("{boss: {id: {isNull: true}}}".to_owned(), "N T"),
        ("{boss: {id: {isNull: false}}}".to_owned(), "L M"),
        ("{boss: {not: {id: {isNull: true}}}}".to_owned(), "L M"),
        ("{boss: {and: [{id: {isNull: true}}]}}".to_owned(), "N T"),
        ("{boss: {code: {eq: \"T\"}}}".to_owned(), "M"),
        ("{boss: {code: {ne: \"T\"}}}".to_owned(), "L"),
        ("{boss: {boss: {id: {isNull: true}}}}".to_owned(), "M"),
    ] {
        assert_eq!(codes(client, &condition).await, holds, "{condition}");
        let others: Vec<_> =
            all.split(' ').filter(|code| !holds.split(' ').any(|c| c == *code)).collect();
        assert_eq!(
            codes(client, &format!("{{not: {condition}}}")).await,
            others.join(" "),
            "not {condition}"
        );
        let twice = format!("{{not: {{not: {condition}}}}}");
        assert_eq!(codes(client, &twice).await, holds, "{twice}");
        let joined = format!("{{or: [{condition}, {{not: {condition}}}]}}");
        assert_eq!(codes(client, &joined).await, all, "{joined}");
    }
}

/// A person who sees some parents only gets what everyone gets where the others are not there.
async fn conditions_over_relations_mean_the_same_for_everyone(client: &Client) {
    let mut office = Office::open(client).await;
    // Of zhang's customers one has a parent that zhang sees, one a parent that they do not, one has none.
    let (seen, hidden) = (office.id("CZ"), office.id("CQ"));
    for (code, parent) in [("Z1", Some(&seen)), ("Z2", Some(&hidden)), ("Z3", None)] {
        let more = json!({ "owner": { "id": office.id("zhang") }, "parentCompany": parent.map(|id| json!({ "id": id })) });
        let id = client.customer(&office.id("TJ-TL"), code, more).await;
        client.update("Customer", &id, json!({ "city": "津" })).await;
    }
    office.make("x", "Region", json!({ "code": "X", "name": "X" })).await;
    let ask = async |who: Option<&str>, condition: &str| {
        let query = format!(
            "{{ customers(filter: {{city: {{eq: \"津\"}}, and: [{condition}]}}, orderBy: [{{code: ASC}}]) {{ nodes {{ code }} }} }}"
        );
        let answer = match who {
            Some(who) => office.ask(who, &query).await["data"].clone(),
            None => client.data(&query).await,
        };
        let found = answer["customers"]["nodes"].as_array().unwrap().clone();
        found.iter().map(|node| node["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
    };
    for (condition, everyone, zhang) in [
        ("{parentCompany: {id: {notIn: []}}}".to_owned(), "Z1 Z2", "Z1"),
        (format!("{{parentCompany: {{id: {{ne: \"{seen}\"}}}}}}"), "Z2", ""),
        (format!("{{not: {{parentCompany: {{id: {{eq: \"{seen}\"}}}}}}}}"), "Z2 Z3", "Z2 Z3"),
        (format!("{{not: {{parentCompany: {{id: {{eq: \"{hidden}\"}}}}}}}}"), "Z1 Z3", "Z1 Z2 Z3"),
        (format!("{{not: {{parentCompany: {{id: {{ne: \"{seen}\"}}}}}}}}"), "Z1 Z3", "Z1 Z2 Z3"),
        (
            format!("{{not: {{parentCompany: {{id: {{in: [\"{seen}\", \"{hidden}\"]}}}}}}}}"),
            "Z3",
            "Z2 Z3",
        ),
        ("{parentCompany: {id: {isNull: true}}}".to_owned(), "Z3", "Z2 Z3"),
        ("{not: {parentCompany: {id: {isNull: true}}}}".to_owned(), "Z1 Z2", "Z1"),
        ("{not: {parentCompany: {code: {eq: \"CZ\"}}}}".to_owned(), "Z2 Z3", "Z2 Z3"),
        ("{parentCompany: {code: {ne: \"CZ\"}}}".to_owned(), "Z2", ""),
    ] {
        assert_eq!(ask(None, &condition).await, everyone, "{condition}");
        assert_eq!(ask(Some("zhang"), &condition).await, zhang, "zhang {condition}");
    }
}

async fn nothing_comes_where_it_is_asked_to(client: &Client) {
    client.apply(PROBE, false).await;
    let boss = |code: &Option<String>| code.as_ref().map(|id| json!({ "id": id }));
    let mut last = None;
    for (code, n, d) in [
        ("A", Some(2), None),
        ("B", None, Some("1.00")),
        ("C", Some(1), Some("2.00")),
        ("D", None, None),
        ("E", Some(2), Some("2.00")),
    ] {
        let input = json!({ "code": code, "n": n, "d": d, "boss": boss(&last) });
        last = Some(client.create("Probe", input).await);
    }
    for (order, expected) in [
        ("{n: ASC}, {code: ASC}", "C A E B D"),
        ("{n: ASC_NULLS_LAST}, {code: ASC}", "C A E B D"),
        ("{n: ASC_NULLS_FIRST}, {code: ASC}", "B D C A E"),
        ("{n: DESC}, {code: ASC}", "B D A E C"),
        ("{n: DESC_NULLS_FIRST}, {code: ASC}", "B D A E C"),
        ("{n: DESC_NULLS_LAST}, {code: ASC}", "A E C B D"),
        ("{d: DESC_NULLS_LAST}, {n: ASC_NULLS_FIRST}, {code: DESC}", "C E B D A"),
        ("{n: ASC_NULLS_FIRST}, {d: DESC}, {code: ASC}", "D B C A E"),
        ("{boss: {n: DESC_NULLS_LAST}}, {code: ASC}", "B D A C E"),
        ("{boss: {code: ASC_NULLS_FIRST}}", "A B C D E"),
        ("{code: DESC_NULLS_FIRST}", "E D C B A"),
    ] {
        for size in [1, 2, 3] {
            for (way, place, side, more) in [
                ("first", "after", "endCursor", "hasNextPage"),
                ("last", "before", "startCursor", "hasPreviousPage"),
            ] {
                let (mut all, mut cursor) = (Vec::new(), Value::Null);
                loop {
                    let query = format!(
                        "query($c: String) {{ probes(orderBy: [{order}], {way}: {size}, {place}: $c) {{ nodes {{ code }} pageInfo {{ {side} {more} }} }} }}"
                    );
                    let page =
                        client.ask(&query, json!({ "c": cursor })).await.data()["probes"].clone();
                    let found: Vec<_> = page["nodes"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|n| n["code"].as_str().unwrap().to_owned())
                        .collect();
                    all = if way == "last" { [found, all].concat() } else { [all, found].concat() };
                    if page["pageInfo"][more] == false {
                        break;
                    }
                    cursor = page["pageInfo"][side].clone();
                }
                assert_eq!(all.join(" "), expected, "{order} {way} {size}");
            }
        }
    }
    // A cursor belongs to one order of nothing.
    let query = "{ probes(orderBy: [{n: DESC}], first: 1) { pageInfo { endCursor } } }";
    let cursor = client.data(query).await["probes"]["pageInfo"]["endCursor"].clone();
    let query = "query($c: String) { probes(orderBy: [{n: DESC_NULLS_LAST}], first: 1, after: $c) { nodes { code } } }";
    assert_eq!(client.ask(query, json!({ "c": cursor })).await.codes(), ["INPUT_CURSOR"]);
    // Groups.
    for (order, expected) in [
        ("{sum: {d: ASC}}", json!([1, 2, null])),
        ("{sum: {d: DESC_NULLS_LAST}}", json!([1, 2, null])),
        ("{key: {n: DESC}}", json!([null, 2, 1])),
        ("{key: {n: DESC_NULLS_LAST}}", json!([2, 1, null])),
        ("{key: {n: ASC_NULLS_FIRST}}", json!([null, 1, 2])),
    ] {
        let query = format!(
            "{{ probeAggregate(filter: {{code: {{ne: \"B\"}}}}, groupBy: [{{n: true}}], orderBy: [{order}]) {{ key {{ n }} }} }}"
        );
        let found = client.data(&query).await["probeAggregate"].clone();
        let found: Vec<_> =
            found.as_array().unwrap().iter().map(|row| row["key"]["n"].clone()).collect();
        assert_eq!(json!(found), expected, "{order}");
    }
}

async fn the_first_of_a_group_have_a_value(client: &Client) {
    client.apply(PROBE, false).await;
    for (code, n) in [("A", None), ("B", Some(1)), ("C", Some(3)), ("D", None), ("E", Some(2))] {
        client.create("Probe", json!({ "code": code, "n": n })).await;
    }
    for (order, expected) in [
        ("{n: DESC}", "C E B D"),
        ("{n: ASC}", "B E C A"),
        ("{n: DESC_NULLS_FIRST}, {code: ASC}", "A D C E"),
        ("{n: ASC_NULLS_FIRST}, {code: ASC}", "A D B E"),
    ] {
        let query =
            format!("{{ probeAggregate {{ top(first: 4, orderBy: [{order}]) {{ code }} }} }}");
        let found = client.data(&query).await["probeAggregate"][0]["top"].clone();
        let found: Vec<_> =
            found.as_array().unwrap().iter().map(|node| node["code"].as_str().unwrap()).collect();
        assert_eq!(found.join(" "), expected, "{order}");
    }
}
