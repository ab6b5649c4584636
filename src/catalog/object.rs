//! Objects: the business types, standard and custom alike.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use super::{
    access_key::{AccessKey, Carrier},
    appearance::{Appearance, PlaceFields, TimelineKind},
    behaviour::{APPROVAL_STATE, Approval, FieldFill, Flow, NamedAction, RelateRead, Rule},
    field::{Field, Label},
    field_group::{FieldGroup, place_of},
    ids::{FieldIx, ObjectIx},
    known_fields::{StaffFields, SystemFields},
    part::Origin,
};
use crate::expr::Expr;

/// The kind of an object, as definitions declare it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// A master record.
    Master,
    /// A business document.
    Document,
    /// Set-up data.
    Setup,
    /// The lines of a document.
    Line,
    /// A group of fields that objects take into themselves. It is not among the objects of a catalog.
    DataItem,
}

/// A controlled dimension of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimension {
    /// The dimension's name, `DEPARTMENT`.
    pub name: String,
    /// The fields that lead to its value, `["department"]`.
    pub path: Vec<FieldIx>,
}

/// Fields that together name at most one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    /// The index's name in the database.
    pub name: String,
    /// The fields, in index order.
    pub fields: Vec<FieldIx>,
}

/// Fields by which a list is sorted, filtered or grouped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The index's name in the database.
    pub name: String,
    /// The fields, in index order.
    pub fields: Vec<FieldIx>,
    /// Further fields that groups and counts read from the index alone.
    pub include: Vec<FieldIx>,
    /// The columns that the object's rule reads besides, where fields are included: access keys and their
    /// relations.
    pub carried: Vec<String>,
    /// Only rows with a value of its field are in it. It serves a relation that may be empty and is only ever looked
    /// for by its value, and costs a write without one nothing.
    pub sparse: bool,
}

/// The lines field of a `@responsible` object with its related employees.
pub const EMPLOYEES: &str = "relatedEmployees";

/// What each of these lines says of when its record was made, so that an employee's newest are found by index.
pub const RECORDED: &str = "recordedAt";

/// The object whose records are the departments of employees.
pub const DEPARTMENT: &str = "Department";

/// A rule over a record or one of its fields.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordCheck {
    /// Must not be false for a saved record.
    pub expr: Expr,
    /// The rule's text, to compare versions by.
    pub text: String,
    /// The message if the rule does not hold. Without one, the rule is put into words.
    pub message: Label,
}

/// A picklist field whose values go by another field's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dependent {
    /// The field.
    pub field: FieldIx,
    /// The field on which it depends.
    pub on: FieldIx,
}

/// A relation to records that roll up the records of an object, whoever sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountsFor {
    /// The relation.
    pub via: FieldIx,
    /// The object with the roll-ups.
    pub object: ObjectIx,
    /// The fields that decide the roll-ups: those rolled up, and those of conditions.
    pub reads: Vec<FieldIx>,
}

/// A business type.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its index in the catalog.
    pub ix: ObjectIx,
    /// The API name, upper camel case.
    pub name: String,
    /// The API name of the list; `None` for lines.
    pub plural: Option<String>,
    /// What several of its records are called in English, where the definition says.
    pub plural_label: Option<String>,
    /// The labels.
    pub label: Label,
    /// The definition's description.
    pub description: Option<String>,
    /// Its kind.
    pub kind: ObjectKind,
    /// Where the definition comes from.
    pub origin: Origin,
    /// Its table.
    pub table: String,
    /// System fields first, then as defined, inverses last.
    pub fields: Vec<Field>,
    /// The groups that some of the fields are in.
    pub groups: Vec<FieldGroup>,
    /// Fields by API name.
    pub by_name: HashMap<String, FieldIx, foldhash::fast::RandomState>,
    /// Fields by names that they had and that still lead to them. The resolver knows none: how long a name does is no
    /// part of a definition.
    pub old_names: BTreeMap<String, FieldIx>,
    /// Its system fields.
    pub system: SystemFields,
    /// For lines of related employees: their fields.
    pub staff: StaffFields,
    /// Unique keys.
    pub uniques: Vec<Unique>,
    /// Other indexes.
    pub indexes: Vec<Index>,
    /// Rules over the whole record.
    pub checks: Vec<RecordCheck>,
    /// Fields whose values go by another field's.
    pub dependents: Vec<Dependent>,
    /// Fields with a formula that is stored, each after those that it reads.
    pub formulas: Vec<FieldIx>,
    /// For lines: the field that refers to the document.
    pub parent: Option<FieldIx>,
    /// The field whose value names a record to people.
    pub display: Option<FieldIx>,
    /// The fields that place its records on boards and in calendars, where the definition names them.
    pub places: PlaceFields,
    /// Whether records have responsible and related employees.
    pub responsible: bool,
    /// The field whose employee is always responsible.
    pub owner: Option<FieldIx>,
    /// Controlled dimensions.
    pub dimensions: Vec<Dimension>,
    /// Values of related records that its records carry.
    pub access_keys: Vec<AccessKey>,
    /// The objects whose records carry fields of its records.
    pub carriers: Vec<Carrier>,
    /// The records for whose roll-ups of all related records its records count.
    pub counts_for: Vec<CountsFor>,
    /// The area of a standard object: the file of its definition. `None` for custom objects.
    pub area: Option<String>,
    /// Front systems that show it.
    pub systems: Vec<String>,
    /// Its business line; `None` if all business lines share it.
    pub business_line: Option<String>,
    /// Whether it has a workflow.
    pub workflow: bool,
    /// Whether it needs approval.
    pub approval: bool,
    /// Mastered upstream: read-only to ordinary users.
    pub upstream: bool,
    /// How pages show it among others.
    pub appearance: Appearance,
    /// What its records are on the timelines of those that they refer to; `None` if they are not there.
    pub timeline: Option<TimelineKind>,
    /// Its states and the moves between them.
    pub flow: Option<Box<Flow>>,
    /// Its rules, in the order in which they are carried out.
    pub rules: Vec<Rule>,
    /// What rules that relate employees to records read of its records.
    pub relate_reads: Vec<RelateRead>,
    /// Values that its records take from others.
    pub fills: Vec<FieldFill>,
    /// What can be done with its records by name.
    pub actions: Vec<NamedAction>,
    /// Who has to agree to its records.
    pub approvals: Vec<Approval>,
}

