//! What the answer to a plan rests on besides the records it is about: other objects, and the rights.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use super::plan::Plan;
use crate::{
    access::{Condition, RowRule},
    catalog::{Catalog, FieldIx, ObjectIx},
};

impl Plan {
    /// The objects whose records decide, beside the record's own values, which records there are: those the
    /// filter leads over and those the rules do. A change of one of them may bring records in or take them out.
    pub fn rests_on(&self, catalog: &Catalog) -> BTreeSet<ObjectIx> {
        let own = self.find.object;
        let mut all: BTreeSet<_> = self.rules.keys().copied().filter(|ix| *ix != own).collect();
        for (object, rule) in &self.rules {
            of_rule(catalog, *object, rule, &mut all);
        }
        all
    }

    /// Whether it is about all records of its object, whatever is in them.
    pub fn is_whole(&self) -> bool {
        self.rules.get(&self.find.object) == Some(&RowRule::All) && self.find.filter().is_none()
    }

    /// A number that stays the same as long as wish and rights do, whatever the time.
    pub fn print(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.find.hash(&mut hasher);
        for (object, rule) in &self.rules {
            (object, rule.clone().timeless()).hash(&mut hasher);
        }
        hasher.finish()
    }
}

fn of_rule(catalog: &Catalog, object: ObjectIx, rule: &RowRule, all: &mut BTreeSet<ObjectIx>) {
    if let RowRule::When(condition) = rule {
        of_condition(catalog, object, condition, all);
    }
}

fn of_condition(
    catalog: &Catalog,
    object: ObjectIx,
    condition: &Condition,
    all: &mut BTreeSet<ObjectIx>,
) {
    match condition {
        Condition::Any(inner) | Condition::All(inner) => {
            for condition in inner {
                of_condition(catalog, object, condition, all);
            }
        }
        // Lines are saved with their record.
        Condition::Employee { .. } => {}
        Condition::Within { path, .. } => {
            let steps = path.split_last().map_or(&[][..], |(_, steps)| steps);
            along(catalog, object, steps, all);
        }
        Condition::Readable { path, rule } => {
            if let Some(end) = along(catalog, object, path, all) {
                of_rule(catalog, end, rule, all);
            }
        }
    }
}

/// Adds the objects a path leads to and tells the last.
fn along(
    catalog: &Catalog,
    object: ObjectIx,
    path: &[FieldIx],
    all: &mut BTreeSet<ObjectIx>,
) -> Option<ObjectIx> {
    path.iter().try_fold(object, |at, step| {
        let target = catalog.object(at).field(*step).target()?;
        all.insert(target);
        Some(target)
    })
}
