//! Controls the purpose of reading: printing, exporting, the read budget, and viewing as another account.
//!
//! Allowed and refused uses are both written to the audit trail.

use std::{str::FromStr, sync::Arc};

use async_graphql::parser::types::OperationType;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    cost::Left,
    exchange::{Caller, Request},
    records::Records,
    viewing,
};
use crate::{
    access::{Access, Action, Principal},
    base::{Code, Error, Result},
    catalog::Catalog,
    records::Session,
    rights::Admitted,
    storage::audit::{self, Event, Kind},
};

/// The checks of one operation.
pub(super) struct Watch<'w> {
    pub(super) records: &'w Records,
    pub(super) principal: &'w Principal,
    pub(super) caller: &'w Caller,
    pub(super) request: &'w Request,
    /// The caller's own access, even if they view as someone else.
    pub(super) own: &'w Access,
    /// The operation's name, if it has one.
    pub(super) operation: Option<&'w str>,
}

impl Records {
    /// Returns the access of the account that an administrator views as. None if they read as themselves.
    pub(super) async fn viewed_as(
        &self,
        caller: &Caller,
        own: &Access,
        catalog: &Arc<Catalog>,
    ) -> Result<Option<Arc<Access>>> {
        let viewed = viewing::viewed(&self.identity, caller, own).await?;
        let Some((operator, _)) = viewed else { return Ok(None) };
        let roles = self.identity.roles(operator).await?;
        Ok(Some(Arc::new(self.rights.of(operator, &roles, catalog).await?)))
    }
}

