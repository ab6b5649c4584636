//! Roles as data: which objects and actions they open, and by what each is controlled.
//!
//! A role is a TOML text, a file under `schema/roles/` or what an administrator stored. It names objects
//! and dimensions; what the names mean is the catalog's, who holds the role is not known here.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;
use serde::Deserialize;
use strum::{AsRefStr, EnumIter, EnumString, IntoEnumIterator, VariantNames};

use crate::{
    base::{Code, Error, Message, Result},
    catalog::{Object, quoted_list},
    message,
};

/// The business lines there are, as `schema/directives.graphql` has them.
pub const BUSINESS_LINES: [&str; 3] = ["SALES", "PURCHASING", "FINANCE"];

/// What someone wants to do with records of an object.
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
    /// Make a new one.
    Create,
    /// Change.
    Edit,
    /// Remove.
    Delete,
    /// Print.
    Print,
    /// Take away in a file.
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
    /// What someone does by it, as a verb.
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

    /// What can be done with a record there is, beside seeing it.
    pub fn on_records() -> impl Iterator<Item = Self> {
        Self::iter().filter(|action| !matches!(action, Self::Read | Self::Create))
    }
}

/// Whose records the employees of a record open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Employees {
    /// Being one of them opens nothing.
    #[default]
    None,
    /// Those who are responsible.
    Responsible,
    /// All of them, the responsible ones included.
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
    /// The person's own department, strictly: 本级. Of what is no department, nothing.
    Own,
    /// The person's own department with all that is below it: 本级及下级. Of another tree, the ticked values
    /// with all that is below them.
    Below,
    /// The ticked values.
    Set,
    /// Everything: 所有, 主管.
    #[serde(alias = "supervisor")]
    #[strum(to_string = "all", serialize = "supervisor")]
    All,
    /// What is set on the person, who else has nothing.
    Person,
}

/// One block of rights.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Api names of objects.
    pub objects: Vec<String>,
    /// What may be done.
    pub actions: Vec<Action>,
    /// Records whose employees the person is among.
    #[serde(default)]
    pub employees: Employees,
    /// Records within all controlled dimensions of the object.
    #[serde(default)]
    pub dimensions: bool,
    /// Every record.
    #[serde(default)]
    pub open: bool,
}

/// What is left of a masked text; the one that leaves least of a longer one comes last. Where several hold, what
/// leaves least of the text counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mask {
    /// The last four characters of a longer text, as of a telephone number: `****1234`.
    End,
    /// The first character, as of a name: `王****`.
    Start,
    /// Nothing: `****`.
    All,
}

impl Mask {
    /// Of a text with fewer characters nothing is left; of none, where nothing ever is.
    pub fn least(self) -> Option<u8> {
        match self {
            Self::End => Some(8),
            Self::Start => Some(2),
            Self::All => None,
        }
    }

    /// What is left of a text.
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

/// What a role says of an object's fields; those not named are shown, and changed where records may be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRights {
    /// Api name of the object.
    pub object: String,
    /// Fields that do not exist for the role.
    #[serde(default)]
    pub hidden: Vec<String>,
    /// Text fields of which a part is seen; they cannot be filtered or sorted by.
    #[serde(default)]
    pub masked: BTreeMap<String, Mask>,
    /// Fields that are seen, not changed.
    #[serde(default)]
    pub readonly: Vec<String>,
}

/// A named set of rights.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// What it is assigned by.
    pub code: String,
    /// Shown name, Chinese.
    pub label: String,
    /// Shown name, English.
    pub label_en: String,
    /// May define objects, roles and rights; opens no record.
    #[serde(default)]
    pub customize: bool,
    /// The business lines the role keeps to; whoever holds it has no part in others.
    #[serde(default)]
    pub lines: Vec<String>,
    /// How much of each dimension; one that is not named is closed.
    #[serde(default)]
    pub dimensions: BTreeMap<String, Level>,
    /// Values ticked on the role, for levels it sets itself: ids or picklist names.
    #[serde(default)]
    pub ticked: BTreeMap<String, Vec<String>>,
    /// The rights.
    #[serde(default)]
    pub grants: Vec<Grant>,
    /// Rights on fields.
    #[serde(default)]
    pub fields: Vec<FieldRights>,
    /// How many records at most.
    #[serde(default)]
    pub caps: Caps,
}

/// How many records of guarded objects someone gets; of several roles the largest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// In one operation that prints; no cap unless told.
    pub print: Option<u32>,
    /// In one operation that exports; no cap unless told.
    pub export: Option<u32>,
    /// Different records read in a window of time; the server's setting unless told.
    pub read: Option<u32>,
}

impl Role {
    /// Whether an object of a business line is on the role's side of the wall.
    pub fn keeps_to(&self, line: Option<&str>) -> bool {
        self.lines.is_empty() || line.is_none_or(|line| self.lines.iter().any(|own| own == line))
    }

    /// Whether some grant names an object with one of these actions.
    pub fn grants_any(&self, object: &Object, actions: &[Action]) -> bool {
        self.grants.iter().any(|grant| {
            grant.objects.contains(&object.name)
                && grant.actions.iter().any(|action| actions.contains(action))
        })
    }

    /// Whether both roles together leave something open: neither walls the other off.
    pub fn stands_beside(&self, other: &Self) -> bool {
        let alike = self.lines.iter().any(|line| other.lines.contains(line));
        self.lines.is_empty() || other.lines.is_empty() || alike
    }

    /// Reads a role's text.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|fault| unreadable(text, &fault))
    }
}

/// What is wrong with a role's text, and where: its line and column, from 1.
fn unreadable(text: &str, fault: &toml::de::Error) -> Error {
    let told = fault.message();
    let message = Message::new(told.to_owned(), in_chinese(told));
    let message = match fault.span().and_then(|span| text.get(..span.start)) {
        None => message,
        Some(before) => {
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            message!(
                "line {line}, column {column}: {message}",
                "第 {line} 行第 {column} 列：{message}",
                message,
            )
        }
    };
    Error::of(Code::CatalogSyntax, message)
}

/// What the reader of TOML says, in Chinese. What it is about stands in backticks.
fn in_chinese(told: &str) -> String {
    let names: Vec<_> = told.split('`').skip(1).step_by(2).collect();
    let (first, others) = match names.split_first() {
        Some((first, others)) => (*first, quoted_list(others)),
        None => ("", String::new()),
    };
    let known = |begins: &str| told.starts_with(begins);
    match others.is_empty() {
        false if known("unknown field") => format!("没有键 `{first}`，可用 {others}"),
        false if known("unknown variant") => format!("不能使用 `{first}`，可用 {others}"),
        _ if known("unknown field") => format!("没有键 `{first}`"),
        _ if known("missing field") => format!("缺少键 `{first}`"),
        _ if known("duplicate") => format!("重复：`{first}`"),
        _ if known("invalid type") || known("invalid value") => "值的类型不正确".to_owned(),
        _ => "TOML 无法读取".to_owned(),
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
