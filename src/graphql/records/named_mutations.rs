//! The root fields of moves and actions: `auditSalesOrder`, `convertLead`, and those of several records, with the types of
//! what they ask for and answer.
//!
//! Contains only names and types, as `mutations`.

use async_graphql::dynamic::{Object as Type, TypeRef};

use super::{
    describe::{arg, field},
    draft::SchemaDraft,
    input_schema,
    mutations::{DUPLICATE, KEY, arguments, errors, payload_type},
    needs::Need,
};
use crate::{
    catalog::{FlowMove, NamedAction, Object, type_name},
    records::{ACTIONS, ArgumentType, MOVES, Operation, ResultType},
};

/// A move or an action, which has root fields of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NamedMutation {
    /// The move of this index in the object's flow.
    Move(usize),
    /// The action of this index among those of the object.
    Action(usize),
}

/// The moves and actions of an object.
pub(super) fn of(object: &Object) -> impl Iterator<Item = NamedMutation> {
    let moves = object.flow.as_ref().map_or(0, |flow| flow.moves.len());
    let actions = (0..object.actions.len()).map(NamedMutation::Action);
    (0..moves).map(NamedMutation::Move).chain(actions)
}

impl NamedMutation {
    /// What it is in the table of operations: of one record, and of those of a filter.
    pub(super) fn operations(self) -> [&'static Operation; 2] {
        match self {
            Self::Move(_) => MOVES,
            Self::Action(_) => ACTIONS,
        }
    }

    /// The move, if it is one.
    pub(super) fn step(self, object: &Object) -> Option<&FlowMove> {
        match self {
            Self::Move(at) => object.flow.as_ref()?.moves.get(at),
            Self::Action(_) => None,
        }
    }

    /// The action, if it is one.
    pub(super) fn action(self, object: &Object) -> Option<&NamedAction> {
        match self {
            Self::Move(_) => None,
            Self::Action(at) => object.actions.get(at),
        }
    }

    fn code(self, object: &Object) -> Option<&str> {
        match self {
            Self::Move(_) => self.step(object).map(|step| step.code.as_str()),
            Self::Action(_) => self.action(object).map(|action| action.code.as_str()),
        }
    }

    /// The name of its root field: `auditSalesOrder`, or `auditSalesOrders`; none for several of an object without a
    /// plural.
    pub(super) fn field(self, operation: &Operation, object: &Object) -> Option<String> {
        let name = if operation.many { object.plural_name()? } else { object.name.clone() };
        Some(format!("{}{name}", self.code(object)?))
    }

    /// What a caller needs for it.
    pub(super) fn need(self, object: &Object) -> Need {
        match self {
            Self::Move(at) => Need::Move(object.ix, at),
            Self::Action(at) => Need::Action(object.ix, at),
        }
    }
}

/// Adds the root fields of an object's moves and actions, and their types.
pub(super) fn fields(draft: &mut SchemaDraft<'_>, object: &Object, mut mutation: Type) -> Type {
    for named in of(object) {
        let (Some(code), need) = (named.code(object), named.need(object)) else { continue };
        let input = format!("{}Input", type_name(code, object));
        // None is needed beyond the mutation for what an action asks for.
        let (asks, gives) = match (named.step(object), named.action(object)) {
            (Some(step), _) => (!step.input.is_empty(), input_schema::gives(object, step, &need)),
            (_, Some(action)) => (action.asks().next().is_some(), need.clone()),
            _ => continue,
        };
        for operation in named.operations() {
            let Some(name) = named.field(operation, object) else { continue };
            if !draft.has(&["Mutation", &name], need.clone()) {
                continue;
            }
            let payload = payload_type(operation, Some(named), object);
            let mut root = field(&name, TypeRef::named(payload));
            let given = arguments(operation, object);
            for (argument, given) in operation.arguments.iter().zip(given) {
                let of_input =
                    matches!(argument.ty, ArgumentType::MoveInput | ArgumentType::ActionInput);
                if !of_input {
                    root = root.argument(given);
                } else if asks && draft.has(&["Mutation", &name, argument.name], gives.clone()) {
                    root = root.argument(arg(argument.name, TypeRef::named(&input)));
                }
            }
            let root = root.argument(arg(KEY, TypeRef::named("String")));
            mutation = mutation.field(root);
            if let (ResultType::Acted, Some(action)) = (operation.result, named.action(object)) {
                acted(draft, object, action, &need);
            }
        }
        match (named.step(object), named.action(object)) {
            (Some(step), _) if asks => input_schema::of_move(draft, object, step, &input, &need),
            (_, Some(action)) if asks => input_schema::of_action(draft, action, &need),
            _ => {}
        }
    }
    mutation
}

/// Registers the payload of an action: the record, and those that it made.
fn acted(draft: &mut SchemaDraft<'_>, object: &Object, action: &NamedAction, need: &Need) {
    let own = action.payload(object);
    let alike = field("duplicates", TypeRef::named_nn_list_nn(DUPLICATE));
    let mut ty = Type::new(&own).field(field("record", TypeRef::named(&object.name))).field(alike);
    for step in action.creates() {
        let made = &draft.whole.catalog.object(step.object).name;
        if draft.has(&[&own, &step.name], Need::Read(step.object)) {
            ty = ty.field(field(&step.name, TypeRef::named(made)));
        }
    }
    draft.register(need.clone(), ty.field(errors()));
}
