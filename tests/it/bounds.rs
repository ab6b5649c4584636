//! No request ends the server or its database: what one may be is counted before anything is made of it.

use serde_json::{Value, json};

use tradewind::graphql::limits::Limits;

use crate::{
    both_dbs,
    support::{
        Client, Poster,
        office::Office,
        open_limited,
        recorder::{listen, sent},
    },
};

both_dbs! {
    many_conditions_are_refused
    conditions_at_the_bound_are_answered
    every_place_of_conditions_is_counted
    each_relation_is_joined_once
    what_leads_over_too_much_is_refused
    what_asks_rights_of_too_much_is_refused
    repeated_keys_are_dropped
    texts_compared_are_bounded
    lines_and_faults_are_bounded
    a_text_with_nul_is_nobodys
    codes_of_roles_have_a_form
    what_is_given_twice_is_refused
    many_columns_of_a_record_are_told
    root_fields_are_counted_wherever_they_stand
}

/// The codes of what is told of an answer, wherever it stands.
fn codes(body: &Value) -> Vec<String> {
    let listed = body["errors"].as_array().into_iter().flatten();
    listed.map(|error| error["extensions"]["code"].as_str().unwrap_or("?").to_owned()).collect()
}

async fn refused(client: &Client, query: &str, variables: Value, code: &str) {
    let answer = client.ask(query, variables).await;
    let short: String = answer.body.to_string().chars().take(400).collect();
    assert_eq!(codes(&answer.body).first().map(String::as_str), Some(code), "{query}: {short}");
}

async fn answered(client: &Client, query: &str, variables: Value) -> Value {
    let answer = client.ask(query, variables).await;
    let short: String = answer.body.to_string().chars().take(400).collect();
    assert!(answer.body.get("errors").is_none(), "{query}: {short}");
    answer.body["data"].clone()
}

const REGIONS: &str = "query($p: RegionFilter) { regions(filter: $p) { totalCount } }";

/// `{or: [{…}, {…}, …]}`.
fn many(join: &str, count: usize, one: &Value) -> Value {
    json!({ join: vec![one.clone(); count] })
}

async fn many_conditions_are_refused(client: &Client) {
    for join in ["and", "or"] {
        for one in [json!({}), json!({ "id": { "isNull": true } })] {
            for count in [501, 8_000, 20_000] {
                let p = json!({ "p": many(join, count, &one) });
                refused(client, REGIONS, p, "LIMIT_CONDITIONS").await;
            }
        }
    }
    let literal =
        format!("{{ regions(filter: {{ or: [{}] }}) {{ totalCount }} }}", "{}".repeat(8_000));
    refused(client, &literal, json!({}), "LIMIT_CONDITIONS").await;
    let mut nested = json!({ "code": { "eq": "x" } });
    for _ in 0..18 {
        nested = json!({ "not": nested });
    }
    refused(client, REGIONS, json!({ "p": nested }), "LIMIT_DEPTH").await;
    let values: Vec<_> = (0..10_001).map(|at| at.to_string()).collect();
    refused(client, REGIONS, json!({ "p": { "code": { "in": values } } }), "LIMIT_PAGE").await;
    let each = json!({ "code": { "in": &values[..7_000] } });
    refused(client, REGIONS, json!({ "p": many("or", 3, &each) }), "LIMIT_CONDITIONS").await;
}

