//! All operators with an account and their reaches, including confirmed colleagues without a password.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Enum, ID, SimpleObject};
use serde::Deserialize;
use uuid::Uuid;

use super::metadata::World;
use crate::{
    access::{Access, Action},
    base::{Error, Result, Value},
    catalog::FieldIx,
    identity::form,
    query::{Compare, ConnectionPart, Filter, Find, Item, Listing, Page, Part, Selection, What},
    records::{Session, find},
    sql::Match,
    storage::rights::all_reaches,
};

/// Most operators per query.
const MOST: u32 = 1_000_000;

/// Whether someone may sign in, or why not.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum AccountStanding {
    /// They may.
    Active,
    /// Their operator is disabled.
    Disabled,
    /// They have left.
    Left,
}

/// How much of a dimension is open to a person.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub(super) enum ReachLevel {
    /// Nothing.
    None,
    /// The person's own department.
    Own,
    /// The person's own department with all below it; of another tree what is ticked with all below.
    Below,
    /// What is ticked.
    Set,
    /// Everything.
    All,
}

/// The stored names of levels.
const LEVELS: [(&str, ReachLevel); 5] = [
    ("none", ReachLevel::None),
    ("own", ReachLevel::Own),
    ("below", ReachLevel::Below),
    ("set", ReachLevel::Set),
    ("all", ReachLevel::All),
];

impl ReachLevel {
    /// The stored name.
    pub(super) fn name(self) -> &'static str {
        let known = LEVELS.iter().find(|(_, level)| *level == self);
        known.map_or("none", |(name, _)| name)
    }

    fn stored(name: &str) -> Self {
        let known = LEVELS.iter().find(|(known, _)| *known == name);
        known.map_or(Self::None, |(_, level)| *level)
    }
}

/// Someone with an account.
#[derive(SimpleObject)]
pub(super) struct AccountInfo {
    pub(super) operator: ID,
    pub(super) account: String,
    /// The name shown to people.
    pub(super) name: String,
    /// Codes of the roles held.
    pub(super) roles: Vec<String>,
    /// Whether the account has a password; without one `createSignInLink` lets its owner set it.
    pub(super) has_password: bool,
    /// Whether its owner may sign in, or why not.
    pub(super) standing: AccountStanding,
    /// What is set on the person, by dimension.
    pub(super) reach: Vec<ReachInfo>,
}

/// How much of a dimension is open to a person, for roles that leave it to the person.
#[derive(SimpleObject, Clone)]
pub(super) struct ReachInfo {
    pub(super) dimension: String,
    pub(super) level: ReachLevel,
    /// Ids of records, or names of a picklist's values.
    pub(super) values: Vec<String>,
}

#[derive(Deserialize)]
struct Found {
    nodes: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    id: Uuid,
    account: String,
    name: String,
    status: Option<String>,
    employee: Option<Employee>,
}

#[derive(Deserialize)]
struct Employee {
    status: Option<String>,
}

/// Loads the operators that match a filter.
async fn operators(session: &Session, filter: Option<Filter>, size: u32) -> Result<Vec<Row>> {
    let Some(object) = session.catalog.named("Operator") else { return Ok(Vec::new()) };
    let part = |key: &str, what| Part { key: key.to_owned(), what };
    let mut selection = Selection(vec![part("id", Item::Field(FieldIx(0)))]);
    for name in ["account", "name", "status"] {
        selection.0.extend(object.named(name).map(|(ix, _)| part(name, Item::Field(ix))));
    }
    if let Some((ix, field)) = object.named("employee") {
        let employee = field.target().map(|target| session.catalog.object(target));
        if let Some((status, _)) = employee.and_then(|employee| employee.named("status")) {
            let of_employee = Selection(vec![part("status", Item::Field(status))]);
            selection.0.push(part("employee", Item::One(ix, of_employee)));
        }
    }
    let listing = Listing {
        filter,
        page: Page { size, ..Page::default() },
        parts: vec![Part { key: "nodes".to_owned(), what: ConnectionPart::Nodes(selection) }],
        ..Listing::default()
    };
    let found = find(session, Find { object: object.ix, what: What::List(listing) }).await?;
    let Some(found) = found else { return Ok(Vec::new()) };
    let found: Found = serde_json::from_str(&found).map_err(Error::internal)?;
    Ok(found.nodes)
}

