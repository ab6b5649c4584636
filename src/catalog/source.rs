//! Definition texts, and parsing them to single definitions with their places.
//!
//! Owns SDL syntax; the resolver owns the meaning.

use std::sync::Arc;

use async_graphql_parser::{Error as SyntaxError, Pos, types::TypeDefinition};

use super::{
    diagnostic::Diagnostic,
    messages,
    parsed::{Found, parsed},
    part::DefinitionPart,
};
use crate::base::{Code, Message, duplicate_names::Twice, escapes};

/// The largest definition text, in bytes: some thousands of objects, since all of one's own are one text where they are drafted,
/// compared and rolled back. What a request may bring, `limits.max_body` says.
pub const LARGEST_TEXT: usize = 16 << 20;
/// The deepest nesting of brackets that is passed to the parser, which is recursive.
const DEEPEST: usize = 64;

/// A place in a source.
#[derive(Debug, Clone, Copy)]
pub(super) struct SourcePlace<'a> {
    pub(super) source: &'a DefinitionPart,
    pub(super) pos: Pos,
}

impl SourcePlace<'_> {
    /// A diagnostic at this place.
    pub(super) fn fault(&self, code: Code, message: Message) -> Diagnostic {
        Diagnostic {
            code,
            path: self.source.name.clone(),
            line: self.pos.line,
            column: self.pos.column,
            message,
            hint: None,
        }
    }
}

/// One `type`, `enum` or `extend` of a source.
#[derive(Debug, Clone)]
pub(super) struct Definition<'a> {
    pub(super) source: &'a DefinitionPart,
    pub(super) pos: Pos,
    /// Shared, since each of its members keeps where it comes from.
    pub(super) node: Arc<TypeDefinition>,
}

impl<'a> Definition<'a> {
    pub(super) fn place(&self) -> SourcePlace<'a> {
        self.at(self.pos)
    }

    pub(super) fn at(&self, pos: Pos) -> SourcePlace<'a> {
        SourcePlace { source: self.source, pos }
    }
}

/// Parses all sources. A source that cannot be parsed becomes a diagnostic, and the others continue.
pub(super) fn read<'a>(
    sources: impl Iterator<Item = &'a DefinitionPart>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Definition<'a>> {
    let mut definitions = Vec::new();
    for source in sources {
        let text = escapes::plain(&source.text);
        if let Some(fault) = too_large(source, &text) {
            faults.push(fault);
            continue;
        }
        if text.trim().is_empty() || only_comments(&text) {
            continue;
        }
        match parsed(&text) {
            Ok(tree) => {
                faults.extend(tree.twice.as_ref().map(|twice| given_twice(source, twice)));
                for found in &tree.found {
                    match found {
                        Found::Type(pos, node) => {
                            let node = Arc::clone(node);
                            definitions.push(Definition { source, pos: *pos, node });
                        }
                        Found::Schema(pos) => faults.push(
                            SourcePlace { source, pos: *pos }
                                .fault(Code::CatalogType, messages::no_schema_block()),
                        ),
                        Found::Directive(pos) => {
                            faults.push(SourcePlace { source, pos: *pos }.fault(
                                Code::CatalogDirective,
                                messages::no_directive_definitions(),
                            ));
                        }
                    }
                }
            }
            Err(error) => faults.push(syntax_fault(source, &text, &error)),
        }
    }
    definitions
}

/// Reports an argument or an input field that is given twice, of which the parser would use the last.
fn given_twice(source: &DefinitionPart, twice: &Twice) -> Diagnostic {
    let place = SourcePlace { source, pos: Pos { line: twice.line, column: twice.column } };
    place.fault(Code::CatalogDuplicate, messages::given_twice(twice.name.clone()))
}

fn only_comments(text: &str) -> bool {
    text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

fn too_large(source: &DefinitionPart, text: &str) -> Option<Diagnostic> {
    if text.len() > LARGEST_TEXT {
        let place = SourcePlace { source, pos: Pos { line: 1, column: 1 } };
        return Some(place.fault(Code::CatalogSyntax, messages::too_large(LARGEST_TEXT >> 20)));
    }
    let pos = too_deep(text)?;
    Some(SourcePlace { source, pos }.fault(Code::CatalogSyntax, messages::too_deep()))
}

/// The kind of text around the current character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Definitions,
    Comment,
    Text,
    Block,
}