async fn conditions_at_the_bound_are_answered(client: &Client) {
    client.create("Region", json!({ "code": "HB", "name": "华北" })).await;
    for (join, found) in [("or", 1), ("and", 1)] {
        let p = json!({ "p": many(join, 500, &json!({ "code": { "eq": "HB" } })) });
        assert_eq!(answered(client, REGIONS, p).await["regions"]["totalCount"], found);
    }
    let p = json!({ "p": many("and", 500, &json!({})) });
    answered(client, REGIONS, p).await;
    let deep = json!({ "department": { "parent": { "parent": { "code": { "eq": "x" } } } } });
    let p = json!({ "p": many("or", 100, &json!({ "owner": deep })) });
    let customers = "query($p: CustomerFilter) { customers(filter: $p) { totalCount } }";
    assert_eq!(answered(client, customers, p).await["customers"]["totalCount"], 0);
    let mut far = json!({ "code": { "eq": "x" } });
    for _ in 0..10 {
        far = json!({ "parent": far });
    }
    let departments =
        "query($p: DepartmentFilter) { departments(filter: $p) { totalCount nodes { code } } }";
    assert_eq!(
        answered(client, departments, json!({ "p": far })).await["departments"]["totalCount"],
        0
    );
    let values: Vec<_> = (0..10_000).map(|at| at.to_string()).collect();
    let both = "query($p: RegionFilter) { regions(filter: $p) { totalCount nodes { code } } }";
    let p = json!({ "p": { "code": { "in": values } } });
    assert_eq!(answered(client, both, p).await["regions"]["totalCount"], 0);
}

async fn every_place_of_conditions_is_counted(client: &Client) {
    let many = many("or", 501, &json!({}));
    let filters = [
        ("CustomerFilter", "query($p: CustomerFilter) { customerAggregate(filter: $p) { count } }"),
        ("CustomerHaving", "query($p: CustomerHaving) { customerAggregate(having: $p) { count } }"),
        (
            "ContactFilter",
            "query($p: ContactFilter) { customers { nodes { contacts(filter: $p) { totalCount } } } }",
        ),
        (
            "ContactFilter",
            "query($p: ContactFilter) { customers(filter: { contacts: { some: $p } }) { totalCount } }",
        ),
        (
            "ContactFilter",
            "query($p: ContactFilter) { customers(filter: { contacts: { where: $p, count: { gte: 1 } } }) { totalCount } }",
        ),
        (
            "CustomerFilter",
            "mutation($p: CustomerFilter!) { updateCustomers(filter: $p, patch: {}, atMost: 1) { count } }",
        ),
        (
            "CustomerFilter",
            "mutation($p: CustomerFilter!) { deleteCustomers(filter: $p, atMost: 1) { count } }",
        ),
    ];
    for (_, query) in filters {
        refused(client, query, json!({ "p": many }), "LIMIT_CONDITIONS").await;
    }
    // What stands in several fields is added up.
    let some = json!({ "p": crate::bounds::many("and", 300, &json!({})) });
    let twice = "query($p: RegionFilter) { a: regions(filter: $p) { totalCount } b: regions(filter: $p) { totalCount } }";
    refused(client, twice, some, "LIMIT_CONDITIONS").await;
}

/// How often a statement of a query joins.
async fn joins(client: &Client, query: &str) -> usize {
    answered(client, query, json!({})).await;
    listen();
    answered(client, query, json!({})).await;
    sent().iter().map(|sql| sql.matches("LEFT JOIN").count()).sum()
}

async fn each_relation_is_joined_once(client: &Client) {
    let way = "owner { department { parent { name } } }";
    let ordered = "orderBy: [{owner: {department: {parent: {name: ASC}}}}, {owner: {name: ASC}}, \
                   {owner: {department: {code: DESC}}}]";
    let query = format!(
        "{{ customers({ordered}) {{ nodes {{ a: {way} b: {way} c: owner {{ name department {{ code }} }} }} }} }}"
    );
    assert_eq!(joins(client, &query).await, 3);
    let grouped = "{ customerAggregate(groupBy: [{owner: {name: true}}, {owner: {code: true}}], \
                   orderBy: [{key: {owner: {name: ASC}}}]) { key { owner { name code } } count } }";
    assert_eq!(joins(client, grouped).await, 1);
    // Below the bounds of fields and aliases, and once more than a database would take.
    let mut deep = "name".to_owned();
    for _ in 0..10 {
        deep = format!("parent {{ {deep} }}");
    }
    let aliases: String =
        (0..90).map(|at| format!("a{at}: owner {{ department {{ {deep} }} }} ")).collect();
    answered(client, &format!("{{ customers {{ nodes {{ {aliases} }} }} }}"), json!({})).await;
}

