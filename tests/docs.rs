//! The documents say what the program does: error codes and faults stand there as in the sources, links lead
//! somewhere.

#![expect(clippy::unwrap_used, reason = "a test that finds no document shall fail there")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use tradewind::{
    FAULTS,
    base::{Code, FaultText},
};

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

const FAULTS_HEAD: &str = "# Faults

Every fault that the server tells, by the room of the program that tells it: its code, its message in both languages with placeholders for values, and the advice that goes with it.
The tables in the `faults.rs` of each room are the source, and `UPDATE_DOCS=1 cargo test --test docs` writes this page from them; [errors.md](errors.md) says what each code means.";

/// The text of a fault as a cell, without the doubled braces of format strings.
fn cell(text: &str) -> String {
    text.replace("{{", "{").replace("}}", "}").replace('|', "\\|")
}

/// The line of a fault in `docs/faults.md`.
fn fault_row(fault: &FaultText) -> String {
    let hint = fault.hint.map(|(en, zh)| format!("{}<br>{}", cell(en), cell(zh)));
    let (code, hint) = (fault.code.name(), hint.unwrap_or_default());
    format!("| `{code}` | {} | {} | {hint} |", cell(fault.en), cell(fault.zh))
}

/// `docs/faults.md` as it should be.
fn faults_page() -> String {
    let mut lines = vec![FAULTS_HEAD.to_owned()];
    for (room, faults) in FAULTS {
        let columns = "| code | English | Chinese | hint |\n|---|---|---|---|";
        lines.push(format!("\n## {room}\n\n{columns}"));
        lines.extend(faults.iter().map(fault_row));
    }
    lines.join("\n") + "\n"
}

#[test]
fn faults_are_listed_as_they_are() {
    let (path, expected) = (root().join("docs/faults.md"), faults_page());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    let text = fs::read_to_string(path).unwrap();
    let stale = text.lines().zip(expected.lines()).find(|(is, should)| is != should);
    assert!(
        text == expected,
        "docs/faults.md is not as the tables are, first at {stale:?}; write it by UPDATE_DOCS=1"
    );
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
