//! Refuses settings of roles and reaches that can have no effect, because their author believes otherwise.

use crate::{
    access::{Action, BUSINESS_LINES, Level, Role},
    base::{Code, Error, Result},
    catalog::{Catalog, Field, Object},
};

const OPENING: [Action; 3] = [Action::Read, Action::Create, Action::Edit];
const WRITING: [Action; 2] = [Action::Create, Action::Edit];

fn idle(en: String, zh: String) -> Error {
    Error::new(Code::InputValue, en, zh)
}

/// Refuses ticked values for the level `own`, which ignores them.
pub(super) fn ticks(level: Level, ticked: bool) -> Result<()> {
    if level != Level::Own || !ticked {
        return Ok(());
    }
    Err(idle(
        "`own` is the person's own department; it takes no ticked values".to_owned(),
        "`own`（本级）即本人所在部门，不能再勾选取值".to_owned(),
    )
    .hint("use `set` for ticked values", "如需勾选取值，请使用 `set`")
    .at(["values"]))
}

/// Refuses settings without effect: business lines, grants on lines, field rights, ticked values.
pub(super) fn check(catalog: &Catalog, role: &Role) -> Result<()> {
    if let Some(line) = role.lines.iter().find(|line| !BUSINESS_LINES.contains(&line.as_str())) {
        return Err(idle(
            format!("there is no business line `{line}`"),
            format!("没有业务线 `{line}`"),
        )
        .hint(
            format!("the business lines are {}", BUSINESS_LINES.join(", ")),
            format!("业务线为 {}", BUSINESS_LINES.join("、")),
        ));
    }
    lines(catalog, role)?;
    for said in &role.fields {
        let Some(object) = catalog.named(&said.object) else { continue };
        let head = catalog.head(object);
        if !role.grants_any(head, &OPENING) {
            let (name, head) = (&object.name, &head.name);
            return Err(idle(
                format!("the role opens no `{head}`, so what it says of fields of `{name}` has no effect"),
                format!("该角色未开放 `{head}`，对 `{name}` 字段的设置不会生效"),
            )
            .hint(
                format!("grant `read` on `{head}`, or say it in the role that does"),
                format!("请授予 `{head}` 的 `read` 权限，或在授予该权限的角色中设置"),
            ));
        }
        let field = |name: &String| object.named(name).map(|(_, field)| field);
        let taken = said.hidden.iter().chain(said.masked.keys());
        if let Some(kept) = taken.filter_map(field).find(|field| field.promised()) {
            return Err(promised(object, kept));
        }
        for field in said.readonly.iter().filter_map(field) {
            if !field.writable() {
                let name = &field.name;
                return Err(idle(
                    format!(
                        "nobody writes `{name}` of `{}`: `readonly` has no effect",
                        object.name
                    ),
                    format!("`{}` 的 `{name}` 由系统维护，设置 `readonly` 不会生效", object.name),
                ));
            }
            if !role.grants_any(head, &WRITING) {
                let name = &field.name;
                return Err(idle(
                    format!(
                        "the role neither creates nor edits `{}`: `readonly` on `{name}` has no effect",
                        head.name
                    ),
                    format!(
                        "该角色无权新建或修改 `{}`，对 `{name}` 设置 `readonly` 不会生效",
                        head.name
                    ),
                ));
            }
        }
    }
    for name in role.ticked.keys() {
        let level = role.dimensions.get(name).copied().unwrap_or_default();
        ticks(level, true).map_err(|error| error.at(["ticked", name.as_str()]))?;
        if matches!(level, Level::None | Level::All | Level::Person) {
            let said = level.as_ref();
            return Err(idle(
                format!("values are ticked for {name}, whose level `{said}` does not look at them"),
                format!("{name} 勾选了取值，但其级别 `{said}` 不使用勾选值"),
            )
            .hint("the level is to be `set` or `below`", "级别应为 `set` 或 `below`"));
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
                let (line, head) = (&object.name, &head.name);
                return Err(idle(
                    format!(
                        "`{line}` is open where its `{head}` is, and the role does not grant that"
                    ),
                    format!("`{line}` 随其 `{head}` 开放，而该角色未授予 `{head}` 的相应权限"),
                )
                .hint(format!("name `{head}` instead"), format!("请改为授予 `{head}`")));
            }
        }
    }
    Ok(())
}

fn promised(object: &Object, field: &Field) -> Error {
    let (name, of) = (&field.name, &object.name);
    idle(
        format!(
            "every `{of}` has `{name}` and all who see it see that: it is neither hidden nor masked"
        ),
        format!("`{name}` 是每条 `{of}` 都有且公开的字段，不能隐藏或脱敏"),
    )
}
