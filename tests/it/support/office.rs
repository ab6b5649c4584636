//! A small company after model c.6.3, its people signed in, and what they see by every path there is.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Client, PASSWORD};

/// A small company after model c.6.3; ids by name.
pub(crate) struct Office<'c> {
    pub(crate) client: &'c Client,
    ids: HashMap<String, String>,
    pub(crate) tokens: HashMap<&'static str, String>,
}

/// Account, department, role, departments set on the person.
const PEOPLE: &[(&str, &str, &str, &[&str])] = &[
    ("zhang", "TJ-TL", "salesperson", &["TJ-TL"]),
    ("li", "TJ-TL", "salesperson", &["TJ-TL"]),
    ("chen", "TJ-SL", "salesperson", &["TJ-SL"]),
    ("su", "QZ-TL", "salesperson", &["QZ-TL"]),
    ("wang", "TJ-FGS", "department_manager", &["TJ-TL", "TJ-SL", "TJ-FGS"]),
    ("zhao", "SH-TL", "director", &["SH-TL", "TJ-TL", "QZ-TL"]),
    ("qian", "SH-TL", "executive_manager", &[]),
    ("zhou", "TJ-FGS", "merchandiser", &["TJ-TL", "TJ-SL", "TJ-FGS"]),
    ("wu", "SH-TL", "marketing_specialist", &[]),
    ("zheng", "TJ-FGS", "customer_service", &["TJ-TL", "TJ-SL", "TJ-FGS"]),
    ("feng", "TJ-FGS", "sales_assistant", &["TJ-TL", "TJ-SL", "TJ-FGS"]),
    ("cai", "SH-TL", "purchasing", &[]),
    ("wei", "SH-TL", "finance", &[]),
    ("new", "SH-TL", "", &[]),
];

impl<'c> Office<'c> {
    pub(crate) async fn open(client: &'c Client) -> Self {
        let mut office = Self { client, ids: HashMap::new(), tokens: HashMap::new() };
        for (code, parent) in [
            ("HQ", None),
            ("TJ", Some("HQ")),
            ("TJ-TL", Some("TJ")),
            ("TJ-SL", Some("TJ")),
            ("TJ-FGS", Some("TJ")),
            ("QZ-TL", Some("HQ")),
            ("SH-TL", Some("HQ")),
        ] {
            let parent = parent.map(|parent| json!({ "id": office.id(parent) }));
            office
                .make(code, "Department", json!({ "code": code, "name": code, "parent": parent }))
                .await;
        }
        for (account, department, role, departments) in PEOPLE {
            let input = json!({ "code": account, "name": account, "department": { "id": office.id(department) } });
            office.make(account, "Employee", input).await;
            let operator =
                client.company.add_operator(account, account, PASSWORD, false).await.unwrap();
            let patch = json!({ "employee": { "id": office.id(account) }, "allowedSystems": ["SALES", "SERVICE", "SALES_SERVICE"] });
            assert_eq!(
                client.update("Operator", &operator.to_string(), patch).await["userErrors"],
                json!([])
            );
            if !role.is_empty() {
                let values: Vec<_> = departments.iter().map(|code| office.id(code)).collect();
                office.give(account, &[role], &values).await;
            }
            office.tokens.insert(account, client.token(account).await);
        }
        for (code, department, owner) in [
            ("CZ", "TJ-TL", "zhang"),
            ("CL", "TJ-TL", "li"),
            ("CS", "TJ-SL", "chen"),
            ("CQ", "QZ-TL", "su"),
        ] {
            let owner = json!({ "owner": { "id": office.id(owner) } });
            let id = client.customer(&office.id(department), code, owner).await;
            office.ids.insert(code.to_owned(), id.clone());
            let contact = json!({ "name": format!("联系人{code}"), "customer": { "id": id } });
            office.make(&format!("contact of {code}"), "Contact", contact).await;
        }
        for (name, customer, department, owner) in [
            ("order of li", "CL", "TJ-TL", "li"),
            ("order of chen", "CS", "TJ-SL", "chen"),
            ("order at branch", "CS", "TJ-FGS", "chen"),
        ] {
            let input = json!({ "customer": { "id": office.id(customer) }, "department": { "id": office.id(department) }, "owner": { "id": office.id(owner) } });
            office.make(name, "SalesOrder", input).await;
        }
        let activity = json!({ "subject": "拜访", "customer": { "id": office.id("CL") }, "department": { "id": office.id("TJ-TL") }, "employee": { "id": office.id("li") } });
        office.make("activity of li", "Activity", activity).await;
        office
    }

    pub(crate) fn id(&self, name: &str) -> String {
        self.ids.get(name).unwrap_or_else(|| panic!("no {name}")).clone()
    }

