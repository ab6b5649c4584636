//! Roles as data: the objects and actions that they open, and how each is controlled.
//!
//! A role is a TOML text: a file under `schema/roles/`, or a text that an administrator stored. It names
//! objects and dimensions, which the catalog defines. Must not know who holds a role.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;
use serde::Deserialize;
use strum::{AsRefStr, EnumIter, EnumString, IntoEnumIterator, VariantNames};

use super::{capability::RoleCapability, faults};
use crate::{
    base::{Error, Message, Result},
    catalog::{Object, TomlFault, from_toml},
};

/// The business lines, as `schema/directives.graphql` declares them.
pub const BUSINESS_LINES: [&str; 3] = ["SALES", "PURCHASING", "FINANCE"];

/// An action on records of an object.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Deserialize,
    AsRefStr,
    EnumString,
    EnumIter,
    VariantNames,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Action {
    /// See.
    Read,
    /// Create.
    Create,
    /// Change.
    Edit,
    /// Remove.
    Delete,
    /// Print.
    Print,
    /// Export to a file.
    Export,
    /// Audit a document.
    Audit,
    /// Hand a document on to the supply chain.
    Transfer,
    /// Ship what a document orders.
    Ship,
    /// Decide on a document that waits for approval.
    Approve,
}

impl Action {
    /// The action as a verb, for messages.
    pub fn verb(self) -> Message {
        let (en, zh) = match self {
            Self::Read => ("see", "查看"),
            Self::Create => ("make", "新建"),
            Self::Edit => ("change", "修改"),
            Self::Delete => ("remove", "删除"),
            Self::Print => ("print", "打印"),
            Self::Export => ("export", "导出"),
            Self::Audit => ("audit", "审核"),
            Self::Transfer => ("hand on", "传递"),
            Self::Ship => ("ship", "发货"),
            Self::Approve => ("approve", "审批"),
        };
        Message::new(en, zh)
    }

    /// The actions on existing records, except reading.
    pub fn on_records() -> impl Iterator<Item = Self> {
        Self::iter().filter(|action| !matches!(action, Self::Read | Self::Create))
    }
}

/// To which employees of a record a grant opens it, the widest last.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize, AsRefStr, EnumString,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Employees {
    /// To none of them.
    #[default]
    None,
    /// To those who are responsible.
    Responsible,
    /// To all of them, the responsible ones included.
    Related,
}

/// How much of a dimension is open.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, AsRefStr, EnumString, VariantNames,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Level {
    /// Nothing.
    #[default]
    None,
    /// The person's own department only: 本级. Nothing in a dimension that is not the department.
    Own,
    /// The person's own department and its descendants: 本级及下级. In another tree, the selected
    /// values and their descendants.
    Below,
    /// The selected values.
    Set,
    /// Everything: 所有, 主管.
    #[serde(alias = "supervisor")]
    #[strum(to_string = "all", serialize = "supervisor")]
    All,
    /// The level set on the person; nothing if none is set.
    Person,
}

/// One block of rights.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The API names of objects.
    pub objects: Vec<String>,
    /// The actions.
    pub actions: Vec<Action>,
    /// Opens records whose employees include the person.
    #[serde(default)]
    pub employees: Employees,
    /// Opens records within all controlled dimensions of the object.
    #[serde(default)]
    pub dimensions: bool,
    /// Opens every record.
    #[serde(default)]
    pub open: bool,
}

/// How a text is masked. The masks are ordered: the one that leaves least of a long text comes last. If
/// several apply, the text shows as little as any of them leaves.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Deserialize,
    AsRefStr,
    EnumString,
    VariantNames,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Mask {
    /// The last four characters of a longer text, as of a telephone number: `****1234`.
    End,
    /// The first character, as of a name: `王****`.
    Start,
    /// Nothing: `****`.
    All,
}

impl Mask {
    /// The length from which something of a text is shown, in characters; `None` if nothing ever is.
    pub fn least(self) -> Option<u8> {
        match self {
            Self::End => Some(8),
            Self::Start => Some(2),
            Self::All => None,
        }
    }

    /// The masked text.
    pub fn of(self, text: &str) -> String {
        let length = text.chars().count();
        let long = self.least().is_some_and(|least| length >= usize::from(least));
        match self {
            Self::End if long => {
                format!("****{}", text.chars().skip(length - 4).collect::<String>())
            }
            Self::Start if long => format!("{}****", text.chars().take(1).collect::<String>()),
            _ => "****".to_owned(),
        }
    }
}

