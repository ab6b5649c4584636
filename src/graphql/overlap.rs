//! Checks fields with the same response key: they must be the same field with the same arguments.
//!
//! The engine compares only fields in one selection with the same type condition. It misses a field beside a
//! fragment on the same type, and selections below two fields of one key. Every record is a `Node`, and a record of a
//! union where that is selected; other different type conditions never apply to the same record.

use async_graphql::{
    Pos, Positioned,
    parser::types::{ExecutableDocument, Field, Selection, SelectionSet, TypeCondition},
};
use indexmap::IndexMap;

use super::faults;
use crate::base::Result;

/// A field and its type condition. None: the type of the selection itself.
type Seen<'d> = (Option<&'d str>, &'d Positioned<Field>);

/// Refuses different fields with one response key. All fragments must exist and not be recursive. `union` tells
/// whether a type is one.
pub(super) fn check_overlaps(
    document: &ExecutableDocument,
    union: impl Fn(&str) -> bool,
) -> Result<()> {
    let overlaps = Overlaps { document, union: &union };
    for (_, operation) in document.operations.iter() {
        overlaps.check(&[&operation.node.selection_set.node])?;
    }
    Ok(())
}

struct Overlaps<'d> {
    document: &'d ExecutableDocument,
    union: &'d dyn Fn(&str) -> bool,
}

impl<'d> Overlaps<'d> {
    fn check(&self, sets: &[&'d SelectionSet]) -> Result<()> {
        let mut keys: IndexMap<&str, Vec<Seen<'_>>> = IndexMap::new();
        for set in sets {
            self.collect(set, None, &mut keys);
        }
        for (key, seen) in &keys {
            let mut conditions: Vec<_> = seen.iter().map(|(on, _)| *on).collect();
            conditions.sort_unstable();
            conditions.dedup();
            if conditions.len() > 1 {
                // A field without a condition applies together with each of the others.
                conditions.retain(Option::is_some);
            }
            for condition in conditions {
                let together: Vec<_> = seen
                    .iter()
                    .filter(|(on, _)| on.is_none() || *on == condition)
                    .map(|(_, field)| *field)
                    .collect();
                let Some((first, others)) = together.split_first() else { continue };
                for other in others {
                    same(key, first, other)?;
                }
                let below: Vec<_> =
                    together.iter().map(|field| &field.node.selection_set.node).collect();
                self.check(&below)?;
            }
        }
        Ok(())
    }

    fn collect(
        &self,
        set: &'d SelectionSet,
        on: Option<&'d str>,
        keys: &mut IndexMap<&'d str, Vec<Seen<'d>>>,
    ) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    keys.entry(field.node.response_key().node.as_str())
                        .or_default()
                        .push((on, field));
                }
                Selection::InlineFragment(inner) => {
                    let condition = inner.node.type_condition.as_ref();
                    let on = condition.and_then(|condition| self.narrower(&condition.node)).or(on);
                    self.collect(&inner.node.selection_set.node, on, keys);
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) =
                        self.document.fragments.get(&spread.node.fragment_name.node)
                    else {
                        continue;
                    };
                    let on = self.narrower(&fragment.node.type_condition.node).or(on);
                    self.collect(&fragment.node.selection_set.node, on, keys);
                }
            }
        }
    }

    /// Returns the type of a condition. None if every record meets it that there can be.
    fn narrower(&self, condition: &'d TypeCondition) -> Option<&'d str> {
        Some(condition.on.node.as_str()).filter(|on| *on != "Node" && !(self.union)(on))
    }
}

fn same(key: &str, first: &Positioned<Field>, other: &Positioned<Field>) -> Result<()> {
    let (one, two) = (&first.node, &other.node);
    let Pos { line, column } = other.pos;
    if one.name.node != two.name.node {
        let (one, two) = (one.name.node.as_str(), two.name.node.as_str());
        return Err(faults::key_of_two_fields(key, one, two, line, column));
    }
    if one.arguments.len() != two.arguments.len()
        || one
            .arguments
            .iter()
            .any(|(name, value)| two.get_argument(&name.node).is_none_or(|also| also != value))
    {
        return Err(faults::key_of_two_arguments(key, line, column));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn holds(text: &str) -> bool {
        check_overlaps(&parse_query(text).unwrap(), |name| name == "U").is_ok()
    }

    #[test]
    fn one_key_is_one_field() {
        for taken in [
            "{ a b }",
            "{ a a }",
            "{ x: a x: a }",
            "{ x: a(first: 1) { b } x: a(first: 1) { c } }",
            "{ n { ... on A { x: a } ... on B { x: b } } }",
            "{ n { ... on A { ... on Node { x: a } } ... on B { x: b } } }",
            "query($f: Int) { x: a(first: $f) x: a(first: $f) }",
            "{ a { b } a { c } } fragment F on A { z }",
            "{ a { ...F ...F } } fragment F on A { x: b }",
            "{ u { ... on U { x: t } ... on A { x: t } ... on B { y: b } } }",
        ] {
            assert!(holds(taken), "{taken}");
        }
        for refused in [
            "{ x: a x: b }",
            "{ x: a(first: 1) x: a }",
            "{ x: a(first: 1) x: a(first: 2) }",
            "{ x: a(first: 1) x: a(last: 1) }",
            "{ a { x: b } a { x: c } }",
            "{ a { x: b ...F } } fragment F on A { x: c }",
            "{ a { x: b ... { x: c } } }",
            "{ node { ... on Node { x: id } ... on A { x: c } } }",
            "{ node { ... on A { ... on Node { x: id } } ... on A { x: c } } }",
            "{ node { ...F ... on A { x: c } } } fragment F on Node { x: id }",
            "{ a { x: b ... on A { x: c } } }",
            "{ u { ... on U { x: t } ... on A { x: c } } }",
            "{ a { ...F ... on A { x: c } } } fragment F on A { x: b }",
            "{ a { ...F } a { ...G } } fragment F on A { d { x: b } } fragment G on A { d { x: c } }",
        ] {
            assert!(!holds(refused), "{refused}");
        }
    }
}