/// Returns the operator whose record has an account, with or without a password. The account may be in any
/// form.
pub async fn operator_of(session: &Session, account: &str) -> Result<Option<Uuid>> {
    let Ok(wanted) = form(account) else { return Ok(None) };
    let field = session.catalog.named("Operator").and_then(|object| object.named("account"));
    let Some((field, _)) = field else { return Ok(None) };
    let access = Arc::new(Access::system("whose an account is"));
    let session = Session { access, reads: None, purpose: Action::Read, ..session.clone() };
    for compare in
        [Compare::Eq(Value::Text(wanted.clone())), Compare::Text(Match::StartsWith, wanted.clone())]
    {
        let known = operators(&session, Some(Filter::Field(field, compare)), MOST).await?;
        let same = |row: &Row| form(&row.account).is_ok_and(|account| account == wanted);
        if let Some(row) = known.iter().find(|row| same(row)) {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}

/// Whether an operator's record exists.
pub(super) async fn is_there(session: &Session, operator: Uuid) -> Result<bool> {
    let one = Filter::Field(FieldIx(0), Compare::Eq(Value::Id(operator)));
    Ok(!operators(session, Some(one), 1).await?.is_empty())
}

/// Returns all accounts, by account.
pub(super) async fn accounts(world: &World) -> Result<Vec<AccountInfo>> {
    let session = system(world, "who has an account");
    let mut logins: HashMap<Uuid, String> = world.identity.accounts().await?.into_iter().collect();
    let mut roles = world.identity.held().await?;
    let mut reaches: HashMap<Uuid, Vec<ReachInfo>> = HashMap::new();
    for (operator, dimension, level, members) in all_reaches(&world.database).await? {
        let values = serde_json::from_str(&members).map_err(Error::internal)?;
        let level = ReachLevel::stored(&level);
        let reach = ReachInfo { dimension, level, values };
        reaches.entry(operator).or_default().push(reach);
    }
    let mut all = Vec::new();
    for Row { id, account, name, status, employee } in operators(&session, None, MOST).await? {
        let left = employee.is_some_and(|employee| employee.status.as_deref() == Some("LEFT"));
        let standing = match status.as_deref() {
            Some("DISABLED") => AccountStanding::Disabled,
            _ if left => AccountStanding::Left,
            _ => AccountStanding::Active,
        };
        let login = logins.remove(&id);
        all.push(AccountInfo {
            operator: id.to_string().into(),
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

/// Returns the account of one operator.
pub(super) async fn account(world: &World, operator: Uuid) -> Result<AccountInfo> {
    let id = operator.to_string();
    let found = accounts(world).await?.into_iter().find(|account| *account.operator == id);
    found.ok_or_else(|| Error::internal("an account without an operator"))
}

/// Returns operator, account and roles of everyone.
pub(super) async fn holders(world: &World) -> Result<Vec<(Uuid, String, Vec<String>)>> {
    let all = accounts(world).await?.into_iter();
    all.map(|known| {
        let operator = known.operator.parse().map_err(Error::internal)?;
        Ok((operator, known.account, known.roles))
    })
    .collect()
}

/// Builds a session of the server itself.
pub(super) fn system(world: &World, reason: &'static str) -> Session {
    Session {
        catalog: Arc::clone(&world.publisher.pin().catalog),
        access: Arc::new(Access::system(reason)),
        database: world.database.clone(),
        env: world.env.clone(),
        seal: Arc::clone(&world.seal),
        purpose: Action::Read,
        reads: None,
        beyond: Arc::default(),
        guesses: None,
        trial: false,
        careful: false,
    }
}
