//! Tradewind's platform tables, one source for SQLite and PostgreSQL.
//!
//! A forward list: a released migration is never edited; see `README.md`.
//! Objects' own tables are not here: they come from the catalog's diff.

use sea_orm_migration::prelude::*;

mod m0001_platform;
mod m0002_rights;
mod m0003_audit;
mod m0004_controls;
mod m0005_api_keys;
mod m0030_idempotency;
mod m0031_recycled;
mod m0032_outbox_order;
mod m0033_history_time;
mod m0090_links;
mod m0091_role_ticks;
mod m0103_outbox_version;
mod m0129_merge;
mod m0133_parts;
mod m0137_workspace;
mod m0139_schema_drafts;
mod m0145_old_names;
mod m0149_jobs;
mod m0152_recents;
mod m0161_dashboards;
mod m0172_history_via;
mod m0173_approvals;

/// Brings the platform tables to the newest form.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_platform::Migration),
            Box::new(m0002_rights::Migration),
            Box::new(m0003_audit::Migration),
            Box::new(m0004_controls::Migration),
            Box::new(m0005_api_keys::Migration),
            Box::new(m0030_idempotency::Migration),
            Box::new(m0031_recycled::Migration),
            Box::new(m0032_outbox_order::Migration),
            Box::new(m0033_history_time::Migration),
            Box::new(m0090_links::Migration),
            Box::new(m0091_role_ticks::Migration),
            Box::new(m0103_outbox_version::Migration),
            Box::new(m0129_merge::Migration),
            Box::new(m0133_parts::Migration),
            Box::new(m0137_workspace::Migration),
            Box::new(m0139_schema_drafts::Migration),
            Box::new(m0145_old_names::Migration),
            Box::new(m0152_recents::Migration),
            Box::new(m0149_jobs::Migration),
            Box::new(m0161_dashboards::Migration),
            Box::new(m0172_history_via::Migration),
            Box::new(m0173_approvals::Migration),
        ]
    }
}
