//! Simulates a change of rights: counts the records that it would open and close.

use std::{collections::HashMap, sync::Arc};

use uuid::Uuid;

use super::{
    Rights,
    checks::{holdable, read_reach, read_role},
    controls::known,
    preview::{preview, spelled},
    reach,
};
use crate::{
    access::{ADMINISTRATOR, Access, Action, Controls, Reach, Role},
    base::Result,
    catalog::{Catalog, ObjectIx, ObjectKind},
    records::{self, Session},
};

/// A change of rights to simulate.
#[derive(Default)]
pub struct RightsChange {
    roles: Vec<Arc<Role>>,
    assigned: HashMap<Uuid, Vec<String>>,
    reach: HashMap<Uuid, Vec<(String, Reach)>>,
    switches: Vec<Switch>,
}

/// A switch on an object as a whole, or on one of its dimensions.
struct Switch {
    object: String,
    dimension: Option<String>,
    actions: Option<Vec<Action>>,
}

impl Switch {
    fn set(&self, controls: &mut Controls) {
        let Some(dimension) = &self.dimension else {
            match &self.actions {
                Some(_) => controls.uncontrolled.insert(self.object.clone()),
                None => controls.uncontrolled.remove(&self.object),
            };
            return;
        };
        let of = (self.object.clone(), dimension.clone());
        match &self.actions {
            Some(actions) => controls.dimensions.insert(of, actions.clone()),
            None => controls.dimensions.remove(&of),
        };
    }
}

/// All holders of roles: operator, account, roles.
pub type Holders = [(Uuid, String, Vec<String>)];

/// The inputs of an access apart from the person.
#[derive(Clone, Copy)]
struct Side<'s> {
    catalog: &'s Arc<Catalog>,
    roles: &'s [Arc<Role>],
    controls: &'s Controls,
}

/// How many records of one object an operator would gain and lose.
pub struct Difference {
    /// The operator.
    pub operator: Uuid,
    /// The object.
    pub object: ObjectIx,
    /// The action.
    pub action: Action,
    /// The numbers.
    pub records: records::Shift,
}

impl RightsChange {
    /// Adds a role, replacing one with the same code.
    pub async fn role(&mut self, session: &Session, text: &str) -> Result<()> {
        let role = read_role(session, &session.catalog, text).await?;
        self.roles.push(Arc::new(role));
        Ok(())
    }

    /// Adds a role that was read, replacing one with the same code.
    pub fn replace(&mut self, role: Arc<Role>) {
        self.roles.retain(|known| known.code != role.code);
        self.roles.push(role);
    }

    /// Replaces an operator's roles.
    pub fn assign(&mut self, operator: Uuid, roles: Vec<String>) {
        self.assigned.insert(operator, roles);
    }

    /// Sets an operator's reach of a dimension.
    pub async fn set(
        &mut self,
        session: &Session,
        operator: Uuid,
        dimension: &str,
        level: &str,
        values: &[String],
    ) -> Result<()> {
        let (level, values) = read_reach(session, dimension, level, values).await?;
        let drafted = (dimension.to_owned(), reach(level, values));
        self.reach.entry(operator).or_default().push(drafted);
        Ok(())
    }

    /// Sets the actions for which a dimension of an object is controlled. None: all, as defined.
    pub fn switch_dimension(
        &mut self,
        catalog: &Catalog,
        object: &str,
        dimension: &str,
        actions: Option<Vec<Action>>,
    ) -> Result<()> {
        known(catalog, object, Some(dimension))?;
        let (object, dimension) = (object.to_owned(), Some(dimension.to_owned()));
        self.switches.push(Switch { object, dimension, actions });
        Ok(())
    }

    /// Sets whether rules control an object's records.
    pub fn switch_object(
        &mut self,
        catalog: &Catalog,
        object: &str,
        controlled: bool,
    ) -> Result<()> {
        known(catalog, object, None)?;
        let actions = (!controlled).then(Vec::new);
        self.switches.push(Switch { object: object.to_owned(), dimension: None, actions });
        Ok(())
    }
}

