//! The types that fields had, as definitions say.

use super::{
    super::{
        conversion::ValueForm,
        directive::Directives,
        field::{Field, FormerType},
        messages,
        source::SourcePlace,
    },
    Stages,
};
use crate::base::Code;

const RETYPED: &str = "retyped";

/// The types that a field had, as `@retyped` says.
pub(super) fn former_types(directives: &Directives) -> Vec<FormerType> {
    let each = directives.all(RETYPED).map(|applied| FormerType {
        name: applied.text("from").unwrap_or_default().to_owned(),
        or_null: applied.text("onFailure") == Some("NULL"),
    });
    each.collect()
}

/// Reports types that a field cannot have had: nothing is converted to what it is now.
pub(super) fn unconverted(
    field: &Field,
    directives: &Directives,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) {
    let Some(applied) = directives.get(RETYPED) else { return };
    let converts = field.writable() && ValueForm::of(&work.catalog, &field.ty).is_some();
    if !converts {
        let place = SourcePlace { pos: applied.pos, ..place };
        let message = messages::does_not_fit_type(format!("@{RETYPED}"), &field.name);
        work.fault(place.fault(Code::CatalogDirective, message));
    }
}
