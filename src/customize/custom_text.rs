//! One's own definitions of a version as one text, and what is retired beside a version.

use std::{collections::HashMap, sync::Arc};

use super::{APPLIED, broken, faults};
use crate::{
    base::{Message, Result},
    catalog::{Catalog, DefinitionPart, Origin, PartKind, Retired, resolve, sdl},
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

impl WantedText<'_> {
    /// The parts after the publish, and the name of the new one.
    pub(super) fn parts(self, before: &[DefinitionPart]) -> (Vec<DefinitionPart>, String) {
        let mut after = before.to_vec();
        let (place, text) = match self {
            Self::Addition(text) => {
                (after.iter().filter(|part| part.origin == Origin::Custom).count() + 1, text)
            }
            Self::Whole(text) => {
                after.retain(|part| part.origin == Origin::Standard);
                (1, text)
            }
        };
        let path = name(place);
        after.push(DefinitionPart::objects(path.clone(), text.to_owned(), Origin::Custom));
        (after, path)
    }

    /// Whether it leaves all texts as they are.
    pub(super) fn again(self, before: &[DefinitionPart]) -> bool {
        let custom = || before.iter().filter(|part| part.origin == Origin::Custom);
        match self {
            Self::Addition(text) => before.last().is_some_and(|last| last.text == text),
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
    sdl::joined(&texts).ok_or_else(|| faults::do_not_resolve(Message::same(name(1))))
}

/// What is retired, with the catalogs that a new one is compared with.
pub(super) async fn retired(database: &Database, new: &Catalog) -> Result<Retired> {
    let names = retired::all(database).await?;
    let mut found = Retired { names, catalogs: HashMap::new() };
    for version in found.needed(new) {
        let parts = parts::of_version(database, PartKind::Objects, version).await?;
        let catalog = resolve(&parts, version).map_err(|faults| broken(&faults))?;
        found.catalogs.insert(version, Arc::new(catalog));
    }
    Ok(found)
}
