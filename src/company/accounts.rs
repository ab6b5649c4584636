//! Accounts: everyone who has one, and what the command line does with them, where nobody is signed in.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Company, faults};
use crate::{
    access::ADMINISTRATOR,
    base::{Error, Result, Value},
    catalog::FieldIx,
    identity::{OperatorStatus, SignInLink, form},
    query::{
        Compare, ConnectionPart, Filter, Find, FoundRow, Item, Listing, Page, Part, Selection, What,
    },
    records::{self, Change, Input, Op, Saved, Session, find_rows},
    sql::Match,
    storage::rights::all_reaches,
};

/// Most operators that are read at once.
const MOST: u32 = 1_000_000;

/// Someone with an account.
pub struct KnownAccount {
    /// Their operator.
    pub operator: Uuid,
    /// What they sign in as.
    pub account: String,
    /// The name shown to people.
    pub name: String,
    /// Codes of the roles held.
    pub roles: Vec<String>,
    /// Whether they have a password.
    pub has_password: bool,
    /// Whether they may sign in, or why not.
    pub standing: OperatorStatus,
    /// What is set on them, by dimension.
    pub reach: Vec<KnownReach>,
}

/// How much of a dimension is open to a person, as it is stored.
#[derive(Clone)]
pub struct KnownReach {
    /// The dimension.
    pub dimension: String,
    /// `none`, `own`, `below`, `set` or `all`.
    pub level: String,
    /// Ids of records, or names of a picklist's values.
    pub values: Vec<String>,
}

impl Company {
    /// Makes an operator with a password; `administrator` gives every right. A colleague who was confirmed and
    /// has no password yet gets this one.
    pub async fn add_operator(
        &self,
        account: &str,
        name: &str,
        password: &str,
        administrator: bool,
    ) -> Result<Uuid, Error> {
        // Before anything is written: an operator without a password would be left behind.
        let wanted = form(account)?;
        self.identity.accept_password(&wanted, name, password).await?;
        let id = match self.operator_of(&wanted).await? {
            None => self.make_operator(account, name).await?,
            Some((id, false)) => id,
            Some((_, true)) => {
                return Err(faults::account_taken(&wanted).at(["account"]));
            }
        };
        self.identity.set_password(id, &wanted, password).await?;
        if administrator {
            self.identity.set_roles(id, &[ADMINISTRATOR.to_owned()]).await?;
        }
        Ok(id)
    }

    /// Everyone with an account, by account: confirmed colleagues who have no password yet too.
    pub async fn accounts(&self) -> Result<Vec<KnownAccount>> {
        let session = self.system_session("who has an account");
        let mut logins: HashMap<Uuid, String> =
            self.identity.accounts().await?.into_iter().collect();
        let mut roles = self.identity.held().await?;
        let mut reaches: HashMap<Uuid, Vec<KnownReach>> = HashMap::new();
        for (operator, dimension, level, members) in all_reaches(&self.database).await? {
            let values = serde_json::from_str(&members).map_err(Error::internal)?;
            reaches.entry(operator).or_default().push(KnownReach { dimension, level, values });
        }
        let mut all = Vec::new();
        for OperatorRow { id, account, name, standing, .. } in
            operators(&session, None, MOST).await?
        {
            let login = logins.remove(&id);
            all.push(KnownAccount {
                operator: id,
                has_password: login.is_some(),
                account: login.unwrap_or(account),
                name,
                roles: roles.remove(&id).unwrap_or_default(),
                standing,
                reach: reaches.remove(&id).unwrap_or_default(),
            });
        }
        all.sort_by(|one, other| one.account.cmp(&other.account));
        Ok(all)
    }

    /// Operator, account and roles of everyone.
    pub async fn holders(&self) -> Result<Vec<(Uuid, String, Vec<String>)>> {
        let all = self.accounts().await?.into_iter();
        Ok(all.map(|known| (known.operator, known.account, known.roles)).collect())
    }

    /// Whether there is a record of an operator.
    pub async fn has_operator(&self, operator: Uuid) -> Result<bool> {
        let session = self.system_session("whether there is an operator");
        let one = Filter::Field(FieldIx::ID, Compare::Eq(Value::Id(operator)));
        Ok(!operators(&session, Some(one), 1).await?.is_empty())
    }

    /// The operator of an account by its record, whether it has a password or not: the account in any writing.
    pub async fn operator_by_record(&self, account: &str) -> Result<Option<Uuid>> {
        operator_of(&self.system_session("whose an account is"), account).await
    }

    /// The operator of an account, and whether there is a password.
    pub async fn operator_of(&self, account: &str) -> Result<Option<(Uuid, bool)>, Error> {
        let Some(operator) = self.operator_by_record(account).await? else { return Ok(None) };
        let logins = self.identity.accounts().await?;
        Ok(Some((operator, logins.iter().any(|(known, _)| *known == operator))))
    }

    /// A new password for an account, also the first.
    pub async fn renew_password(&self, account: &str, password: &str) -> Result<(), Error> {
        let operator = self.known_operator(account).await?;
        self.identity.renew_password(operator, account, password).await
    }

    /// Makes a link with which the owner of an account sets their own password.
    pub async fn make_link(&self, account: &str) -> Result<SignInLink, Error> {
        let operator = self.known_operator(account).await?;
        self.identity.make_link(None, operator, account).await
    }

