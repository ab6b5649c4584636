//! Resolves rules for each of their objects: what they read, set, require, refuse and relate, with all that is wrong at
//! once.

use std::collections::HashMap;

use toml::Spanned;

use super::{
    TextPlace, is_rule_code,
    lookup::Lookup,
    relate_path::RelateText,
    rule::{Rule, RuleEvents, RuleExpr},
    rule_order::{self, PlacedRule},
    text::RuleText,
};
use crate::{
    base::Code,
    catalog::{
        DefinitionPart, Diagnostic, FieldIx, FieldType, Label, ObjectIx, ObjectKind, messages,
        names::nearest,
        resolve::{Stages, field_type},
    },
    expr::Type,
};

/// What stands for all objects with related employees.
const RESPONSIBLE: &str = "@responsible";

/// Adds rules to their objects, in the order in which they are carried out.
pub(super) fn resolve(texts: &[(&DefinitionPart, &Spanned<RuleText>)], work: &mut Stages<'_>) {
    let mut known: HashMap<&str, TextPlace<'_>> = HashMap::new();
    let mut rules = Vec::new();
    for (part, text) in texts {
        let (at, text) = (text.span().start, text.get_ref());
        let (code, place) = (text.code.get_ref(), TextPlace { part, at: text.code.span().start });
        let before = work.faults.len();
        if !is_rule_code(code) {
            work.faults.push(place.fault(Code::CatalogRule, messages::bad_rule_code(code)));
        } else if known.insert(code, place).is_some() {
            work.faults.push(place.fault(Code::CatalogRule, messages::rule_code_twice(code)));
        }
        let place = TextPlace { part, at };
        let (mandate, on) = (identity(place, text, work), events(part, text, work));
        if text.refuse.is_none() && text.refuse_en.is_some() {
            work.faults.push(place.fault(Code::CatalogRule, messages::refuses_in_english()));
        }
        if text.set.is_empty()
            && text.require.is_empty()
            && text.refuse.is_none()
            && text.relate.is_none()
        {
            work.faults.push(place.fault(Code::CatalogRule, messages::does_nothing(code)));
        }
        if text.refuse.is_some() && text.when.is_none() {
            work.faults.push(place.fault(Code::CatalogRule, messages::refuses_always(code)));
        }
        let objects = objects(part, text, work);
        if work.faults.len() > before {
            continue;
        }
        for object in objects {
            let mut lookup = Lookup::of(part, object, &mut *work);
            if let Some(rule) = lookup.rule(text, on, mandate) {
                let after = text.after.iter().map(|code| code.get_ref().clone()).collect();
                rules.push(PlacedRule { object, rule, place, after });
            }
        }
    }
    for (part, text) in texts {
        for code in &text.get_ref().after {
            if !known.contains_key(code.get_ref().as_str()) {
                let place = TextPlace { part, at: code.span().start };
                let message = messages::no_rule(code.get_ref());
                let hint = nearest(code.get_ref(), known.keys().copied());
                let fault = place.fault(Code::CatalogRule, message);
                work.faults.push(Diagnostic { hint: hint.map(messages::did_you_mean), ..fault });
            }
        }
    }
    rule_order::place(rules, work);
}

/// Whether it acts under a mandate.
fn identity(place: TextPlace<'_>, text: &RuleText, work: &mut Stages<'_>) -> bool {
    let message = match text.acts_as.as_ref().map(|acts| acts.get_ref().as_str()) {
        None | Some("editor") => return false,
        Some("system") if text.reason.as_ref().is_some_and(|said| !said.trim().is_empty()) => {
            return true;
        }
        Some("system") => messages::mandate_without_reason(),
        Some(other) => messages::no_identity(other),
    };
    work.faults.push(place.fault(Code::CatalogRule, message));
    false
}

/// The saves that it is for.
fn events(part: &DefinitionPart, text: &RuleText, work: &mut Stages<'_>) -> RuleEvents {
    let Some(on) = &text.on else { return RuleEvents { create: true, update: true, named: false } };
    let mut events = RuleEvents { create: false, update: false, named: true };
    for name in on {
        match name.get_ref().as_str() {
            "create" => events.create = true,
            "update" => events.update = true,
            other => {
                let place = TextPlace { part, at: name.span().start };
                work.faults.push(place.fault(Code::CatalogRule, messages::no_event(other)));
            }
        }
    }
    events
}

