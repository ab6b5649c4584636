//! The documents say what the program does: error codes stand there as in the sources, links lead somewhere.

#![expect(clippy::unwrap_used, reason = "a test that finds no document shall fail there")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use tradewind::base::Code;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The line of a code in `docs/errors.md`.
fn row(code: Code) -> String {
    format!("| `{}` | {} | {} |", code.name(), code.status(), code.meaning().trim())
}

#[test]
fn error_codes_are_documented_as_they_are() {
    let text = fs::read_to_string(root().join("docs/errors.md")).unwrap();
    let documented: Vec<&str> = text.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<String> = Code::ALL.iter().copied().map(row).collect();
    let known = |line: &str| expected.iter().any(|row| row == line);
    let missing: Vec<&str> =
        expected.iter().map(String::as_str).filter(|row| !documented.contains(row)).collect();
    let stale: Vec<&str> = documented.iter().copied().filter(|line| !known(line)).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "docs/errors.md lacks:\n{}\nand has what is not so:\n{}",
        missing.join("\n"),
        stale.join("\n")
    );
    // Each row once, in the order of the sources.
    assert_eq!(documented, expected);
}

/// The files of a folder, not of those below, that are documents.
fn documents(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|end| end == "md")).collect()
}

/// Where the links of a document lead: what stands between `](` and `)`.
fn links(text: &str) -> Vec<&str> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(to, _)| to).collect()
}

#[test]
fn links_of_documents_lead_to_files() {
    let mut wrong = Vec::new();
    for document in
        ["", "docs", "docs/decisions", "docs/guide", "migrations"].into_iter().flat_map(documents)
    {
        let text = fs::read_to_string(&document).unwrap();
        let folder = document.parent().unwrap();
        for link in links(&text) {
            let file = link.split('#').next().unwrap_or_default();
            let elsewhere = file.is_empty() || file.contains("://");
            if !elsewhere && !folder.join(file).exists() {
                wrong.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "links that lead nowhere:\n{}", wrong.join("\n"));
}

#[test]
fn the_readme_is_a_door() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(
        text.lines().count() < 150,
        "{} lines; the rest belongs into docs/guide",
        text.lines().count()
    );
    let there = documents("docs/guide").into_iter().filter_map(|page| {
        let name = page.file_name()?.to_str()?.to_owned();
        (!text.contains(&format!("](docs/guide/{name})"))).then_some(name)
    });
    assert_eq!(there.collect::<Vec<_>>(), [""; 0], "pages that the README leads nobody to");
}
