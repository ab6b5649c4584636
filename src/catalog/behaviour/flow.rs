//! Flows: the states of an object's records and the moves that lead from one to another.
//!
//! Owns what a flow is. Must not know who may move a record, nor how.

use super::rule::RuleExpr;
use crate::catalog::{FieldIx, Label, Object, ObjectIx, Origin};

/// The states of an object and the moves between them. The state field is written by moves alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Where its text comes from. One's own takes the place of a standard one.
    pub origin: Origin,
    /// The state field: a picklist, or a relation.
    pub field: FieldIx,
    /// Of a relation: its object, and the field by which its records are told.
    pub key: Option<(ObjectIx, FieldIx)>,
    /// The states in which a record may be created. The first is that of a record which is given none.
    pub start: Vec<String>,
    /// The states in which a record may be changed; `None`: in each.
    pub edit: Option<Vec<String>>,
    /// The states in which a record may be removed; `None`: in each.
    pub delete: Option<Vec<String>>,
    /// The moves.
    pub moves: Vec<FlowMove>,
    /// What must hold before a record gets to a state.
    pub gates: Vec<Gate>,
}

impl Flow {
    /// The fields that lead to the state's name.
    pub fn path(&self) -> Vec<FieldIx> {
        std::iter::once(self.field).chain(self.key.map(|(_, key)| key)).collect()
    }

    /// Whether it closes what another closes and lets the same people move records, of the same object under another
    /// version.
    pub fn opens_as(&self, object: &Object, other: &Self, of: &Object) -> bool {
        let said = |flow: &Self, object: &Object| {
            let moves = flow.moves.iter().map(|step| {
                (
                    step.code.clone(),
                    step.from.clone(),
                    step.to.text(),
                    step.right,
                    step.needs_approval,
                )
            });
            let moves: Vec<_> = moves.collect();
            let states = (flow.start.clone(), flow.edit.clone(), flow.delete.clone());
            (object.field(flow.field).stored.clone(), states, moves)
        };
        said(self, object) == said(other, of)
    }

    /// The move with this code.
    pub fn named(&self, code: &str) -> Option<&FlowMove> {
        self.moves.iter().find(|known| known.code == code)
    }
}

/// A move of a record from one state to another.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowMove {
    /// Its name among those of the flow, with which its mutation begins: `audit` for `auditSalesOrder`.
    pub code: String,
    /// What people call it.
    pub label: Label,
    /// The states from which it leads.
    pub from: Vec<String>,
    /// The state to which it leads.
    pub to: MoveTarget,
    /// The right that it needs on the record.
    pub right: MoveRight,
    /// A record to which an approval applies has to be approved first.
    pub needs_approval: bool,
    /// The fields that it asks for.
    pub input: Vec<MoveInput>,
    /// Fields that it sets, in the order of their names.
    pub set: Vec<(FieldIx, RuleExpr)>,
    /// It sets fields whoever makes it may not write. Only administrators publish such a move.
    pub mandate: bool,
}

impl FlowMove {
    /// Whether it writes what another writes, of the same object under another version.
    pub fn does_as(&self, object: &Object, other: &Self, of: &Object) -> bool {
        let said = |step: &Self, object: &Object| {
            let name = |ix: &FieldIx| object.field(*ix).stored.clone();
            let input = step.input.iter().map(|asked| (name(&asked.field), asked.required));
            let set = step.set.iter().map(|(ix, set)| (name(ix), set.text.clone()));
            let (input, set) = (input.collect::<Vec<_>>(), set.collect::<Vec<_>>());
            (step.code.clone(), step.mandate, input, set)
        };
        said(self, object) == said(other, of)
    }
}

/// Where a move leads.
#[derive(Debug, Clone, PartialEq)]
pub enum MoveTarget {
    /// To a state.
    State(String),
    /// To the record that is next by a field: the least above that of the record's state.
    Next(FieldIx),
    /// To the state that an expression names.
    Chosen(RuleExpr),
}

impl MoveTarget {
    /// What tells it from others: a state, or how one is chosen.
    fn text(&self) -> String {
        match self {
            Self::State(state) => state.clone(),
            Self::Next(by) => format!("next:{}", by.0),
            Self::Chosen(chosen) => chosen.text.clone(),
        }
    }
}

/// The right that a move needs on the record.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    strum::AsRefStr,
    strum::EnumString,
    strum::VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum MoveRight {
    /// To change it, in whatever state it is.
    #[default]
    Edit,
    /// To audit it.
    Audit,
    /// To hand it on.
    Transfer,
    /// To ship it.
    Ship,
    /// To approve it.
    Approve,
}

/// A field that a move asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoveInput {
    /// The field.
    pub field: FieldIx,
    /// Whether the move needs a value.
    pub required: bool,
}

/// What must hold before a record gets to a state.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// The state.
    pub to: String,
    /// Fields that need a value.
    pub require: Vec<FieldIx>,
    /// A condition that must not be false.
    pub check: Option<RuleExpr>,
    /// What is said where the condition does not hold.
    pub message: Label,
}
