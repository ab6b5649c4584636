//! The texts of behaviour as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{LARGEST, too_large};
use crate::{
    base::Code,
    catalog::{DefinitionPart, Diagnostic, Origin, from_toml},
};

/// A text of behaviour with its name, as someone brings it; without a text the stored one is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedText {
    /// The name among one's own texts of behaviour.
    pub name: String,
    /// The text.
    pub text: Option<String>,
}

impl NamedText {
    /// The part that it becomes; none if it is to go.
    pub fn part(&self) -> Option<DefinitionPart> {
        Some(DefinitionPart::rules(self.name.clone(), self.text.clone()?, Origin::Custom))
    }
}

/// Whether a text of behaviour can have this name: small letters, digits, `_` and `-`, 60 at most.
pub fn is_text_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    (1..=60).contains(&name.len()) && name.chars().all(fits)
}

/// What a text says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BehaviourText {
    /// Flows of states.
    #[serde(default)]
    pub(super) flow: Vec<Spanned<FlowText>>,
    /// Rules of saves.
    #[serde(default)]
    pub(super) rule: Vec<Spanned<RuleText>>,
    /// Named actions.
    #[serde(default)]
    pub(super) action: Vec<Spanned<ActionText>>,
    /// Values that are found elsewhere.
    #[serde(default)]
    pub(super) fill: Vec<Spanned<FillText>>,
    /// Who has to agree.
    #[serde(default)]
    pub(super) approval: Vec<Spanned<ApprovalText>>,
}

/// Who has to agree to a record that is submitted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApprovalText {
    pub(super) code: Spanned<String>,
    pub(super) object: Spanned<String>,
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
    /// The moves with which it begins; empty: records are submitted by themselves.
    pub(super) moves: Option<Vec<Spanned<String>>>,
    pub(super) when: Option<Spanned<String>>,
    /// `next`, `deny` or `allow`.
    #[serde(rename = "self")]
    pub(super) oneself: Option<Spanned<String>>,
    /// `once` or `always`.
    pub(super) repeat: Option<Spanned<String>>,
    /// Fields whose change takes an approval back.
    #[serde(default)]
    pub(super) voids: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) steps: Vec<Spanned<ApprovalStepText>>,
}

/// A step of an approval.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApprovalStepText {
    pub(super) code: Spanned<String>,
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
    pub(super) when: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) by: Vec<Spanned<ApproverText>>,
    pub(super) quorum: Option<QuorumText>,
    pub(super) in_turn: Option<bool>,
    pub(super) group: Option<String>,
    /// `manager`, `skip` or `administrators`.
    pub(super) if_none: Option<Spanned<String>>,
}

/// Where approvers are looked for: one of a role, a path to employees, and the manager.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ApproverText {
    pub(super) role: Option<Spanned<String>>,
    pub(super) reach: Option<bool>,
    pub(super) employee: Option<Spanned<String>>,
    pub(super) manager: Option<bool>,
}

/// How many have to agree: `any`, `all`, `2`, `"60%"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum QuorumText {
    Count(u32),
    Text(String),
}

/// A field whose value is looked for among other records where none is given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FillText {
    pub(super) code: Spanned<String>,
    pub(super) object: Spanned<String>,
    pub(super) field: Spanned<String>,
    /// The day on which what is found has to be valid.
    pub(super) on: Option<Spanned<String>>,
    /// Where it is looked for, in order.
    #[serde(default)]
    pub(super) from: Vec<Spanned<FillSourceText>>,
}

/// Records among which a value is looked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FillSourceText {
    pub(super) object: Spanned<String>,
    pub(super) value: Option<Spanned<String>>,
    #[serde(default, rename = "match")]
    pub(super) matches: BTreeMap<String, Spanned<String>>,
    /// The fields with the first and the last day.
    #[serde(default)]
    pub(super) valid: Vec<Spanned<String>>,
    /// A field that is at most what an expression comes to.
    #[serde(default)]
    pub(super) tier: BTreeMap<String, Spanned<String>>,
}

/// What is done within the saves of some objects.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleText {
    pub(super) code: Spanned<String>,
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
    /// Their names, or `@responsible`.
    pub(super) objects: Vec<Spanned<String>>,
    /// `create` and `update`.
    pub(super) on: Option<Vec<Spanned<String>>>,
    /// The lines that it goes over.
    #[serde(rename = "for")]
    pub(super) each: Option<Spanned<String>>,
    pub(super) when: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) set: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) require: Vec<Spanned<String>>,
    pub(super) refuse: Option<String>,
    pub(super) refuse_en: Option<String>,
    pub(super) relate: Option<Spanned<String>>,
    /// `editor` or `system`.
    #[serde(rename = "as")]
    pub(super) acts_as: Option<Spanned<String>>,
    pub(super) reason: Option<String>,
    /// Rules that come before it.
    #[serde(default)]
    pub(super) after: Vec<Spanned<String>>,
}

