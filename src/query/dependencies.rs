//! What the result of a plan depends on, beside the records it reads: other objects, and the rights.

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
    /// The objects whose records decide which records the plan returns, beside a record's own
    /// values: those that the filter leads over and those that the rules lead over. Their changes
    /// may add or remove records.
    pub fn rests_on(&self, catalog: &Catalog) -> BTreeSet<ObjectIx> {
        let own = self.find.object;
        let mut all: BTreeSet<_> = self.rules.keys().copied().filter(|ix| *ix != own).collect();
        for (object, rule) in &self.rules {
            of_rule(catalog, *object, rule, &mut all);
        }
        all
    }

    /// Whether it covers all records of its object: no filter, and the rule is `All`.
    pub fn is_whole(&self) -> bool {
        self.rules.get(&self.find.object) == Some(&RowRule::All) && self.find.filter().is_none()
    }

    /// A hash of the find and the rights. It does not depend on the time.
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
        // Lines are saved with their record, so a change of them is a change of it.
        Condition::Employee { .. } | Condition::Settled { .. } => {}
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

/// Adds the objects that a path leads to and returns the last.
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
