//! Values of picklists that have a colour, that are chosen no more, and that go with a value of another field.

use serde_json::{Value, json};

use crate::{
    both_dbs,
    support::{Client, office::Office},
};

both_dbs! {
    inactive_values_stay_and_are_not_chosen
    dependent_values_go_with_the_other_field
    hidden_fields_are_not_told_by_what_depends_on_them
    standard_values_get_labels_order_and_colours
    what_records_get_by_themselves_stays_active
}

const PAINT: &str = "enum Tone { RED @label(zh: \"红\", en: \"Red\") @option(color: \"#FF0000\"), MAUVE @label(zh: \"紫\", en: \"Mauve\") BLUE }
type Paint @object(kind: SETUP, label: \"油漆\", plural: \"paints\") {
    code: String! @field(label: \"编码\", unique: true)
    tone: Tone @field(label: \"色调\", labelEn: \"Tone\")
    tones: [Tone!] @field(label: \"多色\", labelEn: \"Tones\")
}";

/// What the faults of a payload say.
fn said(payload: &Value) -> Vec<&str> {
    let faults = payload["userErrors"].as_array().unwrap();
    faults.iter().map(|fault| fault["message"].as_str().unwrap()).collect()
}

async fn inactive_values_stay_and_are_not_chosen(client: &Client) {
    assert_eq!(client.apply(PAINT, false).await["diagnostics"], json!([]));
    let kept = json!({ "code": "A", "tone": "MAUVE", "tones": ["RED", "MAUVE"] });
    let a = client.create("Paint", kept).await;
    let b = client.create("Paint", json!({ "code": "B", "tone": "RED" })).await;
    let inactive = PAINT.replace("en: \"Mauve\")", "en: \"Mauve\") @option(inactive: true)");
    assert_eq!(client.apply(&inactive, false).await["diagnostics"], json!([]));
    // It is read, filtered and grouped by, and stays when other fields change or it is given again.
    let read = "{ paints(filter: { tone: { eq: MAUVE } }) { nodes { code tone tones } }
        paintAggregate(groupBy: [{ tone: true }], filter: { tones: { has: MAUVE } }) { key { tone } count } }";
    assert_eq!(
        client.data(read).await,
        json!({
            "paints": { "nodes": [{ "code": "A", "tone": "MAUVE", "tones": ["RED", "MAUVE"] }] },
            "paintAggregate": [{ "key": { "tone": "MAUVE" }, "count": 1 }],
        })
    );
    for patch in [json!({ "code": "A1" }), json!({ "tone": "MAUVE", "tones": ["MAUVE", "BLUE"] })] {
        assert_eq!(client.update("Paint", &a, patch).await["userErrors"], json!([]));
    }
    let refused = "Tone can no longer be Mauve";
    assert_eq!(said(&client.update("Paint", &b, json!({ "tone": "MAUVE" })).await), [refused]);
    let made = client.try_create("Paint", json!({ "code": "C", "tone": "MAUVE" })).await;
    assert_eq!((said(&made), &made["userErrors"][0]["path"]), (vec![refused], &json!(["tone"])));
    let many = client.update("Paint", &b, json!({ "tones": ["RED", "MAUVE"] })).await;
    assert_eq!(said(&many), ["Tones can no longer be Mauve"]);
    // Once given up, it is not taken again.
    assert_eq!(client.update("Paint", &a, json!({ "tone": "RED" })).await["userErrors"], json!([]));
    assert_eq!(said(&client.update("Paint", &a, json!({ "tone": "MAUVE" })).await), [refused]);
    let form =
        "{ object(name: \"Paint\") { fields { name options { name color active under } } } }";
    let form = client.metadata(form, json!({})).await;
    let fields = form["object"]["fields"].as_array().unwrap();
    let tone = fields.iter().find(|field| field["name"] == "tone").unwrap();
    assert_eq!(
        tone["options"],
        json!([
            { "name": "RED", "color": "#ff0000", "active": true, "under": null },
            { "name": "MAUVE", "color": null, "active": false, "under": null },
            { "name": "BLUE", "color": null, "active": true, "under": null },
        ])
    );
}

const PLACE: &str = "enum Land { CN @label(zh: \"中国\", en: \"China\") DE @label(zh: \"德国\", en: \"Germany\") }
enum Town { TIANJIN @label(zh: \"天津\", en: \"Tianjin\") @option(under: [CN]) BONN @label(zh: \"波恩\", en: \"Bonn\") @option(under: DE) ELSEWHERE @label(zh: \"其他\", en: \"Elsewhere\") }
type Place @object(kind: SETUP, label: \"地点\", plural: \"places\") {
    code: String! @field(label: \"编码\", unique: true)
    land: Land @field(label: \"国家\", labelEn: \"Land\")
    town: Town @field(label: \"城市\", labelEn: \"Town\") @dependent(on: \"land\")
    towns: [Town!] @field(label: \"各城市\", labelEn: \"Towns\") @dependent(on: \"land\")
}";

async fn dependent_values_go_with_the_other_field(client: &Client) {
    // What records have when the fields become dependent, stays.
    let free = PLACE.replace(" @dependent(on: \"land\")", "");
    assert_eq!(client.apply(&free, false).await["diagnostics"], json!([]));
    let old =
        client.create("Place", json!({ "code": "OLD", "land": "DE", "town": "TIANJIN" })).await;
    let applied = client.apply(PLACE, false).await;
    assert_eq!(applied["diagnostics"], json!([]));
    assert_eq!(applied["changes"].as_array().unwrap().len(), 2, "{applied:#}");
    assert_eq!(
        client.update("Place", &old, json!({ "code": "OLD1" })).await["userErrors"],
        json!([])
    );

    let given =
        json!({ "code": "A", "land": "CN", "town": "TIANJIN", "towns": ["TIANJIN", "ELSEWHERE"] });
    let a = client.create("Place", given).await;
    for (wrong, message) in [
        (json!({ "town": "BONN" }), "Town cannot be Bonn for this land"),
        (json!({ "towns": ["TIANJIN", "BONN"] }), "Towns cannot be Bonn for this land"),
        (json!({ "land": "DE", "towns": null }), "Town cannot be Tianjin for this land"),
        (json!({ "land": null, "towns": [] }), "Town cannot be Tianjin for this land"),
    ] {
        assert_eq!(said(&client.update("Place", &a, wrong).await), [message]);
    }
    let made = client.try_create("Place", json!({ "code": "B", "town": "BONN" })).await;
    assert_eq!(made["userErrors"][0]["path"], json!(["town"]), "{made:#}");
    for right in [
        json!({ "land": "DE", "town": "BONN", "towns": ["BONN"] }),
        json!({ "land": null, "town": "ELSEWHERE", "towns": null }),
    ] {
        assert_eq!(client.update("Place", &a, right).await["userErrors"], json!([]));
    }
    // A page is told which values can be chosen now.
    let options = async |arguments: &str| {
        let query = format!("{{ draftPlace({arguments}) {{ states {{ path options }} }} }}");
        client.data(&query).await["draftPlace"]["states"].clone()
    };
    let told = |options: Value| json!([{ "path": ["town"], "options": options }, { "path": ["towns"], "options": options }]);
    let german = json!(["BONN", "ELSEWHERE"]);
    assert_eq!(options("patch: {land: DE}").await, told(german.clone()));
    assert_eq!(options("patch: {}").await, told(json!(["ELSEWHERE"])));
    client.update("Place", &a, json!({ "land": "DE" })).await;
    let stored = format!("id: \"{a}\", patch: {{code: \"A1\"}}");
    assert_eq!(options(&stored).await, told(german));
    let form = "{ object(name: \"Place\") { fields { name dependsOn options { name under } } } }";
    let form = client.metadata(form, json!({})).await;
    let fields = form["object"]["fields"].as_array().unwrap();
    let town = fields.iter().find(|field| field["name"] == "town").unwrap();
    assert_eq!(town["dependsOn"], "land");
    assert_eq!(
        town["options"],
        json!([{ "name": "TIANJIN", "under": ["CN"] }, { "name": "BONN", "under": ["DE"] }, { "name": "ELSEWHERE", "under": null }])
    );
}

async fn hidden_fields_are_not_told_by_what_depends_on_them(client: &Client) {
    let office = Office::open(client).await;
    assert_eq!(client.apply(PLACE, false).await["diagnostics"], json!([]));
    let a = client.create("Place", json!({ "code": "A", "land": "CN", "town": "TIANJIN" })).await;
    let role = "code = \"guarded\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Place\"]\nactions = [\"read\", \"edit\"]\nopen = true\n[[fields]]\nobject = \"Place\"\nhidden = [\"land\"]\n";
    let query = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(query, json!({ "d": role })).await;
    office.give("new", &["guarded"], &[]).await;
    let change = format!(
        "mutation {{ updatePlace(id: \"{a}\", patch: {{ town: BONN }}) {{ record {{ id }} userErrors {{ path message }} }} }}"
    );
    let refused = office.ask("new", &change).await;
    let refused = &refused["data"]["updatePlace"];
    assert_eq!(said(refused), ["a rule over what you may not see does not hold"]);
    assert_eq!(refused["userErrors"][0]["path"], json!([]));
    let form = "{ object(name: \"Place\") { fields { name dependsOn options { under } } } }";
    let form = client.metadata_as(&office.tokens["new"], form, json!({})).await.data();
    assert!(!form.to_string().contains("land") && !form.to_string().contains("CN"), "{form:#}");
    let draft =
        format!("{{ draftPlace(id: \"{a}\", patch: {{}}) {{ states {{ path options }} }} }}");
    let told = office.ask("new", &draft).await["data"]["draftPlace"]["states"].clone();
    let states = told.as_array().unwrap();
    assert!(
        !states.is_empty() && states.iter().all(|state| state["options"].is_null()),
        "{told:#}"
    );
}

async fn levels(client: &Client) -> Value {
    let form =
        "{ object(name: \"Customer\") { fields { name options { name label color active } } } }";
    let form = client.metadata(form, json!({})).await;
    let fields = form["object"]["fields"].as_array().unwrap();
    fields.iter().find(|field| field["name"] == "level").unwrap()["options"].clone()
}

async fn standard_values_get_labels_order_and_colours(client: &Client) {
    let before = levels(client).await;
    let names = |options: &Value| -> Vec<String> {
        let options = options.as_array().unwrap();
        options.iter().map(|option| option["name"].as_str().unwrap().to_owned()).collect()
    };
    let department = client.department("TJ").await;
    let kept = client.customer(&department, "K1", json!({ "level": "C" })).await;
    let other = client.customer(&department, "K2", json!({ "level": "A" })).await;
    let own = "extend enum CustomerLevel {
        C @option(inactive: true, place: 1)
        A @label(zh: \"战略\", en: \"Strategic\") @option(color: \"#FF0000\")
        GOLD @label(zh: \"金\", en: \"Gold\") @option(place: 2)
    }";
    let applied = client.apply(own, false).await;
    assert_eq!(applied["diagnostics"], json!([]), "{applied:#}");
    let told = levels(client).await;
    let mut expected: Vec<_> = names(&before).into_iter().filter(|name| name != "C").collect();
    expected.splice(0..0, ["C".to_owned(), "GOLD".to_owned()]);
    assert_eq!(names(&told), expected);
    let of =
        |name: &str| told.as_array().unwrap().iter().find(|o| o["name"] == name).unwrap().clone();
    assert_eq!(
        of("A"),
        json!({ "name": "A", "label": "Strategic", "color": "#ff0000", "active": true })
    );
    assert_eq!(of("C")["active"], false);
    assert_eq!(
        of("C")["label"],
        before.as_array().unwrap().iter().find(|o| o["name"] == "C").unwrap()["label"]
    );
    // What is there stays, and nobody chooses it any more.
    assert_eq!(
        client.update("Customer", &kept, json!({ "city": "x", "level": "C" })).await["userErrors"],
        json!([])
    );
    let refused = client.update("Customer", &other, json!({ "level": "C" })).await;
    assert_eq!(refused["userErrors"][0]["path"], json!(["level"]), "{refused:#}");
    assert_eq!(
        client.update("Customer", &other, json!({ "level": "GOLD" })).await["userErrors"],
        json!([])
    );
    // A later text says of a value all that is said of it; the standard label is there again.
    let later = "extend enum CustomerLevel { A @option(color: \"#00ff00\") }";
    assert_eq!(client.apply(later, false).await["diagnostics"], json!([]));
    let told = levels(client).await;
    let a = |options: &Value| {
        options.as_array().unwrap().iter().find(|o| o["name"] == "A").unwrap().clone()
    };
    assert_eq!((&a(&told)["label"], &a(&told)["color"]), (&a(&before)["label"], &json!("#00ff00")));
    let twice = "extend enum CustomerLevel { B @option(place: 1) } extend enum CustomerLevel { B @option(place: 2) }";
    assert_eq!(client.apply(twice, true).await["diagnostics"][0]["code"], "CATALOG_DUPLICATE");
}

async fn what_records_get_by_themselves_stays_active(client: &Client) {
    let own = "enum Tone { RED BLUE } type Paint @object(kind: SETUP, plural: \"paints\") { code: String! tone: Tone @field(default: \"code == 'x' ? 'RED' : 'BLUE'\") }";
    for (text, message) in [
        (
            "extend enum RelatedSource { OWNER @option(inactive: true) }".to_owned(),
            "`OWNER` of `RelatedSource` cannot be inactive: the server itself sets it",
        ),
        (
            "extend enum CustomerLifecycle { POTENTIAL @option(inactive: true) }".to_owned(),
            "`POTENTIAL` cannot be inactive: new records of `Customer` have it by the default of `lifecycle`",
        ),
        (
            own.replace("BLUE }", "BLUE @option(inactive: true) }"),
            "`BLUE` cannot be inactive: new records of `Paint` have it by the default of `tone`",
        ),
    ] {
        let said = client.apply(&text, true).await["diagnostics"].clone();
        assert_eq!(
            (said.as_array().unwrap().len(), &said[0]["message"]),
            (1, &json!(message)),
            "{said:#}"
        );
        assert_ne!(said[0]["hint"], Value::Null);
    }
}
