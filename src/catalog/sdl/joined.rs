//! Several texts as one that means the same: what later texts replace is left out, as `resolve::collect` would.

use std::{collections::HashMap, ops::Range};

use super::outline::{DefinitionOutline, MemberOutline, outline};

/// The place of a definition: which text, which of its definitions.
type Place = (usize, usize);

/// Joins texts, applied one after the other, to one. None if one of them cannot be read. A single text stays as it is.
pub fn joined(texts: &[&str]) -> Option<String> {
    let outlines: Vec<_> = texts.iter().map(|text| outline(text)).collect::<Option<_>>()?;
    let cuts = replaced(texts, &outlines);
    let mut parts = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let gone = cuts.iter().filter(|(of, _)| *of == at).map(|(_, range)| range.clone());
        let left = without(text, gone.collect());
        match texts.len() {
            1 => return Some(left),
            _ if left.trim().is_empty() => {}
            _ => parts.push(left.trim().to_owned()),
        }
    }
    let end = if parts.is_empty() { "" } else { "\n" };
    Some(parts.join("\n\n") + end)
}

/// What is left out of the definitions.
#[derive(Default)]
struct Gone<'t> {
    members: HashMap<Place, Vec<&'t str>>,
    directives: HashMap<Place, Vec<Range<usize>>>,
}

/// What later texts replace, as places to cut out.
fn replaced(texts: &[&str], outlines: &[Vec<DefinitionOutline>]) -> Vec<(usize, Range<usize>)> {
    let mut cuts = Vec::new();
    let mut bases: HashMap<&str, Place> = HashMap::new();
    let mut extensions: Vec<Place> = Vec::new();
    for (text, units) in outlines.iter().enumerate() {
        for (at, unit) in units.iter().enumerate() {
            if unit.extend {
                extensions.push((text, at));
            } else if let Some((of, earlier)) = bases.insert(&unit.name, (text, at)) {
                cuts.push((of, outlines[of][earlier].whole.clone()));
            }
        }
    }
    // Extensions come behind all definitions, whichever text was applied first.
    let mut order: Vec<Place> = bases.into_values().collect();
    order.extend(extensions);
    let mut gone = Gone::default();
    let mut holders: HashMap<(&str, &str), Place> = HashMap::new();
    for place in &order {
        let unit = &outlines[place.0][place.1];
        for member in unit.members.iter().flat_map(|members| &members.all) {
            if let Some(earlier) = holders.insert((&unit.name, &member.name), *place) {
                gone.members.entry(earlier).or_default().push(&member.name);
            }
        }
    }
    dimensions(texts, outlines, order, &mut gone);
    for place in gone.members.keys().chain(gone.directives.keys()) {
        let unit = &outlines[place.0][place.1];
        cuts.extend(within(unit, *place, &gone).into_iter().map(|range| (place.0, range)));
    }
    cuts
}

/// Of several dimensions of one name that of the last text counts, and none if that takes it away.
fn dimensions<'t>(
    texts: &[&'t str],
    outlines: &'t [Vec<DefinitionOutline>],
    mut order: Vec<Place>,
    gone: &mut Gone<'t>,
) {
    let mut last: HashMap<(&str, &str), (Place, Range<usize>)> = HashMap::new();
    order.sort_unstable();
    for place in order {
        let unit = &outlines[place.0][place.1];
        for directive in unit.directives.iter().filter(|known| known.name == "dimension") {
            let argument = |name: &str| {
                let (_, value) = directive.arguments.iter().find(|(known, _)| known == name)?;
                texts[place.0].get(value.clone())
            };
            let Some(name) = argument("name") else { continue };
            let mut cut = |(at, range): (Place, Range<usize>)| {
                gone.directives.entry(at).or_default().push(range);
            };
            let here = (place, directive.range.clone());
            match last.remove(&(unit.name.as_str(), name)) {
                Some(earlier) if earlier.0.0 != place.0 => {
                    cut(earlier);
                    if argument("removed") == Some("true") {
                        cut(here);
                        continue;
                    }
                }
                _ => {}
            }
            last.insert((unit.name.as_str(), name), here);
        }
    }
}

/// What is cut out of a definition. Nothing is left of an extension that says nothing any more.
fn within(unit: &DefinitionOutline, place: Place, gone: &Gone<'_>) -> Vec<Range<usize>> {
    let mut cuts = gone.directives.get(&place).cloned().unwrap_or_default();
    let no_directive = cuts.len() == unit.directives.len();
    let names = gone.members.get(&place).map(Vec::as_slice).unwrap_or_default();
    let Some(members) = &unit.members else {
        return if unit.extend && no_directive { vec![unit.whole.clone()] } else { cuts };
    };
    let is_gone = |member: &&MemberOutline| names.contains(&member.name.as_str());
    if !members.all.iter().all(|member| is_gone(&member)) {
        cuts.extend(members.all.iter().filter(is_gone).map(|member| member.whole.clone()));
    } else if unit.extend && no_directive {
        return vec![unit.whole.clone()];
    } else {
        cuts.push(members.opens..members.closes + 1);
    }
    cuts
}

/// A text without some places. They do not overlap but where one lies within another.
pub(super) fn without(text: &str, mut cuts: Vec<Range<usize>>) -> String {
    cuts.sort_by_key(|cut| (cut.start, usize::MAX - cut.end));
    let (mut left, mut done) = (String::with_capacity(text.len()), 0);
    for cut in cuts {
        left.push_str(text.get(done..cut.start).unwrap_or_default());
        done = done.max(cut.end);
    }
    left.push_str(text.get(done..).unwrap_or_default());
    left
}
