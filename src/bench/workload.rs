//! The workloads: requests for both servers from a seeded random stream, and checks of their responses.
//!
//! Knows GraphQL documents and the yardstick's parameters. Must not know SQL or sockets.

use chrono::{DateTime, SecondsFormat};
use clap::ValueEnum;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::{
    accounts::{BenchUser, managed_customer},
    data::{self, BenchObject, SPAN, World},
    server::BenchServer,
};
use crate::demo::random::Random;

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Workload {
    /// One customer by id, 10 fields.
    #[value(name = "W1")]
    W1,
    /// 50 customers with 10 fields of a region and a level, newest first.
    #[value(name = "W2")]
    W2,
    /// The newest 50 customers a salesperson is responsible for or related to.
    #[value(name = "W2S")]
    W2s,
    /// 20 customers with owner, department, first 5 contacts and first 5 opportunities.
    #[value(name = "W3")]
    W3,
    /// 20 orders with their first 3 lines and the lines' items.
    #[value(name = "W4")]
    W4,
    /// Number and amount of opportunities by stage.
    #[value(name = "W5")]
    W5,
    /// 1,000 customers with 10 fields.
    #[value(name = "W6")]
    W6,
    /// Create one customer.
    #[value(name = "W7C")]
    W7c,
    /// Update one customer.
    #[value(name = "W7U")]
    W7u,
}

/// Ten fields of a customer. The yardstick returns the same.
const FIELDS: &str = "id code name level lifecycle industry phone city creditLimit createdAt";

/// One request: its bodies for both servers, and the path of the yardstick.
pub(super) struct BenchRequest {
    ours: Json,
    bare: Json,
    path: &'static str,
}

impl BenchRequest {
    /// Path and body for a server.
    pub(super) fn of(&self, part: BenchServer) -> (&'static str, String) {
        match part {
            BenchServer::Ours => ("/graphql", self.ours.to_string()),
            BenchServer::Yardstick => (self.path, self.bare.to_string()),
        }
    }

    /// The values that were drawn, by name.
    pub(super) fn drawn(&self) -> &Json {
        &self.bare
    }
}

