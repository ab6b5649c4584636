//! Lists that have more records than the response contains, by their place in the document.
//!
//! Each list fetches one row more than it returns, so this needs no further query. The access
//! rules apply to that row, too.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    compile::RootShape,
    shape::{ConnectionShape, ConnectionSlot, EdgeSlot, ObjectShape, RowsShape, Slot},
};

/// The place of a list: the response keys that lead to it, without indexes into outer lists.
pub type Way = Arc<[String]>;

/// The lists of a response that have more records.
#[derive(Debug, Default)]
pub struct Beyond(Mutex<BTreeSet<Way>>);

impl Beyond {
    /// Notes a list once, however many records contain it.
    pub fn add(&self, way: &Way) {
        let mut ways = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !ways.contains(way) {
            ways.insert(Arc::clone(way));
        }
    }

    /// Returns the noted places and clears them.
    pub fn take(&self) -> BTreeSet<Way> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Sets the place of each list within a response.
pub(super) fn placed(mut root: RootShape) -> RootShape {
    let mut at = Vec::new();
    match &mut root {
        RootShape::One(shape) => object(shape, &mut at),
        RootShape::List(shape) => connection(shape, &mut at),
        RootShape::Rows(shape) => rows(shape, &mut at),
    }
    root
}

/// Runs `place` with `key` added to the path.
fn below(key: &str, at: &mut Vec<String>, place: impl FnOnce(&mut Vec<String>)) {
    at.push(key.to_owned());
    place(at);
    at.pop();
}

fn object(shape: &mut ObjectShape, at: &mut Vec<String>) {
    for (key, slot) in &mut shape.0 {
        below(key, at, |at| match slot {
            Slot::One(_, inner) | Slot::Inline(inner) => object(inner, at),
            Slot::OneOf(each) => each.iter_mut().for_each(|(_, inner)| object(inner, at)),
            Slot::Many(_, inner) => rows(inner, at),
            Slot::Connection(inner) => connection(inner, at),
            Slot::Listed(items) => items.iter_mut().for_each(|inner| object(inner, at)),
            Slot::Later { way, .. } => *way = at.as_slice().into(),
            Slot::Typename(_)
            | Slot::Leaf(..)
            | Slot::Counted(_)
            | Slot::Told(_)
            | Slot::Drill(_)
            | Slot::Fixed(_) => {}
        });
    }
}

fn rows(shape: &mut RowsShape, at: &mut Vec<String>) {
    shape.way = at.as_slice().into();
    object(&mut shape.each, at);
}

fn connection(shape: &mut ConnectionShape, at: &mut Vec<String>) {
    shape.way = at.as_slice().into();
    for (key, slot) in &mut shape.parts {
        below(key, at, |at| match slot {
            ConnectionSlot::Nodes(inner) => object(inner, at),
            ConnectionSlot::Edges(parts) => {
                for (key, part) in parts {
                    if let EdgeSlot::Node(inner) = part {
                        below(key, at, |at| object(inner, at));
                    }
                }
            }
            ConnectionSlot::Typename(_) | ConnectionSlot::PageInfo(_) | ConnectionSlot::Total => {}
        });
    }
}
