//! Messages about expressions, in both languages.
//!
//! Owns the texts. Must not know when each is reported, nor the place of the expression.

use crate::messages;

messages! {
    // Reading.
    unreadable() = "the expression cannot be read", "表达式无法读取";
    unchecked() = "the expression cannot be checked", "表达式无法检查";
    ends_early() = "the expression ends too early", "表达式不完整";
    empty() = "the expression is empty", "表达式为空";
    too_long(most) = "the expression is longer than {most} characters", "表达式超过 {most} 个字符";
    reserved(word) = "`{word}` is a reserved word", "`{word}` 是保留字";
    bad_number(number) = "the number `{number}` is too large or malformed", "数字 `{number}` 过大或格式不正确";
    bad_escape() = "the text has an escape that is no character", "文本中的转义不对应任何字符";
    unexpected(sign) = "unexpected `{sign}`", "此处不应有 `{sign}`";
    unexpected_control() = "unexpected control character", "此处不应有控制字符";
    unexpected_prefix(prefix) = "unexpected `{prefix}` before text", "文本前不应有 `{prefix}`";
    triple_quotes() = "text in triple quotes is not part of the language", "不支持三引号文本";
    open_text() = "text is not closed", "文本没有结束引号";
    unknown_escape(escape) = "unknown escape `\\{escape}` in text", "文本中有未知的转义 `\\{escape}`";
    no_maps() = "maps are not part of the language", "不支持映射";
    no_bytes() = "bytes are not part of the language", "不支持字节串";
    no_such_word(word) = "`{word}` is not part of the language", "不支持 `{word}`";
    no_such_form() = "this is not part of the language", "不支持这种写法";
    not_closed(bracket) = "`{bracket}` is not closed", "`{bracket}` 没有闭合";
    too_deep(most) = "brackets are nested deeper than {most}", "括号嵌套超过 {most} 层";
    too_chained(most) = "more than {most} operators are chained", "连续的运算符超过 {most} 个";

    // Names and types.
    unknown_name(name) = "unknown name `{name}`", "未知的名称 `{name}`";
    only_in_rules(name) = "`{name}` is there in rules only", "`{name}` 只能用于规则";
    needs_own_field() = "`changed` needs one field of the record itself", "`changed` 需要记录自身的一个字段";
    no_lists_here() = "records of a list are looked through in rules only", "只有规则才能遍历列表中的记录";
    lists_in_lists() = "a condition over a list cannot look through another", "列表条件中不能再遍历另一个列表";
    no_list_of_records() = "this is no list of records", "这不是记录列表";
    name_taken(name) = "`{name}` means something else already", "`{name}` 已有其他含义";
    unknown_function(name) = "unknown function `{name}`", "未知的函数 `{name}`";
    other_form(name) = "`{name}` is not written this way", "`{name}` 的写法不对";
    other_count(name) = "`{name}` has the wrong number of arguments", "`{name}` 的参数个数不对";
    needs_number(what, found) = "`{what}` needs a number, found {found}", "`{what}` 需要数字，此处是{found}";
    needs_digits(most) = "`round` needs its digits written as 0 to {most}", "`round` 的位数须写成 0 到 {most} 的数字";
    needs_list(found) = "`in` needs a list on its right, found {found}", "`in` 右侧需要列表，此处是{found}";
    cannot_compare(what, found) = "{what} cannot compare {found}", "{what} 不能比较{found}";
    cannot_mix(what, one, other) = "{what} cannot mix {one} and {other}", "{what} 不能混用{one}与{other}";
    cannot_combine(what, one, other) = "`{what}` cannot combine {one} and {other}", "`{what}` 不能用于{one}与{other}";
    expected(wanted, found) = "expected {wanted}, found {found}", "此处需要{wanted}，实际是{found}";
    not_of_list(value, list) = "`{value}` is not a value of picklist `{list}`", "`{value}` 不是选项列表 `{list}` 的值";
    no_date(text) = "`{text}` is not a date", "`{text}` 不是日期";
    no_time(text) = "`{text}` is not a time of day", "`{text}` 不是一天中的时间";
    no_instant(text) = "`{text}` is not a date and time", "`{text}` 不是日期时间";
    no_id(text) = "`{text}` is not an id", "`{text}` 不是标识";
    no_index() = "items cannot be read by their index", "不能按下标读取列表项";
    no_record() = "a field can only be read from a record", "只能读取记录的字段";
    no_fields(path, found) = "`{path}` has no fields, it is {found}", "`{path}` 没有字段，它是{found}";
    unknown_field(path, name) = "`{path}` has no field `{name}`", "`{path}` 没有字段 `{name}`";
    zero_character() = "text cannot hold the zero character", "文本不能包含空字符";
    too_many_digits(number) = "the number `{number}` has too many digits", "数字 `{number}` 的位数过多";
    unsigned() = "write whole numbers without `u`", "整数不要带 `u`";

    // What to write instead.
    did_you_mean(name) = "did you mean `{name}`?", "是否想写 `{name}`？";
    write(what) = "write `{what}`", "请写 `{what}`";
    write_for(sign, word) = "write `{sign}` for {word}", "请用 `{sign}` 表示 {word}";
    write_rule() = "write a rule for what depends on the value before", "依赖保存前的值时，请写成规则";
    write_for_list() = "say with `for` which lines a rule goes over", "请用 `for` 指明规则逐行处理的明细";
    write_null_test() = "write `== null` or `!= null`", "请写 `== null` 或 `!= null`";
    write_compare() = "write `==` to compare", "请用 `==` 比较";
    write_backslash() = "write `\\\\` for a backslash", "反斜杠请写 `\\\\`";
    write_single_quotes() = "write text between single quotes", "文本请用单引号括起来";
    write_straight_quotes() = "write text between straight quotes", "文本请用英文引号括起来";
    write_date() = "write a date as '2024-12-31'", "日期请写成 '2024-12-31'";
    write_time() = "write a time as '09:30'", "时间请写成 '09:30'";
    write_instant() = "write an instant as '2024-12-31T08:00:00Z'", "时间请写成 '2024-12-31T08:00:00Z'";
    end_with(quote) = "end it with `{quote}`", "请以 `{quote}` 结束";
    expected_sign(sign) = "expected `{sign}`", "此处应为 `{sign}`";
    split() = "split it with `&&` or `||`", "请用 `&&` 或 `||` 拆开";
    use_in() = "use `in` to look into a list", "请用 `in` 判断列表是否包含";
    use_floor() = "use `floor` or `ceil`", "请用 `floor` 或 `ceil`";
    use_days_between() = "use `daysBetween(from, to)`", "请用 `daysBetween(from, to)`";
    use_add_days() = "use `addDays(date, days)`", "请用 `addDays(date, days)`";

    // Names of types.
    true_or_false() = "true or false", "是非值";
    whole_number() = "a whole number", "整数";
    decimal_number() = "a decimal number", "小数";
    text() = "text", "文本";
    value_of_list(list) = "a value of picklist `{list}`", "选项列表 `{list}` 的值";
    date() = "a date", "日期";
    time_of_day() = "a time of day", "一天中的时间";
    instant() = "a date and time", "日期时间";
    id() = "an id", "标识";
    record(object) = "a record of `{object}`", "`{object}` 的记录";
    a_list() = "a list", "列表";
    list(of) = "a list (of {of})", "列表（{of}）";

    // Why there is no value.
    overflow() = "a number is too large", "数值过大";
    out_of_calendar() = "a date is out of range", "日期超出范围";
    other_type() = "a value does not have the type it was declared with", "值的类型与定义不符";
}
