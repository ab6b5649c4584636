//! A property of rights over random companies: what someone may not see leaves no trace in any answer.
//!
//! A person's answer is, byte for byte, that of an all-seeing one on the database cut down to what the person
//! may see, counts, cursors and errors included.
//!
//! `TRADEWIND_WORLDS=200 TRADEWIND_ASKS=400 cargo test --test it silence` runs longer than the few worlds, and
//! the few questions of each person, of every run.

use std::collections::HashMap;

use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use serde_json::json;

use crate::{
    agreement::{FIELDS, OBJECTS, PLURALS, Random, TERMS, UNIT, company, mobile, selected, worlds},
    support::{
        Client, TestDatabase, open_copy,
        rule::{Seen, World},
        setting,
    },
};

/// Values that are computed of related records when they are read.
const PATRONS: &str = "extend type Contact { patron: String @formula(expr: \"customer.code + '/' + name\", stored: false) }
extend type SalesOrder { patron: String @formula(expr: \"customer.owner.code + '/' + customer.code\", stored: false) }";

/// Loans are about a record of one of several objects.
const ABOUT: &str = "union LoanAbout = Contact | SalesOrder | Activity
extend type Loan { about: LoanAbout @relation(inverse: \"loansAbout\") }";

/// What a loan may be about, and the part of the union that stands for it.
const UNITED: [(&str, &str); 3] =
    [("contact", "Contact"), ("salesOrder", "SalesOrder"), ("activity", "Activity")];

/// Writes random queries over what a person's schema has.
struct Asker<'w> {
    world: &'w World,
    who: usize,
    random: &'w mut Random,
}

impl Asker<'_> {
    fn may(&self, object: &str) -> bool {
        matches!(object, "Department" | "Employee") || self.world.may(self.who, object)
    }

    /// Relations of an object to one, and to many, that the person's schema has.
    fn relations(
        &self,
        object: &str,
    ) -> (Vec<(&'static str, &'static str)>, Vec<(&'static str, &'static str)>) {
        let (one, many): (&[_], &[_]) = match object {
            "Customer" => (
                &[("department", "Department"), ("owner", "Employee")],
                &[
                    ("contacts", "Contact"),
                    ("orders", "SalesOrder"),
                    ("activities", "Activity"),
                    ("loans", "Loan"),
                ],
            ),
            "Loan" => (
                &[("customer", "Customer"), ("department", "Department"), ("owner", "Employee")],
                &[],
            ),
            "Contact" => (&[("customer", "Customer")], &[("loansAbout", "Loan")]),
            "SalesOrder" => (
                &[("customer", "Customer"), ("department", "Department"), ("owner", "Employee")],
                &[("loansAbout", "Loan")],
            ),
            "Activity" => (
                &[("customer", "Customer"), ("department", "Department"), ("employee", "Employee")],
                &[("loansAbout", "Loan")],
            ),
            "Department" => (
                &[("parent", "Department")],
                &[("customers", "Customer"), ("orders", "SalesOrder"), ("activities", "Activity")],
            ),
            _ => (
                &[("department", "Department")],
                &[("customers", "Customer"), ("orders", "SalesOrder"), ("activities", "Activity")],
            ),
        };
        let seen = |all: &[(&'static str, &'static str)]| {
            all.iter().copied().filter(|(_, to)| self.may(to)).collect()
        };
        (seen(one), seen(many))
    }

    /// What of the union of loans the person's schema has.
    fn united(&self, object: &str) -> Vec<(&'static str, &'static str)> {
        UNITED.into_iter().filter(|(_, to)| object == "Loan" && self.may(to)).collect()
    }

    fn leaf(object: &str) -> &'static str {
        match object {
            "Contact" => "name",
            "SalesOrder" | "Loan" => "number",
            "Activity" => "subject",
            _ => "code",
        }
    }

    /// A text to filter, order and group by: one of the record, or computed of its customer.
    fn text(&mut self, object: &str) -> &'static str {
        let computed = matches!(object, "Contact" | "SalesOrder") && self.may("Customer");
        if computed && self.random.chance(40) { "patron" } else { Self::leaf(object) }
    }

    fn selection(&mut self, object: &str, depth: usize) -> String {
        let mut text = format!("id {}", Self::leaf(object));
        if self.text(object) == "patron" {
            text += " patron";
        }
        for (_, of, field) in FIELDS.into_iter().filter(|(opened, ..)| *opened == object) {
            if self.random.chance(30) && self.world.exists(self.who, object, (of, field)) {
                text += &format!(" {}", selected(object, of, field));
            }
        }
        if object == "Loan" && self.random.chance(40) {
            text += " terms { __typename days }";
        }
        if depth == 0 {
            return text;
        }
        let (one, many) = self.relations(object);
        for (field, to) in one {
            if self.random.chance(50) {
                text += &format!(" {field} {{ {} }}", self.selection(to, depth - 1));
            }
        }
        let united = self.united(object);
        if !united.is_empty() && self.random.chance(60) {
            text += " about { kind: __typename ... on Node { id }";
            for (_, to) in united {
                if self.random.chance(60) {
                    text += &format!(" ... on {to} {{ {} }}", Self::leaf(to));
                }
            }
            text += " }";
        }
        for (field, to) in many {
            if self.random.chance(35) {
                text += &format!(
                    " {field}{} {{ {} }}",
                    self.arguments(to),
                    self.connection(to, depth - 1)
                );
            }
            if self.random.chance(25) {
                text += &format!(" {field}{}", self.aggregate(to));
            }
        }
        text
    }

    fn connection(&mut self, object: &str, depth: usize) -> String {
        let count = if self.random.chance(60) { "totalCount " } else { "" };
        let info =
            if self.random.chance(40) { " pageInfo { hasNextPage hasPreviousPage }" } else { "" };
        format!("{count}nodes {{ {} }}{info}", self.selection(object, depth))
    }

    /// `Aggregate(groupBy: [{owner: {code: true}}], …) { key { owner { code } } count … }`.
    fn aggregate(&mut self, object: &str) -> String {
        let (one, _) = self.relations(object);
        let (mut by, mut key) = (Vec::new(), String::new());
        for (field, to) in &one {
            if self.random.chance(40) {
                let leaf = if self.random.chance(50) { "id" } else { Self::leaf(to) };
                by.push(format!("{{{field}: {{{leaf}: true}}}}"));
                key += &format!(" {field} {{ {leaf} }}");
            }
        }
        if self.text(object) == "patron" {
            by.push("{patron: true}".to_owned());
            key += " patron";
        }
        if self.random.chance(30) {
            by.push("{createdAt: MONTH}".to_owned());
            key += " createdAt";
        }
        let mut given = Vec::new();
        if !by.is_empty() {
            given.push(format!("groupBy: [{}]", by.join(", ")));
            key = format!("key {{{key} }} ");
        }
        if self.random.chance(40) {
            given.push(format!("filter: {}", self.filter(object, 2)));
        }
        if self.random.chance(30) {
            given.push(format!("having: {{count: {{gte: {}}}}}", self.random.below(4)));
        }
        if self.random.chance(40) {
            given.push("orderBy: [{count: DESC}]".to_owned());
        }
        if self.random.chance(30) {
            given.push(format!("first: {}", self.random.below(4)));
        }
        let told: Vec<_> = one.iter().map(|(field, _)| *field).collect();
        let mut told = format!("countDistinct {{ {} {} }}", Self::leaf(object), told.join(" "));
        if self.random.chance(40) {
            told += " drill";
        }
        if self.random.chance(30) {
            let (order, first) = (self.order(object, 1), self.random.below(4));
            let what = self.selection(object, 1);
            told += &format!(" top(orderBy: [{order}], first: {first}) {{ {what} }}");
        }
        let given =
            if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
        format!("Aggregate{given} {{ {key}count {told} }}")
    }

    fn arguments(&mut self, object: &str) -> String {
        let mut given = Vec::new();
        if self.random.chance(60) {
            given.push(format!("filter: {}", self.filter(object, 2)));
        }
        // What is masked is not searched, and in the database that is cut down the mask stands in its place.
        let searched = object == "Customer"
            || object == "Contact" && self.world.plain(self.who, object, ("Contact", "mobile"));
        if searched && self.random.chance(20) {
            given.push(format!("search: \"{}\"", self.random.below(8)));
        }
        if self.random.chance(60) {
            let order = self.order(object, 2);
            given.push(format!("orderBy: [{order}]"));
        }
        if self.random.chance(50) {
            let side = if self.random.chance(50) { "first" } else { "last" };
            given.push(format!("{side}: {}", self.random.below(5)));
        }
        if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) }
    }

    fn order(&mut self, object: &str, depth: usize) -> String {
        let (one, _) = self.relations(object);
        let united = self.united(object);
        if depth > 0 && !united.is_empty() && self.random.chance(30) {
            let (part, to) = *self.random.pick(&united);
            return format!("{{about: {{{part}: {}}}}}", self.order(to, depth - 1));
        }
        if depth > 0 && !one.is_empty() && self.random.chance(50) {
            let (field, to) = *self.random.pick(&one);
            return format!("{{{field}: {}}}", self.order(to, depth - 1));
        }
        let way = if self.random.chance(50) { "ASC" } else { "DESC" };
        if object == "Loan" && self.random.chance(40) {
            return format!("{{terms: {{days: {way}}}}}");
        }
        format!("{{{}: {way}}}", self.text(object))
    }

    /// The id of some record of an object, whether the person sees it or not.
    fn id(&mut self, object: &str) -> String {
        let world = self.world;
        let mut ids: Vec<&String> = match object {
            "Department" => world.departments.iter().collect(),
            "Employee" => world.ids.values().collect(),
            object => {
                let of = world.records.iter().filter(|record| record.object == object);
                of.map(|record| &record.id).collect()
            }
        };
        ids.sort();
        (*self.random.pick(&ids)).clone()
    }

    fn filter(&mut self, object: &str, depth: usize) -> String {
        let (one, many) = self.relations(object);
        let united = self.united(object);
        if depth > 0 && !united.is_empty() && self.random.chance(25) {
            let (part, to) = *self.random.pick(&united);
            return match self.random.below(3) {
                0 => format!("{{about: {{isNull: {}}}}}", self.random.chance(50)),
                1 => format!("{{about: {{{part}: {{isNull: {}}}}}}}", self.random.chance(50)),
                _ => format!("{{about: {{{part}: {}}}}}", self.filter(to, depth - 1)),
            };
        }
        match self.random.below(8) {
            0 if depth > 0 => format!("{{not: {}}}", self.filter(object, depth - 1)),
            1 if depth > 0 => format!(
                "{{or: [{}, {}]}}",
                self.filter(object, depth - 1),
                self.filter(object, depth - 1)
            ),
            2 if depth > 0 && !one.is_empty() => {
                let (field, to) = *self.random.pick(&one);
                format!("{{{field}: {}}}", self.filter(to, depth - 1))
            }
            3 if depth > 0 && !many.is_empty() => {
                let (field, to) = *self.random.pick(&many);
                let how = *self.random.pick(&["some", "none", "every"]);
                format!("{{{field}: {{{how}: {}}}}}", self.filter(to, depth - 1))
            }
            4 if depth > 0 && !many.is_empty() => {
                let (field, to) = *self.random.pick(&many);
                let narrowed = self.filter(to, depth - 1);
                let count = self.random.below(3);
                format!("{{{field}: {{where: {narrowed}, count: {{lte: {count}}}}}}}")
            }
            5 if !one.is_empty() => {
                let (field, _) = *self.random.pick(&one);
                format!("{{{field}: {{id: {{isNull: {}}}}}}}", self.random.chance(50))
            }
            6 if !one.is_empty() => {
                let (field, to) = *self.random.pick(&one);
                let (one, two) = (self.id(to), self.id(to));
                let compare = match self.random.below(5) {
                    0 => format!("eq: \"{one}\""),
                    1 => format!("ne: \"{one}\""),
                    2 => format!("in: [\"{one}\", \"{two}\"]"),
                    3 => format!("notIn: [\"{one}\"]"),
                    _ => "notIn: []".to_owned(),
                };
                format!("{{{field}: {{id: {{{compare}}}}}}}")
            }
            _ if object == "Loan" && self.random.chance(50) => {
                format!("{{terms: {{days: {{gte: {}}}}}}}", self.random.below(8))
            }
            _ => format!("{{{}: {{contains: \"{}\"}}}}", self.text(object), self.random.below(8)),
        }
    }
}

