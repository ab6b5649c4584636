//! Reads the icon and the colour of an object, and the colours of picklist values.

use super::{
    super::{appearance::Appearance, directive::Applied, messages, source::SourcePlace},
    Work,
};
use crate::base::Code;

/// The longest name of an icon.
const LONGEST: usize = 40;

/// The icon and the colour that `@object` gives.
pub(super) fn appearance<'a>(
    said: &Applied,
    place: SourcePlace<'a>,
    work: &mut Work<'a>,
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

/// A colour as `#1677ff`; none if the text is no such colour.
pub(super) fn color(text: &str) -> Option<String> {
    let hex = |digits: &str| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
    text.strip_prefix('#').is_some_and(hex).then(|| text.to_ascii_lowercase())
}
