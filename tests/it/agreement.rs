//! A property of rights over random companies: the compiled rule agrees with the model's text on every
//! record and path.
//!
//! `TRADEWIND_WORLDS=200 cargo test --test it agreement` runs longer than the few worlds of every run.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::support::{
    Client, Poster,
    rule::{Grant, Person, Reach, Record, Role, Seen, Via, World},
    setting,
};

/// Numbers that repeat.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'p, T>(&mut self, items: &'p [T]) -> &'p T {
        &items[self.below(items.len())]
    }
}

pub(crate) const OBJECTS: [&str; 5] = ["Customer", "Contact", "SalesOrder", "Activity", "Loan"];
pub(crate) const PLURALS: [&str; 5] =
    ["customers", "contacts", "salesOrders", "activities", "loans"];

/// What everyone may make and change, whose rules and defaults read over references.
const CLAIM: &str = "type Claim @object(kind: MASTER, label: \"诉求\", plural: \"claims\") @check(expr: \"order.customer.code != 'C3' || amount > 2\", message: \"C3\") {
  code: String! @field(label: \"编码\")
  customer: Customer @field(label: \"客户\")
  order: SalesOrder @field(label: \"订单\")
  title: String @field(label: \"题\", default: \"customer.name\")
  place: Department @field(label: \"部门\", default: \"customer.department\")
  boss: Employee @field(label: \"人\", default: \"customer.owner\")
  amount: Int @field(label: \"数\", check: \"customer.code != 'C1' && customer.department.code != 'D2' || amount < 2\")
}";

/// An object whose customer counts without a dimension over it, with a group of fields.
const LOAN: &str = "type Terms @object(kind: DATA_ITEM, label: \"条件\") { note: String days: Int }
type Loan @object(kind: DOCUMENT, label: \"借用\", plural: \"loans\", number: \"L{yyyy}-{seq:4}\", businessLine: SALES) @responsible @dimension(name: DEPARTMENT, path: \"department\") {
  customer: Customer! @relation(inverse: \"loans\", parent: true)
  department: Department!
  owner: Employee
  remark: String
  terms: Terms @item
}";

/// The fields that roles say something of: the object that is opened, the object of the field, the field.
pub(crate) const FIELDS: [(&str, &str, &str); 4] = [
    ("Contact", "Contact", "mobile"),
    ("SalesOrder", "SalesOrderLine", "unit"),
    ("SalesOrder", "SalesOrderLine", "price"),
    ("Loan", "Loan", "terms.note"),
];

/// How a field is selected, from the record that is opened.
pub(crate) fn selected(object: &str, of: &str, field: &str) -> String {
    match field.split_once('.') {
        Some((group, field)) => format!("{group} {{ {field} }}"),
        None if of == object => field.to_owned(),
        None => format!("lines {{ {field} }}"),
    }
}

fn role(code: String, random: &mut Random) -> Role {
    let mut grants = Vec::new();
    for object in OBJECTS {
        for (action, most) in [("read", 3), ("edit", 2)] {
            for _ in 0..random.below(most) {
                let via = *random.pick(&[Via::Nobody, Via::Responsible, Via::Related]);
                let (dimensions, open) = (random.chance(60), random.chance(5));
                grants.push(Grant { object, action, via, dimensions, open });
            }
        }
    }
    let levels = ["none", "person", "person", "person", "own", "below", "set", "all"];
    let department = *random.pick(&levels);
    let ticks = department == "set";
    let ticked = (0..6).filter(|_| ticks && random.chance(40)).collect();
    let mut fields = Vec::new();
    for (object, of, field) in FIELDS {
        let opens = grants.iter().any(|grant: &Grant| grant.object == object);
        if opens && random.chance(40) {
            let masks = [Seen::Stars, Seen::Start, Seen::End, Seen::Hidden];
            let seen = if field == "price" { Seen::Hidden } else { *random.pick(&masks) };
            fields.push((of, field, seen));
        }
    }
    let customer = *random.pick(&["all", "all", "all", "person", "none"]);
    let lines = match random.below(12) {
        0 => vec!["PURCHASING"],
        1..4 => vec!["SALES"],
        4 => vec!["FINANCE", "SALES"],
        _ => Vec::new(),
    };
    Role { code, department, ticked, fields, customer, lines, grants }
}

fn definition(role: &Role, departments: &[String]) -> String {
    let mut text = format!(
        "code = \"{}\"\nlabel = \"x\"\nlabel_en = \"x\"\nlines = {:?}\n[dimensions]\nDEPARTMENT = \"{}\"\nCUSTOMER = \"{}\"\n",
        role.code, role.lines, role.department, role.customer
    );
    if !role.ticked.is_empty() {
        let ids: Vec<_> = role.ticked.iter().map(|at| &departments[*at]).collect();
        text += &format!("[ticked]\nDEPARTMENT = {ids:?}\n");
    }
    for (object, field, seen) in &role.fields {
        text += &format!("[[fields]]\nobject = \"{object}\"\n");
        text += &match seen {
            Seen::Hidden => format!("hidden = [\"{field}\"]\n"),
            seen => {
                let mask = format!("{seen:?}").to_lowercase().replace("stars", "all");
                format!("masked = {{ \"{field}\" = \"{mask}\" }}\n")
            }
        };
    }
    for grant in &role.grants {
        let via = match grant.via {
            Via::Nobody => "none",
            Via::Responsible => "responsible",
            Via::Related => "related",
        };
        text += &format!(
            "[[grants]]\nobjects = [\"{}\"]\nactions = [\"{}\"]\nemployees = \"{via}\"\ndimensions = {}\nopen = {}\n",
            grant.object, grant.action, grant.dimensions, grant.open
        );
    }
    text += "[[grants]]\nobjects = [\"Claim\"]\nactions = [\"read\", \"create\", \"edit\"]\nopen = true\n";
    text + "[[grants]]\nobjects = [\"Department\", \"Employee\"]\nactions = [\"read\"]\nopen = true\n"
}

/// A random company, made through the API.
pub(crate) async fn company(client: &Client, random: &mut Random) -> World {
    let mut world = World::default();
    for definition in [LOAN, CLAIM] {
        assert_eq!(client.apply(definition, false).await["diagnostics"], json!([]));
    }
    for at in 0..6 {
        let parent = (at > 0 && random.chance(70)).then(|| random.below(at));
        let code = format!("D{at}");
        let up = parent.map(|up: usize| json!({ "id": world.departments[up] }));
        let id =
            client.create("Department", json!({ "code": code, "name": code, "parent": up })).await;
        world.departments.push(id);
        world.parents.push(parent);
    }
    for at in 0..2 {
        let code = format!("G{at}");
        let input = json!({ "code": code, "name": code });
        world.groups.push(client.create("CustomerPermissionGroup", input).await);
    }
    for at in 0..3 {
        let role = role(format!("r{at}"), random);
        let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
        client.metadata(save, json!({ "d": definition(&role, &world.departments) })).await;
        world.roles.push(role);
    }
    for at in 0..4 {
        let department = random.below(6);
        let account = format!("p{at}");
        let employee = json!({ "code": account, "name": account, "department": { "id": world.departments[department] } });
        let employee = client.create("Employee", employee).await;
        world.ids.insert(account.clone(), employee.clone());
        let operator = client
            .company
            .add_operator(&account, &account, crate::support::PASSWORD, false)
            .await
            .unwrap();
        let patch =
            json!({ "employee": { "id": employee }, "allowedSystems": ["SALES", "SERVICE"] });
        client.update("Operator", &operator.to_string(), patch).await;
        let mut roles: Vec<_> = (0..3).filter(|_| random.chance(55)).collect();
        if roles.is_empty() {
            roles.push(random.below(3));
        }
        // Roles that wall each other off are not held together: what was drawn first stays.
        let lines = |role: usize| world.roles[role].lines.clone();
        let first = roles.iter().map(|role| lines(*role)).find(|lines| !lines.is_empty());
        roles.retain(|role| {
            let (first, own) = (first.clone().unwrap_or_default(), lines(*role));
            first.is_empty() || own.is_empty() || own.iter().any(|line| first.contains(line))
        });
        let groups =
            random.chance(60).then(|| (0..2).filter(|_| random.chance(50)).collect::<Vec<usize>>());
        let reach = random
            .pick(&[Reach::None, Reach::Own, Reach::Below, Reach::Set, Reach::Set, Reach::All])
            .clone();
        let ticked: Vec<_> = (0..6).filter(|_| random.chance(30)).collect();
        let codes: Vec<_> = roles.iter().map(|role| world.roles[*role].code.clone()).collect();
        let give = "mutation($a: String!, $r: [String!]!, $l: ReachLevel!, $v: [String!]!) {
            assignRoles(account: $a, roles: $r) { roles }
            setReach(account: $a, dimension: \"DEPARTMENT\", level: $l, values: $v) }";
        // What is ticked is of no account where the level is one's own, and refused.
        let ticked: Vec<_> = ticked.into_iter().filter(|_| reach != Reach::Own).collect();
        let values: Vec<_> = ticked.iter().map(|at| world.departments[*at].clone()).collect();
        let level = format!("{reach:?}").to_uppercase();
        client.metadata(give, json!({ "a": account, "r": codes, "l": level, "v": values })).await;
        if let Some(groups) = &groups {
            let values: Vec<_> = groups.iter().map(|at| world.groups[*at].clone()).collect();
            let set = "mutation($a: String!, $v: [String!]!) { setReach(account: $a, dimension: \"CUSTOMER\", level: SET, values: $v) }";
            client.metadata(set, json!({ "a": account, "v": values })).await;
        }
        world.people.push(Person { account, department, roles, reach, ticked, groups });
    }
    records(client, random, &mut world).await;
    switches(client, random, &mut world).await;
    world
}

/// What the company switches off, and who stands in for whom.
async fn switches(client: &Client, random: &mut Random, world: &mut World) {
    for object in OBJECTS {
        if random.chance(4) {
            world.uncontrolled.push(object);
            let set =
                "mutation($o: String!) { setControlled(object: $o, controlled: false) { object } }";
            client.metadata(set, json!({ "o": object })).await;
        }
        let customer = if object == "Loan" { "customer" } else { "CUSTOMER" };
        for dimension in ["DEPARTMENT", customer] {
            if random.chance(12) {
                world.switched_off.push((object, dimension));
                let set = "mutation($o: String!, $d: String!) { setDimensionControl(object: $o, dimension: $d, actions: [EDIT]) { object } }";
                client.metadata(set, json!({ "o": object, "d": dimension })).await;
            }
        }
    }
    for _ in 0..random.below(3) {
        let (from, to) = (random.below(4), random.below(4));
        if from == to {
            continue;
        }
        let later = random.chance(25);
        let since = if later { json!("2026-07-01T00:00:00Z") } else { Value::Null };
        let query = "mutation($f: ID!, $t: ID!, $s: DateTime) { delegate(from: $f, to: $t, since: $s, until: \"2026-08-01T00:00:00Z\") { id } }";
        let employee = |at: usize| &world.ids[&format!("p{at}")];
        let asked = json!({ "f": employee(from), "t": employee(to), "s": since });
        client.metadata(query, asked).await;
        if !later {
            world.stand_ins.push((from, to));
        }
    }
}

async fn records(client: &Client, random: &mut Random, world: &mut World) {
    let mut customers = Vec::new();
    let category = client.create("ItemCategory", json!({ "code": "X", "name": "X" })).await;
    let item = json!({ "code": "I", "name": "I", "unit": "KG", "category": { "id": category } });
    let item = client.create("InventoryItem", item).await;
    for object in OBJECTS {
        let count = 8;
        for at in 0..count {
            let department = random.below(6);
            let owner = random.chance(70).then(|| random.below(4));
            let mut employees: Vec<(usize, bool)> = Vec::new();
            let mut rows = Vec::new();
            for _ in 0..random.below(3) {
                let (who, responsible, over) =
                    (random.below(4), random.chance(50), random.chance(20));
                let until = if over { json!("2026-06-01T00:00:00Z") } else { Value::Null };
                rows.push(json!({ "employee": { "id": world.ids[&format!("p{who}")] }, "isResponsible": responsible, "until": until }));
                if !over {
                    employees.push((who, responsible));
                }
            }
            let customer = (!customers.is_empty()).then(|| *random.pick(&customers));
            let customer = customer.filter(|_| object != "Activity" || random.chance(70));
            let link = |id: &str| json!({ "id": id });
            let mut input = json!({ "relatedEmployees": { "create": rows } });
            if object != "Contact" {
                input["department"] = link(&world.departments[department]);
            }
            if let Some(customer) = customer.filter(|_| object != "Customer") {
                let customer: &Record = &world.records[customer];
                input["customer"] = link(&customer.id);
            }
            let mut owner = owner;
            let group = (object == "Customer" && random.chance(70)).then(|| random.below(2));
            if let Some(group) = group {
                input["permissionGroup"] = link(&world.groups[group]);
            }
            match object {
                "Customer" => {
                    input["code"] = json!(format!("C{at}"));
                    input["name"] = json!(format!("客户{at}"));
                }
                "Contact" => {
                    input["name"] = json!(format!("联系人{at}"));
                    input["mobile"] = json!(mobile(at));
                    owner = None;
                }
                "SalesOrder" => {
                    let line = json!({ "item": { "id": item }, "quantity": 2, "unit": UNIT, "price": PRICE });
                    input["lines"] = json!({ "create": [line] });
                }
                "Activity" => {
                    input["subject"] = json!(format!("拜访{at}"));
                    owner = Some(owner.unwrap_or(0));
                }
                _ => input["terms"] = json!({ "note": TERMS, "days": at }),
            }
            if let Some(owner) = owner {
                let field = if object == "Activity" { "employee" } else { "owner" };
                input[field] = link(&world.ids[&format!("p{owner}")]);
                employees.push((owner, true));
            }
            let id = client.create(object, input).await;
            if object == "Customer" {
                customers.push(world.records.len());
            }
            let department = (object != "Contact").then_some(department);
            let customer = customer.filter(|_| object != "Customer");
            world.records.push(Record { object, id, department, customer, group, employees });
        }
    }
}

/// A contact's number.
pub(crate) fn mobile(at: usize) -> String {
    format!("1380000{at}51{at}6")
}

/// What is in each line.
pub(crate) const UNIT: &str = "二十五公斤纸袋";
const PRICE: &str = "19.90";
/// What is agreed of each loan.
pub(crate) const TERMS: &str = "甲方承担运费至天津港";

pub(crate) fn worlds() -> u64 {
    setting("TRADEWIND_WORLDS").map_or(3, |count| count.parse().unwrap())
}

/// A list in the order records were made is the same list, whichever end it is read from.
async fn in_the_order_made(poster: &Poster, plural: &str, expected: &HashSet<String>) {
    let mut ways = Vec::new();
    for (order, given, next, more, end) in [
        ("DESC", "first", "after", "hasNextPage", "endCursor"),
        ("ASC", "last", "before", "hasPreviousPage", "startCursor"),
    ] {
        let (mut read, mut place) = (Vec::new(), String::new());
        loop {
            let query = format!(
                "{{ {plural}({given}: 3, orderBy: [{{createdAt: {order}}}], filter: {{createdAt: {{gte: \"2000-01-01T00:00:00Z\"}}}}{place}) {{ nodes {{ id createdAt }} pageInfo {{ {more} {end} }} }} }}"
            );
            let page = poster.ask(&query, json!({})).await.data()[plural].clone();
            let node = |node: &Value| (node["createdAt"].to_string(), node["id"].to_string());
            let mut nodes: Vec<_> = page["nodes"].as_array().unwrap().iter().map(node).collect();
            if given == "last" {
                nodes.reverse();
            }
            read.extend(nodes);
            if page["pageInfo"][more] == false {
                break;
            }
            place = format!(", {next}: {}", page["pageInfo"][end]);
        }
        ways.push(read);
    }
    let mut sorted = ways[0].clone();
    sorted.sort();
    sorted.reverse();
    assert_eq!(ways[0], sorted, "{plural}");
    assert_eq!(ways[0], ways[1], "{plural}");
    let ids: HashSet<_> = sorted.iter().map(|(_, id)| id.trim_matches('"').to_owned()).collect();
    assert_eq!((&ids, sorted.len()), (expected, expected.len()), "{plural}");
}

/// Each field that roles say something of is seen as they say, on every record.
async fn fields_agree(poster: &Poster, world: &World, who: usize, object: &str, plural: &str) {
    for (_, of, field) in FIELDS.into_iter().filter(|(opened, ..)| *opened == object) {
        let what = selected(object, of, field);
        let query = format!("{{ {plural} {{ nodes {{ id {what} }} }} }}");
        let answer = poster.ask(&query, json!({})).await;
        if !world.exists(who, object, (of, field)) {
            assert_eq!(answer.codes(), ["INPUT_INVALID"], "{:?} {field}", world.people[who]);
            continue;
        }
        let data = answer.data();
        for node in data[plural].as_object().unwrap()["nodes"].as_array().unwrap() {
            let place = world.records.iter().position(|record| node["id"] == record.id).unwrap();
            let record = &world.records[place];
            let (value, told) = match field {
                "mobile" => {
                    let first = world.records.iter().position(|one| one.object == object).unwrap();
                    (mobile(place - first), &node["mobile"])
                }
                "unit" => (UNIT.to_owned(), &node["lines"][0]["unit"]),
                "terms.note" => (TERMS.to_owned(), &node["terms"]["note"]),
                _ => (PRICE.to_owned(), &node["lines"][0]["price"]),
            };
            let seen = world.seen(who, record, (of, field), &value);
            assert_eq!(
                told.as_str().map(str::to_owned),
                seen.of(&value),
                "{:?} sees {field} of {record:?}; roles {:#?}",
                world.people[who],
                world.roles
            );
        }
    }
}

/// List, count, one record and explanation say what the model says, for everyone and every record.
async fn agree(client: &Client, world: &World) -> usize {
    let mut cases = 0;
    for (who, person) in world.people.iter().enumerate() {
        let poster = client.poster_of(&person.account).await;
        for (object, plural) in OBJECTS.iter().zip(PLURALS) {
            let of_object: Vec<_> =
                world.records.iter().filter(|record| record.object == *object).collect();
            let expected: HashSet<_> = of_object
                .iter()
                .filter(|record| world.allows(who, record))
                .map(|record| record.id.clone())
                .collect();
            let answer = poster
                .ask(
                    &format!("{{ {plural} {{ totalCount nodes {{ id _can {{ edit }} }} }} }}"),
                    json!({}),
                )
                .await;
            if !world.may(who, object) {
                assert_eq!(answer.codes(), ["INPUT_INVALID"], "{person:?} {object}");
                assert!(expected.is_empty());
                continue;
            }
            let data = answer.data();
            let listed: HashSet<_> = data[plural]["nodes"]
                .as_array()
                .unwrap()
                .iter()
                .map(|node| node["id"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(listed, expected, "{person:?} sees of {object}; roles {:#?}", world.roles);
            assert_eq!(data[plural]["totalCount"], expected.len());
            in_the_order_made(&poster, plural, &expected).await;
            fields_agree(&poster, world, who, object, plural).await;
            let nodes = data[plural]["nodes"].as_array().unwrap();
            for (record, node) in of_object
                .iter()
                .filter_map(|record| Some((record, nodes.iter().find(|n| n["id"] == record.id)?)))
            {
                let edits = world.opens(who, record, "edit");
                assert_eq!(node["_can"]["edit"], edits, "{person:?} edits {record:?}");
            }
            // A change is taken where it may be read and changed, and is one of nothing that counts.
            let field = if *object == "Activity" { "subject" } else { "remark" };
            for record in of_object.iter().filter(|_| cases % 5 == 0) {
                let patch = format!(
                    "mutation {{ update{object}(id: \"{}\", patch: {{{field}: \"x\"}}) {{ record {{ id }} userErrors {{ code }} }} }}",
                    record.id
                );
                let done = poster.ask(&patch, json!({})).await.body;
                let done = done["data"][format!("update{object}")]["record"].is_object();
                let may = expected.contains(&record.id) && world.opens(who, record, "edit");
                assert_eq!(done, may, "{person:?} changes {record:?}");
            }
            for record in of_object {
                let asked = format!(
                    "{{ explainAccess(account: \"{}\", object: \"{object}\", id: \"{}\", action: READ) {{ allowed }} }}",
                    person.account, record.id
                );
                let explained = client.metadata(&asked, json!({})).await;
                assert_eq!(
                    explained["explainAccess"]["allowed"],
                    expected.contains(&record.id),
                    "{person:?} {record:?}"
                );
                cases += 1;
            }
        }
    }
    cases
}

/// In some worlds nobody may do anything, but not in most.
fn told(cases: usize) {
    eprintln!("{cases} records were listed, counted, read and explained alike");
    assert!(cases as u64 > 10 * worlds(), "{cases}");
}

#[tokio::test]
async fn the_compiled_rule_agrees_with_the_model_on_sqlite() {
    let mut cases = 0;
    for seed in 0..worlds() {
        let client = Client::sqlite().await;
        let world = company(&client, &mut Random(seed)).await;
        cases += agree(&client, &world).await;
    }
    told(cases);
}

#[tokio::test]
async fn the_compiled_rule_agrees_with_the_model_on_postgres() {
    let mut cases = 0;
    for seed in 1000..1000 + worlds() {
        let Some(client) = Client::postgres().await else { return };
        let world = company(&client, &mut Random(seed)).await;
        cases += agree(&client, &world).await;
    }
    told(cases);
}
