//! Texts of behaviour in a publish: which there are after it, what it changes of them, and what only administrators
//! publish.

use crate::{
    access::Access,
    base::{Code, Result},
    catalog::{
        Approval, Catalog, CatalogChange, ChangeKind, DefinitionPart, Diagnostic, FieldFill,
        NamedText, Object, Origin, PartKind, Risk, is_text_name, messages,
    },
    storage::{Database, approvals},
};

use super::WantedText;

/// What is to be published: a text of objects, and texts of behaviour that are put in place of those of their names.
#[derive(Debug, Clone, Copy)]
pub struct WantedDefinitions<'w> {
    /// The text of objects.
    pub text: WantedText<'w>,
    /// The texts of behaviour.
    pub rules: &'w [NamedText],
}

impl<'w> From<WantedText<'w>> for WantedDefinitions<'w> {
    fn from(text: WantedText<'w>) -> Self {
        Self { text, rules: &[] }
    }
}

impl WantedDefinitions<'_> {
    /// Puts the texts of behaviour among the parts. Returns what is wrong with their names.
    pub(super) fn follow(self, parts: &mut Vec<DefinitionPart>) -> Vec<Diagnostic> {
        let mut wrong = Vec::new();
        for named in self.rules {
            if !is_text_name(&named.name) {
                wrong.push(fault(&named.name, Code::CatalogName));
                continue;
            }
            let own = |part: &DefinitionPart| is_own(part) && part.name == named.name;
            match (parts.iter().position(own), named.part()) {
                (Some(at), Some(part)) => parts[at] = part,
                (Some(at), None) => drop(parts.remove(at)),
                (None, part) => parts.extend(part),
            }
        }
        wrong
    }
}

fn is_own(part: &DefinitionPart) -> bool {
    part.kind == PartKind::Rules && part.origin == Origin::Custom
}

fn fault(name: &str, code: Code) -> Diagnostic {
    let message = messages::bad_text_name(name);
    Diagnostic { code, path: name.to_owned(), line: 1, column: 1, message, hint: None }
}

/// What differs of the texts of behaviour.
pub(super) fn changes(before: &[DefinitionPart], after: &[DefinitionPart]) -> Vec<CatalogChange> {
    let of = |parts: &[DefinitionPart]| -> Vec<DefinitionPart> {
        parts.iter().filter(|part| part.kind == PartKind::Rules).cloned().collect()
    };
    let (before, after) = (of(before), of(after));
    let named = |parts: &[DefinitionPart], name: &str| -> Option<DefinitionPart> {
        parts.iter().find(|part| part.name == name).cloned()
    };
    let change = |kind, part: &DefinitionPart| CatalogChange {
        kind,
        object: part.name.clone(),
        field: None,
        risk: Risk::Safe,
        reason: None,
    };
    let come = after.iter().filter_map(|part| match named(&before, &part.name) {
        None => Some(change(ChangeKind::AddRules, part)),
        Some(known) if known.text != part.text => Some(change(ChangeKind::UpdateRules, part)),
        Some(_) => None,
    });
    let gone = before.iter().filter(|part| named(&after, &part.name).is_none());
    come.chain(gone.map(|part| change(ChangeKind::RemoveRules, part))).collect()
}

/// The kind of a version: that of behaviour, if no text of objects differs.
pub(super) fn kind(before: &[DefinitionPart], after: &[DefinitionPart]) -> PartKind {
    let objects = |parts: &[DefinitionPart]| -> Vec<DefinitionPart> {
        parts.iter().filter(|part| part.kind == PartKind::Objects).cloned().collect()
    };
    match objects(before) == objects(after) {
        true if before != after => PartKind::Rules,
        _ => PartKind::Objects,
    }
}

