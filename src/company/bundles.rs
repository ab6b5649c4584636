//! Definitions as a bundle: exported, compared with what is here, and applied: all kinds of parts in one transaction, live
//! together.

use std::sync::Arc;

use serde_json::json;
use strum::IntoEnumIterator;

use super::{Company, Impact, bundled_views::BundledViews, definitions::TRIES, faults};
use crate::{
    access::Role,
    base::{Code, Error, Message, Result},
    bundle::{
        self, Bundle, BundleComparison, BundleFile, BundlePart, Choice, Digests, PartDifference,
        TrustedKey,
    },
    catalog::{
        Catalog, CatalogChange, ChangeKind, DefinitionPart, Diagnostic, NamedText, Origin,
        PartKind, is_text_name, sdl::TypeTexts,
    },
    customize::{self, BundlePublish, PartChange, PublishPlan, WantedDefinitions, WantedText},
    records::Session,
    rights::Warning,
    storage::{audit, catalogs, parts},
    workspace::SharedView,
};

/// Most files named in the audit trail.
const NOTED: usize = 100;
/// Where faults are that no file has alone.
const OBJECTS: &str = "objects";

/// How far a bundle is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BundleRun {
    /// It is compared; the database is only read.
    Compare,
    /// It is carried out in a transaction that is undone, so that the database has its say.
    Rehearse,
    /// It is applied.
    Apply,
}

/// What is wanted of a bundle.
#[derive(Debug, Clone, Copy)]
pub struct BundleRequest<'b> {
    /// How far it is carried out.
    pub run: BundleRun,
    /// Which side counts where both have changed a text.
    pub choice: Choice<'b>,
    /// What may be retired: `Object`, `Object.field`, or `*`.
    pub retire: &'b [String],
    /// The roles that the caller holds, which they may not change.
    pub held: &'b [String],
    /// Why, in their words.
    pub note: Option<&'b str>,
}

/// What came of a bundle.
pub struct AppliedBundle {
    /// The version that is live now.
    pub version: i64,
    /// The texts that differed.
    pub differences: Vec<PartDifference>,
    /// What this changes of the definitions.
    pub changes: Vec<CatalogChange>,
    /// What is wrong; nothing was applied where there is any. Paths are those of the bundle's files.
    pub diagnostics: Vec<Diagnostic>,
    /// What may surprise whoever applies it.
    pub warnings: Vec<Warning>,
    /// New objects, each with the codes of the roles that grant nothing on it, here or in the bundle.
    pub lacking: Vec<(String, Vec<String>)>,
    /// What its definitions open and close.
    pub impact: Impact,
}

impl AppliedBundle {
    fn nothing(version: i64) -> Self {
        Self {
            version,
            differences: Vec::new(),
            changes: Vec::new(),
            diagnostics: Vec::new(),
            warnings: Vec::new(),
            lacking: Vec::new(),
            impact: Impact::default(),
        }
    }
}

/// The roles that a bundle brings in place of those that are here. One that cannot be read is reported where it is stored.
fn roles_of(bundle: &Bundle, compared: &BundleComparison) -> impl Iterator<Item = Role> {
    let wanted = |part: &&BundlePart| {
        compared.wanted().any(|one| (one.kind, &one.name) == (part.kind, &part.name))
    };
    let roles = bundle.parts.iter().filter(|part| part.kind == PartKind::Role).filter(wanted);
    roles.filter_map(|part| Role::parse(&part.text).ok())
}

/// A part that is stored here.
struct SystemPart {
    stored: DefinitionPart,
    since: i64,
}

/// What is here, as a bundle has it.
struct SystemSide {
    texts: Vec<BundlePart>,
    parts: Vec<SystemPart>,
    views: Vec<SharedView>,
}

impl SystemSide {
    fn part(&self, kind: PartKind, name: &str) -> Option<&SystemPart> {
        self.parts.iter().find(|known| (known.stored.kind, &*known.stored.name) == (kind, name))
    }
}

/// The text of objects that a bundle comes to, compared with what is live.
struct ObjectsPlan {
    plan: PublishPlan,
    texts: TypeTexts,
    paths: Vec<String>,
}

impl Company {
    /// The company's own definitions, as far as the caller may read them: roles are for administrators.
    pub async fn export_bundle(&self, session: &Session) -> Result<Bundle> {
        Ok(Bundle::exported(self.system_side(session).await?.texts))
    }

    /// The trusted key that has signed just these files.
    pub fn vouched(&self, files: &[BundleFile], signature: Option<&str>) -> Result<TrustedKey> {
        let signature = signature.ok_or_else(bundle::faults::unsigned)?;
        let key = bundle::verify(files, signature)?;
        match self.trusts(&key) {
            true => Ok(key),
            false => Err(bundle::faults::unknown_signer(key.to_string())),
        }
    }

