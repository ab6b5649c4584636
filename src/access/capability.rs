//! What a caller may do beside reading and changing records: define objects, share views and dashboards, administer.
//!
//! Pages show what these open. Must not know what is behind each; the places that do it ask.

use serde::Deserialize;
use strum::{AsRefStr, EnumString, VariantNames};

use super::Access;

/// Something to do beside records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsRefStr, EnumString, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Capability {
    /// Define objects and fields.
    Define,
    /// Set what roles, persons and switches open.
    Rights,
    /// Manage accounts.
    People,
    /// Read the audit trail.
    Audit,
    /// Read as someone else.
    ViewAs,
    /// Share saved views with others.
    ShareViews,
    /// Share dashboards with others.
    Dashboards,
}

/// The capabilities that a role's text can give.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, AsRefStr, EnumString, VariantNames,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RoleCapability {
    /// [`Capability::Define`].
    Define,
    /// [`Capability::ShareViews`].
    ShareViews,
    /// [`Capability::Dashboards`].
    Dashboards,
}

impl Access {
    /// Whether the caller may define objects: a role lets them, or they define rights as well.
    pub fn may_define(&self) -> bool {
        self.may_customize() || self.given(RoleCapability::Define)
    }

    /// Whether the caller may share saved views.
    pub fn may_share_views(&self) -> bool {
        self.may_everything() || self.given(RoleCapability::ShareViews)
    }

    /// Whether the caller may share dashboards.
    pub fn may_share_dashboards(&self) -> bool {
        self.may_everything() || self.given(RoleCapability::Dashboards)
    }

    /// Everything that the caller may do beside records, in the order of the enumeration.
    pub fn capabilities(&self) -> Vec<Capability> {
        let administers = self.may_everything();
        let all = [
            (Capability::Define, self.may_define()),
            (Capability::Rights, administers),
            (Capability::People, administers),
            (Capability::Audit, administers),
            (Capability::ViewAs, administers),
            (Capability::ShareViews, self.may_share_views()),
            (Capability::Dashboards, self.may_share_dashboards()),
        ];
        all.into_iter().filter(|(_, may)| *may).map(|(capability, _)| capability).collect()
    }
}
