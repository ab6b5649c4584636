//! Floor 7: publishes definitions: resolves, compares, changes the tables and publishes a version, in one
//! transaction. What is no longer defined is retired: hidden and kept.

use std::sync::Arc;

use sea_orm::sea_query::{InsertStatement, UpdateStatement};

mod behaviour;
mod bundle_publish;
mod converting;
mod custom_text;
pub(crate) mod faults;
mod following_texts;
mod key_violations;
mod purge;
mod refused_changes;
mod shared_catalogs;
mod standalone_parts;

use crate::{
    access::Access,
    base::{Code, Env, Error, Lang, Message, Result},
    catalog::{
        Catalog, CatalogChange, ChangeKind, DefinitionPart, Diagnostic, FieldIx, ObjectIx, Origin,
        PartKind, Renames, Retired, RetiredName, Retype, Risk, diff_beside, messages,
        resolve_apart, resolve_beside, retire, retypes, standard_sources, switches,
    },
    sql::{self, ddl, restored},
    storage::{
        self, Database, Tx, access_keys,
        catalogs::{self, NextVersion},
        derived, does_not_fit, fault, formulas, old_names, parts, retired,
        rights::follow_switches,
        schema_drafts, search, unfit,
    },
};

use self::{
    refused_changes::{destructive, not_ones_own, reason, unfitting},
    standalone_parts::publish_parts_in,
};
pub use behaviour::WantedDefinitions;
pub use bundle_publish::{BundlePublish, publish_bundle};
pub use custom_text::{WantedText, custom_text, resolved_text};
pub use purge::{Purged, purge};
pub use shared_catalogs::SharedCatalogs;
pub use standalone_parts::{
    PartChange, PublishStep, PublishedParts, publish_parts, publish_parts_behind,
};

/// Prefix of the paths of applied texts.
const APPLIED: &str = "custom/";

/// What a definition text would change in the live catalog.
#[derive(Debug)]
pub struct PublishPlan {
    /// The differences from the live catalog.
    pub changes: Vec<CatalogChange>,
    /// What is wrong. Empty if the plan may be applied.
    pub diagnostics: Vec<Diagnostic>,
    /// The resulting catalog. None if the text does not resolve.
    pub catalog: Option<Arc<Catalog>>,
    /// The text makes no difference and repeats the last one.
    again: bool,
    /// The path of the text in diagnostics.
    pub path: String,
    before: Vec<DefinitionPart>,
    sources: Vec<DefinitionPart>,
    retired: Retired,
}

/// What is written along with a publish.
#[derive(Debug, Clone, Copy, Default)]
pub struct Along<'a> {
    /// Why, in the words of whoever publishes.
    pub note: Option<&'a str>,
    /// Whether it is their draft, which is then dropped.
    pub draft: bool,
    /// Layouts that are stored with it, as a version of their own behind it.
    pub layouts: &'a [PartChange],
    /// Whether a job has filled the columns of fields that get another type, but for what changed since.
    pub filled: bool,
    /// The row of the job that follows from it or that it ends.
    pub job: Option<&'a JobRow>,
}

/// A row of a job that is written in the transaction of a publish.
#[derive(Debug)]
pub enum JobRow {
    /// A new job.
    New(InsertStatement),
    /// A job that gets further. If that changes no row, nothing is published.
    Moved(UpdateStatement),
}

impl PublishPlan {
    /// A plan that only says what is wrong.
    pub fn refused(path: String, diagnostics: Vec<Diagnostic>) -> Self {
        let (changes, before, sources) = (Vec::new(), Vec::new(), Vec::new());
        let (catalog, again, retired) = (None, false, Retired::default());
        Self { changes, diagnostics, catalog, again, path, before, sources, retired }
    }

    /// The text that it puts in place.
    pub fn text(&self) -> &str {
        let own = self.sources.iter().find(|part| part.name == self.path);
        own.map(|part| part.text.as_str()).unwrap_or_default()
    }

