//! Fills roll-ups of all related records when a definition brings or changes them.
//!
//! `records` keeps them up by the saves of these records, which know the definition only once it is published. So
//! whoever writes them is waited for, and others wait until it is.

use std::collections::HashSet;

use super::{Tx, fault, formulas::refused};
use crate::{
    base::Result,
    catalog::{Catalog, Field, FieldIx, Object, ObjectIx},
    sql::{Dialect, filled, platform},
};

/// A field of an object.
type Place = (ObjectIx, FieldIx);

/// The roll-ups of objects that existed before whose values may be others, in the order in which they are computed.
/// `computed` are the formulas and roll-ups of lines that are computed anew.
pub(super) fn stale<'c>(
    earlier: impl Fn(&str) -> Option<(&'c Catalog, &'c Object)>,
    new: &Catalog,
    again: &[&str],
    computed: &HashSet<Place>,
) -> Vec<Place> {
    let mut moved = computed.clone();
    let mut stale = Vec::new();
    for (object, ix) in &new.system_rollups {
        let known = new.object(*object);
        let field = known.field(*ix);
        let Some((old, before)) = earlier(&known.name) else { continue };
        let other = match before.stored(&field.stored) {
            None => true,
            Some((_, earlier)) => {
                old.rests_on(before, earlier) != new.rests_on(known, field)
                    || again.contains(&known.name.as_str())
            }
        };
        let Some(rollup) = field.system_rollup() else { continue };
        let Some(target) = known.field(rollup.lines).target() else { continue };
        let counted = field.counted.iter().flat_map(|by| new.object(target).read_by(by));
        let mut read = rollup.op.field().into_iter().chain(counted);
        if other || read.any(|read| moved.contains(&(target, read))) {
            stale.push((*object, *ix));
            moved.insert((*object, *ix));
            for formula in known.computed_of(&[*ix]) {
                moved.insert((*object, formula));
            }
        }
    }
    stale
}

/// Computes a roll-up for every record.
pub(super) async fn fill(tx: &Tx, catalog: &Catalog, object: &Object, ix: FieldIx) -> Result<()> {
    let target = object.field(ix).system_rollup().map(|rollup| object.field(rollup.lines));
    if let (Dialect::Postgres, Some(target)) = (tx.dialect(), target.and_then(Field::target)) {
        let table = &catalog.object(target).table;
        tx.define(&platform::no_writers(table)).await.map_err(fault)?;
    }
    let update = filled(tx.dialect(), catalog, object, ix)?;
    tx.update(&update).await.map_err(refused)?;
    Ok(())
}
