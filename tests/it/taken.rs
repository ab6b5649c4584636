//! Keys that others have: all of them are told at once, alike on both databases, with their places.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{
        Client,
        office::Office,
        recorder::{listen, sent},
        told,
    },
};

both_dbs! {
    every_taken_key_is_told_with_what_else_is_wrong
    every_taken_key_of_lines_is_told_at_its_line
    a_key_given_up_in_the_same_change_is_free
    batches_and_records_put_back_are_told_every_key
    what_does_not_fit_is_nobody_s_key
    what_is_made_within_is_told_with_the_record
    guesses_by_lines_have_an_end
    a_key_is_one_guess_of_a_request
    a_delete_tells_no_hidden_key
    references_and_numbers_are_looked_at_besides
    a_look_at_batches_has_an_end
}

const TOOLS: &str = r#"
type Tool @object(kind: MASTER, label: "工具", plural: "tools") @unique(fields: ["code"]) @unique(fields: ["brand", "model"]) {
  name: String! @field(label: "名")
  model: String @field(label: "型号")
  brand: String @field(label: "牌")
  serial: String @field(label: "序号", unique: true)
  code: String @field(label: "编码")
  weight: Decimal @field(label: "重", scale: 2, unique: true)
  grade: Int @field(label: "级", check: "grade > 0")
}
type Kit @object(kind: DOCUMENT, label: "套", plural: "kits") {
  tag: String @field(label: "签", unique: true)
  tool: Tool @field(label: "工具") @relation(inverse: "kits")
  parts: [KitPart!]! @lines
}
type KitPart @object(kind: LINE, label: "件") {
  mark: String @field(label: "记", unique: true)
  seal: String @field(label: "封", unique: true)
  count: Int @field(label: "数", check: "count > 0")
}
"#;

async fn tools(client: &Client) {
    let applied = client.apply(TOOLS, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
}

fn taken(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| format!("RECORD_TAKEN {path}")).collect()
}

async fn every_taken_key_is_told_with_what_else_is_wrong(client: &Client) {
    tools(client).await;
    let first = json!({ "name": "a", "code": "C", "brand": "B", "model": "M", "serial": "S", "weight": "1.5" });
    let first = client.create("Tool", first).await;
    let other = client.create("Tool", json!({ "name": "b", "brand": "B", "model": "N" })).await;
    let all = json!({ "name": "c", "code": "ｃ", "brand": "b", "model": "m", "serial": " s", "weight": "1.50" });
    let keys = taken(&["serial", "weight", "code", "brand"]);
    let sorted = |mut told: Vec<String>| {
        told.sort();
        told
    };
    let refused = client.try_create("Tool", all.clone()).await;
    assert_eq!(sorted(told(&refused)), sorted(keys.clone()), "{refused:#}");
    let order = told(&refused);
    // The same of a change; what it keeps is its own.
    let mut patch = all.clone();
    patch["name"] = json!("d");
    assert_eq!(told(&client.update("Tool", &other, patch).await), order);
    let own = json!({ "code": "c", "serial": "S", "grade": 2 });
    assert_eq!(told(&client.update("Tool", &first, own).await), [""; 0]);
    // With what a rule finds, and what cannot be read.
    let mut wrong = all.clone();
    wrong["grade"] = json!(0);
    wrong["name"] = Value::Null;
    let refused = told(&client.try_create("Tool", wrong.clone()).await);
    assert_eq!(refused[..2], ["RECORD_REQUIRED name", "RECORD_CHECK grade"], "{refused:?}");
    assert_eq!(refused[2..], order);
    wrong["weight"] = json!("heavy");
    let refused = told(&client.try_create("Tool", wrong).await);
    assert_eq!(refused[0], "RECORD_VALUE weight");
    let rest: Vec<_> = order.iter().filter(|key| !key.ends_with("weight")).cloned().collect();
    assert_eq!(refused[3..], rest, "{refused:?}");
    // What is not known is not taken: one of two fields of a key, or none.
    let partly = json!({ "name": "e", "brand": "B" });
    assert_eq!(told(&client.try_create("Tool", partly).await), [""; 0]);
    // What a record is made for.
    let within = json!({ "tag": "T", "tool": { "create": all } });
    let refused = told(&client.try_create("Kit", within).await);
    let placed = order.iter().map(|key| key.replace("TAKEN ", "TAKEN tool.create."));
    assert_eq!(refused, placed.collect::<Vec<_>>());
}

