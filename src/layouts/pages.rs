//! Which pages an object needs before ordinary users get to it: a list and a detail layout, for everyone.
//!
//! Standard objects come with theirs, if only generated. Lines have no pages of their own. Must not know where layouts
//! are stored.

use super::key::{LayoutKey, LayoutKind};
use crate::catalog::{Object, ObjectKind, Origin};

/// The kinds of layouts that an object needs.
const NEEDED: [LayoutKind; 2] = [LayoutKind::List, LayoutKind::Detail];

/// The layouts that an object lacks; `is_written` tells of one whether somebody has written it.
pub fn missing_pages(object: &Object, is_written: impl Fn(&LayoutKey) -> bool) -> Vec<LayoutKind> {
    let lacks = |kind: &LayoutKind| !is_written(&LayoutKey::plain(&object.name, *kind));
    NEEDED.into_iter().filter(lacks).collect()
}

/// Whether an object needs somebody to write or accept its layouts.
pub fn needs_pages(object: &Object) -> bool {
    object.origin == Origin::Custom && object.kind != ObjectKind::Line
}
