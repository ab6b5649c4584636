//! Definitions made live: compared, their effect on rights counted, then published for everyone at once.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use uuid::Uuid;

use super::{Company, retyping::FilledPublication};
use crate::{
    base::{Code, Result},
    catalog::{Catalog, NamedText},
    customize::{self, Along, PublishPlan, WantedDefinitions, WantedText},
    records::Session,
    rights::{Difference, Warning},
    storage::{access_keys, audit, catalogs},
};

/// Most changes named in the audit trail.
const NOTED: usize = 100;
/// Characters of a definition that the audit trail keeps.
const BEGINNING: usize = 200;

/// How many records a definition opens and closes, by account and object.
#[derive(Default)]
pub struct Impact {
    /// The catalog whose objects the differences name.
    pub catalog: Arc<Catalog>,
    /// Everyone it was counted for: operator, account and roles.
    pub holders: Vec<(Uuid, String, Vec<String>)>,
    /// At once.
    pub now: Vec<Difference>,
    /// Once the dimensions that start switched off are switched on.
    pub switched_on: Vec<Difference>,
}

/// How often a definition is tried while roles are published.
pub(super) const TRIES: usize = 5;
/// The pauses after which access keys are filled again: first soon, because others follow within a second, then once no
/// request that began before can be running.
const SETTLED: [Duration; 2] = [Duration::from_secs(2), Duration::from_mins(1)];

/// What is to be published.
#[derive(Debug, Clone, Copy)]
pub enum Publication<'p> {
    /// A text on top of what is live, with texts of behaviour in place of those of their names.
    Addition(&'p str, &'p [NamedText]),
    /// The caller's draft.
    Draft,
    /// One's own definitions of an earlier version.
    Version(i64),
    /// What a job has filled the columns for.
    Filled(&'p FilledPublication),
}

/// How it is published.
#[derive(Debug, Clone, Copy, Default)]
pub struct PublishOptions<'n> {
    /// Why, in the words of whoever publishes.
    pub note: Option<&'n str>,
    /// Whether the generated layouts of new objects are stored as they are, so that ordinary users get to them.
    pub accept_layouts: bool,
    /// Only compares.
    pub dry_run: bool,
}

impl Publication<'_> {
    /// The mutation that publishes it, for the audit trail.
    fn mutation(self) -> &'static str {
        match self {
            Self::Addition(..) => "applySchema",
            Self::Draft => "publishSchemaDraft",
            Self::Version(_) => "rollBack",
            Self::Filled(_) => "job",
        }
    }
}

/// What came of a definition.
pub struct AppliedDefinition {
    /// The version that is live now.
    pub version: i64,
    /// The comparison with the version before; its diagnostics say why nothing was applied.
    pub plan: PublishPlan,
    /// What it opens and closes.
    pub impact: Impact,
    /// What may surprise its writer.
    pub warnings: Vec<Warning>,
    /// New objects, each with the codes of the roles that grant nothing on it.
    pub lacking: Vec<(String, Vec<String>)>,
    /// The job that publishes it once it has converted what is there, or that ends a conversion.
    pub job: Option<Uuid>,
}

impl Company {
    /// Publishes definitions, or only compares them. What is noted for the audit trail goes to the entry
    /// that is being written around this call.
    pub async fn publish(
        &self,
        session: &Session,
        publication: Publication<'_>,
        options: PublishOptions<'_>,
    ) -> Result<AppliedDefinition> {
        for _another in 1..TRIES {
            match Box::pin(self.try_publish(session, publication, options)).await {
                // Somebody has published a role, which is no conflict with a definition of objects.
                Err(error) if error.code == Code::CatalogConflict && self.is_latest().await? => {}
                applied => return applied,
            }
        }
        Box::pin(self.try_publish(session, publication, options)).await
    }

    /// Whether the live catalog is that of the last version of objects.
    pub(super) async fn is_latest(&self) -> Result<bool> {
        Ok(catalogs::version(&self.database).await? == self.catalog().version)
    }

