//! The company's switches on the row rule: stored values and their checks against a catalog.

use std::str::FromStr;

use super::{Rights, faults};
use crate::{
    access::{Action, Controls},
    base::{Error, Result},
    catalog::{Catalog, Object},
    storage::rights,
};

impl Rights {
    /// Loads the switches of the company.
    pub async fn controls(&self) -> Result<Controls> {
        let mut controls = Controls::default();
        for (object, dimension, actions) in rights::controls(&self.source.database).await? {
            let names: Vec<String> = serde_json::from_str(&actions).map_err(Error::internal)?;
            if dimension.is_empty() {
                controls.uncontrolled.insert(object);
            } else {
                let actions = names.iter().filter_map(|name| Action::from_str(name).ok()).collect();
                controls.dimensions.insert((object, dimension), actions);
            }
        }
        Ok(controls)
    }

    /// Sets whether rules control an object's records. If not, the function right alone opens all of them.
    pub async fn set_controlled(
        &self,
        catalog: &Catalog,
        object: &str,
        controlled: bool,
    ) -> Result<()> {
        known(catalog, object, None)?;
        let switch = (!controlled).then_some("[]");
        rights::put_control(&self.source.database, object, "", switch).await?;
        self.forget();
        Ok(())
    }

    /// Sets the actions for which a dimension of an object is controlled. None: all, as defined.
    pub async fn set_dimension(
        &self,
        catalog: &Catalog,
        object: &str,
        dimension: &str,
        actions: Option<&[Action]>,
    ) -> Result<()> {
        known(catalog, object, Some(dimension))?;
        let names = actions.map(|all| all.iter().map(Action::as_ref).collect::<Vec<_>>());
        let names = names.map(|names| serde_json::to_string(&names)).transpose();
        let names = names.map_err(Error::internal)?;
        rights::put_control(&self.source.database, object, dimension, names.as_deref()).await?;
        self.forget();
        Ok(())
    }
}

pub(super) fn known(catalog: &Catalog, object: &str, dimension: Option<&str>) -> Result<()> {
    let Some(found) = catalog.named(object) else {
        return Err(faults::no_object(object).at(["object"]));
    };
    match dimension {
        Some(name) if !switched(found).any(|known| known == name) => {
            let defined = switched(found).collect::<Vec<_>>().join(", ");
            Err(faults::no_dimension(object, name, defined).at(["dimension"]))
        }
        _ => Ok(()),
    }
}

/// The names that can be switched on an object: its dimensions, and the fields of its parents.
fn switched(object: &Object) -> impl Iterator<Item = &str> {
    let dimensions = object.dimensions.iter().map(|dimension| dimension.name.as_str());
    dimensions.chain(object.parents().map(|(_, field)| field.name.as_str()))
}
