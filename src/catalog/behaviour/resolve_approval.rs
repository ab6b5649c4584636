//! Resolves approvals: their object, when they begin and apply, and their steps, with all that is wrong at once.

use std::collections::HashSet;

use strum::VariantNames as _;
use toml::Spanned;

use super::{
    TextPlace,
    approval::{Approval, ApprovalStep, ApproverSource, IfNone, OwnDecision, PlannedStep, Quorum},
    is_rule_code, known_object,
    lookup::Lookup,
    mutation_names::OF_APPROVALS,
    rule::RuleExpr,
    text::{ApprovalStepText, ApprovalText, ApproverText, QuorumText},
};
use crate::{
    base::Code,
    catalog::{
        DefinitionPart, Diagnostic, FieldType, Label, ObjectIx, messages, names::nearest,
        quoted_list, resolve::Stages,
    },
    expr::{Function, Type},
};

/// Most approvals of an object, steps of an approval and sources of a step.
const MOST: usize = 20;
/// Most steps of a path to employees.
const DEEPEST: usize = 5;
/// The move with which an approval begins that is told no move, where the flow has it.
pub const SUBMIT: &str = "submit";

/// Adds an approval to its object.
pub(super) fn resolve(part: &DefinitionPart, text: &Spanned<ApprovalText>, work: &mut Stages<'_>) {
    let text = text.get_ref();
    let place = |spanned: &Spanned<String>| TextPlace { part, at: spanned.span().start };
    let Some(object) = known_object(part, &text.object, work) else { return };
    let (code, of) = (text.code.get_ref(), work.catalog.object(object));
    let known = of.approvals.iter().position(|known| known.code == *code);
    let fault = if !of.approval {
        Some(messages::no_approval(&of.name))
    } else if !of.named(super::APPROVAL_STATE).is_some_and(|(_, field)| field.system) {
        Some(messages::own_approval_state(&of.name))
    } else if !of.responsible {
        Some(messages::approvers_see_nothing(&of.name))
    } else if !is_rule_code(code) {
        Some(messages::bad_rule_code(code))
    } else if known.is_some_and(|at| of.approvals[at].origin == part.origin) {
        Some(messages::approval_twice(&of.name, code))
    } else if known.is_none() && of.approvals.len() >= MOST || text.steps.len() > MOST {
        Some(messages::many_approvals(MOST))
    } else if text.steps.is_empty() {
        Some(messages::approval_without_steps(code))
    } else {
        None
    };
    if let Some(message) = fault {
        work.faults.push(place(&text.code).fault(Code::CatalogRule, message));
        return;
    }
    let mut lookup = Lookup::of(part, object, work);
    let before = lookup.work.faults.len();
    let approval = lookup.approval(text);
    if lookup.work.faults.len() > before {
        return;
    }
    let approvals = &mut work.catalog.objects[object.0].approvals;
    match (approval, known) {
        (Some(approval), Some(at)) => approvals[at] = approval,
        (Some(approval), None) => approvals.push(approval),
        (None, _) => {}
    }
}

