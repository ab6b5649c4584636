//! Every kind of operation with its first statement failing, its second, its third, until it passes: what is
//! answered is what is stored, and the next operation works.
//!
//! `TEST_MISHAPS=long` does every kind of harm at every statement; without it the worst is done.

use std::sync::{Arc, Mutex};

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tradewind::{
    company::Company,
    storage::{Harm, Harms},
};

use crate::{
    both_dbs,
    program::connect,
    support::{Client, PASSWORD, Poster, office::Office, open_harmed, setting},
};

both_dbs! {
    what_is_answered_is_what_is_stored
}

/// Which statement comes to harm, and how many were seen.
#[derive(Default)]
struct Plan {
    at: Option<(usize, Harm)>,
    seen: usize,
    done: bool,
}

struct World<'c> {
    office: Office<'c>,
    company: Company,
    harmed: Poster,
    plan: Arc<Mutex<Plan>>,
    watcher: DatabaseConnection,
    postgres: bool,
}

/// The kinds of operations; the first part of what each does is prepared without harm.
const KINDS: &[&str] = &[
    "create",
    "update",
    "bulk",
    "update many",
    "upsert",
    "delete",
    "restore",
    "delete many",
    "reassign",
    "lines",
    "nested",
    "atomic",
    "once",
    "once more",
    "sign in",
    "refresh",
    "key",
    "roles",
    "reach",
    "clear reach",
    "role",
    "role back",
    "role gone",
    "rights",
    "switch",
    "delegate",
    "end delegation",
    "confirm",
    "sign out everyone",
    "define",
];

/// The kinds that the trail tells of: an entry is there with what it tells of, or neither is.
const TOLD: &[&str] = &[
    "key",
    "roles",
    "reach",
    "clear reach",
    "role",
    "role back",
    "role gone",
    "rights",
    "switch",
    "delegate",
    "end delegation",
    "confirm",
    "sign out everyone",
    "define",
];

/// What is stored, without the trail and the trail alone.
type Parts<'s> = (Vec<&'s (String, String)>, Vec<&'s (String, String)>);

fn apart(stored: &[(String, String)]) -> Parts<'_> {
    stored.iter().partition(|(table, _)| table != "tw_audit")
}