impl Object {
    /// The field with the state of a record's approval, if its records are approved.
    pub fn approval_state(&self) -> Option<FieldIx> {
        if self.approvals.is_empty() {
            return None;
        }
        self.named(APPROVAL_STATE).filter(|(_, field)| field.system).map(|(ix, _)| ix)
    }

    /// Whether an approval begins by itself, without a move.
    pub fn is_submitted(&self) -> bool {
        self.approvals.iter().any(|approval| approval.moves.is_empty())
    }

    /// Whether it is a group of fields that objects take into themselves.
    pub fn is_item(&self) -> bool {
        self.kind == ObjectKind::DataItem
    }

    /// Whether its records are read and written by root fields of their own.
    pub fn has_roots(&self) -> bool {
        !matches!(self.kind, ObjectKind::Line | ObjectKind::DataItem)
    }

    /// The field that names the owner, where records can be handed over.
    pub fn owner_field(&self) -> Option<FieldIx> {
        self.owner.filter(|_| self.responsible)
    }

    /// Whether rights go by the record: reading many of them is watched, printing and exporting them are
    /// rights of their own.
    pub fn guarded(&self) -> bool {
        let controlled = !self.dimensions.is_empty() || self.parents().next().is_some();
        self.kind != ObjectKind::Line && (self.responsible || controlled)
    }

    /// The relations to parents whose rights count by themselves. If a dimension leads to a parent, the
    /// dimension counts instead.
    pub fn parents(&self) -> impl Iterator<Item = (FieldIx, &Field)> {
        let by_dimension = |ix: FieldIx| self.dimensions.iter().any(|known| known.path == [ix]);
        self.each_field().filter(move |(ix, field)| {
            let parent = field.relation().is_some_and(|relation| relation.parent);
            parent && Some(*ix) != self.parent && !by_dimension(*ix)
        })
    }

    /// The field on which the values of a field depend.
    pub fn depends_on(&self, field: FieldIx) -> Option<FieldIx> {
        self.dependents.iter().find(|known| known.field == field).map(|known| known.on)
    }

    /// The access key with the value of a field of the record behind a relation.
    pub fn access_key(&self, via: FieldIx, key: FieldIx) -> Option<&AccessKey> {
        self.access_keys.iter().find(|known| (known.via, known.key) == (via, key))
    }

    /// The field at an index of this object.
    ///
    /// INVARIANT: beside [`FieldIx::ID`], a `FieldIx` is only made by the resolver, for the object it is used
    /// with. An index out of range panics.
    pub fn field(&self, ix: FieldIx) -> &Field {
        &self.fields[ix.0]
    }

    /// The fields of each index and unique key, in index order.
    pub fn indexed(&self) -> impl Iterator<Item = &[FieldIx]> {
        let uniques = self.uniques.iter().map(|unique| unique.fields.as_slice());
        uniques.chain(self.indexes.iter().map(|index| index.fields.as_slice()))
    }

    /// The field with an API name.
    pub fn named(&self, name: &str) -> Option<(FieldIx, &Field)> {
        let ix = *self.by_name.get(name)?;
        Some((ix, self.field(ix)))
    }

