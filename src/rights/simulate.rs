//! What a change of rights would open and close, before it is made.

use std::{collections::HashMap, sync::Arc};

use uuid::Uuid;

use super::{
    Rights,
    checks::{holdable, read_reach, read_role},
    reach,
};
use crate::{
    access::{ADMINISTRATOR, Access, Action, Reach, Role},
    base::Result,
    catalog::{ObjectIx, ObjectKind},
    records::{self, Session},
};

/// A change of rights that is only thought of.
#[derive(Default)]
pub struct Draft {
    roles: Vec<Arc<Role>>,
    assigned: HashMap<Uuid, Vec<String>>,
    reach: HashMap<Uuid, Vec<(String, Reach)>>,
}

/// What someone would gain and lose of one object.
pub struct Difference {
    /// Who.
    pub operator: Uuid,
    /// The object.
    pub object: ObjectIx,
    /// How many records.
    pub records: records::Shift,
}

impl Draft {
    /// Adds a role's definition, in place of one with the same code.
    pub async fn role(&mut self, session: &Session, text: &str) -> Result<()> {
        let role = read_role(session, text).await?;
        self.roles.push(Arc::new(role));
        Ok(())
    }

    /// Gives an operator other roles.
    pub fn assign(&mut self, operator: Uuid, roles: Vec<String>) {
        self.assigned.insert(operator, roles);
    }

    /// Sets a dimension on an operator.
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
}

impl Rights {
    /// What every holder of roles would gain and lose by a draft, for one action; only what differs.
    pub async fn simulate(
        &self,
        session: &Session,
        holders: &[(Uuid, String, Vec<String>)],
        draft: &Draft,
        action: Action,
    ) -> Result<Vec<Difference>> {
        let known: Vec<_> = self.roles().await?.into_iter().map(|known| known.role).collect();
        let mut thought = known.clone();
        thought.retain(|role| !draft.roles.iter().any(|drafted| drafted.code == role.code));
        thought.extend(draft.roles.iter().cloned());
        for codes in draft.assigned.values() {
            holdable(&thought, codes)?;
        }
        let mut found = Vec::new();
        for (operator, _, codes) in holders {
            let after = draft.assigned.get(operator).unwrap_or(codes);
            let set = draft.reach.get(operator).map(Vec::as_slice).unwrap_or_default();
            let touched = draft.roles.iter().any(|role| codes.contains(&role.code));
            if !touched && after == codes && set.is_empty() {
                continue;
            }
            let before = self.thought(*operator, codes, &known, &[], session).await?;
            let after = self.thought(*operator, after, &thought, set, session).await?;
            for object in &session.catalog.objects {
                let rules = (before.row_rule(object, action), after.row_rule(object, action));
                if object.kind == ObjectKind::Line || rules.0 == rules.1 {
                    continue;
                }
                let records = records::shift(session, object, rules.0, rules.1).await?;
                if records.gained > 0 || records.lost > 0 {
                    found.push(Difference { operator: *operator, object: object.ix, records });
                }
            }
        }
        Ok(found)
    }

    async fn thought(
        &self,
        operator: Uuid,
        codes: &[String],
        roles: &[Arc<Role>],
        set: &[(String, Reach)],
        session: &Session,
    ) -> Result<Access> {
        if codes.iter().any(|code| code == ADMINISTRATOR) {
            return Ok(Access::system("what an administrator may"));
        }
        let held: Vec<_> =
            roles.iter().filter(|role| codes.contains(&role.code)).cloned().collect();
        let person = self.person(operator, &held, set, &session.catalog).await?;
        Ok(Access::new(&session.catalog, &held, &person))
    }
}
