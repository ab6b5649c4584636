//! The faults of reads, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported.

use crate::faults;

faults! {
    // What does not exist for the caller, which is the same as what they may not see.
    no_object(name) = InputInvalid, "there is no object `{name}`", "没有对象 `{name}`";
    no_field(object, name) = InputInvalid, "`{object}` has no field `{name}`", "`{object}` 没有字段 `{name}`";
    read_only(object, purpose) = AccessDenied, "you may read `{object}` but not {purpose} it", "您可以查看 `{object}`，但没有打印或导出的权限";

    // What is asked for.
    not_of_past(name) = InputInvalid, "`{name}` cannot be asked for together with `asOf`", "`{name}` 不能与 `asOf` 一起查询",
        hint "fields, references, lines and the lists that refer to a record can", "可查询字段、引用、明细以及引用该记录的列表";
    long_search(words, characters) = InputValue, "a search has at most {words} words and {characters} characters", "搜索最多 {words} 个词、{characters} 个字符";
    large_answer(most) = LimitCost, "the answer would be larger than {most} MiB", "查询结果超过 {most} MiB",
        hint "ask for fewer records, or fewer fields with long texts", "请减少记录数或长文本字段";

    // Cursors.
    foreign_cursor() = InputCursor, "the cursor does not belong to this list", "该游标不属于此列表",
        hint "use a cursor that this list gave with the same `orderBy`", "请使用此列表在相同 `orderBy` 下返回的游标";
    unfit_cursor() = InputCursor, "the cursor does not fit this list", "该游标与此列表不符";
}
