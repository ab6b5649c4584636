//! How pages show an object among others: its icon, its colour, and what it is on timelines.

use strum::{AsRefStr, EnumIter, EnumString};

/// The icon and the colour of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Appearance {
    /// The name of an icon, `hand-coins`.
    pub icon: Option<String>,
    /// A colour, `#1677ff`.
    pub color: Option<String>,
}

/// What records of an object are on the timelines of those that they refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsRefStr, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TimelineKind {
    /// What was done or is planned.
    Activity,
    /// A business document.
    Document,
    /// A service.
    Service,
    /// A message.
    Message,
}
