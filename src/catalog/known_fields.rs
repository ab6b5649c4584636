//! The fields that the server itself reads and writes: system fields, and those of related employees.

use super::ids::FieldIx;

/// The indexes of an object's system fields besides [`FieldIx::ID`]. Lines have only a line number, other
/// objects all but that. Without operators in the catalog, there are no authors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SystemFields {
    /// Counts the changes of a record, from 1: `version`.
    pub version: Option<FieldIx>,
    /// The place of a line in its document: `lineNo`.
    pub line_no: Option<FieldIx>,
    /// When the record was created: `createdAt`.
    pub created_at: Option<FieldIx>,
    /// The operator who created it: `createdBy`.
    pub created_by: Option<FieldIx>,
    /// When it was last changed: `updatedAt`.
    pub updated_at: Option<FieldIx>,
    /// The operator who changed it last: `updatedBy`.
    pub updated_by: Option<FieldIx>,
}

impl SystemFields {
    /// The fields that every change of a record also changes.
    pub fn touched(self) -> impl Iterator<Item = FieldIx> {
        [self.version, self.updated_at, self.updated_by].into_iter().flatten()
    }

    /// Whether a field tells the version of a record, or who saved it and when. History stores these beside
    /// the changed fields.
    pub fn stamps(self, field: FieldIx) -> bool {
        let created = [self.created_at, self.created_by];
        self.touched().chain(created.into_iter().flatten()).any(|stamp| stamp == field)
    }
}

/// The indexes of the fields of a line with a related employee. All are `None` on other objects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StaffFields {
    /// The employee: `employee`.
    pub employee: Option<FieldIx>,
    /// Whether the employee is responsible for the record: `isResponsible`.
    pub responsible: Option<FieldIx>,
    /// Whether the employee comes first among those: `isPrimary`.
    pub primary: Option<FieldIx>,
    /// Who added the line: `source`.
    pub source: Option<FieldIx>,
    /// The code of the rule that added the line: `rule`.
    pub rule: Option<FieldIx>,
    /// The instant from which it counts: `since`.
    pub since: Option<FieldIx>,
    /// The instant at which it ends: `until`.
    pub until: Option<FieldIx>,
}

impl StaffFields {
    /// The fields that rights and filters compare.
    pub fn compared(self) -> [Option<FieldIx>; 3] {
        [self.employee, self.responsible, self.until]
    }
}
