//! Checks roles, reaches and assignments before they are stored or simulated.

use std::{str::FromStr, sync::Arc};

use strum::VariantNames;

use super::{dimension_values, faults, ineffective_settings};
use crate::{
    access::{ADMINISTRATOR, Level, Role},
    base::{Error, Result},
    catalog::Catalog,
    records::Session,
};

/// Parses and checks a role on a catalog, which need not be live yet. Replaces keys in its ticked values by ids.
pub(super) async fn read_role(session: &Session, catalog: &Catalog, text: &str) -> Result<Role> {
    let mut role = Role::parse(text)?;
    check(catalog, &role, None)?;
    dimension_values::of_role(session, catalog, &mut role).await?;
    Ok(role)
}

/// Checks a level and values for a person. Returns the values with ids in place of keys.
pub(super) async fn read_reach(
    session: &Session,
    dimension: &str,
    level: &str,
    values: &[String],
) -> Result<(Level, Vec<String>)> {
    let level = settable(&session.catalog, dimension, level)?;
    ineffective_settings::ticks(level, !values.is_empty())?;
    let values = dimension_values::ticked(session, &session.catalog, dimension, values).await?;
    Ok((level, values))
}

/// Parses the level. Fails if no object has the dimension.
fn settable(catalog: &Catalog, dimension: &str, level: &str) -> Result<Level> {
    if !is_dimension(catalog, dimension) {
        return Err(faults::unused_dimension(dimension).at(["dimension"]));
    }
    match Level::from_str(level) {
        Ok(level) if level != Level::Person => Ok(level),
        _ => Err(faults::bad_level(Level::VARIANTS.join(", ")).at(["level"])),
    }
}

/// Refuses codes of unknown roles, and roles with walls between them.
pub(super) fn holdable(roles: &[Arc<Role>], codes: &[String]) -> Result<()> {
    let known = |code: &&String| {
        code.as_str() == ADMINISTRATOR || roles.iter().any(|role| role.code == **code)
    };
    if let Some(at) = codes.iter().position(|code| !known(&code)) {
        return Err(faults::no_role(&codes[at]).at(["roles".to_owned(), at.to_string()]));
    }
    let held: Vec<_> = roles.iter().filter(|role| codes.contains(&role.code)).collect();
    for (at, one) in held.iter().enumerate() {
        if let Some(other) = held.iter().skip(at).find(|other| !one.stands_beside(other)) {
            return Err(faults::roles_of_different_lines(&one.code, &other.code).at(["roles"]));
        }
    }
    Ok(())
}

/// Longest code of a role, in characters.
const CODE: usize = 60;

/// Refuses a role with an invalid code, or with unknown objects, fields or dimensions. What the role before it names is
/// known: it has been retired since.
pub(super) fn check(catalog: &Catalog, role: &Role, before: Option<&Role>) -> Result<()> {
    let sign = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !(1..=CODE).contains(&role.code.chars().count()) || !role.code.chars().all(sign) {
        return Err(faults::bad_role_code(CODE).at(["definition"]));
    }
    if role.code.to_lowercase() == ADMINISTRATOR {
        return Err(faults::fixed_role(ADMINISTRATOR).at(["definition"]));
    }
    let refuse = |fault: Error| Err(fault.at(["definition"]));
    let mut objects = role.grants.iter().flat_map(|grant| &grant.objects);
    let granted = |name: &String| {
        before.is_some_and(|role| role.grants.iter().any(|grant| grant.objects.contains(name)))
    };
    if let Some(object) = objects.find(|name| catalog.named(name).is_none() && !granted(name)) {
        return refuse(faults::role_names_no_object(object));
    }
    let said_before = |object: &str, field: Option<&str>| {
        let names = |known: &(&str, &str)| known.0 == object && field.is_none_or(|f| known.1 == f);
        before.is_some_and(|role| role.named_fields().iter().any(names))
    };
    for said in &role.fields {
        let Some(object) = catalog.named(&said.object) else {
            if said_before(&said.object, None) {
                continue;
            }
            return refuse(faults::role_names_no_object(&said.object));
        };
        let names = said.hidden.iter().chain(said.masked.keys()).chain(&said.readonly);
        let unknown = |name: &&String| {
            let meant = object.meant_by(name);
            let known = meant.iter().any(|(_, field)| field.of_union.is_none());
            !known && !said_before(&said.object, Some(name))
        };
        if let Some(name) = names.into_iter().find(unknown) {
            return refuse(faults::no_field(&object.name, name));
        }
        let unmasked = |name: &&String| {
            object.meant_by(name).iter().any(|(_, field)| !field.ty.traits().masks)
        };
        if let Some(name) = said.masked.keys().find(unmasked) {
            return refuse(faults::only_text_masked(name));
        }
    }
    let known = |name: &&String| {
        is_dimension(catalog, name)
            || before.is_some_and(|role| role.dimensions.contains_key(name.as_str()))
    };
    match role.dimensions.keys().find(|name| !known(name)) {
        Some(name) => refuse(faults::unused_dimension(name)),
        None => ineffective_settings::check(catalog, role),
    }
}

/// Whether some object has a dimension.
pub(super) fn is_dimension(catalog: &Catalog, name: &str) -> bool {
    catalog.objects.iter().any(|object| object.dimensions.iter().any(|known| known.name == name))
}
