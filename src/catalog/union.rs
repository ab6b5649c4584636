//! Unions: relations to a record of one of several objects.
//!
//! A field of a union has a plain to-one relation for each object, `subject.customer` for `subject`. Everything below
//! the API knows only these. The union field itself has no column; it is what people name, and what rights name.

use super::{
    field::{Field, Label},
    field_type::FieldType,
    ids::{FieldIx, ObjectIx, UnionIx},
    object::Object,
    part::Origin,
    snapshot::Catalog,
};

/// A list of objects to whose records a field may refer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Union {
    /// The API name.
    pub name: String,
    /// The labels.
    pub label: Label,
    /// The definition's description.
    pub description: Option<String>,
    /// The objects, in the order of the definition.
    pub targets: Vec<ObjectIx>,
    /// Where the definition comes from.
    pub origin: Origin,
}

/// The type of a field of a union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnionRelation {
    /// The union.
    pub union: UnionIx,
    /// The relations of the same object that stand for the field, one for each object of the union, in its order.
    /// At most one of them has a value.
    pub relations: Vec<FieldIx>,
}

impl Field {
    /// The name of a relation within its union: `customer` of `subject.customer`. Other fields have their own.
    pub fn name_in_union(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }
}

impl Object {
    /// The relations of a union field; none for other fields.
    pub fn relations_of(&self, field: FieldIx) -> &[FieldIx] {
        match &self.field(field).ty {
            FieldType::Union(known) => &known.relations,
            _ => &[],
        }
    }

    /// The field that people know: the union field for one of its relations, any other field itself.
    pub fn whole(&self, field: FieldIx) -> FieldIx {
        self.field(field).of_union.unwrap_or(field)
    }

    /// The relation that a union field has under a name: `customer`.
    pub fn relation_in_union(&self, field: FieldIx, name: &str) -> Option<FieldIx> {
        let mut relations = self.relations_of(field).iter().copied();
        relations.find(|relation| self.field(*relation).name_in_union() == name)
    }

    /// The fields that people know, without the relations that stand for union fields.
    pub fn known_fields(&self) -> impl Iterator<Item = (FieldIx, &Field)> {
        self.each_field().filter(|(_, field)| field.of_union.is_none())
    }
}

impl Catalog {
    /// The union at an index.
    pub fn union(&self, ix: UnionIx) -> &Union {
        &self.unions[ix.0]
    }

    /// Whether a name is that of a union which has an object.
    pub fn unites(&self, union: &str, object: &str) -> bool {
        let mut unions = self.unions.iter().filter(|known| known.name == union);
        unions.any(|known| known.targets.iter().any(|ix| self.object(*ix).name == object))
    }
}
