//! Floor 7: find and save, the two verbs on records, and the session they run in.
//!
//! Everything that reads or writes records comes through here with a [`Session`];
//! a find goes through a plan, a save through the plan's rules, the checks and one transaction.

mod bulk;
mod change;
mod conflict;
mod counts;
mod deletes;
mod draft;
mod employees;
mod events;
mod feed;
mod find;
mod follow;
mod formulas;
mod history;
mod line_history;
mod lines;
mod matching;
mod members;
mod names;
mod nested;
mod once;
mod past;
mod permitted;
mod reassign;
mod recycled;
mod references;
mod restore;
mod save;
mod session;
mod shift;
mod store;
mod upsert;
mod work;

pub use bulk::{OnError, Outcome};
pub use change::{Change, Input, LineChange, MemberChange, Op};
pub use counts::counts;
pub(crate) use events::series;
pub use feed::{Feed, Follower, RETENTION};
pub use find::{find, find_into, object_of};
pub use follow::{Followed, Scope};
pub(crate) use history::no_such_field;
pub use matching::{Matching, Verb};
pub use once::Once;
pub use past::find_as_of;
pub use permitted::holds;
pub use reassign::{Reassign, handed_by};
pub use recycled::{Recycled, recycled};
pub use restore::Restore;
pub use save::{Saved, save, save_and_see};
pub use session::Session;
pub use shift::{Shift, shift};
pub use upsert::Upsert;
pub use work::{Wish, Work};
