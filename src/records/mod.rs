//! Floor 7: find and save, the two operations on records, and the session they run in.
//!
//! All reads and writes of records start here with a [`Session`]. A find uses a plan; a save uses rules,
//! checks and one transaction.

mod approvals;
mod as_of;
mod authorize;
mod behave;
mod bulk;
mod candidate_condition;
mod candidates;
mod change;
mod change_visibility;
mod conflict;
mod counts;
mod cycle_check;
mod deletes;
mod draft;
mod duplicates;
mod employees;
mod entries;
mod events;
pub(crate) mod faults;
mod feed;
mod fill_in;
mod find;
mod follow;
mod formulas;
mod guesses;
mod history;
mod hits;
mod idempotency;
mod in_use;
mod line_history;
mod lines;
mod list_rows;
mod members;
mod my_day;
mod names;
mod nested;
mod numbers;
mod operations;
mod privileges;
mod read_formulas;
mod read_only_fields;
mod record_drafts;
mod recycle_bin_rules;
mod recycled;
mod references;
mod relate;
mod relate_select;
mod related_by;
mod restored_row;
mod rule_impact;
mod save;
mod session;
mod stages;
mod states;
mod store;
mod system_rollups;
mod timeline;
mod transaction;
mod unique_keys;
mod write;

pub use approvals::{
    ApprovalList, ApprovalProgress, Decision, EntryKind, Sought, StaffLookup, StaffMember,
    TaskState, ToldApproval, ToldEntry, ToldStep, ToldTask, approvals_of, inbox,
    look_after_approvals,
};
pub use as_of::find_as_of;
pub use authorize::holds;
pub use bulk::{Faults, OnError, Outcome, Redirected};
pub use candidates::Candidates;
pub use change::{Change, Input, LineChange, MemberChange, Op};
pub use change_visibility::noticed;
pub use counts::counts;
pub use duplicates::{Duplicate, duplicates_of, duplicates_of_values, named as named_duplicates};
pub(crate) use events::json_in;
pub use feed::{Feed, Follower, RETENTION};
pub use find::{find, find_into, find_rows, is_readable, object_of};
pub use follow::{FollowScope, Followed};
pub use guesses::{GuessCounts, Guesses, Guessing};
pub(crate) use history::no_such_field;
pub use hits::{Hit, HitParts, Hits, hits, hits_find};
pub use idempotency::Once;
pub use my_day::{DayEntry, DayList, MyDay, MyDayAsked};
pub(crate) use numbers::series;
pub use operations::{
    ACTION, ACTIONS, Argument, ArgumentType, ArgumentValue, Arguments, Command, MOVE, MOVES,
    OPERATIONS, Operation, ResultType, Take, merged_into, purge_merges,
};
pub use record_drafts::{Drafted, DraftedState, drafted};
pub use recycled::{Recycled, recycled};
pub use related_by::{RelatedBy, related_by};
pub use rule_impact::{Shift, shift};
pub use save::{Saved, save, save_and_see};
pub use session::{Session, SessionSource};
pub use timeline::{
    Happened, OwnChanges, Timeline, TimelineAsked, TimelineEntry, TimelinePage, instant_text,
};
pub use transaction::Work;
