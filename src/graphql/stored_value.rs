//! Values that are stored to be used as arguments later, such as the filter of a saved view: checked when they are
//! stored, and read for each reader as far as their parts exist for them.
//!
//! A part that does not exist is dropped as those of `@optional` variables are: in `or` with its branch, so that no
//! more records match there than were meant.

use async_graphql::registry::Registry;
use serde_json::Value as Json;

use super::{schema_mask::Hidden, variables};
use crate::base::{Error, Result};

/// A stored value as far as it exists for its reader.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ReadableValue {
    /// What is left; none if nothing is.
    pub(super) value: Option<Json>,
    /// Paths of the parts that were dropped.
    pub(super) dropped: Vec<Vec<String>>,
}

/// Checks a value that is to be stored under a path against a type such as `[CustomerOrder!]`. Fails with every fault.
pub(super) fn check(
    (registry, hidden): (&Registry, &Hidden),
    (path, ty): (&[&str], &str),
    value: &Json,
) -> Result<Json, Vec<Error>> {
    variables::stored_value(registry, hidden, (path, ty), value)
}

/// Reads a stored value for someone. Nothing in it is a fault.
pub(super) fn read(
    (registry, hidden): (&Registry, &Hidden),
    (path, ty): (&[&str], &str),
    value: &Json,
) -> ReadableValue {
    let (value, dropped) = variables::existing_value(registry, hidden, (path, ty), value);
    ReadableValue { value, dropped }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::{
        access::{Access, Person, Role},
        catalog::{resolve, standard_sources},
        graphql::records::PublishedSchema,
    };

    const ROLE: &str = "code = \"r\"\nlabel = \"x\"\nlabel_en = \"x\"\n\
        [[grants]]\nobjects = [\"Customer\"]\nactions = [\"read\"]\nopen = true\n\
        [[fields]]\nobject = \"Customer\"\nhidden = [\"remark\"]\nmasked = { city = \"all\" }\n";

    fn cases() -> Vec<(Json, Option<Json>, usize)> {
        let hidden = json!({ "remark": { "eq": "x" } });
        let level = json!({ "level": { "eq": "A" } });
        vec![
            (level.clone(), Some(level.clone()), 0),
            (hidden.clone(), None, 1),
            (json!({ "level": { "eq": "A" }, "remark": { "eq": "x" } }), Some(level.clone()), 1),
            // The branch goes with its condition, the others stay.
            (
                json!({ "or": [level, { "level": { "eq": "B" }, "remark": { "eq": "x" } }] }),
                Some(json!({ "or": [{ "level": { "eq": "A" } }] })),
                1,
            ),
            (json!({ "or": [hidden] }), None, 1),
            (json!({ "not": { "remark": { "eq": "x" } } }), None, 1),
            // Not seen as it is, so that nothing is compared with it; not readable; not a value any more.
            (json!({ "city": { "eq": "天津" } }), None, 1),
            (json!({ "contacts": { "some": { "name": { "eq": "x" } } } }), None, 1),
            (json!({ "level": { "eq": "GONE" } }), None, 1),
            (
                json!({ "level": { "in": ["A", "GONE"] } }),
                Some(json!({ "level": { "in": ["A"] } })),
                1,
            ),
            (json!({ "level": { "eq": 5 }, "name": 7 }), None, 2),
            (json!("x"), None, 1),
        ]
    }

    #[test]
    fn what_does_not_exist_is_dropped_and_the_rest_keeps_its_meaning() {
        let catalog = Arc::new(resolve(&standard_sources(), 1).unwrap());
        let published = PublishedSchema::new(Arc::clone(&catalog)).unwrap();
        let role = Arc::new(Role::parse(ROLE).unwrap());
        let person = Person { systems: vec!["SALES".to_owned()], ..Person::default() };
        let access = Access::new(&catalog, &[role], &person);
        let at = (&["filter"][..], "CustomerFilter");
        for (value, expected, dropped) in cases() {
            let read = published.readable(&access, at, &value);
            assert_eq!(read.value, expected, "{value}");
            assert_eq!(read.dropped.len(), dropped, "{value}: {:?}", read.dropped);
            // What its author may not name is refused, by path.
            let checked = published.checked(&access, at, &value);
            assert_eq!(checked.is_err(), dropped > 0, "{value}");
            if let Err(faults) = checked {
                assert!(faults.iter().all(|fault| fault.path[0] == "filter"), "{faults:?}");
            }
        }
    }
}