    /// Whether the settings trust a key.
    pub fn trusts(&self, key: &TrustedKey) -> bool {
        self.trusted_keys.contains(key)
    }

    /// Carries out a bundle of files. What is noted for the audit trail goes to the entry that is being written around this call.
    pub async fn apply_bundle(
        &self,
        session: &Session,
        files: &[BundleFile],
        request: BundleRequest<'_>,
    ) -> Result<AppliedBundle> {
        let bundle = match Bundle::read(files) {
            Ok(bundle) => bundle,
            Err(faults) => return self.unread(faults).await,
        };
        for _another in 1..TRIES {
            match Box::pin(self.try_bundle(session, &bundle, request)).await {
                // Somebody has published other parts meanwhile; what they changed is compared again.
                Err(error) if error.code == Code::CatalogConflict && self.is_latest().await? => {}
                applied => return applied,
            }
        }
        Box::pin(self.try_bundle(session, &bundle, request)).await
    }

    /// What comes of files that are no bundle: what is wrong with each.
    async fn unread(&self, faults: Vec<Error>) -> Result<AppliedBundle> {
        let mut told = AppliedBundle::nothing(catalogs::latest(&self.database).await?);
        let at = |fault: &Error| fault.path.first().cloned().unwrap_or_default();
        told.diagnostics = faults.into_iter().map(|fault| diagnostic(&at(&fault), fault)).collect();
        Ok(told)
    }

    async fn try_bundle(
        &self,
        session: &Session,
        bundle: &Bundle,
        request: BundleRequest<'_>,
    ) -> Result<AppliedBundle> {
        let turn = self.live.turn().await;
        let live = turn.live();
        let system = Box::pin(self.system_side(session)).await?;
        let last = BundlePublish::brought(&self.database).await?;
        let brought: Digests = last
            .as_deref()
            .map_or(Ok(Digests::new()), serde_json::from_str)
            .map_err(Error::internal)?;
        let compared = bundle.compared(&system.texts, &brought, request.choice);
        let mut told = self.told(session, bundle, &compared, request).await?;
        let objects = Box::pin(self.objects_plan(session, &live, bundle, &compared)).await?;
        let mut next = Some(Arc::clone(&live));
        if let Some(ObjectsPlan { plan, .. }) = &objects {
            told.changes.clone_from(&plan.changes);
            next.clone_from(&plan.catalog);
            if let Some(new) = &next {
                told.warnings = self.rights.warnings_of(&live, new).await?;
                let brought: Vec<_> = roles_of(bundle, &compared).collect();
                told.lacking = self.rights.lacking(&live, new, &brought).await?;
                told.impact = Box::pin(self.impact(plan)).await?;
            }
        }
        told.diagnostics.extend(objects.iter().flat_map(ObjectsPlan::diagnostics));
        told.diagnostics.extend(not_allowed(&told.changes, request));
        let mut wanted: Vec<(PartKind, Vec<PartChange>)> = Vec::new();
        let mut views = Vec::new();
        for one in compared.wanted().filter(|one| !is_resolved(one.kind)) {
            if one.kind == PartKind::View {
                let Some(catalog) = &next else { continue };
                match self.view_change(catalog, bundle, one, &system.views).await? {
                    Err(faults) => told.diagnostics.extend(faults),
                    Ok((change, described)) => {
                        told.changes.push(described);
                        views.push(change);
                    }
                }
                continue;
            }
            let known = system.part(one.kind, &one.name);
            let (since, stored) =
                known.map_or((0, None), |known| (known.since, Some(&known.stored)));
            let mine =
                bundle.parts.iter().find(|part| (part.kind, &part.name) == (one.kind, &one.name));
            // Without a catalog nothing can be said of what names its objects.
            let Some(catalog) = &next else { continue };
            let sides = (mine, stored);
            match self.part_change(session, catalog, bundle, one, sides, since).await? {
                Err(faults) => told.diagnostics.extend(faults),
                Ok(change) => {
                    told.changes.push(change.described(one.kind, stored.is_some()));
                    match wanted.last_mut().filter(|(kind, _)| *kind == one.kind) {
                        Some((_, changes)) => changes.push(change),
                        None => wanted.push((one.kind, vec![change])),
                    }
                }
            }
        }
        wanted.sort_by_key(|(kind, _)| *kind);
        told.differences.clone_from(&compared.differences);
        if request.run == BundleRun::Compare || !told.diagnostics.is_empty() {
            return Ok(told);
        }
        let now = serde_json::to_string(&compared.brought).map_err(Error::internal)?;
        if compared.wanted().next().is_none() && last.as_ref() == Some(&now) {
            return Ok(told);
        }
        let plan = objects.as_ref().map(|objects| &objects.plan);
        // All that requests need is ready before anything is written.
        let ready = match plan.and_then(PublishPlan::applicable) {
            Some(new) => Some(turn.prepare(Arc::clone(new)).await?),
            None => None,
        };
        note(&compared, request.note);
        let retypes = plan.map_or_else(Vec::new, |plan| plan.retypes(&live));
        told.diagnostics.extend(Box::pin(self.converting(&retypes, "objects")).await?);
        if !told.diagnostics.is_empty() {
            return Ok(told);
        }
        let row = self.settling(session.access.operator(), retypes)?;
        let beside = BundledViews { company: self, by: session.access.operator(), views };
        let publish = BundlePublish {
            objects: plan,
            beside: Some(&beside),
            parts: &wanted,
            brought: &now,
            note: request.note,
            job: row.as_ref().map(|(_, row)| row),
        };
        let (database, env) = (&self.database, &self.env);
        let dry_run = request.run == BundleRun::Rehearse;
        let access = &session.access;
        let published = customize::publish_bundle(database, env, &live, access, publish, dry_run);
        match Box::pin(published).await? {
            Err(fault) => told.diagnostics.extend(objects.map(|objects| objects.placed(fault))),
            Ok(_) if dry_run => {}
            Ok(version) => {
                told.version = version;
                if let Some(ready) = ready {
                    ready.publish();
                }
                Box::pin(self.follow_publish()).await;
            }
        }
        Ok(told)
    }

