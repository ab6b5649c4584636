//! Objects: the business types, standard and custom alike.

use std::collections::HashMap;

use super::field::{Field, FieldIx, FieldType, Label};
use crate::expr::Expr;

/// An object's place in its catalog; meaningless in another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectIx(pub usize);

/// Where a definition came from; decides names in the database and protection, nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A file under `schema/`.
    Standard,
    /// A text an administrator applied.
    Custom,
}

/// The kind of object, as the customization platform knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// A master record.
    Master,
    /// A business document.
    Document,
    /// Set-up data.
    Setup,
    /// The rows of a document.
    Line,
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

/// Fields a list is ordered or filtered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// The index's name in the database.
    pub name: String,
    /// The fields, in index order.
    pub fields: Vec<FieldIx>,
}

/// The lines of a `@responsible` object that hold its related employees.
pub const EMPLOYEES: &str = "relatedEmployees";

/// What of the lines is compared.
pub const STAFF: [&str; 3] = ["employee", "isResponsible", "until"];
/// What each of these lines says of when its record was made, so that an employee's newest are found by index.
pub const RECORDED: &str = "recordedAt";

/// The object whose records are the departments people work in.
pub const DEPARTMENT: &str = "Department";

/// A rule over a whole record.
#[derive(Debug, Clone)]
pub struct RecordCheck {
    /// Must not be false for a saved record.
    pub expr: Expr,
    /// The rule's text, to compare versions by.
    pub text: String,
    /// What a person sees when it does not hold; without it the rule is said in words.
    pub message: Label,
}

/// A business type.
#[derive(Debug, Clone)]
pub struct Object {
    /// Its place in the catalog.
    pub ix: ObjectIx,
    /// Api name, upper camel case.
    pub name: String,
    /// The list's api name; none for lines.
    pub plural: Option<String>,
    /// Shown names.
    pub label: Label,
    /// The definition's description.
    pub description: Option<String>,
    /// Its kind.
    pub kind: ObjectKind,
    /// Where the definition came from.
    pub origin: Origin,
    /// Its table.
    pub table: String,
    /// System fields first, then as defined, inverses last.
    pub fields: Vec<Field>,
    /// Api name to field.
    pub by_name: HashMap<String, FieldIx, foldhash::fast::RandomState>,
    /// Unique keys.
    pub uniques: Vec<Unique>,
    /// Other indexes.
    pub indexes: Vec<Index>,
    /// Rules over the whole record.
    pub checks: Vec<RecordCheck>,
    /// Fields with a formula, each behind those it reads.
    pub formulas: Vec<FieldIx>,
    /// The field that names the parent, for lines.
    pub parent: Option<FieldIx>,
    /// The field whose value names a record to a person.
    pub display: Option<FieldIx>,
    /// Records have responsible and related employees.
    pub responsible: bool,
    /// The field whose employee is always responsible.
    pub owner: Option<FieldIx>,
    /// Controlled dimensions.
    pub dimensions: Vec<Dimension>,
    /// Front systems that show it.
    pub systems: Vec<String>,
    /// The business line it belongs to; none when all share it.
    pub business_line: Option<String>,
    /// Has a workflow.
    pub workflow: bool,
    /// Needs approval.
    pub approval: bool,
    /// Mastered upstream: read-only to ordinary users.
    pub upstream: bool,
}

impl Object {
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

    /// The relations to parents whose rights count by themselves; where a dimension leads to the parent,
    /// it stands for them.
    pub fn parents(&self) -> impl Iterator<Item = (FieldIx, &Field)> {
        let by_dimension = |ix: FieldIx| self.dimensions.iter().any(|known| known.path == [ix]);
        self.each_field().filter(move |(ix, field)| {
            let parent = field.relation().is_some_and(|relation| relation.parent);
            parent && Some(*ix) != self.parent && !by_dimension(*ix)
        })
    }

    /// The field at a place of this object.
    ///
    /// INVARIANT: a `FieldIx` is only made by the resolver, for the object it is used with;
    /// the id field answers for anything else, and is hidden from nobody.
    pub fn field(&self, ix: FieldIx) -> &Field {
        &self.fields[ix.0]
    }

    /// The fields of each index and unique key, in index order.
    pub fn indexed(&self) -> impl Iterator<Item = &[FieldIx]> {
        let uniques = self.uniques.iter().map(|unique| unique.fields.as_slice());
        uniques.chain(self.indexes.iter().map(|index| index.fields.as_slice()))
    }

    /// The field of an api name.
    pub fn named(&self, name: &str) -> Option<(FieldIx, &Field)> {
        let ix = *self.by_name.get(name)?;
        Some((ix, self.field(ix)))
    }

    /// The fields of this object that an expression over its records begins at, each once.
    pub fn read_by(&self, expr: &Expr) -> Vec<FieldIx> {
        let mut read = Vec::new();
        for path in expr.paths() {
            let first = path.first().and_then(|first| self.named(first));
            read.extend(first.map(|(ix, _)| ix).filter(|ix| !read.contains(ix)));
        }
        read
    }

    /// The formulas that read any of some fields, or what is computed of them, in the order in which they are
    /// computed.
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

    /// Every field with its place.
    pub fn each_field(&self) -> impl Iterator<Item = (FieldIx, &Field)> {
        self.fields.iter().enumerate().map(|(ix, field)| (FieldIx(ix), field))
    }

    /// The name of the root field that reads one record: `SampleLoan` -> `sampleLoan`.
    pub fn singular(&self) -> String {
        super::names::camel(&self.name)
    }

    /// The name of what is done with several records: `customers` -> `Customers`.
    pub fn plural_name(&self) -> Option<String> {
        let plural = self.plural.as_deref()?;
        let mut letters = plural.chars();
        let first = letters.next()?.to_ascii_uppercase();
        Some(format!("{first}{}", letters.as_str()))
    }

    /// The single fields that name at most one record and can be given as an argument: `code`.
    pub fn key_fields(&self) -> impl Iterator<Item = (FieldIx, &Field)> {
        self.uniques
            .iter()
            .filter_map(|unique| match unique.fields.as_slice() {
                [one] => Some((*one, self.field(*one))),
                _ => None,
            })
            .filter(|(_, field)| {
                matches!(
                    field.ty,
                    FieldType::Text { .. } | FieldType::AutoNumber(_) | FieldType::Integer
                )
            })
    }
}
