//! Floor 7: find and save, the two verbs on records, and the session they run in.
//!
//! Everything that reads or writes records comes through here with a [`Session`];
//! a find goes through a plan, a save through the plan's rules, the checks and one transaction.

mod change;
mod counts;
mod deletes;
mod draft;
mod employees;
mod events;
mod find;
mod history;
mod lines;
mod permitted;
mod reassign;
mod references;
mod save;
mod session;
mod shift;
mod store;

pub use change::{Change, Input, LineChange, MemberChange, Op};
pub use counts::counts;
pub(crate) use events::series;
pub use find::{find, object_of};
pub(crate) use history::no_such_field;
pub use permitted::holds;
pub use reassign::{Reassign, handed_by, reassign};
pub use save::{Saved, SavedAll, save, save_all, save_and_see};
pub use session::Session;
pub use shift::{Shift, shift};
