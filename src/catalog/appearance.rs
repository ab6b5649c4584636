//! How pages show an object among others: its icon, its colour, where its records stand, and what they are on timelines.

use strum::{AsRefStr, EnumIter, EnumString};

use super::ids::FieldIx;

/// The icon and the colour of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Appearance {
    /// The name of an icon, `hand-coins`.
    pub icon: Option<String>,
    /// A colour, `#1677ff`.
    pub color: Option<String>,
}

/// The fields that say where a record stands, as far as the definition names them: columns of boards, days of calendars.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PlaceFields {
    /// In which state it is: a picklist, or a relation as to a sales stage.
    pub state: Option<FieldIx>,
    /// When it begins.
    pub start: Option<FieldIx>,
    /// When it ends.
    pub end: Option<FieldIx>,
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
