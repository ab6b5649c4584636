//! What the schema makes of a field's type: its scalar, the operators of its filter, whether it is grouped by.

use super::relative_periods::AROUND;
use crate::catalog::{Catalog, Field as Known, Operators, ScalarType};

/// The operators of values that only are the same or not.
pub(super) const EQUAL: &[&str] = &["eq", "ne"];

/// Those of values that have an order.
pub(super) const ORDERED: &[&str] = &["eq", "ne", "gt", "gte", "lt", "lte"];

/// Those of texts.
pub(super) const TEXT: &[&str] =
    &["eq", "ne", "gt", "gte", "lt", "lte", "contains", "startsWith", "endsWith", "like"];

/// Returns the filter operators of a field of records.
pub(super) fn operators(catalog: &Catalog, field: &Known) -> Vec<String> {
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let compared = |operators| {
        let scalar = scalar(catalog, field).unwrap_or_default();
        operated(scalar, operators).map(str::to_owned).collect()
    };
    match field.ty.traits().operators {
        // Conditions on a to-one relation are below it, under the fields of its target.
        Operators::Record => Vec::new(),
        Operators::Records => named(&["some", "none", "every"]),
        Operators::Has => named(&["has", "isNull"]),
        Operators::Null => named(&["isNull"]),
        Operators::Text => compared(TEXT),
        Operators::Ordered => compared(ORDERED),
        Operators::Equal => compared(EQUAL),
    }
}

/// Returns the operators of a type's filter.
pub(super) fn operated<'o>(ty: &str, operators: &'o [&'o str]) -> impl Iterator<Item = &'o str> {
    let dates = ty.starts_with("Date");
    let counted: &[&str] = if dates { &["lastDays", "nextDays"] } else { &[] };
    let around = if dates { AROUND } else { &[] };
    let between: &[&str] = if operators.contains(&"gt") { &["between"] } else { &[] };
    let lists = ["in", "notIn"].iter();
    let all = operators.iter().chain(lists).chain(counted).chain(around).chain(between);
    all.copied().chain(["isNull"])
}

/// Returns the GraphQL scalar or enum of a stored field.
pub(super) fn scalar<'c>(catalog: &'c Catalog, field: &Known) -> Option<&'c str> {
    Some(match field.ty.traits().scalar? {
        ScalarType::Id => "ID",
        ScalarType::String => "String",
        ScalarType::Int => "Int",
        ScalarType::Decimal => "Decimal",
        ScalarType::Boolean => "Boolean",
        ScalarType::Date => "Date",
        ScalarType::DateTime => "DateTime",
        ScalarType::Time => "Time",
        ScalarType::Json => "JSON",
        ScalarType::Enum(list) => &catalog.picklist(list).name,
    })
}

/// Whether records can be grouped by a field.
pub(super) fn is_told_apart(field: &Known) -> bool {
    field.ty.traits().groups
}
