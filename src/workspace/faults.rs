//! The faults of what people keep for their work, in both languages.
//!
//! Owns codes, texts and hints. Must not know GraphQL.

use crate::faults;

faults! {
    // Saved views.
    no_object(name) = InputValue, "there is no object `{name}`", "没有对象 `{name}`";
    no_view() = RecordNotFound, "there is no such view", "该视图不存在";
    view_of_another() = AccessDenied, "a shared view is changed by its owner or an administrator", "共享的视图只能由其创建人或管理员修改",
        hint "save a view of your own instead", "可另存为自己的视图";
    sharing_not_allowed() = AccessDenied, "you may not share views", "您无权共享视图",
        hint "a role opens this with `may = [\"SHARE_VIEWS\"]`", "角色中写入 `may = [\"SHARE_VIEWS\"]` 即可共享";
    share_with_own_roles() = AccessDenied, "you share with roles that you hold", "只能与自己持有的角色共享";
    share_without_roles() = InputValue, "sharing with roles names at least one role", "与角色共享时至少须指定一个角色";
    roles_without_share() = InputValue, "only sharing with roles names roles", "只有与角色共享时才能指定角色";
    too_many_roles(most) = LimitRecords, "share with {most} roles at most", "最多与 {most} 个角色共享";
    view_without_name() = RecordRequired, "the view has no name", "请填写视图名称";
    long_view_name(most) = RecordValue, "the name of a view has at most {most} characters", "视图名称最多 {most} 个字符";
    view_of_other_object(name) = InputValue, "the view is one of `{name}` and stays so", "该视图属于 `{name}`，不能改为其他对象";
    large_question(most) = LimitText, "what a view asks for has at most {most} bytes", "视图的查询内容最多 {most} 字节";
    too_many_views(most) = LimitRecords, "you have {most} views, as many as one person may have", "每人最多保存 {most} 个视图，您已达到上限",
        hint "delete some that you no longer need", "请先删除不再使用的视图";
    too_many_shared_views(most) = LimitRecords, "{most} views of this object are shared, as many as there may be", "每个对象最多共享 {most} 个视图，已达到上限";
    view_changed(version) = RecordVersion, "the view was changed in the meantime and has the version {version}", "该视图已被修改，当前版本为 {version}",
        hint "read it again, then save with this version", "请重新读取后再按此版本保存";
    default_not_shared() = InputValue, "the view is not shared with this role", "该视图未与此角色共享",
        hint "share it with the role first", "请先与该角色共享";
    no_view_face() = InputValue, "a view is shown as `LIST`, `BOARD`, `CALENDAR` or `CHART`", "视图的显示方式应为 `LIST`、`BOARD`、`CALENDAR` 或 `CHART`";
    no_question_text() = InputValue, "what a view asks for is a JSON object with `filter`, `search`, `orderBy`, `groupBy` and `columns`", "视图的查询内容须为 JSON 对象，包含 `filter`、`search`、`orderBy`、`groupBy` 和 `columns`";
    no_role(code) = InputValue, "there is no role `{code}`", "没有角色 `{code}`";

    // Dashboards.
    no_dashboard() = RecordNotFound, "there is no such dashboard", "该仪表盘不存在";
    dashboard_of_another() = AccessDenied, "only its owner or an administrator changes a shared dashboard", "共享的仪表盘只能由其创建人或管理员修改",
        hint "save a dashboard of your own instead", "可另存为自己的仪表盘";
    dashboards_not_allowed() = AccessDenied, "you may not share dashboards", "您无权共享仪表盘",
        hint "a role opens this with `may = [\"DASHBOARDS\"]`", "角色中写入 `may = [\"DASHBOARDS\"]` 即可共享";
    dashboard_without_name() = RecordRequired, "the dashboard has no name", "请填写仪表盘名称";
    long_dashboard_name(most) = RecordValue, "the name of a dashboard has at most {most} characters", "仪表盘名称最多 {most} 个字符";
    large_dashboard(most) = LimitText, "the content of a dashboard has at most {most} bytes", "仪表盘的内容最多 {most} 字节";
    too_many_dashboards(most) = LimitRecords, "you have {most} dashboards, which is the limit", "每人最多保存 {most} 个仪表盘，您已达到上限",
        hint "delete some that you no longer need", "请先删除不再使用的仪表盘";
    too_many_shared_dashboards(most) = LimitRecords, "{most} dashboards are shared, which is the limit", "最多共享 {most} 个仪表盘，已达到上限";
    dashboard_changed(version) = RecordVersion, "the dashboard was changed in the meantime and has the version {version}", "该仪表盘已被修改，当前版本为 {version}",
        hint "read it again, then save with this version", "请重新读取后再按此版本保存";

    // Preferences.
    bad_preference(most) = InputValue, "a key begins with a letter and has at most {most} letters, digits, `.`, `_` and `-`", "键须以字母开头，最多 {most} 个字母、数字、`.`、`_` 或 `-`";
    large_preference(most) = LimitText, "the value of a preference has at most {most} bytes", "偏好设置的值最多 {most} 字节";
    too_many_preferences(most) = LimitRecords, "there are at most {most} preferences", "最多保存 {most} 项偏好设置",
        hint "remove one with the value `null`", "将值设为 `null` 可删除一项";

    // Drafts of forms.
    large_draft(most) = LimitText, "a draft has at most {most} bytes", "草稿最多 {most} 字节";
    too_many_drafts(most) = LimitRecords, "you have {most} drafts, as many as are kept", "每人最多保留 {most} 份草稿，您已达到上限",
        hint "save or drop some of them", "请先保存或放弃部分草稿";
}
