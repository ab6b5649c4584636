//! Stage 5: fields of picklists whose values can be chosen under values of another field.

use super::{
    super::{
        field_type::FieldType,
        ids::{FieldIx, ObjectIx},
        messages, names,
        object::Dependent,
        snapshot::Picklist,
        source::SourcePlace,
    },
    Stages,
};
use crate::base::Code;

pub(super) fn resolve(work: &mut Stages<'_>) {
    let mut asked: Vec<_> = work
        .fields
        .iter()
        .filter_map(|(at, (place, directives))| {
            let said = directives.get("dependent")?;
            let place = SourcePlace { pos: said.at("on"), ..*place };
            Some((*at, place, said.text("on").unwrap_or_default().to_owned()))
        })
        .collect();
    asked.sort_by_key(|((object, field), ..)| (object.0, field.0));
    for ((object, field), place, on) in asked {
        if let Some(on) = controlling(object, field, &on, place, work) {
            work.catalog.objects[object.0].dependents.push(Dependent { field, on });
        }
    }
}

/// The field on which another depends, if its values fit.
fn controlling(
    object: ObjectIx,
    field: FieldIx,
    on: &str,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) -> Option<FieldIx> {
    let known = work.catalog.object(object);
    let own = known.field(field);
    let Some(list) = own.ty.picklist() else {
        let message = messages::does_not_fit_type("@dependent", &own.name);
        work.fault(place.fault(Code::CatalogDirective, message));
        return None;
    };
    if own.on_read {
        let message = messages::takes_no(&own.name, "@dependent");
        work.fault(place.fault(Code::CatalogDirective, message));
        return None;
    }
    let Some((ix, other)) = known.named(on) else {
        work.unknown_field(object, on, place);
        return None;
    };
    let FieldType::Picklist(by) = other.ty else {
        let message = messages::depends_on_picklist(&own.name, on);
        work.fault(place.fault(Code::CatalogDirective, message));
        return None;
    };
    if other.on_read {
        let fault = place.fault(Code::CatalogDirective, messages::depends_on_unstored(on));
        work.hinted(fault, messages::store_it());
        return None;
    }
    if ix == field {
        let message = messages::depends_on_itself(on);
        work.fault(place.fault(Code::CatalogDirective, message));
        return None;
    }
    let (list, by) = (work.catalog.picklist(list), work.catalog.picklist(by));
    let Some((message, hint)) = unfit(list, by) else { return Some(ix) };
    work.hinted(place.fault(Code::CatalogDirective, message), hint);
    None
}

/// What is wrong with the values that are to be chosen under those of another list, with advice.
fn unfit(list: &Picklist, by: &Picklist) -> Option<(crate::base::Message, crate::base::Message)> {
    let mut under =
        list.values.iter().flat_map(|value| value.under.iter().map(move |u| (value, u)));
    if under.clone().next().is_none() {
        let message = messages::nothing_under(&list.name, &by.name);
        return Some((message, messages::write_under(&list.name)));
    }
    let (value, unknown) = under.find(|(_, under)| !by.has(under))?;
    let message = messages::under_no_value(&value.name, unknown, &by.name);
    let near = names::nearest(unknown, by.values.iter().map(|value| value.name.as_str()));
    let known = by.values.iter().map(|value| value.name.as_str());
    let hint =
        near.map_or_else(|| messages::may_be(names::quoted_list(known)), messages::did_you_mean);
    Some((message, hint))
}
