//! Owns the golden cases: definition texts under `tests/cases`, and what the catalog makes of them.
//!
//! A case is one file; its snapshot lies beside it. Adding a case is adding a file.

#![expect(
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect shall fail there"
)]

#[path = "cases/render.rs"]
mod render;

use std::{
    collections::HashSet,
    fs,
    path::Path,
    sync::{Arc, Mutex},
};

use insta::{assert_snapshot, glob, with_settings};
use tradewind::{
    base::{Lang, foreign},
    catalog::{Catalog, DefinitionPart, Diagnostic, Origin, diff, resolve, standard_sources},
    graphql::records::PublishedSchema,
    sql::{Dialect, ddl},
};

/// Resolves one custom text together with the standard definitions.
fn resolve_case(path: &Path) -> Result<Catalog, Vec<Diagnostic>> {
    let mut sources = standard_sources();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let text = fs::read_to_string(path).unwrap();
    sources.push(DefinitionPart::objects(name, text, Origin::Custom));
    resolve(&sources, 1)
}

/// What passes the catalog must pass all that derives from it: a GraphQL schema, names of indexes.
fn derive(catalog: Catalog) -> Result<(), String> {
    let changes = diff(&Catalog::default(), &catalog);
    let statements = ddl::statements(Dialect::Sqlite, &Catalog::default(), &catalog, &changes);
    let mut names = HashSet::new();
    for statement in statements.iter().filter(|sql| sql.contains(" INDEX ")) {
        let name = statement.split('"').nth(1).unwrap();
        if !names.insert(name) {
            return Err(format!("two indexes are called {name}"));
        }
    }
    let published = PublishedSchema::new(Arc::new(catalog));
    published.map(|_| ()).map_err(|error| format!("no GraphQL schema: {error:?}"))
}

/// Compares with the snapshot beside the case.
fn compare(path: &Path, told: &str) {
    let folder = path.parent().unwrap();
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    with_settings!({
        snapshot_path => folder,
        snapshot_suffix => "",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        assert_snapshot!(name, told);
    });
}

fn told(faults: &[Diagnostic]) -> String {
    for fault in faults {
        for text in std::iter::once(&fault.message).chain(&fault.hint) {
            assert_eq!(foreign(&text.zh, Lang::Zh), None, "{text:?}");
        }
    }
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn failing_definitions_name_every_fault() {
    let wrong = Mutex::new(Vec::new());
    glob!("cases/catalog/failing/*.graphql", |path| {
        match resolve_case(path) {
            Ok(_) => wrong.lock().unwrap().push(format!("{} has no fault", path.display())),
            Err(faults) => compare(path, &told(&faults)),
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn passing_definitions_resolve() {
    let standard = resolve(&standard_sources(), 1).unwrap();
    let wrong = Mutex::new(Vec::new());
    glob!("cases/catalog/passing/*.graphql", |path| {
        let fault = match resolve_case(path) {
            Ok(catalog) => {
                compare(path, &render::customization(&catalog, &standard));
                derive(catalog).err()
            }
            Err(faults) => Some(told(&faults)),
        };
        wrong.lock().unwrap().extend(fault.map(|fault| format!("{}: {fault}", path.display())));
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_snapshot_has_its_case() {
    for folder in ["passing", "failing"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/catalog").join(folder);
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "snap") {
                assert!(path.with_extension("graphql").exists(), "{} is left over", path.display());
            }
        }
    }
}
