//! The definitions of the standard objects, and what happens to their records, embedded in the binary.

use rust_embed::RustEmbed;

use super::part::{DefinitionPart, Origin};

/// The files of `schema/`.
#[derive(RustEmbed)]
#[folder = "schema/"]
struct Files;

/// The standard definition files in name order, those of objects first, without the directive language itself. Of
/// `schema/rules/` those with duplicate rules stand for themselves.
pub fn standard_sources() -> Vec<DefinitionPart> {
    let mut paths: Vec<_> = Files::iter().collect();
    paths.sort();
    let objects = paths
        .iter()
        .filter(|path| path.ends_with(".graphql") && *path != "directives.graphql")
        .filter_map(|path| {
            Some(DefinitionPart::objects(name(path), text(path)?, Origin::Standard))
        });
    let rules = paths
        .iter()
        .filter(|path| path.starts_with("rules/") && path.ends_with(FLOWS))
        .filter_map(|path| Some(DefinitionPart::rules(name(path), text(path)?, Origin::Standard)));
    objects.chain(rules).collect()
}

/// How files with flows and rules end.
const FLOWS: &str = ".rules.toml";

fn name(path: &str) -> String {
    format!("schema/{path}")
}

fn text(path: &str) -> Option<String> {
    Some(String::from_utf8_lossy(&Files::get(path)?.data).into_owned())
}