const SINGULARS: [&str; 5] = ["customer", "contact", "salesOrder", "activity", "loan"];

/// The database as the person may see it: hidden rows gone, references to them emptied.
async fn cut_down(url: &str, world: &World, who: usize) {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let connection = Database::connect(options).await.unwrap();
    connection.execute_unprepared("PRAGMA foreign_keys = OFF").await.unwrap();
    let tables = ["customer", "contact", "sales_order", "activity", "x_loan"];
    let tables: HashMap<_, _> = OBJECTS.iter().copied().zip(tables).collect();
    let run = async |sql: String| {
        connection.execute_unprepared(&sql).await.unwrap();
    };
    for record in &world.records {
        for (_, of, field) in FIELDS.into_iter().filter(|(object, ..)| *object == record.object) {
            let (table, key) = match of {
                "Contact" => ("contact", "id"),
                "Loan" => ("x_loan", "id"),
                _ => ("sales_order_line", "sales_order_id"),
            };
            let place = format!("WHERE {key} = '{}'", record.id);
            let value = match field {
                "unit" => UNIT.to_owned(),
                "terms.note" => TERMS.to_owned(),
                _ => {
                    let first = world.records.iter().position(|one| one.object == "Contact");
                    let at = world.records.iter().position(|one| one.id == record.id);
                    mobile(at.unwrap().saturating_sub(first.unwrap()))
                }
            };
            let put = match (field, world.seen(who, record, (of, field), &value)) {
                (_, Seen::Shown) => continue,
                ("price", _) | (_, Seen::Hidden) => "NULL".to_owned(),
                (_, seen) => format!("'{}'", seen.of(&value).unwrap()),
            };
            let column = field.replace('.', "_");
            run(format!("UPDATE {table} SET {column} = {put} {place}")).await;
        }
    }
    for record in world.records.iter().filter(|record| !world.allows(who, record)) {
        let (table, id) = (tables[record.object], &record.id);
        connection
            .execute_unprepared(&format!("DELETE FROM {table} WHERE id = '{id}'"))
            .await
            .unwrap();
        connection
            .execute_unprepared(&format!(
                "DELETE FROM {table}_employee WHERE {}_id = '{id}'",
                table.trim_start_matches("x_")
            ))
            .await
            .unwrap();
        for (other, column) in [
            ("contact", "customer_id"),
            ("sales_order", "customer_id"),
            ("activity", "customer_id"),
            ("x_loan", "customer_id"),
            ("x_loan", "about_contact_id"),
            ("x_loan", "about_sales_order_id"),
            ("x_loan", "about_activity_id"),
            ("x_claim", "customer_id"),
            ("x_claim", "order_id"),
        ] {
            let empty = format!("UPDATE {other} SET {column} = NULL WHERE {column} = '{id}'");
            connection.execute_unprepared(&empty).await.unwrap();
        }
    }
    connection.close().await.unwrap();
}