/// A role's rights on an object's fields. A field that is not named is shown, and may be
/// changed where records may.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRights {
    /// The API name of the object.
    pub object: String,
    /// Fields that do not exist for the role.
    #[serde(default)]
    pub hidden: Vec<String>,
    /// Text fields of which only a part is shown. The role cannot filter or sort by them.
    #[serde(default)]
    pub masked: BTreeMap<String, Mask>,
    /// Fields that are shown but may not be changed.
    #[serde(default)]
    pub readonly: Vec<String>,
}

/// A named set of rights.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The code by which the role is assigned.
    pub code: String,
    /// Shown name, Chinese.
    pub label: String,
    /// Shown name, English.
    pub label_en: String,
    /// Whether the role may define objects, roles and rights; this opens no record.
    #[serde(default)]
    pub customize: bool,
    /// What the role opens beside records: `DEFINE`, `SHARE_VIEWS`, `DASHBOARDS`.
    #[serde(default)]
    pub may: Vec<RoleCapability>,
    /// The business lines that the role keeps to. A person who holds it has no access to others.
    #[serde(default)]
    pub lines: Vec<String>,
    /// The level of each dimension. A dimension that is not named is closed.
    #[serde(default)]
    pub dimensions: BTreeMap<String, Level>,
    /// The values selected on the role, for levels that it sets itself: ids or picklist names.
    #[serde(default)]
    pub ticked: BTreeMap<String, Vec<String>>,
    /// The rights.
    #[serde(default)]
    pub grants: Vec<Grant>,
    /// Rights on fields.
    #[serde(default)]
    pub fields: Vec<FieldRights>,
    /// The caps on numbers of records.
    #[serde(default)]
    pub caps: Caps,
}

/// The largest numbers of records of guarded objects. Of several roles, the largest cap applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// Records in one operation that prints; no cap by default.
    pub print: Option<u32>,
    /// Records in one operation that exports; no cap by default.
    pub export: Option<u32>,
    /// Distinct records that are read in a window of time; the server's setting by default.
    pub read: Option<u32>,
}

impl Role {
    /// Whether an object of a business line is on the role's side of the wall.
    pub fn keeps_to(&self, line: Option<&str>) -> bool {
        self.lines.is_empty() || line.is_none_or(|line| self.lines.iter().any(|own| own == line))
    }

    /// Whether it lets its holders define objects.
    pub fn defines(&self) -> bool {
        self.customize || self.may.contains(&RoleCapability::Define)
    }

    /// Whether some grant names an object.
    pub fn names(&self, object: &str) -> bool {
        self.grants.iter().any(|grant| grant.objects.iter().any(|known| known == object))
    }

    /// Whether some grant names an object with one of these actions.
    pub fn grants_any(&self, object: &Object, actions: &[Action]) -> bool {
        self.grants.iter().any(|grant| {
            grant.objects.contains(&object.name)
                && grant.actions.iter().any(|action| actions.contains(action))
        })
    }

    /// Whether both roles together leave anything open: they share a business line, or
    /// one of them has no wall.
    pub fn stands_beside(&self, other: &Self) -> bool {
        let alike = self.lines.iter().any(|line| other.lines.contains(line));
        self.lines.is_empty() || other.lines.is_empty() || alike
    }

    /// Parses a role's text.
    pub fn parse(text: &str) -> Result<Self> {
        from_toml(text).map_err(unreadable)
    }
}

/// The error for an invalid role text, with its line and column from 1.
fn unreadable(fault: TomlFault) -> Error {
    match (fault.unheld, fault.place) {
        (true, _) => faults::unheld(fault.message),
        (false, None) => faults::unreadable(fault.message),
        (false, Some((line, column))) => faults::unreadable_at(line, column, fault.message),
    }
}

#[derive(RustEmbed)]
#[folder = "schema/roles/"]
struct Files;

/// The roles that come with the program.
pub fn standard_roles() -> Result<Vec<Role>> {
    Ok(standard_texts()?.into_iter().map(|(role, _)| role).collect())
}

/// The same, each with its text.
pub fn standard_texts() -> Result<Vec<(Role, String)>> {
    let mut paths: Vec<_> = Files::iter().collect();
    paths.sort();
    let texts = paths.iter().filter_map(|path| Files::get(path));
    texts
        .map(|file| {
            let text = String::from_utf8_lossy(&file.data).into_owned();
            Ok((Role::parse(&text)?, text))
        })
        .collect()
}
