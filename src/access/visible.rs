//! The parts of a catalog that exist for a caller: objects, fields and actions that rights allow at all.
//!
//! Schemas are built from this, so that hidden elements are neither described nor accepted.

use std::collections::HashSet;

use super::{Access, Action, FieldRule, RowRule};
use crate::catalog::{
    Catalog, EMPLOYEES, Field, FieldIx, FieldType, MoveRight, Object, ObjectKind,
};

/// A catalog as one caller may know it.
#[derive(Clone, Copy)]
pub struct Visible<'v> {
    /// The whole of it.
    pub catalog: &'v Catalog,
    /// Their rights.
    pub access: &'v Access,
}

impl<'v> Visible<'v> {
    /// Whether an object may be read.
    pub fn reads(self, object: &Object) -> bool {
        self.access.may(object, Action::Read)
    }

    /// The objects that may be read.
    pub fn objects(self) -> impl Iterator<Item = &'v Object> {
        self.catalog.objects.iter().filter(move |object| self.reads(object))
    }

    /// Whether a field is seen on any record; a relation to what may not be read is not, nor a union of nothing else.
    pub fn sees(self, object: &Object, ix: FieldIx) -> bool {
        let hidden = self.access.field_rule(object.ix, ix).is_some_and(FieldRule::hidden);
        let field = object.field(ix);
        let reads = |target| self.reads(self.catalog.object(target));
        !hidden
            && match &field.ty {
                FieldType::Union(known) => {
                    self.catalog.union(known.union).targets.iter().any(|target| reads(*target))
                }
                ty => ty.target().is_none_or(reads),
            }
    }

    /// The fields of an object that are seen.
    pub fn fields(self, object: &'v Object) -> impl Iterator<Item = (FieldIx, &'v Field)> {
        object.known_fields().filter(move |(ix, _)| self.sees(object, *ix))
    }

    /// Whether records can be filtered and sorted by a field: its value is seen on every record.
    pub fn compares(self, object: &Object, ix: FieldIx) -> bool {
        self.access.field_rule(object.ix, ix).is_none() && self.sees(object, ix)
    }

    /// The fields that can be filtered and sorted by.
    pub fn compared(self, object: &'v Object) -> impl Iterator<Item = (FieldIx, &'v Field)> {
        object.known_fields().filter(move |(ix, _)| self.compares(object, *ix))
    }

    /// Whether an object has fields that can be searched.
    pub fn searches(self, object: &'v Object) -> bool {
        object.kind != ObjectKind::Line && self.compared(object).any(|(_, field)| field.search)
    }

    /// Whether inputs may give a field.
    pub fn writes(self, object: &Object, ix: FieldIx) -> bool {
        let writable = object.field(ix).writable() && self.access.may_write(object.ix, ix);
        writable && self.sees(object, ix)
    }

    /// The fields that inputs may give.
    pub fn written(self, object: &'v Object) -> impl Iterator<Item = (FieldIx, &'v Field)> {
        object.known_fields().filter(move |(ix, _)| self.writes(object, *ix))
    }

    /// The lines that say whose a record of an object is, where the caller sees of every line what they say.
    pub fn staff(self, object: &'v Object) -> Option<&'v Object> {
        let (ix, lines) = object.named(EMPLOYEES)?;
        if !self.compares(object, ix) {
            return None;
        }
        let line = self.catalog.object(lines.target()?);
        let seen = |ix| self.access.field_rule(line.ix, ix).is_none();
        line.staff.compared().into_iter().all(|ix| ix.is_some_and(seen)).then_some(line)
    }

    /// The employees as an object, where the caller may see who is responsible for a record.
    pub fn responsible(self, object: &'v Object) -> Option<&'v Object> {
        let (_, employee) = self.staff(object)?.employee()?;
        let employee = self.catalog.object(employee);
        self.access.may(employee, Action::Read).then_some(employee)
    }

    /// Whether records, or lines within their document, may be made or changed.
    pub fn may(self, object: &Object, action: Action) -> bool {
        let head = object.parent.and_then(|parent| object.field(parent).target());
        match (object.kind, head) {
            (ObjectKind::Line, Some(head)) => {
                let head = self.catalog.object(head);
                self.access.may(head, Action::Create) || self.access.may(head, Action::Edit)
            }
            _ => self.access.may(object, action),
        }
    }

    /// Whether a move of an object's records is open on any of them.
    pub fn moves(self, object: &Object, right: MoveRight) -> bool {
        *self.access.move_rule(object, right) != RowRule::None
    }

    /// Whether records can be given another owner.
    pub fn reassigns(self, object: &Object) -> bool {
        let writes = |owner| self.writes(object, owner);
        self.may(object, Action::Edit) && object.owner_field().is_some_and(writes)
    }

    /// The unique fields by which a record is found or made: those that are seen on every record and can be
    /// given.
    pub fn upserted_by(self, object: &'v Object) -> impl Iterator<Item = (FieldIx, &'v Field)> {
        let keys: HashSet<_> = object.key_fields().map(|(ix, _)| ix).collect();
        let given = object.each_field().filter(move |(ix, _)| keys.contains(ix));
        given.filter(move |(ix, _)| self.compares(object, *ix) && self.writes(object, *ix))
    }
}