impl Watch<'_> {
    /// Returns the purpose that the request states.
    pub(super) fn purpose(&self, ty: OperationType) -> Result<Action> {
        let Some(said) = &self.caller.purpose else { return Ok(Action::Read) };
        match Action::from_str(&said.to_lowercase()) {
            Ok(purpose @ (Action::Print | Action::Export)) if ty == OperationType::Query => {
                Ok(purpose)
            }
            Ok(Action::Print | Action::Export) => Err(Error::new(
                Code::InputMethod,
                "only queries print or export",
                "只有查询可以打印或导出",
            )),
            _ => Err(Error::new(
                Code::InputValue,
                "the purpose is `print` or `export`",
                "用途应为 `print` 或 `export`",
            )
            .at(["X-Tradewind-Purpose"])),
        }
    }

    /// Refuses operations before they begin.
    pub(super) async fn before(&self, ty: OperationType) -> Result<()> {
        if let Some(account) = &self.caller.view_as {
            let place = (&self.records.database, &self.records.env);
            return viewing::admit(place, self.principal, account, ty, self.query()).await;
        }
        // Refused before it writes: once the budget is used up, its payload would be withheld.
        if ty == OperationType::Mutation && !self.own.may_everything() {
            let (operator, cap) = (self.principal.operator, self.own.caps().read);
            let now = self.records.env.clock.now();
            let admitted = self.records.rights.budget.left(operator, cap, now);
            return self.within(admitted).await;
        }
        Ok(())
    }

    /// Writes to the trail that printing or exporting was refused.
    pub(super) async fn refused(&self, session: &Session, error: &Error) -> Result<()> {
        if session.purpose == Action::Read || error.code != Code::AccessDenied {
            return Ok(());
        }
        let purpose = session.purpose.as_ref();
        self.note(Kind::Refused, json!({ "purpose": purpose, "query": self.query() })).await
    }

    /// Counts the records that the operation has read, and withholds them if they exceed the budget.
    pub(super) async fn after(&self, session: &Session, ty: OperationType) -> Result<()> {
        let Some(reads) = &session.reads else { return Ok(()) };
        let mut read = reads.take();
        read.sort_unstable();
        read.dedup();
        if session.purpose != Action::Read {
            return self.taken(session.purpose, session.access.as_ref(), &read).await;
        }
        // Payloads of mutations are counted when they are built (`held_back`).
        if ty != OperationType::Query {
            return Ok(());
        }
        self.within(self.admitted(&read)).await
    }

    /// Returns an error if a mutation's payload exceeds the budget and must be withheld. A withheld payload
    /// does not count.
    pub(super) async fn held_back(&self, session: &Session) -> Result<Option<Error>> {
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
        self.records.rights.budget.admit(operator, cap, read, self.records.env.clock.now())
    }

    /// Writes the guesses of the operation to the trail.
    pub(super) async fn guessed(&self, session: &Session) -> Result<()> {
        let Some(told) = session.guesses.as_ref().map(|guesses| guesses.told()) else {
            return Ok(());
        };
        if told.objects.is_empty() {
            return Ok(());
        }
        let detail =
            json!({ "objects": told.objects, "beyond": told.beyond, "query": self.query() });
        self.note(Kind::Guess, detail).await
    }

    /// Returns what is left of the read budget. None for callers without one.
    pub(super) fn left(&self) -> Option<Left> {
        if self.own.may_everything() {
            return None;
        }
        let (operator, cap) = (self.principal.operator, self.own.caps().read);
        let budget = &self.records.rights.budget;
        let (remaining, limit) = budget.remaining(operator, cap, self.records.env.clock.now())?;
        Some(Left { remaining, limit, minutes: budget.window().as_secs().div_ceil(60) })
    }

    /// Exported and printed records count as read, too, and have their own cap.
    async fn taken(&self, purpose: Action, access: &Access, read: &[Uuid]) -> Result<()> {
        let count = read.len();
        let (kind, cap) = match purpose {
            Action::Print => (Kind::Print, access.caps().print),
            _ => (Kind::Export, access.caps().export),
        };
        let beyond = cap.filter(|cap| usize::try_from(*cap).is_ok_and(|cap| count > cap));
        let detail = json!({ "purpose": purpose.as_ref(), "records": count, "cap": cap, "query": self.query() });
        let Some(cap) = beyond else {
            let within = self.within(self.admitted(read)).await;
            let kind = if within.is_ok() { kind } else { Kind::Refused };
            self.note(kind, detail).await?;
            return within;
        };
        self.note(Kind::Refused, detail).await?;
        Err(Error::new(
            Code::LimitRecords,
            format!(
                "you may {} {cap} records at once, and this would be {count}",
                purpose.as_ref()
            ),
            format!("一次最多可打印或导出 {cap} 条记录，本次为 {count} 条"),
        )
        .hint("narrow the filter or ask for smaller pages", "请缩小筛选范围或减小分页"))
    }

    async fn within(&self, admitted: Admitted) -> Result<()> {
        let Admitted::Beyond { most, alert } = admitted else { return Ok(()) };
        let minutes = self.records.rights.budget.window().as_secs().div_ceil(60);
        if alert {
            tracing::warn!(account = %self.principal.account, most, "budget of reads used up");
            let detail = json!({ "most": most, "minutes": minutes, "query": self.query() });
            self.note(Kind::Budget, detail).await?;
        }
        Err(Error::new(
            Code::LimitReads,
            format!(
                "you may read {most} different records in {minutes} minutes, and this would be more"
            ),
            format!("{minutes} 分钟内最多可查看 {most} 条不同的记录，本次将超出"),
        )
        .hint(
            "wait, or ask an administrator for a role with a larger `[caps] read`",
            "请稍候，或请管理员在角色中调高 `[caps] read`",
        ))
    }

    fn query(&self) -> Json {
        viewing::known_by(self.request, self.operation)
    }

    async fn note(&self, kind: Kind, detail: Json) -> Result<()> {
        let event = Event {
            operator: Some(self.principal.operator),
            account: Some(&self.principal.account),
            detail,
            ..Event::default()
        };
        audit::put(&self.records.database, &self.records.env, kind, &event).await
    }
}
