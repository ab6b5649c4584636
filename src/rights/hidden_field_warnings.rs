//! Warns of defaults, checks, formulas and sums that read a field which a role hides.

use super::warnings::{Surprise, Warning};
use crate::{
    access::{Action, FieldRight, Role},
    base::Message,
    catalog::{Catalog, FieldType, Object, place_of},
};

/// How an expression uses the field that it reads.
#[derive(Clone, Copy)]
enum How {
    Default,
    Check,
    Computed,
}

impl How {
    fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::Default => {
                ("its default stays empty for holders of the role", "对该角色，其默认值将留空")
            }
            Self::Check => (
                "holders of the role are told only that some rule does not hold",
                "对该角色，仅提示未满足某条规则",
            ),
            Self::Computed => {
                ("holders of the role see it no further than that", "该角色对其可见范围与之相同")
            }
        }
    }
}

/// Returns a warning for each default, check, formula and sum of the role's objects that reads a hidden or
/// masked field. A field that is itself hidden or masked gets no warning.
pub(super) fn warnings(catalog: &Catalog, role: &Role) -> Vec<Warning> {
    let mut found = Vec::new();
    if role.fields.iter().all(|said| said.hidden.is_empty() && said.masked.is_empty()) {
        return found;
    }
    let opening = [Action::Read, Action::Create, Action::Edit];
    for object in &catalog.objects {
        if !role.grants_any(catalog.head(object), &opening) {
            continue;
        }
        let mut tell = |field: Option<&str>, how: How, path: &[String]| {
            if field.is_some_and(|field| hides(role, object, field)) {
                return;
            }
            if let Some((of, name)) = hidden(catalog, role, object, path) {
                let warning = warning(object, field, how, (of, &name), role);
                if !found.contains(&warning) {
                    found.push(warning);
                }
            }
        };
        for field in &object.fields {
            let made =
                [(How::Default, &field.default), (How::Computed, &field.formula)].into_iter();
            let made = made.filter_map(|(how, expr)| Some((how, expr.as_ref()?)));
            for (how, expr) in made.chain(field.ruled_by().map(|expr| (How::Check, expr))) {
                for path in expr.paths() {
                    tell(Some(&field.name), how, &path);
                }
            }
            if let FieldType::Rollup(rollup) = field.ty {
                let lines = object.field(rollup.lines);
                let mut path = vec![lines.name.clone()];
                if let (Some(rolled), Some(line)) = (rollup.op.field(), lines.target()) {
                    path.push(catalog.object(line).field(rolled).name.clone());
                }
                tell(Some(&field.name), How::Computed, &path);
                for counted in field.counted.iter().flat_map(crate::expr::Expr::paths) {
                    let path: Vec<_> = [lines.name.clone()].into_iter().chain(counted).collect();
                    tell(Some(&field.name), How::Computed, &path);
                }
            }
        }
        for path in object.checks.iter().flat_map(|check| check.expr.paths()) {
            tell(None, How::Check, &path);
        }
    }
    found
}

fn hides(role: &Role, object: &Object, field: &str) -> bool {
    let of_object = role.fields.iter().filter(|said| said.object == object.name);
    let mut hidden = of_object.flat_map(|said| said.hidden.iter().chain(said.masked.keys()));
    hidden.any(|name| name == field || Some(name.as_str()) == place_of(field).0)
}

/// Returns the first field of a path that the role hides or masks, with its object. A path from `viewer`
/// starts at the caller's own employee.
fn hidden<'c>(
    catalog: &'c Catalog,
    role: &Role,
    object: &'c Object,
    path: &[String],
) -> Option<(&'c Object, String)> {
    let (mut at, mut steps) = (object, path);
    if path.first().is_some_and(|first| first == "viewer") {
        (at, steps) = (catalog.named("Employee")?, path.get(1..)?);
    }
    for step in steps {
        if hides(role, at, step) {
            return Some((at, step.clone()));
        }
        at = catalog.object(at.named(step)?.1.target()?);
    }
    None
}

fn warning(
    object: &Object,
    field: Option<&str>,
    how: How,
    (of, name): (&Object, &str),
    role: &Role,
) -> Warning {
    let (en, zh) = how.told();
    let masked = role.field_right(&of.name, name).0 == FieldRight::Masked;
    let (hides, hides_zh) = if masked { ("masks", "脱敏") } else { ("hides", "隐藏") };
    let (own, of) = (&object.name, &of.name);
    let (what, what_zh) = match field {
        Some(field) => (format!("`{field}` of `{own}`"), format!("`{own}` 的 `{field}`")),
        None => (format!("a rule of `{own}`"), format!("`{own}` 的规则")),
    };
    let message = Message::new(
        format!("{what} reads `{name}` of `{of}`, which the role {hides}: {en}"),
        format!("{what_zh}读取了该角色{hides_zh}的 `{of}` 的 `{name}`：{zh}"),
    );
    let path = [own.clone()].into_iter().chain(field.map(str::to_owned)).collect();
    Warning { code: Surprise::ReadsHidden, path, message }
}
