//! The flow of an object as pages need it, limited to what the caller may know.

use async_graphql::SimpleObject;

use crate::{
    access::Visible,
    base::Lang,
    catalog::{self, FieldIx, FlowMove, MoveTarget},
    graphql::words,
};

/// The states of an object's records and the moves between them.
#[derive(SimpleObject)]
pub(super) struct FlowInfo {
    /// The state field. Once a record is there, moves alone write it.
    field: String,
    /// The states in which a record may be created; the first is that of a record which is given none.
    start: Vec<String>,
    /// The states in which a record may be changed; null: in each.
    edit: Option<Vec<String>>,
    /// The states in which a record may be removed; null: in each.
    delete: Option<Vec<String>>,
    /// The moves whose right the caller has on some records.
    moves: Vec<MoveInfo>,
}

/// A move of a record from one state to another.
#[derive(SimpleObject)]
struct MoveInfo {
    code: String,
    /// The root field that makes it: `auditSalesOrder`.
    name: String,
    label: String,
    label_zh: Option<String>,
    label_en: Option<String>,
    /// The states from which it leads.
    from: Vec<String>,
    /// The state to which it leads; null where that goes by the record.
    to: Option<String>,
    /// The right that it needs on the record: `edit`, `audit`, `transfer`, `ship`, `approve`.
    right: String,
    /// The fields that it asks for.
    input: Vec<MoveInputInfo>,
}

/// A field that a move asks for.
#[derive(SimpleObject)]
struct MoveInputInfo {
    field: String,
    required: bool,
}

/// The flow of an object; none where the caller does not see the state.
pub(super) fn flow(visible: Visible<'_>, object: &catalog::Object, lang: Lang) -> Option<FlowInfo> {
    let flow = object.flow.as_deref()?;
    if !visible.sees(object, flow.field) {
        return None;
    }
    let name = |ix: FieldIx| object.field(ix).name.clone();
    let shown = |step: &FlowMove| MoveInfo {
        code: step.code.clone(),
        name: format!("{}{}", step.code, object.name),
        label: words::title(&step.label, &step.code, lang),
        label_zh: step.label.zh.clone(),
        label_en: step.label.en.clone(),
        from: step.from.clone(),
        to: match &step.to {
            MoveTarget::State(state) => Some(state.clone()),
            MoveTarget::Next(_) | MoveTarget::Chosen(..) => None,
        },
        right: step.right.as_ref().to_owned(),
        input: step
            .input
            .iter()
            .filter(|asked| visible.sees(object, asked.field))
            .map(|asked| MoveInputInfo { field: name(asked.field), required: asked.required })
            .collect(),
    };
    let moves = flow.moves.iter().filter(|step| visible.moves(object, step.right));
    Some(FlowInfo {
        field: name(flow.field),
        start: flow.start.clone(),
        edit: flow.edit.clone(),
        delete: flow.delete.clone(),
        moves: moves.map(shown).collect(),
    })
}
