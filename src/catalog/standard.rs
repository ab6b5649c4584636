//! The definitions of the standard objects, embedded in the binary.

use rust_embed::RustEmbed;

use super::part::{DefinitionPart, Origin};

/// The files of `schema/`.
#[derive(RustEmbed)]
#[folder = "schema/"]
struct Files;

/// The standard definition files in name order, without the directive language itself.
pub fn standard_sources() -> Vec<DefinitionPart> {
    let mut paths: Vec<_> = Files::iter()
        .filter(|path| path.ends_with(".graphql") && path != "directives.graphql")
        .collect();
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| {
            let file = Files::get(&path)?;
            let text = String::from_utf8_lossy(&file.data).into_owned();
            Some(DefinitionPart::objects(format!("schema/{path}"), text, Origin::Standard))
        })
        .collect()
}
