//! Expands a rich text that is searched to a second field with its words.
//!
//! The words are an ordinary formula, so rights, filters, search and history need no code of their own.

use async_graphql_parser::{
    Positioned,
    types::{ConstDirective, FieldDefinition, TypeKind},
};
use async_graphql_value::{ConstValue, Name};

use super::super::{
    diagnostic::Diagnostic,
    messages,
    part::DefinitionPart,
    source::{Definition, SourcePlace},
};
use crate::base::Code;

/// What follows the name of a rich text in that of the field with its words.
const WORDS: &str = "Text";

/// The generated sources that define the words of each searched rich text.
///
/// `body: String @field(type: RICH_TEXT, search: true)` brings `bodyText: String @field(type: LONG_TEXT, search: true)
/// @formula(expr: "plainText(body)")`.
pub(super) fn sources(
    definitions: &[Definition<'_>],
    faults: &mut Vec<Diagnostic>,
) -> Vec<DefinitionPart> {
    let mut sources: Vec<DefinitionPart> = Vec::new();
    for (at, definition) in definitions.iter().enumerate() {
        let TypeKind::Object(object) = &definition.node.kind else { continue };
        if !object.fields.iter().any(|field| words(&field.node).is_some()) {
            continue;
        }
        // A later definition of a company's own replaces an earlier one.
        let replaced = !definition.node.extend
            && definitions.iter().skip(at + 1).any(|later| {
                !later.node.extend && later.node.name.node == definition.node.name.node
            });
        if replaced {
            continue;
        }
        let mut fields = String::new();
        for field in &object.fields {
            let Some(words) = words(&field.node) else { continue };
            let rich = field.node.name.node.as_str();
            match taken(definitions, definition, &format!("{rich}{WORDS}")) {
                Some(place) => {
                    let fault = messages::words_of(rich, format!("{rich}{WORDS}"));
                    let fault = place.fault(Code::CatalogDuplicate, fault);
                    faults.push(fault.hinted(messages::other_api_name()));
                }
                None => fields.push_str(&words),
            }
        }
        if fields.is_empty() {
            continue;
        }
        let name = definition.node.name.node.as_str();
        let text = format!("extend type {name} {{\n{fields}}}\n");
        let path = format!("@words of {name} in {}", definition.source.name);
        sources.push(DefinitionPart::objects(path, text, definition.source.origin));
    }
    sources
}

/// The field of a name that definitions of a type have themselves.
fn taken<'a>(
    definitions: &[Definition<'a>],
    of: &Definition<'_>,
    name: &str,
) -> Option<SourcePlace<'a>> {
    let mut same = definitions.iter().filter(|other| other.node.name.node == of.node.name.node);
    same.find_map(|definition| {
        let TypeKind::Object(object) = &definition.node.kind else { return None };
        let field = object.fields.iter().find(|field| field.node.name.node == name)?;
        Some(definition.at(field.node.name.pos))
    })
}

/// The field with the words of a field, if that is a searched rich text.
fn words(field: &FieldDefinition) -> Option<String> {
    let said = &field.directives.iter().find(|said| said.node.name.node == "field")?.node;
    let rich = argument(said, "type") == Some(&ConstValue::Enum(Name::new("RICH_TEXT")));
    let searched = argument(said, "search") == Some(&ConstValue::Boolean(true));
    if !rich || !searched {
        return None;
    }
    let name = field.name.node.as_str();
    let label = |arg: &str, more: &str| match argument(said, arg) {
        Some(ConstValue::String(label)) => {
            let label = ConstValue::String(format!("{label}{more}"));
            format!(", {arg}: {label}")
        }
        _ => String::new(),
    };
    let max = match argument(said, "max") {
        Some(ConstValue::Number(max)) => format!(", max: {max}"),
        _ => String::new(),
    };
    let labels = format!("{}{}", label("label", "（文字）"), label("labelEn", " (words)"));
    Some(format!(
        "  {name}{WORDS}: String @field(type: LONG_TEXT, search: true{max}{labels}) @formula(expr: \"plainText({name})\")\n"
    ))
}

fn argument<'d>(said: &'d ConstDirective, name: &str) -> Option<&'d ConstValue> {
    let written = |(arg, _): &&(Positioned<Name>, Positioned<ConstValue>)| arg.node == name;
    said.arguments.iter().find(written).map(|(_, value)| &value.node)
}
