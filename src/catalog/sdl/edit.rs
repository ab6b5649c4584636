//! Single edits of a definition text. What an edit is not about stays byte for byte.

use std::ops::Range;

use super::{
    super::directive::STANDARD,
    joined::without,
    outline::{DefinitionOutline, DirectiveOutline, MemberOutline, MembersOutline, outline},
    renaming::without_old_name,
    retyping::retyped_member,
};

/// One edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaEdit {
    /// Adds definitions behind all others.
    DefineObject {
        /// The definitions.
        sdl: String,
    },
    /// Writes a definition anew without its fields or values: its description and directives.
    UpdateObject {
        /// The object, or the picklist.
        object: String,
        /// The definition up to its braces.
        sdl: String,
    },
    /// Adds a field behind the others of an object, or a value behind those of a picklist.
    DefineField {
        /// The object.
        object: String,
        /// The field, as it stands within braces.
        sdl: String,
    },
    /// Writes a field anew, with its description.
    UpdateField {
        /// The object.
        object: String,
        /// The field.
        field: String,
        /// The field, as it stands within braces.
        sdl: String,
    },
    /// Writes a field anew with another type, and what type it had.
    RetypeField {
        /// The object.
        object: String,
        /// The field.
        field: String,
        /// The field, as it stands within braces.
        sdl: String,
        /// Empty values that cannot be converted.
        or_null: bool,
    },
    /// Takes a field out.
    RetireField {
        /// The object.
        object: String,
        /// The field.
        field: String,
    },
    /// Takes a definition and all its extensions out.
    RetireObject {
        /// The object.
        object: String,
    },
    /// Gives other labels; what is not given stays.
    Relabel {
        /// The object.
        object: String,
        /// The field; the object itself without one.
        field: Option<String>,
        /// The label in Chinese.
        label: Option<String>,
        /// The label in English.
        label_en: Option<String>,
    },
    /// Has a name that a field had lead to it no longer.
    DropOldName {
        /// The object.
        object: String,
        /// The field, as it is called now.
        field: String,
        /// The old name.
        name: String,
    },
}

/// Why an edit cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditFault {
    /// The text itself cannot be read.
    Text,
    /// Something is wrong with the text, so that it is not known what names what.
    Faulty,
    /// The definition of the edit cannot be read, or is something else.
    Step,
    /// The text does not define this type.
    NoObject(String),
    /// The text does not define this field.
    NoField(String, String),
    /// The text has this type or field already.
    Known(String),
    /// The field of the edit has another name than this.
    OtherName(String),
    /// This comes with the program and stays.
    Standard(String),
}

/// The text after an edit.
pub fn edited(text: &str, edit: &SchemaEdit) -> Result<String, EditFault> {
    let units = outline(text).ok_or(EditFault::Text)?;
    match edit {
        SchemaEdit::DefineObject { sdl } => define(text, &units, sdl),
        SchemaEdit::UpdateObject { object, sdl } => head(text, &units, object, sdl),
        SchemaEdit::DefineField { object, sdl } => add(text, &units, object, sdl),
        SchemaEdit::UpdateField { object, field, sdl } => {
            let (unit, member) = member(&units, object, field)?;
            let (name, list) = named_within(sdl)?;
            if unit.list != list {
                return Err(EditFault::Step);
            }
            if name != *field {
                return Err(EditFault::OtherName(field.clone()));
            }
            let sdl = ended(text, member.core.end, sdl.trim());
            Ok(replaced(text, member.core.clone(), &sdl))
        }
        SchemaEdit::RetypeField { object, field, sdl, or_null } => {
            retyped_member(text, &units, (object, field), sdl, *or_null)
        }
        SchemaEdit::RetireField { object, field } => {
            let (unit, member) = member(&units, object, field)?;
            Ok(without_member(text, unit, member))
        }
        SchemaEdit::RetireObject { object } => {
            let of: Vec<_> = units.iter().filter(|unit| unit.name == *object).collect();
            if of.iter().all(|unit| unit.extend) {
                return Err(EditFault::NoObject(object.clone()));
            }
            let cuts = of.iter().map(|unit| attached(text, &unit.whole, unit.core.start));
            let left = without(text, cuts.collect());
            Ok(if left.trim().is_empty() { String::new() } else { left })
        }
        SchemaEdit::DropOldName { object, field, name } => {
            without_old_name(text, &units, (object, field), name)
        }
        SchemaEdit::Relabel { object, field, label, label_en } => {
            let labels = [("label", label), ("labelEn", label_en)];
            relabel(text, &units, object, field.as_deref(), labels)
        }
    }
}

