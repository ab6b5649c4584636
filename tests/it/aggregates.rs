//! Groups and what they come to: keys, measures, conditions, orders, the same on both databases, and no
//! more than the caller can list.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    records_are_grouped_and_measured
    dates_are_grouped_where_the_company_is
    groups_are_chosen_and_ordered
    lists_of_a_record_come_to_something
    records_are_found_by_what_their_lists_come_to
    days_are_counted_from_today
    means_are_exact
    what_is_asked_wrongly_is_told
    totals_are_of_what_the_caller_can_list
    groups_have_their_first_records
}

async fn stage(client: &Client, code: &str, sequence: u32) -> String {
    let input = json!({ "code": code, "name": code, "sequence": sequence });
    client.create("SalesStage", input).await
}

/// Five opportunities of two customers at two stages.
async fn chances(client: &Client) {
    let tianjin = client.department("TJ").await;
    let qingdao = client.department("QD").await;
    let first = client.customer(&tianjin, "C1", json!({ "level": "A" })).await;
    let second = client.customer(&qingdao, "C2", json!({ "level": "B" })).await;
    client.customer(&qingdao, "C3", json!({})).await;
    let stages = [stage(client, "S1", 1).await, stage(client, "S2", 2).await];
    for (name, customer, department, stage, amount, opened, close) in [
        ("a", &first, &tianjin, 0, Some("10.10"), "2026-01-05", Some("2026-05-31")),
        ("b", &first, &tianjin, 1, Some("20.20"), "2026-02-11", Some("2026-06-01")),
        ("c", &second, &qingdao, 0, None, "2026-02-12", None),
        ("d", &second, &qingdao, 0, Some("0.03"), "2025-12-31", Some("2026-06-15")),
        ("e", &second, &tianjin, 1, Some("0.00"), "2026-06-15", Some("2026-07-31")),
    ] {
        let input = json!({
            "name": name, "customer": { "id": customer }, "department": { "id": department },
            "stage": { "id": stages[stage] }, "amount": amount, "openedOn": opened, "expectedCloseOn": close,
            "probability": 10 * (stage + 1),
        });
        client.create("Opportunity", input).await;
    }
}

/// What a field of a query answers.
async fn answer(client: &Client, query: &str) -> Value {
    let data = client.data(&format!("{{ a: {query} }}")).await;
    data["a"].clone()
}

async fn records_are_grouped_and_measured(client: &Client) {
    chances(client).await;
    let before = client.company.database.statements();
    let whole = answer(
        client,
        "opportunityAggregate { __typename count sum { amount probability __typename } avg { amount probability }
            min { amount openedOn } max { amount openedOn createdAt } countDistinct { customer amount stage } }",
    )
    .await;
    assert_eq!(client.company.database.statements() - before, 1);
    assert_eq!(
        whole,
        json!([{
            "__typename": "OpportunityAggregate", "count": 5,
            "sum": { "amount": "30.33", "probability": "70", "__typename": "OpportunityNumbers" },
            "avg": { "amount": "7.582500", "probability": "14.0000" },
            "min": { "amount": "0.00", "openedOn": "2025-12-31" },
            "max": { "amount": "20.20", "openedOn": "2026-06-15", "createdAt": "2026-06-15T02:00:00Z" },
            "countDistinct": { "customer": 2, "amount": 4, "stage": 2 },
        }])
    );
    // Nothing comes to nothing, and to one group as long as nothing is grouped by.
    let none = "opportunityAggregate(filter: {name: {eq: \"x\"}}";
    let query = format!("{none}) {{ count sum {{ amount }} avg {{ amount }} max {{ openedOn }} }}");
    assert_eq!(
        answer(client, &query).await,
        json!([{ "count": 0, "sum": { "amount": null }, "avg": { "amount": null }, "max": { "openedOn": null } }])
    );
    let query = format!("{none}, groupBy: [{{name: true}}]) {{ count }}");
    assert_eq!(answer(client, &query).await, json!([]));
    let grouped = answer(
        client,
        "opportunityAggregate(groupBy: [{customer: {level: true}}, {stage: {id: true}}, {stage: {name: true}}]) {
            key { customer { level } at: stage { name } __typename } n: count sum { amount } }",
    )
    .await;
    let group = |level: &str, stage: &str, n: u32, sum: Option<&str>| {
        json!({ "key": { "customer": { "level": level }, "at": { "name": stage }, "__typename": "OpportunityAggregateKey" },
            "n": n, "sum": { "amount": sum } })
    };
    assert_eq!(
        grouped,
        json!([
            group("A", "S1", 1, Some("10.10")),
            group("A", "S2", 1, Some("20.20")),
            group("B", "S1", 2, Some("0.03")),
            group("B", "S2", 1, Some("0.00")),
        ])
    );
    // Only names, and only keys.
    let names = "opportunityAggregate(groupBy: [{probability: true}]) { __typename }";
    assert_eq!(answer(client, names).await.as_array().unwrap().len(), 2);
    let keys = "customerAggregate(groupBy: [{level: true}]) { key { level } }";
    assert_eq!(
        answer(client, keys).await,
        json!([{ "key": { "level": "A" } }, { "key": { "level": "B" } }, { "key": { "level": null } }])
    );
}

