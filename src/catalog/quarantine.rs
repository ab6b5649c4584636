//! Definitions that do not resolve, kept apart so that all others do.
//!
//! Owns what is cut out of the texts, and why; must not know what is stored. A cut leaves blanks, so that places stay
//! those of the text as it is written.

use std::{collections::HashSet, ops::Range};

use super::{
    diagnostic::Diagnostic,
    directive::STANDARD,
    messages,
    part::{DefinitionPart, Origin},
    resolve::resolve,
    sdl::outline::{DefinitionOutline, outline},
    snapshot::Catalog,
};
use crate::base::Code;

/// How often texts are cut. Each time at least one definition goes.
const ROUNDS: usize = 500;

/// A definition that is kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// The text that has it.
    pub path: String,
    /// A type, or `Type.field`; empty for a text that cannot be read.
    pub name: String,
    /// Whose it is.
    pub origin: Origin,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Resolves all definitions that do, with those that do not in [`Catalog::apart`]. A custom definition keeps a name that
/// a standard one has, too. Fails where nothing is left to cut.
pub fn resolve_apart(parts: &[DefinitionPart], version: i64) -> Result<Catalog, Vec<Diagnostic>> {
    match resolve(parts, version) {
        Err(_) => Cutting::new(parts, true).resolved(version),
        whole => whole,
    }
}

/// Like [`resolve`], but for standard definitions that wait because custom ones had their names already.
pub fn resolve_beside(
    parts: &[DefinitionPart],
    version: i64,
    apart: &[Quarantined],
) -> Result<Catalog, Vec<Diagnostic>> {
    let waits = apart.iter().any(|apart| apart.origin == Origin::Standard);
    match resolve(parts, version) {
        Err(_) if waits => Cutting::new(parts, false).resolved(version),
        resolved => resolved,
    }
}

/// Texts with what is cut out of them.
struct Cutting {
    parts: Vec<DefinitionPart>,
    apart: Vec<Quarantined>,
    /// Whether custom definitions are cut, too.
    custom: bool,
}

impl Cutting {
    fn new(parts: &[DefinitionPart], custom: bool) -> Self {
        let mut cutting = Self { parts: parts.to_vec(), apart: Vec::new(), custom };
        cutting.cut_taken_names();
        cutting
    }

    fn resolved(mut self, version: i64) -> Result<Catalog, Vec<Diagnostic>> {
        for _round in 0..ROUNDS {
            let faults = match resolve(&self.parts, version) {
                Ok(catalog) => return Ok(Catalog { apart: self.apart, ..catalog }),
                Err(faults) => faults,
            };
            // What is wrong with a custom definition may be the reason for what is wrong with a standard one.
            let of = |origin| {
                let faults = faults.iter().filter(|fault| self.origin(&fault.path) == Some(origin));
                faults.cloned().collect::<Vec<_>>()
            };
            let (custom, standard) = (of(Origin::Custom), of(Origin::Standard));
            let wrong = if custom.is_empty() { standard } else { custom };
            let may =
                self.custom || wrong.iter().all(|f| self.origin(&f.path) != Some(Origin::Custom));
            if !may || !self.cut(wrong) {
                return Err(faults);
            }
        }
        resolve(&self.parts, version)
    }

    fn origin(&self, path: &str) -> Option<Origin> {
        self.parts.iter().find(|part| part.name == path).map(|part| part.origin)
    }

    /// Cuts what faults are about. Returns whether anything was.
    fn cut(&mut self, faults: Vec<Diagnostic>) -> bool {
        let mut any = false;
        for fault in faults {
            let Some(at) = self.parts.iter().position(|part| part.name == fault.path) else {
                continue;
            };
            let part = &self.parts[at];
            let (name, range) = match outline(&part.text) {
                Some(units) => match around(&part.text, &units, (fault.line, fault.column)) {
                    Some(found) => found,
                    // It was cut with another fault.
                    None => continue,
                },
                None => (String::new(), 0..part.text.len()),
            };
            self.blank(at, name, range, fault);
            any = true;
        }
        any
    }

    fn blank(&mut self, at: usize, name: String, range: Range<usize>, fault: Diagnostic) {
        let part = &mut self.parts[at];
        let within = part.text.get(range.clone()).unwrap_or_default();
        // A comma within is a blank, too; columns count characters.
        let blank: String = within.chars().map(|c| if c == '\n' { c } else { ' ' }).collect();
        part.text.replace_range(range, &blank);
        let (path, origin) = (part.name.clone(), part.origin);
        match self.apart.iter_mut().find(|known| known.path == path && known.name == name) {
            Some(known) => known.diagnostics.push(fault),
            None => self.apart.push(Quarantined { path, name, origin, diagnostics: vec![fault] }),
        }
    }

