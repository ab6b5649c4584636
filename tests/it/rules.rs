//! Rules of saves: what they set, require and refuse, in whichever way a record is saved, and what their texts may say.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    flows::apply_rules,
    support::{Client, office::Office},
};

both_dbs! {
    rules_set_fields_by_what_changes
    rules_set_fields_behind_the_lines
    rules_require_and_refuse
    lines_are_held_one_by_one
    one_refused_of_many
    a_closed_field_is_refused_by_name_or_set_unseen
    what_cannot_be_computed_refuses_the_save
    restored_records_are_set_anew
    all_faults_of_rules_are_told_at_once
    circles_are_refused_by_name
}

const TASKS: &str = r#"
type Task @object(label: "任务", labelEn: "Task", plural: "tasks", display: "name") {
  name: String! @field(label: "名称", labelEn: "Name")
  grade: TaskGrade @field(label: "等级", labelEn: "Grade")
  hours: Int @field(label: "小时", labelEn: "Hours")
  limit: Int @field(label: "上限", labelEn: "Limit")
  double: Int @field(label: "两倍", labelEn: "Double") @formula(expr: "hours * 2")
  total: Int @rollup(of: "steps", sum: "minutes") @field(label: "合计", labelEn: "Total")
  share: Decimal @field(label: "份额", labelEn: "Share", scale: 2)
  startedOn: Date @field(label: "开始日期", labelEn: "Started on")
  note: String @field(label: "备注", labelEn: "Note")
  above: Task @field(label: "上级", labelEn: "Above") @relation(inverse: "below", inverseLabel: "下级", inverseLabelEn: "Below")
  steps: [TaskStep!]! @field(label: "步骤", labelEn: "Steps") @lines
}
type TaskStep @object(kind: LINE, label: "步骤", labelEn: "Step") {
  minutes: Int @field(label: "分钟", labelEn: "Minutes")
  who: Employee @field(label: "人员", labelEn: "Who")
  hint: String @field(label: "提示", labelEn: "Hint")
}
enum TaskGrade { LOW @label(zh: "低", en: "Low") HIGH @label(zh: "高", en: "High") }
"#;

pub(crate) async fn applied(client: &Client, text: &str) {
    let told = apply_rules(client, "own", json!(text)).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
}

async fn tasks(client: &Client, rules: &str) {
    client.apply(TASKS, false).await;
    applied(client, rules).await;
}

async fn task(client: &Client, id: &str, fields: &str) -> Value {
    client.data(&format!("{{ task(id: \"{id}\") {{ {fields} }} }}")).await["task"].clone()
}

/// The first fault of a payload.
fn first(payload: &Value) -> &Value {
    &payload["userErrors"][0]
}

