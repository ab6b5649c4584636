//! Edits of a role's text: one right after the other is set in it, so that its comments and its order stay.
//!
//! What an edit does not touch is written as before. Must not know whether what an edit names exists.

use strum::IntoEnumIterator;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::{
    capability::RoleCapability,
    faults,
    role::{Action, Employees, Level, Mask, Role},
    role_rights::{FieldRight, RightLevel},
    toml_edits::{add_names, blocks, drop_names, list, names, remove_block, remove_table, set},
};
use crate::base::{Message, Result};

const GRANTS: &str = "grants";
const FIELDS: &str = "fields";

/// What becomes of a cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapEdit {
    /// It stays.
    Keep,
    /// There is none.
    Lift,
    /// It is so many records.
    Most(u32),
}

/// One edit of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleEdit {
    /// How much of objects some actions open.
    Grant {
        /// The objects.
        objects: Vec<String>,
        /// The actions.
        actions: Vec<Action>,
        /// How much.
        level: RightLevel,
    },
    /// What is said of a field.
    Field {
        /// The object.
        object: String,
        /// The field.
        field: String,
        /// What.
        right: FieldRight,
        /// What is left of a masked one.
        mask: Option<Mask>,
    },
    /// How much of a dimension is open.
    Dimension {
        /// The dimension.
        dimension: String,
        /// How much.
        level: Level,
        /// The values ticked on the role, as a text has them; `None` keeps them where the level looks at them.
        ticked: Option<Vec<String>>,
    },
    /// The business lines that it keeps to; all without any.
    Lines(Vec<String>),
    /// What it opens beside records.
    May(Vec<RoleCapability>),
    /// How many records at once it prints and exports, and reads in a window of time.
    Caps {
        /// Of one operation that prints.
        print: CapEdit,
        /// Of one operation that exports.
        export: CapEdit,
        /// Of a window of time.
        read: CapEdit,
    },
    /// Another role: its code and its labels.
    Rename {
        /// The code.
        code: String,
        /// The Chinese label.
        label: String,
        /// The English label.
        label_en: String,
    },
}

/// A role's text with some edits. An edit that changes nothing leaves the text as it is.
pub fn edit_role(text: &str, edits: &[RoleEdit]) -> Result<String> {
    let mut text = text.to_owned();
    for edit in edits {
        let role = Role::parse(&text)?;
        let unreadable = |fault: toml_edit::TomlError| {
            faults::unreadable(Message::same(fault.message().to_owned()))
        };
        let mut document: DocumentMut = text.parse().map_err(unreadable)?;
        match edit {
            RoleEdit::Grant { objects, actions, level } => {
                grant(&mut document, &role, (objects, actions), *level);
            }
            RoleEdit::Field { object, field, right, mask } => {
                let wanted = (*right, mask.filter(|_| *right == FieldRight::Masked));
                if role.field_right(object, field) != wanted {
                    set_field(&mut document, (object, field), wanted);
                }
            }
            RoleEdit::Dimension { dimension, level, ticked } => {
                let known = role.dimensions.get(dimension).copied().unwrap_or_default();
                if known != *level {
                    within(&mut document, "dimensions", |table| {
                        set(table, dimension, level.as_ref());
                    });
                }
                tick(&mut document, &role, (dimension, *level), ticked.as_deref());
            }
            RoleEdit::Lines(lines) => set_names(&mut document, "lines", &role.lines, lines),
            RoleEdit::May(may) => {
                let names = |all: &[RoleCapability]| -> Vec<String> {
                    all.iter().map(|may| may.as_ref().to_owned()).collect()
                };
                set_names(&mut document, "may", &names(&role.may), &names(may));
            }
            RoleEdit::Caps { print, export, read } => {
                let caps = [
                    ("print", print, role.caps.print),
                    ("export", export, role.caps.export),
                    ("read", read, role.caps.read),
                ];
                for (key, wanted, known) in caps {
                    let wanted = match wanted {
                        CapEdit::Keep => known,
                        CapEdit::Lift => None,
                        CapEdit::Most(most) => Some(*most),
                    };
                    if wanted != known {
                        cap(&mut document, key, wanted);
                    }
                }
            }
            RoleEdit::Rename { code, label, label_en } => {
                for (key, value) in [("code", code), ("label", label), ("label_en", label_en)] {
                    set(document.as_table_mut(), key, value.as_str());
                }
            }
        }
        text = document.to_string();
    }
    Ok(text)
}

