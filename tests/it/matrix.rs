//! The rights matrix as the standard roles give it, kept as a readable snapshot.

use std::fmt::Write as _;

use tradewind::{
    access::{Action, Employees, Role, standard_roles},
    catalog::{ObjectKind, resolve, standard_sources},
};

const ACTIONS: [(Action, &str); 10] = [
    (Action::Read, "Q"),
    (Action::Create, "C"),
    (Action::Edit, "E"),
    (Action::Delete, "D"),
    (Action::Print, "P"),
    (Action::Export, "X"),
    (Action::Audit, "audit"),
    (Action::Transfer, "transfer"),
    (Action::Ship, "ship"),
    (Action::Approve, "approve"),
];

/// How an action is controlled: `all`, `own`, `rel`, `dept`, joined by `+`; none without the function right.
fn mode(role: &Role, object: &str, action: Action) -> Option<String> {
    let grants = role.grants.iter().filter(|grant| {
        grant.actions.contains(&action) && grant.objects.iter().any(|name| name == object)
    });
    let mut modes = Vec::new();
    for grant in grants {
        if grant.open {
            modes.push("all");
        }
        match grant.employees {
            Employees::None => {}
            Employees::Responsible => modes.push("own"),
            Employees::Related => modes.push("rel"),
        }
        if grant.dimensions {
            modes.push("dept");
        }
    }
    (!modes.is_empty()).then(|| modes.join("+"))
}

fn cell(role: &Role, object: &str) -> String {
    let mut by_mode: Vec<(String, Vec<&str>)> = Vec::new();
    for (action, letter) in ACTIONS {
        let Some(mode) = mode(role, object, action) else { continue };
        match by_mode.iter_mut().find(|(known, _)| *known == mode) {
            Some((_, letters)) => letters.push(letter),
            None => by_mode.push((mode, vec![letter])),
        }
    }
    let shown = by_mode.iter().map(|(mode, letters)| format!("{} {mode}", letters.join(",")));
    let shown: Vec<_> = shown.collect();
    if shown.is_empty() { "–".to_owned() } else { shown.join("; ") }
}

#[test]
fn the_standard_roles_give_this_matrix() {
    let catalog = resolve(&standard_sources(), 1).unwrap();
    let roles = standard_roles().unwrap();
    let mut text = String::new();
    for object in catalog.objects.iter().filter(|object| object.kind != ObjectKind::Line) {
        writeln!(text, "{}", object.name).unwrap();
        let cells: Vec<_> =
            roles.iter().map(|role| (&role.code, cell(role, &object.name))).collect();
        assert!(
            cells.iter().any(|(_, cell)| cell != "–"),
            "no standard role may do anything with `{}`: give it a row",
            object.name
        );
        for (role, cell) in cells {
            writeln!(text, "  {role:24} {cell}").unwrap();
        }
    }
    insta::assert_snapshot!("matrix", text);
}

#[test]
fn standard_roles_name_what_is_there() {
    let catalog = resolve(&standard_sources(), 1).unwrap();
    for role in standard_roles().unwrap() {
        for name in role.grants.iter().flat_map(|grant| &grant.objects) {
            assert!(catalog.named(name).is_some(), "{}: {name}", role.code);
        }
        for said in &role.fields {
            let object = catalog.named(&said.object).unwrap();
            let names = said.hidden.iter().chain(said.masked.keys()).chain(&said.readonly);
            for name in names {
                assert!(object.named(name).is_some(), "{}: {name}", role.code);
            }
        }
        for name in role.dimensions.keys() {
            let known = catalog.objects.iter().flat_map(|object| &object.dimensions);
            assert!(known.clone().any(|d| d.name == *name), "{}: {name}", role.code);
        }
    }
}