async fn rules_set_fields_by_what_changes(client: &Client) {
    tasks(
        client,
        r#"
        [[rule]]
        code = "grade"
        objects = ["Task"]
        when = "double > 10"
        set = { grade = "HIGH", startedOn = "date(createdAt)" }
        [[rule]]
        code = "share"
        objects = ["Task"]
        when = "hours != null"
        set = { share = "hours / 3", note = "old.hours == null ? 'new' : 'before: ' + old.name" }
        [[rule]]
        code = "renamed"
        objects = ["Task"]
        on = ["update"]
        when = "changed(name) && grade == HIGH"
        set = { limit = "coalesce(limit, 0) + 1" }
        [[rule]]
        code = "above"
        objects = ["Task"]
        when = "above.grade == HIGH"
        set = { limit = "above.hours" }
        "#,
    )
    .await;
    let id = client.create("Task", json!({ "name": "a", "hours": 8, "note": "typed" })).await;
    let fields = "grade share startedOn note limit double";
    let set = task(client, &id, fields).await;
    assert_eq!(
        set,
        json!({ "grade": "HIGH", "share": "2.67", "startedOn": "2026-06-15", "note": "new", "limit": null, "double": 16 })
    );
    // What it reads has not changed: what a person writes stays.
    let kept = json!({ "note": "mine", "grade": "LOW" });
    assert_eq!(client.update("Task", &id, kept).await["userErrors"], json!([]));
    let set = task(client, &id, "grade note version").await;
    assert_eq!(set, json!({ "grade": "LOW", "note": "mine", "version": 2 }));
    // It has: both rules are carried out, and the save of the name counts once.
    let patch = json!({ "name": "b", "hours": 9 });
    assert_eq!(client.update("Task", &id, patch).await["userErrors"], json!([]));
    let set = task(client, &id, fields).await;
    assert_eq!(
        set,
        json!({ "grade": "HIGH", "share": "3.00", "startedOn": "2026-06-15", "note": "before: a", "limit": 1, "double": 18 })
    );
    // By bulk, upsert and nested records the same way.
    let bulk = "mutation { updateTasks(filter: {}, all: true, patch: {hours: 3}, atMost: 5) { count userErrors { message } } }";
    assert_eq!(client.data(bulk).await["updateTasks"]["count"], 1);
    assert_eq!(
        task(client, &id, "share note").await,
        json!({ "share": "1.00", "note": "before: b" })
    );
    let several = "mutation($inputs: [CreateTaskInput!]!) { createTasks(inputs: $inputs) { records { grade share } userErrors { message } } }";
    let inputs = json!([{ "name": "c", "hours": 6 }, { "name": "d", "hours": 1 }]);
    let made = client.ask(several, json!({ "inputs": inputs })).await.data();
    assert_eq!(
        made["createTasks"]["records"],
        json!([{ "grade": "HIGH", "share": "2.00" }, { "grade": null, "share": "0.33" }]),
        "{made}"
    );
    let nested = json!({ "name": "e", "above": { "create": { "name": "f", "hours": 7 } } });
    let nested = client.create("Task", nested).await;
    let set = task(client, &nested, "limit above { grade share }").await;
    assert_eq!(set, json!({ "limit": 7, "above": { "grade": "HIGH", "share": "2.33" } }));
    // A draft for a page shows what would be set.
    let tried = "mutation { createTask(input: {name: \"g\", hours: 9}) { record { grade note } } }";
    assert_eq!(client.data(tried).await["createTask"]["record"]["note"], "new");
}

async fn rules_set_fields_behind_the_lines(client: &Client) {
    tasks(
        client,
        r#"
        [[rule]]
        code = "sum"
        objects = ["Task"]
        set = { hours = "floor(total / 60)" }
        [[rule]]
        code = "long_step"
        objects = ["Task"]
        when = "steps.exists(s, s.minutes > 100) && steps.count(s, s.who.code == 'E1') > 0"
        set = { note = "'long'" }
        [[rule]]
        code = "step"
        objects = ["TaskStep"]
        when = "task.limit != null && minutes == null"
        set = { minutes = "task.limit", hint = "task.name + '!'" }
        "#,
    )
    .await;
    let department = client.department("D").await;
    let employee = json!({ "code": "E1", "name": "E1", "department": { "id": department } });
    let who = client.create("Employee", employee).await;
    let steps = json!({ "create": [{ "minutes": 150, "who": { "id": who } }, {}] });
    let id = client.create("Task", json!({ "name": "a", "limit": 31, "steps": steps })).await;
    let set = task(client, &id, "total hours double note steps { minutes hint }").await;
    assert_eq!(
        set,
        json!({ "total": 181, "hours": 3, "double": 6, "note": "long",
            "steps": [{ "minutes": 150, "hint": null }, { "minutes": 31, "hint": "a!" }] })
    );
    let patch = json!({ "steps": { "create": [{ "minutes": 60 }] }, "note": "x" });
    assert_eq!(client.update("Task", &id, patch).await["userErrors"], json!([]));
    let set = task(client, &id, "hours double note").await;
    assert_eq!(set, json!({ "hours": 4, "double": 8, "note": "long" }));
}

