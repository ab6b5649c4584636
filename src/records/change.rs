//! A write command for one record. Knows no rights and no SQL.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{
    base::{Error, Value},
    catalog::{Catalog, FieldIx, Object, ObjectIx},
};

/// A write command for one record with its lines and members.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The object.
    pub object: ObjectIx,
    /// The operation.
    pub op: Op,
}

/// An operation on a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// Create a record.
    Create(Input),
    /// Update a record.
    Update {
        /// Its id.
        id: Uuid,
        /// The new values. Fields that are not given stay.
        patch: Input,
        /// Refuse unless the record has this version.
        expected: Option<i64>,
    },
    /// Delete a record.
    Delete {
        /// Its id.
        id: Uuid,
        /// Refuse unless the record has this version.
        expected: Option<i64>,
    },
}

/// The given values of a record. Null empties a field; a field that is not given stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    /// Values of stored fields. Relations are ids.
    pub values: Vec<(FieldIx, Value)>,
    /// Relations to records that are created together with this one.
    pub nested: Vec<(FieldIx, Input)>,
    /// Changes of owned lines.
    pub lines: Vec<(FieldIx, LineChange)>,
    /// Changes of many-to-many members.
    pub members: Vec<(FieldIx, MemberChange)>,
    /// Fields whose values could not be read, with their faults. Then nothing is written, and these faults
    /// are reported together with all others.
    pub unread: Vec<(FieldIx, Vec<Error>)>,
    /// Save it although it looks like another record, where the rule permits that.
    pub despite_duplicates: bool,
    /// Its state is written as it is given: a move does so, and who brings records with their states.
    pub places_state: bool,
}

impl Input {
    /// The same, saved although it or what is made with it looks like another record.
    #[must_use]
    pub fn despite_duplicates(mut self, despite: bool) -> Self {
        if despite {
            self.despite_duplicates = true;
            let nested = self.nested.into_iter();
            self.nested = nested.map(|(ix, inner)| (ix, inner.despite_duplicates(true))).collect();
        }
        self
    }

    /// Returns the given fields, readable or not.
    pub fn given(&self) -> impl Iterator<Item = FieldIx> {
        let values = self.values.iter().map(|(ix, _)| *ix);
        let nested = self.nested.iter().map(|(ix, _)| *ix);
        let lines = self.lines.iter().map(|(ix, _)| *ix);
        let members = self.members.iter().map(|(ix, _)| *ix);
        values
            .chain(nested)
            .chain(lines)
            .chain(members)
            .chain(self.unread.iter().map(|(ix, _)| *ix))
    }

    /// Returns the faults of all values that could not be read, also in nested inputs.
    pub fn misread(&self, catalog: &Catalog, object: &Object) -> Vec<Error> {
        let within = |faults: Vec<Error>, steps: &[&str]| {
            let placed = |fault: Error| {
                steps.iter().rev().fold(fault, |fault, step| fault.within((*step).to_owned()))
            };
            faults.into_iter().map(placed).collect::<Vec<_>>()
        };
        let name = |ix: &FieldIx| object.field(*ix).name.as_str();
        let of = |ix: &FieldIx, inner: &Self| {
            let target = object.field(*ix).target().map(|target| catalog.object(target));
            target.map(|target| inner.misread(catalog, target)).unwrap_or_default()
        };
        let mut found: Vec<_> = self.unread.iter().flat_map(|(_, faults)| faults.clone()).collect();
        for (ix, inner) in &self.nested {
            found.extend(within(of(ix, inner), &[name(ix), "create"]));
        }
        for (ix, change) in &self.lines {
            for (at, line) in change.create.iter().enumerate() {
                let at = at.to_string();
                found.extend(within(of(ix, line), &[name(ix), "create", &at]));
            }
            for (at, (_, line)) in change.update.iter().enumerate() {
                let at = at.to_string();
                found.extend(within(of(ix, line), &[name(ix), "update", &at]));
            }
        }
        found
    }

    /// How deep created records are nested.
    pub fn depth(&self) -> usize {
        let nested = self.nested.iter().map(|(_, inner)| inner.depth() + 1).max();
        let lines =
            self.lines.iter().flat_map(|(_, change)| change.inputs()).map(Self::depth).max();
        nested.max(lines).unwrap_or(0)
    }
}

impl LineChange {
    /// The inputs of new and changed lines.
    pub fn inputs(&self) -> impl Iterator<Item = &Input> {
        self.create.iter().chain(self.update.iter().map(|(_, patch)| patch))
    }
}

/// Changes of a record's lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LineChange {
    /// New lines, appended in order.
    pub create: Vec<Input>,
    /// Changed lines.
    pub update: Vec<(Uuid, Input)>,
    /// Lines to remove.
    pub delete: Vec<Uuid>,
}

/// Changes of a record's many-to-many members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemberChange {
    /// Replace all members by these.
    pub set: Option<Vec<Uuid>>,
    /// Add these.
    pub add: Vec<Uuid>,
    /// Remove these.
    pub remove: Vec<Uuid>,
}

impl MemberChange {
    /// Returns the effective change if these members exist already: what to add and what to remove. A member
    /// that is both added and removed is kept.
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
