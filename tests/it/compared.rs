//! What values are compared with: lists of any length, texts of any form, and conditions that have lost their values.

use serde_json::{Value, json};

use crate::{both_dbs, conveniences::two, reads::market, support::Client};

both_dbs! {
    long_lists_mean_what_short_ones_do
    options_are_told_apart_by_their_case
    what_is_looked_for_is_counted_as_it_is_compared
    a_field_is_sent_once_and_answers_have_an_end
    writes_take_no_unset_condition
    what_no_value_can_be_is_no_value_either
}

async fn long_lists_mean_what_short_ones_do(client: &Client) {
    market(client).await;
    let codes = async |filter: Value| {
        let query = "query($f: CustomerFilter!) { customers(filter: $f, orderBy: [{code: ASC}]) { nodes { code id createdAt level owner { id } } } }";
        client.ask(query, json!({ "f": filter })).await.data()["customers"]["nodes"].clone()
    };
    let all = codes(json!({})).await;
    let second = &all[1];
    // Of every type, one value that is there among many that are not, and as many times itself.
    let others = |other: &dyn Fn(usize) -> Value| (0..40).map(other).collect::<Vec<_>>();
    let uuid = |at: usize| json!(format!("019ec900-0000-7000-8000-{at:012}"));
    let cases = [
        ("code", json!("c2"), others(&|at| json!(format!("X\"{at}\\")))),
        ("id", second["id"].clone(), others(&uuid)),
        ("staffCount", json!(20), others(&|at| json!(1_000 + at))),
        ("creditLimit", json!("99.99"), others(&|at| json!(format!("{at}.01")))),
        (
            "nextFollowUpOn",
            json!("2026-07-01"),
            others(&|at| json!(format!("2020-01-{:02}", at % 28 + 1))),
        ),
        (
            "createdAt",
            second["createdAt"].clone(),
            others(&|at| json!(format!("2020-01-01T00:00:{at:02}Z"))),
        ),
        ("level", json!("A"), vec![json!("D"); 40]),
        ("city", json!("天津"), others(&|at| json!(format!("城{at}")))),
    ];
    for (field, value, mut many) in cases {
        let few = json!([value, many[0]]);
        many.insert(17, value);
        for operator in ["in", "notIn"] {
            let short = codes(json!({ field: { operator: few } })).await;
            let long = codes(json!({ field: { operator: many } })).await;
            // One value of many is there besides: level D.
            assert_eq!(long, short, "{field} {operator}");
            assert!(operator == "notIn" || !short.as_array().unwrap().is_empty(), "{field}");
        }
    }
}

async fn options_are_told_apart_by_their_case(client: &Client) {
    let sdl = "enum Grade { ab AB a_b axb } type Sample @object(kind: MASTER, label: \"样\", plural: \"samples\") { code: String! grades: [Grade!] }";
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    for (code, grades) in [("1", json!(["AB"])), ("2", json!(["ab", "axb"])), ("3", json!(["a_b"]))]
    {
        client.create("Sample", json!({ "code": code, "grades": grades })).await;
    }
    for (grade, found) in [("AB", "1"), ("ab", "2"), ("a_b", "3"), ("axb", "2")] {
        let query =
            format!("{{ samples(filter: {{grades: {{has: {grade}}}}}) {{ nodes {{ code }} }} }}");
        assert_eq!(
            client.data(&query).await["samples"]["nodes"],
            json!([{ "code": found }]),
            "{grade}"
        );
    }
}

async fn what_is_looked_for_is_counted_as_it_is_compared(client: &Client) {
    client.department("D").await;
    let ask = async |argument: String| {
        let query = format!("{{ departments({argument}) {{ totalCount }} }}");
        client.ask(&query, json!({})).await
    };
    // A letter of many forms, a sign that stands for eighteen letters, and the longest that is taken.
    for (argument, expected) in [
        (format!("filter: {{name: {{contains: \"{}\"}}}}", "i".repeat(1_000)), "LIMIT_TEXT"),
        (format!("filter: {{name: {{contains: \"{}\"}}}}", "ﷺ".repeat(150)), "LIMIT_TEXT"),
        (format!("search: \"{}\"", "ﷺ".repeat(140)), "INPUT_VALUE"),
        (format!("filter: {{name: {{contains: \"{}\"}}}}", "料".repeat(1_000)), ""),
        (format!("filter: {{name: {{startsWith: \"{}\"}}}}", "i".repeat(900)), ""),
        (format!("search: \"{}\"", "i".repeat(200)), ""),
    ] {
        let answer = ask(argument).await;
        let code = answer.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        assert_eq!(code, expected, "{}", answer.body);
    }
}