/// Records that everyone changes and whose rules read over references: of customers and orders seen and hidden.
async fn claims(client: &Client, world: &World, random: &mut Random) {
    let ids = |object: &str| -> Vec<&String> {
        let of = world.records.iter().filter(|record| record.object == object);
        of.map(|record| &record.id).collect()
    };
    let (customers, orders) = (ids("Customer"), ids("SalesOrder"));
    for at in 0..6 {
        let mut input = json!({ "code": format!("k{at}"), "amount": 1 });
        for (field, of) in [("customer", &customers), ("order", &orders)] {
            input[field] = json!({ "id": *random.pick(of) });
        }
        // One that does not meet the rules is made without its order.
        if client.try_create("Claim", input.clone()).await["record"].is_null() {
            input["order"] = serde_json::Value::Null;
            client.try_create("Claim", input).await;
        }
    }
}

/// Has each loan be about something, seen or hidden, or nothing.
async fn abouts(client: &Client, world: &World, random: &mut Random) {
    let of = |object: &str| -> Vec<&String> {
        let records = world.records.iter().filter(|record| record.object == object);
        records.map(|record| &record.id).collect()
    };
    for loan in of("Loan") {
        if random.chance(80) {
            let (part, object) = *random.pick(&UNITED);
            let about = json!({ "about": { part: { "id": *random.pick(&of(object)) } } });
            assert_eq!(client.update("Loan", loan, about).await["userErrors"], json!([]));
        }
    }
}