/// Sets how much of objects some actions open. What has that level already stays where it is written.
fn grant(
    document: &mut DocumentMut,
    role: &Role,
    (objects, actions): (&[String], &[Action]),
    level: RightLevel,
) {
    let actions: Vec<_> = Action::iter().filter(|action| actions.contains(action)).collect();
    let mut together: Vec<(Vec<String>, Vec<Action>)> = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        let differs = |action: &&Action| role.granted(object, **action).0 != level;
        let differing: Vec<_> = actions.iter().filter(differs).copied().collect();
        if differing.is_empty() || objects[..at].contains(object) {
            continue;
        }
        match together.iter_mut().find(|(_, known)| *known == differing) {
            Some((objects, _)) => objects.push(object.clone()),
            None => together.push((vec![object.clone()], differing)),
        }
    }
    for (objects, actions) in together {
        let actions: Vec<_> = actions.iter().map(|action| action.as_ref().to_owned()).collect();
        take(document, &objects, &actions);
        if level != RightLevel::None {
            give(document, &objects, &actions, level);
        }
    }
}

/// Takes actions on objects out of every block. What else a block grants on these objects stays granted.
fn take(document: &mut DocumentMut, objects: &[String], actions: &[String]) {
    let mut at = 0;
    loop {
        let Some(blocks) = blocks(document, GRANTS) else { return };
        let Some(table) = blocks.get_mut(at) else { break };
        let (of, may) = (names(table, "objects"), names(table, "actions"));
        let (leaving, staying) = split(&of, objects);
        let (taken, kept) = split(&may, actions);
        at += 1;
        if leaving.is_empty() || taken.is_empty() {
            continue;
        }
        match (staying.is_empty(), kept.is_empty()) {
            (true, true) => {
                at -= 1;
                remove_block(document, GRANTS, at);
            }
            (true, false) => drop_names(table, "actions", &taken),
            (false, true) => drop_names(table, "objects", &leaving),
            (false, false) => {
                drop_names(table, "objects", &leaving);
                let rest = block(&leaving, &kept, level_of(table));
                blocks.insert(at, rest);
                at += 1;
            }
        }
    }
    if blocks(document, GRANTS).is_some_and(|blocks| blocks.is_empty()) {
        document.remove(GRANTS);
    }
}

/// Grants actions on objects that no block grants yet: in blocks that fit, else in a new one behind all others.
fn give(document: &mut DocumentMut, objects: &[String], actions: &[String], level: RightLevel) {
    let Some(blocks) = blocks(document, GRANTS) else { return };
    let same = |one: &[String], other: &[String]| {
        one.iter().all(|name| other.contains(name)) && other.iter().all(|name| one.contains(name))
    };
    let fits = |table: &Table, key: &str, wanted: &[String]| {
        level_of(table) == level && same(&names(table, key), wanted)
    };
    if let Some(table) = blocks.iter_mut().find(|table| fits(table, "actions", actions)) {
        add_names(table, "objects", objects.iter().map(String::as_str));
        return;
    }
    let mut rest = Vec::new();
    for object in objects {
        let own = std::slice::from_ref(object);
        match blocks.iter_mut().find(|table| fits(table, "objects", own)) {
            Some(table) => add_names(table, "actions", actions.iter().map(String::as_str)),
            None => rest.push(object.clone()),
        }
    }
    if !rest.is_empty() {
        blocks.push(block(&rest, actions, level));
    }
}

/// Which names are among others, and which are not.
fn split(names: &[String], others: &[String]) -> (Vec<String>, Vec<String>) {
    names.iter().cloned().partition(|name| others.contains(name))
}

fn level_of(table: &Table) -> RightLevel {
    let employees = table.get("employees").and_then(Item::as_str).unwrap_or_default();
    let on = |key: &str| table.get(key).and_then(Item::as_bool).unwrap_or_default();
    RightLevel::of(employees.parse().unwrap_or_default(), on("dimensions"), on("open"))
}

fn block(objects: &[String], actions: &[String], level: RightLevel) -> Table {
    let (employees, dimensions, open) = level.switches();
    let mut table = Table::new();
    table.insert("objects", list(objects.iter().map(String::as_str)));
    table.insert("actions", list(actions.iter().map(String::as_str)));
    if employees != Employees::None {
        set(&mut table, "employees", employees.as_ref());
    }
    for (key, on) in [("dimensions", dimensions), ("open", open)] {
        if on {
            set(&mut table, key, true);
        }
    }
    table
}

