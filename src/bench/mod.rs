//! Floor 11: measuring the server against the best hand-written SQL, on a data set of its own.
//!
//! [`load()`] writes the data set, [`run()`] measures, [`soak()`] goes on for long, [`serve()`] is the child process that is measured.
//! Nothing of the server may know this room.

mod accounts;
mod client;
mod data;
mod load;
mod report;
mod run;
mod sample;
mod server;
mod soak;
mod workload;
mod yardstick;

pub use load::{Progress, load};
pub use report::Report;
pub use run::{Plan, run};
pub use sample::sample;
pub use server::{Part, serve};
pub use soak::{Soak, soak};
pub use workload::Workload;
