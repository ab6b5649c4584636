//! Read-only fields: those that callers leave as they are while a condition holds.
//!
//! What is stored decides, so that no patch unlocks a field and changes it at once. Nothing is stored of a new row:
//! there the row itself decides, and a read-only field has no value but its default. What the server writes by itself
//! is not held up: formulas, roll-ups, moved references.

use std::iter;

use super::{
    change::Input,
    events,
    stages::{RowDraft, Save},
};
use crate::{
    base::{Result, Value},
    catalog::FieldIx,
    rules::{self, Checked},
};

impl Save<'_> {
    /// Adds a fault for each read-only field that the input changes.
    pub(super) async fn keep_locked(&self, row: &mut RowDraft<'_>, input: &Input) -> Result<()> {
        let free = row.blind || row.restored.is_some() || self.session.access.is_server();
        if free || !conditional(row) {
            return Ok(());
        }
        let changed = self.changed(row, input).await?;
        if changed.is_empty() {
            return Ok(());
        }
        let object = row.object;
        let conditions =
            changed.iter().filter_map(|ix| object.field(*ix).conditions.read_only.as_ref());
        let paths: Vec<_> = conditions.flat_map(|condition| condition.expr.paths()).collect();
        let catalog = &self.session.catalog;
        let checked = match self.stored(row, paths.clone()).await? {
            Some(stored) => rules::read_only(catalog, &self.scope(&stored), changed.into_iter()),
            None => {
                self.read(row, paths).await?;
                rules::read_only(catalog, &self.scope(row), changed.into_iter())
            }
        };
        self.tell(row, checked)
    }

    /// Whether a field of a stored row is read-only now: a fault if it is, `unseen` if it is for a reason that the caller does
    /// not see.
    pub(super) async fn locked(&self, row: &RowDraft<'_>, ix: FieldIx) -> Result<Checked> {
        let whole = row.object.whole(ix);
        let Some(condition) = &row.object.field(whole).conditions.read_only else {
            return Ok(Checked::default());
        };
        let Some(stored) = self.stored(row, condition.expr.paths()).await? else {
            return Ok(Checked::default());
        };
        let scope = self.scope(&stored);
        Ok(rules::read_only(&self.session.catalog, &scope, iter::once(whole)))
    }

    /// The row as it is stored, with what some paths of it lead to. None for a new row.
    pub(super) async fn stored<'r>(
        &self,
        row: &RowDraft<'r>,
        paths: Vec<Vec<String>>,
    ) -> Result<Option<RowDraft<'r>>> {
        let Some(old) = row.old else { return Ok(None) };
        // The document of a stored line is read as it is stored, too.
        let mut stored = RowDraft::known(row.object, old, Vec::new());
        self.read(&mut stored, paths).await?;
        Ok(Some(stored))
    }

    /// The fields with a condition that the input changes.
    async fn changed(&self, row: &mut RowDraft<'_>, input: &Input) -> Result<Vec<FieldIx>> {
        let object = row.object;
        let lines = input.lines.iter().filter(|(_, change)| {
            !(change.create.is_empty() && change.update.is_empty() && change.delete.is_empty())
        });
        let owned = lines.map(|(ix, _)| *ix).chain(input.members.iter().map(|(ix, _)| *ix));
        let mut changed: Vec<_> = owned.collect();
        match row.old {
            Some(old) => {
                let given = |ix: &FieldIx| row.touched.contains(ix);
                let differ = events::changed(object, old, &row.values).into_iter().filter(given);
                changed.extend(differ.map(|ix| object.whole(ix)));
            }
            None => {
                for ix in row.touched.clone() {
                    let given = row.values.get(&ix).cloned().unwrap_or(Value::Null);
                    let whole = object.whole(ix);
                    let locks = object.field(whole).conditions.read_only.is_some();
                    if locks && !given.is_null() && !self.is_default(row, ix, &given).await? {
                        changed.push(whole);
                    }
                }
            }
        }
        changed.retain(|ix| object.field(*ix).conditions.read_only.is_some());
        Ok(changed)
    }

    /// Whether a value is what the default of a new row gives.
    async fn is_default(&self, row: &mut RowDraft<'_>, ix: FieldIx, given: &Value) -> Result<bool> {
        Ok(matches!(self.default_of(row, ix).await?, Some(Ok(value)) if value == *given))
    }
}

/// Whether a row has fields that may be read-only.
fn conditional(row: &RowDraft<'_>) -> bool {
    row.object.each_field().any(|(_, field)| field.conditions.read_only.is_some())
}
