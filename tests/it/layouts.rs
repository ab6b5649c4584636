//! Pages of objects: generated, stored, by role and state, cut to what their reader may see, and refused with places.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Answer, Client, TestDatabase, office::Office},
};

both_dbs! {
    generated_layouts_draw_every_page
    standard_layouts_come_with_the_program
    layouts_go_by_role_and_state
    what_is_hidden_leaves_no_trace
    conditions_over_hidden_fields_are_gone
    custom_objects_are_accepted_with_one_call
    stored_texts_read_back_as_written
    retired_fields_are_left_out_and_told
    faulty_layouts_are_refused_with_places
    others_changes_are_not_overwritten
    layouts_are_versions_and_build_nothing
    layouts_are_for_designers
}

const PAGE: &str = "query($o: String!, $k: LayoutKind!, $s: String) { layout(object: $o, kind: $k, state: $s) {
    object kind role state version generated columns { name width field { name type label } } quickFilters orderBy header
    stateField startField endField fields { name } definition diagnostics { line column message }
    tabs { label sections { label columns collapsed items { __typename
        ... on FieldItem { name width readOnly visibleWhen field { name type access } }
        ... on LinesItem { name label object columns { name } }
        ... on RelatedItem { name label object first columns { name } }
        ... on TimelineItem { width } ... on TextItem { text } } } } } }";

const SET: &str = "mutation($o: String!, $k: LayoutKind!, $r: String, $s: String, $l: LayoutInput!, $v: Int, $d: Boolean! = false) {
    setLayout(object: $o, kind: $k, role: $r, state: $s, layout: $l, expectedVersion: $v, dryRun: $d) {
        version definition diagnostics { code path line column message hint } layout { version generated columns { name } } } }";

async fn page(client: &Client, object: &str, kind: &str) -> Value {
    client.metadata(PAGE, json!({ "o": object, "k": kind })).await["layout"].clone()
}

async fn page_of(office: &Office<'_>, who: &str, asked: Value) -> Value {
    let answer = office.client.metadata_as(&office.tokens[who], PAGE, asked).await;
    answer.data()["layout"].clone()
}

async fn set(client: &Client, object: &str, kind: &str, layout: Value) -> Value {
    let asked = json!({ "o": object, "k": kind, "l": layout });
    client.metadata(SET, asked).await["setLayout"].clone()
}

async fn set_as(client: &Client, account: &str, asked: Value) -> Answer {
    let token = client.token(account).await;
    client.metadata_as(&token, SET, asked).await
}