async fn kit(client: &Client, input: Value) -> Value {
    let query = "mutation($i: CreateKitInput!) { createKit(input: $i) { record { id parts { id } } userErrors { code path } } }";
    client.ask(query, json!({ "i": input })).await.data()["createKit"].clone()
}

async fn every_taken_key_of_lines_is_told_at_its_line(client: &Client) {
    tools(client).await;
    let parts = json!([{ "mark": "a", "seal": "x" }, { "mark": "b", "seal": "y" }]);
    let made = kit(client, json!({ "tag": "T", "parts": { "create": parts } })).await;
    assert_eq!(made["userErrors"], json!([]));
    let parts = json!([{ "mark": "n", "seal": "Y" }, { "mark": "A", "seal": "X" }, { "mark": "N" }, { "seal": null }]);
    let all = taken(&[
        "tag",
        "parts.create.0.seal",
        "parts.create.1.mark",
        "parts.create.1.seal",
        "parts.create.2.mark",
    ]);
    let input = json!({ "tag": "t", "parts": { "create": parts } });
    assert_eq!(told(&kit(client, input.clone()).await), all);
    let mut wrong = input;
    wrong["parts"]["create"][3]["count"] = json!(0);
    let refused = told(&kit(client, wrong).await);
    assert_eq!(refused[0], "RECORD_CHECK parts.create.3.count");
    assert_eq!(refused[1..], all);
    // A line that is changed.
    let (id, part) = (&made["record"]["id"], &made["record"]["parts"][0]["id"]);
    let patch =
        json!({ "parts": { "update": [{ "id": part, "patch": { "mark": "b", "seal": "Y" } }] } });
    let refused = client.update("Kit", id.as_str().unwrap(), patch).await;
    assert_eq!(told(&refused), taken(&["parts.update.0.mark", "parts.update.0.seal"]));
    // The owner writes theirs otherwise: it is theirs still.
    let second = &made["record"]["parts"][1]["id"];
    let patch = json!({ "parts": { "update": [
        { "id": part, "patch": { "mark": "b" } }, { "id": second, "patch": { "mark": "B" } },
    ] } });
    let refused = client.update("Kit", id.as_str().unwrap(), patch).await;
    assert_eq!(told(&refused), taken(&["parts.update.0.mark"]));
}

async fn a_key_given_up_in_the_same_change_is_free(client: &Client) {
    tools(client).await;
    let parts = json!([{ "mark": "a", "seal": "x" }, { "mark": "b", "seal": "y" }, { "mark": "c", "seal": "z" }]);
    let made = kit(client, json!({ "parts": { "create": parts } })).await;
    let id = made["record"]["id"].as_str().unwrap();
    let part = |at: usize| made["record"]["parts"][at]["id"].clone();
    // One goes, one takes another mark; of the third the seal is kept, so that it alone is taken.
    let patch = json!({ "parts": {
        "delete": [part(0)],
        "update": [{ "id": part(1), "patch": { "mark": "d" } }, { "id": part(2), "patch": { "count": 3 } }],
        "create": [{ "mark": "a", "seal": "x" }, { "mark": "b" }, { "seal": "Z" }],
    } });
    let refused = client.update("Kit", id, patch.clone()).await;
    assert_eq!(told(&refused), taken(&["parts.create.2.seal"]));
    let mut free = patch;
    free["parts"]["create"][2]["seal"] = json!("w");
    assert_eq!(told(&client.update("Kit", id, free).await), [""; 0]);
    // Or by emptying it, or by a value that cannot be read.
    let lines = client.data("{ kits { nodes { parts { id mark } } } }").await;
    let lines = lines["kits"]["nodes"][0]["parts"].as_array().unwrap().clone();
    let (part, mark) = (&lines[0]["id"], &lines[0]["mark"]);
    for left in [json!(7), Value::Null] {
        let mut patch = json!({ "parts": {
            "update": [{ "id": part, "patch": { "mark": left } }],
            "create": [{ "mark": mark, "count": 0 }],
        } });
        let refused = told(&client.update("Kit", id, patch.clone()).await);
        let rest: Vec<_> = refused.iter().filter(|fault| fault.contains("TAKEN")).collect();
        assert!(!refused.is_empty() && rest.is_empty(), "{refused:?}");
        if left.is_null() {
            patch["parts"]["create"][0]["count"] = json!(1);
            assert_eq!(told(&client.update("Kit", id, patch).await), [""; 0]);
        }
    }
}