async fn a_field_is_sent_once_and_answers_have_an_end(client: &Client) {
    let department = client.department("D").await;
    for at in 0..50 {
        let remark = json!({ "remark": "长".repeat(19_000) });
        client.customer(&department, &format!("C{at}"), remark).await;
    }
    let ask = async |many: usize| {
        let fields = (0..many).map(|at| format!("a{at}: remark")).collect::<Vec<_>>().join(" ");
        client.ask(&format!("{{ customers {{ nodes {{ {fields} }} }} }}"), json!({})).await
    };
    let told = ask(3).await.data();
    let first = &told["customers"]["nodes"][0];
    assert_eq!(first["a0"], first["a2"]);
    assert_eq!(first["a2"].as_str().unwrap().chars().count(), 19_000);
    assert_eq!(ask(30).await.codes(), ["LIMIT_COST"]);
}

async fn writes_take_no_unset_condition(client: &Client) {
    two(client).await;
    let query = "mutation($f: CustomerFilter!, $all: Boolean) { updateCustomers(filter: $f, patch: {city: \"x\"}, atMost: 9, all: $all) { count userErrors { code path } } }";
    let literal = "mutation($l: CustomerLevel) { deleteCustomers(filter: {code: {startsWith: \"C\"}, level: {eq: $l}}, atMost: 9) { count userErrors { code path } } }";
    let refused =
        json!({ "count": 0, "userErrors": [{ "code": "RECORD_VALUE", "path": ["filter"] }] });
    for filter in [
        json!({ "code": { "startsWith": "C" }, "level": null }),
        json!({ "code": { "startsWith": "C" }, "level": {} }),
        json!({ "code": { "startsWith": "C" }, "owner": { "code": {} } }),
        json!({ "code": { "startsWith": "C" }, "contacts": { "every": {} } }),
        json!({ "code": { "startsWith": "C" }, "and": [] }),
        json!({ "contacts": { "some": { "name": {} } } }),
        json!({ "contacts": { "none": { "customer": { "code": {} } } } }),
        // What is left of a condition looks like this, too: `count` says it.
        json!({ "contacts": { "some": {} } }),
        json!({ "code": { "startsWith": "C" }, "contacts": { "none": {} } }),
        json!({ "code": { "startsWith": "C" }, "contacts": { "count": { "eq": 0 }, "none": null } }),
        json!({ "contacts": { "where": { "name": {} }, "count": { "eq": 0 } } }),
        json!({ "contacts": { "where": null, "count": { "eq": 0 } } }),
        json!({ "contacts": { "count": { "eq": 0 }, "max": { "createdAt": {} } } }),
        json!({ "contacts": { "count": { "eq": 0 }, "max": {} } }),
        json!({ "or": [{ "contacts": { "count": { "eq": 0 }, "min": null } }] }),
        json!({ "level": null }),
        // Boxes that are empty say nothing beside others either, however deep they stand.
        json!({ "level": { "eq": "A" }, "code": { "contains": "" } }),
        json!({ "level": { "eq": "A" }, "code": { "notIn": [] } }),
        json!({ "not": { "code": { "in": [] } } }),
        json!({ "not": { "or": [] } }),
        json!({ "contacts": { "some": { "name": { "contains": "" } } } }),
        json!({ "contacts": { "none": { "name": { "contains": "" } } } }),
        json!({ "owner": { "code": { "like": "%" } } }),
    ] {
        let told = client.ask(query, json!({ "f": filter })).await.data();
        assert_eq!(told["updateCustomers"], refused, "{filter}");
    }
    for unset in [json!({}), json!({ "l": null })] {
        assert_eq!(client.ask(literal, unset).await.data()["deleteCustomers"], refused);
    }
    // So does a whole condition whose variable was not sent, wherever it stands.
    for part in [
        "code: $c",
        "not: $f",
        "or: [$f]",
        "and: [$f]",
        "owner: {code: $c}",
        "contacts: {some: {name: $c}}",
    ] {
        let query = format!(
            "mutation($c: StringFilter, $f: CustomerFilter) {{ updateCustomers(filter: {{level: {{eq: A}}, {part}}}, patch: {{city: \"x\"}}, atMost: 9) {{ count userErrors {{ code path }} }} }}"
        );
        let query = if part.contains("$f") {
            query.replace("$c: StringFilter, ", "")
        } else {
            query.replace(", $f: CustomerFilter", "")
        };
        for unset in [json!({}), json!({ "c": null, "f": null })] {
            let told = client.ask(&query, unset).await.body;
            let refused =
                told["data"]["updateCustomers"]["count"] == 0 || told["errors"].is_array();
            assert!(refused, "{part}: {told}");
        }
    }
    // What is said is done, and everything is said by `all`.
    let done = |count: u32| json!({ "count": count, "userErrors": [] });
    for (filter, all, count) in [
        (json!({ "code": { "startsWith": "C" }, "contacts": { "count": { "eq": 0 } } }), false, 2),
        (json!({ "level": { "eq": "A" } }), false, 1),
        (json!({ "level": null }), true, 2),
    ] {
        let told = client.ask(query, json!({ "f": filter, "all": all })).await.data();
        assert_eq!(told["updateCustomers"], done(count), "{filter}");
    }
    let told = client.ask(literal, json!({ "l": "A" })).await.data();
    assert_eq!(told["deleteCustomers"], done(1));
}

