//! The order of rules within a save, by what they write and read. Refuses circles by name, and two rules that set one
//! field in no order.

use std::collections::{BTreeSet, HashSet};

use super::{TextPlace, relate_path, rule::Rule};
use crate::{
    base::Code,
    catalog::{
        Catalog, Diagnostic, FieldIx, FieldType, Object, ObjectIx, RollupScope, messages,
        resolve::Stages,
    },
    expr::Expr,
};

/// Most rules of an object.
const MOST: usize = 50;

/// A rule of an object, with its place.
pub(super) struct PlacedRule<'a> {
    pub(super) object: ObjectIx,
    pub(super) rule: Rule,
    pub(super) place: TextPlace<'a>,
    /// The rules that come before it.
    pub(super) after: Vec<String>,
}

/// Puts rules to their objects, each behind those whose outcome it reads.
pub(super) fn place(mut rules: Vec<PlacedRule<'_>>, work: &mut Stages<'_>) {
    let follows = follows(&rules, &work.catalog);
    let before = work.faults.len();
    circles(&rules, &follows, work);
    in_no_order(&rules, &follows, work);
    late(&mut rules, &follows, &work.catalog);
    read_too_early(&rules, work);
    for ix in 0..work.catalog.objects.len() {
        let own = rules.iter().filter(|rule| rule.object.0 == ix).count();
        if own > MOST
            && let Some(last) = rules.iter().rfind(|rule| rule.object.0 == ix)
        {
            work.faults.push(last.place.fault(Code::CatalogRule, messages::many_rules(MOST)));
        }
    }
    if work.faults.len() > before {
        return;
    }
    let mut done = vec![false; rules.len()];
    // Every round places one at least: there are no circles.
    while let Some(next) = (0..rules.len()).find(|at| {
        let waits = |other: &usize| done[*other] || other == at;
        !done[*at] && follows[*at].iter().all(waits)
    }) {
        done[next] = true;
        let PlacedRule { object, rule, .. } = &rules[next];
        relate_path::note(*object, rule, &mut work.catalog);
        work.catalog.objects[object.0].rules.push(rule.clone());
    }
}

