//! Floor 3: a company's own definitions as a folder of readable texts: which files there are, what they are called, what
//! tells that one has changed, how two sides compare, and who vouches for them.
//!
//! A bundle has a manifest and one file for each part; of objects, one for each type. It has no ids, no versions and no
//! times, so that two systems with the same definitions write the same bytes.
//!
//! Pure functions on texts. Must not know what a part means, nor files, databases and callers.

mod compare;
pub(crate) mod faults;
mod manifest;
mod part_path;
mod signature;

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use strum::IntoEnumIterator;

use crate::{
    base::Error,
    catalog::{DefinitionPart, LARGEST_TEXT, PartKind, sdl},
};

pub use self::{
    compare::{BundleComparison, Choice, DifferenceKind, PartDifference},
    manifest::MANIFEST,
    part_path::folders,
    signature::{BundleKey, TrustedKey, key_of_signature, sign, verify},
};

/// What each file of a bundle came to, by its path: SHA-256 in hexadecimal digits.
pub type Digests = BTreeMap<String, String>;

/// A file of a bundle: its path within the folder, with `/` between.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BundleFile {
    /// The path.
    pub path: String,
    /// The text.
    pub text: String,
}

/// A text of a bundle: a part, or of objects what there is of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundlePart {
    /// The kind.
    pub kind: PartKind,
    /// Its name among those of its kind: the type, or the part's.
    pub name: String,
    /// The text, with lines that end in a line feed alone.
    pub text: String,
}

impl BundlePart {
    /// A text of a kind and name.
    pub fn new(kind: PartKind, name: &str, text: &str) -> Self {
        Self { kind, name: name.to_owned(), text: canonical(text) }
    }

    /// A part that stands for itself.
    pub fn of(part: &DefinitionPart) -> Self {
        Self::new(part.kind, &part.name, &part.text)
    }

    /// What a text of objects has of each type. None where it cannot be read.
    pub fn of_objects(text: &str) -> Option<Vec<Self>> {
        let types = sdl::split(&canonical(text))?.into_iter();
        Some(types.map(|known| Self::new(PartKind::Objects, &known.name, &known.text)).collect())
    }

    /// The path of its file.
    pub fn path(&self) -> String {
        part_path::path(self.kind, &self.name)
    }
}

/// The definitions of a company.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bundle {
    /// The texts: kind by kind, those of objects in the order of their definitions, the others by name.
    pub parts: Vec<BundlePart>,
    /// What its files came to when they were exported.
    pub base: Digests,
}

impl Bundle {
    /// A bundle as it is exported. The texts of objects stay in order.
    pub fn exported(mut parts: Vec<BundlePart>) -> Self {
        let name = |part: &BundlePart| match part.kind {
            PartKind::Objects => String::new(),
            _ => part.name.clone(),
        };
        parts.sort_by_cached_key(|part| (part.kind, name(part)));
        let base = digests(&parts);
        Self { parts, base }
    }

    /// Its files, the manifest first.
    pub fn files(&self) -> Vec<BundleFile> {
        let parts = self.parts.iter();
        let parts = parts.map(|part| BundleFile { path: part.path(), text: part.text.clone() });
        std::iter::once(self.manifest()).chain(parts).collect()
    }

    fn manifest(&self) -> BundleFile {
        let paths = self.parts.iter().map(BundlePart::path);
        let listed = paths.filter_map(|path| self.base.get(&path).map(|known| (path, known)));
        BundleFile { path: MANIFEST.to_owned(), text: manifest::write(listed) }
    }

    /// Reads files; every fault has the path of its file. Types come in the manifest's order, new ones behind by name.
    pub fn read(files: &[BundleFile]) -> Result<Self, Vec<Error>> {
        let size: usize = files.iter().map(|file| file.text.len()).sum();
        if size > LARGEST_TEXT {
            return Err(vec![faults::large_bundle(LARGEST_TEXT >> 20)]);
        }
        let mut wrong = Vec::new();
        let (mut listed, mut manifests, mut parts) = (Vec::new(), 0, Vec::<BundlePart>::new());
        for file in files {
            let at = |fault: Error| fault.at([file.path.clone()]);
            if file.path == MANIFEST {
                manifests += 1;
                match manifest::read(&file.text) {
                    Ok(read) => listed = read,
                    Err(fault) => wrong.push(at(fault)),
                }
                continue;
            }
            let Some((kind, name)) = part_path::read(&file.path) else {
                wrong.push(at(faults::no_part_path(&file.path, folder_names())));
                continue;
            };
            let part = BundlePart::new(kind, &name, &file.text);
            if parts.iter().any(|known| (known.kind, &known.name) == (kind, &name)) {
                wrong.push(at(faults::file_twice(&file.path)));
            } else if let Some(fault) = misplaced(&part) {
                wrong.push(at(fault));
            } else {
                parts.push(part);
            }
        }
        if manifests != 1 {
            wrong.push(faults::no_manifest(MANIFEST).at([MANIFEST]));
        }
        for (path, _) in listed.iter().filter(|(path, _)| part_path::read(path).is_none()) {
            wrong.push(faults::no_part_path(path, folder_names()).at([MANIFEST]));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let place = |part: &BundlePart| {
            let path = part.path();
            let place = listed.iter().position(|(listed, _)| *listed == path);
            let place = place.filter(|_| part.kind == PartKind::Objects);
            (part.kind, place.unwrap_or(usize::MAX), part.name.clone())
        };
        parts.sort_by_cached_key(place);
        Ok(Self { parts, base: listed.into_iter().collect() })
    }
}

/// A file of objects that has other types than the one that it is called after.
fn misplaced(part: &BundlePart) -> Option<Error> {
    if part.kind != PartKind::Objects {
        return None;
    }
    // What cannot be read gets a diagnostic with its place when all is resolved.
    let types = sdl::split(&part.text)?;
    let other = types.into_iter().find(|known| known.name != part.name)?;
    Some(faults::other_type(other.name, &part.name))
}

/// The manifest of files that have been applied: what is edited from now on is compared with what they are. For those
/// of which the system's side stayed, it is as before.
pub fn applied_manifest(files: &[BundleFile], stayed: impl Fn(&str) -> bool) -> Option<BundleFile> {
    let mut bundle = Bundle::read(files).ok()?;
    let mut base = digests(&bundle.parts);
    base.retain(|path, _| !stayed(path));
    base.extend(bundle.base.into_iter().filter(|(path, _)| stayed(path)));
    bundle.base = base;
    Some(bundle.manifest())
}

/// What each text comes to, by path.
fn digests(parts: &[BundlePart]) -> Digests {
    parts.iter().map(|part| (part.path(), digest(&part.text))).collect()
}

fn digest(text: &str) -> String {
    let bytes = Sha256::digest(canonical(text).as_bytes());
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A text as a bundle has it, whatever the lines of a system end in.
fn canonical(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn folder_names() -> String {
    let names = PartKind::iter().map(|kind| format!("`{}/`", part_path::folder(kind)));
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
