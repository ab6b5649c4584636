//! Names in the schema of records that those who build it and those who read requests share.

/// The argument for reading the past.
pub(super) const AS_OF: &str = "asOf";
/// The argument that skips the beginning of a list without cursors.
pub(super) const OFFSET: &str = "offset";
/// The condition that a to-one relation has no record.
pub(super) const IS_NULL: &str = "isNull";
/// The condition that a record is the caller's own.
pub(super) const MINE: &str = "_mine";
/// The type of `_mine`.
pub(super) const OWN_RECORDS: &str = "OwnRecords";
/// The type of `_can`.
pub(super) const RECORD_ACTIONS: &str = "RecordActions";
/// The field with the moves of a record's flow.
pub(super) const ACTIONS: &str = "_actions";
/// The type of `_actions`.
pub(super) const RECORD_ACTION: &str = "RecordAction";
/// Whether a record may be merged into another one, and others into it.
pub(super) const MERGE: &str = "merge";
/// The field with the visibility of a record's fields.
pub(super) const FIELD_STATES: &str = "_fieldStates";
/// The field with the display name of a record.
pub(super) const TITLE: &str = "_title";
/// The field with the employees responsible for a record.
pub(super) const RESPONSIBLE: &str = "responsibleEmployees";
/// The type of `_fieldStates`.
pub(super) const FIELD_STATE: &str = "FieldState";
/// The field with the changes of a record.
pub(super) const HISTORY: &str = "history";
/// Suffix of fields that return aggregates: `customerAggregate` for `customer`, and `contactsAggregate` for a
/// record's list `contacts`.
pub(super) const AGGREGATE: &str = "Aggregate";
/// The field with the filter of a group's records.
pub(super) const DRILL: &str = "drill";
/// The field with the number of groups.
pub(super) const GROUPS: &str = "groupCount";
/// The argument that adds empty groups for missing periods.
pub(super) const FILL: &str = "fill";
