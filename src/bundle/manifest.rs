//! The manifest of a bundle: the version of its form, and each file with what it came to when it was exported.

use serde::Deserialize;

use super::faults;
use crate::{
    base::Error,
    catalog::{TomlFault, from_toml},
};

/// The path of the manifest.
pub const MANIFEST: &str = "bundle.toml";
/// The version of the form of bundles.
const FORMAT: u32 = 1;

const HEAD: &str = "\
# Written by `tradewind schema export`; leave it as it is when you edit the files.
# Each file with its digest when it was exported, by which `diff` and `apply` know what has changed on which side.
# Types apply in this order; a file that is not listed comes behind.
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format: u32,
    #[serde(default)]
    parts: Vec<(String, String)>,
}

/// The text of a manifest: paths with their digests, in order.
pub(super) fn write<'p>(parts: impl Iterator<Item = (String, &'p String)>) -> String {
    // Paths have no sign that a quoted text would need to escape.
    let lines: String =
        parts.map(|(path, digest)| format!("  [\"{path}\", \"{digest}\"],\n")).collect();
    let lines = if lines.is_empty() { String::new() } else { format!("\n{lines}") };
    format!("{HEAD}format = {FORMAT}\nparts = [{lines}]\n")
}

/// The paths and digests of a manifest, in order.
pub(super) fn read(text: &str) -> Result<Vec<(String, String)>, Error> {
    let read: Manifest = from_toml(text).map_err(|TomlFault { place, message, .. }| {
        let (line, column) = place.unwrap_or((1, 1));
        faults::unreadable_manifest(line, column, message)
    })?;
    if read.format != FORMAT {
        return Err(faults::other_format(read.format, FORMAT));
    }
    Ok(read.parts)
}
