//! The parts of a catalog that exist for a caller: objects, fields and actions that rights allow at all.
//!
//! Schemas are built from this, so that hidden elements are neither described nor accepted.

use std::collections::HashSet;

use crate::{
    access::{Access, Action, FieldRule},
    catalog::{Catalog, EMPLOYEES, Field, FieldIx, Object, ObjectKind, Picklist},
    query::STAFF,
    records::handed_by,
};

/// A catalog as one caller may know it.
#[derive(Clone, Copy)]
pub(super) struct Visible<'v> {
    pub(super) catalog: &'v Catalog,
    pub(super) access: &'v Access,
}

impl<'v> Visible<'v> {
    /// Returns the objects that the caller may read.
    pub(super) fn objects(self) -> impl Iterator<Item = &'v Object> {
        self.catalog.objects.iter().filter(move |object| self.access.may(object, Action::Read))
    }

    /// Returns the fields of an object. Omits relations to unreadable objects.
    pub(super) fn fields(self, object: &'v Object) -> impl Iterator<Item = (FieldIx, &'v Field)> {
        object.each_field().filter(move |(ix, field)| {
            let hidden = self.access.field_rule(object.ix, *ix).is_some_and(FieldRule::hidden);
            let target = field.target().map(|target| self.catalog.object(target));
            !hidden && target.is_none_or(|target| self.access.may(target, Action::Read))
        })
    }

    /// Returns the fields for filters and orders: those whose value the caller sees on every record.
    pub(super) fn compared(self, object: &'v Object) -> impl Iterator<Item = (FieldIx, &'v Field)> {
        self.fields(object).filter(move |(ix, _)| self.access.field_rule(object.ix, *ix).is_none())
    }

    /// Whether an object has searchable fields.
    pub(super) fn searches(self, object: &'v Object) -> bool {
        object.kind != ObjectKind::Line && self.compared(object).any(|(_, field)| field.search)
    }

    /// Returns the fields that inputs may contain.
    pub(super) fn written(self, object: &'v Object) -> impl Iterator<Item = (FieldIx, &'v Field)> {
        let given = self.fields(object).filter(|(_, field)| field.writable());
        given.filter(move |(ix, _)| self.access.may_write(object.ix, *ix))
    }

    /// Returns the line object of related employees, if the caller sees the fields of every line that define
    /// them.
    pub(super) fn staff(self, object: &'v Object) -> Option<&'v Object> {
        let (_, lines) = self.compared(object).find(|(_, field)| field.name == EMPLOYEES)?;
        let line = self.catalog.object(lines.target()?);
        let seen = |name: &&str| {
            let told = line.named(name);
            told.is_some_and(|(ix, _)| self.access.field_rule(line.ix, ix).is_none())
        };
        STAFF.iter().all(seen).then_some(line)
    }

    /// Returns the employee object, if the caller may see who is responsible for a record.
    pub(super) fn responsible(self, object: &'v Object) -> Option<&'v Object> {
        let (_, employee) = self.staff(object)?.named("employee")?;
        let employee = self.catalog.object(employee.target()?);
        self.access.may(employee, Action::Read).then_some(employee)
    }

    /// Whether the caller may do this with records. Lines may be changed if their document may.
    pub(super) fn may(self, object: &Object, action: Action) -> bool {
        let head = object.parent.and_then(|parent| object.field(parent).target());
        match (object.kind, head) {
            (ObjectKind::Line, Some(head)) => {
                let head = self.catalog.object(head);
                self.access.may(head, Action::Create) || self.access.may(head, Action::Edit)
            }
            _ => self.access.may(object, action),
        }
    }

    /// Whether the caller may give records to another owner.
    pub(super) fn reassigns(self, object: &Object) -> bool {
        let writes = |owner| self.written(object).any(|(ix, _)| ix == owner);
        self.may(object, Action::Edit) && handed_by(object).is_some_and(writes)
    }

    /// Returns the unique fields for upserts: those that the caller sees on every record and may set.
    pub(super) fn upserted_by(
        self,
        object: &'v Object,
    ) -> impl Iterator<Item = (FieldIx, &'v Field)> {
        let compared = self.compared(object).filter(|(_, field)| field.writable());
        let keys: HashSet<_> = object.key_fields().map(|(ix, _)| ix).collect();
        compared.filter(move |(ix, _)| keys.contains(ix) && self.access.may_write(object.ix, *ix))
    }

    /// Returns the picklists of visible fields.
    pub(super) fn picklists(self) -> impl Iterator<Item = &'v Picklist> {
        let used: HashSet<_> = self
            .objects()
            .flat_map(|object| self.fields(object))
            .filter_map(|(_, field)| field.ty.picklist())
            .collect();
        let known = self.catalog.picklists.iter().enumerate();
        let all = self.access.shape() == 0;
        known
            .filter(move |(ix, _)| all || used.iter().any(|used| used.0 == *ix))
            .map(|(_, list)| list)
    }
}
