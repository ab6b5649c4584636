//! Definitions as bundles: the same bytes from company to company, both sides' changes told apart, all or nothing, signed.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};
use tradewind::{
    app::Tuning,
    bundle::{BundleFile, BundleKey, sign},
    storage::Harm,
};

use crate::{
    both_dbs,
    schema_drafts::{Definer, VISITS, brief},
    support::{Client, Poster, office::Office, open_harmed, open_tuned, setting},
};

both_dbs! {
    definitions_go_to_another_company_as_they_are
    what_both_sides_changed_is_told
    a_bundle_is_applied_whole_or_not_at_all
    unsigned_bundles_are_refused_unless_asked_for
    roles_of_a_bundle_are_for_administrators
    a_bundle_tells_who_gains_loses_and_lacks
}

const PAYLOAD: &str =
    "version signedBy differences { path kind conflict stays } changes { kind object field risk }
    diagnostics { code path line column message hint } warnings { code }";

fn apply(more: &str) -> String {
    format!(
        "mutation($files: [BundleFileInput!]!, $signature: String) {{ applyBundle(files: $files, signature: $signature{more}) {{ {PAYLOAD} }} }}"
    )
}

pub(crate) async fn exported(client: &Client) -> Value {
    client.metadata("{ exportSchema { path text } }", json!({})).await["exportSchema"].clone()
}

/// Applies a bundle without a signature, with more arguments.
pub(crate) async fn applied(client: &Client, files: &Value, more: &str) -> Value {
    let query = apply(&format!(", allowUnsigned: true{more}"));
    client.metadata(&query, json!({ "files": files })).await["applyBundle"].clone()
}

pub(crate) async fn compared(client: &Client, files: &Value) -> Value {
    let query = format!(
        "query($files: [BundleFileInput!]!) {{ diffSchema(files: $files) {{ {PAYLOAD} }} }}"
    );
    client.metadata(&query, json!({ "files": files })).await["diffSchema"].clone()
}

pub(crate) fn paths(files: &Value) -> Vec<&str> {
    files.as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect()
}

/// The file at a path.
fn file<'f>(files: &'f mut Value, path: &str) -> &'f mut Value {
    let mut all = files.as_array_mut().unwrap().iter_mut();
    all.find(|file| file["path"] == path).unwrap_or_else(|| panic!("{path}"))
}

pub(crate) fn edit(files: &mut Value, path: &str, from: &str, to: &str) {
    let file = file(files, path);
    let text = file["text"].as_str().unwrap();
    assert!(text.contains(from), "{text}");
    file["text"] = json!(text.replace(from, to));
}

pub(crate) fn without(files: &Value, path: &str) -> Value {
    let all = files.as_array().unwrap().iter();
    all.filter(|file| file["path"] != path).cloned().collect()
}

/// The codes of diagnostics, each with its path and line.
pub(crate) fn faults(told: &Value) -> Vec<String> {
    let all = told["diagnostics"].as_array().unwrap_or_else(|| panic!("{told:#}")).iter();
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap().to_owned();
    all.map(|fault| format!("{} {}:{}", text(fault, "code"), text(fault, "path"), fault["line"]))
        .collect()
}

pub(crate) fn differences(told: &Value) -> Vec<String> {
    let all = told["differences"].as_array().unwrap().iter();
    let sign = |one: &Value| match (&one["conflict"], &one["stays"]) {
        (Value::Bool(true), _) => "!",
        (_, Value::Bool(true)) => "=",
        _ => "",
    };
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    all.map(|one| format!("{}{} {}", sign(one), text(one, "kind"), text(one, "path"))).collect()
}

/// Another company that has nothing but what comes with the program.
pub(crate) async fn empty_beside(client: &Client) -> Client {
    match client.database.is_postgres() {
        true => Client::postgres().await.unwrap(),
        false => Client::sqlite().await,
    }
}

