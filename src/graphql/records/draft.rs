//! The draft of a record schema: its types, and what each element needs in order to exist for a caller.
//!
//! The one place where an element meets its need. A whole schema notes the needs. Tests also make narrow ones,
//! which contain only the elements whose needs hold for one caller.

use async_graphql::dynamic::{SchemaBuilder, Type};
use indexmap::IndexSet;

use super::needs::{Need, Needs, Sight};
use crate::{access::Visible, graphql::schema_mask::Elements};

/// A schema in the making.
pub(super) struct SchemaDraft<'c> {
    /// The catalog with all rights. What is in it may be in the schema.
    pub(super) whole: Visible<'c>,
    /// The rights of those whom the schema is for.
    sight: Sight<'c>,
    /// Whether it is for one caller.
    narrow: bool,
    types: Vec<Type>,
    needs: IndexSet<Need>,
    elements: Elements,
}

impl<'c> SchemaDraft<'c> {
    /// A draft for everyone.
    pub(super) fn whole(whole: Visible<'c>) -> Self {
        Self {
            whole,
            sight: Sight::new(whole),
            narrow: false,
            types: Vec::new(),
            needs: IndexSet::new(),
            elements: Elements::default(),
        }
    }

    /// A draft for one caller.
    #[cfg(test)]
    pub(super) fn narrow(whole: Visible<'c>, visible: Visible<'c>) -> Self {
        Self { sight: Sight::new(visible), narrow: true, ..Self::whole(whole) }
    }

    /// Whether the schema has an element: a type, `[type, field]`, `[type, value]` or `[type, field, argument]`.
    pub(super) fn has(&mut self, element: &[&str], need: Need) -> bool {
        if self.narrow {
            return self.holds(&need);
        }
        if need != Need::Nothing {
            let (at, _) = self.needs.insert_full(need);
            self.elements.note(element, at);
        }
        true
    }

    /// Whether a need holds for those whom the schema is for.
    pub(super) fn holds(&self, need: &Need) -> bool {
        need.met(&self.sight)
    }

    /// Adds a type, if the schema has it.
    pub(super) fn register(&mut self, need: Need, ty: impl Into<Type>) {
        let ty = ty.into();
        let name = match &ty {
            Type::Scalar(ty) => ty.type_name(),
            Type::Object(ty) => ty.type_name(),
            Type::InputObject(ty) => ty.type_name(),
            Type::Enum(ty) => ty.type_name(),
            Type::Interface(ty) => ty.type_name(),
            Type::Union(ty) => ty.type_name(),
            Type::Subscription(ty) => ty.type_name(),
            Type::Upload => return,
        };
        let name = name.to_owned();
        if self.has(&[&name], need) {
            self.types.push(ty);
        }
    }

    /// Adds all types to a schema.
    pub(super) fn finish(self, schema: SchemaBuilder) -> (SchemaBuilder, Needs) {
        let schema = self.types.into_iter().fold(schema, SchemaBuilder::register);
        let mut elements = self.elements;
        elements.shrink();
        (schema, Needs::new(self.needs, elements))
    }
}