async fn dates_are_grouped_where_the_company_is(client: &Client) {
    chances(client).await;
    for (by, keys) in [
        ("DAY", "2025-12-31 2026-01-05 2026-02-11 2026-02-12 2026-06-15"),
        ("WEEK", "2025-12-29 2026-01-05 2026-02-09 2026-06-15"),
        ("MONTH", "2025-12-01 2026-01-01 2026-02-01 2026-06-01"),
        ("QUARTER", "2025-10-01 2026-01-01 2026-04-01"),
        ("YEAR", "2025-01-01 2026-01-01"),
    ] {
        let query =
            format!("opportunityAggregate(groupBy: [{{openedOn: {by}}}]) {{ key {{ openedOn }} }}");
        let found = answer(client, &query).await;
        let found: Vec<_> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|group| group["key"]["openedOn"].as_str().unwrap())
            .collect();
        assert_eq!(found.join(" "), keys, "{by}");
    }
    // In Shanghai a day begins at four in the afternoon, and 1969 had days too.
    let customers =
        client.data("{ customers { nodes { id } } }").await["customers"]["nodes"].clone();
    for (at, customer) in [
        ("2026-06-30T15:59:59.999999Z", &customers[0]),
        ("2026-06-30T16:00:00Z", &customers[1]),
        ("1969-03-31T16:00:00Z", &customers[2]),
    ] {
        let id = customer["id"].as_str().unwrap();
        client.update("Customer", id, json!({ "lastActivityAt": at })).await;
    }
    for (by, days) in [
        ("DAY", ["1969-04-01", "2026-06-30", "2026-07-01"]),
        ("WEEK", ["1969-03-31", "2026-06-29", "2026-06-29"]),
        ("MONTH", ["1969-04-01", "2026-06-01", "2026-07-01"]),
        ("QUARTER", ["1969-04-01", "2026-04-01", "2026-07-01"]),
    ] {
        let query = format!(
            "customerAggregate(groupBy: [{{lastActivityAt: {by}}}]) {{ key {{ lastActivityAt }} count }}"
        );
        let mut wanted: Vec<Value> = Vec::new();
        for day in days {
            match wanted.last_mut().filter(|last| last["key"]["lastActivityAt"] == day) {
                Some(last) => last["count"] = json!(2),
                None => wanted.push(json!({ "key": { "lastActivityAt": day }, "count": 1 })),
            }
        }
        assert_eq!(answer(client, &query).await, json!(wanted), "{by}");
    }
}