/// Numbers that repeat with their seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.roll(all.len())]
    }

    /// A definition of an object, its picklist and an extension, in any order and spelling.
    fn objects(&mut self, number: usize) -> String {
        let comment = self.of(&[
            "",
            "# 一行注释 { \"\n",
            "\n\n#\ttabs  \n# and more\n",
            "\"描述\"\n",
            "\"\"\"\nlong\n\"\"\"\n",
        ]);
        let mut fields = vec![format!("name: String! @field(label: \"名称{number}\") # the name")];
        for (at, ty) in
            ["Int", "Decimal", "Date", "Boolean", "Customer", "DateTime"].iter().enumerate()
        {
            if self.roll(2) == 0 {
                fields.push(format!(
                    "f{at}: {ty} @field(label: \"字段{at}\"){}",
                    self.of(&["", ",", " # last, of {\n"])
                ));
            }
        }
        if number > 0 && self.roll(2) == 0 {
            let other = self.roll(number);
            fields.push(format!(
                "up: Thing{other} @relation(inverse: \"down{number}\") @field(label: \"上\")"
            ));
        }
        fields
            .push(format!("state: State{number} @field(label: \"状态\", default: \"A{number}\")"));
        let between = self.of(&["\n  ", "\n\n  # next\n  ", "\n\t"]);
        let fields = fields.join(between);
        let ty = format!(
            "{comment}type Thing{number} @object(kind: MASTER, label: \"物{number}\", labelEn: \"Thing {number}\", plural: \"things{number}\") {{{between}{fields}\n}}"
        );
        let list = format!("enum State{number} {{ A{number} @label(zh: \"甲\") B{number} }}");
        let more = format!(
            "# Of the customer.\nextend type Customer {{ extra{number}: Int @field(label: \"附加{number}\") }}"
        );
        let mut pieces = [ty, list, more];
        for at in (1..pieces.len()).rev() {
            pieces.swap(at, self.roll(at + 1));
        }
        pieces.join(self.of(&["\n\n", "\n", "\n# between\n\n\n"]))
            + self.of(&["", "\n", "\n\n# behind\n"])
    }
}

/// Adds to a company what nobody has thought out.
async fn grow(client: &Client, dice: &mut Dice, round: usize) {
    for number in [2 * round, 2 * round + 1] {
        let told = client.apply(&dice.objects(number), false).await;
        assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    }
    // Applied again in other words, so that the earlier text is replaced.
    let again = format!(
        "extend type Customer {{ extra{}: Int @field(label: \"另一名称\") }}",
        dice.roll(2 * round + 2)
    );
    assert_eq!(client.apply(&again, false).await["diagnostics"], json!([]));
    if dice.roll(2) == 0 {
        let admin = Definer::new(client, "admin").await;
        let text = admin.text().await;
        admin.replace(&format!("# Written anew.\r\n{text}\n# The end.")).await;
    }
    let object = format!("Thing{}", dice.roll(2 * round + 2));
    let accept = format!("mutation {{ acceptLayouts(object: \"{object}\") {{ kind }} }}");
    client.metadata(&accept, json!({})).await;
    let role = format!(
        "# For round {round}.\ncode = \"小组.{round}\"\nlabel = \"小组\"\nlabel_en = \"Team\"\n\n[[grants]]\nobjects = [\"{object}\"] # one\nactions = [\"read\"]\nopen = true{}",
        dice.of(&["\n", "", "\r\n\r\n"])
    );
    let save = "mutation($text: String!) { saveRole(definition: $text) { code } }";
    client.metadata(save, json!({ "text": role })).await;
    let layout = format!(
        "object = \"{object}\" # of it\nkind = \"list\"\nrole = \"小组.{round}\"\ncolumns = [\"name\", \"state\"]\n"
    );
    let set = "mutation($o: String!, $r: String!, $t: String!) { setLayout(object: $o, kind: LIST, role: $r, layout: { definition: $t }) { diagnostics { message } } }";
    let told = client
        .metadata(set, json!({ "o": object, "r": format!("小组.{round}"), "t": layout }))
        .await;
    assert_eq!(told["setLayout"]["diagnostics"], json!([]));
    let menu = format!(
        "system = \"SALES\"\n# What is new\n[[groups]]\nlabel = \"物\"\nlabel_en = \"Things\"\nentries = [\"{object}\"]\n"
    );
    let set = "mutation($t: String!) { setMenus(menus: [{ system: SALES, definition: $t }]) { diagnostics { message } } }";
    let told = client.metadata(set, json!({ "t": menu })).await;
    assert_eq!(told["setMenus"]["diagnostics"], json!([]));
}