    /// The catalog to publish. None if there is a fault or no difference.
    pub fn applicable(&self) -> Option<&Arc<Catalog>> {
        self.catalog.as_ref().filter(|_| self.diagnostics.is_empty() && !self.again)
    }

    /// The fields that it gives another type.
    pub fn retypes(&self, live: &Catalog) -> Vec<Retype> {
        let earlier = |name: &str| self.retired.earlier(live, name);
        self.catalog.as_ref().map_or_else(Vec::new, |new| retypes(&self.changes, earlier, new))
    }

    /// Whether it changes who may read or write records.
    pub fn changes_rights(&self) -> bool {
        self.changes.iter().any(|change| change.risk == Risk::Rights)
    }
}

/// Opens the company's catalog and upgrades it to this program's standard objects. Fails if that would lose
/// data.
pub async fn open(database: &Database, env: &Env, shared: &SharedCatalogs) -> Result<Arc<Catalog>> {
    let version = catalogs::version(database).await?;
    let stored = parts::resolved(database).await?;
    let custom = stored.iter().filter(|source| source.origin == Origin::Custom).cloned();
    let wanted: Vec<DefinitionPart> = standard_sources().into_iter().chain(custom).collect();
    let (known, now) = (old_names::all(database).await?, env.clock.now());
    let old = if version == 0 {
        Arc::default()
    } else {
        shared.of(&stored, version, &known, now).map_err(|faults| broken(&faults))?
    };
    if version > 0 {
        derived::bring_up(database, &old).await?;
    }
    if wanted == stored {
        told(&old);
        search::bring_up(database, &old).await?;
        return Ok(old);
    }
    let next = catalogs::latest(database).await? + 1;
    let mut new = resolve_apart(&wanted, next).map_err(|faults| broken(&faults))?;
    old_names::lead(&mut new, &known, now, true);
    told(&new);
    let retired = custom_text::retired(database, &new).await?;
    let mut changes = diff_beside(&old, &new, &retired);
    keep_what_is_apart(&mut changes, (&old, &new), &retired);
    let refused: Vec<_> = changes.iter().filter(|change| not_taken_over(change, &new)).collect();
    if let Some(first) = refused.first() {
        let field = first.field.as_ref().map(|field| format!(".`{field}`")).unwrap_or_default();
        let what = format!("`{}`{field}", first.object);
        let error = faults::not_taken_over(what, reason(first));
        return Err(Error { internal: Some(format!("{refused:?}")), ..error });
    }
    let plan = PublishPlan {
        changes,
        before: stored,
        sources: wanted,
        retired,
        ..PublishPlan::refused(String::new(), Vec::new())
    };
    publish(database, env, None, (&old, &new), &plan, Along::default()).await?;
    Ok(Arc::new(new))
}

/// Says in the log what is kept apart.
fn told(catalog: &Catalog) {
    for apart in &catalog.apart {
        for fault in &apart.diagnostics {
            tracing::warn!(definition = apart.name, %fault, "kept in quarantine; the rest is served");
        }
    }
}

/// What a newer program no longer resolves is retired: hidden, its tables and columns left alone, and there again once
/// its definition resolves.
fn keep_what_is_apart(
    changes: &mut Vec<CatalogChange>,
    (old, new): (&Catalog, &Catalog),
    kept: &Retired,
) {
    if new.apart.is_empty() {
        return;
    }
    // Custom texts are those of the version before, so that whatever is gone of theirs is apart, or rests on what is.
    let custom = |change: &CatalogChange| {
        let Some(object) = old.named(&change.object) else { return false };
        let field = change.field.as_deref().and_then(|name| object.named(name));
        match change.kind {
            ChangeKind::RemoveObject => object.origin == Origin::Custom,
            ChangeKind::RemoveField => {
                field.is_some_and(|(_, field)| field.origin == Origin::Custom)
            }
            _ => false,
        }
    };
    let apart = |change: &CatalogChange| new.keeps_apart(&change.object, change.field.as_deref());
    let (mut gone, left): (Vec<_>, Vec<_>) =
        std::mem::take(changes).into_iter().partition(|change| custom(change) || apart(change));
    retire(&mut gone, old, kept);
    *changes = left.into_iter().chain(gone).collect();
}

