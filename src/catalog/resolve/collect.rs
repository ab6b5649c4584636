//! Stage 1: one definition per name, with its extensions.
//!
//! A later custom definition of a custom name replaces the earlier one; standard names are protected.

use std::collections::{HashMap, HashSet};

use async_graphql_parser::{
    Positioned,
    types::{ConstDirective, EnumValueDefinition, FieldDefinition, ObjectType, TypeKind},
};
use async_graphql_value::Name;

use super::{
    super::{
        diagnostic::Diagnostic,
        messages, names,
        part::Origin,
        source::{Definition, SourcePlace},
    },
    restated,
};
use crate::base::{Code, Message};

/// A type or enum with its extensions.
#[derive(Debug)]
pub(super) struct Collected<'a, M> {
    pub(super) definition: Definition<'a>,
    /// Fields or values, each with the definition that contains it.
    pub(super) members: Vec<(Definition<'a>, Positioned<M>)>,
    /// What a company states anew of standard fields, which is written into them, or of values of a standard picklist.
    pub(super) restated: Vec<(Definition<'a>, Positioned<M>)>,
    /// Directives of extensions, each with the definition that contains it.
    pub(super) extra: Vec<(Definition<'a>, Vec<Positioned<ConstDirective>>)>,
}

impl<'a, M> Collected<'a, M> {
    fn new(definition: Definition<'a>, members: Vec<(Definition<'a>, Positioned<M>)>) -> Self {
        Self { definition, members, restated: Vec::new(), extra: Vec::new() }
    }
}

/// A union with its extensions.
#[derive(Debug)]
pub(super) struct CollectedUnion<'a> {
    pub(super) definition: Definition<'a>,
    /// Its objects, each with the definition that names it.
    pub(super) members: Vec<(Definition<'a>, Positioned<Name>)>,
}

/// Every type, enum and union, in order of first definition.
#[derive(Debug, Default)]
pub(super) struct Definitions<'a> {
    pub(super) types: Vec<Collected<'a, FieldDefinition>>,
    pub(super) enums: Vec<Collected<'a, EnumValueDefinition>>,
    pub(super) unions: Vec<CollectedUnion<'a>>,
    /// Names whose definitions are faulty. References to them are not reported.
    pub(super) refused: HashSet<String>,
}

pub(super) fn collect<'a>(
    definitions: Vec<Definition<'a>>,
    faults: &mut Vec<Diagnostic>,
) -> Definitions<'a> {
    let mut kept = Definitions::default();
    let mut seen: HashMap<String, SourcePlace<'a>> = HashMap::new();
    let (extensions, bases): (Vec<_>, Vec<_>) =
        definitions.into_iter().partition(|definition| definition.node.extend);
    for definition in bases {
        base(definition, &mut kept, &mut seen, faults);
    }
    for definition in extensions {
        extend(definition, &mut kept, faults);
    }
    // Of several texts that state a field anew the last one counts, so that all of them joined say the same.
    for ty in &mut kept.types {
        let name = ty.definition.node.name.node.as_str();
        for (definition, field) in &ty.restated {
            match standard_field(&mut ty.members, field) {
                Some(known) => restated::field(known, definition, field, faults),
                None => faults.push(restated::unknown(name, definition, field)),
            }
        }
    }
    kept
}

