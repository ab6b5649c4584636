//! Formulas that are computed when they are read, of a record that is only drafted: the database has no row to compute them of.
//!
//! What they come to is what a read after the save would answer the caller. Where that is not known here, as of a roll-up over
//! records that the reader may see, they have no value.

use super::{
    stages::{RowDraft, Save},
    store::Values,
};
use crate::{
    base::{Result, Value},
    catalog::{Field, FieldIx, Object},
    expr::Expr,
    rules,
};

/// Whether an object has such formulas.
pub(super) fn has_any(object: &Object) -> bool {
    formulas(object).next().is_some()
}

fn formulas(object: &Object) -> impl Iterator<Item = (FieldIx, &Field, &Expr)> {
    let each = object.each_field().filter(|(_, field)| field.on_read);
    each.filter_map(|(ix, field)| Some((ix, field, field.formula.as_ref()?)))
}

impl Save<'_> {
    /// Puts the formulas that are computed when they are read among the values of a row, each after those that it reads.
    pub(super) async fn compute_when_read(&self, row: &mut RowDraft<'_>) -> Result<()> {
        let object = row.object;
        let mut left: Vec<_> = formulas(object).collect();
        // Each round computes at least one: no formula reads itself.
        while !row.blind && !left.is_empty() {
            let waits = |formula: &Expr, left: &[(FieldIx, &Field, &Expr)]| {
                let read = object.read_by(formula);
                left.iter().any(|(ix, ..)| read.contains(ix))
            };
            let (later, now): (Vec<_>, Vec<_>) =
                left.iter().copied().partition(|(_, _, formula)| waits(formula, &left));
            for (ix, field, formula) in &now {
                let value = match self.is_known(row, formula).await? {
                    true => {
                        rules::computed(&self.session.catalog, field, formula, &self.scope(row))
                    }
                    false => Value::Null,
                };
                row.values.insert(*ix, value);
            }
            if now.is_empty() {
                return Ok(());
            }
            left = later;
        }
        Ok(())
    }

    /// Whether the caller may know what a formula comes to. An empty reference looks to them like one to a record that
    /// they may not see, unless they see all records it could refer to.
    async fn is_known(&self, row: &mut RowDraft<'_>, formula: &Expr) -> Result<bool> {
        let (catalog, object) = (&self.session.catalog, row.object);
        let viewer =
            |ix: &FieldIx| object.field(*ix).on_read && object.field(*ix).formula.is_none();
        let read = catalog.read_by_formula(object, formula);
        if read.iter().any(|path| path.first().is_some_and(viewer)) {
            return Ok(false);
        }
        self.read(row, formula.paths()).await?;
        if self.scope(row).facts.unseen_by(formula) {
            return Ok(false);
        }
        let document = row.above.as_ref().map(|above| above.via);
        for way in catalog.led_over(object, formula) {
            // The document of a drafted line is drafted itself.
            if way.first() == document.as_ref() && way.len() == 1 {
                continue;
            }
            let mut at = object;
            let mut names = Vec::new();
            for step in &way {
                let field = at.field(*step);
                names.push(field.name.clone());
                let Some(target) = field.target() else { break };
                at = catalog.object(target);
            }
            let (value, seen) = self.follow(row, &names).await?;
            let value = match way.as_slice() {
                [own] => row.values.get(own).cloned().unwrap_or(Value::Null),
                _ => value,
            };
            if !seen || value.is_null() && !self.session.access.reads_all(at) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The same for drafted lines, which are read with their document.
    pub(super) async fn compute_lines_when_read(
        &self,
        object: &Object,
        via: FieldIx,
        document: &Values,
        lines: &mut [Values],
    ) -> Result<()> {
        if !has_any(object) {
            return Ok(());
        }
        for line in lines {
            let row = RowDraft::new(object, std::mem::take(line), Vec::new());
            let mut row = row.below(via, document);
            self.compute_when_read(&mut row).await?;
            *line = row.values;
        }
        Ok(())
    }
}
