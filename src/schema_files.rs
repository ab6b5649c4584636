//! Floor 12: definitions as a folder: what `tradewind schema export`, `diff`, `apply`, `rollback` and `keygen` read, write
//! and say. Whoever runs them holds the database, so that an unsigned folder is taken; an altered signed one is not.

use std::{
    fs,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value as Json, json};

use crate::{
    app::{said, told},
    base::{Lang, Message},
    bundle::{
        self, BundleFile, BundleKey, Choice, DifferenceKind, MANIFEST, PartDifference, TrustedKey,
    },
    catalog::{CatalogChange, Diagnostic},
    cli::{Schema, SchemaApply},
    company::{
        AppliedBundle, BundleRequest, BundleRun, Company, Impact, Publication, PublishOptions,
    },
    message,
    storage::audit::{self, AuditEntry, AuditEvent, AuditKind},
};

/// What a command comes to where it does not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// It is done, or there is nothing to do.
    Well,
    /// The two sides that were compared differ.
    Differs,
}

/// Carries out a command on a company, telling what comes of it by `say`.
pub async fn run(
    command: Schema,
    company: &Company,
    say: impl Fn(&str) -> Result<()>,
) -> Result<Done> {
    match command {
        Schema::Export { folder, sign } => export(company, &folder, sign.as_deref(), say).await,
        Schema::Diff { folder } => {
            let apply = SchemaApply { folder, ..SchemaApply::default() };
            carried_out(company, &apply, BundleRun::Compare, say).await
        }
        Schema::Apply(apply) => {
            let run = if apply.dry_run { BundleRun::Rehearse } else { BundleRun::Apply };
            carried_out(company, &apply, run, say).await.map(|_differed| Done::Well)
        }
        Schema::Rollback { version, dry_run } => roll_back(company, version, dry_run, say).await,
        // These need no company.
        Schema::Check { .. } | Schema::Print | Schema::Keygen { .. } => Ok(Done::Well),
    }
}

/// Makes a private key in a file of its own and returns the line of the settings that trusts it.
pub fn keygen(file: &Path) -> Result<String> {
    use rand::Rng;
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    let key = BundleKey::of(&bytes);
    let text = key.to_pem().map_err(told)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut open| open.write_all(text.as_bytes()));
    written.with_context(|| unwritable(file))?;
    Ok(format!("[schema]\ntrusted_keys = [\"{}\"]", key.public()))
}

async fn export(
    company: &Company,
    folder: &Path,
    sign: Option<&Path>,
    say: impl Fn(&str) -> Result<()>,
) -> Result<Done> {
    // Before anything is written.
    let key = match sign {
        Some(file) => Some(BundleKey::from_pem(&read_text(file)?).map_err(told)?),
        None => None,
    };
    let session = company.system_session("exporting definitions on the command line");
    let bundle = Box::pin(company.export_bundle(&session)).await.map_err(told)?;
    let files = bundle.files();
    write(folder, &files)?;
    let beside = signature_file(folder);
    if let Some(key) = &key {
        fs::write(&beside, bundle::sign(&files, key)).with_context(|| unwritable(&beside))?;
    } else if signature(&beside)?
        .as_deref()
        .is_some_and(|text| bundle::key_of_signature(text).is_some())
    {
        // It is of an earlier export.
        fs::remove_file(&beside).with_context(|| unwritable(&beside))?;
    }
    let (count, place) = (bundle.parts.len(), folder.display().to_string());
    say(&said(message!(
        "{count} definitions written to {place}",
        "已将 {count} 项定义写入 {place}"
    )))?;
    Ok(Done::Well)
}

