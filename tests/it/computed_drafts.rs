//! Formulas that are computed when they are read, in drafts: of records and lines that nothing is stored of yet.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    computed::CASE,
    support::{Client, office::Office},
};

both_dbs! {
    drafts_compute_what_is_read
}

/// A draft shows what a read after the save would compute.
async fn drafts_compute_what_is_read(client: &Client) {
    let office = Office::open(client).await;
    let case = CASE.replace(
        "  urgent:",
        "  known: Int @formula(expr: \"coalesce(customer.creditDays, 7)\", stored: false)
  open: Decimal @field(type: MONEY) @rollup(of: \"orders\", sum: \"totalAmount\", scope: VIEWER)
  orders: [SalesOrder!]
  twice: Decimal @formula(expr: \"coalesce(open, 1.0) * 2\", stored: false)
  steps: [CaseStep!]! @lines
  urgent:",
    ) + "type CaseStep @object(kind: LINE) { note: String  tag: String @formula(expr: \"case.code + '/' + note\", stored: false) }";
    assert_eq!(client.apply(&case, false).await["diagnostics"], json!([]));
    let customer = office.id("CZ");
    client.update("Customer", &customer, json!({ "creditLimit": "1000.00" })).await;
    let input = json!({ "code": "A", "due": "2026-06-10", "customer": { "id": customer } });
    let stored = client.create("Case", input).await;
    let other = format!("customer: {{id: \"{}\"}}", office.id("CL"));
    let new = format!("code: \"B\", due: \"2026-06-01\", {other}");
    for (id, patch, drafted) in [
        (Some(&stored), "code: \"B\"", json!(["105.00", 5, "TJ-TL/B", 7, true])),
        (Some(&stored), "due: \"2026-06-14\"", json!(["105.00", 1, "TJ-TL/A", 7, false])),
        (Some(&stored), "customer: null", json!([null, 5, null, 7, null])),
        (Some(&stored), other.as_str(), json!([null, 5, "TJ-TL/A", 7, null])),
        (None, new.as_str(), json!([null, 14, "TJ-TL/B", 7, null])),
        (None, "code: \"B\", due: \"2026-06-15\"", json!([null, 0, null, 7, false])),
    ] {
        let id = id.map(|id| format!("id: \"{id}\", ")).unwrap_or_default();
        let asked = format!(
            "{{ draftCase({id}patch: {{{patch}}}) {{ record {{ share late place known urgent }} userErrors {{ code }} }} }}"
        );
        let told = client.data(&asked).await["draftCase"].clone();
        assert_eq!(told["userErrors"], json!([]), "{patch}");
        let record = &told["record"];
        let names = ["share", "late", "place", "known", "urgent"];
        assert_eq!(json!(names.map(|name| &record[name])), drafted, "{patch}");
    }
    // What is of records that the reader may see is not known of a draft, nor what goes by it.
    let sums = "{ draftCase(patch: {code: \"B\"}) { record { open twice } } }";
    let told = client.data(sums).await["draftCase"]["record"].clone();
    assert_eq!(told, json!({ "open": null, "twice": null }));
    // Lines are computed with their document as it is drafted.
    let lines = "{ draftCase(patch: {code: \"B\", steps: {create: [{note: \"x\"}]}}) { record { steps { tag } } } }";
    let told = client.data(lines).await["draftCase"]["record"].clone();
    assert_eq!(told, json!({ "steps": [{ "tag": "B/x" }] }));

    // To somebody who does not see every customer, none looks like one that they may not see.
    let role = "code = \"cases\"\nlabel = \"案\"\nlabel_en = \"Cases\"\n\n[[grants]]\nobjects = [\"Case\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n";
    let save = "mutation($role: String!) { saveRole(definition: $role) { code } assignRoles(account: \"zhang\", roles: [\"salesperson\", \"cases\"]) { roles } }";
    client.metadata(save, json!({ "role": role })).await;
    let draft =
        |patch: &str| format!("{{ draftCase(patch: {{{patch}}}) {{ record {{ known }} }} }}");
    // The lines of a new record are read with it, whoever drafts them.
    let told = office.ask("zhang", lines).await["data"]["draftCase"]["record"].clone();
    assert_eq!(told, json!({ "steps": [{ "tag": "B/x" }] }));
    let seen = format!("code: \"B\", customer: {{id: \"{customer}\"}}");
    for (patch, known) in [(seen.as_str(), json!(7)), ("code: \"B\"", Value::Null)] {
        let told = office.ask("zhang", &draft(patch)).await;
        assert_eq!(told["data"]["draftCase"]["record"]["known"], known, "{patch} {told}");
    }
}
