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
        let named = |name: &String| {
            let meant = object.meant_by(name).into_iter();
            meant.map(|(_, field)| field).collect::<Vec<_>>()
        };
        let taken = said.hidden.iter().chain(said.masked.keys());
        if let Some(kept) = taken.flat_map(named).find(|field| field.promised()) {
            return Err(faults::always_shown(&object.name, &kept.name));
        }
        for (name, field) in
            said.readonly.iter().flat_map(|name| named(name).into_iter().map(move |f| (name, f)))
        {
            // A group may have fields that are computed, beside others.
            let others = object.group(name).is_some() && named(name).iter().any(|f| f.writable());
            if !field.writable() && !others {
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
