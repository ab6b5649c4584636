//! The moves and named actions of an object that exist for the caller, with the rules that open them on a record.

use crate::{
    access::{Access, RowRule, in_states, settled},
    catalog::{Catalog, Object, RuleExpr},
};

/// A named action that exists for the caller.
#[derive(Debug, Clone, PartialEq, Hash)]
pub(super) struct OpenAction {
    /// The rule of its right.
    pub(super) right: RowRule,
    /// The caller sees all that its condition reads, so that they are told where it holds.
    pub(super) told: bool,
    /// The condition that is told asks for the day.
    pub(super) asks_for_today: bool,
}

/// The moves by their index: the states that each leads from, and its right.
pub(super) fn moves<'a>(
    access: &'a Access,
    object: &'a Object,
) -> impl Iterator<Item = (usize, [RowRule; 2])> {
    let flow = object.flow.as_deref().into_iter();
    let moves = flow.flat_map(|flow| flow.moves.iter().map(move |step| (flow, step)));
    moves.enumerate().filter_map(|(at, (flow, step))| {
        let right = access.move_rule(object, step.right);
        let from = in_states(flow, &step.from).both(&settled(object));
        let rules = || [from.clone(), right.clone()];
        (*right != RowRule::None).then(|| (at, rules()))
    })
}

/// The named actions by their index.
pub(super) fn named<'a>(
    (catalog, access): (&'a Catalog, &'a Access),
    object: &'a Object,
) -> impl Iterator<Item = (usize, OpenAction)> {
    object.actions.iter().enumerate().filter_map(|(at, action)| {
        let right = access.row_rule(object, action.right.into()).both(&settled(object));
        let seen = |when: &&RuleExpr| {
            let read = object.read_by(&when.expr);
            read.iter().all(|ix| {
                let target = object.field(*ix).target().map(|target| catalog.object(target));
                // Whether there is a record behind a reference is not for everyone.
                access.field_rule(object.ix, *ix).is_none()
                    && target.is_none_or(|target| access.reads_all(target))
            })
        };
        let told = action.when.as_ref().filter(|_| action.told).filter(seen);
        let asks_for_today = told.is_some_and(|when| object.asks_for_today(&when.expr));
        let told = told.is_some();
        (right != RowRule::None).then_some((at, OpenAction { right, told, asks_for_today }))
    })
}
