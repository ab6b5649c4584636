//! Floor 9: one company as everything above it uses it: the database, the live catalog, who signs in, what they may do.
//!
//! The endpoints, the command line, the demo loader, the bench and background work stand on this and on nothing
//! below it that could act for somebody. Knows no GraphQL and no HTTP. Nothing here is global: a process may open
//! several companies.

mod accounts;
pub mod admission;
mod bundle_checks;
mod bundled_views;
mod bundles;
mod definitions;
mod draft_impact;
mod duplicate_rules;
pub(crate) mod faults;
mod fingerprint;
mod job_worker;
mod layouts;
mod live;
mod menus;
mod messages;
mod operations;
mod operator_facts;
mod quarantine;
mod retyping;
mod roles;
mod schema_drafts;
mod staff;
mod staff_changes;
mod text_uses;

use std::sync::{Arc, atomic::AtomicI64};

use self::fingerprint::Fingerprints;
use self::layouts::LayoutCell;
use crate::{
    access::{Access, Action},
    base::{Currency, Env, Error},
    bundle::TrustedKey,
    catalog::{Catalog, PartKind},
    customize::{self, SharedCatalogs},
    identity::{Identity, IdentitySettings},
    jobs,
    query::cursor::Seal,
    records::{Feed, Session, SessionSource, StaffLookup, look_after_approvals, purge_merges},
    rights::{BudgetSettings, Rights},
    storage::{Database, catalogs, settings},
    workspace::Workspace,
};

use self::staff::CompanyStaff;
pub use self::{
    accounts::KnownAccount,
    bundles::{AppliedBundle, BundleRequest, BundleRun},
    definitions::{AppliedDefinition, Impact, Publication, PublishOptions},
    draft_impact::{DraftImpact, DraftUse, UseKind},
    duplicate_rules::{DuplicatesInfo, StoredDuplicates},
    layouts::{KnownLayout, LayoutBook, ShownLayout, StoredLayout},
    live::{Derived, LiveCatalog, Next, PublishingTurn, SharedDerived},
    menus::{KnownMenu, WantedMenu},
    operations::Requested,
    quarantine::KeptApart,
    roles::{ChangedRoles, RoleUses},
    schema_drafts::{DraftStep, KnownDraft, StoredDraft},
    staff_changes::says_who,
};

/// How a company is kept.
#[derive(Debug, Clone, Default)]
pub struct CompanySettings {
    /// How long tokens hold.
    pub identity: IdentitySettings,
    /// How much may be read.
    pub budget: BudgetSettings,
    /// What money is counted in.
    pub currency: Currency,
    /// Keys whose bundles of definitions are taken.
    pub trusted_keys: Vec<TrustedKey>,
    /// Most records of an object whose field gets another type within the publish; a job converts more. Usual: 50,000.
    pub retyped_at_once: Option<u64>,
}

/// One company.
#[derive(Clone)]
pub struct Company {
    /// Its database.
    pub database: Database,
    /// Time and ids.
    pub env: Env,
    /// The live catalog.
    pub live: Arc<LiveCatalog>,
    /// Sign-in.
    pub identity: Identity,
    /// What callers may do.
    pub rights: Rights,
    /// What people keep for their work.
    pub workspace: Workspace,
    /// What happens to records.
    pub feed: Feed,
    /// What money is counted in.
    pub currency: Currency,
    sessions: SessionSource,
    _staff: Arc<dyn StaffLookup>,
    fingerprints: Arc<Fingerprints>,
    layouts: LayoutCell,
    /// The version that brought the duplicate rules that are followed.
    rules_version: Arc<AtomicI64>,
    trusted_keys: Arc<[TrustedKey]>,
    retyped_at_once: u64,
}

/// How many records are converted within a publish, unless told otherwise.
const RETYPED_AT_ONCE: u64 = 50_000;

