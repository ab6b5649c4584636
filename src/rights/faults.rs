//! The faults of roles, levels and delegations, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported, nor its path.

use crate::faults;

faults! {
    // Dimensions and levels.
    no_object(name) = InputValue, "there is no object `{name}`", "没有对象 `{name}`";
    no_dimension(object, name, names) = InputValue, "`{object}` has no dimension `{name}`", "`{object}` 没有维度 `{name}`",
        hint "it has: {names}", "已有维度：{names}";
    unused_dimension(name) = InputValue, "no object has the dimension `{name}`", "没有对象使用维度 `{name}`";
    bad_level(names) = InputValue, "the level is one of {names}", "级别应为 {names} 之一";
    own_level_has_no_values() = InputValue, "`own` is the person's own department; it takes no ticked values", "`own`（本级）即本人所在部门，不能再勾选取值",
        hint "use `set` for ticked values", "如需勾选取值，请使用 `set`";
    no_such_value(text, kinds, names) = InputValue, "`{text}`: there is no {kinds}", "`{text}`：没有{kinds}",
        hint "give one of: {names}", "可使用：{names}";

    // Roles.
    no_role(code) = InputValue, "there is no role `{code}`", "没有角色 `{code}`";
    roles_of_different_lines(one, other) = InputValue, "nobody holds both `{one}` and `{other}`: they keep to different business lines", "角色 `{one}` 与 `{other}` 分属相互隔离的业务线，不能由同一人担任";
    bad_role_code(most) = InputValue, "a role's code has from 1 to {most} letters, digits and `_`, `-`, `.`", "角色编码为 1 到 {most} 个字母、数字或 `_`、`-`、`.`";
    fixed_role(code) = InputValue, "`{code}` is the role that may do everything; it has no text", "`{code}` 是拥有全部权限的角色，没有可编辑的定义";
    role_names_no_object(name) = InputValue, "the role names an object `{name}` that is not there", "没有角色所写的对象 `{name}`";
    no_field(object, name) = InputValue, "`{object}` has no field `{name}`", "`{object}` 没有字段 `{name}`";
    only_text_masked(name) = InputValue, "`{name}` is no text and cannot be masked; hide it", "`{name}` 不是文本，不能脱敏，请将其隐藏";

    role_exists(code) = RecordTaken, "there is a role `{code}` already", "角色 `{code}` 已存在";
    too_many_changes(most) = InputValue, "at most {most} changes at once", "一次最多 {most} 项调整";
    change_of_nothing() = InputValue, "a change has `grant`, `field`, `dimension`, `lines`, `may` or `caps`", "每项调整须包含 `grant`、`field`、`dimension`、`lines`、`may` 或 `caps`";
    line_has_no_rights(line, head) = InputValue, "`{line}` is open where its `{head}` is and has no rights of its own", "`{line}` 随其 `{head}` 开放，没有自己的权限",
        hint "name `{head}` instead", "请改用 `{head}`";
    right_by_group(field, group) = InputValue, "the role says something of the whole group `{group}`, and so of `{field}`", "该角色对整个字段组 `{group}` 有设置，`{field}` 以其为准",
        hint "set the right on `{group}` first", "请先设置 `{group}` 的权限";
    mask_of_nothing() = InputValue, "a mask is for the right `MASKED`", "只有权限为 `MASKED` 时才能指定脱敏方式";

    // What a role says without effect.
    no_business_line(line, names) = InputValue, "there is no business line `{line}`", "没有业务线 `{line}`",
        hint "the business lines are {names}", "业务线为 {names}";
    object_not_opened(head, object) = InputValue, "the role opens no `{head}`, so what it says of fields of `{object}` has no effect", "该角色未开放 `{head}`，对 `{object}` 字段的设置不会生效",
        hint "grant `read` on `{head}`, or say it in the role that does", "请授予 `{head}` 的 `read` 权限，或在授予该权限的角色中设置";
    read_only_anyway(name, object) = InputValue, "nobody writes `{name}` of `{object}`: `readonly` has no effect", "`{object}` 的 `{name}` 由系统维护，设置 `readonly` 不会生效";
    role_writes_nothing(head, name) = InputValue, "the role neither creates nor edits `{head}`: `readonly` on `{name}` has no effect", "该角色无权新建或修改 `{head}`，对 `{name}` 设置 `readonly` 不会生效";
    ticked_for_nothing(name, level) = InputValue, "values are ticked for {name}, whose level `{level}` does not look at them", "{name} 勾选了取值，但其级别 `{level}` 不使用勾选值",
        hint "the level is to be `set` or `below`", "级别应为 `set` 或 `below`";
    line_without_document(line, head) = InputValue, "`{line}` is open where its `{head}` is, and the role does not grant that", "`{line}` 随其 `{head}` 开放，而该角色未授予 `{head}` 的相应权限",
        hint "name `{head}` instead", "请改为授予 `{head}`";
    always_shown(object, name) = InputValue, "every `{object}` has `{name}` and all who see it see that: it is neither hidden nor masked", "`{name}` 是每条 `{object}` 都有且公开的字段，不能隐藏或脱敏";

    // Delegations.
    delegated_to_oneself() = InputValue, "nobody stands in for themselves", "不能由本人代理本人";
    delegation_ends_early() = InputValue, "the end must come after the start and after now", "结束时间须晚于开始时间和当前时间";
    delegation_too_long() = InputValue, "at most 366 days at once", "一次最多 366 天";
    no_employee() = InputValue, "there is no such employee", "该员工不存在";
}
