//! The faults of values and records that break a rule, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported; `sentence` puts checks into words.

use crate::faults;

faults! {
    // Records.
    required(title) = RecordRequired, "{title} is required", "{title}必填";
    check_fails(sentence) = RecordCheck, "{sentence}", "{sentence}";
    not_computable(title, fault) = RecordCheck, "{title} cannot be computed or checked: {fault}", "{title}无法计算或检查：{fault}";
    not_to_choose(title) = RecordCheck, "{title}: this record cannot be chosen here", "{title}：此处不能选择该记录",
        hint "choose one of the `candidates`", "请从 `candidates` 中选择";
    read_only_now(title) = RecordReadOnly, "{title} cannot be changed while the record is as it is", "记录处于当前状态，不能修改{title}",
        hint "leave it out, or change first what it depends on", "请不要填写该字段，或先修改它所依赖的内容";
    // Rules of the company.
    rule_refuses(told, code) = RecordRule, "{told}", "{told}",
        hint "the rule `{code}` says so", "规则 `{code}` 的要求";
    rule_requires(title, code) = RecordRule, "{title} is required", "{title}必填",
        hint "the rule `{code}` says so", "规则 `{code}` 的要求";
    rule_fails(rule, fault, code) = RecordRule, "the rule {rule} cannot be computed: {fault}", "规则{rule}无法计算：{fault}",
        hint "ask an administrator about the rule `{code}`", "请向管理员了解规则 `{code}`";
    rule_sets_closed(rule, title, code) = RecordRule, "the rule {rule} sets {title}, which you may not change", "规则{rule}会填写{title}，而您无权修改该字段",
        hint "ask an administrator about the rule `{code}`", "请向管理员了解规则 `{code}`";
    rule_sets_unseen(rule, code) = RecordRule, "the rule {rule} sets what you may not change", "规则{rule}会填写您无权修改的内容",
        hint "ask an administrator about the rule `{code}`", "请向管理员了解规则 `{code}`";
    rule_reads_unseen(rule, title, code) = RecordRule, "the rule {rule} sets {title} by what you may not see", "规则{rule}根据您无权查看的内容填写{title}",
        hint "ask an administrator about the rule `{code}`", "请向管理员了解规则 `{code}`";
    unseen_rule() = RecordCheck, "a rule over what you may not see does not hold", "不满足某项规则，该规则涉及您无权查看的内容",
        hint "ask an administrator which rule it is", "请向管理员了解该规则";

    // Values.
    out_of_range(title, low, high) = RecordValue, "{title} must be between {low} and {high}", "{title}须在 {low} 到 {high} 之间";
    out_of_years(title) = RecordValue, "{title} must be in the years 1 to 9999", "{title}须在公元 1 年至 9999 年之间";
    no_option(title, name, options) = RecordValue, "{title} has no option `{name}`", "{title}没有选项 `{name}`",
        hint "the options are {options}", "可选值为 {options}";
    inactive_option(title, option) = RecordValue, "{title} can no longer be {option}", "{title}不能再选择{option}",
        hint "choose another; records that have it keep it", "请选择其他选项；已使用该选项的记录保持不变";
    other_option(title, option, on) = RecordValue, "{title} cannot be {option} for this {on}", "{title}不能为{option}，与当前{on}不符",
        hint "choose one that goes with it", "请选择与之对应的选项";
    many_decimals(title, scale) = RecordValue, "{title} must have at most {scale} digits after the point", "{title}最多保留 {scale} 位小数";
    many_digits(title, digits) = RecordValue, "{title} must have at most {digits} digits before the point", "{title}的整数部分最多 {digits} 位";
    zero_character(title) = RecordValue, "{title} cannot hold the zero character", "{title}不能包含空字符";
    too_long(title, most) = RecordValue, "{title} must have at most {most} characters", "{title}最多 {most} 个字符";
    control_character(title) = RecordValue, "{title} cannot hold control characters or line breaks", "{title}不能包含控制字符或换行";
    no_email(title) = RecordValue, "{title} must be an e-mail address", "{title}须为有效的电子邮件地址";
    no_phone(title) = RecordValue, "{title} must be a telephone number", "{title}须为有效的电话号码";
    no_url(title) = RecordValue, "{title} must be a web address", "{title}须为有效的网址",
        hint "start it with `https://` or `http://`", "请以 `https://` 或 `http://` 开头";
}