impl World<'_> {
    async fn region(&self, code: &str) -> String {
        self.office.client.create("Region", json!({ "code": code, "name": code })).await
    }

    async fn plain(&self, query: &str) -> Value {
        self.office.client.data(query).await
    }

    /// What an operation sends, after what it needs was made.
    async fn prepared(&self, kind: &str, tag: &str) -> (&'static str, Value) {
        let graphql = |query: String| ("/graphql", json!({ "query": query }));
        let metadata = |query: String| ("/metadata", json!({ "query": query }));
        let payload = "record { id } userErrors { code }";
        let id = |name: &str| self.office.id(name);
        match kind {
            "create" => graphql(format!(
                "mutation {{ createLead(input: {{name: \"{tag}\", department: {{id: \"{}\"}}}}) {{ {payload} }} }}",
                id("TJ-TL")
            )),
            "update" => {
                let region = self.region(tag).await;
                graphql(format!(
                    "mutation {{ updateRegion(id: \"{region}\", patch: {{name: \"{tag} new\"}}) {{ {payload} }} }}"
                ))
            }
            "bulk" => graphql(format!(
                "mutation {{ createRegions(inputs: [{{code: \"{tag}a\", name: \"a\"}}, {{code: \"{tag}b\", name: \"b\"}}]) {{ count userErrors {{ code }} }} }}"
            )),
            "update many" | "delete many" => {
                self.region(&format!("{tag}a")).await;
                self.region(&format!("{tag}b")).await;
                let filter = format!("filter: {{code: {{startsWith: \"{tag}\"}}}}, atMost: 5");
                let verb = match kind {
                    "update many" => format!("updateRegions({filter}, patch: {{name: \"x\"}})"),
                    _ => format!("deleteRegions({filter})"),
                };
                graphql(format!("mutation {{ {verb} {{ count userErrors {{ code }} }} }}"))
            }
            "upsert" => graphql(format!(
                "mutation {{ upsertRegion(by: code, input: {{code: \"{tag}\", name: \"u\"}}) {{ {payload} }} }}"
            )),
            "delete" | "restore" => {
                let region = self.region(tag).await;
                let delete = format!(
                    "mutation {{ deleteRegion(id: \"{region}\") {{ id userErrors {{ code }} }} }}"
                );
                if kind == "delete" {
                    return graphql(delete);
                }
                self.plain(&delete).await;
                graphql(format!("mutation {{ restoreRegion(id: \"{region}\") {{ {payload} }} }}"))
            }
            "reassign" => {
                let owner = self.plain("{ customer(code: \"CL\") { owner { code } } }").await;
                let next = if owner["customer"]["owner"]["code"] == "li" { "zhang" } else { "li" };
                graphql(format!(
                    "mutation {{ reassignCustomers(filter: {{code: {{eq: \"CL\"}}}}, to: \"{}\", atMost: 5) {{ count userErrors {{ code }} }} }}",
                    id(next)
                ))
            }
            "lines" => graphql(format!(
                "mutation {{ updateSalesOrder(id: \"{}\", patch: {{lines: {{create: [{{item: {{id: \"{}\"}}, quantity: \"1\", price: \"2\"}}]}}}}) {{ {payload} }} }}",
                id("order of li"),
                id("item")
            )),
            "nested" => graphql(format!(
                "mutation {{ createRegion(input: {{code: \"{tag}\", name: \"n\", parent: {{create: {{code: \"{tag}p\", name: \"p\"}}}}}}) {{ {payload} }} }}"
            )),
            "atomic" => graphql(format!(
                "mutation @atomic {{ a: createRegion(input: {{code: \"{tag}a\", name: \"a\"}}) {{ {payload} }} b: createRegion(input: {{code: \"{tag}b\", name: \"b\"}}) {{ {payload} }} }}"
            )),
            "once" | "once more" => {
                let query = format!(
                    "mutation {{ createRegion(input: {{code: \"{tag}\", name: \"o\"}}, idempotencyKey: \"{tag}\") {{ {payload} }} }}"
                );
                if kind == "once more" {
                    self.plain(&query).await;
                }
                graphql(query)
            }
            "sign in" => ("/auth/login", json!({ "account": "admin", "password": PASSWORD })),
            "refresh" => {
                let login = json!({ "account": "admin", "password": PASSWORD });
                let signed = self.office.client.poster().post("/auth/login", login).await.body;
                ("/auth/refresh", json!({ "refreshToken": signed["refreshToken"] }))
            }
            "key" => metadata(format!(
                "mutation {{ createApiKey(name: \"{tag}\", roles: [\"administrator\"], account: \"admin\", expiresAt: \"2026-07-15T00:00:00Z\") {{ secret }} }}"
            )),
            "roles" => {
                let held = if tag.len().is_multiple_of(2) { "finance" } else { "purchasing" };
                metadata(format!(
                    "mutation {{ assignRoles(account: \"new\", roles: [\"{held}\"]) {{ roles }} }}"
                ))
            }
            "reach" => metadata(format!(
                "mutation {{ setReach(account: \"new\", dimension: \"DEPARTMENT\", level: SET, values: [\"{}\"]) }}",
                id("TJ")
            )),
            "clear reach" => {
                let set = format!(
                    "mutation {{ setReach(account: \"new\", dimension: \"DEPARTMENT\", level: SET, values: [\"{}\"]) }}",
                    id("TJ")
                );
                self.office.client.metadata(&set, json!({})).await;
                metadata(
                    "mutation { clearReach(account: \"new\", dimension: \"DEPARTMENT\") }"
                        .to_owned(),
                )
            }
            "role" => metadata(save_role(tag)),
            "role back" => {
                self.office.client.metadata(&save_role("finance"), json!({})).await;
                metadata("mutation { resetRole(code: \"finance\") { code } }".to_owned())
            }
            "role gone" => {
                self.office.client.metadata(&save_role(tag), json!({})).await;
                metadata(format!("mutation {{ deleteRole(code: \"{tag}\") }}"))
            }
            "rights" => {
                self.office.client.metadata(&save_role(tag), json!({})).await;
                let grant = "{ objects: [\"Customer\"], actions: [READ], level: ALL }";
                metadata(format!(
                    "mutation {{ setRights(dryRun: false, changes: [{{ role: \"{tag}\", grant: {grant} }}]) {{ version }} }}"
                ))
            }
            "switch" => {
                let actions = if tag.len().is_multiple_of(2) { "[EDIT]" } else { "null" };
                metadata(format!(
                    "mutation {{ setDimensionControl(object: \"Customer\", dimension: \"DEPARTMENT\", actions: {actions}) {{ object }} }}"
                ))
            }
            "delegate" | "end delegation" => {
                let delegate = format!(
                    "mutation {{ delegate(from: \"{}\", to: \"{}\", until: \"2026-07-15T00:00:00Z\") {{ id }} }}",
                    id("zhang"),
                    id("li")
                );
                if kind == "delegate" {
                    return metadata(delegate);
                }
                let made = self.office.client.metadata(&delegate, json!({})).await;
                metadata(format!("mutation {{ endDelegation(id: {}) }}", made["delegate"]["id"]))
            }
            "confirm" => {
                let department = json!({ "id": id("TJ") });
                let employee = json!({ "code": tag, "name": tag, "department": department });
                let employee = self.office.client.create("Employee", employee).await;
                metadata(format!(
                    "mutation {{ confirmEmployee(employee: \"{employee}\", account: \"{tag}\") {{ account }} }}"
                ))
            }
            "sign out everyone" => {
                self.office.client.token("new").await;
                metadata("mutation { revokeSessions(account: \"new\") }".to_owned())
            }
            _ => {
                let name = format!("Def{}", tag.replace(' ', ""));
                let sdl = format!(
                    "type {name} @object(kind: MASTER, label: \"定义\", plural: \"{}s\") {{ size: Int @field(label: \"大小\", unique: true) }}",
                    name.to_lowercase()
                );
                let query = "mutation($sdl: String!) { applySchema(sdl: $sdl) { version diagnostics { code message } } }";
                ("/metadata", json!({ "query": query, "variables": { "sdl": sdl } }))
            }
        }
    }

    /// Everything that is stored, but what nobody is told of.
    async fn stored(&self) -> Vec<(String, String)> {
        let backend = self.watcher.get_database_backend();
        let tables = if self.postgres {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1".to_owned()
        } else {
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1".to_owned()
        };
        let all = async |sql: String| {
            self.watcher.query_all_raw(Statement::from_string(backend, sql)).await.unwrap()
        };
        let mut parts = Vec::new();
        for row in all(tables).await {
            let table: String = row.try_get_by_index(0).unwrap();
            let touched = ["tw_", "region", "lead", "customer", "sales_order", "operator", "x_def"];
            let touched = touched.iter().any(|name| table.starts_with(name));
            if !touched || table == "tw_setting" || table.contains("__search") {
                continue;
            }
            if self.postgres {
                parts.push(format!("SELECT '{table}', md5(coalesce(string_agg(t::text, ';' ORDER BY t::text), '')) FROM \"{table}\" t"));
                continue;
            }
            let columns = all(format!("SELECT name FROM pragma_table_info('{table}')")).await;
            let columns: Vec<String> = columns
                .iter()
                .map(|row| format!("quote(\"{}\")", row.try_get_by_index::<String>(0).unwrap()))
                .collect();
            parts.push(format!(
                "SELECT '{table}', coalesce(group_concat({}, ';'), '') FROM \"{table}\"",
                columns.join("||','||")
            ));
        }
        let mut stored = Vec::new();
        for part in parts.chunks(if self.postgres { 1_000 } else { 1 }) {
            for row in all(part.join(" UNION ALL ")).await {
                stored.push((row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap()));
            }
        }
        stored
    }

    /// Does one operation with harm to one of its statements; tells whether it came to it.
    async fn attempt(&self, kind: &str, tag: &str, at: usize, harm: Harm) -> bool {
        self.office.client.company.refresh().await.unwrap();
        self.company.refresh().await.unwrap();
        let (path, body) = self.prepared(kind, tag).await;
        let before = self.stored().await;
        *self.plan.lock().unwrap() = Plan { at: Some((at, harm)), seen: 0, done: false };
        let answer = self.harmed.post(path, body).await.body;
        let done = std::mem::take(&mut *self.plan.lock().unwrap()).done;
        let after = self.stored().await;
        let told = format!("{kind}, {harm:?} at {at}: {answer:#}");
        let ((rest, trail), (rest_after, trail_after)) = (apart(&before), apart(&after));
        if TOLD.contains(&kind) {
            let silent = rest != rest_after && trail == trail_after;
            assert!(!silent, "stored, and not in the trail: {told}");
        }
        let errors = answer["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        if errors.is_empty() && !refused(&answer) {
            let changes = !matches!(kind, "once more" | "reach");
            assert!(!changes || before != after, "nothing was stored: {told}");
        } else {
            assert!(done, "{told}");
            let says = |part: &str| {
                errors.iter().any(|error| error["message"].as_str().unwrap().contains(part))
            };
            for error in errors {
                assert_eq!(error["extensions"]["code"], "STORAGE_UNAVAILABLE", "{told}");
                assert!(error["extensions"]["hint"].is_string(), "{told}");
            }
            if says("this is stored") {
                let changes = !matches!(kind, "once more" | "reach");
                assert!(!changes || before != after, "nothing was stored: {told}");
            } else if !says("or not") {
                let differs = before.iter().zip(&after).find(|(one, other)| one != other);
                assert!(before == after, "something was stored: {told}: {differs:?}");
            }
        }
        // The next one works.
        let next = format!(
            "mutation {{ createRegion(input: {{code: \"{tag}!\", name: \"!\"}}) {{ record {{ code }} userErrors {{ code }} }} }}"
        );
        let next = self.harmed.post("/graphql", json!({ "query": next })).await.data();
        assert_eq!(next["createRegion"]["record"]["code"], format!("{tag}!"), "after {told}");
        done
    }
}

