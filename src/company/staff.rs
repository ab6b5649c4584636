//! Who people are and what they may do now, for `records`, which knows no accounts: those who approve are looked for so.

use std::sync::Arc;

use async_trait::async_trait;

use super::accounts::operators_by;
use crate::{
    base::Result,
    catalog::Catalog,
    records::{SessionSource, Sought, StaffLookup, StaffMember},
    rights::Rights,
    storage::rights::roles_held,
};

/// Reads operators, the roles they hold and their rights, beside the transaction that asks.
pub(super) struct CompanyStaff {
    pub(super) rights: Rights,
    pub(super) sessions: SessionSource,
}

#[async_trait]
impl StaffLookup for CompanyStaff {
    async fn people(&self, catalog: &Arc<Catalog>, sought: Sought<'_>) -> Result<Vec<StaffMember>> {
        let held = roles_held(&self.sessions.database).await?;
        let session = self.sessions.system(Arc::clone(catalog), "who may be asked to approve");
        let wanted = match sought {
            Sought::Employees(employees) => operators_by(&session, &[], employees).await?,
            Sought::Role(role) => {
                let holds = |roles: &Vec<String>| roles.iter().any(|known| known == role);
                let holders = held.iter().filter(|(_, roles)| holds(roles));
                let holders: Vec<_> = holders.map(|(operator, _)| *operator).collect();
                operators_by(&session, &holders, &[]).await?
            }
        };
        let mut people = Vec::new();
        for (operator, employee) in wanted {
            let Some(roles) = held.get(&operator) else { continue };
            let access = Arc::new(self.rights.of(operator, roles, catalog).await?);
            people.push(StaffMember { employee, access });
        }
        Ok(people)
    }
}
