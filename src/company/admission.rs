//! Admission: what a caller may begin, how much of it, and what the audit trail says of it.
//!
//! Covers the purpose (printing, exporting), the caps of it, the budget of reads, guesses, and reading as someone else.
//! What is allowed here is written into the audit trail, and so is what is refused. Works over a session and a
//! description of the work; whether that came as a GraphQL request is not known here.

use std::{str::FromStr, sync::Arc};

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Company, faults};
use crate::{
    access::{Access, Action, Principal},
    base::{Code, Error, Result},
    catalog::Catalog,
    records::Session,
    rights::Admitted,
    storage::audit::{self, AuditEvent, AuditKind},
};

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Records are read once.
    Read,
    /// Records are changed.
    Write,
    /// Changes of records are followed.
    Follow,
}

/// Whom an administrator reads as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewedAs {
    /// Their operator.
    pub operator: Uuid,
    /// Their account.
    pub account: String,
}

/// What is left of a budget of reads.
#[derive(Debug, Clone, Copy)]
pub struct Left {
    /// Records that may still be read.
    pub remaining: usize,
    /// Records that may be read in a window.
    pub limit: usize,
    /// The window's length.
    pub minutes: u64,
}

/// One piece of work being admitted.
pub struct Admission<'w> {
    /// The company.
    pub company: &'w Company,
    /// Who asked for the work.
    pub principal: &'w Principal,
    /// Their own rights, even when they read as someone else.
    pub own: &'w Access,
    /// Describes the work for the audit trail.
    pub describe: &'w (dyn Fn() -> Json + Send + Sync),
}

impl Company {
    /// Whom a caller reads as; an error where they may not, or where there is no such account.
    pub async fn viewed_as(&self, account: &str, own: &Access) -> Result<ViewedAs> {
        if !own.may_everything() {
            return Err(faults::viewing_is_for_administrators());
        }
        match self.identity.operator_of(account).await? {
            Some((operator, account)) => Ok(ViewedAs { operator, account }),
            None => Err(faults::no_account(account).at(["X-Tradewind-View-As"])),
        }
    }

    /// The rights of whom a caller reads as.
    pub async fn access_as(
        &self,
        viewed: &ViewedAs,
        catalog: &Arc<Catalog>,
    ) -> Result<Arc<Access>> {
        let roles = self.identity.roles(viewed.operator).await?;
        Ok(Arc::new(self.rights.of(viewed.operator, &roles, catalog).await?))
    }
}

/// What a request says that records are read for.
pub fn purpose(said: Option<&str>, doing: Doing) -> Result<Action> {
    let Some(said) = said else { return Ok(Action::Read) };
    match Action::from_str(&said.to_lowercase()) {
        Ok(purpose @ (Action::Print | Action::Export)) if doing == Doing::Read => Ok(purpose),
        Ok(Action::Print | Action::Export) => Err(faults::purpose_of_changes()),
        _ => Err(faults::bad_purpose().at(["X-Tradewind-Purpose"])),
    }
}

