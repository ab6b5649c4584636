//! The names that fields had, as definitions say.

use super::super::{
    diagnostic::Diagnostic, directive::Directives, field::OldName, messages, names,
    source::SourcePlace,
};
use crate::base::Code;

/// The names that a field had, as `@renamed` says.
pub(super) fn old_names(
    name: &str,
    place: SourcePlace<'_>,
    directives: &Directives,
    faults: &mut Vec<Diagnostic>,
) -> Vec<OldName> {
    let mut known: Vec<OldName> = Vec::new();
    for applied in directives.all("renamed") {
        let from = applied.text("from").unwrap_or_default();
        let place = SourcePlace { pos: applied.at("from"), ..place };
        if let Some(fault) = names::field_fault(messages::the_field_name(), from) {
            faults.push(place.fault(Code::CatalogName, fault));
        } else if known.iter().any(|old| old.name == from) {
            let fault = place.fault(Code::CatalogDirective, messages::renamed_twice(name, from));
            faults.push(fault);
        } else {
            known.push(OldName { name: from.to_owned(), dropped: applied.flag("dropped") });
        }
    }
    known
}