    /// What is told before anything is looked at closely: conflicts, and changes that are not the caller's to make.
    async fn told(
        &self,
        session: &Session,
        bundle: &Bundle,
        compared: &BundleComparison,
        request: BundleRequest<'_>,
    ) -> Result<AppliedBundle> {
        let mut diagnostics = Vec::new();
        for one in compared.differences.iter().filter(|one| one.conflict) {
            let fault = faults::changed_on_both_sides(&one.path);
            diagnostics.push(diagnostic(&one.path, fault));
        }
        let may_everything = session.access.may_everything();
        if !session.access.may_customize() {
            let roles = bundle.parts.iter().filter(|part| part.kind == PartKind::Role);
            let fault = |part: &BundlePart| {
                diagnostic(&part.path(), faults::roles_are_for_administrators())
            };
            diagnostics.extend(roles.map(fault));
        }
        if !may_everything {
            let views = bundle.parts.iter().filter(|part| part.kind == PartKind::View);
            let fault = |part: &BundlePart| {
                diagnostic(&part.path(), faults::views_are_for_administrators())
            };
            diagnostics.extend(views.map(fault));
        }
        for one in compared.wanted().filter(|one| one.kind == PartKind::Role) {
            if !may_everything && request.held.contains(&one.name) {
                diagnostics.push(diagnostic(&one.path, faults::own_role(&one.name)));
            }
        }
        let nothing = AppliedBundle::nothing(catalogs::latest(&self.database).await?);
        Ok(AppliedBundle { diagnostics, ..nothing })
    }

    /// Compares the text of objects that a bundle comes to with what is live; none if no type differs.
    async fn objects_plan(
        &self,
        session: &Session,
        live: &Catalog,
        bundle: &Bundle,
        compared: &BundleComparison,
    ) -> Result<Option<ObjectsPlan>> {
        if !compared.wanted().any(|one| is_resolved(one.kind)) {
            return Ok(None);
        }
        let rules = compared.wanted().filter(|one| one.kind == PartKind::Rules);
        let rules = rules.map(|one| {
            let mine = |part: &&BundlePart| (part.kind, &part.name) == (one.kind, &one.name);
            let text = bundle.parts.iter().find(mine).map(|part| part.text.clone());
            NamedText { name: one.name.clone(), text }
        });
        let rules: Vec<_> = rules.collect();
        let texts = TypeTexts::joined(compared.objects.iter().map(|part| part.text.as_str()));
        let wanted = WantedDefinitions { text: WantedText::Whole(&texts.text), rules: &rules };
        let plan =
            customize::plan(&self.database, &self.env, live, &session.access, wanted).await?;
        let paths = compared.objects.iter().map(BundlePart::path).collect();
        Ok(Some(ObjectsPlan { plan, texts, paths }))
    }

