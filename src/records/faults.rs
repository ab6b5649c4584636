//! The faults of saves, operations and history, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported, nor its path.

use crate::faults;

faults! {
    // What does not exist for the caller, which is the same as what they may not see.
    no_such_record(noun) = RecordNotFound, "there is no such {noun}", "该{noun}不存在";
    no_such_reference(noun) = RecordReference, "there is no such {noun}", "该{noun}不存在";
    no_such_line(noun) = RecordNotFound, "this document has no such {noun}", "此单据没有该{noun}";
    reference_deleted() = RecordReference, "a record referred to was deleted meanwhile", "所引用的记录已被删除";

    // What the caller may not do.
    seen_only(noun, verb) = AccessDenied, "you may see this {noun} but not {verb} it", "您可以查看此{noun}，但不能{verb}";
    moved_out(noun, verb) = AccessDenied, "with these values the {noun} would be outside what you may {verb}", "按所填内容，该{noun}将超出您可以{verb}的范围",
        hint "check department, owner and the other fields your rights depend on", "请检查部门、业务员等决定权限的字段";
    not_settable(field) = InputInvalid, "you may not set {field}", "您不能填写{field}";
    decides_rights(field) = RecordReadOnly, "rights go by {field}: only administrators change it", "{field}决定操作员的权限，仅管理员可以修改";
    too_many_guesses() = LimitGuesses, "too many of your changes were refused for what you may not see", "您的修改多次因无权查看的内容而未通过，暂时不能再试",
        hint "wait up to an hour, or ask an administrator", "请最多等待一小时，或联系管理员";

    // Related employees.
    owner_line() = RecordReadOnly, "this employee is here as the record's owner", "该员工是此记录的业务员",
        hint "change the owner instead", "请修改业务员";
    kept_line() = RecordReadOnly, "the server keeps this row; it cannot be changed", "该行由系统维护，不能修改";
    own_rights() = RecordReadOnly, "nobody makes themselves an employee of a record, or gives themselves more by being one", "不能为自己添加相关员工，也不能扩大或延长自己的权限",
        hint "ask someone else who may change the record", "请由其他有权修改此记录的人操作";
    too_many_related(most) = RecordRule, "more than {most} records would get other related employees by this change", "此次修改会使超过 {most} 条记录的相关员工发生变化",
        hint "change less at once", "请分几次修改";
    owned_in_place_of_another() = RecordReadOnly, "you may change this only in the place of someone who is away, so it cannot become yours", "您仅因代理他人而可修改此记录，不能将其改归自己";

    // What is wrong with the record.
    nested_too_deep(most) = LimitDepth, "records are made within records {most} deep at most", "嵌套新建最多 {most} 层";
    below_itself() = RecordCheck, "a record cannot stand below itself", "记录不能成为自己的上级或下级",
        hint "choose one that is not below this record", "请选择不在此记录之下的记录";
    key_missing(field) = RecordRequired, "{field} is required to find the record by", "按{field}查找记录时必填";
    number_lacks(value) = RecordValue, "the number is made of {value}, which has no value", "编号由{value}组成，而它没有值",
        hint "give it a value, or refer to another record", "请填写该值，或引用其他记录";
    no_number_left(field) = RecordTaken, "other records have the next numbers of {field} already", "{field}的后续编号均已被其他记录使用",
        hint "ask an administrator to change the number's format", "请联系管理员修改编号格式";
    duplicate(noun, rule) = RecordDuplicate, "this {noun} looks like another one: {rule}", "此{noun}与已有记录疑似重复：{rule}",
        hint "`duplicates` of the payload has those you may see", "您可以查看的疑似重复记录见返回的 `duplicates`";
    duplicate_unless_meant(noun, rule) = RecordDuplicate, "this {noun} looks like another one: {rule}", "此{noun}与已有记录疑似重复：{rule}",
        hint "`duplicates` of the payload has those you may see; send `allowDuplicates: true` if this is another one", "您可以查看的疑似重复记录见返回的 `duplicates`；确非重复时请传 `allowDuplicates: true`";
    key_taken() = RecordTaken, "another record already has these values", "已有其他记录使用这些值",
        hint "choose another value", "请使用其他值";
    value_taken(field) = RecordTaken, "{field} is already taken by another record", "{field}已被其他记录使用",
        hint "choose another value", "请使用其他值";
    values_taken(fields) = RecordTaken, "another record already has these together: {fields}", "已有其他记录同时使用这些值：{fields}",
        hint "choose another value", "请使用其他值";
    in_use() = RecordInUse, "other records still refer to this one", "仍有其他记录引用此记录",
        hint "remove or change them first", "请先删除或修改这些记录";
    in_use_by(referring, refer) = RecordInUse, "{referring} still {refer} to this record", "仍有 {referring}引用此记录",
        hint "remove or change them first", "请先删除或修改这些记录";

    // States.
    starts_elsewhere(noun, start) = RecordState, "a new {noun} starts as {start}", "新建的{noun}只能处于：{start}";
    state_by_moves(field, moves) = RecordState, "{field} is written by moves alone", "{field}只能通过流程动作修改",
        hint "call one of {moves}", "请使用 {moves}";
    wrong_state(noun, now, label, from) = RecordState, "this {noun} is {now}; “{label}” leads on from {from}", "此{noun}当前为{now}，“{label}”只能从{from}进行",
        hint "read the record again; someone may have moved it", "请重新读取此记录，可能已有人移动过";
    leads_nowhere(label) = RecordState, "“{label}” leads to no state here", "“{label}”没有可到达的状态";
    makes_closed(label, noun) = AccessDenied, "“{label}” makes a {noun}, which you may not", "“{label}”会创建{noun}，而您无权创建";
    too_many_to_change(most, noun) = LimitRecords, "more than {most} of them: {noun}; an action changes no more", "{noun}超过 {most} 条，一次操作最多修改 {most} 条";
    sets_closed_field(label) = AccessDenied, "“{label}” sets a field that you may not set", "“{label}”会填写您不能填写的字段";

    // Approvals.
    waits_for_approval(noun) = RecordPending, "this {noun} waits for approval; nobody changes or moves it meanwhile", "此{noun}正在审批，期间不能修改或流转",
        hint "decide on it, or withdraw it", "请先完成审批或撤回";
    needs_approval(noun, label) = RecordPending, "“{label}” needs an approved {noun}; this one is not", "“{label}”须在{noun}审批通过后进行，此记录尚未通过",
        hint "submit it for approval", "请先提交审批";
    needs_no_approval(noun) = RecordRule, "this {noun} needs no approval: none applies to it", "此{noun}无需审批";
    waits_for_nothing(noun) = RecordState, "this {noun} waits for no approval", "此{noun}没有待处理的审批";
    submitted_by_another() = AccessDenied, "only who submitted it, and administrators, withdraw it", "仅提交人和管理员可以撤回";
    no_such_task() = RecordNotFound, "there is no such task", "没有该审批任务";
    task_of_another() = AccessDenied, "this task is somebody else's", "该审批任务属于其他人";
    decides_on_ones_own() = AccessDenied, "nobody decides on what they have submitted themselves", "不能审批自己提交的记录",
        hint "ask another administrator, or give the task to somebody", "请由其他管理员处理，或将任务转交他人";
    not_ones_turn() = RecordState, "others decide before you", "须待前面的审批人先处理";
    decided_already() = ApprovalDecided, "this task has been decided or withdrawn meanwhile", "该审批任务已处理或已撤回",
        hint "read the approval again", "请重新读取审批信息";
    cannot_approve(noun) = RecordValue, "they cannot approve {noun} records", "此人无权审批{noun}";
    asked_already() = RecordValue, "they are asked in this step already", "此人已在本步骤的审批人之中";
    long_comment(most) = RecordValue, "a comment has at most {most} characters", "意见最多 {most} 个字符";

    // Versions and repeated requests.
    changed(version) = RecordVersion, "the record was changed meanwhile; it has version {version} now", "记录已被修改，当前版本为 {version}",
        hint "read it again and repeat your change", "请重新读取后再修改";
    changed_in(version, fields) = RecordVersion, "the record was changed meanwhile; it has version {version} now", "记录已被修改，当前版本为 {version}",
        hint "changed since: {fields}; read it again and repeat your change", "此后{fields}已变化；请重新读取后再修改";
    field_changed(field) = RecordVersion, "{field} was changed meanwhile", "{field}已被修改";
    idempotency_key_reused() = ConflictIdempotency, "this key was used for another request", "此幂等键已用于其他请求",
        hint "give every request a key of its own", "请为每个请求使用不同的键";

    // Operations.
    too_many_match(most) = LimitRecords, "more than {most} records match", "符合条件的记录超过 {most} 条",
        hint "narrow the filter or raise `atMost`", "请缩小筛选范围或调高 `atMost`";
    merge_count(most) = RecordValue, "give from 1 to {most} records to merge", "请提供 1 到 {most} 条要合并的记录";
    merged_twice() = RecordValue, "each record is given once, and the one to keep is not among those to drop", "每条记录只能出现一次，且不能同时保留和合并";
    value_of_other() = RecordValue, "a value is taken from a record that is dropped", "只能取用被合并记录的值";
    value_not_takeable() = RecordValue, "there is no such field whose value you can take", "没有可取用的该字段";
    value_not_seen(field) = RecordValue, "you do not see {field} there", "您看不到其{field}";
    merge_decides_rights(noun) = RecordReadOnly, "rights go by {noun} records: only administrators merge them", "{noun}决定操作员的权限，仅管理员可以合并";
    referring_not_changeable() = RecordInUse, "a record that refers to it cannot be changed", "有引用它的记录无法修改";
    referring_not_changeable_for(noun, fault) = RecordInUse, "a {noun} that refers to it cannot be changed: {fault}", "引用它的{noun}无法修改：{fault}";
    no_merge_to_undo() = RecordNotFound, "there is no merge into this record that you can undo", "没有您可撤销的合并",
        hint "a merge can be undone for 30 days, by whoever made it or an administrator", "合并后 30 天内可由合并者本人或管理员撤销";

    // The past.
    too_many_changes(most, noun) = LimitRecords, "more than {most} changes of {noun} records have been made since then", "此后{noun}的变更超过 {most} 次",
        hint "ask for a later instant, or for one record by its id", "请选择较近的时间，或按 id 查询单条记录";
    past_not_kept(noun) = InputInvalid, "what has changed of each {noun} since then was not kept by an earlier program", "此后{noun}的变更由早期版本记录，无法还原",
        hint "ask for a later instant, or without what the records hold", "请选择较近的时间，或不查询明细";
}
