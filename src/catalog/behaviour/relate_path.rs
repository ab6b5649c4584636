//! Paths from a record to employees, and what they and their condition read on the way.
//!
//! Which employees a rule relates is a function of what is stored, asked of the database. So its condition reads stored
//! fields over relations, and neither the clock nor the caller.

use super::rule::{RelatePath, RelateRead, Rule, RuleExpr};
use crate::{
    base::Message,
    catalog::{
        Catalog, EMPLOYEES, FieldIx, FieldType, Object, ObjectIx, messages, resolve::unwritten,
    },
    expr::Function,
};

/// Most steps of a path.
const DEEPEST: usize = 5;

/// A path that is resolved, and what is wrong with it.
pub(super) struct RelateText<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) object: ObjectIx,
    pub(super) each: Option<ObjectIx>,
    pub(super) faults: Vec<Message>,
}

impl RelateText<'_> {
    /// The path of a rule with this condition.
    pub(super) fn resolve(&mut self, text: &str, when: Option<&RuleExpr>) -> Option<RelatePath> {
        let head = self.catalog.object(self.object);
        if !head.responsible || head.named(EMPLOYEES).is_none() {
            self.faults.push(messages::relates_nobody(&head.name));
            return None;
        }
        if let Some(when) = when {
            self.condition(when);
        }
        let names: Vec<&str> = text.split('.').map(str::trim).collect();
        let (of_each, names) = match (names.split_first(), self.each) {
            (Some((&"each", rest)), Some(_)) => (true, rest),
            _ => (false, names.as_slice()),
        };
        let mut at = if of_each { self.each? } else { self.object };
        let mut steps = Vec::new();
        for name in names {
            let object = self.catalog.object(at);
            let Some((ix, field)) = object.named(name) else {
                self.faults.push(messages::unknown_field(&object.name, *name));
                return None;
            };
            let Some(target) = field.target().filter(|_| !field.on_read) else {
                self.faults.push(messages::leads_nowhere(*name));
                return None;
            };
            steps.push(ix);
            at = target;
        }
        if self.catalog.named("Employee").is_none_or(|employee| employee.ix != at) {
            self.faults.push(messages::ends_elsewhere(text, &self.catalog.object(at).name));
            return None;
        }
        if steps.len() > DEEPEST || steps.is_empty() {
            self.faults.push(messages::leads_too_far_to_relate(DEEPEST));
            return None;
        }
        Some(RelatePath { of_each, steps, text: text.to_owned() })
    }

    fn condition(&mut self, when: &RuleExpr) {
        let expr = &when.expr;
        let foreign = |path: &Vec<String>| {
            path.first().is_some_and(|first| first == "old" || first == "viewer")
        };
        let asks = [Function::Today, Function::Now, Function::Changed];
        let unsure = expr.paths().iter().any(foreign)
            || asks.into_iter().any(|function| expr.calls(function))
            || !expr.over_lists().is_empty();
        if unsure {
            self.faults.push(messages::relates_by_what_is_stored(&when.text));
        }
        self.faults.extend(unwritten(&when.text, expr).into_iter().map(|(message, _)| message));
    }
}

/// Notes at each object what a rule that relates employees reads of it.
pub(super) fn note(head: ObjectIx, rule: &Rule, catalog: &mut Catalog) {
    let Some(path) = &rule.relate else { return };
    let mut reads = Reads { catalog, head, found: Vec::new() };
    let line = |reads: &mut Reads<'_>| rule.each.and_then(|each| reads.step(head, &[], each));
    let start = match path.of_each {
        true => line(&mut reads),
        false => Some((head, Vec::new())),
    };
    if let Some((mut at, mut way)) = start {
        for step in &path.steps {
            let Some((next, further)) = reads.step(at, &way, *step) else { break };
            (at, way) = (next, further);
        }
    }
    if let Some(when) = &rule.when {
        for names in when.expr.paths() {
            let (start, names) = match names.split_first() {
                Some((first, rest)) if first == "each" => (line(&mut reads), rest),
                _ => (Some((head, Vec::new())), names.as_slice()),
            };
            let Some((mut at, mut way)) = start else { continue };
            let along = reads.catalog.fields_along(reads.catalog.object(at), names);
            for step in along.into_iter().flatten() {
                match reads.step(at, &way, step) {
                    Some((next, further)) => (at, way) = (next, further),
                    None => break,
                }
            }
        }
        if rule.each.is_some() {
            line(&mut reads);
        }
    }
    for (object, read) in reads.found {
        let known = &mut catalog.objects[object.0].relate_reads;
        match known.iter_mut().find(|known| known.head == read.head && known.way == read.way) {
            Some(known) => {
                known.fields.extend(read.fields);
                known.fields.sort_unstable();
                known.fields.dedup();
            }
            None => known.push(read),
        }
    }
}

struct Reads<'c> {
    catalog: &'c Catalog,
    head: ObjectIx,
    found: Vec<(ObjectIx, RelateRead)>,
}

impl Reads<'_> {
    /// Reads a field of the records at the end of a way; where it leads to.
    fn step(
        &mut self,
        at: ObjectIx,
        way: &[FieldIx],
        field: FieldIx,
    ) -> Option<(ObjectIx, Vec<FieldIx>)> {
        self.add(at, way, field);
        let known = self.catalog.object(at).field(field);
        let target = known.target()?;
        let way: Vec<_> = way.iter().copied().chain([field]).collect();
        if let FieldType::Inverse(inverse) = &known.ty {
            self.add(target, &way, inverse.via);
        }
        Some((target, way))
    }

    /// Lines change with their document, which reads them as a whole.
    fn add(&mut self, at: ObjectIx, way: &[FieldIx], field: FieldIx) {
        let lines = |object: &Object| object.parent.is_some();
        if !lines(self.catalog.object(at)) {
            let read = RelateRead { head: self.head, way: way.to_vec(), fields: vec![field] };
            self.found.push((at, read));
        }
    }
}