/// The definition of a type with its extensions, as a text.
pub fn definition_of(text: &str, object: &str) -> Option<String> {
    let units = outline(text)?;
    let of = units.iter().filter(|unit| unit.name == object);
    let texts: Vec<_> = of
        .filter_map(|unit| text.get(attached(text, &unit.whole, unit.core.start)))
        .map(str::trim)
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

/// The definition of a field, as a text.
pub fn member_of(text: &str, object: &str, field: &str) -> Option<String> {
    let units = outline(text)?;
    let (_, member) = member(&units, object, field).ok()?;
    text.get(member.core.clone()).map(str::to_owned)
}

fn define(text: &str, units: &[DefinitionOutline], sdl: &str) -> Result<String, EditFault> {
    let new = outline(sdl).filter(|new| !new.is_empty()).ok_or(EditFault::Step)?;
    let defines = |name: &str| units.iter().any(|unit| !unit.extend && unit.name == name);
    if let Some(known) = new.iter().find(|unit| !unit.extend && defines(&unit.name)) {
        return Err(EditFault::Known(known.name.clone()));
    }
    let sdl = sdl.trim();
    Ok(match text.trim_end() {
        "" => format!("{sdl}\n"),
        before => format!("{before}\n\n{sdl}\n"),
    })
}

/// Writes the head of a definition anew. Its fields stay.
fn head(
    text: &str,
    units: &[DefinitionOutline],
    object: &str,
    sdl: &str,
) -> Result<String, EditFault> {
    let sdl = sdl.trim();
    let read = outline(sdl).ok_or(EditFault::Step)?;
    let [new] = read.as_slice() else { return Err(EditFault::Step) };
    if new.members.is_some() {
        return Err(EditFault::Step);
    }
    if new.name != object {
        return Err(EditFault::OtherName(object.to_owned()));
    }
    let of = || units.iter().filter(|unit| unit.name == object && unit.extend == new.extend);
    // Of several extensions, the last that says something of the object.
    let said = of().rfind(|unit| !unit.directives.is_empty());
    let Some(unit) = said.or_else(|| of().next()) else {
        return match new.extend {
            true => define(text, units, sdl),
            false => Err(EditFault::NoObject(object.to_owned())),
        };
    };
    if unit.list != new.list {
        return Err(EditFault::Step);
    }
    Ok(match &unit.members {
        Some(members) => {
            // A comment at the end must not hide the brace.
            let within = if unit.list { "A" } else { "a: Int" };
            let read = outline(&format!("{sdl} {{ {within} }}")).unwrap_or_default();
            let whole = read.iter().any(|unit| unit.members.is_some());
            let end = if whole { ' ' } else { '\n' };
            replaced(text, unit.core.start..members.opens, &format!("{sdl}{end}"))
        }
        None => replaced(text, unit.core.clone(), sdl),
    })
}

/// The name of a field that is given as it stands within braces.
pub(super) fn name_of(sdl: &str) -> Result<String, EditFault> {
    match named_within(sdl)? {
        (name, false) => Ok(name),
        _ => Err(EditFault::Step),
    }
}

/// The name of a field or of a picklist's value that is given as it stands within braces, and whether it is a value.
fn named_within(sdl: &str) -> Result<(String, bool), EditFault> {
    ["type", "enum"]
        .into_iter()
        .find_map(|keyword| {
            // A comment at the end must not hide the brace.
            let units = outline(&format!("{keyword} T {{ {sdl}\n}}"))?;
            let [unit] = units.as_slice() else { return None };
            match unit.members.as_ref().map(|members| members.all.as_slice()) {
                Some([one]) => Some((one.name.clone(), unit.list)),
                _ => None,
            }
        })
        .ok_or(EditFault::Step)
}

fn add(
    text: &str,
    units: &[DefinitionOutline],
    object: &str,
    sdl: &str,
) -> Result<String, EditFault> {
    let ((name, list), sdl) = (named_within(sdl)?, sdl.trim());
    let of: Vec<_> = units.iter().filter(|unit| unit.name == object).collect();
    if of.iter().any(|unit| unit.list != list) {
        return Err(EditFault::Step);
    }
    if of.iter().any(|unit| unit.member(&name).is_some()) {
        return Err(EditFault::Known(name));
    }
    let place = of.iter().find(|unit| !unit.extend).or(of.last());
    let Some(unit) = place else {
        let keyword = if list { "enum" } else { "type" };
        return define(text, units, &format!("extend {keyword} {object} {{\n  {sdl}\n}}"));
    };
    let Some(members) = &unit.members else {
        return Ok(inserted(text, unit.core.end, &format!(" {{\n  {sdl}\n}}")));
    };
    let at = behind(text, members);
    Ok(inserted(text, at, &between(text, members, &ended(text, at, sdl))))
}

/// A field as it is put before a place: with a line's end if a comment at its own end would hide what follows there.
fn ended(text: &str, at: usize, sdl: &str) -> String {
    let whole = |keyword: &str| outline(&format!("{keyword} T {{ {sdl} }}")).is_some();
    let hides = !whole("type") && !whole("enum");
    let follows = text.get(at..).is_some_and(|rest| rest.starts_with(['\n', '\r']));
    if hides && !follows { format!("{sdl}\n") } else { sdl.to_owned() }
}

/// The place behind the last member and its line.
fn behind(text: &str, members: &MembersOutline) -> usize {
    let last = members.all.last().map_or(members.opens + 1, |last| last.whole.end);
    // Without a line of its own the blank before the brace stays there.
    let blank = text.get(members.opens + 1..last).map_or(0, |t| t.len() - t.trim_end().len());
    if lines(text, members) { last } else { last - blank }
}

/// Whether each member has a line of its own.
fn lines(text: &str, members: &MembersOutline) -> bool {
    text.get(members.opens..members.closes).is_some_and(|within| within.contains('\n'))
}

fn between(text: &str, members: &MembersOutline, sdl: &str) -> String {
    if !lines(text, members) {
        return format!(" {sdl}{}", if members.all.is_empty() { " " } else { "" });
    }
    let before = members.all.last().and_then(|last| text.get(last.whole.start..last.core.start));
    let indent = before.and_then(|before| before.rsplit_once('\n')).map(|(_, indent)| indent);
    let indent = indent.filter(|indent| indent.trim().is_empty()).unwrap_or("  ");
    format!("\n{indent}{sdl}")
}

pub(super) fn member<'u>(
    units: &'u [DefinitionOutline],
    object: &str,
    field: &str,
) -> Result<(&'u DefinitionOutline, &'u MemberOutline), EditFault> {
    let of = || units.iter().filter(|unit| unit.name == object);
    let found = of().find_map(|unit| Some((unit, unit.member(field)?)));
    found.ok_or_else(|| match of().next() {
        Some(_) => EditFault::NoField(object.to_owned(), field.to_owned()),
        None => EditFault::NoObject(object.to_owned()),
    })
}

