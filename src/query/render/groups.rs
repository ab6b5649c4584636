//! Fills the gaps between groups of one period with empty groups, and those to the ends of a bounded filter.
//!
//! Must not know how groups are computed. Relies on their order by day.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    super::shape::{Fill, Leaf, RowsShape},
    JsonRow, Renderer, RowSource, quoted, split,
};
use crate::base::Result;

/// The groups that are written, up to the largest number.
struct Written {
    count: usize,
    most: usize,
}

impl Written {
    /// Whether there is room for another group; then it begins.
    fn begin(&mut self, out: &mut String) -> bool {
        let room = self.count < self.most;
        if room && self.count > 0 {
            out.push(',');
        }
        self.count += usize::from(room);
        room
    }
}

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
        let mut written = Written { count: 0, most: fill.most };
        let (begins, ends) = fill.ends();
        // The first period that is not written yet, once it is known.
        let mut next = begins;
        let mut beside: Option<JsonRow<'_>> = None;
        let mut room = true;
        out.push('[');
        for text in split(rows)? {
            let row = JsonRow::new(text, self.dialect)?;
            let day = row.json(fill.key)?.and_then(|day| day.trim_matches('"').parse().ok());
            while let (Some(empty), Some(day)) = (next, day) {
                if !fill.before(empty, day) || !written.begin(out) {
                    break;
                }
                self.object(shape, &EmptyGroup { fill, day: empty, beside: Some(&row) }, out)?;
                next = fill.next(empty);
            }
            room = written.begin(out);
            if !room {
                break;
            }
            self.object(shape, &row, out)?;
            next = day.map_or(next, |day| fill.next(day));
            beside = Some(row);
        }
        while let (Some(empty), Some(end), true) = (next, ends, room) {
            if fill.before(end, empty) {
                break;
            }
            room = written.begin(out);
            if room {
                let beside = beside.as_ref().map(|row| row as &dyn RowSource);
                self.object(shape, &EmptyGroup { fill, day: empty, beside }, out)?;
                next = fill.next(empty);
            }
        }
        if !room {
            self.beyond.add(&rows_shape.way);
        }
        out.push(']');
        Ok(())
    }
}

/// The row of an empty group.
struct EmptyGroup<'f> {
    fill: &'f Fill,
    day: NaiveDate,
    /// A group beside it, if there is any.
    beside: Option<&'f dyn RowSource>,
}

impl RowSource for EmptyGroup<'_> {
    fn leaf(&self, at: usize, leaf: Leaf, out: &mut String) -> Result<()> {
        if self.fill.same.contains(&at) {
            match self.beside {
                Some(beside) => return beside.leaf(at, leaf, out),
                None => out.push('0'),
            }
            return Ok(());
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
