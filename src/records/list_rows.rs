//! The records of lists that expressions look through, as they are in a save: drafted lines and members in place of the
//! stored ones.
//!
//! Owns their loading. Whether the caller sees them is noted with the list; must not know what is asked of them.

use std::collections::HashMap;

use uuid::Uuid;

use super::{
    members,
    stages::{RowDraft, Save},
    store::{self, Values},
};
use crate::{
    base::{Result, Value},
    catalog::{FieldIx, FieldType, Object},
    expr::{Expr, Quantified},
};

impl Save<'_> {
    /// Loads what expressions read of a row: values at paths, and records of lists.
    pub(super) async fn read_for<'e>(
        &self,
        row: &mut RowDraft<'_>,
        exprs: impl Iterator<Item = &'e Expr>,
    ) -> Result<()> {
        let own = |path: &Vec<String>| path.first().is_none_or(|first| first != "each");
        for expr in exprs {
            self.read_own(row, expr, own).await?;
        }
        Ok(())
    }

    /// Loads what an expression reads of a row; its other paths lead elsewhere.
    pub(super) async fn read_own(
        &self,
        row: &mut RowDraft<'_>,
        expr: &Expr,
        own: impl Fn(&Vec<String>) -> bool,
    ) -> Result<()> {
        self.read(row, expr.paths().into_iter().filter(own).collect()).await?;
        for over in expr.over_lists() {
            self.read_list(row, over).await?;
        }
        Ok(())
    }

    async fn read_list(&self, row: &mut RowDraft<'_>, over: &Quantified) -> Result<()> {
        let catalog = &self.session.catalog;
        let (Some((name, steps)), Some(target)) =
            (over.list.split_last(), catalog.named(&over.object))
        else {
            return Ok(());
        };
        let rows = match steps {
            [] => match row.object.named(name) {
                Some((ix, _)) => self.list_rows(row, ix).await?,
                None => Vec::new(),
            },
            [old] if old == "old" => match (row.object.named(name), row.id()) {
                (Some((ix, _)), Some(id)) => self.stored_rows(row.object, ix, id).await?,
                _ => Vec::new(),
            },
            steps => {
                let (value, _) = self.follow(row, steps).await?;
                match (self.owner_of(row.object, steps), value.as_id()) {
                    (Some(owner), Some(id)) => match owner.named(name) {
                        Some((ix, _)) => self.stored_rows(owner, ix, id).await?,
                        None => Vec::new(),
                    },
                    _ => Vec::new(),
                }
            }
        };
        let mut seen = self.session.access.reads_all(target);
        let paths = over.read_of_each();
        let mut told = Vec::with_capacity(rows.len());
        for values in &rows {
            let mut read = HashMap::with_capacity(paths.len());
            for path in &paths {
                let (value, shown) = self.value_over(target, values, path).await?;
                seen &= shown;
                read.insert(path.clone(), value);
            }
            told.push(read);
        }
        row.list_read(&over.list, told, seen);
        Ok(())
    }

    /// The object of the records that relations lead to.
    fn owner_of(&self, object: &Object, steps: &[String]) -> Option<&Object> {
        let catalog = &self.session.catalog;
        let (start, steps) = match steps.split_first()? {
            (first, rest) if first == "viewer" => (catalog.named("Employee")?.ix, rest),
            (first, rest) if first == "old" => (object.ix, rest),
            _ => (object.ix, steps),
        };
        let end = steps.iter().try_fold(start, |at, step| {
            catalog.object(at).named(step).and_then(|(_, field)| field.target())
        });
        end.map(|end| catalog.object(end))
    }

    /// The records of a list of a row as they will be.
    pub(super) async fn list_rows(
        &self,
        row: &RowDraft<'_>,
        field: FieldIx,
    ) -> Result<Vec<Values>> {
        if let Some((_, lines)) = row.lines.iter().find(|(ix, _)| *ix == field) {
            return Ok(lines.clone());
        }
        let Some(id) = row.id() else { return Ok(Vec::new()) };
        let change = row.members.iter().find(|(ix, _)| *ix == field).map(|(_, change)| change);
        let (FieldType::ManyToMany(junction), Some(change)) = (&row.object.field(field).ty, change)
        else {
            return match row.old {
                Some(_) => self.stored_rows(row.object, field, id).await,
                None => Ok(Vec::new()),
            };
        };
        let stored = members::load(self.tx, junction, &[id]).await?;
        let mut ids: Vec<_> = stored.into_iter().map(|(_, member)| member).collect();
        ids.retain(|id| !change.remove.contains(id));
        ids.extend(change.add.iter().filter(|id| !ids.contains(id)).copied().collect::<Vec<_>>());
        let target = self.session.catalog.object(junction.target);
        store::read(self.tx, target, FieldIx::ID, &ids).await
    }

    /// The records of a list as they are stored.
    async fn stored_rows(&self, owner: &Object, field: FieldIx, id: Uuid) -> Result<Vec<Values>> {
        let catalog = &self.session.catalog;
        match &owner.field(field).ty {
            FieldType::Lines(lines) => {
                store::read(self.tx, catalog.object(lines.target), lines.via, &[id]).await
            }
            FieldType::Inverse(inverse) => {
                store::read(self.tx, catalog.object(inverse.target), inverse.via, &[id]).await
            }
            FieldType::ManyToMany(junction) => {
                let members = members::load(self.tx, junction, &[id]).await?;
                let ids: Vec<_> = members.into_iter().map(|(_, member)| member).collect();
                store::read(self.tx, catalog.object(junction.target), FieldIx::ID, &ids).await
            }
            _ => Ok(Vec::new()),
        }
    }
}

impl RowDraft<'_> {
    /// Its id.
    pub(super) fn id(&self) -> Option<Uuid> {
        self.values.get(&FieldIx::ID).and_then(Value::as_id)
    }
}