fn names(of: &Value) -> Vec<String> {
    let all = of.as_array().unwrap_or_else(|| panic!("{of:#}")).iter();
    all.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

/// The names of all items of a page, tab by tab; what has no name by its type.
fn items(page: &Value) -> Vec<String> {
    let tabs = page["tabs"].as_array().unwrap_or_else(|| panic!("{page:#}")).iter();
    let sections = tabs.flat_map(|tab| tab["sections"].as_array().unwrap());
    let items = sections.flat_map(|section| section["items"].as_array().unwrap());
    let name =
        |item: &Value| item["name"].as_str().or(item["__typename"].as_str()).unwrap().to_owned();
    items.map(name).collect()
}

async fn generated_layouts_draw_every_page(client: &Client) {
    let list = page(client, "Quote", "LIST").await;
    assert_eq!((&list["generated"], &list["version"]), (&json!(true), &json!(0)));
    let columns = names(&list["columns"]);
    assert_eq!(columns[0], "number");
    for name in ["status", "customer", "quoteDate", "totalAmount", "owner"] {
        assert!(columns.contains(&name.to_owned()), "{columns:?}");
    }
    assert_eq!(list["columns"][0]["field"]["type"], "NUMBER");
    assert_eq!(list["orderBy"], json!([{ "createdAt": "DESC" }]));
    assert!(list["quickFilters"].as_array().unwrap().contains(&json!("status")));
    assert!(names(&list["fields"]).contains(&"createdAt".to_owned()), "{list:#}");
    let order = format!(
        "{{ quotes(orderBy: [{{createdAt: DESC}}]) {{ nodes {{ {} }} }} }}",
        "number status"
    );
    client.data(&order).await;

    let detail = page(client, "Quote", "DETAIL").await;
    let shown = items(&detail);
    for name in
        ["customer", "remark", "lines", "orders", "TimelineItem", "createdAt", "relatedEmployees"]
    {
        assert!(shown.contains(&name.to_owned()), "{name}: {shown:?}");
    }
    assert_eq!(detail["header"][0], "status");
    let edit = items(&page(client, "Quote", "EDIT").await);
    assert!(edit.contains(&"lines".to_owned()) && edit.contains(&"customer".to_owned()));
    for name in ["number", "totalAmount", "createdAt", "orders", "TimelineItem"] {
        assert!(!edit.contains(&name.to_owned()), "{name}: {edit:?}");
    }
    assert_eq!(page(client, "Quote", "CARD").await["columns"].as_array().unwrap().len(), 3);
    assert_eq!(page(client, "Quote", "BOARD").await["stateField"], "status");
    assert_eq!(page(client, "Contract", "CALENDAR").await["startField"], "startsOn");
    assert_eq!(page(client, "Contract", "CALENDAR").await["endField"], "endsOn");
    // Nothing to show in this way, and nothing of this name.
    assert_eq!(page(client, "Region", "BOARD").await, Value::Null);
    assert_eq!(page(client, "Nothing", "LIST").await, Value::Null);
    // Every object has its pages.
    let all = client.metadata("{ objects { name } }", json!({})).await;
    for name in names(&all["objects"]) {
        for kind in ["LIST", "DETAIL", "EDIT", "CARD", "PRINT"] {
            let page = page(client, &name, kind).await;
            let empty = page["columns"].as_array().unwrap().is_empty() && items(&page).is_empty();
            assert!(!empty, "{name} {kind}");
        }
    }
}

async fn standard_layouts_come_with_the_program(client: &Client) {
    for (object, kind) in [
        ("Customer", "LIST"),
        ("Customer", "DETAIL"),
        ("Contact", "DETAIL"),
        ("Opportunity", "DETAIL"),
        ("SalesOrder", "DETAIL"),
    ] {
        let page = page(client, object, kind).await;
        assert_eq!((&page["generated"], &page["version"]), (&json!(false), &json!(0)), "{object}");
        assert_eq!(page["diagnostics"], json!([]), "{object}");
        assert!(page["definition"].as_str().unwrap().starts_with("object = "), "{object}");
    }
    let listed = client
        .metadata("{ layouts(object: \"Customer\") { kind standard version } }", json!({}))
        .await;
    let standard = |kind: &str| json!({ "kind": kind, "standard": true, "version": 0 });
    assert_eq!(listed["layouts"], json!([standard("LIST"), standard("DETAIL")]));
    // The stored one takes its place, and removed gives it back.
    set(client, "Customer", "LIST", json!({ "columns": [{ "name": "name" }] })).await;
    assert_eq!(names(&page(client, "Customer", "LIST").await["columns"]), ["name"]);
    let remove = "mutation { removeLayout(object: \"Customer\", kind: LIST) }";
    client.metadata(remove, json!({})).await;
    assert_eq!(page(client, "Customer", "LIST").await["columns"].as_array().unwrap().len(), 9);
    let token = client.token("admin").await;
    let again = client.metadata_as(&token, remove, json!({})).await;
    assert_eq!(again.codes(), ["INPUT_VALUE"]);
}

async fn layouts_go_by_role_and_state(client: &Client) {
    let office = Office::open(client).await;
    let columns = |name: &str| json!({ "header": [name], "tabs": [{ "label": "t", "sections": [{ "items": [{ "field": name }] }] }] });
    for (role, state, name) in [
        (None, None, "number"),
        (None, Some("SHIPPED"), "orderDate"),
        (Some("salesperson"), None, "customer"),
        (Some("salesperson"), Some("SHIPPED"), "status"),
        (Some("department_manager"), None, "owner"),
    ] {
        let asked =
            json!({ "o": "SalesOrder", "k": "DETAIL", "r": role, "s": state, "l": columns(name) });
        let told = client.metadata(SET, asked).await;
        assert_eq!(told["setLayout"]["diagnostics"], json!([]));
    }
    let header = async |who: &str, state: Option<&str>| {
        let asked = json!({ "o": "SalesOrder", "k": "DETAIL", "s": state });
        page_of(&office, who, asked).await["header"][0].as_str().unwrap().to_owned()
    };
    assert_eq!(header("li", None).await, "customer");
    assert_eq!(header("li", Some("SHIPPED")).await, "status");
    assert_eq!(header("li", Some("DRAFT")).await, "customer");
    assert_eq!(header("wang", Some("SHIPPED")).await, "owner");
    assert_eq!(header("qian", None).await, "number");
    assert_eq!(header("qian", Some("SHIPPED")).await, "orderDate");
    // Of several roles, the one whose code comes first: `department_manager`.
    office.give("li", &["salesperson", "department_manager"], &[]).await;
    assert_eq!(header("li", None).await, "owner");
    assert_eq!(header("li", Some("SHIPPED")).await, "status");
    // What an ordinary user is told has neither text nor diagnostics.
    let page = page_of(&office, "qian", json!({ "o": "SalesOrder", "k": "DETAIL" })).await;
    assert_eq!((&page["definition"], &page["diagnostics"]), (&Value::Null, &json!([])));
    let nobody = json!({ "o": "SalesOrder", "k": "DETAIL", "r": "nobody", "l": columns("number") });
    assert_eq!(set_as(client, "admin", nobody).await.codes(), ["INPUT_VALUE"]);
}

const THINGS: &str = "type Thing @object(kind: DOCUMENT, label: \"物\", labelEn: \"Thing\", plural: \"things\", number: \"T{seq:4}\") {
    name: String! @field(label: \"名\", labelEn: \"Name\") status: CustomerLevel @field(label: \"级\", labelEn: \"Level\")
    SECRETrows: [ThingRow!]! @field(label: \"行\", labelEn: \"Rows\") @lines customer: Customer @field(label: \"客户\") @relation(inverse: \"things\")
    cost: Decimal @field(type: MONEY, label: \"成本\", labelEn: \"Cost\") }
type ThingRow @object(kind: LINE, label: \"行\", labelEn: \"Row\") { plain: Int @field(label: \"明\", labelEn: \"Plain\")ROWSECRET }";

fn things(secret: bool) -> String {
    let (field, row) = match secret {
        true => (
            "secret: Decimal @field(type: MONEY, label: \"密\", labelEn: \"Secret\", index: true) secretDay: Date! @field(label: \"密日\", labelEn: \"Secret day\", default: \"today()\") ",
            " secretNote: String @field(label: \"密记\", labelEn: \"Secret note\")",
        ),
        false => ("", ""),
    };
    THINGS.replace("ROWSECRET", row).replace("SECRET", field)
}

const SELLER: &str = "code = \"things\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Thing\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n";
const HIDES: &str = "[[fields]]\nobject = \"Thing\"\nhidden = [\"secret\", \"secretDay\"]\n[[fields]]\nobject = \"ThingRow\"\nhidden = [\"secretNote\"]\n";

/// Stores pages of things.
async fn pages(client: &Client, columns: &[&str], written: Value) {
    let columns: Vec<_> = columns.iter().map(|name| json!({ "name": name })).collect();
    set(client, "Thing", "LIST", json!({ "columns": columns })).await;
    for kind in ["DETAIL", "PRINT"] {
        let told = set(client, "Thing", kind, written.clone()).await;
        assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    }
}

/// All that someone is told of the pages of things.
async fn told_of_things(client: &Client, secret: bool) -> Vec<Value> {
    assert_eq!(client.apply_without_pages(&things(secret)).await["diagnostics"], json!([]));
    let office = Office::open(client).await;
    let role = format!("{SELLER}{}", if secret { HIDES } else { "" });
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": role })).await;
    office.give("su", &["things"], &[]).await;
    if secret {
        let written = json!({ "header": ["secret", "name"], "tabs": [
            { "label": "密页", "sections": [{ "label": "密", "items": [{ "field": "secret" }] }] },
            { "label": "页", "sections": [
                { "label": "密节", "items": [{ "field": "secretDay" }] },
                { "label": "节", "items": [{ "field": "name", "visibleWhen": "secret > 1" }, { "lines": "rows", "columns": [{ "name": "secretNote" }, { "name": "plain" }] }] }] }] });
        pages(client, &["name", "secret", "status", "cost"], written).await;
    } else {
        let written = json!({ "header": ["name"], "tabs": [
            { "label": "页", "sections": [
                { "label": "节", "items": [{ "field": "name" }, { "lines": "rows", "columns": [{ "name": "plain" }] }] }] }] });
        pages(client, &["name", "status", "cost"], written).await;
    }
    let mut told = Vec::new();
    for object in ["Thing", "ThingRow"] {
        for kind in ["LIST", "DETAIL", "EDIT", "BOARD", "CALENDAR", "CARD", "PRINT"] {
            let mut page = page_of(&office, "su", json!({ "o": object, "k": kind })).await;
            // The numbers of versions go by how much was published before.
            page["version"] = Value::Null;
            told.push(page);
        }
    }
    told
}

async fn what_is_hidden_leaves_no_trace(client: &Client) {
    let without = match &client.database {
        TestDatabase::Sqlite(_) => Client::sqlite().await,
        _postgres => Client::postgres().await.unwrap(),
    };
    let (hidden, absent) =
        (told_of_things(client, true).await, told_of_things(&without, false).await);
    assert_eq!(hidden, absent);
    assert!(hidden[0]["columns"].as_array().unwrap().len() > 2, "{:#}", hidden[0]);
    // The same pages have it for those who see it.
    let seen = page(client, "Thing", "PRINT").await;
    assert!(items(&seen).contains(&"secret".to_owned()), "{seen:#}");
    // An object that someone may not read has no page, like one that is not there.
    let office_less = client.token("nobody").await;
    let asked = |object: &str| json!({ "o": object, "k": "LIST" });
    let closed = client.metadata_as(&office_less, PAGE, asked("Thing")).await.body;
    assert_eq!(closed, client.metadata_as(&office_less, PAGE, asked("Nothing")).await.body);
}

async fn conditions_over_hidden_fields_are_gone(client: &Client) {
    let office = Office::open(client).await;
    let layout = json!({ "tabs": [{ "label": "t", "sections": [{ "items": [
        { "field": "name", "visibleWhen": "level == \"A\" && owner.department == viewer.department" },
        { "field": "phone", "visibleWhen": "creditLimit > 1" },
        { "field": "remark", "readOnly": true, "width": 2, "visibleWhen": "lifecycle != \"LOST\"" }] }] }] });
    assert_eq!(set(client, "Customer", "EDIT", layout).await["diagnostics"], json!([]));
    let conditions = |page: &Value| {
        let items = page["tabs"][0]["sections"][0]["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["visibleWhen"].clone()).collect::<Vec<_>>()
    };
    let asked = json!({ "o": "Customer", "k": "EDIT" });
    let all = conditions(&page_of(&office, "li", asked.clone()).await);
    assert_eq!(all[0], "level == \"A\" && owner.department == viewer.department");
    assert_eq!(all[1..], [json!("creditLimit > 1"), json!("lifecycle != \"LOST\"")]);
    let role = client.metadata("{ roles { code definition } }", json!({})).await;
    let role = role["roles"]
        .as_array()
        .unwrap()
        .iter()
        .find(|role| role["code"] == "salesperson")
        .unwrap();
    let hiding = format!(
        "{}\n[[fields]]\nobject = \"Customer\"\nhidden = [\"creditLimit\"]\n",
        role["definition"].as_str().unwrap()
    );
    client
        .metadata(
            "mutation($d: String!) { saveRole(definition: $d) { code } }",
            json!({ "d": hiding }),
        )
        .await;
    let left = page_of(&office, "li", asked).await;
    assert_eq!(conditions(&left), [all[0].clone(), Value::Null, all[2].clone()]);
    assert_eq!(items(&left), ["name", "phone", "remark"]);
    assert_eq!(left["tabs"][0]["sections"][0]["items"][2]["readOnly"], true);
}

async fn custom_objects_are_accepted_with_one_call(client: &Client) {
    client.apply_without_pages(&things(false)).await;
    let accept = "mutation { acceptLayouts(object: \"Thing\") { kind version generated definition columns { name } } }";
    let accepted = client.metadata(accept, json!({})).await["acceptLayouts"].clone();
    assert_eq!((&accepted[0]["kind"], &accepted[1]["kind"]), (&json!("LIST"), &json!("DETAIL")));
    assert!(accepted[0]["generated"] == false && accepted[1]["generated"] == false);
    let version = accepted[0]["version"].as_i64().unwrap();
    assert_eq!(accepted[1]["version"], version, "one publish");
    // Accepted twice is accepted once; what somebody wrote stays.
    assert_eq!(client.metadata(accept, json!({})).await["acceptLayouts"], accepted);
    set(client, "Thing", "LIST", json!({ "columns": [{ "name": "name" }] })).await;
    let again = client.metadata(accept, json!({})).await["acceptLayouts"].clone();
    assert_eq!(names(&again[0]["columns"]), ["name"]);
    // A new field of the object shows in generated pages, not in accepted ones.
    client.apply("extend type Thing { later: String @field(label: \"后\") }", false).await;
    assert!(!items(&page(client, "Thing", "DETAIL").await).contains(&"later".to_owned()));
    assert!(items(&page(client, "Thing", "EDIT").await).contains(&"later".to_owned()));
    let token = client.token("admin").await;
    for (object, code) in [("ThingRow", "INPUT_VALUE"), ("Nothing", "INPUT_VALUE")] {
        let query = format!("mutation {{ acceptLayouts(object: \"{object}\") {{ kind }} }}");
        assert_eq!(client.metadata_as(&token, &query, json!({})).await.codes(), [code], "{object}");
    }
}

async fn stored_texts_read_back_as_written(client: &Client) {
    let text = "# The page of a quote.\nobject = \"Quote\"\nkind = \"detail\"\nheader = [ 'status' ] # above\n\n[[tabs]]\nlabel = \"一\"\nlabel_en = \"One\"\n[[tabs.sections]]\ncolumns = 3\ncollapsed = true\nitems = [\"customer\", {related = \"orders\", first = 3, columns = [\"number\"], label = \"订\", label_en = \"Orders\"}, {text = \"注意\", text_en = \"Mind\"}]\n";
    let told = set(client, "Quote", "DETAIL", json!({ "definition": text })).await;
    assert_eq!((&told["definition"], &told["diagnostics"]), (&json!(text), &json!([])));
    let shown = page(client, "Quote", "DETAIL").await;
    assert_eq!(shown["definition"], text);
    assert_eq!(
        shown["tabs"],
        json!([{ "label": "One", "sections": [{ "label": null, "columns": 3, "collapsed": true, "items": [
        { "__typename": "FieldItem", "name": "customer", "width": 1, "readOnly": false, "visibleWhen": null,
          "field": { "name": "customer", "type": "RELATION", "access": "READ_WRITE" } },
        { "__typename": "RelatedItem", "name": "orders", "label": "Orders", "object": "SalesOrder", "first": 3, "columns": [{ "name": "number" }] },
        { "__typename": "TextItem", "text": "Mind" }] }] }])
    );
    // The text of a page by its parts gives the same page.
    let parts = json!({ "columns": [{ "name": "name", "width": 240 }, { "name": "level" }], "quickFilters": ["level"],
        "orderBy": [{ "level": "ASC" }, { "createdAt": "DESC" }] });
    let told = set(client, "Customer", "LIST", parts).await;
    let text = told["definition"].as_str().unwrap().to_owned();
    assert!(
        text.contains("{ field = \"name\", width = 240 }") && text.contains("\"-createdAt\""),
        "{text}"
    );
    let by_parts = page(client, "Customer", "LIST").await;
    set(client, "Customer", "LIST", json!({ "definition": format!("# again\n{text}") })).await;
    let mut by_text = page(client, "Customer", "LIST").await;
    for key in ["version", "definition"] {
        by_text[key] = by_parts[key].clone();
    }
    assert_eq!(by_text, by_parts);
    assert_eq!(by_parts["orderBy"], json!([{ "level": "ASC" }, { "createdAt": "DESC" }]));
    // A text of another page, or beside parts, is none of this one.
    let other = json!({ "o": "Contact", "k": "LIST", "l": { "definition": text } });
    assert_eq!(set_as(client, "admin", other).await.codes(), ["INPUT_VALUE"]);
    let both = json!({ "o": "Customer", "k": "LIST", "l": { "definition": text, "header": [] } });
    assert_eq!(set_as(client, "admin", both).await.codes(), ["INPUT_VALUE"]);
}

/// Fields cannot be retired yet; a definition that a newer company has and this one does not comes to the same.
async fn retired_fields_are_left_out_and_told(client: &Client) {
    use sea_orm::ConnectionTrait;
    client.apply(&things(false), false).await;
    let written = json!({ "columns": [{ "name": "name" }, { "name": "cost" }], "orderBy": [{ "cost": "ASC" }, { "name": "ASC" }], "quickFilters": ["status"] });
    set(client, "Thing", "LIST", written).await;
    // The text as it would be after `cost` was retired.
    let rename = "UPDATE tw_part SET body = REPLACE(body, 'cost', 'price') WHERE kind = 'LAYOUT'";
    client.company.database.writer().execute_unprepared(rename).await.unwrap();
    // Another publish of layouts has every process read them again.
    set(client, "Quote", "LIST", json!({ "columns": [{ "name": "number" }] })).await;
    let shown = page(client, "Thing", "LIST").await;
    assert_eq!(names(&shown["columns"]), ["name"]);
    assert_eq!(shown["orderBy"], json!([{ "name": "ASC" }]));
    let told = shown["diagnostics"].as_array().unwrap();
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0]["message"].as_str().unwrap().contains("`price`"), "{told:#?}");
    let listed =
        client.metadata("{ layouts(object: \"Thing\") { diagnostics { line } } }", json!({})).await;
    assert_eq!(listed["layouts"][0]["diagnostics"].as_array().unwrap().len(), 2);
}

async fn faulty_layouts_are_refused_with_places(client: &Client) {
    let before = page(client, "Customer", "LIST").await;
    let text = "object = \"Customer\"\nkind = \"list\"\ncolumns = [\n  \"nmae\",\n  \"contacts\",\n]\norder_by = [\"owner\"]\n";
    for dry in [true, false] {
        let asked = json!({ "o": "Customer", "k": "LIST", "l": { "definition": text }, "d": dry });
        let told = client.metadata(SET, asked).await["setLayout"].clone();
        let faults = told["diagnostics"].as_array().unwrap();
        let places: Vec<_> =
            faults.iter().map(|fault| (fault["line"].clone(), fault["column"].clone())).collect();
        assert_eq!(
            places,
            [(json!(4), json!(3)), (json!(5), json!(3)), (json!(7), json!(13))],
            "{told:#}"
        );
        assert_eq!(faults[0]["code"], "CATALOG_DIRECTIVE");
        assert_eq!(faults[0]["path"], "Customer.LIST");
        assert!(faults[0]["hint"].as_str().unwrap().contains("`name`"), "{told:#}");
    }
    assert_eq!(page(client, "Customer", "LIST").await, before);
    // A dry run of a good one changes nothing either.
    let good = json!({ "o": "Customer", "k": "LIST", "l": { "columns": [{ "name": "name" }] }, "d": true });
    assert_eq!(client.metadata(SET, good).await["setLayout"]["diagnostics"], json!([]));
    assert_eq!(page(client, "Customer", "LIST").await, before);
    let broken =
        set(client, "Customer", "LIST", json!({ "definition": "object = \"Customer\"\nkind = " }))
            .await;
    assert_eq!(broken["diagnostics"][0]["code"], "CATALOG_SYNTAX");
    // In Chinese, too.
    let token = client.token("admin").await;
    let query = "mutation { setLayout(object: \"Customer\", kind: BOARD, layout: {columns: [{name: \"x\"}]}) { diagnostics { message } } }";
    let zh = client.metadata_with(&token, ("accept-language", "zh"), query).await.data();
    let zh = zh["setLayout"]["diagnostics"].as_array().unwrap().clone();
    assert!(
        zh.iter().any(|fault| fault["message"].as_str().unwrap().contains("没有字段")),
        "{zh:#?}"
    );
    let states =
        json!({ "o": "SalesOrder", "k": "DETAIL", "s": "GONE", "l": { "header": ["status"] } });
    let told = client.metadata(SET, states).await["setLayout"]["diagnostics"].clone();
    assert!(told[0]["hint"].as_str().unwrap().contains("SHIPPED"), "{told:#}");
}

async fn others_changes_are_not_overwritten(client: &Client) {
    let layout = |name: &str| json!({ "columns": [{ "name": name }] });
    let asked = |name: &str, expected: Value| json!({ "o": "Quote", "k": "LIST", "l": layout(name), "v": expected });
    let office = Office::open(client).await;
    office.give("new", &["designer"], &[]).await;
    let first = client.metadata(SET, asked("number", json!(0))).await["setLayout"].clone();
    let version = first["version"].clone();
    assert_eq!(first["layout"]["version"], version);
    // Whoever believes that nothing is stored, or knows an older one, is told who was faster.
    let other = set_as(client, "new", asked("status", json!(0))).await;
    assert_eq!(other.codes(), ["CATALOG_CONFLICT"]);
    let message = other.body["errors"][0]["message"].as_str().unwrap().to_owned();
    assert!(message.contains("`admin`") && message.contains("Quote.LIST"), "{message}");
    let second = set_as(client, "new", asked("status", version.clone())).await.data();
    assert_eq!(second["setLayout"]["diagnostics"], json!([]));
    let late = set_as(client, "admin", asked("number", version.clone())).await;
    assert_eq!(late.codes(), ["CATALOG_CONFLICT"]);
    assert!(
        late.body["errors"][0]["message"].as_str().unwrap().contains("`new`"),
        "{:#}",
        late.body
    );
    assert_eq!(names(&page(client, "Quote", "LIST").await["columns"]), ["status"]);
    // Of several at once with one version, one is stored.
    let now = page(client, "Quote", "LIST").await["version"].clone();
    let token = client.token("admin").await;
    let at_once = ["number", "customer", "owner", "quoteDate"]
        .map(|name| client.metadata_as(&token, SET, asked(name, now.clone())));
    let answers = futures_util::future::join_all(at_once).await;
    let stored = answers.iter().filter(|answer| answer.body.get("errors").is_none()).count();
    assert_eq!(stored, 1);
    for answer in answers.iter().filter(|answer| answer.body.get("errors").is_some()) {
        assert_eq!(answer.codes(), ["CATALOG_CONFLICT"]);
    }
    // Without a version, the last one wins; one that is gone is told as gone.
    client.metadata(SET, asked("number", Value::Null)).await;
    let now = page(client, "Quote", "LIST").await["version"].clone();
    client.metadata("mutation { removeLayout(object: \"Quote\", kind: LIST) }", json!({})).await;
    assert_eq!(set_as(client, "admin", asked("number", now)).await.codes(), ["CATALOG_CONFLICT"]);
    assert_eq!(page(client, "Quote", "LIST").await["generated"], true);
}

async fn layouts_are_versions_and_build_nothing(client: &Client) {
    client.apply_without_pages(&things(false)).await;
    let catalog = client.company.catalog();
    let prepared = client.metadata("{ version }", json!({})).await;
    let asked = json!({ "o": "Thing", "k": "LIST", "r": "salesperson", "s": "A", "l": { "columns": [{ "name": "name" }] } });
    client.metadata(SET, asked.clone()).await;
    client.metadata(SET, asked).await;
    set(client, "Thing", "LIST", json!({ "columns": [{ "name": "name" }] })).await;
    set(client, "Thing", "LIST", json!({ "columns": [{ "name": "number" }] })).await;
    client.metadata("mutation { removeLayout(object: \"Thing\", kind: LIST) }", json!({})).await;
    set(client, "Customer", "LIST", json!({ "columns": [{ "name": "name" }] })).await;
    let versions =
        "{ versions(first: 5) { nodes { version changes { kind object field risk } } } }";
    let versions = client.metadata(versions, json!({})).await["versions"]["nodes"].clone();
    let told: Vec<_> =
        versions.as_array().unwrap().iter().map(|version| version["changes"].clone()).collect();
    let change = |kind: &str, object: &str, field: &str| json!([{ "kind": kind, "object": object, "field": field, "risk": "SAFE" }]);
    assert_eq!(
        told,
        [
            change("UPDATE_LAYOUT", "Customer", "LIST"),
            change("REMOVE_LAYOUT", "Thing", "LIST"),
            change("UPDATE_LAYOUT", "Thing", "LIST"),
            change("ADD_LAYOUT", "Thing", "LIST"),
            change("ADD_LAYOUT", "Thing", "LIST@salesperson#A"),
        ]
    );
    // The catalog is the very same, so that no schema was made either.
    assert!(std::sync::Arc::ptr_eq(&catalog, &client.company.catalog()));
    assert_eq!(client.metadata("{ version }", json!({})).await, prepared);
    let trail = "{ auditTrail(kind: DEFINITION, first: 1) { nodes { object detail } } }";
    let trail = client.metadata(trail, json!({})).await;
    assert_eq!(trail["auditTrail"]["nodes"][0]["detail"]["setLayout"], "Customer.LIST");
    // Another process shows them with its next request.
    let other = client.reopened().await.unwrap().company;
    let layouts = other.layouts(&other.catalog()).await.unwrap();
    assert!(layouts.written().iter().any(|known| known.key.name() == "Thing.LIST@salesperson#A"));
}

async fn layouts_are_for_designers(client: &Client) {
    let office = Office::open(client).await;
    let asked = json!({ "o": "Quote", "k": "LIST", "l": { "columns": [{ "name": "number" }] } });
    assert_eq!(set_as(client, "wang", asked.clone()).await.codes(), ["ACCESS_DENIED"]);
    for query in [
        "mutation { removeLayout(object: \"Quote\", kind: LIST) }",
        "mutation { acceptLayouts(object: \"Quote\") { kind } }",
        "{ layouts { kind } }",
    ] {
        let answer = client.metadata_as(&office.tokens["wang"], query, json!({})).await;
        assert_eq!(answer.codes(), ["ACCESS_DENIED"], "{query}");
    }
    // A designer writes pages of records that they do not see.
    office.give("new", &["designer"], &[]).await;
    let told = set_as(client, "new", asked).await.data()["setLayout"].clone();
    assert_eq!((&told["diagnostics"], &told["layout"]), (&json!([]), &Value::Null));
    assert!(told["definition"].as_str().unwrap().contains("\"number\""));
}
