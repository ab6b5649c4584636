//! The write wish: what shall become of one record. No rights, no SQL.

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::{
    base::{Error, Value},
    catalog::{Catalog, FieldIx, Object, ObjectIx},
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
    /// Fields whose values could not be read, with what is wrong in them. Nothing is written then, and what else is
    /// wrong is told along with it.
    pub unread: Vec<(FieldIx, Vec<Error>)>,
}

impl Input {
    /// The fields that are given, whether or not their values can be read.
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

    /// Everything in it that could not be read, also in what is made within it.
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
