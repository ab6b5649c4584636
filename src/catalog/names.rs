//! API names: their form, their SQL spelling, reserved words.
//!
//! Knows only text. Used by the resolver and wherever a name is derived from another.

use heck::{ToLowerCamelCase, ToSnakeCase, ToUpperCamelCase};
use sha2::{Digest, Sha256};

use super::messages;
use crate::base::Message;

/// The longest API name in characters, so that derived SQL names fit PostgreSQL's 63 bytes.
pub(super) const LONGEST: usize = 40;

/// A derived SQL name that fits the databases' 63 bytes: a long one is cut and ends in a digest.
pub(crate) fn fitted(full: String) -> String {
    if full.len() <= 60 {
        return full;
    }
    let digest = Sha256::digest(full.as_bytes());
    let short: String = full.chars().take(48).collect();
    let tail: String = digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    format!("{short}_{tail}")
}

/// Type names that GraphQL or the platform uses itself.
pub(super) const TYPES: &[&str] = &[
    "Query",
    "Mutation",
    "Subscription",
    "Node",
    "PageInfo",
    "UserError",
    "DeletePayload",
    "DeletesPayload",
    "BulkOnError",
    "Duplicate",
    "RecycleBin",
    "RecycledRecord",
    "SearchGroup",
    "SearchHit",
    "Candidate",
    "DraftState",
    "MyDay",
    "MyDayList",
    "MyDayEntry",
    "Approval",
    "ApprovalStep",
    "ApprovalTask",
    "ApprovalTaskList",
    "ApprovalEntry",
    "ApprovalList",
    "ApprovalDecision",
    "String",
    "Int",
    "Float",
    "Boolean",
    "ID",
    "Date",
    "DateTime",
    "Time",
    "Decimal",
    "JSON",
    "Upload",
    "OrderDirection",
    "RecordActions",
    "RecordAction",
    "ActionBarrier",
    "FieldState",
    "FieldVisibility",
    "DatePeriod",
    "HistoryConnection",
    "HistoryEntry",
    "ChangeKind",
    "FieldChange",
    "RecordSet",
    "OwnRecords",
    "RelatedEmployee",
    "StringFilter",
    "IntFilter",
    "DecimalFilter",
    "BooleanFilter",
    "DateFilter",
    "DateTimeFilter",
    "TimeFilter",
    "IDFilter",
    "JSONFilter",
    "RichTextFilter",
];

/// Field names that every record has, or that have a meaning in filters and expressions.
const FIELDS: &[&str] = &[
    "id",
    "version",
    "createdAt",
    "createdBy",
    "updatedAt",
    "updatedBy",
    "history",
    "asOf",
    "lineNo",
    "responsibleEmployees",
    "relatedEmployees",
    "and",
    "or",
    "not",
    "isNull",
    "some",
    "none",
    "every",
    "viewer",
    "true",
    "false",
    "null",
    "in",
];

/// Root fields that belong to no object.
pub(super) const ROOT_FIELDS: &[&str] = &[
    "node",
    "nodes",
    "viewer",
    "recycleBin",
    "search",
    "candidates",
    "recents",
    "timeline",
    "myDay",
    "approvalInbox",
    "approvals",
];

/// `SampleLoan` -> `sample_loan`.
pub fn snake(name: &str) -> String {
    name.to_snake_case()
}

/// `SampleLoan` -> `sampleLoan`.
pub fn camel(name: &str) -> String {
    name.to_lower_camel_case()
}

/// `sample_loan` -> `SampleLoan`.
pub(super) fn upper_camel(name: &str) -> String {
    name.to_upper_camel_case()
}

/// `["a", "b"]` -> `` `a`, `b` ``.
pub fn quoted_list<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// Advice for a refused name. `spelt` is a better spelling; `label` says where the shown name belongs.
pub(super) fn advice(name: &str, spelt: &str, label: Message) -> Message {
    if TYPES.contains(&name) || FIELDS.contains(&name) {
        messages::platforms_own()
    } else if name.is_ascii() && spelt != name && form(spelt, char::is_ascii_alphabetic) {
        messages::write(spelt)
    } else if name.len() > LONGEST {
        messages::shown_name_into_shorter(label)
    } else {
        messages::shown_name_into_english(label)
    }
}

/// The reason why a type name cannot be used, if there is one.
pub(super) fn type_fault(name: &str) -> Option<Message> {
    if !form(name, char::is_ascii_uppercase) {
        return Some(messages::bad_type_name(name, LONGEST));
    }
    TYPES.contains(&name).then(|| messages::reserved_type_name(name))
}

/// The same for a field name, or for another name with its spelling. `what` is the kind of name.
pub(super) fn field_fault(what: Message, name: &str) -> Option<Message> {
    if !form(name, char::is_ascii_lowercase) {
        return Some(messages::bad_field_name(what, name, LONGEST));
    }
    FIELDS.contains(&name).then(|| messages::reserved_field_name(what, name))
}

/// The reason why a picklist value's name cannot be used, if there is one.
pub(super) fn value_fault(name: &str) -> Option<Message> {
    let fits = name.len() <= LONGEST
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !fits {
        return Some(messages::bad_value_name(name, LONGEST));
    }
    ["true", "false", "null"].contains(&name).then(|| messages::reserved_value_name(name))
}

fn form(name: &str, first: fn(&char) -> bool) -> bool {
    name.len() <= LONGEST
        && name.chars().next().is_some_and(|c| first(&c))
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The name among `known` that `name` was probably meant to be, if one is similar.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min()
        .map(|(_, candidate)| candidate)
}
