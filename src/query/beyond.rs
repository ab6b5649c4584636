//! Lists that go on beyond what is answered: where in the document they stand, and which of them there are.
//!
//! One row more than a list answers is fetched, so that to know costs nothing. It is a row that the caller
//! may see, as the others are.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    compile::Root,
    shape::{ConnectionShape, ConnectionSlot, EdgeSlot, ObjectShape, RowsShape, Slot},
};

/// Where a list stands: the response keys that lead to it, those of lists without the places within them.
pub type Way = Arc<[String]>;

/// The lists of answers that go on.
#[derive(Debug, Default)]
pub struct Beyond(Mutex<BTreeSet<Way>>);

impl Beyond {
    /// Tells of a list; once, however many records have it.
    pub fn add(&self, way: &Way) {
        let mut ways = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !ways.contains(way) {
            ways.insert(Arc::clone(way));
        }
    }

    /// Takes what was told.
    pub fn take(&self) -> BTreeSet<Way> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells the lists of an answer where they stand below it.
pub(super) fn placed(mut root: Root) -> Root {
    let mut at = Vec::new();
    match &mut root {
        Root::One(shape) => object(shape, &mut at),
        Root::List(shape) => connection(shape, &mut at),
        Root::Rows(shape) => rows(shape, &mut at),
    }
    root
}

/// What stands under a key.
fn below(key: &str, at: &mut Vec<String>, place: impl FnOnce(&mut Vec<String>)) {
    at.push(key.to_owned());
    place(at);
    at.pop();
}

fn object(shape: &mut ObjectShape, at: &mut Vec<String>) {
    for (key, slot) in &mut shape.0 {
        below(key, at, |at| match slot {
            Slot::One(_, inner) | Slot::Inline(inner) => object(inner, at),
            Slot::Many(_, inner) => rows(inner, at),
            Slot::Connection(inner) => connection(inner, at),
            Slot::Listed(items) => items.iter_mut().for_each(|inner| object(inner, at)),
            Slot::Later { way, .. } => *way = at.as_slice().into(),
            Slot::Typename(_)
            | Slot::Leaf(..)
            | Slot::Counted(_)
            | Slot::Told(_)
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
