//! Everyone there is an account for, as `/metadata` shows them.

use async_graphql::{Enum, ID, SimpleObject};
use uuid::Uuid;

use super::reach_values::{DimensionValue, values};
use crate::{
    base::{Error, Result},
    company::{Company, KnownAccount},
    identity::OperatorStatus,
};

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
    /// The same with what people call them.
    pub(super) ticked: Vec<DimensionValue>,
}

impl From<KnownAccount> for AccountInfo {
    fn from(known: KnownAccount) -> Self {
        let reach = known.reach.into_iter().map(|reach| ReachInfo {
            ticked: values(&reach.dimension, &reach.values),
            dimension: reach.dimension,
            level: ReachLevel::stored(&reach.level),
            values: reach.values,
        });
        Self {
            operator: known.operator.to_string().into(),
            account: known.account,
            name: known.name,
            roles: known.roles,
            has_password: known.has_password,
            standing: match known.standing {
                OperatorStatus::Active => AccountStanding::Active,
                OperatorStatus::Disabled => AccountStanding::Disabled,
                OperatorStatus::Left => AccountStanding::Left,
            },
            reach: reach.collect(),
        }
    }
}

/// Everyone, by account.
pub(super) async fn accounts(company: &Company) -> Result<Vec<AccountInfo>> {
    Ok(company.accounts().await?.into_iter().map(AccountInfo::from).collect())
}

/// One of them.
pub(super) async fn account(company: &Company, operator: Uuid) -> Result<AccountInfo> {
    let known = company.accounts().await?.into_iter().find(|known| known.operator == operator);
    known.map(AccountInfo::from).ok_or_else(|| Error::internal("an account without an operator"))
}
