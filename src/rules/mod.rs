//! Floor 3: the rules that a record must satisfy, as pure functions on values.
//!
//! Owns normalising and checking single values, and evaluating a record's expressions. Must not know a
//! database: the caller passes the values that expressions read beyond the record.

pub(crate) mod faults;
mod formulas;
mod record;
mod sentence;
mod value;

pub use formulas::{compute, counts, settle};
pub use record::{
    Checked, Facts, RuleContext, Values, check_record, checks_read, default_of, reads_beyond,
    roots, unseen_rule,
};
pub use value::{fault_of, normal_text, normalise};
