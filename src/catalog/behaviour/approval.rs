//! Approvals: who has to agree to a record before it goes on, in which steps.
//!
//! Owns what an approval is. Must not know who the people are, nor how decisions are kept.

use serde::{Deserialize, Serialize};

use super::rule::RuleExpr;
use crate::catalog::{FieldIx, Label, Object, Origin};

/// The system field with the state of a record's approval, of objects that have approvals.
pub const APPROVAL_STATE: &str = "approvalState";
/// The picklist of that field.
pub(in crate::catalog) const APPROVAL_STATES: &str = "ApprovalState";
/// The state of a record that waits for decisions. Nobody changes or moves it meanwhile.
pub const PENDING: &str = "PENDING";
/// The state of a record that is approved.
pub const APPROVED: &str = "APPROVED";

/// An approval of an object's records. A record that is submitted gets the first that applies to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// Where its text comes from. One's own takes the place of a standard one of its code.
    pub origin: Origin,
    /// Its name among those of the object.
    pub code: String,
    /// What people call it.
    pub label: Label,
    /// The moves of the object's flow with which it begins; none: records are submitted by themselves.
    pub moves: Vec<String>,
    /// When it applies; `None`: always.
    pub when: Option<RuleExpr>,
    /// Who decides where that would be the submitter.
    pub oneself: OwnDecision,
    /// Nobody is asked twice in a round: whoever has approved once has approved what follows.
    pub once: bool,
    /// The fields whose change takes an approval back.
    pub voids: Vec<FieldIx>,
    /// Its steps, in order. Neighbours of one group are side by side.
    pub steps: Vec<ApprovalStep>,
}

impl Approval {
    /// Whether it asks the same people of the same records as another, of the same object under another version.
    pub fn does_as(&self, object: &Object, other: &Self, of: &Object) -> bool {
        let said = |known: &Self, object: &Object| {
            let voids = known.voids.iter().map(|ix| object.field(*ix).stored.clone());
            let steps = known.steps.iter().map(|step| {
                let when = step.when.as_ref().map(|when| when.text.clone());
                (when, step.plan.clone())
            });
            let when = known.when.as_ref().map(|when| when.text.clone());
            let whose = (known.code.clone(), known.moves.clone(), known.oneself, known.once);
            (whose, when, voids.collect::<Vec<_>>(), steps.collect::<Vec<_>>())
        };
        said(self, object) == said(other, of)
    }
}

/// A step of an approval.
#[derive(Debug, Clone, PartialEq)]
pub struct ApprovalStep {
    /// When it is a step of a record; `None`: always. Told when the record is submitted.
    pub when: Option<RuleExpr>,
    /// What of it an approval that has begun keeps.
    pub plan: PlannedStep,
}

/// A step as an approval that has begun keeps it, whatever becomes of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// Its name among the steps.
    pub code: String,
    /// What people call it, in Chinese and in English.
    pub label: (Option<String>, Option<String>),
    /// Steps of one group are side by side where they follow one another.
    pub group: Option<String>,
    /// Where its approvers are looked for.
    pub by: Vec<ApproverSource>,
    /// How many have to agree.
    pub quorum: Quorum,
    /// They are asked one after the other.
    pub in_turn: bool,
    /// Who decides where nobody is found.
    pub if_none: IfNone,
}

impl PlannedStep {
    /// What people call it.
    pub fn title(&self) -> crate::base::Message {
        let (zh, en) = self.label.clone();
        Label { zh, en }.title(&self.code)
    }
}

/// Where the approvers of a step are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApproverSource {
    /// Whoever holds a role; with `reach`, of these only who may read and approve the record by their own rights.
    Role {
        /// The role's code.
        role: String,
        /// Only those whose rights hold the record.
        reach: bool,
    },
    /// The employees at the end of a path over relations of the record.
    Path(Vec<String>),
    /// The manager of whoever submits it.
    Manager,
}

impl ApproverSource {
    /// What tells it to a reader: `role:director`, `manager`, `owner.manager`.
    pub fn text(&self) -> String {
        match self {
            Self::Role { role, reach: true } => format!("role:{role} (reach)"),
            Self::Role { role, reach: false } => format!("role:{role}"),
            Self::Path(path) => path.join("."),
            Self::Manager => "manager".to_owned(),
        }
    }
}

/// How many approvers of a step have to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quorum {
    /// The first who decides, decides.
    Any,
    /// All of them; the first no ends it.
    All,
    /// So many.
    Count(u32),
    /// So many of a hundred.
    Percent(u32),
}

impl Quorum {
    /// As the text says it: `any`, `all`, `2`, `60%`.
    pub fn text(self) -> String {
        match self {
            Self::Any => "any".to_owned(),
            Self::All => "all".to_owned(),
            Self::Count(count) => count.to_string(),
            Self::Percent(percent) => format!("{percent}%"),
        }
    }
}

/// Who decides where that would be the submitter.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    Serialize,
    Deserialize,
    strum::AsRefStr,
    strum::EnumString,
    strum::VariantNames,
)]
#[strum(serialize_all = "lowercase")]
#[serde(rename_all = "snake_case")]
pub enum OwnDecision {
    /// The next up their line; administrators, if there is nobody.
    #[default]
    Next,
    /// The others.
    Deny,
    /// They do.
    Allow,
}

/// Who decides on a step where nobody is found.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    Serialize,
    Deserialize,
    strum::AsRefStr,
    strum::EnumString,
    strum::VariantNames,
)]
#[strum(serialize_all = "lowercase")]
#[serde(rename_all = "snake_case")]
pub enum IfNone {
    /// The submitter's manager; administrators, if there is none.
    #[default]
    Manager,
    /// Nobody: the step is passed.
    Skip,
    /// Administrators.
    Administrators,
}