async fn batches_and_records_put_back_are_told_every_key(client: &Client) {
    tools(client).await;
    let tool = |code: &str, serial: &str| json!({ "name": "x", "code": code, "serial": serial });
    let first = client.create("Tool", tool("A", "1")).await;
    let make = async |inputs: &[Value], on: &str| {
        let query = "mutation($i: [CreateToolInput!]!, $on: BulkOnError) { createTools(inputs: $i, onError: $on) { count userErrors { code path } } }";
        let inputs = json!({ "i": inputs, "on": on });
        client.ask(query, inputs).await.data()["createTools"].clone()
    };
    let inputs = [tool("a", "1"), tool("B", "2"), tool("b", "2"), tool("C", "3")];
    let all = ["0.serial", "0.code", "2.serial", "2.code"];
    assert_eq!(told(&make(&inputs, "ABORT").await), taken(&all));
    let mut wrong = inputs.clone();
    wrong[3]["grade"] = json!(0);
    let mut refused = told(&make(&wrong, "ABORT").await);
    assert_eq!(refused.pop().unwrap(), "RECORD_CHECK 3.grade");
    assert_eq!(refused, taken(&all));
    let partly = make(&wrong, "CONTINUE").await;
    assert_eq!(partly["count"], 1, "{partly:#}");
    // Put back where another has taken its keys.
    let remove = format!("mutation {{ deleteTool(id: \"{first}\") {{ userErrors {{ code }} }} }}");
    client.data(&remove).await;
    client.create("Tool", tool("A", "9")).await;
    client.create("Tool", tool("Z", "1")).await;
    let back =
        format!("mutation {{ restoreTool(id: \"{first}\") {{ userErrors {{ code path }} }} }}");
    let refused = client.data(&back).await["restoreTool"].clone();
    assert_eq!(told(&refused), taken(&["serial", "code"]));
}

async fn what_does_not_fit_is_nobody_s_key(client: &Client) {
    tools(client).await;
    client.create("Tool", json!({ "name": "a", "weight": "1.23" })).await;
    for weight in ["99999999999999999999", "99999999999999999", "1.234"] {
        let refused = client.try_create("Tool", json!({ "name": "b", "weight": weight })).await;
        assert_eq!(told(&refused), ["RECORD_VALUE weight"], "{weight}: {refused:#}");
    }
    // The same number is the same key, however it is written.
    let query = "mutation($i: [CreateToolInput!]!) { createTools(inputs: $i) { userErrors { code path } } }";
    for grade in [0, 1] {
        let inputs = json!([
            { "name": "x", "weight": "7.5" }, { "name": "y", "weight": "7.50" },
            { "name": "z", "grade": grade },
        ]);
        let made = client.ask(query, json!({ "i": inputs })).await.data();
        let mut expected = taken(&["1.weight"]);
        expected.extend((grade == 0).then(|| "RECORD_CHECK 2.grade".to_owned()));
        assert_eq!(told(&made["createTools"]), expected);
    }
}

async fn what_is_made_within_is_told_with_the_record(client: &Client) {
    tools(client).await;
    let sdl = r#"type Nun @object(kind: MASTER, label: "尼", plural: "nuns") {
      code: String @field(label: "码", unique: true)
      other: String @field(label: "他", unique: true)
      rank: Int @field(label: "级", check: "rank > 0")
      up: Nun @relation(inverse: "downs")
      tool: Tool @relation(inverse: "nuns")
    }"#;
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    client.create("Tool", json!({ "name": "t", "code": "T", "serial": "S" })).await;
    client.create("Nun", json!({ "code": "a", "other": "o" })).await;
    // Two records made within, both with keys of others, and the record itself, with what a rule finds of it.
    let input = json!({
        "other": "O", "rank": 0, "up": { "create": { "code": "A" } },
        "tool": { "create": { "name": "x", "code": "t", "serial": "s" } },
    });
    let mut refused = told(&client.try_create("Nun", input).await);
    refused.sort();
    let mut expected =
        taken(&["other", "tool.create.code", "tool.create.serial", "up.create.code"]);
    expected.push("RECORD_CHECK rank".to_owned());
    expected.sort();
    assert_eq!(refused, expected);
    // One that the record made within has itself, beside one that another has.
    let input = json!({ "code": "c", "other": "o", "up": { "create": { "code": "C" } } });
    let mut refused = told(&client.try_create("Nun", input).await);
    refused.sort();
    assert_eq!(refused, taken(&["code", "other"]));
    let read = client.data("{ nuns { totalCount } tools { totalCount } }").await;
    assert_eq!(read, json!({ "nuns": { "totalCount": 1 }, "tools": { "totalCount": 1 } }));
}

