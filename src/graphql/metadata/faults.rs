//! The faults of administration, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported, nor its path.

use crate::faults;

faults! {
    sign_in_first() = AuthRequired, "sign in first", "请先登录";
    bad_id() = InputValue, "this is not an id", "这不是有效的 ID";
    bad_instant() = InputValue, "give an instant as in `2026-11-24T08:00:00+08:00`", "请按 `2026-11-24T08:00:00+08:00` 的格式填写时间";
    directive_on_variable(name) = InputInvalid, "Unknown directive \"{name}\" on a variable.", "变量不能使用指令 \"{name}\"。";

    // Who administers.
    rights_are_for_administrators() = AccessDenied, "only administrators see and define rights", "只有管理员可以查看和设置权限";
    objects_are_for_administrators() = AccessDenied, "only administrators define objects", "只有管理员可以定义对象";
    purging_is_for_administrators() = AccessDenied, "only administrators remove for good what is retired", "只有管理员可以彻底清除已停用的内容";
    own_rights() = AccessDenied, "your own rights, and the administrator's role, are for an administrator to give", "您自己的权限以及管理员角色须由管理员授予";
    account_of_administrator() = AccessDenied, "an administrator's account is for administrators to look after", "管理员账号只能由管理员管理";
    links_are_for_administrators() = AccessDenied, "only an administrator lets others in", "只有管理员可以让他人登录";

    // Operators and their keys.
    no_operator(id) = InputValue, "there is no operator `{id}`", "没有操作员 `{id}`";
    principal_or_account() = InputValue, "give `principal` or `account`, one of both", "请提供 `principal` 与 `account` 中的一个";
    no_employee() = RecordNotFound, "there is no such employee", "该员工不存在";
    unknown_system(names) = InputValue, "the systems are {names}", "系统应为 {names}";
    keys_of_others() = AccessDenied, "only an administrator makes keys that act as others", "只有管理员可以为他人创建密钥";
    no_key() = RecordNotFound, "there is no such key", "该密钥不存在";

    // Delegations.
    delegations_of_others() = AccessDenied, "only administrators arrange this for others", "只有管理员可以为他人设置代理";
    no_own_employee() = InputValue, "your account has no employee; give `from`", "您的账号没有对应的员工；请填写 `from`";
    delegation_to_oneself() = AccessDenied, "an administrator arranges whom you stand in for", "由您代理他人须由管理员设置";
    long_reason(most) = InputValue, "a reason has at most {most} characters", "原因最多 {most} 个字符";
    no_delegation() = RecordNotFound, "there is no such active delegation", "没有此项有效的代理";

    // Roles.
    role_unchanged() = InputValue, "the role is as it comes with the program", "该角色未被修改",
        hint "`deleteRole` removes a role of your own", "自建角色可用 `deleteRole` 删除";
    role_not_standard() = InputValue, "no role of this code comes with the program", "程序未自带此编码的角色",
        hint "`deleteRole` removes a role of your own", "自建角色可用 `deleteRole` 删除";
    role_is_standard() = InputValue, "the role comes with the program and stays", "程序自带的角色不能删除",
        hint "`resetRole` puts it back to what it was", "可用 `resetRole` 恢复";
    role_in_use(uses) = RecordInUse, "the role is in use: {uses}", "该角色正在使用：{uses}",
        hint "take it from them first", "请先解除这些使用";
    role_without_label() = InputValue, "a role has a Chinese and an English label", "角色须有中文和英文名称";

    // What saved views ask for.
    no_question() = InputValue, "what a view asks for is an object of `filter`, `search`, `orderBy`, `groupBy` and `columns`", "视图的查询内容应为由 `filter`、`search`、`orderBy`、`groupBy`、`columns` 组成的对象";
    no_part_of_question(name, names) = InputValue, "a view asks for no `{name}`", "视图的查询内容不包括 `{name}`",
        hint "its parts are {names}", "可使用：{names}";
    no_search_text(most) = InputValue, "what is searched for is a text of at most {most} characters", "搜索内容应为不超过 {most} 个字符的文本";
    no_columns(most) = InputValue, "columns are a list of at most {most}", "列应为不超过 {most} 项的列表";
    no_column(most) = InputValue, "a column is the path of a field, or an object of `field` and `width`, from 1 to {most}", "列应为字段路径，或由 `field` 与 `width`（1 到 {most}）组成的对象";
    unknown_column(object, name) = InputValue, "`{object}` has no field `{name}`", "`{object}` 没有字段 `{name}`";

    // Dashboards.
    no_widget_name(most) = InputValue, "a name begins with a letter and has at most {most} letters, digits, `_` and `-`", "名称须以字母开头，最多 {most} 个字母、数字、`_` 或 `-`";
    widget_name_twice(name) = InputValue, "`{name}` is there twice", "`{name}` 重复";
    long_widget_text(most) = RecordValue, "at most {most} characters", "最多 {most} 个字符";
    too_many_widgets(most) = LimitRecords, "at most {most}", "最多 {most} 项";
    widget_size(most) = InputValue, "a whole number from 1 to {most}", "应为 1 到 {most} 的整数";
    widget_without_object() = InputValue, "a widget names the object that it is about; only a text has none", "组件须指定对象；只有文本组件不需要";
    text_with_object() = InputValue, "a text has no object, question, figures or parameters", "文本组件没有对象、查询内容、数值和参数";
    widget_without_text() = InputValue, "a text widget has a text", "文本组件须有文本";
    list_with_chart() = InputValue, "a list shows records and has no figures", "列表显示记录，没有数值";
    count_with_field() = InputValue, "`COUNT` counts records and has no field", "`COUNT` 统计记录数，不指定字段";
    measure_without_field() = InputValue, "a figure other than `COUNT` names its field", "除 `COUNT` 外的数值须指定字段";
    no_such_parameter(name) = InputValue, "the dashboard has no parameter `{name}`", "仪表盘没有参数 `{name}`";
    parameter_without_object() = InputValue, "only a parameter of type `RECORD` has an object, and it needs one", "类型为 `RECORD` 的参数须指定对象，其他类型不能指定";
    parameter_of_other_type(path) = InputValue, "`{path}` is not a field of the parameter's type", "`{path}` 与参数类型不符";
    no_parameter_value() = InputValue, "the default is a list of ids or of picklist values; for a person also `\"ME\"`", "默认值应为标识或选项的列表；人员参数也可为 `\"ME\"`";
    no_widget_look(most) = InputValue, "`look` is a JSON object of at most {most} bytes", "`look` 应为不超过 {most} 字节的 JSON 对象";

    // Definitions.
    long_note(most) = InputValue, "a note has at most {most} characters", "说明最多 {most} 个字符";
    unreadable_draft() = InputValue, "the draft cannot be read, so that no step can be made on it", "草稿无法解析，无法执行步骤",
        hint "correct it with `saveSchemaDraft`; `diagnostics` says what is wrong", "请用 `saveSchemaDraft` 更正；`diagnostics` 说明问题所在";
    faulty_draft() = InputValue, "something is wrong with the draft, so that it is not known what names the field", "草稿存在错误，无法确定哪些内容引用该字段",
        hint "mend it first; `diagnostics` says what is wrong", "请先更正；`diagnostics` 说明问题所在";
    unreadable_step() = InputValue, "the definition of this step cannot be read, or is not what the step takes", "该步骤的定义无法解析，或不是该步骤所需的内容";
    not_in_draft(name) = InputValue, "the draft does not define `{name}`", "草稿未定义 `{name}`";
    comes_with_program(name) = InputValue, "`{name}` comes with the program, which relies on it; it cannot be taken out or changed so", "`{name}` 为程序自带，程序依赖于它，不能这样更改或停用",
        hint "`relabel` gives it another label, `updateField` with `@standard(hidden: true)` hides a field from everyone, and roles hide it from some", "可用 `relabel` 改名称，用带 `@standard(hidden: true)` 的 `updateField` 对所有人隐藏，或由角色对部分人隐藏";
    in_draft_already(name) = InputValue, "the draft has `{name}` already", "草稿中已有 `{name}`";
    field_keeps_name(name) = InputValue, "the step is about `{name}`, and its definition has another name", "该步骤针对 `{name}`，而定义使用了其他名称";
    layout_text_or_parts() = InputValue, "give `definition` alone, or the parts without it", "请只提供 `definition`，或只提供各部分";
    bad_layout_order() = InputValue, "`orderBy` is a list such as `[{{createdAt: DESC}}]`", "`orderBy` 应为列表，例如 `[{{createdAt: DESC}}]`";
    menu_text_or_groups() = InputValue, "give either `definition` or `groups`", "请提供 `definition` 或 `groups` 之一";
    menu_twice(system) = InputValue, "the menu of `{system}` is given twice", "`{system}` 的菜单重复给出";
    lines_have_no_page(object) = InputValue, "`{object}` is the lines of a document and has no page of its own", "`{object}` 是单据明细，没有自己的页面";
    no_version(version) = InputValue, "there is no version {version}", "没有版本 {version}";
}