    /// The operator of an account, by which somebody signs in or will.
    pub async fn known_operator(&self, account: &str) -> Result<Uuid, Error> {
        let wanted = form(account)?;
        let logins = self.identity.accounts().await?;
        if let Some((operator, _)) = logins.into_iter().find(|(_, known)| *known == wanted) {
            return Ok(operator);
        }
        let known = self.operator_of(&wanted).await?.map(|(operator, _)| operator);
        known.ok_or_else(|| faults::no_account(account).at(["account"]))
    }

    async fn make_operator(&self, account: &str, name: &str) -> Result<Uuid, Error> {
        let session = self.system_session("an operator made from the command line");
        let object = session
            .catalog
            .named("Operator")
            .ok_or_else(|| Error::internal("the catalog has no operators"))?;
        let mut input = Input::default();
        for (field, text) in [("account", account), ("name", name)] {
            if let Some((ix, _)) = object.named(field) {
                input.values.push((ix, Value::Text(text.to_owned())));
            }
        }
        let change = Change { object: object.ix, op: Op::Create(input) };
        match records::save(&session, &change).await? {
            Saved::Done(id) => Ok(id),
            Saved::Refused(faults) => {
                Err(faults.into_iter().next().unwrap_or_else(|| Error::internal("refused")))
            }
        }
    }
}

/// What is read of an operator.
struct OperatorRow {
    id: Uuid,
    account: String,
    name: String,
    employee: Option<Uuid>,
    standing: OperatorStatus,
}

impl OperatorRow {
    fn of(row: &FoundRow) -> Option<Self> {
        let left = row.one("employee").and_then(|employee| employee.text("status")) == Some("LEFT");
        let standing = match row.text("status") {
            Some("DISABLED") => OperatorStatus::Disabled,
            _ if left => OperatorStatus::Left,
            _ => OperatorStatus::Active,
        };
        let (account, name) = (row.text("account")?.to_owned(), row.text("name")?.to_owned());
        let employee = row.one("employee").and_then(|employee| employee.id("id"));
        Some(Self { id: row.id("id")?, account, name, employee, standing })
    }
}

/// The operators of a filter, as records.
async fn operators(
    session: &Session,
    filter: Option<Filter>,
    size: u32,
) -> Result<Vec<OperatorRow>> {
    let Some(object) = session.catalog.named("Operator") else { return Ok(Vec::new()) };
    let part = |key: &str, what| Part { key: key.to_owned(), what };
    let mut selection = Selection(vec![part("id", Item::Field(FieldIx::ID))]);
    for name in ["account", "name", "status"] {
        selection.0.extend(object.named(name).map(|(ix, _)| part(name, Item::Field(ix))));
    }
    if let Some((ix, field)) = object.named("employee") {
        let employee = field.target().map(|target| session.catalog.object(target));
        if let Some((status, _)) = employee.and_then(|employee| employee.named("status")) {
            let of_employee = Selection(vec![
                part("id", Item::Field(FieldIx::ID)),
                part("status", Item::Field(status)),
            ]);
            selection.0.push(part("employee", Item::One(ix, of_employee)));
        }
    }
    let listing = Listing {
        filter,
        page: Page { size, ..Page::default() },
        parts: vec![Part { key: "nodes".to_owned(), what: ConnectionPart::Nodes(selection) }],
        ..Listing::default()
    };
    let found = find_rows(session, Find { object: object.ix, what: What::List(listing) }).await?;
    let lacking = || Error::internal("an operator lacks a name or an account");
    found.rows.iter().map(|row| OperatorRow::of(row).ok_or_else(lacking)).collect()
}

/// Those of some operators, and of the operators of some employees, who are employees and may sign in: the operator and the
/// employee.
pub(super) async fn operators_by(
    session: &Session,
    operators_of: &[Uuid],
    employees: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>> {
    let ids = |ids: &[Uuid]| Compare::In(ids.iter().copied().map(Value::Id).collect());
    let mut any = Vec::new();
    if !operators_of.is_empty() {
        any.push(Filter::Field(FieldIx::ID, ids(operators_of)));
    }
    let field = session.catalog.named("Operator").and_then(|object| object.named("employee"));
    if let Some((field, _)) = field.filter(|_| !employees.is_empty()) {
        any.push(Filter::One(field, Box::new(Filter::Field(FieldIx::ID, ids(employees)))));
    }
    if any.is_empty() {
        return Ok(Vec::new());
    }
    let found = operators(session, Some(Filter::Or(any)), MOST).await?;
    let active = found.into_iter().filter(|row| row.standing == OperatorStatus::Active);
    Ok(active.filter_map(|row| Some((row.id, row.employee?))).collect())
}

/// The operator of an account by its record, whether it has a password or not: the account in any writing.
async fn operator_of(session: &Session, account: &str) -> Result<Option<Uuid>> {
    let Ok(wanted) = form(account) else { return Ok(None) };
    let field = session.catalog.named("Operator").and_then(|object| object.named("account"));
    let Some((field, _)) = field else { return Ok(None) };
    let session = session.as_system("whose an account is");
    for compare in
        [Compare::Eq(Value::Text(wanted.clone())), Compare::Text(Match::StartsWith, wanted.clone())]
    {
        let known = operators(&session, Some(Filter::Field(field, compare)), MOST).await?;
        let same = |row: &OperatorRow| form(&row.account).is_ok_and(|account| account == wanted);
        if let Some(row) = known.iter().find(|row| same(row)) {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}
