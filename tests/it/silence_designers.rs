//! A property of definitions over random companies: whoever defines objects learns nothing of what they may not see.
//!
//! Two databases differ in nothing but what is hidden from a person who may define objects. Both are given the same
//! random definitions, and asked the same of them: every answer is the same, byte for byte.
//!
//! `TRADEWIND_WORLDS=200 TRADEWIND_ASKS=400 cargo test --test it silence` runs longer.

use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use serde_json::{Value, json};

use crate::{
    agreement::{Random, company, mobile, worlds},
    silence::copied,
    support::{
        Client, Poster, open_copy_as,
        rule::{Seen, World},
        setting,
    },
};

/// What the designer may make and change; it has no rules yet.
const DRAFT: &str = "type Draft @object(kind: MASTER, label: \"草稿\", plural: \"drafts\") {
  code: String! @field(label: \"编码\")
  amount: Int @field(label: \"数\")
  customer: Customer @field(label: \"客户\")
  contact: Contact @field(label: \"联系人\")
  order: SalesOrder @field(label: \"订单\")
}";

const ROLE: &str = "code = \"drafts\"\nlabel = \"x\"\nlabel_en = \"x\"\n[[grants]]\nobjects = [\"Draft\"]\nactions = [\"read\", \"create\", \"edit\", \"delete\"]\nopen = true\n";

/// Writes random definitions, and questions about what came of them.
struct Designer<'w> {
    world: &'w World,
    random: &'w mut Random,
    /// Rules read what is stored of contacts. That such a rule does not hold is told of a save, in one text, and
    /// counted; so that contacts are then given in trials only.
    strict: bool,
    /// Fields that were defined, by their object.
    fields: Vec<(&'static str, String)>,
    number: usize,
}

impl Designer<'_> {
    /// A text, with the fields it defines.
    fn definition(&mut self) -> (String, Vec<(&'static str, String)>) {
        self.number += 1;
        let (name, some) = (format!("f{}", self.number), self.random.below(8));
        let extend = |object: &'static str, ty: &str, said: &str| {
            (
                format!("extend type {object} {{ {name}: {ty} {said} }}"),
                vec![(object, name.clone())],
            )
        };
        let other = *self.random.pick(&["Contact", "SalesOrder", "Activity", "Loan", "Customer"]);
        match self.random.below(15) {
            0 => {
                let mut read = vec!["customer.name", "customer.phone", "customer.owner.name"];
                read.extend(["order.customer.name", "order.number", "contact.customer.code"]);
                read.extend(["contact.name", "contact.mobile"]);
                let read = *self.random.pick(&read);
                extend("Draft", "String", &format!("@field(default: \"{read}\")"))
            }
            1 => {
                let rule = match self.random.below(3) {
                    0 => format!("customer.code != 'C{some}' || {name} > 2"),
                    1 => format!("customer.name != '客户{some}' || {name} > 2"),
                    _ => format!("customer.department.code != 'D{some}' || {name} < 2"),
                };
                extend("Draft", "Int", &format!("@field(check: \"{rule}\", default: \"amount\")"))
            }
            2 if self.strict => {
                let rule = match self.random.below(3) {
                    0 => format!("contact.mobile != '{}' || amount > 2", mobile(some)),
                    1 => format!("contact.customer.code != 'C{some}' || amount > 2"),
                    _ => format!("order.customer.name != '客户{some}' || amount > 2"),
                };
                let text = format!(
                    "extend type Draft @check(expr: \"{rule}\", message: \"m{some}\") {{ {name}: Int }}"
                );
                (text, vec![("Draft", name)])
            }
            2 | 3 => {
                let text = format!(
                    "extend type Draft @check(expr: \"customer.phone != '{some}' && amount != {some}\", message: \"m\") {{ {name}: Int }}"
                );
                (text, vec![("Draft", name)])
            }
            4 => extend("Draft", "Int", "@formula(expr: \"amount * 2\")"),
            5 => extend("Customer", "String", "@formula(expr: \"name + code\")"),
            6 => extend("Contact", "String", "@formula(expr: \"mobile + '!'\")"),
            7 => {
                let inverse = format!("@relation(inverse: \"{name}s\")");
                let (text, mut fields) = extend("Draft", other, &inverse);
                let listed = format!("{name}s {{ totalCount nodes {{ code amount }} }}");
                if matches!(other, "Contact" | "Customer") {
                    fields.push((other, listed));
                }
                fields[0].1 = format!("{name} {{ __typename }}");
                (text, fields)
            }
            8 => {
                let fields = *self.random.pick(&["phone", "name", "owner"]);
                let object = *self.random.pick(&["Customer", "Draft"]);
                let fields = if object == "Draft" { "amount" } else { fields };
                (
                    format!(
                        "extend type {object} @unique(fields: [\"{fields}\"]) {{ {name}: Int }}"
                    ),
                    vec![],
                )
            }
            9 => {
                let text = match self.random.below(3) {
                    0 => "extend type Customer @dimension(name: LEVEL, path: \"level\")".to_owned(),
                    1 => format!("extend type Draft {{ {name}: Customer @relation(parent: true) }}"),
                    _ => "extend type Draft @responsible @dimension(name: DEPARTMENT, path: \"customer.department\")".to_owned(),
                };
                (text, vec![])
            }
            10 => {
                let text = format!(
                    "type New{name} @object(kind: MASTER, label: \"x\", plural: \"new{name}s\") {{ customer: {other} @relation(inverse: \"{name}s\") title: String }}"
                );
                (text, vec![])
            }
            11 => extend("Draft", "String!", "@field(default: \"customer.code\")"),
            12 => {
                let (rule, also) = (self.condition(), self.condition());
                let way = match self.random.below(3) {
                    0 => format!("requiredWhen: \"{rule}\""),
                    1 => format!("readOnlyWhen: \"{rule}\", default: \"amount\""),
                    _ => format!("requiredWhen: \"{rule}\", visibleWhen: \"{also}\""),
                };
                extend("Draft", "Int", &format!("@field({way})"))
            }
            13 => {
                let choose = match self.random.below(3) {
                    0 => format!("{name}.customer == customer"),
                    1 if self.strict => format!("{name}.mobile != '{}'", mobile(some)),
                    _ => format!("{name}.customer.code != 'C{some}' || amount > 2"),
                };
                let relation = format!("@relation(choose: \"{choose}\")");
                let (text, mut fields) = extend("Draft", "Contact", &relation);
                fields[0].1 = format!("{name} {{ __typename }}");
                (text, fields)
            }
            _ => extend("SalesOrder", "String", "@field(default: \"customer.phone\")"),
        }
    }

    /// A condition on a field of a draft.
    fn condition(&mut self) -> String {
        let some = self.random.below(8);
        match self.random.below(5) {
            0 => format!("customer.code == 'C{some}'"),
            1 => format!("customer.name != '客户{some}'"),
            2 => format!("customer.department.code != 'D{some}'"),
            3 if self.strict => format!("contact.mobile != '{}'", mobile(some)),
            _ => format!("amount > {some}"),
        }
    }

    /// Candidates of some relation of a draft.
    fn candidates(&mut self) -> String {
        let own = self.fields.iter().filter(|(of, _)| *of == "Draft");
        let own = own.filter_map(|(_, field)| field.strip_suffix(" { __typename }"));
        let fields: Vec<_> = own.chain(["contact", "customer"]).map(str::to_owned).collect();
        let field = self.random.pick(&fields).clone();
        let customer = self.id("Customer");
        format!(
            "{{ candidates(object: \"Draft\", field: \"{field}\", draft: {{amount: {}, customer: {{id: \"{customer}\"}}}}) {{ text detail }} }}",
            self.random.below(5)
        )
    }

    fn id(&mut self, object: &str) -> String {
        let of = self.world.records.iter().filter(|record| record.object == object);
        let ids: Vec<_> = of.map(|record| &record.id).collect();
        (*self.random.pick(&ids)).clone()
    }

    fn selected(&mut self, object: &str) -> String {
        let fields: Vec<_> = self.fields.iter().filter(|(of, _)| *of == object).collect();
        let mut text = String::new();
        for (_, field) in fields {
            if self.random.chance(60) {
                text += &format!(" {field}");
            }
        }
        text
    }

    fn record(&mut self) -> String {
        let (own, of_customer, of_contact) =
            (self.selected("Draft"), self.selected("Customer"), self.selected("Contact"));
        format!(
            "code amount{own} customer {{ code{of_customer} }} contact {{ name{of_contact} }} order {{ number }}"
        )
    }

    fn question(&mut self) -> (&'static str, String) {
        let told = "userErrors { code path message hint }";
        let mut given = format!("amount: {}", self.random.below(9));
        if self.random.chance(70) {
            given += &format!(", customer: {{id: \"{}\"}}", self.id("Customer"));
        }
        let trial = self.random.chance(50);
        if trial || !self.strict {
            for (field, object) in [("contact", "Contact"), ("order", "SalesOrder")] {
                if self.random.chance(50) {
                    given += &format!(", {field}: {{id: \"{}\"}}", self.id(object));
                }
            }
        }
        let text = match self.random.below(8) {
            0..3 if trial => {
                let code = self.random.below(8);
                format!(
                    "mutation {{ updateDrafts(filter: {{code: {{eq: \"k{code}\"}}}}, patch: {{{given}}}, atMost: 9, dryRun: true) {{ count {told} }} }}"
                )
            }
            0..3 => {
                let record = self.record();
                format!(
                    "mutation {{ createDraft(input: {{code: \"n\", {given}}}) {{ record {{ {record} }} {told} }} }}"
                )
            }
            3 => {
                let record = self.record();
                format!(
                    "{{ drafts(orderBy: [{{code: ASC}}, {{amount: ASC}}, {{createdAt: ASC}}]) {{ totalCount nodes {{ {record} }} }} }}"
                )
            }
            4 => {
                let (of_customer, of_contact) =
                    (self.selected("Customer"), self.selected("Contact"));
                format!(
                    "{{ customers(orderBy: [{{code: ASC}}]) {{ totalCount nodes {{ code{of_customer} contacts(orderBy: [{{name: ASC}}]) {{ nodes {{ name{of_contact} }} }} }} }} }}"
                )
            }
            5 => {
                let record = self.record();
                format!(
                    "{{ draftDraft(patch: {{code: \"n\", {given}}}) {{ record {{ {record} }} states {{ path visible required readOnly }} {told} }} }}"
                )
            }
            6 => self.candidates(),
            _ => {
                let query = "{ version objects { name recordCount fields { name required writable requiredWhen visibleWhen readOnlyWhen } } }";
                return ("/metadata", query.to_owned());
            }
        };
        ("/graphql", text)
    }
}

/// Other values in everything that is hidden from a person, so that they see no difference.
async fn disguise(url: &str, world: &World, who: usize) {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let connection = Database::connect(options).await.unwrap();
    let first = world.records.iter().position(|record| record.object == "Contact").unwrap();
    for (at, record) in world.records.iter().enumerate() {
        let id = &record.id;
        let put = match record.object {
            "Contact" if world.allows(who, record) => {
                // As long, and alike in what a mask leaves of it.
                let number = mobile(at - first);
                let begins = number.get(..1).unwrap();
                let ends = number.get(number.len() - 4..).unwrap();
                let other = match world.seen(who, record, ("Contact", "mobile"), &number) {
                    Seen::End => format!("{}{ends}", "9".repeat(number.len() - 4)),
                    Seen::Start => format!("{begins}{}", "7".repeat(number.len() - 1)),
                    Seen::Stars | Seen::Hidden => "9".repeat(number.len()),
                    Seen::Shown => continue,
                };
                format!("UPDATE contact SET mobile = '{other}' WHERE id = '{id}'")
            }
            _ if world.allows(who, record) => continue,
            "Customer" => format!(
                "UPDATE customer SET code = 'H{at}', name = '隐{at}', phone = '022-1234567{}', credit_limit = {at} WHERE id = '{id}'",
                at % 2
            ),
            "Contact" => format!(
                "UPDATE contact SET name = '隐{at}', mobile = '99999999999' WHERE id = '{id}'"
            ),
            "SalesOrder" => format!("UPDATE sales_order SET number = 'H{at}' WHERE id = '{id}'"),
            "Activity" => format!("UPDATE activity SET subject = '隐{at}' WHERE id = '{id}'"),
            _ => format!("UPDATE x_loan SET remark = '隐{at}' WHERE id = '{id}'"),
        };
        connection.execute_unprepared(&put).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// Drafts of others, about what is seen and what is hidden, and who is to define more of them.
async fn prepare(client: &Client, world: &World, who: usize, random: &mut Random) {
    assert_eq!(client.apply(DRAFT, false).await["diagnostics"], json!([]));
    let save = "mutation($d: String!) { saveRole(definition: $d) { code } }";
    client.metadata(save, json!({ "d": ROLE })).await;
    let person = &world.people[who];
    let mut roles: Vec<_> =
        person.roles.iter().map(|role| world.roles[*role].code.clone()).collect();
    roles.extend(["drafts".to_owned(), "designer".to_owned()]);
    let assign =
        "mutation($a: String!, $r: [String!]!) { assignRoles(account: $a, roles: $r) { roles } }";
    client.metadata(assign, json!({ "a": person.account, "r": roles })).await;
    for at in 0..8 {
        let mut input = json!({ "code": format!("k{at}"), "amount": at });
        for (field, object) in
            [("customer", "Customer"), ("contact", "Contact"), ("order", "SalesOrder")]
        {
            let of = world.records.iter().filter(|record| record.object == object);
            let ids: Vec<_> = of.map(|record| &record.id).collect();
            input[field] = json!({ "id": *random.pick(&ids) });
        }
        client.create("Draft", input).await;
    }
}

const APPLY: &str = "mutation($sdl: String!, $dry: Boolean!) { applySchema(sdl: $sdl, dryRun: $dry) {
    version changes { kind object field risk reason } diagnostics { code path line column message hint }
    warnings { code message path } impact { account lost } impactSwitchedOn { account lost } } }";

async fn both(posters: [&Poster; 2], path: &str, body: &Value) -> [Value; 2] {
    let [one, other] = posters;
    [one.post(path, body.clone()).await.body, other.post(path, body.clone()).await.body]
}

#[tokio::test]
async fn silence_is_kept_before_designers() {
    let (mut cases, mut applied) = (0, 0);
    let asks = setting("TRADEWIND_ASKS").map_or(40, |count| count.parse().unwrap());
    for seed in 0..worlds() {
        let mut random = Random(seed ^ 0xDE51);
        let client = Client::sqlite().await;
        let world = company(&client, &mut random).await;
        let who = random.below(world.people.len());
        prepare(&client, &world, who, &mut random).await;
        let Some(copy) = copied(&client).await else { return };
        disguise(&copy.url(), &world, who).await;
        let account = &world.people[who].account;
        let one = client.poster_of(account).await;
        let other = open_copy_as(&copy, &client.world, account).await;
        let strict = seed % 2 == 1;
        let mut designer =
            Designer { world: &world, random: &mut random, strict, fields: Vec::new(), number: 0 };
        for _ in 0..asks {
            if designer.random.chance(35) {
                let (sdl, fields) = designer.definition();
                let dry = designer.random.chance(25);
                let body = json!({ "query": APPLY, "variables": { "sdl": sdl, "dry": dry } });
                let [here, there] = both([&one, &other], "/metadata", &body).await;
                assert_eq!(here, there, "seed {seed}\n{sdl}");
                let payload = &here["data"]["applySchema"];
                if payload["diagnostics"] == json!([]) && !dry {
                    designer.fields.extend(fields);
                    applied += 1;
                }
            } else {
                let (path, query) = designer.question();
                let body = json!({ "query": query });
                let [here, there] = both([&one, &other], path, &body).await;
                assert_eq!(here.to_string(), there.to_string(), "seed {seed}, {account}\n{query}");
            }
            cases += 1;
        }
    }
    eprintln!("{cases} cases, {applied} definitions applied");
    assert!(applied > 10, "{applied}");
}
