//! A field that is renamed in a definition text: its own name, what it was called, and all that names it.

use std::ops::Range;

use super::Renames;
use crate::catalog::{
    object::Object,
    sdl::{
        EditFault, addition,
        outline::{DefinitionOutline, DirectiveOutline, outline},
        quoted, renamed_member, replaced,
    },
    snapshot::Catalog,
};

/// A field that is to be called otherwise.
#[derive(Debug, Clone, Copy)]
pub struct RenamedField<'r> {
    /// The object.
    pub object: &'r str,
    /// The name that it has.
    pub field: &'r str,
    /// The name that it gets.
    pub to: &'r str,
    /// Whether the name that it has is to lead to it for a while, because it was published.
    pub known: bool,
}

/// The text with a field renamed, and all that names it in the text. `catalog` is what the text resolves to. What is not
/// about the field stays byte for byte.
pub fn renamed_text(
    text: &str,
    catalog: &Catalog,
    field: RenamedField<'_>,
) -> Result<String, EditFault> {
    let RenamedField { object, field: name, to, known } = field;
    let units = outline(text).ok_or(EditFault::Text)?;
    if catalog.named(object).is_some_and(|object| object.named(to).is_some()) {
        return Err(EditFault::Known(format!("{object}.{to}")));
    }
    let mut changes = renamed_member(text, &units, (object, name), to, known)?;
    let renames = Renames::of_one(catalog, object, name, to);
    for unit in units.iter().filter(|unit| !unit.list) {
        if let Some(of) = catalog.named(&unit.name) {
            changes.extend(renames.in_definition(text, of, unit));
            if unit.name == object {
                changes.extend(unsaid(of, unit, (name, to)));
            }
        }
    }
    // From the end, so that the places before stay true.
    changes.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = text.to_owned();
    for (range, value) in changes {
        text = replaced(&text, range, &value);
    }
    Ok(text)
}

/// What a definition has to say from now on, because a field was what it is by its name: the owner, and what displays a
/// record.
fn unsaid(
    object: &Object,
    unit: &DefinitionOutline,
    (name, to): (&str, &str),
) -> Vec<(Range<usize>, String)> {
    let ix = object.named(name).map(|(ix, _)| ix);
    let silent = |directive: &str, argument: &str| {
        let said = unit.directives.iter().find(|known| known.name == directive)?;
        (!said.arguments.iter().any(|(known, _)| known == argument)).then_some(said)
    };
    let owner = silent("responsible", "owner").filter(|_| ix.is_some() && object.owner == ix);
    let display = silent("object", "display").filter(|_| ix.is_some() && object.display == ix);
    let owner = owner.map(|said| addition(said, &format!("owner: {to}")));
    let display = display.map(|said| addition(said, &format!("display: {}", quoted(to))));
    owner.into_iter().chain(display).collect()
}

impl Renames<'_> {
    fn in_definition(
        &self,
        text: &str,
        object: &Object,
        unit: &DefinitionOutline,
    ) -> Vec<(Range<usize>, String)> {
        let members = unit.members.iter().flat_map(|members| &members.all);
        let of_members = members.flat_map(|member| &member.directives);
        let mut changes = Vec::new();
        for directive in unit.directives.iter().chain(of_members) {
            for (argument, range) in &directive.arguments {
                let Some(value) = text.get(range.clone()) else { continue };
                let new = self.in_argument(text, object, (directive, argument.as_str()), value);
                changes.extend(new.map(|new| (range.clone(), new)));
            }
        }
        changes
    }

    /// The value of a directive's argument, if it names something renamed.
    fn in_argument(
        &self,
        text: &str,
        object: &Object,
        (directive, argument): (&DirectiveOutline, &str),
        value: &str,
    ) -> Option<String> {
        match (directive.name.as_str(), argument) {
            ("field", "default" | "check") | ("formula" | "check", "expr") => {
                literal(value, |text| self.expression(object, text))
            }
            ("unique" | "index", "fields" | "include") => self.list(object, value),
            ("object", "display") | ("rollup", "of") => {
                literal(value, |name| Some(self.name(&object.name, name)?.to_owned()))
            }
            ("responsible", "owner") => self.name(&object.name, value).map(str::to_owned),
            ("dimension", "path") => literal(value, |path| self.path(object, path)),
            ("rollup", "sum" | "min" | "max" | "avg" | "where") => {
                let of = directive.arguments.iter().find(|(name, _)| name == "of");
                let of = of.and_then(|(_, range)| text.get(range.clone()))?;
                let line = self.target(object, of.trim_matches('"'))?;
                literal(value, |text| match argument {
                    "where" => self.expression(line, text),
                    _ => Some(self.name(&line.name, text)?.to_owned()),
                })
            }
            _ => None,
        }
    }

    /// The names in a list of them: `["customer", "level"]`. A name stands between quotes.
    fn list(&self, object: &Object, value: &str) -> Option<String> {
        let parts: Vec<_> = value.split('"').collect();
        let named = |(at, part)| match at % 2 {
            1 => self.name(&object.name, part).unwrap_or(part),
            _ => part,
        };
        let new: Vec<_> = parts.iter().copied().enumerate().map(named).collect();
        (new != parts).then(|| new.join("\""))
    }
}

/// A text literal with its text changed. A block of text keeps its form.
fn literal(value: &str, change: impl Fn(&str) -> Option<String>) -> Option<String> {
    const BLOCK: &str = "\"\"\"";
    if let Some(within) = value.strip_prefix(BLOCK).and_then(|rest| rest.strip_suffix(BLOCK)) {
        return change(within).map(|new| format!("{BLOCK}{new}{BLOCK}"));
    }
    // Escapes are those of JSON.
    let text: String = serde_json::from_str(value).ok()?;
    change(&text).map(|new| quoted(&new))
}
