//! Floor 3: the rules that a record must satisfy, as pure functions on values.
//!
//! Owns normalising and checking single values, and evaluating a record's expressions. Must not know a
//! database: the caller passes the values that expressions read beyond the record.

mod behaviour;
mod choice;
mod conditions;
mod duplicates;
pub(crate) mod faults;
mod formulas;
mod messages;
mod one_of;
mod record;
mod renamed_fields;
mod sentence;
mod value;

pub use behaviour::{
    RuleOccasion, applies, assigned, is_due, refused, sets_by_unseen, sets_closed,
};
pub use choice::{check_choices, options};
pub use conditions::{FieldState, read_only, read_only_reads, state};
pub use duplicates::{
    DuplicateBook, DuplicateRule, DuplicatesText, KnownDuplicates, has_standard_duplicates,
};
pub use formulas::{compute, computed, counts, settle};
pub(crate) use one_of::is_empty;
pub use record::{
    Checked, Facts, RuleContext, Values, check_record, checks_read, default_of, reads_beyond,
    roots, unseen_rule,
};
pub(crate) use record::{broken, required};
pub use renamed_fields::renamed_duplicates;
pub use value::{fault_of, normal_text, normalise};
