//! Texts of named actions: what is wrong with them, which names they may have, and what they tell of what is hidden.

use serde_json::json;

use crate::{
    actions::{convert, lead},
    both_dbs,
    flows::{APPLY, LOANS, apply_rules},
    support::{Client, office::Office},
};

both_dbs! {
    names_of_ones_own_stand_beside_standard_actions
    what_is_hidden_is_told_by_no_action
    all_faults_of_actions_are_told_at_once
}

async fn names_of_ones_own_stand_beside_standard_actions(client: &Client) {
    let mut office = Office::open(client).await;
    // A field of one's own may be called as what a standard action makes.
    let own = "extend type Lead { customer: Customer @field(label: \"单位\", labelEn: \"Firm\") input: String @field(label: \"输入\", labelEn: \"Input\") }";
    assert_eq!(client.apply(own, false).await["diagnostics"], json!([]));
    let known = json!({ "customer": { "id": office.id("CL") }, "input": "x" });
    let id = lead(&mut office, "甲", known).await;
    let told = convert(&office, "li", &id, ", input: {customerCode: \"N-1\"}").await;
    let made = &told["data"]["convertLead"];
    assert_eq!(made["userErrors"], json!([]), "{told}");
    assert_eq!(
        (&made["customer"]["code"], &made["contact"]["customer"]["id"]),
        (&json!("N-1"), &made["customer"]["id"])
    );
    // So may an object be called as the types of one: then it has the name.
    let object = "type ConvertLead @object(kind: MASTER, label: \"转\", labelEn: \"Conversion\", plural: \"convertLeads\") { name: String! @field(label: \"名\", labelEn: \"Name\") }";
    assert_eq!(client.apply(object, false).await["diagnostics"], json!([]));
    let fields =
        client.data("{ __type(name: \"Mutation\") { fields { name } } }").await.to_string();
    assert!(
        fields.contains("createConvertLead") && fields.contains("quoteOpportunity"),
        "{fields}"
    );
}

async fn what_is_hidden_is_told_by_no_action(client: &Client) {
    let mut office = Office::open(client).await;
    let grade = "extend type Customer { grade: String @field(label: \"信用评级\", labelEn: \"Secret grade\", check: \"grade != null\", message: \"信用评级必填\", messageEn: \"The secret grade is missing\") }";
    assert_eq!(client.apply(grade, false).await["diagnostics"], json!([]));
    let role = "code = \"converter\"\nlabel = \"转化\"\nlabel_en = \"Converter\"\n[[grants]]\nobjects = [\"Lead\", \"Customer\", \"Contact\", \"Department\", \"Employee\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"Customer\"\nhidden = [\"grade\"]\n";
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("new", &["converter"], &[]).await;
    let id = lead(&mut office, "甲", json!({})).await;
    let told = office
        .ask("new", &format!("mutation {{ convertLead(id: \"{id}\") {{ record {{ status }} userErrors {{ code path message hint }} }} }}"))
        .await;
    let text = told.to_string().to_lowercase();
    assert!(!text.contains("grade") && !text.contains("secret"), "{told}");
    // Whether an order has a contract is not told to whoever reads no contracts.
    let clerk = "code = \"clerk\"\nlabel = \"录入\"\nlabel_en = \"Clerk\"\n[[grants]]\nobjects = [\"SalesOrder\"]\nactions = [\"read\", \"edit\"]\nopen = true\n";
    client.metadata(save, json!({ "d": clerk })).await;
    office.give("cai", &["clerk"], &[]).await;
    let contract = json!({ "name": "年度", "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") }, "amount": "1" });
    office.make("contract", "Contract", contract).await;
    let (with, without) = (office.id("order of li"), office.id("order of chen"));
    client
        .update("SalesOrder", &with, json!({ "contract": { "id": office.id("contract") } }))
        .await;
    let read = |id: &str| {
        format!("{{ salesOrder(id: \"{id}\") {{ _actions {{ name allowed because }} }} }}")
    };
    let both = [office.ask("cai", &read(&with)).await, office.ask("cai", &read(&without)).await];
    assert!(both[0].to_string().contains("contractSalesOrder"), "{both:?}");
    assert_eq!(both[0], both[1]);
}

async fn all_faults_of_actions_are_told_at_once(client: &Client) {
    client.apply(LOANS, false).await;
    let text = r#"
[[action]]
code = "update"
object = "SampleLoan"
set = { status = "RETURNED" }
[[action]]
code = "lend"
object = "SampleLone"
set = { status = "RETURNED" }
[[action]]
code = "idle"
object = "SampleLoan"
[[action]]
code = "go"
object = "SampleLoan"
right = "fly"
when = "nothing == 1"
input = [ { name = "Bad", type = "String" },
  { name = "what", type = "Customr" } ]
set = { id = "id", noField = "1", dueDate = "input.nowhere" }
[[action.steps]]
create = "Activity"
[[action.steps]]
create = "Activity"
name = "customer"
[[action.steps]]
create = "SampleLoanLine"
name = "line"
[[action.steps]]
create = "Activity"
name = "later"
set = { subject = "afterwards.subject" }
[[action.steps]]
create = "Activity"
name = "nodes"
[[action.steps]]
create = "SampleLoan"
name = "next"
[[action.steps]]
create = "Activity"
name = "last"
when = "next.lines.count(l, true) > 0"
[[action.steps]]
update = "lines"
"#;
    let told = apply_rules(client, "loans", json!(text)).await;
    let faults = told["diagnostics"].as_array().unwrap();
    let lines: Vec<_> = faults.iter().map(|fault| fault["line"].as_i64().unwrap()).collect();
    for line in [3, 8, 11, 16, 17, 18, 19, 20, 21, 25, 28, 32, 35, 42, 44] {
        assert!(lines.contains(&line), "no fault in line {line}: {told:#}");
    }
    assert!(told.to_string().contains("did you mean `Customer`"), "{told:#}");
    assert_eq!(
        client.metadata(APPLY, json!({ "rules": [] })).await["applySchema"]["changes"],
        json!([])
    );
}
