//! The names that fields had, as definitions say.

use super::{
    super::{directive::Directives, field::OldName, messages, names, source::SourcePlace},
    Work,
};
use crate::base::Code;

/// The names that a field had, as `@renamed` says.
pub(super) fn old_names(
    name: &str,
    place: SourcePlace<'_>,
    directives: &Directives,
    work: &mut Work<'_>,
) -> Vec<OldName> {
    let mut known: Vec<OldName> = Vec::new();
    for applied in directives.all("renamed") {
        let from = applied.text("from").unwrap_or_default();
        let place = SourcePlace { pos: applied.at("from"), ..place };
        if let Some(fault) = names::field_fault(messages::the_field_name(), from) {
            work.fault(place.fault(Code::CatalogName, fault));
        } else if known.iter().any(|old| old.name == from) {
            let fault = place.fault(Code::CatalogDirective, messages::renamed_twice(name, from));
            work.fault(fault);
        } else {
            known.push(OldName { name: from.to_owned(), dropped: applied.flag("dropped") });
        }
    }
    known
}
