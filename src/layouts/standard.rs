//! The layouts that come with the program, embedded in the binary.

use rust_embed::RustEmbed;

/// The files of `schema/layouts/`.
#[derive(RustEmbed)]
#[folder = "schema/layouts/"]
struct Files;

/// The paths and texts of the standard layouts, in name order.
pub fn standard_layouts() -> Vec<(String, String)> {
    let mut paths: Vec<_> = Files::iter().filter(|path| path.ends_with(".toml")).collect();
    paths.sort();
    let texts = paths.into_iter().filter_map(|path| {
        let file = Files::get(&path)?;
        Some((format!("schema/layouts/{path}"), String::from_utf8_lossy(&file.data).into_owned()))
    });
    texts.collect()
}
