//! Checks roles, reaches and assignments before they are stored or simulated.

use std::{str::FromStr, sync::Arc};

use strum::VariantNames;

use super::{dimension_values, faults, ineffective_settings};
use crate::{
    access::{ADMINISTRATOR, Level, Role},
    base::{Error, Result},
    catalog::Catalog,
    records::Session,
    sql::unheld,
};

/// Parses and checks a role on a catalog, which need not be live yet. Replaces keys in its ticked values by ids.
pub(super) async fn read_role(session: &Session, catalog: &Catalog, text: &str) -> Result<Role> {
    let mut role = Role::parse(text)?;
    check(catalog, &role)?;
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
    let known: Vec<_> =
        catalog.objects.iter().flat_map(|object| &object.dimensions).map(|d| &d.name).collect();
    if !known.iter().any(|known| *known == dimension) {
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

/// Refuses a role with an invalid code, or with unknown objects, fields or dimensions.
fn check(catalog: &Catalog, role: &Role) -> Result<()> {
    let sign = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !(1..=CODE).contains(&role.code.chars().count()) || !role.code.chars().all(sign) {
        return Err(faults::bad_role_code(CODE).at(["definition"]));
    }
    if role.code.to_lowercase() == ADMINISTRATOR {
        return Err(faults::fixed_role(ADMINISTRATOR).at(["definition"]));
    }
    if [&role.label, &role.label_en].iter().any(|label| label.contains('\0')) {
        return Err(unheld());
    }
    let objects = role.grants.iter().flat_map(|grant| &grant.objects);
    let refuse = |fault: Error| Err(fault.at(["definition"]));
    if let Some(object) = objects.into_iter().find(|name| catalog.named(name).is_none()) {
        return refuse(faults::role_names_no_object(object));
    }
    for said in &role.fields {
        let Some(object) = catalog.named(&said.object) else {
            return refuse(faults::role_names_no_object(&said.object));
        };
        let names = said.hidden.iter().chain(said.masked.keys()).chain(&said.readonly);
        if let Some(name) = names.into_iter().find(|name| object.named(name).is_none()) {
            return refuse(faults::no_field(&object.name, name));
        }
        let text =
            |name: &&String| object.named(name).is_some_and(|(_, field)| field.ty.traits().masks);
        if let Some(name) = said.masked.keys().find(|name| !text(name)) {
            return refuse(faults::only_text_masked(name));
        }
    }
    let known = |name: &&String| {
        catalog.objects.iter().any(|object| object.dimensions.iter().any(|d| d.name == **name))
    };
    match role.dimensions.keys().find(|name| !known(name)) {
        Some(name) => refuse(faults::unused_dimension(name)),
        None => ineffective_settings::check(catalog, role),
    }
}
