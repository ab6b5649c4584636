//! Named actions: what is done at once with a record, as converting a lead: other records are made of it, and fields of its
//! own set.
//!
//! Owns what an action is. Must not know who may do it, nor how records are saved.

use super::{flow::MoveRight, rule::RuleExpr};
use crate::catalog::{FieldIx, Label, Object, ObjectIx, Origin};

/// An action on records of an object. It is done in one transaction, whole or not at all.
#[derive(Debug, Clone)]
pub struct NamedAction {
    /// Where its text comes from. One's own takes the place of a standard one.
    pub origin: Origin,
    /// Its name among those of the object, with which its mutation begins: `convert` for `convertLead`.
    pub code: String,
    /// What people call it.
    pub label: Label,
    /// The right that it needs on the record, in the state in which the record is.
    pub right: MoveRight,
    /// When it can be done; `None`: always.
    pub when: Option<RuleExpr>,
    /// Whether the condition reads the record's own stored fields alone, so that lists tell where it holds.
    pub told: bool,
    /// What is said where the condition does not hold.
    pub message: Label,
    /// What it asks for, as the fields of an object without records.
    pub input: Object,
    /// The records that it makes and changes, in order.
    pub steps: Vec<ActionStep>,
    /// Fields of the record itself that it sets in the end, in the order of their names.
    pub set: Vec<(FieldIx, RuleExpr)>,
}

impl NamedAction {
    /// What it asks for.
    pub fn asks(&self) -> impl Iterator<Item = (FieldIx, &crate::catalog::Field)> {
        self.input.each_field().filter(|(_, field)| !field.system)
    }

    /// The records that it makes.
    pub fn creates(&self) -> impl Iterator<Item = &CreateStep> {
        self.steps.iter().filter_map(|step| match step {
            ActionStep::Create(step) => Some(step),
            ActionStep::Update(_) => None,
        })
    }

    /// The step that makes the record with this name.
    pub fn made(&self, name: &str) -> Option<&CreateStep> {
        self.creates().find(|step| step.name == name)
    }

    /// The name of its payload: `ConvertLeadPayload`.
    pub fn payload(&self, object: &Object) -> String {
        format!("{}Payload", type_name(&self.code, object))
    }
}

/// What an action does beside setting fields of its record.
#[derive(Debug, Clone, PartialEq)]
pub enum ActionStep {
    /// It makes a record.
    Create(CreateStep),
    /// It changes the records of a list.
    Update(UpdateStep),
}

impl ActionStep {
    /// The expressions that it reads.
    pub fn exprs(&self) -> impl Iterator<Item = &RuleExpr> {
        let (when, set, lines) = match self {
            Self::Create(step) => (&step.when, &step.set, step.lines.as_ref()),
            Self::Update(step) => (&step.when, &step.set, None),
        };
        let lines = lines.into_iter().flat_map(|lines| &lines.set);
        when.iter().chain(set.iter().chain(lines).map(|(_, expr)| expr))
    }
}

/// The records of a list that an action changes: those that whoever does it may change. The others stay as they are.
#[derive(Debug, Clone, PartialEq)]
pub struct UpdateStep {
    /// The list: records that refer to the record.
    pub list: FieldIx,
    /// When they are changed; `None`: always.
    pub when: Option<RuleExpr>,
    /// Their fields, by the values of the record, of what is given and of what is made.
    pub set: Vec<(FieldIx, RuleExpr)>,
}

/// A record that an action makes.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateStep {
    /// Its object.
    pub object: ObjectIx,
    /// What it is called in the expressions that follow, and in the answer.
    pub name: String,
    /// When it is made; `None`: always.
    pub when: Option<RuleExpr>,
    /// Its fields. One whose value is empty is not given, so that it has its default.
    pub set: Vec<(FieldIx, RuleExpr)>,
    /// Its lines.
    pub lines: Option<CreateLines>,
}

/// The lines of a record that an action makes, one for each line of the record of which it is made.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateLines {
    /// The lines of the record, each as `each`.
    pub from: FieldIx,
    /// The lines that are made.
    pub to: FieldIx,
    /// Their fields.
    pub set: Vec<(FieldIx, RuleExpr)>,
}

/// What the types of a mutation are called that only records of one object have: `ConvertLead` for `convertLead`.
pub fn type_name(code: &str, object: &Object) -> String {
    let mut letters = code.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    let begins: String = first.into_iter().chain(letters).collect();
    format!("{begins}{}", object.name)
}

/// What an action asks for is read under this name: `input.customer`.
pub const INPUT: &str = "input";

/// What the expressions of an action read beside the record.
#[derive(Debug, Clone)]
pub struct ActionScope {
    /// What the action asks for.
    pub input: Object,
    /// The objects of the records that the steps before make, under their names.
    pub made: Vec<(String, ObjectIx)>,
}

impl ActionScope {
    /// Whether it is a name of what the action asks for or has made.
    pub(super) fn names(&self, name: &str) -> bool {
        name == INPUT || self.made.iter().any(|(known, _)| known == name)
    }

    /// The object to which a name leads and what is left of the path: `customer` and `["name"]`, also of
    /// `input.customer.name`. None for a name of the record itself, and for a given value that is no record.
    pub(super) fn leads<'p>(
        &self,
        name: &str,
        rest: &'p [String],
    ) -> Option<(ObjectIx, &'p [String])> {
        if name == INPUT {
            let (first, rest) = rest.split_first()?;
            let (_, field) = self.input.named(first)?;
            return Some((field.target()?, rest));
        }
        let (_, made) = self.made.iter().find(|(known, _)| known == name)?;
        Some((*made, rest))
    }
}
