//! What the states of a flow and of approvals leave open: in which of them a record may be changed or removed, and who makes
//! its moves.
//!
//! Owns the rules that come of a flow. Must not know how a record is moved.

use super::{Action, Condition, RowRule};
use crate::{
    base::Value,
    catalog::{Catalog, Flow, MoveRight, Object, ObjectIx},
};

impl From<MoveRight> for Action {
    fn from(right: MoveRight) -> Self {
        match right {
            MoveRight::Edit => Self::Edit,
            MoveRight::Audit => Self::Audit,
            MoveRight::Transfer => Self::Transfer,
            MoveRight::Ship => Self::Ship,
            MoveRight::Approve => Self::Approve,
        }
    }
}

/// The records that wait for no approval.
pub fn settled(object: &Object) -> RowRule {
    let state = object.approval_state();
    state.map_or(RowRule::All, |state| RowRule::When(Condition::Settled { state }))
}

/// The records in one of some states.
pub fn in_states(flow: &Flow, states: &[String]) -> RowRule {
    if states.is_empty() {
        return RowRule::None;
    }
    let values = states.iter().cloned().map(Value::Text).collect();
    RowRule::When(Condition::Within { path: flow.path(), values, wide: false })
}

/// The records in a state in which an action may be done; `None` if that is any. What waits for approval is neither
/// changed nor removed.
pub(super) fn of_action(object: &Object, action: Action) -> Option<RowRule> {
    let in_flow = object.flow.as_deref().and_then(|flow| {
        let states = match action {
            Action::Edit => flow.edit.as_ref(),
            Action::Delete => flow.delete.as_ref(),
            _ => None,
        };
        states.map(|states| in_states(flow, states))
    });
    let closes = matches!(action, Action::Edit | Action::Delete);
    let settled = closes.then(|| settled(object)).filter(|rule| *rule != RowRule::All);
    match (in_flow, settled) {
        (Some(in_flow), Some(settled)) => Some(in_flow.both(&settled)),
        (in_flow, settled) => in_flow.or(settled),
    }
}

/// The rules that hold for everyone, whatever their roles say.
pub(super) fn for_everyone(
    catalog: &Catalog,
) -> impl Iterator<Item = ((ObjectIx, Action), RowRule)> {
    let actions = [Action::Edit, Action::Delete];
    catalog.objects.iter().flat_map(move |object| {
        let rules = actions.into_iter().map(|action| (action, of_action(object, action)));
        rules.filter_map(|(action, rule)| Some(((object.ix, action), rule?)))
    })
}
