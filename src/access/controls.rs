//! The company's switches: which dimensions are controlled for which object and action (c.5, S-4.9.1).
//!
//! Without a switch, every dimension of an object's definition is controlled for every action.

use std::collections::{HashMap, HashSet};

use super::role::Action;

/// What of the rule is switched off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Controls {
    /// Objects whose records are open to all who have the function right.
    pub uncontrolled: HashSet<String>,
    /// The actions for which a dimension of an object is controlled.
    pub dimensions: HashMap<(String, String), Vec<Action>>,
}

impl Controls {
    /// Whether a dimension counts for an action on an object.
    pub fn counts(&self, object: &str, dimension: &str, action: Action) -> bool {
        let key = (object.to_owned(), dimension.to_owned());
        self.dimensions.get(&key).is_none_or(|actions| actions.contains(&action))
    }
}