/// The place of a definition with the comments right above it. Comments above a blank line stay.
fn attached(text: &str, whole: &Range<usize>, core: usize) -> Range<usize> {
    let before = text.get(whole.start..core).unwrap_or_default();
    let (mut start, mut at) = (whole.start, whole.start);
    for line in before.split_inclusive('\n') {
        // The first line is the end of the one before; the last one may be no more than an indent.
        if line.trim().is_empty() && line.ends_with('\n') && at > whole.start {
            start = at;
        }
        at += line.len();
    }
    start..whole.end
}

fn without_member(text: &str, unit: &DefinitionOutline, member: &MemberOutline) -> String {
    let members = unit.members.as_ref();
    let last = members.is_some_and(|members| members.all.len() == 1);
    let cut = match members {
        Some(_) if last && unit.extend && unit.directives.is_empty() => {
            attached(text, &unit.whole, unit.core.start)
        }
        Some(members) if last => members.opens..members.closes + 1,
        _ => attached(text, &member.whole, member.core.start),
    };
    without(text, vec![cut])
}

fn relabel(
    text: &str,
    units: &[DefinitionOutline],
    object: &str,
    field: Option<&str>,
    labels: [(&str, &Option<String>); 2],
) -> Result<String, EditFault> {
    let [(zh, label), (en, label_en)] = labels;
    let mut labels = [(zh, label), (en, label_en)];
    let (name, directives, end) = match field {
        Some(field) => {
            let (unit, member) = member(units, object, field)?;
            if unit.list {
                labels = [("zh", label), ("en", label_en)];
            }
            let name = match (unit.list, member.has(STANDARD)) {
                (true, _) => "label",
                (false, true) => STANDARD,
                (false, false) => "field",
            };
            (name, &member.directives, member.typed)
        }
        None => {
            let own = |unit: &&DefinitionOutline| unit.name == object && !unit.list;
            let said = |unit: &&DefinitionOutline| {
                unit.directives.iter().any(|directive| directive.name == "object")
            };
            // Of a standard object, extensions have `@object`, of which the last one counts.
            let base = units.iter().find(|unit| own(unit) && !unit.extend);
            let extension = || units.iter().rfind(|unit| own(unit) && said(unit));
            let unit =
                base.or_else(extension).ok_or_else(|| EditFault::NoObject(object.to_owned()))?;
            ("object", &unit.directives, unit.named)
        }
    };
    let given: Vec<_> = labels
        .iter()
        .filter_map(|(name, label)| Some((*name, quoted(label.as_deref()?))))
        .collect();
    let written = |all: &[(&str, String)]| {
        let each: Vec<_> = all.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        each.join(", ")
    };
    let Some(known) = directives.iter().find(|directive| directive.name == name) else {
        return Ok(match given.is_empty() {
            true => text.to_owned(),
            false => inserted(text, end, &format!(" @{name}({})", written(&given))),
        });
    };
    let argument = |name: &str| known.arguments.iter().find(|(known, _)| known == name);
    let new: Vec<_> = given.iter().filter(|(name, _)| argument(name).is_none()).cloned().collect();
    let mut changes: Vec<(Range<usize>, String)> = given
        .iter()
        .filter_map(|(name, value)| Some((argument(name)?.1.clone(), value.clone())))
        .collect();
    if !new.is_empty() {
        changes.push(addition(known, &written(&new)));
    }
    // From the end, so that the places before stay true.
    changes.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = text.to_owned();
    for (range, value) in changes {
        text = replaced(&text, range, &value);
    }
    Ok(text)
}

/// Further arguments of a directive, and where they go.
pub(in crate::catalog) fn addition(
    directive: &DirectiveOutline,
    arguments: &str,
) -> (Range<usize>, String) {
    match (directive.closes, directive.arguments.last()) {
        (Some(_), Some((_, last))) => (last.end..last.end, format!(", {arguments}")),
        (Some(closes), None) => (closes..closes, arguments.to_owned()),
        (None, _) => (directive.named..directive.named, format!("({arguments})")),
    }
}

/// A text as a literal.
pub(in crate::catalog) fn quoted(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            other => literal.push(other),
        }
    }
    literal.push('"');
    literal
}

fn inserted(text: &str, at: usize, more: &str) -> String {
    replaced(text, at..at, more)
}

pub(in crate::catalog) fn replaced(text: &str, range: Range<usize>, by: &str) -> String {
    let before = text.get(..range.start).unwrap_or_default();
    let behind = text.get(range.end..).unwrap_or_default();
    format!("{before}{by}{behind}")
}
