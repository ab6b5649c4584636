//! Messages about duplicate rules, in both languages.
//!
//! Owns the texts; must not know when each is reported.

use crate::messages;

messages! {
    text_too_large(most) = "the text is longer than {most} characters", "文本超过 {most} 个字符";
    no_object(name) = "there is no object `{name}`", "没有对象 `{name}`";
    no_rules_of_lines(name) = "`{name}` is a line, and only records have duplicates", "`{name}` 是明细，查重仅适用于记录";
    many_rules(most) = "an object has at most {most} duplicate rules", "一个对象最多有 {most} 条查重规则";
    bad_rule_name(name) = "`{name}` is no name of a rule: small letters, digits and `_`, up to 40", "`{name}` 不能作为规则名：只用小写字母、数字和 `_`，最多 40 个";
    rule_twice(name) = "there are two rules `{name}`", "规则 `{name}` 重复";
    rule_fields(most) = "a duplicate rule compares 1 to {most} fields", "查重规则比较 1 到 {most} 个字段";
    no_field(object, name) = "`{object}` has no field `{name}`", "`{object}` 没有字段 `{name}`";
    not_compared(name) = "values of `{name}` cannot be compared", "`{name}` 的值不能用于比较";
    too_long_to_compare(name, most) = "`{name}` may be longer than {most} characters, too long to be compared", "`{name}` 可能超过 {most} 个字符，不能用于比较";
    too_wide(most) = "the texts of a rule have at most {most} characters together", "一条规则的文本字段合计最多 {most} 个字符";
    forms_of_texts(name) = "`{name}` is no text, so it is compared as it is: `{name} = []`", "`{name}` 不是文本，只能按原值比较：`{name} = []`";
    override_of_warning() = "only a rule that refuses can be overridden", "只有拒绝保存的规则才能设置可忽略";
}
