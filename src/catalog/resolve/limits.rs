//! How long, exact or high the values of a declared field may be: `max` and `scale`, and what they are unless told.

use std::ops::RangeInclusive;

use super::{
    super::{
        field_type::{FieldType, TextForm, TextNormal, Unit},
        messages,
        source::SourcePlace,
    },
    Stages,
};
use crate::base::Code;

/// The highest rating, unless told.
const RATING: i64 = 5;
/// What the highest rating can be.
const HIGHEST: RangeInclusive<u8> = 2..=10;

/// The text of a form, as long as it may be, with what is done to it.
pub(super) fn text(
    form: Option<&str>,
    (max, normal): (Option<i64>, TextNormal),
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) -> FieldType {
    let (form, standard, most) = match form {
        Some("RICH_TEXT") => (None, 20_000, 200_000),
        Some("LONG_TEXT") => (Some(TextForm::Long), 20_000, 1_000_000),
        Some("EMAIL") => (Some(TextForm::Email), 254, 254),
        Some("PHONE") => (Some(TextForm::Phone), 40, 100),
        Some("URL") => (Some(TextForm::Url), 2_000, 2_000),
        _ => (Some(TextForm::Plain), 255, 2_000),
    };
    let max = match max {
        None => standard,
        Some(max) => {
            u32::try_from(max).ok().filter(|max| (1..=most).contains(max)).unwrap_or_else(|| {
                work.fault(place.fault(Code::CatalogType, messages::max_from(most)));
                standard
            })
        }
    };
    form.map_or(FieldType::RichText { max }, |form| FieldType::Text { max, form, normal })
}

/// The rating with the highest step that is asked for.
pub(super) fn rating(
    max: Option<i64>,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) -> Option<FieldType> {
    let max = u8::try_from(max.unwrap_or(RATING)).ok().filter(|max| HIGHEST.contains(max));
    if max.is_none() {
        work.fault(
            place.fault(Code::CatalogType, messages::rating_from(*HIGHEST.start(), *HIGHEST.end())),
        );
    }
    Some(FieldType::Rating { max: max? })
}

/// The decimal with the digits that are asked for.
pub(super) fn decimal(
    scale: i64,
    unit: Unit,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) -> Option<FieldType> {
    let scale = u8::try_from(scale).ok().filter(|scale| *scale <= 8);
    if scale.is_none() {
        work.fault(place.fault(Code::CatalogType, messages::scale_from()));
    }
    Some(FieldType::Decimal { scale: scale?, unit })
}
