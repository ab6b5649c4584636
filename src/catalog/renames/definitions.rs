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
    let defined = |name: &str| catalog.named(name).or_else(|| catalog.item(name));
    if defined(object).is_some_and(|of| of.named(to).is_some() || of.group(to).is_some()) {
        return Err(EditFault::Known(format!("{object}.{to}")));
    }
    let mut changes = renamed_member(text, &units, (object, name), to, known)?;
    let renames = Renames::of_one(catalog, object, name, to);
    for unit in units.iter().filter(|unit| !unit.list) {
        if let Some(of) = defined(&unit.name) {
            changes.extend(renames.in_definition(text, of, unit));
            if unit.name == object && !of.is_item() {
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
            (
                "field",
                "default" | "fill" | "check" | "requiredWhen" | "visibleWhen" | "readOnlyWhen",
            )
            | ("formula" | "check", "expr")
            | ("relation", "choose") => literal(value, |text| self.expression(object, text)),
            ("object", "number") | ("number", "format") => {
                literal(value, |format| self.number_format(object, format))
            }
            ("number", "per") => self.quoted_parts(value, |part| self.path(object, part)),
            ("unique" | "index", "fields" | "include") => {
                self.quoted_parts(value, |name| Some(self.name(&object.name, name)?.to_owned()))
            }
            ("object", "display" | "stateField" | "startField" | "endField")
            | ("rollup", "of")
            | ("dependent", "on") => {
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

    /// The texts in a list of them: `["customer", "level"]`. A text stands between quotes.
    fn quoted_parts(&self, value: &str, new: impl Fn(&str) -> Option<String>) -> Option<String> {
        let named = |(at, part): (usize, &str)| match at % 2 {
            1 => new(part).unwrap_or_else(|| part.to_owned()),
            _ => part.to_owned(),
        };
        let all: Vec<_> = value.split('"').enumerate().map(named).collect();
        let all = all.join("\"");
        (all != value).then_some(all)
    }

    /// The values that a number prints: `{department.code}{yyyy}-{seq:4}`. Parts of the day and the running number are no
    /// fields.
    fn number_format(&self, object: &Object, format: &str) -> Option<String> {
        let mut all = String::with_capacity(format.len());
        let mut rest = format;
        while let Some((before, (part, behind))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            let day = ["yyyy", "yy", "MM", "dd"].contains(&part) || part.contains(':');
            let new = if day { None } else { self.path(object, part) };
            all.push_str(before);
            all.push('{');
            all.push_str(new.as_deref().unwrap_or(part));
            all.push('}');
            rest = behind;
        }
        all.push_str(rest);
        (all != format).then_some(all)
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
