//! Floor 3: what a record must satisfy, as pure functions on values.
//!
//! Owns normalising and checking of single values and evaluating a record's expressions;
//! knows no database: what expressions read beyond the record is handed in.

mod formulas;
mod record;
mod sentence;
mod value;

pub use formulas::{compute, settle};
pub use record::{
    Checked, Facts, Scope, Values, check_record, checks_read, default_of, reads_beyond, roots,
    unseen_rule,
};
pub use value::{fault_of, normal_text, normalise};