/// What only administrators publish, for a caller who is none: what acts under a mandate, and another flow in place of one
/// that closes records and says who moves them.
pub(super) fn mandates(live: &Catalog, new: &Catalog, access: &Access) -> Vec<Diagnostic> {
    if access.may_everything() {
        return Vec::new();
    }
    let denied = |object: &Object, message| {
        let (code, path) = (Code::AccessDenied, object.name.clone());
        Diagnostic { code, path, line: 1, column: 1, message, hint: None }
    };
    let mut told = Vec::new();
    for object in &new.objects {
        let of = live.named(&object.name);
        let before = of.and_then(|of| Some((of, of.flow.as_deref()?)));
        let flow = object.flow.as_deref();
        if let Some((of, before)) = before
            && !flow.is_some_and(|flow| flow.opens_as(object, before, of))
        {
            told.push(denied(object, messages::flows_are_for_administrators(&object.name)));
            continue;
        }
        for known in flow.iter().flat_map(|flow| &flow.moves).filter(|known| known.mandate) {
            let same = before.is_some_and(|(of, before)| {
                before.named(&known.code).is_some_and(|other| known.does_as(object, other, of))
            });
            if !same {
                told.push(denied(object, messages::mandates_are_for_administrators(&known.code)));
            }
        }
    }
    for object in &new.objects {
        let before = live.named(&object.name);
        let same = |fill: &FieldFill| {
            before.is_some_and(|of| {
                of.fills.iter().any(|known| fill.does_as((new, object), known, (live, of)))
            })
        };
        for fill in object.fills.iter().filter(|fill| !same(fill)) {
            told.push(denied(object, messages::fills_are_for_administrators(&fill.code)));
        }
    }
    for object in &new.objects {
        let before = live.named(&object.name);
        let same = |approval: &Approval| {
            before.is_some_and(|of| {
                of.approvals.iter().any(|known| approval.does_as(object, known, of))
            })
        };
        // A record gets the first that applies, so their order says who decides, too.
        let codes = |of: &Object| -> Vec<String> {
            of.approvals.iter().map(|approval| approval.code.clone()).collect()
        };
        let ordered = before.is_none_or(|of| codes(of) == codes(object));
        let others = object.approvals.iter().filter(|approval| !ordered || !same(approval));
        let gone = before.into_iter().flat_map(|of| &of.approvals);
        let gone = gone.filter(|known| !object.approvals.iter().any(|own| own.code == known.code));
        for approval in others.chain(gone) {
            let message = messages::approvals_are_for_administrators(&approval.code);
            told.push(denied(object, message));
        }
    }
    told.extend(rules(live, new));
    told
}

/// Refuses that an object loses its last approval while records wait for theirs, which nobody could decide on any more.
pub(super) async fn waiting(
    database: &Database,
    live: &Catalog,
    new: &Catalog,
) -> Result<Vec<Diagnostic>> {
    let mut told = Vec::new();
    for object in live.objects.iter().filter(|object| !object.approvals.is_empty()) {
        if new.named(&object.name).is_some_and(|object| !object.approvals.is_empty()) {
            continue;
        }
        let many = approvals::waiting(database, &object.name).await?;
        if many > 0 {
            let message = messages::approval_waits(&object.name, many);
            let (code, path) = (Code::CatalogInUse, object.name.clone());
            told.push(Diagnostic { code, path, line: 1, column: 1, message, hint: None });
        }
    }
    Ok(told)
}

/// The rules that act under a mandate or relate employees, and are new or others.
fn rules(live: &Catalog, new: &Catalog) -> Vec<Diagnostic> {
    let mut told: Vec<Diagnostic> = Vec::new();
    for object in &new.objects {
        let before = live.named(&object.name);
        for rule in object.rules.iter().filter(|rule| rule.is_mandate()) {
            let same_of = |before: &Object| {
                before.rules.iter().any(|known| rule.does_as(object, known, before))
            };
            // A rule of all objects with related employees is one of new ones, too.
            let same = before.is_some_and(same_of)
                || rule.of_responsible && live.objects.iter().any(same_of);
            let message = messages::rules_are_for_administrators(&rule.code);
            // One text may give the rule to many objects.
            if !same && told.iter().all(|known| known.message != message) {
                let (code, path) = (Code::AccessDenied, object.name.clone());
                told.push(Diagnostic { code, path, line: 1, column: 1, message, hint: None });
            }
        }
    }
    told
}
