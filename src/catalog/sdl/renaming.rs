//! The name of a field in its own definition, and what the definition says of the names that it had.

use std::ops::Range;

use super::{
    edit::{EditFault, member, name_of, quoted, replaced},
    outline::{DefinitionOutline, DirectiveOutline},
};

/// The directive that says what a field was called.
const RENAMED: &str = "renamed";

/// What changes at the definition of a field that gets another name; with `known` it says what it was called.
pub(in crate::catalog) fn renamed_member(
    text: &str,
    units: &[DefinitionOutline],
    (object, field): (&str, &str),
    to: &str,
    known: bool,
) -> Result<Vec<(Range<usize>, String)>, EditFault> {
    if name_of(&format!("{to}: Int"))? != to {
        return Err(EditFault::Step);
    }
    let (_, member) = member(units, object, field)?;
    let mut changes = vec![(member.named.clone(), to.to_owned())];
    let said = || member.directives.iter().filter(|directive| directive.name == RENAMED);
    if known && !said().any(|directive| is_from(text, directive, field)) {
        // The first one names its column, so that this one comes last.
        let at = said().next_back().map_or(member.typed, |last| last.range.end);
        changes.push((at..at, format!(" @{RENAMED}(from: {})", quoted(field))));
    }
    Ok(changes)
}

/// The text in which an old name of a field leads to it no longer.
pub(super) fn without_old_name(
    text: &str,
    units: &[DefinitionOutline],
    (object, field): (&str, &str),
    name: &str,
) -> Result<String, EditFault> {
    let (_, member) = member(units, object, field)?;
    let said = member.directives.iter().filter(|directive| directive.name == RENAMED);
    let mut said = said.filter(|directive| is_from(text, directive, name));
    let unknown = || EditFault::NoField(object.to_owned(), name.to_owned());
    let range = said.next().ok_or_else(unknown)?.range.clone();
    let dropped = format!("@{RENAMED}(from: {}, dropped: true)", quoted(name));
    Ok(replaced(text, range, &dropped))
}

fn is_from(text: &str, directive: &DirectiveOutline, name: &str) -> bool {
    let from = directive.arguments.iter().find(|(argument, _)| argument == "from");
    from.and_then(|(_, range)| text.get(range.clone())).is_some_and(|from| from == quoted(name))
}