impl Workload {
    /// Every workload, in table order.
    pub const ALL: [Self; 9] = [
        Self::W1,
        Self::W2,
        Self::W2s,
        Self::W3,
        Self::W4,
        Self::W5,
        Self::W6,
        Self::W7c,
        Self::W7u,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::W1 => "W1",
            Self::W2 => "W2",
            Self::W2s => "W2S",
            Self::W3 => "W3",
            Self::W4 => "W4",
            Self::W5 => "W5",
            Self::W6 => "W6",
            Self::W7c => "W7C",
            Self::W7u => "W7U",
        }
    }

    /// The person who sends it.
    pub(super) fn person(self) -> BenchUser {
        match self {
            Self::W2s => BenchUser::Salesperson,
            _ => BenchUser::Manager,
        }
    }

    /// Whether it only reads. Then both servers must return the same.
    pub fn reads(self) -> bool {
        !matches!(self, Self::W7c | Self::W7u)
    }

    /// The document for our server.
    fn document(self) -> String {
        match self {
            Self::W1 => format!("query W1($id: ID!) {{ customer(id: $id) {{ {FIELDS} }} }}"),
            Self::W2 => format!(
                "query W2($region: ID!, $level: CustomerLevel!) {{ customers(first: 50, \
                 orderBy: [{{ createdAt: DESC }}], \
                 filter: {{ region: {{ id: {{ eq: $region }} }}, level: {{ eq: $level }} }}) \
                 {{ nodes {{ {FIELDS} }} }} }}"
            ),
            Self::W2s => format!(
                "query W2S {{ customers(first: 50, orderBy: [{{ createdAt: DESC }}]) \
                 {{ nodes {{ {FIELDS} }} }} }}"
            ),
            Self::W3 => "query W3($before: DateTime!) { customers(first: 20, \
                orderBy: [{ createdAt: DESC }], filter: { createdAt: { lt: $before } }) { nodes { \
                id code name owner { id name } department { id name } \
                contacts(first: 5) { nodes { id name mobile } } \
                opportunities(first: 5) { nodes { id name amount } } } } }"
                .to_owned(),
            Self::W4 => "query W4($before: DateTime!) { salesOrders(first: 20, \
                orderBy: [{ createdAt: DESC }], filter: { createdAt: { lt: $before } }) { nodes { \
                id orderDate status lines(first: 3) { lineNo quantity price item { id name } } } } }"
                .to_owned(),
            Self::W5 => "query W5 { opportunityAggregate(groupBy: [{ stage: { id: true } }]) \
                { key { stage { id } } count sum { amount } } }"
                .to_owned(),
            Self::W6 => format!(
                "query W6($before: DateTime!) {{ customers(first: 1000, \
                 orderBy: [{{ createdAt: DESC }}], filter: {{ createdAt: {{ lt: $before }} }}) \
                 {{ nodes {{ {FIELDS} }} }} }}"
            ),
            Self::W7c => "mutation W7C($input: CreateCustomerInput!) \
                { createCustomer(input: $input) { record { id } userErrors { code message } } }"
                .to_owned(),
            Self::W7u => "mutation W7U($id: ID!, $patch: UpdateCustomerInput!) \
                { updateCustomer(id: $id, patch: $patch) { record { id } userErrors { code message } } }"
                .to_owned(),
        }
    }

    /// Draws the next request of a stream. `unique` makes the codes of new customers unique.
    pub(super) fn draw(self, world: World, random: &mut Random, unique: &str) -> BenchRequest {
        // A customer that the manager may read and edit.
        let customer = |random: &mut Random| managed_customer(world, random).to_string();
        let (path, ours, bare) = match self {
            Self::W1 => {
                let id = customer(random);
                ("/w1", json!({ "id": id }), json!({ "id": id }))
            }
            Self::W2 => {
                let region = world.id(BenchObject::Region, random.between(0, 7)).to_string();
                let level = data::level(random);
                let both = json!({ "region": region, "level": level });
                ("/w2", both.clone(), both)
            }
            Self::W2s => ("/w2s", json!({}), json!({})),
            Self::W5 => ("/w5", json!({}), json!({})),
            Self::W3 | Self::W4 | Self::W6 => {
                // At least a year after the start, so that a full page precedes it.
                let at = world.created(BenchObject::Customer, 0).timestamp()
                    + random.between(SPAN / 3, SPAN - 1);
                let before = DateTime::from_timestamp(at, 0).unwrap_or_default();
                let both = json!({ "before": before.to_rfc3339_opts(SecondsFormat::Secs, true) });
                let path = match self {
                    Self::W3 => "/w3",
                    Self::W4 => "/w4",
                    _ => "/w6",
                };
                (path, both.clone(), both)
            }
            Self::W7c => {
                let id = |kind, random: &mut Random| {
                    world.id(kind, random.between(0, world.count(kind) - 1)).to_string()
                };
                let region = id(BenchObject::Region, random);
                let managed = random.between(World::MANAGED.start, World::MANAGED.end - 1);
                let department = world.id(BenchObject::Department, managed).to_string();
                let owner = id(BenchObject::Employee, random);
                let mut given = json!({
                    "code": format!("{unique}-{}", random.digits(12)),
                    "name": format!("新客户{}", random.digits(6)),
                    "level": data::level(random),
                    "industry": data::industry(random),
                    "phone": format!("022-{}", random.digits(8)),
                    "city": "天津",
                    "creditLimit": Decimal::new(random.between(0, 9_999_999), 2).to_string(),
                });
                let mut input = given.clone();
                for (name, id) in [("region", region), ("department", department), ("owner", owner)]
                {
                    input[name] = json!({ "id": id });
                    given[name] = json!(id);
                }
                ("/w7c", json!({ "input": input }), given)
            }
            Self::W7u => {
                let id = customer(random);
                let phone = format!("022-{}", random.digits(8));
                let bare = json!({ "id": id, "phone": phone });
                ("/w7u", json!({ "id": id, "patch": { "phone": phone } }), bare)
            }
        };
        BenchRequest { ours: json!({ "query": self.document(), "variables": ours }), bare, path }
    }

    /// Whether a response is correct: no errors, and the expected number of records.
    ///
    /// No value of the data set contains a brace, so the braces of a response count its objects.
    pub(super) fn accepts(self, body: &[u8], world: World) -> bool {
        let objects = body.split(|byte| *byte == b'{').count() - 1;
        // The manager's customers of at least one year.
        let rows = |page: usize| {
            let seen =
                world.count(BenchObject::Customer) / world.count(BenchObject::Department) * 8 / 3;
            page.min(usize::try_from(seen).unwrap_or(usize::MAX))
        };
        let starts = |with: &str| body.starts_with(with.as_bytes());
        match self {
            Self::W1 => starts(r#"{"data":{"customer":{"#) && objects == 3,
            // In a small data set a region and level have fewer customers than a page.
            Self::W2 => {
                let least = rows(50 * 128) / 128;
                starts(r#"{"data":{"customers":{"nodes":["#)
                    && (least + 3..=50 + 3).contains(&objects)
            }
            Self::W2s => {
                let all = usize::try_from(world.count(BenchObject::Customer)).unwrap_or(usize::MAX);
                starts(r#"{"data":{"customers":{"nodes":["#) && objects == (all / 500).min(50) + 3
            }
            // Each has owner, department and two lists. Most have 2 contacts and at least 1 opportunity, but
            // the manager may not see those of a related customer in another department.
            Self::W3 => starts(r#"{"data":{"customers":{"nodes":["#) && objects >= rows(20) * 6 + 3,
            // Each has 3 lines with items.
            Self::W4 => {
                starts(r#"{"data":{"salesOrders":{"nodes":["#) && objects >= rows(20) * 7 + 3
            }
            // A key, its stage and a sum for each of the 6 stages.
            Self::W5 => starts(r#"{"data":{"opportunityAggregate":["#) && objects == 6 * 4 + 2,
            Self::W6 => starts(r#"{"data":{"customers":{"nodes":["#) && objects >= rows(1_000) + 3,
            Self::W7c | Self::W7u => {
                let verb = if self == Self::W7c { "create" } else { "update" };
                starts(&format!(r#"{{"data":{{"{verb}Customer":{{"record":{{"id":""#))
                    && body.ends_with(br#""},"userErrors":[]}}}"#)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_servers_are_asked_the_same_in_every_run() {
        let world = World::scaled(Decimal::new(1, 2));
        for workload in Workload::ALL {
            let of = |seed, part| workload.draw(world, &mut Random::new(seed), "B").of(part);
            assert_eq!(of(1, BenchServer::Ours), of(1, BenchServer::Ours));
            // These have no parameters.
            let same = matches!(workload, Workload::W2s | Workload::W5);
            assert_eq!(of(1, BenchServer::Ours) == of(2, BenchServer::Ours), same);
            assert_eq!(of(1, BenchServer::Ours).0, "/graphql");
            assert_ne!(of(1, BenchServer::Yardstick).0, "/graphql");
        }
    }

    #[test]
    fn documents_fit_the_standard_schema() {
        for workload in Workload::ALL {
            assert!(
                async_graphql_parser::parse_query(workload.document()).is_ok(),
                "{}",
                workload.document()
            );
        }
    }

    #[test]
    fn short_and_failed_answers_are_not_accepted() {
        let world = World::scaled(Decimal::ONE);
        for workload in Workload::ALL {
            assert!(!workload.accepts(br#"{"errors":[],"data":null}"#, world));
            assert!(!workload.accepts(br#"{"data":{"customers":{"nodes":[]}}}"#, world));
        }
        assert!(Workload::W1.accepts(br#"{"data":{"customer":{"id":"x"}}}"#, world));
        assert!(!Workload::W1.accepts(br#"{"data":{"customer":null}}"#, world));
        let saved = br#"{"data":{"createCustomer":{"record":{"id":"x"},"userErrors":[]}}}"#;
        assert!(Workload::W7c.accepts(saved, world));
        assert!(!Workload::W7u.accepts(saved, world));
    }
}
