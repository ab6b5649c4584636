//! Refuses settings of roles and reaches that can have no effect, because their author believes otherwise.

use super::faults;
use crate::{
    access::{Action, BUSINESS_LINES, Level, Role},
    base::{Message, Result},
    catalog::Catalog,
};

const OPENING: [Action; 3] = [Action::Read, Action::Create, Action::Edit];
const WRITING: [Action; 2] = [Action::Create, Action::Edit];

/// Refuses ticked values for the level `own`, which ignores them.
pub(super) fn ticks(level: Level, ticked: bool) -> Result<()> {
    if level != Level::Own || !ticked {
        return Ok(());
    }
    Err(faults::own_level_has_no_values().at(["values"]))
}

/// Refuses settings without effect: business lines, grants on lines, field rights, ticked values.
pub(super) fn check(catalog: &Catalog, role: &Role) -> Result<()> {
    if let Some(line) = role.lines.iter().find(|line| !BUSINESS_LINES.contains(&line.as_str())) {
        let names = Message::new(BUSINESS_LINES.join(", "), BUSINESS_LINES.join("、"));
        return Err(faults::no_business_line(line, names));
    }
    lines(catalog, role)?;
    for said in &role.fields {
        let Some(object) = catalog.named(&said.object) else { continue };
        let head = catalog.head(object);
        if !role.grants_any(head, &OPENING) {
            return Err(faults::object_not_opened(&head.name, &object.name));
        }
        let field = |name: &String| object.named(name).map(|(_, field)| field);
        let taken = said.hidden.iter().chain(said.masked.keys());
        if let Some(kept) = taken.filter_map(field).find(|field| field.promised()) {
            return Err(faults::always_shown(&object.name, &kept.name));
        }
        for field in said.readonly.iter().filter_map(field) {
            if !field.writable() {
                return Err(faults::read_only_anyway(&field.name, &object.name));
            }
            if !role.grants_any(head, &WRITING) {
                return Err(faults::role_writes_nothing(&head.name, &field.name));
            }
        }
    }
    for name in role.ticked.keys() {
        let level = role.dimensions.get(name).copied().unwrap_or_default();
        ticks(level, true).map_err(|error| error.at(["ticked", name.as_str()]))?;
        if matches!(level, Level::None | Level::All | Level::Person) {
            return Err(faults::ticked_for_nothing(name, level.as_ref()));
        }
    }
    Ok(())
}

/// Refuses a grant on a line object without its document: a line is open only where its document is.
fn lines(catalog: &Catalog, role: &Role) -> Result<()> {
    for grant in &role.grants {
        for object in grant.objects.iter().filter_map(|name| catalog.named(name)) {
            let head = catalog.head(object);
            if head.ix != object.ix && !role.grants_any(head, &grant.actions) {
                return Err(faults::line_without_document(&object.name, &head.name));
            }
        }
    }
    Ok(())
}