async fn rules_require_and_refuse(client: &Client) {
    tasks(
        client,
        r#"
        [[rule]]
        code = "graded"
        objects = ["Task"]
        when = "hours > 5"
        require = ["grade", "note"]
        [[rule]]
        code = "no_less"
        label = "不减"
        objects = ["Task"]
        when = "hours < old.hours"
        refuse = "工时不能减少"
        refuse_en = "hours never get fewer"
        [[rule]]
        code = "closed"
        objects = ["Task"]
        on = ["update"]
        when = "old.grade == HIGH"
        refuse = "高等级的任务不再修改"
        [[rule]]
        code = "lone"
        objects = ["Task"]
        on = ["create"]
        when = "below.exists(b, b.hours > 1) || name == 'lone'"
        refuse = "不能独自存在"
        "#,
    )
    .await;
    let refused = client.try_create("Task", json!({ "name": "a", "hours": 6, "note": "n" })).await;
    assert_eq!(refused["userErrors"].as_array().unwrap().len(), 1, "{refused}");
    let fault = first(&refused);
    assert_eq!((&fault["code"], &fault["path"]), (&json!("RECORD_RULE"), &json!(["grade"])));
    assert!(fault["hint"].to_string().contains("`graded`"), "{fault}");
    let id = client.create("Task", json!({ "name": "a", "hours": 3 })).await;
    let refused = client.update("Task", &id, json!({ "hours": 2 })).await;
    let fault = first(&refused);
    assert_eq!((&fault["code"], &fault["path"]), (&json!("RECORD_RULE"), &json!(["hours"])));
    assert_eq!(fault["message"], "hours never get fewer");
    assert!(fault["hint"].to_string().contains("`no_less`"), "{fault}");
    let done = client.update("Task", &id, json!({ "hours": 4, "grade": "HIGH" })).await;
    assert_eq!(done["userErrors"], json!([]));
    let refused = client.update("Task", &id, json!({ "name": "b" })).await;
    assert!(first(&refused)["hint"].to_string().contains("`closed`"), "{refused}");
    assert_eq!(first(&refused)["message"], "高等级的任务不再修改");
    let refused = client.try_create("Task", json!({ "name": "lone" })).await;
    assert!(first(&refused)["hint"].to_string().contains("`lone`"), "{refused}");
    // An upsert is held like the create or the update that it is.
    assert_eq!(task(client, &id, "name version").await, json!({ "name": "a", "version": 2 }));
}

async fn lines_are_held_one_by_one(client: &Client) {
    tasks(
        client,
        r#"
        [[rule]]
        code = "whose"
        objects = ["Task"]
        for = "steps"
        when = "each.minutes > 60 && grade == HIGH"
        require = ["who"]
        [[rule]]
        code = "long"
        objects = ["Task"]
        for = "steps"
        when = "each.minutes > 500"
        refuse = "步骤过长"
        "#,
    )
    .await;
    let step = |minutes: i64| json!({ "steps": { "create": [{ "minutes": minutes }] } });
    let mut input = step(90);
    input["name"] = json!("a");
    let id = client.create("Task", input.clone()).await;
    // The head has changed, and the line does not hold any more.
    let refused = client.update("Task", &id, json!({ "grade": "HIGH" })).await;
    let fault = first(&refused);
    assert_eq!((&fault["code"], &fault["path"]), (&json!("RECORD_RULE"), &json!(["steps", "who"])));
    let refused = client.update("Task", &id, step(501)).await;
    assert_eq!(first(&refused)["path"], json!(["steps"]), "{refused}");
    assert!(first(&refused)["hint"].to_string().contains("`long`"), "{refused}");
    assert_eq!(client.update("Task", &id, step(20)).await["userErrors"], json!([]));
}

