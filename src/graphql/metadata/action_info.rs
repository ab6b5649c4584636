//! The named actions of an object as pages need them, limited to what the caller may know.

use async_graphql::SimpleObject;

use super::forms::{FieldInfo, asked};
use crate::{
    access::Visible,
    base::{Currency, Lang},
    catalog::{self, NamedAction},
    graphql::words,
};

/// What can be done with a record by name, such as converting a lead.
#[derive(SimpleObject)]
pub(super) struct ActionInfo {
    code: String,
    /// The root field that does it: `convertLead`.
    name: String,
    label: String,
    label_zh: Option<String>,
    label_en: Option<String>,
    /// The right that it needs on the record: `edit`, `audit`, `transfer`, `ship`, `approve`.
    right: String,
    /// What is said where its condition does not hold.
    message: Option<String>,
    /// What it asks for, as fields of a form.
    input: Vec<FieldInfo>,
    /// The records that it makes, of objects that the caller may read.
    creates: Vec<CreatedRecord>,
}

/// A record that an action makes.
#[derive(SimpleObject)]
struct CreatedRecord {
    /// What the answer of the action calls it.
    name: String,
    /// Its object.
    object: String,
}

/// The actions of an object whose right the caller has on some records.
pub(super) fn actions(
    visible: Visible<'_>,
    object: &catalog::Object,
    lang: Lang,
    currency: Currency,
) -> Vec<ActionInfo> {
    let shown = |action: &NamedAction| ActionInfo {
        code: action.code.clone(),
        name: format!("{}{}", action.code, object.name),
        label: words::title(&action.label, &action.code, lang),
        label_zh: action.label.zh.clone(),
        label_en: action.label.en.clone(),
        right: action.right.as_ref().to_owned(),
        message: action.message.text(lang).map(str::to_owned),
        input: asked(visible, action, (lang, currency)),
        creates: action
            .creates()
            .map(|step| (step, visible.catalog.object(step.object)))
            .filter(|(_, made)| visible.reads(made))
            .map(|(step, made)| CreatedRecord {
                name: step.name.clone(),
                object: made.name.clone(),
            })
            .collect(),
    };
    let open = object.actions.iter();
    open.filter(|action| visible.may(object, action.right.into())).map(shown).collect()
}
