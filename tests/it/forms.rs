//! Texts in whatever form they come: kept in one, asked for in any, and keys that people take for the same.

use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::{both_dbs, support::Client};

both_dbs! {
    what_is_kept_in_a_form_is_found_in_any
    what_nobody_sees_is_not_kept
    forms_of_unicode_are_one_text
    compatible_forms_are_found
    keys_are_the_same_whatever_their_case_width_and_blanks
    keys_of_an_older_database_are_brought_over
}

const PROBE: &str = "type Probe @object(kind: MASTER, label: \"探针\", plural: \"probes\") @unique(fields: [\"boss\", \"part\"]) {
    code: String! @field(label: \"编\u{200b}码\", unique: true, search: true, max: 60) name: String @field(label: \"名称\", search: true)
    mail: String @field(type: EMAIL, label: \"邮箱\", unique: true) memo: String @field(type: LONG_TEXT, label: \"备忘\")
    part: String @field(label: \"部位\") boss: Probe @field(label: \"上级\") @relation(inverse: \"kids\")
}";

async fn found(client: &Client, filter: &str, words: &Value) -> String {
    let query = format!(
        "query($t: String!) {{ probes(filter: {filter}, orderBy: [{{createdAt: ASC}}, {{id: ASC}}]) {{ nodes {{ code }} }} }}"
    );
    let data = client.ask(&query, json!({ "t": words })).await.data();
    let nodes = data["probes"]["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["code"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

async fn searched(client: &Client, words: &str) -> Value {
    let query = "query($t: String!) { probes(search: $t) { totalCount } }";
    client.ask(query, json!({ "t": words })).await.data()["probes"]["totalCount"].clone()
}

async fn faults(client: &Client, input: Value) -> Value {
    client.try_create("Probe", input).await["userErrors"].clone()
}

fn is_taken(faults: &Value, field: &str) -> bool {
    faults[0]["code"] == "RECORD_TAKEN" && faults[0]["path"] == json!([field])
}

async fn what_is_kept_in_a_form_is_found_in_any(client: &Client) {
    client.apply(PROBE, false).await;
    let boss =
        client.create("Probe", json!({ "code": " H1", "mail": "Zhang.Wei@Example.COM" })).await;
    client
        .create("Probe", json!({ "code": "H2", "mail": "li@example.com", "boss": { "id": boss } }))
        .await;
    client.create("Probe", json!({ "code": "H3", "name": " 甲 " })).await;
    for mail in ["Zhang.Wei@Example.COM", " zhang.wei@example.com", "ZHANG.WEI＠example.com"] {
        let mail = json!(mail);
        for (filter, expected) in [
            ("{mail: {eq: $t}}", "H1"),
            ("{mail: {in: [$t, \"x@y.cn\"]}}", "H1"),
            ("{mail: {ne: $t}}", "H2"),
            ("{mail: {notIn: [$t]}}", "H2"),
            ("{mail: {between: [$t, $t]}}", "H1"),
            ("{mail: {startsWith: $t}}", "H1"),
            ("{boss: {mail: {eq: $t}}}", "H2"),
            ("{kids: {some: {boss: {mail: {eq: $t}}}}}", "H1"),
            ("{kids: {where: {boss: {mail: {eq: $t}}}, count: {eq: 1}}}", "H1"),
        ] {
            assert_eq!(found(client, filter, &mail).await, expected, "{filter} {mail}");
        }
        let query = "query($t: String!) { probe(mail: $t) { code } }";
        assert_eq!(client.ask(query, json!({ "t": mail })).await.data()["probe"]["code"], "H1");
    }
    for (filter, text, expected) in [
        ("{code: {eq: $t}}", " H1 ", "H1"),
        ("{code: {startsWith: $t}}", " H", "H1 H2 H3"),
        ("{code: {endsWith: $t}}", "1\u{200b} ", "H1"),
        ("{name: {eq: $t}}", "甲\u{3000}", "H3"),
        ("{name: {contains: $t}}", "\u{feff}甲", "H3"),
        ("{name: {gte: $t}}", "甲 ", "H3"),
    ] {
        assert_eq!(found(client, filter, &json!(text)).await, expected, "{filter} {text}");
    }
    let read = client.data("{ probe(code: \" H1\") { code } }").await;
    assert_eq!(read["probe"]["code"], "H1");
}

async fn what_nobody_sees_is_not_kept(client: &Client) {
    client.apply(PROBE, false).await;
    client.create("Probe", json!({ "code": "P1" })).await;
    for unseen in [
        "\u{200b}", "\u{2060}", "\u{feff}", "\u{ad}", "\u{180e}", "\u{202e}", "\u{2800}",
        "\u{3164}", "\u{115f}", "\u{200d}", "\u{fe0f}",
    ] {
        let code = format!("P1{unseen}");
        assert!(is_taken(&faults(client, json!({ "code": code })).await, "code"), "{code:?}");
        let blank = faults(client, json!({ "code": unseen })).await;
        assert_eq!(blank[0]["code"], "RECORD_REQUIRED", "{unseen:?}");
    }
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
    let name = format!("天\u{200b}津 {family}\u{202e}");
    let id = client
        .create("Probe", json!({ "code": "P2", "name": name, "memo": "a\u{ad}b\n\u{200b}" }))
        .await;
    let read = client.data(&format!("{{ probe(id: \"{id}\") {{ name memo }} }}")).await;
    assert_eq!(read["probe"], json!({ "name": format!("天津 {family}"), "memo": "ab" }));
    assert_eq!(searched(client, "天津").await, 1);
    assert_eq!(searched(client, "天\u{200b}津").await, 1);
    let label =
        client.metadata("{ object(name: \"Probe\") { fields { name label } } }", json!({})).await;
    let fields = label["object"]["fields"].as_array().unwrap().clone();
    let code = fields.iter().find(|field| field["name"] == "code").unwrap();
    assert_eq!(code["label"], "编码");
}

async fn forms_of_unicode_are_one_text(client: &Client) {
    client.apply(PROBE, false).await;
    let input =
        json!({ "code": "Q\u{e9}", "name": "Caf\u{e9} 天津粉末（北方）有限公司 ＡＢＣ－１" });
    client.create("Probe", input).await;
    assert!(is_taken(&faults(client, json!({ "code": "Qe\u{301}" })).await, "code"));
    client.create("Probe", json!({ "code": "N", "name": "Nai\u{308}ve (南方) x-1" })).await;
    for words in [
        "cafe\u{301}",
        "CAF\u{c9}",
        "(北方)",
        "（北方）",
        "abc-1",
        "ａｂｃ",
        "café （北方",
        "(北方)有限 ABC",
    ] {
        assert_eq!(searched(client, words).await, 1, "{words}");
    }
    assert_eq!(searched(client, "（南方） Ｘ－１").await, 1);
    for (filter, text, expected) in [
        ("{name: {contains: $t}}", "cafe\u{301}", "Q\u{e9}"),
        ("{name: {contains: $t}}", "(北方)", "Q\u{e9}"),
        ("{name: {contains: $t}}", "(南方)", "N"),
        ("{name: {startsWith: $t}}", "NAI\u{308}", "N"),
        ("{name: {eq: $t}}", "Na\u{ef}ve (南方) x-1", "N"),
        ("{name: {like: $t}}", "%(_方)%", "Q\u{e9} N"),
        ("{code: {eq: $t}}", "Qe\u{301}", "Q\u{e9}"),
        ("{name: {contains: $t}}", "[", ""),
        ("{name: {contains: $t}}", "^", ""),
        ("{name: {contains: $t}}", "]-\\", ""),
    ] {
        assert_eq!(found(client, filter, &json!(text)).await, expected, "{filter} {text}");
    }
}

async fn compatible_forms_are_found(client: &Client) {
    client.apply(PROBE, false).await;
    for (code, name) in [
        ("A", "颜料 25㎏ №5"),
        ("B", "ｶﾞﾗｽ繊維"),
        ("C", "Musterstraße ﬁnish"),
        ("D", "İstanbul ısı"),
        ("E", "25kg no5"),
        ("F", "ガラス"),
        ("G", "STRASSE FINISH"),
        ("H", "istanbul isi"),
        ("I", "㈱天津 ⼤津 ①号"),
        ("J", "ὈΔΌΣ οδος"),
        ("K", "ԱՐԱՐԱՏ ქართული"),
    ] {
        client.create("Probe", json!({ "code": code, "name": name })).await;
    }
    for (words, expected) in [
        ("25kg", "A E"),
        ("25㎏", "A E"),
        ("25ＫＧ", "A E"),
        ("kg n", "E"),
        ("№", "A E"),
        ("ガラス", "B F"),
        ("ｶﾞﾗｽ", "B F"),
        ("strasse", "C G"),
        ("STRAßE", "C G"),
        ("straẞe", "C G"),
        ("finish", "C G"),
        ("ﬁn", "C G"),
        ("ISTANBUL", "D H"),
        ("İSTANBUL", "D H"),
        ("ISI", "D H"),
        ("(株)天津", "I"),
        ("大津", "I"),
        ("1号", "I"),
        ("ὀδός", "J"),
        ("ΟΔΟΣ", "J"),
        ("ararat", ""),
        ("արարատ", "K"),
    ] {
        let filter = "{name: {contains: $t}}";
        assert_eq!(found(client, filter, &json!(words)).await, expected, "{words}");
        if !words.contains(' ') {
            assert_eq!(
                searched(client, words).await,
                expected.split_whitespace().count(),
                "{words}"
            );
        }
    }
    for (filter, text, expected) in [
        ("{name: {startsWith: $t}}", "ガ", "B F"),
        ("{name: {startsWith: $t}}", "(株)", "I"),
        ("{name: {endsWith: $t}}", "FINISH", "C G"),
        ("{name: {endsWith: $t}}", "no5", "A E"),
        ("{name: {like: $t}}", "%25㎏%5", "A E"),
        ("{name: {like: $t}}", "_ラス", "F"),
    ] {
        assert_eq!(found(client, filter, &json!(text)).await, expected, "{filter} {text}");
    }
}

async fn keys_are_the_same_whatever_their_case_width_and_blanks(client: &Client) {
    client.apply(PROBE, false).await;
    let id = client.create("Probe", json!({ "code": "KH0001", "part": "Arm" })).await;
    let same =
        ["KH0001", "kh0001", "ＫＨ０００１", "KH 0001", "ｋｈ\u{3000}０００１", "Kh0001\u{200b}"];
    for code in same {
        assert!(is_taken(&faults(client, json!({ "code": code })).await, "code"), "{code}");
        let query = "query($t: String!) { probe(code: $t) { id } }";
        assert_eq!(
            client.ask(query, json!({ "t": code })).await.data()["probe"]["id"],
            json!(id),
            "{code}"
        );
        let words = json!(code);
        assert_eq!(found(client, "{code: {eq: $t}}", &words).await, "KH0001", "{code}");
        assert_eq!(found(client, "{code: {in: [\"x\", $t]}}", &words).await, "KH0001", "{code}");
        assert_eq!(found(client, "{code: {ne: $t}}", &words).await, "", "{code}");
        assert_eq!(found(client, "{code: {notIn: [$t]}}", &words).await, "", "{code}");
        let query = format!(
            "{{ probes(asOf: \"2030-01-01T00:00:00Z\", filter: {{code: {{eq: \"{code}\"}}}}) {{ totalCount }} }}"
        );
        let past = client.ask(&query, json!({})).await.body;
        assert!(past["errors"].is_array() || past["data"]["probes"]["totalCount"] == 1, "{past}");
        let query = "mutation($t: String!) { upsertProbe(by: code, input: {code: $t, name: \"n\"}) { record { id } userErrors { code } } }";
        let done = client.ask(query, json!({ "t": code })).await.data()["upsertProbe"].clone();
        assert_eq!(done, json!({ "record": { "id": id }, "userErrors": [] }), "{code}");
    }
    // Of its own record a key may change its form.
    client.update("Probe", &id, json!({ "code": "kh0001" })).await;
    assert_eq!(found(client, "{code: {eq: $t}}", &json!("KH0001")).await, "kh0001");
    client.create("Probe", json!({ "code": "KH-0001", "mail": "a@b.cn" })).await;
    assert!(is_taken(&faults(client, json!({ "code": "z", "mail": "A@B.CN" })).await, "mail"));
    for (one, other) in [("Éa", "éA"), ("ЖЯ", "жя"), ("Ω", "ω")] {
        client.create("Probe", json!({ "code": one })).await;
        assert!(is_taken(&faults(client, json!({ "code": other })).await, "code"), "{one}");
    }
    // A key of several fields, and several records of one call.
    client.create("Probe", json!({ "code": "c1", "part": "Left arm", "boss": { "id": id } })).await;
    client.create("Probe", json!({ "code": "c2", "part": "left arm" })).await;
    let taken =
        faults(client, json!({ "code": "c3", "part": "ＬＥＦＴ ARM", "boss": { "id": id } })).await;
    assert_eq!(taken[0]["code"], "RECORD_TAKEN");
    let query = "mutation { createProbes(inputs: [{code: \"d1\"}, {code: \"D1\"}]) { count userErrors { code path } } }";
    let refused = client.data(query).await["createProbes"].clone();
    let fault = json!([{ "code": "RECORD_TAKEN", "path": ["1", "code"] }]);
    assert_eq!(refused, json!({ "count": 0, "userErrors": fault }));
}

async fn keys_of_an_older_database_are_brought_over(client: &Client) {
    client.apply(PROBE, false).await;
    let first = client.create("Probe", json!({ "code": "KH1" })).await;
    let second = client.create("Probe", json!({ "code": "x2" })).await;
    let third = client.create("Probe", json!({ "code": "x3" })).await;
    // As a program wrote it that took other forms for other keys.
    let writer = client.company.database.writer();
    for statement in [
        "DROP INDEX uk_x_probe__code".to_owned(),
        format!("UPDATE x_probe SET code = 'ＫＨ１' WHERE id = '{second}'"),
        format!("UPDATE x_probe SET code = 'Qe\u{301}\u{200b}' WHERE id = '{third}'"),
        "DELETE FROM tw_setting WHERE key = 'derived'".to_owned(),
    ] {
        writer.execute_unprepared(&statement).await.unwrap();
    }
    let codes = "{ probes(orderBy: [{createdAt: ASC}, {id: ASC}]) { nodes { code } } }";
    for _ in 0..2 {
        drop(client.reopened().await.unwrap());
        let read = client.data(codes).await;
        assert_eq!(
            read["probes"]["nodes"],
            json!([{ "code": "KH1" }, { "code": "ＫＨ１" }, { "code": "Q\u{e9}" }])
        );
        assert!(is_taken(&faults(client, json!({ "code": "kh1" })).await, "code"));
        assert!(is_taken(&faults(client, json!({ "code": "qÉ" })).await, "code"));
        assert_eq!(found(client, "{code: {eq: $t}}", &json!("kh1")).await, "KH1 ＫＨ１");
    }
    // What was told apart by hand is so for good.
    client.update("Probe", &second, json!({ "code": "KH2", "name": "n" })).await;
    drop(client.reopened().await.unwrap());
    assert!(is_taken(&faults(client, json!({ "code": "kh2" })).await, "code"));
    let read = client.data("{ probe(code: \"kh1\") { id } }").await;
    assert_eq!(read["probe"]["id"], json!(first));
    let writer = client.company.database.writer();
    writer.execute_unprepared("DROP INDEX uk_x_probe__code").await.unwrap();
}