async fn one_refused_of_many(client: &Client) {
    tasks(
        client,
        r#"
        [[rule]]
        code = "few"
        objects = ["Task"]
        when = "hours > 100"
        refuse = "工时过多"
        [[rule]]
        code = "graded"
        objects = ["Task"]
        set = { grade = "hours > 10 ? HIGH : LOW" }
        "#,
    )
    .await;
    let inputs: Vec<_> = (0..300)
        .map(
            |at| json!({ "name": format!("t{at}"), "hours": if at == 77 { 101 } else { at % 20 } }),
        )
        .collect();
    let create = "mutation($inputs: [CreateTaskInput!]!, $on: BulkOnError) {
        createTasks(inputs: $inputs, onError: $on) { count userErrors { code path } } }";
    for (on, count) in [("ABORT", 0), ("CONTINUE", 299)] {
        let told = client.ask(create, json!({ "inputs": inputs, "on": on })).await.data();
        let told = &told["createTasks"];
        assert_eq!(told["count"], count, "{on}: {told}");
        let faults = told["userErrors"].as_array().unwrap();
        assert_eq!(faults.len(), 1, "{told}");
        assert_eq!(
            (&faults[0]["code"], &faults[0]["path"]),
            (&json!("RECORD_RULE"), &json!(["77", "hours"]))
        );
        let there = client.data("{ tasks { totalCount } }").await["tasks"]["totalCount"].clone();
        assert_eq!(there, count);
    }
    let high = client.data("{ tasks(filter: {grade: {eq: HIGH}}) { totalCount } }").await;
    assert_eq!(high["tasks"]["totalCount"], 134);
}

async fn a_closed_field_is_refused_by_name_or_set_unseen(client: &Client) {
    let office = Office::open(client).await;
    let rule = |identity: &str| {
        format!(
            "[[rule]]\ncode = \"limit\"\nlabel = \"额度\"\nlabel_en = \"limit\"\nobjects = [\"Customer\"]\nwhen = \"remark == 'raise'\"\n\
             set = {{ creditLimit = \"5000\" }}\n{identity}"
        )
    };
    let role = "code = \"carer\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Customer\"]\n\
                actions = [\"read\", \"edit\", \"export\"]\nopen = true\n[[fields]]\nobject = \"Customer\"\nhidden = [\"creditLimit\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("new", &["carer"], &[]).await;
    applied(client, &rule("")).await;
    let id = office.id("CZ");
    let raise = format!(
        "mutation {{ updateCustomer(id: \"{id}\", patch: {{remark: \"raise\"}}) {{ record {{ remark }} userErrors {{ code message path hint }} }} }}"
    );
    let told = office.ask("new", &raise).await;
    let fault = first(&told["data"]["updateCustomer"]);
    assert_eq!(fault["code"], "RECORD_RULE", "{told}");
    assert!(fault["hint"].to_string().contains("`limit`"), "{told}");
    applied(client, &rule("as = \"system\"\nreason = \"sales follow the limit\"\n")).await;
    let told = office.ask("new", &raise).await;
    assert_eq!(told["data"]["updateCustomer"]["userErrors"], json!([]), "{told}");
    let query = format!(
        "{{ customer(id: \"{id}\") {{ remark history(first: 1) {{ nodes {{ changes {{ field }} }} }} }} }}"
    );
    let seen = office.ask("new", &query).await;
    let changes = seen["data"]["customer"]["history"]["nodes"][0]["changes"].clone();
    assert_eq!(changes, json!([{ "field": "remark" }]), "{seen}");
    let all = client.data(&format!("{{ customer(id: \"{id}\") {{ creditLimit }} }}")).await;
    assert_eq!(all["customer"]["creditLimit"], "5000.00");
}