async fn definitions_go_to_another_company_as_they_are(client: &Client) {
    let seed = setting("TRADEWIND_SEED").and_then(|seed| seed.parse().ok()).unwrap_or(20_261);
    let rounds = setting("TRADEWIND_BUNDLES").and_then(|rounds| rounds.parse().ok()).unwrap_or(2);
    let mut dice = Dice(seed);
    let mut follower: Option<Client> = None;
    assert_eq!(paths(&exported(client).await), ["bundle.toml"]);
    for round in 0..rounds {
        grow(client, &mut dice, round).await;
        let files = exported(client).await;
        assert!(paths(&files).len() > 6 * (round + 1), "{files:#}");
        assert_eq!(differences(&compared(client, &files).await), [""; 0]);
        let other = empty_beside(client).await;
        let told = applied(&other, &files, "").await;
        assert_eq!(told["diagnostics"], json!([]), "seed {seed}, round {round}: {told:#}");
        assert_eq!(exported(&other).await, files, "seed {seed}, round {round}");
        let names = |of: &Client| -> Vec<String> {
            of.company.catalog().objects.iter().map(|object| object.name.clone()).collect()
        };
        assert_eq!(names(&other), names(client), "seed {seed}, round {round}");
        // Once more, there is nothing to do.
        let again = applied(&other, &files, "").await;
        assert_eq!((&again["version"], differences(&again)), (&told["version"], vec![]));
        // A company that had the earlier ones from there takes them over.
        if let Some(follower) = &follower {
            let told = applied(follower, &files, ", allowRetire: [\"*\"]").await;
            assert_eq!(told["diagnostics"], json!([]), "seed {seed}, round {round}: {told:#}");
            assert_eq!(exported(follower).await, files, "seed {seed}, round {round}");
        }
        follower = Some(other);
    }
}

const TEAM: &str = "code = \"team\"\nlabel = \"小组\"\nlabel_en = \"Team\"\n\n[[grants]]\nobjects = [\"Visit\"]\nactions = [\"read\"]\nopen = true\n";
const VISIT: &str = "objects/Visit.graphql";

async fn save_role(client: &Client, text: &str) {
    let save = "mutation($text: String!) { saveRole(definition: $text) { code } }";
    client.metadata(save, json!({ "text": text })).await;
}

async fn what_both_sides_changed_is_told(client: &Client) {
    let admin = Definer::new(client, "admin").await;
    admin.replace(VISITS).await;
    save_role(client, TEAM).await;
    save_role(client, &TEAM.replace("team", "own")).await;
    let mut files = without(&exported(client).await, "roles/own.toml");
    edit(&mut files, "bundle.toml", "  [\"roles/own.toml\"", "  # [\"roles/own.toml\"");
    // Edited in the folder, while this company stayed as it was: taken, and what it does not know stays.
    edit(
        &mut files,
        VISIT,
        "  code: String",
        "  place: String @field(label: \"地点\")\n  code: String",
    );
    let told = compared(client, &files).await;
    assert_eq!(differences(&told), [format!("CHANGED {VISIT}")]);
    assert_eq!(brief(&told), ["ADD_FIELD Visit.place"]);
    assert_eq!(applied(client, &files, "").await["diagnostics"], json!([]));
    assert!(paths(&exported(client).await).contains(&"roles/own.toml"));
    // Somebody adds to it here, and the folder is edited on.
    client.apply("extend type Visit { theirs: Int @field(label: \"他人\") }", false).await;
    edit(&mut files, VISIT, "\"地点\"", "\"场所\"");
    edit(&mut files, "roles/team.toml", "\"小组\"", "\"团队\"");
    let told = applied(client, &files, "").await;
    assert_eq!(faults(&told), [format!("CATALOG_CONFLICT {VISIT}:1")], "{told:#}");
    assert_eq!(
        differences(&told),
        [format!("!CHANGED {VISIT}"), "CHANGED roles/team.toml".to_owned()]
    );
    assert!(admin.text().await.contains("地点"));
    let kept = applied(client, &files, &format!(", keep: [\"{VISIT}\"]")).await;
    assert_eq!(kept["diagnostics"], json!([]), "{kept:#}");
    assert_eq!(brief(&kept), ["UPDATE_ROLE team."]);
    assert!(admin.text().await.contains("theirs"));
    // What is overwritten retires what was added here, which is to be allowed by name.
    let told = applied(client, &files, ", overwrite: [\"*\"]").await;
    assert_eq!(faults(&told), ["CATALOG_CHANGE objects:1"], "{told:#}");
    assert_eq!(brief(&told), ["UPDATE_FIELD Visit.place", "RETIRE_FIELD Visit.theirs"]);
    let told =
        applied(client, &files, ", overwrite: [\"*\"], allowRetire: [\"Visit.theirs\"]").await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert!(!admin.text().await.contains("theirs"));
    // Taken out of the folder: a role that is held stays, an object is retired where that is allowed.
    let files = without(&without(&exported(client).await, VISIT), "roles/team.toml");
    let give = |roles: &str| {
        format!("mutation {{ assignRoles(account: \"nobody\", roles: [{roles}]) {{ roles }} }}")
    };
    let token = client.token("admin").await;
    client.metadata_as(&token, &give("\"team\""), json!({})).await;
    let held = applied(client, &files, ", allowRetire: [\"Visit\"]").await;
    assert_eq!(faults(&held), ["RECORD_IN_USE roles/team.toml:1"], "{held:#}");
    client.metadata_as(&token, &give(""), json!({})).await;
    let told = applied(client, &files, ", allowRetire: [\"Visit\"]").await;
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    assert_eq!(brief(&told), ["RETIRE_OBJECT Visit.", "REMOVE_ROLE team."]);
    assert_eq!(paths(&exported(client).await), ["bundle.toml", "roles/own.toml"]);
}