fn save_role(code: &str) -> String {
    let text = format!("code = \"{code}\"\nlabel = \"x\"\nlabel_en = \"x\"\n");
    format!("mutation {{ saveRole(definition: {}) {{ code }} }}", json!(text))
}

/// Whether a person is told to correct something.
fn refused(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(key, value)| match key.as_str() {
            "userErrors" | "diagnostics" => value.as_array().is_some_and(|all| !all.is_empty()),
            _ => refused(value),
        }),
        Value::Array(items) => items.iter().any(refused),
        _ => false,
    }
}

async fn what_is_answered_is_what_is_stored(client: &Client) {
    let plan = Arc::<Mutex<Plan>>::default();
    let asked = Arc::clone(&plan);
    let harms: Harms = Arc::new(move |sql: &str| {
        let mut plan = asked.lock().unwrap();
        let (at, harm) = plan.at?;
        // What is carried out and not heard of is only told apart at the end.
        if harm == Harm::Unheard && sql != "COMMIT" {
            return None;
        }
        plan.seen += 1;
        let hit = plan.seen == at;
        plan.done |= hit;
        hit.then_some(harm)
    });
    let mut office = Office::open(client).await;
    office.make("category", "ItemCategory", json!({ "code": "RESIN", "name": "树脂" })).await;
    let category = json!({ "id": office.id("category") });
    let item = json!({ "code": "R-1", "name": "环氧树脂", "unit": "kg", "category": category });
    office.make("item", "InventoryItem", item).await;
    let (company, harmed) = open_harmed(client, harms).await;
    let watcher = connect(&client.database.url()).await;
    let postgres = client.database.is_postgres();
    let world = World { office, company, harmed, plan, watcher, postgres };
    let long = setting("TEST_MISHAPS").is_some();
    let harms: &[Harm] = if long {
        &[Harm::Refused, Harm::Undone, Harm::Unheard]
    } else {
        &[Harm::Undone, Harm::Unheard]
    };
    let mut tried = 0;
    for (number, kind) in KINDS.iter().enumerate() {
        for (turn, harm) in harms.iter().enumerate() {
            // A definition has many statements, and each that passes is a catalog to be made.
            let step = if long || *kind != "define" { 1 } else { 9 };
            for at in (1_usize..).step_by(step) {
                assert!(at < 400, "{kind} has no end");
                // No tag begins another.
                let tag = format!("T{number}h{turn}n{at}x");
                tried += 1;
                if !world.attempt(kind, &tag, at, *harm).await {
                    break;
                }
            }
        }
    }
    eprintln!("{tried} operations came to harm or passed");
    world.watcher.close().await.unwrap();
}