/// Whether a program does not take a database over with this change: it would lose data, or open records because what
/// they are controlled by does not resolve.
fn not_taken_over(change: &CatalogChange, new: &Catalog) -> bool {
    change.risk == Risk::Destructive || change.risk == Risk::Rights && !new.apart.is_empty()
}

/// Returns the latest catalog if another process has published one since `version`.
pub async fn newer(database: &Database, env: &Env, version: i64) -> Result<Option<Arc<Catalog>>> {
    let stored = catalogs::version(database).await?;
    if stored <= version {
        return Ok(None);
    }
    let sources = parts::resolved_at(database, stored).await?;
    let mut catalog = resolve_apart(&sources, stored).map_err(|faults| broken(&faults))?;
    old_names::lead(&mut catalog, &old_names::all(database).await?, env.clock.now(), false);
    // An earlier program may have published it, so columns or indexes may be missing.
    derived::bring_up(database, &catalog).await?;
    Ok(Some(Arc::new(catalog)))
}

fn broken(faults: &[Diagnostic]) -> Error {
    let text = |fault: &Diagnostic| Message::new(fault.text(Lang::En), fault.text(Lang::Zh));
    let listed: Vec<_> = faults.iter().map(text).collect();
    let all = Message::joined(&listed, ("; ", "；"));
    let internal = Message::joined(&listed, ("\n", "\n")).en.into_owned();
    Error { internal: Some(internal), ..faults::do_not_resolve(all) }
}

/// Compares definitions that are wanted with the live catalog. Reports all faults at once.
pub async fn plan(
    database: &Database,
    env: &Env,
    live: &Catalog,
    access: &Access,
    wanted: WantedDefinitions<'_>,
) -> Result<PublishPlan> {
    // Another process may have published and this one not followed yet, or publish while the parts are read.
    if catalogs::version(database).await? != live.version {
        return Err(catalogs::conflict());
    }
    let next = catalogs::latest(database).await? + 1;
    let before = parts::resolved(database).await?;
    if catalogs::version(database).await? != live.version {
        return Err(catalogs::conflict());
    }
    let (mut sources, path) = wanted.text.parts(&before);
    let misnamed = wanted.follow(&mut sources);
    let mut plan = PublishPlan { before, sources, ..PublishPlan::refused(path, misnamed) };
    if !plan.diagnostics.is_empty() {
        return Ok(plan);
    }
    let mut new = match resolve_beside(&plan.sources, next, &live.apart) {
        Ok(new) => new,
        Err(diagnostics) => return Ok(PublishPlan { diagnostics, ..plan }),
    };
    old_names::lead(&mut new, &old_names::all(database).await?, env.clock.now(), true);
    plan.retired = custom_text::retired(database, &new).await?;
    plan.changes = diff_beside(live, &new, &plan.retired);
    plan.changes.extend(behaviour::changes(&plan.before, &plan.sources));
    if matches!(wanted.text, WantedText::Whole(_)) {
        retire(&mut plan.changes, live, &plan.retired);
    }
    for change in &plan.changes {
        match change.risk {
            Risk::Destructive => plan.diagnostics.push(destructive(&plan.path, change)),
            // Whether values can be converted tells of all records.
            risk if (risk == Risk::Rights || change.kind == ChangeKind::RetypeField)
                && !access.may_everything() =>
            {
                plan.diagnostics.push(not_ones_own(&plan.path, change));
            }
            _ => {}
        }
    }
    plan.diagnostics.extend(behaviour::mandates(live, &new, access));
    if plan.diagnostics.is_empty() {
        plan.diagnostics = behaviour::waiting(database, live, &new).await?;
    }
    if plan.diagnostics.is_empty() {
        let of = (live, &new, &plan.retired);
        plan.diagnostics = key_violations::records(database, of, access, &plan.path).await?;
    }
    // Labels make no difference to tables but need a new version. Only a repeated text needs none.
    plan.again = plan.changes.is_empty() && wanted.text.again(&plan.before);
    plan.catalog = Some(Arc::new(new));
    Ok(plan)
}