const RULES: &str = "object = \"Visit\"\n\n[[duplicate]]\nname = \"topic\"\nlabel = \"主题\"\nlabel_en = \"Topic\"\nfields = { topic = [\"CASE\"] }\n";

/// A bundle with a part of every kind.
async fn all_kinds(client: &Client) -> Value {
    let other = empty_beside(client).await;
    other.apply(VISITS, false).await;
    save_role(&other, TEAM).await;
    other.metadata("mutation { acceptLayouts(object: \"Visit\") { kind } }", json!({})).await;
    let menu = "mutation { setMenus(menus: [{ system: SALES, groups: [{ label: \"组\", labelEn: \"Group\", entries: [{ object: \"Visit\" }] }] }]) { version } }";
    other.metadata(menu, json!({})).await;
    let rules = "mutation($d: String) { setDuplicateRules(object: \"Visit\", definition: $d) { version diagnostics { message } } }";
    let told = other.metadata(rules, json!({ "d": RULES })).await;
    assert_eq!(told["setDuplicateRules"]["diagnostics"], json!([]));
    let files = exported(&other).await;
    other.company.database.close().await.unwrap();
    files
}

async fn a_bundle_is_applied_whole_or_not_at_all(client: &Client) {
    let files = Box::pin(all_kinds(client)).await;
    assert_eq!(
        paths(&files),
        [
            "bundle.toml",
            VISIT,
            "roles/team.toml",
            "layouts/Visit.DETAIL.toml",
            "layouts/Visit.LIST.toml",
            "menus/SALES.toml",
            "duplicates/Visit.toml"
        ]
    );
    let listed = "{ version versions { totalCount nodes { version note } } roles { code } object(name: \"Visit\") { name } }";
    let before = client.metadata(listed, json!({})).await;
    // One part that is wrong keeps all others out, each fault with its file and line.
    let mut wrong = files.clone();
    edit(&mut wrong, "roles/team.toml", "\"Visit\"", "\"Nothing\"");
    edit(&mut wrong, "layouts/Visit.LIST.toml", "\"topic\"", "\"nothing\"");
    edit(&mut wrong, "menus/SALES.toml", "\"Visit\"", "\"Nothing\"");
    let told = applied(client, &wrong, "").await;
    let told = faults(&told);
    assert!(told.len() == 3 && told[0] == "INPUT_VALUE roles/team.toml:1", "{told:?}");
    assert!(
        told[1].contains("layouts/Visit.LIST.toml:") && told[2].contains("menus/SALES.toml:"),
        "{told:?}"
    );
    let mut wrong = files.clone();
    edit(&mut wrong, VISIT, "minutes: Int", "minutes: Nothing");
    assert_eq!(faults(&applied(client, &wrong, "").await), [format!("CATALOG_TYPE {VISIT}:7")]);
    for (path, text) in [("ruling/x.toml", ""), ("roles/../x.toml", ""), ("roles/team.toml", "")] {
        let mut wrong = files.clone();
        wrong.as_array_mut().unwrap().push(json!({ "path": path, "text": text }));
        assert_eq!(faults(&applied(client, &wrong, "").await), [format!("INPUT_VALUE {path}:1")]);
    }
    // A dry run carries all of it out and leaves nothing.
    let dry = applied(client, &files, ", dryRun: true").await;
    assert_eq!(dry["diagnostics"], json!([]), "{dry:#}");
    assert_eq!(dry["changes"].as_array().unwrap().len(), 6, "{dry:#}");
    assert_eq!(client.metadata(listed, json!({})).await, before);
    // The version of the menus fails, when tables and all other parts are written.
    let versions = AtomicUsize::new(0);
    let harms = Arc::new(move |sql: &str| {
        let version = sql.starts_with("INSERT INTO \"tw_catalog\" ");
        (version && versions.fetch_add(1, Ordering::SeqCst) == 3).then_some(Harm::Refused)
    });
    let (company, harmed) = open_harmed(client, harms).await;
    let asked = json!({ "query": apply(", allowUnsigned: true"), "variables": { "files": files } });
    assert_eq!(harmed.post("/metadata", asked).await.codes(), ["STORAGE_UNAVAILABLE"]);
    company.database.close().await.unwrap();
    assert_eq!(client.metadata(listed, json!({})).await, before);
    // Whole: live with the next request, a version for each kind, all with the words of whoever applied it.
    let told = applied(client, &files, ", note: \"as in the test company\"").await;
    assert_eq!((&told["diagnostics"], &told["version"]), (&json!([]), &json!(6)), "{told:#}");
    client.create("Visit", json!({ "topic": "树脂" })).await;
    let after = client.metadata(listed, json!({})).await;
    assert_eq!(after["object"]["name"], "Visit");
    let versions = after["versions"]["nodes"].as_array().unwrap();
    let noted = versions.iter().filter(|one| one["note"] == "as in the test company").count();
    assert_eq!((versions.len(), noted), (6, 5));
    let shown = "{ layout(object: \"Visit\", kind: LIST) { generated } menus { groups { entries { object notice } } } }";
    let shown = client.metadata(shown, json!({})).await;
    assert_eq!(shown["layout"]["generated"], false);
    let rules = "{ duplicateRules(object: \"Visit\") { definition standard } }";
    let rules = client.metadata(rules, json!({})).await["duplicateRules"].clone();
    assert_eq!(rules, json!([{ "definition": RULES, "standard": false }]));
    let entry = json!([{ "object": "Visit", "notice": null }]);
    assert!(shown["menus"].to_string().contains(&entry.to_string()), "{shown:#}");
    let trail = "{ auditTrail(kind: DEFINITION, first: 1) { nodes { detail account } } }";
    let trail = client.metadata(trail, json!({})).await;
    let detail = &trail["auditTrail"]["nodes"][0]["detail"];
    assert_eq!((&detail["applyBundle"], &detail["of"]), (&json!(7), &json!(6)), "{trail:#}");
}