async fn what_leads_over_too_much_is_refused(client: &Client) {
    let up = |steps: usize| format!("{} name {}", "parent { ".repeat(steps), " }".repeat(steps));
    let wide = |more: &str| {
        format!(
            "{{ customers {{ nodes {{ owner {{ department {{ {} }} }} department {{ {} }} {more} }} }} }}",
            up(18),
            up(19)
        )
    };
    answered(client, &wide(""), json!({})).await;
    refused(client, &wide("parentCompany { name }"), json!({}), "LIMIT_JOINS").await;
    // So is what all has to hold, which a database may take in any order with what is joined.
    let three = "{parentCompany: {owner: {department: {id: {isNull: false}}}}}";
    let held = format!("and: [{}]", vec![three; 13].join(", "));
    let list = |filter: &str, shown: &str| {
        format!("{{ customers(filter: {{{filter}}}) {{ nodes {{ id {shown} }} }} }}")
    };
    answered(client, &list(&held, ""), json!({})).await;
    let shown = "owner { department { name } }";
    refused(client, &list(&held, shown), json!({}), "LIMIT_JOINS").await;
    // One of several does not.
    let several = format!("or: [{{{held}}}, {{id: {{isNull: true}}}}]");
    answered(client, &list(&several, shown), json!({})).await;
    let (not_all, none) = (format!("not: {{{held}}}"), format!("not: {{or: {}}}", &held[5..]));
    answered(client, &list(&not_all, shown), json!({})).await;
    refused(client, &list(&none, shown), json!({}), "LIMIT_JOINS").await;
    let mut keys = Vec::new();
    for _ in 0..150 {
        keys.push(json!({ "owner": { "department": { "parent": { "name": "ASC" } } } }));
    }
    let ordered =
        "query($o: [CustomerOrder!]) { customers(orderBy: $o) { totalCount nodes { code } } }";
    refused(client, ordered, json!({ "o": keys }), "LIMIT_CONDITIONS").await;
    let top = "query($o: [CustomerOrder!]) { customerAggregate { top(orderBy: $o) { code } } }";
    refused(client, top, json!({ "o": keys }), "LIMIT_CONDITIONS").await;
    let groups: Vec<_> = vec![json!({ "owner": { "name": true } }); 21];
    let grouped = "query($g: [CustomerGroupBy!]) { customerAggregate(groupBy: $g) { count } }";
    refused(client, grouped, json!({ "g": groups }), "LIMIT_CONDITIONS").await;
    let ranks: Vec<_> = vec![json!({ "count": "DESC" }); 21];
    let ranked =
        "query($o: [CustomerAggregateOrder!]) { customerAggregate(orderBy: $o) { count } }";
    refused(client, ranked, json!({ "o": ranks }), "LIMIT_CONDITIONS").await;
}

/// What rights ask of each relation makes statements larger too.
async fn what_asks_rights_of_too_much_is_refused(client: &Client) {
    let office = Office::open(client).await;
    let limits = Limits { joins: 4, aliases: 1_000, ..Limits::default() };
    let router = open_limited(client, limits).await;
    let actions: String = (0..14).map(|at| format!("a{at}: edit ")).collect();
    let can = format!("_can {{ {actions} }}");
    let lists: String = (0..32)
        .map(|at| format!("l{at}: contacts(first: 1) {{ nodes {{ id {can} }} }} "))
        .collect();
    let query = format!("{{ customers(first: 1) {{ nodes {{ id {can} {lists} }} }} }}");
    for (who, refused) in [("admin", false), ("zhang", true)] {
        let token = match who {
            "admin" => client.token("admin").await,
            who => office.tokens[who].clone(),
        };
        let told = Poster::at(router.clone(), &token).ask(&query, json!({})).await;
        let expected: &[&str] = if refused { &["LIMIT_JOINS"] } else { &[] };
        assert_eq!(codes(&told.body), expected, "{who}");
    }
    let fewer = query.replace(&can, "_can { edit }");
    let told = Poster::at(router, &office.tokens["zhang"]).ask(&fewer, json!({})).await;
    assert_eq!(codes(&told.body), [""; 0]);
}