    /// The field with an API name, or with a name that it had and that still leads to it. For what callers write;
    /// definitions know fields by their names alone.
    pub fn called(&self, name: &str) -> Option<(FieldIx, &Field)> {
        let old = |name: &str| self.old_names.get(name).copied();
        // A relation of a union goes by the old names of its field.
        let in_union = || {
            let (whole, part) = name.split_once('.')?;
            self.relation_in_union(old(whole)?, part)
        };
        let known = || old(name).or_else(in_union).map(|ix| (ix, self.field(ix)));
        self.named(name).or_else(known)
    }

    /// The field that has always been, whatever it is called: by the first name that it had.
    pub fn stored(&self, name: &str) -> Option<(FieldIx, &Field)> {
        let first = self.named(name).filter(|(_, field)| field.stored == name);
        first.or_else(|| self.each_field().find(|(_, field)| field.stored == name))
    }

    /// Some fields by every name that leads to them: their own names in their order, then old ones.
    pub fn by_every_name<'o>(
        &'o self,
        fields: impl Iterator<Item = (FieldIx, &'o Field)>,
    ) -> Vec<(FieldIx, Cow<'o, Field>)> {
        let mut all: Vec<_> = fields.map(|(ix, field)| (ix, Cow::Borrowed(field))).collect();
        for (name, ix) in &self.old_names {
            if all.iter().any(|(known, _)| known == ix) {
                let field = Field { name: name.clone(), ..self.field(*ix).clone() };
                all.push((*ix, Cow::Owned(field)));
            }
        }
        all
    }

    /// The field that has a name, or had it at any time and no other has it now. For rights, which have to hold of what
    /// was called so.
    pub fn ever_called(&self, name: &str) -> Option<(FieldIx, &Field)> {
        let had = |field: &Field| field.renamed.iter().any(|old| old.name == name);
        self.named(name).or_else(|| self.each_field().find(|(_, field)| had(field)))
    }

    /// Whether a field has a name, or something that lists give rise to, such as `contactsAggregate`.
    pub(super) fn derives(&self, name: &str) -> bool {
        let (group, _) = place_of(name);
        let taken = |group: &str| self.group(group).is_none() && self.named(group).is_some();
        self.named(name.strip_suffix("Aggregate").unwrap_or(name)).is_some()
            || self.named(name).is_some()
            || group.is_none() && self.group(name).is_some()
            || group.is_some_and(taken)
    }

    /// The name that a field has now, if this is an old one.
    pub fn name_now(&self, old: &str) -> Option<&str> {
        self.old_names.get(old).map(|ix| self.field(*ix).name.as_str())
    }

    /// For lines of related employees: the field that names the employee, and the object of employees.
    pub fn employee(&self) -> Option<(FieldIx, ObjectIx)> {
        let ix = self.staff.employee?;
        Some((ix, self.field(ix).target()?))
    }

    /// The fields of this object at which the paths of an expression begin, each once.
    pub fn read_by(&self, expr: &Expr) -> Vec<FieldIx> {
        let mut read = Vec::new();
        for path in expr.paths() {
            let first = path.first().and_then(|first| self.named(first));
            read.extend(first.map(|(ix, _)| ix).filter(|ix| !read.contains(ix)));
        }
        read
    }

    /// The formulas that depend on some fields, directly or over other formulas, in the order in
    /// which they are computed.
    pub fn computed_of(&self, fields: &[FieldIx]) -> Vec<FieldIx> {
        let mut computed = Vec::new();
        for ix in &self.formulas {
            let read = self.field(*ix).formula.as_ref().map(|formula| self.read_by(formula));
            let known = |ix: &FieldIx| fields.contains(ix) || computed.contains(ix);
            if read.is_some_and(|read| read.iter().any(known)) {
                computed.push(*ix);
            }
        }
        computed
    }

    /// All fields with their indexes.
    pub fn each_field(&self) -> impl Iterator<Item = (FieldIx, &Field)> {
        self.fields.iter().enumerate().map(|(ix, field)| (FieldIx(ix), field))
    }

    /// The name of the root field that reads one record: `SampleLoan` -> `sampleLoan`.
    pub fn singular(&self) -> String {
        super::names::camel(&self.name)
    }

    /// The base of names for operations on several records: `customers` -> `Customers`.
    pub fn plural_name(&self) -> Option<String> {
        let plural = self.plural.as_deref()?;
        let mut letters = plural.chars();
        let first = letters.next()?.to_ascii_uppercase();
        Some(format!("{first}{}", letters.as_str()))
    }

    /// The single fields that are a unique key and can be given as an argument: `code`.
    pub fn key_fields(&self) -> impl Iterator<Item = (FieldIx, &Field)> {
        self.uniques
            .iter()
            .filter_map(|unique| match unique.fields.as_slice() {
                [one] => Some((*one, self.field(*one))),
                _ => None,
            })
            .filter(|(_, field)| field.ty.traits().finds && field.place().0.is_none())
    }
}
