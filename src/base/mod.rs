//! Floor 0: the values, errors, clock and ids on which everything above builds.
//!
//! Knows nothing of catalogs, databases or GraphQL, and imports nothing from above.

pub mod calendar;
pub mod clock;
pub mod currency;
pub mod error;
pub mod escapes;
pub mod faults;
pub mod fixed;
pub mod folding;
pub mod message;
pub mod network;
pub mod text;
pub mod twice;
pub mod value;
pub mod written;

pub use clock::{Clock, Env, Ids, LEEWAY};
pub use currency::Currency;
pub use error::{Code, Error, Result, Sides};
pub use faults::FaultText;
pub use fixed::FixedWorld;
pub use message::{Lang, Message, Said, foreign};
pub use twice::twice;
pub use value::Value;
pub use written::Written;
