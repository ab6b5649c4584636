//! Edits of a TOML document that leave its comments and its order as they are: names in lists, blocks of a kind.
//!
//! Must not know what a document says.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};

/// The blocks of a key, `[[key]]`. A list of inline tables is written as blocks first.
pub(super) fn blocks<'d>(
    document: &'d mut DocumentMut,
    key: &str,
) -> Option<&'d mut ArrayOfTables> {
    let item = document.entry(key).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    if !item.is_array_of_tables() {
        // What is no list of tables is an empty list.
        let written = std::mem::take(item).into_array_of_tables();
        *item = Item::ArrayOfTables(written.unwrap_or_default());
    }
    item.as_array_of_tables_mut()
}

/// Takes a block away. A comment above it goes to what follows.
pub(super) fn remove_block(document: &mut DocumentMut, key: &str, at: usize) {
    let Some(blocks) = blocks(document, key) else { return };
    if at >= blocks.len() {
        return;
    }
    let removed = blocks.remove(at);
    if blocks.is_empty() {
        document.remove(key);
    }
    keep_comment(document, &removed);
}

/// Takes a table away. A comment above it goes to what follows.
pub(super) fn remove_table(document: &mut DocumentMut, key: &str) {
    if let Some(Item::Table(removed)) = document.remove(key) {
        keep_comment(document, &removed);
    }
}

fn keep_comment(document: &mut DocumentMut, removed: &Table) {
    let comment = removed.decor().prefix().and_then(|prefix| prefix.as_str());
    let comment = comment.filter(|text| text.contains('#')).map(str::to_owned);
    if let (Some(comment), Some(position)) = (comment, removed.position()) {
        carry(document, comment, position);
    }
}

/// Puts a comment in front of the first block behind a position, or at the end.
fn carry(document: &mut DocumentMut, mut comment: String, position: isize) {
    let mut next: Option<&mut Table> = None;
    for (_, item) in document.iter_mut() {
        let tables: Box<dyn Iterator<Item = &mut Table>> = match item {
            Item::Table(table) => Box::new(std::iter::once(table)),
            Item::ArrayOfTables(tables) => Box::new(tables.iter_mut()),
            _ => continue,
        };
        for table in tables {
            let behind = table.position().filter(|at| *at > position);
            let known = next.as_ref().and_then(|next| next.position());
            if behind.is_some_and(|at| known.is_none_or(|known| at < known)) {
                next = Some(table);
            }
        }
    }
    if let Some(next) = next {
        comment.push_str(next.decor().prefix().and_then(|text| text.as_str()).unwrap_or("\n"));
        next.decor_mut().set_prefix(comment);
        return;
    }
    comment.push_str(document.trailing().as_str().unwrap_or_default());
    document.set_trailing(comment);
}

/// The names in a list of a block.
pub(super) fn names(table: &dyn TableLike, key: &str) -> Vec<String> {
    let list = table.get(key).and_then(Item::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A list of names.
pub(super) fn list<'n>(names: impl IntoIterator<Item = &'n str>) -> Item {
    Item::Value(Value::Array(names.into_iter().collect()))
}

/// Adds names to a list of a block, which is made where it lacks.
pub(super) fn add_names<'n>(
    table: &mut dyn TableLike,
    key: &str,
    names: impl IntoIterator<Item = &'n str>,
) {
    if table.get(key).and_then(Item::as_array).is_none() {
        table.insert(key, Item::Value(Value::Array(Array::new())));
    }
    let Some(array) = table.get_mut(key).and_then(Item::as_array_mut) else { return };
    for name in names {
        push(array, name);
    }
}

/// Adds a name as the last of a list, written like the one before it.
fn push(array: &mut Array, name: &str) {
    let mut value = Value::from(name);
    // A comment behind the comma of the last stays with it.
    let trailing = array.trailing().as_str().unwrap_or_default().to_owned();
    let comment = trailing.split_once('\n').filter(|(first, _)| first.contains('#'));
    if let Some((_, rest)) = comment {
        array.set_trailing(format!("\n{rest}"));
    }
    let comment = comment.map(|(first, _)| first).unwrap_or_default();
    if let Some(last) = array.len().checked_sub(1).and_then(|at| array.get_mut(at)) {
        let text = |raw: Option<&toml_edit::RawString>| {
            raw.and_then(|raw| raw.as_str()).unwrap_or_default().to_owned()
        };
        let (prefix, suffix) = (text(last.decor().prefix()), text(last.decor().suffix()));
        let line = prefix.rsplit_once('\n').map(|(_, indent)| format!("\n{indent}"));
        let lone = if comment.is_empty() { " " } else { "\n" };
        value.decor_mut().set_prefix(format!("{comment}{}", line.as_deref().unwrap_or(lone)));
        if !suffix.contains('#') {
            last.decor_mut().set_suffix("");
            value.decor_mut().set_suffix(suffix);
        }
    }
    array.push_formatted(value);
}

/// Takes names out of a list of a block. Comments between them stay.
pub(super) fn drop_names(table: &mut dyn TableLike, key: &str, names: &[String]) {
    let Some(array) = table.get_mut(key).and_then(Item::as_array_mut) else { return };
    let dropped =
        |value: &Value| value.as_str().is_some_and(|text| names.iter().any(|n| n == text));
    loop {
        let found = array.iter().position(dropped);
        let Some(at) = found else { return };
        let prefix = |value: &Value| {
            value.decor().prefix().and_then(|raw| raw.as_str()).unwrap_or_default().to_owned()
        };
        let removed = prefix(&array.remove(at));
        let commented = removed.contains('#');
        match array.get_mut(at) {
            // The first of a list stands without a space; a comment keeps its place.
            Some(next) if at == 0 || commented => {
                let own = prefix(next);
                let joined =
                    if commented { removed.trim_end().to_owned() + "\n" + &own } else { removed };
                next.decor_mut().set_prefix(joined);
            }
            None if commented => {
                let own = array.trailing().as_str().unwrap_or_default().to_owned();
                array.set_trailing(removed.trim_end().to_owned() + "\n" + &own);
            }
            _ => {}
        }
    }
}

/// Sets a value of a table, in the place and with the comment of the one before.
pub(super) fn set(table: &mut dyn TableLike, key: &str, value: impl Into<Value>) {
    let mut value = value.into();
    if let Some(known) = table.get_mut(key).and_then(Item::as_value_mut) {
        *value.decor_mut() = known.decor().clone();
        *known = value;
        return;
    }
    table.insert(key, Item::Value(value));
}