/// Publishes a plan: tables and metadata commit together. If existing records do not fit, returns a
/// diagnostic and changes nothing.
pub async fn apply(
    database: &Database,
    env: &Env,
    live: &Catalog,
    access: &Access,
    plan: &PublishPlan,
    along: Along<'_>,
) -> Result<Option<Diagnostic>> {
    let Some(new) = plan.applicable() else { return Ok(None) };
    match publish(database, env, Some(access), (live, &**new), plan, along).await {
        Err(error) if error.code == Code::CatalogChange => Ok(Some(unfitting(&plan.path, &error))),
        published => published.map(|()| None),
    }
}

/// Changes the tables and publishes a version, for a caller who applies a text or for the program itself.
async fn publish(
    database: &Database,
    env: &Env,
    who: Option<&Access>,
    (old, new): (&Catalog, &Catalog),
    plan: &PublishPlan,
    along: Along<'_>,
) -> Result<()> {
    let tx = database.begin().await?;
    tx.unlimited().await?;
    publish_in(&tx, env, who, (old, new), plan, along).await?;
    tx.commit().await
}

/// The same in a transaction that the caller ends.
async fn publish_in(
    tx: &Tx,
    env: &Env,
    who: Option<&Access>,
    (old, new): (&Catalog, &Catalog),
    plan: &PublishPlan,
    along: Along<'_>,
) -> Result<()> {
    let PublishPlan { before, sources: after, changes, retired: kept, .. } = plan;
    let by = who.and_then(Access::operator);
    let (version, kind, note) = (new.version, behaviour::kind(before, after), along.note);
    let next = NextVersion { version, kind, by, note, before, after, changes };
    catalogs::alone(tx).await?;
    catalogs::publish(tx, env, &next).await?;
    let retires = changes.iter().filter_map(|change| RetiredName::of(change, old, kept));
    retired::note(tx, &retires.collect::<Vec<_>>(), changes).await?;
    old_names::note(tx, env.clock.now(), new).await?;
    following_texts::follow(tx, env, by, &Renames::between(old, new)).await?;
    let retyped = retypes(changes, |name| kept.earlier(old, name), new);
    for retype in &retyped {
        storage::retypes::prepare(tx, retype, !along.filled).await?;
    }
    for statement in tables(tx, (old, new), plan).await? {
        define(tx, &statement).await?;
    }
    converting::convert(tx, env, (old, new), plan, &retyped).await?;
    if !old.apart.is_empty() {
        for statement in ddl::missing(tx.dialect(), new, &derived::there(tx).await?) {
            define(tx, &statement).await?;
        }
    }
    let earlier = |name: &str| kept.earlier(old, name);
    // Standard dimensions are not switched off at first: the program's standard roles take them into account.
    for object in new.objects.iter().filter(|_| who.is_some()) {
        if let Some((old, before)) = earlier(&object.name) {
            let switches = switches(old, before, new, object);
            follow_switches(tx, &object.name, &switches).await?;
        }
    }
    derived::note(tx, new).await?;
    search::prepare(tx, new).await?;
    let again = changes.iter().filter(|change| change.kind == ChangeKind::RestoreObject);
    let again: Vec<_> = again.map(|change| change.object.as_str()).collect();
    let without = formulas::bring_up(tx, env, earlier, new, &again).await?;
    if let Some(access) = who {
        computed(access, old, new, &without)?;
    }
    if let Some(operator) = by.filter(|_| along.draft) {
        schema_drafts::drop_of(tx, operator).await?;
    }
    converting::note(tx, along.job).await?;
    if along.layouts.is_empty() {
        return Ok(());
    }
    match publish_parts_in(tx, env, (by, note), PartKind::Layout, along.layouts).await? {
        // Somebody has stored one of them since they were looked for.
        PublishedParts::Stale(..) => Err(catalogs::conflict()),
        PublishedParts::Live(_) | PublishedParts::Unchanged => Ok(()),
    }
}