/// A number with more digits than its field, and a text that neither database holds, equal nothing; whatever has no
/// value is neither equal nor different.
async fn what_no_value_can_be_is_no_value_either(client: &Client) {
    let department = client.department("D").await;
    for (code, limit) in [("A", json!("1.50")), ("B", json!("3")), ("C", Value::Null)] {
        client.customer(&department, code, json!({ "creditLimit": limit, "remark": limit })).await;
    }
    let codes = async |filter: &str| {
        let query = format!(
            "{{ customers(filter: {filter}, orderBy: [{{code: ASC}}]) {{ nodes {{ code }} }} }}"
        );
        let told = client.data(&query).await;
        let nodes = told["customers"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(|node| node["code"].as_str().unwrap()).collect::<String>()
    };
    for odd in ["1.499", "99999999999999999999", "-99999999999999999999.999"] {
        for (filter, found) in [
            (format!("{{creditLimit: {{eq: \"{odd}\"}}}}"), ""),
            (format!("{{not: {{creditLimit: {{eq: \"{odd}\"}}}}}}"), "AB"),
            (format!("{{creditLimit: {{ne: \"{odd}\"}}}}"), "AB"),
            (format!("{{not: {{creditLimit: {{ne: \"{odd}\"}}}}}}"), ""),
            (format!("{{not: {{creditLimit: {{in: [\"{odd}\"]}}}}}}"), "AB"),
            (format!("{{not: {{creditLimit: {{in: [\"{odd}\", \"3\"]}}}}}}"), "A"),
            (format!("{{not: {{creditLimit: {{notIn: [\"{odd}\"]}}}}}}"), ""),
            (format!("{{not: {{creditLimit: {{notIn: [\"{odd}\", \"3\"]}}}}}}"), "B"),
        ] {
            assert_eq!(codes(&filter).await, found, "{filter}");
        }
    }
    for (filter, found) in [
        ("{not: {remark: {eq: \"a\\u0000\"}}}", "AB"),
        ("{not: {remark: {ne: \"a\\u0000\"}}}", ""),
        ("{not: {remark: {contains: \"\\u0000\"}}}", "AB"),
        ("{not: {remark: {notIn: [\"\\u0000\"]}}}", ""),
        ("{not: {remark: {in: [\"\\u0000\", \"3\"]}}}", "A"),
        // What a person writes as an empty list is a list of nothing.
        ("{not: {creditLimit: {in: []}}}", "ABC"),
    ] {
        assert_eq!(codes(filter).await, found, "{filter}");
    }
}