impl Lookup<'_, '_, '_> {
    fn approval(&mut self, text: &ApprovalText) -> Option<Approval> {
        let when = text.when.as_ref().map(|when| self.applies(when));
        let moves = self.begins_with(text);
        self.names_are_free(text, &moves);
        let oneself = self.one_of::<OwnDecision>(text.oneself.as_ref(), OwnDecision::VARIANTS)?;
        let once = match text.repeat.as_ref().map(|said| (said, said.get_ref().as_str())) {
            None | Some((_, "once")) => true,
            Some((_, "always")) => false,
            Some((said, other)) => {
                let message = messages::not_one_of(other, quoted_list(["once", "always"]));
                self.fault(self.place(said), message);
                true
            }
        };
        let mut voids = Vec::new();
        for name in &text.voids {
            let place = self.place(name);
            let Some(ix) = self.field(self.object, name.get_ref(), place) else { continue };
            let field = self.at(self.object).field(ix);
            if field.on_read || matches!(field.ty, FieldType::Inverse(_) | FieldType::Union(_)) {
                self.fault(place, messages::voids_nothing(name.get_ref()));
            }
            voids.push(ix);
        }
        let (mut steps, mut codes) = (Vec::new(), HashSet::new());
        for step in &text.steps {
            let code = &step.get_ref().code;
            if !codes.insert(code.get_ref().clone()) {
                self.fault(self.place(code), messages::step_twice(code.get_ref()));
            }
            steps.extend(self.approval_step(step.get_ref()));
        }
        // Another value of what the conditions read could ask others.
        let conditions = steps.iter().filter_map(|step: &ApprovalStep| step.when.as_ref());
        let of = self.at(self.object);
        let own = when.iter().flatten().chain(conditions);
        voids.extend(own.flat_map(|when| of.read_by(&when.expr)));
        voids.sort_unstable();
        voids.dedup();
        let label = Label { zh: text.label.clone(), en: text.label_en.clone() };
        let (origin, code, when) = (self.part.origin, text.code.get_ref().clone(), when.flatten());
        Some(Approval { origin, code, label, moves, when, oneself, once, voids, steps })
    }

    /// A condition on the record alone: whoever asks, and whatever was before, it is the same.
    fn applies(&mut self, text: &Spanned<String>) -> Option<RuleExpr> {
        let when = self.expr(text, &Type::Bool)?;
        let foreign = |path: &Vec<String>| {
            path.first().is_some_and(|first| first == "old" || first == "viewer")
        };
        if when.expr.paths().iter().any(foreign) || when.expr.calls(Function::Changed) {
            self.fault(self.place(text), messages::applies_by_the_record(text.get_ref()));
            return None;
        }
        Some(when)
    }

    /// Reports moves and actions that are called as what is done with approvals.
    fn names_are_free(&mut self, text: &ApprovalText, moves: &[String]) {
        let of = self.at(self.object);
        let known = of.flow.iter().flat_map(|flow| &flow.moves).map(|step| step.code.clone());
        let actions = of.actions.iter().map(|action| action.code.clone());
        let is_taken = |code: &String| {
            OF_APPROVALS.contains(&code.as_str()) || moves.is_empty() && code == SUBMIT
        };
        let taken: Vec<_> = known.chain(actions).filter(is_taken).collect();
        for code in taken {
            self.fault(self.place(&text.code), messages::taken_by_approvals(code));
        }
    }

    /// The moves with which it begins: those that are told, or the flow's `submit`.
    fn begins_with(&mut self, text: &ApprovalText) -> Vec<String> {
        let flow = self.at(self.object).flow.as_deref();
        let known: Vec<String> =
            flow.iter().flat_map(|flow| &flow.moves).map(|step| step.code.clone()).collect();
        let Some(told) = &text.moves else {
            return known.into_iter().filter(|code| code == SUBMIT).collect();
        };
        let mut moves = Vec::new();
        for told in told {
            let name = told.get_ref();
            if known.contains(name) {
                moves.push(name.clone());
                continue;
            }
            let message = messages::no_move(name, &self.at(self.object).name);
            let fault = self.place(told).fault(Code::CatalogRule, message);
            let hint = nearest(name, known.iter().map(String::as_str)).map(messages::did_you_mean);
            self.work.faults.push(Diagnostic { hint, ..fault });
        }
        moves
    }

    /// One of some names, or the default.
    fn one_of<T: Default + std::str::FromStr>(
        &mut self,
        told: Option<&Spanned<String>>,
        known: &[&str],
    ) -> Option<T> {
        let Some(told) = told else { return Some(T::default()) };
        let found = told.get_ref().parse().ok();
        if found.is_none() {
            let message = messages::not_one_of(told.get_ref(), quoted_list(known));
            self.fault(self.place(told), message);
        }
        found
    }

    fn approval_step(&mut self, text: &ApprovalStepText) -> Option<ApprovalStep> {
        let code = text.code.get_ref().clone();
        if !is_rule_code(&code) {
            self.fault(self.place(&text.code), messages::bad_rule_code(&code));
        }
        let when = text.when.as_ref().map(|when| self.applies(when));
        let if_none = self.one_of::<IfNone>(text.if_none.as_ref(), IfNone::VARIANTS)?;
        let mut by = Vec::new();
        for source in &text.by {
            by.extend(self.approvers(&text.code, source.get_ref()));
        }
        if text.by.is_empty() || text.by.len() > MOST {
            self.fault(self.place(&text.code), messages::step_without_approvers(&code, MOST));
        }
        let quorum = self.quorum(text);
        let label = (text.label.clone(), text.label_en.clone());
        let (group, in_turn) = (text.group.clone(), text.in_turn.unwrap_or_default());
        let plan = PlannedStep { code, label, group, by, quorum: quorum?, in_turn, if_none };
        Some(ApprovalStep { when: when.flatten(), plan })
    }

    /// A role, a path to employees, or the manager.
    fn approvers(&mut self, step: &Spanned<String>, text: &ApproverText) -> Option<ApproverSource> {
        match (&text.role, &text.employee, text.manager) {
            (Some(role), None, None) => {
                let (role, reach) = (role.get_ref().clone(), text.reach.unwrap_or_default());
                Some(ApproverSource::Role { role, reach })
            }
            (None, Some(path), None) if text.reach.is_none() => {
                let steps: Vec<String> =
                    path.get_ref().split('.').map(|name| name.trim().to_owned()).collect();
                self.leads_to_employees(path, &steps).then_some(ApproverSource::Path(steps))
            }
            (None, None, Some(true)) if text.reach.is_none() => Some(ApproverSource::Manager),
            _ => {
                self.fault(self.place(step), messages::approver_source());
                None
            }
        }
    }

    /// Whether a path leads over relations of the record to employees.
    fn leads_to_employees(&mut self, text: &Spanned<String>, steps: &[String]) -> bool {
        let place = self.place(text);
        let mut at = self.object;
        for name in steps {
            let Some(ix) = self.field(at, name, place) else { return false };
            let Some(relation) = self.at(at).field(ix).relation() else {
                self.fault(place, messages::leads_nowhere(name));
                return false;
            };
            at = relation.target;
        }
        self.ends_at_employees(text, at, steps.len())
    }

    fn ends_at_employees(&mut self, text: &Spanned<String>, at: ObjectIx, steps: usize) -> bool {
        let place = self.place(text);
        let employee = self.work.catalog.named("Employee").map(|employee| employee.ix);
        if employee != Some(at) {
            let message = messages::ends_elsewhere(text.get_ref(), &self.at(at).name);
            self.fault(place, message);
            return false;
        }
        if steps > DEEPEST {
            self.fault(place, messages::leads_too_far_to_relate(DEEPEST));
            return false;
        }
        true
    }

    fn quorum(&mut self, text: &ApprovalStepText) -> Option<Quorum> {
        let written = match &text.quorum {
            None => return Some(Quorum::Any),
            Some(QuorumText::Count(count)) => count.to_string(),
            Some(QuorumText::Text(text)) => text.clone(),
        };
        let number = |text: &str| text.parse::<u32>().ok();
        let found = match written.as_str() {
            "any" => Some(Quorum::Any),
            "all" => Some(Quorum::All),
            other => match other.strip_suffix('%') {
                Some(percent) => {
                    number(percent).filter(|of| (1..=100).contains(of)).map(Quorum::Percent)
                }
                None => number(other).filter(|count| *count > 0).map(Quorum::Count),
            },
        };
        if found.is_none() {
            self.fault(self.place(&text.code), messages::no_quorum(written));
        }
        found
    }
}
