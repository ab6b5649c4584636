//! Messages about layouts and menus, in both languages.
//!
//! Owns the texts; must not know when each is reported.

use crate::messages;

messages! {
    text_too_large(most) = "the text is longer than {most} characters", "文本超过 {most} 个字符";
    no_object(name) = "there is no object `{name}`", "没有对象 `{name}`";
    no_state_field(object) = "`{object}` has no states: its definition names no `stateField`, and it has no field `status`, `state`, `stage` or `lifecycle`", "`{object}` 没有状态：定义未指定 `stateField`，也没有 `status`、`state`、`stage` 或 `lifecycle` 字段";
    no_such_state(object, state) = "`{object}` has no state `{state}`", "`{object}` 没有状态 `{state}`";
    states_are(names) = "its states are {names}", "可用状态：{names}";
    not_of_kind(key, kind) = "a layout of kind {kind} has no `{key}`", "{kind} 类型的布局没有 `{key}`";
    named_twice(name) = "`{name}` is there twice", "`{name}` 重复";
    not_in_columns(name) = "`{name}` is a list and cannot be a column", "`{name}` 是列表，不能作为列";
    not_sorted(name) = "records cannot be sorted by `{name}`", "不能按 `{name}` 排序";
    not_lines(name) = "`{name}` has no lines of the record", "`{name}` 不是明细";
    not_related(name) = "`{name}` is no list of records that refer to this one", "`{name}` 不是相关记录列表";
    a_list(name) = "`{name}` is a list", "`{name}` 是列表";
    write_lines(name) = "write `{{ lines = \"{name}\" }}`", "请写 `{{ lines = \"{name}\" }}`";
    write_related(name) = "write `{{ related = \"{name}\" }}`", "请写 `{{ related = \"{name}\" }}`";
    one_of_items() = "an item is one of `field`, `lines`, `related`, `timeline` and `text`", "每一项须为 `field`、`lines`、`related`、`timeline`、`text` 之一";
    no_columns_here() = "only lines and related records have `columns`", "只有明细和相关记录可设 `columns`";
    bad_width(most) = "a width is 1 to {most}", "宽度应为 1 到 {most}";
    bad_section_columns() = "a section has 1 to 4 columns", "分区应为 1 到 4 列";
    bad_first() = "`first` is 1 to 50", "`first` 应为 1 到 50";
    no_board_field(name) = "a board cannot have columns by `{name}`; it takes a picklist or a relation", "看板不能按 `{name}` 分列，须为选项或关联字段";
    no_calendar_field(name) = "`{name}` is neither a date nor an instant", "`{name}` 不是日期或时间";
    needs(key, kind) = "a layout of kind {kind} needs `{key}`", "{kind} 类型的布局需要 `{key}`";

    // Menus.
    not_usable_yet(kinds, object) = "others do not see this yet: a layout {kinds} is missing; `acceptLayouts(object: \"{object}\")` stores it", "其他人尚不可见：缺少布局 {kinds}；可用 `acceptLayouts(object: \"{object}\")` 保存";
    no_system(name) = "there is no system `{name}`", "没有系统 `{name}`";
    systems_are(names) = "its systems are {names}", "可用系统：{names}";
    not_of_system(object, system) = "`{object}` does not belong to the system `{system}`", "`{object}` 不属于系统 `{system}`";
    no_page_of_lines(name) = "`{name}` is the lines of a document and has no page of its own", "`{name}` 是单据明细，没有自己的页面";
    bad_path(most) = "a path begins with `/` and has at most {most} characters", "路径须以 `/` 开头，最多 {most} 个字符";
    path_needs_label() = "an entry with a `path` needs a `label`", "使用 `path` 的菜单项需要 `label`";
    object_or_path() = "an entry has either an `object` or a `path`", "菜单项须提供 `object` 或 `path` 之一";
}
