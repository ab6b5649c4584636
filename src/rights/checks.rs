//! Checks roles, reaches and assignments before they are stored or simulated.

use std::{str::FromStr, sync::Arc};

use strum::VariantNames;

use super::{effect, ticked};
use crate::{
    access::{ADMINISTRATOR, Level, Role},
    base::{Code, Error, Message, Result},
    catalog::Catalog,
    message,
    records::Session,
    sql::unheld,
};

/// Parses and checks a role. Replaces keys in its ticked values by ids.
pub(super) async fn read_role(session: &Session, text: &str) -> Result<Role> {
    let mut role = Role::parse(text)?;
    check(&session.catalog, &role)?;
    ticked::of_role(session, &mut role).await?;
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
    effect::ticks(level, !values.is_empty())?;
    let values = ticked::ticked(session, dimension, values).await?;
    Ok((level, values))
}

/// Parses the level. Fails if no object has the dimension.
fn settable(catalog: &Catalog, dimension: &str, level: &str) -> Result<Level> {
    let known: Vec<_> =
        catalog.objects.iter().flat_map(|object| &object.dimensions).map(|d| &d.name).collect();
    if !known.iter().any(|known| *known == dimension) {
        return Err(Error::new(
            Code::InputValue,
            format!("no object has the dimension `{dimension}`"),
            format!("没有对象使用维度 `{dimension}`"),
        )
        .at(["dimension"]));
    }
    match Level::from_str(level) {
        Ok(level) if level != Level::Person => Ok(level),
        _ => Err(Error::new(
            Code::InputValue,
            format!("the level is one of {}", Level::VARIANTS.join(", ")),
            format!("级别应为 {} 之一", Level::VARIANTS.join(", ")),
        )
        .at(["level"])),
    }
}

/// Refuses codes of unknown roles, and roles with walls between them.
pub(super) fn holdable(roles: &[Arc<Role>], codes: &[String]) -> Result<()> {
    let known = |code: &&String| {
        code.as_str() == ADMINISTRATOR || roles.iter().any(|role| role.code == **code)
    };
    if let Some(at) = codes.iter().position(|code| !known(&code)) {
        return Err(Error::new(
            Code::InputValue,
            format!("there is no role `{}`", codes[at]),
            format!("没有角色 `{}`", codes[at]),
        )
        .at(["roles".to_owned(), at.to_string()]));
    }
    let held: Vec<_> = roles.iter().filter(|role| codes.contains(&role.code)).collect();
    for (at, one) in held.iter().enumerate() {
        if let Some(other) = held.iter().skip(at).find(|other| !one.stands_beside(other)) {
            let (one, other) = (&one.code, &other.code);
            return Err(Error::new(
                Code::InputValue,
                format!(
                    "nobody holds both `{one}` and `{other}`: they keep to different business lines"
                ),
                format!("角色 `{one}` 与 `{other}` 分属相互隔离的业务线，不能由同一人担任"),
            )
            .at(["roles"]));
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
        return Err(Error::new(
            Code::InputValue,
            format!("a role's code has from 1 to {CODE} letters, digits and `_`, `-`, `.`"),
            format!("角色编码为 1 到 {CODE} 个字母、数字或 `_`、`-`、`.`"),
        )
        .at(["definition"]));
    }
    if role.code.to_lowercase() == ADMINISTRATOR {
        return Err(Error::new(
            Code::InputValue,
            format!("`{ADMINISTRATOR}` is the role that may do everything; it has no text"),
            format!("`{ADMINISTRATOR}` 是拥有全部权限的角色，没有可编辑的定义"),
        )
        .at(["definition"]));
    }
    if [&role.label, &role.label_en].iter().any(|label| label.contains('\0')) {
        return Err(unheld());
    }
    let objects = role.grants.iter().flat_map(|grant| &grant.objects);
    let unknown = |message: Message| Error::of(Code::InputValue, message).at(["definition"]);
    let no_object = |name: &str| {
        message!(
            "the role names an object `{name}` that is not there",
            "没有角色所写的对象 `{name}`"
        )
    };
    if let Some(object) = objects.into_iter().find(|name| catalog.named(name).is_none()) {
        return Err(unknown(no_object(object)));
    }
    for said in &role.fields {
        let Some(object) = catalog.named(&said.object) else {
            return Err(unknown(no_object(&said.object)));
        };
        let names = said.hidden.iter().chain(said.masked.keys()).chain(&said.readonly);
        if let Some(name) = names.into_iter().find(|name| object.named(name).is_none()) {
            let object = &object.name;
            return Err(unknown(message!(
                "`{object}` has no field `{name}`",
                "`{object}` 没有字段 `{name}`"
            )));
        }
        let text =
            |name: &&String| object.named(name).is_some_and(|(_, field)| field.ty.traits().masks);
        if let Some(name) = said.masked.keys().find(|name| !text(name)) {
            return Err(unknown(message!(
                "`{name}` is no text and cannot be masked; hide it",
                "`{name}` 不是文本，不能脱敏，请将其隐藏"
            )));
        }
    }
    let known = |name: &&String| {
        catalog.objects.iter().any(|object| object.dimensions.iter().any(|d| d.name == **name))
    };
    match role.dimensions.keys().find(|name| !known(name)) {
        Some(name) => Err(unknown(message!(
            "no object has the dimension `{name}`",
            "没有对象使用维度 `{name}`"
        ))),
        None => effect::check(catalog, role),
    }
}
