//! The directive language: which directives are declared, and how they are read from definitions.
//!
//! The rules come from `schema/directives.graphql` itself, so that file is the only declaration.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use async_graphql_parser::{
    Pos, Positioned, parse_schema,
    types::{
        BaseType, ConstDirective, DirectiveDefinition, DirectiveLocation, Type, TypeKind,
        TypeSystemDefinition,
    },
};
use async_graphql_value::ConstValue;

use super::{
    diagnostic::Diagnostic,
    messages,
    names::{nearest, quoted_list},
    source::Definition,
};
use crate::base::{Code, Message};

/// The directive by which a company states a standard field anew.
pub(super) const STANDARD: &str = "standard";

/// The text of the directive language.
const TEXT: &str = include_str!("../../schema/directives.graphql");

/// The declared directives, and the enums of their arguments.
struct Language {
    directives: HashMap<String, DirectiveDefinition>,
    enums: HashMap<String, Vec<String>>,
    /// Directives that may occur several times at one place. The parser treats every directive as repeatable,
    /// so the word `repeatable` is searched in the text.
    repeatable: HashSet<String>,
}

static LANGUAGE: LazyLock<Language> = LazyLock::new(|| {
    let mut language = Language {
        directives: HashMap::new(),
        enums: HashMap::new(),
        repeatable: TEXT
            .split("directive @")
            .skip(1)
            .filter(|declaration| declaration.contains(" repeatable on "))
            .filter_map(|declaration| declaration.split(['(', ' ']).next().map(str::to_owned))
            .collect(),
    };
    let definitions = parse_schema(TEXT).map(|document| document.definitions).unwrap_or_default();
    for definition in definitions {
        match definition {
            TypeSystemDefinition::Directive(node) => {
                language.directives.insert(node.node.name.node.to_string(), node.node);
            }
            TypeSystemDefinition::Type(node) => {
                if let TypeKind::Enum(list) = &node.node.kind {
                    let values = list.values.iter().map(|v| v.node.value.node.to_string());
                    language.enums.insert(node.node.name.node.to_string(), values.collect());
                }
            }
            TypeSystemDefinition::Schema(_) => {}
        }
    }
    language
});

/// One directive of a definition, with its arguments checked and defaults filled in.
#[derive(Debug, Clone)]
pub(super) struct Applied {
    pub(super) name: String,
    pub(super) pos: Pos,
    /// An argument was refused. A value that seems to be missing may be that one.
    pub(super) faulty: bool,
    args: HashMap<String, Positioned<ConstValue>>,
}

impl Applied {
    /// The position of an argument's value; of the directive, if the argument was not written.
    pub(super) fn at(&self, name: &str) -> Pos {
        self.args.get(name).map_or(self.pos, |value| value.pos)
    }

    /// Whether an argument has a value, written or by default.
    pub(super) fn has(&self, name: &str) -> bool {
        self.args.contains_key(name)
    }

    /// A text argument.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match &self.args.get(name)?.node {
            ConstValue::String(text) => Some(text),
            ConstValue::Enum(value) => Some(value.as_str()),
            _ => None,
        }
    }

    /// A boolean argument; false when absent.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.args.get(name).is_some_and(|value| value.node == ConstValue::Boolean(true))
    }

    /// A whole-number argument.
    pub(super) fn int(&self, name: &str) -> Option<i64> {
        match &self.args.get(name)?.node {
            ConstValue::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    /// A list of names. A single name counts as a list of one.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let one = |value: &ConstValue| match value {
            ConstValue::String(text) => Some(text.clone()),
            ConstValue::Enum(value) => Some(value.to_string()),
            _ => None,
        };
        match self.args.get(name).map(|value| &value.node) {
            Some(ConstValue::List(items)) => items.iter().filter_map(one).collect(),
            Some(single) => one(single).into_iter().collect(),
            None => Vec::new(),
        }
    }
}

/// The directives of one definition.
#[derive(Debug, Clone, Default)]
pub(super) struct Directives(Vec<Applied>);

impl Directives {
    /// The first directive of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Applied> {
        self.0.iter().find(|applied| applied.name == name)
    }

    /// Those of a name alone.
    pub(super) fn only(&self, name: &str) -> Self {
        Self(self.all(name).cloned().collect())
    }

    /// Every directive of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Applied> {
        self.0.iter().filter(move |applied| applied.name == name)
    }
}