async fn repeated_keys_are_dropped(client: &Client) {
    for code in ["A", "B"] {
        client.create("Region", json!({ "code": code, "name": code })).await;
    }
    let keys: Vec<_> =
        (0..20).map(|at| json!({ "name": if at == 0 { "DESC" } else { "ASC" } })).collect();
    let query = "query($o: [RegionOrder!], $after: String) { regions(orderBy: $o, first: 1, after: $after) \
                 { nodes { code } pageInfo { endCursor } } }";
    let first = answered(client, query, json!({ "o": keys })).await;
    assert_eq!(first["regions"]["nodes"][0]["code"], "B");
    let after = &first["regions"]["pageInfo"]["endCursor"];
    let second = answered(client, query, json!({ "o": keys, "after": after })).await;
    assert_eq!(second["regions"]["nodes"][0]["code"], "A");
    let groups = "{ regionAggregate(groupBy: [{name: true}], orderBy: [{count: ASC}, \
                  {count: DESC}, {key: {name: ASC}}]) { key { name } count } }";
    let told = answered(client, groups, json!({})).await;
    assert_eq!(told["regionAggregate"][1], json!({ "key": { "name": "B" }, "count": 1 }));
    let groups = "{ regionAggregate(groupBy: [{name: true}, {createdAt: DAY}, {name: true}, {createdAt: DAY}]) { key { name } count } }";
    let told = answered(client, groups, json!({})).await;
    assert_eq!(told["regionAggregate"][1], json!({ "key": { "name": "B" }, "count": 1 }));
    let two = "query($g: [RegionGroupBy!]) { regionAggregate(groupBy: $g) { count } }";
    let groups = json!({ "g": [{ "createdAt": "DAY" }, { "createdAt": "MONTH" }] });
    refused(client, two, groups, "INPUT_VALUE").await;
}

async fn texts_compared_are_bounded(client: &Client) {
    let (fits, over) = ("ab".repeat(500), "ab".repeat(500) + "a");
    for operator in ["contains", "startsWith", "endsWith", "like", "eq", "gt"] {
        let p = |text: &str| json!({ "p": { "name": { operator: text } } });
        answered(client, REGIONS, p(&fits)).await;
        refused(client, REGIONS, p(&over), "LIMIT_TEXT").await;
        refused(client, REGIONS, p(&"ab".repeat(50_000)), "LIMIT_TEXT").await;
    }
    let p = many("or", 11, &json!({ "name": { "contains": fits } }));
    refused(client, REGIONS, json!({ "p": p }), "LIMIT_TEXT").await;
    refused(client, REGIONS, json!({ "p": { "name": { "in": [over] } } }), "LIMIT_TEXT").await;
}

async fn lines_and_faults_are_bounded(client: &Client) {
    let create = "mutation($i: CreateCustomerInput!) { createCustomer(input: $i) { record { id } userErrors { code message } } }";
    let lines =
        |count: usize| json!({ "i": { "relatedEmployees": { "create": vec![json!({}); count] } } });
    refused(client, create, lines(200_000), "LIMIT_PAGE").await;
    refused(client, create, lines(5_001), "LIMIT_PAGE").await;
    let told = answered(client, create, lines(5_000)).await;
    let faults = told["createCustomer"]["userErrors"].as_array().unwrap();
    assert_eq!(faults.len(), 101);
    assert_eq!(faults[100]["code"], "RECORD_MORE");
    assert!(faults[100]["message"].as_str().unwrap().contains("more faults"));
    let deletes: Vec<_> = vec!["019f0000-0000-7000-8000-000000000001"; 5_001];
    let i = json!({ "i": { "relatedEmployees": { "delete": deletes } } });
    let update = "mutation($i: UpdateCustomerInput!) { updateCustomers(filter: {code: {eq: \"x\"}}, patch: $i, atMost: 1) { count } }";
    refused(client, update, i, "LIMIT_PAGE").await;
    let i = json!({ "i": { "relatedEmployees": { "create": [{}, {}] } } });
    let all = update.replace("atMost: 1", "atMost: 5000");
    refused(client, &all, i, "LIMIT_PAGE").await;
}

