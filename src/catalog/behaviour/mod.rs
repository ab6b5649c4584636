//! What happens to records, as texts beside the definitions of objects: flows of states, rules of saves, named actions,
//! fills, and approvals.
//! Texts are TOML, of standard parts under `schema/rules/` or stored; they resolve with the objects to one catalog.
//!
//! Owns what the texts say and what is wrong with them. Must not know who may do what, nor how records are saved.

mod action;
mod approval;
mod fill;
mod flow;
mod lookup;
mod mutation_names;
mod relate_path;
mod resolve_action;
mod resolve_approval;
mod resolve_fill;
mod resolve_flow;
mod resolve_rule;
mod rule;
mod rule_order;
mod text;

pub(super) use action::ActionScope;
pub use action::{ActionStep, CreateLines, CreateStep, INPUT, NamedAction, UpdateStep, type_name};
pub(super) use approval::APPROVAL_STATES;
pub use approval::{
    APPROVAL_STATE, APPROVED, Approval, ApprovalStep, ApproverSource, IfNone, OwnDecision, PENDING,
    PlannedStep, Quorum,
};
pub use fill::{FieldFill, FillSource};
pub use flow::{Flow, FlowMove, Gate, MoveInput, MoveRight, MoveTarget};
pub use resolve_approval::SUBMIT;
pub use rule::{RelatePath, RelateRead, Rule, RuleEvents, RuleExpr};
pub use text::{NamedText, is_text_name};

use toml::Spanned;

use super::{
    diagnostic::Diagnostic,
    ids::ObjectIx,
    messages,
    names::nearest,
    part::{DefinitionPart, Origin, PartKind},
    resolve::Stages,
    toml_fault::place_in,
};
use crate::base::{Code, Message};

/// The longest text, in characters.
const LARGEST: usize = 200_000;

/// A place in a text of behaviour.
#[derive(Clone, Copy)]
struct TextPlace<'a> {
    part: &'a DefinitionPart,
    /// The byte.
    at: usize,
}

impl TextPlace<'_> {
    /// A diagnostic at this place.
    fn fault(self, code: Code, message: Message) -> Diagnostic {
        let (line, column) = place_in(&self.part.text, self.at).unwrap_or((1, 1));
        let path = self.part.name.clone();
        Diagnostic { code, path, line, column, message, hint: None }
    }
}

/// Resolves the texts of behaviour to the objects that the stages before have made.
pub(super) fn resolve(parts: &[&DefinitionPart], work: &mut Stages<'_>) {
    let (before, mut texts) = (work.faults.len(), Vec::new());
    for part in parts {
        match text::read(part) {
            Ok(read) => texts.push((*part, read)),
            Err(fault) => work.faults.push(fault),
        }
    }
    for (part, text) in &texts {
        for flow in &text.flow {
            resolve_flow::resolve(part, flow, work);
        }
    }
    for (part, text) in &texts {
        for action in &text.action {
            resolve_action::resolve(part, action, work);
        }
    }
    for (part, text) in &texts {
        for approval in &text.approval {
            resolve_approval::resolve(part, approval, work);
        }
    }
    for (part, text) in &texts {
        for fill in &text.fill {
            resolve_fill::resolve(part, fill, work);
        }
    }
    let rules = texts.iter().flat_map(|(part, text)| text.rule.iter().map(|rule| (*part, rule)));
    resolve_rule::resolve(&rules.collect::<Vec<_>>(), work);
    // What is wrong with the program's own texts only follows from the objects.
    if before > 0 {
        let standard = parts.iter().filter(|part| part.origin == Origin::Standard);
        let standard: Vec<_> = standard.map(|part| part.name.as_str()).collect();
        let mut at = 0;
        work.faults.retain(|fault| {
            at += 1;
            at <= before || !standard.contains(&fault.path.as_str())
        });
    }
}

/// The object with a name; reports one that there is not.
fn known_object(
    part: &DefinitionPart,
    name: &Spanned<String>,
    work: &mut Stages<'_>,
) -> Option<ObjectIx> {
    let known = work.catalog.named(name.get_ref());
    if let Some(object) = known {
        return Some(object.ix);
    }
    if !work.refused_types.contains(name.get_ref()) {
        let place = TextPlace { part, at: name.span().start };
        let fault = place.fault(Code::CatalogRule, messages::no_such_object(name.get_ref()));
        let names = work.catalog.objects.iter().map(|object| object.name.as_str());
        let hint = nearest(name.get_ref(), names).map(messages::did_you_mean);
        work.faults.push(Diagnostic { hint, ..fault });
    }
    None
}

/// Whether a rule or a fill can have this code.
fn is_rule_code(code: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (1..=60).contains(&code.len()) && code.chars().all(fits)
}

/// The parts of behaviour among all parts.
pub(super) fn parts(all: &[DefinitionPart]) -> Vec<&DefinitionPart> {
    all.iter().filter(|part| part.kind == PartKind::Rules).collect()
}

/// The diagnostic for a text that is too long.
fn too_large(part: &DefinitionPart) -> Diagnostic {
    TextPlace { part, at: 0 }.fault(Code::CatalogSyntax, messages::rules_too_large(LARGEST))
}
