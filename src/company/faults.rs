//! The faults of accounts, of layouts and menus, of reading as someone else, and of what is admitted, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported, nor its path.

use crate::faults;

faults! {
    // Accounts.
    account_taken(account) = RecordTaken, "there is an account `{account}` already", "账号 `{account}` 已存在",
        hint "`tradewind user passwd` sets another password", "可用 `tradewind user passwd` 设置新密码";
    no_account(account) = InputValue, "there is no account `{account}`", "没有账号 `{account}`";
    last_administrator() = RecordLastAdministrator, "this would leave no administrator who can sign in", "此操作会使系统没有可登录的管理员",
        hint "give someone else who can sign in the role `administrator` first", "请先将 `administrator` 角色授予另一个可登录的账号";

    // Layouts and menus.
    definition_changed(who, what, version) = CatalogConflict, "`{who}` has changed `{what}` in the meantime (version {version})", "`{who}` 已在此期间修改了 `{what}`（版本 {version}）",
        hint "read it again and change that", "请重新读取后再修改";
    definition_removed(what) = CatalogConflict, "`{what}` is not stored any more", "`{what}` 已被移除",
        hint "read it again and change that", "请重新读取后再修改";
    roles_keep_changing() = CatalogConflict, "others keep changing these roles", "其他人正在修改这些角色",
        hint "try again", "请重试";
    no_layout(what, object) = InputValue, "no layout `{what}` of `{object}` is stored", "`{object}` 没有已保存的布局 `{what}`";
    other_menu(text, asked) = InputValue, "the text is the menu of `{text}`, not of `{asked}`", "文本是 `{text}` 的菜单，而不是 `{asked}` 的";
    other_duplicates(text, asked) = InputValue, "the text has the duplicate rules of `{text}`, not of `{asked}`", "文本是 `{text}` 的查重规则，而不是 `{asked}` 的";
    administrators_tell() = AccessDenied, "only administrators let a duplicate rule tell of records that its reader may not see", "只有管理员可以让查重规则提示读者无权查看的记录",
        hint "leave `hidden = \"tell\"` out", "请去掉 `hidden = \"tell\"`";
    other_layout(text, asked) = InputValue, "the text is that of `{text}`, not of `{asked}`", "文本属于 `{text}`，而不是 `{asked}`";

    // Reading as someone else, printing and exporting.
    viewing_is_for_administrators() = AccessDenied, "only administrators read as someone else", "只有管理员可以以他人身份查看";
    viewing_changes_nothing() = InputMethod, "you cannot change anything while viewing as someone else", "以他人身份查看时不能修改数据";
    purpose_of_changes() = InputMethod, "only queries print or export", "只有查询可以打印或导出";
    bad_purpose() = InputValue, "the purpose is `print` or `export`", "用途应为 `print` 或 `export`";

    // Drafts of definitions.
    no_draft() = RecordNotFound, "you have no draft", "您没有草稿",
        hint "`saveSchemaDraft` makes one", "可用 `saveSchemaDraft` 创建";
    large_draft(most) = InputValue, "a draft has at most {most} MiB", "草稿不能超过 {most} MiB";
    no_earlier_version(version) = InputValue, "version {version} is no earlier version of the objects", "版本 {version} 不是对象定义的早期版本",
        hint "`versions` lists them", "`versions` 列出所有版本";
    not_retired(name) = InputValue, "`{name}` is not retired", "`{name}` 并未停用";

    // Bundles of definitions.
    changed_on_both_sides(path) = CatalogConflict, "`{path}` has been changed here since the bundle was exported or last applied", "自导出或上次应用定义包以来，此处已修改 `{path}`",
        hint "name the file to keep what is here, or to overwrite it", "请指明该文件保留此处的内容，或予以覆盖";
    would_retire(name) = CatalogChange, "this would retire `{name}`: hidden, and what is stored of it kept", "将停用 `{name}`：隐藏，但保留已存数据",
        hint "allow it by its name", "请按名称允许停用";
    other_part(text, file) = InputValue, "the text is that of `{text}`, and its file that of `{file}`", "文本属于 `{text}`，而文件属于 `{file}`";
    no_front_system(system, systems) = InputValue, "there is no front system `{system}`", "没有前台系统 `{system}`",
        hint "there are {systems}", "可用：{systems}";
    no_role_of_layout(role) = InputValue, "there is no role `{role}`", "没有角色 `{role}`";
    roles_are_for_administrators() = AccessDenied, "the roles of a bundle are for administrators to apply", "定义包中的角色须由管理员应用",
        hint "leave the folder `roles` and its lines of the manifest out", "请去掉 `roles` 文件夹及清单中的对应行";
    views_are_for_administrators() = AccessDenied, "the shared views of a bundle are for administrators to apply", "定义包中的共享视图须由管理员应用",
        hint "leave the folder `views` and its lines of the manifest out", "请去掉 `views` 文件夹及清单中的对应行";
    own_role(code) = AccessDenied, "you hold the role `{code}`: it is for an administrator to change", "您持有角色 `{code}`，须由管理员修改";
    role_is_used(code) = RecordInUse, "the role `{code}` has just been given to somebody", "角色 `{code}` 刚刚被分配使用";
    role_is_held(code, holders, keys) = RecordInUse, "{holders} accounts hold the role `{code}` and {keys} API keys have it", "{holders} 个账号持有角色 `{code}`，{keys} 个 API 密钥使用该角色",
        hint "take it from them first", "请先收回该角色";

    // Jobs.
    being_converted(name) = CatalogConflict, "a job is converting the values of `{name}`", "任务正在转换 `{name}` 的值",
        hint "wait until it is done, or cancel it: `jobs` lists it", "请等待其完成或取消任务：`jobs` 可列出";
    job_without_rights() = AccessDenied, "the job's owner is no administrator any more", "任务所有者已不再是管理员",
        hint "make them one and resume the job, or cancel it", "请授予其管理员角色后继续任务，或取消任务";
    published_already() = JobState, "what the job does is published, and cannot be cancelled", "任务的内容已发布，无法取消",
        hint "`rollBack` goes back to the version before", "可用 `rollBack` 回到之前的版本";
    value_not_converted(name) = RecordValue, "the value of `{name}` cannot be converted", "`{name}` 的值无法转换",
        hint "change it and resume the job", "请修改后继续任务";

    in_quarantine(name) = RecordInUse, "`{name}` is in quarantine, and what is stored of it is left alone", "`{name}` 处于隔离状态，其数据保持不变",
        hint "publish a definition that resolves first; `quarantine` says what is wrong", "请先发布可以解析的定义；`quarantine` 说明问题所在";
    not_confirmed(name) = InputValue, "what is removed for good is confirmed by its name: `{name}`", "彻底清除须以名称确认：`{name}`",
        hint "it cannot be restored", "清除后无法恢复";

    // What is admitted.
    over_cap(verb, cap, count) = LimitRecords, "you may {verb} {cap} records at once, and this would be {count}", "一次最多可打印或导出 {cap} 条记录，本次为 {count} 条",
        hint "narrow the filter or ask for smaller pages", "请缩小筛选范围或减小分页";
    over_budget(most, minutes) = LimitReads, "you may read {most} different records in {minutes} minutes, and this would be more", "{minutes} 分钟内最多可查看 {most} 条不同的记录，本次将超出",
        hint "wait, or ask an administrator for a role with a larger `[caps] read`", "请稍候，或请管理员在角色中调高 `[caps] read`";
    undone() = RecordUndone, "another part of the operation was refused, so nothing of it was kept", "同一操作的其他部分未通过，全部未保存";
}