async fn what_cannot_be_computed_refuses_the_save(client: &Client) {
    tasks(
        client,
        "[[rule]]\ncode = \"later\"\nlabel = \"后来\"\nlabel_en = \"later\"\nobjects = [\"Task\"]\nset = { startedOn = \"addMonths(today(), hours * 1000)\" }\n",
    )
    .await;
    let refused = client.try_create("Task", json!({ "name": "a", "hours": 2_000_000 })).await;
    let fault = first(&refused);
    assert_eq!((&fault["code"], &fault["path"]), (&json!("RECORD_RULE"), &json!(["startedOn"])));
    assert!(fault["hint"].to_string().contains("`later`"), "{fault}");
    client.create("Task", json!({ "name": "a", "hours": 0 })).await;
}

async fn restored_records_are_set_anew(client: &Client) {
    tasks(client, "").await;
    let id = client.create("Task", json!({ "name": "a", "hours": 8 })).await;
    client.data(&format!("mutation {{ deleteTask(id: \"{id}\") {{ id }} }}")).await;
    applied(
        client,
        "[[rule]]\ncode = \"note\"\nobjects = [\"Task\"]\nset = { note = \"'again'\", share = \"hours / 2\" }\n\
         [[rule]]\ncode = \"never\"\nobjects = [\"Task\"]\nwhen = \"hours > 1\"\nrefuse = \"过多\"\n",
    )
    .await;
    let back = format!(
        "mutation {{ restoreTask(id: \"{id}\") {{ record {{ note share }} userErrors {{ code message }} }} }}"
    );
    let back = client.data(&back).await["restoreTask"].clone();
    assert_eq!(back["record"], json!({ "note": "again", "share": "4.00" }), "{back}");
}

/// What is wrong with a text, as `line: message`.
async fn wrong(client: &Client, text: &str) -> Vec<String> {
    let told = apply_rules(client, "own", json!(text)).await;
    let told = told["diagnostics"].as_array().unwrap();
    told.iter().map(|fault| format!("{}: {}", fault["line"], fault["message"])).collect()
}