/// For each rule those that come before it: it reads what they write, or says so.
fn follows(rules: &[PlacedRule<'_>], catalog: &Catalog) -> Vec<BTreeSet<usize>> {
    let reach: Vec<_> = rules.iter().map(|rule| Reach::of(rule, catalog)).collect();
    let mut follows = Vec::with_capacity(rules.len());
    for (at, rule) in rules.iter().enumerate() {
        let reads = rule.rule.reads(catalog.object(rule.object));
        let before = rules.iter().enumerate().filter(|(other, earlier)| {
            let said = earlier.object == rule.object && rule.after.contains(&earlier.rule.code);
            let reached = &reach[*other];
            let through = |read: &FieldIx| {
                let place = (rule.object, *read);
                let own = *other == at && reached.written.contains(&place);
                reached.all.contains(&place) && !own
            };
            said || reads.iter().any(through)
        });
        follows.push(before.map(|(other, _)| other).collect());
    }
    follows
}

/// What a rule writes, and what is computed of it in the same save.
struct Reach {
    written: HashSet<(ObjectIx, FieldIx)>,
    all: HashSet<(ObjectIx, FieldIx)>,
}

impl Reach {
    fn of(placed: &PlacedRule<'_>, catalog: &Catalog) -> Self {
        let written: HashSet<_> =
            placed.rule.set.iter().map(|(field, _)| (placed.object, *field)).collect();
        let mut all = written.clone();
        let mut left: Vec<_> = written.iter().copied().collect();
        while let Some((object, field)) = left.pop() {
            for next in computed_of(catalog, catalog.object(object), field) {
                if all.insert(next) {
                    left.push(next);
                }
            }
        }
        Self { written, all }
    }
}

/// What is computed of a field within a save: formulas, what fills, and roll-ups of the document.
fn computed_of(catalog: &Catalog, object: &Object, field: FieldIx) -> Vec<(ObjectIx, FieldIx)> {
    let reads = |expr: &Expr| object.read_by(expr).contains(&field);
    let own = object.each_field().filter(|(_, known)| {
        let fills = known.default.as_ref().filter(|_| known.refills);
        known.formula.iter().chain(fills).any(reads)
    });
    let mut found: Vec<_> = own.map(|(ix, _)| (object.ix, ix)).collect();
    let head = catalog.head(object);
    if head.ix != object.ix {
        let summed = head.each_field().filter(|(_, known)| {
            let of_these = matches!(&known.ty, FieldType::Rollup(rollup)
                if head.field(rollup.lines).target() == Some(object.ix)
                    && rollup.op.field() == Some(field));
            of_these || known.counted.as_ref().is_some_and(reads)
        });
        found.extend(summed.map(|(ix, _)| (head.ix, ix)));
        let lines = head.each_field().filter(|(_, known)| known.target() == Some(object.ix));
        found.extend(lines.map(|(ix, _)| (head.ix, ix)));
    }
    found
}

/// Refuses rules that read what they themselves bring about, over others or over what is computed.
fn circles(rules: &[PlacedRule<'_>], follows: &[BTreeSet<usize>], work: &mut Stages<'_>) {
    let mut told: Vec<BTreeSet<usize>> = Vec::new();
    for start in 0..rules.len() {
        let Some(circle) = circle(start, follows) else { continue };
        let members: BTreeSet<_> = circle.iter().copied().collect();
        if told.contains(&members) {
            continue;
        }
        told.push(members);
        // The way leads from each to the one before it.
        let others = circle.iter().skip(1).rev();
        let names = [&start].into_iter().chain(others).chain([&start]);
        let names: Vec<_> = names.map(|at| rules[*at].rule.code.as_str()).collect();
        let message = messages::rules_in_a_circle(names.join("` → `"));
        let fault = rules[start].place.fault(Code::CatalogLoop, message);
        work.faults.push(Diagnostic { hint: Some(messages::break_the_circle()), ..fault });
    }
}

/// The shortest way from a rule back to itself: the rule, the one before it, and so on.
fn circle(start: usize, follows: &[BTreeSet<usize>]) -> Option<Vec<usize>> {
    let mut ways = vec![vec![start]];
    let mut seen = HashSet::new();
    while !ways.is_empty() {
        let mut further = Vec::new();
        for way in ways {
            let last = *way.last()?;
            for next in &follows[last] {
                if *next == start {
                    return Some(way);
                }
                if seen.insert(*next) {
                    further.push(way.iter().copied().chain([*next]).collect());
                }
            }
        }
        ways = further;
    }
    None
}

/// Refuses two rules that set one field where neither says that it comes after the other.
fn in_no_order(rules: &[PlacedRule<'_>], follows: &[BTreeSet<usize>], work: &mut Stages<'_>) {
    for (at, rule) in rules.iter().enumerate() {
        for (other, earlier) in rules.iter().enumerate().take(at) {
            let (code, before) = (&rule.rule.code, &earlier.rule.code);
            let both = rule.rule.set.iter().map(|(field, _)| *field);
            let mut both = both.filter(|ix| earlier.rule.set.iter().any(|(set, _)| set == ix));
            let Some(field) = both.next().filter(|_| earlier.object == rule.object) else {
                continue;
            };
            if !leads(at, other, follows) && !leads(other, at, follows) {
                let field = work.catalog.object(rule.object).field(field).name.clone();
                let message = messages::both_set(code, before, &field);
                let fault = rule.place.fault(Code::CatalogRule, message);
                let hint = Some(messages::say_after(before));
                work.faults.push(Diagnostic { hint, ..fault });
            }
        }
    }
}

/// Whether one rule comes behind another, over whichever others.
fn leads(from: usize, to: usize, follows: &[BTreeSet<usize>]) -> bool {
    let (mut left, mut seen) = (vec![from], HashSet::new());
    while let Some(at) = left.pop() {
        if at == to {
            return true;
        }
        left.extend(follows[at].iter().copied().filter(|next| seen.insert(*next)));
    }
    false
}

/// Marks the rules that set fields behind the record's lines: those that read what is summed up of them, and those that
/// read what such rules set.
fn late(rules: &mut [PlacedRule<'_>], follows: &[BTreeSet<usize>], catalog: &Catalog) {
    for placed in rules.iter_mut() {
        let object = catalog.object(placed.object);
        placed.rule.late = summed(object, &placed.rule);
    }
    loop {
        let more = (0..rules.len()).find(|at| {
            let object = rules[*at].object;
            let behind = |other: &usize| rules[*other].object == object && rules[*other].rule.late;
            !rules[*at].rule.late && follows[*at].iter().any(behind)
        });
        match more {
            Some(at) => rules[at].rule.late = true,
            None => return,
        }
    }
}

/// Whether a rule reads the record's lines or what is summed up of them, itself or over formulas.
fn summed(object: &Object, rule: &Rule) -> bool {
    let mut read: Vec<_> = rule.exprs().flat_map(|expr| object.read_by(expr)).collect();
    let mut at = 0;
    while let Some(known) = read.get(at).map(|ix| object.field(*ix)) {
        match &known.ty {
            FieldType::Rollup(rollup) if rollup.scope == RollupScope::Lines => return true,
            FieldType::Lines(_) | FieldType::ManyToMany(_) => return true,
            _ => {}
        }
        let further = known.formula.as_ref().map(|formula| object.read_by(formula));
        let fresh = further.into_iter().flatten().filter(|ix| !read.contains(ix));
        read.extend(fresh.collect::<Vec<_>>());
        at += 1;
    }
    false
}

/// Refuses rules that set, behind the lines, what the lines read of their document.
fn read_too_early(rules: &[PlacedRule<'_>], work: &mut Stages<'_>) {
    for placed in rules.iter().filter(|placed| placed.rule.late) {
        let head = work.catalog.object(placed.object);
        let set: Vec<_> = placed.rule.set.iter().map(|(ix, _)| &head.field(*ix).name).collect();
        let lines = head.each_field().filter_map(|(_, field)| match &field.ty {
            FieldType::Lines(lines) => Some(work.catalog.object(lines.target)),
            _ => None,
        });
        let read = lines.into_iter().find_map(|line| {
            let via = &line.field(line.parent?).name;
            let of_line = rules.iter().filter(|rule| rule.object == line.ix);
            let defaults =
                line.each_field().flat_map(|(_, f)| f.default.iter().chain(f.ruled_by()));
            let checks = line.checks.iter().map(|check| &check.expr);
            let exprs = defaults.chain(checks).chain(of_line.flat_map(|rule| rule.rule.exprs()));
            let mut paths = exprs.flat_map(Expr::paths);
            let early = |path: &Vec<String>| match path.as_slice() {
                [first, field, ..] => first == via && set.contains(&field),
                _ => false,
            };
            paths.find(early).map(|path| (line.name.clone(), path.join(".")))
        });
        if let Some((line, path)) = read {
            let message = messages::set_behind_lines(&placed.rule.code, line, path);
            let fault = placed.place.fault(Code::CatalogRule, message);
            work.faults.push(fault);
        }
    }
}