async fn groups_are_chosen_and_ordered(client: &Client) {
    // It is the fifteenth of June 2026, a Monday.
    chances(client).await;
    for (arguments, names) in [
        ("orderBy: [{sum: {amount: DESC}}]", "c b a d e"),
        ("orderBy: [{sum: {amount: ASC}}], first: 2", "e d"),
        ("orderBy: [{max: {openedOn: ASC}}]", "d a b c e"),
        ("orderBy: [{countDistinct: {customer: DESC}}, {key: {name: DESC}}]", "e d c b a"),
        ("orderBy: [{count: ASC}]", "a b c d e"),
        ("having: {sum: {amount: {gt: \"0.02\"}}}", "a b d"),
        ("having: {avg: {amount: {between: [\"0.03\", \"10.1\"]}}}", "a d"),
        ("having: {min: {openedOn: {lt: \"2026-01-05\"}}}", "d"),
        ("having: {sum: {amount: {isNull: true}}}", "c"),
        ("having: {or: [{sum: {amount: {eq: \"0\"}}}, {max: {probability: {gte: 20}}}]}", "b e"),
        ("having: {not: {countDistinct: {amount: {eq: 1}}}}", "c"),
        ("having: {count: {gt: 1}}", ""),
        ("having: {max: {expectedCloseOn: {thisMonth: true}}}", "b d"),
        ("having: {min: {expectedCloseOn: {thisMonth: false}}}", "a e"),
        ("having: {max: {openedOn: {lastDays: 1}}}", "e"),
        ("having: {min: {createdAt: {lastWeek: true}}}", ""),
        ("having: {and: []}, filter: {name: {in: [\"a\", \"b\"]}}", "a b"),
        ("having: {sum: {amount: {gt: \"9999999999999999999999\"}}}", ""),
        ("having: {sum: {amount: {eq: \"10.101\"}}}", ""),
    ] {
        let query = format!(
            "opportunityAggregate(groupBy: [{{name: true}}], {arguments}) {{ key {{ name }} }}"
        );
        let found = answer(client, &query).await;
        let found: Vec<_> = found
            .as_array()
            .unwrap()
            .iter()
            .map(|group| group["key"]["name"].as_str().unwrap())
            .collect();
        assert_eq!(found.join(" "), names, "{arguments}");
    }
    // A condition on all there is takes the one group away.
    let query = "opportunityAggregate(having: {count: {gt: 5}}) { count }";
    assert_eq!(answer(client, query).await, json!([]));
}

async fn lists_of_a_record_come_to_something(client: &Client) {
    chances(client).await;
    let before = client.company.database.statements();
    let found = answer(
        client,
        "customers(orderBy: [{code: ASC}]) { nodes { code
            opportunitiesAggregate { count sum { amount } }
            top: opportunitiesAggregate(groupBy: [{department: {code: true}}], orderBy: [{sum: {amount: DESC}}], first: 1, filter: {amount: {isNull: false}}) {
                key { department { code } } avg { amount } } } }",
    )
    .await;
    assert_eq!(client.company.database.statements() - before, 1);
    assert_eq!(
        found["nodes"],
        json!([
            { "code": "C1", "opportunitiesAggregate": [{ "count": 2, "sum": { "amount": "30.30" } }],
              "top": [{ "key": { "department": { "code": "TJ" } }, "avg": { "amount": "15.150000" } }] },
            { "code": "C2", "opportunitiesAggregate": [{ "count": 3, "sum": { "amount": "0.03" } }],
              "top": [{ "key": { "department": { "code": "QD" } }, "avg": { "amount": "0.030000" } }] },
            { "code": "C3", "opportunitiesAggregate": [{ "count": 0, "sum": { "amount": null } }], "top": [] },
        ])
    );
    let one =
        "customer(code: \"C1\") { opportunitiesAggregate { count } contactsAggregate { count } }";
    assert_eq!(
        answer(client, one).await,
        json!({ "opportunitiesAggregate": [{ "count": 2 }], "contactsAggregate": [{ "count": 0 }] })
    );
}