fn base<'a>(
    definition: Definition<'a>,
    kept: &mut Definitions<'a>,
    seen: &mut HashMap<String, SourcePlace<'a>>,
    faults: &mut Vec<Diagnostic>,
) {
    let name = definition.node.name.node.to_string();
    let place = definition.at(definition.node.name.pos);
    let generated = place.source.generated();
    if let Some(fault) = names::type_fault(&name).filter(|_| !generated) {
        let hint = names::advice(&name, &names::upper_camel(&name), messages::a_label());
        faults.push(place.fault(Code::CatalogName, fault).hinted(hint));
        kept.refused.insert(name);
        return;
    }
    if let Some(earlier) = seen.get(&name) {
        if generated {
            let message = messages::of_responsible(name);
            let fault = earlier.fault(Code::CatalogDuplicate, message);
            return faults.push(fault.hinted(messages::other_type_name()));
        }
        let replaces = earlier.source.origin == Origin::Custom
            && place.source.origin == Origin::Custom
            && earlier.source.name != place.source.name;
        if !replaces {
            let mut fault = place.fault(Code::CatalogDuplicate, messages::already_defined(&name));
            fault.hint = Some(match earlier.source.origin {
                Origin::Standard => messages::is_standard(name),
                Origin::Custom => messages::other_at(earlier.pos.line),
            });
            faults.push(fault);
            return;
        }
        kept.types.retain(|other| other.definition.node.name.node != name);
        kept.enums.retain(|other| other.definition.node.name.node != name);
        kept.unions.retain(|other| other.definition.node.name.node != name);
    }
    seen.insert(name.clone(), place);
    match definition.node.kind.clone() {
        TypeKind::Object(object) => {
            interfaces(&definition, &object, faults);
            let members = members(&definition, object.fields, |f| &f.name, faults);
            let restated = members.iter().filter(|(_, field)| restated::is_restated(&field.node));
            faults.extend(restated.map(|(place, field)| restated::unknown(&name, place, field)));
            kept.types.push(Collected::new(definition, members));
        }
        TypeKind::Enum(list) => {
            let members = members(&definition, list.values, |v| &v.value, faults);
            kept.enums.push(Collected::new(definition, members));
        }
        TypeKind::Union(union) => {
            let mut collected =
                CollectedUnion { definition: definition.clone(), members: Vec::new() };
            unite(&mut collected, &definition, union.members, faults);
            kept.unions.push(collected);
        }
        _ => {
            kept.refused.insert(name.clone());
            faults.push(place.fault(Code::CatalogType, messages::neither_type_nor_enum(name)));
        }
    }
}

fn interfaces(definition: &Definition<'_>, object: &ObjectType, faults: &mut Vec<Diagnostic>) {
    if let Some(interface) = object.implements.first() {
        faults
            .push(definition.at(interface.pos).fault(Code::CatalogType, messages::no_interfaces()));
    }
}

fn members<'a, M>(
    definition: &Definition<'a>,
    given: Vec<Positioned<M>>,
    name: fn(&M) -> &Positioned<Name>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<(Definition<'a>, Positioned<M>)> {
    let mut kept: Vec<(Definition<'a>, Positioned<M>)> = Vec::new();
    for member in given {
        if kept.iter().any(|(_, other)| name(&other.node).node == name(&member.node).node) {
            faults.push(definition.at(name(&member.node).pos).fault(
                Code::CatalogDuplicate,
                messages::defined_twice(name(&member.node).node.as_str()),
            ));
        } else {
            kept.push((definition.clone(), member));
        }
    }
    kept
}

fn extend<'a>(
    definition: Definition<'a>,
    kept: &mut Definitions<'a>,
    faults: &mut Vec<Diagnostic>,
) {
    let name = definition.node.name.node.to_string();
    let place = definition.at(definition.node.name.pos);
    if kept.refused.contains(&name) {
        return;
    }
    match definition.node.kind.clone() {
        TypeKind::Object(object) => {
            interfaces(&definition, &object, faults);
            if kept.enums.iter().any(|list| list.definition.node.name.node == name) {
                return faults.push(other_kind(place, &name, "enum", messages::is_enum(&name)));
            }
            let Some(target) =
                kept.types.iter_mut().find(|ty| ty.definition.node.name.node == name)
            else {
                let known = kept.types.iter().map(|ty| ty.definition.node.name.node.as_str());
                return faults.push(unknown(place, &name, known));
            };
            let given = members(&definition, object.fields, |f| &f.name, faults);
            let (anew, added): (Vec<_>, Vec<_>) =
                given.into_iter().partition(|(_, field)| restated::is_restated(&field.node));
            merge(&mut target.restated, &name, anew, |f| &f.name, faults);
            merge(&mut target.members, &name, added, |f| &f.name, faults);
            target.extra.push((definition.clone(), definition.node.directives.clone()));
        }
        TypeKind::Enum(list) => {
            if kept.types.iter().any(|ty| ty.definition.node.name.node == name) {
                return faults.push(other_kind(place, &name, "type", messages::is_type(&name)));
            }
            if let Some(directive) = definition.node.directives.first() {
                faults.push(
                    definition
                        .at(directive.pos)
                        .fault(Code::CatalogDirective, messages::no_enum_directives())
                        .hinted(messages::directives_to_values()),
                );
            }
            let Some(target) =
                kept.enums.iter_mut().find(|ty| ty.definition.node.name.node == name)
            else {
                let known = kept.enums.iter().map(|ty| ty.definition.node.name.node.as_str());
                return faults.push(unknown(place, &name, known));
            };
            let given = members(&definition, list.values, |v| &v.value, faults);
            let (anew, added) = given.into_iter().partition(|(_, value)| {
                let standard = |(of, known): &(Definition<'_>, Positioned<EnumValueDefinition>)| {
                    of.source.origin == Origin::Standard
                        && known.node.value.node == value.node.value.node
                };
                definition.source.origin == Origin::Custom && target.members.iter().any(standard)
            });
            merge(&mut target.members, &name, added, |v| &v.value, faults);
            merge(&mut target.restated, &name, anew, |v| &v.value, faults);
        }
        TypeKind::Union(union) => {
            let known = kept.unions.iter_mut();
            let known = known.into_iter().find(|of| of.definition.node.name.node == name);
            match known {
                Some(target) => unite(target, &definition, union.members, faults),
                None => {
                    let known = kept.unions.iter().map(|of| of.definition.node.name.node.as_str());
                    faults.push(unknown(place, &name, known));
                }
            }
        }
        _ => faults.push(place.fault(Code::CatalogType, messages::only_extend())),
    }
}

