//! Bounds a parsed document before planning.
//!
//! Fragments are counted once and multiplied. So a document that expands exponentially is refused in the time
//! it takes to read it.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};

use super::faults;
use crate::base::{
    Error, Result,
    duplicate_names::{Twice, twice},
};

/// Limits of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest document in bytes.
    pub bytes: usize,
    /// Deepest nesting of selections.
    pub depth: usize,
    /// Most fields, with fragments expanded.
    pub fields: usize,
    /// Most root fields.
    pub roots: usize,
    /// Most aliases, with fragments expanded.
    pub aliases: usize,
    /// Most directives, with fragments expanded.
    pub directives: usize,
    /// Default page size.
    pub page: u32,
    /// Largest page size.
    pub max_page: u32,
    /// Most records one root field may write.
    pub bulk: u32,
    /// Most records an operation may touch; page sizes multiply along the path.
    pub cost: u64,
    /// Most conditions of an operation.
    pub conditions: usize,
    /// Most relations that one list may be read over. A whole operation may use ten times as many.
    pub joins: usize,
    /// Most operations of one person at once.
    pub at_once: usize,
    /// How long further operations wait for their turn.
    pub patience: Duration,
    /// Whether clients may read the schema.
    pub introspection: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 200_000,
            depth: 25,
            fields: 2_000,
            roots: 20,
            aliases: 100,
            directives: 50,
            page: 50,
            max_page: 1_000,
            bulk: 5_000,
            cost: 200_000,
            conditions: 500,
            joins: 40,
            at_once: 3,
            patience: Duration::from_secs(25),
            introspection: true,
        }
    }
}

/// The size of an operation with fragments expanded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) fields: usize,
    aliases: usize,
    directives: usize,
    pub(super) depth: usize,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.directives = self.directives.saturating_add(other.directives);
        self.depth = self.depth.max(other.depth);
    }
}

/// Refuses a text that is too long, or nested too deep for the recursive parser.
pub fn check_text(text: &str, limits: &Limits) -> Result<()> {
    if text.len() > limits.bytes {
        return Err(faults::long_document());
    }
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > limits.depth * 3 + 40 {
        return Err(faults::deep_document());
    }
    Ok(())
}

/// Refuses a document that gives a field of an input object twice, because the parser would keep only the
/// last. The engine checks arguments itself.
pub(super) fn check_twice(text: &str) -> Result<()> {
    match twice(text) {
        Some(Twice { name, argument: false, line, column }) => {
            Err(faults::input_field_twice(name, line, column))
        }
        _ => Ok(()),
    }
}

/// Refuses a document above the limits or with recursive fragments. Returns the size of its largest
/// operation.
pub(super) fn check_document(document: &ExecutableDocument, limits: &Limits) -> Result<Size> {
    let mut walk = Walk { document, known: HashMap::new(), open: Vec::new() };
    let mut largest = Size::default();
    for (_, operation) in document.operations.iter() {
        let OperationDefinition { selection_set, directives, .. } = &operation.node;
        let mut size = walk.set(&selection_set.node)?;
        size.directives += directives.len();
        let refuse = |over_limit: bool, fault: fn() -> Error| {
            if over_limit { Err(fault()) } else { Ok(()) }
        };
        refuse(size.depth > limits.depth, faults::deep_document)?;
        refuse(size.fields > limits.fields, faults::many_fields)?;
        refuse(size.aliases > limits.aliases, faults::many_aliases)?;
        refuse(size.directives > limits.directives, faults::many_directives)?;
        let mut roots = HashSet::new();
        walk.roots(&selection_set.node, &mut roots, &mut HashSet::new());
        refuse(selection_set.node.items.len().max(roots.len()) > limits.roots, faults::many_roots)?;
        if size.fields > largest.fields {
            largest = size;
        }
    }
    Ok(largest)
}

struct Walk<'d> {
    document: &'d ExecutableDocument,
    known: HashMap<&'d str, Size>,
    open: Vec<&'d str>,
}

impl<'d> Walk<'d> {
    fn set(&mut self, set: &'d SelectionSet) -> Result<Size> {
        let mut size = Size::default();
        for item in &set.items {
            size.add(match &item.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::InlineFragment(inner) => {
                    let mut size = self.set(&inner.node.selection_set.node)?;
                    size.directives += inner.node.directives.len();
                    size
                }
                Selection::FragmentSpread(spread) => {
                    let mut size = self.fragment(spread.node.fragment_name.node.as_str())?;
                    size.directives += spread.node.directives.len();
                    size
                }
            });
        }
        Ok(size)
    }

    /// Collects the response keys of an operation, including those in fragments. Visits each fragment once.
    fn roots(
        &self,
        set: &'d SelectionSet,
        keys: &mut HashSet<&'d str>,
        into: &mut HashSet<&'d str>,
    ) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    keys.insert(field.node.response_key().node.as_str());
                }
                Selection::InlineFragment(inner) => {
                    self.roots(&inner.node.selection_set.node, keys, into);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let Some(fragment) = self.document.fragments.get(name)
                        && into.insert(name)
                    {
                        self.roots(&fragment.node.selection_set.node, keys, into);
                    }
                }
            }
        }
    }

    fn field(&mut self, field: &'d Field) -> Result<Size> {
        let mut size = self.set(&field.selection_set.node)?;
        size.fields = size.fields.saturating_add(1);
        size.aliases = size.aliases.saturating_add(usize::from(field.alias.is_some()));
        size.directives = size.directives.saturating_add(field.directives.len());
        // Nested list types cost nothing, and tools select `ofType` many levels deep.
        size.depth += usize::from(field.name.node != "ofType");
        Ok(size)
    }

    fn fragment(&mut self, name: &'d str) -> Result<Size> {
        if let Some(size) = self.known.get(name) {
            return Ok(*size);
        }
        if self.open.contains(&name) {
            return Err(faults::fragment_in_itself(name));
        }
        // Validation reports unknown fragments.
        let Some((key, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Size::default());
        };
        self.open.push(key.as_str());
        let size = self.set(&fragment.node.selection_set.node)?;
        self.open.pop();
        self.known.insert(key.as_str(), size);
        Ok(size)
    }
}
