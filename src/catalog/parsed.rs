//! Texts of definitions as their syntax trees, kept: a publish reads all texts of a company, of which one has changed.
//!
//! Owns what is kept and how much of it. What a tree means is the resolver's.

use std::sync::{Arc, LazyLock};

use async_graphql_parser::{
    Error as SyntaxError, Pos, parse_schema,
    types::{TypeDefinition, TypeSystemDefinition},
};
use moka::sync::Cache;

use crate::base::duplicate_names::{Twice, twice};

/// The texts whose trees are kept, in bytes of text: those of some thousand objects. A tree is about fifteen times
/// as large as its text.
const KEPT: u64 = 8 << 20;

/// What all companies of the process have parsed. A tree is a function of its text, so it is nobody's own.
static TREES: LazyLock<Cache<String, Arc<Tree>>> = LazyLock::new(|| {
    Cache::builder()
        .max_capacity(KEPT)
        .weigher(|text: &String, _: &Arc<Tree>| u32::try_from(text.len()).unwrap_or(u32::MAX))
        .build()
});

/// One definition of a text, with its place.
#[derive(Debug)]
pub(super) enum Found {
    /// A `type`, `enum` or another definition of a type, or an extension of one.
    Type(Pos, Arc<TypeDefinition>),
    /// A `schema` block.
    Schema(Pos),
    /// A definition of a directive.
    Directive(Pos),
}

/// What a text has in it.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) found: Vec<Found>,
    /// The first name that is given twice at one place, of which the parser uses the last.
    pub(super) twice: Option<Twice>,
}

/// Parses a text, or finds it parsed. What cannot be parsed is not kept.
pub(super) fn parsed(text: &str) -> Result<Arc<Tree>, SyntaxError> {
    if let Some(tree) = TREES.get(text) {
        return Ok(tree);
    }
    let found = parse_schema(text)?.definitions.into_iter().map(|definition| match definition {
        TypeSystemDefinition::Type(node) => Found::Type(node.pos, Arc::new(node.node)),
        TypeSystemDefinition::Schema(node) => Found::Schema(node.pos),
        TypeSystemDefinition::Directive(node) => Found::Directive(node.pos),
    });
    let tree = Arc::new(Tree { found: found.collect(), twice: twice(text) });
    TREES.insert(text.to_owned(), Arc::clone(&tree));
    Ok(tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_parsed_once() {
        let text = "type ParsedOnce { name: String }";
        let first = parsed(text).unwrap();
        assert!(Arc::ptr_eq(&first, &parsed(text).unwrap()));
        assert!(matches!(first.found.as_slice(), [Found::Type(Pos { line: 1, column: 1 }, _)]));
    }

    #[test]
    fn a_fault_is_told_each_time() {
        let text = "type ParsedNever {";
        assert_eq!(parsed(text).unwrap_err().to_string(), parsed(text).unwrap_err().to_string());
    }
}