fn set_field(
    document: &mut DocumentMut,
    (object, field): (&str, &str),
    (right, mask): (FieldRight, Option<Mask>),
) {
    let Some(blocks) = blocks(document, FIELDS) else { return };
    let is_of = |table: &Table| table.get("object").and_then(Item::as_str) == Some(object);
    for table in blocks.iter_mut().filter(|table| is_of(table)) {
        for key in ["hidden", "readonly"] {
            drop_names(table, key, &[field.to_owned()]);
        }
        if let Some(masked) = table.get_mut("masked").and_then(Item::as_table_like_mut) {
            masked.remove(field);
        }
    }
    if right != FieldRight::ReadWrite {
        if !blocks.iter().any(is_of) {
            let mut table = Table::new();
            set(&mut table, "object", object);
            blocks.push(table);
        }
        if let Some(table) = blocks.iter_mut().find(|table| is_of(table)) {
            say(table, field, right, mask);
        }
    }
    for table in blocks.iter_mut().filter(|table| is_of(table)) {
        let empty = |item: &Item| match item {
            Item::Value(Value::Array(list)) => list.is_empty(),
            item => item.as_table_like().is_some_and(TableLike::is_empty),
        };
        for key in ["hidden", "readonly", "masked"] {
            if table.get(key).is_some_and(empty) {
                table.remove(key);
            }
        }
    }
    let says_nothing = |table: &Table| is_of(table) && table.len() == 1;
    while let Some(at) = blocks_of(document).iter().position(|table| says_nothing(table)) {
        remove_block(document, FIELDS, at);
    }
}

fn blocks_of(document: &DocumentMut) -> Vec<&Table> {
    let blocks = document.get(FIELDS).and_then(Item::as_array_of_tables);
    blocks.into_iter().flatten().collect()
}

fn say(table: &mut Table, field: &str, right: FieldRight, mask: Option<Mask>) {
    match right {
        FieldRight::ReadWrite => {}
        FieldRight::ReadOnly => add_names(table, "readonly", [field]),
        FieldRight::Hidden => add_names(table, "hidden", [field]),
        FieldRight::Masked => {
            let mask = mask.unwrap_or(Mask::All).as_ref().to_lowercase();
            let masked = table
                .entry("masked")
                .or_insert_with(|| Item::Value(Value::InlineTable(InlineTable::new())));
            if let Some(masked) = masked.as_table_like_mut() {
                set(masked, field, mask);
            }
        }
    }
}

/// Does something to a table of the document, which is made at its end where it lacks.
fn within(document: &mut DocumentMut, key: &str, edit: impl FnOnce(&mut dyn TableLike)) {
    let made = || Item::Table(Table::new());
    if let Some(table) = document.entry(key).or_insert_with(made).as_table_like_mut() {
        edit(table);
    }
}

/// Sets the names in a list of the role itself. Those that stay are left as they are written.
fn set_names(document: &mut DocumentMut, key: &str, known: &[String], wanted: &[String]) {
    let (gone, _): (Vec<_>, Vec<_>) =
        known.iter().cloned().partition(|name| !wanted.contains(name));
    let (fresh, _): (Vec<_>, Vec<_>) =
        wanted.iter().cloned().partition(|name| !known.contains(name));
    let table = document.as_table_mut();
    drop_names(table, key, &gone);
    if !fresh.is_empty() {
        add_names(table, key, fresh.iter().map(String::as_str));
    }
    if wanted.is_empty() {
        table.remove(key);
    }
}

/// Sets a cap, or lifts it.
fn cap(document: &mut DocumentMut, key: &str, wanted: Option<u32>) {
    within(document, "caps", |caps| match wanted {
        Some(most) => set(caps, key, i64::from(most)),
        None => {
            caps.remove(key);
        }
    });
    if document.get("caps").and_then(Item::as_table_like).is_some_and(TableLike::is_empty) {
        remove_table(document, "caps");
        document.remove("caps");
    }
}

/// Sets the values ticked for a dimension. A level that looks at none has none.
fn tick(
    document: &mut DocumentMut,
    role: &Role,
    (dimension, level): (&str, Level),
    values: Option<&[String]>,
) {
    let looks = matches!(level, Level::Set | Level::Below);
    let known = role.ticked.get(dimension);
    let wanted = match values {
        Some(values) => Some(values).filter(|values| !values.is_empty()),
        None => known.map(Vec::as_slice).filter(|_| looks),
    };
    if known.map(Vec::as_slice) == wanted {
        return;
    }
    within(document, "ticked", |ticked| match wanted {
        Some(values) => {
            set(ticked, dimension, values.iter().map(String::as_str).collect::<Array>());
        }
        None => {
            ticked.remove(dimension);
        }
    });
    if document.get("ticked").and_then(Item::as_table_like).is_some_and(TableLike::is_empty) {
        remove_table(document, "ticked");
    }
}

#[cfg(test)]
mod tests;