const MEMOS: &str = r#"
type Memo @object(kind: MASTER, label: "记", plural: "memos") @responsible {
  name: String @field(label: "名")
  code: String @field(label: "码", unique: true)
  owner: Employee @field(label: "人", default: "viewer")
  up: Memo @relation(inverse: "downs")
  side: Memo @relation(inverse: "sides")
  slip: Tag @relation(inverse: "memos", onDelete: CLEAR)
  alone: String @field(unique: true) @formula(expr: "slip == null ? name : null")
  n: Int @field(label: "数", check: "n > 0")
  parts: [MemoPart!]! @lines
}
type MemoPart @object(kind: LINE, label: "行") {
  mark: String @field(label: "记", unique: true)
  n: Int @field(label: "数", check: "n > 0")
}
type Tag @object(kind: MASTER, label: "签", plural: "tags") { name: String }"#;

/// An office in which zhang makes memos and does not see those of others, of which there are some.
async fn memos(client: &Client) -> Office<'_> {
    let office = Office::open(client).await;
    assert_eq!(client.apply(MEMOS, false).await["diagnostics"], json!([]));
    let role = r#"code = "noter"
        label = "记录"
        label_en = "noter"
        [[grants]]
        objects = ["Memo"]
        actions = ["create"]
        open = true
        [[grants]]
        objects = ["Memo"]
        actions = ["read"]
        employees = "responsible"
        [[grants]]
        objects = ["Tag"]
        actions = ["read", "create", "delete"]
        open = true"#;
    let saved = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(saved, json!({ "d": role })).await;
    office.give("zhang", &["salesperson", "noter"], &[]).await;
    let marks: Vec<_> = (0..120).map(|n| json!({ "mark": format!("k{n}") })).collect();
    client.create("Memo", json!({ "code": "c", "parts": { "create": marks } })).await;
    office
}

async fn guesses_by_lines_have_an_end(client: &Client) {
    let office = memos(client).await;
    let guess = async |mark: &str| {
        let query = format!(
            "mutation {{ createMemo(input: {{name: \"q\", parts: {{create: [{{mark: \"{mark}\", n: 0}}]}}}}) {{ userErrors {{ code }} }} }}"
        );
        client.ask_as(&office.tokens["zhang"], &query).await.body
    };
    // What somebody gives twice themselves is no guess.
    for _ in 0..3 {
        let twice = vec!["{mark: \"own\"}"; 60].join(", ");
        let query = format!(
            "mutation {{ createMemo(input: {{parts: {{create: [{twice}]}}}}) {{ userErrors {{ code }} }} }}"
        );
        let told = client.ask_as(&office.tokens["zhang"], &query).await.data();
        assert_eq!(told["createMemo"]["userErrors"][0]["code"], "RECORD_TAKEN");
    }
    let mut last = Value::Null;
    for n in 0..120 {
        last = guess(&format!("k{n}")).await;
        if last.to_string().contains("LIMIT_GUESSES") {
            assert_eq!(n, 100);
            break;
        }
    }
    assert!(last.to_string().contains("LIMIT_GUESSES"), "{last}");
    // By then nothing tells the one from the other.
    let (free, held) = (guess("free").await, guess("k7").await);
    assert_eq!(free["errors"], held["errors"], "{free}");
    assert!(free.to_string().contains("LIMIT_GUESSES"), "{free}");
}

/// However often it is tried for one request.
async fn a_key_is_one_guess_of_a_request(client: &Client) {
    let office = memos(client).await;
    let within = "createMemo(input: {code: \"C\", up: {create: {code: \"c\", n: 0}}, side: {create: {code: \"c\"}}})";
    let many = "createMemos(inputs: [{code: \"c\", n: 0}, {code: \"C\"}], onError: CONTINUE)";
    for n in 0..99 {
        let asked = if n % 2 == 0 { within } else { many };
        let query = format!("mutation {{ {asked} {{ userErrors {{ code }} }} }}");
        let told = client.ask_as(&office.tokens["zhang"], &query).await.body;
        assert!(told.to_string().contains("RECORD_TAKEN"), "{n}: {told}");
    }
    let query = format!("mutation {{ {many} {{ userErrors {{ code }} }} }}");
    let told = client.ask_as(&office.tokens["zhang"], &query).await.body;
    assert!(told.to_string().contains("LIMIT_GUESSES"), "{told}");
}

