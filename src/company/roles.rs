//! Roles made live: published in turn with definitions of objects, so that neither takes the other's version.

use super::Company;
use crate::{access::Role, base::Result, records::Session};

impl Company {
    /// Stores a role in place of one with the same code.
    pub async fn save_role(&self, session: &Session, text: &str) -> Result<Role> {
        let _turn = self.live.turn().await;
        let role = self.rights.save_role(session, text).await?;
        self.notice_changes().await;
        Ok(role)
    }

    /// Removes a stored role. A standard role that it replaced is active again.
    pub async fn remove_role(&self, session: &Session, code: &str) -> Result<()> {
        let _turn = self.live.turn().await;
        self.rights.remove_role(session, code).await?;
        self.notice_changes().await;
        Ok(())
    }
}
