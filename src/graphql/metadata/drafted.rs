//! Which fields change others of a record while it is written, so that a form drafts it anew.

use crate::{
    access::Visible,
    catalog::{Field, FieldIx, FieldType, Object},
};

/// Whether a default, formula, condition or roll-up that the caller may know reads a field.
pub(super) fn drafts(visible: Visible<'_>, object: &Object, ix: FieldIx) -> bool {
    let catalog = visible.catalog;
    if object.is_item() {
        return false;
    }
    let reads = |field: &Field| {
        let made = field.default.iter().chain(&field.formula);
        let conditions = field.conditions.all().map(|condition| &condition.expr);
        made.chain(conditions).any(|expr| object.read_by(expr).contains(&ix))
    };
    let looks = object.fills.iter().any(|fill| fill.reads(object).contains(&ix));
    if looks || visible.fields(object).any(|(_, field)| reads(field)) {
        return true;
    }
    let head = object.parent.and_then(|parent| object.field(parent).target());
    let reads_line =
        |field: &Field| field.counted.iter().any(|counted| object.read_by(counted).contains(&ix));
    let summed = |object: &Object, lines: bool| {
        visible.fields(catalog.object(object.ix)).any(|(_, field)| match field.ty {
            FieldType::Rollup(rollup) if lines => {
                (rollup.op.field() == Some(ix) || reads_line(field))
                    && object.field(rollup.lines).target() == Some(object.ix)
            }
            FieldType::Rollup(rollup) => rollup.lines == ix,
            _ => false,
        })
    };
    head.is_some_and(|head| summed(catalog.object(head), true)) || summed(object, false)
}
