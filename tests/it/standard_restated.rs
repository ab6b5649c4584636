//! Standard objects as a company has them: called otherwise, with fields that nobody sees, with what the program relies
//! on as it is.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    bundles::{applied, empty_beside, exported},
    schema_drafts::{Definer, brief},
    support::{Client, office::Office},
};

both_dbs! {
    standard_things_are_called_otherwise
    hidden_fields_are_for_administrators
    designers_show_nothing_that_is_hidden
    what_the_program_relies_on_stays
    steps_state_standard_things_anew
    definitions_name_states_and_days
}

const CALLED: &str = r##"extend type Customer @object(label: "往来单位", labelEn: "Account", icon: "building-2", color: "#1677FF") {
  level: CustomerLevel @standard(label: "客户等级", labelEn: "Grade", help: "由销售总监评定: set by the director")
  "老板的手机号: of the owner"
  phone: String @standard(labelEn: "Telephone")
}
"##;

async fn info(client: &Client, token: &str, object: &str) -> Value {
    let query = "query($name: String!) { object(name: $name) { label labelZh labelEn labelPlural icon color stateField startField endField
        fields { name type label labelZh labelEn help hidden operators max } } }";
    let asked = json!({ "name": object });
    client.metadata_as(token, query, asked).await.data()["object"].clone()
}

fn field<'i>(info: &'i Value, name: &str) -> Option<&'i Value> {
    info["fields"].as_array().unwrap().iter().find(|field| field["name"] == name)
}

