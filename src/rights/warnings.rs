//! Warns of parts of a role or a definition that may surprise their author. They are not refused, because
//! they may be intended.

use strum::{AsRefStr, EnumString, VariantNames};

use super::hidden_field_warnings;
use crate::{
    access::{Action, Employees, FieldRights, Grant, Level, Role},
    base::Message,
    catalog::{Catalog, EMPLOYEES, Object},
};

/// The reason of a warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsRefStr, EnumString, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Surprise {
    /// A grant opens nothing.
    GrantOpensNothing,
    /// A required field is hidden, masked or read-only for a role that creates records.
    RequiredNotGiven,
    /// A default, check, formula or sum reads a field that a role hides or masks.
    ReadsHidden,
    /// A role names an object or a field that is retired.
    NamesRetired,
}

/// A warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The reason.
    pub code: Surprise,
    /// The object and, if any, the field. Empty for a grant.
    pub path: Vec<String>,
    /// The text.
    pub message: Message,
}

/// Returns warnings about grants that open nothing, required fields that block creation, and expressions that
/// read hidden fields.
pub(super) fn warnings(catalog: &Catalog, role: &Role) -> Vec<Warning> {
    let mut found = retired(catalog, role);
    for (at, grant) in role.grants.iter().enumerate() {
        of_grant(catalog, role, at + 1, grant, &mut found);
    }
    for said in &role.fields {
        of_fields(catalog, role, said, &mut found);
    }
    found.extend(hidden_field_warnings::warnings(catalog, role));
    found
}

/// Warns of what a role names and the catalog does not have. A role is saved only with names that there are, so that these
/// were retired since. They open nothing, and count again once they are restored.
fn retired(catalog: &Catalog, role: &Role) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut tell = |object: &str, field: Option<&str>| {
        let path: Vec<_> = [object].into_iter().chain(field).map(str::to_owned).collect();
        let name = path.join(".");
        let message = Message::new(
            format!("`{name}` is retired; what the role says of it has no effect"),
            format!("`{name}` 已停用，该角色对它的设置不生效"),
        );
        let warning = Warning { code: Surprise::NamesRetired, path, message };
        if !found.contains(&warning) {
            found.push(warning);
        }
    };
    for name in role.grants.iter().flat_map(|grant| &grant.objects) {
        if catalog.named(name).is_none() {
            tell(name, None);
        }
    }
    for said in &role.fields {
        let Some(object) = catalog.named(&said.object) else {
            tell(&said.object, None);
            continue;
        };
        let names = said.hidden.iter().chain(said.masked.keys()).chain(&said.readonly);
        for name in names.filter(|name| object.meant_by(name).is_empty()) {
            tell(&object.name, Some(name));
        }
    }
    found
}

/// Returns the warnings about a role that a new catalog adds.
pub(super) fn of_definition(live: &Catalog, new: &Catalog, role: &Role) -> Vec<Warning> {
    let known = warnings(live, role);
    let mut found = warnings(new, role);
    found.retain(|warning| !known.contains(warning));
    for Warning { message, .. } in &mut found {
        let (en, zh) = (&message.en, &message.zh);
        let code = &role.code;
        *message = Message::new(format!("role `{code}`: {en}"), format!("角色 `{code}`：{zh}"));
    }
    found
}

fn nothing(en: String, zh: String) -> Warning {
    let code = Surprise::GrantOpensNothing;
    Warning { code, path: Vec::new(), message: Message::new(en, zh) }
}

fn of_grant(
    catalog: &Catalog,
    role: &Role,
    number: usize,
    grant: &Grant,
    found: &mut Vec<Warning>,
) {
    if grant.objects.is_empty() || grant.actions.is_empty() {
        found.push(nothing(
            format!("grant {number} names no objects or no actions: it opens nothing"),
            format!("第 {number} 项授权未指定对象或操作，不会开放任何内容"),
        ));
        return;
    }
    if grant.open {
        return;
    }
    if grant.employees == Employees::None && !grant.dimensions {
        found.push(nothing(
            format!(
                "grant {number} says none of `employees`, `dimensions` and `open`: it opens nothing"
            ),
            format!(
                "第 {number} 项授权未设置 `employees`、`dimensions` 或 `open`，不会开放任何记录"
            ),
        ));
        return;
    }
    for object in grant.objects.iter().filter_map(|name| catalog.named(name)) {
        // A line is open where its document is, so the document's grant counts.
        if object.parent.is_some() {
            continue;
        }
        let by_employees = grant.employees != Employees::None && object.named(EMPLOYEES).is_some();
        if by_employees {
            continue;
        }
        let name = &object.name;
        let warning = if !grant.dimensions {
            nothing(
                format!("grant {number}: `{name}` has no related employees, so that it opens none"),
                format!("第 {number} 项授权：`{name}` 没有相关员工，不会开放任何记录"),
            )
        } else if let Some(closed) = closed(role, object) {
            closed_by(number, name, closed)
        } else {
            continue;
        };
        found.push(Warning { path: vec![name.clone()], ..warning });
    }
}

/// Returns the dimension that a role leaves closed on an object, or an empty name if the object has no
/// dimension.
fn closed<'o>(role: &Role, object: &'o Object) -> Option<&'o str> {
    let parents = object.fields.iter().filter_map(|field| field.relation());
    if object.dimensions.is_empty() && !parents.into_iter().any(|relation| relation.parent) {
        return Some("");
    }
    let level = |name: &str| role.dimensions.get(name).copied().unwrap_or_default();
    let closed = object.dimensions.iter().find(|known| level(&known.name) == Level::None);
    closed.map(|known| known.name.as_str())
}

fn closed_by(number: usize, object: &str, dimension: &str) -> Warning {
    if dimension.is_empty() {
        return nothing(
            format!("grant {number}: `{object}` has no dimension, so that `dimensions` opens none"),
            format!("第 {number} 项授权：`{object}` 没有维度，`dimensions` 不会开放任何记录"),
        );
    }
    nothing(
        format!(
            "grant {number}: the role leaves {dimension} of `{object}` closed, so that it opens none"
        ),
        format!("第 {number} 项授权：角色未开放 `{object}` 的维度 {dimension}，不会开放任何记录"),
    )
}

fn of_fields(catalog: &Catalog, role: &Role, said: &FieldRights, found: &mut Vec<Warning>) {
    let Some(object) = catalog.named(&said.object) else { return };
    let head = catalog.head(object);
    if !role.grants_any(head, &[Action::Create]) {
        return;
    }
    let kept = [
        (said.hidden.iter().collect::<Vec<_>>(), "hidden", "隐藏"),
        (said.masked.keys().collect(), "masked", "脱敏"),
        (said.readonly.iter().collect(), "read-only", "只读"),
    ];
    for (names, how, how_zh) in kept {
        for (_, field) in names.into_iter().flat_map(|name| object.meant_by(name)) {
            let name = &field.name;
            if field.required && field.default.is_none() && field.writable() {
                let object = &object.name;
                let message = Message::new(
                    format!(
                        "`{name}` of `{object}` is required and {how}: with this role alone nobody creates one"
                    ),
                    format!("`{object}` 的 `{name}` 为必填但{how_zh}：仅凭此角色无法新建"),
                );
                let path = vec![object.clone(), name.clone()];
                found.push(Warning { code: Surprise::RequiredNotGiven, path, message });
            }
        }
    }
}
