//! The engine's validation messages in both languages: its English text, and our Chinese translation.
//!
//! The engine returns only texts, so they are recognised by their pattern. Does not know where they are used.

use crate::base::Message;

/// Patterns of the engine's texts, with `{}` for names, and translations, with `{0}` for the first name.
const FORMS: &[(&str, &str)] = &[
    // Values.
    ("Invalid value for argument \"{}\", {}", "参数 \"{0}\" 的值不正确：{1}"),
    ("Invalid default value for argument: \"{}\", {}", "变量 \"{0}\" 的默认值不正确：{1}"),
    ("expected type \"{}\"", "应为 \"{0}\" 类型"),
    ("enumeration type \"{}\" does not contain the value \"{}\"", "枚举 \"{0}\" 没有值 \"{1}\""),
    (
        "field \"{}\" of type \"{}\" is required but not provided",
        "必须提供字段 \"{0}\"（类型 \"{1}\"）",
    ),
    ("unknown field \"{}\" of type \"{}\"", "类型 \"{1}\" 没有字段 \"{0}\""),
    ("Oneof input objects requires have exactly one field", "须恰好提供一个字段"),
    (
        "Oneof Input Objects require that exactly one field must be supplied and that field must not be null",
        "须恰好提供一个字段，且不能为 null",
    ),
    ("Failed to parse \"{}\": {}", "类型 \"{0}\" 的值无法读取：{1}"),
    ("{} (occurred while parsing \"{}\")", "{0}（类型 \"{1}\"）"),
    ("Expected input type \"{}\", found {}.", "应为 \"{0}\" 类型，实际是 `{1}`"),
    ("Only integers from {} to {} are accepted.", "只接受 {0} 到 {1} 的整数"),
    ("Invalid number", "不是有效的数字"),
    ("Enumeration type does not contain value \"{}\".", "枚举没有值 \"{0}\""),
    // Names.
    ("Unknown type \"{}\"", "没有类型 \"{0}\""),
    ("Unknown field \"{}\" on type \"{}\".", "类型 \"{1}\" 没有字段 \"{0}\"。"),
    (
        "Unknown argument \"{}\" on field \"{}\" of type \"{}\".",
        "类型 \"{2}\" 的字段 \"{1}\" 没有参数 \"{0}\"。",
    ),
    ("Unknown argument \"{}\" on directive \"{}\".", "指令 \"{1}\" 没有参数 \"{0}\"。"),
    ("Unknown directive \"{}\"", "没有指令 \"{0}\""),
    ("Unknown fragment: \"{}\"", "没有片段 \"{0}\""),
    ("There can only be one argument named \"{}\"", "参数 \"{0}\" 只能出现一次"),
    ("There can only be one variable named \"${}\"", "变量 \"${0}\" 只能声明一次"),
    ("Duplicate directive \"{}\"", "指令 \"{0}\" 重复"),
    ("Directive \"{}\" may not be used on \"{}\"", "指令 \"{0}\" 不能用在此处"),
    (
        "Directive \"@{}\" argument \"{}\" of type \"{}\" is required but not provided",
        "指令 \"@{0}\" 必须提供参数 \"{1}\"（类型 \"{2}\"）",
    ),
    (
        "Field \"{}\" argument \"{}\" of type \"{}\" is required but not provided",
        "字段 \"{0}\" 必须提供参数 \"{1}\"（类型 \"{2}\"）",
    ),
    // Variables.
    ("Variable \"${}\" is not defined by operation \"{}\"", "操作 \"{1}\" 没有声明变量 \"${0}\""),
    ("Variable \"${}\" is not defined", "变量 \"${0}\" 没有声明"),
    ("Variable {} is not defined.", "变量 \"{0}\" 没有声明"),
    ("Variable \"${}\" is not used by operation \"{}\"", "操作 \"{1}\" 没有使用变量 \"${0}\""),
    ("Variable \"${}\" is not used", "变量 \"${0}\" 没有使用"),
    (
        "Variable \"{}\" cannot be of non-input type \"{}\"",
        "变量 \"{0}\" 的类型 \"{1}\" 不是输入类型",
    ),
    (
        "Variable \"{}\" of type \"{}\" used in position expecting type \"{}\"",
        "变量 \"{0}\" 的类型是 \"{1}\"，此处需要 \"{2}\"",
    ),
    // Selections and fragments.
    (
        "Field \"{}\" must not have a selection since type \"{}\" has no subfields",
        "字段 \"{0}\" 的类型是 \"{1}\"，不能再选择子字段",
    ),
    (
        "Field \"{}\" of type \"{}\" must have a selection of subfields",
        "字段 \"{0}\" 的类型是 \"{1}\"，必须选择子字段",
    ),
    ("Fragment \"{}\" is never used", "片段 \"{0}\" 没有使用"),
    (
        "Fragment \"{}\" cannot condition non composite type \"{}\"",
        "片段 \"{0}\" 所用的类型 \"{1}\" 没有字段",
    ),
    ("Fragment cannot condition non composite type \"{}\"", "片段所用的类型 \"{0}\" 没有字段"),
    (
        "Fragment \"{}\" cannot be spread here as objects of type \"{}\" can never be of type \"{}\"",
        "片段 \"{0}\" 不能用在此处：类型 \"{1}\" 的对象不会是类型 \"{2}\"",
    ),
    (
        "Fragment cannot be spread here as objects of type \"{}\" can never be of type \"{}\"",
        "片段不能用在此处：类型 \"{0}\" 的对象不会是类型 \"{1}\"",
    ),
    (
        "Fields \"{}\" conflict because \"{}\" and \"{}\" are different fields. {}",
        "字段 \"{0}\" 冲突：\"{1}\" 与 \"{2}\" 是不同的字段，请使用不同的别名",
    ),
    (
        "Fields \"{}\" conflict because they have differing arguments. {}",
        "字段 \"{0}\" 冲突：参数不同，请使用不同的别名",
    ),
    ("Cannot spread fragment \"{}\" within itself {}", "片段 \"{0}\" 不能包含自身"),
    ("Cannot spread fragment \"{}\"", "片段 \"{0}\" 不能包含自身"),
    // Operations.
    ("Schema is not configured for mutations.", "此地址不提供变更"),
    ("Schema is not configured for subscriptions.", "此地址不提供订阅"),
    ("Subscriptions are not supported on this transport.", "此地址不提供订阅"),
    ("The recursion depth of the query cannot be greater than `{}`", "查询的嵌套不能超过 {0} 层"),
];

