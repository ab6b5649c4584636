//! Tradewind: a GraphQL CRM server that trading companies reshape at run time.

// Optimised builds compute the layout of whole chains of futures, of which the longest are deeper than 128.
#![recursion_limit = "256"]

pub mod access;
pub mod app;
pub mod base;
pub mod bench;
pub mod bundle;
pub mod catalog;
pub mod cli;
pub mod company;
pub mod config;
pub mod customize;
pub mod demo;
pub mod expr;
pub mod graphql;
pub mod http;
pub mod identity;
pub mod jobs;
pub mod layouts;
pub mod load_demo;
pub mod query;
pub mod records;
pub mod rights;
pub mod rules;
pub mod schema_files;
pub mod sql;
pub mod storage;
pub mod workspace;

/// The faults of each room that has a table of them, for `docs/faults.md`.
pub const FAULTS: &[(&str, &[base::FaultText])] = &[
    ("access", access::faults::FAULTS),
    ("rules", rules::faults::FAULTS),
    ("bundle", bundle::faults::FAULTS),
    ("sql", sql::faults::FAULTS),
    ("query", query::faults::FAULTS),
    ("storage", storage::faults::FAULTS),
    ("records", records::faults::FAULTS),
    ("customize", customize::faults::FAULTS),
    ("identity", identity::faults::FAULTS),
    ("workspace", workspace::faults::FAULTS),
    ("rights", rights::faults::FAULTS),
    ("jobs", jobs::faults::FAULTS),
    ("company", company::faults::FAULTS),
    ("graphql", graphql::faults::FAULTS),
    ("graphql/records", graphql::records::faults::FAULTS),
    ("graphql/metadata", graphql::metadata::faults::FAULTS),
    ("http", http::faults::FAULTS),
];