    /// Cuts standard definitions whose names custom ones have.
    fn cut_taken_names(&mut self) {
        let custom = self.parts.iter().filter(|part| part.origin == Origin::Custom);
        let units: Vec<_> = custom.filter_map(|part| outline(&part.text)).flatten().collect();
        let defined = units.iter().filter(|unit| !unit.extend).map(|unit| unit.name.clone());
        let types: HashSet<String> = defined.collect();
        // A value of a standard picklist is stated anew, as a field is that says so, and does not take its name.
        let members: HashSet<(String, String)> = units
            .iter()
            .filter(|unit| unit.extend && !unit.list)
            .flat_map(|unit| {
                let members = unit.members.iter().flat_map(|members| &members.all);
                let own = members.filter(|member| !member.has(STANDARD));
                own.map(|member| (unit.name.clone(), member.name.clone()))
            })
            .collect();
        for at in 0..self.parts.len() {
            if self.parts[at].origin == Origin::Custom {
                continue;
            }
            // From the end, so that the places before stay true.
            let units = outline(&self.parts[at].text).unwrap_or_default();
            for unit in units.iter().rev() {
                if types.contains(&unit.name) {
                    let fault = self.waits(at, &unit.name, unit.core.start);
                    self.blank(at, unit.name.clone(), unit.core.clone(), fault);
                    continue;
                }
                let own = unit.members.iter().flat_map(|members| &members.all).rev();
                for member in own {
                    if members.contains(&(unit.name.clone(), member.name.clone())) {
                        let name = format!("{}.{}", unit.name, member.name);
                        let fault = self.waits(at, &name, member.core.start);
                        self.blank(at, name, member.core.clone(), fault);
                    }
                }
            }
        }
    }

    fn waits(&self, at: usize, name: &str, byte: usize) -> Diagnostic {
        let part = &self.parts[at];
        let before = part.text.get(..byte).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Diagnostic {
            code: Code::CatalogDuplicate,
            path: part.name.clone(),
            line,
            column,
            message: messages::custom_has_name(name),
            hint: Some(messages::rename_or_purge()),
        }
    }
}

/// The definition or member at a place: its name, and where it is.
fn around(
    text: &str,
    units: &[DefinitionOutline],
    (line, column): (usize, usize),
) -> Option<(String, Range<usize>)> {
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let rest = text.get(start..)?;
    let byte = start + rest.char_indices().nth(column.saturating_sub(1)).map_or(0, |(at, _)| at);
    let unit = units.iter().find(|unit| unit.core.contains(&byte))?;
    let all = unit.members.iter().flat_map(|members| &members.all);
    let member = all.clone().find(|member| member.core.contains(&byte));
    // Braces around nothing cannot be read.
    Some(match member.filter(|_| all.count() > 1) {
        Some(member) => (format!("{}.{}", unit.name, member.name), member.core.clone()),
        None => (unit.name.clone(), unit.core.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, text: &str, origin: Origin) -> DefinitionPart {
        DefinitionPart::objects(name.to_owned(), text.to_owned(), origin)
    }

    fn apart(catalog: &Catalog) -> Vec<&str> {
        catalog.apart.iter().map(|apart| apart.name.as_str()).collect()
    }

    const STANDARD: &str = "type A @object(plural: \"as\") { x: Int y: Int @formula(expr: \"x * 2\") w: Int }\n\
        type N @object(plural: \"ns\") { a: A @relation(inverse: \"ns\") z: Int }\n";

    #[test]
    fn what_resolves_is_served() {
        let custom = "# mine\nextend type A { own: Int, bad: Nothing }\n\
            type B @object(plural: \"bs\") { a: A b: String @field(default: \"nonsense\") }\n\
            type C @object(plural: \"cs\") { gone: Nothing }\nextend type C { d: Int }\n\
            type D @object(plural: \"ds\") { c: C }\n";
        let parts = [
            part("s", STANDARD, Origin::Standard),
            part("c", custom, Origin::Custom),
            part("broken", "type {", Origin::Custom),
        ];
        let catalog = resolve_apart(&parts, 1).unwrap();
        assert_eq!(apart(&catalog), ["", "A.bad", "B.b", "C", "D"], "{:?}", catalog.apart);
        assert!(catalog.named("A").unwrap().named("own").is_some());
        assert!(catalog.named("B").unwrap().named("a").is_some() && catalog.named("C").is_none());
        let bad = &catalog.apart[1].diagnostics[0];
        assert_eq!((bad.path.as_str(), bad.line), ("c", 2));
        assert!(resolve(&parts, 1).is_err() && resolve_beside(&parts, 1, &catalog.apart).is_err());
    }

    #[test]
    fn custom_definitions_keep_their_names() {
        let custom =
            "extend type A { x: String }\ntype N @object(plural: \"ns\") { name: String }\n";
        let parts = [part("s", STANDARD, Origin::Standard), part("c", custom, Origin::Custom)];
        let catalog = resolve_apart(&parts, 1).unwrap();
        let column = |object: &str, field: &str| {
            let object = catalog.named(object).unwrap();
            format!("{}.{}", object.table, object.named(field).unwrap().1.column.clone().unwrap())
        };
        assert_eq!(
            (column("A", "x"), column("N", "name")),
            ("a.x_x".to_owned(), "x_n.name".to_owned())
        );
        let mut waiting = apart(&catalog);
        waiting.sort_unstable();
        // What reads the field waits as well.
        assert_eq!(waiting, ["A.x", "A.y", "N"]);
        assert!(catalog.apart.iter().all(|apart| apart.origin == Origin::Standard));
        assert!(resolve(&parts, 1).is_err());
        // It goes on for a publish, in which everything of one's own has to resolve.
        assert!(resolve_beside(&parts, 2, &catalog.apart).is_ok());
        assert!(resolve_beside(&parts, 2, &[]).is_err());
        let wrong = [
            parts[0].clone(),
            parts[1].clone(),
            part("d", "extend type A { q: No }", Origin::Custom),
        ];
        assert!(resolve_beside(&wrong, 2, &catalog.apart).is_err());
    }
}