    pub(crate) async fn make(&mut self, name: &str, object: &str, input: Value) {
        let id = self.client.create(object, input).await;
        self.ids.insert(name.to_owned(), id);
    }

    pub(crate) async fn give(&self, account: &str, roles: &[&str], departments: &[String]) {
        let query = "mutation($account: String!, $roles: [String!]!, $values: [String!]!) {
            assignRoles(account: $account, roles: $roles) { roles }
            setReach(account: $account, dimension: \"DEPARTMENT\", level: SET, values: $values) }";
        let variables = json!({ "account": account, "roles": roles, "values": departments });
        self.client.metadata(query, variables).await;
    }

    pub(crate) async fn ask(&self, who: &str, query: &str) -> Value {
        self.client.ask_as(&self.tokens[who], query).await.body
    }

    /// Whether someone sees a record: the same by every path, or the test fails.
    pub(crate) async fn sees(&self, who: &str, list: &str, name: &str) -> bool {
        let id = self.id(name);
        let single = match list {
            "opportunities" => "opportunity".to_owned(),
            "activities" => "activity".to_owned(),
            list => list.trim_end_matches('s').to_owned(),
        };
        let object = format!("{}{}", single[..1].to_uppercase(), &single[1..]);
        let exists = self.ask(who, &format!("{{ __type(name: \"{object}\") {{ name }} }}")).await;
        let node =
            self.ask(who, &format!("{{ node(id: \"{id}\") {{ id }} }}")).await["data"]["node"]
                .is_object();
        let explained = self
            .explain(&format!(
                "account: \"{who}\", object: \"{object}\", id: \"{id}\", action: READ"
            ))
            .await;
        let whose = self
            .client
            .metadata(
                &format!(
                    "{{ whoCanSee(object: \"{object}\", id: \"{id}\") {{ nodes {{ account }} }} }}"
                ),
                json!({}),
            )
            .await;
        let told = whose["whoCanSee"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .any(|account| account["account"] == who);
        let mut answers =
            vec![("node", node), ("explained", explained["allowed"] == true), ("whoCanSee", told)];
        if exists["data"]["__type"].is_null() {
            let unknown = self.ask(who, &format!("{{ {list} {{ totalCount }} }}")).await;
            assert_eq!(unknown["errors"][0]["extensions"]["code"], "INPUT_INVALID", "{unknown}");
        } else {
            let query = format!(
                "{{ list: {list} {{ totalCount nodes {{ id }} }}
                   one: {single}(id: \"{id}\") {{ id }}
                   filtered: {list}(filter: {{id: {{eq: \"{id}\"}}}}) {{ totalCount nodes {{ id }} }}
                   ordered: {list}(orderBy: [{{createdAt: DESC}}], last: 100) {{ edges {{ node {{ id }} }} }}
                   counted: {list}(filter: {{id: {{in: [\"{id}\"]}}}}) {{ totalCount }} }}"
            );
            let data = self.ask(who, &query).await["data"].clone();
            assert!(data.is_object(), "{who} {list}: {data}");
            let nodes = data["list"]["nodes"].as_array().unwrap();
            assert_eq!(data["list"]["totalCount"], nodes.len(), "{who} {list}");
            answers.push(("list", nodes.iter().any(|node| node["id"] == json!(id))));
            answers.push(("one", data["one"].is_object()));
            answers.push(("filtered", data["filtered"]["nodes"].as_array().unwrap().len() == 1));
            answers.push((
                "ordered",
                data["ordered"]["edges"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|edge| edge["node"]["id"] == json!(id)),
            ));
            answers.push(("counted", data["counted"]["totalCount"] == 1));
        }
        let first = answers[0].1;
        assert!(answers.iter().all(|(_, sees)| *sees == first), "{who} {list} {name}: {answers:?}");
        first
    }

    pub(crate) async fn explain(&self, arguments: &str) -> Value {
        let query = format!(
            "{{ explainAccess({arguments}) {{ allowed branches {{ role name holds because }} wouldAllow {{ grant }} }} }}"
        );
        self.client.metadata(&query, json!({})).await["explainAccess"].clone()
    }

    /// Whether someone may change a record.
    pub(crate) async fn edits(&self, who: &str, object: &str, name: &str) -> bool {
        let id = self.id(name);
        let query = format!(
            "mutation {{ update{object}(id: \"{id}\", patch: {{remark: \"{who}\"}}) {{ record {{ id }} userErrors {{ code }} }} }}"
        );
        let done = self.ask(who, &query).await;
        let done = done["data"][format!("update{object}")]["record"].is_object();
        let explained = self
            .explain(&format!(
                "account: \"{who}\", object: \"{object}\", id: \"{id}\", action: EDIT"
            ))
            .await;
        assert_eq!(explained["allowed"], done, "{who} {name}: {explained:#}");
        done
    }
}
