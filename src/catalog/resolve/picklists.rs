//! Stage 2: makes picklists of enums.

use async_graphql_parser::types::DirectiveLocation;

use super::{
    super::{
        directive::{self, Directives},
        field::Label,
        messages, names,
        snapshot::{Picklist, PicklistValue},
    },
    Work,
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

fn label(directives: &Directives) -> Label {
    let text = |arg| directives.get("label").and_then(|d| d.text(arg)).map(tidy);
    Label { zh: text("zh"), en: text("en") }
}
