//! The approvals of an object, for those who define objects: who decides, when, on what condition.

use async_graphql::SimpleObject;

use crate::{
    access::Visible,
    base::Lang,
    catalog::{self, Approval, ApproverSource},
    graphql::words,
};

/// Who has to agree to records of an object that are submitted.
#[derive(SimpleObject)]
pub(super) struct ApprovalInfo {
    code: String,
    label: String,
    label_zh: Option<String>,
    label_en: Option<String>,
    /// The codes of the moves with which it begins; none: records are submitted by themselves.
    moves: Vec<String>,
    /// When it applies; null: always.
    when: Option<String>,
    /// The fields whose change takes an approval back.
    voids: Vec<String>,
    /// Its steps, in order.
    steps: Vec<ApprovalStepInfo>,
}

/// A step of an approval.
#[derive(SimpleObject)]
struct ApprovalStepInfo {
    code: String,
    label: String,
    label_zh: Option<String>,
    label_en: Option<String>,
    /// When it is a step of a record; null: always.
    when: Option<String>,
    /// Steps of one group that follow one another are side by side.
    group: Option<String>,
    /// Where its approvers are looked for: `role:director`, `role:director (reach)`, `owner.manager`, `manager`.
    by: Vec<String>,
    /// How many have to agree: `any`, `all`, `2`, `60%`.
    quorum: String,
    /// They are asked one after the other.
    in_turn: bool,
    /// Who decides where nobody is found: `manager`, `skip`, `administrators`.
    if_none: String,
}

/// The approvals of an object; none for those who do not define objects.
pub(super) fn approvals(
    visible: Visible<'_>,
    object: &catalog::Object,
    lang: Lang,
) -> Vec<ApprovalInfo> {
    if !visible.access.may_customize() {
        return Vec::new();
    }
    let shown = |approval: &Approval| ApprovalInfo {
        code: approval.code.clone(),
        label: words::title(&approval.label, &approval.code, lang),
        label_zh: approval.label.zh.clone(),
        label_en: approval.label.en.clone(),
        moves: approval.moves.clone(),
        when: approval.when.as_ref().map(|when| when.text.clone()),
        voids: approval.voids.iter().map(|ix| object.field(*ix).name.clone()).collect(),
        steps: approval
            .steps
            .iter()
            .map(|step| ApprovalStepInfo {
                code: step.plan.code.clone(),
                label: step.plan.title().text(lang).to_owned(),
                label_zh: step.plan.label.0.clone(),
                label_en: step.plan.label.1.clone(),
                when: step.when.as_ref().map(|when| when.text.clone()),
                group: step.plan.group.clone(),
                by: step.plan.by.iter().map(ApproverSource::text).collect(),
                quorum: step.plan.quorum.text(),
                in_turn: step.plan.in_turn,
                if_none: step.plan.if_none.as_ref().to_owned(),
            })
            .collect(),
    };
    object.approvals.iter().map(shown).collect()
}