async fn a_text_with_nul_is_nobodys(client: &Client) {
    for (code, name) in [("A", "Anna"), ("B", "a"), ("C", "ab"), ("D", "xa")] {
        client.create("Region", json!({ "code": code, "name": name })).await;
    }
    let of = |condition: Value| async move {
        let query = "query($p: RegionFilter) { regions(filter: $p) { nodes { code } } }";
        let told = answered(client, query, json!({ "p": { "name": condition } })).await;
        let nodes = told["regions"]["nodes"].as_array().unwrap().clone();
        nodes.iter().map(|node| node["code"].as_str().unwrap().to_owned()).collect::<String>()
    };
    for operator in ["contains", "startsWith", "endsWith", "like", "eq"] {
        for text in ["\0zzz", "a\0", "\0", "a\0b"] {
            assert_eq!(of(json!({ operator: text })).await, "", "{operator}");
        }
    }
    assert_eq!(of(json!({ "in": ["a\0", "a"] })).await, "B");
    assert_eq!(of(json!({ "ne": "a\0" })).await, "ABCD");
    assert_eq!(of(json!({ "notIn": ["a\0", "a"] })).await, "ACD");
    assert_eq!(of(json!({ "notIn": ["a\0"] })).await, "ABCD");
    assert_eq!(of(json!({ "gt": "a\0zz" })).await, "CD");
    assert_eq!(of(json!({ "gte": "a\0zz" })).await, "CD");
    assert_eq!(of(json!({ "lt": "a\0zz" })).await, "AB");
    assert_eq!(of(json!({ "lte": "a\0zz" })).await, "AB");
    assert_eq!(of(json!({ "between": ["a\0", "ab\0"] })).await, "C");
    let told =
        answered(client, "{ regions(search: \"a\\u0000b\") { totalCount } }", json!({})).await;
    assert_eq!(told["regions"]["totalCount"], 0);
    let told = answered(client, "{ region(code: \"A\\u0000\") { id } }", json!({})).await;
    assert_eq!(told["region"], json!(null));
    let upsert = "mutation { upsertRegion(by: code, input: {code: \"a\\u0000b\", name: \"x\"}) { record { id } userErrors { code path } } }";
    let told = answered(client, upsert, json!({})).await;
    assert_eq!(told["upsertRegion"]["userErrors"][0]["code"], "RECORD_VALUE");
    let keyed = "mutation { createRegion(input: {code: \"E\", name: \"x\"}, idempotencyKey: \"a\\u0000\") { record { id } userErrors { code path } } }";
    let told = answered(client, keyed, json!({})).await;
    assert_eq!(told["createRegion"]["userErrors"][0]["path"], json!(["idempotencyKey"]));
    for query in [
        "mutation { applySchema(sdl: \"# \\u0000\") { version } }",
        "mutation { saveRole(definition: \"code = \\\"a\\u0000\\\"\") { code } }",
        "mutation { setReach(account: \"admin\", dimension: \"DEPARTMENT\", level: SET, values: [\"\\u0000\"]) }",
        "{ explainAccess(account: \"a\\u0000\", object: \"Region\", id: \"x\", action: READ) { allowed } }",
    ] {
        let token = client.token("admin").await;
        let told = client.metadata_as(&token, query, json!({})).await;
        assert_eq!(told.codes(), ["INPUT_VALUE"], "{query}");
    }
    let keep = "mutation($v: JSON) { setPreference(key: \"k\", value: $v) }";
    let token = client.token("admin").await;
    let told = client.metadata_as(&token, keep, json!({ "v": { "a\0": 1 } })).await;
    assert_eq!(told.codes(), ["INPUT_VALUE"]);
}

