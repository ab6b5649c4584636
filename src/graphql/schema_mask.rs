//! The elements of the whole schema that do not exist for callers of an access shape.
//!
//! One schema serves everyone. With it stands what each element needs, by a number; a shape of access has one
//! bit for each number. What the numbers mean is not known here.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use async_graphql::registry::{MetaEnumValue, MetaField, MetaInputValue, MetaType, Registry};
use indexmap::IndexMap;

use super::meta;

/// What elements need, by the hashes of their names. An element that is not in it exists for everyone.
#[derive(Debug, Default)]
pub(super) struct Elements(HashMap<u64, usize>);

impl Elements {
    /// Notes the number of what an element needs.
    pub(super) fn note(&mut self, element: &[&str], need: usize) {
        self.0.insert(key(element), need);
    }

    /// Gives back room that is not used.
    pub(super) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }
}

/// What does not exist for a shape. By default all exists.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    elements: Arc<Elements>,
    /// A bit for each need that does not hold. Empty if all hold.
    missing: Box<[u64]>,
}

fn key(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// How many needs a word of bits is for.
const WORD: usize = 64;

impl Hidden {
    /// What does not exist where some needs do not hold, given by their numbers.
    pub(super) fn new(elements: &Arc<Elements>, holds: impl Iterator<Item = bool>) -> Self {
        let mut missing = Vec::new();
        for (need, holds) in holds.enumerate() {
            if need.is_multiple_of(WORD) {
                missing.push(0);
            }
            if let (false, Some(word)) = (holds, missing.last_mut()) {
                *word |= 1 << (need % WORD);
            }
        }
        if missing.iter().all(|word| *word == 0) {
            return Self::default();
        }
        Self { elements: Arc::clone(elements), missing: missing.into_boxed_slice() }
    }

    /// Whether an element does not exist.
    pub(super) fn has(&self, element: &[&str]) -> bool {
        if self.missing.is_empty() {
            return false;
        }
        let Some(need) = self.elements.0.get(&key(element)) else { return false };
        self.missing.get(need / WORD).is_some_and(|word| (word >> (need % WORD)) & 1 == 1)
    }

    /// Returns a type if it exists.
    pub(super) fn ty<'r>(&self, registry: &'r Registry, name: &str) -> Option<&'r MetaType> {
        if meta::reserved(name) {
            return meta::types().types.get(name);
        }
        registry.types.get(name).filter(|_| !self.has(&[name]))
    }

    /// Returns an output field if it exists.
    pub(super) fn field<'r>(
        &self,
        registry: &'r Registry,
        ty: &str,
        field: &str,
    ) -> Option<&'r MetaField> {
        if meta::reserved(field) && ty == registry.query_type {
            return meta::types().types.get("Query")?.field_by_name(field);
        }
        let known = self.ty(registry, ty)?.field_by_name(field)?;
        Some(known).filter(|_| !self.has(&[ty, field]))
    }

    /// Returns the output fields of a type that exist.
    pub(super) fn fields<'r>(&self, ty: &'r MetaType) -> impl Iterator<Item = &'r MetaField> {
        let fields = ty.fields().into_iter().flat_map(IndexMap::values);
        fields.filter(|field| !self.has(&[ty.name(), &field.name]))
    }

    /// Returns the arguments of a type's field that exist.
    pub(super) fn args<'r>(
        &self,
        ty: &str,
        field: &'r MetaField,
    ) -> impl Iterator<Item = &'r MetaInputValue> {
        field.args.values().filter(move |arg| !self.has(&[ty, &field.name, &arg.name]))
    }

    /// Returns the fields of an input object that exist.
    pub(super) fn inputs<'r>(&self, ty: &'r MetaType) -> impl Iterator<Item = &'r MetaInputValue> {
        let fields = inputs(ty).into_iter().flat_map(IndexMap::values);
        fields.filter(|field| self.input(ty.name(), &field.name))
    }

    /// Returns the values of an enum that exist.
    pub(super) fn values<'r>(&self, ty: &'r MetaType) -> impl Iterator<Item = &'r MetaEnumValue> {
        let values = values(ty).into_iter().flat_map(IndexMap::values);
        values.filter(|value| !self.has(&[ty.name(), &value.name]))
    }

    /// Whether an enum value exists.
    pub(super) fn value(&self, registry: &Registry, ty: &str, value: &str) -> bool {
        let known = registry.types.get(ty).and_then(values);
        known.is_some_and(|known| known.contains_key(value)) && !self.has(&[ty, value])
    }

    /// Whether a field of an input object exists.
    pub(super) fn input(&self, ty: &str, field: &str) -> bool {
        !self.has(&[ty, field])
    }
}

/// Returns the fields of an input object.
pub(super) fn inputs(ty: &MetaType) -> Option<&IndexMap<String, MetaInputValue>> {
    match ty {
        MetaType::InputObject { input_fields, .. } => Some(input_fields),
        _ => None,
    }
}

pub(super) fn values(ty: &MetaType) -> Option<&IndexMap<String, MetaEnumValue>> {
    match ty {
        MetaType::Enum { enum_values, .. } => Some(enum_values),
        _ => None,
    }
}