async fn records_are_found_by_what_their_lists_come_to(client: &Client) {
    chances(client).await;
    for (filter, codes) in [
        ("{opportunities: {count: {gte: 3}}}", "C2"),
        ("{opportunities: {count: {eq: 0}}}", "C3"),
        ("{opportunities: {sum: {amount: {gt: \"30\"}}}}", "C1"),
        ("{opportunities: {sum: {amount: {isNull: true}}}}", "C3"),
        ("{opportunities: {where: {department: {code: {eq: \"TJ\"}}}, count: {eq: 1}}}", "C2"),
        ("{opportunities: {max: {openedOn: {gte: \"2026-06-01\"}}, count: {lt: 9}}}", "C2"),
        ("{opportunities: {avg: {amount: {eq: \"15.15\"}}}}", "C1"),
        ("{opportunities: {countDistinct: {stage: {eq: 2}}, some: {name: {eq: \"a\"}}}}", "C1"),
        ("{not: {opportunities: {count: {gt: 0}}}}", "C3"),
        ("{opportunities: {where: {name: {eq: \"a\"}}}}", "C1 C2 C3"),
    ] {
        let query =
            format!("customers(filter: {filter}, orderBy: [{{code: ASC}}]) {{ nodes {{ code }} }}");
        let found = answer(client, &query).await;
        let found: Vec<_> = found["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["code"].as_str().unwrap())
            .collect();
        assert_eq!(found.join(" "), codes, "{filter}");
    }
}

async fn days_are_counted_from_today(client: &Client) {
    chances(client).await;
    // It is the fifteenth of June 2026, a Monday, ten in the morning in Shanghai.
    for (filter, names) in [
        ("{openedOn: {today: true}}", "e"),
        ("{expectedCloseOn: {thisMonth: true}}", "b d"),
        ("{expectedCloseOn: {lastMonth: true}}", "a"),
        ("{expectedCloseOn: {nextMonth: true}}", "e"),
        ("{expectedCloseOn: {thisMonth: false}}", "a e"),
        ("{openedOn: {thisYear: true, lastYear: false}}", "a b c e"),
        ("{openedOn: {lastQuarter: true}}", "a b c"),
        ("{openedOn: {lastDays: 1}}", "e"),
        ("{expectedCloseOn: {lastDays: 15}}", "b d"),
        ("{expectedCloseOn: {lastDays: 16}}", "a b d"),
        ("{expectedCloseOn: {nextDays: 46}}", "d"),
        ("{expectedCloseOn: {nextDays: 47}}", "d e"),
        ("{createdAt: {today: true}}", "a b c d e"),
        ("{createdAt: {thisWeek: true, yesterday: false}}", "a b c d e"),
        ("{createdAt: {tomorrow: true}}", ""),
        ("{amount: {gt: \"10.099\", lt: \"10.101\"}}", "a"),
        ("{amount: {eq: \"10.1001\"}}", ""),
        ("{amount: {ne: \"10.1001\"}}", "a b d e"),
        ("{amount: {lt: \"99999999999999999999999\"}}", "a b d e"),
    ] {
        let query = format!(
            "opportunities(filter: {filter}, orderBy: [{{name: ASC}}]) {{ nodes {{ name }} }}"
        );
        let found = answer(client, &query).await;
        let found: Vec<_> = found["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["name"].as_str().unwrap())
            .collect();
        assert_eq!(found.join(" "), names, "{filter}");
    }
}

async fn means_are_exact(client: &Client) {
    let department = client.department("TJ").await;
    for (code, staff, limit) in [
        ("A1", Some(1), "1.00"),
        ("A2", Some(1), "1.00"),
        ("A3", Some(2), "0.01"),
        ("B1", Some(3), "100000000000.01"),
        ("B2", None, "900000000000.99"),
        ("B3", Some(4), "0.00"),
    ] {
        let more = json!({ "staffCount": staff, "creditLimit": limit, "shortName": &code[..1] });
        client.customer(&department, code, more).await;
    }
    let query = "customerAggregate(groupBy: [{shortName: true}]) { avg { staffCount creditLimit } sum { creditLimit } }";
    assert_eq!(
        answer(client, query).await,
        json!([
            { "avg": { "staffCount": "1.3333", "creditLimit": "0.670000" }, "sum": { "creditLimit": "2.01" } },
            { "avg": { "staffCount": "3.5000", "creditLimit": "333333333333.666667" },
              "sum": { "creditLimit": "1000000000001.00" } },
        ])
    );
}

async fn what_is_asked_wrongly_is_told(client: &Client) {
    for (query, code) in [
        ("customerAggregate { key { level } }", "INPUT_VALUE"),
        ("customerAggregate(groupBy: [{level: false}]) { count }", "INPUT_VALUE"),
        ("customerAggregate(groupBy: [{}]) { count }", "INPUT_VALUE"),
        ("customerAggregate(groupBy: [{level: true, name: true}]) { count }", "INPUT_VALUE"),
        (
            "customerAggregate(groupBy: [{createdAt: DAY}, {createdAt: YEAR}]) { count }",
            "INPUT_VALUE",
        ),
        ("customerAggregate(groupBy: [{createdAt: HOUR}]) { count }", "INPUT_INVALID"),
        ("customerAggregate(groupBy: [{contacts: true}]) { count }", "INPUT_INVALID"),
        ("customerAggregate(orderBy: [{key: {level: ASC}}]) { count }", "INPUT_VALUE"),
        (
            "customerAggregate(orderBy: [{count: ASC, sum: {creditLimit: ASC}}]) { count }",
            "INPUT_VALUE",
        ),
        ("customerAggregate(having: {count: {gt: null}}) { count }", "INPUT_VALUE"),
        ("customerAggregate { sum { name } }", "INPUT_INVALID"),
        ("customerAggregate(first: 100000) { count }", "LIMIT_PAGE"),
        ("customers(filter: {createdAt: {lastDays: 0}}) { totalCount }", "INPUT_VALUE"),
        ("customers(filter: {createdAt: {lastDays: 99999999}}) { totalCount }", "INPUT_VALUE"),
    ] {
        let answer = client.ask(&format!("{{ {query} }}"), json!({})).await;
        assert_eq!(answer.codes(), [code], "{query}");
    }
}

async fn groups_have_their_first_records(client: &Client) {
    chances(client).await;
    let before = client.company.database.statements();
    let tops = answer(
        client,
        "opportunityAggregate(groupBy: [{stage: {code: true}}, {customer: {level: true}}]) {
            key { stage { code } customer { level } } count
            top(first: 1, orderBy: [{amount: DESC}]) { name customer { code } }
            least: top(first: 2, orderBy: [{department: {code: DESC}}, {name: ASC}]) { name amount } }",
    )
    .await;
    assert_eq!(client.company.database.statements() - before, 1);
    let group = |stage: &str, level: &str, count: u32, top: Value, least: Value| {
        json!({ "key": { "stage": { "code": stage }, "customer": { "level": level } }, "count": count,
            "top": [top], "least": least })
    };
    let one =
        |name: &str, customer: &str| json!({ "name": name, "customer": { "code": customer } });
    let least = |name: &str, amount: Option<&str>| json!({ "name": name, "amount": amount });
    assert_eq!(
        tops,
        json!([
            group("S1", "A", 1, one("a", "C1"), json!([least("a", Some("10.10"))])),
            // What has no amount is not the first of a group.
            group(
                "S1",
                "B",
                2,
                one("d", "C2"),
                json!([least("c", None), least("d", Some("0.03"))])
            ),
            group("S2", "A", 1, one("b", "C1"), json!([least("b", Some("20.20"))])),
            group("S2", "B", 1, one("e", "C2"), json!([least("e", Some("0.00"))])),
        ])
    );
    // With nothing beside it there is one group still.
    let alone = answer(client, "customerAggregate { top(first: 1) { code } }").await;
    assert_eq!(alone, json!([{ "top": [{ "code": "C1" }] }]));
    // A group of those without, all as one group, groups by month, of a filter, by having, three unless told.
    let none = answer(
        client,
        "customerAggregate(groupBy: [{level: true}]) { key { level } top { code } }",
    )
    .await;
    assert_eq!(none[2], json!({ "key": { "level": null }, "top": [{ "code": "C3" }] }));
    let whole = "opportunityAggregate(filter: {name: {ne: \"a\"}}) { count top { name } }";
    assert_eq!(
        answer(client, whole).await,
        json!([{ "count": 4, "top": [{ "name": "b" }, { "name": "c" }, { "name": "d" }] }])
    );
    let months = answer(
        client,
        "opportunityAggregate(groupBy: [{openedOn: YEAR}], having: {count: {gt: 1}}) { key { openedOn } top(first: 1, orderBy: [{openedOn: DESC}]) { name stage { code } } }",
    )
    .await;
    assert_eq!(
        months,
        json!([{ "key": { "openedOn": "2026-01-01" }, "top": [{ "name": "e", "stage": { "code": "S2" } }] }])
    );
    // Below a record, and in it lists of its own.
    let below = answer(
        client,
        "customers(orderBy: [{code: ASC}]) { nodes { code opportunitiesAggregate(groupBy: [{stage: {code: true}}]) { key { stage { code } } top(first: 1, orderBy: [{name: DESC}]) { name customer { opportunities { totalCount } } } } } }",
    )
    .await;
    assert_eq!(
        below["nodes"][1]["opportunitiesAggregate"],
        json!([
            { "key": { "stage": { "code": "S1" } }, "top": [{ "name": "d", "customer": { "opportunities": { "totalCount": 3 } } }] },
            { "key": { "stage": { "code": "S2" } }, "top": [{ "name": "e", "customer": { "opportunities": { "totalCount": 3 } } }] },
        ])
    );
    let query =
        "{ opportunityAggregate(groupBy: [{name: true}], first: 10) { top(first: 4) { name } } }";
    assert_eq!(client.ask(query, json!({})).await.cost["requested"], 50);
}

async fn totals_are_of_what_the_caller_can_list(client: &Client) {
    let office = Office::open(client).await;
    for who in ["zhang", "li", "chen", "su", "wang", "zhao", "qian"] {
        let all = office
            .ask(
                who,
                "{ customers { totalCount nodes { code department { code } contacts { totalCount } orders { totalCount } } }
                   customerAggregate { count countDistinct { department owner } }
                   by: customerAggregate(groupBy: [{department: {code: true}}]) { key { department { code } } count }
                   lists: customers { nodes { contactsAggregate { count } ordersAggregate { count } } } }",
            )
            .await;
        let data = &all["data"];
        assert!(data.is_object(), "{who}: {all}");
        assert_eq!(data["customers"]["totalCount"], data["customerAggregate"][0]["count"], "{who}");
        let listed = data["customers"]["nodes"].as_array().unwrap();
        for group in data["by"].as_array().unwrap() {
            let code = &group["key"]["department"]["code"];
            let count = listed.iter().filter(|node| node["department"]["code"] == *code).count();
            assert_eq!(group["count"], count, "{who} {code}");
        }
        for (node, come_to) in listed.iter().zip(data["lists"]["nodes"].as_array().unwrap()) {
            assert_eq!(node["contacts"]["totalCount"], come_to["contactsAggregate"][0]["count"]);
            assert_eq!(node["orders"]["totalCount"], come_to["ordersAggregate"][0]["count"]);
        }
    }
    let unknown = office.ask("cai", "{ customerAggregate { count } }").await;
    assert_eq!(unknown["errors"][0]["extensions"]["code"], "INPUT_INVALID");
}
