//! What a save leaves to the database to refuse: asking before would cost a way there and back, and nearly
//! nothing is refused.

use super::{references::Reference, taken::SaveKeys};

/// What a save leaves to the database to refuse, and what is looked at then.
#[derive(Default)]
pub(super) struct Left {
    /// References that foreign keys check.
    pub(super) references: Vec<Reference>,
    /// What unique keys check.
    pub(super) keys: SaveKeys,
}

impl Left {
    /// Adds what another has left.
    pub(super) fn extend(&mut self, other: Self) {
        self.references.extend(other.references);
        self.keys = std::mem::take(&mut self.keys).with(other.keys);
    }

    /// The same of records that are made within others.
    pub(super) fn within(self, path: impl Iterator<Item = String> + Clone) -> Self {
        let placed = |reference: Reference| Reference {
            path: path.clone().chain(reference.path).collect(),
            ..reference
        };
        let rows = self.keys.rows.into_iter().map(|keys| keys.within(path.clone()));
        let keys = SaveKeys { rows: rows.collect(), removed: self.keys.removed };
        Self { references: self.references.into_iter().map(placed).collect(), keys }
    }
}