async fn carried_out(
    company: &Company,
    apply: &SchemaApply,
    run: BundleRun,
    say: impl Fn(&str) -> Result<()>,
) -> Result<Done> {
    let files = read(&apply.folder)?;
    let key = signer(company, &apply.folder, &files, &say)?;
    let session = company.system_session("applying definitions on the command line");
    let request = BundleRequest {
        run,
        choice: Choice { overwrite: &apply.overwrite, keep: &apply.keep },
        retire: &apply.allow_retire,
        held: &[],
        note: apply.note.as_deref().map(str::trim).filter(|note| !note.is_empty()),
    };
    let signed_by = key.map(|key| key.to_string());
    let entry = entry(company, json!({ "applyBundle": files.len(), "signedBy": signed_by }));
    let applying = company.apply_bundle(&session, &files, request);
    let applied = Box::pin(audit::with(entry, applying)).await.map_err(told)?;
    let AppliedBundle { version, differences, changes, diagnostics, warnings, lacking, impact } =
        applied;
    for one in &differences {
        say(&difference(one))?;
    }
    tell_changes(&changes, &say)?;
    for warning in warnings {
        let text = warning.message;
        say(&said(message!("warning: {text}", "警告：{text}", text)))?;
    }
    for (object, roles) in lacking {
        let roles = roles.join(", ");
        say(&said(message!(
            "no right on `{object}`: {roles}",
            "对 `{object}` 没有权限：{roles}",
            object,
            roles
        )))?;
    }
    tell_impact(&impact, &say)?;
    tell_faults(&diagnostics, run == BundleRun::Compare, &say)?;
    let same = !differences.iter().any(|one| !one.stays || one.conflict);
    match run {
        _ if same => say(&said(("nothing differs", "没有差异")))?,
        BundleRun::Compare => return Ok(Done::Differs),
        BundleRun::Rehearse => say(&said(("dry run: it can be applied", "试运行：可以应用")))?,
        BundleRun::Apply => {
            // A signed folder stays as it was signed.
            let stayed = |path: &str| differences.iter().any(|one| one.stays && one.path == path);
            if key.is_none()
                && let Some(manifest) = bundle::applied_manifest(&files, stayed)
            {
                let file = apply.folder.join(&manifest.path);
                fs::write(&file, manifest.text).with_context(|| unwritable(&file))?;
            }
            say(&said(message!("applied: version {version}", "已应用：版本 {version}")))?;
        }
    }
    Ok(Done::Well)
}

async fn roll_back(
    company: &Company,
    to: i64,
    dry_run: bool,
    say: impl Fn(&str) -> Result<()>,
) -> Result<Done> {
    let session = company.system_session("going back to earlier definitions on the command line");
    let publishing = company.publish(
        &session,
        Publication::Version(to),
        PublishOptions { dry_run, ..PublishOptions::default() },
    );
    let entry = entry(company, json!({}));
    let applied = Box::pin(audit::with(entry, publishing)).await.map_err(told)?;
    tell_changes(&applied.plan.changes, &say)?;
    tell_faults(&applied.plan.diagnostics, false, &say)?;
    let version = applied.version;
    say(&said(message!("version {version}", "版本 {version}")))?;
    Ok(Done::Well)
}

/// An entry of the audit trail for what nobody signed in does.
fn entry(company: &Company, mut detail: Json) -> AuditEntry {
    if let Some(detail) = detail.as_object_mut() {
        detail.insert("commandLine".to_owned(), json!(true));
    }
    let event = AuditEvent { detail, ..AuditEvent::default() };
    AuditEntry::new(&company.env, AuditKind::Definition, &event)
}

/// The key that has signed a folder, if it is signed. A key that is not trusted is told and taken.
fn signer(
    company: &Company,
    folder: &Path,
    files: &[BundleFile],
    say: impl Fn(&str) -> Result<()>,
) -> Result<Option<TrustedKey>> {
    let Some(signature) = signature(&signature_file(folder))? else { return Ok(None) };
    let key = bundle::verify(files, &signature).map_err(told)?;
    if !company.trusts(&key) {
        let key = key.to_string();
        say(&said(message!(
            "note: signed by {key}, which `schema.trusted_keys` does not list",
            "注意：签名密钥 {key} 未列入 `schema.trusted_keys`"
        )))?;
    }
    Ok(Some(key))
}

fn difference(one: &PartDifference) -> String {
    let sign = match one.how {
        DifferenceKind::Added => '+',
        DifferenceKind::Changed => '~',
        DifferenceKind::Removed => '-',
    };
    let path = &one.path;
    match (one.conflict, one.stays) {
        (true, _) => said(message!("{sign} {path} (conflict)", "{sign} {path}（冲突）")),
        (_, true) => {
            said(message!("{sign} {path} (kept as it is here)", "{sign} {path}（保留此处内容）"))
        }
        _ => format!("{sign} {path}"),
    }
}

fn tell_changes(changes: &[CatalogChange], say: impl Fn(&str) -> Result<()>) -> Result<()> {
    for change in changes {
        let field = change.field.as_ref().map(|field| format!(".{field}")).unwrap_or_default();
        let (kind, object, risk) = (change.kind.as_ref(), &change.object, change.risk.as_ref());
        let told = format!("  {risk:15} {kind} {object}{field}");
        say(&match change.reason.clone() {
            Some(reason) => said(message!("{told}: {reason}", "{told}：{reason}", reason)),
            None => told,
        })?;
    }
    Ok(())
}

