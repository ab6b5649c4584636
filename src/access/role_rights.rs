//! The rights of a role one by one: how much of an object each action opens, and what is said of each field.
//!
//! Several grants of a role add up. What of it has an effect is decided by `grants`; this is what the text says.

use strum::{AsRefStr, EnumIter, EnumString, VariantNames};

use super::role::{Action, Employees, Grant, Mask, Role};
use crate::catalog::place_of;

/// How much of an object's records an action of a role opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsRefStr, EnumString, EnumIter, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum RightLevel {
    /// None.
    None,
    /// Those the person is responsible for.
    Own,
    /// Those whose employees include the person.
    Related,
    /// Those within all controlled dimensions.
    Dimensions,
    /// Those the person is responsible for, and those within all controlled dimensions.
    OwnAndDimensions,
    /// Those whose employees include the person, and those within all controlled dimensions.
    Both,
    /// All.
    All,
}

impl RightLevel {
    /// The level of a block's switches.
    pub(super) fn of(employees: Employees, dimensions: bool, open: bool) -> Self {
        match (open, employees, dimensions) {
            (true, ..) => Self::All,
            (false, Employees::None, false) => Self::None,
            (false, Employees::None, true) => Self::Dimensions,
            (false, Employees::Responsible, false) => Self::Own,
            (false, Employees::Responsible, true) => Self::OwnAndDimensions,
            (false, Employees::Related, false) => Self::Related,
            (false, Employees::Related, true) => Self::Both,
        }
    }

    /// The switches of a block that has this level: employees, dimensions, open.
    pub(super) fn switches(self) -> (Employees, bool, bool) {
        match self {
            Self::None => (Employees::None, false, false),
            Self::Own => (Employees::Responsible, false, false),
            Self::Related => (Employees::Related, false, false),
            Self::Dimensions => (Employees::None, true, false),
            Self::OwnAndDimensions => (Employees::Responsible, true, false),
            Self::Both => (Employees::Related, true, false),
            Self::All => (Employees::None, false, true),
        }
    }

    /// Everything that either opens.
    fn with(self, other: Self) -> Self {
        let (one, other) = (self.switches(), other.switches());
        Self::of(one.0.max(other.0), one.1 || other.1, one.2 || other.2)
    }
}

impl Grant {
    /// How much this block opens of what it names.
    pub(super) fn level(&self) -> RightLevel {
        RightLevel::of(self.employees, self.dimensions, self.open)
    }
}

/// What a role says of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, AsRefStr, EnumString, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum FieldRight {
    /// Nothing: it is shown, and may be changed where records may.
    ReadWrite,
    /// It is shown and kept.
    ReadOnly,
    /// A part of it is shown.
    Masked,
    /// It does not exist.
    Hidden,
}

impl Role {
    /// How much of an object an action opens, and the numbers of the blocks that it comes from, from 1.
    pub fn granted(&self, object: &str, action: Action) -> (RightLevel, Vec<usize>) {
        let (mut level, mut from) = (RightLevel::None, Vec::new());
        for (at, grant) in self.grants.iter().enumerate() {
            if grant.actions.contains(&action) && grant.objects.iter().any(|name| name == object) {
                level = level.with(grant.level());
                from.push(at + 1);
            }
        }
        (level, from)
    }

    /// What the role says of a field of an object, with the mask of a masked one.
    pub fn field_right(&self, object: &str, field: &str) -> (FieldRight, Option<Mask>) {
        let said = || self.fields.iter().filter(|said| said.object == object);
        // What is said of a group is said of each of its fields.
        let group = place_of(field).0;
        let is = |name: &str| name == field || Some(name) == group;
        let names = |list: &[String]| list.iter().any(|name| is(name));
        if said().any(|said| names(&said.hidden)) {
            return (FieldRight::Hidden, None);
        }
        let masks = said().flat_map(|said| &said.masked).filter(|(name, _)| is(name));
        if let Some(mask) = masks.map(|(_, mask)| mask).max() {
            return (FieldRight::Masked, Some(*mask));
        }
        match said().any(|said| names(&said.readonly)) {
            true => (FieldRight::ReadOnly, None),
            false => (FieldRight::ReadWrite, None),
        }
    }

    /// The fields that the role says something of, each once: object and field.
    pub fn named_fields(&self) -> Vec<(&str, &str)> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        for said in &self.fields {
            let names = said.hidden.iter().chain(said.masked.keys()).chain(&said.readonly);
            for name in names {
                let known = (said.object.as_str(), name.as_str());
                if !found.contains(&known) {
                    found.push(known);
                }
            }
        }
        found
    }
}
