//! The faults of publishing definitions, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported; what is wrong in a text is a diagnostic.

use crate::faults;

faults! {
    not_taken_over(what, reason) = CatalogChange, "the standard objects of this version cannot be taken over: {what}: {reason}", "无法升级标准对象定义：{what}：{reason}";
    do_not_resolve(faults) = CatalogSyntax, "the definitions do not resolve: {faults}", "对象定义无法解析：{faults}";
    not_retired(name) = InputValue, "`{name}` is not retired", "`{name}` 并未停用",
        hint "take it out of the definitions first; `retired` lists what is", "请先将其移出定义；`retired` 列出已停用的内容";
    referred_to(name, names) = RecordInUse, "{names} refer to `{name}`, and are kept", "{names} 仍引用 `{name}` 且被保留",
        hint "purge these first", "请先清除这些字段";
    not_converted(count, name, records) = CatalogChange, "values of `{name}` cannot be converted in {count} records, such as {records}", "`{name}` 有 {count} 条记录的值无法转换，如 {records}",
        hint "change these records first, or let the step empty them with `onFailure: NULL`", "请先修改这些记录，或在步骤中用 `onFailure: NULL` 将其清空";
    not_computed(all) = CatalogChange, "formulas have no value that fits for records there are: {all}", "以下公式对部分已有记录无法得出有效的值：{all}",
        hint "change these records first, or write the formula so that it has a value for each of them", "请先修改这些记录，或改写公式，使其对每条记录都有值";
}
