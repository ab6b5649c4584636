//! Parts of arguments, and whether conditions say anything. Helps `args`, which parses conditions; knows
//! nothing of documents.

use async_graphql::{Name, Value as Given};
use indexmap::IndexMap;
use uuid::Uuid;

use super::{
    expected_values::{self, bad},
    faults,
    names::{IS_NULL, MINE},
};
use crate::{
    base::{Error, Result, Value, text},
    catalog::{EMPLOYEES, FieldIx, FieldType, ObjectIx},
    graphql::reader::Args,
    query::{Compare, Filter, Moment, Nulls, Own},
    rules,
    sql::Match,
};

/// The fields of an input object.
pub(super) type Fields = IndexMap<Name, Given>;

/// Returns the fields of an input object.
pub(super) fn fields(value: &Given) -> Result<&Fields> {
    match value {
        Given::Object(fields) => Ok(fields),
        _ => Err(bad(expected_values::input_object())),
    }
}

/// Returns the items of a list, or the one value that is given without a list.
pub(super) fn items(value: &Given) -> Vec<&Given> {
    match value {
        Given::List(items) => items.iter().collect(),
        single => vec![single],
    }
}

/// Parses an id.
pub(super) fn id(value: &Given) -> Result<Uuid> {
    match value {
        Given::String(text) => Uuid::parse_str(text).ok().ok_or_else(|| bad(expected_values::id())),
        _ => Err(bad(expected_values::id())),
    }
}

/// The error for a null operand: it could mean "no value" or "no condition".
pub(super) fn no_meaning() -> Error {
    faults::null_without_meaning()
}

impl Args<'_> {
    /// A condition that is null counts as omitted.
    pub(super) fn unset(&self) -> Result<Filter> {
        self.tally.condition(self.limits).map(|()| Filter::And(Vec::new()))
    }

    /// Parses `owner: {isNull: true}`: there is no such record that the caller sees.
    pub(super) fn is_null(&self, value: &Given, related: bool) -> Result<Filter> {
        self.tally.condition(self.limits)?;
        let Given::Boolean(null) = value else {
            return Err(bad(expected_values::true_or_false()).within(IS_NULL));
        };
        if !related {
            return Err(faults::is_null_of_list().within(IS_NULL));
        }
        Ok(Filter::Field(FieldIx::ID, Compare::IsNull(*null)))
    }

    /// Parses `_mine: RESPONSIBLE`: the caller is now among the record's employees.
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
            _ => return Err(bad(expected_values::own_records()).within(MINE)),
        };
        let lines = self.catalog.object(object).named(EMPLOYEES);
        let (lines, _) = lines.ok_or_else(|| bad(expected_values::field()).within(MINE))?;
        let at = Moment(self.now);
        Ok(Filter::Mine(Own { lines, employee: self.viewer, responsible, at }))
    }

    /// Parses the filter of a change. A filter that says nothing is refused; to change all records, use
    /// `all`.
    pub(super) fn chosen(&self, object: ObjectIx, value: &Given, all: bool) -> Result<Filter> {
        let filter = self.filter(object, value)?;
        match (filter.narrows(), all) {
            (true, false) if filter.holds_nothing() => Err(faults::empty_condition()),
            (true, false) | (false, true) => Ok(filter),
            (false, false) => Err(faults::empty_filter()),
            (true, true) => Err(faults::all_and_filter()),
        }
    }
}

/// Refuses an empty branch of `or` and an empty `not`: if a variable is not sent, the condition would match
/// all records.
pub(super) fn says_something(
    nothing: impl IntoIterator<Item = bool>,
    under: &'static str,
) -> Result<()> {
    let Some(at) = nothing.into_iter().position(|nothing| nothing) else { return Ok(()) };
    let error = faults::empty_branch(under);
    Err(match under {
        "or" => error.within(at.to_string()).within(under),
        _ => error.within(under),
    })
}

/// Parses `DESC_NULLS_LAST`: whether descending, and where nulls come.
pub(super) fn way(value: &Given) -> Result<(bool, Nulls)> {
    let name = match value {
        Given::Enum(name) => name.as_str(),
        Given::String(name) => name,
        _ => return Err(bad(expected_values::order())),
    };
    let (direction, nulls) = name.split_once("_NULLS_").unwrap_or((name, ""));
    let nulls = match nulls {
        "FIRST" => Nulls::First,
        "LAST" => Nulls::Last,
        _ => Nulls::Usual,
    };
    Ok((direction == "DESC", nulls))
}

/// Brings a requested value into the form in which such values are stored.
pub(super) fn as_kept(ty: &FieldType, value: Value) -> Value {
    match (ty, value) {
        (FieldType::Text { form, normal, .. }, Value::Text(given)) => {
            Value::Text(rules::normal_text(*form, *normal, &given))
        }
        (FieldType::AutoNumber(format), Value::Text(given)) => Value::Text(format.written(&given)),
        (_, value) => value,
    }
}

/// Brings a search text into stored form: without leading or trailing blanks that no stored text has.
pub(super) fn as_piece(how: Match, given: &str) -> String {
    let piece = text::composed(given);
    match how {
        Match::StartsWith => piece.trim_start().to_owned(),
        Match::EndsWith => piece.trim_end().to_owned(),
        Match::Contains | Match::Like => piece,
    }
}
