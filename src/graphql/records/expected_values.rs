//! Descriptions of expected argument values in both languages, for messages that begin with "this is not".

use super::faults;
use crate::{
    base::{Error, Message},
    catalog::{FieldType, Storage},
    messages,
};

messages! {
    condition() = "a condition", "条件";
    day() = "a day", "日期";
    days() = "a number of days from 1 to 36600", "1 到 36600 之间的天数";
    decimal() = "a decimal of at most 28 digits such as `\"19996300.00\"`", "至多 28 位的小数，例如 `\"19996300.00\"`";
    date() = "a date such as `2026-11-23`", "日期，例如 `2026-11-23`";
    field() = "a field", "字段";
    id() = "an id", "记录的标识";
    one_object() = "an input with exactly one object", "恰好包含一个对象的输入";
    id_or_create() = "exactly one of `id` and `create`", " `id` 与 `create` 中的恰好一个";
    input_object() = "an input object", "由字段组成的对象";
    instant() = "an instant such as `2026-11-23T08:00:00Z`", "时间，例如 `2026-11-23T08:00:00Z`";
    key_of_group() = "something to group by with exactly one field", "恰好包含一个字段的分组项";
    not_grouped_by() = "a field that is not grouped by already", "尚未用于分组的字段";
    operator() = "an operator", "运算符";
    option() = "a picklist value", "选项值";
    order() = "an order", "排序方式";
    order_of_one() = "an order with exactly one field", "恰好包含一个字段的排序键";
    own_records() = "`RESPONSIBLE` or `RELATED`", " `RESPONSIBLE` 或 `RELATED`";
    period() = "a period", "周期";
    text() = "a text", "文本";
    time() = "a time of day such as `09:30` or `09:30:15`", "时间，例如 `09:30` 或 `09:30:15`";
    true_or_false() = "`true` or `false`", " `true` 或 `false`";
    true_or_period() = "`true`, or a period of a date", " `true`，或日期的周期";
    two_values() = "a list of two values", "两个值组成的列表";
    whole_number() = "a whole number", "整数";
    zero_or_more() = "0 or a greater whole number", "大于或等于 0 的整数";
    small_number() = "a 32-bit whole number", "整数（-2147483648 到 2147483647）";
}

/// The error for an unexpected value. If the correct form is not obvious, give it a fault with a hint.
pub(super) fn bad(expected: Message) -> Error {
    faults::unexpected(expected)
}

/// The error for an unreadable date: one that does not exist, or one in another form.
pub(super) fn no_date(text: &str) -> Error {
    let mut parts = text.split('-').map(str::len);
    let shaped = [parts.next(), parts.next(), parts.next()] == [Some(4), Some(2), Some(2)]
        && parts.next().is_none()
        && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    if shaped {
        return faults::no_day(text);
    }
    faults::no_date(date())
}

/// The error for an unreadable instant.
pub(super) fn no_instant() -> Error {
    faults::no_instant(instant())
}

/// The error for an unreadable time of day.
pub(super) fn no_time() -> Error {
    bad(time())
}

/// The error for a value whose kind does not fit the field.
pub(super) fn other_kind(ty: &FieldType) -> Error {
    match ty.storage() {
        Storage::Integer => bad(whole_number()),
        Storage::Boolean => bad(true_or_false()),
        Storage::Date => no_date(""),
        Storage::DateTime => no_instant(),
        Storage::Time => no_time(),
        Storage::Text | Storage::Names if ty.picklist().is_some() => bad(option()),
        Storage::Id
        | Storage::Text
        | Storage::Decimal(_)
        | Storage::Json
        | Storage::Names
        | Storage::Elsewhere => bad(text()),
    }
}
