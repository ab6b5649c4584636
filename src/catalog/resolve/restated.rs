//! What a company states anew of standard fields and objects: other labels and help, an icon, whether a field is hidden.
//! Everything else of them is what the program relies on, and stays.
//!
//! A field is named within `extend type`, with its type and `@standard`; an object has `@object` on the extension. Without
//! the directive a field is one of one's own, which keeps its name should the program bring one that is called so.

use async_graphql_parser::{
    Positioned,
    types::{ConstDirective, DirectiveLocation, FieldDefinition},
};
use async_graphql_value::Name;

use super::{
    super::{
        diagnostic::Diagnostic,
        directive::{self, Applied, Directives, STANDARD},
        field::{Field, Label},
        field_type::FieldType,
        ids::{FieldIx, ObjectIx},
        messages, names,
        object::Object,
        part::Origin,
        snapshot::Catalog,
        source::{Definition, SourcePlace},
    },
    Stages, appearance,
    collect::Definitions,
};
use crate::base::{Code, Message, text::tidy};

/// The directive in which the program says the same.
const FIELD: &str = "field";
/// What a company may state of a standard object.
const OF_OBJECTS: [&str; 8] =
    ["label", "labelEn", "pluralLabelEn", "icon", "color", "stateField", "startField", "endField"];

/// Writes what is stated anew of a standard field into its definition.
pub(super) fn field(
    known: &mut Positioned<FieldDefinition>,
    definition: &Definition<'_>,
    anew: &Positioned<FieldDefinition>,
    faults: &mut Vec<Diagnostic>,
) {
    let name = anew.node.name.node.as_str();
    if known.node.ty.node != anew.node.ty.node {
        let place = definition.at(anew.node.ty.pos);
        let message = messages::standard_type_stays(name, known.node.ty.node.to_string());
        faults.push(place.fault(Code::CatalogType, message));
        return;
    }
    let (place, given) = (DirectiveLocation::FieldDefinition, &anew.node.directives);
    directive::read(definition, given, place, faults);
    if let Some(unfit) = given.iter().find(|said| said.node.name.node != STANDARD) {
        let unfit = &unfit.node.name;
        let message = messages::standard_field_keeps(name, unfit.node.as_str());
        faults.push(definition.at(unfit.pos).fault(Code::CatalogDirective, message));
        return;
    }
    if anew.node.description.is_some() {
        known.node.description.clone_from(&anew.node.description);
    }
    for said in given {
        put(&mut known.node.directives, said);
    }
}

/// Whether a company states a standard field anew.
pub(super) fn is_restated(field: &FieldDefinition) -> bool {
    field.directives.iter().any(|said| said.node.name.node == STANDARD)
}

/// The fault of what is said of a standard field that is not there.
pub(super) fn unknown(
    object: &str,
    definition: &Definition<'_>,
    field: &Positioned<FieldDefinition>,
) -> Diagnostic {
    let name = &field.node.name;
    let message = messages::no_standard_field(object, name.node.as_str());
    definition.at(name.pos).fault(Code::CatalogType, message)
}

/// Puts arguments in place of those that `@field` has.
fn put(directives: &mut Vec<Positioned<ConstDirective>>, said: &Positioned<ConstDirective>) {
    let mut named = directives.iter_mut();
    let Some(known) = named.find(|known| known.node.name.node == FIELD) else {
        let mut said = said.clone();
        said.node.name.node = Name::new(FIELD);
        return directives.push(said);
    };
    for (argument, value) in &said.node.arguments {
        let mut has = known.node.arguments.iter_mut();
        match has.find(|(known, _)| known.node == argument.node) {
            Some((_, known)) => *known = value.clone(),
            None => known.node.arguments.push((argument.clone(), value.clone())),
        }
    }
}

