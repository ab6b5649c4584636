//! Floor 12: measures the server against the best hand-written SQL, on a data set of its own.
//!
//! [`load()`] writes the data set, [`run()`] measures, [`soak()`] runs for a long time,
//! [`schema()`] measures publishing, [`serve()`] is the
//! measured child process, and a [`Peer`] is anybody's server measured beside it. No other module of the server
//! may use this one.

mod accounts;
mod client;
mod data;
mod load;
mod peer;
mod process;
mod report;
mod run;
mod sample;
mod schema;
mod schema_load;
mod server;
mod soak;
mod workload;
mod yardstick;

pub use load::{Progress, load};
pub use peer::{Peer, PeerFlags};
pub use report::Report;
pub use run::{BenchPlan, run};
pub use sample::sample;
pub use schema::{SchemaBench, SchemaReport, schema};
pub use server::{BenchServer, serve};
pub use soak::{Soak, soak};
pub use workload::Workload;
