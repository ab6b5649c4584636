//! Reads the icon and the colour of an object, which of its fields are its state and its days, and the colours of
//! picklist values.

use super::{
    super::{
        appearance::Appearance,
        directive::{Applied, Directives},
        field::Field,
        ids::ObjectIx,
        messages,
        source::SourcePlace,
    },
    Stages,
};
use crate::base::Code;

/// The longest name of an icon.
const LONGEST: usize = 40;

/// The icon and the colour that `@object` gives.
pub(super) fn appearance<'a>(
    said: &Applied,
    place: SourcePlace<'a>,
    work: &mut Stages<'a>,
) -> Appearance {
    let mut shown = Appearance::default();
    if let Some(icon) = said.text("icon") {
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !icon.is_empty() && icon.len() <= LONGEST && icon.bytes().all(letter) {
            shown.icon = Some(icon.to_owned());
        } else {
            let place = SourcePlace { pos: said.at("icon"), ..place };
            let fault = place.fault(Code::CatalogDirective, messages::no_icon(icon));
            work.hinted(fault, messages::write_icon());
        }
    }
    if let Some(text) = said.text("color") {
        shown.color = color(text);
        if shown.color.is_none() {
            let place = SourcePlace { pos: said.at("color"), ..place };
            let fault = place.fault(Code::CatalogDirective, messages::no_color(text));
            work.hinted(fault, messages::write_color());
        }
    }
    shown
}

/// The fields that `@object` names as the state of a record, its beginning and its end.
pub(super) fn places<'a>(
    ix: ObjectIx,
    place: SourcePlace<'a>,
    directives: &Directives,
    work: &mut Stages<'a>,
) {
    let Some(said) = directives.get("object") else { return };
    let fits: [(&str, fn(&Field) -> bool); 3] = [
        ("stateField", Field::has_states),
        ("startField", Field::is_moment),
        ("endField", Field::is_moment),
    ];
    for (argument, fits) in fits {
        let Some(wanted) = said.text(argument) else { continue };
        let place = SourcePlace { pos: said.at(argument), ..place };
        let known =
            work.catalog.object(ix).named(wanted).map(|(field, known)| (field, fits(known)));
        let places = &mut work.catalog.objects[ix.0].places;
        match known {
            None => work.unknown_field(ix, wanted, place),
            Some((_, false)) => {
                let message = match argument {
                    "stateField" => messages::no_states(wanted),
                    _ => messages::no_moment(wanted),
                };
                work.fault(place.fault(Code::CatalogDirective, message));
            }
            Some((field, true)) => match argument {
                "stateField" => places.state = Some(field),
                "startField" => places.start = Some(field),
                _ => places.end = Some(field),
            },
        }
    }
}

/// A colour as `#1677ff`; none if the text is no such colour.
pub(super) fn color(text: &str) -> Option<String> {
    let hex = |digits: &str| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    text.strip_prefix('#').is_some_and(hex).then(|| text.to_ascii_lowercase())
}