/// Reads and checks the directives at one place of a definition.
pub(super) fn read(
    definition: &Definition<'_>,
    written: &[Positioned<ConstDirective>],
    location: DirectiveLocation,
    faults: &mut Vec<Diagnostic>,
) -> Directives {
    let mut directives = Directives::default();
    for directive in written {
        let name = directive.node.name.node.as_str();
        let place = definition.at(directive.pos);
        let Some(declared) = LANGUAGE.directives.get(name) else {
            let known = LANGUAGE.directives.keys().map(String::as_str);
            let mut fault = place.fault(Code::CatalogDirective, messages::no_such_directive(name));
            fault.hint = nearest(name, known).map(messages::did_you_mean_directive);
            faults.push(fault);
            continue;
        };
        if !declared.locations.iter().any(|allowed| allowed.node == location) {
            let places = declared.locations.iter().filter_map(|at| location_name(at.node));
            let places = Message::joined(&places.collect::<Vec<_>>(), (" and ", "和"));
            faults.push(
                place
                    .fault(Code::CatalogDirective, messages::belongs_elsewhere(name))
                    .hinted(messages::belongs_to(places)),
            );
            continue;
        }
        if !LANGUAGE.repeatable.contains(name) && directives.get(name).is_some() {
            faults.push(place.fault(Code::CatalogDirective, messages::stands_twice(name)));
            continue;
        }
        let before = faults.len();
        let args = arguments(definition, &directive.node, declared, directive.pos, faults);
        let needed = declared.arguments.iter().filter(|arg| !arg.node.ty.node.nullable);
        if needed.into_iter().all(|arg| args.contains_key(arg.node.name.node.as_str())) {
            let faulty = faults.len() > before;
            directives.0.push(Applied { name: name.to_owned(), pos: directive.pos, faulty, args });
        }
    }
    directives
}

/// The name of a directive's location in messages.
fn location_name(location: DirectiveLocation) -> Option<Message> {
    match location {
        DirectiveLocation::Object => Some(messages::of_type()),
        DirectiveLocation::FieldDefinition => Some(messages::of_field()),
        DirectiveLocation::Enum => Some(messages::of_enum()),
        DirectiveLocation::EnumValue => Some(messages::of_enum_value()),
        DirectiveLocation::Union => Some(messages::of_union()),
        _ => None,
    }
}

fn arguments(
    definition: &Definition<'_>,
    directive: &ConstDirective,
    declared: &DirectiveDefinition,
    pos: Pos,
    faults: &mut Vec<Diagnostic>,
) -> HashMap<String, Positioned<ConstValue>> {
    let name = declared.name.node.as_str();
    let mut args = HashMap::new();
    let mut refused = Vec::new();
    for (arg, value) in &directive.arguments {
        let place = definition.at(arg.pos);
        let Some(known) = declared.arguments.iter().find(|a| a.node.name.node == arg.node) else {
            let names = declared.arguments.iter().map(|a| a.node.name.node.as_str());
            let mut fault = place
                .fault(Code::CatalogDirective, messages::no_such_argument(name, arg.node.as_str()));
            fault.hint = Some(match nearest(&arg.node, names.clone()) {
                Some(near) => messages::did_you_mean(near),
                None => messages::it_has(quoted_list(names)),
            });
            faults.push(fault);
            continue;
        };
        if let Some(expected) = misfit(&known.node.ty.node, &value.node) {
            faults.push(definition.at(value.pos).fault(
                Code::CatalogDirective,
                messages::argument_takes(arg.node.as_str(), name, expected),
            ));
            refused.push(arg.node.as_str());
            continue;
        }
        // A duplicate argument is reported where the text is parsed.
        args.insert(arg.node.to_string(), value.clone());
    }
    for known in &declared.arguments {
        let key = known.node.name.node.as_str();
        if args.contains_key(key) {
            continue;
        }
        match &known.node.default_value {
            Some(default) => {
                args.insert(key.to_owned(), Positioned::new(default.node.clone(), pos));
            }
            None if !known.node.ty.node.nullable && !refused.contains(&key) => faults.push(
                definition
                    .at(pos)
                    .fault(Code::CatalogDirective, messages::needs_argument(name, key)),
            ),
            None => {}
        }
    }
    args
}

/// The values that the type accepts, if this value does not fit.
fn misfit(ty: &Type, value: &ConstValue) -> Option<Message> {
    if matches!(value, ConstValue::Null) {
        return (!ty.nullable).then(messages::a_value_not_null);
    }
    match (&ty.base, value) {
        (BaseType::List(inner), ConstValue::List(items)) => {
            items.iter().find_map(|item| misfit(inner, item))
        }
        (BaseType::List(inner), single) => misfit(inner, single),
        (BaseType::Named(name), value) => match (name.as_str(), value) {
            ("String", ConstValue::String(_)) | ("Boolean", ConstValue::Boolean(_)) => None,
            ("Int", ConstValue::Number(number)) if number.is_i64() => None,
            ("Name", ConstValue::Enum(_) | ConstValue::String(_)) => None,
            ("Name", _) => Some(messages::a_dimension_name()),
            ("String", _) => Some(messages::a_text_in_quotes()),
            ("Boolean", _) => Some(messages::true_or_false()),
            ("Int", _) => Some(messages::a_whole_number()),
            (list, value) => {
                let known = LANGUAGE.enums.get(list)?;
                match value {
                    ConstValue::Enum(given) if known.iter().any(|k| k == given.as_str()) => None,
                    _ => Some(messages::one_of(quoted_list(known))),
                }
            }
        },
    }
}