impl Rights {
    /// Returns what each holder of roles would gain and lose by a draft, for some actions. Omits objects
    /// without a difference.
    pub async fn simulate(
        &self,
        session: &Session,
        holders: &Holders,
        draft: &RightsChange,
        actions: &[Action],
    ) -> Result<Vec<Difference>> {
        let now: Vec<_> = self.roles().await?.into_iter().map(|known| known.role).collect();
        let mut thought = now.clone();
        thought.retain(|role| !draft.roles.iter().any(|drafted| drafted.code == role.code));
        thought.extend(draft.roles.iter().cloned());
        for codes in draft.assigned.values() {
            holdable(&thought, codes)?;
        }
        let controls = self.controls().await?;
        let mut switched = controls.clone();
        draft.switches.iter().for_each(|switch| switch.set(&mut switched));
        let catalog = &session.catalog;
        let sides = (
            Side { catalog, roles: &now, controls: &controls },
            Side { catalog, roles: &thought, controls: &switched },
        );
        let (mut found, mut known) = (Vec::new(), Known::new());
        for (operator, _, codes) in holders {
            let after = draft.assigned.get(operator).unwrap_or(codes);
            let set = draft.reach.get(operator).map(Vec::as_slice).unwrap_or_default();
            let touched = draft.roles.iter().any(|role| codes.contains(&role.code));
            if !touched && after == codes && set.is_empty() && switched == controls {
                continue;
            }
            let before = self.thought(*operator, codes, sides.0, &[], session).await?;
            let after = self.thought(*operator, after, sides.1, set, session).await?;
            let before = (&before, catalog.as_ref());
            let after = (&after, catalog.as_ref());
            for action in actions {
                let differ = differences(session, *operator, before, after, *action, &mut known);
                found.extend(differ.await?);
            }
        }
        Ok(found)
    }

    /// Returns what each holder of roles would gain and lose in reading if a catalog became live. `on`
    /// assumes that all new dimensions, which start switched off, are switched on.
    pub async fn simulate_definition(
        &self,
        session: &Session,
        holders: &Holders,
        new: &Arc<Catalog>,
        on: bool,
    ) -> Result<Vec<Difference>> {
        let roles: Vec<_> = self.roles().await?.into_iter().map(|known| known.role).collect();
        let live = &session.catalog;
        let controls = self.controls().await?;
        let following = controls.following(live, new, on);
        let (mut found, mut known) = (Vec::new(), Known::new());
        for (operator, _, codes) in holders {
            let now = Side { catalog: live, roles: &roles, controls: &controls };
            let then = Side { catalog: new, roles: &roles, controls: &following };
            let before = self.thought(*operator, codes, now, &[], session).await?;
            let after = self.thought(*operator, codes, then, &[], session).await?;
            let (before, after) = ((&before, live.as_ref()), (&after, new.as_ref()));
            let read = Action::Read;
            let differ = differences(session, *operator, before, after, read, &mut known);
            found.extend(differ.await?);
        }
        Ok(found)
    }

    async fn thought(
        &self,
        operator: Uuid,
        codes: &[String],
        side: Side<'_>,
        set: &[(String, Reach)],
        session: &Session,
    ) -> Result<Access> {
        if codes.iter().any(|code| code == ADMINISTRATOR) {
            return Ok(Access::system("what an administrator may"));
        }
        let held: Vec<_> =
            side.roles.iter().filter(|role| codes.contains(&role.code)).cloned().collect();
        let mut person = self.person(operator, &held, set, side.catalog, &session.catalog).await?;
        person.controls = Arc::new(side.controls.clone());
        Ok(Access::new(side.catalog, &held, &person))
    }
}

/// Counts by object and pair of rules, because many people have the same rules.
type Known = HashMap<(ObjectIx, String, String), records::Shift>;

/// Counts the existing records that two accesses open differently, each with its own catalog.
async fn differences(
    session: &Session,
    operator: Uuid,
    (before, live): (&Access, &Catalog),
    (after, new): (&Access, &Catalog),
    action: Action,
    known: &mut Known,
) -> Result<Vec<Difference>> {
    let mut found = Vec::new();
    for object in live.objects.iter().filter(|object| object.kind != ObjectKind::Line) {
        let Some(then) = new.named(&object.name) else { continue };
        let before = before.row_rule(object, action);
        if std::ptr::eq(live, new) && before == after.row_rule(then, action) {
            continue;
        }
        let after = preview(after.row_rule(then, action), (new, then), live);
        let spelled = (spelled(before, (live, object)), spelled(&after, (new, then)));
        if spelled.0 == spelled.1 {
            continue;
        }
        let place = (object.ix, spelled.0, spelled.1);
        let records = match known.get(&place) {
            Some(counted) => counted.clone(),
            None => {
                let (before, after) = ((live, before), (new, &after));
                let counted = records::shift(session, object, before, after).await?;
                known.insert(place, counted.clone());
                counted
            }
        };
        if records.gained > 0 || records.lost > 0 {
            found.push(Difference { operator, object: object.ix, action, records });
        }
    }
    Ok(found)
}