    /// What is here: read once more where somebody publishes meanwhile.
    async fn system_side(&self, session: &Session) -> Result<SystemSide> {
        for _another in 1..TRIES {
            let before = catalogs::latest(&self.database).await?;
            let side = self.read_system_side(session).await?;
            if catalogs::latest(&self.database).await? == before {
                return Ok(side);
            }
        }
        Err(catalogs::conflict())
    }

    async fn read_system_side(&self, session: &Session) -> Result<SystemSide> {
        let version = catalogs::version(&self.database).await?;
        let text = customize::custom_text(&self.database, version).await?;
        let objects = BundlePart::of_objects(&text);
        let unread = || Error::internal("the live definitions do not split by type");
        let (parts, views) = (Vec::new(), Vec::new());
        let mut side = SystemSide { texts: objects.ok_or_else(unread)?, parts, views };
        for kind in PartKind::iter().filter(|kind| *kind != PartKind::Objects) {
            if kind == PartKind::Role && !session.access.may_customize() {
                continue;
            }
            if kind == PartKind::View {
                // Others do not see all that are shared.
                if session.access.may_everything() {
                    side.views = self.workspace.shared_views().await?;
                }
                let texts = side.views.iter();
                let texts = texts.map(|view| BundlePart::new(kind, &view.key, &view.text));
                side.texts.extend(texts);
                continue;
            }
            let stored = parts::standing(&self.database, kind).await?;
            for known in stored.into_iter().filter(|known| known.part.origin == Origin::Custom) {
                let mut part = BundlePart::of(&known.part);
                if kind == PartKind::Role {
                    part.text = self.rights.portable_role(session, &part.text).await?;
                }
                side.texts.push(part);
                side.parts.push(SystemPart { stored: known.part, since: known.since });
            }
        }
        Ok(side)
    }
}

impl ObjectsPlan {
    fn diagnostics(&self) -> Vec<Diagnostic> {
        self.plan.diagnostics.iter().map(|fault| self.placed(fault.clone())).collect()
    }

    /// A fault of the whole text at its place in the file it comes from.
    fn placed(&self, fault: Diagnostic) -> Diagnostic {
        if fault.path != self.plan.path {
            // A text of behaviour has the path of its file.
            let path = BundlePart::new(PartKind::Rules, &fault.path, "").path();
            return match is_text_name(&fault.path) {
                true => Diagnostic { path, ..fault },
                false => fault,
            };
        }
        // Those of changes have no place.
        let changes = matches!(fault.code, Code::CatalogChange | Code::AccessDenied);
        let place = self.texts.place(fault.line).filter(|_| !changes);
        match place.and_then(|(at, line)| Some((self.paths.get(at)?, line))) {
            Some((path, line)) => Diagnostic { path: path.clone(), line, ..fault },
            None => Diagnostic { path: OBJECTS.to_owned(), ..fault },
        }
    }
}

/// Whether texts of a kind are resolved together, to a catalog.
fn is_resolved(kind: PartKind) -> bool {
    matches!(kind, PartKind::Objects | PartKind::Rules)
}

/// A fault of a file as a whole.
pub(super) fn diagnostic(path: &str, fault: Error) -> Diagnostic {
    let Error { code, message, hint, .. } = fault;
    Diagnostic { code, path: path.to_owned(), line: 1, column: 1, message, hint }
}

/// What a bundle would retire and nobody has allowed. A comparison only tells it as a change.
fn not_allowed(changes: &[CatalogChange], request: BundleRequest<'_>) -> Vec<Diagnostic> {
    let retires = |change: &&CatalogChange| {
        matches!(change.kind, ChangeKind::RetireObject | ChangeKind::RetireField)
    };
    let name = |change: &CatalogChange| match &change.field {
        Some(field) => format!("{}.{field}", change.object),
        None => change.object.clone(),
    };
    let allowed = |change: &&CatalogChange| {
        let names = ["*".to_owned(), change.object.clone(), name(change)];
        names.iter().any(|name| request.retire.contains(name))
    };
    let told = changes.iter().filter(retires).filter(|change| !allowed(change));
    let told = told.filter(|_| request.run != BundleRun::Compare);
    told.map(|change| diagnostic(OBJECTS, faults::would_retire(Message::same(name(change)))))
        .collect()
}

/// Notes in the audit trail which files are applied.
fn note(compared: &BundleComparison, reason: Option<&str>) {
    let files = compared.wanted().take(NOTED);
    let files: Vec<_> = files.map(|one| format!("{} {}", one.how.as_ref(), one.path)).collect();
    audit::tell("files", json!(files));
    audit::tell("of", json!(compared.wanted().count()));
    if let Some(reason) = reason {
        audit::tell("note", json!(reason));
    }
}
