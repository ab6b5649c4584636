//! What arguments say, and whether they say anything. Knows a little more of conditions than `args`, which reads
//! them, and nothing of documents.

use async_graphql::Value as Given;

use super::{
    args::{Args, bad},
    expected,
};
use crate::{
    base::{Code, Error, Result, Value, text},
    catalog::{EMPLOYEES, FieldIx, FieldType, ObjectIx},
    query::{Compare, Filter, Moment, Nulls, Own},
    rules,
    sql::Match,
};

/// The condition on a to-one relation that asks whether there is a record.
pub(super) const IS_NULL: &str = "isNull";
/// The condition that a record is the caller's.
pub(super) const MINE: &str = "_mine";
/// The type of what `_mine` takes.
pub(super) const OWN_RECORDS: &str = "OwnRecords";

/// An operand that is `null`: whether no value is meant or no condition cannot be known.
pub(super) fn no_meaning() -> Error {
    Error::new(Code::InputValue, "`null` has no meaning here", "此处不能使用 `null`")
        .hint("use `isNull`, or leave the operator out", "请使用 `isNull` 或省略该运算符")
}

impl Args<'_> {
    /// A condition that is `null`: as if it had been left out.
    pub(super) fn unset(&self) -> Result<Filter> {
        self.tally.condition(self.limits).map(|()| Filter::And(Vec::new()))
    }

    /// `owner: {isNull: true}`: there is no such record that the caller sees.
    pub(super) fn is_null(&self, value: &Given, related: bool) -> Result<Filter> {
        self.tally.condition(self.limits)?;
        let Given::Boolean(null) = value else {
            return Err(bad(expected::true_or_false()).within(IS_NULL));
        };
        if !related {
            let error = Error::new(
                Code::InputValue,
                "`isNull` here asks whether a relation leads to a record",
                "此处的 `isNull` 用于判断关联记录是否存在",
            );
            let hint = (
                "put it below a relation to one record, or below a field",
                "请放在单条关联或字段之下",
            );
            return Err(error.hint(hint.0, hint.1).within(IS_NULL));
        }
        Ok(Filter::Field(FieldIx(0), Compare::IsNull(*null)))
    }

    /// `_mine: RESPONSIBLE`: the caller is among the record's employees now.
    pub(super) fn mine(&self, object: ObjectIx, value: &Given) -> Result<Filter> {
        self.tally.condition(self.limits)?;
        let name = match value {
            Given::Enum(name) => name.as_str(),
            Given::String(name) => name,
            _ => "",
        };
        let responsible = match name {
            "RESPONSIBLE" => true,
            "RELATED" => false,
            _ => return Err(bad(expected::own_records()).within(MINE)),
        };
        let lines = self.catalog.object(object).named(EMPLOYEES);
        let (lines, _) = lines.ok_or_else(|| bad(expected::field()).within(MINE))?;
        let at = Moment(self.now);
        Ok(Filter::Mine(Own { lines, employee: self.viewer, responsible, at }))
    }

    /// The condition of a change: one that says nothing is not taken for all records, `all` says that.
    pub(super) fn chosen(&self, object: ObjectIx, value: &Given, all: bool) -> Result<Filter> {
        let filter = self.filter(object, value)?;
        match (filter.narrows(), all) {
            (true, false) if filter.holds_nothing() => Err(Error::new(
                Code::InputValue,
                "a condition of `filter` says nothing, so that more records would be meant than with it",
                "`filter` 中有一个没有内容的条件，涉及的记录会比预期多",
            )
            .hint(
                "leave the condition out, or give its variable a value",
                "请去掉该条件，或给其中的变量赋值",
            )),
            (true, false) | (false, true) => Ok(filter),
            (false, false) => Err(Error::new(
                Code::InputValue,
                "`filter` says nothing, which would be every record",
                "`filter` 没有任何条件，将涉及全部记录",
            )
            .hint(
                "give a condition whose variables have values, or `all: true` for every record",
                "请填写条件（其变量须有值），或用 `all: true` 表示全部记录",
            )),
            (true, true) => Err(Error::new(
                Code::InputValue,
                "`all: true` is for every record, and `filter` leaves some out",
                "`all: true` 表示全部记录，而 `filter` 又排除了一部分",
            )
            .hint("give one of them", "两者只能选一个")),
        }
    }
}

/// Refuses a branch of `or` or what is under `not` that says nothing: a condition whose variable was not sent
/// would turn to all records.
pub(super) fn says_something(
    nothing: impl IntoIterator<Item = bool>,
    under: &'static str,
) -> Result<()> {
    let Some(at) = nothing.into_iter().position(|nothing| nothing) else { return Ok(()) };
    let error = Error::new(
        Code::InputValue,
        format!("a condition under `{under}` says nothing"),
        format!("`{under}` 下有一个没有内容的条件"),
    )
    .hint("leave it out, or give its variable a value", "请去掉该条件，或给其中的变量赋值");
    Err(match under {
        "or" => error.within(at.to_string()).within(under),
        _ => error.within(under),
    })
}

/// `DESC_NULLS_LAST`: whether the greatest come first, and where what has no value comes.
pub(super) fn way(value: &Given) -> Result<(bool, Nulls)> {
    let name = match value {
        Given::Enum(name) => name.as_str(),
        Given::String(name) => name,
        _ => return Err(bad(expected::order())),
    };
    let (direction, nulls) = name.split_once("_NULLS_").unwrap_or((name, ""));
    let nulls = match nulls {
        "FIRST" => Nulls::First,
        "LAST" => Nulls::Last,
        _ => Nulls::Usual,
    };
    Ok((direction == "DESC", nulls))
}

/// A value that is asked for in the form in which such values are kept.
pub(super) fn as_kept(ty: &FieldType, value: Value) -> Value {
    match (ty, value) {
        (FieldType::Text { form, .. }, Value::Text(given)) => {
            Value::Text(rules::normal_text(*form, &given))
        }
        (FieldType::AutoNumber(format), Value::Text(given)) => Value::Text(format.written(&given)),
        (_, value) => value,
    }
}

/// A piece of a text that is looked for, without what no text that is kept has.
pub(super) fn as_piece(how: Match, given: &str) -> String {
    let piece = text::composed(given);
    match how {
        Match::StartsWith => piece.trim_start().to_owned(),
        Match::EndsWith => piece.trim_end().to_owned(),
        Match::Contains | Match::Like => piece,
    }
}

/// A whole number; zero with a sign, which is written as one with a point, is zero.
pub(super) fn whole(number: &serde_json::Number) -> Option<i64> {
    number.as_i64().or_else(|| (number.as_f64() == Some(0.0)).then_some(0))
}
