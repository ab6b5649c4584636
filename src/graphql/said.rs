//! What arguments say, and whether they say anything. Knows a little more of conditions than `args`, which reads
//! them, and nothing of documents.

use async_graphql::Value as Given;

use super::{
    args::{Args, bad},
    expected,
};
use crate::{
    base::{Code, Error, Result, Value, text},
    catalog::{FieldType, ObjectIx},
    query::{Filter, Nulls},
    rules,
    sql::Match,
};

impl Args<'_> {
    /// The condition of a change: one that says nothing is not taken for all records, `all` says that.
    pub(super) fn chosen(&self, object: ObjectIx, value: &Given, all: bool) -> Result<Filter> {
        let filter = self.filter(object, value)?;
        match (filter.narrows(), all) {
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
        (FieldType::AutoNumber(_), Value::Text(given)) => Value::Text(text::tidy(&given)),
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
