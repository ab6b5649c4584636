//! Which layout it is: of an object, of a kind, for a role, in a state. And which of several counts.
//!
//! Must not know what layouts show.

use serde::Deserialize;
use strum::{AsRefStr, EnumIter, EnumString, VariantNames};

/// The kind of a page, or of a part of one.
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
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum LayoutKind {
    /// Records in rows.
    List,
    /// One record.
    Detail,
    /// One record in a form.
    Edit,
    /// Records in columns by their state.
    Board,
    /// Records by their days.
    Calendar,
    /// A record in three lines, where it is picked or referred to.
    Card,
    /// One record on paper.
    Print,
}

impl LayoutKind {
    /// Whether it shows fields of many records in columns. The others show one record in sections.
    pub fn has_columns(self) -> bool {
        matches!(self, Self::List | Self::Board | Self::Calendar | Self::Card)
    }
}

/// What a layout is for. No two layouts have the same key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LayoutKey {
    /// The API name of the object.
    pub object: String,
    /// The kind.
    pub kind: LayoutKind,
    /// The code of the only role that it is for.
    pub role: Option<String>,
    /// The only state of records that it is for.
    pub state: Option<String>,
}

impl LayoutKey {
    /// The key of a layout for everyone.
    pub fn plain(object: &str, kind: LayoutKind) -> Self {
        Self { object: object.to_owned(), kind, role: None, state: None }
    }

    /// What tells it from other layouts of the object: `DETAIL@salesperson#SHIPPED`.
    pub fn variant(&self) -> String {
        let role = self.role.as_ref().map(|role| format!("@{role}")).unwrap_or_default();
        let state = self.state.as_ref().map(|state| format!("#{state}")).unwrap_or_default();
        format!("{}{role}{state}", self.kind.as_ref())
    }

    /// Its name among all layouts: `SalesOrder.DETAIL@salesperson#SHIPPED`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.object, self.variant())
    }
}

/// The layout that counts for a caller with some roles, for records in a state: the first of these that there is.
/// Role and state, role, state, neither. Of several roles of the caller, the one whose code comes first.
pub fn preferred<'k, T>(
    known: &'k [T],
    key: impl Fn(&T) -> &LayoutKey,
    object: &str,
    kind: LayoutKind,
    roles: &[String],
    state: Option<&str>,
) -> Option<&'k T> {
    let fits = |layout: &&T| {
        let key = key(layout);
        let role = key.role.as_ref().is_none_or(|role| roles.contains(role));
        let state = key.state.as_deref().is_none_or(|own| Some(own) == state);
        key.object == object && key.kind == kind && role && state
    };
    known.iter().filter(fits).min_by_key(|layout| {
        let key = key(layout);
        (key.role.is_none(), key.state.is_none(), key.role.clone())
    })
}
