//! The faults of requests about records, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported, nor its path; `expected_values` says what values
//! should be.

use crate::faults;

faults! {
    sign_in_first() = AuthRequired, "sign in first", "请先登录",
        hint "send `Authorization: Bearer <accessToken>` from `POST /auth/login`", "请携带 `POST /auth/login` 返回的 `Authorization: Bearer <accessToken>`";
    introspection_is_off() = AccessDenied, "the schema cannot be asked for here", "此服务器已关闭内省查询",
        hint "`tradewind schema print` writes it, or set `documents.introspection = true`", "可用 `tradewind schema print` 导出，或设置 `documents.introspection = true`";
    unknown_field(name, ty) = InputInvalid, "Unknown field \"{name}\" on type \"{ty}\".", "类型 \"{ty}\" 没有字段 \"{name}\"。";

    no_pages_yet(title, object) = AccessDenied, "{title} cannot be used yet: it has no list and detail layout", "{title}尚不能使用：还没有列表布局与详情布局",
        hint "whoever defines objects calls `acceptLayouts(object: \"{object}\")` at `/metadata`", "请由可定义对象的人在 `/metadata` 调用 `acceptLayouts(object: \"{object}\")`";

    // Values.
    unexpected(expected) = InputValue, "this is not {expected}", "此处应为{expected}";
    no_day(text) = InputValue, "there is no day `{text}`", "没有 `{text}` 这一天";
    no_date(expected) = InputValue, "this is not {expected}", "此处应为{expected}",
        hint "write the year, the month and the day: `2026-11-23`", "请按年-月-日填写，例如 `2026-11-23`";
    no_instant(expected) = InputValue, "this is not {expected}", "此处应为{expected}",
        hint "write it as RFC 3339 has it, with a zone: `2026-11-23T16:00:00+08:00`; a date alone is the instant that day begins", "请按 RFC 3339 填写并带时区，例如 `2026-11-23T16:00:00+08:00`；只写日期表示当天开始的时刻";
    decimal_as_number(expected, number) = InputValue, "this is not {expected}", "此处应为{expected}",
        hint "write it as a text, which keeps every digit: `\"{number}\"`", "请写成文本以保留全部数位：`\"{number}\"`";
    decimal_with_commas(expected) = InputValue, "this is not {expected}", "此处应为{expected}",
        hint "write it without commas and blanks", "请勿使用千分位逗号或空格";
    given_by_both_names(old, now) = InputValue, "`{old}` is the old name of `{now}`, which is given too", "`{old}` 是 `{now}` 的旧名，两者重复给出",
        hint "give `{now}` alone", "请只提供 `{now}`";
    null_without_meaning() = InputValue, "`null` has no meaning here", "此处不能使用 `null`",
        hint "use `isNull`, or leave the operator out", "请使用 `isNull` 或省略该运算符";

    // Filters, orders and pages.
    is_null_of_list() = InputValue, "`isNull` here asks whether a relation leads to a record", "此处的 `isNull` 用于判断关联记录是否存在",
        hint "put it below a relation to one record, or below a field", "请放在单条关联或字段之下";
    empty_condition() = InputValue, "a condition of `filter` says nothing, so that more records would be meant than with it", "`filter` 中有一个没有内容的条件，涉及的记录会比预期多",
        hint "leave the condition out, or give its variable a value", "请去掉该条件，或给其中的变量赋值";
    empty_filter() = InputValue, "`filter` says nothing, which would be every record", "`filter` 没有任何条件，将涉及全部记录",
        hint "give a condition whose variables have values, or `all: true` for every record", "请填写条件（其变量须有值），或用 `all: true` 表示全部记录";
    all_and_filter() = InputValue, "`all: true` is for every record, and `filter` leaves some out", "`all: true` 表示全部记录，而 `filter` 又排除了一部分",
        hint "give one of them", "两者只能选一个";
    empty_branch(under) = InputValue, "a condition under `{under}` says nothing", "`{under}` 下有一个没有内容的条件",
        hint "leave it out, or give its variable a value", "请去掉该条件，或给其中的变量赋值";
    several_orders(expected) = InputValue, "this is not {expected}", "此处应为{expected}",
        hint "write several keys as a list: `[{{a: ASC}}, {{b: DESC}}]`", "多个排序键请写成列表：`[{{a: ASC}}, {{b: DESC}}]`";
    first_and_last() = InputValue, "give `first` with `after`, or `last` with `before`", "请使用 `first` 与 `after`，或 `last` 与 `before`";
    after_without_first() = InputValue, "`after` goes with `first`", "`after` 须与 `first` 一起使用";
    id_or_key() = InputValue, "give `id` or exactly one unique key", "请提供 `id` 或恰好一个唯一键";

    // Searches and candidates.
    many_objects(most) = LimitPage, "a search is over at most {most} objects", "一次最多搜索 {most} 个对象",
        hint "name those that matter", "请只列出需要的对象";
    no_relation(object, field) = InputInvalid, "`{object}` has no relation `{field}` to pick records for", "`{object}` 没有可选择记录的关联 `{field}`",
        hint "give the api name of an object, and of a field of it that refers to one record or to several", "请填写对象的 API 名称，以及该对象中单选或多选关联字段的 API 名称";

    // Groups.
    several_groups(expected) = InputValue, "this is not {expected}", "此处应为{expected}",
        hint "write several as a list: `[{{a: true}}, {{b: true}}]`", "多个分组字段请写成列表：`[{{a: true}}, {{b: true}}]`";
    several_rankings(expected) = InputValue, "this is not {expected}", "此处应为{expected}",
        hint "write several keys as a list: `[{{count: DESC}}, {{key: {{name: ASC}}}}]`", "多个排序键请写成列表：`[{{count: DESC}}, {{key: {{name: ASC}}}}]`";
    fill_without_periods() = InputValue, "`fill` goes with groups of one period, in their own order and without `having`", "`fill` 只用于按单个期间分组、按期间排序且不带 `having` 的统计",
        hint "write `groupBy: [{{createdAt: MONTH}}], fill: true`", "例如 `groupBy: [{{createdAt: MONTH}}], fill: true`";
    many_periods(most) = LimitRecords, "the filter spans more than {most} periods", "筛选条件跨越的期间超过 {most} 个",
        hint "narrow the filter, or group by a longer period", "请缩小筛选范围，或按更长的期间分组";
    not_grouped() = InputValue, "this is not grouped by", "未按此字段分组",
        hint "name it in `groupBy`", "请在 `groupBy` 中列出该字段";

    // What operations cost.
    many_records(records, most) = LimitCost, "the operation may touch {records} records; at most {most} are allowed", "该操作可能涉及 {records} 条记录，上限为 {most}",
        hint "ask for smaller pages with `first`", "请用 `first` 减小分页";
    many_relations_in_list(count, most) = LimitJoins, "a list leads over {count} relations; at most {most} are allowed", "单个列表涉及 {count} 个关联，上限为 {most}",
        hint "follow fewer relations, or ask in several requests", "请减少关联或分多次请求";
    many_relations(count, most) = LimitJoins, "the operation leads over {count} relations; at most {most} are allowed", "该操作涉及 {count} 个关联，上限为 {most}",
        hint "follow fewer relations, or ask in several requests", "请减少关联或分多次请求";
    many_rights() = LimitJoins, "the operation asks your rights of too many relations and fields", "该操作涉及的关联和字段过多，无法逐一核对您的权限",
        hint "follow fewer relations, or ask in several requests", "请减少关联或分多次请求";
    many_columns(count, most) = LimitFields, "a record is asked for {count} values; at most {most} are allowed", "单条记录查询了 {count} 个值，上限为 {most}",
        hint "select each field once", "请避免重复选择字段";

    // Mutations.
    many_inputs(most) = LimitPage, "at most {most} records are made at once", "一次最多可新建 {most} 条记录",
        hint "send them in several requests", "请分多次请求";
    bad_at_most(most) = RecordValue, "give a number from 1 to {most}", "请填写 1 到 {most} 之间的数";
    bad_idempotency_key(most) = RecordValue, "a key has from 1 to {most} bytes, and no U+0000", "幂等键的长度为 1 到 {most} 字节";
    saved_out_of_sight() = RecordNotFound, "this was saved, but there is no such record that you may see", "已保存，但没有您可查看的该记录",
        hint "do not send it again", "请勿重发";
    recycle_bin_is_read_only() = AccessDenied, "the recycle bin is neither printed nor exported", "回收站不能打印或导出";

    // Faults without the names that do not exist for the caller.
    hidden_required() = RecordRequired, "a field that you may not see needs a value", "某个您无权查看的字段必须有值",
        hint "ask an administrator", "请联系管理员";
    hidden_taken() = RecordTaken, "another record already has these values", "已有其他记录使用这些值",
        hint "ask an administrator", "请联系管理员";
    hidden_reference() = RecordReference, "a record that this one refers to is not there", "此记录引用的某条记录不存在",
        hint "ask an administrator", "请联系管理员";
    hidden_in_use() = RecordInUse, "other records still refer to this one", "仍有其他记录引用此记录",
        hint "ask an administrator", "请联系管理员";
    hidden_read_only() = RecordReadOnly, "what the system keeps cannot be written", "系统维护的内容不能填写",
        hint "ask an administrator", "请联系管理员";
    hidden_version() = RecordVersion, "the record was changed meanwhile", "记录已被修改";
    hidden_rule() = RecordCheck, "a rule over what you may not see does not hold", "不满足某项规则，该规则涉及您无权查看的内容",
        hint "ask an administrator", "请联系管理员";

    // Subscriptions.
    one_root_field() = InputInvalid, "a subscription selects exactly one root field", "订阅必须且只能选择一个根字段";
    not_one_reply() = InputMethod, "subscriptions tell more than one reply holds", "订阅会持续返回多条结果，不能以单次应答返回",
        hint "subscribe over a WebSocket (graphql-transport-ws), or accept text/event-stream", "请使用 WebSocket（graphql-transport-ws），或接受 text/event-stream";
    slow_changes() = LimitTime, "finding out what has happened took too long", "获取变更内容耗时过长，已中止",
        hint "narrow the `filter` or select less, then subscribe again", "请缩小 `filter` 或减少所选字段后重新订阅";
    many_followed(most) = LimitRecords, "a subscription follows at most {most} records, and this would be more", "一个订阅最多跟踪 {most} 条记录，本次将超出",
        hint "narrow the `filter`", "请缩小 `filter` 范围";
    many_subscriptions() = LimitSubscriptions, "there are too many subscriptions already", "订阅数量已达上限",
        hint "end one, or try again later", "请结束其他订阅，或稍后重试";
    many_own_subscriptions(most) = LimitSubscriptions, "you have {most} subscriptions already, as many as one person may have", "您已有 {most} 个订阅，已达每人上限",
        hint "end those that are not needed any more", "请结束不再需要的订阅";
    many_followed_in_all() = LimitSubscriptions, "too many records are already being followed", "现有订阅跟踪的记录过多，无法再增加此订阅",
        hint "end a subscription, or narrow the `filter` of this one", "请结束其他订阅，或缩小此订阅的 `filter` 范围";
}
