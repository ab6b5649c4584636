//! The edit that gives a field another type: written anew, with the types and names that it had.

use super::{
    edit::{EditFault, member, name_of, quoted, replaced},
    outline::{DefinitionOutline, outline},
};

/// The directive that says which type a field had.
const RETYPED: &str = "retyped";
/// What a definition says of the past of a field.
const PAST: [&str; 2] = ["renamed", RETYPED];

/// The text in which a field is written anew and says what type it had.
pub(super) fn retyped_member(
    text: &str,
    units: &[DefinitionOutline],
    (object, field): (&str, &str),
    sdl: &str,
    or_null: bool,
) -> Result<String, EditFault> {
    let (_, before) = member(units, object, field)?;
    if name_of(sdl)? != field {
        return Err(EditFault::OtherName(field.to_owned()));
    }
    // A comment at the end must not hide what is written behind it.
    let (opens, closes) = ("type T { ", "\n}");
    let within = format!("{opens}{}{closes}", sdl.trim());
    let read = outline(&within).ok_or(EditFault::Step)?;
    let members = read.first().and_then(|unit| unit.members.as_ref());
    let now = members.and_then(|members| members.all.first()).ok_or(EditFault::Step)?;
    let said = |name: &str| now.directives.iter().any(|directive| directive.name == name);
    let past = before.directives.iter().filter(|known| PAST.contains(&known.name.as_str()));
    let mut past: Vec<_> = past
        .filter(|known| !said(&known.name))
        .filter_map(|known| text.get(known.range.clone()).map(str::to_owned))
        .collect();
    let typed = text.get(before.named.end..before.typed).unwrap_or_default();
    let from = typed.trim_start_matches([':', ' ', '\n', '\r', '\t']).trim_end_matches('!');
    let failing = if or_null { ", onFailure: NULL" } else { "" };
    past.push(format!("@{RETYPED}(from: {}{failing})", quoted(from)));
    // Behind what the step itself says of the past.
    let own = now.directives.iter().rfind(|known| PAST.contains(&known.name.as_str()));
    let at = own.map_or(now.typed, |own| own.range.end);
    let written = replaced(&within, at..at, &format!(" {}", past.join(" ")));
    let written = written.strip_prefix(opens).and_then(|rest| rest.strip_suffix(closes));
    let written = written.unwrap_or_default();
    // A comment behind the field must not hide what follows there.
    let follows = text.get(before.core.end..).is_some_and(|rest| rest.starts_with(['\n', '\r']));
    let hides = outline(&format!("type T {{ {written} }}")).is_none();
    let end = if hides && !follows { "\n" } else { "" };
    Ok(replaced(text, before.core.clone(), &format!("{written}{end}")))
}
