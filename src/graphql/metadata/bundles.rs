//! Definitions as a bundle at `/metadata`: all of them as files, files compared with what is here, and applied.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use serde_json::json;

use super::{
    administrator_check::defines,
    apply_schema::{
        ChangeInfo, DiagnosticInfo, RolesLacking, WarningInfo, change, diagnostics, noted, warning,
    },
    audit::told,
    context::raised,
    layouts::lang,
    scalars::Word,
    simulate::{PolicyDifference, named},
};
use crate::{
    access::Principal,
    bundle::{BundleFile, Choice, DifferenceKind, PartDifference, TrustedKey},
    company::{AppliedBundle, BundleRequest, BundleRun},
    storage::audit::{self, AuditKind},
};

/// A file of a bundle.
#[derive(SimpleObject)]
#[graphql(name = "BundleFile")]
struct BundleFileInfo {
    /// The path within the folder, with `/` between.
    path: String,
    text: String,
}

/// A file of a bundle.
#[derive(InputObject)]
struct BundleFileInput {
    /// The path within the folder, with `/` between.
    path: String,
    text: String,
}

/// A file that the bundle and this company do not have alike.
#[derive(SimpleObject)]
#[graphql(name = "BundleDifference")]
struct BundleDifferenceInfo {
    path: String,
    kind: Word<DifferenceKind>,
    /// Whether what is here has changed since the bundle was exported or the last one applied, so that somebody has to
    /// decide.
    conflict: bool,
    /// Whether what is here stays.
    stays: bool,
}

/// What came of comparing or applying a bundle.
#[derive(SimpleObject)]
struct BundlePayload {
    /// The version that is live now.
    version: i64,
    /// The files that differ.
    differences: Vec<BundleDifferenceInfo>,
    /// What this changes of the definitions, each with its risk.
    changes: Vec<ChangeInfo>,
    /// What is wrong; nothing was applied where there is any. Paths are those of the bundle's files.
    diagnostics: Vec<DiagnosticInfo>,
    /// What roles make of it that may not be meant.
    warnings: Vec<WarningInfo>,
    /// New objects, each with the roles that grant nothing on it, here or in the bundle; `setRights` grants it.
    lacking: Vec<RolesLacking>,
    /// What changes of definitions with the risk `RIGHTS` open and close for reading at once, by account and object.
    impact: Vec<PolicyDifference>,
    /// What they will open and close once the dimensions that start switched off are switched on.
    impact_switched_on: Vec<PolicyDifference>,
    /// The trusted key that signed it; none where none is asked for.
    signed_by: Option<String>,
}

fn payload(ctx: &Context<'_>, applied: AppliedBundle, key: Option<TrustedKey>) -> BundlePayload {
    let lang = lang(ctx);
    let AppliedBundle {
        version,
        differences,
        changes,
        diagnostics: faults,
        warnings,
        lacking,
        impact,
    } = applied;
    let differ = |differ| named(&impact.catalog, &impact.holders, differ);
    let (impact, impact_switched_on) = (differ(impact.now), differ(impact.switched_on));
    let difference = |one: PartDifference| BundleDifferenceInfo {
        path: one.path,
        kind: Word(one.how),
        conflict: one.conflict,
        stays: one.stays,
    };
    BundlePayload {
        version,
        differences: differences.into_iter().map(difference).collect(),
        changes: changes.into_iter().map(|one| change(one, lang)).collect(),
        diagnostics: diagnostics(faults, lang),
        warnings: warnings.into_iter().map(|one| warning(one, lang)).collect(),
        lacking: RolesLacking::of(lacking),
        impact,
        impact_switched_on,
        signed_by: key.map(|key| key.to_string()),
    }
}

fn read(files: Vec<BundleFileInput>) -> Vec<BundleFile> {
    let file = |BundleFileInput { path, text }: BundleFileInput| BundleFile { path, text };
    files.into_iter().map(file).collect()
}

#[derive(Default)]
pub(super) struct BundleQuery;

#[Object]
impl BundleQuery {
    /// All of the company's own definitions as the files of a bundle; roles for administrators only. For those who
    /// define objects.
    async fn export_schema(&self, ctx: &Context<'_>) -> Result<Vec<BundleFileInfo>> {
        let (company, session) = defines(ctx)?;
        let exported = Box::pin(company.export_bundle(session)).await;
        let files = exported.map_err(|error| raised(ctx, &error))?.files().into_iter();
        Ok(files.map(|BundleFile { path, text }| BundleFileInfo { path, text }).collect())
    }

    /// Compares a bundle with what is here and changes nothing. For those who define objects.
    async fn diff_schema(
        &self,
        ctx: &Context<'_>,
        files: Vec<BundleFileInput>,
        #[graphql(default)] overwrite: Vec<String>,
        #[graphql(default)] keep: Vec<String>,
    ) -> Result<BundlePayload> {
        let (company, session) = defines(ctx)?;
        let held = ctx.data::<Principal>()?.held();
        let request = BundleRequest {
            run: BundleRun::Compare,
            choice: Choice { overwrite: &overwrite, keep: &keep },
            retire: &[],
            held: &held,
            note: None,
        };
        let compared = Box::pin(company.apply_bundle(session, &read(files), request)).await;
        Ok(payload(ctx, compared.map_err(|error| raised(ctx, &error))?, None))
    }
}

#[derive(Default)]
pub(super) struct BundleMutation;

#[Object]
impl BundleMutation {
    /// Applies a bundle: objects, roles, layouts and menus in one transaction, or nothing. With `dryRun` it is carried
    /// out in a transaction that is undone. One that is not signed, was altered, or is signed by a key that is not
    /// trusted is refused unless `allowUnsigned` is given. For those who define objects; roles for administrators.
    async fn apply_bundle(
        &self,
        ctx: &Context<'_>,
        files: Vec<BundleFileInput>,
        signature: Option<String>,
        #[graphql(default)] dry_run: bool,
        #[graphql(default)] allow_unsigned: bool,
        #[graphql(default)] allow_retire: Vec<String>,
        #[graphql(default)] overwrite: Vec<String>,
        #[graphql(default)] keep: Vec<String>,
        note: Option<String>,
    ) -> Result<BundlePayload> {
        let (company, session) = defines(ctx)?;
        let note = noted(ctx, note.as_deref())?;
        let files = read(files);
        let key = match company.vouched(&files, signature.as_deref()) {
            Ok(key) => Some(key),
            Err(_) if allow_unsigned => None,
            Err(fault) => return Err(raised(ctx, &fault.at(["signature"]))),
        };
        let held = ctx.data::<Principal>()?.held();
        let request = BundleRequest {
            run: if dry_run { BundleRun::Rehearse } else { BundleRun::Apply },
            choice: Choice { overwrite: &overwrite, keep: &keep },
            retire: &allow_retire,
            held: &held,
            note,
        };
        let signed_by = key.map(|key| key.to_string());
        let detail = json!({ "applyBundle": files.len(), "signedBy": signed_by });
        let entry = told(ctx, AuditKind::Definition, None, detail)?;
        let applying = company.apply_bundle(session, &files, request);
        let applied = Box::pin(audit::with(entry, applying)).await;
        Ok(payload(ctx, applied.map_err(|error| raised(ctx, &error))?, key))
    }
}
