//! Writes the filters by which groups are opened as lists.

use super::{super::shape::DrillShape, Renderer, RowSource};
use crate::base::Result;

impl Renderer<'_> {
    /// Writes the filter of a group from the values of its keys.
    pub(super) fn drill(shape: &DrillShape, row: &dyn RowSource, out: &mut String) -> Result<()> {
        let mut values = Vec::with_capacity(shape.keys.len());
        for (at, leaf) in &shape.keys {
            let mut value = String::new();
            row.leaf(*at, *leaf, &mut value)?;
            values.push(value);
        }
        out.push_str(&shape.drill.filter_of(&values));
        Ok(())
    }
}
