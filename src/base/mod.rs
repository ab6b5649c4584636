//! Floor 0: the values, errors, clock and ids on which everything above builds.
//!
//! Knows nothing of catalogs, databases or GraphQL, and imports nothing from above.

pub mod calendar;
pub mod clock;
pub mod currency;
pub mod duplicate_names;
pub mod error;
pub mod escapes;
pub mod faults;
pub mod fixed;
pub mod folding;
pub mod forms;
pub mod html;
pub mod message;
pub mod network;
pub mod pinyin;
pub mod source_map;
pub mod text;
pub mod value;

pub use clock::{Clock, Env, Ids, LEEWAY};
pub use currency::Currency;
pub use duplicate_names::twice;
pub use error::{Code, Error, LooksLike, Result, Sides};
pub use faults::FaultText;
pub use fixed::FixedWorld;
pub use forms::Form;
pub use message::{Lang, Message, Said, foreign};
pub use source_map::Written;
pub use value::Value;
