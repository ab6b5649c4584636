//! Two people's changes of one text, merged by type: what only one side changed is theirs.

use std::collections::HashMap;

use super::outline::outline;

/// The definitions of a text by type: in order of first appearance, each with its extensions.
struct ByType<'t> {
    order: Vec<&'t str>,
    texts: HashMap<&'t str, String>,
    /// Each definition with the text up to its end, in order.
    pieces: Vec<(&'t str, &'t str)>,
    tail: &'t str,
}

impl<'t> ByType<'t> {
    fn read(text: &'t str, units: &'t [super::outline::DefinitionOutline]) -> Self {
        let mut read =
            Self { order: Vec::new(), texts: HashMap::new(), pieces: Vec::new(), tail: "" };
        for unit in units {
            let piece = text.get(unit.whole.clone()).unwrap_or_default();
            let (name, all) = (unit.name.as_str(), &mut read.texts);
            if !read.order.contains(&name) {
                read.order.push(name);
            }
            let whole = all.entry(name).or_default();
            if !whole.is_empty() {
                whole.push_str("\n\n");
            }
            whole.push_str(piece.trim());
            read.pieces.push((name, piece));
        }
        let end = units.last().map_or(0, |unit| unit.whole.end);
        read.tail = text.get(end..).unwrap_or_default();
        read
    }

    fn of(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }
}

/// Merges what `theirs` changed of `base` into `mine`. Fails with the types that both changed to different texts, or
/// with none where a text cannot be read. What `mine` has and `theirs` left alone stays byte for byte.
pub fn merged(base: &str, mine: &str, theirs: &str) -> Result<String, Vec<String>> {
    if mine == base || base == theirs {
        return Ok(if base == theirs { mine } else { theirs }.to_owned());
    }
    let (Some(of_base), Some(of_mine), Some(of_theirs)) =
        (outline(base), outline(mine), outline(theirs))
    else {
        return Err(Vec::new());
    };
    let base = ByType::read(base, &of_base);
    let mine = ByType::read(mine, &of_mine);
    let theirs = ByType::read(theirs, &of_theirs);
    let mut names = mine.order.clone();
    let more = theirs.order.iter().chain(&base.order);
    for name in more {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let clash = |name: &&&str| {
        let (was, own, other) = (base.of(name), mine.of(name), theirs.of(name));
        own != was && other != was && own != other
    };
    let both: Vec<String> = names.iter().filter(clash).map(|name| (*name).to_owned()).collect();
    if !both.is_empty() {
        return Err(both);
    }
    let taken = |name: &str| base.of(name) != theirs.of(name) && mine.of(name) != theirs.of(name);
    let (mut text, mut written) = (String::new(), Vec::new());
    for (name, piece) in &mine.pieces {
        if !taken(name) {
            text.push_str(piece);
        } else if !written.contains(name) {
            written.push(*name);
            if let Some(other) = theirs.of(name) {
                let blank = piece.len() - piece.trim_start().len();
                text.push_str(piece.get(..blank).unwrap_or_default());
                text.push_str(other);
            }
        }
    }
    text.push_str(mine.tail);
    for name in theirs.order.iter().filter(|name| mine.of(name).is_none() && taken(name)) {
        if let Some(other) = theirs.of(name) {
            text = format!("{}\n\n{other}\n", text.trim_end());
        }
    }
    Ok(text)
}