impl Asker<'_> {
    /// What happened about some customer, but for changes of its own: these name what is removed.
    fn timeline(&mut self) -> String {
        let (id, first) = (self.id("Customer"), self.random.below(5));
        let kinds = *self.random.pick(&["ACTIVITY, DOCUMENT", "ACTIVITY", "DOCUMENT, MESSAGE"]);
        format!(
            "{{ timeline(object: \"Customer\", id: \"{id}\", kinds: [{kinds}], first: {first}) {{ nodes {{ id kind at object label text detail }} pageInfo {{ hasNextPage endCursor }} }} }}"
        )
    }

    /// A create whose rules and defaults read over a customer, or a change that is only tried.
    fn write(&mut self) -> String {
        let told = "userErrors { code path message hint }";
        let customer = format!("customer: {{id: \"{}\"}}", self.id("Customer"));
        let amount = self.random.below(4);
        let record = "record { title place { code } boss { code } amount customer { code } }";
        if self.random.chance(30) {
            return format!(
                "{{ draftClaim(patch: {{code: \"n\", {customer}, amount: {amount}}}) {{ {record} {told} }} }}"
            );
        }
        if self.random.chance(50) {
            return format!(
                "mutation {{ createClaim(input: {{code: \"n\", {customer}, amount: {amount}}}) {{ {record} {told} }} }}"
            );
        }
        let mut patch = format!("amount: {amount}");
        if self.random.chance(50) {
            patch += &format!(", {customer}");
        }
        if self.world.may(self.who, "SalesOrder") && self.random.chance(50) {
            patch += &format!(", order: {{id: \"{}\"}}", self.id("SalesOrder"));
        }
        let code = self.random.below(6);
        format!(
            "mutation {{ updateClaims(filter: {{code: {{eq: \"k{code}\"}}}}, patch: {{{patch}}}, atMost: 9, dryRun: true) {{ count {told} }} }}"
        )
    }
}

