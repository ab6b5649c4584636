//! The server through its front door: every test drives the real router, on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::print_stderr,
    clippy::format_push_string,
    reason = "a test that meets what it did not expect shall fail there"
)]

mod abandoned;
mod about_rights;
mod administered;
mod aggregates;
mod agreement;
mod alike;
mod architecture;
mod bounds;
mod bulk;
mod busy;
mod calendar;
mod carried;
mod companies;
mod compared;
mod computed;
mod controls;
mod conveniences;
mod costs;
mod customization;
mod demo;
mod descriptions;
mod designers;
mod doors;
mod drawn_forms;
mod examples;
mod faults;
mod field_rights;
mod figures;
mod finding;
mod fingerprints;
mod forms;
mod formulas;
mod further_objects;
mod going_on;
mod handover;
mod held;
mod history;
mod introspection;
mod kept_inputs;
mod languages;
mod layouts;
mod line_rules;
mod matrix;
mod meanings;
mod menus;
mod merging;
mod metadata_shapes;
mod mine;
mod mishaps;
mod nested;
mod newcomers;
mod noticed;
mod numbering;
mod once;
mod onslaught;
mod outages;
mod own_rows;
mod past;
mod plans;
mod privileges;
mod program;
mod promises;
mod reach;
mod reads;
mod recycle;
mod requests;
mod reticence;
mod retiring;
mod rights;
mod rolled_up;
mod saved_views;
mod schema_drafts;
mod searching;
mod shared_views;
mod signin;
mod silence;
mod silence_designers;
mod sockets;
mod specification;
mod spelt;
mod standing;
mod starts;
mod statements;
mod subscriptions;
mod support;
mod taken;
mod timing;
mod trees;
mod trusted;
mod two_worlds;
mod uncomputed;
mod unmerging;
mod unseen;
mod upsert;
mod watching;
mod writes;
