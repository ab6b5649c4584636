//! The faults of documents and variables, at both endpoints, in both languages.
//!
//! Owns codes, texts and hints. Must not know when each is reported. English texts that the engine has too are its
//! own, since tools know them.

use crate::faults;

faults! {
    // Documents.
    unparsable(line, column) = InputSyntax, "the document cannot be parsed at line {line}, column {column}", "查询在第 {line} 行第 {column} 列无法解析";
    invalid(fault, line, column) = InputInvalid, "{fault} (line {line}, column {column})", "{fault}（第 {line} 行第 {column} 列）";
    no_operation(name) = InputInvalid, "the document has no operation `{name}`", "查询中没有操作 `{name}`";
    operation_not_named() = InputInvalid, "the document has several operations; say which by `operationName`", "查询包含多个操作，请用 `operationName` 指定";
    mutation_by_get() = InputMethod, "send mutations with POST", "请使用 POST 发送变更";
    fragment_in_itself(name) = InputInvalid, "the fragment `{name}` spreads itself", "片段 `{name}` 循环引用自身";
    key_of_two_fields(key, one, other, line, column) = InputInvalid, "`{key}` is both `{one}` and `{other}` (line {line}, column {column})", "`{key}` 既是 `{one}` 又是 `{other}`（第 {line} 行第 {column} 列）",
        hint "give one of them another alias", "请为其中一个另取别名";
    key_of_two_arguments(key, line, column) = InputInvalid, "`{key}` is selected twice with different arguments (line {line}, column {column})", "`{key}` 以不同的参数选取了两次（第 {line} 行第 {column} 列）",
        hint "give one of them another alias", "请为其中一个另取别名";
    input_field_twice(name, line, column) = InputInvalid, "There can be only one input field named \"{name}\". (line {line}, column {column})", "输入字段 \"{name}\" 只能出现一次（第 {line} 行第 {column} 列）";

    // What does not exist for the caller.
    unknown_type(name, line, column) = InputInvalid, "Unknown type \"{name}\" (line {line}, column {column})", "没有类型 \"{name}\"（第 {line} 行第 {column} 列）";
    unknown_field(name, ty, line, column) = InputInvalid, "Unknown field \"{name}\" on type \"{ty}\". (line {line}, column {column})", "类型 \"{ty}\" 没有字段 \"{name}\"。（第 {line} 行第 {column} 列）";
    unknown_argument(name, field, ty, line, column) = InputInvalid, "Unknown argument \"{name}\" on field \"{field}\" of type \"{ty}\". (line {line}, column {column})", "类型 \"{ty}\" 的字段 \"{field}\" 没有参数 \"{name}\"。（第 {line} 行第 {column} 列）";
    unknown_value(name, ty, line, column) = InputInvalid, "Unknown value \"{name}\" of enum \"{ty}\". (line {line}, column {column})", "枚举 \"{ty}\" 没有值 \"{name}\"。（第 {line} 行第 {column} 列）";
    other_type(ty, line, column) = InputInvalid, "Expected value of type \"{ty}\". (line {line}, column {column})", "此处需要类型 \"{ty}\" 的值。（第 {line} 行第 {column} 列）";
    large_int(number, line, column) = InputInvalid, "Int cannot represent non 32-bit signed integer value: {number} (line {line}, column {column})", "Int 只能是 32 位整数：{number}（第 {line} 行第 {column} 列）";
    misplaced_variable(name, ty, expected, line, column) = InputInvalid, "Variable \"${name}\" of type \"{ty}\" used in position expecting type \"{expected}\". (line {line}, column {column})", "变量 \"${name}\" 的类型是 \"{ty}\"，此处需要 \"{expected}\"。（第 {line} 行第 {column} 列）";
    variable_directive(line, column) = InputInvalid, "a variable takes no directive but one `@optional` (line {line}, column {column})", "变量只能使用一个 `@optional` 指令（第 {line} 行第 {column} 列）";
    selection_of_typename(line, column) = InputInvalid, "Field \"__typename\" must not have a selection since type \"String!\" has no subfields. (line {line}, column {column})", "字段 \"__typename\" 的类型是 \"String!\"，不能再选择子字段。（第 {line} 行第 {column} 列）";

    // Variables.
    variable_missing(name, ty) = InputVariable, "the variable `${name}` of type `{ty}` has no value", "变量 `${name}` (类型 `{ty}`) 没有值";
    variable_misfit(place, ty) = InputVariable, "the variable `{place}` is not a `{ty}`", "变量 `{place}` 不是 `{ty}` 类型的值";
    variable_too_deep(place) = InputVariable, "the variable `{place}` is nested too deep", "变量 `{place}` 嵌套过深";
    variable_unknown_field(place, ty) = InputVariable, "the variable `{place}` is no field of `{ty}`", "变量 `{place}` ：`{ty}` 没有此字段";
    variable_field_missing(place, ty) = InputVariable, "the variable `{place}` has to be given: it is a `{ty}`", "变量 `{place}` 必须提供（类型 `{ty}`）";

    // Limits of documents.
    long_document() = LimitTokens, "the document is too long", "查询文本过长",
        hint "ask for less, or in several requests", "请减少查询内容或分多次请求";
    deep_document() = LimitDepth, "the document is nested too deep", "查询嵌套过深",
        hint "ask for less, or in several requests", "请减少查询内容或分多次请求";
    many_fields() = LimitFields, "the document selects too many fields", "查询字段过多",
        hint "ask for less, or in several requests", "请减少查询内容或分多次请求";
    many_aliases() = LimitFields, "the document has too many aliases", "查询别名过多",
        hint "ask for less, or in several requests", "请减少查询内容或分多次请求";
    many_directives() = LimitDirectives, "the document has too many directives", "查询指令过多",
        hint "ask for less, or in several requests", "请减少查询内容或分多次请求";
    many_roots() = LimitFields, "the document has too many root fields", "查询根字段过多",
        hint "ask for less, or in several requests", "请减少查询内容或分多次请求";
    schema_in_circles() = LimitCost, "the document asks for the schema several times over", "内省查询重复展开了整个模式",
        hint "do not go in circles through `fields` and `type`; a name is enough to look a type up", "请勿经由 `fields` 与 `type` 循环展开，取得名称后再查询该类型即可";
    page_size(name, most) = LimitPage, "`{name}` is from 0 to {most}", "`{name}` 的范围是 0 到 {most}";
    many_requests() = LimitBusy, "too many of your requests are under way", "您同时进行的请求过多",
        hint "wait for their answers, then try again", "请等待其完成后重试";

    // Limits of arguments.
    many_conditions(most) = LimitConditions, "at most {most} conditions in an operation are allowed", "条件数不能超过 {most}",
        hint "ask for less, or in several requests", "请减少查询内容或分多次请求";
    deep_conditions(most) = LimitDepth, "conditions are nested more than {most} deep", "条件嵌套超过 {most} 层",
        hint "ask in fewer steps", "请减少嵌套层数";
    long_list(most) = LimitPage, "at most {most} values in a list are allowed", "列表项数不能超过 {most}",
        hint "ask for less, or in several requests", "请减少查询内容或分多次请求";
    many_values(most) = LimitConditions, "at most {most} values to compare with in an operation are allowed", "比较值的个数不能超过 {most}",
        hint "ask for less, or in several requests", "请减少查询内容或分多次请求";
    long_text(most) = LimitText, "a text that is compared has at most {most} characters here", "此处用于比较的文字最多 {most} 个字符",
        hint "compare with a shorter text", "请缩短用于比较的文字";
    many_spellings() = LimitText, "a text to look for can be written in too many ways", "查找的文字有过多的写法",
        hint "look for a shorter text", "请缩短查找的文字";
    long_texts(most) = LimitText, "at most {most} characters to look for in an operation are allowed", "查找文字的总长度不能超过 {most}",
        hint "ask for less, or in several requests", "请减少查询内容或分多次请求";
    many_keys(most) = LimitConditions, "at most {most} keys to order or group by are allowed", "排序或分组键不能超过 {most}",
        hint "ask for less, or in several requests", "请减少查询内容或分多次请求";
    many_parts(most) = LimitPage, "at most {most} lines, members and records within others in a root field are allowed", "一次写入的明细、成员与嵌套记录数不能超过 {most}",
        hint "ask for less, or in several requests", "请减少查询内容或分多次请求";

    // What is stored and cannot be read back.
    stored_unread() = StorageUnavailable, "this is stored, but it could not be read back for the answer", "已保存，但读取结果时失败",
        hint "do not send it again; read the record", "请勿重发，请查询该记录";
    stored_unread_in_time() = LimitTime, "this is stored, but it could not be read back for the answer", "已保存，但读取结果时失败",
        hint "do not send it again; read the record", "请勿重发，请查询该记录";
    no_record() = RecordNotFound, "there is no such record", "该记录不存在";
}
