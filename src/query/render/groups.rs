//! Fills the gaps between groups of one period with empty groups.
//!
//! Must not know how groups are computed. Relies on their order by day.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    super::shape::{Fill, Leaf, RowsShape},
    JsonRow, Renderer, RowSource, quoted, split,
};
use crate::base::Result;

impl Renderer<'_> {
    /// Writes groups from the JSON text of their rows, with the gaps filled.
    pub(super) fn filled(
        &self,
        rows_shape: &RowsShape,
        fill: &Fill,
        rows: &str,
        out: &mut String,
    ) -> Result<()> {
        let shape = &rows_shape.each;
        let mut written = 0;
        let mut begin = |out: &mut String| {
            let room = written < fill.most;
            if room && written > 0 {
                out.push(',');
            }
            written += usize::from(room);
            room
        };
        let mut last = None;
        out.push('[');
        for text in split(rows)? {
            let row = JsonRow::new(text, self.dialect)?;
            let day = row.json(fill.key)?.and_then(|day| day.trim_matches('"').parse().ok());
            if let (Some(last), Some(day)) = (last, day) {
                let mut between = fill.next(last);
                while let Some(empty) = between.filter(|between| fill.before(*between, day)) {
                    if !begin(out) {
                        break;
                    }
                    self.object(shape, &EmptyGroup { fill, day: empty, beside: &row }, out)?;
                    between = fill.next(empty);
                }
            }
            if !begin(out) {
                self.beyond.add(&rows_shape.way);
                break;
            }
            self.object(shape, &row, out)?;
            last = day.or(last);
        }
        out.push(']');
        Ok(())
    }
}

/// The row of an empty group.
struct EmptyGroup<'f> {
    fill: &'f Fill,
    day: NaiveDate,
    /// The group that follows it.
    beside: &'f dyn RowSource,
}

impl RowSource for EmptyGroup<'_> {
    fn leaf(&self, at: usize, leaf: Leaf, out: &mut String) -> Result<()> {
        if self.fill.same.contains(&at) {
            return self.beside.leaf(at, leaf, out);
        }
        let zero = self.fill.zeros.iter().find(|(place, _)| *place == at);
        match zero {
            Some((_, zero)) => out.push_str(zero),
            None if self.fill.keys.contains(&at) => quoted(&self.day.to_string(), out),
            None => out.push_str("null"),
        }
        Ok(())
    }

    fn json(&self, _at: usize) -> Result<Option<&str>> {
        Ok(None)
    }

    fn id(&self, _at: usize) -> Result<Option<Uuid>> {
        Ok(None)
    }
}
