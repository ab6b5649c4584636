//! The write wish: what shall become of one record. No rights, no SQL.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{
    base::Value,
    catalog::{FieldIx, ObjectIx},
};

/// A wish to write one record with what it owns.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The object.
    pub object: ObjectIx,
    /// What to do.
    pub op: Op,
}

/// What to do with a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// Make one.
    Create(Input),
    /// Change one.
    Update {
        /// Which.
        id: Uuid,
        /// What of it; fields not given stay.
        patch: Input,
        /// Refuse unless the record has this version.
        expected: Option<i64>,
    },
    /// Remove one.
    Delete {
        /// Which.
        id: Uuid,
        /// Refuse unless the record has this version.
        expected: Option<i64>,
    },
}

/// The given values of a record. A field given as null is emptied; one not given is left alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    /// Values of stored fields; relations by id.
    pub values: Vec<(FieldIx, Value)>,
    /// Relations to records that are made with this one.
    pub nested: Vec<(FieldIx, Input)>,
    /// Changes of owned lines.
    pub lines: Vec<(FieldIx, LineChange)>,
    /// Changes of many-to-many members.
    pub members: Vec<(FieldIx, MemberChange)>,
}

impl Input {
    /// How deep records are made within this one.
    pub fn depth(&self) -> usize {
        let nested = self.nested.iter().map(|(_, inner)| inner.depth() + 1).max();
        let lines =
            self.lines.iter().flat_map(|(_, change)| change.inputs()).map(Self::depth).max();
        nested.max(lines).unwrap_or(0)
    }
}

impl LineChange {
    /// What new and changed lines are given.
    pub fn inputs(&self) -> impl Iterator<Item = &Input> {
        self.create.iter().chain(self.update.iter().map(|(_, patch)| patch))
    }
}

/// Changes of a record's lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LineChange {
    /// New lines, in order, behind those there are.
    pub create: Vec<Input>,
    /// Changed lines.
    pub update: Vec<(Uuid, Input)>,
    /// Lines to remove.
    pub delete: Vec<Uuid>,
}

/// Changes of a record's many-to-many members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberChange {
    /// Exactly these, in place of all there are.
    pub set: Option<Vec<Uuid>>,
    /// These too.
    pub add: Vec<Uuid>,
    /// Not these.
    pub remove: Vec<Uuid>,
}

impl MemberChange {
    /// What it comes to where some are there already: those that come and those that go. What is both added
    /// and removed is there in the end.
    #[must_use]
    pub fn of(&self, there: &[Uuid]) -> Self {
        let there: BTreeSet<_> = there.iter().copied().collect();
        let mut all = match &self.set {
            Some(set) => set.iter().copied().collect::<BTreeSet<_>>(),
            None => there.clone(),
        };
        for id in &self.remove {
            all.remove(id);
        }
        all.extend(&self.add);
        let add = all.difference(&there).copied().collect();
        let remove = there.difference(&all).copied().collect();
        Self { set: None, add, remove }
    }
}
