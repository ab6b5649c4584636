//! Floor 4: the SQL of the two databases: how values are stored, how JSON is built, how tables are created.
//!
//! The only writer of SQL text. Knows the catalog's types and nothing of requests or rights. Names
//! are quoted as sea-query quotes them; values are only ever bound.

pub mod access_keys;
mod as_of;
mod computed;
mod condition_tree;
pub mod ddl;
mod dialect;
mod encode;
pub mod exact_sums;
pub(crate) mod faults;
pub mod fill;
pub mod forms;
pub mod functions;
pub mod gram_tables;
mod grams;
pub mod keys;
mod list_parameter;
pub mod numbered;
pub mod one_of;
mod periods;
pub mod platform;
pub mod purged;
pub mod restored;
pub mod retyped;
mod rewrite;
mod rolled_up;
mod statement_printer;
mod system_rollups;
mod text;

pub use as_of::{stood, stood_members, stored_fields, stored_json};
pub use computed::{ComputedIn, Read, computed};
pub use condition_tree::{all_of, any_of};
pub use dialect::{Dialect, ROW_WIDTH, listed};
pub use encode::{decode, encode, encode_as, unheld};
pub use grams::{SearchWord, gram_query, grams, spelling_query};
pub use list_parameter::{MANY, among};
pub use periods::{Period, start_of};
pub use rewrite::rewrite;
pub use rolled_up::{Rolled, rolled_up};
pub use system_rollups::{filled, rolled_up_of};
pub use text::{Match, contains, pattern_length, text_match};
