//! Changes of roles right by right: planned on what is stored, checked as a whole, then published in one version.

use std::sync::Arc;

use serde_json::json;

use super::{
    Rights, RightsChange,
    checks::{check, is_dimension},
    dimension_values, faults,
    roles::{KnownRole, stored},
};
use crate::{
    access::{ADMINISTRATOR, BUSINESS_LINES, FieldRight, Role, RoleEdit, edit_role},
    base::{Error, Result},
    catalog::{Catalog, Object, place_of},
    customize::{PartChange, PublishedParts},
    records::Session,
    storage::audit,
};

/// Edits of one role.
pub struct RightChange {
    /// The role's code.
    pub role: String,
    /// The version that brought it, as far as the caller knows; 0 as it comes with the program.
    pub expected: Option<i64>,
    /// What is changed.
    pub edits: Vec<RoleEdit>,
}

/// A role as it was and as it would be.
pub struct PlannedRole {
    /// As it was.
    pub before: KnownRole,
    /// As it would be.
    pub after: KnownRole,
}

/// Changes of roles, checked.
pub struct PlannedRoles {
    /// Each role that is named, in that order.
    pub roles: Vec<PlannedRole>,
}

impl PlannedRoles {
    /// The same as something to simulate.
    pub fn simulated(&self) -> RightsChange {
        let mut change = RightsChange::default();
        self.roles.iter().for_each(|planned| change.replace(Arc::clone(&planned.after.role)));
        change
    }
}

/// A role that somebody else has changed: its code, and the version that brought it.
type Stale = (String, i64);

impl Rights {
    /// Plans changes of roles. An error names the place among the changes.
    pub async fn plan_roles(
        &self,
        session: &Session,
        changes: &[RightChange],
    ) -> Result<Result<PlannedRoles, Stale>> {
        let known = self.roles().await?;
        let mut together: Vec<(&KnownRole, Vec<RoleEdit>)> = Vec::new();
        for (at, change) in changes.iter().enumerate() {
            let within = |error: Error| error.within(at.to_string()).within("changes");
            let before = known.iter().find(|known| known.role.code == change.role);
            let before = before.ok_or_else(|| within(no_role(&change.role)))?;
            if change.expected.is_some_and(|expected| expected != before.version) {
                return Ok(Err((change.role.clone(), before.version)));
            }
            for edit in &change.edits {
                named(&session.catalog, edit).map_err(within)?;
            }
            match together.iter_mut().find(|(known, _)| known.role.code == change.role) {
                Some((_, edits)) => edits.extend(change.edits.iter().cloned()),
                None => together.push((before, change.edits.clone())),
            }
        }
        let mut roles = Vec::with_capacity(together.len());
        for (before, edits) in together {
            let text = before.text.clone();
            // A text may be long, and each edit reads it.
            let asked = edits.clone();
            let editing = tokio::task::spawn_blocking(move || edit_role(&text, &edits));
            let text = editing.await.map_err(Error::internal)??;
            let of_role = |change: &RightChange| change.role == before.role.code;
            let read = read_edited(session, before, &text).await;
            let role = read.map_err(|error| placed(error, changes, &of_role))?;
            if let Some(fault) = asked.iter().find_map(|edit| by_group(&role, edit)) {
                return Err(placed(fault, changes, &of_role));
            }
            let mut after = KnownRole { role: Arc::new(role), text, ..before.clone() };
            if after.text != before.text {
                after.origin = before.origin.when_stored();
            }
            roles.push(PlannedRole { before: before.clone(), after });
        }
        Ok(Ok(PlannedRoles { roles }))
    }

    /// Publishes what was planned, unless somebody has changed one of the roles since.
    pub async fn publish_planned(
        &self,
        session: &Session,
        planned: &PlannedRoles,
    ) -> Result<PublishedParts> {
        let changed = planned.roles.iter().filter(|one| one.after.text != one.before.text);
        let changes: Result<Vec<PartChange>> = changed
            .map(|one| stored(&one.after.role, one.after.text.clone(), Some(one.before.version)))
            .collect();
        self.publish_roles(session, &changes?).await
    }

    /// Stores a copy of a role under another code, which no role may have.
    pub async fn copy_role(
        &self,
        session: &Session,
        from: &str,
        (code, label, label_en): (String, String, String),
    ) -> Result<PublishedParts> {
        let known = self.roles().await?;
        let before = known.iter().find(|known| known.role.code == from);
        let before = before.ok_or_else(|| no_role(from).at(["from"]))?;
        let taken = || faults::role_exists(&code).at(["code"]);
        if known.iter().any(|known| known.role.code == code) {
            return Err(taken());
        }
        let edit = RoleEdit::Rename { code: code.clone(), label, label_en };
        let text = edit_role(&before.text, &[edit])?;
        let read = read_edited(session, before, &text).await;
        let role = read.map_err(|error| error.at(["code"]))?;
        audit::tell("definition", json!(text));
        let change = stored(&role, text, Some(0))?;
        match self.publish_roles(session, &[change]).await? {
            PublishedParts::Stale(..) => Err(taken()),
            published => Ok(published),
        }
    }
}

