//! Texts that stood in earlier versions: read by kind, and stored again to go back.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    schema_drafts::Definer,
    support::{Client, office::Office},
};

both_dbs! {
    earlier_layouts_menus_and_roles_come_back
}

async fn texts(admin: &Definer<'_>, kind: &str, version: Option<&Value>) -> Value {
    let query =
        "query($v: Int, $k: DefinitionKind!) { definitions(version: $v, kind: $k) { path text } }";
    let asked = json!({ "v": version, "k": kind });
    admin.ask(query, asked).await["definitions"].clone()
}

async fn earlier_layouts_menus_and_roles_come_back(client: &Client) {
    let office = Office::open(client).await;
    let admin = Definer::new(client, "admin").await;
    let layout = |columns: &[&str]| {
        format!("object = \"Customer\"\nkind = \"card\"\ncolumns = {columns:?}\n")
    };
    let menu = |object: &str| {
        format!(
            "system = \"SALES\"\n\n[[groups]]\nlabel = \"组\"\nlabel_en = \"Group\"\nentries = [\"{object}\"]\n"
        )
    };
    let role = |action: &str| {
        format!(
            "code = \"few\"\nlabel = \"少\"\nlabel_en = \"Few\"\n[[grants]]\nobjects = [\"Contact\"]\nactions = [\"{action}\"]\nopen = true\n"
        )
    };
    let set_layout = "mutation($d: String!) { it: setLayout(object: \"Customer\", kind: CARD, layout: {definition: $d}) { version diagnostics { message } } }";
    let set_menu = "mutation($d: String!) { it: setMenus(menus: [{system: SALES, definition: $d}]) { version } }";
    let set_role = "mutation($d: String!) { it: saveRole(definition: $d) { code } }";
    for (kind, path, set, first, second) in [
        ("LAYOUT", "Customer.CARD", set_layout, layout(&["code"]), layout(&["code", "name"])),
        ("MENU", "SALES", set_menu, menu("Customer"), menu("Contact")),
        ("ROLE", "few", set_role, role("read"), role("edit")),
    ] {
        let own = |text: &str| json!([{ "path": path, "text": text }]);
        admin.ask(set, json!({ "d": first })).await;
        let newest = "{ versions(first: 1) { nodes { version } } }";
        let before = admin.ask(newest, json!({})).await["versions"]["nodes"][0]["version"].clone();
        admin.ask(set, json!({ "d": second })).await;
        assert_eq!(texts(&admin, kind, None).await, own(&second), "{kind}");
        let earlier = texts(&admin, kind, Some(&before)).await;
        assert_eq!(earlier, own(&first), "{kind}");
        assert_eq!(texts(&admin, kind, Some(&json!(1))).await, json!([]), "{kind}");
        // Stored once more, it is what it was.
        admin.ask(set, json!({ "d": earlier[0]["text"] })).await;
        assert_eq!(texts(&admin, kind, None).await, own(&first), "{kind}");
    }
    assert_eq!(texts(&admin, "VIEW", None).await, json!([]));
    let far = "{ definitions(version: 9999, kind: MENU) { path } }";
    let answer = client.metadata_as(&admin.token, far, json!({})).await;
    assert_eq!(answer.codes(), ["INPUT_VALUE"]);

    // Who defines objects and sees roles reads them, too; others read nothing.
    office.give("new", &["designer"], &[]).await;
    let ask = async |who: &str, kind: &str| {
        let query = format!("{{ definitions(kind: {kind}) {{ path }} }}");
        let answer = client.metadata_as(&office.tokens[who], &query, json!({})).await;
        answer.body["errors"][0]["extensions"]["code"].clone()
    };
    assert_eq!(ask("new", "LAYOUT").await, Value::Null);
    assert_eq!(ask("new", "ROLE").await, Value::Null);
    assert_eq!(ask("zhang", "ROLE").await, "ACCESS_DENIED");
    assert_eq!(ask("zhang", "LAYOUT").await, "ACCESS_DENIED");
}
