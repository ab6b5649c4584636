//! One's own definitions of a version as one text, and what is retired beside a version.

use std::{collections::HashMap, sync::Arc};

use super::{APPLIED, broken};
use crate::{
    base::Result,
    catalog::{
        Catalog, DefinitionPart, Origin, PartKind, Quarantined, Retired, resolve_apart,
        resolve_beside, sdl,
    },
    storage::{Database, parts, retired},
};

/// What is to be published.
#[derive(Debug, Clone, Copy)]
pub enum WantedText<'w> {
    /// A text put behind those that are live. It takes nothing away.
    Addition(&'w str),
    /// A text in place of all that were applied. What it lacks is retired.
    Whole(&'w str),
}

/// The name of an applied text by its place.
fn name(place: usize) -> String {
    format!("{APPLIED}{place:04}.graphql")
}

/// Whether a part is a text of objects that was applied.
fn is_custom_objects(part: &DefinitionPart) -> bool {
    part.origin == Origin::Custom && part.kind == PartKind::Objects
}

impl WantedText<'_> {
    /// The parts after the publish, and the name of the new one.
    pub(super) fn parts(self, before: &[DefinitionPart]) -> (Vec<DefinitionPart>, String) {
        let mut after = before.to_vec();
        let (place, text) = match self {
            Self::Addition(text) => {
                (after.iter().filter(|part| is_custom_objects(part)).count() + 1, text)
            }
            Self::Whole(text) => {
                after.retain(|part| !is_custom_objects(part));
                (1, text)
            }
        };
        let path = name(place);
        if text.trim().is_empty() && matches!(self, Self::Addition(_)) {
            return (after, path);
        }
        after.push(DefinitionPart::objects(path.clone(), text.to_owned(), Origin::Custom));
        (after, path)
    }

    /// Whether it leaves all texts as they are.
    pub(super) fn again(self, before: &[DefinitionPart]) -> bool {
        let custom = || before.iter().filter(|part| is_custom_objects(part));
        match self {
            Self::Addition(text) => {
                text.trim().is_empty() || custom().next_back().is_some_and(|last| last.text == text)
            }
            Self::Whole(text) => {
                let texts: Vec<_> = custom().map(|part| part.text.as_str()).collect();
                sdl::joined(&texts).is_some_and(|joined| joined == text)
            }
        }
    }
}

/// One's own definitions of a version as one text: comments and order as they were applied. What later texts replaced is
/// left out.
pub async fn custom_text(database: &Database, version: i64) -> Result<String> {
    let parts = parts::of_version(database, PartKind::Objects, version).await?;
    let custom = parts.iter().filter(|part| part.origin == Origin::Custom);
    let texts: Vec<_> = custom.map(|part| part.text.as_str()).collect();
    // What cannot be read is given as it is, to be mended.
    Ok(sdl::joined(&texts).unwrap_or_else(|| texts.join("\n\n")))
}

/// What a whole text of one's own definitions comes to; none if anything is wrong with it.
pub async fn resolved_text(
    database: &Database,
    text: &str,
    apart: &[Quarantined],
) -> Result<Option<Catalog>> {
    let before = parts::latest(database, PartKind::Objects).await?;
    let (sources, _) = WantedText::Whole(text).parts(&before);
    Ok(resolve_beside(&sources, 0, apart).ok())
}

/// What is retired, with the catalogs that a new one is compared with.
pub(super) async fn retired(database: &Database, new: &Catalog) -> Result<Retired> {
    let names = retired::all(database).await?;
    let found = Retired { names, catalogs: HashMap::new() };
    let needed = found.needed(new);
    beside(database, found, needed).await
}

/// All that is retired, each with the catalog that had it last.
pub(super) async fn all_retired(database: &Database) -> Result<Retired> {
    let names = retired::all(database).await?;
    let mut needed: Vec<_> = names.iter().map(|name| name.stood_in).collect();
    needed.sort_unstable();
    needed.dedup();
    beside(database, Retired { names, catalogs: HashMap::new() }, needed).await
}

async fn beside(database: &Database, mut found: Retired, versions: Vec<i64>) -> Result<Retired> {
    for version in versions {
        let parts = parts::of_version(database, PartKind::Objects, version).await?;
        let catalog = resolve_apart(&parts, version).map_err(|faults| broken(&faults))?;
        found.catalogs.insert(version, Arc::new(catalog));
    }
    Ok(found)
}