/// The first bracket that is nested too deep. Brackets in texts and comments do not count.
fn too_deep(text: &str) -> Option<Pos> {
    let mut depth = 0_usize;
    let mut inside = Inside::Definitions;
    let mut escaped = false;
    let mut skip = 0;
    let (mut line, mut column) = (1, 0);
    for (at, c) in text.char_indices() {
        column += 1;
        if c == '\n' {
            (line, column) = (line + 1, 0);
        }
        if skip > 0 {
            skip -= 1;
            continue;
        }
        let block = text.get(at..).is_some_and(|rest| rest.starts_with("\"\"\""));
        match (inside, c) {
            (Inside::Comment, '\n') | (Inside::Text, '\n') => inside = Inside::Definitions,
            (Inside::Text | Inside::Block, _) if escaped => escaped = false,
            (Inside::Text | Inside::Block, '\\') => escaped = true,
            (Inside::Text, '"') => inside = Inside::Definitions,
            (Inside::Block, '"') if block => (inside, skip) = (Inside::Definitions, 2),
            (Inside::Definitions, '"') if block => (inside, skip) = (Inside::Block, 2),
            (Inside::Definitions, '"') => inside = Inside::Text,
            (Inside::Definitions, '#') => inside = Inside::Comment,
            (Inside::Definitions, '{' | '[' | '(') => depth += 1,
            (Inside::Definitions, '}' | ']' | ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(Pos { line, column });
        }
    }
    None
}

fn syntax_fault(source: &DefinitionPart, sent: &str, error: &SyntaxError) -> Diagnostic {
    let pos = error.positions().next().unwrap_or(Pos { line: 1, column: 1 });
    let text = error.to_string();
    // The parser draws the place; the last line of its message has the expectation.
    let last = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    let reason = match last.and_then(|line| line.strip_prefix("= expected ")) {
        Some(rules) => messages::expected(expected(rules)),
        None => messages::not_sdl(),
    };
    let lines = sent.split_inclusive('\n').skip(pos.line.saturating_sub(1));
    let rest: String = lines.flat_map(str::chars).skip(pos.column.saturating_sub(1)).collect();
    let fault = SourcePlace { source, pos }.fault(Code::CatalogSyntax, reason);
    Diagnostic { hint: syntax_hint(last.unwrap_or_default(), &rest), ..fault }
}

/// The parser's names of rules in the words of those who write definitions.
fn expected(rules: &str) -> Message {
    let mut words: Vec<Message> = Vec::new();
    for rule in rules.replace(" or ", ", ").split(", ").map(|rule| rule.trim_matches([' ', ','])) {
        let word = match rule {
            "EOI" => messages::end_of_text(),
            "type_system_definition" => messages::a_definition(),
            "fields_definition" | "enum_values" => messages::a_sign('{'),
            "field_definition" => messages::a_field(),
            "enum_value_definition" => messages::a_list_value(),
            "arguments_definition" => messages::colon_and_type(),
            "const_directive" | "const_directives" => messages::a_directive(),
            "const_arguments" => messages::a_sign('('),
            "const_argument" => messages::an_argument(),
            "const_value" => messages::a_value(),
            "name" => messages::a_name(),
            "type_" => messages::a_type(),
            _ => messages::something_else(),
        };
        if !rule.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => {
            let others = Message::joined(others, (", ", "、"));
            Message::joined(&[others, last.clone()], (" or ", "或"))
        }
        None => messages::something_else(),
    }
}

/// Advice from the text that is found where something else was expected.
fn syntax_hint(expected: &str, rest: &str) -> Option<Message> {
    let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let first = rest.chars().next();
    let hint = match first {
        None if expected.contains("field_definition") || expected.contains("enum_value") => {
            messages::missing_brace()
        }
        None => return None,
        Some('}') if expected.contains("= expected field_definition") => messages::empty_braces(),
        Some('}') => return None,
        Some('\'' | '‘' | '’' | '“' | '”') => messages::double_quotes(),
        Some('"') if expected.contains("const_value") => messages::open_text(),
        Some('"') if !expected.contains("type_system_definition") => messages::unquoted_names(),
        Some(_) if matches!(word.as_str(), "true" | "false" | "null") => messages::no_name(word),
        Some(_) if !word.is_empty() && !word.is_ascii() => messages::ascii_names(word),
        Some('[') if expected.contains("type_") => messages::list_without_spaces(),
        Some('@') if expected.contains("= expected field_definition") => {
            messages::directives_before()
        }
        Some('=') => messages::colon_between(),
        Some(c) if !c.is_ascii() => messages::not_of_language(c),
        Some(_) if expected.contains("type_system_definition") => {
            // The parser refuses a definition from its description on.
            let text = rest.trim_start_matches('"');
            let word = match text.len() == rest.len() {
                true => word,
                false => text.split_once('"').map_or("", |(_, after)| after).to_owned(),
            };
            let word = word.trim_start_matches('"').split_whitespace().next().unwrap_or_default();
            let near = super::names::nearest(word, ["type", "enum", "union", "extend"])?;
            return (near != word).then(|| messages::did_you_mean(near));
        }
        Some(_) => return None,
    };
    Some(hint)
}
