//! Stage 2: enums become picklists.

use async_graphql_parser::types::DirectiveLocation;

use super::{
    super::{
        directive::{self, Directives},
        field::Label,
        names,
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
                    "begin it with a letter"
                } else {
                    "choose a shorter one and put the shown name into `@label(zh:)`"
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
            let fault =
                place.fault(Code::CatalogType, format!("the picklist `{name}` has no values"));
            work.hinted(fault, format!("give it some: `enum {name} {{ OPEN CLOSED }}`"));
        }
        if values.len() > 1000 {
            work.fault(place.fault(Code::CatalogType, "a picklist has at most 1,000 values"));
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