/// The statements that bring the tables from one catalog to the next.
async fn tables(
    tx: &Tx,
    (old, new): (&Catalog, &Catalog),
    plan: &PublishPlan,
) -> Result<Vec<String>> {
    let (dialect, changes) = (tx.dialect(), &plan.changes);
    let objects = changes.iter().filter(|change| change.kind == ChangeKind::RestoreObject);
    let again: Vec<&str> = objects.map(|change| change.object.as_str()).collect();
    let restores = |change: &CatalogChange| {
        matches!(change.kind, ChangeKind::RestoreObject | ChangeKind::RestoreField)
    };
    let restores = changes.iter().any(restores);
    let (mut added, mut filled, mut back) = (Vec::new(), Vec::new(), Vec::new());
    if restores || sql::access_keys::fresh(old, new) {
        let there = derived::there(tx).await?;
        (added, filled) = sql::access_keys::publish(dialect, (old, new), &again, &there);
        access_keys::note(tx, new).await?;
        back = restored::restored(dialect, new, &plan.retired, changes, &there);
    }
    let statements = match old.apart.is_empty() {
        true => ddl::statements(dialect, old, new, changes),
        false => {
            let there = derived::there(tx).await?;
            let lacks = changes.iter().filter(|change| !is_there(&there, new, change));
            let lacks: Vec<_> = lacks.cloned().collect();
            ddl::statements(dialect, old, new, &lacks)
        }
    };
    let united = sql::one_of::follow(dialect, old, new);
    Ok([added, back, statements, united, filled].concat())
}

/// Whether a change adds what was kept apart while its table or column stayed.
fn is_there(there: &ddl::There, new: &Catalog, change: &CatalogChange) -> bool {
    let has =
        |table: &str, column: &str| there.columns.contains(&(table.to_owned(), column.to_owned()));
    let Some(object) = new.named(&change.object) else { return false };
    let field = change.field.as_deref().and_then(|name| object.named(name));
    match (change.kind, field) {
        (ChangeKind::AddObject, _) => has(&object.table, "id"),
        (ChangeKind::AddField, Some((_, field))) => {
            field.column.as_deref().is_some_and(|column| has(&object.table, column))
        }
        (ChangeKind::AddUnique | ChangeKind::AddIndex, _) => {
            change.field.as_ref().is_some_and(|name| there.indexes.contains(name))
        }
        _ => false,
    }
}

/// Refuses formulas that have no value on existing records, because nobody might notice the empty fields.
///
/// Callers who do not see everything that the formula reads must not learn whether there are such records.
/// For them the definition is applied and the values stay empty.
fn computed(
    access: &Access,
    old: &Catalog,
    new: &Catalog,
    without: &[(ObjectIx, FieldIx, u64)],
) -> Result<()> {
    let told = without.iter().filter(|(object, ix, _)| {
        let object = new.object(*object);
        old.named(&object.name)
            .is_some_and(|old| key_violations::sees_made(access, old, object, *ix))
    });
    let told = told.map(|(object, ix, records)| {
        let object = new.object(*object);
        messages::of_formula(format!("{}.{}", object.name, object.field(*ix).name), *records)
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() {
        return Ok(());
    }
    Err(faults::not_computed(Message::joined(&told, (", ", "、"))))
}

async fn define(tx: &Tx, statement: &str) -> Result<()> {
    tx.define(statement).await.map_err(|error| {
        let mut refused = if unfit(&error) { does_not_fit(&error) } else { fault(error) };
        refused.internal =
            Some(format!("{statement}: {}", refused.internal.take().unwrap_or_default()));
        refused
    })
}