    async fn try_publish(
        &self,
        session: &Session,
        publication: Publication<'_>,
        options: PublishOptions<'_>,
    ) -> Result<AppliedDefinition> {
        let PublishOptions { note: reason, accept_layouts, dry_run } = options;
        let turn = self.live.turn().await;
        let live = turn.live();
        let mut plan = Box::pin(self.planned(session, &live, publication)).await?;
        let (mut warnings, mut lacking) = (Vec::new(), Vec::new());
        if let Some(new) = &plan.catalog {
            warnings = Box::pin(self.rights.warnings_of(&live, new)).await?;
            lacking = Box::pin(self.rights.lacking(&live, new, &[])).await?;
        }
        let impact = Box::pin(self.impact(&plan)).await?;
        let (mut version, mut job) = (live.version, None);
        let retypes = plan.retypes(&live);
        if !matches!(publication, Publication::Filled(_)) {
            let converting = Box::pin(self.converting(&retypes, &plan.path)).await?;
            plan.diagnostics.extend(converting);
        }
        if !dry_run && plan.applicable().is_some() && self.takes_long(publication, &retypes).await?
        {
            // The job publishes it once it is through.
            let begun = self.begin_retypes(session, publication, &plan, retypes, reason);
            job = Some(Box::pin(begun).await?);
        } else if let Some(new) = plan.applicable().filter(|_| !dry_run) {
            let next = Box::pin(turn.prepare(Arc::clone(new))).await?;
            note(new, &plan, publication, options);
            let layouts = match accept_layouts {
                true => Box::pin(self.layouts_along(new, &plan.changes)).await?,
                false => Vec::new(),
            };
            let row = self.job_row(session, publication, retypes)?;
            let along = Along {
                note: reason,
                draft: Box::pin(self.is_own_draft(session, publication)).await?,
                layouts: &layouts,
                filled: matches!(publication, Publication::Filled(_)),
                job: row.as_ref().map(|(_, row)| row),
            };
            let (database, access) = (&self.database, &session.access);
            let applied = customize::apply(database, &self.env, &live, access, &plan, along);
            match Box::pin(applied).await? {
                Some(fault) => plan.diagnostics.push(fault),
                None => {
                    version = new.version;
                    job = row.map(|(id, _)| id);
                    next.publish();
                    Box::pin(self.follow_publish()).await;
                }
            }
        }
        Ok(AppliedDefinition { version, plan, impact, warnings, lacking, job })
    }

    /// What follows once definitions are live.
    pub(super) async fn follow_publish(&self) {
        self.rights.forget();
        self.notice_changes().await;
        self.settle_access_keys();
        // Rules may name what there is only now.
        if let Err(error) = self.take_over_duplicate_rules().await {
            tracing::warn!(%error, "indexes of duplicate rules are made at the next start");
        }
    }

    /// Compares what is to be published with what is live.
    async fn planned(
        &self,
        session: &Session,
        live: &Catalog,
        publication: Publication<'_>,
    ) -> Result<PublishPlan> {
        let (database, env, access) = (&self.database, &self.env, &session.access);
        let text = match publication {
            Publication::Addition(sdl, rules) => {
                let wanted = WantedDefinitions { text: WantedText::Addition(sdl), rules };
                return customize::plan(database, env, live, access, wanted).await;
            }
            Publication::Draft => match self.own_draft_over(session, live).await? {
                Ok(text) => text,
                Err(refused) => return Ok(refused),
            },
            Publication::Version(version) => self.text_of_version(live, version).await?,
            Publication::Filled(filled) => match self.draft_over(&filled.draft(), live).await? {
                Ok(text) => text,
                Err(refused) => return Ok(refused),
            },
        };
        customize::plan(database, env, live, access, WantedText::Whole(&text).into()).await
    }

    /// Has access keys filled again once nobody can write under the version before, if a publish has brought some.
    /// It is done beside: what was published stays, whatever comes of it.
    pub(super) fn settle_access_keys(&self) {
        let company = self.clone();
        drop(tokio::spawn(async move {
            if let Err(error) = company.settled().await {
                tracing::warn!(%error, "access keys were not filled again; the next start does so");
            }
        }));
    }

    async fn settled(&self) -> Result<()> {
        let Some(due) = access_keys::due(&self.database).await? else { return Ok(()) };
        for pause in SETTLED {
            tokio::time::sleep(pause).await;
            access_keys::fill(&self.database, &self.catalog()).await?;
        }
        access_keys::done(&self.database, &due).await
    }

    /// What a plan opens and closes: at once, and with all that starts switched off switched on.
    pub(super) async fn impact(&self, plan: &PublishPlan) -> Result<Impact> {
        let Some(new) = plan.applicable().filter(|_| plan.changes_rights()) else {
            return Ok(Impact::default());
        };
        let session = self.system_session("comparing what others may see");
        let holders = self.holders().await?;
        let now = self.rights.simulate_definition(&session, &holders, new, false).await?;
        let switched_on = self.rights.simulate_definition(&session, &holders, new, true).await?;
        Ok(Impact { catalog: session.catalog, holders, now, switched_on })
    }
}

/// Notes in the audit trail what is published, and what it changes.
fn note(
    new: &Catalog,
    plan: &PublishPlan,
    publication: Publication<'_>,
    options: PublishOptions<'_>,
) {
    let changes = plan.changes.iter().take(NOTED).map(|change| {
        json!({
            "kind": change.kind.as_ref(), "object": change.object, "field": change.field,
            "risk": change.risk.as_ref(),
        })
    });
    audit::tell(publication.mutation(), json!(new.version));
    audit::tell("changes", changes.collect());
    audit::tell("of", json!(plan.changes.len()));
    if let Publication::Version(version) = publication {
        audit::tell("to", json!(version));
    }
    if let Some(reason) = options.note {
        audit::tell("note", json!(reason));
    }
    if options.accept_layouts {
        audit::tell("acceptLayouts", json!(true));
    }
    audit::tell("begins", json!(plan.text().chars().take(BEGINNING).collect::<String>()));
}
