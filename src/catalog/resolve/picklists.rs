//! Stage 2: makes picklists of enums. What a company states anew of a standard value takes the place of what the program
//! says of it.

use async_graphql_parser::{
    Positioned,
    types::{DirectiveLocation, EnumValueDefinition},
};

use super::{
    super::{
        directive::{self, Directives},
        field::Label,
        ids::PicklistIx,
        messages, names,
        snapshot::{Picklist, PicklistValue},
        source::{Definition, SourcePlace},
    },
    Stages, appearance,
    collect::Definitions,
};
use crate::base::{Code, text::tidy};

pub(super) fn resolve<'a>(collected: &Definitions<'a>, work: &mut Stages<'a>) {
    for list in &collected.enums {
        let definition = &list.definition;
        let directives = directive::read(
            definition,
            &definition.node.directives,
            DirectiveLocation::Enum,
            &mut work.faults,
        );
        let mut values = Vec::new();
        let mut places = Vec::new();
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
            let mut said = StatedValue::read(place, value, work);
            if let Some((place, value)) = list
                .restated
                .iter()
                .find(|(_, known)| known.node.value.node == value.node.value.node)
            {
                said = said.but(StatedValue::read(place, value, work));
            }
            if said.inactive == Some(true) {
                let ix = PicklistIx(work.catalog.picklists.len());
                work.inactive.push((ix, name.clone(), said.at));
            }
            places.push(said.place);
            values.push(PicklistValue {
                name,
                label: said.label,
                description: said.description,
                color: said.color,
                inactive: said.inactive.unwrap_or_default(),
                under: said.under.unwrap_or_default(),
            });
        }
        let mut order: Vec<_> = places.into_iter().zip(values).collect();
        order.sort_by_key(|(place, _)| place.unwrap_or(i64::MAX));
        let values: Vec<_> = order.into_iter().map(|(_, value)| value).collect();
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

/// What a definition says of a value. What it does not give is none.
struct StatedValue<'a> {
    at: SourcePlace<'a>,
    label: Label,
    description: Option<String>,
    color: Option<String>,
    inactive: Option<bool>,
    under: Option<Vec<String>>,
    place: Option<i64>,
}

impl<'a> StatedValue<'a> {
    fn read(
        definition: &Definition<'a>,
        value: &Positioned<EnumValueDefinition>,
        work: &mut Stages<'a>,
    ) -> Self {
        let directives = directive::read(
            definition,
            &value.node.directives,
            DirectiveLocation::EnumValue,
            &mut work.faults,
        );
        let option = directives.get("option");
        Self {
            at: definition.at(value.node.value.pos),
            label: label(&directives),
            description: value.node.description.as_ref().map(|text| text.node.clone()),
            color: color(&directives, definition, work),
            inactive: option.filter(|said| said.has("inactive")).map(|said| said.flag("inactive")),
            under: option.filter(|said| said.has("under")).map(|said| said.list("under")),
            place: option.and_then(|said| said.int("place")),
        }
    }

    /// The same with what another definition gives.
    fn but(self, other: Self) -> Self {
        Self {
            at: other.at,
            label: Label {
                zh: other.label.zh.or(self.label.zh),
                en: other.label.en.or(self.label.en),
            },
            description: other.description.or(self.description),
            color: other.color.or(self.color),
            inactive: other.inactive.or(self.inactive),
            under: other.under.or(self.under),
            place: other.place.or(self.place),
        }
    }
}

/// The colour of a value, as `#1677ff`.
fn color(directives: &Directives, place: &Definition<'_>, work: &mut Stages<'_>) -> Option<String> {
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
