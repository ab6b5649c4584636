//! The company's switches: which dimensions are controlled for which object and action.
//!
//! Without a switch, every dimension of an object's definition is controlled for every action.

use std::collections::{HashMap, HashSet};

use super::role::Action;
use crate::catalog::{Catalog, switches};

/// The parts of the rule that are switched off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Controls {
    /// Objects whose records are open to all who have the function right.
    pub uncontrolled: HashSet<String>,
    /// The actions for which a dimension is controlled, by object and dimension.
    pub dimensions: HashMap<(String, String), Vec<Action>>,
}

impl Controls {
    /// The switches after a definition replaces another. New members start switched off. With `on` they count
    /// as switched on, as they will be later.
    #[must_use]
    pub fn following(&self, live: &Catalog, new: &Catalog, on: bool) -> Self {
        let mut controls = self.clone();
        for object in &new.objects {
            let Some(before) = live.named(&object.name) else { continue };
            let of = |name: &String| (object.name.clone(), name.clone());
            let switches = switches(live, before, new, object);
            for (earlier, name) in &switches.renamed {
                controls.dimensions.remove(&of(name));
                if let Some(actions) = controls.dimensions.remove(&of(earlier)) {
                    controls.dimensions.insert(of(name), actions);
                }
            }
            for name in &switches.gone {
                controls.dimensions.remove(&of(name));
            }
            for name in &switches.added {
                controls.dimensions.remove(&of(name));
                if !on {
                    controls.dimensions.insert(of(name), Vec::new());
                }
            }
        }
        controls
    }

    /// Whether a dimension is controlled for an action on an object.
    pub fn counts(&self, object: &str, dimension: &str, action: Action) -> bool {
        let key = (object.to_owned(), dimension.to_owned());
        self.dimensions.get(&key).is_none_or(|actions| actions.contains(&action))
    }
}