/// Returns the engine's text in both languages.
pub(super) fn in_both(text: &str) -> Message {
    Message::new(text.to_owned(), chinese(text))
}

/// Quotes the engine's English text if no pattern matches.
fn chinese(text: &str) -> String {
    known(text).unwrap_or_else(|| format!("请求不符合规范：`{}`", text.replace('`', "'")))
}

fn known(text: &str) -> Option<String> {
    FORMS.iter().find_map(|(form, zh)| {
        let names = captured(form, text)?;
        let mut told = (*zh).to_owned();
        for (at, name) in names.iter().enumerate() {
            // The rest of a text may match another pattern.
            let name = known(name).unwrap_or_else(|| (*name).to_owned());
            told = told.replace(&format!("{{{at}}}"), &name);
        }
        Some(told)
    })
}

/// Returns the parts of a text in place of each `{}` of a pattern, if it matches.
fn captured<'t>(form: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut parts = form.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut names = Vec::new();
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        let at = match (last, part) {
            (true, "") => rest.len(),
            (true, end) => rest.len() - end.len() * usize::from(rest.ends_with(end)),
            (false, between) => rest.find(between)?,
        };
        names.push(rest.get(..at)?);
        rest = rest.get(at..)?.strip_prefix(part)?;
    }
    rest.is_empty().then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_known_by_their_form() {
        for (text, zh) in [
            ("Unknown fragment: \"f\"", "没有片段 \"f\""),
            ("Variable \"$x\" is not used by operation \"A\"", "操作 \"A\" 没有使用变量 \"$x\""),
            ("Variable \"$x\" is not used", "变量 \"$x\" 没有使用"),
            (
                "Invalid value for argument \"filter.level.eq\", enumeration type \"L\" does not contain the value \"Z\"",
                "参数 \"filter.level.eq\" 的值不正确：枚举 \"L\" 没有值 \"Z\"",
            ),
            (
                "Field \"customers\" of type \"C\" must have a selection of subfields",
                "字段 \"customers\" 的类型是 \"C\"，必须选择子字段",
            ),
            (
                "Failed to parse \"Int\": Only integers from 0 to 9 are accepted. (occurred while parsing \"Page\")",
                "类型 \"Int\" 的值无法读取：只接受 0 到 9 的整数（类型 \"Page\"）",
            ),
            ("something else", "请求不符合规范：`something else`"),
        ] {
            assert_eq!(chinese(text), zh);
        }
    }
}
