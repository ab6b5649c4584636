//! The parts of the whole schema that exist for callers of an access shape.
//!
//! One schema serves everyone. For each shape only the hidden parts are stored.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use async_graphql::registry::{MetaEnumValue, MetaField, MetaInputValue, MetaType, Registry};
use indexmap::IndexMap;

use super::meta;

/// Hashes of the names that do not exist for a shape.
#[derive(Debug, Default)]
pub(super) struct Hidden(HashSet<u64>);

fn key(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

impl Hidden {
    /// Returns the parts of the whole schema that a narrower one lacks.
    pub(super) fn between(whole: &Registry, narrow: &Registry) -> Self {
        let mut hidden = HashSet::new();
        for (name, ty) in &whole.types {
            let Some(there) = narrow.types.get(name) else {
                hidden.insert(key(&[name]));
                continue;
            };
            for (field, known) in ty.fields().into_iter().flatten() {
                match there.field_by_name(field) {
                    None => {
                        hidden.insert(key(&[name, field]));
                    }
                    Some(there) => {
                        let lacks = |arg: &&String| !there.args.contains_key(arg.as_str());
                        let args = known.args.keys().filter(lacks);
                        hidden.extend(args.map(|arg| key(&[name, field, arg])));
                    }
                }
            }
            if let (Some(values), Some(there)) = (values(ty), values(there)) {
                let lacks = |value: &&String| !there.contains_key(value.as_str());
                hidden.extend(values.keys().filter(lacks).map(|value| key(&[name, value])));
            }
            if let (Some(inputs), Some(there)) = (inputs(ty), inputs(there)) {
                let lacks = |field: &&String| !there.contains_key(field.as_str());
                hidden.extend(inputs.keys().filter(lacks).map(|field| key(&[name, field])));
            }
        }
        hidden.shrink_to_fit();
        Self(hidden)
    }

    /// Whether a part does not exist.
    pub(super) fn has(&self, parts: &[&str]) -> bool {
        !self.0.is_empty() && self.0.contains(&key(parts))
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