impl Admission<'_> {
    /// Refuses what must not begin at all.
    pub async fn before(&self, doing: Doing, view_as: Option<&str>) -> Result<()> {
        if let Some(account) = view_as {
            return self.before_viewing(account, doing).await;
        }
        // The answer of a mutation is not held back once its changes are stored.
        if doing == Doing::Write && !self.own.may_everything() {
            let (operator, cap) = (self.principal.operator, self.own.caps().read);
            let now = self.company.env.clock.now();
            let admitted = self.company.rights.budget.left(operator, cap, now);
            return self.within(admitted).await;
        }
        Ok(())
    }

    /// Refuses to do anything but read as someone else, and writes down what is read.
    pub async fn before_viewing(&self, account: &str, doing: Doing) -> Result<()> {
        if doing != Doing::Read {
            return Err(faults::viewing_changes_nothing());
        }
        self.note(AuditKind::ViewAs, json!({ "as": account, "query": self.query() })).await
    }

    /// Writes down that printing or exporting was refused.
    pub async fn refused(&self, session: &Session, error: &Error) -> Result<()> {
        if session.purpose == Action::Read || error.code != Code::AccessDenied {
            return Ok(());
        }
        let purpose = session.purpose.as_ref();
        self.note(AuditKind::Refused, json!({ "purpose": purpose, "query": self.query() })).await
    }

    /// Counts what the operation has read, and withholds it when it is too much.
    pub async fn after(&self, session: &Session, doing: Doing) -> Result<()> {
        let Some(reads) = &session.reads else { return Ok(()) };
        let mut read = reads.take();
        read.sort_unstable();
        read.dedup();
        if session.purpose != Action::Read {
            return self.taken(session.purpose, session.access.as_ref(), &read).await;
        }
        // What a mutation answers was admitted before it was written into the answer.
        if doing != Doing::Read {
            return Ok(());
        }
        self.within(self.admitted(&read)).await
    }

    /// Why what a mutation would answer has to be held back; none where it is within the budget. What is held back
    /// is not counted.
    pub async fn held_back(&self, session: &Session) -> Result<Option<Error>> {
        let Some(reads) = &session.reads else { return Ok(None) };
        match self.within(self.admitted(&reads.take())).await {
            Ok(()) => Ok(None),
            Err(error) if error.code == Code::LimitReads => Ok(Some(error)),
            Err(error) => Err(error),
        }
    }

    fn admitted(&self, read: &[Uuid]) -> Admitted {
        if read.is_empty() || self.own.may_everything() {
            return Admitted::Within;
        }
        let (operator, cap) = (self.principal.operator, self.own.caps().read);
        self.company.rights.budget.admit(operator, cap, read, self.company.env.clock.now())
    }

    /// Writes down what the operation has guessed.
    pub async fn guessed(&self, session: &Session) -> Result<()> {
        let Some(told) = session.guesses.as_ref().map(|guesses| guesses.told()) else {
            return Ok(());
        };
        if told.objects.is_empty() {
            return Ok(());
        }
        let detail =
            json!({ "objects": told.objects, "beyond": told.beyond, "query": self.query() });
        self.note(AuditKind::Guess, detail).await
    }

    /// The budget of reads, for whom there is one.
    pub fn left(&self) -> Option<Left> {
        if self.own.may_everything() {
            return None;
        }
        let (operator, cap) = (self.principal.operator, self.own.caps().read);
        let budget = &self.company.rights.budget;
        let (remaining, limit) = budget.remaining(operator, cap, self.company.env.clock.now())?;
        Some(Left { remaining, limit, minutes: budget.window().as_secs().div_ceil(60) })
    }

    /// Exported and printed records count as read, too, and have their own cap.
    async fn taken(&self, purpose: Action, access: &Access, read: &[Uuid]) -> Result<()> {
        let count = read.len();
        let (kind, cap) = match purpose {
            Action::Print => (AuditKind::Print, access.caps().print),
            _ => (AuditKind::Export, access.caps().export),
        };
        let beyond = cap.filter(|cap| usize::try_from(*cap).is_ok_and(|cap| count > cap));
        let detail = json!({ "purpose": purpose.as_ref(), "records": count, "cap": cap, "query": self.query() });
        let Some(cap) = beyond else {
            let within = self.within(self.admitted(read)).await;
            let kind = if within.is_ok() { kind } else { AuditKind::Refused };
            self.note(kind, detail).await?;
            return within;
        };
        self.note(AuditKind::Refused, detail).await?;
        Err(faults::over_cap(purpose.as_ref(), cap, count))
    }

    async fn within(&self, admitted: Admitted) -> Result<()> {
        let Admitted::Beyond { most, alert } = admitted else { return Ok(()) };
        let minutes = self.company.rights.budget.window().as_secs().div_ceil(60);
        if alert {
            tracing::warn!(account = %self.principal.account, most, "budget of reads used up");
            let detail = json!({ "most": most, "minutes": minutes, "query": self.query() });
            self.note(AuditKind::Budget, detail).await?;
        }
        Err(faults::over_budget(most, minutes))
    }

    fn query(&self) -> Json {
        (self.describe)()
    }

    async fn note(&self, kind: AuditKind, detail: Json) -> Result<()> {
        let event = AuditEvent {
            operator: Some(self.principal.operator),
            account: Some(&self.principal.account),
            detail,
            ..AuditEvent::default()
        };
        audit::put(&self.company.database, &self.company.env, kind, &event).await
    }
}