/// Gives an object what an extension of a company states of it; of one's own objects, `@object` stands at the definition.
pub(super) fn object<'a>(
    object: &mut Object,
    extension: &Definition<'a>,
    said: &Applied,
    written: &[Positioned<ConstDirective>],
    work: &mut Stages<'a>,
) {
    if object.origin != Origin::Standard || extension.source.origin != Origin::Custom {
        let fault = extension.at(said.pos);
        work.fault(fault.fault(Code::CatalogDirective, messages::no_extension_object()));
        return;
    }
    let own = written.iter().filter(|known| known.node.name.node == "object");
    let mut arguments = own.flat_map(|known| known.node.arguments.iter().map(|(name, _)| name));
    if let Some(unfit) = arguments.find(|name| !OF_OBJECTS.contains(&name.node.as_str())) {
        let message = messages::standard_object_keeps(&object.name, unfit.node.as_str());
        let fault = extension.at(unfit.pos).fault(Code::CatalogDirective, message);
        work.hinted(fault, messages::may_be_stated(names::quoted_list(OF_OBJECTS)));
        return;
    }
    let text = |argument| said.text(argument).map(tidy);
    let label = Label { zh: text("label"), en: text("labelEn") };
    object.label =
        Label { zh: label.zh.or(object.label.zh.take()), en: label.en.or(object.label.en.take()) };
    // Several accounts are not called customers.
    object.plural_label =
        text("pluralLabelEn").or_else(|| text("labelEn")).or(object.plural_label.take());
    let shown = appearance::appearance(said, extension.place(), work);
    object.appearance.icon = shown.icon.or(object.appearance.icon.take());
    object.appearance.color = shown.color.or(object.appearance.color.take());
}

/// Checks which fields are hidden, and finds the fields of states and days. Runs when all fields and keys are known.
pub(super) fn resolve<'a>(collected: &Definitions<'a>, work: &mut Stages<'a>) {
    for at in 0..work.catalog.objects.len() {
        let ix = ObjectIx(at);
        for (place, directives) in work.object_directives[at].clone() {
            appearance::places(ix, place, &directives, work);
        }
        for field in hidden_of(work.catalog.object(ix)).collect::<Vec<_>>() {
            let object = work.catalog.object(ix);
            let Some(reason) = relied_on(object, object.field(field)) else { continue };
            let Some(place) = hiding(collected, work, (ix, field)) else { continue };
            let fault = place.fault(Code::CatalogDirective, reason);
            work.hinted(fault, messages::hide_by_roles());
        }
    }
}

fn hidden_of(object: &Object) -> impl Iterator<Item = FieldIx> {
    object.each_field().filter(|(_, field)| field.hidden).map(|(ix, _)| ix)
}

/// The fields of a catalog that nobody but administrators sees.
pub(super) fn hidden(catalog: &Catalog) -> Vec<(ObjectIx, FieldIx)> {
    let of = |object: &Object| hidden_of(object).map(|ix| (object.ix, ix)).collect::<Vec<_>>();
    catalog.objects.iter().flat_map(of).collect()
}

/// The place that hides a field: where a company states it anew, or its definition.
fn hiding<'a>(
    collected: &Definitions<'a>,
    work: &Stages<'a>,
    (object, field): (ObjectIx, FieldIx),
) -> Option<SourcePlace<'a>> {
    let name = work.catalog.object(object).field(field).name.as_str();
    let anew = collected.types.get(object.0).into_iter().flat_map(|ty| &ty.restated);
    let mut anew = anew.filter(|(_, known)| known.node.name.node == name);
    if let Some((definition, known)) = anew.next_back() {
        return Some(definition.at(known.node.name.pos));
    }
    let (place, said) = work.fields.get(&(object, field))?;
    let pos = said.get("field").map_or(place.pos, |said| said.at("hidden"));
    Some(SourcePlace { pos, ..*place })
}

/// Why a field cannot be hidden from everyone.
fn relied_on(object: &Object, field: &Field) -> Option<Message> {
    let (ix, known) = object.named(&field.name)?;
    let leads = object.dimensions.iter().any(|dimension| dimension.path.first() == Some(&ix));
    let parent = matches!(&known.ty, FieldType::Relation(relation) if relation.parent);
    if object.display == Some(ix) {
        Some(messages::hidden_names_records(&field.name))
    } else if leads
        || parent
        || object.owner == Some(ix)
        || object.rights_rest_on().any(|(of, _)| of == ix)
    {
        Some(messages::hidden_decides_rights(&field.name))
    } else if (field.required || field.conditions.required.is_some())
        && field.writable()
        && field.default.is_none()
    {
        Some(messages::hidden_is_required(&field.name))
    } else {
        None
    }
}

/// Whether a directive hides its field.
pub(super) fn hides(directives: &Directives) -> bool {
    directives.get("field").is_some_and(|said| said.flag("hidden"))
}