fn signature(files: &Value, key: &BundleKey) -> String {
    let text = |file: &Value, name: &str| file[name].as_str().unwrap().to_owned();
    let files = files.as_array().unwrap().iter();
    let files = files.map(|file| BundleFile { path: text(file, "path"), text: text(file, "text") });
    sign(&files.collect::<Vec<_>>(), key)
}

async fn unsigned_bundles_are_refused_unless_asked_for(client: &Client) {
    client.apply_without_pages(VISITS).await;
    let mut files = exported(client).await;
    edit(&mut files, VISIT, "label: \"拜访\"", "label: \"走访\"");
    let (known, unknown) = (BundleKey::of(&[1; 32]), BundleKey::of(&[2; 32]));
    let tuning = Tuning { trusted_keys: vec![known.public()], ..Tuning::default() };
    let trusting: Poster = open_tuned(client, &tuning).await;
    let ask = async |files: &Value, signature: Option<String>, more: &str| {
        let variables = json!({ "files": files, "signature": signature });
        trusting.post("/metadata", json!({ "query": apply(more), "variables": variables })).await
    };
    let signed = Some(signature(&files, &known));
    let mut altered = files.clone();
    edit(&mut altered, VISIT, "走访", "家访");
    for (files, signature) in [
        (&files, None),
        (&files, Some(String::new())),
        (&files, Some("nonsense".to_owned())),
        (&altered, signed.clone()),
        (&without(&files, VISIT), signed.clone()),
        (&files, Some(signature(&files, &unknown))),
    ] {
        for more in ["", ", dryRun: true"] {
            let refused = ask(files, signature.clone(), more).await;
            assert_eq!(refused.codes(), ["CATALOG_SIGNATURE"], "{signature:?}");
        }
        let meant = ask(files, signature, ", dryRun: true, allowUnsigned: true").await.data();
        assert_eq!(meant["applyBundle"]["signedBy"], Value::Null);
    }
    let told = ask(&files, signed.clone(), "").await.data()["applyBundle"].clone();
    assert_eq!((&told["diagnostics"], &told["version"]), (&json!([]), &json!(3)), "{told:#}");
    assert_eq!(told["signedBy"], known.public().to_string());
    // Here the settings trust nobody.
    let variables = json!({ "files": files, "signature": signed });
    let token = client.token("admin").await;
    let refused = client.metadata_as(&token, &apply(""), variables).await;
    assert_eq!(refused.codes(), ["CATALOG_SIGNATURE"]);
}