/// Tells what changes of definitions open and close for whom.
fn tell_impact(impact: &Impact, say: impl Fn(&str) -> Result<()>) -> Result<()> {
    for difference in &impact.now {
        let holder = impact.holders.iter().find(|holder| holder.0 == difference.operator);
        let account = holder.map(|holder| holder.1.clone()).unwrap_or_default();
        let object = impact.catalog.object(difference.object).name.clone();
        let (gained, lost) = (difference.records.gained, difference.records.lost);
        say(&said(message!(
            "`{account}` gains {gained} and loses {lost} records of `{object}`",
            "`{account}` 增加 {gained} 条、减少 {lost} 条 `{object}` 记录",
            account,
            gained,
            lost,
            object
        )))?;
    }
    Ok(())
}

/// Tells what is wrong; fails if there is anything, unless it was only asked for.
fn tell_faults(faults: &[Diagnostic], asked: bool, say: impl Fn(&str) -> Result<()>) -> Result<()> {
    for fault in faults {
        say(&said(Message::new(fault.text(Lang::En), fault.text(Lang::Zh))))?;
    }
    let count = faults.len();
    if count > 0 && !asked {
        bail!(said(message!(
            "{count} faults; nothing was applied",
            "共 {count} 处错误，未做任何更改"
        )));
    }
    Ok(())
}

/// Where the signature of a folder is: beside it, as `FOLDER.sig`.
fn signature_file(folder: &Path) -> PathBuf {
    // `x/` and `.` are called by what they are.
    let folder = fs::canonicalize(folder).unwrap_or_else(|_not_there| folder.to_owned());
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".sig");
    folder.with_file_name(name)
}

fn signature(file: &Path) -> Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| unreadable(file)),
    }
}

/// Writes files in place of those that a bundle has there. A folder of something else is not touched.
fn write(folder: &Path, files: &[BundleFile]) -> Result<()> {
    let ours = folder.join(MANIFEST).exists();
    for name in bundle::folders() {
        let within = folder.join(&name);
        if !within.exists() {
            continue;
        }
        if !ours {
            let place = folder.display().to_string();
            bail!(said(message!(
                "{place} has a folder `{name}` and no `bundle.toml`: nothing was written",
                "{place} 中有文件夹 `{name}` 而没有 `bundle.toml`，未写入任何内容"
            )));
        }
        for path in paths(folder, &name)? {
            if !files.iter().any(|file| file.path == path) {
                let stale = folder.join(&path);
                fs::remove_file(&stale).with_context(|| unwritable(&stale))?;
            }
        }
    }
    for BundleFile { path, text } in files {
        let file = folder.join(path);
        let within = file.parent().unwrap_or(folder);
        fs::create_dir_all(within).with_context(|| unwritable(within))?;
        fs::write(&file, text).with_context(|| unwritable(&file))?;
    }
    Ok(())
}

/// Reads the files that a bundle may have. Others, such as a page that explains the folder, are nobody's business.
fn read(folder: &Path) -> Result<Vec<BundleFile>> {
    let manifest = folder.join(MANIFEST);
    let mut files = vec![BundleFile { path: MANIFEST.to_owned(), text: read_text(&manifest)? }];
    for name in bundle::folders() {
        if !folder.join(&name).is_dir() {
            continue;
        }
        for path in paths(folder, &name)? {
            let text = read_text(&folder.join(&path))?;
            files.push(BundleFile { path, text });
        }
    }
    Ok(files)
}

/// The paths of the files in a folder of a bundle, without hidden ones, in order.
fn paths(folder: &Path, name: &str) -> Result<Vec<String>> {
    let within = folder.join(name);
    let mut found = Vec::new();
    for entry in fs::read_dir(&within).with_context(|| unreadable(&within))? {
        let entry = entry.with_context(|| unreadable(&within))?;
        let file = entry.file_name().to_string_lossy().into_owned();
        if !file.starts_with('.') {
            found.push(format!("{name}/{file}"));
        }
    }
    found.sort();
    Ok(found)
}

fn read_text(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| unreadable(file))
}

fn unreadable(file: &Path) -> String {
    let path = file.display().to_string();
    said(message!("cannot read {path}", "无法读取 {path}"))
}

fn unwritable(file: &Path) -> String {
    let path = file.display().to_string();
    said(message!("cannot write {path}", "无法写入 {path}"))
}