fn no_role(code: &str) -> Error {
    match code == ADMINISTRATOR {
        true => faults::fixed_role(code).at(["role"]),
        false => faults::no_role(code).at(["role"]),
    }
}

/// Reads and checks a role's text that was edited. Values that were ticked before stay the records that they were, whatever
/// has these keys now; only others are looked up.
async fn read_edited(session: &Session, before: &KnownRole, text: &str) -> Result<Role> {
    let written = Role::parse(&before.text)?;
    let mut role = Role::parse(text)?;
    check(&session.catalog, &role, Some(&written))?;
    for (dimension, values) in &mut role.ticked {
        let kept = before.role.ticked.get(dimension);
        match kept.filter(|_| written.ticked.get(dimension) == Some(values)) {
            Some(kept) => values.clone_from(kept),
            None => {
                let found =
                    dimension_values::ticked(session, &session.catalog, dimension, values).await;
                *values = found.map_err(|error| error.within(dimension).within("ticked"))?;
            }
        }
    }
    Ok(role)
}

/// Puts an error of a role's text at the change that it comes of: a ticked value at that of its dimension.
fn placed(error: Error, changes: &[RightChange], of: &dyn Fn(&RightChange) -> bool) -> Error {
    let mut path: Vec<String> = vec!["changes".to_owned()];
    if let [first, dimension, rest @ ..] = &error.path[..]
        && first == "ticked"
    {
        let sets = |edit: &RoleEdit| matches!(edit, RoleEdit::Dimension { dimension: set, .. } if set == dimension);
        let at = changes.iter().rposition(|change| of(change) && change.edits.iter().any(sets));
        path.extend(at.map(|at| at.to_string()));
        path.push("dimension".to_owned());
        path.extend(rest.iter().cloned());
    } else if let Some(at) = changes.iter().position(of) {
        path.push(at.to_string());
    }
    error.at(path)
}

/// The fault of a field's right that the role still gives by what it says of the field's group.
fn by_group(role: &Role, edit: &RoleEdit) -> Option<Error> {
    let RoleEdit::Field { object, field, right, .. } = edit else { return None };
    let group = place_of(field).0?;
    let (said, _) = role.field_right(object, group);
    let stays = said != FieldRight::ReadWrite && role.field_right(object, field).0 != *right;
    stays.then(|| faults::right_by_group(field, group).at(["field", "field"]))
}

/// Refuses an edit that names what there is not, or what has no rights of its own.
fn named(catalog: &Catalog, edit: &RoleEdit) -> Result<()> {
    match edit {
        RoleEdit::Grant { objects, .. } => {
            for (at, name) in objects.iter().enumerate() {
                let within = |error: Error| error.at(["grant", "objects", &at.to_string()]);
                let object = object(catalog, name).map_err(within)?;
                let head = catalog.head(object);
                if head.ix != object.ix {
                    return Err(within(faults::line_has_no_rights(&object.name, &head.name)));
                }
            }
        }
        RoleEdit::Field { object: name, field, right, mask } => {
            let object = object(catalog, name).map_err(|error| error.at(["field", "object"]))?;
            if object.named(field).is_none() && object.group(field).is_none() {
                return Err(faults::no_field(name, field).at(["field", "field"]));
            }
            if mask.is_some() && *right != FieldRight::Masked {
                return Err(faults::mask_of_nothing().at(["field", "mask"]));
            }
        }
        RoleEdit::Dimension { dimension, .. } => {
            if !is_dimension(catalog, dimension) {
                return Err(faults::unused_dimension(dimension).at(["dimension", "dimension"]));
            }
        }
        RoleEdit::Lines(lines) => {
            let unknown = |line: &String| !BUSINESS_LINES.contains(&line.as_str());
            if let Some(at) = lines.iter().position(unknown) {
                let fault = faults::no_business_line(&lines[at], BUSINESS_LINES.join(", "));
                return Err(fault.at(["lines", &at.to_string()]));
            }
        }
        RoleEdit::May(_) | RoleEdit::Caps { .. } | RoleEdit::Rename { .. } => {}
    }
    Ok(())
}

fn object<'c>(catalog: &'c Catalog, name: &str) -> Result<&'c Object> {
    catalog.named(name).ok_or_else(|| faults::no_object(name))
}