async fn standard_things_are_called_otherwise(client: &Client) {
    let admin = client.own_token();
    let before = info(client, &admin, "Customer").await;
    let told = client.apply(CALLED, false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert_eq!(
        brief(&told),
        ["UPDATE_OBJECT Customer.", "UPDATE_FIELD Customer.level", "UPDATE_FIELD Customer.phone"]
    );
    let after = info(client, &admin, "Customer").await;
    let looks =
        ["labelZh", "labelEn", "labelPlural", "icon", "color"].map(|name| after[name].clone());
    assert_eq!(json!(looks), json!(["往来单位", "Account", "Account", "building-2", "#1677ff"]));
    let level = field(&after, "level").unwrap();
    assert_eq!(
        (&level["labelZh"], &level["labelEn"], &level["help"]),
        (&json!("客户等级"), &json!("Grade"), &json!("set by the director"))
    );
    // What is not stated stays as it was.
    let (was, phone) = (field(&before, "phone").unwrap(), field(&after, "phone").unwrap());
    for same in ["labelZh", "type", "operators", "max"] {
        assert_eq!(was[same], phone[same], "{same}");
    }
    assert_eq!((&phone["labelEn"], &phone["help"]), (&json!("Telephone"), &json!("of the owner")));
    // A data item's fields are called so in every object that uses it.
    let depot = "type Depot @object(kind: MASTER, label: \"站\", plural: \"depots\") { name: String! at: Address @item }
        extend type Address { city: String @standard(label: \"市\", labelEn: \"Town\") }";
    let told = client.apply(depot, false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    let depot = info(client, &admin, "Depot").await;
    assert_eq!(field(&depot, "at.city").unwrap()["labelEn"], "Town");
    // What goes wrong is told in these words.
    let patch = json!({ "code": "A", "name": "甲", "phone": "1".repeat(300), "department": { "id": client.department("D").await } });
    let query = "mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { userErrors { message } } }";
    let faults = client.ask(query, json!({ "input": patch })).await.data();
    let message = faults["createCustomer"]["userErrors"][0]["message"].as_str().unwrap();
    assert!(message.contains("Telephone"), "{message}");

    // It goes to another company as it is, and is said once more in a later text.
    let other = empty_beside(client).await;
    let files = exported(client).await;
    let told = applied(&other, &files, "").await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert_eq!(exported(&other).await, files);
    let there = info(&other, &other.own_token(), "Customer").await;
    assert_eq!(field(&there, "level").unwrap()["labelZh"], "客户等级");
    let again = "extend type Customer { level: CustomerLevel @standard(label: \"级别\") }";
    let told = client.apply(again, false).await;
    assert_eq!(brief(&told), ["UPDATE_FIELD Customer.level"], "{told:#}");
    let after = info(client, &admin, "Customer").await;
    let level = field(&after, "level").unwrap();
    assert_eq!((&level["labelZh"], &level["labelEn"]), (&json!("级别"), &json!("Level")));
    // What is live is what the text says that is drafted over and exported.
    let drafted = client.metadata("{ schemaText }", json!({})).await["schemaText"].clone();
    assert!(!drafted.as_str().unwrap().contains("Grade"), "{drafted}");

    // Rolled back, it is what it was.
    let back = "mutation { rollBack(to: 1, dryRun: false) { diagnostics { message } } }";
    let told = client.metadata(back, json!({})).await;
    assert_eq!(told["rollBack"]["diagnostics"], json!([]), "{told:#}");
    assert_eq!(info(client, &admin, "Customer").await, before);
}

const HIDDEN: &str = "extend type Customer { website: String @standard(hidden: true) parentCompany: Customer @standard(hidden: true) }";

async fn hidden_fields_are_for_administrators(client: &Client) {
    let office = Office::open(client).await;
    let (admin, zhang) = (client.own_token(), office.tokens["zhang"].clone());
    let patch = json!({ "website": "https://a.example" });
    client.update("Customer", &office.id("CZ"), patch).await;
    let sees = async |name: &str| {
        let query = format!("{{ customers {{ nodes {{ code {name} }} }} }}");
        office.ask("zhang", &query).await["errors"].is_null()
    };
    assert!(sees("website").await);
    // Who sees what is for administrators to change.
    office.give("new", &["designer"], &[]).await;
    let apply = "mutation($sdl: String!) { applySchema(sdl: $sdl) { changes { kind field risk } diagnostics { message } } }";
    let asked = json!({ "sdl": HIDDEN });
    let refused = client.metadata_as(&office.tokens["new"], apply, asked).await.data();
    assert_ne!(refused["applySchema"]["diagnostics"], json!([]), "{refused:#}");
    let told = client.apply(HIDDEN, false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    let risks: Vec<_> =
        told["changes"].as_array().unwrap().iter().map(|change| &change["risk"]).collect();
    assert_eq!(json!(risks), json!(["RIGHTS", "RIGHTS"]), "{told:#}");

    let hidden = info(client, &zhang, "Customer").await;
    assert!(field(&hidden, "website").is_none() && field(&hidden, "level").is_some());
    assert!(!sees("website").await && !sees("parentCompany { code }").await);
    for query in [
        "{ customers(filter: {website: {eq: \"https://a.example\"}}) { totalCount } }",
        "{ customers(orderBy: [{website: ASC}]) { totalCount } }",
        "{ customerAggregate(groupBy: [{website: true}]) { count } }",
    ] {
        let answer = office.ask("zhang", query).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{query} {answer}");
    }
    let write = format!(
        "mutation {{ updateCustomer(id: \"{}\", patch: {{website: \"https://b.example\"}}) {{ userErrors {{ code }} }} }}",
        office.id("CZ")
    );
    let answer = office.ask("zhang", &write).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{answer}");
    // Administrators see it, and are told; pages that nobody has written leave it out.
    let shown = info(client, &admin, "Customer").await;
    assert_eq!(field(&shown, "website").unwrap()["hidden"], true);
    assert_eq!(field(&shown, "level").unwrap()["hidden"], false);
    let kept = "{ customers(filter: {code: {eq: \"CZ\"}}) { nodes { website } } }";
    assert_eq!(client.data(kept).await["customers"]["nodes"][0]["website"], "https://a.example");
    let page = "{ layout(object: \"Customer\", kind: EDIT) { tabs { sections { items { ... on FieldItem { name } } } } } }";
    let page = client.metadata(page, json!({})).await["layout"].to_string();
    assert!(page.contains("\"level\"") && !page.contains("website"), "{page}");

    // Shown again, it has what it had.
    let told = client.apply(&HIDDEN.replace("true", "false"), false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert!(sees("website").await);
}

async fn designers_show_nothing_that_is_hidden(client: &Client) {
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let own = |rest: &str| {
        format!(
            "type Vault @object(kind: MASTER, label: \"库\", plural: \"vaults\") {{ name: String! {rest} }}"
        )
    };
    let hidden = own("secret: String @field(max: 100, hidden: true)");
    client.apply(&hidden, false).await;
    client.create("Vault", json!({ "name": "一", "secret": "x" })).await;
    let designer = Definer { client, token: office.tokens["new"].clone() };
    // Neither with a longer text, nor by way of the shelf.
    for (first, then) in [
        (None, own("secret: String @field(max: 101)")),
        (Some(own("")), own("secret: String @field(max: 100)")),
    ] {
        if let Some(first) = first {
            let version = designer.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
            designer.save(&first, version).await;
            assert_eq!(designer.publish("", false).await["diagnostics"], json!([]));
        }
        let version = designer.ask("{ version }", json!({})).await["version"].as_i64().unwrap();
        designer.save(&then, version).await;
        let refused = designer.publish("", false).await;
        let told = refused["diagnostics"].to_string();
        assert!(told.contains("only administrators hide"), "{then}: {refused:#}");
        let risks = refused["changes"].to_string();
        assert!(risks.contains("RIGHTS"), "{refused:#}");
    }
}

async fn what_the_program_relies_on_stays(client: &Client) {
    for (sdl, said) in [
        (
            "extend type Customer { level: String @standard(label: \"x\") }",
            "stays a `CustomerLevel`",
        ),
        ("extend type Customer { level: CustomerLevel! @standard(label: \"x\") }", "stays a"),
        (
            "extend type Customer { website: String @standard(label: \"x\") @field(max: 10) }",
            "`field`",
        ),
        (
            "extend type Customer { website: String @standard @formula(expr: \"name\") }",
            "`formula`",
        ),
        ("extend type Customer @object(plural: \"clients\")", "`plural`"),
        ("extend type Customer @object(label: \"x\", color: \"red\")", "no colour"),
        ("extend type Customer { name: String! @standard(hidden: true) }", "which record is which"),
        ("extend type Customer { code: String! @standard(hidden: true) }", "needs a value"),
        (
            "extend type Customer { department: Department! @standard(hidden: true) }",
            "rights go by it",
        ),
        ("extend type Contact { customer: Customer! @standard(hidden: true) }", "rights go by it"),
        ("extend type Customer { level: CustomerLevel @standard(label: 5) }", "label"),
        (
            "extend type Customer { level: CustomerLevel @field(label: \"x\") }",
            "already has `level`",
        ),
        ("extend type Customer { nothing: String @standard(label: \"x\") }", "no standard field"),
        (
            "type Own @object(plural: \"owns\") { name: String @standard(label: \"x\") }",
            "no standard field",
        ),
    ] {
        let refused = client.apply(sdl, true).await;
        let told = refused["diagnostics"].to_string();
        assert!(told.contains(said), "{sdl}: {refused:#}");
    }
}

async fn steps_state_standard_things_anew(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    let steps = json!([
        { "relabel": { "object": "Customer", "label": "往来单位" } },
        { "relabel": { "object": "Customer", "labelEn": "Account" } },
        { "relabel": { "object": "Customer", "field": "level", "label": "客户等级" } },
        { "relabel": { "object": "Customer", "field": "level", "labelEn": "Grade" } },
        { "relabel": { "object": "CustomerLevel", "field": "A", "label": "战略" } },
        { "updateField": { "object": "Customer", "field": "website", "sdl": "website: String @standard(hidden: true)" } },
    ]);
    let draft = admin.edit(steps).await;
    assert_eq!(draft["diagnostics"], json!([]), "{draft:#}");
    assert_eq!(
        draft["sdl"],
        "extend type Customer @object(label: \"往来单位\", labelEn: \"Account\") {\n  level: CustomerLevel @standard(label: \"客户等级\", labelEn: \"Grade\")\n  website: String @standard(hidden: true)\n}\n\nextend enum CustomerLevel { A @label(zh: \"战略\") }\n"
    );
    assert_eq!(
        brief(&draft),
        [
            "UPDATE_PICKLIST_VALUE CustomerLevel.A",
            "UPDATE_OBJECT Customer.",
            "UPDATE_FIELD Customer.level",
            "UPDATE_FIELD Customer.website"
        ]
    );
    let told = admin.publish("", false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    // Taken out of the draft, it is what the program says.
    let draft =
        admin.edit(json!([{ "retireField": { "object": "Customer", "field": "level" } }])).await;
    assert_eq!(brief(&draft), ["UPDATE_FIELD Customer.level"], "{draft:#}");
    let drop = "mutation { dropSchemaDraft }";
    admin.ask(drop, json!({})).await;

    for step in [
        json!({ "retireField": { "object": "Customer", "field": "name" } }),
        json!({ "retireObject": { "object": "Customer" } }),
        json!({ "renameField": { "object": "Customer", "field": "name", "to": "title" } }),
        json!({ "retypeField": { "object": "Customer", "field": "name", "sdl": "name: Int" } }),
        json!({ "retireField": { "object": "CustomerLevel", "field": "B" } }),
    ] {
        let query = "mutation($steps: [SchemaStep!]!) { editSchemaDraft(steps: $steps) { sdl } }";
        let answer = client.metadata_as(&admin.token, query, json!({ "steps": [step] })).await;
        let told = answer.body["errors"][0].to_string();
        assert!(told.contains("comes with the program"), "{step} {told}");
    }
    let unknown =
        json!({ "steps": [{ "retireField": { "object": "Customer", "field": "nothing" } }] });
    let query = "mutation($steps: [SchemaStep!]!) { editSchemaDraft(steps: $steps) { sdl } }";
    let told = client.metadata_as(&admin.token, query, unknown).await.body["errors"][0].to_string();
    assert!(told.contains("does not define"), "{told}");
}

async fn definitions_name_states_and_days(client: &Client) {
    let admin = client.own_token();
    let sdl = r#"enum Phase { DRAFT DONE }
type Errand @object(kind: MASTER, label: "差事", plural: "errands", pluralLabelEn: "Errands to run", stateField: "phase", startField: "begun", endField: "over") {
  name: String!
  status: String
  phase: Phase
  endsAt: DateTime
  begun: Date
  over: Date
  customer: Customer @relation(inverse: "errands", inverseLabel: "跑腿", inverseLabelEn: "Things to do")
}"#;
    let told = client.apply(sdl, false).await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    let of = |info: &Value| json!([info["stateField"], info["startField"], info["endField"]]);
    assert_eq!(of(&info(client, &admin, "Errand").await), json!(["phase", "begun", "over"]));
    let called = info(client, &admin, "Errand").await["labelPlural"].clone();
    let plain = info(client, &admin, "SalesOrder").await["labelPlural"].clone();
    assert_eq!((called, plain), (json!("Errands to run"), json!("Sales orders")));
    let board = "{ layout(object: \"Errand\", kind: BOARD) { stateField } }";
    let board = client.metadata(board, json!({})).await["layout"]["stateField"].clone();
    assert_eq!(board, "phase");
    let list = info(client, &admin, "Customer").await;
    let list = field(&list, "errands").unwrap();
    assert_eq!((&list["labelZh"], &list["label"]), (&json!("跑腿"), &json!("Things to do")));
    // A rename takes them along, and another field is a change of the object.
    let definer = Definer::new(client, "admin").await;
    let rename = json!([{ "renameField": { "object": "Errand", "field": "phase", "to": "step" } }]);
    let draft = definer.edit(rename).await;
    assert!(draft["sdl"].as_str().unwrap().contains("stateField: \"step\""), "{draft:#}");
    definer.publish("", false).await;
    assert_eq!(of(&info(client, &admin, "Errand").await), json!(["step", "begun", "over"]));
    let told = client.apply("extend type Activity @object(startField: \"createdAt\")", true).await;
    assert_eq!(brief(&told), ["UPDATE_OBJECT Activity."], "{told:#}");
    for (argument, said) in [
        ("stateField: \"name\"", "has no states"),
        ("startField: \"name\"", "no day"),
        ("endField: \"ends\"", "has no field `ends`"),
    ] {
        let sdl = format!(
            "type Probe @object(kind: MASTER, label: \"试\", plural: \"probes\", {argument}) {{ name: String! }}"
        );
        let refused = client.apply(&sdl, true).await;
        assert!(refused["diagnostics"].to_string().contains(said), "{argument}: {refused:#}");
    }
}
