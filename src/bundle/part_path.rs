//! The path of a part within a bundle: a folder for each kind, a file for each name.
//!
//! A kind that is added later has its folder without a line here.

use strum::IntoEnumIterator;

use crate::catalog::PartKind;

/// The folder of a kind: `roles` for `ROLE`.
pub(super) fn folder(kind: PartKind) -> String {
    let name = kind.as_ref().to_lowercase();
    if name.ends_with('s') { name } else { name + "s" }
}

/// The folders of all kinds.
pub fn folders() -> Vec<String> {
    PartKind::iter().map(folder).collect()
}

/// How files of a kind end: objects are SDL, all others TOML.
fn ending(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Objects => ".graphql",
        _ => ".toml",
    }
}

/// The path of a part.
pub(super) fn path(kind: PartKind, name: &str) -> String {
    format!("{}/{}{}", folder(kind), escaped(name), ending(kind))
}

/// The kind and name of the part at a path; none where no part is written there.
pub(super) fn read(path: &str) -> Option<(PartKind, String)> {
    let (within, file) = path.split_once('/')?;
    let kind = PartKind::iter().find(|kind| folder(*kind) == within)?;
    let name = plain(file.strip_suffix(ending(kind))?)?;
    let same = !name.is_empty() && self::path(kind, &name) == path;
    same.then_some((kind, name))
}

/// A name as that of a file: letters and digits of all languages and a few signs stay, anything else is `%` with its
/// bytes in hexadecimal digits. No file is hidden.
fn escaped(name: &str) -> String {
    let mut text = String::new();
    for (at, c) in name.char_indices() {
        let stays =
            c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | '#') || (c == '.' && at > 0);
        if stays {
            text.push(c);
        } else {
            let mut bytes = [0; 4];
            let bytes = c.encode_utf8(&mut bytes).bytes();
            text.extend(bytes.map(|byte| format!("%{byte:02X}")));
        }
    }
    text
}

fn plain(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}