impl Company {
    /// Brings tables and standard objects of a database up, and prepares sign-in.
    pub async fn open(
        database: Database,
        env: Env,
        settings: CompanySettings,
        shared: &SharedCatalogs,
    ) -> Result<Self, Error> {
        let CompanySettings { identity, budget, currency, trusted_keys, retyped_at_once } =
            settings;
        database.knows_zone(env.zone.name()).await?;
        let live = Arc::new(LiveCatalog::new(customize::open(&database, &env, shared).await?));
        let fresh = format!("{}{}", env.ids.next().simple(), random_text());
        let secret = settings::get_or_set(&database, "cursor_secret", &fresh).await?;
        let seal = Arc::new(Seal::new(secret.as_bytes()));
        let fingerprints = Arc::new(Fingerprints::open(&database, secret.as_bytes()).await?);
        let rules_version = catalogs::version_of(&database, PartKind::Duplicates).await?;
        let duplicates = Arc::new(duplicate_rules::open(&database, &live.pin()).await?);
        let (known, world) = (database.clone(), env.clone());
        let staff = Arc::default();
        let sessions = SessionSource { database: known, env: world, seal, duplicates, staff };
        let (facts, names) = operator_facts::sources(&live, &sessions);
        let identity =
            Identity::open(database.clone(), env.clone(), identity, facts, names).await?;
        let rights = Rights::new(sessions.clone(), budget);
        // A save asks for people while it holds a connection: with one of the same pool, many saves at once would wait for
        // each other.
        let beside = SessionSource { database: database.for_jobs().clone(), ..sessions.clone() };
        let staff: Arc<dyn StaffLookup> = Arc::new(CompanyStaff {
            rights: Rights::new(beside.clone(), budget),
            sessions: beside,
        });
        // Sessions do not keep what they are made by.
        if sessions.staff.set(Arc::downgrade(&staff)).is_err() {
            return Err(Error::internal("a company is opened once"));
        }
        let workspace = Workspace::open(database.clone(), env.clone()).await?;
        let feed = Feed::new(database.clone(), env.clone());
        let layouts = LayoutCell::default();
        let company = Self {
            database,
            env,
            live,
            identity,
            rights,
            workspace,
            feed,
            currency,
            sessions,
            _staff: staff,
            fingerprints,
            layouts,
            rules_version: Arc::new(AtomicI64::new(rules_version)),
            trusted_keys: trusted_keys.into(),
            retyped_at_once: retyped_at_once.unwrap_or(RETYPED_AT_ONCE),
        };
        company.tell_quarantine().await?;
        company.settle_access_keys();
        Ok(company)
    }

    /// The catalog that is live.
    pub fn catalog(&self) -> Arc<Catalog> {
        self.live.pin()
    }

    /// Seals cursors.
    pub fn seal(&self) -> &Seal {
        &self.sessions.seal
    }

    /// A session of the server itself, for a reason that a reader of the code can check.
    pub fn system_session(&self, reason: &'static str) -> Session {
        self.sessions.system(self.catalog(), reason)
    }

    /// A session of a caller that counts nothing: for definitions and rights, not for records.
    pub fn uncounted_session(&self, catalog: Arc<Catalog>, access: Arc<Access>) -> Session {
        self.sessions.session(catalog, access)
    }

    /// A session in which a caller reads or changes records for a purpose. With `counts`, it notes which records are
    /// read and counts guesses.
    pub fn session(
        &self,
        catalog: Arc<Catalog>,
        access: Arc<Access>,
        purpose: Action,
        counts: bool,
    ) -> Session {
        let operator = access.operator().filter(|_| counts);
        let guesses = operator.map(|operator| self.rights.guessing(operator));
        self.sessions.session(catalog, access).counted(purpose, counts, guesses)
    }

    /// Removes what nobody will ask for any more: old events, sign-ins that ended long ago, merges too old to undo, drafts
    /// that have expired. Each is tried, and the first error is returned.
    pub async fn purge(&self) -> Result<(), Error> {
        let purged = [
            self.feed.purge().await.map(|_events| ()),
            self.identity.purge().await.map(|_sign_ins| ()),
            purge_merges(&self.database, &self.env).await,
            self.workspace.purge().await,
            jobs::purge(&self.database, &self.env).await,
        ];
        purged.into_iter().collect()
    }

    /// Gives tasks of approvals anew whose assignees have left or have lost their rights.
    pub async fn look_after_approvals(&self) -> Result<u64, Error> {
        let session = self.system_session("tasks that nobody could decide on any more");
        look_after_approvals(&session).await
    }

    /// Takes over what another process has published; tells whether there was anything.
    pub async fn refresh(&self) -> Result<bool, Error> {
        self.look_for_changes().await?;
        let taken = self.take_over_catalog().await?;
        // Behind the catalog, because rules may name what there is only now.
        self.follow_duplicate_rules().await?;
        Ok(taken)
    }

    async fn take_over_catalog(&self) -> Result<bool, Error> {
        if catalogs::version(&self.database).await? <= self.catalog().version {
            return Ok(false);
        }
        let turn = self.live.turn().await;
        let newer = customize::newer(&self.database, &self.env, turn.live().version).await?;
        // This process may have published it while this waited.
        let Some(newer) = newer else { return Ok(false) };
        turn.prepare(newer).await?.publish();
        // The newer version was heard of before it was live here.
        self.wake_watchers();
        Ok(true)
    }
}

fn random_text() -> String {
    use rand::Rng;
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
