//! Stage 2: makes picklists of enums.

use async_graphql_parser::types::DirectiveLocation;

use super::{
    super::{
        directive::{self, Directives},
        field::Label,
        messages, names,
        snapshot::{Picklist, PicklistValue},
        source::Definition,
    },
    Work, appearance,
    collect::Definitions,
};
use crate::base::{Code, text::tidy};

pub(super) fn resolve<'a>(collected: &Definitions<'a>, work: &mut Work<'a>) {
    for list in &collected.enums {
        let definition = &list.definition;
        let directives = directive::read(
            definition,
            &definition.node.directives,
            DirectiveLocation::Enum,
            &mut work.faults,
        );
        let mut values = Vec::new();
        for (place, value) in &list.members {
            let name = value.node.value.node.to_string();
            if let Some(fault) = names::value_fault(&name) {
                let fault = place.at(value.node.value.pos).fault(Code::CatalogName, fault);
                let hint = if name.starts_with('_') {
                    messages::begin_with_letter()
                } else {
                    messages::shorter_value()
                };
                work.hinted(fault, hint);
                continue;
            }
            let directives = directive::read(
                place,
                &value.node.directives,
                DirectiveLocation::EnumValue,
                &mut work.faults,
            );
            values.push(PicklistValue {
                name,
                label: label(&directives),
                description: value.node.description.as_ref().map(|text| text.node.clone()),
                color: color(&directives, place, work),
                inactive: directives.get("option").is_some_and(|said| said.flag("inactive")),
                under: directives.get("option").map(|said| said.list("under")).unwrap_or_default(),
            });
        }
        let place = definition.at(definition.node.name.pos);
        if list.members.is_empty() {
            let name = &definition.node.name.node;
            let fault = place.fault(Code::CatalogType, messages::no_list_values(name.as_str()));
            work.hinted(fault, messages::give_list_values(name.as_str()));
        }
        if values.len() > 1000 {
            work.fault(place.fault(Code::CatalogType, messages::too_many_list_values()));
        }
        work.picklist_places.push(place);
        work.catalog.picklists.push(Picklist {
            name: definition.node.name.node.to_string(),
            label: label(&directives),
            description: definition.node.description.as_ref().map(|text| text.node.clone()),
            values,
            origin: definition.source.origin,
        });
    }
}

/// The colour of a value, as `#1677ff`.
fn color(directives: &Directives, place: &Definition<'_>, work: &mut Work<'_>) -> Option<String> {
    let said = directives.get("option")?;
    let text = said.text("color")?;
    let color = appearance::color(text);
    if color.is_none() {
        let fault = place.at(said.at("color"));
        let fault = fault.fault(Code::CatalogDirective, messages::no_color(text));
        work.hinted(fault, messages::write_color());
    }
    color
}

fn label(directives: &Directives) -> Label {
    let text = |arg| directives.get("label").and_then(|d| d.text(arg)).map(tidy);
    Label { zh: text("zh"), en: text("en") }
}