/// The standard field that another definition is about.
fn standard_field<'m>(
    members: &'m mut [(Definition<'_>, Positioned<FieldDefinition>)],
    field: &Positioned<FieldDefinition>,
) -> Option<&'m mut Positioned<FieldDefinition>> {
    let named = members.iter_mut().find(|(definition, known)| {
        definition.source.origin == Origin::Standard && known.node.name.node == field.node.name.node
    });
    named.map(|(_, known)| known)
}

/// Adds objects to a union.
fn unite<'a>(
    target: &mut CollectedUnion<'a>,
    definition: &Definition<'a>,
    members: Vec<Positioned<Name>>,
    faults: &mut Vec<Diagnostic>,
) {
    for member in members {
        if target.members.iter().any(|(_, known)| known.node == member.node) {
            let message = messages::already_has(
                target.definition.node.name.node.as_str(),
                member.node.as_str(),
            );
            faults.push(definition.at(member.pos).fault(Code::CatalogDuplicate, message));
        } else {
            target.members.push((definition.clone(), member));
        }
    }
}

fn other_kind(place: SourcePlace<'_>, name: &str, kind: &str, message: Message) -> Diagnostic {
    place.fault(Code::CatalogType, message).hinted(messages::write(format!("extend {kind} {name}")))
}

fn unknown<'n>(
    place: SourcePlace<'_>,
    name: &str,
    known: impl Iterator<Item = &'n str>,
) -> Diagnostic {
    let mut fault = place.fault(Code::CatalogType, messages::none_to_extend(name));
    fault.hint = names::nearest(name, known).map(messages::did_you_mean);
    fault
}

fn merge<'a, M>(
    target: &mut Vec<(Definition<'a>, Positioned<M>)>,
    owner: &str,
    given: Vec<(Definition<'a>, Positioned<M>)>,
    name: fn(&M) -> &Positioned<Name>,
    faults: &mut Vec<Diagnostic>,
) {
    for (definition, member) in given {
        let earlier =
            target.iter_mut().find(|(_, m)| name(&m.node).node == name(&member.node).node);
        match earlier {
            // What is generated takes the place of nothing that somebody has written.
            Some(slot)
                if slot.0.source.origin == Origin::Custom
                    && slot.0.source.name != definition.source.name
                    && slot.0.source.generated() == definition.source.generated() =>
            {
                *slot = (definition, member);
            }
            Some(_) => faults.push(definition.at(name(&member.node).pos).fault(
                Code::CatalogDuplicate,
                messages::already_has(owner, name(&member.node).node.as_str()),
            )),
            None => target.push((definition, member)),
        }
    }
}