async fn codes_of_roles_have_a_form(client: &Client) {
    let token = client.token("admin").await;
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    let long = "x".repeat(5_000);
    for code in ["", " ", "administrator ", "a b", "a\\nb", "a\\u0000", long.as_str()] {
        let role = format!("code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n");
        let told = client.metadata_as(&token, save, json!({ "d": role })).await;
        assert_eq!(told.codes(), ["INPUT_VALUE"], "{code}");
    }
    let role = "code = \"a-1.销售\"\nlabel = \"x\\u0000\"\nlabel_en = \"x\"\n";
    let told = client.metadata_as(&token, save, json!({ "d": role })).await;
    assert_eq!(told.codes(), ["INPUT_VALUE"]);
    client.metadata(save, json!({ "d": role.replace("\\u0000", "") })).await;
    // What is ticked and is no value of the dimension is refused.
    let office = "code = \"office\"\nlabel = \"x\"\nlabel_en = \"x\"\n[dimensions]\nDEPARTMENT = \"set\"\n\
                  [ticked]\nDEPARTMENT = [\"nothing\", \"019f0000-0000-7000-8000-000000000001\"]\n\
                  [[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\ndimensions = true\n";
    let told = client.metadata_as(&token, save, json!({ "d": office })).await;
    assert_eq!(told.codes(), ["INPUT_VALUE"]);
}

async fn what_is_given_twice_is_refused(client: &Client) {
    for query in [
        "{ regions(filter: {code: {eq: \"A\"}, code: {eq: \"B\"}}) { totalCount } }",
        "{ regions(filter: {code: {eq: \"A\", eq: \"B\"}}) { totalCount } }",
        "{ regions(filter: {and: [{code: {eq: \"A\"}}, {name: {eq: \"x\", eq: \"y\"}}]}) { totalCount } }",
        "query($p: RegionFilter = {code: {eq: \"A\"}, code: {eq: \"B\"}}) { regions(filter: $p) { totalCount } }",
        "mutation { createRegion(input: {code: \"R\", name: \"a\", name: \"b\"}) { record { id } } }",
        "{ regions(first: 1, first: 2) { totalCount } }",
        "{ regions @include(if: true, if: false) { totalCount } }",
    ] {
        refused(client, query, json!({}), "INPUT_INVALID").await;
    }
    let sdl = "type Twice @object(kind: MASTER, label: \"双\", label: \"二\", plural: \"twices\") { name: String @field(label: \"名\") }";
    let told = client
        .metadata(
            "mutation($s: String!) { applySchema(sdl: $s) { diagnostics { code line column } } }",
            json!({ "s": sdl }),
        )
        .await;
    let fault = &told["applySchema"]["diagnostics"][0];
    assert_eq!(*fault, json!({ "code": "CATALOG_DUPLICATE", "line": 1, "column": 46 }));
}

async fn many_columns_of_a_record_are_told(client: &Client) {
    let states = |count: usize| {
        let each: String =
            (0..count).map(|at| format!("s{at}: _fieldStates {{ field state }} ")).collect();
        format!("{{ customers {{ nodes {{ id {each} }} }} }}")
    };
    answered(client, &states(10), json!({})).await;
    refused(client, &states(100), json!({}), "LIMIT_FIELDS").await;
}

async fn root_fields_are_counted_wherever_they_stand(client: &Client) {
    let fields = |range: std::ops::Range<u32>| {
        let each = range.map(|at| format!("a{at}: regions(first: 1) {{ totalCount }}"));
        each.collect::<Vec<_>>().join(" ")
    };
    let (some, more) = (fields(0..15), fields(15..21));
    for query in [
        format!("{{ {some} {more} }}"),
        format!("{{ {some} ... {{ {more} }} }}"),
        format!("{{ {some} ...F }} fragment F on Query {{ ... on Query {{ {more} }} }}"),
        format!(
            "{{ ...F ...G }} fragment F on Query {{ {some} }} fragment G on Query {{ {more} ...F }}"
        ),
    ] {
        assert_eq!(client.ask(&query, json!({})).await.codes(), ["LIMIT_FIELDS"], "{query}");
    }
    // The same field from several fragments is one.
    let same = format!(
        "{{ ...F ...G }} fragment F on Query {{ {some} }} fragment G on Query {{ {some} }}"
    );
    client.ask(&same, json!({})).await.data();
}