/// A key of what refers to a record that goes is told to nobody who does not see it.
async fn a_delete_tells_no_hidden_key(client: &Client) {
    let office = memos(client).await;
    let tag = client.create("Tag", json!({ "name": "t" })).await;
    client.create("Memo", json!({ "name": "dup" })).await;
    client.create("Memo", json!({ "name": "DUP", "slip": { "id": tag } })).await;
    let query =
        format!("mutation {{ deleteTag(id: \"{tag}\") {{ userErrors {{ code path message }} }} }}");
    let mut told = client.ask_as(&office.tokens["zhang"], &query).await.body;
    let faults = &told["data"]["deleteTag"]["userErrors"];
    assert_eq!((&faults[0]["code"], &faults[0]["path"]), (&json!("RECORD_IN_USE"), &json!(["id"])));
    assert!(!told.to_string().to_lowercase().contains("alone"), "{told}");
    for _ in 0..110 {
        told = client.ask_as(&office.tokens["zhang"], &query).await.body;
    }
    assert!(told.to_string().contains("LIMIT_GUESSES"), "{told}");
    assert_eq!(client.data(&query).await["deleteTag"]["userErrors"][0]["code"], "RECORD_TAKEN");
}

/// With a key that is taken, what a reference names is looked at, and what reads the number.
async fn references_and_numbers_are_looked_at_besides(client: &Client) {
    let sdl = r#"type Pass @object(kind: DOCUMENT, label: "证", plural: "passes", number: "P{seq:4}") {
      code: String @field(unique: true)
      up: Pass @relation(inverse: "downs")
      same: String @field(check: "same == null || number == 'P0000'")
      wide: Int @formula(expr: "number == null ? 1000000000 * 1000000000 * 1000000000 * 10 : size")
      size: Int
      broad: Int @formula(expr: "size == null ? 1000000000 * 1000000000 * 1000000000 * 10 : 1")
    }"#;
    assert_eq!(client.apply(sdl, false).await["diagnostics"], json!([]));
    client.create("Pass", json!({ "code": "a", "size": 1 })).await;
    let nowhere = json!({ "id": "019ec900-0000-7000-8000-ffffffffffff" });
    let try_it = async |more: Value| {
        let mut input = json!({ "size": 1 });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        told(&client.try_create("Pass", input).await)
    };
    let check = "RECORD_CHECK same".to_owned();
    assert_eq!(try_it(json!({ "same": "x" })).await, std::slice::from_ref(&check));
    assert_eq!(
        try_it(json!({ "same": "x", "code": "A" })).await,
        [check, taken(&["code"])[0].clone()]
    );
    for more in [json!({}), json!({ "same": "x" }), json!({ "code": "A" })] {
        let mut more = more;
        more["up"] = nowhere.clone();
        assert_eq!(try_it(more).await, ["RECORD_REFERENCE up"]);
    }
    assert_eq!(try_it(json!({ "size": "many" })).await, ["RECORD_VALUE size"]);
}

/// What a batch is refused for is told without a look at every key of every record.
async fn a_look_at_batches_has_an_end(client: &Client) {
    tools(client).await;
    let query = "mutation($i: [CreateToolInput!]!) { createTools(inputs: $i) { userErrors { code path } } }";
    let tool = |n: usize| json!({ "name": "x", "code": format!("c{n}"), "serial": format!("s{n}"), "weight": n });
    let mut inputs: Vec<_> = (0..1_500).map(tool).collect();
    inputs[3]["grade"] = json!(0);
    inputs[1_499]["code"] = json!("c1498");
    listen();
    let made = client.ask(query, json!({ "i": inputs })).await.data();
    let looked =
        sent().iter().filter(|sql| sql.contains("LIMIT") && sql.contains("\"tool\"")).count();
    assert_eq!(told(&made["createTools"]), ["RECORD_CHECK 3.grade", "RECORD_TAKEN 1499.code"]);
    assert!(looked <= 50, "{looked} statements");
}
