//! Fields whose values are computed: the functions of roll-ups, and what a value that is computed when it is read
//! cannot be.

use async_graphql_parser::types::Type;

use super::{
    super::{
        diagnostic::Diagnostic,
        directive::{Applied, Directives},
        field::{Field, Rollup, RollupOp, RollupScope},
        field_type::FieldType,
        ids::FieldIx,
        messages,
        source::SourcePlace,
    },
    Stages,
};
use crate::base::Code;

/// The scope of a roll-up that is computed when it is read, as definitions name it.
pub(super) const VIEWER: &str = "VIEWER";

/// Reports what has no meaning for a value that is computed when it is read.
pub(super) fn options_when_read(
    field: &Field,
    ty: &Type,
    directives: &Directives,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) {
    let said = directives.get("field");
    let mut wrong = Vec::new();
    if !ty.nullable {
        wrong.push((place.pos, "!"));
    }
    for option in ["check", "search", "unique", "index"] {
        let given = said.filter(|said| said.flag(option) || said.text(option).is_some());
        wrong.extend(given.map(|said| (said.at(option), option)));
    }
    let normal = said.filter(|said| !said.list("normalize").is_empty());
    wrong.extend(normal.map(|said| (said.at("normalize"), "normalize")));
    wrong.extend(directives.all("check").map(|check| (check.pos, "@check")));
    for (pos, option) in wrong {
        let message = messages::takes_no(&field.name, option);
        let fault = SourcePlace { pos, ..place }.fault(Code::CatalogDirective, message);
        let hint = field.formula_text.as_ref().map(|_| messages::store_it());
        work.fault(Diagnostic { hint, ..fault });
    }
}

/// The type of a roll-up.
pub(super) fn rollup(
    asked: &str,
    name: &str,
    applied: &Applied,
    place: SourcePlace<'_>,
    work: &mut Stages<'_>,
) -> Option<FieldType> {
    // The lines and the field that is rolled up are looked up when every field is known.
    let all: [(&str, fn(FieldIx) -> RollupOp); 4] = [
        ("sum", RollupOp::Sum),
        ("min", RollupOp::Min),
        ("max", RollupOp::Max),
        ("avg", RollupOp::Avg),
    ];
    let of_field = all.into_iter().filter(|(argument, _)| applied.text(argument).is_some());
    let count = applied.flag("count").then_some(RollupOp::Count);
    let mut asked_for = of_field.map(|(_, op)| op(FieldIx(0))).chain(count);
    let (op, fits) = match (asked_for.next(), asked_for.next()) {
        (Some(op @ RollupOp::Count), None) => (op, name == "Int"),
        (Some(op @ RollupOp::Avg(_)), None) => (op, name == "Decimal"),
        (Some(op), None) => (op, name == "Decimal" || name == "Int"),
        _ if applied.faulty => return None,
        _ => {
            let place = SourcePlace { pos: applied.pos, ..place };
            work.fault(place.fault(Code::CatalogDirective, messages::sum_or_count()));
            return None;
        }
    };
    if !fits {
        work.fault(place.fault(Code::CatalogType, messages::other_rollup_type(asked, name)));
        return None;
    }
    let scope = match applied.text("scope") {
        Some(VIEWER) => RollupScope::Viewer,
        Some(_) => RollupScope::System,
        None => RollupScope::Lines,
    };
    Some(FieldType::Rollup(Rollup {
        lines: FieldIx(0),
        scope,
        op,
        scale: (name == "Decimal").then_some(0),
    }))
}