/// The database once more.
pub(crate) async fn copied(client: &Client) -> Option<TestDatabase> {
    let TestDatabase::Sqlite(folder) = &client.database else { return None };
    let copy = TestDatabase::sqlite();
    let TestDatabase::Sqlite(target) = &copy else { return None };
    std::fs::create_dir_all(target).unwrap();
    let writer = client.company.database.writer();
    writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    std::fs::copy(folder.join("t.db"), target.join("t.db")).unwrap();
    Some(copy)
}

#[tokio::test]
async fn what_is_hidden_leaves_no_trace() {
    let mut cases = 0;
    let asks = setting("TRADEWIND_ASKS").map_or(40, |count| count.parse().unwrap());
    for seed in 0..worlds() {
        let mut random = Random(seed ^ 0xABCD);
        let client = Client::sqlite().await;
        let world = company(&client, &mut random).await;
        for definition in [PATRONS, ABOUT] {
            assert_eq!(client.apply(definition, false).await["diagnostics"], json!([]));
        }
        abouts(&client, &world, &mut random).await;
        claims(&client, &world, &mut random).await;
        for (who, person) in world.people.iter().enumerate() {
            let Some(copy) = copied(&client).await else { return };
            cut_down(&copy.url(), &world, who).await;
            let all_seeing = open_copy(&copy, &client.world).await;
            let poster = client.poster_of(&person.account).await;
            for _ in 0..asks {
                let at = random.below(5);
                if !world.may(who, OBJECTS[at]) {
                    continue;
                }
                let mut asker = Asker { world: &world, who, random: &mut random };
                let (arguments, inner) =
                    (asker.arguments(OBJECTS[at]), asker.connection(OBJECTS[at], 3));
                let mut query = format!("{{ {}{arguments} {{ {inner} }}", PLURALS[at]);
                if asker.random.chance(30) {
                    query += &format!(" {}{}", SINGULARS[at], asker.aggregate(OBJECTS[at]));
                }
                query += " }";
                if world.may(who, "Customer") && asker.random.chance(30) {
                    query = asker.write();
                } else if world.may(who, "Customer") && asker.random.chance(15) {
                    query = asker.timeline();
                }
                let seen = poster.ask(&query, json!({})).await.body.to_string();
                let cut = all_seeing.ask(&query, json!({})).await.body.to_string();
                assert_eq!(seen, cut, "seed {seed}, {person:?}\n{query}\nroles {:#?}", world.roles);
                cases += 1;
            }
        }
    }
    eprintln!("{cases} cases told nothing of what is hidden");
    assert!(cases > 50, "{cases}");
}