/// The objects that it is for.
fn objects(part: &DefinitionPart, text: &RuleText, work: &mut Stages<'_>) -> Vec<ObjectIx> {
    let mut found = Vec::new();
    for name in &text.objects {
        let place = TextPlace { part, at: name.span().start };
        let name = name.get_ref();
        if name == RESPONSIBLE {
            let with = work.catalog.objects.iter();
            let with = with.filter(|object| object.responsible && !object.is_item());
            found.extend(with.map(|object| object.ix));
            continue;
        }
        match work.catalog.named(name) {
            Some(object) if object.kind == ObjectKind::DataItem => {
                let message = messages::no_rules_of_items(name);
                work.faults.push(place.fault(Code::CatalogRule, message));
            }
            Some(object) => found.push(object.ix),
            None if work.refused_types.contains(name) => {}
            None => {
                let known = work.catalog.objects.iter().map(|object| object.name.as_str());
                let hint = nearest(name, known).map(messages::did_you_mean);
                let fault = place.fault(Code::CatalogRule, messages::no_such_object(name));
                work.faults.push(Diagnostic { hint, ..fault });
            }
        }
    }
    if text.objects.is_empty() {
        let place = TextPlace { part, at: text.code.span().start };
        work.faults.push(place.fault(Code::CatalogRule, messages::rule_of_nothing()));
    }
    found.sort_unstable();
    found.dedup();
    found
}

impl Lookup<'_, '_, '_> {
    fn rule(&mut self, text: &RuleText, on: RuleEvents, mandate: bool) -> Option<Rule> {
        let before = self.work.faults.len();
        let each = match &text.each {
            None => None,
            Some(name) => Some(self.lines(name)?),
        };
        self.each = each.map(|(_, line)| line);
        let when = text.when.as_ref().map(|when| self.expr(when, &Type::Bool));
        let mut set = Vec::new();
        for (name, expr) in &text.set {
            set.extend(self.set(name, expr));
        }
        if let (Some((_, line)), Some(first)) = (each, text.set.values().next()) {
            let message = messages::lines_set_themselves(&self.at(line).name);
            self.fault(self.place(first), message);
        }
        let subject = self.each.unwrap_or(self.object);
        let mut require = Vec::new();
        for name in &text.require {
            require.extend(self.required(subject, name));
        }
        let relate = text.relate.as_ref().map(|path| {
            let mut walk = RelateText {
                catalog: &self.work.catalog,
                object: self.object,
                each: self.each,
                faults: Vec::new(),
            };
            let found = walk.resolve(path.get_ref(), when.as_ref().and_then(Option::as_ref));
            let faults = walk.faults;
            for message in faults {
                self.fault(self.place(path), message);
            }
            found
        });
        if self.work.faults.len() > before {
            return None;
        }
        let said =
            |zh: &Option<String>, en: &Option<String>| Label { zh: zh.clone(), en: en.clone() };
        Some(Rule {
            code: text.code.get_ref().clone(),
            label: said(&text.label, &text.label_en),
            of_responsible: text.objects.iter().any(|name| name.get_ref() == RESPONSIBLE),
            on,
            each: each.map(|(field, _)| field),
            when: when.flatten(),
            set,
            require,
            refuse: text.refuse.is_some().then(|| said(&text.refuse, &text.refuse_en)),
            relate: relate.flatten(),
            mandate,
            late: false,
        })
    }

    /// The lines that a rule goes over, and their object.
    fn lines(&mut self, name: &Spanned<String>) -> Option<(FieldIx, ObjectIx)> {
        let place = self.place(name);
        let ix = self.field(self.object, name.get_ref(), place)?;
        match &self.at(self.object).field(ix).ty {
            FieldType::Lines(lines) => Some((ix, lines.target)),
            _ => {
                self.fault(place, messages::no_lines(name.get_ref()));
                None
            }
        }
    }

    fn set(&mut self, name: &str, text: &Spanned<String>) -> Option<(FieldIx, RuleExpr)> {
        let place = self.place(text);
        let ix = self.field(self.object, name, place)?;
        let object = self.at(self.object);
        let field = object.field(ix);
        let state = object.flow.as_ref().is_some_and(|flow| flow.field == ix);
        let message = if state {
            Some(messages::moves_set_it(name))
        } else if !field.writable() || object.parent == Some(ix) || field.column.is_none() {
            Some(messages::not_set_by_rules(name))
        } else {
            None
        };
        if let Some(message) = message {
            self.fault(place, message);
            return None;
        }
        let ty = field_type(&self.work.catalog, &field.ty)?;
        Some((ix, self.expr(text, &ty)?))
    }

    fn required(&mut self, of: ObjectIx, name: &Spanned<String>) -> Option<FieldIx> {
        let place = self.place(name);
        let ix = self.field(of, name.get_ref(), place)?;
        let field = self.at(of).field(ix);
        let union = matches!(field.ty, FieldType::Union(_));
        if !field.writable() || field.column.is_none() && !union {
            self.fault(place, messages::not_required_by_rules(name.get_ref()));
            return None;
        }
        Some(ix)
    }
}