async fn roles_of_a_bundle_are_for_administrators(client: &Client) {
    let office = Office::open(client).await;
    client.apply_without_pages(VISITS).await;
    save_role(client, &TEAM.replace("[[grants]]", "may = [\"DEFINE\"]\n[[grants]]")).await;
    office.give("new", &["team"], &[]).await;
    let token = &office.tokens["new"];
    let ask = async |query: &str, files: &Value| {
        client.metadata_as(token, query, json!({ "files": files })).await
    };
    let whole = exported(client).await;
    let export = "{ exportSchema { path text } }";
    let mut own = client.metadata_as(token, export, json!({})).await.data()["exportSchema"].clone();
    assert_eq!(paths(&own), ["bundle.toml", VISIT]);
    // Objects are theirs to define, roles are not.
    edit(&mut own, VISIT, "label: \"拜访\"", "label: \"走访\"");
    let apply = apply(", allowUnsigned: true");
    let told = ask(&apply, &own).await.data()["applyBundle"].clone();
    assert_eq!(told["diagnostics"], json!([]), "{told:#}");
    let own = client.metadata_as(token, export, json!({})).await.data()["exportSchema"].clone();
    let told = ask(&apply, &whole).await.data()["applyBundle"].clone();
    assert!(faults(&told).contains(&"ACCESS_DENIED roles/team.toml:1".to_owned()), "{told:#}");
    // What rights go by is for administrators, as with a text of one's own.
    let mut systems = own.clone();
    edit(&mut systems, VISIT, "kind: MASTER", "kind: MASTER, systems: [SALES]");
    let told = ask(&apply, &systems).await.data()["applyBundle"].clone();
    assert_eq!(faults(&told), ["ACCESS_DENIED objects:1"], "{told:#}");
    // Who defines rights changes no role that they hold.
    office.give("new", &["designer", "team"], &[]).await;
    let mut more = exported(client).await;
    edit(&mut more, "roles/team.toml", "[\"read\"]", "[\"read\", \"edit\"]");
    let told = ask(&apply, &more).await.data()["applyBundle"].clone();
    assert_eq!(faults(&told), ["ACCESS_DENIED roles/team.toml:1"], "{told:#}");
    // Nobody else gets at it.
    for (account, query) in [("zhang", export), ("zhang", apply.as_str())] {
        let refused =
            client.metadata_as(&office.tokens[account], query, json!({ "files": whole })).await;
        assert_eq!(refused.codes()[0], "ACCESS_DENIED", "{query}");
    }
}

async fn a_bundle_tells_who_gains_loses_and_lacks(client: &Client) {
    let office = Office::open(client).await;
    let other = empty_beside(client).await;
    let industry = "extend type Customer @dimension(name: INDUSTRY, path: \"industry\")";
    other.apply(&format!("{VISITS}\n{industry}"), false).await;
    save_role(&other, TEAM).await;
    let files = exported(&other).await;
    other.company.database.close().await.unwrap();
    let query = "query($files: [BundleFileInput!]!) { diffSchema(files: $files) { diagnostics { message }
        lacking { object roles } impact { account object gained lost } impactSwitchedOn { account object gained lost } } }";
    let told = client.metadata(query, json!({ "files": files })).await["diffSchema"].clone();
    assert_eq!((&told["diagnostics"], &told["impact"]), (&json!([]), &json!([])), "{told:#}");
    // The role that it brings grants something on the new object, those that are here do not.
    let lacking = told["lacking"].as_array().unwrap();
    assert_eq!((lacking.len(), &lacking[0]["object"]), (1, &json!("Visit")), "{told:#}");
    let roles = lacking[0]["roles"].as_array().unwrap();
    assert!(roles.contains(&json!("salesperson")) && !roles.contains(&json!("team")), "{told:#}");
    let closed = told["impactSwitchedOn"].as_array().unwrap();
    let wang = closed.iter().find(|one| one["account"] == "wang" && one["object"] == "Customer");
    let counts = wang.map(|one| (&one["gained"], &one["lost"]));
    assert_eq!(counts, Some((&json!(0), &json!(3))), "{told:#}");
    assert!(office.ask("zhang", "{ customers { totalCount } }").await["errors"].is_null());
}
