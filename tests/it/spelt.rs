//! Search by pinyin: what names a record is found by its spelling and its initials, for whoever sees that name
//! on every record, and the index follows names, definitions and older databases.

use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;

use crate::{
    both_dbs,
    support::{
        Client,
        office::Office,
        recorder::{listen, sent},
    },
};

both_dbs! {
    names_are_found_as_they_are_typed
    the_spelling_follows_the_record
    names_that_are_masked_or_hidden_are_not_spelt
    custom_objects_are_spelt_by_what_displays_them
    an_older_database_is_spelt_at_its_next_start
    the_index_finds_spellings
}

async fn found(client: &Client, words: &str) -> String {
    let query = "query($s: String) { customers(search: $s, orderBy: [{code: ASC}]) { totalCount nodes { code } } }";
    let data = client.ask(query, json!({ "s": words })).await.data();
    let nodes = data["customers"]["nodes"].as_array().unwrap().clone();
    assert_eq!(data["customers"]["totalCount"], nodes.len());
    nodes.iter().map(|node| node["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

/// The office's customers with names: the same on both databases.
async fn named(client: &Client) -> Vec<String> {
    let department = client.department("TJ").await;
    let mut ids = Vec::new();
    for (code, name) in [
        ("K1", "天津涂料厂"),
        ("K2", "重庆长安汽车"),
        ("K3", "A级涂料（北方）有限公司"),
        ("K4", "厦门建设银行"),
        ("K5", "TJTL Paints"),
        ("K6", "铝业3号仓"),
    ] {
        ids.push(client.customer(&department, code, json!({ "name": name })).await);
    }
    ids
}

async fn names_are_found_as_they_are_typed(client: &Client) {
    named(client).await;
    for (words, codes) in [
        // Initials, of the name and from any syllable on; and as plain text.
        ("tjtl", "K1 K5"),
        ("TJTL", "K1 K5"),
        ("ｔｊｔｌ", "K1 K5"),
        ("tlc", "K1"),
        ("tl", "K1 K3 K5"),
        ("cqca", "K2"),
        // Full spelling and its beginning, from a syllable on.
        ("tianjintuliaochang", "K1"),
        ("tianj", "K1"),
        ("Tuliao", "K1 K3"),
        ("anjin", ""),
        // Readings.
        ("chongqing", "K2"),
        ("zhongqing", "K2"),
        ("changan", "K2"),
        ("zhangan", "K2"),
        ("xiamen", "K4"),
        ("yinhang", "K4"),
        ("lvye", "K6"),
        ("luye", "K6"),
        ("lüye", "K6"),
        // Letters and digits in names.
        ("ajituliao", "K3"),
        ("ajtl", "K3"),
        ("a级", "K3"),
        ("3haocang", "K6"),
        ("3hc", "K6"),
        // Several words: each by text or by spelling.
        ("tianjin 涂料", "K1"),
        ("tuliao bf", "K3"),
        ("k1 tianjin", "K1"),
        ("k2 tianjin", ""),
        // No spelling: too short, digits alone, a sign.
        ("33", ""),
        ("tj-tl", ""),
    ] {
        assert_eq!(found(client, words).await, codes, "{words}");
    }
    // A single letter is looked for as it is written.
    assert_eq!(found(client, "g").await, "");
    // As a condition it goes with others, and with its opposite's order.
    let query = "{ customers(search: \"tl\", filter: {not: {code: {eq: \"K5\"}}}, orderBy: [{code: DESC}], first: 1) { totalCount nodes { code } } }";
    let data = client.data(query).await;
    assert_eq!(data["customers"], json!({ "totalCount": 2, "nodes": [{ "code": "K3" }] }));
}

async fn the_spelling_follows_the_record(client: &Client) {
    let ids = named(client).await;
    client.update("Customer", &ids[0], json!({ "name": "泉州恒达" })).await;
    assert_eq!(found(client, "tjtl").await, "K5");
    assert_eq!(found(client, "qzhd").await, "K1");
    // What else is searched changes; the spelling stays.
    client.update("Customer", &ids[0], json!({ "phone": "022-5550" })).await;
    assert_eq!(found(client, "qzhd").await, "K1");
    let many = "mutation { updateCustomers(filter: {code: {in: [\"K1\", \"K2\"]}}, patch: {phone: \"555\"}, atMost: 9) { userErrors { message } } }";
    client.data(many).await;
    assert_eq!(found(client, "qzhd 555").await, "K1");
    assert_eq!(found(client, "cqca 555").await, "K2");
    let id = &ids[0];
    client.data(&format!("mutation {{ deleteCustomer(id: \"{id}\") {{ id }} }}")).await;
    assert_eq!(found(client, "qzhd").await, "");
    client
        .data(&format!("mutation {{ restoreCustomer(id: \"{id}\") {{ record {{ code }} }} }}"))
        .await;
    assert_eq!(found(client, "qzhd").await, "K1");
    // The past is searched as it was written; the index has only today's names.
    let past = "{ customers(search: \"qzhd\", asOf: \"2026-06-15T02:00:00Z\") { totalCount } }";
    assert_eq!(client.data(past).await["customers"]["totalCount"], 0);
}

/// A role that reads all customers, and what it says of their names.
fn reader(fields: &str) -> String {
    format!(
        "code = \"reader\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nopen = true\n{fields}"
    )
}

async fn names_that_are_masked_or_hidden_are_not_spelt(client: &Client) {
    let mut office = Office::open(client).await;
    let made =
        json!({ "code": "K1", "name": "天津涂料厂", "department": { "id": office.id("TJ") } });
    office.make("K1", "Customer", made).await;
    let counted = async |words: &str| {
        let query = format!("{{ customers(search: \"{words}\") {{ totalCount }} }}");
        office.ask("new", &query).await["data"]["customers"]["totalCount"].clone()
    };
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    for (fields, count) in [
        ("", 1),
        ("[[fields]]\nobject = \"Customer\"\nmasked = { name = \"start\" }\n", 0),
        ("[[fields]]\nobject = \"Customer\"\nmasked = { name = \"all\" }\n", 0),
        ("[[fields]]\nobject = \"Customer\"\nhidden = [\"name\"]\n", 0),
        // Another field that is hidden takes nothing from the name.
        ("[[fields]]\nobject = \"Customer\"\nhidden = [\"phone\"]\n", 1),
    ] {
        client.metadata(save, json!({ "d": reader(fields) })).await;
        office.give("new", &["reader"], &[]).await;
        for words in ["tjtl", "tianj", "天津"] {
            assert_eq!(counted(words).await, count, "{fields} {words}");
        }
        assert_eq!(counted("k1").await, 1, "{fields}");
    }
    // Of others' customers a salesperson learns nothing, however they spell them.
    let asked = "{ customers(search: \"tjtl\") { totalCount nodes { id } } }";
    let none = json!({ "data": { "customers": { "totalCount": 0, "nodes": [] } } });
    assert_eq!(office.ask("su", asked).await["data"], none["data"]);
}

async fn custom_objects_are_spelt_by_what_displays_them(client: &Client) {
    let define = async |text: &str| {
        let applied = client.apply(text, false).await;
        assert_eq!(applied["diagnostics"], json!([]), "{applied}");
    };
    define("type Sample @object(kind: MASTER, label: \"样品\", plural: \"samples\") { code: String! name: String note: String @field(search: true) }").await;
    client.create("Sample", json!({ "code": "S1", "name": "环氧树脂", "note": "丙烯酸" })).await;
    let count = async |words: &str| {
        let query = format!("{{ samples(search: \"{words}\") {{ totalCount }} }}");
        client.data(&query).await["samples"]["totalCount"].clone()
    };
    // What displays it is not searched, so neither is its spelling; nor is another field spelt.
    assert_eq!((count("hysz").await, count("bxs").await), (json!(0), json!(0)));
    // The spelling is made of what was there before.
    define("type Sample @object(kind: MASTER, label: \"样品\", plural: \"samples\") { code: String! name: String @field(search: true) note: String @field(search: true) }").await;
    assert_eq!((count("hysz").await, count("bxs").await), (json!(1), json!(0)));
    // And follows what displays it.
    define("type Sample @object(kind: MASTER, label: \"样品\", plural: \"samples\", display: \"note\") { code: String! name: String @field(search: true) note: String @field(search: true) }").await;
    assert_eq!((count("hysz").await, count("bxs").await), (json!(0), json!(1)));
}

async fn an_older_database_is_spelt_at_its_next_start(client: &Client) {
    named(client).await;
    // As a program before this one left it: grams without spellings, under an earlier form.
    let writer = client.company.database.writer();
    for sql in ["DELETE FROM tw_setting WHERE key LIKE 'search%'", "DROP TABLE tw_customer__search"]
    {
        writer.execute_unprepared(sql).await.unwrap();
    }
    drop(client.reopened().await.unwrap());
    assert_eq!(found(client, "tjtl").await, "K1 K5");
}

/// EXPLAIN of the statement that a search comes to, with reading whole tables made dear.
async fn the_index_finds_spellings(client: &Client) {
    named(client).await;
    listen();
    assert_eq!(found(client, "tjtl").await, "K1 K5");
    let read = |sql: &String| sql.starts_with("SELECT") && sql.contains("__search");
    let sql = sent().into_iter().rfind(read).unwrap();
    let writer = client.company.database.writer();
    let backend = writer.get_database_backend();
    let plan = match client.company.database.dialect() {
        tradewind::sql::Dialect::Sqlite => {
            let explain = format!("EXPLAIN QUERY PLAN {sql}");
            let rows = writer.query_all_raw(Statement::from_string(backend, explain)).await;
            let rows = rows.unwrap().into_iter();
            rows.map(|row| row.try_get_by_index::<String>(3).unwrap()).collect::<Vec<_>>()
        }
        tradewind::sql::Dialect::Postgres => {
            let mut options = sea_orm::ConnectOptions::new(client.database.url());
            options.max_connections(1).sqlx_logging(false);
            let direct = sea_orm::Database::connect(options).await.unwrap();
            for sql in ["SET plan_cache_mode = force_generic_plan", "SET enable_seqscan = off"] {
                direct.execute_unprepared(sql).await.unwrap();
            }
            direct.execute_unprepared(&format!("PREPARE q AS {sql}")).await.unwrap();
            let count = (1..100).take_while(|n| sql.contains(&format!("${n}"))).count();
            let nulls = vec!["NULL"; count].join(", ");
            let explain = format!("EXPLAIN (COSTS OFF) EXECUTE q({nulls})");
            let rows = direct.query_all_raw(Statement::from_string(backend, explain)).await;
            let rows = rows.unwrap().into_iter();
            rows.map(|row| row.try_get_by_index::<String>(0).unwrap()).collect::<Vec<_>>()
        }
    };
    let plan = plan.join("\n");
    match client.company.database.dialect() {
        tradewind::sql::Dialect::Sqlite => {
            assert!(plan.contains("VIRTUAL TABLE INDEX"), "{sql}\n{plan}");
        }
        tradewind::sql::Dialect::Postgres => {
            assert!(plan.contains("ix_customer__search"), "{sql}\n{plan}");
        }
    }
}