/// The states of an object and the moves between them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FlowText {
    pub(super) object: Spanned<String>,
    pub(super) field: Spanned<String>,
    /// Of a relation: the field by which its records are told.
    pub(super) key: Option<Spanned<String>>,
    pub(super) start: Vec<Spanned<String>>,
    pub(super) edit: Option<Vec<Spanned<String>>>,
    pub(super) delete: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) moves: Vec<Spanned<MoveText>>,
    #[serde(default)]
    pub(super) gates: Vec<Spanned<GateText>>,
}

/// A move from one state to another.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveText {
    pub(super) code: Spanned<String>,
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
    pub(super) from: Vec<Spanned<String>>,
    pub(super) to: Spanned<String>,
    pub(super) right: Option<Spanned<String>>,
    /// `approval`, if a record that has to be approved has to be first.
    pub(super) needs: Option<Spanned<String>>,
    /// Fields that are asked for; `name!` if they are required.
    #[serde(default)]
    pub(super) input: Vec<Spanned<String>>,
    /// Expressions for fields.
    #[serde(default)]
    pub(super) set: BTreeMap<String, Spanned<String>>,
    /// `editor` or `system`.
    #[serde(rename = "as")]
    pub(super) acts_as: Option<Spanned<String>>,
    pub(super) reason: Option<String>,
}

/// What must hold before a record gets to a state.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GateText {
    pub(super) to: Spanned<String>,
    #[serde(default)]
    pub(super) require: Vec<Spanned<String>>,
    pub(super) check: Option<Spanned<String>>,
    pub(super) message: Option<String>,
    pub(super) message_en: Option<String>,
}

/// What is done at once with a record by name: other records are made of it, and its own fields set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActionText {
    pub(super) code: Spanned<String>,
    pub(super) object: Spanned<String>,
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
    pub(super) right: Option<Spanned<String>>,
    pub(super) when: Option<Spanned<String>>,
    /// What is said where the condition does not hold.
    pub(super) message: Option<String>,
    pub(super) message_en: Option<String>,
    /// What it asks for.
    #[serde(default)]
    pub(super) input: Vec<Spanned<ActionInputText>>,
    /// The records that it makes and changes, in order.
    #[serde(default)]
    pub(super) steps: Vec<Spanned<StepText>>,
    /// Expressions for fields of the record itself.
    #[serde(default)]
    pub(super) set: BTreeMap<String, Spanned<String>>,
}

/// A value that an action asks for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ActionInputText {
    pub(super) name: Spanned<String>,
    /// `String`, `Int`, `Decimal`, `Boolean`, `Date`, `DateTime`, an object or a picklist; with `!` if it is required.
    #[serde(rename = "type")]
    pub(super) ty: Spanned<String>,
    pub(super) label: Option<String>,
    pub(super) label_en: Option<String>,
}

/// A record that an action makes, or the records of a list that it changes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepText {
    /// The object of the record that is made.
    pub(super) create: Option<Spanned<String>>,
    /// What it is called in expressions and in the answer.
    pub(super) name: Option<Spanned<String>>,
    /// The list whose records are changed.
    pub(super) update: Option<Spanned<String>>,
    pub(super) when: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) set: BTreeMap<String, Spanned<String>>,
    pub(super) lines: Option<StepLinesText>,
}

/// The lines of a record that an action makes, one for each line of the record it makes it of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepLinesText {
    /// The lines of the record, each as `each`.
    pub(super) from: Spanned<String>,
    /// The lines that are made.
    pub(super) to: Spanned<String>,
    #[serde(default)]
    pub(super) set: BTreeMap<String, Spanned<String>>,
}

/// Reads a text.
pub(super) fn read(part: &DefinitionPart) -> Result<BehaviourText, Diagnostic> {
    if part.text.chars().count() > LARGEST {
        return Err(too_large(part));
    }
    from_toml(&part.text).map_err(|fault| {
        let (line, column) = fault.place.unwrap_or((1, 1));
        let (code, path) = (Code::CatalogSyntax, part.name.clone());
        Diagnostic { code, path, line, column, message: fault.message, hint: None }
    })
}