async fn all_faults_of_rules_are_told_at_once(client: &Client) {
    client.apply(TASKS, false).await;
    let text = r#"[[rule]]
code = "a"
objects = ["Tsk", "Task"]
set = { nam = "1", double = "2", hours = "name", total = "1" }
[[rule]]
code = "a"
objects = ["Task"]
[[rule]]
code = "b"
objects = ["Task"]
on = ["delete"]
refuse = "x"
[[rule]]
code = "c"
objects = ["Task"]
for = "above"
set = { note = "'x'" }
[[rule]]
code = "d"
objects = ["Task"]
for = "steps"
set = { note = "each.hint" }
[[rule]]
code = "e"
objects = ["Task"]
relate = "above.note"
[[rule]]
code = "f"
objects = ["Customer"]
relate = "department.parent"
when = "changed(name)"
[[rule]]
code = "g"
objects = ["Task"]
require = ["total", "nte"]
as = "root"
after = ["z"]
[[rule]]
code = "h"
objects = ["Task"]
set = { note = "name" }
[[rule]]
code = "i"
objects = ["Task"]
set = { note = "'y'" }
"#;
    let told = wrong(client, text).await;
    for words in [
        "3: \"there is no object `Tsk`\"",
        "6: \"there are two rules `a`\"",
        "does nothing",
        "`delete` is no save",
        "would refuse every save",
        "`root` is nobody to act as",
        "there is no rule `z`",
    ] {
        assert!(told.iter().any(|fault| fault.contains(words)), "{words}: {told:#?}");
    }
    let rule = |body: &str| format!("[[rule]]\ncode = \"a\"\nobjects = [\"Task\"]\n{body}\n");
    let customer =
        |body: &str| format!("[[rule]]\ncode = \"a\"\nobjects = [\"Customer\"]\n{body}\n");
    for (text, words) in [
        (rule("set = { nam = \"1\" }"), "no field `nam`"),
        (rule("set = { double = \"2\" }"), "gives no value to `double`"),
        (rule("set = { total = \"2\" }"), "gives no value to `total`"),
        (rule("set = { createdAt = \"now()\" }"), "gives no value to `createdAt`"),
        (rule("set = { steps = \"2\" }"), "gives no value to `steps`"),
        (rule("set = { hours = \"name\" }"), "found text"),
        (rule("set = { hours = \"hous\" }"), "unknown name `hous`"),
        (rule("for = \"above\"\nwhen = \"true\"\nrefuse = \"x\""), "has no lines"),
        (rule("for = \"steps\"\nset = { note = \"each.hint\" }"), "write one of `TaskStep`"),
        (rule("require = [\"total\"]"), "cannot require `total`"),
        (rule("require = [\"nte\"]"), "no field `nte`"),
        (rule("relate = \"above\""), "has no related employees"),
        (customer("relate = \"department.parent\""), "not at employees"),
        (customer("relate = \"name\""), "leads to no records"),
        (customer("relate = \"owner\"\nwhen = \"changed(name)\""), "what is stored"),
        (customer("relate = \"owner\"\nwhen = \"upper(name) == 'A'\""), "upper"),
        (rule("set = { note = \"'x'\" }\nas = \"system\""), "says why"),
        (
            rule(
                "set = { note = \"name\" }\n[[rule]]\ncode = \"b\"\nobjects = [\"Task\"]\nset = { note = \"'y'\" }",
            ),
            "set `note` in no order",
        ),
        (
            rule(
                "set = { name = \"steps.count(s, true) > 1 ? 'a' : 'b'\" }\n[[rule]]\ncode = \"b\"\nobjects = [\"TaskStep\"]\nset = { hint = \"task.name\" }",
            ),
            "behind them what `TaskStep` reads as `task.name`",
        ),
    ] {
        let told = wrong(client, &text).await;
        assert!(told.len() == 1 && told[0].contains(words), "{text}: {told:#?}");
    }
    let ordered = rule(
        "set = { note = \"name\" }\n[[rule]]\ncode = \"b\"\nobjects = [\"Task\"]\nset = { note = \"'y'\" }\nafter = [\"a\"]",
    );
    applied(client, &ordered).await;
    let id = client.create("Task", json!({ "name": "n" })).await;
    assert_eq!(task(client, &id, "note").await["note"], "y");
}

async fn circles_are_refused_by_name(client: &Client) {
    client.apply(TASKS, false).await;
    let text = "[[rule]]\ncode = \"one\"\nobjects = [\"Task\"]\nset = { limit = \"double\" }\n\
                [[rule]]\ncode = \"two\"\nobjects = [\"Task\"]\nset = { hours = \"limit\" }\n";
    let told = apply_rules(client, "own", json!(text)).await;
    let faults = told["diagnostics"].as_array().unwrap();
    assert_eq!(faults.len(), 1, "{told:#}");
    assert_eq!(faults[0]["code"], "CATALOG_LOOP");
    let message = faults[0]["message"].to_string();
    assert!(message.contains("`one` → `two` → `one`"), "{message}");
    // A line that reads what is set of the sum of lines.
    let text = "[[rule]]\ncode = \"head\"\nobjects = [\"Task\"]\nset = { limit = \"total\" }\n\
                [[rule]]\ncode = \"line\"\nobjects = [\"TaskStep\"]\nset = { minutes = \"task.limit\" }\n";
    assert_eq!(wrong(client, text).await.len(), 1);
    // What a rule makes of its own field is no circle.
    applied(client, "[[rule]]\ncode = \"tidy\"\nobjects = [\"Task\"]\nset = { name = \"trim(name)\", limit = \"coalesce(limit, 1)\" }\n").await;
    let id = client.create("Task", json!({ "name": " a " })).await;
    assert_eq!(task(client, &id, "name limit").await, json!({ "name": "a", "limit": 1 }));
}
